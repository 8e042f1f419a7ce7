"""How a file was read, as a page tells it and a person changes it: the header's row, which column is what, whose names
are known. Knows a file that was read; no rule, and no request.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from importer import endpoints
from importer.endpoints.header import column_header
from importer.layouts.choose import MATRIX_NAME, MATRIX_OF
from importer.messages import about_plans
from importer.table import HEADING, Layout, Sheet, letters
from importer.text import fold_header
from importer.validation.parsed_table import ParsedTable
from importer.validation.schema import CheckedTable
from importer.web.upload import Choices, Read

WHO, SKILL, UNUSED = "who", "a skill", ""
"""What a column of a matrix may be."""
NOT_USED = "(not used)"
_ROWS_OFFERED = 40
_COLUMNS_OFFERED = 300
_LONGEST = 70
_UNKNOWN = frozenset({"not-found", "ambiguous", "alias"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: where it stands (from 0), its header, what it is read as, and what else it could be.

    `of_list` is what a column of a matrix would be, were the sheet a list.
    """

    at: int
    header: str
    means: str
    kinds: tuple[str, ...]
    of_list: tuple[str, ...] = ()

    @property
    def letters(self) -> str:
        """The column as Excel names it."""
        return letters(self.at)


@dataclass(frozen=True)
class Head:
    """The header of the one sheet that is read: its sheet, its row (0 where none is known), and the sheet's cells."""

    sheet: str | None
    row: int
    grid: Sheet

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What stands over each column."""
        if not 0 < self.row <= self.grid.height:
            return ("",) * len(self.grid.columns)
        return tuple(" ".join(column[self.row - 1].split()) for column in self.grid.columns)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What tells each column from all others: its header, or its letters."""
        times = Counter(map(fold_header, self.texts))
        return tuple(
            text if text and times[fold_header(text)] == 1 else letters(at) for at, text in enumerate(self.texts)
        )


def head_of(now: Read) -> Head | None:
    """The header, where one sheet is read: the one that was found, or that a person says."""
    if now.book is None:
        return None
    if now.parsed is not None:
        if len(now.parsed.table.parts) > 1:
            return None
        part = now.parsed.table.parts[0]
        return Head(part.sheet, part.header_row, now.book.grid(part.sheet))
    sheets: list[str | None] = [each for each in now.choices.sheets if each in now.book.sheets]
    sheets = sheets or list(now.book.candidates)
    if len(sheets) != 1:
        return None
    return Head(sheets[0], now.choices.header_row or 0, now.book.grid(sheets[0]))


