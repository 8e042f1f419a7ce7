"""Lists and single records: a query becomes an envelope. Reads rows, and writes none.

Source of the envelope: API reference 1.0.0, section Response Format; mavenlink/brainstem for its edges.
"""

import json
from collections.abc import Iterable, Sequence

from importer.sandbox import sql
from importer.sandbox.answer import Refused, not_found
from importer.sandbox.contract import COLLECTIONS
from importer.sandbox.contract.declare import Association
from importer.sandbox.paging import Page, everything, first, only, order, page
from importer.sandbox.query import Query, Where, refuse_unknown, where
from importer.sandbox.rendering import shape
from importer.sandbox.store import Store

Envelope = dict[str, object]
Objects = dict[str, dict[str, object]]
AMONG = f"id {sql.IN_VALUE}"


def read_list(store: Store, query: Query) -> Envelope:
    """A page of the rows that the caller asks for. Raises: Refused."""
    refuse_unknown(query)
    found = where(query, one=False)
    wanted = only(query)
    if wanted is not None:
        found.add(AMONG, json.dumps(wanted))
    shown = page(query)
    envelope = _envelope(store, query, found, shown)
    is_past_end = shown.number > 1 and shown.limit and envelope["count"] and not envelope["results"]
    if is_past_end and query.switches["past_end"] == "404":
        raise Refused(not_found())
    return envelope


def read_one(store: Store, query: Query, key: int) -> Envelope:
    """The record `key`. Raises: Refused (404) if it is missing, invisible or hidden by a default filter."""
    refuse_unknown(query)
    found = where(query, one=True)
    found.add("id = :value", key)
    envelope = _envelope(store, query, found, everything(1))
    if not envelope["count"]:
        raise Refused(not_found())
    return envelope


def read_me(store: Store, query: Query) -> Envelope:
    """The caller, whatever the filters say."""
    found = Where(["id = :me"], {"me": query.caller.user_id})
    return _envelope(store, query, found, everything(1))


def read_written(store: Store, query: Query, keys: Sequence[int], *, whole: bool) -> Envelope:
    """The records that a POST or PUT wrote: `whole`, or by the page."""
    found = Where()
    found.add(AMONG, json.dumps(list(keys)))
    if whole:
        return _envelope(store, query, found, everything(len(keys)))
    return _envelope(store, query, found, first() if query.switches["bulk_rows"] == "first 20" else page(query))


def _envelope(store: Store, query: Query, found: Where, shown: Page) -> Envelope:
    table, conditions = query.collection.name, found.conditions
    included = _included(query)
    form = shape(query.collection, query.switches, included, is_post=query.is_post)
    statement = sql.select(form.columns, table, conditions, order(query))
    if shown.limit is not None:
        statement += f" LIMIT {shown.limit:d} OFFSET {shown.offset:d}"
    with store.lock:
        count = int(str(store.value(sql.select(["count(*)"], table, conditions), found.values)))
        objects = {str(row["id"]): form.render(row) for row in store.rows(statement, found.values)}
        keys = list(objects)
        maps = _maps(store, query, included, objects)
    envelope: Envelope = {"count": count, "results": [{"key": table, "id": key} for key in keys], **maps}
    if query.switches["meta"] == "on":
        envelope["meta"] = shown.meta(count)
    return envelope


def _included(query: Query) -> list[Association]:
    """The associations that `include` names; unknown names are skipped."""
    known = {each.name: each for each in query.collection.associations}
    names = dict.fromkeys(query.params.text("include").split(","))
    return [known[name] for name in names if name in known]


def _maps(store: Store, query: Query, included: Sequence[Association], objects: Objects) -> dict[str, Objects]:
    """One map a type, the collection's own first. Puts the ids of to-many associations into `objects`."""
    maps: dict[str, Objects] = {query.collection.name: objects}
    wanted: dict[str, set[str]] = {}
    for each in included:
        maps.setdefault(each.model, {})
        name = each.key
        if each.pairs:
            associated = _many(store, query, each, objects)
            for key, shown in objects.items():
                shown[name] = associated.get(key, [])
            keys = {other for others in associated.values() for other in others}
        else:
            keys = {str(shown[name]) for shown in objects.values() if shown[name] is not None}
        wanted.setdefault(each.model, set()).update(keys)
    for model, keys in wanted.items():
        missing = keys - maps[model].keys()
        if missing:
            maps[model] = {**maps[model], **_side_loaded(store, query, model, missing)}
    return maps


def _many(store: Store, query: Query, association: Association, objects: Objects) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    owners, unseen = json.dumps([int(key) for key in objects]), query.unseen.get(association.model, ())
    for owner, other in store.rows(association.pairs, {"owners": owners}):
        if other not in unseen:
            found.setdefault(str(owner), []).append(str(other))
    return found


def _side_loaded(store: Store, query: Query, model: str, keys: Iterable[str]) -> Objects:
    """The records of another collection that come with an answer; no filter applies to them."""
    collection = COLLECTIONS[model]
    form = shape(collection, query.switches, is_post=query.is_post)
    found = Where()
    found.add(AMONG, json.dumps(sorted(int(key) for key in keys)))
    if collection.disabled and query.switches["sideload_disabled"] == "off":
        found.add(f"NOT {collection.disabled}")
    rows = store.rows(sql.select(form.columns, model, found.conditions, "id"), found.values)
    return {str(row["id"]): form.render(row) for row in rows}
