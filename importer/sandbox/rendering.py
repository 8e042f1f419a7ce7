"""How a row becomes JSON: names, types, spellings, times; knows the contract, and asks no database.

Source of the types: API reference 1.0.0; recorded traffic for times and blank fields.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import get_args
from zoneinfo import ZoneInfo

from pydantic.fields import FieldInfo

from importer.sandbox.contract.declare import Association, Collection
from importer.sandbox.contract.records import Column, Form, Record
from importer.sandbox.world.draw import draw

Convert = Callable[[object], object]
MIXED = {True: "America/Los_Angeles", False: "Asia/Kolkata"}  # as recorded in 2018: -07:00 on a POST, +05:30 on a GET


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns to select for a collection's rows, and how each becomes a value under its name.

    `id` is the first column selected and the last name of the object.
    """

    columns: tuple[str, ...]
    names: tuple[str, ...]
    converts: tuple[Convert, ...]

    def render(self, row: Sequence[object]) -> dict[str, object]:
        """The JSON object of a row that was selected with `columns`."""
        pairs = zip(self.names, self.converts, row, strict=False)
        next(pairs)
        shown = {name: convert(value) for name, convert, value in pairs}
        shown["id"] = str(row[0])
        return shown


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a declared attribute asks of its column."""

    name: str
    column: Column
    form: object


@lru_cache
def _attributes(record: type[Record]) -> tuple[Attribute, ...]:
    """What the model of a record declares, but the id."""
    return tuple(_attribute(name, field) for name, field in record.model_fields.items() if name != "id")


def _attribute(name: str, field: FieldInfo) -> Attribute:
    column = next((each for each in field.metadata if isinstance(each, Column)), Column(name))
    form = next((each for each in field.metadata if isinstance(each, Form)), None)
    types = {field.annotation, *get_args(field.annotation)}
    return Attribute(name, column, form or next((each for each in (bool, datetime) if each in types), None))


def shape(
    collection: Collection,
    switches: Mapping[str, str],
    included: Sequence[Association] = (),
    *,
    is_post: bool = False,
) -> Shape:
    """What is shown of a row, with the ids of what is included."""
    convert = _converters(switches, is_post=is_post)
    shown: list[tuple[str, str, Convert]] = [("id", "id", _identity)]
    shown += [
        (each.name, f'{each.column.sql} AS "{each.name}"', convert.get(each.form, _identity))
        for each in _attributes(collection.record)
        if not each.column.feature or switches[each.column.feature] != "off"
    ]
    named = {name for name, _, _ in shown}
    for association in collection.associations:
        if association.key not in named and _has_id(association, switches, included):
            column = association.column or association.key
            shown.append((association.key, f"{column} AS {association.key}", _identifier))
    names, columns, converts = zip(*shown, strict=True)
    return Shape(columns, names, converts)


def _has_id(association: Association, switches: Mapping[str, str], included: Sequence[Association]) -> bool:
    if association.many:
        return False
    if association in included:
        return True
    return association.stored and switches["association_ids"] == "always"


def _identity(value: object) -> object:
    return value


def _identifier(value: object) -> object:
    return None if value is None else str(value)


def _boolean(value: object) -> object:
    return None if value is None else bool(value)


def _blank_as_empty(value: object) -> object:
    return value or ""


def _blank_as_null(value: object) -> object:
    return value or None


def _lower(value: object) -> object:
    return str(value).lower()


def _converters(switches: Mapping[str, str], *, is_post: bool) -> dict[object, Convert]:
    return {
        bool: _boolean,
        datetime: local_time(switches["tz"], is_post=is_post),
        Form.ID: _identifier,
        Form.CONTACT: _blank_as_empty if switches["blank"] == "empty" else _blank_as_null,
        Form.MAX_LEVEL: _identifier if switches["skill_max_level"] == "string" else _identity,
        Form.GROUP_ID: _identifier if switches["ugm_id_type"] == "string" else _identity,
        Form.MEMBER_TYPE: _lower if switches["member_type_out"] == "lower" else _identity,
    }


def local_time(zone: str, *, is_post: bool) -> Convert:
    """Converts a time of the database to ISO 8601 with the offset of `zone`, whole seconds, never Z.

    The zone `any` is another one for every time, `mixed` one for POST and another for the rest.
    """
    named = MIXED[is_post] if zone == "mixed" else zone
    return lambda value: None if value is None else _local(str(value), named)


@lru_cache(maxsize=20_000)
def _local(text: str, zone: str) -> str:
    moment = datetime.fromisoformat(text)
    if zone == "any":
        quarters = draw(text, 0, 97) - 48  # -12:00 to +12:00
        return moment.astimezone(timezone(timedelta(minutes=15 * quarters))).isoformat(timespec="seconds")
    return moment.astimezone(_zone(zone)).isoformat(timespec="seconds")


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
