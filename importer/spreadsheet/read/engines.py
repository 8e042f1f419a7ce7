"""Workbooks to grids, by calamine, with openpyxl as the second engine. Knows cells, and no field."""

import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine as calamine

from importer.coordinates import Place, address, letters, number_ranges
from importer.messages import about_files, about_sizes
from importer.spreadsheet.read import xlsb_reach
from importer.spreadsheet.read.column_text import Column
from importer.spreadsheet.read.encrypted import decrypt
from importer.spreadsheet.read.file_type import FileKind
from importer.spreadsheet.read.limits import CELLS
from importer.spreadsheet.read.number_format import hides_text, shown_number
from importer.spreadsheet.read.ods_cells import SeenCells, see_sheets
from importer.spreadsheet.read.xls_process import XlsFault, XlsSheet, read_sheets
from importer.spreadsheet.read.xlsx_metadata import Look, bound_reach, colored_blanks, exact_numbers, look
from importer.spreadsheet.read.xlsx_parts import CellStyles
from importer.spreadsheet.read.xlsx_reach import Reach, SharedTexts, shared_texts
from importer.spreadsheet.xml_tree import XmlError
from importer.table import Merge, Oddity, Sheet

_ROWS_AT_ONCE = 4096

_KEPT_DIGITS = 15
"""Excel keeps so many digits of a number, and writes zeros for the others."""
_SHOWN = 10
_UNSTYLED = (
    "Struck-out cells and fonts of signs are not seen in this format. Save the file as .xlsx to have them named."
)
_UNSEEN = (
    "Hidden rows, number formats and errors of Excel are not seen in this format: an error is read as a blank. "
    "Save the file as .xlsx to have them named."
)


_DAMAGED = (zipfile.BadZipFile, zlib.error, LookupError, OSError, SyntaxError, NotImplementedError, EOFError)
"""What reading the parts of a damaged package raises; a SyntaxError is that of lxml."""


