"""The command line: arguments, printing, exit codes. Holds no rule of its own."""

import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from importer import ImporterError, __version__, internal_error
from importer.cli import ending
from importer.cli.command_group import COMPLETION_VARIABLE, LazyCommands, OrderedGroup
from importer.cli.ending import give_wrong_usage, print_failure
from importer.cli.output import set_quiet
from importer.messages import about_program
from importer.platforms import arrow
from importer.platforms.console import is_closed_pipe, never_fail
from importer.platforms.memory import collect_seldom, share_arenas

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
        ("forget", "forget"),
        ("export", "export"),
        ("login", "account"),
        ("logout", "account"),
        ("doctor", "doctor"),
        ("sandbox", "sandbox"),
        ("web", "web"),
        ("completion", "completion"),
    )
}
_EXIT_CODES = """\b
Exit codes:
  0    every row is done, or nothing was to be done
  1    a fault of ours
  2    the command was used in a way that cannot work
  3    done, and some rows are invalid, refused or in conflict
  4    nothing was sent: a guard held, or nobody said yes
  5    the file cannot be read
  6    Kantata refused the token or the permission; nothing was sent
  7    Kantata could not be reached; nothing was sent
  8    unfinished: `importer resume` goes on
  130  interrupted: `importer resume` goes on
"""
_QUIET = click.Option(
    ["-q", "--quiet"],
    is_flag=True,
    expose_value=False,
    callback=lambda _context, _option, value: set_quiet(quiet=value),
    help="Say nothing but what keeps it from going on, and ask nothing.",
)


@click.group(
    cls=OrderedGroup,
    commands=LazyCommands(_HOMES, _QUIET),
    help=_FIRST,
    epilog=_EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="importer", message="%(prog)s %(version)s")
def group() -> None:  # noqa: D103  (its help is above)
    pass


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and end the process with its exit code; no traceback ever reaches a person."""
    collect_seldom()
    share_arenas()
    arrow.keep_from_pandas()
    set_quiet(quiet=False)
    never_fail()
    ending.begin()
    if COMPLETION_VARIABLE in os.environ:
        import_module("importer.cli.completion")  # a shell asks, and it may be one that it knows
    code = _run(list(sys.argv[1:] if arguments is None else arguments))
    ending.notify(code)
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    """Run one command, say why it could not go on where it could not, and return the exit code."""
    as_json = "--json" in arguments
    try:
        code = group.main(args=arguments, prog_name="importer", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        give_wrong_usage(error, as_json=as_json)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _fail(about_program.interrupted(), as_json=as_json)
    except ImporterError as error:
        return _fail(error, as_json=as_json)
    except Exception as error:  # noqa: BLE001  (the last line of defence: a person gets a sentence)
        return 0 if is_closed_pipe(error) else _fail(internal_error(error), as_json=as_json)
    return code if isinstance(code, int) else 0


def _fail(error: ImporterError, *, as_json: bool) -> int:
    print_failure(error, as_json=as_json)
    return error.exit_code


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
