"""`importer runs` and `importer show`: what was done, and what became of it. Needs no account."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

import importer
from importer.cli import options
from importer.cli.output import print_json, print_result, say
from importer.cli.report_run import say_report


@click.command(short_help="List the runs, the latest first.")
@click.option("--prune", type=click.IntRange(0), metavar="DAYS", help="Delete runs that began more than DAYS days ago.")
@options.account
@options.as_json
def runs(*, prune: int | None, as_json: bool, **values: Any) -> int:
    """List the runs of this machine, the latest first. They are kept until you delete them; open ones always are.

    \b
    Examples:
      importer runs
      importer runs --prune 365
    """
    folder = options.to_account(values).folder
    if prune is not None:
        say(f"Deleted {importer.prune_runs(prune, folder=folder):,} runs.")
    every = importer.list_runs(folder=folder)
    if as_json:
        print_json({"runs": [importer.run_to_dict(run) for run in every]})
        return 0
    if not every:
        say("There are no runs yet.")
    for run in every:
        when = f"{datetime.fromtimestamp(run.started_at):%Y-%m-%d %H:%M}"  # noqa: DTZ006  (for a person: local time)
        print_result(
            f"{run.id}  {when}  {run.state.value:<8}  {importer.describe_run(run)}, {run.endpoint}, {run.rows:,} rows, "
            f"as {run.account_name}"
        )
    return 0


@click.command(short_help="Show what became of a run, and write its result again.")
@click.argument("run")
@options.account
@options.output("its result workbook again")
@options.as_json
def show(*, run: str, output: Path | None, as_json: bool, **values: Any) -> int:
    """Show what became of RUN. With -o its result workbook is written again, even if the file itself is gone.

    \b
    Examples:
      importer show 20261122-143005-3f9a
      importer show 20261122-143005-3f9a -o result.xlsx
    """
    report = importer.show(run, folder=options.to_account(values).folder)
    result = report.write_with_note(output) if output else None
    if result is not None and result.note:
        say(result.note)
    written = None if result is None else result.path
    if not as_json:
        for fact in report.facts:
            say(fact)
    say_report(report)
    if as_json:
        print_json(report.to_dict(written) | {"attempts": report.attempts_list()})
    elif written is not None:
        print_result(str(written))
    return 0
