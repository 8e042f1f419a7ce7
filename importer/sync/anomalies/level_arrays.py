"""The levels that a plan wants and those that the account holds, side by side as arrays. Knows no sentence."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from importer.base import UNKNOWN, Known
from importer.model import Action, Change
from importer.sync.plan import Plan
from importer.table import Arrangement

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

HeldLevels = Mapping[tuple[str, str], int]
"""The level of each record that somebody holds, by the ids of the person and the skill."""
Ask = Callable[[Iterable[str]], HeldLevels]
"""What the account holds for these people, by their ids, whatever the skill."""

NONE = -1
"""Stands where no level is wanted, or no record is held."""
_Z = 1.645
"""A bound that the true share is beyond in 95 of 100 cases."""


@dataclass(frozen=True)
class Levels:
    """The cells of a file, in sheet order; at the end those of records that `mirror` removes and the file lacks.

    Shapes: all arrays have one length. `people` and `skills` number people and skills from 0 in the order of the
    sheet's rows and columns; `owners` and `things` are their ids by number. `new_levels` (of the file) and
    `current_levels` (of the account) are levels, or `NONE`; a record without a level has 0. `removals` flags the cells
    whose record is to be removed.
    """

    arrangement: Arrangement
    refs: Ints
    people: Ints
    skills: Ints
    new_levels: Ints
    current_levels: Ints
    removals: Flags
    in_file: Flags
    owners: tuple[str, ...]
    things: tuple[str, ...]

    @cached_property
    def cells_with_level(self) -> "Levels":
        """The cells of the file that want a level of a skill that has levels."""
        both = (self.new_levels >= 0) & (self.current_levels > 0)
        highest = np.zeros(self.skills.max(initial=0) + 1, dtype=np.int64)
        np.maximum.at(highest, self.skills[both], np.maximum(self.new_levels, self.current_levels)[both])
        return self.only((self.new_levels >= 0) & self.in_file & (highest[self.skills] > 1))

    @cached_property
    def pairs(self) -> "Levels":
        """Those for which the account holds a level."""
        return self.cells_with_level.only(self.cells_with_level.current_levels > 0)

    def only(self, some: Flags | Ints) -> "Levels":
        """The same, for some of the cells."""
        names = ("refs", "people", "skills", "new_levels", "current_levels", "removals", "in_file")
        return replace(self, **{name: getattr(self, name)[some] for name in names})

    def beside(self, held: HeldLevels) -> "Levels":
        """These, and after them cells of the same people and skills that are held and not in the file."""
        person_of = {id_: number for number, id_ in enumerate(self.owners)}
        skill_of = {id_: number for number, id_ in enumerate(self.things)}
        here = set(zip(self.people.tolist(), self.skills.tolist(), strict=True))
        cells = [
            (person_of[person], skill_of[skill], level)
            for (person, skill), level in held.items()
            if skill in skill_of and (person_of[person], skill_of[skill]) not in here
        ]
        people, skills, levels = np.array(cells, dtype=np.int64).reshape(-1, 3).T
        nothing = np.zeros(len(cells), dtype=np.bool_)
        return replace(
            self,
            refs=np.append(self.refs, np.full(len(cells), NONE)),
            people=np.append(self.people, people),
            skills=np.append(self.skills, skills),
            new_levels=np.append(self.new_levels, np.full(len(cells), NONE)),
            current_levels=np.append(self.current_levels, levels),
            removals=np.append(self.removals, nothing),
            in_file=np.append(self.in_file, nothing),
        )

    def __len__(self) -> int:
        return len(self.refs)


def levels_of(plan: Plan, level: str, arrangement: Arrangement) -> Levels:
    """The levels of a plan. `level` is the field that holds them."""
    endpoint, changes = plan.endpoint, list(plan.changes.values())
    owner, thing = (endpoint.key.index(name) for name in (endpoint.owner[0], endpoint.thing[0]))
    people, owners = pd.factorize(np.array([change.key[owner] for change in changes], dtype=object))
    refs = np.array([change.ref for change in changes], dtype=np.int64)
    in_file = np.arange(len(changes)) < len(changes) - sum(ref in plan.changes for ref in plan.other_removals)
    skills, things = pd.factorize(np.array([change.key[thing] for change in changes], dtype=object))
    if arrangement is Arrangement.CELLS:
        order = _order_of(_columns_of(changes), skills, in_file)
        skills, things = np.argsort(order)[skills], things[order]
    return Levels(
        arrangement=arrangement,
        refs=refs,
        people=people,
        skills=skills,
        new_levels=_array([change.fields.get(level, NONE) for change in changes]),
        current_levels=_array([_held_level(change, plan.was.get(change.ref, UNKNOWN), level) for change in changes]),
        removals=np.array([change.action is Action.REMOVE for change in changes], dtype=np.bool_),
        in_file=in_file,
        owners=tuple(owners),
        things=tuple(things),
    )


def _held_level(change: Change, known: Known, level: str) -> Any:
    """The level that was there before the sheet was changed: by its base, where it has one, else by the account."""
    held = change.before if known is UNKNOWN else known
    return NONE if held is None else held.get(level) or 0


def _columns_of(changes: Sequence[Change]) -> Ints:
    """The column of the sheet that each change stands in."""
    return np.array([change.ref.column or 0 for change in changes], dtype=np.int64)


def _order_of(columns: Ints, skills: Ints, in_file: Flags) -> Ints:
    """The numbers of the skills as their columns stand in the sheet; those that stand in none come last."""
    first = np.full(int(skills.max(initial=0)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, skills[in_file], columns[in_file])
    return np.argsort(first, kind="stable")


def _array(values: list[Any]) -> Ints:
    return np.array([NONE if value is None else value for value in values], dtype=np.int64)


def totals(ask: Ask, people: Iterable[str]) -> Counter[str]:
    """How many records the account holds for each of these people."""
    return Counter(person for person, _ in ask(people))


def at_least(hits: int, of: int) -> float:
    """The share that these hits show for certain: a small sample shows less (Wilson's lower bound)."""
    if not of:
        return 0.0
    share, extra = hits / of, _Z * _Z / of
    spread = _Z * math.sqrt(share * (1 - share) / of + extra / (4 * of))
    return (share + extra / 2 - spread) / (1 + extra)


def at_most(hits: int, of: int) -> float:
    """The share that these hits do not exceed for certain."""
    return 1 - at_least(of - hits, of)
