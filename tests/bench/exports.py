"""Exports of a large account: the seconds of each stage, peak memory, requests; against openpyxl, in one run."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from importer.sandbox.store import Store
from importer.sandbox.world import NewAccount
from tests.bench.ratio_table import Ratio

SKILLS = 500
PEOPLE = 10_000
_MANY = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {})"
_TIME = "'2025-03-04T16:00:00.000000Z'"


def make_account(path: Path, memberships: int) -> Path:
    """A database of a sandbox with 10,000 people, 500 skills, and so many skill memberships, evenly spread."""
    store = Store(path, NewAccount(PEOPLE))
    each = memberships // PEOPLE
    store.run(
        f"{_MANY.format(SKILLS)} INSERT INTO skills (name, max_level, skill_category_id, created_at, updated_at) "
        f"SELECT 'Skill ' || i, 5, 3101 + i % 4, {_TIME}, {_TIME} FROM n WHERE i >= (SELECT count(*) FROM skills)"
    )
    store.run("DELETE FROM skill_memberships")
    store.run(
        f"""{_MANY.format(each)},
        people(id, at) AS (SELECT id, row_number() OVER (ORDER BY id) FROM users WHERE account_id = 6300412),
        skill(id, name, at, most) AS (SELECT id, name, row_number() OVER (ORDER BY id) - 1, max_level FROM skills)
        INSERT INTO skill_memberships
        (user_id, skill_id, level, cached_skill_name, creator_id, created_at, updated_at)
        SELECT p.id, s.id, 1 + (p.at + i) % s.most, s.name, p.id, {_TIME}, {_TIME}
        FROM people p JOIN n JOIN skill s ON s.at = (p.at * 7 + i * 11) % {SKILLS}"""
    )
    held = store.value("SELECT count(*) FROM skill_memberships")
    store.close()
    if held != memberships:
        raise SystemExit(f"{held} memberships were made")
    return path


@contextmanager
def account(path: Path) -> Iterator[str]:
    """A sandbox with this database, in a process of its own; gives the base URL of its API."""
    process = subprocess.Popen(
        [sys.executable, "-m", "importer", "sandbox", "--port", "0", "--db", str(path)],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = process.stderr.readline() if process.stderr else ""
        yield re.findall(r"http://[\d.:]+", said)[0] + "/api/v1"
    finally:
        process.terminate()
        process.wait()


def export(what: str, target: Path, url: str) -> dict[str, Any]:
    """Export in a process of its own; what it says of itself."""
    command = [sys.executable, "-m", "tests.bench.export_once", what, str(target), url]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    said: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    stages = "   ".join(f"{name} {seconds:.1f} s" for name, seconds in said["stages"].items())
    size = target.stat().st_size / 1e6
    print(
        f"  {what} to {target.suffix}: {sum(said['stages'].values()):.1f} s ({stages}), peak {said['peak']} MB, "
        f"{said['requests']} requests, {size:.1f} MB"
    )
    return said


def with_openpyxl(source: Path, target: Path) -> dict[str, Any]:
    """The same cells by openpyxl, one by one, in a process of its own: its seconds and its peak memory."""
    command = [sys.executable, "-m", "tests.bench.cell_by_cell", str(source), str(target)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    said: dict[str, Any] = json.loads(ran.stdout)
    return said


def measure(folder: Path, memberships: int, repeats: int) -> list[Ratio]:
    """Export lists and the matrix of accounts with so many memberships and with a quarter of them."""
    ratios: list[Ratio] = []
    exports = [("skill-memberships", form) for form in (".csv", ".jsonl", ".parquet", ".xlsx")]
    exports += [("skill-matrix", ".xlsx"), ("skill-report", ".xlsx"), ("skill-report", ".html")]
    peaks: dict[tuple[str, str], dict[int, int]] = {each: {} for each in exports}
    for count in (memberships // 4, memberships):
        print(f"\n{PEOPLE:,} people, {SKILLS} skills, {count:,} skill memberships:")
        began = time.perf_counter()
        path = make_account(folder / f"{count}.sqlite", count)
        with account(path) as url:
            print(f"  (made in {time.perf_counter() - began:.0f} s)")
            for (what, form), found in peaks.items():
                found[count] = export(what, folder / f"{what}-{count}{form}", url)["peak"]
            if count == memberships:
                ratios += _against_openpyxl(folder, count, url, repeats)
    print(f"\nPeak memory at {memberships:,} memberships against {memberships // 4:,}:")
    for (what, form), found in peaks.items():
        small, large = found[memberships // 4], found[memberships]
        print(f"  {what} to {form}: {large} MB against {small} MB, {large / small - 1:+.0%} (aim: within 20 %)")
    return ratios


def _against_openpyxl(folder: Path, count: int, url: str, repeats: int) -> list[Ratio]:
    ratios = []
    for what in ("skill-memberships", "skill-matrix"):
        values = []
        for number in range(repeats):
            target = folder / f"{what}-{count} again {number}.xlsx"
            ours = export(what, target, url)["stages"]["write"]
            theirs = with_openpyxl(target, folder / f"{what}-openpyxl.xlsx")
            values.append(theirs["seconds"] / ours)
        ratio = Ratio(f"Export of {count:,} memberships as {what}: writing, against openpyxl", values)
        ratios.append(ratio)
        print(
            f"    the same cells by openpyxl: {theirs['seconds']:.1f} s, {theirs['peak']} MB; ours is "
            f"{ratio.median:.1f} times as fast (aim: 3)"
        )
    return ratios
