"""A person's sheet as they see it, and the table of records that it holds. Knows fields; knows no rule."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from importer.coordinates import Place, address, letters
from importer.endpoints.declare import Directory, Endpoint, Field, Kind, NameColumn
from importer.endpoints.header import Column, column_field, column_header
from importer.model import CellRef
from importer.set_aside import SetAside
from importer.text import fold_header

if TYPE_CHECKING:
    import pandas as pd

    from importer.base import Base

RESULT, TO_FIX, PLAN, SUMMARY = "Result", "To fix", "Plan", "Summary"
"""The sheets that are ours in a workbook that we wrote."""

IMPORT_ERROR, IMPORT_FIX = "Import error", "Import fix"
IMPORT_COLUMNS = ("Import status", "Import ID", IMPORT_ERROR, IMPORT_FIX)
APPROVE = "Approve"
PLAN_COLUMNS = ("Planned change", "Held now", APPROVE, IMPORT_ERROR, IMPORT_FIX)
"""The columns that we add to the person's own."""
PLACE_COLUMN = "Import place"
"""Where a row stands in the person's own sheets, which come back with it."""

_CREATED = frozenset(map(fold_header, ("created_at", "created_at (UTC)")))
_EXPORTED = _CREATED | frozenset(
    map(
        fold_header,
        (
            *("id", "updated_at", "updated_at (UTC)", "created_by", "created_by_id"),
            *("max_level", "primary", "member_name", "organization", "parent", "parent_id"),
        ),
    )
)
"""What stands in the lists that we export besides fields, folded: it is for reading, and is not loaded."""
EXAMPLE = "e.g. "
"""Every cell of a template's example row begins so; such a row is never loaded."""


class Oddity(StrEnum):
    """What a cell's text alone does not tell."""

    ERROR = "error"
    """The text is Excel's error word, such as #N/A."""
    NO_VALUE = "no value"
    """A formula that was never calculated; the text is empty."""
    DATE = "date"
    """Excel holds a date or a time here; the text is its ISO form."""
    SHORTENED = "shortened"
    """A number of more than 15 digits, the rest of which Excel made zeros."""
    HIDDEN = "hidden"
    """The cell's format shows nothing of its value."""
    SYMBOL = "symbol"
    """The cell is in a font of signs, such as Wingdings, and shows another sign than its text."""
    QUOTATION = "quotation"
    """A line of a text file in which a quotation mark is wrong, so that its cells are not to be trusted."""
    SURPLUS = "surplus"
    """A line of a text file with more cells than the others, so that its cells may be shifted."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells merged into one: its first row and column, and its last."""

    row: int
    column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as columns of text, each as long as the sheet is high.

    `columns[c][r]` is the cell in column c (from 0) and row r + 1. A blank cell is the empty text.
    `last_text[c]` is the row of the last cell in column c that is no number in the file: below it, all are.
    `formulas` are cells that are calculated, where the file tells; among them `sums_across` and `sums_down` sum up,
    average or count others beside each other, or below each other.
    """

    columns: tuple[list[str], ...]
    oddities: Mapping[Place, Oddity] = field(default_factory=dict)
    last_text: tuple[int, ...] = ()
    merges: tuple["Merge", ...] = ()
    formulas: frozenset[Place] = frozenset()
    sums_across: frozenset[Place] = frozenset()
    sums_down: frozenset[Place] = frozenset()
    notes: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        """The number of rows, blank ones in between included."""
        return len(self.columns[0]) if self.columns else 0

    def head(self, rows: int) -> list[tuple[str, ...]]:
        """The first rows as tuples of text."""
        return list(zip(*(column[:rows] for column in self.columns), strict=True))


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table came from. `sheet` is None for a text file. A plan or result workbook names its `account` and
    `endpoint`. `read_as` says how its sheets were read, so that a result workbook can be read in the same way; it is
    empty for a workbook that has only our own sheets. `copy_name` is the person's name for a file of which `path` is a
    temporary copy; it is empty where `path` is the person's own file. `bases` are what an account held when we wrote
    the workbook, of one endpoint each; `has_damaged_base` tells that another one cannot be read any more.
    """

    path: Path
    sha256: str
    sheet: str | None = None
    account: str | None = None
    endpoint: str | None = None
    read_as: Mapping[str, Any] = field(default_factory=dict)
    copy_name: str = ""
    bases: "tuple[Base, ...]" = ()
    has_damaged_base: bool = False

    @property
    def name(self) -> str:
        """The file's name, as the person knows it."""
        return self.copy_name or self.path.name

    @property
    def place(self) -> str:
        """The file's name with its sheet, for the front of a sentence."""
        return self.name if self.sheet is None else f'{self.name}, sheet "{self.sheet}"'

    @property
    def display_path(self) -> str:
        """The path as the person typed it; for a copy, its name."""
        return self.copy_name or str(self.path)

    @property
    def identity(self) -> str:
        """What identifies the file from one run to the next: its absolute path; for a copy, its name."""
        return self.copy_name or str(self.path.absolute())


