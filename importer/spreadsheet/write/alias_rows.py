"""Adds rows to an alias workbook, and makes it where there is none. Knows its cells, and not what a choice means.

What a person wrote stays: their choices, their columns, their sheets. A workbook that holds what would be lost
by being written anew is left alone.
"""

import os
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from importer.messages import about_files
from importer.spreadsheet.write.alias_workbook import (
    ABOUT,
    ACCOUNT_KEY,
    LISTS,
    MEANS,
    SAYS,
    SHEETS,
    NewAlias,
    header_of,
)
from importer.spreadsheet.write.atomic_write import put_over
from importer.spreadsheet.write.palette import COLOURS, HEADER, HEADER_TEXT, INK, OURS, QUIET
from importer.spreadsheet.write.safe_text import coded
from importer.text import fold

_FIRST_CANDIDATE = 3
"""The column of `Lists` (from 1) where the candidates begin; before them stand the sheet and the name."""
_LAST_ROW = 20_000
_WIDTHS = (36, 84)
_LOST = {
    "xl/media/": "pictures",
    "xl/charts/": "charts",
    "xl/drawings/drawing": "drawings",
    "xl/diagrams/": "diagrams",
    "xl/pivot": "pivot tables",
    "xl/slicer": "slicers",
    "xl/threadedComments/": "threaded comments",
    "xl/embeddings/": "embedded files",
    "xl/activeX/": "buttons",
    "xl/ctrlProps/": "buttons",
    "xl/vbaProject": "macros",
}
"""Parts of a workbook that openpyxl would not write again, and what they are to a person."""
_EXTENSION = re.compile(rb"<ext [^>]*>\s*<(?:\w+:)?(\w+)")
_NOTE = "Choose from the list of each cell, or type an id (for a person an e-mail address, too). Blank chooses nothing."
_STEPS = """
On each sheet the left column is what a sheet says, the right one whom or what it means: choose from the cell's list.
Or type an id there, or for a person an e-mail address. A cell that is left blank chooses nothing.
Save, close, and run importer again. While it is called aliases.xlsx, this workbook counts for every file beside it.
Elsewhere, or under another name, say --aliases FILE. Hand it on to whoever loads sheets into the same account.
Columns and sheets of your own may stand beside these.
"""


def add_rows(path: Path, rows: Sequence[NewAlias], account: str, account_key: str) -> None:
    """Add these names, each with a drop-down of its candidates and nothing chosen.

    Raises: ImporterError, saying why the workbook cannot be written; it is as it was then.
    """
    _make_sure_that_nobody_has_it_open(path)
    book = _opened(path) if path.exists() else _new(account, account_key)
    for name in dict.fromkeys(SHEETS.values()):
        added = [row for row in rows if row.sheet == name]
        if added:
            _append(book, name, added)
    _save(book, path, rows)


def choose(path: Path, chosen: Mapping[tuple[str, str], str]) -> None:
    """Write down what names mean, by their sheet and folded text, where nothing is chosen for them yet.

    Raises: ImporterError as `add_rows`.
    """
    _make_sure_that_nobody_has_it_open(path)
    book = _opened(path)
    for name in dict.fromkeys(sheet for sheet, _ in chosen):
        sheet = _sheet(book, name)
        header = None if sheet is None else _header(sheet)
        if sheet is not None and header is not None:
            first, says, means = header
            for row in range(first + 1, sheet.max_row + 1):
                meant = chosen.get((name, fold(str(sheet.cell(row, says).value or ""))))
                if meant and not sheet.cell(row, means).value:
                    _write(sheet, row, means, meant, _font(INK))
    _save(book, path, ())


def _save(book: openpyxl.Workbook, path: Path, added: Sequence[NewAlias]) -> None:
    """Put the workbook in its place, with the candidates of all names in its drop-downs."""
    lists = _listed(book, added)
    for name in dict.fromkeys(SHEETS.values()):
        sheet = _sheet(book, name)
        if sheet is not None:
            _drop_down(sheet, name, lists)
    put_over(path, book.save)


