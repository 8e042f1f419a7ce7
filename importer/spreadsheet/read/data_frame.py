"""A DataFrame as a sheet: its columns' names in row 1, and each value as the text of a cell. Knows no field."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from importer.messages import about_files
from importer.spreadsheet.read.book import Book, digest_cells
from importer.spreadsheet.read.column_text import Column
from importer.table import Oddity, Sheet

if TYPE_CHECKING:
    from importer.coordinates import Place

FIRST_ROW = 2
"""The row of the first record, as the sheet counts rows: the header is row 1."""
_EXACT = 10.0**15
"""From here on, a float may have lost the last digits of a whole number."""


def open_frame(frame: pd.DataFrame, name: str = "") -> Book:
    """The DataFrame as a file of one sheet. Its index is no column; without a `name` it is named by its content.

    Ids are text exactly, as integers of any kind and in any column; a float that is a whole number is written as one.
    None, NaN, NaT and NA are blank cells; booleans are TRUE and FALSE and dates ISO text, as from Excel.
    Raises: Usage for columns of several levels.
    """
    sheet = _sheet(frame)
    name = name or f"DataFrame {digest_cells(sheet)[:8]}"
    return Book(Path(name), called=name, sheet=sheet)


def _sheet(frame: pd.DataFrame) -> Sheet:
    if frame.columns.nlevels > 1:
        raise about_files.column_levels()
    columns: list[Column] = []
    oddities: dict[Place, Oddity] = {}
    for at, name in enumerate(frame.columns):
        values = [_plain(value) for value in frame.iloc[:, at].to_list()]
        column = Column()
        column.take([str(name), *values])
        columns.append(column)
        oddities |= {(row, at): Oddity.DATE for row in column.dates}
        if column.has_long_number:
            oddities |= {(row, at): Oddity.SHORTENED for row in _shortened(values)}
    last_text = tuple(column.last_text for column in columns)
    return Sheet(tuple(column.texts for column in columns), oddities, last_text)


def _shortened(values: Sequence[Any]) -> list[int]:
    """The rows of floats that are too large to have kept all digits of an id."""
    return [row for row, value in enumerate(values, FIRST_ROW) if type(value) is float and abs(value) >= _EXACT]


def _plain(value: Any) -> Any:
    """The value as an engine for workbooks would give it: text, a number, a truth value, a date; the empty text."""
    if type(value) in (str, int):
        return value
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):  # noqa: PLR0124  (NaN)
        return ""
    if type(value).__name__ in ("bool", "bool_"):  # numpy's own is no bool
        return bool(value)
    if isinstance(value, Integral | Real):
        return int(value) if isinstance(value, Integral) else float(value)
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else ""
    return value if isinstance(value, dt.date | dt.time | dt.timedelta) else str(value)
