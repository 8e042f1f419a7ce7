"""`importer login` and `importer logout`: a token in the system's keyring."""

import sys
from typing import Any

import click

from importer.cli import options
from importer.cli.output import say
from importer.messages import about_account
from importer.settings import forget_token, keep_token


@click.command(short_help="Keep a token in this machine's keyring.")
@options.account
def login(**given: Any) -> int:
    """Ask for a token, see whose it is, and keep it in this machine's keyring.

    An Account Administrator finds it in Kantata under Settings > API > your registered application > Show your
    OAuth Token. Without a terminal it is read from standard input; it is never an option's value.

    \b
    Examples:
      importer login
      importer login --profile emea --base-url https://api.mavenlink.com/api/v1
    """
    from importer import pipeline  # noqa: PLC0415  (imports pandas)

    settings = options.to_settings(given)
    asked = sys.stdin.isatty()
    token = str(click.prompt("Token", hide_input=True, err=True) if asked else sys.stdin.readline())
    if not token.strip():
        raise about_account.token_not_entered()
    account = pipeline.open_access(pipeline.Connection(settings), token.strip()).account
    keep_token(settings, token.strip())
    say(f"Kept the token of {account}.")
    return 0


@click.command(short_help="Remove that token again.")
@options.account
def logout(**given: Any) -> int:
    """Remove the token that `importer login` kept.

    \b
    Example:
      importer logout --profile emea
    """
    settings = options.to_settings(given)
    if forget_token(settings):
        say(f"Removed the token for {settings.base_url}.")
    else:
        say(f"There was no token for {settings.base_url}.")
    return 0
