"""`importer apply`: plan, show, confirm, send, write the result workbook."""

from pathlib import Path
from typing import Any

import click

from importer.cli import options
from importer.cli.alias_prompts import remember_meanings
from importer.cli.confirm import confirm, confirm_accidents, confirm_removals
from importer.cli.output import say, say_plan, say_problems, say_removals, say_table
from importer.cli.plan import show_plan
from importer.cli.progress import watch
from importer.cli.recover_runs import recover_stopped_runs
from importer.cli.report_run import report_run
from importer.errors import Guarded


@click.command(short_help="Show what a file would change, ask, send it, and write the result workbook.")
@options.reading
@options.mode
@options.removals
@options.accidents
@options.yes
@click.option("--dry-run", is_flag=True, help="Only show what would change, as `importer plan`.")
@click.option("--all-or-nothing", is_flag=True, help="Send nothing if any row has a problem.")
@options.connection
@options.settling
@options.output("the result workbook")
@options.as_json
def apply(*, mode: str, max_removals: int, output: Path | None, as_json: bool, **given: Any) -> int:
    """Load FILE: show what would change, ask, send it, and write a workbook with the outcome of every row.

    FILE is a list, a matrix, a result workbook that you have corrected (in your own sheets or on "To fix"), or a plan
    workbook. The result of an .xlsx is your own workbook with its cells marked. Loading the same file again changes
    nothing. Ctrl-C settles what is in flight and stops; `importer resume` goes on.

    A file that looks like a mistake as a whole (levels a row off, say, or a column lost) stops with the numbers, and
    goes on where --accept says that it is meant.

    \b
    Examples:
      importer apply skills.xlsx
      importer apply skills.csv --mode add --yes --json
      importer apply team.xlsx --mode mirror --max-removals 5
      importer apply team.xlsx --yes --accept shifted
      importer apply skills.result.xlsx      the rows that you have corrected
    """
    if given["dry_run"]:
        return show_plan(mode, max_removals, output, given, as_json=as_json)
    draft = options.to_draft(given)
    from importer import pipeline  # noqa: PLC0415  (imports pandas)

    access = pipeline.open_access(options.to_connection(given))
    with pipeline.lock_account(access, f"apply {draft.table.source.name}") as means:
        recover_stopped_runs(means)
        aliases = options.to_aliases(given)
        checked = pipeline.check_for(draft, access, aliases)
        if checked.aliases and remember_meanings(checked.aliases, checked.unresolved, yes=given["yes"]):
            checked = pipeline.check_for(draft, access, aliases)
        checked, ready = pipeline.prepare(checked, access, mode)
        say_table(checked)
        say_problems(checked.problems, "the result workbook lists them all.")
        say_plan(ready.plan, access.account)
        say_removals(ready.removals)
        accidents = pipeline.check_anomalies(ready, checked, pipeline.last_input(means.journal, ready))
        target = pipeline.result_path(ready.given, output)
        problems = checked.problems
        guarded = given["all_or_nothing"] and bool(problems)
        sends = bool(ready.writes) and not guarded
        if not guarded:
            confirm_accidents(accidents, given["accept"], yes=given["yes"])
            ready = pipeline.record_accepted(ready, accidents)
        if sends:
            confirm_removals(len(ready.removals), max_removals, yes=given["yes"])
            confirm(f"Send {pipeline.forecast_sentence(ready)}?", yes=given["yes"])
        load = pipeline.begin(ready, means)
        del draft, checked, ready, access  # the run holds what it needs; the rest would stay in memory to its end
        if sends:
            watch(load, quiet=as_json)
        else:
            load.leave()
            say("Nothing was sent, because of --all-or-nothing." if guarded else "There is nothing to send.")
        code = Guarded.exit_code if guarded else None
        return report_run(load, target, already_told=problems, as_json=as_json, code=code)
