"""Prints sentences for people on stderr, and the result on stdout. Knows how to say things; decides nothing."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import click

from importer.platforms.console import is_terminal, keep_line_ends, writes_every_letter

if TYPE_CHECKING:
    from importer import Anomaly, CheckResult, Problem, RunPlan, SetAside

_PROBLEMS_SHOWN = 25
_REMOVALS_SHOWN = 25
_SET_ASIDE_SHOWN = 20
_NEW_SHOWN = 25
_TO_FIX = "To fix"
"""The sheet of a result workbook on which rows are corrected."""


_is_quiet = ContextVar("quiet", default=False)


def set_quiet(*, quiet: bool) -> None:
    """Say nothing from now on but what keeps the command from going on, or speak again."""
    _is_quiet.set(quiet)


def is_quiet() -> bool:
    """Whether only what keeps the command from going on is said."""
    return _is_quiet.get()


def can_ask() -> bool:
    """Whether a person is there who can be asked, and wants to be."""
    return is_terminal(sys.stdin) and not is_quiet()


def say(text: str = "") -> None:
    """Print a line for people, unless it is to be quiet."""
    if not is_quiet():
        click.echo(text, err=True)


def print_result(text: str) -> None:
    """Print the result."""
    click.echo(text)


def print_json(value: Mapping[str, Any]) -> None:
    """Print the result as one JSON object: the same one whatever the encoding of the output is."""
    click.echo(json.dumps(value, ensure_ascii=not writes_every_letter(sys.stdout), default=str))


def print_script(text: str) -> None:
    """Print what a shell is to read, and exactly that."""
    keep_line_ends(sys.stdout)
    click.echo(text)


def say_tables(checks: "Sequence[CheckResult]", where_all: str) -> None:
    """Say which tables were read, how much of each is right, and what of the file is not loaded; a note once."""
    said: set[str] = set()
    for check in checks:
        say(check.sentence)
        say_lines(note for note in check.notes if note not in said)
        said |= set(check.notes)
        say_set_aside(check.set_aside_of_theirs, where_all)


def say_set_aside(items: "Sequence[SetAside]", where_all: str) -> None:
    """Say what of the file is not loaded, and why; of much the first, and where all of it is."""
    if items:
        say("Set aside:")
        several = len({each.sheet for each in items}) > 1
        say_lines(
            f'Sheet "{each.sheet}", {each}' if several and each.sheet else str(each)
            for each in items[:_SET_ASIDE_SHOWN]
        )
    if len(items) > _SET_ASIDE_SHOWN:
        say(f"  ... {where_all}")


def say_lines(lines: Iterable[str]) -> None:
    """Print sentences, indented."""
    for line in lines:
        say(f"  {line}")


def say_problems(problems: "Sequence[Problem]", where_all: str) -> None:
    """Print the first problems, each with its place and remedy, and say where all of them are."""
    if not problems:
        return
    say("Problems:")
    names_sheets = len({problem.sheet for problem in problems}) > 1 or problems[0].sheet == _TO_FIX
    say_lines(_where(problem, names_sheets=names_sheets) + str(problem) for problem in problems[:_PROBLEMS_SHOWN])
    if len(problems) > _PROBLEMS_SHOWN:
        say(f"  ... and {len(problems) - _PROBLEMS_SHOWN:,} more; {where_all}")


def _where(problem: "Problem", *, names_sheets: bool) -> str:
    """The file and the sheet of a problem, where there are several; else nothing."""
    sheet = f'"{problem.sheet}", ' if problem.sheet else ""
    if problem.file is not None:
        return f"{problem.file}, sheet {sheet}" if sheet else f"{problem.file}, "
    return f"Sheet {sheet}" if sheet and names_sheets else ""


def say_plan(plan: "RunPlan") -> None:
    """Say in whose name what would change."""
    say(f"As {plan.account.name}.")
    _say_new(plan)
    counts = plan.counts
    wrong = counts.pop("with problems", 0)
    parts = [f"{name} {count:,}" for name, count in counts.items()] + ([f"{wrong:,} with problems"] if wrong else [])
    say("  " + "   ".join(parts))
    say_lines(plan.notes)


def _say_new(plan: "RunPlan") -> None:
    """Say what would be made first, each with the name in the account that is most like it, and who is missing."""
    for endpoint in dict.fromkeys(each.endpoint for each in plan.new):
        some = [each for each in plan.new if each.endpoint == endpoint]
        say(f"New {endpoint} ({len(some):,}), made first:")
        say_lines(f"{each.name}{f' (nearest: {each.nearest})' if each.nearest else ''}" for each in some[:_NEW_SHOWN])
        if len(some) > _NEW_SHOWN:
            say(f"  ... and {len(some) - _NEW_SHOWN:,} more; `importer plan --json` lists them all.")
    missing = plan.missing_people
    if missing and plan.new:
        more = f"; and {len(missing) - _NEW_SHOWN:,} more" if len(missing) > _NEW_SHOWN else ""
        say(f"Not in this account, and never created ({len(missing):,}): {'; '.join(missing[:_NEW_SHOWN])}{more}")


def say_removals(removals: Sequence[str]) -> None:
    """Say which records would be removed."""
    if removals:
        say(f"To be removed ({len(removals):,}):")
        say_lines(removals[:_REMOVALS_SHOWN])
    if len(removals) > _REMOVALS_SHOWN:
        say(f"  ... and {len(removals) - _REMOVALS_SHOWN:,} more; `importer plan -o FILE` writes them all.")


def say_anomalies(anomalies: "Sequence[Anomaly]") -> None:
    """Say what looks like a mistake in the file as a whole."""
    if anomalies:
        say("This looks like a mistake:")
        say_lines(map(str, anomalies))


def say_recovery(run: str) -> None:
    """Say that we look at what a run did."""
    say(f"Run {run} stopped while a request was in flight; looking what became of it.")
