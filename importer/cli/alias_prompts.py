"""Asks a person whom or what a name means where several have it, or where something nearly has it.

The answers go to the alias workbook.
"""

import sys
from typing import TYPE_CHECKING

import click

import importer
from importer.cli.output import can_ask, say
from importer.platforms.console import is_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from importer import Candidate, CheckResult, UnresolvedName

_MOST_NAMES, _MOST_CANDIDATES = 10, 9
"""More names, or more candidates for one, are easier to go through in the workbook."""


def choose_meanings(check: "CheckResult", *, yes: bool) -> bool:
    """Ask what the names mean that several have, and write the answers down; whether there was any answer.

    Without a terminal, or with --yes, we do not ask.
    """
    several = [each for each in check.unclear_names if 1 < len(_candidates(each)) <= _MOST_CANDIDATES]
    if yes or check.aliases is None or not 0 < len(several) <= _MOST_NAMES:
        return False
    if not (can_ask() and is_terminal(sys.stderr)):
        return False
    choices = list(_choices(several))
    try:
        if choices:
            importer.remember_aliases(check.aliases, choices)
    except importer.ImporterError as error:
        say(str(error))
        return False
    return bool(choices)


def _choices(several: "Sequence[UnresolvedName]") -> "Iterator[tuple[UnresolvedName, Candidate]]":
    for name in several:
        candidates = _candidates(name)
        if name.answer.exact:
            say(f'{len(candidates)} in the account have the name "{name.text}":')
        else:
            say(f'Nothing in the account has the name "{name.text}", but something like it:')
        for number, candidate in enumerate(candidates, 1):
            say(f"  {number}  {candidate.label}")
        question = "Which one is meant? Type its number, or 0 to decide later"
        number = click.prompt(question, type=click.IntRange(0, len(candidates)), default=0, err=True)
        if number:
            yield name, candidates[number - 1]


def _candidates(name: "UnresolvedName") -> "list[Candidate]":
    """What a name may mean: those who have it; or what nearly has it, and that it is new, where it would be made."""
    if name.answer.not_made is None or not name.answer.near:
        return list(name.answer.exact)
    return [*name.answer.near, importer.Candidate("", importer.NEW_NAME)]
