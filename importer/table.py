"""A person's table as typed: its texts, their addresses, and what a text alone does not tell. Knows no field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Units = npt.NDArray[np.int64]

RESULT, TO_FIX, PLAN, SUMMARY = "Result", "To fix", "Plan", "Summary"
"""The sheets that are ours in a workbook that we wrote."""

IMPORT_COLUMNS = ("Import status", "Import ID", "Import error", "Import fix")
PLAN_COLUMNS = ("Planned change", "Held now", "Import error", "Import fix")
"""The columns that we add to the person's own."""
PLACE_COLUMN = "Import place"
"""Where a row stands in the person's own sheets, which come back with it."""

EXAMPLE = "e.g. "
"""Every cell of a template's example row begins so; such a row is never loaded."""

Place = tuple[int, int]
"""A row counted from 1 and a column counted from 0."""


@lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """The letters of a column counted from 0: 0 is A, 25 is Z, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


@lru_cache(maxsize=1024)
def column_of(text: str) -> int:
    """The column, counted from 0, that these letters name: A is 0, XFD is 16383."""
    column = 0
    for letter in text:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def address(row: int, column: int) -> str:
    """The cell in this row (counted from 1) and column (counted from 0): (7, 3) is D7."""
    return f"{letters(column)}{row}"


def parse_address(cell: str) -> Place:
    """The row and the column of an address: D7 is (7, 3)."""
    name = cell.rstrip("0123456789")
    return int(cell[len(name) :]), column_of(name)


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
    """Where a table came from. `sheet` is None for a text file; `account` names the account that a plan or a
    result workbook belongs to, and `endpoint` what it loads. `read_as` tells how its sheets were read, so that a
    result workbook can be read in the same way; it is empty for a workbook of nothing but our own sheets. `called` is
    what the person calls a file that lies at `path` only for a while, as a copy; it is empty where theirs lies there.
    """

    path: Path
    sha256: str
    sheet: str | None = None
    account: str | None = None
    endpoint: str | None = None
    read_as: Mapping[str, Any] = field(default_factory=dict)
    called: str = ""

    @property
    def name(self) -> str:
        """The file's name, as the person knows it."""
        return self.called or self.path.name

    @property
    def told(self) -> str:
        """Where the file is, for the person: its path as they gave it, or of a copy the name."""
        return self.called or str(self.path)

    @property
    def known_as(self) -> str:
        """What the file is known by from one run to the next: its whole path, or of a copy the name."""
        return self.called or str(self.path.absolute())


class Layout(StrEnum):
    """How a sheet says what it says: one record a row, or people down and skills across."""

    LIST = "list"
    MATRIX = "matrix"


_ROW_BITS, _COLUMN_BITS = 21, 15
"""Enough for Excel's 1,048,576 rows, counted from 1, and its 16,384 columns."""
_PART_BIT = _ROW_BITS + _COLUMN_BITS


def unit(row: int, column: int | None = None, part: int = 0) -> int:
    """The number of what comes to one outcome: a row of a list, or a cell of a matrix (its column from 0).

    A row of the first sheet is its own number; cells sort by row, then by column.
    """
    here = row if column is None else row << _COLUMN_BITS | column
    return part << _PART_BIT | here


def column_in(units: "Units") -> "Units":
    """The column, counted from 0, that a cell of a matrix stands in; for many cells at once, where `units` are an
    array.
    """
    return units & ((1 << _COLUMN_BITS) - 1)


CELL_HEADER, CATEGORY_HEADER, SKILL_HEADER, LEVEL_HEADER = "Cell", "Category", "Skill", "Level"
"""The headers of the list that a matrix becomes, besides those of its people."""

