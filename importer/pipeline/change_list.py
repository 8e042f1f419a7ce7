"""The lines of a plan as a person goes through them: named, removals and updates first, filtered by what they do, whom
and what they are about. Knows a plan; knows no markup, and decides nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from importer.endpoints.declare import Directory, Endpoint
from importer.model import CellRef, Key, Outcome, Problem, Result
from importer.pipeline.change_description import RecordNames, ValueChange, describe_values, record_names
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
    """A line before it is named: naming each of 100,000 takes longer than showing a page of them."""

    action: str
    stage: int
    ref: CellRef
    key: Key | None


class ChangeList:
    """The lines of a plan. `who_title` and `what_title` head them: `Person`, `Skill`; `who_title` is empty for things.

    Raises: Denied, Unreachable while names are looked up of which the file has only the ids.
    """

    def __init__(self, stages: Sequence[PreparedRun]) -> None:
        self._stages = stages
        first = stages[-1].plan.endpoint
        self.who_title, self.what_title = _title(first, first.owner), _title(first, first.thing)
        self._names = [_names(stage) for stage in stages]
        entries = [entry for at, stage in enumerate(stages) for entry in _entries(at, stage)]
        places = {action: place for place, action in enumerate(_ORDER)}
        entries.sort(key=lambda each: places[each.action])  # it keeps the order of the sheet
        self._entries = entries

    def counts(self) -> dict[str, int]:
        """How many lines come to what, in the order in which they stand; what everyone looks for also if none."""
        counts = Counter(each.action for each in self._entries)
        return {action: counts[action] for action in _ORDER if counts[action] or action in _ALWAYS_TOLD}

    def filter(self, actions: Sequence[str] = CHANGES, who: str = "", what: str = "") -> "Selection":
        """The lines that do one of these, and whose names have these texts in them, whatever their letter case."""
        wanted = frozenset(actions)
        some = [each for each in self._entries if each.action in wanted]
        for text, named in ((who, RecordNames.who), (what, RecordNames.what)):
            if folded := fold(text):
                names = [named(self._names[each.stage], each.ref, each.key) for each in some]
                known = {name for name in set(names) if folded in fold(name)}
                some = [each for each, name in zip(some, names, strict=True) if name in known]
        return Selection(self._stages, self._names, some)


class Selection:
    """Some lines of a plan, in order."""

    def __init__(self, stages: Sequence[PreparedRun], names: Sequence[RecordNames], entries: Sequence[_Entry]) -> None:
        self._stages = stages
        self._names = names
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    def lines(self, first: int = 0, most: int | None = None) -> list[PlanLine]:
        """At most so many of them, from the one at `first` (from 0) on."""
        end = None if most is None else first + most
        return [_line(each, self._stages[each.stage], self._names[each.stage]) for each in self._entries[first:end]]


def _names(stage: PreparedRun) -> RecordNames:
    changes = (*stage.plan.changes.values(), *stage.plan.conflicts.values())
    return record_names(stage.run_input.table, changes, stage.access.directory)


def _entries(at: int, stage: PreparedRun) -> Iterator[_Entry]:
    conflicts = stage.plan.conflicts
    for change in stage.plan.changes.values():
        yield _Entry(change.action.value, at, change.ref, change.key)
    for ref, result in stage.plan.results.items():
        meant = conflicts.get(ref)
        yield _Entry(_action_of(result), at, ref, None if meant is None else meant.key)


def _action_of(result: Result) -> str:
    return _PROBLEMS if result.outcome is Outcome.INVALID else result.outcome.value


def _line(entry: _Entry, stage: PreparedRun, names: RecordNames) -> PlanLine:
    plan, table, ref = stage.plan, stage.run_input.table, entry.ref
    change, result = plan.changes.get(ref) or plan.conflicts.get(ref), plan.results.get(ref)
    place = "" if ref in plan.other_removals and not table.is_matrix else table.describe([ref])
    values = () if change is None else describe_values(plan.endpoint, change)
    problems = () if result is None else result.problems
    who, what = names.who(ref, entry.key), names.what(ref, entry.key)
    return PlanLine(entry.action, place, who, what, values, problems)


def _title(endpoint: Endpoint, fields: Sequence[str]) -> str:
    """What stands in these fields of the key, as a heading: `Skill`, `Geography · Department`."""
    named = {column.field: _TITLES[column.directory] for column in endpoint.name_columns}
    titles = (named.get(field, endpoint.field(field).title) for field in fields if field not in endpoint.caseless)
    return " · ".join(titles)
