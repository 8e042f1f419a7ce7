"""Shows removals of records that are not in the file as rows of the file. Knows tables and names; sends nothing."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from importer.endpoints.declare import ACTION, REMOVE, Directory, Endpoint, Kind, Name, NameColumn
from importer.endpoints.header import column_field, has_kind
from importer.model import CellRef, Change, Key
from importer.table import CELL, Table, TableColumn
from importer.text_frame import text_frame
from importer.validation.schema import CheckedTable

Names = Mapping[Name, str]
"""The name of a person or thing, by its directory and id."""

_TAKES_MARK = (Kind.ACTION, Kind.LEVEL)
"""What a column must hold for its cell to say that a record is to be removed."""


def names_in_keys(endpoint: Endpoint, changes: Iterable[Change]) -> frozenset[Name]:
    """The directory and id of everything in the keys of these changes, to look up the names."""
    if endpoint.are_things:
        return frozenset()
    keys = {change.key for change in changes}
    names: set[Name] = set()
    for at, field in enumerate(endpoint.key):
        if field not in endpoint.caseless:
            names |= {(_directory(endpoint, field, key), key[at]) for key in keys}
    return frozenset(names)


def _directory(endpoint: Endpoint, field: str, key: Key) -> Directory:
    """The directory with the names for this field of a key."""
    directory = endpoint.directories[field]
    if directory is Directory.MEMBERS:
        return Directory.PEOPLE if "user" in key else Directory.PROJECTS
    return directory


@dataclasses.dataclass(frozen=True, slots=True)
class _Like:
    """A record of an owner, and the table in which it stands."""

    table: Table
    ref: CellRef


def add_removal_rows(checked: CheckedTable, changes: Sequence[Change], names: Names) -> Table:
    """The table with a row added for each of these removals, marked as a removal so that it can be loaded again.

    The owner is written as in the file.
    """
    table = _with_action(checked.table)
    endpoint = table.endpoint
    like: dict[Key, _Like] = {}
    for key, ref in zip(checked.keys, checked.valid_refs, strict=True):
        like.setdefault(endpoint.owner_of(key), _Like(checked.table, ref))
    if checked.outline is not None:
        for ref, key in checked.outlined_keys.items():
            like.setdefault(endpoint.owner_of(key), _Like(checked.outline.table, ref))
    texts = {
        column.name: [
            *table.texts(column.name),
            *(_cell(table, column, change, like[endpoint.owner_of(change.key)], names) for change in changes),
        ]
        for column in table.columns
    }
    return dataclasses.replace(table, frame=text_frame(texts, [*table.refs, *(change.ref for change in changes)]))


def _with_action(table: Table) -> Table:
    """The table with a column that can mark a removal, if it has none."""
    if any(has_kind(column, *_TAKES_MARK) for column in table.used.values()):
        return table
    columns = (*table.columns, TableColumn(ACTION.name, ACTION.name, ACTION))
    texts = {name: table.texts(name) for name in table.names} | {ACTION.name: [""] * len(table.frame)}
    return dataclasses.replace(table, columns=columns, frame=text_frame(texts, table.refs))


def _cell(table: Table, column: TableColumn, change: Change, like: _Like, names: Names) -> str:
    """The text of this column in the row of a removal."""
    endpoint, meaning = table.endpoint, column.meaning
    if meaning is None:
        is_address = table.parts[0].columns.get(column.name) == CELL
        return table.location(change.ref, column.name).cell or "" if is_address else ""
    if has_kind(meaning, Kind.HINT):
        return ""
    if has_kind(meaning, Kind.LAST_NAME):
        return like.table.text(like.ref, column.name)
    field = column_field(meaning)
    if has_kind(meaning, *_TAKES_MARK):
        return REMOVE
    if field in endpoint.owner:
        return like.table.text(like.ref, column.name)
    id_ = change.key[endpoint.key.index(field)]
    return names.get((meaning.directory, id_), "") if isinstance(meaning, NameColumn) else id_


def describe_removal(endpoint: Endpoint, change: Change, names: Names) -> str:
    """A removal in words: the owner, the thing, and the values of the record."""
    whose_and_what = [name_of(endpoint, field, change.key, names) for field in endpoint.key]
    values = [f"{name} {value}" for name, value in (change.before or {}).items() if name in endpoint.updates and value]
    return ", ".join([*filter(None, whose_and_what), *values])


def name_of(endpoint: Endpoint, field: str, key: Key, names: Names) -> str:
    """What a record of this key names in a field of it: a person, a skill; without a name its id. Empty for a field
    that only says of what kind another one is.
    """
    text = key[endpoint.key.index(field)]
    if endpoint.are_things:
        return text
    if field in endpoint.caseless:
        return ""
    return names.get((_directory(endpoint, field, key), text), f"{field} {text}")
