"""Rows for the removals of records that stand in no row of the file, in the file's own columns, so that a person reads
them like the others. Knows tables and names; sends nothing.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from importer.endpoints.declare import ACTION, REMOVE, Directory, Endpoint, Field, Kind, Name, NameColumn
from importer.endpoints.header import Column, Header, column_field
from importer.model import Change, Key
from importer.table import CELL, Table
from importer.validation.schema import CheckedTable

Names = Mapping[Name, str]
"""What something is called, by the directory that it stands in and its id."""


def names_wanted(endpoint: Endpoint, changes: Iterable[Change]) -> frozenset[Name]:
    """The directory and id of everything that makes these records themselves, to be called by its name."""
    return frozenset(
        (_directory(endpoint, field, change.key), text)
        for change in changes
        for field, text in zip(endpoint.key, change.key, strict=True)
        if field not in endpoint.caseless
    )


def _directory(endpoint: Endpoint, field: str, key: Key) -> Directory:
    """Where what this field of a key means has its name."""
    directory = [column.directory for column in endpoint.name_columns if column.field == field][-1]
    if directory is Directory.MEMBERS:
        return Directory.PEOPLE if "user" in key else Directory.PROJECTS
    return directory


def add_removal_rows(checked: CheckedTable, keys: Sequence[Key], changes: Sequence[Change], names: Names) -> Table:
    """The table with a row for each of these removals behind its own, marked so that it can be loaded again.

    The owner stands there as in a row of the file; `keys` are those of `checked.frame`, in its order.
    """
    table, header = _with_action(checked.table, checked.header)
    endpoint = header.endpoint
    like: dict[Key, int] = {}
    for key, row in zip(keys, checked.frame.index.to_list(), strict=True):
        like.setdefault(endpoint.owner_of(key), row)
    cells = [
        [_cell(table, header, position, change, like[endpoint.owner_of(change.key)], names) for change in changes]
        for position in range(len(table.headers))
    ]
    index = pd.Index([change.row for change in changes], dtype="int64", name="row")
    added = pd.DataFrame(dict(enumerate(cells)), index=index, dtype=object)
    return dataclasses.replace(table, frame=pd.concat([table.frame, added]))


def _with_action(table: Table, header: Header) -> tuple[Table, Header]:
    """The table with a column in which a mark can stand, if it has none."""
    if any(isinstance(column, Field) and _takes_mark(column) for column in header.columns.values()):
        return table, header
    at = len(table.headers)
    wider = dataclasses.replace(table, headers=(*table.headers, ACTION.name), frame=table.frame.assign(action=""))
    wider.frame.columns = pd.RangeIndex(at + 1)
    return wider, dataclasses.replace(header, columns={**header.columns, at: ACTION})


def _takes_mark(column: Field) -> bool:
    return column.kind in (Kind.ACTION, Kind.LEVEL)


def _cell(table: Table, header: Header, position: int, change: Change, like: int, names: Names) -> str:
    """What stands in this column of the row that removes a record, `like` a row of the same owner."""
    column: Column | None = header.columns.get(position)
    endpoint = header.endpoint
    if column is None:
        at = table.spot(change.row, position)
        return at.cell or "" if table.parts[0].columns[position] == CELL else ""
    if isinstance(column, Field) and column.kind is Kind.HINT:
        return ""
    field = column_field(column)
    if isinstance(column, Field) and _takes_mark(column):
        return REMOVE
    if field in endpoint.owner:
        return table.text(like, position)
    id_ = change.key[endpoint.key.index(field)]
    return names.get((column.directory, id_), "") if isinstance(column, NameColumn) else id_


def describe_removal(endpoint: Endpoint, change: Change, names: Names) -> str:
    """A removal in words: whose record of what, and what it holds."""
    whose_and_what = [
        names.get((_directory(endpoint, field, change.key), text), f"{field} {text}")
        for field, text in zip(endpoint.key, change.key, strict=True)
        if field not in endpoint.caseless
    ]
    held = [f"{name} {value}" for name, value in (change.before or {}).items() if name in endpoint.updates and value]
    return ", ".join([*whose_and_what, *held])
