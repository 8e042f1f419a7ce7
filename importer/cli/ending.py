"""How a command ended, well or not: as one JSON object for standard output and for the command of --notify-command.

Knows who gets it and when; decides nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import click

from importer import Ambiguous, ImporterError, Suspected
from importer.cli.output import print_json

_USAGE = 2


@dataclass(slots=True)
class _Ending:
    """What is known so far of how the command ends, and who is to be told."""

    notify_command: Sequence[str] = ()
    result: Mapping[str, Any] = field(default_factory=dict)
    run: str = ""


_ending = ContextVar[_Ending]("ending")


def begin() -> None:
    """Know nothing of the command before."""
    _ending.set(_Ending())


def set_notify_command(words: Sequence[str]) -> None:
    """Have these words run as a command at the end."""
    _ending.get().notify_command = words


def set_run(run: str) -> None:
    """Keep the id of the run that has begun."""
    _ending.get().run = run


def give_result(make: Callable[[], Mapping[str, Any]], *, as_json: bool) -> None:
    """Print the result as one JSON object, if that is wanted, and keep it for the end, if it is wanted there."""
    ending = _ending.get()
    if as_json or ending.notify_command:
        ending.result = make()
    if as_json:
        print_json(ending.result)


def print_failure(error: ImporterError, *, as_json: bool) -> None:
    """Say why it could not go on, and what to do, however quiet it is to be."""
    click.echo(str(error), err=True)
    told: dict[str, Any] = {"error": error.message, "code": error.said.code, "fix": error.fix, "exit": error.exit_code}
    if isinstance(error, Suspected):
        told |= {"accidents": list(error.anomalies)}
    if isinstance(error, Ambiguous):
        told |= {"question": error.question, "questions": error.questions}
    give_result(lambda: told, as_json=as_json)


def give_wrong_usage(error: click.ClickException, *, as_json: bool) -> None:
    """Give as one JSON object what is wrong with the words of a command; click has said it to people."""
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "importer"
    fix = f"Try `{command} --help`."
    told = {"error": error.format_message(), "code": "usage", "fix": fix, "exit": error.exit_code}
    give_result(lambda: told, as_json=as_json)


def notify(code: int) -> None:
    """Run the command of --notify-command, unless ours was typed in a way that cannot work; what goes wrong is said,
    however quiet we are to be, as nobody would hear of it otherwise.
    """
    ending = _ending.get()
    if not ending.notify_command or code == _USAGE:
        return
    from importer import notify as run_command  # noqa: PLC0415  (starts processes, for the few who want that)

    run = ending.result.get("run") or ending.run
    trouble = run_command(ending.notify_command, {**ending.result, "exit": code}, str(run))
    if trouble is not None:
        click.echo(f"{trouble.sentence} {trouble.fix}", err=True)
