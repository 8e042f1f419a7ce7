"""What memory the page takes: the program itself over HTTP with three lists of 100,000 rows, and a session from which
each is taken off again. Only Linux tells how much a process holds.
"""

import json
import os
import sys
import time
from pathlib import Path

from importer.sandbox import Running, running
from tests.bench.speed import held_mb, run
from tests.web.program import started
from tests.web.visitor import Visitor

ROWS, EACH, _WRONG = 100_000, 50, 500
MOST_MB, LEFT_MB = 400, 50


def measure(folder: Path) -> None:
    """Print the megabytes of each step, and the ratios to what the page takes at its start."""
    with running(users=ROWS // EACH + 50) as kantata:
        path = _write(kantata, folder / "large.csv")
        _print_open(kantata, folder, path)
        ran = run(sys.executable, "-m", "tests.bench.page_memory_once", str(path), kantata.url, kantata.token, "3")
    held = json.loads(ran.printed)
    print(f"\nA sheet of {ROWS:,} rows taken off the page again, three times over:")
    for read, planned, left in zip(held["read"], held["planned"], held["taken off"], strict=True):
        more = left - held["start"]
        print(f"  {held['start']} MB at first, {read} read, {planned} compared, {left} without it: {more:+} MB", end="")
        print(f", {left / held['start']:.2f} times the start (aim: at most {LEFT_MB} MB more)")


def _print_open(kantata: Running, folder: Path, path: Path) -> None:
    os.environ |= {
        "KANTATA_BASE_URL": kantata.url,
        "KANTATA_TOKEN": kantata.token,
        "IMPORTER_HOME": str(folder / "home"),
    }
    with started() as (process, page):
        visitor = Visitor(page).enter()
        start = round(held_mb(process.pid))
        print(f"\nThe page with sheets of {ROWS:,} rows, {ROWS // _WRONG} of them with a problem: {start} MB at first")
        for count in range(1, 4):
            began = time.perf_counter()
            file = visitor.drop(path)
            read_s, began = time.perf_counter() - began, time.perf_counter()
            visitor.problems(file)
            visitor.get(f"{file}/rows?from=50000")
            visitor.plan(file)
            planned_s, held = time.perf_counter() - began, round(held_mb(process.pid))
            aim = f" (aim: at most {MOST_MB} MB)" if count == 1 else ""
            print(f"  {count} open: {held} MB, {held / start:.2f} times the start{aim};", end="")
            print(f" read in {read_s:.1f} s, compared in {planned_s:.1f} s")


def _write(kantata: Running, path: Path) -> Path:
    users = [row["id"] for row in kantata.query(f"SELECT id FROM users WHERE disabled = 0 LIMIT {ROWS // EACH}")]
    skills = [row["id"] for row in kantata.query(f"SELECT id FROM skills WHERE max_level = 5 LIMIT {EACH}")]
    pairs = ((user, skill) for user in users for skill in skills)
    with path.open("w", encoding="utf-8") as file:
        file.write("user_id,skill_id,level,note\n")
        for at, (user, skill) in enumerate(pairs, 1):
            file.write(f"{user},{skill},{'hihg' if at % _WRONG == 0 else at % 5 + 1},row {at}\n")
    return path
