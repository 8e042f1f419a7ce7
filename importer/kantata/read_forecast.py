"""How many requests it will take to read records, told beforehand. Knows the ways of reading them; sends nothing."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from importer.kantata import resources
from importer.kantata.client import PER_PAGE, Client
from importer.kantata.existing_records import (
    FILTERS,
    PEOPLE,
    PEOPLE_AT_ONCE,
    WHOLE,
    WORTH_A_LOOK,
    ReadCounts,
    RecordQuery,
)
from importer.kantata.id_filters import chunks_of_ids
from importer.model import Key

_UNKNOWN = 10**9
"""Records in a list of which nobody has looked how long it is: it is taken for longer than any other way."""


@dataclass(frozen=True, slots=True)
class _Account:
    """How many records the account holds by then: what was counted, with those that are made and removed."""

    counts: ReadCounts
    more: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    added: int = 0

    def with_ids(self, name: str, ids: Collection[str]) -> int:
        counts = self.counts
        known = sum(counts.by_field.get(name, {}).get(id_, 0) for id_ in ids)
        there = known if name in counts.whole else max(known, counts.in_filters.get(name, 0))
        return there + sum(self.more.get(name, {}).get(id_, 0) for id_ in ids)

    def in_list(self, filters: Mapping[str, str]) -> int:
        count = self.counts.in_lists.get(frozenset(filters.items()))
        return _UNKNOWN if count is None else count + self.added


def count_reads(
    client: Client, query: RecordQuery, counts: ReadCounts, made: Collection[Key] = (), removed: Collection[Key] = ()
) -> int:
    """How many requests read the records of this query, if Kantata refuses nothing and nobody else writes.

    `counts` are of an earlier reading of the same records, or of more; `made` and `removed` change until then.
    """
    if not query.keys:
        return 0
    more: dict[str, Counter[str]] = {}
    for at, name in enumerate(query.endpoint.key):
        more[name] = Counter(map(itemgetter(at), made))
        more[name].subtract(map(itemgetter(at), removed))
    account = _Account(counts, more, len(made) - len(removed))
    if query.way == WHOLE:
        return _pages(account.in_list({}))
    if query.way == FILTERS:
        return _by_owners(query, account)
    if query.way == PEOPLE:
        chunks = -(-len(query.ids["user_id"]) // PEOPLE_AT_ONCE)
        return _or_whole_list(chunks, chunks, account, wasted=0)
    return _by_ids(client, query, account)


def _by_owners(query: RecordQuery, account: _Account) -> int:
    (name,) = [each for each in query.endpoint.owner if each not in query.endpoint.caseless]
    requests = 0
    for kind, owners in query.filters():
        pages = _pages(account.in_list(kind))
        if len(owners) > 1 and pages - 1 <= len(owners):
            requests += pages
        else:
            requests += (len(owners) > 1) + sum(_pages(account.with_ids(name, [owner[name]])) for owner in owners)
    return requests


def _by_ids(client: Client, query: RecordQuery, account: _Account) -> int:
    """As the records are read by ids: by the field with the fewest, or by another if that takes fewer requests."""
    of, read_by = resources.of_endpoint(query.endpoint), query.endpoint.read_by
    opened, best, exact = 0, 0, 0
    for name, ids in sorted(query.ids.items(), key=lambda pair: len(pair[1])):
        chunks = chunks_of_ids(client, of, read_by[name], ids)
        if opened and not best > len(chunks) + 1:
            continue
        pages = [_pages(account.with_ids(name, chunk)) for chunk in chunks]
        opened += 1
        if not best or pages[0] * len(chunks) < best:
            best, exact = pages[0] * len(chunks), sum(pages)
    return opened - 1 + _or_whole_list(best, exact, account, wasted=1)


def _or_whole_list(expected: int, exact: int, account: _Account, *, wasted: int) -> int:
    """The requests of a way of which so many are expected; or of the whole list, where a look shows it to be shorter:
    then so many were wasted on the way.
    """
    if expected < WORTH_A_LOOK:
        return exact
    pages = _pages(account.in_list({}))
    return wasted + pages if pages < expected else exact + 1


def _pages(records: int) -> int:
    return max(-(-records // PER_PAGE), 1)