HEADING, CATEGORY, CELL = -1, -2, -3
"""Columns of a table made of a matrix: what stands over a cell, what stands over that, and the cell itself."""


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet of a table. `columns[p]` is where the table's column p stands in it (from 0), or one of `HEADING`,
    `CATEGORY` and `CELL`; None where the sheet has no such column. `headers[p]` is what stands over it there, where
    that is not the table's own header.
    """

    sheet: str | None
    header_row: int
    columns: tuple[int | None, ...]
    category_row: int | None = None
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetSummary:
    """What was taken of one sheet, and what was left out of it as a person would name it: `row 38 "Average"`.

    `people`, `skills` and `categories` are those of a matrix; `rows` are the rows of a list, the levels of a matrix.
    """

    sheet: str | None
    header_row: int
    rows: int
    left_out: tuple[str, ...] = ()
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
    """A row of a result workbook's sheet `To fix` that was mended, and is loaded in the place of a unit's own cells.

    `columns[p]` is where the table's column p stands in it; `own` is what the unit's own cells hold.
    """

    sheet: str
    row: int
    columns: tuple[int | None, ...]
    own: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The table that a person's sheets hold, as typed; a matrix as the list of its filled cells.

    Shapes: `frame` has one row for each unit: each row of a list below the header that is not blank, or each filled
    cell of a matrix. It is indexed by the units' numbers, and has one column for each column of the table, named by
    its position from 0; every cell is text and a blank is the empty text. `headers[p]` is the header of column p as
    typed. `oddities` are by unit and position. `numbers` are the columns whose filled cells are all numbers in the
    file, not texts. `taken` tells what was taken of each sheet. `mends` are by unit. `is_rest` tells that units are
    left out, which an earlier run settled.
    """

    source: Source
    parts: tuple[Part, ...]
    headers: tuple[str, ...]
    frame: "pd.DataFrame"
    oddities: Mapping[Place, Oddity]
    numbers: frozenset[int]
    notes: tuple[str, ...]
    layout: Layout = Layout.LIST
    taken: tuple[SheetSummary, ...] = ()
    mends: Mapping[int, Correction] = field(default_factory=dict)
    is_rest: bool = False

    @property
    def header_row(self) -> int:
        """The header's row in the first sheet."""
        return self.parts[0].header_row

    @property
    def units(self) -> str:
        """What the table's units are called: rows, or the cells of a matrix."""
        return "cells" if self.layout is Layout.MATRIX else "rows"

    def rows_by_part(self) -> list[int]:
        """How many units each sheet has."""
        parts = self.frame.index // (1 << _PART_BIT)
        return [int((parts == number).sum()) for number in range(len(self.parts))]

    @property
    def headings(self) -> int:
        """The column of a matrix's table that holds what stands over each cell."""
        return self.parts[0].columns.index(HEADING)

    def _split(self, of: int) -> tuple[int, int | None, Part]:
        """The row, the column (None for a whole row) and the sheet of a unit."""
        part, here = self.parts[of >> _PART_BIT], of & ((1 << _PART_BIT) - 1)
        if self.layout is Layout.LIST:
            return here, None, part
        return here >> _COLUMN_BITS, here & ((1 << _COLUMN_BITS) - 1), part

    def cell_of(self, of: int) -> tuple[int, int, int]:
        """The sheet (counted from 0), the row and the column of a unit of a matrix: what `unit` was made of."""
        row, column, _ = self._split(of)
        return of >> _PART_BIT, row, column or 0

    def row_of(self, of: int) -> tuple[Part, int]:
        """The sheet and the row of a unit."""
        row, _, part = self._split(of)
        return part, row

    def own_place(self, of: int) -> tuple[str, Place]:
        """The sheet and the place of a unit's own cell; of a row, its first one."""
        row, column, part = self._split(of)
        return part.sheet or "", (row, column or 0)

    def after(self, count: int) -> list[int]:
        """So many units behind the last one of the table: for what stands nowhere in it."""
        last = max(self.frame.index, default=unit(self.header_row, part=len(self.parts) - 1))
        if self.layout is Layout.LIST:
            return list(range(last + 1, last + 1 + count))
        part, row, _ = self.cell_of(last)
        return [unit(row + number, 0, part) for number in range(1, count + 1)]

    def text(self, of: int, position: int) -> str:
        """What stands in this column for a unit, as typed."""
        return str(self.frame.at[of, position])

    def header(self, position: int) -> str:
        """The column's header as typed, or its letters where the header is blank."""
        return self.headers[position].strip() or f"column {letters(position)}"

    def header_over(self, of: int, position: int) -> str:
        """The header over what this column tells of a unit: in a matrix, a level stands under its skill."""
        part = self._split(of)[2]
        if part.columns[position] in (HEADING, CELL):
            return self.text(of, self.headings).strip() or self.header(position)
        there = part.headers[position].strip() if part.headers else ""
        return there or self.header(position)

    def spot(self, of: int, position: int | None = None) -> Location:
        """Where a unit stands in the file; with a position, where this column of it stands."""
        mend = self.mends.get(of)
        if mend is not None and position is not None:
            return Location(mend.sheet, mend.row, mend.columns[position])
        return self.own_spot(of, position)

    def own_spot(self, of: int, position: int | None = None) -> Location:
        """As `spot`, and where a unit was mended in `To fix`, its own cells all the same."""
        row, column, part = self._split(of)
        where = None if position is None else part.columns[position]
        if column is not None and (position is None or where == CELL):
            return Location(part.sheet, row, column)
        if where == HEADING:
            return Location(part.sheet, part.header_row, column)
        if where == CATEGORY:
            return Location(part.sheet, part.category_row or part.header_row, column)
        return Location(part.sheet, row, where)

    def called(self, units: Sequence[int]) -> str:
        """Units as a person would name them: `row 7`, `rows 7, 9`, or `D7`, with the sheet where there are several."""
        spots = [self.spot(each) for each in units]
        names = [spot.cell or str(spot.row) for spot in spots]
        if len(self.parts) > 1:
            names = [f'{name} of sheet "{spot.sheet}"' for name, spot in zip(names, spots, strict=True)]
        word = "" if self.layout is Layout.MATRIX else "row " if len(units) == 1 else "rows "
        return word + ", ".join(names)
