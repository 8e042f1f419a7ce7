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
