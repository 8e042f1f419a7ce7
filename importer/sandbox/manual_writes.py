"""What a person in the web application does meanwhile: small writes straight to the rows.

Knows tables and columns, and no HTTP. Nothing is judged as the API would: so tests make conflicts.
"""

import re
import shlex
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from importer.sandbox import sql
from importer.sandbox.errors import SandboxError
from importer.sandbox.schema import TABLES
from importer.sandbox.store import Store
from importer.sandbox.world.dates import text as stamp

DEEDS = ("insert", "update", "delete")
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Change:
    """One small write: insert `values`, update the rows that are as `where` to `values`, or delete them."""

    do: str
    table: str
    values: Values = field(default_factory=dict)
    where: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did: the id of an inserted row (else 0), and how many rows were touched."""

    id: int
    rows: int


def change(item: object) -> Change:
    """The change that a JSON object asks for.

    Shapes: {"do": "insert", "table": T, "values": {...}}, {"do": "update", "table": T, "where": {...},
    "values": {...}}, {"do": "delete", "table": T, "where": {...}}.
    Raises: SandboxError.
    """
    if not isinstance(item, dict):
        raise SandboxError("A change is a JSON object with do, table, and values or where.")
    do, table = item.get("do"), item.get("table")
    values, where = item.get("values", {}), item.get("where", {})
    if do not in DEEDS:
        raise SandboxError(f"A change does one of {', '.join(DEEDS)}, not {do!r}.")
    if table not in TABLES:
        raise SandboxError(f"{table!r} is no table of the sandbox; there are {', '.join(TABLES)}.")
    if not isinstance(values, dict) or not isinstance(where, dict):
        raise SandboxError("The values and the where of a change are JSON objects.")
    if (do != "insert" and not where) or (do != "delete" and not values):
        raise SandboxError("insert needs values, update needs where and values, delete needs where.")
    return Change(do, table, values, where)


def interference(text: str) -> list[tuple[int, Change]] | None:
    """The changes of `before 3: insert skill_memberships user_id=1 skill_id=2; before 5: delete ...`.

    Each with the number of the call that it comes before. None if the text is not of this form.
    """
    found = []
    for part in text.split(";"):
        match = re.fullmatch(r"\s*before\s+([1-9]\d*)\s*:\s*(\w+)\s+(\w+)\s+(.+?)\s*", part)
        if not match:
            return None
        nth, do, table, rest = match.groups()
        try:
            found.append((int(nth), _in_words(do, table, rest)))
        except (SandboxError, ValueError):
            return None
    return found


def _in_words(do: str, table: str, rest: str) -> Change:
    where_text, _, values_text = rest.partition(" set ") if do == "update" else (rest, "", "")
    pairs, values = _pairs(where_text), _pairs(values_text)
    if do == "insert":
        return change({"do": do, "table": table, "values": pairs})
    return change({"do": do, "table": table, "where": pairs, "values": values})


def _pairs(text: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for word in shlex.split(text):
        name, sign, value = word.partition("=")
        if not sign:
            raise ValueError(word)
        found[name] = int(value) if re.fullmatch(r"-?\d+", value) else value
    return found


def check(store: Store, wanted: Change) -> set[str]:
    """The columns that the table has. Raises: SandboxError if the change names another one."""
    held = {str(row["name"]) for row in store.rows(f"PRAGMA table_info({wanted.table})")}
    unknown = sorted((set(wanted.values) | set(wanted.where)) - held)
    if unknown:
        raise SandboxError(f"{wanted.table} has no {unknown[0]}; it has {', '.join(sorted(held))}.")
    return held


def make(store: Store, wanted: Change) -> Changed:
    """Do it. Raises: SandboxError if a column is unknown or the database refuses."""
    held = check(store, wanted)
    try:
        if wanted.do == "insert":
            return _insert(store, wanted, held)
        return _change_rows(store, wanted)
    except sqlite3.Error as error:
        raise SandboxError(f"The row cannot be written: {error}.") from error


def _change_rows(store: Store, wanted: Change) -> Changed:
    conditions = sql.equal(wanted.where)
    if wanted.do == "delete":
        return Changed(0, store.run(sql.delete(wanted.table, conditions), dict(wanted.where)))
    values = dict(wanted.values)
    parameters = {**wanted.where, **{f"new_{name}": value for name, value in values.items()}}
    return Changed(0, store.run(sql.update(wanted.table, list(values), conditions), parameters))


def _insert(store: Store, wanted: Change, held: set[str]) -> Changed:
    row = {**_filled_in(store, wanted, held), **wanted.values}
    store.insert(wanted.table, list(row), [row])
    identifier = row.get("id", 0)
    return Changed(identifier if isinstance(identifier, int) else 0, 1)


def _filled_in(store: Store, wanted: Change, held: set[str]) -> dict[str, object]:
    """What the web application would add by itself: id, times, and the cached name of a skill."""
    now = stamp(store.time().replace(microsecond=0))
    row: dict[str, object] = {name: now for name in ("created_at", "updated_at") if name in held}
    if "id" in held:
        row["id"] = store.new_ids(wanted.table, 1)[0]
    if "cached_skill_name" in held:
        row["cached_skill_name"] = store.value("SELECT name FROM skills WHERE id = ?", (wanted.values.get("skill_id"),))
    return row
