"""The input of a run: a person's table, and which rows are duplicates. Packs it for the journal, and unpacks it."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from importer import endpoints
from importer.base import Base
from importer.messages import about_forgetting, about_runs
from importer.model import CellRef
from importer.packed_base import pack_base, unpack_base
from importer.planned_ids import Thing
from importer.set_aside import Reason, SetAside
from importer.table import Arrangement, Correction, Part, Source, Table, TableColumn
from importer.text_frame import text_frame
from importer.validation.schema import CheckedTable


@dataclass(frozen=True, slots=True)
class RunInput:
    """The input of a run, from which a result workbook can be written even when the file itself is gone.

    `refs` are the rows that have an outcome. The last `other_removal_count` of them are not in the file: they stand for
    removals of records that it does not have. `duplicates` gives for each duplicate row the earlier row that says the
    same. `skills` gives the id of the skill for each header of a matrix.
    """

    table: Table
    refs: Sequence[CellRef]
    duplicates: Mapping[CellRef, CellRef]
    notes: tuple[str, ...]
    other_removal_count: int = 0
    aliases: str | None = None
    """The path of the alias workbook, if one was read or written."""
    skills: Mapping[str, str] = field(default_factory=dict)
    set_aside: tuple[SetAside, ...] = ()
    base: Base | None = None
    """What the account held before the run under the keys of rows that changed nothing, and what the file's own base
    tells besides.
    """
    keeps_changes: bool = False
    """Whether a record that somebody changes before its row is sent is kept as it is, as a conflict."""
    things: Mapping[str, Thing] = field(default_factory=dict)
    """What an earlier stage makes and rows of this one name, by the ids that the plan gave."""
    is_new: bool = False
    """Whether it is no table of the person's, but what their tables name and the account lacked."""
    forgotten: frozenset[CellRef] = frozenset()
    """Rows of people who were taken out of the history: nothing but their outcomes is left."""

    @property
    def goes_by_names(self) -> bool:
        """Whether its table was read by names, and ids beside them were left aside."""
        return bool(self.table.source.read_as.get("match_names", False))

    @property
    def all_notes(self) -> tuple[str, ...]:
        """The notes, and how many rows no longer say whose they are."""
        forgotten = [about_forgetting.rows_forgotten(len(self.forgotten))] if self.forgotten else []
        return (*self.notes, *forgotten)

    @property
    def file_refs(self) -> Sequence[CellRef]:
        """The rows of the file."""
        return self.refs[: len(self.refs) - self.other_removal_count]

    @property
    def other_removals(self) -> Sequence[CellRef]:
        """The rows that stand for removals of records that the file does not have."""
        return self.refs[len(self.refs) - self.other_removal_count :]


def run_input_of(checked: CheckedTable, notes: tuple[str, ...]) -> RunInput:
    """The input that a checked table makes for a run; `notes` are added to those of the table."""
    aliases = None if checked.aliases is None else str(checked.aliases)
    notes = (*checked.notes, *notes)
    return RunInput(
        checked.table,
        checked.refs,
        checked.duplicates,
        notes,
        aliases=aliases,
        skills=_skills(checked),
        set_aside=checked.table.set_aside,
    )


def _skills(checked: CheckedTable) -> dict[str, str]:
    """The id of the skill that the valid cells below each header of a matrix stand for."""
    table, endpoint = checked.table, checked.table.endpoint
    if table.arrangement is not Arrangement.CELLS:
        return {}
    (thing,) = endpoint.thing
    ids = checked.valid[thing]
    headings = table.frame.loc[ids.index, table.headings].astype(object)
    first = ids.groupby(headings.to_numpy(), sort=False).first()
    return {str(heading): str(id_) for heading, id_ in first.items()}


def pack(run_input: RunInput) -> dict[str, Any]:
    """The input as JSON can hold it; what is long stands in arrays."""
    table = run_input.table
    return {
        "path": str(table.source.path),
        "called": table.source.copy_name,
        "sha256": table.source.sha256,
        "sheet": table.source.sheet,
        "read_as": table.source.read_as,
        "endpoint": table.endpoint.name,
        "corrections": [[ref, each.sheet, each.row, each.columns, each.own] for ref, each in table.corrections.items()],
        "parts": [[each.sheet, each.header_row, each.columns, each.category_row, each.headers] for each in table.parts],
        "layout": table.layout,
        "arrangement": table.arrangement,
        "columns": [[each.name, each.header, each.meaning is not None] for each in table.columns],
        "index": np.ascontiguousarray(table.frame.index, dtype=np.int64),
        "texts": {name: _packed(table.frame[name].array) for name in table.names},
        "number_columns": sorted(table.number_columns),
        "refs": run_input.refs,
        "duplicates": list(run_input.duplicates.items()),
        "notes": run_input.notes,
        "beyond": run_input.other_removal_count,
        "aliases": run_input.aliases,
        "skills": run_input.skills,
        "set_aside": [[each.place, each.text, each.reason, each.cells, each.sheet] for each in run_input.set_aside],
        "base": None if run_input.base is None else base64.b64encode(pack_base(run_input.base)).decode(),
        "keeps_changes": run_input.keeps_changes,
        "is_new": run_input.is_new,
        "forgotten": sorted(run_input.forgotten),
        "things": {id_: [name, *key] for id_, (name, key) in run_input.things.items()},
    }


def _packed(texts: Any) -> list[Any]:
    """A column: its distinct texts, and for each record the number of its text, as an array."""
    return [texts.categories.to_list(), np.ascontiguousarray(texts.codes)]


def unpack(packed: Mapping[str, Any]) -> RunInput:
    """The input that was packed.

    Raises: Guarded when an older version of the program packed it otherwise.
    """
    if "texts" not in packed:
        raise about_runs.older_run()
    endpoint = endpoints.load(packed["endpoint"])
    source = Source(
        Path(packed["path"]),
        packed["sha256"],
        packed["sheet"],
        read_as=packed["read_as"],
        copy_name=packed["called"],
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
        layout=packed["layout"],
        arrangement=_arrangement(packed),
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
        tuple(_unpack_set_aside(*each) for each in packed.get("set_aside", ())),
        unpack_base(base64.b64decode(packed["base"])) if packed.get("base") else None,
        packed.get("keeps_changes", False),
        {id_: (name, tuple(key)) for id_, (name, *key) in packed.get("things", {}).items()},
        packed.get("is_new", False),
        frozenset(map(CellRef, packed.get("forgotten", ()))),
    )


def _arrangement(packed: Mapping[str, Any]) -> Arrangement:
    """Where the records stood; before 0.2.0 a run kept the name of its layout alone."""
    of_layout = {"matrix": Arrangement.CELLS, "transposed": Arrangement.TURNED_CELLS}
    if "arrangement" in packed:
        return Arrangement(packed["arrangement"])
    return of_layout.get(packed["layout"], Arrangement.ROWS)


def _unpack_set_aside(place: str, text: str, reason: str, cells: int, sheet: str | None) -> SetAside:
    return SetAside(place, text, Reason(reason), cells, sheet)
