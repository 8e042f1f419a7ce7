"""`importer check`: every mistake in a file, with its cell. Sends nothing."""

from typing import Any

import click

import importer
from importer.cli import options
from importer.cli.output import print_json, say, say_lines, say_problems, say_tables


@click.command(short_help="List every mistake in a file, with its cell; sends nothing.")
@options.file
@options.connection
@click.option("--explain", is_flag=True, help="Say how the file was read, column by column, and what spoke for it.")
@options.as_json
def check(*, as_json: bool, explain: bool, **values: Any) -> int:
    """List every mistake in FILE, with its cell and what to do about it. Sends nothing.

    FILE is an Excel workbook, an OpenDocument sheet, a text file (.csv, .tsv, .txt), or an export (.jsonl, .parquet).
    We read the account only where names or e-mails must be looked up.

    \b
    Examples:
      importer check skills.xlsx
      importer check people.csv --as user-group-memberships --json
      importer check team.xlsx --explain
    """
    account = options.to_account(values)
    checks = options.with_answers(
        values, options.to_tables(values, account), account, lambda tables: list(map(account.check, tables))
    )
    if any(checked.is_offline for checked in checks):
        say("There is no token, so we did not compare names with the ids beside them.")
    code = 3 if any(checked.problem_list for checked in checks) else 0
    if as_json:
        print_json(importer.checks_to_dict(checks, explain=explain))
        return code
    for checked in checks:
        say_tables([checked], "--json lists all of it.")
        if explain:
            say("How it was read:")
            say_lines(checked.explanation)
        say_problems(checked.problem_list, "--json lists them all.")
    return code
