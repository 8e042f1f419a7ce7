"""`importer check`: every mistake in a file, with its cell. Sends nothing."""

from typing import Any

import click

from importer.cli import options
from importer.cli.output import checked_json, print_json, say, say_problems, say_table
from importer.errors import Denied


@click.command(short_help="List every mistake in a file, with its cell; sends nothing.")
@options.reading
@options.connection
@options.as_json
def check(*, as_json: bool, **given: Any) -> int:
    """List every mistake in FILE, with its cell and what to do about it. Sends nothing.

    FILE is an Excel workbook, an OpenDocument sheet, a text file (.csv, .tsv, .txt), or an export (.jsonl, .parquet).
    An account is asked only where names or e-mails must be looked up.

    \b
    Examples:
      importer check skills.xlsx
      importer check people.csv --as user-group-memberships --json
    """
    draft = options.to_draft(given)
    from importer import pipeline  # noqa: PLC0415  (imports pandas, half a second that --help does not need)

    client = None
    if pipeline.names_something(draft):
        try:
            client = pipeline.connect(options.to_connection(given))
        except Denied:
            if pipeline.asks_account(draft):
                raise
            say("There is no token, so we did not compare names with the ids beside them.")
    checked = pipeline.check(draft, client, options.to_aliases(given))
    if as_json:
        print_json(checked_json(checked))
    else:
        say_table(checked)
        say_problems(checked.problems, "--json lists them all.")
    return 3 if checked.problems else 0
