"""Asking a person whom or what a name means, where several have it. The answers go to the alias workbook."""

import sys
from typing import TYPE_CHECKING

import click

import importer
from importer.cli.output import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from importer import Candidate, CheckResult, UnresolvedName

_ASKED, _BETWEEN = 10, 9
"""More names than these, or more that one may mean, are better gone through in the workbook."""


def remember_meanings(check: "CheckResult", *, yes: bool) -> bool:
    """Whether the person has said what some of the names mean that several have; that is written down then.

    Without a terminal, or with --yes, nobody is asked.
    """
    several = [each for each in check.unclear_names if 1 < len(each.answer.exact) <= _BETWEEN]
    if yes or check.aliases is None or not 0 < len(several) <= _ASKED:
        return False
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    chosen = list(_choices(several))
    try:
        if chosen:
            importer.remember_aliases(check.aliases, chosen)
    except importer.ImporterError as error:
        say(str(error))
        return False
    return bool(chosen)


def _choices(several: "Sequence[UnresolvedName]") -> "Iterator[tuple[UnresolvedName, Candidate]]":
    for name in several:
        candidates = name.answer.exact
        say(f'{len(candidates)} in the account have the name "{name.text}":')
        for number, candidate in enumerate(candidates, 1):
            say(f"  {number}  {candidate.label}")
        question = "Which one is meant? Type its number, or 0 to decide later"
        number = click.prompt(question, type=click.IntRange(0, len(candidates)), default=0, err=True)
        if number:
            yield name, candidates[number - 1]
