"""Our way against the plain way, in one run: seconds and peak memory by stage, and their ratios.

100,000 rows of new skill memberships, to a server that answers at once and to one that takes 100 ms. The plain way
reads an .xlsx file and writes one; ours does that, and the same from .csv. Absolute seconds differ from machine to
machine; the ratios are what to compare.
"""

import compileall
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import openpyxl

import importer
from tests.bench.peak import peak_mb
from tests.bench.ratio_table import Ratio

_HEADERS = ("user_id", "skill_id", "level", "desk", "team", "remark", "since", "source")
STAGES = ("import", "read", "check", "plan", "journal", "send", "write")
_LOOK_S = 0.25


@dataclass(frozen=True, slots=True)
class Ran:
    """One process: its seconds from start to end, the peak memory of it with its children, and what it printed."""

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
        with watched(process.pid) as peaks:
            process.wait()
        seconds = time.perf_counter() - began
        out.seek(0)
        printed = out.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return Ran(seconds, peaks[0], printed)


@contextmanager
def watched(pid: int) -> Iterator[list[float]]:
    """The megabytes that a process and its children hold together at most, looked at some times a second."""
    peaks, is_over = [0.0], threading.Event()

    def look() -> None:
        while not is_over.wait(_LOOK_S):
            peaks[0] = max(peaks[0], held_mb(pid), peak_mb(pid))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield peaks
    finally:
        is_over.set()
        looking.join()


def held_mb(pid: int) -> float:
    """What a process and its children hold now; nothing for one that has just ended."""
    try:
        of_threads = list(Path(f"/proc/{pid}/task").iterdir())
        children = {int(each) for thread in of_threads for each in (thread / "children").read_text().split()}
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20 + sum(map(held_mb, children))


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


def account_environment(folder: Path, url: str) -> dict[str, str]:
    """What tells our command which account is meant, and where to keep its journal."""
    return {"KANTATA_TOKEN": "demo", "KANTATA_BASE_URL": url, "IMPORTER_HOME": str(folder / "state")}


def compile_importer() -> None:
    """Compile the modules of the importer, as pip does when it installs a program."""
    compileall.compile_dir(Path(importer.__file__).parent, quiet=1)


def ask(url: str, what: str) -> dict[str, float]:
    """Something that the server says of itself, or does."""
    with urllib.request.urlopen(f"{url}/{what}") as answer:
        said: dict[str, float] = json.load(answer)
    return said


def write_rows(path: Path, rows: int) -> None:
    """A list such as HR keeps, three columns that are ours and five that are not: as .xlsx, and as .csv beside it."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("List")
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        text = csv.writer(file)
        for row in chain([_HEADERS], map(_row, range(rows))):
            sheet.append(row)
            text.writerow(row)
    book.save(path)


def _row(at: int) -> tuple[object, ...]:
    user, skill = 10_000_000 + at // 50, 5_000 + at % 50
    return user, skill, at % 6, f"Desk {user}", f"Team {user % 13}", "as agreed in May", 45_000 + at % 100, "HR"


@dataclass(frozen=True, slots=True)
class Way:
    """One way of ours to load the list: from which file, with how many requests in flight at most."""

    suffix: str
    workers: int

    def __str__(self) -> str:
        return f"{self.suffix}, {self.workers} in flight" if self.workers < _WORKERS else self.suffix


_WORKERS = 16
_WAYS = {
    0.0: (Way(".xlsx", _WORKERS), Way(".csv", _WORKERS)),
    0.1: (Way(".xlsx", _WORKERS), Way(".csv", _WORKERS), Way(".xlsx", 8), Way(".csv", 8)),
}


def compare(folder: Path, rows: int, latency_s: float, repeats: int) -> list[Ratio]:
    """Run all ways against one server in turn, print what each took, and give how they compare."""
    source, ways = folder / "list.xlsx", _WAYS[latency_s]
    plain: list[Ran] = []
    ours: dict[Way, list[Ran]] = {way: [] for way in ways}
    with server(latency_s) as url:
        for _ in range(repeats):
            plain.append(run(sys.executable, "-m", "tests.bench.plain", str(source), str(folder / "plain.xlsx"), url))
            for way in ways:
                ask(url, "forget")
                ours[way].append(_load(folder, way, url, rows))
        ask(url, "forget")
        staged = json.loads(
            run(sys.executable, "-m", "tests.bench.ours", str(source), str(folder / "r.xlsx"), url).printed
        )
    plain_stages = json.loads(plain[0].printed)
    answers = "at once" if not latency_s else f"after {latency_s * 1000:.0f} ms"
    print(f"\n{rows:,} rows of .xlsx stage by stage, the server answers {answers}")
    print(f"  {'':<8}{'plain':>9}{'ours':>9}{'peak':>9}")
    for stage in STAGES:
        print(
            f"  {stage:<8}{_s(plain_stages.get(stage))}{_s(staged['stages'].get(stage))}{staged['peaks'][stage]:>6} MB"
        )
    print(f"  The commands as a whole, the medians of {repeats}, memory with that of their helpers")
    print(f"  {'plain':<22}{_median_s(plain):>7.2f} s{_peak_mb(plain):>6.0f} MB")
    for way, runs in ours.items():
        print(f"  {way!s:<22}{_median_s(runs):>7.2f} s{_peak_mb(runs):>6.0f} MB")
    ratios = [
        Ratio(
            f"{rows:,} rows of {way}, answers {answers}: speed",
            [one.seconds / other.seconds for one, other in zip(plain, runs, strict=True)],
        )
        for way, runs in ours.items()
    ]
    if latency_s:
        return ratios
    return ratios + [
        Ratio(
            f"{rows:,} rows of {way}: least memory",
            [one.peak_mb / other.peak_mb for one, other in zip(plain, runs, strict=True)],
        )
        for way, runs in ours.items()
    ]


def _load(folder: Path, way: Way, url: str, rows: int) -> Ran:
    """Load the list with our command."""
    command = ["apply", str(folder / f"list{way.suffix}"), "--workers", str(way.workers), "--yes", "--json"]
    ran = run(sys.executable, "-m", "importer", *command, environment=account_environment(folder, url))
    created = json.loads(ran.printed)["outcomes"]["created"]
    if created != rows:
        raise SystemExit(f"{created} of {rows} rows were created")
    return ran


def _median_s(runs: Sequence[Ran]) -> float:
    return statistics.median(each.seconds for each in runs)


def _peak_mb(runs: Sequence[Ran]) -> float:
    return max(each.peak_mb for each in runs)


def _s(seconds: float | None) -> str:
    return f"{'':>9}" if seconds is None else f"{seconds:>7.2f} s"


def measure(folder: Path, rows: int, repeats: int) -> list[Ratio]:
    """Measure at so many rows, against a server that answers at once and one that takes 100 ms."""
    write_rows(folder / "list.xlsx", rows)
    return [ratio for latency_s in _WAYS for ratio in compare(folder, rows, latency_s, repeats)]
