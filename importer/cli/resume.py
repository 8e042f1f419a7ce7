"""`importer resume`: finish a run that stopped."""

from pathlib import Path
from typing import Any

import click

import importer
from importer import Begun, Event
from importer.cli import options
from importer.cli.ending import give_result
from importer.cli.output import say
from importer.cli.progress import Progress
from importer.cli.report_run import report_run


@click.command(short_help="Finish a run that stopped; what may have happened is found out first.")
@click.argument("run", required=False)
@options.yes
@options.connection
@options.settle_wait
@options.output("the result workbook")
@options.notify_command
@options.as_json
def resume(*, run: str | None, output: Path | None, as_json: bool, **values: Any) -> int:
    """Finish RUN, or the last run of this account that stopped.

    What may have reached Kantata is looked for before anything is sent; then the rest is sent, and one result is
    written for the whole. You said yes to this run before, so we do not ask again, with --yes or
    without it.

    \b
    Examples:
      importer resume
      importer resume 20261122-143005-3f9a --json
    """
    account, target = options.open_account(values), Path()
    with Progress(quiet=as_json) as progress:

        def show(event: Event) -> None:
            nonlocal target
            if isinstance(event, Begun):
                say(f"Run {event.run}: {Path(event.file).name}, {event.endpoint}, {event.rows:,} rows to go.")
                say(f"As {account.name}.")
                target = importer.result_path(event.file, output, "undo" if event.kind == "undo" else "result")
            progress.show(event)

        report = account.resume(run, on_event=show)
    if report is None:
        say("There is nothing to resume." if run is None else f"Run {run} is at its end: there is nothing to do.")
        give_result(lambda: {"run": run, "resumed": False, "exit": 0}, as_json=as_json)
        return 0
    return report_run(report, target, as_json=as_json)
