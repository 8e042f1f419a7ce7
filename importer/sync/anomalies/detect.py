"""Every accident that a plan shows, in one list. Pure: it asks only through what it is given."""

from collections.abc import Callable
from dataclasses import dataclass

from importer.model import Action, Outcome
from importer.sync.anomalies.anomaly import Anomaly
from importer.sync.anomalies.level_arrays import Ask, levels_of
from importer.sync.anomalies.level_shift import find_inversion, find_shift
from importer.sync.anomalies.mass_removal import find_mass_removal
from importer.sync.anomalies.misalignment import CellName, Sheet, find_misalignment
from importer.sync.plan import Plan
from importer.table import Arrangement


@dataclass(frozen=True, slots=True)
class Evidence:
    """How the sheet of a plan looks: where its records stand, and what it calls the person, skill and row of a ref."""

    arrangement: Arrangement
    person: CellName
    skill: CellName
    row: Callable[[int], int]


def detect_anomalies(plan: Plan, seen: Evidence, ask: Ask) -> tuple[Anomaly, ...]:
    """The accidents that the levels of a plan show; none where it has no levels, or would change nothing.

    `ask` gives what the account holds for people; it is asked only where something is suspected.
    """
    level = plan.endpoint.level
    if level is None or all(change.action is Action.LEAVE for change in plan.changes.values()):
        return ()
    levels = levels_of(plan, level.name, seen.arrangement)
    invalid = sum(result.outcome is Outcome.INVALID for result in plan.results.values())
    found = [each for each in (find_shift(levels, invalid, ask), find_inversion(levels)) if each is not None]
    if not found:
        found = find_misalignment(levels, Sheet(seen.skill, seen.row), ask)
    lost = find_mass_removal(levels, ask, seen.person, drops_count=not found)
    return (*found, *([lost] if lost is not None else []))