class Arrangement(StrEnum):
    """Where the records of a table stand in its sheet, whatever layout told so."""

    ROWS = "rows"
    """One in each row."""
    CELLS = "cells"
    """One in each filled cell: people down, skills or groups across."""
    TURNED_CELLS = "turned cells"
    """One in each filled cell: skills or groups down, people across."""
    PARTS = "parts of rows"
    """Several in a row, or in one of its cells."""


CELL_HEADER, CATEGORY_HEADER, SKILL_HEADER, LEVEL_HEADER = "Cell", "Category", "Skill", "Level"
"""The headers of the list that a matrix becomes, besides those of its people."""

HEADING, CATEGORY, CELL = -1, -2, -3
"""Columns of a table made of a matrix: what stands over a cell, what stands over that, and the cell itself."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a table: what the frame calls it, its header as typed, and the field that it tells, if any."""

    name: str
    header: str
    meaning: Column | None = None
    is_headed: bool = True
    """Whether the header alone says what the column tells; else a person or its cells do."""

    @property
    def heading(self) -> str:
        """What stands over it in a result, so that it is read again alike: the header, or the field's name."""
        return self.header if self.is_headed or self.meaning is None else column_header(self.meaning)


def table_columns(headers: Sequence[str], meanings: Mapping[int, Column]) -> tuple[TableColumn, ...]:
    """The columns under these headers, each with a name of its own: of the field that it tells, else its header.

    `meanings` gives the fields by position.
    """
    taken = {column_header(column) for column in meanings.values()}
    columns = []
    for position, header in enumerate(headers):
        meaning = meanings.get(position)
        if meaning is not None:
            name = column_header(meaning)
        else:
            name = header.strip() or f"column {letters(position)}"
            name = f"{name} ({letters(position)})" if name in taken else name
            taken.add(name)
        columns.append(TableColumn(name, header, meaning))
    return tuple(columns)


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet of a table. `columns` gives where each of the table's columns stands in it (from 0), or one of
    `HEADING`, `CATEGORY` and `CELL`; None where the sheet has no such column. `headers` gives what stands over it
    there, where that is not the table's own header.
    """

    sheet: str | None
    header_row: int
    columns: Mapping[str, int | None]
    category_row: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetSummary:
    """What was taken of one sheet, and what was set aside.

    `people`, `skills` and `categories` are those of a matrix; `rows` are the rows of a list, the levels of a matrix.
    `header_cells` and `record_cells` count the filled cells of its header and of its records: with those that are set
    aside they are all that the sheet has.
    """

    sheet: str | None
    header_row: int
    rows: int
    set_aside: tuple[SetAside, ...] = ()
    header_cells: int = 0
    record_cells: int = 0
    people: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file: the sheet, the row (from 1) and the column (from 0), where there are such."""

    sheet: str | None
    row: int
    column: int | None

    @property
    def cell(self) -> str | None:
        """Its address, where it is one cell."""
        return None if self.column is None else address(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Correction:
    """A row of a result workbook's sheet `To fix` that was corrected, and counts in the place of a record's own cells.

    `columns` gives where each of the table's columns stands in it; `own` what the record's own cells hold.
    """

    sheet: str
    row: int
    columns: Mapping[str, int | None]
    own: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """The table that a person's sheets hold, as typed; a matrix as the list of its filled cells.

    Shapes: `frame` has one row a record: each row of a list below the header that is not blank, or each filled cell of
    a matrix. Its index holds the records' `CellRef`s, its columns are those of `columns`, in their order and by their
    names; every cell is text, kept once for each distinct one (a categorical), and a blank is the empty text.
    `arrangement` tells where they stood in the sheet, and `layout` names how it was read.
    `oddities` are by reference and column. `number_columns` are those whose filled cells are all numbers in the file,
    not texts. `summaries` tell what was taken of each sheet. `corrections` are by reference. `is_rest` tells that
    records are left out, which an earlier run settled. `outline` is of a matrix that has rows or columns without a
    filled cell: as `frame`, with one blank cell of each, which tell whose row and what column it is.
    """

    source: Source
    endpoint: Endpoint
    parts: tuple[Part, ...]
    columns: tuple[TableColumn, ...]
    frame: "pd.DataFrame"
    oddities: Mapping[tuple[CellRef, str], Oddity]
    number_columns: frozenset[str]
    notes: tuple[str, ...]
    layout: str = "list"
    arrangement: Arrangement = Arrangement.ROWS
    summaries: tuple[SheetSummary, ...] = ()
    corrections: Mapping[CellRef, Correction] = field(default_factory=dict)
    is_rest: bool = False
    outline: "pd.DataFrame | None" = None
    reasons: tuple[str, ...] = ()
    """Why its sheets were read as they were, as sentences."""
    last_ref: CellRef | None = None
    """The last reference of the list of which it is a part, if it is one."""

    # ---- its columns

    @property
    def names(self) -> list[str]:
        """The names of its columns, in their order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> TableColumn:
        """The column of this name."""
        return next(column for column in self.columns if column.name == name)

    @cached_property
    def used(self) -> dict[str, Column]:
        """The columns that tell a field, by name."""
        return {column.name: column.meaning for column in self.columns if column.meaning is not None}

    @property
    def set_aside(self) -> tuple[SetAside, ...]:
        """What of its sheets is not loaded."""
        return tuple(each for summary in self.summaries for each in summary.set_aside)

    @property
    def ignored(self) -> list[TableColumn]:
        """The columns with a header of the person's own that tell nothing we know."""
        ours = {CELL_HEADER, *IMPORT_COLUMNS, *PLAN_COLUMNS, PLACE_COLUMN}
        theirs = (column for column in self.columns if column.meaning is None and column.header.strip())
        return [column for column in theirs if fold_header(column.header) not in {fold_header(text) for text in ours}]

    @property
    def is_as_exported(self) -> bool:
        """Whether it has the columns with which we export a list: the id of each record, and when it was made."""
        there = {fold_header(column.header) for column in self.ignored}
        return fold_header(self.endpoint.id_header) in there and not there.isdisjoint(_CREATED)

    @property
    def of_our_export(self) -> frozenset[str]:
        """The headers of the columns that stand in a list because we export them, and that say nothing to be loaded."""
        if not self.is_as_exported:
            return frozenset()
        known = {*_EXPORTED, fold_header(self.endpoint.id_header)}
        return frozenset(column.header for column in self.ignored if fold_header(column.header) in known)

    def telling(self, field: str) -> Iterator[tuple[str, Column]]:
        """The columns that tell this field: the one with its value or id, then those with names for it."""
        return ((name, column) for name, column in self.used.items() if column_field(column) == field)

    def first_telling(self, *fields: str) -> str | None:
        """The name of the first column that tells one of these fields, in their order; None where none does."""
        return next((name for field in fields for name, _ in self.telling(field)), None)

    def name_columns(self) -> Iterator[tuple[str, NameColumn]]:
        """The columns in which people, skills, groups and places are named."""
        return ((name, column) for name, column in self.used.items() if isinstance(column, NameColumn))

    def of_kind(self, kind: Kind) -> str | None:
        """The name of the column whose field is of this kind; None where there is none."""
        used = self.used.items()
        return next((name for name, column in used if isinstance(column, Field) and column.kind is kind), None)

    @property
    def headings(self) -> str:
        """The column of a matrix's table that holds what stands over each cell."""
        return next(name for name, where in self.parts[0].columns.items() if where == HEADING)

    def header(self, name: str) -> str:
        """The column's header as typed, or its letters where the header is blank."""
        header = self.column(name).header.strip()
        return header or f"column {letters(self.names.index(name))}"

    def header_over(self, ref: CellRef, name: str) -> str:
        """The header over what this column tells of a record: in a matrix, a level stands under its skill."""
        part = self.parts[ref.sheet]
        if part.columns.get(name) in (HEADING, CELL):
            return self.text(ref, self.headings).strip() or self.header(name)
        return part.headers.get(name, "").strip() or self.header(name)

    # ---- its records

    @property
    def refs(self) -> list[CellRef]:
        """The references of its records, in their order."""
        return list(map(CellRef, self.frame.index.to_list()))

    @property
    def header_row(self) -> int:
        """The header's row in the first sheet."""
        return self.parts[0].header_row

    @property
    def is_matrix(self) -> bool:
        """Whether its records are the cells of a matrix, and not the rows of a list."""
        return self.arrangement in (Arrangement.CELLS, Arrangement.TURNED_CELLS)

    @property
    def units(self) -> str:
        """What its records stand in: rows, or cells where a row has several."""
        return "rows" if self.arrangement is Arrangement.ROWS else "cells"

    def rows_by_part(self) -> list[int]:
        """How many records each sheet has."""
        if len(self.parts) == 1:
            return [len(self.frame)]
        sheets = Counter(ref.sheet for ref in self.refs)
        return [sheets[number] for number in range(len(self.parts))]

    def texts(self, name: str) -> list[str]:
        """What stands in this column, record by record, as typed."""
        return self.frame[name].to_list()

    def text(self, ref: CellRef, name: str) -> str:
        """What stands in this column for a record, as typed."""
        return str(self._arrays[name][self.frame.index.get_loc(ref)])

    @cached_property
    def _arrays(self) -> dict[str, Any]:
        """The columns; asking a frame for one takes twenty times as long as reading a cell of it."""
        return {name: self.frame[name].array for name in self.frame.columns}

    def whole_text(self, ref: CellRef, name: str) -> str:
        """The same, a person's name with the last name that stands in a column of its own."""
        text, meaning, last_name = self.text(ref, name), self.column(name).meaning, self.of_kind(Kind.LAST_NAME)
        if last_name is None or not isinstance(meaning, NameColumn) or meaning.directory is not Directory.PEOPLE:
            return text
        return f"{text} {self.text(ref, last_name)}".strip()

    def refs_after(self, count: int) -> list[CellRef]:
        """So many references behind the last one of the table: for what stands nowhere in it."""
        end = max(self.frame.index, default=CellRef.at(self.header_row, sheet=len(self.parts) - 1))
        last = CellRef(self.last_ref or end)
        column = 0 if self.is_matrix else None
        return [CellRef.at(last.row + number, column, last.sheet) for number in range(1, count + 1)]

    def own_place(self, ref: CellRef) -> tuple[str, Place]:
        """The sheet and the place of a record's own cell; of a row, its first one."""
        return self.parts[ref.sheet].sheet or "", (ref.row, ref.column or 0)

    def location(self, ref: CellRef, name: str | None = None) -> Location:
        """Where a record stands in the file; with a column's name, where that column of it stands."""
        correction = self.corrections.get(ref)
        if correction is not None and name is not None:
            return Location(correction.sheet, correction.row, correction.columns.get(name))
        return self.own_location(ref, name)

    def own_location(self, ref: CellRef, name: str | None = None) -> Location:
        """As `location`, and where a record was corrected in `To fix`, its own cells all the same."""
        part = self.parts[ref.sheet]
        where = None if name is None else part.columns.get(name)
        if ref.column is not None and (name is None or where == CELL):
            return Location(part.sheet, ref.row, ref.column)
        if where == HEADING:
            return Location(part.sheet, part.header_row, ref.column)
        if where == CATEGORY:
            return Location(part.sheet, part.category_row or part.header_row, ref.column)
        return Location(part.sheet, ref.row, where)

    def describe(self, refs: Sequence[CellRef]) -> str:
        """Records as a person would name them: `row 7`, `rows 7, 9`, `D7`, with the sheet where there are several."""
        locations = [self.location(ref) for ref in refs]
        names = [location.cell or str(location.row) for location in locations]
        if len(self.parts) > 1:
            names = [f'{name} of sheet "{at.sheet}"' for name, at in zip(names, locations, strict=True)]
        word = "" if self.is_matrix else "row " if len(refs) == 1 else "rows "
        return word + ", ".join(names)
