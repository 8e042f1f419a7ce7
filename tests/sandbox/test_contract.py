"""Every collection answers every one of its verbs, filters, includes and sorts."""

import pytest

from importer.sandbox import Running
from importer.sandbox.contract import COLLECTIONS
from importer.sandbox.contract.declare import FilterKind, Verb

from .client import Api

LISTED = [each for each in COLLECTIONS.values() if Verb.LIST in each.verbs]
SAMPLES = {FilterKind.BOOLEAN: "true", FilterKind.TIME: "2024-01-01T00:00:00-08:00"}
FILTERS = [(each.name, filter_.name) for each in LISTED for filter_ in each.filters]


@pytest.mark.parametrize(("path", "name"), FILTERS)
def test_every_filter_is_understood(sandbox: Running, api: Api, path: str, name: str) -> None:
    sandbox.set(unknown_filter="400", primary="readable")
    found = next(each for each in COLLECTIONS[path].filters if each.name == name)
    assert api.get(f"/{path}", **{name: SAMPLES.get(found.kind, "271015")}).status_code == 200


@pytest.mark.parametrize("path", [each.name for each in LISTED])
def test_every_include_fills_its_map_and_gives_its_ids(api: Api, path: str) -> None:
    collection = COLLECTIONS[path]
    names = ",".join(each.name for each in collection.associations)
    found = api.found(f"/{path}", include=names, per_page=3)
    assert set(found) == {"count", "results", "meta", *collection.maps}
    for shown in (found[path][each["id"]] for each in found["results"]):
        for each in collection.associations:
            wanted = shown[each.key] if each.pairs else [shown[each.key]]
            held = {str(key) for key in wanted if key is not None}
            assert held <= set(found[each.model])


@pytest.mark.parametrize(
    ("path", "order"),
    [(each.name, f"{order}:{way}") for each in LISTED for order in each.orders for way in ("asc", "desc")],
)
def test_every_sort_is_understood_and_keeps_every_row(sandbox: Running, api: Api, path: str, order: str) -> None:
    count = api.found(f"/{path}")["count"]
    last = -(-count // 200)
    pages = [api.ids(f"/{path}", order=order, per_page=200, page=page) for page in range(1, last + 1)]
    listed = [key for page in pages for key in page]
    sorted_by = f"{COLLECTIONS[path].orders[order.partition(':')[0]]} {order.partition(':')[2]}, id"
    every = [row["id"] for row in sandbox.query(f"SELECT id FROM {path} ORDER BY {sorted_by}")]
    assert len(set(listed)) == count
    assert listed == [key for key in every if key in set(listed)]


@pytest.mark.parametrize("path", [each.name for each in COLLECTIONS.values() if Verb.GET in each.verbs])
def test_every_record_can_be_read_alone(api: Api, path: str) -> None:
    (key,) = api.ids(f"/{path}", per_page=1)
    listed = api.found(f"/{path}", per_page=1)[path][str(key)]
    assert api.found(f"/{path}/{key}")[path] == {str(key): listed}


@pytest.mark.parametrize("path", [each.name for each in COLLECTIONS.values() if Verb.DELETE in each.verbs])
def test_every_record_that_can_be_deleted_is_gone_then(api: Api, path: str) -> None:
    keys = api.ids(f"/{path}", per_page=1)
    assert api.delete(f"/{path}/{keys[0]}").status_code == 204
    assert api.found(f"/{path}", only=keys[0])["count"] == 0
