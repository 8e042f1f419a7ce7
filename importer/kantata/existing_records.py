"""The records that the account has now, by key. Knows the cheapest way to read them; knows no row."""

import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Generic, TypeVar

from importer.endpoints.declare import Endpoint
from importer.kantata import resources
from importer.kantata.client import Client, Filters, NotAccepted
from importer.kantata.id_filters import IdFilter, count_id_chunks, open_id_filter, read_by_ids, read_with_filter
from importer.kantata.pagination import (
    FirstPage,
    RecordHandling,
    in_parallel,
    read_extracts,
    read_first_page,
    read_list,
    read_with_handling,
)
from importer.kantata.record_forms import form_of
from importer.kantata.responses import Record
from importer.model import Key

WORTH_A_LOOK = 4
"""From so many requests on, we read the first page of the whole list to learn if the list has fewer pages."""
_FEW_OTHERS = 4
"""With up to so many skills or groups, we read by these, because they have fewer records than many people."""
_MANY_PEOPLE = 20
PEOPLE_AT_ONCE = 50
"""People in one request that includes their records: up to 10,000 records, where a page of the list has 200."""
PEOPLE, FILTERS, WHOLE = "through people", "by filters", "the whole list"

ExistingRecords = Mapping[Key, Sequence[Record]]
"""The records of the account by key: their id, the fields that a load may change, and who created them when.
If a key has several records, the account has duplicates.
"""

Extract = TypeVar("Extract")


@dataclass(frozen=True, slots=True)
class ReadCounts:
    """How many records came along while some were read: by each field of their key and its value, and in whole lists,
    by the filters that they were asked for with. `whole` are fields of which all records with a value that was asked
    for came along; of others some may not have, and `in_filters` has how many the first part of a filter of theirs
    brings.
    """

    by_field: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    in_lists: Mapping[frozenset[tuple[str, str]], int] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()
    in_filters: Mapping[str, int] = field(default_factory=dict)


NO_COUNTS = ReadCounts()


@dataclass(frozen=True)
class RecordQuery:
    """Which records to read: those with these keys or, `with_all_of_owners`, all records of the keys' owners. With
    `every_pair` those, too, in which an owner of some key has what another key names.
    """

    endpoint: Endpoint
    keys: Collection[Key]
    with_all_of_owners: bool = False
    every_pair: bool = False
    with_times: bool = False
    """Whether to tell when a record was changed last."""

    @cached_property
    def wants(self) -> Callable[[Key], bool]:
        """Tells of a key whether its record is wanted."""
        if self.with_all_of_owners:
            return lambda key: self.endpoint.owner_of(key) in self._owners
        if self.every_pair:
            return lambda key: key in self._keys or self._is_pair(key)
        return self._keys.__contains__

    def _is_pair(self, key: Key) -> bool:
        return self.endpoint.owner_of(key) in self._owners and self.endpoint.thing_of(key) in self._things

    @cached_property
    def way(self) -> str:
        """How to read them with the fewest requests: by the ids of this field of the key; `PEOPLE`, included with
        people; `FILTERS`, one owner after the other, where no filter takes many ids; or the `WHOLE` list, of things
        that are known by name.
        """
        if self.endpoint.are_things:
            return WHOLE
        ids = self.ids
        if not ids:
            return FILTERS
        others = min((len(values) for name, values in ids.items() if name != "user_id"), default=_FEW_OTHERS + 1)
        if self.endpoint.comes_with_users and len(ids.get("user_id", [])) > _MANY_PEOPLE and others > _FEW_OTHERS:
            return PEOPLE
        return min(ids, key=lambda name: len(ids[name]))

    @cached_property
    def _keys(self) -> AbstractSet[Key]:
        return self.keys if isinstance(self.keys, AbstractSet) else frozenset(self.keys)

    @cached_property
    def _things(self) -> frozenset[Key]:
        return frozenset(map(self.endpoint.thing_of, self.keys))

    @cached_property
    def _owners(self) -> frozenset[Key]:
        return frozenset(map(self.endpoint.owner_of, self.keys))

    @cached_property
    def ids(self) -> dict[str, list[str]]:
        """The distinct ids for each field of the key by which the records can be read."""
        names = [name for name in self.endpoint.read_by if not self.with_all_of_owners or name in self.endpoint.owner]
        return {name: sorted(set(map(itemgetter(self.endpoint.key.index(name)), self.keys))) for name in names}

    def filters(self) -> Iterable[tuple[dict[str, str], list[dict[str, str]]]]:
        """The filter for each kind of owner, with the filters for each owner, where no filter takes many ids.

        Example: `{"member_type": "user"}` with `[{"member_type": "user", "member_id": "7"}, ...]`.
        """
        owner = self.endpoint.owner
        owners = [dict(zip(owner, values, strict=True)) for values in sorted(self._owners)]
        kinds = [field for field in owner if field in self.endpoint.caseless]
        by_kind: dict[tuple[str, ...], list[dict[str, str]]] = {}
        for each in owners:
            by_kind.setdefault(tuple(each[field] for field in kinds), []).append(each)
        for values, some in by_kind.items():
            yield dict(zip(kinds, values, strict=True)), some


