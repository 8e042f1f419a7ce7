"""Levels that stand with the wrong people: pasted a row off, or a column sorted by itself. Pure.

Agreement with the account collapses, while the levels are the same: what differs is where they stand. So what the file
says is compared with what the account holds beside it, too.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from importer.messages import about_anomalies
from importer.sync.anomalies.anomaly import Anomaly
from importer.sync.anomalies.level_arrays import NONE, Ask, Ints, Levels, at_least, at_most
from importer.table import Arrangement

_FEWEST, _FEWEST_ROWS = 8, 4
_FEWEST_SORTED = 8
_FEWEST_DEALT, _FEWEST_IN_COLUMN = 40, 5
_WELL, _BADLY = 0.6, 0.55
"""Levels beside agree at least so well, and those in place no better than that."""
_GAIN = 0.35
_LUCK = 1.5
"""In a long sheet some run of a few rows agrees with others by luck; how few, grows with the logarithm of its cells."""
_ASKED = 100
"""People who are asked for in two requests."""
_LIKE_CHANCE = 0.12
_SAME_LEVELS = 0.15
"""At most so many levels would have to be others for the account's and the file's to be the same ones."""

CellName = Callable[[int], str]
"""What a cell stands for, by its ref, as the sheet names it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """How the sheet names things: the skill of a cell, and the row that it stands in."""

    skill: CellName
    row: Callable[[int], int]


@dataclass(frozen=True, slots=True)
class _Finding:
    """Levels that agree better with others than with their own; `refs` are the first and the last of them."""

    compared: int
    agree: int
    would: int
    where: str
    refs: tuple[int, int]
    is_whole: bool


def find_misalignment(levels: Levels, sheet: Sheet, ask: Ask) -> list[Anomaly]:
    """Whether the levels are those of the account, but of other people: all of them, or those of single columns.

    Where most cells are of records that the account does not have, `ask` tells of some people what it has instead.
    """
    if levels.arrangement is Arrangement.ROWS:
        # A list has one column of levels, in which each row stands by itself.
        rated = levels.cells_with_level
        nothing = np.zeros(len(rated), dtype=np.int64)
        lined = replace(rated, people=np.arange(len(rated)), skills=nothing, things=("",))
        found = _moved(lined, lined) or _sorted(lined)
        if found is not None:
            return [_anomaly("The levels", found, sheet, "rows")]
    else:
        levels = _with_all_of_some(levels, ask)
        found = _moved(levels.cells_with_level, levels)
        if found is not None:
            return [_anomaly("The levels", found, sheet, "cells")]
        columns = list(_columns(levels.cells_with_level, levels))
        if columns:
            return [_of_columns(columns, sheet)]
    dealt = _dealt(levels.pairs)
    return [dealt] if dealt is not None else []


def _anomaly(what: str, found: _Finding, sheet: Sheet, things: str, also: Sequence[str] = ()) -> Anomaly:
    first, last = map(sheet.row, found.refs)
    rows = None if found.is_whole else (first, last)
    counts = (found.agree, found.would, found.compared)
    return Anomaly(about_anomalies.misaligned(what, rows, counts, things, found.where, also))


def _of_columns(columns: list[_Finding], sheet: Sheet) -> Anomaly:
    first, others = columns[0], columns[1:]
    also = [sheet.skill(each.refs[0]) for each in others]
    return _anomaly(f'The levels of column "{sheet.skill(first.refs[0])}"', first, sheet, "cells", also)


# ---- one row, or one column, off


def _with_all_of_some(levels: Levels, ask: Ask) -> Levels:
    """Besides, all that is held by the last people of a sheet that wants mostly what nobody holds.

    Where few cells are filled, levels that stand a row off are no updates, but new; some people tell it for all.
    """
    rated = levels.cells_with_level
    new = int((rated.current_levels == NONE).sum())
    if new < _FEWEST or new < len(rated) / 2:
        return levels
    return levels.beside(ask(levels.owners[-_ASKED:]))


def _moved(levels: Levels, everything: Levels) -> _Finding | None:
    """Whether levels agree with the account if they are moved by a row or a column."""
    ways = [(1, 0, "if they stood one row lower"), (-1, 0, "if they stood one row higher")]
    if levels.arrangement is Arrangement.CELLS:
        ways += [(0, 1, "if they stood one column further right"), (0, -1, "if they stood one column further left")]
    for down, right, where in ways:
        beside = _beside(levels, everything, down, right)
        found = _block(levels, beside, levels.people if down else levels.skills, where, len(levels))
        if found is not None:
            return found
    return None


def _beside(levels: Levels, everything: Levels, down: int, right: int) -> Ints:
    """For each cell the level that is held so many people down and skills to the right, `NONE` where that is unknown.

    Shapes: as long as `levels`.
    """
    width = len(everything.things) + 2  # a blank column between rows: nothing stands beside the last skill
    is_known = everything.current_levels > 0
    known = (everything.people * width + everything.skills)[is_known]
    order = np.argsort(known, kind="stable")
    there, held = known[order], everything.current_levels[is_known][order]
    if not len(there):
        return np.full(len(levels), NONE)
    wanted = (levels.people + down) * width + levels.skills + right
    at = np.minimum(np.searchsorted(there, wanted), len(there) - 1)
    return np.where(there[at] == wanted, held[at], NONE)


