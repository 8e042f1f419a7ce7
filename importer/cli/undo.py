"""`importer undo`: put back what a run did."""

from pathlib import Path
from typing import Any

import click

from importer import count_of
from importer.cli import options
from importer.cli.confirm import confirm_sending
from importer.cli.output import say, say_plan, say_recovery
from importer.cli.progress import Progress
from importer.cli.report_run import report_run


@click.command(short_help="Put back what a run did, and keep what people have changed since.")
@click.argument("run")
@options.yes
@options.connection
@options.settle_wait
@options.output("the result workbook")
@options.notify_command
@options.as_json
def undo(*, run: str, output: Path | None, as_json: bool, **values: Any) -> int:
    """Put back what RUN did: what it created is removed, levels go back, what it removed is created again.

    Each record is looked at first: what a person has changed since is kept and listed. An undo is a run of its own; it
    can be resumed, and undone.

    \b
    Examples:
      importer runs
      importer undo 20261122-143005-3f9a
    """
    account = options.open_account(values)
    with account.lock(f"undo {run}"):
        account.recover_runs(say_recovery)
        plan = account.plan_undo(run)
        say(f"Run {run}, {plan.name}: {count_of(plan.rows, 'row')} to undo.")
        say_plan(plan)
        target = plan.result_path(output)
        if plan.writes:
            confirm_sending(plan, yes=values["yes"])
        else:
            say("There is nothing to undo.")
        with Progress(quiet=as_json) as progress:
            report = plan.apply(on_event=progress.show)
        return report_run(report, target, as_json=as_json)
