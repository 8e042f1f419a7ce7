"""Asking a person: what a file means, and before anything is sent. Without a terminal nobody is asked."""

import sys
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import click

from importer.cli.output import accidents_json, say_accidents, say_lines
from importer.errors import Ambiguous
from importer.messages import about_plans

if TYPE_CHECKING:
    from importer.sync.anomalies.anomaly import Anomaly


def confirm(question: str, *, yes: bool) -> None:
    """Go on only if the person says so, or has said so with --yes.

    Raises: Guarded when they do not, or nobody is there to ask.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise about_plans.nobody_to_ask()
    if not click.confirm(question, default=False, err=True):
        raise about_plans.said_no()


def confirm_removals(removals: int, allowed: int, *, yes: bool) -> None:
    """Go on only if so many removals are allowed, or the person types how many there are.

    Raises: Guarded when they do not, or nobody is to be asked.
    """
    if removals <= allowed:
        return
    if yes or not sys.stdin.isatty():
        raise about_plans.too_many_removals(removals, allowed)
    typed = click.prompt(f"{removals:,} records would be removed. Type the number to go on", default="", err=True)
    if typed.strip().replace(",", "") != str(removals):
        raise about_plans.said_no()


def choose(between: Ambiguous) -> str:
    """Which of the choices the person means.

    Raises: Ambiguous, as it was, when there are none or nobody is there to ask.
    """
    if not (between.choices and sys.stdin.isatty()):
        raise between
    click.echo(f"{between.message[:1].upper()}{between.message[1:]}", err=True)
    for number, choice in enumerate(between.choices, 1):
        click.echo(f"  {number}  {choice}", err=True)
    which = click.IntRange(1, len(between.choices))
    return between.choices[click.prompt("Which one? Type its number", type=which, err=True) - 1]


def confirm_accidents(found: Sequence["Anomaly"], accepted: Collection[str], *, yes: bool) -> None:
    """Go on only if what looks like an accident was accepted by its code, or the person types that it is meant.

    Raises: Suspected when it was not, or nobody is to be asked: --yes alone says nothing of accidents.
    """
    left = [each for each in found if each.code not in accepted]
    say_lines(each.accepted for each in found if each.code in accepted)
    if not left:
        return
    if yes or not sys.stdin.isatty():
        suspected = about_plans.looks_like_a_mistake([each.said for each in left])
        suspected.accidents = tuple(accidents_json(left)["accidents"])
        raise suspected
    say_accidents(left)
    typed = click.prompt("This looks like a mistake. Type yes if it is meant", default="", err=True)
    if typed.strip().lower() != "yes":
        raise about_plans.said_no()
