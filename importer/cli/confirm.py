"""Asking a person: what a file means, and before anything is sent. Without a terminal nobody is asked."""

import sys

import click

from importer.errors import Ambiguous, Guarded


def confirm(question: str, *, yes: bool) -> None:
    """Go on only if the person says so, or has said so with --yes.

    Raises: Guarded when they do not, or nobody is there to ask.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise Guarded("Nothing was sent: there is no terminal to ask on.", "Say --yes to send without being asked.")
    if not click.confirm(question, default=False, err=True):
        raise Guarded("Nothing was sent.")


def confirm_removals(removals: int, allowed: int, *, yes: bool) -> None:
    """Go on only if so many removals are allowed, or the person types how many there are.

    Raises: Guarded when they do not, or nobody is to be asked.
    """
    if removals <= allowed:
        return
    if yes or not sys.stdin.isatty():
        raise Guarded(
            f"Nothing was sent: {removals:,} records would be removed, and --max-removals is {allowed:,}.",
            f"If that is meant, say --max-removals {removals}.",
        )
    typed = click.prompt(f"{removals:,} records would be removed. Type the number to go on", default="", err=True)
    if typed.strip().replace(",", "") != str(removals):
        raise Guarded("Nothing was sent.")


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
