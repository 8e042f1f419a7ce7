"""A list as a workbook to look at and to load: its rows streamed, in as many sheets as they need. Knows no API."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import BinaryIO

from xlsxwriter.workbook import Workbook as Scaffold

from importer.spreadsheet.write.fast_xlsx import SHEET_ROWS, RowStream, write
from importer.spreadsheet.write.instructions import write_instructions
from importer.spreadsheet.write.palette import INK, QUIET
from importer.spreadsheet.write.record_rows import Cell, Column, Kind, Records
from importer.spreadsheet.write.template import header_format
from importer.spreadsheet.write.text_list import yes_or_no

Shape = Callable[[Cell], str]

_EPOCH = dt.datetime(1899, 12, 30, tzinfo=dt.UTC)
"""Excel counts days from here."""
_NARROWEST, _WIDEST, _SAMPLE = 10, 44, 500
_TIME_WIDTH = 20
_NOT_FOR_LOADING = frozenset({Kind.ID, Kind.TIME})


def parts_of(height: int, longest: int = SHEET_ROWS) -> list[int]:
    """How many records stand on each sheet; at least one sheet."""
    room = longest - 1
    return [min(room, height - start) for start in range(0, max(height, 1), room)]


def write_list_book(records: Records, target: BinaryIO, longest: int = SHEET_ROWS) -> None:
    """Write the workbook; more records than a sheet has rows go on in a second one, which loads as one with it.

    Times are dates of Excel in UTC, as their headers say; ids are text.
    """
    heights = parts_of(records.height, longest)
    shapes = [_SHAPES[column.kind] for column in records.columns]
    rows = chain.from_iterable(_texts(chunk, shapes) for chunk in records.chunks())
    numbers = frozenset(at for at, column in enumerate(records.columns) if column.kind in (Kind.NUMBER, Kind.TIME))

    def lay_out(book: Scaffold) -> Sequence[RowStream]:
        book.set_properties({"title": records.title, "author": "importer", "created": records.made})
        widths = _widths(records)
        for number, height in enumerate(heights, 1):
            name = records.title if len(heights) == 1 else f"{records.title} {number}"
            _lay_out_sheet(book, name, records.columns, widths, height)
        write_instructions(book, records.title, records.steps, (), [*records.about, *sheets_told(heights)], "About")
        width = len(records.columns)
        return [RowStream(part, width, height, rows, numbers) for part, height in enumerate(heights, 1)]

    write(target, lay_out)


def sheets_told(heights: Sequence[int]) -> Iterator[str]:
    """What is said where the records stand on several sheets."""
    if len(heights) > 1:
        yield f"They are more than a sheet has rows, and stand on {len(heights)} sheets, which load as one."


def _lay_out_sheet(book: Scaffold, name: str, columns: Sequence[Column], widths: Sequence[int], height: int) -> None:
    sheet = book.add_worksheet(name)
    line = {"bottom": 4, "bottom_color": "#D5DAE0"}
    shapes = {
        Kind.TEXT: book.add_format({"num_format": "@", "font_color": INK, **line}),
        Kind.ID: book.add_format({"num_format": "@", "font_color": QUIET, **line}),
        Kind.NUMBER: book.add_format({"align": "center", "font_color": INK, **line}),
        Kind.TIME: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left", "font_color": QUIET, **line}),
        Kind.FLAG: book.add_format({"num_format": "@", "align": "center", "font_color": INK, **line}),
    }
    heads = {ours: header_format(book, named=ours) for ours in (False, True)}
    sheet.set_row(0, 26)
    for position, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(position, position, width)
        sheet.write_string(0, position, _head(column), heads[column.kind in _NOT_FOR_LOADING])
        sheet.write_string(1, position, "-", shapes[column.kind])  # the prototype, whose place the rows take
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(height, 1), len(columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&RPage &P of &N")


def _head(column: Column) -> str:
    return f"{column.header} (UTC)" if column.kind is Kind.TIME else column.header


def _widths(records: Records) -> list[int]:
    sample = next(records.chunks(), ())[:_SAMPLE]
    longest = [max(map(len, map(str, cells))) for cells in zip(*sample, strict=True)] or [0] * len(records.columns)
    return [
        _TIME_WIDTH if column.kind is Kind.TIME else min(max(size, len(_head(column)) + 4, _NARROWEST) + 2, _WIDEST)
        for column, size in zip(records.columns, longest, strict=True)
    ]


def _texts(rows: Sequence[Sequence[Cell]], shapes: Sequence[Shape]) -> Iterator[Sequence[str]]:
    columns = zip(*rows, strict=True)
    return zip(*(map(shape, column) for shape, column in zip(shapes, columns, strict=True)), strict=True)


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


@lru_cache(maxsize=65536)
def _days(cell: Cell) -> str:
    """A time as the days that Excel counts, to the millisecond."""
    if cell is None:
        return ""
    seconds = (dt.datetime.fromisoformat(str(cell)) - _EPOCH).total_seconds()
    return f"{seconds / 86_400:.8f}"


def _flag(cell: Cell) -> str:
    return _text(yes_or_no(cell))


_SHAPES: dict[Kind, Shape] = {
    Kind.TEXT: _text,
    Kind.ID: _text,
    Kind.NUMBER: _text,
    Kind.TIME: _days,
    Kind.FLAG: _flag,
}
