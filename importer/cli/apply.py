"""`importer apply`: plan, show, confirm, send, write the result workbook."""

from pathlib import Path
from typing import Any

import click

from importer.cli import options
from importer.cli.alias_prompts import choose_meanings
from importer.cli.confirm import confirm_anomalies, confirm_removals, confirm_sending
from importer.cli.output import say, say_plan, say_problems, say_recovery, say_removals, say_tables
from importer.cli.plan import show_plan
from importer.cli.progress import Progress
from importer.cli.report_run import report_run


@click.command(short_help="Show what a file would change, ask, send it, and write the result workbook.")
@options.file
@options.creation
@options.mode
@options.on_conflict
@options.removals
@options.accept
@options.yes
@click.option("--dry-run", is_flag=True, help="Only show what would change, as `importer plan`.")
@click.option("--all-or-nothing", is_flag=True, help="Send nothing if any row has a problem.")
@options.connection
@options.settle_wait
@options.output("the result workbook")
@options.notify_command
@options.as_json
def apply(*, mode: str, max_removals: int, output: Path | None, as_json: bool, **values: Any) -> int:
    """Load each FILE: show what would change, ask, send it, and write a workbook with the outcome of every row.

    FILE is a list, a matrix, a result workbook that you have corrected (in your own sheets or on "To fix"), or a plan
    workbook. The result of an .xlsx is your own workbook with its cells marked. Loading the same file again changes
    nothing. Ctrl-C settles what is in flight and stops; `importer resume` finishes the run.

    A file that was exported from Kantata is compared with what the account held then: what somebody else has changed
    since stays, and where both changed a record, Kantata's stays, as a conflict (see --on-conflict).

    Several files, or the workbook of `importer export all`, are loaded in the order in which they need each other:
    skills, places and groups first, then who has them. With --create-missing, what names lack in the account is made
    first. One run, one result, and one undo for all of it.

    If the file as a whole looks like a mistake (the levels are one row off, say, or a column is missing), we show the
    numbers and stop, unless --accept says that it is intended.

    \b
    Examples:
      importer apply skills.xlsx
      importer apply skills.csv --mode add --yes --json
      importer apply team.xlsx --mode mirror --max-removals 5
      importer apply team.xlsx --yes --accept shifted
      importer apply skills.result.xlsx      the rows that you have corrected
      importer apply team.xlsx --create-missing skills --new-skill-category Skill
      importer apply account.xlsx --match names --create-missing all
    """
    if values["dry_run"]:
        return show_plan(mode, max_removals, output, values, as_json=as_json)
    account = options.open_account(values)
    tables, yes = options.to_tables(values, account), values["yes"]
    with account.lock(f"apply {tables[0].name}"):
        account.recover_runs(say_recovery)
        plan = options.with_answers(
            values,
            tables,
            account,
            lambda tables: account.plan_all(
                tables,
                mode=mode,
                on_conflict=values["on_conflict"],
                on_unclear_names=lambda check: choose_meanings(check, yes=yes),
            ),
        )
        del tables  # what is read of a large file would else stay in memory while it is sent
        say_tables(plan.checks, "the sheet Summary of the result workbook lists all of it.")
        say_problems(plan.problem_list, "the result workbook lists them all.")
        say_plan(plan)
        say_removals(list(plan.removals.values()))
        target, problems = plan.result_path(output), plan.problem_list
        holds_back, accept = plan.holds_back(all_or_nothing=values["all_or_nothing"]), values["accept"]
        if not holds_back:
            plan.guard_approval()
            accept = confirm_anomalies(plan, accept, yes=yes)
            max_removals = confirm_removals(plan, max_removals, yes=yes)
        if plan.writes and not holds_back:
            confirm_sending(plan, yes=yes)
        else:
            say("Nothing was sent, because of --all-or-nothing." if holds_back else "There is nothing to send.")
        with Progress(quiet=as_json) as progress:
            report = plan.apply(
                max_removals=max_removals,
                accept=accept,
                all_or_nothing=values["all_or_nothing"],
                on_event=progress.show,
            )
        del plan
        return report_run(report, target, known_problems=problems, as_json=as_json)
