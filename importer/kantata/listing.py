"""Whole lists, each record once, however the account changes while they are read. Knows pages and filters."""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar
from urllib.parse import quote

from importer.errors import Unreachable
from importer.kantata.client import PER_PAGE, Client, Filters, NotAccepted
from importer.kantata.collections import Collection
from importer.kantata.envelope import Page, Record
from importer.kantata.http import LONGEST_URL

Item = TypeVar("Item")
Kept = TypeVar("Kept")

Keep = Callable[[Record], Kept | None]
"""What is kept of a record; None if it is not wanted. An account's records are many, and most of each is not needed."""

_PASSES = 8
"""How often a list is read before we say that it does not hold still."""
_EXACT_PASSES = 2
"""So often every record that appears meanwhile is wanted, too; then those that were there when a pass began will do."""


class FilterIgnored(Exception):  # noqa: N818
    """The list holds records that its filter should have left out."""


def read_list(
    client: Client, collection: Collection, filters: Filters | None = None, *, bring: str | None = None
) -> list[Record]:
    """Every record that the filters leave, each once; with `bring`, each with those that came along under that name.

    Raises: Denied, Unreachable (also when the list does not hold still).
    """
    return read_kept(client, collection, filters or {}, lambda record: record, bring=bring)


def read_kept(
    client: Client,
    collection: Collection,
    filters: Filters,
    keep: Keep[Kept],
    expect: Callable[[Record], bool] | None = None,
    bring: str | None = None,
) -> list[Kept]:
    """What is kept of every record that the filters leave, each once.

    Under the sorts that we ask for, new records come after those already read. A record that is removed pulls
    others onto pages already read: the count falls then, and the list is read again.
    Raises: FilterIgnored at the first record that is not as `expect`ed; Denied, Unreachable as `read_list`.
    """

    def fetch(number: int) -> _Fetched[Kept]:
        began = time.monotonic()
        page = client.page(collection, number, filters)
        ended = time.monotonic()
        if expect is not None and not all(map(expect, page.records)):
            raise FilterIgnored
        records = page.records if bring is None else _with_brought(page, bring)
        return _Fetched(began, ended, page.count, {str(record["id"]): keep(record) for record in records})

    found: dict[str, Kept | None] = {}
    for number in range(_PASSES):
        read = _one_pass(client, fetch)
        # A list in no fixed order shows other records in each pass; together they may be all of them.
        found = read.seen if read.fell else found | read.seen
        for seen in (read.seen, found):
            if not read.fell and len(seen) >= (read.most if number < _EXACT_PASSES else read.at_first):
                return [kept for kept in seen.values() if kept is not None]
    raise Unreachable(
        f"The list {collection.path} changed each time it was read: {len(found)} of {read.most} records were seen.",
        "Try again when fewer people work in the account.",
    )


def _with_brought(page: Page, bring: str) -> list[Record]:
    """The records of a page, each with the included records that it lists by id."""
    came, listed = page.included.get(bring, {}), f"{bring.removesuffix('s')}_ids"
    return [{**r, bring: [came[str(id_)] for id_ in r.get(listed) or () if str(id_) in came]} for r in page.records]


@dataclass(frozen=True, slots=True)
class _Pass(Generic[Kept]):
    """One pass over the pages: what is kept, by id; the counts that the first page told, and the most that any told;
    and whether a count ever fell.
    """

    seen: dict[str, Kept | None]
    at_first: int
    most: int
    fell: bool


def _one_pass(client: Client, fetch: Callable[[int], "_Fetched[Kept]"]) -> _Pass[Kept]:
    """One pass. The first page tells how many there are; they are read in parallel, and those that appear meanwhile
    after them.
    """
    first = fetch(1)
    every = [first, *in_parallel(fetch, range(2, -(-first.count // PER_PAGE) + 1), client.workers)]
    seen: dict[str, Kept | None] = {}
    for page in every:
        seen |= page.kept
    while len(seen) < max(page.count for page in every):
        page = fetch(len(every) + 1)
        if not page.kept:
            break
        every.append(page)
        seen |= page.kept
    # A page past the end may be answered without a count.
    told = [page for page in every if page.kept or page is first]
    return _Pass(seen, first.count, max(page.count for page in told), _fell(told))


@dataclass(frozen=True, slots=True)
class _Fetched(Generic[Kept]):
    """One page: when it was asked for and answered (seconds), the count that it told, and what is kept of it by id."""

    began: float
    ended: float
    count: int
    kept: dict[str, Kept | None]


def _fell(pages: Sequence[_Fetched[Kept]]) -> bool:
    """Whether a page told fewer records than another one that was answered before it was asked for."""
    answered = sorted(pages, key=lambda page: page.ended)
    at = most = 0
    for page in sorted(pages, key=lambda page: page.began):
        while at < len(answered) and answered[at].ended <= page.began:
            most = max(most, answered[at].count)
            at += 1
        if page.count < most:
            return True
    return False


def read_by_ids(
    client: Client, collection: Collection, by: tuple[str, str], ids: Sequence[str], keep: Keep[Kept]
) -> list[Kept]:
    """What is kept of every record whose field is one of the ids; `by` is the field, and the filter that takes its ids.

    The reference does not say how such a list is written in a URL, and Kantata leaves a filter that it does not
    understand aside and answers with everything. So the first answer is compared with what was asked for, and
    the other form is tried; if neither is understood, the whole list is read.
    Raises: Denied, Unreachable.
    """
    field, filter_name = by

    def read_chunk(name: str, chunk: Sequence[str]) -> list[Kept]:
        wanted = set(chunk)
        return read_kept(client, collection, {name: chunk}, keep, lambda record: str(record.get(field)) in wanted)

    for name in _forms(client, filter_name):
        first, *others = _chunks(client, collection, name, ids)
        try:
            records = read_chunk(name, first)
            client.understood_forms[filter_name] = name
            for more in in_parallel(partial(read_chunk, name), others, client.workers):
                records += more
        except (FilterIgnored, NotAccepted):
            continue
        return records
    wanted = set(ids)
    return read_kept(client, collection, {}, lambda record: keep(record) if str(record.get(field)) in wanted else None)


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


def in_parallel(work: Callable[[Item], Kept], items: Sequence[Item], workers: int) -> Iterable[Kept]:
    """`work` done on each item, at most `workers` at a time, in the items' order; the first exception is raised."""
    if len(items) < 2:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(max_workers=min(workers, len(items))) as pool:
        yield from pool.map(work, items)
