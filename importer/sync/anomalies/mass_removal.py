"""People who would lose most of what the account holds for them: by removals, or by levels that drop to nothing. Pure.

Whoever is missing from a file loses nothing, so an honest file takes much from nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from importer.messages import about_anomalies
from importer.sync.anomalies.anomaly import Anomaly
from importer.sync.anomalies.level_arrays import NONE, Ask, Flags, Levels, totals

_FEWEST = 4
_MOST = 0.5
_FEWEST_PEOPLE = 3


@dataclass(frozen=True, slots=True)
class _Loser:
    """One person: their number, one of their cells, how many records go or drop, of how many."""

    person: int
    ref: int
    removed: int
    dropped: int
    held: int


def find_mass_removal(levels: Levels, ask: Ask, person: Callable[[int], str], *, drops_count: bool) -> Anomaly | None:
    """Whether somebody would lose most of their skills. `person` names whose a cell is, by its ref.

    Removals of most people's skills are no slip with one of them: `--max-removals` guards those. Levels that drop
    count unless they are explained otherwise (`drops_count`).
    """
    dropped = _dropped(levels) if drops_count else np.zeros(len(levels), dtype=bool)
    losers = _losers(levels, dropped, ask)
    everybody = int((np.bincount(levels.people) > 0).sum())
    by_removals = [each for each in losers if each.removed > each.dropped]
    if everybody < _FEWEST_PEOPLE or len(by_removals) > everybody / 2:
        losers = [each for each in losers if each.removed <= each.dropped]
    if not losers:
        return None
    people = [(person(each.ref), each.removed + each.dropped, each.held) for each in losers]
    removals, drops = sum(each.removed for each in losers), sum(each.dropped for each in losers)
    return Anomaly(about_anomalies.mass_removal(people, removals, drops))


def _dropped(levels: Levels) -> Flags:
    """Levels that drop to nothing, or from the middle of the scale to its lowest."""
    found: Flags = ((levels.new_levels == 0) & (levels.current_levels >= 1)) | (
        (levels.new_levels == 1) & (levels.current_levels >= 3)
    )
    return found


def _losers(levels: Levels, dropped: Flags, ask: Ask) -> list[_Loser]:
    """Who would lose most, in the order of the sheet. Only of whom it may be are the totals asked."""
    size = len(levels.owners)
    known = np.bincount(levels.people[levels.current_levels != NONE], minlength=size)
    drops = np.bincount(levels.people[dropped], minlength=size)
    removals = np.bincount(levels.people[levels.removals], minlength=size)
    lost = drops + removals
    maybe = np.flatnonzero((lost >= _FEWEST) & (lost > _MOST * known))
    if not len(maybe):
        return []
    held = totals(ask, [levels.owners[number] for number in maybe])
    first = {int(number): at for at, number in reversed(list(enumerate(levels.people)))}
    every = [
        _Loser(
            int(number),
            int(levels.refs[first[int(number)]]),
            int(removals[number]),
            int(drops[number]),
            max(held[levels.owners[number]], int(known[number])),
        )
        for number in maybe
    ]
    return [each for each in every if each.removed + each.dropped > _MOST * each.held]