def read_existing(client: Client, wanted: RecordQuery) -> dict[Key, list[Record]]:
    """The wanted records that the account has.

    Raises: Denied, Unreachable.
    """
    return read_existing_and_count(client, wanted)[0]


def read_existing_and_count(
    client: Client, wanted: RecordQuery
) -> tuple[dict[Key, list[Record]], Mapping[Key, int] | None, ReadCounts]:
    """The wanted records that the account has; how many records each owner has in all; and how many came along.

    The counts of owners are None if we did not need to read all of their records.
    Raises: Denied, Unreachable.
    """
    names = (
        "id",
        *wanted.endpoint.updates,
        "creator_id",
        "created_at",
        *(("updated_at",) if wanted.with_times else ()),
    )

    def keep(key: Key, record: Record) -> tuple[Key, Record | None]:
        """Only the fields that a plan needs, because an account has many records; none of one that is not wanted."""
        if not wanted.wants(key):
            return key, None
        kept = {name: record[name] for name in names if name in record}
        for name in ("creator_id", "created_at"):
            if isinstance(kept.get(name), str):
                kept[name] = sys.intern(kept[name])
        return key, kept

    existing: dict[Key, list[Record]] = {}
    seen: list[Key] = []
    scan = _Scan(client, wanted, keep, keeps_all=True)
    for key, record in scan.read() if wanted.keys else ():
        seen.append(key)
        if record is not None:
            existing.setdefault(key, []).append(record)
    owners = Counter(map(wanted.endpoint.owner_of, seen)) if scan.covers_owners else None
    by_field = {name: Counter(key[at] for key in seen) for at, name in enumerate(wanted.endpoint.key)}
    return existing, owners, ReadCounts(by_field, scan.list_counts, frozenset(scan.read_by), scan.filter_counts)


def count_by_owner(client: Client, endpoint: Endpoint, keys: Collection[Key]) -> dict[Key, int]:
    """How many records each owner of these keys has in all.

    Raises: Denied, Unreachable.
    """
    owner_of = endpoint.owner_of
    wanted = RecordQuery(endpoint, keys, with_all_of_owners=True)
    return Counter(scan_existing(client, wanted, lambda key, _: owner_of(key)))


def scan_existing(
    client: Client,
    wanted: RecordQuery,
    keep: Callable[[Key, Record], Extract | None],
    people_at_once: int = PEOPLE_AT_ONCE,
) -> Iterable[Extract]:
    """The extract of each wanted record, read with the fewest requests. Several threads may call `keep`.

    Raises: Denied, Unreachable.
    """
    if not wanted.keys:
        return ()
    return _Scan(client, wanted, keep, people_at_once=people_at_once).read()


