"""A list in a workbook: its sheets, as many as its rows need, and how each kind of value looks there.

Knows columns and rows; knows no API, and not what else is in the workbook.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from xlsxwriter.workbook import Workbook as Scaffold

from importer.spreadsheet.write.fast_xlsx import SHEET_ROWS, RowStream
from importer.spreadsheet.write.palette import INK, QUIET
from importer.spreadsheet.write.record_rows import Cell, Column, Kind, Records
from importer.spreadsheet.write.sheet_style import (
    LINE,
    SHEET_AND_PAGE,
    allow_numbers_as_text,
    column_width,
    header_format,
    set_page,
)
from importer.spreadsheet.write.text_list import shaped, yes_or_no

Shape = Callable[[Cell], str]
Parts = Mapping[str, int]
"""The sheets of a list by name, in their order, and how many records stand on each."""

_EPOCH = dt.datetime(1899, 12, 30, tzinfo=dt.UTC)
"""Excel counts days from here."""
_NARROWEST, _SAMPLE = 10, 500
_TIME_WIDTH = 20
_NOT_FOR_LOADING = frozenset({Kind.ID, Kind.TIME})
_LOOKS: Mapping[Kind, Mapping[str, str]] = {
    Kind.TEXT: {"num_format": "@", "font_color": INK},
    Kind.ID: {"num_format": "@", "font_color": QUIET},
    Kind.NUMBER: {"align": "center", "font_color": INK},
    Kind.TIME: {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left", "font_color": QUIET},
    Kind.FLAG: {"num_format": "@", "align": "center", "font_color": INK},
}


def parts_of(height: int, longest: int = SHEET_ROWS) -> list[int]:
    """How many records stand on each sheet; at least one sheet."""
    room = longest - 1
    return [min(room, height - start) for start in range(0, max(height, 1), room)]


def lay_out_list(book: Scaffold, records: Records, parts: Parts) -> list[RowStream]:
    """Add the sheets of a list to a workbook that is being laid out, and return the rows that go there.

    Times are dates of Excel in UTC, as their headers say; ids are text.
    """
    shapes = [_SHAPES[column.kind] for column in records.columns]
    rows = chain.from_iterable(shaped(chunk, shapes) for chunk in records.chunks())
    numbers = frozenset(at for at, column in enumerate(records.columns) if column.kind in (Kind.NUMBER, Kind.TIME))
    widths, streams = _widths(records), []
    for name, height in parts.items():
        _lay_out_sheet(book, name, records.columns, widths, height)
        streams.append(RowStream(len(book.worksheets()), len(records.columns), height, rows, numbers))
    return streams


def _lay_out_sheet(book: Scaffold, name: str, columns: Sequence[Column], widths: Sequence[int], height: int) -> None:
    sheet = book.add_worksheet(name)
    formats = {kind: book.add_format({**look, **LINE}) for kind, look in _LOOKS.items()}
    sheet.set_row(0, 26)
    for position, (column, width) in enumerate(zip(columns, widths, strict=True)):
        style = header_format(book, second=column.kind in _NOT_FOR_LOADING)
        sheet.set_column(position, position, width)
        sheet.write_string(0, position, _head(column), style)
        sheet.write_string(1, position, "-", formats[column.kind])  # the prototype, whose place the rows take
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(height, 1), len(columns) - 1)
    allow_numbers_as_text(sheet)
    set_page(sheet, 0, SHEET_AND_PAGE, narrow=True)


def _head(column: Column) -> str:
    return f"{column.header} (UTC)" if column.kind is Kind.TIME else column.header


def _widths(records: Records) -> list[int]:
    sample = next(records.chunks(), ())[:_SAMPLE]
    columns = list(zip(*sample, strict=True)) or [()] * len(records.columns)
    return [
        _TIME_WIDTH if column.kind is Kind.TIME else column_width(_head(column), map(str, cells), _NARROWEST)
        for column, cells in zip(records.columns, columns, strict=True)
    ]


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


@lru_cache(maxsize=65536)
def _days(cell: Cell) -> str:
    """A time as the days that Excel counts, to the millisecond."""
    if cell is None:
        return ""
    seconds = (dt.datetime.fromisoformat(str(cell)) - _EPOCH).total_seconds()
    return f"{seconds / 86_400:.8f}"


_SHAPES: Mapping[Kind, Shape] = {
    Kind.TEXT: _text,
    Kind.ID: _text,
    Kind.NUMBER: _text,
    Kind.TIME: _days,
    Kind.FLAG: lambda cell: _text(yes_or_no(cell)),
}