def header_rows(head: Head | None) -> list[tuple[int, str]]:
    """The rows that could be the header, each with what stands there."""
    if head is None:
        return []
    rows = enumerate(head.grid.head(_ROWS_OFFERED), 1)
    texts = [(row, " · ".join(" ".join(text.split()) for text in cells if text.strip())) for row, cells in rows]
    return [(row, text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…") for row, text in texts if text]


def is_matrix(now: Read) -> bool:
    """Whether it is read as a matrix, or is to be."""
    return now.choices.meant == MATRIX_NAME if now.parsed is None else now.parsed.table.layout is Layout.MATRIX


def columns_of(now: Read, head: Head | None) -> list[Column]:
    """Which column is what, and what else it could be; empty where nothing is known of the header."""
    if head is None or not head.row:
        return []
    known = _in_matrix(now, head) if is_matrix(now) else _in_list(now)
    if known is None:
        return []
    kinds, means = known
    of_list = _kinds(MATRIX_OF) if is_matrix(now) else ()
    columns = head.grid.columns[:_COLUMNS_OFFERED]
    return [
        Column(at, head.texts[at] or f"column {letters(at)}", means.get(at, ""), kinds, of_list)
        for at, cells in enumerate(columns)
        if any(cells)
    ]


def roles_of(now: Read, sheet: str | None) -> Mapping[int, str]:
    """What the columns of a sheet are read as, by where they stand."""
    head = head_of(now)
    if head is None or head.sheet != sheet:
        return {}
    return {column.at: column.means for column in columns_of(now, head)}


def _in_list(now: Read) -> tuple[tuple[str, ...], Mapping[int, str]] | None:
    if now.parsed is not None:
        table = now.parsed.table
        places = table.parts[0].columns
        means = {places[name]: column_header(column) for name, column in table.used.items()}
        return _kinds(table.endpoint.name), {at: each for at, each in means.items() if at is not None}
    return None if now.choices.meant not in endpoints.names() else (_kinds(now.choices.meant), {})


def _kinds(endpoint: str) -> tuple[str, ...]:
    return tuple(map(column_header, endpoints.load(endpoint).columns()))


def _in_matrix(now: Read, head: Head) -> tuple[tuple[str, ...], Mapping[int, str]]:
    places = range(len(head.grid.columns))
    if now.parsed is None:
        told = now.choices
        means = {at: SKILL for at in places if head.names[at] in told.skill_columns}
        return (WHO, SKILL), means | {at: WHO for at in places if head.names[at] == told.people_column}
    table = now.parsed.table
    skills = {" ".join(name.split()) for taken in table.summaries for name in taken.skills}
    means = {at: SKILL for at in places if head.texts[at] in skills}
    return (WHO, SKILL), means | {at: WHO for at in table.parts[0].columns.values() if at is not None and at >= 0}


def mends_of(columns: list[Column], head: Head, said: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """The headers that a list has to have for its columns to be what a person says: they are written anew."""
    for column in columns:
        wanted = said.get(column.at, column.means)
        if wanted != column.means and wanted in ("", *(column.of_list or column.kinds)):
            yield column.at, wanted or f"{head.texts[column.at]} {NOT_USED}"


def is_said_to_be_list(columns: list[Column], said: Mapping[int, str]) -> bool:
    """Whether a person says that what was read as a matrix is a list: they say so of a column."""
    return any(said.get(column.at) in column.of_list for column in columns)


def choices_of(columns: list[Column], head: Head, said: Mapping[int, str], before: Choices) -> Choices:
    """The same for a matrix: its people's column and its skills, as the options name them.

    Raises: Usage when it is not one column that says who.
    """
    wanted = {column.at: said.get(column.at, column.means) for column in columns}
    if all(wanted[column.at] == column.means for column in columns):
        return before
    who, was = ([at for at, each in some.items() if each == WHO] for some in (wanted, _means(columns)))
    if who != was and len(who) != 1:
        raise about_plans.not_one_people_column(len(who))
    return replace(
        before,
        meant=MATRIX_NAME,
        people_column=before.people_column if who == was else head.names[who[0]],
        skill_columns=tuple(head.names[at] for at, each in wanted.items() if each == SKILL),
    )


def _means(columns: list[Column]) -> dict[int, str]:
    return {column.at: column.means for column in columns}


@dataclass(frozen=True, slots=True)
class Known:
    """A column of names: its header, how many different ones it has, and how many of them are known in the account."""

    header: str
    names: int
    known: int


def known_names(draft: ParsedTable, checked: CheckedTable) -> list[Known]:
    """How many names are known, for each column of names. A name is counted once, in however many cells it stands."""
    found: list[Known] = []
    for column, _ in draft.table.name_columns():
        texts = draft.names[column]
        unknown = {
            texts.at[ref]
            for ref, problems in checked.invalid.items()
            for problem in problems
            if problem.code in _UNKNOWN and problem.cell == draft.table.location(ref, column).cell
        }
        names = len(set(texts.unique()) - {""})
        if names:
            found.append(Known(_over_names(draft, column), names, names - len(unknown - {""})))
    return found


def _over_names(draft: ParsedTable, column: str) -> str:
    """The header of a column of names as the person wrote it; the skills of a matrix are themselves headers."""
    table = draft.table
    return "Skills" if table.parts[0].columns[column] == HEADING else table.header_over(draft.refs[0], column)
