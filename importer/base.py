"""What an account held when a workbook was written, record by record: the base with which its sheets are compared.

Knows keys and values; knows no sheet, and of an account just its key. `packed_base` makes few bytes of it.
"""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from itertools import count, islice, repeat
from typing import Any, Final, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from importer.endpoints.declare import Endpoint
from importer.model import Key, Value

Item = TypeVar("Item")

Held = Mapping[str, Value] | None
"""What the account held under a key: the values of the fields that a load may change; None for no record."""


class Unknown(Enum):
    """Says that a base does not tell what the account held."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
Known = Held | Literal[Unknown.UNKNOWN]
Scope = Mapping[str, frozenset[str]]
"""Where a base tells everything: the ids of fields of the key. A field that it does not name may have any id."""

_ABSENT = -1
_AT_ONCE = 4096


@dataclass(frozen=True, eq=False)
class Base:
    """What the account with this key held of one endpoint, at a time (ISO 8601, UTC).

    Shapes: record i has the key of `ids[f][codes[i, f]]` for each field f of the key, and the values
    `values[value_codes[i]]`, or is known not to have been there (-1). Records stand in the order of their codes, each
    once. Of what is neither a record nor in `scope`, nothing is known; `scope` is None where that is all else.
    """

    endpoint: str
    account: str
    taken_at: str
    key: tuple[str, ...]
    ids: tuple[tuple[str, ...], ...]
    codes: NDArray[np.int32]
    values: tuple[Mapping[str, Value], ...]
    value_codes: NDArray[np.int32]
    scope: Scope | None = None

    def __len__(self) -> int:
        return len(self.value_codes)

    @property
    def time(self) -> datetime:
        """When the account held this."""
        return datetime.fromisoformat(self.taken_at)

    def lookup(self, keys: Sequence[Key]) -> list[Known]:
        """What was held under each of these keys."""
        if not keys:
            return []
        wanted, is_known = self._numbers_of(keys)
        there = numbers_of(self.codes, self.sizes)[0]
        at = np.minimum(np.searchsorted(there, wanted), max(len(there) - 1, 0))
        is_found = is_known & (there[at] == wanted) if len(there) else np.zeros(len(keys), dtype=bool)
        held: list[Known] = [*self.values, None]  # the last one, -1, is a record that is known not to be there
        found = self.value_codes[at].tolist() if len(there) else [_ABSENT] * len(keys)
        outside: Known = UNKNOWN if self.scope is None else None
        return [
            held[code] if is_there else outside if outside is UNKNOWN or self._covers(key) else UNKNOWN
            for key, code, is_there in zip(keys, found, is_found.tolist(), strict=True)
        ]

    def others(self, keys: Sequence[Key], within: Mapping[str, Collection[str]]) -> list[Key]:
        """The records that were held, other than those with these keys; `within` limits fields of the key to ids."""
        wanted = self.value_codes >= 0
        for name, ids in within.items():
            at = self.key.index(name)
            wanted &= np.array([id_ in ids for id_ in self.ids[at]], dtype=bool)[self.codes[:, at]]
        if keys and wanted.any():
            numbers, is_known = self._numbers_of(keys)
            wanted &= ~np.isin(numbers_of(self.codes, self.sizes)[0], numbers[is_known])
        some = self.codes[wanted]
        columns = [[ids[code] for code in some[:, at].tolist()] for at, ids in enumerate(self.ids)]
        return list(zip(*columns, strict=True))

    def records(self) -> Iterable[tuple[Key, Held]]:
        """Every record that the base names, with what was held; None for one that is known not to have been there."""
        columns = [[ids[code] for code in self.codes[:, at].tolist()] for at, ids in enumerate(self.ids)]
        held: list[Held] = [*self.values, None]
        return zip(zip(*columns, strict=True), (held[code] for code in self.value_codes.tolist()), strict=True)

    def overlaid(self, later: "Base") -> "Base":
        """The same, with what a later base knows in its place."""
        ids, moved = [], []
        for mine, theirs in zip(self.ids, later.ids, strict=True):
            every = tuple(dict.fromkeys((*mine, *theirs)))
            ids.append(every)
            moved.append(codes_of(every, theirs))
        their_codes = np.column_stack([new[later.codes[:, at]] for at, new in enumerate(moved)])
        values = list(self.values)
        their_values = np.array([_position(values, value) for value in later.values] + [_ABSENT], dtype=np.int32)
        codes = np.concatenate([their_codes.astype(np.int32), self.codes])
        value_codes = np.concatenate([their_values[later.value_codes], self.value_codes])
        keep = firsts_in_order(codes, [len(each) for each in ids])
        return replace(self, ids=tuple(ids), codes=codes[keep], values=tuple(values), value_codes=value_codes[keep])

    @property
    def sizes(self) -> list[int]:
        """How many ids there are for each field of the key."""
        return [len(each) for each in self.ids]

    def _numbers_of(self, keys: Sequence[Key]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The keys as numbers, like those of the records, and whether all that each of them names is known."""
        codes = [codes_of(known, column) for known, column in zip(self.ids, zip(*keys, strict=True), strict=True)]
        return numbers_of(np.column_stack(codes), self.sizes)

    def _covers(self, key: Key) -> bool:
        scope = self.scope
        return scope is not None and all(
            name not in scope or id_ in scope[name] for name, id_ in zip(self.key, key, strict=True)
        )


