"""What the account's own limits refuse: a level above a skill's highest, a tick for a skill that has levels, more
records than one person may have. Knows the checked table and the limits it is told; asks nobody.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from importer.endpoints.declare import Endpoint
from importer.endpoints.header import Header
from importer.messages import about_levels
from importer.model import Change, Key, Problem
from importer.validation.cell import CellError
from importer.validation.parsed_table import problem_at
from importer.validation.schema import CheckedTable


def skills_with_levels(checked: CheckedTable) -> frozenset[str]:
    """The ids of the skills for which the table has a level, so that their highest ones can be asked for."""
    return frozenset(skill for _, skill, _ in _levels(checked))


def beyond_levels(checked: CheckedTable, highest: Mapping[str, int]) -> dict[int, list[Problem]]:
    """A problem for each row whose level its skill does not have. `highest` gives for a skill's id its highest level:
    1 where it has none, as for a certificate.
    """
    position = next((at for at, _ in checked.header.positions("level")), None)
    faults = ((row, _level_fault(checked, row, level, highest.get(skill))) for row, skill, level in _levels(checked))
    found = {row: problem_at(checked.table, row, position, fault) for row, fault in faults if fault is not None}
    told = {(row, problem.column) for row, some in checked.invalid.items() for problem in some}
    return {row: [problem] for row, problem in found.items() if (row, problem.column) not in told}


def _levels(checked: CheckedTable) -> Iterator[tuple[int, str, int]]:
    """Each row that tells a skill and a level: its number, the skill's id, the level."""
    for frame in (checked.frame, checked.doubtful) if "level" in checked.frame else ():
        told = frame[["skill_id", "level"]].dropna()
        yield from zip(told.index.to_list(), map(str, told["skill_id"].to_list()), told["level"].to_list(), strict=True)


def _level_fault(checked: CheckedTable, row: int, level: int, highest: int | None) -> CellError | None:
    if highest is None or (level <= highest and not (row in checked.ticked and highest > 1)):
        return None
    position = next(at for at, _ in checked.header.positions("level"))
    text = checked.table.text(row, position)
    if row in checked.ticked:
        return about_levels.tick(text, highest)
    return about_levels.has_no_levels(text) if highest == 1 else about_levels.above_highest(text, highest)


def beyond_owner_limit(
    checked: CheckedTable, creates: Iterable[Change], held: Mapping[Key, int]
) -> dict[int, list[Problem]]:
    """A problem for each new record that its owner may not have besides those `held`: the last in sheet order.

    What would be removed by the same file still counts, as it is removed after what is new was created.
    """
    endpoint = checked.header.endpoint
    limit = endpoint.owner_limit
    if limit is None:
        return {}
    creates = list(creates)
    wanted = Counter(endpoint.owner_of(change.key) for change in creates)
    taken: Counter[Key] = Counter()
    found: dict[int, list[Problem]] = {}
    for change in creates:
        owner = endpoint.owner_of(change.key)
        taken[owner] += 1
        if held.get(owner, 0) + taken[owner] > limit:
            fault = _owner_fault(endpoint, held.get(owner, 0), wanted[owner])
            position = _position(checked.header)
            found[change.row] = [problem_at(checked.table, change.row, position, fault)]
    return found


def _owner_fault(endpoint: Endpoint, held: int, wanted: int) -> CellError:
    return about_levels.too_many_records(held, endpoint.owner_has, wanted, endpoint.owner_limit or 0)


def _position(header: Header) -> int | None:
    """The column that tells what is new, so that the problem has a cell."""
    endpoint = header.endpoint
    told = (at for name in endpoint.key if name not in endpoint.owner for at, _ in header.positions(name))
    return next(told, None)
