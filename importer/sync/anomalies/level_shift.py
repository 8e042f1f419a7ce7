"""Levels on another scale than the account's: shifted by a constant, or turned round. Pure."""

import numpy as np

from importer.messages import about_anomalies
from importer.sync.anomalies.anomaly import Anomaly
from importer.sync.anomalies.level_arrays import Ask, Levels, at_least, at_most, totals

_LOWEST, _HIGHEST = 0, 5
_FEWEST, _FEWEST_PEOPLE, _FEWEST_SKILLS = 12, 3, 2
"""Below these a constant difference is what a good quarter looks like."""
_MOST = 0.6
"""A quarter changes a quarter of the levels, a good one half of them."""
_COVERED = 0.7
"""A list of the changes alone, each of them one level up, has far less of what its people hold."""


def find_shift(levels: Levels, beyond: int, ask: Ask) -> Anomaly | None:
    """Whether most levels of most people differ from the account's by one and the same number.

    `beyond` are further rows of the file that come to no level, as those do that fall out of the scale.
    """
    pairs = levels.pairs
    for by in (1, -1, 2, -2):
        fits = (pairs.current_levels + by >= _LOWEST) & (pairs.current_levels + by <= _HIGHEST)
        some = pairs.only(fits)
        hits = some.new_levels == some.current_levels + by
        if _is_too_little(some) or at_least(int(hits.sum()), len(some)) < _MOST:
            continue
        persons = np.bincount(some.people)
        whole = persons[persons > 0]
        mostly = np.bincount(some.people, weights=hits)[persons > 0] > whole / 2
        if mostly.mean() < _MOST or _covered(levels, beyond, ask) < _COVERED:
            continue
        return Anomaly(about_anomalies.shifted(len(some), len(whole), int(hits.sum()), by))
    return None


def _is_too_little(pairs: Levels) -> bool:
    few = len(np.unique(pairs.people)) < _FEWEST_PEOPLE or len(np.unique(pairs.skills)) < _FEWEST_SKILLS
    return few or len(pairs) < _FEWEST


def _covered(levels: Levels, beyond: int, ask: Ask) -> float:
    """The part that the file has of what its people hold; of somebody with one skill it says nothing."""
    in_file = levels.only(levels.in_file & (levels.current_levels >= 0))
    numbers = np.unique(in_file.people)
    held = totals(ask, [levels.owners[number] for number in numbers])
    several = [number for number in numbers if held[levels.owners[number]] > 1]
    if len(several) < _FEWEST_PEOPLE:
        return 0.0
    listed = int(np.isin(in_file.people, several).sum()) + beyond
    return listed / sum(held[levels.owners[number]] for number in several)


def find_inversion(levels: Levels) -> Anomaly | None:
    """Whether most levels are the account's turned round: the lowest where it has the highest."""
    pairs = levels.pairs
    for ends in (6, 5, 4):
        some = pairs.only((pairs.current_levels * 2 != ends) & (pairs.current_levels < ends))
        if _is_too_little(some):
            continue
        low = some.current_levels * 2 < ends
        hits = some.new_levels == ends - some.current_levels
        both = min(at_least(int(hits[side].sum()), int(side.sum())) for side in (low, ~low))
        agreeing = int((some.new_levels == some.current_levels).sum())
        if at_least(int(hits.sum()), len(some)) < _MOST or both < _MOST / 2 or at_most(agreeing, len(some)) > 1 - _MOST:
            continue
        people = len(np.unique(some.people))
        return Anomaly(about_anomalies.inverted(len(some), people, int(hits.sum()), ends - 1))
    return None
