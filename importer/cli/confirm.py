"""Asking a person before anything is sent; without a terminal nobody is asked, and nothing is sent."""

import sys

import click

from importer.errors import Guarded


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
