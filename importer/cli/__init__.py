"""The command line: arguments, printing, exit codes. Holds no rule of its own."""

import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from importer import ImporterError, __version__, internal_error
from importer.cli.command_group import LazyCommands, OrderedGroup
from importer.cli.output import print_failure

_FIRST = """Load spreadsheets of memberships into Kantata OX, and know what became of every row.

\b
First, see the whole job on a stand-in for Kantata:
  importer demo
Then with a list of your own:
  importer template skill-memberships    a workbook to fill in
  importer check skills.xlsx             every mistake with its cell; sends nothing
  importer apply skills.xlsx             shows what would change, asks, sends, and
                                         writes skills.result.xlsx
"""


_HOMES = {
    name: f"importer.cli.{module}"
    for name, module in (
        ("demo", "demo"),
        ("endpoints", "endpoints"),
        ("template", "template"),
        ("check", "check"),
        ("plan", "plan"),
        ("apply", "apply"),
        ("resume", "resume"),
        ("undo", "undo"),
        ("runs", "history"),
        ("show", "history"),
        ("export", "export"),
        ("login", "account"),
        ("logout", "account"),
        ("doctor", "doctor"),
        ("sandbox", "sandbox"),
        ("web", "web"),
    )
}


@click.group(
    cls=OrderedGroup,
    commands=LazyCommands(_HOMES),
    help=_FIRST,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="importer", message="%(prog)s %(version)s")
def group() -> None:  # noqa: D103  (its help is above)
    pass


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and end the process with its exit code; no traceback ever reaches a person."""
    # A load makes millions of small values and no cycles worth collecting: fewer collections, a tenth of the time.
    gc.set_threshold(5_000_000, 20, 50)
    arguments = sys.argv[1:] if arguments is None else arguments
    as_json = "--json" in arguments
    try:
        code = group.main(args=list(arguments), prog_name="importer", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        code = 130
    except ImporterError as error:
        print_failure(error, as_json=as_json)
        code = error.exit_code
    except BrokenPipeError:
        code = 0
    except Exception as error:  # noqa: BLE001  (the last line of defence: a person gets a sentence)
        print_failure(internal_error(error), as_json=as_json)
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def command() -> NoReturn:
    """What the console script calls: `main`, and then the end at once.

    The interpreter would free a load's millions of small values one by one, a fifth of a second that a person waits.
    """
    try:
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)
