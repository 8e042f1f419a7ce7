"""`importer web`: the same job in a page, on this machine only."""

import sys
from typing import TYPE_CHECKING, Any

import click

from importer.cli import options
from importer.cli.output import print_result, say
from importer.platforms.console import is_terminal

if TYPE_CHECKING:
    from importer import Account


@click.command(short_help="The same job in a page, for people who use no terminal; on this machine only.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="The port where the page listens.  [default: any free one]",
)
@click.option("--no-browser", is_flag=True, help="Only print the address, and open nothing.")
@options.connection
@options.settle_wait
def web(*, port: int, no_browser: bool, **values: Any) -> int:
    """Serve a page on this machine: drop a workbook, see what is wrong, correct it, see what would change, load it.

    The address holds a key that is new each time and works once; without it nothing answers. Nobody on another machine
    can reach the page, and no other user of this one gets in. After 8 hours in which you do not use it, the page is
    closed. Stop it with Ctrl-C: a run in progress is settled first, and you can finish it on the page or with
    `importer resume`.

    \b
    Examples:
      importer web
      importer web --port 8080 --no-browser
    """
    from importer import web as page  # noqa: PLC0415  (imports a web server)

    def connect() -> "Account":
        return options.to_account(values)

    def ready(address: str) -> None:
        say("The page is at this address, on this machine only. Stop it with Ctrl-C.")
        print_result(address)
        sys.stdout.flush()

    def settling() -> None:
        say("Stopping after the requests that are on their way. Press Ctrl-C again to stop at once; nothing is lost.")

    page.serve(port, connect, ready, settling, opens_browser=not no_browser and is_terminal(sys.stdin))
    return 0
