"""What a run was given: a person's table, its rows, which repeat which. Packs it for the journal, and unpacks it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from importer.table import Correction, Layout, Part, Source, Table
from importer.validation.schema import CheckedTable


@dataclass(frozen=True, slots=True)
class RunInput:
    """The input of a run. `rows` are those that have an outcome; `duplicates` gives the earlier row that says the same.
    The last `beyond` of the rows are no rows of the file: they stand for removals of records that it does not have.
    `skills` gives for each header over a column of a matrix the id of its skill.

    With it a result workbook can be written when the file itself is gone.
    """

    table: Table
    rows: tuple[int, ...]
    duplicates: Mapping[int, int]
    notes: tuple[str, ...]
    beyond: int = 0
    aliases: str | None = None
    """Where the workbook with a person's choices of what names mean is, if one was read or written."""
    skills: Mapping[str, str] = field(default_factory=dict)


def run_input_of(checked: CheckedTable, notes: tuple[str, ...]) -> RunInput:
    """What a checked file gives a run; `notes` are what else was noticed."""
    aliases = None if checked.aliases is None else str(checked.aliases)
    notes = (*checked.notes, *notes)
    rows = tuple(checked.rows)
    return RunInput(checked.table, rows, checked.duplicates, notes, aliases=aliases, skills=_skills(checked))


def _skills(checked: CheckedTable) -> dict[str, str]:
    """For each header over a column of a matrix the id of the skill that its valid cells stand for."""
    table, endpoint = checked.table, checked.header.endpoint
    if table.layout is Layout.LIST:
        return {}
    (thing,) = (name for name in endpoint.key if name not in endpoint.owner)
    ids = checked.frame[thing]
    headings = table.frame.loc[ids.index, table.headings]
    first = ids.groupby(headings.to_numpy(), sort=False).first()
    return {str(heading): str(id_) for heading, id_ in first.items()}


def pack(given: RunInput) -> dict[str, Any]:
    """The input as JSON can hold it."""
    table = given.table
    return {
        "path": str(table.source.path),
        "called": table.source.called,
        "sha256": table.source.sha256,
        "sheet": table.source.sheet,
        "read_as": table.source.read_as,
        "mends": [[unit, each.sheet, each.row, each.columns, each.own] for unit, each in table.mends.items()],
        "parts": [[each.sheet, each.header_row, each.columns, each.category_row, each.headers] for each in table.parts],
        "layout": table.layout,
        "headers": table.headers,
        "index": table.frame.index.to_list(),
        "columns": [table.frame[position].to_list() for position in range(len(table.headers))],
        "numbers": sorted(table.numbers),
        "rows": given.rows,
        "duplicates": list(given.duplicates.items()),
        "notes": given.notes,
        "beyond": given.beyond,
        "aliases": given.aliases,
        "skills": given.skills,
    }


def unpack(packed: Mapping[str, Any]) -> RunInput:
    """The input that was packed."""
    index = pd.Index(packed["index"], dtype="int64", name="row")
    path, read_as, called = Path(packed["path"]), packed.get("read_as", {}), packed.get("called", "")
    table = Table(
        source=Source(path, packed["sha256"], packed["sheet"], read_as=read_as, called=called),
        parts=tuple(
            Part(sheet, row, tuple(columns), category, tuple(headers))
            for sheet, row, columns, category, headers in packed["parts"]
        ),
        layout=Layout(packed["layout"]),
        headers=tuple(packed["headers"]),
        frame=pd.DataFrame(dict(enumerate(packed["columns"])), index=index, dtype=object),
        oddities={},
        numbers=frozenset(packed["numbers"]),
        notes=(),
        mends={
            unit: Correction(sheet, row, tuple(columns), tuple(own))
            for unit, sheet, row, columns, own in packed.get("mends", ())
        },
    )
    duplicates: dict[int, int] = dict(packed["duplicates"])
    return RunInput(
        table,
        tuple(packed["rows"]),
        duplicates,
        tuple(packed["notes"]),
        packed["beyond"],
        packed.get("aliases"),
        packed.get("skills", {}),
    )
