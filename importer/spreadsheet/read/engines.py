"""Workbooks to grids, by calamine, with openpyxl as the second engine. Knows cells, and no field."""

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import islice
from typing import Any

import python_calamine as calamine

from importer.messages import about_files
from importer.spreadsheet.read.column_text import Column
from importer.spreadsheet.read.xlsx_metadata import Look, exact_numbers, look
from importer.table import Merge, Oddity, Place, Sheet, letters, runs

_ROWS_AT_ONCE = 4096

_KEPT_DIGITS = 15
"""Excel keeps so many digits of a number, and writes zeros for the others."""
_UNSEEN = (
    "Hidden rows and errors of Excel are not seen in this format: an error is read as a blank. "
    "Save the file as .xlsx to have them named."
)


class Workbook:
    """An open workbook: the names of its sheets, and each as a grid of text.

    Raises: Unreadable when neither engine can open it.
    """

    def __init__(self, name: str, data: bytes, *, is_xlsx: bool) -> None:
        self._name = name
        self._data = data
        self._is_xlsx = is_xlsx
        self._book: calamine.CalamineWorkbook | None = None
        try:
            self._book = _guarded(lambda: calamine.CalamineWorkbook.from_filelike(BytesIO(data)))
            sheets = self._book.sheets_metadata
            self.sheets = tuple(s.name for s in sheets if s.typ == calamine.SheetTypeEnum.WorkSheet)
            self.hidden = frozenset(s.name for s in sheets if s.visible != calamine.SheetVisibleEnum.Visible)
        except _CalamineFault:
            self.sheets, self.hidden = self._by_openpyxl(lambda book: (tuple(book.sheetnames), frozenset[str]()))
        if not self.sheets:
            raise about_files.no_readable_sheet(name)

    def grid(self, sheet: str) -> Sheet:
        """The sheet as text, with what its text alone does not tell.

        Raises: Unreadable.
        """
        seen = look(self._data, sheet) if self._is_xlsx else Look()
        if self._book is not None:
            book = self._book
            try:
                opened = _guarded(lambda: book.get_sheet_by_name(sheet))
            except _CalamineFault:
                pass
            else:
                grid = self._as_text(sheet, _calamine_rows(opened), seen)
                return replace(grid, merges=_merges(opened))
        return self._as_text(sheet, self._by_openpyxl(lambda book: _openpyxl_rows(book, sheet)), seen)

    def _as_text(self, sheet: str, rows: Iterable[Sequence[Any]], seen: Look) -> Sheet:
        columns = _columns(rows)
        texts = [column.texts for column in columns]
        oddities = {(row, at): Oddity.DATE for at, column in enumerate(columns) for row in column.dates}
        if self._is_xlsx and any(column.has_long_number for column in columns):
            for (row, at), digits in exact_numbers(self._data, sheet).items():
                texts[at][row - 1] = digits
                if not digits.lstrip("-").isdecimal() or not digits.lstrip("-")[_KEPT_DIGITS:].strip("0"):
                    oddities[row, at] = Oddity.SHORTENED
        _mark_oddities(texts, oddities, seen)
        return Sheet(
            tuple(texts),
            oddities,
            tuple(column.last_text for column in columns),
            notes=_notes(seen) if self._is_xlsx else (_UNSEEN,),
            formulas=frozenset(seen.formulas),
            sums_across=frozenset(seen.sums_across),
            sums_down=frozenset(seen.sums_down),
        )

    def _by_openpyxl(self, read: Callable[[Any], Any]) -> Any:
        """What `read` takes from the workbook opened with the second engine."""
        if not self._is_xlsx:
            raise about_files.damaged_workbook(self._name)
        import openpyxl  # noqa: PLC0415  (0.2 s, for the few files that need it)

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl warns of parts that it leaves out; none is a cell
                return read(openpyxl.load_workbook(BytesIO(self._data), read_only=True, data_only=True))
        except Exception:  # noqa: BLE001  (openpyxl raises whatever its parser met; the file is damaged all the same)
            raise about_files.damaged_workbook(self._name) from None


class _CalamineFault(Exception):  # noqa: N818
    """calamine could not read this; openpyxl may."""


def _guarded(read: Callable[[], Any]) -> Any:
    """What `read` gives; whatever calamine raises for a damaged file becomes one exception.

    calamine's panics are BaseExceptions of a class that cannot be imported, so that `except Exception` misses them.
    """
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001  (see above)
        raise _CalamineFault(str(error)) from None


def _calamine_rows(sheet: calamine.CalamineSheet) -> Iterator[list[Any]]:
    """The rows from the first of the sheet, each from column A: the engine begins at the first filled column."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    return (left + row for row in sheet.iter_rows()) if left else iter(sheet.iter_rows())


def _merges(sheet: calamine.CalamineSheet) -> tuple[Merge, ...]:
    """The merged cells of a sheet, where the engine tells them."""
    try:
        ranges = _guarded(lambda: sheet.merged_cell_ranges) or ()
    except _CalamineFault:
        return ()
    return tuple(Merge(first[0] + 1, first[1], last[0] + 1, last[1]) for first, last in ranges)


def _columns(rows: Iterable[Sequence[Any]]) -> list[Column]:
    """The rows as columns; some thousand rows are held as the engine gives them, and no more."""
    every = iter(rows)
    columns: list[Column] = []
    while some := list(islice(every, _ROWS_AT_ONCE)):
        columns = columns or [Column() for _ in some[0]]
        for column, values in zip(columns, zip(*some, strict=True), strict=True):
            column.take(values)
    return columns


def _openpyxl_rows(book: Any, sheet: str) -> list[list[Any]]:
    worksheet = book[sheet]
    worksheet.reset_dimensions()  # a wrong <dimension> would cut the sheet short
    rows = [["" if value is None else value for value in row] for row in worksheet.iter_rows(values_only=True)]
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _mark_oddities(columns: list[list[str]], oddities: dict[Place, Oddity], seen: Look) -> None:
    height = len(columns[0]) if columns else 0
    for (row, column), word in seen.errors.items():
        if column < len(columns) and row <= height:
            columns[column][row - 1] = word
            oddities[row, column] = Oddity.ERROR
    for place in seen.without_value:
        oddities[place] = Oddity.NO_VALUE


def _notes(seen: Look) -> tuple[str, ...]:
    notes = []
    if seen.hidden_rows:
        hidden = "Filtered or hidden" if seen.filtered else "Hidden"
        notes.append(f"{hidden} rows ({_ranges(seen.hidden_rows)}) were read like the others.")
    if seen.hidden_columns:
        columns = ", ".join(letters(column) for column in seen.hidden_columns[:6])
        notes.append(f"Hidden columns ({columns}) were read like the others.")
    return tuple(notes)


def _ranges(numbers: Sequence[int]) -> str:
    """Row numbers for a person: `3 to 5, 9`."""
    ranges = list(runs(sorted(numbers)))
    shown = [f"{first}" if first == last else f"{first} to {last}" for first, last in ranges[:4]]
    return ", ".join(shown) + (", ..." if len(ranges) > len(shown) else "")
