"""`importer export`: what the account holds, as lists and reports. One command for each thing that can be had."""

import click

from importer.cli.show import InOrder


@click.group(cls=InOrder, short_help="Write what the account holds: lists, a skill matrix, a skill report.")
def export() -> None:
    """Write what the account holds as a file. Sends no write.

    A list can be loaded as it is: into the same account there is nothing to do, and into another one with --match
    names.

    \b
    Examples:
      importer export skill-memberships
      importer export skill-matrix --group "Cloud Practice"
    """
