"""POST, PUT and DELETE: a body becomes rows, or an error and nothing.

Source: API reference 1.0.0; what it leaves open is chosen by the switches.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from importer.sandbox import sql
from importer.sandbox.answer import (
    Answer,
    Refusal,
    Refused,
    content,
    gone,
    not_found,
    refusals,
    refused_rows,
)
from importer.sandbox.contract import COLLECTIONS
from importer.sandbox.contract.declare import Verb
from importer.sandbox.query import Ask
from importer.sandbox.reading import read_written
from importer.sandbox.request_rows import Draft, Write, objects, read_fields
from importer.sandbox.rules import RULES, only_reports
from importer.sandbox.side_effects import write_besides
from importer.sandbox.store import Store
from importer.sandbox.world.dates import text as stamp

Body = Mapping[str, object]


def create(store: Store, ask: Ask, body: Body, *, as_text: bool = False) -> tuple[Answer, list[int]]:
    """Write the objects of a body; returns the answer and the ids of the new records. Raises: Refused."""
    found, many = objects(ask, body, Verb.CREATE)
    drafts = [_draft(index, each) for index, each in enumerate(found)]
    write = Write(store, ask, Verb.CREATE, drafts, as_text=as_text)
    with store.transaction():
        _judge(write)
        bad = [refusal for draft in drafts for refusal in draft.refusals]
        if bad and not (many and write.good and ask.switches["bulk"] == "partial"):
            raise Refused(refused_rows(bad, ask.switches))
        new, shown, rows = _insert(write)
    if bad and ask.switches["partial_reply"] == "errors":
        return refused_rows(bad, ask.switches, rows), new
    besides = (
        {"errors": refusals(bad, ask.switches)} if bad and ask.switches["partial_reply"] != "200 good rows" else {}
    )
    whole = not many or ask.switches["bulk_rows"] == "all"
    return _shown(store, ask, shown, rows, besides, whole=whole), new


def update(store: Store, ask: Ask, key: int, body: Body, *, as_text: bool = False) -> Answer:
    """Change the record `key` as the object of the body says. Raises: Refused."""
    with store.transaction():
        record = _find(store, ask, key)
        if record is None:
            raise Refused(not_found())
        found, _ = objects(ask, body, Verb.UPDATE)
        draft = _draft(0, found[0])
        write = Write(store, ask, Verb.UPDATE, [draft], dict(record), as_text)
        only_reports(write, [record["user_id"]] if "user_id" in write.record else [])
        _judge(write)
        if draft.refusals:
            raise Refused(refused_rows(draft.refusals, ask.switches))
        rows = _change(write, draft, key)
    return _shown(store, ask, [key], rows, {}, whole=True)


def delete(store: Store, ask: Ask, key: int) -> Answer:
    """Remove the record `key`, and what hangs on it as the switch `cascade` says. Raises: Refused."""
    with store.transaction():
        record = _find(store, ask, key)
        if record is None:
            raise Refused(gone() if ask.switches["delete_missing"] == "204" else not_found())
        write = Write(store, ask, Verb.DELETE, [], dict(record))
        only_reports(write, [record["user_id"]] if "user_id" in write.record else [])
        if ask.collection.name == "organizations" and record["parent_id"] is None:
            raise Refused(refused_rows([Refusal("base", "The root cannot be deleted")], ask.switches))
        if ask.switches["cascade"] == "reject" and _in_use(write, key):
            raise Refused(refused_rows([Refusal("base", "It is still in use")], ask.switches))
        rows = _remove(store, ask.collection.name, key, cascade=ask.switches["cascade"] == "delete")
    return gone(rows)


def _shown(store: Store, ask: Ask, keys: Sequence[int], rows: int, besides: Body, *, whole: bool) -> Answer:
    """The answer that shows what was written. It can be an error, by a wrong `order` for one: written it is."""
    try:
        return content({**read_written(store, ask, keys, whole=whole), **besides}, rows)
    except Refused as refused:
        return replace(refused.answer, rows_written=rows)


def _draft(index: int, sent: object) -> Draft:
    if isinstance(sent, dict):
        return Draft(index, sent)
    draft = Draft(index, {})
    draft.refuse("base", "Each element must be an object")
    return draft


def _judge(write: Write) -> None:
    """Read the fields of every draft and put them under the rules. Raises: Refused."""
    read_fields(write)
    for name in write.collection.rules:
        RULES[name](write)
    if write.verb is Verb.CREATE:
        only_reports(write, [draft.values.get("user_id") for draft in write.drafts])


def _insert(write: Write) -> tuple[list[int], list[int], int]:
    """Write the good drafts; returns the new ids, the ids to show (new or existing), and the rows written."""
    store, table, new = write.store, write.collection.name, []
    drafts = [draft for draft in write.good if not draft.same_as and not draft.twin]
    now = store.time().replace(microsecond=0)
    distinct = write.switches["bulk_timestamps"] == "distinct"
    keys = {}
    records = []
    for step, (draft, key) in enumerate(zip(drafts, store.new_ids(table, len(drafts)), strict=True)):
        moment = stamp(now + timedelta(microseconds=step if distinct else 0))
        records.append({"id": key, **draft.values, **_stamps(write, moment)})
        keys[draft.index] = key
        new.append(key)
    if records:
        columns = list(dict.fromkeys(column for record in records for column in record))
        store.insert(table, columns, [dict.fromkeys(columns) | record for record in records])
    rows = len(new) + sum(write_besides(write, draft, keys[draft.index], stamp(now)) for draft in drafts)
    shown = [draft.same_as or keys[(draft.twin or draft).index] for draft in write.good]
    return new, shown, rows


def _stamps(write: Write, moment: str) -> dict[str, object]:
    made = {"created_at": moment, "updated_at": moment, "creator_id": write.ask.caller.user_id}
    return {name: made[name] for name in write.collection.stamps}


def _change(write: Write, draft: Draft, key: int) -> int:
    """Write what differs from the record; a PUT that changes nothing touches no row."""
    store, table = write.store, write.collection.name
    now = stamp(store.time().replace(microsecond=0))
    values = {name: value for name, value in draft.values.items() if write.record.get(name) != value}
    rows = 0
    if values:
        values["updated_at"] = now
        parameters = {"id": key, **{f"new_{name}": value for name, value in values.items()}}
        rows = store.run(sql.update(table, list(values), ["id = :id"]), parameters)
    return rows + write_besides(write, draft, key, now)


def _find(store: Store, ask: Ask, key: int) -> sqlite3.Row | None:
    visible = "" if ask.caller.administrator else ask.collection.visible
    statement = sql.select(["*"], ask.collection.name, ["id = :id", visible])
    rows = store.rows(statement, {"id": key, "me": ask.caller.user_id})
    return rows[0] if rows else None


def _in_use(write: Write, key: int) -> bool:
    statements = [
        sql.select(["count(*)"], table, [f"{column} = :id"])
        for table, column in write.collection.dependents
        if table in COLLECTIONS
    ]
    return any(write.store.value(statement, {"id": key}) for statement in statements)


def _remove(store: Store, table: str, key: int, *, cascade: bool) -> int:
    """Delete a record and, if `cascade`, what hangs on it, and what hangs on that."""
    rows = 0
    for dependent, column in COLLECTIONS[table].dependents if cascade else ():
        if COLLECTIONS.get(dependent) and COLLECTIONS[dependent].dependents:
            for row in store.rows(sql.select(["id"], dependent, [f"{column} = :id"]), {"id": key}):
                rows += _remove(store, dependent, int(row["id"]), cascade=True)
        else:
            rows += store.run(sql.delete(dependent, [f"{column} = :id"]), {"id": key})
    return rows + store.run(sql.delete(table, ["id = :id"]), {"id": key})