class Workbook:
    """An open workbook: the names of its sheets, and each as a grid of text.

    Raises: Unreadable when no engine can open it.
    """

    def __init__(self, name: str, data: bytes, kind: FileKind = FileKind.XLSX) -> None:
        self._name = name
        self._data = data
        self._kind = kind
        self._is_xlsx = kind is FileKind.XLSX
        self._book: calamine.CalamineWorkbook | None = None
        self._read: dict[str, XlsSheet] = {}
        self._seen_in_ods: dict[str, SeenCells] = {}
        self._shared = SharedTexts()
        self._needs_second = False
        """Whether the first engine cannot open it."""
        self._ahead: dict[str, Sheet] = {}
        if kind is FileKind.XLS:
            self._read = {sheet.name: sheet for sheet in _old_sheets(name, data)}
            self.sheets = tuple(self._read)
            self.hidden = frozenset(sheet.name for sheet in self._read.values() if sheet.is_hidden)
        else:
            self._shared = self._bound_before_opening()
            self.sheets, self.hidden = self._open()
        self._unread = set(self.sheets)
        if not self.sheets:
            raise about_files.no_readable_sheet(name)

    def grid(self, sheet: str) -> Sheet:
        """The sheet as text, with what its text alone does not tell.

        Raises: Unreadable.
        """
        if sheet in self._ahead:
            return self._ahead.pop(sheet)
        if self._kind is FileKind.XLS:
            old = self._read_old(sheet)
            return replace(self._as_text(sheet, _even(old.rows), _look_of(old)), merges=_merges(old.merges))
        grid = self._read_grid(sheet)
        self._unread.discard(sheet)
        if not self._unread:  # who has a sheet keeps it; the engine holds a copy of the file and all shared texts
            self._book = None
        return grid

    def read_ahead(self) -> None:
        """Read the first sheet that is not hidden, for whoever asks for it first.

        Raises: Unreadable.
        """
        for sheet in [each for each in self.sheets if each not in self.hidden][:1]:
            self._ahead[sheet] = self.grid(sheet)

    def _read_grid(self, sheet: str) -> Sheet:
        if self._book is None and not self._needs_second:
            self._open()
        seen = self._look(sheet)
        if self._book is not None:
            book = self._book
            try:
                opened = _guarded(lambda: book.get_sheet_by_name(sheet))
            except _CalamineFault:
                pass
            else:
                grid = self._as_text(sheet, _calamine_rows(opened), seen)
                return replace(grid, merges=_merges_of(opened))
        reach = seen.reach if seen else Reach()
        return self._as_text(sheet, self._by_openpyxl(lambda book: _openpyxl_rows(book, sheet, reach)), seen)

    def _read_old(self, sheet: str) -> XlsSheet:
        """A sheet of an .xls workbook, which is forgotten: who has it as text does not need it any more."""
        if sheet not in self._read:
            self._read = {each.name: each for each in _old_sheets(self._name, self._data)}
        return self._read.pop(sheet)

    def colored_blanks(self, sheet: str, height: int, width: int) -> frozenset[Place]:
        """The cells within so many rows and columns that have a color and no value, where the format tells."""
        try:
            return frozenset(colored_blanks(self._data, sheet, height, width)) if self._is_xlsx else frozenset()
        except _DAMAGED:
            return frozenset()

    def _open(self) -> tuple[tuple[str, ...], frozenset[str]]:
        """The names of the sheets of cells, and those of the hidden ones."""
        try:
            self._book = _guarded(lambda: calamine.CalamineWorkbook.from_filelike(BytesIO(self._data)))
        except _CalamineFault as fault:
            if fault.needs_password:
                raise about_files.password(self._name) from None
            self._needs_second = True
            names, hidden = self._by_openpyxl(_openpyxl_sheets)
            return names, hidden
        sheets = self._book.sheets_metadata
        return (
            tuple(s.name for s in sheets if s.typ == calamine.SheetTypeEnum.WorkSheet),
            frozenset(s.name for s in sheets if s.visible != calamine.SheetVisibleEnum.Visible),
        )

    def _bound_before_opening(self) -> SharedTexts:
        """How long the texts are that the cells share, once it is sure that the engine can open the workbook: it takes
        memory for all shared texts at once, and in some formats for all cells.

        Raises: Unreadable.
        """
        try:
            if self._kind is FileKind.XLSB:
                xlsb_reach.bound_sheets(self._name, self._data)
            elif self._kind is FileKind.ODS:
                self._seen_in_ods = see_sheets(self._name, self._data)
            else:
                with zipfile.ZipFile(BytesIO(self._data)) as package:
                    return shared_texts(self._name, package)
        except (*_DAMAGED, struct.error, XmlError):
            raise about_files.damaged_workbook(self._name) from None
        return SharedTexts()

    def _look(self, sheet: str) -> Look | None:
        """What the engine does not tell of a sheet; None where nothing tells it."""
        if self._kind is FileKind.ODS:
            return _look_at_ods(self._seen_in_ods.get(sheet))
        if not self._is_xlsx:
            return None
        try:
            return look(self._data, sheet, self._shared)
        except _DAMAGED:
            raise about_files.damaged_workbook(self._name) from None

    def _as_text(self, sheet: str, rows: Iterable[Sequence[Any]], look: Look | None) -> Sheet:
        seen = look or Look()
        bound_reach(seen, sheet)
        columns = _columns(rows)
        _reach_all(columns, seen)
        texts = [column.texts for column in columns]
        oddities = {(row, at): Oddity.DATE for at, column in enumerate(columns) for row in column.dates}
        if self._is_xlsx and any(column.has_long_number for column in columns):
            exact = exact_numbers(self._data, sheet) if seen.exact_numbers is None else seen.exact_numbers
            for (row, at), digits in exact.items():
                texts[at][row - 1] = digits
                if not digits.lstrip("-").isdecimal() or not digits.lstrip("-")[_KEPT_DIGITS:].strip("0"):
                    oddities[row, at] = Oddity.SHORTENED
        _mark_oddities(texts, oddities, seen)
        struck = _apply_styles(texts, oddities, seen)
        return Sheet(
            tuple(texts),
            oddities,
            tuple(column.last_text for column in columns),
            notes=(_UNSEEN,) if look is None else (*_notes(seen, struck), *(() if self._is_xlsx else (_UNSTYLED,))),
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


def _old_sheets(name: str, data: bytes) -> list[XlsSheet]:
    """The sheets of an .xls workbook, also of one that has Excel's default password.

    Raises: Unreadable.
    """
    try:
        return read_sheets(data)
    except XlsFault as fault:
        if fault.is_too_large:
            raise about_sizes.sheets_too_large(name, CELLS) from None
        if not fault.needs_password:
            raise about_files.damaged_workbook(name) from None
    try:
        return read_sheets(decrypt(Path(name), data))
    except XlsFault:
        raise about_files.password(name) from None


def _look_of(sheet: XlsSheet) -> Look | None:
    """What the records of an .xls sheet tell besides its cells; None where they could not be read."""
    if sheet.seen is None:
        return None
    codes = {code: number for number, code in enumerate(dict.fromkeys(sheet.seen.formats.values()))}
    return Look(
        errors=sheet.seen.errors,
        hidden_rows=sheet.seen.hidden_rows,
        styles=CellStyles(formats={number: code for code, number in codes.items()}),
        styled_numbers={place: codes[code] for place, code in sheet.seen.formats.items()},
    )


def _look_at_ods(seen: SeenCells | None) -> Look | None:
    """What the XML of an OpenDocument sheet tells besides its cells; None where it could not be read."""
    if seen is None:
        return None
    return Look(errors=seen.errors, shown=seen.shown, concealed=seen.concealed, hidden_rows=seen.hidden_rows)


class _CalamineFault(Exception):  # noqa: N818
    """calamine could not read this; openpyxl may, unless a password is all that lacks."""

    def __init__(self, why: str, *, needs_password: bool = False) -> None:
        super().__init__(why)
        self.needs_password = needs_password


def _guarded(read: Callable[[], Any]) -> Any:
    """What `read` gives; whatever calamine raises for a damaged file becomes one exception.

    calamine's panics are BaseExceptions of a class that cannot be imported, so that `except Exception` misses them.
    """
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001  (see above)
        raise _CalamineFault(str(error), needs_password=isinstance(error, calamine.PasswordError)) from None


def _calamine_rows(sheet: calamine.CalamineSheet) -> Iterator[list[Any]]:
    """The rows from the first of the sheet, each from column A: the engine begins at the first filled column."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    return (left + row for row in sheet.iter_rows()) if left else iter(sheet.iter_rows())


def _merges_of(sheet: calamine.CalamineSheet) -> tuple[Merge, ...]:
    """The merged cells of a sheet, where the engine tells them."""
    try:
        return _merges(_guarded(lambda: sheet.merged_cell_ranges) or ())
    except _CalamineFault:
        return ()


def _merges(ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> tuple[Merge, ...]:
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


def _openpyxl_sheets(book: Any) -> tuple[tuple[str, ...], frozenset[str]]:
    """The names of the sheets of cells, and those of the hidden ones, as the first engine tells them."""
    sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
    hidden = (sheet.title for sheet in sheets if sheet.sheet_state != "visible")
    return tuple(sheet.title for sheet in sheets), frozenset(hidden)


def _openpyxl_rows(book: Any, sheet: str, reach: Reach) -> list[list[Any]]:
    """The rows as far as filled cells reach; what has but a format may go on for a million rows and 16,384 columns."""
    worksheet = book[sheet]
    worksheet.reset_dimensions()  # a wrong <dimension> would cut the sheet short
    rows = worksheet.iter_rows(max_row=reach.last_row or None, values_only=True)
    return _even([["" if value is None else value for value in row[: reach.last_column + 1]] for row in rows])


def _even(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The rows, each as long as the longest."""
    width = max(map(len, rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _reach_all(columns: list[Column], seen: Look) -> None:
    """Let the grid reach to every cell that the engine takes for a blank one and leaves out at the end of a sheet."""
    if not seen.unseen:
        return
    height = max(len(columns[0].texts) if columns else 0, *(row for row, _ in seen.unseen))
    width = max(len(columns), *(column + 1 for _, column in seen.unseen))
    columns.extend(Column() for _ in range(width - len(columns)))
    for column in columns:
        column.texts.extend([""] * (height - len(column.texts)))


def _mark_oddities(columns: list[list[str]], oddities: dict[Place, Oddity], seen: Look) -> None:
    height = len(columns[0]) if columns else 0
    for (row, column), word in seen.errors.items():
        if column < len(columns) and row <= height:
            columns[column][row - 1] = word
            oddities[row, column] = Oddity.ERROR
    for place in seen.without_value:
        oddities[place] = Oddity.NO_VALUE
    for (row, column), text in seen.shown.items():
        if column < len(columns) and row <= height:
            columns[column][row - 1] = text
    for row, column in seen.concealed:
        if column < len(columns) and row <= height and columns[column][row - 1]:
            oddities[row, column] = Oddity.HIDDEN


def _apply_styles(columns: list[list[str]], oddities: dict[Place, Oddity], seen: Look) -> list[Place]:
    """Show the numbers as their formats do, mark what a format hides, and return the struck-out cells."""
    height, struck = len(columns[0]) if columns else 0, []
    for place, style in (*seen.styled_numbers.items(), *seen.styled_texts.items()):
        row, column = place
        if column >= len(columns) or row > height or not columns[column][row - 1]:
            continue
        if style in seen.styles.struck:
            struck.append(place)
        if style in seen.styles.symbols and place not in oddities:
            oddities[place] = Oddity.SYMBOL
        code = seen.styles.formats.get(style)
        if code is None or place in oddities:
            continue
        text = columns[column][row - 1]
        shown = shown_number(code, text) if place in seen.styled_numbers else None if hides_text(code) else text
        if shown is None:
            oddities[place] = Oddity.HIDDEN
        else:
            columns[column][row - 1] = shown
    return sorted(struck)


def _notes(seen: Look, struck: Sequence[Place]) -> tuple[str, ...]:
    notes = []
    if struck:
        cells = ", ".join(address(row, column) for row, column in struck[:_SHOWN])
        more = f" and {len(struck) - _SHOWN:,} more" if len(struck) > _SHOWN else ""
        notes.append(f"Struck-out cells ({cells}{more}) were read like the others.")
    if seen.hidden_rows:
        hidden = "Filtered or hidden" if seen.filtered else "Hidden"
        notes.append(f"{hidden} rows ({number_ranges(seen.hidden_rows)}) were read like the others.")
    if seen.hidden_columns:
        columns = ", ".join(letters(column) for column in seen.hidden_columns[:6])
        notes.append(f"Hidden columns ({columns}) were read like the others.")
    return tuple(notes)