def _make_sure_that_nobody_has_it_open(path: Path) -> None:
    locks = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))
    if any(lock.exists() for lock in locks):
        raise about_files.alias_workbook_open(path.name)
    if path.exists() and not os.access(path, os.W_OK):
        raise about_files.alias_workbook_locked(path.name)


def _opened(path: Path) -> openpyxl.Workbook:
    """The workbook as it is.

    Raises: ImporterError when it cannot be opened so that all of it can be written again.
    """
    data = path.read_bytes()
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            lost = {what for name in package.namelist() for start, what in _LOST.items() if name.startswith(start)}
            lost |= {what for name in package.namelist() for what in _lost_of(package, name)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of drop-downs as Excel rewrites them: they are made anew
            book = openpyxl.load_workbook(BytesIO(data), rich_text=True)
    except Exception:  # noqa: BLE001  (openpyxl raises whatever its parser met)
        raise about_files.alias_workbook_format(path.name) from None
    if any(cell.data_type == "f" for sheet in book.worksheets for cell in _cells(sheet)):
        lost.add("formulas")
    if lost:
        raise about_files.alias_workbook_parts(path.name, sorted(lost))
    return book


def _lost_of(package: zipfile.ZipFile, name: str) -> Iterator[str]:
    """What openpyxl would lose of the cells: whatever is in Excel's newer forms, besides drop-downs; and texts that
    look like the code of a letter, which it reads as if they were none.
    """
    if re.fullmatch(r"xl/(worksheets/\w+|sharedStrings)\.xml", name):
        content = package.read(name)
        if any(found != b"dataValidations" for found in _EXTENSION.findall(content)):
            yield "sparklines or the like"
        if b"_x005F_" in content:
            yield "texts that look like _x0041_"


def _cells(sheet: Worksheet) -> Iterator[Cell]:
    return (cell for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell))


def _new(account: str, account_key: str) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    about = book.worksheets[0]
    about.title = ABOUT
    about.sheet_view.showGridLines = False
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 16, 96
    _write(about, 1, 1, "What the names in your sheets mean", _font(INK, 16, bold=True))
    _on_one_page_across(about)
    row = 3
    for step in _STEPS.strip().splitlines():
        _write(about, row, 1, step, _font(INK))
        row += 1
    for name, text in (("Account", account), (ACCOUNT_KEY, account_key)):
        row += 1
        _write(about, row, 1, name, _font(QUIET))
        _write(about, row, 2, text, _font(INK))
    book.create_sheet(LISTS).sheet_state = "hidden"
    return book


