"""Every schedule of a small run within a bound, against a model: `python -m tests.schedules`.

Prints how many schedules there are, which transitions of the model they went through, and each one whose end the model
does not allow. Its name makes it again: `python -m tests.schedules --schedule plain/0.0.0.0.0.0.74/`. With `--mutants`,
faults are put into the importer one after the other, and a schedule that finds each is printed.
"""

import argparse
import sys
import time

from tests.schedules import ends
from tests.schedules.exploration import Bound, Report, Schedule, explore, repeat
from tests.schedules.model import WORLDS, transitions
from tests.schedules.mutants import MUTANTS, mutated


def main() -> int:
    """Live the schedules that are asked for; 1 if any ends otherwise than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=2, help="how much may go otherwise than well in one schedule")
    parser.add_argument("--deaths", type=int, help="how often the process may die among that")
    parser.add_argument("--others", type=int, help="how much else may go otherwise than well among that")
    parser.add_argument("--full", action="store_true", help="also those faults together that do the same")
    parser.add_argument("--world", choices=WORLDS, action="append", help="only this one; may be repeated")
    parser.add_argument("--schedule", type=Schedule.of, help="only this one, told choice by choice")
    parser.add_argument("--mutants", action="store_true", help="look for faults that are put into the importer")
    given = parser.parse_args()
    if given.schedule:
        return _repeat(given.schedule)
    if given.mutants:
        return _mutants()
    report = Report()
    bound = Bound.of(given.most, deaths=given.deaths, others=given.others, full=given.full)
    for world in given.world or WORLDS:
        before, began, cpu = (report.lives, report.schedules, len(report.wrong)), time.monotonic(), time.process_time()
        explore([world], bound, report)
        lives, schedules, wrong = (now - was for now, was in zip(_counts(report), before, strict=True))
        took = f"{time.monotonic() - began:.0f} s ({time.process_time() - cpu:.0f} s of one core)"
        print(f"{world}: {schedules:,} schedules, {lives:,} lives, {wrong} wrong, {took}", flush=True)
        for each in {each.what: each for each in reversed(report.wrong[before[2] :])}.values():
            print(each, flush=True)
    _print_transitions(report)
    lives, schedules, wrong = _counts(report)
    print(f"{schedules:,} schedules, {lives:,} lives of a process, {len(report.states):,} states in which one ended")
    print(f"{wrong:,} schedules ended otherwise than the model allows")
    return 1 if wrong else 0


def _counts(report: Report) -> tuple[int, int, int]:
    return report.lives, report.schedules, len(report.wrong)


def _print_transitions(report: Report) -> None:
    """The table of the transitions, and how often each was gone through."""
    every = [*transitions(), *ends.names()]
    for name in every:
        print(f"{report.transitions[name]:>10,}  {name}")
    print(f"{sum(report.transitions[name] > 0 for name in every)} of {len(every)} transitions of the model reached")


def _repeat(schedule: Schedule) -> int:
    told, report = repeat(schedule)
    print("\n".join(told))
    for each in report.wrong:
        print("\n".join(each.what))
    return 1 if report.wrong else 0


def _mutants() -> int:
    """Look for each mutant, with more and more that may go wrong; 1 if one is not found."""
    missed = 0
    for name, mutant in MUTANTS.items():
        with mutated(mutant):
            report = explore([mutant.world], Bound.of(1))
            if not report.wrong:
                report = explore([mutant.world], Bound.of(2), stop_at_first=True)
        missed += not report.wrong
        found = min(report.wrong, key=lambda each: len(each.story), default="NOT FOUND")
        print(
            f"{name}: found by {len(report.wrong):,} schedules of {report.lives:,} lives, such as\n  {found}",
            flush=True,
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
