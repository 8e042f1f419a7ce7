"""A person's table as typed: its texts, their addresses, and what a text alone does not tell. Knows no field."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

RESULT, TO_FIX, PLAN, SUMMARY = "Result", "To fix", "Plan", "Summary"
"""The sheets that are ours in a workbook that we wrote."""

IMPORT_COLUMNS = ("Import status", "Import ID", "Import error", "Import fix")
PLAN_COLUMNS = ("Planned change", "Held now", "Import error", "Import fix")
"""The columns that we add to the person's own."""

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
class Source:
    """Where a sheet came from. `sheet` is None for a text file; `account` names the account that a plan or a
    result workbook belongs to, and `endpoint` what it loads.
    """

    path: Path
    sha256: str
    sheet: str | None = None
    account: str | None = None
    endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The table that a person's sheet holds, as typed.

    Shapes: `frame` has one row for each row of the sheet below the header that is not blank, indexed by the
    row number that Excel shows, and one column for each column of the sheet, named by its position from 0;
    every cell is text and a blank is the empty text. `headers[c]` is the header of column c as typed.
    `numbers` are the columns whose filled cells are all numbers in the file, not texts.
    """

    source: Source
    header_row: int
    headers: tuple[str, ...]
    frame: "pd.DataFrame"
    oddities: Mapping[Place, Oddity]
    numbers: frozenset[int]
    notes: tuple[str, ...]

    def text(self, row: int, column: int) -> str:
        """The cell in this row of the sheet and this column, as typed."""
        return str(self.frame.at[row, column])

    def header(self, column: int) -> str:
        """The column's header as typed, or its letters where the header is blank."""
        return self.headers[column].strip() or f"column {letters(column)}"
