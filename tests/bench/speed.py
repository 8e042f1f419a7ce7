"""Our way against the plain way, in one run: seconds and peak memory by stage, and their ratios.

100,000 rows of new skill memberships in an .xlsx file, to a server that answers at once and to one that takes
100 ms. Absolute seconds differ from machine to machine; the ratios are what to compare.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import openpyxl

STAGES = ("import", "read", "check", "plan", "journal", "send", "write")


@dataclass(frozen=True, slots=True)
class Ran:
    """One process: its seconds from start to end, its peak memory, and what it printed."""

    seconds: float
    peak_mb: float
    printed: str


def run(*command: str, environment: dict[str, str] | None = None) -> Ran:
    """Run a program to its end, and measure it from outside."""
    with tempfile.TemporaryFile("w+") as out:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.DEVNULL, env={**os.environ, **(environment or {})}
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        out.seek(0)
        printed = out.read()
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(command)} failed")
    return Ran(seconds, usage.ru_maxrss / 1024, printed)


@contextmanager
def server(latency_s: float, *options: str) -> Iterator[str]:
    """The server of the benchmark, at its address."""
    command = [sys.executable, "-m", "tests.bench.server", "--latency", str(latency_s), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def ask(url: str, what: str) -> dict[str, float]:
    """Something that the server says of itself, or does."""
    with urllib.request.urlopen(f"{url}/{what}") as answer:
        said: dict[str, float] = json.load(answer)
    return said


def write_rows(path: Path, rows: int) -> None:
    """A list such as HR keeps: three columns that are ours and five that are not."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("List")
    sheet.append(["user_id", "skill_id", "level", "desk", "team", "remark", "since", "source"])
    for at in range(rows):
        user, skill = 10_000_000 + at // 50, 5_000 + at % 50
        sheet.append(
            [user, skill, at % 6, f"Desk {user}", f"Team {user % 13}", "as agreed in May", 45_000 + at % 100, "HR"]
        )
    book.save(path)


def compare(folder: Path, rows: int, latency_s: float, repeats: int) -> None:
    """Run both ways against one server, and print what each took and how they compare."""
    source = folder / "list.xlsx"
    with server(latency_s) as url:
        before = ask(url, "spent")["seconds"]
        plain = run(sys.executable, "-m", "tests.bench.plain", str(source), str(folder / "plain.xlsx"), url)
        plain_server = ask(url, "spent")["seconds"] - before
        environment = {"KANTATA_TOKEN": "demo", "KANTATA_BASE_URL": url, "IMPORTER_HOME": str(folder / "state")}
        command = [sys.executable, "-m", "importer", "apply", str(source), "--yes", "--json"]
        before = ask(url, "spent")["seconds"]
        ours = []
        for _ in range(repeats):
            ask(url, "forget")
            ours.append(run(*command, environment=environment))
        our_server = (ask(url, "spent")["seconds"] - before) / repeats
        ask(url, "forget")
        staged = json.loads(
            run(sys.executable, "-m", "tests.bench.ours", str(source), str(folder / "r.xlsx"), url).printed
        )
    whole = sorted(each.seconds for each in ours)[repeats // 2]
    peak = max(each.peak_mb for each in ours)
    outcome = json.loads(ours[0].printed)["outcomes"]
    if outcome["created"] != rows:
        raise SystemExit(f"{outcome['created']} of {rows} rows were created")
    plain_stages = json.loads(plain.printed)
    print(f"\n{rows:,} rows, the server answers {'at once' if not latency_s else f'after {latency_s * 1000:.0f} ms'}")
    print(f"  {'':<8}{'plain':>9}{'ours':>9}{'peak':>9}")
    for stage in STAGES:
        ours_s = staged["stages"].get(stage)
        print(f"  {stage:<8}{_s(plain_stages.get(stage))}{_s(ours_s)}{staged['peaks'][stage]:>6} MB")
    note = f"(plain {plain.peak_mb:.0f} MB; ours is the median of {repeats} runs of the command)"
    print(f"  {'whole':<8}{_s(plain.seconds)}{_s(whole)}{peak:>6.0f} MB   {note}")
    print(f"  server's own processor time within: plain {plain_server:.2f} s, ours {our_server:.2f} s")
    print(f"  ratio: {plain.seconds / whole:.1f} times as fast, {plain.peak_mb / peak:.1f} times less memory")


def _s(seconds: float | None) -> str:
    return f"{'':>9}" if seconds is None else f"{seconds:>7.2f} s"


def measure(folder: Path, rows: int, repeats: int) -> None:
    """Measure at so many rows, against a server that answers at once and one that takes 100 ms."""
    write_rows(folder / "list.xlsx", rows)
    for latency_s in (0.0, 0.1):
        compare(folder, rows, latency_s, repeats)
