"""Drawing a workbook as a person would have made it, always the same to the byte. Knows cells, and no habit."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

MADE = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
"""When every workbook says that it was made."""

Look = dict[str, Any]
"""How a cell looks, in the words of XlsxWriter."""

THIN: Look = {"border": 1, "border_color": "#BFBFBF"}


class Book:
    """A workbook that is being drawn."""

    def __init__(self, path: Path, *, memory: bool = True) -> None:
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": not memory, "strings_to_urls": False})
        self._book.set_properties({"author": "People Operations", "created": MADE})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def sheet(self, name: str, *, colour: str | None = None) -> "Sheet":
        """A new sheet at the end."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if colour:
            sheet.set_tab_color(colour)
        return Sheet(sheet, self)

    def hide_last(self) -> None:
        """Hide the last sheet."""
        self._book.worksheets()[-1].hide()

    def look(self, **given: Any) -> Any:
        """The format of this look, made once."""
        key = tuple(sorted(given.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"font_name": "Calibri", "font_size": 11, **given})
        return self._formats[key]

    def close(self) -> None:
        """Write the file."""
        self._book.close()


class Sheet:
    """A sheet that is being drawn; cells are named as Excel names them."""

    def __init__(self, sheet: Any, book: Book) -> None:
        self.raw = sheet
        self._book = book

    def put(self, cell: str, value: Any, **look: Any) -> None:
        """One cell. A pair is a formula and what Excel last calculated for it; None only gives it a look."""
        row, column = xl_cell_to_rowcol(cell)
        style = self._book.look(**look)
        if isinstance(value, tuple):
            self.raw.write_formula(row, column, value[0], style, value[1])
        elif isinstance(value, dt.date):
            self.raw.write_datetime(row, column, value, self._book.look(num_format="d mmm", **look))
        elif value is None:
            self.raw.write_blank(row, column, None, style)
        else:
            self.raw.write(row, column, value, style)

    def line(self, row: int, values: Sequence[Any], column: int = 0, **look: Any) -> None:
        """Cells side by side, from this column (from 0) of this row (from 1)."""
        for at, value in enumerate(values, column):
            self.put(cell(row, at), value, **look)

    def merge(self, cells: str, value: Any, **look: Any) -> None:
        """Cells made one."""
        self.raw.merge_range(cells, value, self._book.look(**look))

    def widths(self, **widths: float) -> None:
        """How wide columns are: `widths(A=30, B_Z=5)`."""
        for columns, width in widths.items():
            first, _, last = columns.partition("_")
            self.raw.set_column(f"{first}:{last or first}", width)

    def shade(self, cells: str) -> None:
        """Levels in three colours, as people like to see them."""
        colours = {"min_color": "#F8CBAD", "mid_color": "#FFF2CC", "max_color": "#A9D08E"}
        self.raw.conditional_format(cells, {"type": "3_color_scale", **colours})


def cell(row: int, column: int) -> str:
    """The name of the cell in this row (from 1) and column (from 0)."""
    return str(xl_rowcol_to_cell(row - 1, column))


def average(values: Sequence[int]) -> float:
    """An average as Excel calculates it."""
    return sum(values) / len(values) if values else 0.0