@dataclass
class _Scan(Generic[Extract]):
    """Reads the wanted records once; with `keeps_all`, `keep` also gets those that come along and are not wanted.
    `list_counts` tells how long the lists were of which the first page was read to learn that. `covers_owners` says
    whether all records of the wanted owners were among those read.
    """

    client: Client
    query: RecordQuery
    keep: Callable[[Key, Record], Extract | None]
    keeps_all: bool = False
    people_at_once: int = PEOPLE_AT_ONCE
    covers_owners: bool = False
    list_counts: dict[frozenset[tuple[str, str]], int] = field(default_factory=dict)
    read_by: tuple[str, ...] = ()
    filter_counts: dict[str, int] = field(default_factory=dict)

    @property
    def _list(self) -> resources.Collection:
        return resources.of_endpoint(self.query.endpoint)

    def _kept(self, record: Record) -> Extract | None:
        key = self.query.endpoint.key_of(record)
        return self.keep(key, record) if self.keeps_all or self.query.wants(key) else None

    def read(self) -> Iterable[Extract]:
        """The extracts of the wanted records, read with the fewest requests."""
        way = self.query.way
        if way == WHOLE:
            every = read_list(self.client, self._list)
            self.list_counts[frozenset()] = len(every)
            records = form_of(self.client, self.query.endpoint).told(every, are_all=True)
            return [kept for kept in map(self._kept, records) if kept is not None]
        if way == FILTERS:
            kinds = in_parallel(lambda kind: list(self._of_kind(*kind)), [*self.query.filters()], self.client.workers)
            return chain.from_iterable(kinds)
        if way != PEOPLE:
            return self._by_ids()
        people = self.query.ids["user_id"]
        self.covers_owners, self.read_by = True, ("user_id",)
        first = self._first_page_if_shorter(-(-len(people) // self.people_at_once))
        return self._through_people(people) if first is None else self._whole_list(first)

    def _first_page_if_shorter(self, requests: int) -> FirstPage | None:
        """The first page of the whole list, if the list has fewer pages than so many requests."""
        if requests < WORTH_A_LOOK:
            return None
        first = read_first_page(self.client, self._list, {})
        self.list_counts[frozenset()] = first.page.count
        return first if first.pages < requests else None

    def _whole_list(self, first: FirstPage) -> Iterable[Extract]:
        self.covers_owners, self.read_by = True, self.query.endpoint.key
        return read_with_handling(self.client, self._list, {}, RecordHandling(self._kept, first=first))

    def _by_ids(self) -> Iterable[Extract]:
        """The records by the ids of one field: the one with the fewest ids, or another if that takes fewer requests."""
        read_by = self.query.endpoint.read_by
        by_field = sorted(self.query.ids.items(), key=lambda pair: len(pair[1]))
        field, ids = by_field[0]
        best = self._open(field, ids)
        for other, others in by_field[1:]:
            least = count_id_chunks(self.client, self._list, read_by[other], others)
            if best is not None and best.requests > least + 1:  # the look at it is a request, too
                opened = self._open(other, others)
                if opened is not None and opened.requests < best.requests:
                    best, field, ids = opened, other, others
        first = self._first_page_if_shorter(best.requests) if best is not None else None
        if first is not None:
            return self._whole_list(first)
        self.covers_owners = best is None or field in self.query.endpoint.owner
        self.read_by = self.query.endpoint.key if best is None else (field,)
        return read_with_filter(self.client, self._list, best, (field, ids), self._kept)

    def _open(self, name: str, ids: Sequence[str]) -> IdFilter | None:
        opened = open_id_filter(self.client, self._list, (name, self.query.endpoint.read_by[name]), ids)
        if opened is not None:
            self.filter_counts[name] = opened.first.page.count
        return opened

    def _of_kind(self, kind: Filters, owners: Sequence[Filters]) -> Iterable[Extract]:
        """The records of owners of one kind, read for one owner after the other, or as a whole list if that is shorter.

        For a single owner, reading a page of the list would not pay.
        """
        if len(owners) > 1:
            first = read_first_page(self.client, self._list, kind)
            self.list_counts[frozenset((name, str(value)) for name, value in kind.items())] = first.page.count
            if first.pages - 1 <= len(owners):
                return read_with_handling(self.client, self._list, kind, RecordHandling(self._kept, first=first))
        lists = in_parallel(
            lambda filters: read_extracts(self.client, self._list, filters, self._kept), owners, self.client.workers
        )
        return (kept for some in lists for kept in some)

    def _of_people(self, people: Sequence[str]) -> Iterable[Extract]:
        by = ("user_id", self.query.endpoint.read_by["user_id"])
        return read_by_ids(self.client, self._list, by, people, self._kept)

    def _through_people(self, people: Sequence[str]) -> Iterable[Extract]:
        """The records of many people, included with them; we read the records that are not included from the list."""
        size = self.people_at_once
        chunks = [people[start : start + size] for start in range(0, len(people), size)]
        first, missing = self._with_people(chunks[0])
        yield from first
        if missing == chunks[0]:  # nothing comes along in this account
            yield from self._of_people(people)
            return
        left = list(missing)
        for found, missing in in_parallel(self._with_people, chunks[1:], self.client.workers):
            yield from found
            left += missing
        if left:
            yield from self._of_people(left)

    def _with_people(self, people: Sequence[str]) -> tuple[list[Extract], Sequence[str]]:
        """The extracts of the records included with these people, and the people whose records are not included."""
        endpoint, users = self.query.endpoint, resources.USERS
        collection = resources.Collection(users.path, None, (endpoint.plural,), users.filters, users.always)
        try:
            page = self.client.page(collection, 1, {"only": people})
            records = page.included.get(endpoint.plural, {})
            complete = {str(user["id"]) for user in page.records if _all_come(user, endpoint, records)}
            theirs = records.values() if len(complete) == len(people) else _of_people(endpoint, records, complete)
            return [kept for kept in map(self._kept, theirs) if kept is not None], [
                id_ for id_ in people if id_ not in complete
            ]
        except (KeyError, NotAccepted):  # records that come along lack their key, or nothing comes along
            return [], people


def _of_people(endpoint: Endpoint, records: Mapping[str, Record], people: Collection[str]) -> Iterable[Record]:
    position = endpoint.key.index("user_id")
    return (record for record in records.values() if endpoint.key_of(record)[position] in people)


def _all_come(user: Record, endpoint: Endpoint, records: Mapping[str, Record]) -> bool:
    """Whether every record that a person lists is among the included ones."""
    listed = user.get(f"{endpoint.singular}_ids")
    return isinstance(listed, list) and all(str(id_) in records for id_ in listed)
