"""Lists and single records: a question becomes an envelope. Reads rows, and writes none.

Source of the envelope: API reference 1.0.0, section Response Format; mavenlink/brainstem for its edges.
"""

import json
from collections.abc import Iterable, Sequence

from importer.sandbox import sql
from importer.sandbox.answer import Refused, not_found
from importer.sandbox.contract import COLLECTIONS
from importer.sandbox.contract.declare import NOBODY, Association
from importer.sandbox.paging import Page, everything, first, only, order, page
from importer.sandbox.query import Ask, Where, refuse_unknown, searched, where
from importer.sandbox.rendering import Shape, shape
from importer.sandbox.store import Store

Envelope = dict[str, object]
Objects = dict[str, dict[str, object]]
AMONG = f"id {sql.IN_VALUE}"


def read_list(store: Store, ask: Ask) -> Envelope:
    """A page of the rows that the caller asks for. Raises: Refused."""
    refuse_unknown(ask)
    found = where(ask, one=False)
    wanted = only(ask)
    if wanted is not None:
        found.add(AMONG, json.dumps(wanted))
    return _envelope(store, ask, found, page(ask))


def read_one(store: Store, ask: Ask, key: int) -> Envelope:
    """The record `key`. Raises: Refused (404) if it is missing, invisible or hidden by a default filter."""
    refuse_unknown(ask)
    found = where(ask, one=True)
    found.add("id = :value", key)
    envelope = _envelope(store, ask, found, everything(1))
    if not envelope["count"]:
        raise Refused(not_found())
    return envelope


def read_me(store: Store, ask: Ask) -> Envelope:
    """The caller, whatever the filters say."""
    found = Where(["id = :me"], {"me": ask.caller.user_id})
    return _envelope(store, ask, found, everything(1))


def read_written(store: Store, ask: Ask, keys: Sequence[int], *, whole: bool) -> Envelope:
    """The records that a POST or PUT wrote: `whole`, or by the page.

    Unless the switch write_filters is off, filters in the request narrow it as they narrow a list.
    """
    narrowed = ask.switches["write_filters"] == "on"
    found = where(ask, one=True) if narrowed else Where(values={"me": ask.caller.user_id})
    found.add(AMONG, json.dumps(list(keys)))
    if whole:
        return _envelope(store, ask, found, everything(len(keys)))
    return _envelope(store, ask, found, first() if ask.switches["bulk_rows"] == "first 20" else page(ask))


def _envelope(store: Store, ask: Ask, found: Where, shown_page: Page) -> Envelope:
    table, conditions = ask.collection.name, found.conditions
    if search := searched(ask):
        found.values["searched"] = ask.params.text(search.name).strip()
    included = _included(ask)
    form = shape(ask.collection, ask.caller, ask.switches, included, _optional(ask))
    statement = sql.select(form.columns, table, conditions, order(ask))
    with store.lock:
        count = int(str(store.value(sql.select(["count(*)"], table, conditions), found.values)))
        if shown_page.limit is not None:
            statement += f" LIMIT {shown_page.limit:d} OFFSET {shown_page.offset:d}"
        rows = store.rows(statement, found.values)
        _check_past_end(ask, shown_page, count, rows)
        objects = {str(row[0]): form.render(row) for row in rows}
        keys = list(objects)
        maps = _maps(store, ask, included, objects)
    envelope: Envelope = {"count": count, "results": [{"key": table, "id": key} for key in keys], **maps}
    if ask.switches["meta"] == "on":
        envelope["meta"] = shown_page.meta(count)
    return envelope


def _check_past_end(ask: Ask, shown: Page, count: int, rows: Sequence[object]) -> None:
    if shown.asked_past_end and count and not rows and ask.switches["past_end"] == "404":
        raise Refused(not_found())


def _included(ask: Ask) -> list[Association]:
    """The associations that `include` names; unknown names are skipped."""
    names = ask.params.text("include").split(",")
    if ask.switches["include_trim"] == "on":
        names = [name.strip() for name in names]
    found = (ask.collection.association(name) for name in dict.fromkeys(names))
    return [each for each in found if each is not None]


def _optional(ask: Ask) -> frozenset[str]:
    sent = ask.params.arrays.get("optional_fields") or ask.params.text("optional_fields").split(",")
    return frozenset(name.strip() for name in sent)


def _maps(store: Store, ask: Ask, included: Sequence[Association], objects: Objects) -> dict[str, Objects]:
    """One map a type, the collection's own first. Puts the ids of to-many associations into `objects`."""
    maps: dict[str, Objects] = {ask.collection.name: objects}
    wanted: dict[str, set[str]] = {}
    for each in included:
        maps.setdefault(each.model, {})
        if each.many:
            held = _many(store, each, objects)
            for key, shown in objects.items():
                shown[each.key] = held.get(key, [])
            keys = {other for others in held.values() for other in others}
        else:
            keys = {str(shown[each.key]) for shown in objects.values() if shown[each.key] is not None}
        wanted.setdefault(each.model, set()).update(keys)
    for model, keys in wanted.items():
        missing = keys - maps[model].keys()
        if model in COLLECTIONS and missing:
            maps[model] = {**maps[model], **_beside(store, ask, model, missing)}
    return maps


def _many(store: Store, association: Association, objects: Objects) -> dict[str, list[str]]:
    held: dict[str, list[str]] = {}
    if association.pairs != NOBODY and objects:
        owners = json.dumps([int(key) for key in objects])
        for owner, other in store.rows(association.pairs, {"owners": owners}):
            held.setdefault(str(owner), []).append(str(other))
    return held


def _beside(store: Store, ask: Ask, model: str, keys: Iterable[str]) -> Objects:
    """The records of another collection that stand beside an answer; no filter applies to them."""
    collection = COLLECTIONS[model]
    form: Shape = shape(collection, ask.caller, ask.switches)
    found = Where()
    found.add(AMONG, json.dumps(sorted(int(key) for key in keys)))
    if collection.disabled and ask.switches["sideload_disabled"] == "off":
        found.add(f"NOT {collection.disabled}")
    rows = store.rows(sql.select(form.columns, model, found.conditions, "id"), found.values)
    return {str(row[0]): form.render(row) for row in rows}
