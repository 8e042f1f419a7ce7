"""Adds names and answers to an alias workbook, and makes it where there is none. Knows its cells, and not what a choice
means.

What a person wrote stays: their choices, their columns, their sheets. A workbook that holds what would be lost
by being written anew is left alone.
"""

import os
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from itertools import zip_longest
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
from importer.platforms.open_files import is_open_elsewhere
from importer.spreadsheet.write.alias_workbook import (
    ABOUT,
    ACCOUNT_KEY,
    BESIDE,
    COLUMNS,
    FIRST_SHEETS,
    KINDS,
    LEVELS,
    LISTS,
    MEANS,
    NAMES,
    SAYS,
    Answer,
    Headers,
    NewAlias,
    headers_of,
)
from importer.spreadsheet.write.atomic_write import put_over
from importer.spreadsheet.write.palette import COLOURS, HEADER, HEADER_TEXT, INK, OURS, QUIET
from importer.spreadsheet.write.safe_text import coded
from importer.text import fold

_FIRST_CANDIDATE = 3
"""The column of `Lists` (from 1) where the candidates begin; before them stand the kind and the name."""
_LAST_ROW = 20_000
_WIDTHS = {NAMES: (36, 84, 16), LEVELS: (36, 16, 84), COLUMNS: (36, 24, 84)}
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
Names: what a sheet says, and whom or what it means. Choose from the cell's list, or type an id, or for a person an
e-mail address. A cell that is left blank chooses nothing.
Levels: a word, and its level from 0 to 5, or none for "does not have the skill". It counts for every sheet with this
word; if there are headings beside it, for sheets with these headings.
Columns: how a sheet was read, and the headings of the sheets for which that counts. Delete a row to be asked again.
Save, close, and run importer again. While it is called aliases.xlsx, this workbook counts for every file beside it.
Elsewhere, or under another name, say --aliases FILE. Hand it on to whoever loads sheets into the same account.
Columns and sheets of your own may stand beside these.
"""


def add_rows(path: Path, rows: Sequence[NewAlias], account: str, account_key: str) -> None:
    """Add these names, each with a drop-down of its candidates and nothing chosen.

    Raises: ImporterError, saying why the workbook cannot be written; it is as it was then.
    """
    book = _open_or_new(path, account, account_key)
    _append(book, NAMES, [(row.name, None, row.kind) for row in rows])
    _save(book, path, rows)


def write_answers(path: Path, answers: Sequence[Answer], account: str, account_key: str) -> None:
    """Write down these answers, each in the place of an earlier one to the same question.

    Raises: ImporterError as `add_rows`.
    """
    book = _open_or_new(path, account, account_key)
    for name in (LEVELS, COLUMNS):
        left = {_question(each): each for each in answers if each.sheet == name}
        if not left:
            continue
        sheet, headers = _ours(book, name)
        for row in range(headers.row + 1, sheet.max_row + 1):
            answer = left.pop(_question(_answer_in(sheet, name, headers, row)), None)
            if answer is not None:
                _write(sheet, row, headers.says + 1, answer.says, _font(INK))
                _write(sheet, row, headers.means + 1, answer.means, _font(INK))
        _append(book, name, [(each.says, each.means, each.headings) for each in left.values()])
    _save(book, path, ())


def _question(answer: Answer) -> tuple[str, str]:
    """What an answer is to: what a word means, or which column or value there is for a field or setting."""
    return fold(answer.says if answer.sheet == LEVELS else answer.means), fold(answer.headings)


def _answer_in(sheet: Worksheet, name: str, headers: Headers, row: int) -> Answer:
    texts = (_text(sheet, row, column) for column in (headers.says, headers.means, headers.third))
    return Answer(name, *texts)


def _text(sheet: Worksheet, row: int, column: int | None) -> str:
    """The text of a cell; the column counts from 0."""
    value = None if column is None else sheet.cell(row, column + 1).value
    return "" if value is None else str(value)


def _open_or_new(path: Path, account: str, account_key: str) -> openpyxl.Workbook:
    """The workbook with our three sheets.

    Raises: ImporterError when it cannot be written.
    """
    _make_sure_that_nobody_has_it_open(path)
    book = _opened(path) if path.exists() else _new(account, account_key)
    for name in BESIDE:
        if _sheet(book, name) is None:
            _new_sheet(book, name)
    return book


def choose(path: Path, chosen: Mapping[tuple[str, str], str]) -> None:
    """Write down what names mean, by their kind and folded text, where nothing is chosen for them yet.

    Raises: ImporterError as `add_rows`.
    """
    _make_sure_that_nobody_has_it_open(path)
    book = _opened(path)
    for sheet, headers, kinds in _sheets_of_names(book):
        for row in range(headers.row + 1, sheet.max_row + 1):
            meant = chosen.get((kinds[row], fold(_text(sheet, row, headers.says))))
            if meant and not _text(sheet, row, headers.means):
                _write(sheet, row, headers.means + 1, meant, _font(INK))
    _save(book, path, ())


def drop_rows(path: Path, is_about: Callable[[str], bool], scrub: Callable[[str], str]) -> int:
    """Delete the rows that say something about a person, and the person among the candidates of others; how many rows
    that were. In all other texts, `scrub` takes the person out.

    Raises: ImporterError as `add_rows`.
    """
    _make_sure_that_nobody_has_it_open(path)
    book, changed = _opened(path), 0
    ours = {fold(name) for name in (*BESIDE, *FIRST_SHEETS)}
    for sheet in book.worksheets:
        for number in range(sheet.max_row, 0, -1):
            texts = [_text(sheet, number, column) for column in range(sheet.max_column)]
            if not any(map(is_about, texts)):
                continue
            changed += 1
            if fold(sheet.title) in ours or (sheet.title == LISTS and is_about(texts[1])):
                sheet.delete_rows(number)
                continue
            left = [text for text in texts if not is_about(text)] if sheet.title == LISTS else list(map(scrub, texts))
            for cell, text in zip_longest(sheet[number], left):
                cell.value = coded(text) if text else None
    if changed:
        _save(book, path, ())
    return changed


def _sheets_of_names(book: openpyxl.Workbook) -> Iterator[tuple[Worksheet, Headers, Mapping[int, str]]]:
    """The sheets on which names stand, ours and those of the first version, with the kind of each row's name."""
    for name in (NAMES, *FIRST_SHEETS):
        sheet = _sheet(book, name)
        headers = None if sheet is None else _headers(sheet, name)
        if sheet is not None and headers is not None:
            rows = range(headers.row + 1, sheet.max_row + 1)
            yield (
                sheet,
                headers,
                {row: FIRST_SHEETS.get(name) or fold(_text(sheet, row, headers.third)) for row in rows},
            )


