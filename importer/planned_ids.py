"""Ids for things that a plan makes and that do not exist yet. Knows numbers and keys; knows no sheet and no account.

They stand in later stages of a plan for the ids that Kantata will give. Nobody can type one: an id in a sheet has at
most 18 digits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from importer.model import Key

_FIRST = 9_000_000_000_000_000_000
"""It has 19 digits, and 2e17 more numbers after it fit into 64 bits."""

Thing = tuple[str, Key]
"""A thing that is to be made: the name of its endpoint, and its key."""


def is_planned(id_: object) -> bool:
    """Whether this id, a number or a text, is one of a plan."""
    text = str(id_)
    return len(text) == len(str(_FIRST)) and text.isdecimal() and int(text) >= _FIRST


def has_planned(key: Key) -> bool:
    """Whether a record of this key names something that does not exist yet."""
    return any(map(is_planned, key))


def without_planned(keys: Iterable[Key]) -> list[Key]:
    """The keys that name only what exists."""
    every = list(keys)
    planned = set(filter(is_planned, set(chain.from_iterable(every))))
    return [key for key in every if planned.isdisjoint(key)] if planned else every


@dataclass
class PlannedIds:
    """The ids that one plan has given, each with the thing that it stands for."""

    things: dict[str, Thing] = field(default_factory=dict)
    _ids: dict[Thing, str] = field(default_factory=dict)

    def of(self, thing: Thing) -> str:
        """The id of a thing that is to be made."""
        if thing not in self._ids:
            id_ = str(_FIRST + len(self._ids))
            self._ids[thing], self.things[id_] = id_, thing
        return self._ids[thing]

    def named_in(self, keys: Iterable[Key]) -> Mapping[str, Thing]:
        """The things that records of these keys name, by their ids."""
        return {id_: self.things[id_] for key in keys for id_ in key if id_ in self.things} if self.things else {}
