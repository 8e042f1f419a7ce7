"""What is printed: sentences for people on stderr, the result on stdout. Knows how things are said, decides nothing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from importer.errors import ImporterError, Suspected
from importer.messages.phrases import plan_counts, table_sentence
from importer.table import TO_FIX
from importer.text import fold

if TYPE_CHECKING:
    from importer.kantata.client import Account
    from importer.model import CellRef, Problem
    from importer.sync.anomalies.anomaly import Anomaly
    from importer.sync.plan import Plan
    from importer.table import SheetSummary
    from importer.validation.schema import CheckedTable

_PROBLEMS_SHOWN = 25
_REMOVALS_SHOWN = 25


class InOrder(click.Group):
    """A group whose help lists commands as they are used, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """The commands in the order in which they were added."""
        return list(self.commands)


def say(text: str = "") -> None:
    """Print a line for people."""
    click.echo(text, err=True)


def print_result(text: str) -> None:
    """Print the result."""
    click.echo(text)


def print_json(value: Mapping[str, Any]) -> None:
    """Print the result as one JSON object."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def print_failure(error: ImporterError, *, as_json: bool) -> None:
    """Say why it could not go on, and what to do."""
    say(str(error))
    if as_json:
        told = {"accidents": list(error.accidents)} if isinstance(error, Suspected) else {}
        print_json({"error": error.message, "fix": error.fix, "exit": error.exit_code, **told})


def say_table(checked: "CheckedTable") -> None:
    """Say which table was read and how much of it is right."""
    say(table_sentence(checked))
    say_lines(checked.notes)


def say_lines(lines: Iterable[str]) -> None:
    """Print sentences, indented."""
    for line in lines:
        say(f"  {line}")


def say_problems(problems: Sequence["Problem"], where_all: str) -> None:
    """Print the first problems, each with its place and remedy, and say where all of them are."""
    if not problems:
        return
    say("Problems:")
    several = len({problem.sheet for problem in problems}) > 1 or problems[0].sheet == TO_FIX
    say_lines(
        f'Sheet "{problem.sheet}", {problem}' if several and problem.sheet else str(problem)
        for problem in problems[:_PROBLEMS_SHOWN]
    )
    if len(problems) > _PROBLEMS_SHOWN:
        say(f"  ... and {len(problems) - _PROBLEMS_SHOWN:,} more; {where_all}")


def say_plan(plan: "Plan", account: "Account") -> None:
    """Say in whose name what would change."""
    say(f"As {account}.")
    counts = plan_counts(plan)
    wrong = counts.pop("with problems", 0)
    told = [f"{name} {count:,}" for name, count in counts.items()] + ([f"{wrong:,} with problems"] if wrong else [])
    say("  " + "   ".join(told))
    say_lines(plan.notes)


def say_removals(removals: "Mapping[CellRef, str]") -> None:
    """Say which records would be removed."""
    if removals:
        say(f"To be removed ({len(removals):,}):")
        say_lines(list(removals.values())[:_REMOVALS_SHOWN])
    if len(removals) > _REMOVALS_SHOWN:
        say(f"  ... and {len(removals) - _REMOVALS_SHOWN:,} more; `importer plan -o FILE` writes them all.")


def say_accidents(accidents: Sequence["Anomaly"]) -> None:
    """Say what looks like an accident."""
    if accidents:
        say("This looks like a mistake:")
        say_lines(map(str, accidents))


def accidents_json(accidents: Sequence["Anomaly"]) -> dict[str, Any]:
    """What `plan --json` prints of accidents."""
    return {"accidents": [{"code": each.code.value, "message": each.message, "fix": each.fix} for each in accidents]}


def checked_json(checked: "CheckedTable") -> dict[str, Any]:
    """The object that `check --json` prints."""
    from importer.endpoints.header import column_header  # noqa: PLC0415  (imports pandas

    table = checked.table
    return {
        "endpoint": table.endpoint.name,
        "layout": table.layout.value,
        "file": table.source.told,
        "sheet": table.source.sheet,
        "header_row": table.header_row,
        "rows": len(checked.values),
        "valid": len(checked.valid) + len(checked.duplicates),
        "invalid": len(checked.invalid),
        "columns": {table.header(name): column_header(column) for name, column in table.used.items()},
        **_taken_json(table.summaries),
        "ignored_columns": [table.header(column.name) for column in table.ignored],
        "aliases": None if checked.aliases is None else str(checked.aliases),
        "notes": list(checked.notes),
        "problems": [problem_json(problem) for problem in checked.problems],
    }


def _taken_json(sheets: "Sequence[SheetSummary]") -> dict[str, Any]:
    """What was taken of each sheet; of matrices also how many people, skills and levels there are in all."""
    told = [
        {"sheet": each.sheet, "header_row": each.header_row, "rows": each.rows}
        | ({name: len(getattr(each, name)) for name in ("people", "skills", "categories")} if each.skills else {})
        | {"left_out": list(each.left_out)}
        for each in sheets
    ]
    if not any(each.skills for each in sheets):
        return {"sheets": told}
    people = {name for each in sheets for name in each.people}
    skills = {fold(name) for each in sheets for name in each.skills}
    levels = sum(each.rows for each in sheets)
    return {"sheets": told, "people": len(people), "skills": len(skills), "levels": levels}


def plan_json(plan: "Plan", forecast: Mapping[str, float]) -> dict[str, Any]:
    """What `plan --json` prints beside the object of `check`."""
    counts = {action.value: count for action, count in plan.counts().items()}
    return {
        "mode": plan.mode.value,
        "changes": {name: counts.get(name, 0) for name in ("create", "update", "unchanged", "remove")},
        "forecast": dict(forecast),
    }


def problem_json(problem: "Problem") -> dict[str, Any]:
    """One problem with its place."""
    return {
        "code": problem.code,
        "sheet": problem.sheet,
        "cell": problem.cell,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "message": problem.message,
        "fix": problem.fix,
    }
