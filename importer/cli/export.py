"""`importer export`: what the account holds, all of it or as lists and reports. One command for each of them."""

import sys
from pathlib import Path
from typing import Any, BinaryIO

import click

import importer
from importer.cli import options
from importer.cli.command_group import OrderedGroup
from importer.cli.export_report import skill_report
from importer.cli.filters import CREATED, PEOPLE, SKILLS, UPDATED, filters, to_export_options
from importer.cli.output import print_json, print_result, say, say_lines
from importer.cli.progress import export_progress
from importer.messages import about_exports

_STREAM = Path("-")
_FORMATS = ("xlsx", "csv", "parquet", "jsonl")


@click.group(cls=OrderedGroup, short_help="Write what the account holds: all of it, lists, a matrix, a report.")
def export() -> None:
    """Write what the account holds as a file. Sends no write.

    `importer export all` writes everything as one workbook, which can be loaded into another account. A list can be
    loaded as it is: into the same account there is nothing to do, and into another one with --match names. The ending
    of the file's name says the format: .xlsx, .csv, .parquet, or .jsonl for JSON lines.

    \b
    Examples:
      importer export all
      importer export skill-memberships
      importer export skill-memberships -o skills.csv --group "Cloud Practice" --active-only
      importer export user-group-memberships -o - | head
      importer export skill-matrix --department "Company > Technology"
      importer export skill-report --targets targets.xlsx
    """


@export.command("all", short_help="The whole account as one workbook, with a sheet for each list.")
@options.output("the workbook; account.xlsx in this folder when left out")
@click.option("--format", "form", type=click.Choice(_FORMATS), hidden=True)
@options.as_json
@options.connection
def everything(*, output: Path | None, form: str | None, as_json: bool, **values: Any) -> int:
    """Write the whole account as one workbook: its people, skills, groups and organizations, and all memberships, with
    a sheet for each. Sends no write.

    The first sheet, About, tells what each sheet holds and how to load the workbook into this account or another one.
    Loaded into this account as it is, it changes nothing.

    \b
    Examples:
      importer export all
      importer export all -o account-2026.xlsx
    """
    if form not in (None, "xlsx"):
        raise about_exports.only_a_workbook(str(form))
    account = options.open_account(values)
    say(f"As {account.name}.")
    with export_progress() as watch:
        written = account.export_all(output or Path("account.xlsx"), on_progress=watch)
    say_lines(written.notes)
    if as_json:
        print_json(
            {
                "what": "all",
                "file": str(written.path),
                "format": "xlsx",
                "sheets": dict(written.sheets),
                "records": written.records,
                "verified": written.is_verified,
                "requests": written.requests,
                "notes": list(written.notes),
            }
        )
    else:
        print_result(str(written.path))
    return 0


def _list(name: str, says: str, examples: str, *add: Any) -> None:
    """Add the command that writes one list, with the filters that make sense for it."""

    def run(*, output: Path | None, form: str | None, as_json: bool, **values: Any) -> int:
        return _export_list(name, output, form, as_json=as_json, values=values)

    run.__doc__ = f"{says} Sends no write.\n\n\b\nExamples:\n" + "\n".join(
        f"  importer export {name}{' ' if each else ''}{each}" for each in ("", *examples.splitlines())
    )
    where = options.output(f"the list, or - for standard output; {name}.xlsx in this folder when left out")
    form = click.option(
        "--format", "form", type=click.Choice(_FORMATS), help="The format, where the ending of the name does not tell."
    )
    command: Any = run
    for each in reversed((where, form, *add, options.as_json, options.connection)):
        command = each(command)
    export.add_command(click.command(name, short_help=says)(command))


