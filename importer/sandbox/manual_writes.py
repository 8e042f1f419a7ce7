"""What a person does in the web application at the same time: small writes straight to the rows.

Knows tables and columns, and no HTTP. No rule of the API applies: this is how tests make conflicts.
"""

import sqlite3
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from importer.sandbox import sql
from importer.sandbox.errors import SandboxError
from importer.sandbox.store import TABLES, Store
from importer.sandbox.world.dates import text as stamp


class Change(BaseModel):
    """One small write: insert `values`, update the rows that match `where` to `values`, or delete them."""

    model_config = ConfigDict(frozen=True)

    do: Literal["insert", "update", "delete"]
    table: str
    values: dict[str, object] = Field(default_factory=dict)
    where: dict[str, object] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.table not in TABLES:
            raise ValueError(f'"{self.table}" is not a table of the sandbox; use one of {", ".join(TABLES)}')
        if (self.do != "insert" and not self.where) or (self.do != "delete" and not self.values):
            raise ValueError("insert needs values, update needs where and values, delete needs where")
        return self


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did: the id of an inserted row (else 0), and how many rows it touched."""

    id: int
    rows: int


def check(store: Store, wanted: Change) -> set[str]:
    """The columns that the table has. Raises: SandboxError if the change names another one."""
    columns = {str(row["name"]) for row in store.rows(f"PRAGMA table_info({wanted.table})")}
    unknown = sorted((set(wanted.values) | set(wanted.where)) - columns)
    if unknown:
        raise SandboxError(f"{wanted.table} has no {unknown[0]}; it has {', '.join(sorted(columns))}.")
    return columns


def make(store: Store, wanted: Change) -> Changed:
    """Do it. Raises: SandboxError if a column is unknown or the database refuses."""
    columns = check(store, wanted)
    try:
        if wanted.do == "insert":
            row = {**_filled_in(store, wanted, columns), **wanted.values}
            store.insert(wanted.table, list(row), [row])
            key = row.get("id")
            return Changed(key if isinstance(key, int) else 0, 1)
        return Changed(0, _change_rows(store, wanted))
    except sqlite3.Error as error:
        raise SandboxError(f"The row cannot be written: {error}.") from error


def _change_rows(store: Store, wanted: Change) -> int:
    conditions = sql.equal(wanted.where)
    if wanted.do == "delete":
        return store.run(sql.delete(wanted.table, conditions), wanted.where)
    parameters = {**wanted.where, **{f"new_{name}": value for name, value in wanted.values.items()}}
    return store.run(sql.update(wanted.table, list(wanted.values), conditions), parameters)


def _filled_in(store: Store, wanted: Change, columns: set[str]) -> dict[str, object]:
    """What the web application would add by itself: id, times, and the cached name of a skill."""
    now = stamp(store.time().replace(microsecond=0))
    row: dict[str, object] = {name: now for name in ("created_at", "updated_at") if name in columns}
    if "id" in columns:
        row["id"] = store.new_ids(wanted.table, 1)[0]
    if "cached_skill_name" in columns:
        row["cached_skill_name"] = store.value("SELECT name FROM skills WHERE id = ?", (wanted.values.get("skill_id"),))
    return row
