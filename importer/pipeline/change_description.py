"""A change as a person reads it: where it stands, of whom and what, old and new. Knows a plan; knows no markup."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from importer.endpoints.declare import NameColumn
from importer.model import CellRef, Change
from importer.table import Table


@dataclass(frozen=True, slots=True)
class ChangeDescription:
    """One change: `create`, `update` or `remove`; its place in the file (empty where it has none), the record by its
    names, and each field that gets another value, with its old value and its new one.
    """

    action: str
    place: str
    record: str
    values: Mapping[str, tuple[Any, Any]]


def describe_change(table: Table, change: Change, removal: str | None) -> ChangeDescription:
    """What a change of this table does; `removal` is its sentence where it removes a record."""
    before = change.before or {}
    values = {
        name: (before.get(name), value)
        for name, value in change.fields.items()
        if name in table.endpoint.updates and value is not None and value != before.get(name)
    }
    if removal is not None or change.ref not in table.frame.index:
        return ChangeDescription(change.action.value, "", removal or "", values)
    texts = [_text(table, change.ref, key) for key in table.endpoint.key]
    record = " · ".join(filter(None, texts))
    return ChangeDescription(change.action.value, table.describe([change.ref]), record, values)


def _text(table: Table, ref: CellRef, field: str) -> str:
    """What a row or a cell says of a field: a name where it has one."""
    columns = sorted(table.telling(field), key=lambda each: not isinstance(each[1], NameColumn))
    texts = (table.whole_text(ref, name).strip() for name, _ in columns)
    return next(filter(None, texts), "")
