"""A sheet of targets: which skill, at which level, how many people. Knows its texts, and what its names mean.

Like every other sheet it is read to its end: a row is a target, or has its problems, each with its cell.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from importer.coordinates import letters
from importer.endpoints.declare import Answer, Directory, Name, NameAnswers
from importer.endpoints.name_columns import within
from importer.messages import about_targets
from importer.model import CellRef, Problem
from importer.table import Table
from importer.text import fold, fold_header, trim
from importer.validation.cell import CellError, is_nothing, oddity_error
from importer.validation.level import HIGHEST, NUMBERS
from importer.validation.parsed_table import problem_at

SKILL, LEVEL, PEOPLE, CATEGORY = "skill", "level", "how many", "category"
_HEADERS: Mapping[str, Collection[str]] = {
    SKILL: ("skill", "skill name", "skill id"),
    LEVEL: ("level", "at least", "minimum level", "target level", "proficiency", "rating"),
    PEOPLE: ("how many", "how many people", "people", "number", "count", "wanted", "needed", "target", "headcount"),
    CATEGORY: ("category", "skill category"),
}
_FIELD_OF = {fold_header(text): field for field, texts in _HEADERS.items() for text in texts}
LOOKED_AT = 30
"""Rows from the top in which the header is looked for."""
_DIGITS = 9

Columns = Mapping[str, str]
"""What the table calls each column that a sheet of targets has."""


@dataclass(frozen=True, slots=True)
class Target:
    """So many people are wanted who have this skill at this level or above; 0: at any. `ref` is its row."""

    ref: CellRef
    skill_id: str
    level: int
    people: int


@dataclass(frozen=True, slots=True)
class TargetTable:
    """The targets of a sheet, and the problems of its other rows, in the order of the sheet."""

    targets: Sequence[Target]
    problems: Sequence[Problem]

    @property
    def left_out(self) -> int:
        """How many rows have a problem."""
        return len({problem.ref for problem in self.problems})


def find_columns(rows: Sequence[Sequence[str]]) -> tuple[int, Mapping[str, int]] | None:
    """The row of the header (from 1) and the positions of its columns (from 0); None where no row has a column for the
    skill and one for how many.

    Raises: Unreadable when two columns say the same.
    """
    for number, texts in enumerate(rows[:LOOKED_AT], 1):
        columns: dict[str, int] = {}
        for position, text in enumerate(texts):
            field = _FIELD_OF.get(fold_header(text))
            if field in columns:
                both = (letters(columns[field]), letters(position))
                raise about_targets.two_target_columns(both, number, field)
            if field:
                columns[field] = position
        if SKILL in columns and PEOPLE in columns:
            return number, columns
    return None


def names_of(table: Table, columns: Columns) -> frozenset[Name]:
    """The skills that the rows name, folded, each once."""
    asked = (_asked(table, columns, ref) for ref in table.refs)
    return frozenset((Directory.SKILLS, name) for name in asked if name)


def read_targets(table: Table, columns: Columns, found: NameAnswers, highest: Mapping[str, int]) -> TargetTable:
    """Every row as a target or as its problems; `highest` gives the highest level of each skill by its id."""
    reading = _Reading(table, columns)
    targets: list[Target] = []
    for ref in table.refs:
        skill = reading.skill(ref, found)
        level, people = reading.level(ref), reading.people(ref)
        if skill is None or level is None or people is None:
            continue
        if level > highest.get(skill, HIGHEST):
            reading.refuse(ref, LEVEL, _beyond(table.text(ref, columns[SKILL]), highest[skill]))
        else:
            targets.append(Target(ref, skill, level, people))
    kept = reading.settle_rivals(targets)
    return TargetTable(kept, sorted(reading.problems, key=lambda problem: problem.ref or 0))


def _asked(table: Table, columns: Columns, ref: CellRef) -> str:
    """What is looked up for the skill of a row: its name, within its category where one is told."""
    name = table.text(ref, columns[SKILL])
    over = table.text(ref, columns[CATEGORY]) if CATEGORY in columns else ""
    if not name.strip() or is_nothing(name):
        return ""
    return within("" if is_nothing(over) else fold(over), fold(name))


class _Reading:
    """The rows of one sheet as they are read, with the problems found so far."""

    def __init__(self, table: Table, columns: Columns) -> None:
        self._table = table
        self._columns = columns
        self.problems: list[Problem] = []

    def refuse(self, ref: CellRef, field: str, error: CellError) -> None:
        """Keep an error of the cell in which a row tells this field."""
        self.problems.append(problem_at(self._table, ref, self._columns[field], error))

    def _text(self, ref: CellRef, field: str) -> str | None:
        """What a cell says; None, with a problem kept, where it holds something else than its text."""
        position = self._columns[field]
        oddity = self._table.oddities.get((ref, position))
        text = self._table.text(ref, position)
        if oddity is None:
            return "" if is_nothing(text) else trim(text)
        self.refuse(ref, field, oddity_error(oddity, text))
        return None

    def skill(self, ref: CellRef, found: NameAnswers) -> str | None:
        """The id of the skill that a row names."""
        text = self._text(ref, SKILL)
        if text is None:
            return None
        if not text:
            self.refuse(ref, SKILL, about_targets.no_skill())
            return None
        answer = found.get((Directory.SKILLS, _asked(self._table, self._columns, ref)), Answer())
        if len(answer.exact) == 1:
            return answer.exact[0].id
        self.refuse(ref, SKILL, _not_one(text, answer))
        return None

    def level(self, ref: CellRef) -> int | None:
        """The level that a row wants; 0 where it says none."""
        text = self._text(ref, LEVEL) if LEVEL in self._columns else ""
        if text is None:
            return None
        read = NUMBERS.read(text)
        if isinstance(read, CellError):
            self.refuse(ref, LEVEL, about_targets.target_level(read))
            return None
        if not 0 <= (read.value or 0) <= HIGHEST:
            self.refuse(ref, LEVEL, about_targets.target_out_of_range(text))
            return None
        return read.value or 0

    def people(self, ref: CellRef) -> int | None:
        """How many people a row wants."""
        text = self._text(ref, PEOPLE)
        if text is None:
            return None
        whole = text.removesuffix(".0")
        if whole.isascii() and whole.isdecimal() and len(whole) <= _DIGITS:
            return int(whole)
        error = about_targets.not_a_number_of_people(text) if text else about_targets.no_number_of_people(PEOPLE)
        self.refuse(ref, PEOPLE, error)
        return None

    def settle_rivals(self, targets: Sequence[Target]) -> list[Target]:
        """The targets, each once; those that want different numbers of the same are problems, and each names others."""
        by_key: dict[tuple[str, int], list[Target]] = {}
        for target in targets:
            by_key.setdefault((target.skill_id, target.level), []).append(target)
        kept: list[Target] = []
        for same in by_key.values():
            if len({target.people for target in same}) == 1:
                kept.append(same[0])
                continue
            for target in same:
                others = [each.ref for each in same if each.people != target.people]
                error = about_targets.rival_targets(self._table.describe(others), len(others) == 1)
                self.refuse(target.ref, PEOPLE, error)
        return kept


def _not_one(text: str, answer: Answer) -> CellError:
    if not answer.exact:
        return about_targets.target_skill_not_found(text, [each.label for each in answer.near])
    return about_targets.target_skill_ambiguous(text, [each.label for each in answer.exact], CATEGORY)


def _beyond(text: str, highest: int) -> CellError:
    if highest == 1:
        return about_targets.target_skill_without_levels(text)
    return about_targets.target_above_highest(text, highest)
