"""Rows of one table that want something else than an earlier table of the same kind does. Knows no file format."""

from collections.abc import Iterator, Mapping, Sequence

from importer.endpoints.declare import ACTION, REMOVE
from importer.messages import about_cells
from importer.model import CellRef, Key, Problem
from importer.validation.parsed_table import problem_at
from importer.validation.schema import CheckedTable


def refuse_rivals(checked: CheckedTable, earlier: Sequence[CheckedTable]) -> CheckedTable:
    """The table with a problem at each row whose record an earlier table of its kind wants to be another.

    Nobody knows which of them holds, and the later would undo the earlier. Rows that say the same are no rivals.
    """
    found: dict[CellRef, list[Problem]] = {}
    own = _fields(checked)
    for before in earlier:
        fields = [name for name in own if before.table.first_telling(name)]
        told = {key: (ref, values) for key, ref, values in _rows(before, fields)}
        for key, ref, values in _rows(checked, fields):
            other, theirs = told.get(key, (None, values))
            if other is not None and theirs != values:
                differing = next(name for name in values if values[name] != theirs[name])
                found.setdefault(ref, []).append(_problem(checked, ref, before, other, differing))
    return checked.refuse(found)


def _fields(checked: CheckedTable) -> list[str]:
    """What the table tells of a record besides its key."""
    table = checked.table
    key = table.endpoint.key
    return [name for name in checked.valid.columns if name not in key and table.first_telling(name)]


def _rows(checked: CheckedTable, fields: Sequence[str]) -> Iterator[tuple[Key, CellRef, Mapping[str, str]]]:
    columns = [checked.valid[name].astype("string").fillna("").to_list() for name in fields]
    for at, (key, ref) in enumerate(zip(checked.keys, checked.valid_refs, strict=True)):
        action = REMOVE if ref in checked.removal_refs else ""
        yield (
            key,
            ref,
            {ACTION.name: action, **{name: column[at] for name, column in zip(fields, columns, strict=True)}},
        )


def _problem(checked: CheckedTable, ref: CellRef, before: CheckedTable, other: CellRef, differing: str) -> Problem:
    table, endpoint = checked.table, checked.table.endpoint
    column = table.first_telling(differing, *_fields(checked), *endpoint.key)
    where = f"{before.table.describe([other])} of {before.table.source.name}"
    return problem_at(
        table, ref, column, about_cells.same_record_elsewhere(where, " and ".join(endpoint.key), differing)
    )
