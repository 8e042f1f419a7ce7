"""What the account holds now, by key. Knows how to ask for few records rather than all; knows no row."""

import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from importer.endpoints.declare import Endpoint
from importer.kantata import resources
from importer.kantata.client import Client, NotAccepted
from importer.kantata.pagination import in_parallel, read_by_ids, read_kept
from importer.kantata.responses import Record
from importer.model import Key

_FEW_MEMBERS = 25
"""Up to so many members are asked for one by one where the list takes only one id; beyond, the list is read."""
_FEW_OTHERS = 4
"""Up to so many skills or groups, their records are fewer than those of many people."""
_MANY_PEOPLE = 20
PEOPLE_AT_ONCE = 50
"""People whose records come along with them in one request: up to 10,000 records, where a page of the list has 200."""
_PEOPLE, _FILTERS = "through people", "by filters"

Held = Mapping[Key, Sequence[Record]]
"""The records by key: their id, the fields that a load may change, and who made them when. More than one to a key is a
duplicate that the account has.
"""

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Wanted:
    """Which records are wanted: those under these keys or, `with_all_of_owners`, all that the keys' owners hold."""

    endpoint: Endpoint
    keys: Collection[Key]
    with_all_of_owners: bool = False

    def __contains__(self, key: Key) -> bool:
        """Whether the record of this key is wanted."""
        return self.endpoint.owner_of(key) in self._owners if self.with_all_of_owners else key in self._keys

    @cached_property
    def way(self) -> str:
        """How the fewest requests read them: the field of the key by whose ids they are asked for, `_PEOPLE` where they
        come along with people, `_FILTERS` where no filter takes many ids.
        """
        ids = self.ids()
        if not ids:
            return _FILTERS
        others = min((len(values) for name, values in ids.items() if name != "user_id"), default=_FEW_OTHERS + 1)
        if self.endpoint.comes_with_users and len(ids.get("user_id", [])) > _MANY_PEOPLE and others > _FEW_OTHERS:
            return _PEOPLE
        return min(ids, key=lambda name: len(ids[name]))

    @cached_property
    def _keys(self) -> frozenset[Key]:
        return frozenset(self.keys)

    @cached_property
    def _owners(self) -> frozenset[Key]:
        return frozenset(map(self.endpoint.owner_of, self.keys))

    def ids(self) -> dict[str, list[str]]:
        """The distinct ids by which the records can be asked for, by field of the key."""
        names = [name for name in self.endpoint.read_by if not self.with_all_of_owners or name in self.endpoint.owner]
        return {name: sorted({key[self.endpoint.key.index(name)] for key in self.keys}) for name in names}

    def filters(self) -> list[dict[str, str]]:
        """Filters of one value each that together leave every wanted record, where no filter takes many ids."""
        each = self._distinct(self.endpoint.owner)
        return each if len(each) <= _FEW_MEMBERS else self._distinct(tuple(self.endpoint.caseless))

    def _distinct(self, fields: Sequence[str]) -> list[dict[str, str]]:
        positions = [self.endpoint.key.index(field) for field in fields]
        values = sorted({tuple(key[position] for position in positions) for key in self.keys})
        return [dict(zip(fields, value, strict=True)) for value in values]


def read_held(client: Client, wanted: Wanted) -> dict[Key, list[Record]]:
    """The wanted records that stand in the account.

    Raises: Denied, Unreachable.
    """
    return read_and_count(client, wanted)[0]


def read_and_count(client: Client, wanted: Wanted) -> tuple[dict[Key, list[Record]], Mapping[Key, int] | None]:
    """The wanted records that stand in the account, and how many each owner holds under whatever key; None where the
    reading did not come by the owners' other records.

    Raises: Denied, Unreachable.
    """
    names = ("id", *wanted.endpoint.updates, "creator_id", "created_at")

    def keep(key: Key, record: Record) -> tuple[Key, Record]:
        """What a plan needs of a record: an account's records are many."""
        kept = {name: record[name] for name in names if name in record}
        for name in ("creator_id", "created_at"):
            if isinstance(kept.get(name), str):
                kept[name] = sys.intern(kept[name])
        return key, kept

    held: dict[Key, list[Record]] = {}
    seen: list[Key] = []
    scan = _Scan(client, wanted, keep, seen)
    for key, record in scan.read() if wanted.keys else ():
        held.setdefault(key, []).append(record)
    return held, Counter(seen) if wanted.way in (_PEOPLE, *wanted.endpoint.owner) else None


