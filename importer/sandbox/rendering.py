"""How a row becomes JSON: names, types, spellings, times; knows the contract, and asks no database.

Source of the types: API reference 1.0.0; recorded traffic for times and blank fields.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from importer.sandbox.access import Caller
from importer.sandbox.contract.declare import Association, Attribute, Collection, Shown
from importer.sandbox.world.draw import draw

Convert = Callable[[object], object]


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


def shape(
    collection: Collection,
    caller: Caller,
    switches: Mapping[str, str],
    included: Sequence[Association] = (),
    optional: frozenset[str] = frozenset(),
) -> Shape:
    """What is shown of a row to this caller, with the ids of what is included."""
    shown: list[tuple[str, str, Convert]] = [("id", "id", _identity)]
    shown += [
        (each.name, f'{each.sql} AS "{each.name}"', _converter(each.shown, switches))
        for each in collection.attributes
        if each.name != "id" and _is_shown(each, caller, switches, optional)
    ]
    named = {name for name, _, _ in shown}
    for association in collection.associations:
        if association.key not in named and _has_id(association, switches, included):
            column = association.column or association.key
            shown.append((association.key, f"{column} AS {association.key}", _identifier))
    names, columns, converts = zip(*shown, strict=True)
    return Shape(columns, names, converts)


def _is_shown(each: Attribute, caller: Caller, switches: Mapping[str, str], optional: frozenset[str]) -> bool:
    if each.optional and each.name not in optional:
        return False
    if each.restricted and not caller.administrator:
        return False
    return not each.feature or switches[each.feature] != "off"


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


def _identifiers(value: object) -> object:
    return [str(each) for each in json.loads(str(value))]


def _blank_as_empty(value: object) -> object:
    return value or ""


def _blank_as_null(value: object) -> object:
    return value or None


def _lower(value: object) -> object:
    return str(value).lower()


def _converter(shown: Shown, switches: Mapping[str, str]) -> Convert:
    fixed = {
        Shown.TEXT: _identity,
        Shown.INTEGER: _identity,
        Shown.BOOLEAN: _boolean,
        Shown.ID: _identifier,
        Shown.IDS: _identifiers,
        Shown.TIME: local_time(switches["tz"]),
        Shown.CONTACT: _blank_as_empty if switches["blank"] == "empty" else _blank_as_null,
        Shown.MAX_LEVEL: _identifier if switches["skill_max_level"] == "string" else _identity,
        Shown.GROUP_ID: _identifier if switches["ugm_id_type"] == "string" else _identity,
        Shown.MEMBER_TYPE: _lower if switches["member_type_out"] == "lower" else _identity,
    }
    return fixed[shown]


def local_time(zone: str) -> Convert:
    """Converts a time of the database to ISO 8601 with the offset of `zone`, whole seconds, never Z."""
    return lambda value: None if value is None else _local(str(value), zone)


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
