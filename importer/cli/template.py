"""`importer template`: a workbook to fill in, blank or with what the account holds."""

from pathlib import Path
from typing import Any

import click

import importer
from importer.cli import options
from importer.cli.filters import SELECTION, filters, to_selection
from importer.cli.output import print_result, say, say_lines
from importer.messages import about_exports

_MATRIX = "skill-matrix"


@click.command(short_help="Write a workbook to fill in.")
@click.argument("endpoint", metavar="ENDPOINT", type=click.Choice(importer.endpoint_names()))
@options.output("the template; ENDPOINT.xlsx (skill-matrix.xlsx for a matrix) in this folder when left out")
@click.option("--matrix", is_flag=True, help="People down and skills across, with a level in each cell.")
@click.option("--live", is_flag=True, help="With the account's own people, skills, groups, and what they hold now.")
@filters(*SELECTION)
@options.connection
def template(*, endpoint: str, output: Path | None, matrix: bool, live: bool, **values: Any) -> int:
    """Write a workbook to fill in for ENDPOINT: headers with notes, drop-downs, an example row, instructions.

    ENDPOINT is what you want to load, such as skill-memberships; `importer endpoints` lists them.

    With --live it holds what the account holds now, to be changed and loaded again: loaded unchanged it changes
    nothing. Inactive people are left out. The filters choose people and skills; several of one kind are alternatives.

    \b
    Examples:
      importer template skill-memberships
      importer template organization-memberships -o regions.xlsx
      importer template skill-memberships --matrix
      importer template skill-memberships --matrix --live --group "Cloud Practice"
      importer template skill-memberships --matrix --live --department "Company > Technology" --category Language
      importer template user-group-memberships --live
      importer template skills --live
    """
    selection = to_selection(values)
    path = output or Path(f"{_MATRIX if matrix else endpoint}.xlsx")
    if live:
        account = options.open_account(values)
        workbook = account.write_template(endpoint, path, matrix=matrix, **selection)
        say(f"As {account.name}.")
        say_lines(workbook.notes)
        say("Change the cells that should change, then run: " + _check_command(workbook.path))
    elif any(selection.values()):
        raise about_exports.filters_need_account()
    else:
        workbook = importer.write_template(endpoint, path, matrix=matrix)
        say("Fill the sheet in, then run: " + _check_command(workbook.path))
    print_result(str(workbook.path))
    return 0


def _check_command(path: Path) -> str:
    return f"importer check {importer.quote_for_terminal(str(path))}"