def count_held(client: Client, endpoint: Endpoint, keys: Collection[Key]) -> dict[Key, int]:
    """How many records each owner of these keys holds, under whatever key.

    Raises: Denied, Unreachable.
    """
    owner_of = endpoint.owner_of
    wanted = Wanted(endpoint, keys, with_all_of_owners=True)
    return Counter(scan_held(client, wanted, lambda key, _: owner_of(key)))


def scan_held(
    client: Client,
    wanted: Wanted,
    keep: Callable[[Key, Record], Kept | None],
    people_at_once: int = PEOPLE_AT_ONCE,
) -> Iterable[Kept]:
    """What is kept of each wanted record, by the way that needs the fewest requests. Threads may call `keep`.

    Raises: Denied, Unreachable.
    """
    if not wanted.keys:
        return ()
    return _Scan(client, wanted, keep, people_at_once=people_at_once).read()


@dataclass(frozen=True)
class _Scan(Generic[Kept]):
    """One reading of the wanted records. `seen` gathers whose each record is that comes by, wanted or not."""

    client: Client
    wanted: Wanted
    keep: Callable[[Key, Record], Kept | None]
    seen: list[Key] | None = None
    people_at_once: int = PEOPLE_AT_ONCE

    @property
    def _list(self) -> resources.Collection:
        return resources.of_endpoint(self.wanted.endpoint)

    def _kept(self, record: Record) -> Kept | None:
        key = self.wanted.endpoint.key_of(record)
        if self.seen is not None:
            self.seen.append(self.wanted.endpoint.owner_of(key))
        return self.keep(key, record) if key in self.wanted else None

    def read(self) -> Iterable[Kept]:
        way = self.wanted.way
        if way == _PEOPLE:
            return self._through_people(self.wanted.ids()["user_id"])
        if way != _FILTERS:
            return self._by_ids(way, self.wanted.ids()[way])
        lists = in_parallel(
            lambda filters: read_kept(self.client, self._list, filters, self._kept),
            self.wanted.filters(),
            self.client.workers,
        )
        return (kept for some in lists for kept in some)

    def _by_ids(self, name: str, ids: Sequence[str]) -> Iterable[Kept]:
        by = (name, self.wanted.endpoint.read_by[name])
        return read_by_ids(self.client, self._list, by, ids, self._kept)

    def _through_people(self, people: Sequence[str]) -> Iterable[Kept]:
        """The records of many people, which come along with them; those that do not come are asked for by list."""
        size = self.people_at_once
        chunks = [people[start : start + size] for start in range(0, len(people), size)]
        first, missing = self._with_people(chunks[0])
        yield from first
        if missing == chunks[0]:  # nothing comes along in this account
            yield from self._by_ids("user_id", people)
            return
        left = list(missing)
        for found, missing in in_parallel(self._with_people, chunks[1:], self.client.workers):
            yield from found
            left += missing
        if left:
            yield from self._by_ids("user_id", left)

    def _with_people(self, people: Sequence[str]) -> tuple[list[Kept], Sequence[str]]:
        """What is kept of the records that come along with these people, and the people whose records do not."""
        endpoint, users = self.wanted.endpoint, resources.USERS
        collection = resources.Collection(users.path, None, (endpoint.plural,), users.filters, users.always)
        try:
            page = self.client.page(collection, 1, {"only": people})
            records = page.included.get(endpoint.plural, {})
            told = {str(user["id"]) for user in page.records if _all_come(user, endpoint, records)}
            ours = records.values() if len(told) == len(people) else _of_people(endpoint, records, told)
            return [kept for kept in map(self._kept, ours) if kept is not None], [
                id_ for id_ in people if id_ not in told
            ]
        except (KeyError, NotAccepted):  # records that come along do not tell their key, or nothing comes along
            return [], people


def _of_people(endpoint: Endpoint, records: Mapping[str, Record], people: Collection[str]) -> Iterable[Record]:
    position = endpoint.key.index("user_id")
    return (record for record in records.values() if endpoint.key_of(record)[position] in people)


def _all_come(user: Record, endpoint: Endpoint, records: Mapping[str, Record]) -> bool:
    """Whether every record that a person lists is among those that came along."""
    listed = user.get(f"{endpoint.singular}_ids")
    return isinstance(listed, list) and all(str(id_) in records for id_ in listed)
