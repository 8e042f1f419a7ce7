"""Whole lists, each record once, however the account changes while they are read. Knows pages and filters."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import quote

from importer.errors import Unreachable
from importer.kantata.client import Client, Filters, NotAccepted
from importer.kantata.collections import Collection
from importer.kantata.envelope import Record
from importer.kantata.http import LONGEST_URL

_PASSES = 8
"""How often a list is read before we say that it does not hold still."""


class FilterIgnored(Exception):  # noqa: N818
    """The list holds records that its filter should have left out."""


def read_list(
    client: Client,
    collection: Collection,
    filters: Filters | None = None,
    expect: Callable[[Record], bool] = lambda _record: True,
) -> list[Record]:
    """Every record that the filters leave, each once, in the order first seen.

    Under the sorts that we ask for, new records come after those already read. A record that is removed pulls
    others onto pages already read: the count falls then, and the list is read again.
    Raises: FilterIgnored at the first record that is not as `expect`ed; Denied, Unreachable (also when the list
    does not hold still).
    """
    found: dict[str, Record] = {}
    for _ in range(_PASSES):
        seen, count, fell = _one_pass(client, collection, filters or {}, expect)
        if len(seen) >= count and not fell:
            return list(seen.values())
        # A list in no fixed order shows other records in each pass; together they may be all of them.
        found = seen if fell else found | seen
        if len(found) >= count and not fell:
            return list(found.values())
    raise Unreachable(
        f"The list {collection.path} changed each time it was read: {len(found)} of {count} records were seen.",
        "Try again when fewer people work in the account.",
    )


def _one_pass(
    client: Client, collection: Collection, filters: Filters, expect: Callable[[Record], bool]
) -> tuple[dict[str, Record], int, bool]:
    """The records of one pass over the pages by id, the count that the last page told, and whether it ever fell."""
    seen: dict[str, Record] = {}
    count, number, fell = 0, 1, False
    while True:
        page = client.page(collection, number, filters)
        if number > 1 and not page.records:
            return seen, count, fell
        if not all(map(expect, page.records)):
            raise FilterIgnored
        seen |= {str(record["id"]): record for record in page.records}
        fell = fell or page.count < count
        count = page.count
        if len(seen) >= count:
            return seen, count, fell
        number += 1


def read_by_ids(
    client: Client, collection: Collection, by: tuple[str, str], ids: Sequence[str], workers: int
) -> list[Record]:
    """Every record whose field is one of the ids; `by` is the field and the filter that takes many ids of it.

    The reference does not say how such a list is written in a URL, and Kantata leaves a filter that it does not
    understand aside and answers with everything. So the first answer is compared with what was asked for, and
    the other form is tried; if neither is understood, the whole list is read.
    Raises: Denied, Unreachable.
    """
    field, filter_name = by

    def read_chunk(name: str, chunk: Sequence[str]) -> list[Record]:
        wanted = set(chunk)
        return read_list(client, collection, {name: chunk}, lambda record: str(record.get(field)) in wanted)

    for name in _forms(client, filter_name):
        first, *others = _chunks(client, collection, name, ids)
        try:
            records = read_chunk(name, first)
            client.understood_forms[filter_name] = name
            for more in in_parallel(partial(read_chunk, name), others, workers):
                records += more
        except (FilterIgnored, NotAccepted):
            continue
        return records
    wanted = set(ids)
    return [record for record in read_list(client, collection) if str(record.get(field)) in wanted]


def _forms(client: Client, filter_name: str) -> Sequence[str]:
    """How a list of ids may be written, the form that was understood before alone: `ids=1,2` or `ids[]=1&ids[]=2`."""
    known = client.understood_forms.get(filter_name)
    return (known,) if known else (filter_name, f"{filter_name}[]")


def _chunks(client: Client, collection: Collection, name: str, ids: Sequence[str]) -> list[Sequence[str]]:
    """The ids in parts whose URL stays within `LONGEST_URL`; at least one part."""
    room = LONGEST_URL - client.url_length(collection, {name: [""]})
    longest = max(map(len, ids), default=1)
    each = longest + (len(f"&{quote(name)}=") if name.endswith("[]") else len(","))
    size = max(1, room // each)
    return [ids[start : start + size] for start in range(0, max(len(ids), 1), size)]


def in_parallel(work: Callable[[Any], Any], items: Sequence[Any], workers: int) -> list[Any]:
    """`work` done on each item, at most `workers` at a time, in the items' order; the first exception is raised."""
    with ThreadPoolExecutor(max_workers=max(1, min(workers, len(items) or 1))) as pool:
        return list(pool.map(work, items))
