"""The lines of a plan as a person goes through them: named, removals and updates first, filtered by what they do, whom
and what they are about. Knows a plan; knows no markup, and decides nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from importer.endpoints.declare import Directory, Endpoint
from importer.model import CellRef, Outcome, Problem, Result
from importer.pipeline.change_description import ValueChange, describe_values, record_names
from importer.pipeline.planning import PreparedRun
from importer.text import fold

CHANGES = ("remove", "update", "create")
"""What changes a record, in the order in which a person is to see it."""
_PROBLEMS = "with problems"
_ORDER = (*CHANGES, "conflict", _PROBLEMS, "not sent", "duplicate", "unchanged")
"""What else becomes of a row follows."""
_ALWAYS_TOLD = ("update", "create", "unchanged")
_TITLES: Mapping[Directory, str] = {
    Directory.EMAILS: "Person",
    Directory.EXTERNAL_IDS: "Person",
    Directory.PEOPLE: "Person",
    Directory.SKILLS: "Skill",
    Directory.GROUPS: "Group",
    Directory.GEOGRAPHIES: "Geography",
    Directory.DEPARTMENTS: "Department",
    Directory.PROJECTS: "Project",
    Directory.MEMBERS: "Person or project",
}


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One row or cell of a plan: what becomes of it (`update`, `conflict`, `with problems`), its place in the file
    (empty where it has none), whose record it is, what they have by it, the values, and its problems.
    """

    action: str
    place: str
    who: str
    what: str
    values: tuple[ValueChange, ...] = ()
    problems: tuple[Problem, ...] = ()


class _Entry(NamedTuple):
    action: str
    who: str
    what: str
    stage: int
    ref: CellRef


class ChangeList:
    """The lines of a plan. `who_title` and `what_title` head them: `Person`, `Skill`; `who_title` is empty for things.

    Raises: Denied, Unreachable while names are looked up of which the file has only the ids.
    """

    def __init__(self, stages: Sequence[PreparedRun]) -> None:
        self._stages = stages
        first = stages[-1].plan.endpoint
        self.who_title, self.what_title = _title(first, first.owner), _title(first, first.thing)
        entries = [entry for at, stage in enumerate(stages) for entry in _entries(at, stage)]
        entries.sort(key=lambda each: _ORDER.index(each.action))  # it keeps the order of the sheet
        self._entries = entries

    def counts(self) -> dict[str, int]:
        """How many lines come to what, in the order in which they stand; what everyone looks for also if none."""
        counts = Counter(each.action for each in self._entries)
        return {action: counts[action] for action in _ORDER if counts[action] or action in _ALWAYS_TOLD}

    def filter(self, actions: Sequence[str] = CHANGES, who: str = "", what: str = "") -> "Selection":
        """The lines that do one of these, and whose names have these texts in them, whatever their letter case."""
        wanted = frozenset(actions)
        some = [each for each in self._entries if each.action in wanted]
        for text, name in ((who, _who), (what, _what)):
            if folded := fold(text):
                known = {each for each in set(map(name, some)) if folded in fold(each)}
                some = [each for each in some if name(each) in known]
        return Selection(self._stages, some)


class Selection:
    """Some lines of a plan, in order."""

    def __init__(self, stages: Sequence[PreparedRun], entries: Sequence[_Entry]) -> None:
        self._stages = stages
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    def lines(self, first: int = 0, most: int | None = None) -> list[PlanLine]:
        """At most so many of them, from the one at `first` (from 0) on."""
        end = None if most is None else first + most
        return [_line(each, self._stages[each.stage]) for each in self._entries[first:end]]


def _who(entry: _Entry) -> str:
    return entry.who


def _what(entry: _Entry) -> str:
    return entry.what


def _entries(at: int, stage: PreparedRun) -> Iterator[_Entry]:
    plan, conflicts = stage.plan, stage.plan.conflicts
    names = record_names(stage.run_input.table, (*plan.changes.values(), *conflicts.values()), stage.access.directory)
    for change in plan.changes.values():
        action = change.action.value
        yield _Entry(action, names.who(change.ref, change.key), names.what(change.ref, change.key), at, change.ref)
    for ref, result in plan.results.items():
        meant = conflicts.get(ref)
        key = None if meant is None else meant.key
        yield _Entry(_action_of(result), names.who(ref, key), names.what(ref, key), at, ref)


def _action_of(result: Result) -> str:
    return _PROBLEMS if result.outcome is Outcome.INVALID else result.outcome.value


def _line(entry: _Entry, stage: PreparedRun) -> PlanLine:
    plan, table, ref = stage.plan, stage.run_input.table, entry.ref
    change, result = plan.changes.get(ref) or plan.conflicts.get(ref), plan.results.get(ref)
    place = "" if ref in plan.other_removals and not table.is_matrix else table.describe([ref])
    values = () if change is None else describe_values(plan.endpoint, change)
    problems = () if result is None else result.problems
    return PlanLine(entry.action, place, entry.who, entry.what, values, problems)


def _title(endpoint: Endpoint, fields: Sequence[str]) -> str:
    """What stands in these fields of the key, as a heading: `Skill`, `Geography · Department`."""
    named = {column.field: _TITLES[column.directory] for column in endpoint.name_columns}
    titles = (named.get(field, endpoint.field(field).title) for field in fields if field not in endpoint.caseless)
    return " · ".join(titles)