def _export_list(name: str, output: Path | None, form: str | None, *, as_json: bool, values: dict[str, Any]) -> int:
    is_stream = output == _STREAM
    if is_stream and as_json:
        raise about_exports.two_on_standard_output()
    path = None if is_stream else output or Path(f"{name}.{form or 'xlsx'}")
    target = importer.Target(path, importer.export_format(path, form), _stdout() if is_stream else None)
    account = options.open_account(values)
    say(f"As {account.name}.")
    with export_progress() as watch:
        listing = account.export_list(name, target, on_progress=watch, **to_export_options(values))
    say_lines(listing.notes)
    if as_json:
        print_json(
            {
                "what": name,
                "file": str(listing.path),
                "format": listing.format,
                "records": listing.records,
                "verified": listing.is_verified,
                "requests": listing.requests,
                "notes": list(listing.notes),
            }
        )
    elif listing.path is not None:
        print_result(str(listing.path))
    return 0


def _stdout() -> BinaryIO:
    """Where the bytes of a list go."""
    return sys.stdout.buffer


_list(
    "skill-memberships",
    "Who has which skill, and how well.",
    "-o skills.csv --active-only\n-o skills.parquet --category Language --created-after 2026-01-01\n"
    "--user dana@example.com",
    filters(*PEOPLE, *SKILLS, *CREATED, *UPDATED),
)
_list(
    "user-group-memberships",
    "Who is in which group.",
    '-o groups.csv\n--group "Cloud Practice"',
    filters(*PEOPLE, *CREATED, group="Only this group."),
)
_list(
    "organization-memberships",
    "The geography and department of people and projects.",
    '--member-type User\n-o delivery.xlsx --department "Company > Consulting"',
    filters(
        *PEOPLE,
        *("member-type", "primary", *CREATED, *UPDATED),
        department="Only this department, or one that lies in it.",
        geography="Only this geography, or one that lies in it.",
        project="Only this project.",
    ),
)
_list(
    "users",
    "The people of the account, and where they are.",
    "-o people.jsonl --active-only\n--skill Python",
    filters(
        *PEOPLE,
        *SKILLS,
        *CREATED,
        *UPDATED,
        "matching",
        skill="Only people with this skill.",
        category="Only people with a skill of this category.",
    ),
)
_list(
    "skills",
    "The skills of the account, by category.",
    "-o skills.csv --category Language",
    filters(*SKILLS, *CREATED, *UPDATED, "matching"),
)
_list(
    "groups",
    "The groups of the account.",
    "--companies-only",
    filters("group", "companies-only", *CREATED, *UPDATED, "matching", group="Only this group."),
)
_list(
    "organizations",
    "The places of the geography and the department tree.",
    '--tree Geography\n--department "Company > Technology"',
    filters(
        *("department", "geography", "tree", *CREATED, *UPDATED, "matching"),
        department="Only this department, and those that lie in it.",
        geography="Only this geography, and those that lie in it.",
    ),
)


@export.command("skill-matrix", short_help="People down, skills across, levels in the cells: a workbook.")
@options.output("the workbook; skill-matrix.xlsx in this folder when left out")
@filters(*PEOPLE, *SKILLS)
@options.as_json
@options.connection
def skill_matrix(*, output: Path | None, as_json: bool, **values: Any) -> int:
    """Write who has which skill, and how well, as a matrix: people down with their title, department and geography,
    skills across under their categories. Sends no write.

    It can be changed and loaded: a level for a level, a new one in a blank cell, the word remove to take one away.
    Loaded unchanged it changes nothing.

    \b
    Examples:
      importer export skill-matrix
      importer export skill-matrix -o cloud.xlsx --group "Cloud Practice" --active-only
      importer export skill-matrix --department "Company > Technology" --category Language
    """
    account = options.open_account(values)
    say(f"As {account.name}.")
    with export_progress() as watch:
        path = output or Path("skill-matrix.xlsx")
        matrix = account.export_matrix(path, on_progress=watch, **to_export_options(values))
    say_lines(matrix.notes)
    if as_json:
        counts = {"people": matrix.people, "skills": matrix.skills, "levels": matrix.levels}
        print_json(
            {
                "what": "skill-matrix",
                "file": str(matrix.path),
                **counts,
                "verified": matrix.is_verified,
                "requests": matrix.requests,
                "notes": list(matrix.notes),
            }
        )
    else:
        print_result(str(matrix.path))
    return 0


export.add_command(skill_report)
