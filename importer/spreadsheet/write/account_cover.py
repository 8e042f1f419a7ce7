"""The first sheet of a workbook of many lists: where they come from, what each sheet holds, how to load them all.

Knows what it shows, and how that looks; knows no list and no API.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook as Scaffold
from xlsxwriter.worksheet import Worksheet

from importer.spreadsheet.write.fast_xlsx import points_of
from importer.spreadsheet.write.palette import HEADER, INK, LINK, QUIET
from importer.spreadsheet.write.sheet_style import HEADER_LOOK, LINE, set_page

ABOUT = "About"
_NAME, _COUNT, _SAYS = 0, 1, 2
"""Columns: what is named, how many records that is, and what is said of it."""
_WIDTHS = {_NAME: 30, _COUNT: 12, _SAYS: 84}
_HEADERS = ("Sheet", "Records", "What it holds")
_COMMAND_FONT = "Consolas"
_LETTERS = 1.1
"""A column as wide as ten digits shows about eleven letters of a sentence."""


@dataclass(frozen=True, slots=True)
class Content:
    """A sheet by its name, how many records stand there, and what they are."""

    sheet: str
    records: int
    says: str


@dataclass(frozen=True, slots=True)
class Use:
    """Something that can be done with the workbook: when, with which command, and what that does."""

    title: str
    command: str
    says: Sequence[str]


@dataclass(frozen=True, slots=True)
class Cover:
    """What the sheet says. `about` are sentences on where the lists come from."""

    title: str
    about: Sequence[str]
    contents: Sequence[Content]
    uses_title: str
    uses: Sequence[Use]


def write_cover(book: Scaffold, cover: Cover) -> None:
    """Add the sheet to a workbook that is being laid out."""
    sheet = book.add_worksheet(ABOUT)
    sheet.hide_gridlines(2)
    for column, width in _WIDTHS.items():
        sheet.set_column(column, column, width)
    set_page(sheet, narrow=True)
    quiet = book.add_format({"font_color": QUIET, "valign": "top", "text_wrap": True})
    sheet.set_row(0, 30)
    sheet.write_string(0, _NAME, cover.title, book.add_format({"bold": True, "font_size": 16, "font_color": INK}))
    row = 1
    for line in cover.about:
        row = _write_across(sheet, row, _NAME, line, quiet)
    row = _write_contents(book, sheet, row + 1, cover.contents)
    _write_uses(book, sheet, row + 1, cover)


def _write_contents(book: Scaffold, sheet: Worksheet, top: int, contents: Sequence[Content]) -> int:
    """The table of the sheets, with a link to each; returns the row below it."""
    header = {**HEADER_LOOK, "bg_color": HEADER, "valign": "vcenter"}
    counted = {"num_format": "#,##0", "align": "right", "indent": 1}
    look = {"font_color": INK, "valign": "top", **LINE}
    link, number = book.add_format({**look, **LINK}), book.add_format({**look, **counted})
    text = book.add_format({**look, "text_wrap": True})
    sheet.set_row(top, 22)
    for column, name in enumerate(_HEADERS):
        style = counted if column == _COUNT else {}
        sheet.write_string(top, column, name, book.add_format({**header, **style}))
    for row, content in enumerate(contents, top + 1):
        sheet.set_row(row, _height(content.says, _SAYS))
        sheet.write_url(row, _NAME, f"internal:'{content.sheet}'!A1", link, string=content.sheet)
        sheet.write_number(row, _COUNT, content.records, number)
        sheet.write_string(row, _SAYS, content.says, text)
    bottom, total = top + 1 + len(contents), {"bold": True, "font_color": INK, "top": 1}
    sheet.write_string(bottom, _NAME, "All", book.add_format(total))
    sheet.write_number(bottom, _COUNT, sum(each.records for each in contents), book.add_format({**total, **counted}))
    sheet.write_blank(bottom, _SAYS, None, book.add_format(total))
    return bottom + 1


def _write_uses(book: Scaffold, sheet: Worksheet, row: int, cover: Cover) -> None:
    heading = book.add_format(
        {"bold": True, "font_size": 12, "font_color": INK, "bottom": 2, "bottom_color": HEADER, "valign": "vcenter"}
    )
    strong = book.add_format({"bold": True, "font_color": INK, "valign": "top"})
    command = book.add_format({"font_name": _COMMAND_FONT, "font_color": INK, "valign": "top"})
    text = book.add_format({"font_color": INK, "valign": "top", "text_wrap": True})
    sheet.set_row(row, 22)
    sheet.write_string(row, _NAME, cover.uses_title, heading)
    for column in (_COUNT, _SAYS):
        sheet.write_blank(row, column, None, heading)
    row += 1
    for use in cover.uses:
        sheet.write_string(row, _NAME, use.title, strong)
        row = _write_across(sheet, row, _COUNT, use.command, command)
        for line in use.says:
            row = _write_across(sheet, row, _COUNT, line, text)
        row += 1


def _write_across(sheet: Worksheet, row: int, first: int, text: str, style: Format) -> int:
    """Write a text from a column to the last one; returns the row below it."""
    sheet.set_row(row, _height(text, *range(first, _SAYS + 1)))
    sheet.merge_range(row, first, row, _SAYS, "", style)
    sheet.write_string(row, first, text, style)
    return row + 1


def _height(text: str, *columns: int) -> int:
    """The height of a row that shows this text in columns that are joined."""
    return points_of(1 + int(len(text) / _LETTERS) // sum(_WIDTHS[column] for column in columns))
