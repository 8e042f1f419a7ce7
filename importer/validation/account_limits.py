"""What the account's own limits refuse: a level above a skill's highest, a tick for a skill that has levels, more
records than one person may have. Knows the checked table and the limits it is told; asks nobody.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from importer.endpoints.declare import Endpoint
from importer.errors import Ambiguous
from importer.messages import about_levels, about_migrations
from importer.model import CellRef, Change, Key, Problem
from importer.table import Table
from importer.validation.cell import CellError
from importer.validation.parsed_table import problem_at
from importer.validation.schema import CheckedTable

_UNKNOWN = 1_000_000
"""Stands for the highest level of a skill that nobody knows: no level is above it."""


def skills_with_levels(checked: CheckedTable) -> frozenset[str]:
    """The ids of the skills for which the table has a level, so that their highest ones can be asked for."""
    frames = (checked.valid, checked.doubtful) if "level" in checked.values else ()
    told = (frame.loc[frame["level"].notna(), "skill_id"] for frame in frames)
    return frozenset(str(skill) for skills in told for skill in skills.dropna().unique())


def level_limit_problems(checked: CheckedTable, highest: Mapping[str, int]) -> dict[CellRef, list[Problem]]:
    """A problem for each record whose level its skill does not have. `highest` gives for a skill's id its highest
    level: 1 where it has none, as for a certificate.
    """
    table = checked.table
    name = table.first_telling("level")
    found = {
        ref: problem_at(table, ref, name, _level_error(checked, ref, highest[skill]))
        for ref, skill, _ in _levels(checked, lambda told: _is_beyond(told, highest, checked.ticked))
    }
    told = {(ref, problem.column) for ref, some in checked.invalid.items() for problem in some}
    return {ref: [problem] for ref, problem in found.items() if (ref, problem.column) not in told}


def account_limit_problems(
    checked: CheckedTable, beyond: Iterable[Change], there: int, limit: int
) -> dict[CellRef, list[Problem]]:
    """A problem for each new thing for which the account has no room; it has so many, and takes so many."""
    table = checked.table
    column = table.first_telling(table.endpoint.key[-1])
    error = about_migrations.beyond_account_limit(table.endpoint.name, there, limit)
    return {change.ref: [problem_at(table, change.ref, column, error)] for change in beyond}


def zeros_of_certificates(checked: CheckedTable, highest: Mapping[str, int]) -> frozenset[CellRef]:
    """The cells of a matrix whose 0 says that the person does not have the skill, as the skill has no levels;
    also where somebody told that 0 is a level, as such a skill cannot have one.

    A row of a list says that the person has it, whatever its level.
    """
    if not checked.table.is_matrix:
        return frozenset()
    return frozenset(ref for ref, skill in _zeros(checked) if highest.get(skill) == 1)


def check_zeros(checked: CheckedTable, highest: Mapping[str, int], other: Ambiguous | None = None) -> None:
    """Make sure that somebody has told what 0 means in a matrix of their own, and that no other question is open.

    Raises: Ambiguous.
    """
    zeros = () if checked.is_zero_told else [ref for ref, skill in _zeros(checked) if highest.get(skill) != 1]
    if checked.table.is_matrix and zeros:
        levels = int((checked.valid["level"] > 0).sum())
        question = about_levels.zero_unclear(len(zeros), levels)
        answers = about_levels.ZERO_ANSWERS
        place = checked.table.source.place
        others = () if other is None else (other,)
        raise question.offering("levels", tuple(answers), tuple(answers.values())).at(place).before(*others)
    if other is not None:
        raise other


def _zeros(checked: CheckedTable) -> Iterator[tuple[CellRef, str]]:
    if not checked.zeros:
        return iter(())
    zeros = _levels(checked, lambda told: told.index.isin(list(checked.zeros)))
    return ((ref, skill) for ref, skill, _ in zeros)


def _is_beyond(told: pd.DataFrame, highest: Mapping[str, int], ticked: Collection[CellRef]) -> npt.NDArray[np.bool_]:
    """Which levels are above the highest one of their skill, or a tick where it has levels; none where nobody knows."""
    skills, distinct = pd.factorize(told["skill_id"].array)
    limits = np.array([highest.get(str(skill), _UNKNOWN) for skill in distinct], dtype=np.int32)
    most = limits[skills]
    is_beyond = told["level"].to_numpy(dtype=np.int64) > most
    if ticked:
        is_beyond |= told.index.isin(list(ticked)) & (most > 1) & (most < _UNKNOWN)
    return is_beyond


def _levels(checked: CheckedTable, which: Callable[[pd.DataFrame], Any]) -> Iterator[tuple[CellRef, str, int]]:
    """Those of the records that tell a skill and a level, duplicates aside: the reference, the skill's id, the level.
    `which` tells them by a frame of all such records.
    """
    for frame in (checked.valid, checked.doubtful) if "level" in checked.values else ():
        every = frame[["skill_id", "level"]].dropna()
        told = every.loc[which(every)]
        skills, levels = told["skill_id"].to_list(), told["level"].to_list()
        yield from zip(map(CellRef, told.index.to_list()), map(str, skills), levels, strict=True)


def _level_error(checked: CheckedTable, ref: CellRef, highest: int) -> CellError:
    """Why a skill with this highest level does not have the level of this record."""
    name = next(name for name, _ in checked.table.telling("level"))
    text = checked.table.text(ref, name)
    if ref in checked.ticked:
        return about_levels.tick(text, highest)
    return about_levels.has_no_levels(text) if highest == 1 else about_levels.above_highest(text, highest)


def owner_limit_problems(
    checked: CheckedTable, creates: Iterable[Change], held: Mapping[Key, int], limit: int
) -> dict[CellRef, list[Problem]]:
    """A problem for each new record that its owner may not have besides those `held`: the last in sheet order.

    What would be removed by the same file still counts, as it is removed after what is new was created.
    """
    endpoint = checked.table.endpoint
    creates = list(creates)
    wanted = Counter(map(endpoint.owner_of, [change.key for change in creates]))
    if all(held.get(owner, 0) + count <= limit for owner, count in wanted.items()):
        return {}
    taken: Counter[Key] = Counter()
    found: dict[CellRef, list[Problem]] = {}
    for change in creates:
        owner = endpoint.owner_of(change.key)
        taken[owner] += 1
        if held.get(owner, 0) + taken[owner] > limit:
            error = _owner_error(endpoint, held.get(owner, 0), wanted[owner], limit)
            found[change.ref] = [problem_at(checked.table, change.ref, _thing_column(checked.table), error)]
    return found


def _owner_error(endpoint: Endpoint, held: int, wanted: int, limit: int) -> CellError:
    return about_levels.too_many_records(held, endpoint.owner_has, wanted, limit)


def _thing_column(table: Table) -> str | None:
    """The column that tells what is new, so that the problem has a cell; in a matrix the cells, as a heading there is
    of everybody.
    """
    if table.is_matrix:
        return table.first_telling("level")
    return table.first_telling(*table.endpoint.thing)
