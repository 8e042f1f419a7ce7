"""Reads whole lists, each record once, even if the account changes meanwhile. Knows pages and filters."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from importer.kantata.client import PER_PAGE, Client, Filters
from importer.kantata.resources import Collection
from importer.kantata.responses import Page, Record
from importer.messages import about_account

Item = TypeVar("Item")
Extract = TypeVar("Extract")
Extract_contra = TypeVar("Extract_contra", contravariant=True)

Keep = Callable[[Record], Extract | None]
"""Returns the part of a record to keep in memory; None for a record that is not wanted."""

_AHEAD = 2
"""How many pages may wait to be used, besides those in flight."""
_PASSES = 8
"""How often we read a list that keeps changing before we give up."""
_EXACT_PASSES = 2
"""In so many passes we also want records that appear meanwhile; after that, those from the start of a pass will do."""


class FilterIgnored(Exception):  # noqa: N818
    """The list has records that its filter should have left out."""


def read_list(
    client: Client, collection: Collection, filters: Filters | None = None, *, bring: str | None = None
) -> list[Record]:
    """Every record that the filters leave, once; with `bring`, each has its included records under that name.

    Raises: Denied, Unreachable (also if the list keeps changing).
    """
    return read_extracts(client, collection, filters or {}, lambda record: record, bring=bring)


def read_extracts(
    client: Client,
    collection: Collection,
    filters: Filters,
    keep: Keep[Extract],
    expect: Callable[[Record], bool] | None = None,
    bring: str | None = None,
) -> list[Extract]:
    """The extract of every record that the filters leave, each record once.

    Raises: FilterIgnored at the first record that is not as `expect`ed; Denied, Unreachable as `read_list`.
    """
    return read_with_handling(client, collection, filters, RecordHandling(keep, expect, bring))


@dataclass(frozen=True, slots=True)
class FirstPage:
    """The first page of a list, read to learn how long the list is, with the times of its request and answer (s)."""

    page: Page
    requested_at: float
    answered_at: float

    @property
    def pages(self) -> int:
        """How many pages the list has, this one included."""
        return max(-(-self.page.count // PER_PAGE), 1)


def read_first_page(client: Client, collection: Collection, filters: Filters) -> FirstPage:
    """The first page of what the filters leave; as `RecordHandling.first` it is not read again.

    Raises: Denied, Unreachable.
    """
    began = time.perf_counter()
    page = client.page(collection, 1, filters)
    return FirstPage(page, began, time.perf_counter())


@dataclass(frozen=True, slots=True)
class RecordHandling(Generic[Extract]):
    """How to handle the records of a list: see `read_extracts`. `first` is its first page, if that was just read."""

    keep: Keep[Extract]
    expect: Callable[[Record], bool] | None = None
    bring: str | None = None
    first: FirstPage | None = None


def read_with_handling(
    client: Client, collection: Collection, filters: Filters, handling: RecordHandling[Extract]
) -> list[Extract]:
    """The extract of every record that the filters leave, each record once.

    Raises: as `read_extracts`.
    """
    sink: _MemorySink[Extract] = _MemorySink()
    read_into(sink, client, collection, filters, handling)
    return [kept for kept in sink.records.values() if kept is not None]


class Sink(Protocol[Extract_contra]):
    """Collects the extracts of a list, page by page, in one pass over the list or in several."""

    def add(self, kept: Mapping[str, Extract_contra | None], count: int) -> None:
        """Add the extracts of one page by record id; `count` is the length of the list."""

    def count(self) -> int:
        """How many different records this pass has added."""

    def begin_pass(self, *, keep_earlier: bool) -> None:
        """Begin another pass; `keep_earlier` says whether the records of earlier passes still count."""

    def finish(self, enough: int) -> bool:
        """Whether this pass, or all that count together, added so many records; if so, keep exactly those."""


@dataclass(frozen=True, slots=True)
class ListCounts:
    """How many records a list held as its reading began, and as it ended; and how often it had to be read."""

    first: int
    last: int
    passes: int = 1

    @property
    def has_moved(self) -> bool:
        """Whether the list changed while it was read."""
        return self.first != self.last or self.passes > 1


def read_into(
    sink: Sink[Extract], client: Client, collection: Collection, filters: Filters, reading: RecordHandling[Extract]
) -> ListCounts:
    """Add every record that the filters leave to a sink; return how the count of the list changed.

    In the order that we ask for, new records come after those already read. When a record is removed, others move to
    pages that we have already read. The count falls then, and we read the list again.
    Raises: as `read_extracts`.
    """
    unused = [reading.first] if reading.first is not None else []

    def fetch(number: int) -> _FetchedPage[Extract]:
        if number == 1 and unused:
            first = unused.pop()
            page, began, ended = first.page, first.requested_at, first.answered_at
        else:
            began = time.perf_counter()
            page = client.page(collection, number, filters)
            ended = time.perf_counter()
        if reading.expect is not None and not all(map(reading.expect, page.records)):
            raise FilterIgnored
        records = page.records if reading.bring is None else _with_included(page, reading.bring)
        return _FetchedPage(
            _ListCount(began, ended, page.count), {str(record["id"]): reading.keep(record) for record in records}
        )

    first: int | None = None
    for number in range(_PASSES):
        read = _one_pass(client, fetch, sink)
        first = read.at_first if first is None else first
        # A list in no fixed order shows other records in each pass; together they may be all of them.
        if not read.fell and sink.finish(read.most if number < _EXACT_PASSES else read.at_first):
            return ListCounts(first, read.at_last, number + 1)
        seen = sink.count()
        sink.begin_pass(keep_earlier=not read.fell)
    raise about_account.list_keeps_changing(collection.path, seen, read.most)


class _MemorySink(Generic[Extract]):
    """Collects extracts in memory."""

    def __init__(self) -> None:
        self.records: dict[str, Extract | None] = {}
        self._now: dict[str, Extract | None] = {}

    def add(self, kept: Mapping[str, Extract | None], count: int) -> None:  # noqa: ARG002  (a sink's signature)
        self._now |= kept

    def count(self) -> int:
        return len(self._now)

    def begin_pass(self, *, keep_earlier: bool) -> None:
        self.records = self.records | self._now if keep_earlier else self._now
        self._now = {}

    def finish(self, enough: int) -> bool:
        for some in (self._now, self.records | self._now):
            if len(some) >= enough:
                self.records = some
                return True
        return False


def _with_included(page: Page, bring: str) -> list[Record]:
    """The records of a page, each with the included records that it lists by id."""
    came, listed = page.included.get(bring, {}), f"{bring.removesuffix('s')}_ids"
    return [{**r, bring: [came[str(id_)] for id_ in r.get(listed) or () if str(id_) in came]} for r in page.records]


@dataclass(frozen=True, slots=True)
class _Pass:
    """One pass over the pages: the count on the first and the last page, the highest count, and whether it fell."""

    at_first: int
    at_last: int
    most: int
    fell: bool


def _one_pass(client: Client, fetch: Callable[[int], "_FetchedPage[Extract]"], sink: Sink[Extract]) -> _Pass:
    """Read all pages once: the first page gives their number, then we read the others in parallel, then new ones."""
    every: list[_ListCount] = []
    counted: list[_ListCount] = []

    def take(page: _FetchedPage[Extract]) -> None:
        sink.add(page.extracts, page.list_count.count)
        every.append(page.list_count)
        # A page past the end may be answered without a count.
        if page.extracts or not counted:
            counted.append(page.list_count)

    take(fetch(1))
    for page in in_parallel(fetch, range(2, -(-every[0].count // PER_PAGE) + 1), client.workers):
        take(page)
    while sink.count() < max(each.count for each in every):
        page = fetch(len(every) + 1)
        if not page.extracts:
            break
        take(page)
    last = max(counted, key=lambda each: each.answered_at)
    return _Pass(counted[0].count, last.count, max(each.count for each in counted), _fell(counted))


@dataclass(frozen=True, slots=True)
class _ListCount:
    """The length of the list as one page gave it, with the times of its request and answer (seconds).

    By the clock that counts finely everywhere: the other one stands still for 16 ms on Windows, and what was answered
    meanwhile would have no order.
    """

    requested_at: float
    answered_at: float
    count: int


@dataclass(frozen=True, slots=True)
class _FetchedPage(Generic[Extract]):
    """The extracts of one page by record id."""

    list_count: _ListCount
    extracts: dict[str, Extract | None]


def _fell(pages: Sequence[_ListCount]) -> bool:
    """Whether a page gave a lower count than one that was answered before it was requested."""
    answered = sorted(pages, key=lambda page: page.answered_at)
    at = most = 0
    for page in sorted(pages, key=lambda page: page.requested_at):
        while at < len(answered) and answered[at].answered_at <= page.requested_at:
            most = max(most, answered[at].count)
            at += 1
        if page.count < most:
            return True
    return False


def in_parallel(work: Callable[[Item], Extract], items: Sequence[Item], workers: int) -> Iterable[Extract]:
    """The results of `work` for each item in order, at most `workers` at a time; the first exception is raised.

    Work on an item begins only shortly before its result is used, so that few results are in memory.
    """
    if len(items) < 2:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(max_workers=min(workers, len(items))) as pool:
        ahead: deque[Future[Extract]] = deque()
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
