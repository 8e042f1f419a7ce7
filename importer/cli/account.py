"""`importer login` and `importer logout`: a token in the system's keyring."""

import sys
from typing import Any

import click

from importer.cli import options
from importer.cli.output import say
from importer.messages import about_account
from importer.platforms.console import is_terminal


@click.command(short_help="Keep a token in this machine's keyring.")
@options.account
def login(**values: Any) -> int:
    """Ask for a token, see whose it is, and keep it in this machine's keyring.

    An Account Administrator finds it in Kantata under Settings > API > your registered application > Show your
    OAuth Token. Without a terminal it is read from standard input; it is never an option's value.

    \b
    Examples:
      importer login
      importer login --profile emea --base-url https://api.mavenlink.com/api/v1
    """
    has_terminal = is_terminal(sys.stdin)
    token = str(click.prompt("Token", hide_input=True, err=True) if has_terminal else sys.stdin.readline())
    if not token.strip():
        raise about_account.token_not_entered()
    account = options.to_account(values, token.strip())
    name = account.name
    account.keep_token()
    say(f"Kept the token of {name}.")
    return 0


@click.command(short_help="Remove that token again.")
@options.account
def logout(**values: Any) -> int:
    """Remove the token that `importer login` kept.

    \b
    Example:
      importer logout --profile emea
    """
    account = options.to_account(values)
    if account.forget_token():
        say(f"Removed the token for {account.base_url}.")
    else:
        say(f"There was no token for {account.base_url}.")
    return 0