def _save(book: openpyxl.Workbook, path: Path, added: Sequence[NewAlias]) -> None:
    """Put the workbook in its place, with the candidates of all names in its drop-downs."""
    lists = _listed(book, added)
    for sheet, headers, kinds in list(_sheets_of_names(book)):
        _drop_down(sheet, headers, kinds, lists)
    put_over(path, book.save)


def _make_sure_that_nobody_has_it_open(path: Path) -> None:
    if is_open_elsewhere(path):
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
    _write(about, 1, 1, "What your sheets mean", _font(INK, 16, bold=True))
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


def _append(book: openpyxl.Workbook, name: str, rows: Sequence[tuple[str, str | None, str]]) -> None:
    """Write rows, each of three texts, below the last row of a sheet."""
    if not rows:
        return
    sheet, headers = _ours(book, name)
    columns = [headers.says + 1, headers.means + 1, *([] if headers.third is None else [headers.third + 1])]
    used = (cell.row for cell in _cells(sheet) if cell.column in columns and cell.value is not None)
    for number, texts in enumerate(rows, max(used, default=headers.row) + 1):
        for column, text in zip(columns, texts, strict=False):
            _write(sheet, number, column, text, _font(INK)).number_format = "@"


def _ours(book: openpyxl.Workbook, name: str) -> tuple[Worksheet, Headers]:
    """One of our sheets and its headers.

    Raises: ImporterError where it lacks one of them.
    """
    sheet = _sheet(book, name)
    headers = None if sheet is None else _headers(sheet, name)
    if sheet is None or headers is None or headers.third is None:
        raise about_files.alias_sheet_columns(name, (SAYS, MEANS, BESIDE[name]))
    return sheet, headers


def _sheet(book: openpyxl.Workbook, name: str) -> Worksheet | None:
    """The sheet of this name in any letter case: no two of a workbook differ in that alone."""
    return next((sheet for sheet in book.worksheets if fold(sheet.title) == fold(name)), None)


