"""POST, PUT and DELETE: a body becomes rows, or an error and nothing.

Source: API reference 1.0.0; what it leaves open is chosen by the switches.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from importer.sandbox import sql
from importer.sandbox.answer import Answer, Refusal, Refused, content, gone, not_found, refusals, refused_rows
from importer.sandbox.contract import COLLECTIONS
from importer.sandbox.contract.declare import Verb
from importer.sandbox.query import Query
from importer.sandbox.reading import read_written
from importer.sandbox.request_rows import RequestRow, Write, objects, read_fields
from importer.sandbox.rules import RULES, only_reports
from importer.sandbox.store import Store
from importer.sandbox.world.dates import text as stamp

Body = Mapping[str, object]


def create(store: Store, query: Query, body: Body) -> tuple[Answer, list[int]]:
    """Write the objects of a body; returns the answer and the ids of the new records. Raises: Refused."""
    found, many = objects(query, body, Verb.CREATE)
    write = Write(store, query, Verb.CREATE, [_row(index, each) for index, each in enumerate(found)])
    with store.transaction():
        _check(write)
        bad = [refusal for row in write.rows for refusal in row.refusals]
        if bad and not (many and write.good and query.switches["bulk"] == "partial"):
            raise Refused(refused_rows(bad, query.switches))
        new, shown, written = _insert(write)
    reply = query.switches["partial_reply"]
    if bad and reply == "errors":
        return refused_rows(bad, query.switches, written), new
    errors = {"errors": refusals(bad, query.switches)} if bad and reply != "200 good rows" else {}
    whole = not many or query.switches["bulk_rows"] == "all"
    return _shown(query, store, shown, written, errors, whole=whole), new


def update(store: Store, query: Query, key: int, body: Body) -> Answer:
    """Change the record `key` as the object of the body says. Raises: Refused."""
    with store.transaction():
        record = _find(store, query, key)
        if record is None:
            raise Refused(not_found())
        found, _ = objects(query, body, Verb.UPDATE)
        row = _row(0, found[0])
        write = Write(store, query, Verb.UPDATE, [row], dict(record))
        only_reports(write)
        _check(write)
        if row.refusals:
            raise Refused(refused_rows(row.refusals, query.switches))
        written = _change(write, row, key)
    return _shown(query, store, [key], written, {}, whole=True)


def delete(store: Store, query: Query, key: int) -> Answer:
    """Remove the record `key`, and what hangs on it as the switch `cascade` says. Raises: Refused."""
    with store.transaction():
        record = _find(store, query, key)
        if record is None:
            raise Refused(gone() if query.switches["delete_missing"] == "204" else not_found())
        write = Write(store, query, Verb.DELETE, [], dict(record))
        only_reports(write)
        if query.collection.name == "organizations" and record["parent_id"] is None:
            raise Refused(refused_rows([Refusal("base", "The root cannot be deleted")], query.switches))
        if query.switches["cascade"] == "reject" and _in_use(write, key):
            raise Refused(refused_rows([Refusal("base", "It is still in use")], query.switches))
        written = _remove(store, query.collection.name, key, cascade=query.switches["cascade"] == "delete")
    return gone(written)


def _shown(query: Query, store: Store, keys: Sequence[int], written: int, errors: Body, *, whole: bool) -> Answer:
    """The answer that shows what was written. It may be an error, for a wrong `per_page` say; the write stands."""
    try:
        return content({**read_written(store, query, keys, whole=whole), **errors}, written)
    except Refused as refused:
        return replace(refused.answer, rows_written=written)


def _row(index: int, sent: object) -> RequestRow:
    if isinstance(sent, dict):
        return RequestRow(index, sent)
    row = RequestRow(index, {})
    row.refuse("base", "Each element must be an object")
    return row


def _check(write: Write) -> None:
    """Read the fields of every row and apply the rules of the collection. Raises: Refused."""
    read_fields(write)
    for name in write.collection.rules:
        RULES[name](write)
    if write.verb is Verb.CREATE:
        only_reports(write)


def _insert(write: Write) -> tuple[list[int], list[int], int]:
    """Write the good rows; returns the new ids, the ids to show (new or existing), and how many were written."""
    store, table = write.store, write.collection.name
    rows = [row for row in write.good if not row.same_as and not row.twin]
    keys = dict(zip((row.index for row in rows), store.new_ids(table, len(rows)), strict=True))
    now = store.time().replace(microsecond=0)
    distinct = write.switches["bulk_timestamps"] == "distinct"
    records: list[dict[str, object]] = []
    for step, row in enumerate(rows):
        moment = stamp(now + timedelta(microseconds=step if distinct else 0))
        made = {"created_at": moment, "updated_at": moment, "creator_id": write.query.caller.user_id}
        stamps = {name: made[name] for name in write.collection.stamps}
        records.append({"id": keys[row.index], **row.values, **stamps})
    if records:
        store.insert(table, list(records[0]), records)
    written = len(records) + sum(_write_side_effects(write, row, keys[row.index]) for row in rows)
    shown = [row.same_as or keys[(row.twin or row).index] for row in write.good]
    return list(keys.values()), shown, written


def _change(write: Write, row: RequestRow, key: int) -> int:
    """Write what differs from the record; a PUT that changes nothing touches no row."""
    store, table = write.store, write.collection.name
    values = {name: value for name, value in row.values.items() if write.record.get(name) != value}
    written = 0
    if values:
        values["updated_at"] = stamp(store.time().replace(microsecond=0))
        parameters = {"id": key, **{f"new_{name}": value for name, value in values.items()}}
        written = store.run(sql.update(table, list(values), ["id = :id"]), parameters)
    return written + _write_side_effects(write, row, key)


def _write_side_effects(write: Write, row: RequestRow, key: int) -> int:
    """Write what follows from record `key` in other rows; returns how many rows count as written."""
    if write.collection.name == "organization_memberships" and row.values.get("is_primary"):
        return write.store.run(  # a member has one primary membership: its others lose the mark
            "UPDATE organization_memberships SET is_primary = 0 WHERE is_primary = 1 AND id <> :key AND"
            " (member_type, member_id) = (SELECT member_type, member_id FROM organization_memberships"
            " WHERE id = :key)",
            {"key": key},
        )
    if write.collection.name == "skills" and write.record and "name" in row.values:
        renamed = "UPDATE skill_memberships SET cached_skill_name = ? WHERE skill_id = ?"
        write.store.run(renamed, (row.values["name"], key))
    return 0


def _find(store: Store, query: Query, key: int) -> sqlite3.Row | None:
    visible = "" if query.caller.administrator else query.collection.visible
    statement = sql.select(["*"], query.collection.name, ["id = :id", visible])
    rows = store.rows(statement, {"id": key, "me": query.caller.user_id})
    return rows[0] if rows else None


def _in_use(write: Write, key: int) -> bool:
    statements = [sql.select(["count(*)"], table, [f"{column} = :id"]) for table, column in write.collection.dependents]
    return any(write.store.value(statement, {"id": key}) for statement in statements)


def _remove(store: Store, table: str, key: int, *, cascade: bool) -> int:
    """Delete a record and, if `cascade`, what hangs on it, and what hangs on that."""
    written = 0
    for dependent, column in COLLECTIONS[table].dependents if cascade else ():
        for row in store.rows(sql.select(["id"], dependent, [f"{column} = :id"]), {"id": key}):
            written += _remove(store, dependent, int(row["id"]), cascade=True)
    return written + store.run(sql.delete(table, ["id = :id"]), {"id": key})
