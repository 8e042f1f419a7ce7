"""A change as a person reads it: where it stands, of whom and what, old and new. Knows a plan; knows no markup."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from importer.endpoints.declare import Endpoint, Kind, NameColumn
from importer.kantata.directory import AccountDirectory
from importer.model import Action, CellRef, Change, Key, value_in_words
from importer.planned_ids import has_planned
from importer.sync.mirror_rows import Names, name_of, names_in_keys
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


@dataclass(frozen=True, slots=True)
class ValueChange:
    """What becomes of one field, in words: its title, and what it holds before and after (empty: there is none)."""

    title: str
    old: str = ""
    new: str = ""


_Texts = Mapping[str, Mapping[int, tuple[str, bool]]]
"""By field and reference, what a row or a cell says of it, and whether that is a name."""


class RecordNames:
    """What the records of a table's plan are called: as the file names them, else as the account does."""

    def __init__(self, endpoint: Endpoint, texts: _Texts, names: Names) -> None:
        self._endpoint = endpoint
        self._texts = texts
        self._names = names
        self._owner, self._thing = (
            [field for field in some if field not in endpoint.caseless] for some in (endpoint.owner, endpoint.thing)
        )

    def who(self, ref: CellRef, key: Key | None) -> str:
        """The person or project whose the record is; empty for a thing, which is nobody's.

        `key` is None for a row that could not be read: then it is as the row says.
        """
        return self._said(self._owner, ref, key)

    def what(self, ref: CellRef, key: Key | None) -> str:
        """What they have by it: a skill, a group, a place; or the thing itself."""
        return self._said(self._thing, ref, key)

    def _said(self, fields: Sequence[str], ref: CellRef, key: Key | None) -> str:
        if len(fields) == 1:
            return self._name(fields[0], ref, key)
        return " · ".join(filter(None, (self._name(field, ref, key) for field in fields)))

    def _name(self, field: str, ref: CellRef, key: Key | None) -> str:
        text, is_name = self._texts[field].get(ref, ("", False))
        return text if is_name or key is None else name_of(self._endpoint, field, key, self._names)


def record_names(table: Table, changes: Collection[Change], directory: AccountDirectory) -> RecordNames:
    """The names of what these changes are about. The account is asked only where the file has nothing but ids.

    Raises: Denied, Unreachable.
    """
    endpoint = table.endpoint
    texts = {field: _texts(table, field) for field in endpoint.key}
    told = [texts[field] for field in endpoint.key if field not in endpoint.caseless]
    named = [{ref for ref, (_, is_name) in some.items() if is_name} for some in told]
    nameless = [each for each in changes if not all(each.ref in some for some in named) and not has_planned(each.key)]
    return RecordNames(endpoint, texts, directory.names_by_id(names_in_keys(endpoint, nameless)))


def describe_change(table: Table, change: Change, names: RecordNames, removal: str | None) -> ChangeDescription:
    """What a change of this table does; `removal` is its sentence where it removes a record."""
    before = change.before or {}
    values = {
        name: (before.get(name), value)
        for name, value in change.fields.items()
        if name in table.endpoint.updates and value is not None and value != before.get(name)
    }
    if removal is not None or change.ref not in table.frame.index:
        return ChangeDescription(change.action.value, "", removal or "", values)
    record = " · ".join(filter(None, (names.who(change.ref, change.key), names.what(change.ref, change.key))))
    return ChangeDescription(change.action.value, table.describe([change.ref]), record, values)


def describe_values(endpoint: Endpoint, change: Change) -> tuple[ValueChange, ...]:
    """What becomes of each field of a record by this change, in words."""
    before = change.before or {}
    if change.action is Action.CREATE:
        return tuple(
            ValueChange(endpoint.field(name).title, new=value_in_words(name, change.fields[name]))
            for name in endpoint.updates
            if change.fields.get(name) is not None
        )
    if change.action is Action.UPDATE:
        return tuple(
            ValueChange(endpoint.field(name).title, value_in_words(name, before.get(name)), value_in_words(name, value))
            for name in endpoint.updates
            if (value := change.fields.get(name)) is not None and value != before.get(name)
        )
    return tuple(
        ValueChange(endpoint.field(name).title, value_in_words(name, before[name]))
        for name in endpoint.updates
        if before.get(name) or (name in before and endpoint.field(name).kind is Kind.LEVEL)
    )


def _texts(table: Table, field: str) -> dict[int, tuple[str, bool]]:
    """What each row or cell says of a field: a name where it has one, else its value."""
    columns = sorted(table.telling(field), key=lambda each: isinstance(each[1], NameColumn))
    refs, last_name = table.frame.index.to_list(), table.of_kind(Kind.LAST_NAME)
    said: dict[int, tuple[str, bool]] = {}
    for name, meaning in columns:
        is_name = isinstance(meaning, NameColumn) or table.endpoint.are_things
        texts = table.texts(name)
        if last_name is not None and is_name:
            texts = [table.whole_text(ref, name) for ref in table.refs]
        stripped = {text: (text.strip(), is_name) for text in set(texts)}
        said.update((ref, stripped[text]) for ref, text in zip(refs, texts, strict=True) if text)
    return said