def _headers(sheet: Worksheet, name: str) -> Headers | None:
    """Where its headers stand."""
    rows = [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    return headers_of(rows, name)


def _new_sheet(book: openpyxl.Workbook, name: str) -> Worksheet:
    """A sheet with its three headers, before the sheet `About`."""
    about = _sheet(book, ABOUT)
    at = book.index(about) if about is not None else len(book.sheetnames)
    sheet: Worksheet = book.create_sheet(name, at)
    headers = zip((SAYS, MEANS, BESIDE[name]), _WIDTHS[name], (HEADER, OURS, HEADER), strict=True)
    for column, (text, width, colour) in enumerate(headers, 1):
        cell = _write(sheet, 1, column, text, _font(HEADER_TEXT, bold=True))
        cell.fill = PatternFill("solid", fgColor=colour[1:])
        cell.alignment = Alignment(vertical="center")
        edge = Side(style="thin", color=HEADER_TEXT[1:])
        cell.border = Border(edge, edge, edge, edge)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[1].height = 26
    sheet.freeze_panes = "A2"
    _on_one_page_across(sheet)
    if name == NAMES:
        _mark_what_waits(sheet)
    if at == 0:
        book.active = 0
        for other in book.worksheets:
            other.sheet_view.tabSelected = other is sheet
    return sheet


def _mark_what_waits(sheet: Worksheet) -> None:
    """Colour the names without a meaning, and offer the kinds to whoever adds a name."""
    fill = DifferentialStyle(fill=PatternFill(bgColor=COLOURS["not sent"]["bg_color"][1:]))
    rule = Rule(type="expression", dxf=fill, formula=['AND($A2<>"",$B2="")'])
    sheet.conditional_formatting.add(f"B2:B{_LAST_ROW}", rule)
    kinds = ",".join(dict.fromkeys(KINDS.values()))
    kind = DataValidation(type="list", formula1=f'"{kinds}"', allow_blank=True, showErrorMessage=False)
    kind.add(f"C2:C{_LAST_ROW}")
    sheet.add_data_validation(kind)


def _listed(book: openpyxl.Workbook, rows: Sequence[NewAlias]) -> dict[tuple[str, str], str]:
    """The candidates of each name, written to the hidden sheet: their range by the name's kind and folded text."""
    sheet = _sheet(book, LISTS)
    if sheet is None:
        sheet = book.create_sheet(LISTS)
        sheet.sheet_state = "hidden"
    known = {
        (FIRST_SHEETS.get(_text(sheet, at, 0), _text(sheet, at, 0)), fold(_text(sheet, at, 1))): at
        for at in range(1, sheet.max_row + 1)
        if sheet.cell(at, 1).value is not None
    }
    for row in rows:
        number = known.setdefault((row.kind, fold(coded(row.name))), max(known.values(), default=0) + 1)
        for cell in sheet[number]:
            cell.value = None
        for column, text in enumerate((row.kind, row.name, *row.candidates), 1):
            _write(sheet, number, column, text, _font(QUIET))
    found: dict[tuple[str, str], str] = {}
    for key, number in known.items():
        filled = [at for at, cell in enumerate(sheet[number], 1) if cell.value is not None]
        if max(filled, default=0) >= _FIRST_CANDIDATE:
            first, last = get_column_letter(_FIRST_CANDIDATE), get_column_letter(max(filled))
            found[key] = f"{LISTS}!${first}${number}:${last}${number}"
    return found


def _drop_down(
    sheet: Worksheet, headers: Headers, kinds: Mapping[int, str], lists: Mapping[tuple[str, str], str]
) -> None:
    """Give each row the list of its candidates. They are made anew: Excel keeps them in a form that openpyxl drops, and
    a person may have sorted the rows.
    """
    means = headers.means + 1
    head = sheet.cell(headers.row, means)
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
    for row, kind in kinds.items():
        source = lists.get((kind, fold(_text(sheet, row, headers.says))))
        if source:
            # Not strict: an id or an e-mail address may be typed instead.
            choice = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
            choice.add(f"{column}{row}")
            sheet.add_data_validation(choice)


def _write(sheet: Worksheet, row: int, column: int, text: str | None, font: Font) -> Cell:
    """Write a text, which is never a formula."""
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):  # it lies under a merge that a person made
        raise about_files.alias_cells_merged(row, sheet.title)
    if text is not None:
        cell.value = coded(text)
        cell.data_type = "s"
    cell.font = font
    cell.alignment = Alignment(vertical="top", wrap_text=sheet.title not in (ABOUT, LISTS))
    return cell
