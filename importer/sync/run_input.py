"""What a run was given: a person's table, its rows, which repeat which. Packs it for the journal, and unpacks it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from importer import endpoints
from importer.messages import about_runs
from importer.model import CellRef
from importer.table import Correction, Layout, Part, Source, Table, TableColumn
from importer.text_frame import text_frame
from importer.validation.schema import CheckedTable


@dataclass(frozen=True, slots=True)
class RunInput:
    """The input of a run. `refs` are the records that have an outcome; `duplicates` gives the earlier one that says
    the same. The last `beyond` of them stand in no row of the file, but for removals of records that it does not have.
    `skills` gives for each header over a column of a matrix the id of its skill.

    With it a result workbook can be written when the file itself is gone.
    """

    table: Table
    refs: tuple[CellRef, ...]
    duplicates: Mapping[CellRef, CellRef]
    notes: tuple[str, ...]
    beyond: int = 0
    aliases: str | None = None
    """Where the workbook with a person's choices of what names mean is, if one was read or written."""
    skills: Mapping[str, str] = field(default_factory=dict)


def run_input_of(checked: CheckedTable, notes: tuple[str, ...]) -> RunInput:
    """What a checked file gives a run; `notes` are what else was noticed."""
    aliases = None if checked.aliases is None else str(checked.aliases)
    notes = (*checked.notes, *notes)
    return RunInput(
        checked.table, tuple(checked.refs), checked.duplicates, notes, aliases=aliases, skills=_skills(checked)
    )


def _skills(checked: CheckedTable) -> dict[str, str]:
    """For each header over a column of a matrix the id of the skill that its valid cells stand for."""
    table, endpoint = checked.table, checked.table.endpoint
    if table.layout is Layout.LIST:
        return {}
    (thing,) = (name for name in endpoint.key if name not in endpoint.owner)
    ids = checked.valid[thing]
    headings = table.frame.loc[ids.index, table.headings].astype(object)
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
        "endpoint": table.endpoint.name,
        "corrections": [[ref, each.sheet, each.row, each.columns, each.own] for ref, each in table.corrections.items()],
        "parts": [[each.sheet, each.header_row, each.columns, each.category_row, each.headers] for each in table.parts],
        "layout": table.layout,
        "columns": [[each.name, each.header, each.meaning is not None] for each in table.columns],
        "index": table.frame.index.to_list(),
        "texts": {name: _packed(table.frame[name].array) for name in table.names},
        "number_columns": sorted(table.number_columns),
        "refs": given.refs,
        "duplicates": list(given.duplicates.items()),
        "notes": given.notes,
        "beyond": given.beyond,
        "aliases": given.aliases,
        "skills": given.skills,
    }


def _packed(texts: Any) -> list[Any]:
    """A column: its distinct texts, and for each record the number of its text."""
    return [texts.categories.to_list(), texts.codes.tolist()]


def unpack(packed: Mapping[str, Any]) -> RunInput:
    """The input that was packed.

    Raises: Guarded when an older version of the program packed it otherwise.
    """
    if "texts" not in packed:
        raise about_runs.older_run()
    endpoint = endpoints.load(packed["endpoint"])
    source = Source(
        Path(packed["path"]), packed["sha256"], packed["sheet"], read_as=packed["read_as"], called=packed["called"]
    )
    table = Table(
        source=source,
        endpoint=endpoint,
        parts=tuple(Part(*each) for each in packed["parts"]),
        columns=tuple(
            TableColumn(name, header, endpoint.column(name) if is_used else None)
            for name, header, is_used in packed["columns"]
        ),
        frame=text_frame(
            {name: [texts[code] for code in codes] for name, (texts, codes) in packed["texts"].items()},
            packed["index"],
        ),
        oddities={},
        number_columns=frozenset(packed["number_columns"]),
        notes=(),
        layout=Layout(packed["layout"]),
        corrections={CellRef(ref): Correction(*each) for ref, *each in packed["corrections"]},
    )
    return RunInput(
        table,
        tuple(map(CellRef, packed["refs"])),
        {CellRef(ref): CellRef(first) for ref, first in packed["duplicates"]},
        tuple(packed["notes"]),
        packed["beyond"],
        packed["aliases"],
        packed["skills"],
    )
