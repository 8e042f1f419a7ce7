"""`importer undo`: put back what a run did."""

from pathlib import Path
from typing import Any

import click

from importer.cli import options
from importer.cli.confirm import confirm
from importer.cli.output import say, say_plan
from importer.cli.progress import watch
from importer.cli.recover_runs import recover_stopped_runs
from importer.cli.report_run import report_run


@click.command(short_help="Put back what a run did, and keep what people have changed since.")
@click.argument("run")
@options.yes
@options.connection
@options.settling
@options.output("the result workbook")
@options.as_json
def undo(*, run: str, output: Path | None, as_json: bool, **given: Any) -> int:
    """Put back what RUN did: what it created is removed, levels go back, what it removed is created again.

    Each record is looked at first: what a person has changed since is kept and listed. An undo is a run of its own; it
    can be resumed, and undone.

    \b
    Examples:
      importer runs
      importer undo 20261122-143005-3f9a
    """
    from importer import pipeline  # noqa: PLC0415  (imports pandas)

    access = pipeline.open_access(options.to_connection(given))
    with pipeline.lock_account(access, f"undo {run}") as means:
        recover_stopped_runs(means)
        ready = pipeline.prepare_undo(means, access, run)
        say(f"Run {run}, {ready.given.table.source.name}: {len(ready.given.refs):,} rows to put back.")
        say_plan(ready.plan, access.account)
        target = pipeline.result_path(ready.given, output, "undo")
        if ready.writes:
            confirm(f"Send {pipeline.forecast_sentence(ready)}?", yes=given["yes"])
            load = pipeline.begin(ready, means, undoes=run)
            watch(load, quiet=as_json)
        else:
            say("There is nothing to undo.")
            load = pipeline.begin(ready, means, undoes=run)
            load.leave()
        return report_run(load, target, as_json=as_json)
