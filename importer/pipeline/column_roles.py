"""Which column of a sheet is read as what, and how a person changes that: by options, or by other headers.

Knows a file that was opened or read; knows no rule of a layout, and no face.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from importer import endpoints
from importer.coordinates import letters
from importer.endpoints.header import column_header
from importer.errors import Choice
from importer.layouts.proposal import MATRIX_NAME, MATRIX_OF
from importer.layouts.told_columns import NONE
from importer.messages import about_plans
from importer.model import CellRef
from importer.pipeline.input_table import InputTable, read
from importer.spreadsheet.read.book import Book
from importer.table import Arrangement, Sheet, Table
from importer.text import fold_header
from importer.validation.level_words import LEVELS
from importer.validation.level_words import plain as plain_word

if TYPE_CHECKING:
    from importer.pipeline.account import Account

PERSON, SKILL, UNUSED = "who", "a skill", ""
"""What a column of a matrix may be."""
_LEVEL = "level"
_NUMBERS = frozenset("012345")
_MOST = 0.6
"""So many of a column's texts are levels where it holds levels."""
_SAMPLES, _ROWS_SAMPLED = 3, 200
_ROWS_OFFERED = 40
_COLUMNS_OFFERED = 300
_LONGEST = 70


@dataclass(frozen=True)
class ReadingChoices:
    """How a person says that a file is to be read, where they say anything; the words are those of the options."""

    endpoint: str | None = None
    sheets: tuple[str, ...] = ()
    header_row: int | None = None
    layout: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    person: str | None = None
    skill: str | None = None
    fill_down: bool = False
    people_column: str | None = None
    skill_columns: tuple[str, ...] = ()
    levels: str | None = None
    encoding: str | None = None
    match_names: bool = False
    no_aliases: bool = False

    def with_answer(self, answer: Choice) -> "ReadingChoices":
        """The same, with an answer to a question."""
        changes: dict[str, Any]
        match answer.option:
            case "sheets":
                changes = {"sheets": (answer.value,)}
            case "header_row":
                changes = {"header_row": int(answer.value)}
            case "skill_columns":
                changes = {"skill_columns": tuple(each.strip() for each in answer.value.split(","))}
            case "columns":
                field_, _, header = answer.value.partition("=")
                changes = {"columns": {**self.columns, field_: header}}
            case "levels":
                changes = {"levels": f"{self.levels},{answer.value}" if self.levels else answer.value}
            case "fill_down":
                changes = {"fill_down": True}
            case option:
                changes = {option: answer.value}
        return replace(self, **changes)

    def with_levels(self, words: Mapping[str, str]) -> "ReadingChoices":
        """The same, with what words mean: `{"Expert": "5", "o": "none"}`."""
        pairs = (part.rpartition("=") for part in (self.levels or "").split(",") if part.strip())
        told = {**{word.strip(): meaning.strip() for word, _, meaning in pairs}, **words}
        return replace(self, levels=",".join(f"{word}={meaning}" for word, meaning in told.items()))

    def read(self, book: Book, aliases: Path | None = None, account: "Account | None" = None) -> InputTable:
        """The file, read like this; `aliases` is the workbook of what names mean. What the shape of a sheet leaves open
        the account decides.

        Raises: Unreadable, Ambiguous; Usage for words for levels that cannot be.
        """
        return (account.read if account else read)(
            book,
            self.endpoint,
            sheets=self.sheets,
            header_row=self.header_row,
            layout=self.layout,
            columns=self.columns,
            person=self.person,
            skill=self.skill,
            fill_down=self.fill_down,
            people_column=self.people_column,
            skill_columns=self.skill_columns,
            levels=self.levels,
            match_names=self.match_names,
            aliases=aliases,
            no_aliases=self.no_aliases,
        )


@dataclass(frozen=True, slots=True)
class ColumnRole:
    """A column: its position (from 0), its header, its role, and the other roles that it could have.

    `list_roles` are those that a column of a matrix would have if the sheet were a list. `samples` are some of its
    texts; `reads_as` is the skill of its header, where that says more: `Rate your skills [COBOL]`.
    """

    position: int
    header: str
    role: str
    choices: tuple[str, ...]
    list_roles: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    reads_as: str = ""
    holds_levels: bool = False
    """Whether most of its texts are levels, or words for them."""

    @property
    def letters(self) -> str:
        """The column as Excel names it."""
        return letters(self.position)


