"""How much of a file is read at a time, and why so much. Knows cells and bytes, and no format."""

from typing import IO

from importer.coordinates import address
from importer.messages import about_sizes

_EXCEL_ROWS = 1_048_576

CELLS = 20 * _EXCEL_ROWS
"""Cells, blank ones included, of the rectangle that a sheet fills: twenty columns down to Excel's last row. A sheet of
Excel's last row with eight columns, and our result of it, are well within. A cell takes some 60 bytes while it is read,
so that a file at the limit needs about 1.5 GB, and one beyond it is refused before its cells are in memory.
"""
ROWS = 5 * _EXCEL_ROWS
"""Rows: a text file may be longer than a sheet, but a row without cells still takes some 60 bytes."""
TEXT_BYTES = 1 << 29
"""Bytes of the texts of all cells: a long text that is kept once in the file is one for each cell in memory."""
ROW_BYTES = 32 << 20
"""Bytes of one row as a file keeps it; what parses it holds it as a whole. Excel's 16,384 cells at 2,000 bytes each."""

FILE_BYTES = 1 << 29
"""Bytes of a file, which is held as a whole: a text of five million lines of 100 signs."""
MARKS = 8 * _EXCEL_ROWS
"""Cells of which more is kept than their text: formulas, errors, formats that change what one sees. Each of these costs
three times as much as a text."""


def bound_sheet(sheet: str, last_row: int, last_column: int) -> None:
    """Bound a sheet whose filled cells reach to this row (from 1) and column (from 0).

    Raises: Unreadable.
    """
    if last_row * (last_column + 1) > CELLS or last_row > ROWS:
        raise about_sizes.sheet_too_large(sheet, address(last_row, last_column), CELLS)


def bound_count(sheet: str, *, cells: int = 0, rows: int = 0, text_bytes: int = 0, marks: int = 0) -> None:
    """Bound what a sheet holds, wherever it says that it stands: the same address may come again and again.

    Raises: Unreadable.
    """
    if cells > CELLS:
        raise about_sizes.too_many_cells(sheet, CELLS)
    if rows > ROWS:
        raise about_sizes.too_many_sheet_rows(sheet, ROWS)
    if text_bytes > TEXT_BYTES:
        raise about_sizes.too_much_text(sheet, TEXT_BYTES >> 20)
    if marks > MARKS:
        raise about_sizes.too_many_marks(sheet, MARKS)


def bound_list(name: str, rows: int, columns: int) -> None:
    """Bound a file of one list.

    Raises: Unreadable.
    """
    if rows * columns > CELLS or rows > ROWS:
        raise about_sizes.list_too_large(name, rows, columns, CELLS, ROWS)


class RowByRow:
    """A stream of XML for a parser that takes its rows one by one: none may be longer than `ROW_BYTES`."""

    def __init__(self, stream: IO[bytes], row: bytes) -> None:
        self._stream, self._row = stream, row
        self._since = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes.

        Raises: Unreadable.
        """
        data = self._stream.read(size)
        self._since = 0 if self._row in data else self._since + len(data)
        if self._since > ROW_BYTES:
            raise about_sizes.too_large_row(ROW_BYTES >> 20)
        return data