def base_of(
    endpoint: Endpoint,
    account: str,
    taken_at: datetime,
    records: Iterable[tuple[Key, Held]],
    scope: Scope | None = None,
) -> Base:
    """The base of these records; of those with one key the first counts.

    Shapes: `scope` as in `Base`; `{}` says that the account held nothing else.
    """
    names, left = endpoint.updates, iter(records)
    # What is new gets the next number. Some thousands of records are held at a time, as there may be millions.
    ids = [defaultdict[str, int](count().__next__) for _ in endpoint.key]
    values = defaultdict[tuple[Value, ...], int](count().__next__)
    codes, value_codes = [array("i") for _ in ids], array("i")
    while some := list(islice(left, _AT_ONCE)):
        for at, (numbers, column) in enumerate(zip(ids, codes, strict=True)):
            column.extend(map(numbers.__getitem__, [key[at] for key, _ in some]))
        value_codes.extend(
            [_ABSENT if held is None else values[tuple([held.get(name) for name in names])] for _, held in some]
        )
    return _sorted_base(
        (endpoint.name, account, taken_at.isoformat(timespec="seconds"), tuple(endpoint.key)),
        tuple(map(tuple, ids)),
        np.column_stack([np.array(column, dtype=np.int32) for column in codes]),
        (tuple(dict(zip(names, each, strict=True)) for each in values), np.array(value_codes, dtype=np.int32)),
        scope,
    )


def base_of_levels(
    endpoint: Endpoint,
    account: str,
    taken_at: datetime,
    levels: Mapping[str, Mapping[str, int]],
    scope: tuple[Sequence[str], Sequence[str]],
) -> Base:
    """The base of a matrix: the levels by owner and thing, and the owners and things of which it tells everything."""
    owners, things = ({id_: at for at, id_ in enumerate(ids)} for ids in scope)
    first, second, numbers = array("i"), array("i"), array("i")
    for owner, theirs in levels.items():
        known = [(things[thing], level) for thing, level in theirs.items() if thing in things]
        first.extend([owners[owner]] * len(known))
        second.extend([thing for thing, _ in known])
        numbers.extend([level for _, level in known])
    every, value_codes = np.unique(np.array(numbers, dtype=np.int32), return_inverse=True)
    (field,) = endpoint.updates
    return _sorted_base(
        (endpoint.name, account, taken_at.isoformat(timespec="seconds"), tuple(endpoint.key)),
        (tuple(scope[0]), tuple(scope[1])),
        np.column_stack([np.array(first, dtype=np.int32), np.array(second, dtype=np.int32)]),
        (tuple({field: int(level)} for level in every), value_codes.astype(np.int32)),
        dict(zip(endpoint.key, map(frozenset, scope), strict=True)),
    )


def _sorted_base(
    head: tuple[str, str, str, tuple[str, ...]],
    ids: tuple[tuple[str, ...], ...],
    codes: NDArray[np.int32],
    values: tuple[tuple[Mapping[str, Value], ...], NDArray[np.int32]],
    scope: Scope | None,
) -> Base:
    keep = firsts_in_order(codes, [len(each) for each in ids])
    return Base(*head, ids, codes[keep], values[0], values[1][keep], scope)


def firsts_in_order(codes: NDArray[np.int32], sizes: Sequence[int]) -> NDArray[np.int64]:
    """The positions of records in the order of their codes; of those with the same codes, the first one given."""
    first: NDArray[np.int64] = np.unique(numbers_of(codes, sizes)[0], return_index=True)[1]
    return first


def codes_of(known: Sequence[Item], items: Iterable[Item]) -> NDArray[np.int64]:
    """The position of each item among the known ones; -1 for others."""
    at = {item: number for number, item in enumerate(known)}
    return np.fromiter(map(at.get, items, repeat(-1)), dtype=np.int64)


def numbers_of(codes: NDArray[Any], sizes: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The codes of each record as one number that sorts as they do, and whether none of them is unknown."""
    numbers = np.zeros(len(codes), dtype=np.int64)
    for at, size in enumerate(sizes):
        numbers = numbers * max(size, 1) + codes[:, at]
    is_known: NDArray[np.bool_] = np.all(codes >= 0, axis=1)
    return numbers, is_known


def _position(values: list[Mapping[str, Value]], value: Mapping[str, Value]) -> int:
    """Where a value stands in the list; it is added if it does not."""
    if value not in values:
        values.append(value)
    return values.index(value)