Roles = Mapping[int, str]
"""The roles of columns, by their positions (from 0)."""


@dataclass(frozen=True)
class SheetColumns:
    """The columns of the one sheet that is read.

    `header_row` is 0 where none is known. `columns` is empty where nothing is known of the header.
    """

    sheet: str | None
    header_row: int
    grid: Sheet
    is_matrix: bool
    columns: tuple[ColumnRole, ...] = ()
    endpoint: str | None = None

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """The header over each column of the sheet."""
        if not 0 < self.header_row <= self.grid.height:
            return ("",) * len(self.grid.columns)
        return tuple(" ".join(column[self.header_row - 1].split()) for column in self.grid.columns)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """A name for each column that no other column has: its header, or its letters."""
        times = Counter(map(fold_header, self.headers))
        return tuple(
            text if text and times[fold_header(text)] == 1 else letters(at) for at, text in enumerate(self.headers)
        )

    @property
    def roles(self) -> Roles:
        """The role of each column."""
        return {column.position: column.role for column in self.columns}

    def header_candidates(self) -> list[tuple[int, str]]:
        """The rows that could be the header, each with its texts."""
        rows = enumerate(self.grid.head(_ROWS_OFFERED), 1)
        texts = [(row, " · ".join(" ".join(text.split()) for text in cells if text.strip())) for row, cells in rows]
        return [(row, text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…") for row, text in texts if text]

    @property
    def unused_levels(self) -> tuple["ColumnRole", ...]:
        """The columns that hold levels and are not used, where no column of the list tells a level."""
        roles = self.roles.values()
        if self.is_matrix or _LEVEL in roles or not any(_LEVEL in column.choices for column in self.columns):
            return ()
        return tuple(column for column in self.columns if column.role == UNUSED and column.holds_levels)

    def choices_for(self, roles: Roles, before: ReadingChoices) -> ReadingChoices:
        """The choices that give the columns these roles. The headings stay as they are.

        Raises: Usage where two columns of a list would tell the same, or more or less than one of a matrix says who.
        """
        after = {**self.roles, **{at: role for at, role in roles.items() if at in self.roles}}
        if after == self.roles:
            return before
        if self.is_matrix and not any(after[column.position] in column.list_roles for column in self.columns):
            return self._matrix_choices(after, before)
        told: dict[str, str] = {}
        for at, role in after.items():
            if role in (UNUSED, PERSON, SKILL):
                continue
            if role in told:
                raise about_plans.two_columns_for(role, told[role], self.names[at])
            told[role] = self.names[at]
        dropped = {role: NONE for role in self.roles.values() if role not in (*told, UNUSED, PERSON, SKILL)}
        endpoint = MATRIX_OF if self.is_matrix else self.endpoint
        return replace(
            before, endpoint=endpoint, columns={**told, **dropped}, layout=None, people_column=None, skill_columns=()
        )

    def _matrix_choices(self, after: Roles, before: ReadingChoices) -> ReadingChoices:
        people, people_before = ([at for at, role in each.items() if role == PERSON] for each in (after, self.roles))
        if people != people_before and len(people) != 1:
            raise about_plans.not_one_people_column(len(people))
        return replace(
            before,
            endpoint=MATRIX_NAME,
            people_column=before.people_column if people == people_before else self.names[people[0]],
            skill_columns=tuple(self.names[at] for at, role in after.items() if role == SKILL),
        )


def read_columns(book: Book, table: InputTable | None, choices: ReadingChoices) -> SheetColumns | None:
    """The columns of the sheet that was read; of the one that is to be read, while `table` is None.

    Of several sheets with the same headings they are those of the first, and what is chosen counts for all of them.
    None where the headings differ.
    """
    if table is not None:
        parts = table.parsed.table.parts
        if len({_headings(book.grid(part.sheet), part.header_row) for part in parts}) > 1:
            return None
        sheet, row, is_matrix = parts[0].sheet, parts[0].header_row, table.parsed.table.arrangement is Arrangement.CELLS
    else:
        chosen: list[str | None] = [each for each in choices.sheets if each in book.sheets]
        sheets = chosen or list(book.candidates)
        if len(sheets) != 1:
            return None
        sheet, row, is_matrix = sheets[0], choices.header_row or 0, choices.endpoint == MATRIX_NAME
    plain = SheetColumns(
        sheet, row, book.grid(sheet), is_matrix, endpoint=table.endpoint if table else choices.endpoint
    )
    if not row or (table is not None and not has_roles(table)):
        return plain
    if is_matrix:
        return replace(plain, columns=_columns(plain, (PERSON, SKILL), *_matrix_roles(plain, table, choices)))
    known = _list_roles(table, choices)
    return plain if known is None else replace(plain, columns=_columns(plain, *known))


def _headings(grid: Sheet, row: int) -> tuple[str, ...]:
    """The headings in a row, without blank ones at its end."""
    if not 0 < row <= grid.height:
        return ()
    texts = [fold_header(column[row - 1]) for column in grid.columns]
    return tuple(texts[: max((at for at, text in enumerate(texts, 1) if text), default=0)])


def has_roles(table: InputTable) -> bool:
    """Whether each column is one thing: not where people stand side by side, or a row has several records."""
    return table.parsed.table.arrangement in (Arrangement.ROWS, Arrangement.CELLS)


def _columns(
    plain: SheetColumns, choices: tuple[str, ...], roles: Roles, skills: Mapping[int, str] | None = None
) -> tuple[ColumnRole, ...]:
    list_roles = _roles_of(MATRIX_OF) if plain.is_matrix else ()
    columns = []
    for at, cells in enumerate(plain.grid.columns[:_COLUMNS_OFFERED]):
        if not any(cells):
            continue
        header, skill = plain.headers[at], (skills or {}).get(at, "")
        texts = [text for text in cells[plain.header_row : plain.header_row + _ROWS_SAMPLED] if text.strip()]
        columns.append(
            ColumnRole(
                at,
                header or f"column {letters(at)}",
                roles.get(at, UNUSED),
                choices,
                list_roles,
                tuple(dict.fromkeys(texts))[:_SAMPLES],
                "" if fold_header(skill) == fold_header(header) else skill,
                _are_levels(texts),
            )
        )
    return tuple(columns)


def _are_levels(texts: Sequence[str]) -> bool:
    """Whether most texts of a column are levels above 0, or words for levels."""
    held = sum(text.strip() in _NUMBERS or plain_word(text) in LEVELS for text in texts)
    return bool(texts) and held >= len(texts) * _MOST and any(text.strip() != "0" for text in texts)


def _list_roles(table: InputTable | None, choices: ReadingChoices) -> tuple[tuple[str, ...], Roles] | None:
    if table is not None:
        cells = table.parsed.table
        positions = cells.parts[0].columns
        roles = {positions[name]: column_header(column) for name, column in cells.used.items()}
        return _roles_of(table.endpoint), {at: role for at, role in roles.items() if at is not None}
    return None if choices.endpoint not in endpoints.names() else (_roles_of(choices.endpoint), {})


def _roles_of(endpoint: str) -> tuple[str, ...]:
    return tuple(map(column_header, endpoints.load(endpoint).columns()))


def _matrix_roles(
    plain: SheetColumns, table: InputTable | None, choices: ReadingChoices
) -> tuple[Roles, Mapping[int, str]]:
    """The roles of a matrix's columns, and the skill of each column that has one."""
    positions = range(len(plain.grid.columns))
    if table is None:
        roles = {at: SKILL for at in positions if plain.names[at] in choices.skill_columns}
        roles |= {at: PERSON for at in positions if plain.names[at] == choices.people_column}
        return roles, {}
    cells = table.parsed.table
    skills: dict[int, str] = {}
    for frame in (cells.frame, cells.outline):
        if frame is not None:
            for ref, skill in zip(frame.index, frame[cells.headings], strict=True):
                if (at := CellRef(ref).column) is not None:
                    skills.setdefault(at, skill)
    roles = dict.fromkeys(skills, SKILL)
    people = [at for at in cells.parts[0].columns.values() if at is not None and at >= 0]
    roles |= dict.fromkeys([*people, *_last_names(plain, people, roles, cells)], PERSON)
    return roles, skills


def _last_names(plain: SheetColumns, people: Sequence[int], skills: Roles, table: Table) -> list[int]:
    """The columns beside those of people that are part of their names: filled, no skill's, and not set aside."""
    aside = {each.place for each in table.set_aside}
    beside = {at + step for at in people for step in (-1, 1)} - {*people, *skills}
    return [
        at
        for at in beside
        if 0 <= at < len(plain.headers) and plain.headers[at] and f"column {letters(at)}" not in aside
        if not any(place.startswith("columns ") for place in aside)
    ]
