"""As much as Kantata takes: 20,000 people with 200 skills each, by step: `python -m tests.bench.ceiling`.

4,000,000 levels go in as one CSV file, or with `--books 20` as so many workbooks, one after the other, each checked,
planned (of a workbook the plan is written, too) and applied. Once, when half of all is there, the process is killed,
and the run resumed. Printed are the seconds and the peak memory of every step, with the processes that it starts; at
the end stands whether the account holds every level once. The server answers at once: what is measured is the program.
"""

import argparse
import csv
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import xlsxwriter

from tests.bench import speed
from tests.bench.speed import Ran

SKILLS = 200
_HEADERS = ("user_id", "skill_id", "level")
_LOOK_S = 0.1


def write_lists(folder: Path, people: int, books: int) -> list[Path]:
    """One CSV file with the levels of so many people, or so many workbooks."""
    rows = (
        (10_000_000 + person, 5_000 + skill, (person + skill) % 6)
        for person in range(people)
        for skill in range(SKILLS)
    )
    if not books:
        path = folder / "levels.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(chain([_HEADERS], rows))
        return [path]
    paths = [folder / f"levels {number:02}.xlsx" for number in range(1, books + 1)]
    for path in paths:
        with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
            sheet = book.add_worksheet("Levels")
            sheet.write_row(0, 0, _HEADERS)
            for number, row in enumerate(islice(rows, people * SKILLS // books), 1):
                sheet.write_row(number, 0, row)
    return paths


@dataclass
class Steps:
    """The commands as they are run against one server, and what each step took of time and memory."""

    folder: Path
    url: str
    taken: dict[str, list[Ran]] = field(default_factory=lambda: defaultdict(list))

    def do(self, step: str, *arguments: object, kill_at: int | None = None) -> None:
        """Run a command to its end, or kill it as soon as the account holds so many levels."""
        command = [sys.executable, "-m", "importer", *map(str, arguments)]
        environment = {**os.environ, **speed.account_environment(self.folder, self.url)}
        began, nothing = time.perf_counter(), subprocess.DEVNULL
        with (
            subprocess.Popen(command, stdout=nothing, stderr=nothing, env=environment) as process,
            speed.watched(process.pid) as peaks,
        ):
            while kill_at is not None and process.poll() is None:
                if self.held["count"] >= kill_at:
                    process.kill()
                time.sleep(_LOOK_S)
            process.wait()
        if process.returncode != (0 if kill_at is None else -signal.SIGKILL):
            raise SystemExit(f"{step} ended with {process.returncode}")
        self.taken[step].append(Ran(time.perf_counter() - began, max(peaks), ""))

    @property
    def held(self) -> dict[str, float]:
        """How many levels the account holds, and how many of them are of different people and skills."""
        return speed.ask(self.url, "count")

    def print(self) -> None:
        """A line for each step: the seconds of all its commands, and the peak of the one that took most memory."""
        for step, ran in self.taken.items():
            seconds, peak = sum(each.seconds for each in ran), max(each.peak_mb for each in ran)
            times = f", {len(ran)} times" if len(ran) > 1 else ""
            print(f"  {step:<16}{seconds:>7.0f} s{peak:>8.0f} MB{times}")


def load(steps: Steps, paths: Sequence[Path], levels: int) -> None:
    """Check, plan and apply each file; kill the one that is under way when half of the levels are there, and resume."""
    each, half = levels // len(paths), levels // 2
    for number, path in enumerate(paths):
        steps.do("check", "check", path)
        written = () if path.suffix == ".csv" else ("-o", path.with_suffix(".plan.xlsx"))
        steps.do("plan", "plan", path, *written)
        if number * each <= half < (number + 1) * each:
            steps.do("apply, killed", "apply", path, "--yes", kill_at=number * each + each // 2)
            steps.do("resume", "resume")
        else:
            steps.do("apply", "apply", path, "--yes")


def main() -> int:
    """Measure, and print; 1 if the account does not hold every level once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--books", type=int, default=0, help="so many workbooks in place of one CSV file")
    given = parser.parse_args()
    speed.compile_importer()
    levels = given.people * SKILLS
    with tempfile.TemporaryDirectory() as name, speed.server(0.0) as url:
        steps = Steps(Path(name), url)
        paths = write_lists(steps.folder, given.people, given.books)
        megabytes = sum(path.stat().st_size for path in paths) / 1e6
        print(f"{levels:,} levels in {len(paths)} {paths[0].suffix}, {megabytes:.0f} MB:", flush=True)
        load(steps, paths, levels)
        steps.print()
        held = steps.held
    print(f"  the account holds {held['count']:,} levels, {held['distinct']:,} different ones")
    return 0 if held["count"] == held["distinct"] == levels else 1


if __name__ == "__main__":
    sys.exit(main())
