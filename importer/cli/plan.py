"""`importer plan`: what a file would change. Reads the account, sends no write."""

from pathlib import Path
from typing import Any

import click

from importer.cli import options
from importer.cli.ending import give_result
from importer.cli.output import (
    print_result,
    say,
    say_anomalies,
    say_plan,
    say_problems,
    say_removals,
    say_tables,
)
from importer.messages import about_plans


@click.command(short_help="Show what a file would change; sends no write.")
@options.file
@options.creation
@options.mode
@options.on_conflict
@options.removals
@options.accept
@options.connection
@options.output("the plan workbook")
@click.option("--ask-approval", is_flag=True, help="Approve nothing in the plan workbook: a person says yes there.")
@options.notify_command
@options.as_json
def plan(*, mode: str, max_removals: int, output: Path | None, as_json: bool, **values: Any) -> int:
    """Show what FILE would change in the account, row by row. Reads the account and sends no write.

    With -o the plan is written as a workbook, which `apply` takes, also on another machine. It sends the lines that say
    yes in the column Approve, where the account still holds what it held; a line that was edited is not sent.

    \b
    Examples:
      importer plan skills.xlsx
      importer plan skills.xlsx -o skills.plan.xlsx
      importer plan skills.xlsx -o skills.plan.xlsx --ask-approval
    """
    if values["ask_approval"] and output is None:
        raise about_plans.approval_needs_a_workbook()
    return show_plan(mode, max_removals, output, values, as_json=as_json)


def show_plan(mode: str, max_removals: int, output: Path | None, values: options.Values, *, as_json: bool) -> int:
    """Make the plan, show it, write its workbook if asked to; `apply --dry-run` does the same."""
    account = options.open_account(values)
    plan = options.with_answers(
        values,
        options.to_tables(values, account),
        account,
        lambda tables: account.plan_all(tables, mode=mode, on_conflict=values["on_conflict"]),
    )
    asks, accept = values.get("ask_approval", False), values["accept"]
    written = None if output is None else plan.write(output, ask_approval=asks, accept=accept)
    code = 3 if plan.problem_list else 0
    give_result(
        lambda: plan.to_dict() | {"result": None if written is None else str(written), "exit": code}, as_json=as_json
    )
    if not as_json:
        say_tables(plan.checks, "--json lists all of it.")
        say_problems(plan.problem_list, "--json lists them all.")
        say_plan(plan)
        say_removals(list(plan.removals.values()))
        say_anomalies(plan.anomalies)
        say(f"To send: {plan.forecast_sentence}." if plan.writes else "There is nothing to send.")
        if len(plan.removals) > max_removals:
            say(f"apply would stop: so many removals need --max-removals {len(plan.removals)}.")
        left = ",".join(each.code.value for each in plan.anomalies if each.code not in values["accept"])
        if left:
            say(f"apply would stop, unless you say --accept {left}.")
        if written:
            print_result(str(written))
    return code
