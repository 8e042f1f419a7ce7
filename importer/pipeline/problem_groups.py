"""The problems of a file, grouped by kind and by value, each with whom and what it concerns. Decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importer.coordinates import parse_address
from importer.endpoints.declare import Candidate, Field, Kind
from importer.messages.problem_kinds import kind_of
from importer.model import Problem
from importer.pipeline.check_result import CheckResult
from importer.pipeline.file_edits import CellPosition
from importer.pipeline.input_table import InputTable
from importer.remedies import Remedy
from importer.text import fold
from importer.validation.aliases import UnresolvedName

_LEVELS = ("", "0", "1", "2", "3", "4", "5")
_WITH_NAMES = frozenset({"not-found", "ambiguous"})


@dataclass(frozen=True, slots=True)
class ProblemPlace:
    """Where a problem is: the person of its row, the heading over it, and the cell to correct, where it is one."""

    problem: Problem
    person: str
    heading: str
    cell: CellPosition | None


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """The problems of one kind that are about one value: `"high" is not a level`, in 12 cells.

    `number` is its place among the groups of the file. `texts` are the texts that could stand there instead, where
    they are few; `name` is what must be chosen, where the account does not have the name or has it more than once.
    """

    number: int
    value: str | None
    message: str
    remedies: tuple[Remedy, ...]
    places: tuple[ProblemPlace, ...]
    texts: tuple[str, ...] = ()
    name: UnresolvedName | None = None

    @property
    def cells(self) -> list[CellPosition]:
        """The cells that can be corrected alike."""
        return [cell for place in self.places if (cell := place.cell) is not None]

    @property
    def suggestion(self) -> Candidate | None:
        """Who or what is most likely meant, where something in the account is nearly called so."""
        near = () if self.name is None or self.name.answer.exact else self.name.answer.near
        return next(iter(near), None)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Everyone and everything that may be meant, the likeliest first."""
        return () if self.name is None else (*self.name.answer.exact, *self.name.answer.near)


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """The groups of one kind, with the code of its problems and what a person calls it."""

    code: str
    title: str
    groups: tuple[ProblemGroup, ...]

    @property
    def count(self) -> int:
        """How many problems there are of it."""
        return sum(len(group.places) for group in self.groups)

    @property
    def suggested(self) -> list[ProblemGroup]:
        """The groups in which something is suggested."""
        return [group for group in self.groups if group.suggestion is not None]


def group_problems(table: InputTable, check: CheckResult) -> tuple[ProblemKind, ...]:
    """The kinds of problems of a file, those with most problems first; in each, the values that come most often."""
    names = {fold(each.text): each for each in check.unclear_names}
    by_kind: dict[str, dict[tuple[str, str], list[Problem]]] = {}
    for problem in check.problem_list:
        where = "" if table.parsed.table.is_matrix else problem.column or ""
        key = (where, fold(problem.value or "") or ("" if problem.cell else problem.message))
        by_kind.setdefault(problem.code, {}).setdefault(key, []).append(problem)
    people = _people(table, check.problem_list)
    number, kinds = 0, []
    for code, values in by_kind.items():
        groups = []
        for problems in sorted(values.values(), key=len, reverse=True):
            groups.append(_group(number, problems, names, people, table))
            number += 1
        kinds.append(ProblemKind(code, kind_of(code), tuple(groups)))
    return tuple(sorted(kinds, key=lambda kind: kind.count, reverse=True))


def _group(
    number: int,
    problems: Sequence[Problem],
    names: Mapping[str, UnresolvedName],
    people: Mapping[int, str],
    table: InputTable,
) -> ProblemGroup:
    first = problems[0]
    is_alike = all(each.message == first.message for each in problems)
    value = first.value if all(each.value == first.value for each in problems) else None
    is_name = first.code in _WITH_NAMES and first.value is not None
    return ProblemGroup(
        number,
        value,
        first.message if is_alike else f"{kind_of(first.code)}.",
        first.remedies,
        tuple(_place(each, people) for each in problems),
        () if is_name else _texts(first, table),
        names.get(fold(first.value)) if is_name and first.value is not None else None,
    )


def _place(problem: Problem, people: Mapping[int, str]) -> ProblemPlace:
    person = "" if problem.ref is None else people.get(problem.ref, "")
    cell = None if problem.cell is None else (problem.sheet, *parse_address(problem.cell))
    return ProblemPlace(problem, "" if person == problem.value else person, problem.column or "", cell)


def _people(table: InputTable, problems: Sequence[Problem]) -> Mapping[int, str]:
    """Whom the record of each problem is about, as the sheet says it."""
    cells = table.parsed.table
    name = cells.first_telling("user_id", "member_id")
    refs = list(dict.fromkeys(each.ref for each in problems if each.ref is not None))
    if name is None or not refs:
        return {}
    texts = cells.frame[name].reindex(refs).astype(object).fillna("")
    return dict(zip(refs, texts.to_list(), strict=True))


def _texts(problem: Problem, table: InputTable) -> tuple[str, ...]:
    """The texts that could stand in the cell of a problem, where they are few."""
    cells = table.parsed.table
    if problem.ref is None or problem.cell is None:
        return ()
    for name, column in cells.used.items():
        if isinstance(column, Field) and cells.location(problem.ref, name).cell == problem.cell:
            return _LEVELS if column.kind is Kind.LEVEL else tuple(column.choices)
    return ()
