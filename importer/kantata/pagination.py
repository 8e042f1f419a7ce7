"""Whole lists, each record once, however the account changes while they are read. Knows pages and filters."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Generic, Protocol, TypeVar
from urllib.parse import quote

from importer.kantata.client import PER_PAGE, Client, Filters, NotAccepted
from importer.kantata.resources import Collection
from importer.kantata.responses import Page, Record
from importer.kantata.transport import LONGEST_URL
from importer.messages import about_account

Item = TypeVar("Item")
Kept = TypeVar("Kept")
Taken_contra = TypeVar("Taken_contra", contravariant=True)

Keep = Callable[[Record], Kept | None]
"""What is kept of a record; None if it is not wanted. An account's records are many, and most of each is not needed."""

_AHEAD = 2
"""So many pages wait to be taken, besides those in flight."""
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

    Raises: FilterIgnored at the first record that is not as `expect`ed; Denied, Unreachable as `read_list`.
    """
    found: _Kept[Kept] = _Kept()
    read_into(found, client, collection, filters, Reading(keep, expect, bring))
    return [kept for kept in found.found.values() if kept is not None]


@dataclass(frozen=True, slots=True)
class Reading(Generic[Kept]):
    """What is made of the records of a list: see `read_kept`."""

    keep: Keep[Kept]
    expect: Callable[[Record], bool] | None = None
    bring: str | None = None


class Sink(Protocol[Taken_contra]):
    """Where what is kept of a list goes, page by page, in one pass over it or several."""

    def take(self, kept: Mapping[str, Taken_contra | None], count: int) -> None:
        """Take what is kept of the records of a page, by their ids; `count` is how many the list holds, as told."""

    def seen(self) -> int:
        """How many different records were taken in this pass."""

    def again(self, *, keep_earlier: bool) -> None:
        """A pass is over, and another one begins; `keep_earlier` says whether what was taken still counts."""

    def settle(self, enough: int) -> bool:
        """Whether this pass, or all those that count, took so many records; if so, just they are what was found."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many records a list held as its reading began, and as it ended; and how often it had to be read."""

    first: int
    last: int
    passes: int = 1

    @property
    def has_moved(self) -> bool:
        """Whether the list changed while it was read."""
        return self.first != self.last or self.passes > 1


def read_into(
    sink: Sink[Kept], client: Client, collection: Collection, filters: Filters, reading: Reading[Kept]
) -> Counted:
    """Give every record that the filters leave to a sink, and tell how the list's count moved.

    Under the sorts that we ask for, new records come after those already read. A record that is removed pulls
    others onto pages already read: the count falls then, and the list is read again.
    Raises: as `read_kept`.
    """

    def fetch(number: int) -> _Fetched[Kept]:
        began = time.monotonic()
        page = client.page(collection, number, filters)
        ended = time.monotonic()
        if reading.expect is not None and not all(map(reading.expect, page.records)):
            raise FilterIgnored
        records = page.records if reading.bring is None else _with_brought(page, reading.bring)
        return _Fetched(
            _Told(began, ended, page.count), {str(record["id"]): reading.keep(record) for record in records}
        )

    first: int | None = None
    for number in range(_PASSES):
        read = _one_pass(client, fetch, sink)
        first = read.at_first if first is None else first
        # A list in no fixed order shows other records in each pass; together they may be all of them.
        if not read.fell and sink.settle(read.most if number < _EXACT_PASSES else read.at_first):
            return Counted(first, read.at_last, number + 1)
        seen = sink.seen()
        sink.again(keep_earlier=not read.fell)
    raise about_account.list_keeps_changing(collection.path, seen, read.most)


class _Kept(Generic[Kept]):
    """What is kept of a list, in memory."""

    def __init__(self) -> None:
        self.found: dict[str, Kept | None] = {}
        self._now: dict[str, Kept | None] = {}

    def take(self, kept: Mapping[str, Kept | None], count: int) -> None:  # noqa: ARG002  (a sink's signature)
        self._now |= kept

    def seen(self) -> int:
        return len(self._now)

    def again(self, *, keep_earlier: bool) -> None:
        self.found = self.found | self._now if keep_earlier else self._now
        self._now = {}

    def settle(self, enough: int) -> bool:
        for some in (self._now, self.found | self._now):
            if len(some) >= enough:
                self.found = some
                return True
        return False


def _with_brought(page: Page, bring: str) -> list[Record]:
    """The records of a page, each with the included records that it lists by id."""
    came, listed = page.included.get(bring, {}), f"{bring.removesuffix('s')}_ids"
    return [{**r, bring: [came[str(id_)] for id_ in r.get(listed) or () if str(id_) in came]} for r in page.records]


@dataclass(frozen=True, slots=True)
class _Pass:
    """One pass over the pages: the counts that the first page and the last one told, and the most that any told; and
    whether a count ever fell.
    """

    at_first: int
    at_last: int
    most: int
    fell: bool


def _one_pass(client: Client, fetch: Callable[[int], "_Fetched[Kept]"], sink: Sink[Kept]) -> _Pass:
    """One pass. The first page tells how many there are; they are read in parallel, and those that appear meanwhile
    after them.
    """
    every: list[_Told] = []
    told: list[_Told] = []

    def take(page: _Fetched[Kept]) -> None:
        sink.take(page.kept, page.told.count)
        every.append(page.told)
        # A page past the end may be answered without a count.
        if page.kept or not told:
            told.append(page.told)

    take(fetch(1))
    for page in in_parallel(fetch, range(2, -(-every[0].count // PER_PAGE) + 1), client.workers):
        take(page)
    while sink.seen() < max(each.count for each in every):
        page = fetch(len(every) + 1)
        if not page.kept:
            break
        take(page)
    last = max(told, key=lambda each: each.ended)
    return _Pass(told[0].count, last.count, max(each.count for each in told), _fell(told))


@dataclass(frozen=True, slots=True)
class _Told:
    """One page: when it was asked for and answered (seconds), and the count that it told."""

    began: float
    ended: float
    count: int


@dataclass(frozen=True, slots=True)
class _Fetched(Generic[Kept]):
    """One page, and what is kept of it by id."""

    told: _Told
    kept: dict[str, Kept | None]


def _fell(pages: Sequence[_Told]) -> bool:
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
    """`work` done on each item, at most `workers` at a time, in the items' order; the first exception is raised.

    Few more are begun than are taken: what is made of them need not be held.
    """
    if len(items) < 2:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(max_workers=min(workers, len(items))) as pool:
        ahead: deque[Future[Kept]] = deque()
        try:
            for item in items:
                ahead.append(pool.submit(work, item))
                if len(ahead) > workers + _AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for each in ahead:
                each.cancel()
