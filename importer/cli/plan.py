"""`importer plan`: what a file would change. Reads the account, sends no write."""

from pathlib import Path
from typing import Any

import click

from importer.cli import options
from importer.cli.output import (
    accidents_json,
    checked_json,
    plan_json,
    print_json,
    print_result,
    say,
    say_accidents,
    say_plan,
    say_problems,
    say_removals,
    say_table,
)


@click.command(short_help="Show what a file would change; sends no write.")
@options.reading
@options.mode
@options.removals
@options.accidents
@options.connection
@options.output("the plan workbook")
@options.as_json
def plan(*, mode: str, max_removals: int, output: Path | None, as_json: bool, **given: Any) -> int:
    """Show what FILE would change in the account, row by row. Reads the account and sends no write.

    With -o the plan is written as a workbook, which `apply` takes; rows that you delete from it are left out.

    \b
    Examples:
      importer plan skills.xlsx
      importer plan skills.xlsx -o skills.plan.xlsx
    """
    return show_plan(mode, max_removals, output, given, as_json=as_json)


def show_plan(mode: str, max_removals: int, output: Path | None, given: options.Given, *, as_json: bool) -> int:
    """Make the plan, show it, write its workbook if asked to; `apply --dry-run` does the same."""
    draft = options.to_draft(given)
    from importer import pipeline  # noqa: PLC0415  (imports pandas)

    access = pipeline.open_access(options.to_connection(given))
    checked = pipeline.check_for(draft, access, options.to_aliases(given))
    checked, ready = pipeline.prepare(checked, access, mode)
    accidents = pipeline.check_anomalies(ready, checked, pipeline.last_input_on_disk(ready))
    written = None if output is None else pipeline.write_plan_workbook(ready, output)
    forecast = pipeline.forecast(ready)
    if as_json:
        told = checked_json(checked) | plan_json(ready.plan, forecast) | {"removals": list(ready.removals.values())}
        told |= accidents_json(accidents)
        print_json(told | {"result": None if written is None else str(written)})
    else:
        say_table(checked)
        say_problems(checked.problems, "--json lists them all.")
        say_plan(ready.plan, access.account)
        say_removals(ready.removals)
        say_accidents(accidents)
        say(f"To send: {pipeline.forecast_sentence(ready)}." if ready.writes else "There is nothing to send.")
        if len(ready.removals) > max_removals:
            say(f"apply would stop: so many removals need --max-removals {len(ready.removals)}.")
        left = ",".join(each.code.value for each in accidents if each.code not in given["accept"])
        if left:
            say(f"apply would stop, unless you say --accept {left}.")
        if written:
            print_result(str(written))
    return 3 if checked.problems else 0
