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
    """The columns to select for a collection's rows, their names, and how some of their values are converted.

    `id` is the last column and the last name of the object.
    """

    columns: tuple[str, ...]
    names: tuple[str, ...]
    converts: Mapping[str, Convert]

    def render(self, row: Sequence[object]) -> dict[str, object]:
        """The JSON object of a row that was selected with `columns`."""
        shown = dict(zip(self.names, row, strict=True))
        for name, convert in self.converts.items():
            shown[name] = convert(shown[name])
        return shown


@lru_cache
def _attributes(record: type[Record]) -> Mapping[str, tuple[Column, object]]:
    """The column of every attribute but the id, and the form or the type that its value is converted for."""
    return {name: _attribute(name, field) for name, field in record.model_fields.items() if name != "id"}


def _attribute(name: str, field: FieldInfo) -> tuple[Column, object]:
    column = next((each for each in field.metadata if isinstance(each, Column)), Column(name))
    form = next((each for each in field.metadata if isinstance(each, Form)), None)
    types = {field.annotation, *get_args(field.annotation)}
    return column, form or next((each for each in (bool, datetime) if each in types), None)


def shape(
    collection: Collection,
    switches: Mapping[str, str],
    included: Sequence[Association] = (),
    *,
    is_post: bool = False,
) -> Shape:
    """What is shown of a row, with the ids of what is included."""
    shown: dict[str, tuple[str, object]] = {
        name: (f'{column.sql} AS "{name}"', form)
        for name, (column, form) in _attributes(collection.record).items()
        if not column.feature or switches[column.feature] != "off"
    }
    for association in collection.associations:
        if association.key not in shown and _has_id(association, switches, included):
            shown[association.key] = (
                f"CAST({association.column or association.key} AS TEXT) AS {association.key}",
                None,
            )
    shown["id"] = ("id", Form.ID)
    convert = _converters(switches, is_post=is_post)
    converts = {name: convert[form] for name, (_, form) in shown.items() if form in convert}
    return Shape(tuple(column for column, _ in shown.values()), tuple(shown), converts)


def _has_id(association: Association, switches: Mapping[str, str], included: Sequence[Association]) -> bool:
    if association.pairs:
        return False
    return association in included or (switches["association_ids"] == "always" and not association.column)


def _identifier(value: object) -> object:
    return None if value is None else str(value)


def _boolean(value: object) -> object:
    return None if value is None else bool(value)


def _converters(switches: Mapping[str, str], *, is_post: bool) -> dict[object, Convert]:
    """How values are converted, by form or type; the others go into JSON as they are."""
    blank = "" if switches["blank"] == "empty" else None
    converters: dict[object, Convert] = {
        bool: _boolean,
        datetime: local_time(switches["tz"], is_post=is_post),
        Form.ID: _identifier,
        Form.CONTACT: lambda value: value or blank,
    }
    if switches["skill_max_level"] == "string":
        converters[Form.MAX_LEVEL] = str
    if switches["ugm_id_type"] == "string":
        converters[Form.GROUP_ID] = str
    if switches["member_type_out"] == "lower":
        converters[Form.MEMBER_TYPE] = lambda value: str(value).lower()
    return converters


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
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