def _block(levels: Levels, beside: Ints, lines: Ints, where: str, searched: int) -> _Finding | None:
    """The run of lines (rows, or columns) whose levels agree with those beside rather than with their own.

    `searched` is the number of cells among which such a run is looked for.
    """
    known = (beside > 0) & (levels.new_levels > 0)
    own, other = known & (levels.new_levels == levels.current_levels), known & (levels.new_levels == beside)
    if int((other & ~own).sum()) < _FEWEST * _GAIN:
        return None
    size = int(lines.max()) + 1
    gain = np.bincount(lines[other], minlength=size) - np.bincount(lines[own], minlength=size)
    first, last = _best_run(gain)
    within = (lines >= first) & (lines <= last)
    compared, agree, would = (int((each & within).sum()) for each in (known, own, other))
    rows = len(np.unique(lines[known & within]))
    is_luck = would - agree < _LUCK * math.log(searched) or compared < _FEWEST
    if is_luck or rows < min(_FEWEST_ROWS, size - 1) or not _is_elsewhere(compared, agree, would):
        return None
    refs = levels.refs[within]
    whole = (last - first + 1) >= 0.9 * size
    return _Finding(compared, agree, would, where, (int(refs.min()), int(refs.max())), whole)


def _best_run(gain: Ints) -> tuple[int, int]:
    """The first and the last of the neighbours that sum to most."""
    sums = np.concatenate([[0], np.cumsum(gain)])
    before = np.minimum.accumulate(sums)
    last = int(np.argmax(sums[1:] - before[:-1]))
    first = int(np.argmin(sums[: last + 1]))
    return first, last


def _is_elsewhere(compared: int, agree: int, would: int) -> bool:
    """Whether levels agree elsewhere, and not where they stand."""
    well = at_least(would, compared) >= _WELL and agree <= _BADLY * compared
    return well and would - agree >= _GAIN * compared


# ---- single columns


def _columns(levels: Levels, everything: Levels) -> Iterator[_Finding]:
    """Columns that were moved by a row or sorted, each by itself."""
    order = np.lexsort((levels.people, levels.skills))
    starts = np.flatnonzero(np.diff(levels.skills[order], prepend=NONE))
    beside = {down: _beside(levels, everything, down, 0) for down in (1, -1)}
    words = {1: "if they stood one row lower", -1: "if they stood one row higher"}
    for some in np.split(order, starts[1:]) if len(order) else ():
        column = levels.only(some)
        if not _agrees(column):
            moved = (_block(column, beside[by][some], column.people, words[by], len(levels)) for by in (1, -1))
            found = next((each for each in moved if each is not None), None) or _sorted(column)
            if found is not None:
                yield found


def _agrees(column: Levels) -> bool:
    """Whether a column is as one expects it: nothing further is to be asked of it."""
    known = column.current_levels > 0
    return (
        int(known.sum()) < _FEWEST_SORTED
        or int((column.new_levels != column.current_levels)[known].sum()) < _FEWEST_SORTED * _GAIN
    )


def _sorted(column: Levels) -> _Finding | None:
    """Whether the levels of a column stand sorted, and those of the account would agree if they were sorted, too."""
    steps = np.diff(column.new_levels)
    is_rising, is_falling = bool((steps >= 0).all()), bool((steps <= 0).all())
    pairs = column.only(column.current_levels > 0)
    if is_rising == is_falling or len(pairs) < _FEWEST_SORTED:
        return None
    lined = np.sort(pairs.current_levels) if is_rising else -np.sort(-pairs.current_levels)
    compared, agree = len(pairs), int((pairs.new_levels == pairs.current_levels).sum())
    would = int((pairs.new_levels == lined).sum())
    if not _is_elsewhere(compared, agree, would):
        return None
    way = "from lowest to highest" if is_rising else "from highest to lowest"
    where = f"if the account's levels were sorted {way}, as these are"
    return _Finding(compared, agree, would, where, (int(column.refs.min()), int(column.refs.max())), is_whole=True)


# ---- in no order that can be told


def _dealt(pairs: Levels) -> Anomaly | None:
    """Whether the levels agree with the account no better than if each skill's had been dealt out at random."""
    per_skill = np.bincount(pairs.skills)
    some = pairs.only(per_skill[pairs.skills] >= _FEWEST_IN_COLUMN) if len(pairs) else pairs
    if len(some) < _FEWEST_DEALT:
        return None
    wanted, held = _tally(some, some.new_levels), _tally(some, some.current_levels)
    sizes = np.maximum(wanted.sum(axis=1), 1)
    by_chance = float(((wanted * held).sum(axis=1) / sizes).sum())
    agree = int((some.new_levels == some.current_levels).sum())
    others = np.abs(wanted.sum(axis=0) - held.sum(axis=0)).sum() / 2
    beyond_chance = (agree - by_chance) / max(len(some) - by_chance, 1)
    agrees = abs(beyond_chance) > _LIKE_CHANCE or at_most(agree, len(some)) > _BADLY
    if agrees or others > _SAME_LEVELS * len(some):
        return None
    return Anomaly(about_anomalies.random_match(agree, len(some), by_chance))


def _tally(pairs: Levels, levels: Ints) -> Ints:
    """How often each level stands under each skill."""
    width = int(max(pairs.new_levels.max(), pairs.current_levels.max())) + 1
    size = (int(pairs.skills.max()) + 1) * width
    return np.bincount(pairs.skills * width + levels, minlength=size).reshape(-1, width)
