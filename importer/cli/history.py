"""`importer runs` and `importer show`: what was done, and what became of it. Needs no account."""

import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer.cli import options
from importer.cli.output import print_json, print_result, say
from importer.cli.report_run import ended_json, say_end
from importer.messages.phrases import describe_run

if TYPE_CHECKING:
    from importer.sync.journal import Attempt, Run

_DAY_S = 86_400


@click.command(short_help="List the runs, the latest first.")
@click.option("--prune", type=click.IntRange(0), metavar="DAYS", help="Delete runs that began more than DAYS days ago.")
@options.account
@options.as_json
def runs(*, prune: int | None, as_json: bool, **given: Any) -> int:
    """List the runs of this machine, the latest first. They are kept until you delete them; open ones always are.

    \b
    Examples:
      importer runs
      importer runs --prune 365
    """
    from importer import pipeline  # noqa: PLC0415  (imports pandas)

    with pipeline.open_journal(options.to_settings(given)) as journal:
        if prune is not None:
            say(f"Deleted {pipeline.prune(journal, time.time() - prune * _DAY_S):,} runs.")
        every = journal.runs()
    if as_json:
        print_json({"runs": [_run_json(run) for run in every]})
        return 0
    if not every:
        say("There are no runs yet.")
    for run in every:
        when = f"{datetime.fromtimestamp(run.started_at):%Y-%m-%d %H:%M}"  # noqa: DTZ006  (for a person: local time)
        print_result(
            f"{run.id}  {when}  {run.state.value:<8}  {describe_run(run)}, {run.endpoint}, {run.rows:,} rows, "
            f"as {run.account_name}"
        )
    return 0


@click.command(short_help="Show what became of a run, and write its result again.")
@click.argument("run")
@options.account
@options.output("its result workbook again")
@options.as_json
def show(*, run: str, output: Path | None, as_json: bool, **given: Any) -> int:
    """Show what became of RUN. With -o its result workbook is written again, even if the file itself is gone.

    \b
    Examples:
      importer show 20261122-143005-3f9a
      importer show 20261122-143005-3f9a -o result.xlsx
    """
    from importer import pipeline  # noqa: PLC0415  (imports pandas)
    from importer.pipeline import run_summary  # noqa: PLC0415

    with pipeline.open_journal(options.to_settings(given)) as journal:
        recorded = pipeline.load_run_record(journal, run)
    end = run_summary.RunSummary(
        recorded.run,
        recorded.given,
        recorded.results,
        recorded.run.requests or {},
        recorded.run.finished_at or recorded.run.started_at,
        receipt=recorded.receipt,
    )
    result = pipeline.write_result_workbook(end, output) if output else None
    if result is not None and result.note:
        say(result.note)
    written = None if result is None else result.path
    if as_json:
        told = ended_json(end, None if written is None else str(written))
        print_json(told | {"attempts": [_attempt_json(attempt) for attempt in recorded.attempts]})
    else:
        source = recorded.given.table.source
        unanswered = sum(attempt.verdict in (None, "in doubt") for attempt in recorded.attempts)
        say(f"{recorded.run.kind} {source.told}, {recorded.run.endpoint}, {len(recorded.given.refs):,} rows.")
        say(f"As {recorded.run.account_name}. {recorded.run.state.value}.")
        say(f"{len(recorded.attempts):,} writes were sent, {unanswered:,} of them without an answer.")
        say_end(end, written, (), as_json=False)
    return 0


def _attempt_json(attempt: "Attempt") -> dict[str, Any]:
    return {
        "action": attempt.action.value,
        "rows": attempt.refs,
        "sent": attempt.sent_at,
        "answered": attempt.answered_at,
        "status": attempt.status,
        "request_id": attempt.request_id,
        "verdict": attempt.verdict,
    }


def _run_json(run: "Run") -> dict[str, Any]:
    return {
        "run": run.id,
        "kind": run.kind,
        "undoes": run.undoes,
        "state": run.state.value,
        "endpoint": run.endpoint,
        "mode": run.mode,
        "file": run.file,
        "sheet": run.sheet,
        "account": run.account,
        "account_name": run.account_name,
        "rows": run.rows,
        "started": run.started_at,
        "finished": run.finished_at,
        "requests": dict(run.requests or {}),
    }
