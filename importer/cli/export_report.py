"""`importer export skill-report`: the account's skills as a workbook or a page to look at."""

from pathlib import Path
from typing import Any

import click

import importer
from importer.cli import options
from importer.cli.filters import SELECTION, filters, to_selection
from importer.cli.output import print_json, print_result, say, say_lines, say_problems
from importer.cli.progress import export_progress

_FILE = click.Path(path_type=Path)


@click.command("skill-report", short_help="Who can do what, how well, and where it is missing: a workbook or a page.")
@options.output("the report, .xlsx for a workbook, .html for a page; skill-report.xlsx in this folder when left out")
@click.option(
    "--targets",
    metavar="FILE",
    type=_FILE,
    help="A sheet of what is wanted, under the headers skill, level and how many (and category where skills share a "
    "name). The report then shows the gaps.",
)
@click.option(
    "--since",
    metavar="FILE",
    type=_FILE,
    help="An earlier export of skill-memberships, of the skill-matrix, or an earlier skill-report. The report then "
    "shows what has changed.",
)
@filters(*SELECTION)
@options.connection
@options.as_json
def skill_report(*, output: Path | None, targets: Path | None, since: Path | None, as_json: bool, **values: Any) -> int:
    """Write a report on the account's skills that needs no explanation: skills by coverage and level, people by breadth
    and depth, skills that hang on one person, levels by category, department, geography and group.

    Inactive people are left out. The filters choose people and skills; several of one kind are alternatives.

    \b
    Examples:
      importer export skill-report
      importer export skill-report -o report.html
      importer export skill-report --targets targets.xlsx --since skill-report-2025.xlsx
      importer export skill-report --department "Company > Technology" --category Language
    """
    path = output or Path("skill-report.xlsx")
    importer.check_report_path(path)
    account = options.open_account(values)
    say(f"As {account.name}.")
    with export_progress() as watch:
        against = importer.Against(targets, since)
        report = account.report_skills(against, on_progress=watch, **to_selection(values))
        written = importer.write_report(report, path)
    figures = {figure.name: figure.value for figure in report.report.figures}
    say_lines([*_sentences(figures), *report.report.notes])
    if as_json:
        print_json(
            {
                "report": str(written),
                "numbers": figures,
                "verified": report.is_verified,
                "requests": report.requests,
                "notes": list(report.report.notes),
                "problems": [importer.problem_to_dict(each) for each in report.problems],
            }
        )
        return 3 if report.problems else 0
    say_problems(report.problems, "--json lists them all.")
    print_result(str(written))
    return 3 if report.problems else 0


def _sentences(figures: dict[str, int | float | None]) -> list[str]:
    """The numbers that matter most, for a terminal."""
    in_use = f"{figures['SkillsInUse']:,} skills in use, {figures['MembershipCount']:,} memberships"
    single, nobody = figures["SkillsOfOnePerson"], figures["SkillsNobodyHas"]
    return [
        f"{figures['PeopleCount']:,} people, {in_use}.",
        f"Skills that one person alone has: {single:,}; that nobody has: {nobody:,}.",
    ]
