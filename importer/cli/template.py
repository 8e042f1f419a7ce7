"""`importer template`: a workbook to fill in."""

from functools import partial
from pathlib import Path

import click

from importer.cli import options
from importer.cli.show import give, say
from importer.endpoints import names


@click.command(short_help="Write a workbook to fill in.")
@click.argument("endpoint", type=click.Choice(names()))
@options.output("the template; ENDPOINT.xlsx in this folder when left out")
def template(*, endpoint: str, output: Path | None) -> int:
    """Write a workbook to fill in for ENDPOINT: headers with notes, drop-downs, an example row, instructions.

    \b
    Examples:
      importer template skill-memberships
      importer template organization-memberships -o regions.xlsx
    """
    from importer.endpoints import load  # noqa: PLC0415  (imports pandas)
    from importer.table.output import put  # noqa: PLC0415
    from importer.table.template import write_template  # noqa: PLC0415

    written = put(output or Path(f"{endpoint}.xlsx"), partial(write_template, load(endpoint)))
    say("Fill the sheet in, then run: importer check " + str(written))
    give(str(written))
    return 0
