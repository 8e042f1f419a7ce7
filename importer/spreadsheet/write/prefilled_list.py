"""The workbook of a list with the records that an account holds, and free rows with drop-downs below them.

Derived from the endpoint's declaration and from plain values; knows no API.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook as Scaffold
from xlsxwriter.worksheet import Worksheet

from importer.endpoints.declare import ACTION, REMOVE, Endpoint, Field, Kind, NameColumn
from importer.spreadsheet.write.fast_xlsx import SHEET_ROWS
from importer.spreadsheet.write.instructions import THEN, meanings, note, write_instructions
from importer.spreadsheet.write.palette import INK, QUIET
from importer.spreadsheet.write.template import header_format
from importer.table import letters

_LISTS = "Lists"
_FREE_ROWS = 2_000
"""Rows with drop-downs below the records: more than a person adds by hand."""
_NARROWEST, _WIDEST = 12, 44
_SAMPLE = 500


@dataclass(frozen=True, slots=True)
class LiveList:
    """The records of an account. A row gives text (or a level as a number) by the header of its column; `choices` are
    what a drop-down offers, by header; `about` says where it comes from and what was left out.
    """

    endpoint: Endpoint
    rows: Sequence[Mapping[str, str | int]]
    choices: Mapping[str, Sequence[str]]
    about: Sequence[str]
    made: dt.datetime
    free_rows: int = field(default=_FREE_ROWS)


def write_live_list(target: BinaryIO, live: LiveList, longest: int = SHEET_ROWS) -> None:
    """Write the list; more records than a sheet has rows go on in a second sheet, which loads as one with the first."""
    title = f"{live.endpoint.title} of the account"
    room = longest - 1 - live.free_rows
    parts = [live.rows[start : start + room] for start in range(0, max(len(live.rows), 1), room)]
    columns = list(live.endpoint.usual_columns())
    choices = {_head(column): _choices(live, column) for column in columns}
    with TemporaryDirectory() as folder:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(target, options) as book:
            book.set_properties({"title": title, "created": live.made})
            for number, rows in enumerate(parts, 1):
                name = live.endpoint.title if len(parts) == 1 else f"{live.endpoint.title} {number}"
                _write_sheet(book, live, name, rows, choices)
            write_instructions(book, title, _steps(live.endpoint), meanings(live.endpoint), live.about)
            _write_lists(book, choices)


def _head(column: Field | NameColumn) -> str:
    return column.header if isinstance(column, NameColumn) else column.name


def _choices(live: LiveList, column: Field | NameColumn) -> Sequence[str | int]:
    """What a drop-down in this column offers; nothing where there is none."""
    if isinstance(column, NameColumn):
        return live.choices.get(column.header, ())
    if column.kind is Kind.ID:
        return ()
    return column.choices or range(column.minimum or 0, (column.maximum or 0) + 1)


def _write_sheet(
    book: Scaffold,
    live: LiveList,
    name: str,
    rows: Sequence[Mapping[str, str | int]],
    choices: Mapping[str, Sequence[str | int]],
) -> None:
    sheet = book.add_worksheet(name)
    line = {"bottom": 4, "bottom_color": "#D5DAE0"}
    settled = book.add_format({"num_format": "@", "font_color": QUIET, **line})
    number = book.add_format({"align": "left", "font_color": INK, **line})
    text = book.add_format({"num_format": "@", "font_color": INK})
    columns = list(live.endpoint.usual_columns())
    for position, column in enumerate(columns):
        is_id = isinstance(column, Field) and column.kind is Kind.ID
        is_number = isinstance(column, Field) and column.kind is Kind.LEVEL
        width = _width(_head(column), rows)
        sheet.set_column(position, position, width, number if is_number else text, {"hidden": is_id})
    sheet.set_row(0, 26)
    for position, column in enumerate(columns):
        sheet.write_string(0, position, _head(column), header_format(book, named=isinstance(column, NameColumn)))
        note_size = {"x_scale": 2.2, "y_scale": 1.4, "author": ""}
        sheet.write_comment(0, position, note(live.endpoint, column), note_size)
    _write_rows(sheet, [_head(column) for column in columns], rows, settled, number)
    for position, column in enumerate(columns):
        _validate(sheet, position, column, choices, len(rows), len(rows) + live.free_rows)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&RPage &P of &N")


def _width(head: str, rows: Sequence[Mapping[str, str | int]]) -> int:
    longest = max((len(str(row.get(head, ""))) for row in rows[:_SAMPLE]), default=0)
    return min(max(longest, len(head) + 4, _NARROWEST) + 2, _WIDEST)


def _write_rows(
    sheet: Worksheet, heads: Sequence[str], rows: Sequence[Mapping[str, str | int]], settled: Format, number: Format
) -> None:
    for at, row in enumerate(rows, 1):
        for position, head in enumerate(heads):
            value = row.get(head, "")
            if isinstance(value, int):
                sheet.write_number(at, position, value, number)
            elif value:
                sheet.write_string(at, position, value, settled)
            else:
                sheet.write_blank(at, position, None, settled)


def _validate(
    sheet: Worksheet,
    position: int,
    column: Field | NameColumn,
    choices: Mapping[str, Sequence[str | int]],
    filled: int,
    last: int,
) -> None:
    """Offer what may stand in a column, and keep who and what of the records as they are: their ids stand beside."""
    head = _head(column)
    may_change = isinstance(column, Field) and (column.kind is Kind.LEVEL or column == ACTION)
    if filled and not may_change:
        sheet.data_validation(1, position, filled, position, _KEPT)
    if not choices[head]:
        return
    where = letters(list(choices).index(head))
    free = isinstance(column, NameColumn)
    said = (
        "This is not in the list of what the account has. It may be right all the same."
        if isinstance(column, NameColumn)
        else f"Use {column.accepted}."
    )
    options = {
        "validate": "list",
        "source": f"={_LISTS}!${where}$2:${where}${len(choices[head]) + 1}",
        "error_type": "warning" if free else "stop",
        "error_title": column.title[:32],
        "error_message": said[:255],
    }
    sheet.data_validation(1 if may_change else filled + 1, position, last, position, options)


_KEPT = {
    "validate": "custom",
    "value": "=FALSE",
    "error_title": "A record of the account",
    "error_message": f"This row is a record that there is. For another one use a free row below the last; to take this "
    f"one away choose {REMOVE} under {ACTION.name}.",
}


def _write_lists(book: Scaffold, choices: Mapping[str, Sequence[str | int]]) -> None:
    """The values of the drop-downs, a column for each column of the list, row by row."""
    sheet = book.add_worksheet(_LISTS)
    for position, head in enumerate(choices):
        sheet.write_string(0, position, f"choices for {head}")
    for row in range(max(map(len, choices.values()), default=0)):
        for position, some in enumerate(choices.values()):
            if row < len(some):
                value = some[row]
                if isinstance(value, int):
                    sheet.write_number(row + 1, position, value)
                else:
                    sheet.write_string(row + 1, position, value)
    sheet.hide()


def _steps(endpoint: Endpoint) -> Sequence[str]:
    change = "Change levels where they have changed. " if endpoint.updates else ""
    return (
        (
            f"Each row is a record that the account holds. {change}To take a record away choose {REMOVE} under "
            f"{ACTION.name}; deleting a row changes nothing."
        ),
        "To add a record use a free row below the last one; the drop-downs offer what the account has.",
        "Leave the names of a record as they are: they must agree with the ids in the hidden columns.",
        *THEN,
    )
