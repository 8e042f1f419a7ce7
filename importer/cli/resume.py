"""`importer resume`: finish a run that stopped."""

from pathlib import Path
from typing import Any

import click

from importer.cli import options
from importer.cli.output import print_json, say
from importer.cli.progress import watch
from importer.cli.report_run import report_run


@click.command(short_help="Finish a run that stopped; what may have happened is found out first.")
@click.argument("run", required=False)
@options.connection
@options.settling
@options.output("the result workbook")
@options.as_json
def resume(*, run: str | None, output: Path | None, as_json: bool, **given: Any) -> int:
    """Finish RUN, or the last run of this account that stopped.

    What may have reached Kantata is looked for before anything is sent; then the rest is sent, and one result is
    written for the whole. You said yes to this run before, and are not asked again.

    \b
    Examples:
      importer resume
      importer resume 20261122-143005-3f9a --json
    """
    from importer import pipeline  # noqa: PLC0415  (imports pandas)

    access = pipeline.open_access(options.to_connection(given))
    with pipeline.lock_account(access, "resume") as means:
        load = pipeline.resume(means, run)
        if load is None:
            say("There is nothing to resume." if run is None else f"Run {run} is at its end: there is nothing to do.")
            if as_json:
                print_json({"run": run, "resumed": False})
            return 0
        say(f"Run {load.run.id}: {load.given.table.source.name}, {load.run.endpoint}, {load.writes:,} rows to go.")
        say(f"As {access.account}.")
        target = pipeline.result_path(load.given, output, "undo" if load.run.kind == "undo" else "result")
        watch(load, quiet=as_json)
        return report_run(load, target, as_json=as_json)