def _on_one_page_across(sheet: Worksheet) -> None:
    """How the sheet is printed."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _font(colour: str, size: int = 11, *, bold: bool = False) -> Font:
    return Font(name="Calibri", size=size, bold=bold, color=colour[1:])


def _append(book: openpyxl.Workbook, name: str, rows: Sequence[NewAlias]) -> None:
    """Write the names below the last row of their sheet, which is made if it is not there."""
    sheet = _sheet(book, name) or _new_sheet(book, name)
    header = _header(sheet)
    if header is None:
        raise about_files.alias_sheet_columns(name, SAYS, MEANS)
    first, says, means = header
    used = (cell.row for cell in _cells(sheet) if cell.column in (says, means) and cell.value is not None)
    for number, row in enumerate(rows, max(used, default=first) + 1):
        for column in (says, means):
            _write(sheet, number, column, row.name if column == says else None, _font(INK)).number_format = "@"


def _sheet(book: openpyxl.Workbook, name: str) -> Worksheet | None:
    """The sheet of this name in any letter case: no two of a workbook differ in that alone."""
    return next((sheet for sheet in book.worksheets if fold(sheet.title) == fold(name)), None)


def _header(sheet: Worksheet) -> tuple[int, int, int] | None:
    """The row of the two headers and their columns, from 1."""
    rows = [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    found = header_of(rows)
    return (found[0], found[1] + 1, found[2] + 1) if found else None


def _new_sheet(book: openpyxl.Workbook, name: str) -> Worksheet:
    """A sheet with its two headers, before the sheet `About`."""
    about = _sheet(book, ABOUT)
    at = book.index(about) if about is not None else len(book.sheetnames)
    sheet: Worksheet = book.create_sheet(name, at)
    for column, (text, width, colour) in enumerate(zip((SAYS, MEANS), _WIDTHS, (HEADER, OURS), strict=True), 1):
        cell = _write(sheet, 1, column, text, _font(HEADER_TEXT, bold=True))
        cell.fill = PatternFill("solid", fgColor=colour[1:])
        cell.alignment = Alignment(vertical="center")
        edge = Side(style="thin", color=HEADER_TEXT[1:])
        cell.border = Border(edge, edge, edge, edge)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[1].height = 26
    sheet.freeze_panes = "A2"
    _on_one_page_across(sheet)
    waiting = COLOURS["not sent"]
    fill = DifferentialStyle(fill=PatternFill(bgColor=waiting["bg_color"][1:]))
    rule = Rule(type="expression", dxf=fill, formula=['AND($A2<>"",$B2="")'])
    sheet.conditional_formatting.add(f"B2:B{_LAST_ROW}", rule)
    if at == 0:
        book.active = 0
        for other in book.worksheets:
            other.sheet_view.tabSelected = other is sheet
    return sheet


def _listed(book: openpyxl.Workbook, rows: Sequence[NewAlias]) -> dict[tuple[str, str], str]:
    """The candidates of each name, written to the hidden sheet: their range by the name's sheet and folded text."""
    sheet = _sheet(book, LISTS)
    if sheet is None:
        sheet = book.create_sheet(LISTS)
        sheet.sheet_state = "hidden"
    known = {
        (str(sheet.cell(at, 1).value), fold(str(sheet.cell(at, 2).value))): at
        for at in range(1, sheet.max_row + 1)
        if sheet.cell(at, 1).value is not None
    }
    for row in rows:
        number = known.setdefault((row.sheet, fold(coded(row.name))), max(known.values(), default=0) + 1)
        for cell in sheet[number]:
            cell.value = None
        for column, text in enumerate((row.sheet, row.name, *row.candidates), 1):
            _write(sheet, number, column, text, _font(QUIET))
    found: dict[tuple[str, str], str] = {}
    for key, number in known.items():
        filled = [at for at, cell in enumerate(sheet[number], 1) if cell.value is not None]
        if max(filled, default=0) >= _FIRST_CANDIDATE:
            first, last = get_column_letter(_FIRST_CANDIDATE), get_column_letter(max(filled))
            found[key] = f"{LISTS}!${first}${number}:${last}${number}"
    return found


def _drop_down(sheet: Worksheet, name: str, lists: Mapping[tuple[str, str], str]) -> None:
    """Give each row the list of its candidates. They are made anew: Excel keeps them in a form that openpyxl drops, and
    a person may have sorted the rows.
    """
    header = _header(sheet)
    if header is None:
        return
    first, says, means = header
    head = sheet.cell(first, means)
    if head.comment is None or head.comment.text == _NOTE:  # openpyxl forgets the size of a comment
        head.comment = Comment(_NOTE, "importer", height=90, width=330)
    column = get_column_letter(means)
    ours = re.compile(rf"{column}\d+(:{column}\d+)?")
    others = [
        each
        for each in sheet.data_validations.dataValidation
        if not str(each.formula1).startswith(f"{LISTS}!")
        and not all(ours.fullmatch(part) for part in str(each.sqref).split())
    ]
    sheet.data_validations.dataValidation = others
    for row in range(first + 1, sheet.max_row + 1):
        source = lists.get((name, fold(str(sheet.cell(row, says).value or ""))))
        if source:
            # Not strict: an id or an e-mail address may be typed instead.
            choice = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
            choice.add(f"{column}{row}")
            sheet.add_data_validation(choice)


def _write(sheet: Worksheet, row: int, column: int, text: str | None, font: Font) -> Cell:
    """Write a text, which is never a formula."""
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):  # pragma: no cover  (the cell lies under a merge that a person made)
        raise about_files.alias_cells_merged(row, sheet.title)
    if text is not None:
        cell.value = coded(text)
        cell.data_type = "s"
    cell.font = font
    cell.alignment = Alignment(vertical="top", wrap_text=sheet.title not in (ABOUT, LISTS))
    return cell
