"""The workbooks of a list to fill in: headers with notes, drop-downs, instructions; blank, or with records in it.

Derived from the endpoint's declaration and from plain values; knows no API.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from xlsxwriter.workbook import Workbook as Scaffold
from xlsxwriter.worksheet import Worksheet

from importer.base import Base
from importer.coordinates import letters
from importer.endpoints.declare import ACTION, REMOVE, Endpoint, Field, Kind
from importer.endpoints.header import Column, column_header, has_kind
from importer.spreadsheet.write.base_sheet import write_base
from importer.spreadsheet.write.fast_xlsx import SHEET_ROWS, RowStream, write
from importer.spreadsheet.write.instructions import (
    OTHERS_STAY,
    THEN,
    Guide,
    Meaning,
    meanings,
    note,
    write_instructions,
)
from importer.spreadsheet.write.palette import EXAMPLE as EXAMPLE_COLOUR
from importer.spreadsheet.write.palette import INK, QUIET
from importer.spreadsheet.write.sheet_style import (
    LINE,
    NOTE,
    SHEET_AND_PAGE,
    allow_numbers_as_text,
    column_width,
    header_format,
    set_page,
)
from importer.table import EXAMPLE

_LISTS = "Lists"
_LAST_ROW = 20_000
"""The last row with drop-downs in a blank template: more than a person types, few enough for any program."""
_FREE_ROWS = 2_000
"""Rows with drop-downs below the records of an account: more than a person adds by hand."""
_NARROWEST, _SAMPLE = 12, 500
_CREATED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""A fixed time of creation; the format wants it without a zone."""

Choices = Mapping[str, Sequence[str | int]]
"""What the drop-down of each column offers, by header."""


@dataclass(frozen=True, slots=True)
class LiveList:
    """The records of an account. A row gives text (or a level as a number) by the header of its column; `choices` are
    what a drop-down offers, by header; `about` says where it comes from and what was left out; `base` is the same for
    the workbook to carry.
    """

    endpoint: Endpoint
    rows: Sequence[Mapping[str, str | int]]
    choices: Choices
    about: Sequence[str]
    made_at: dt.datetime
    free_rows: int = field(default=_FREE_ROWS)
    base: Base | None = None


def write_template(endpoint: Endpoint, target: BinaryIO, own_sheets: Sequence[Meaning] = ()) -> None:
    """Write the blank template of this endpoint; the same declaration gives the same workbook, byte for byte.

    `own_sheets` are the layouts in which a sheet of one's own may be.
    """
    title = f"{endpoint.title}: how to fill this workbook in"

    def lay_out(book: Scaffold) -> Sequence[RowStream]:
        book.set_properties({"title": f"{endpoint.title}: template", "created": _CREATED})
        choices = {column_header(column): _declared_choices(column) for column in endpoint.usual_columns()}
        _add_blank_sheet(book, endpoint, choices)
        steps = _steps_of_template(endpoint)
        write_instructions(book, title, Guide(steps, meanings(endpoint), own_sheets=own_sheets))
        _add_choices(book, choices)
        return ()

    write(target, lay_out)


def write_live_list(target: BinaryIO, live: LiveList, longest: int = SHEET_ROWS) -> None:
    """Write the list; more records than a sheet has rows go on in a second sheet, which loads as one with the first."""
    endpoint = live.endpoint
    title = f"{endpoint.title} of the account"
    room = longest - 1 - live.free_rows
    parts = [live.rows[start : start + room] for start in range(0, max(len(live.rows), 1), room)]

    def lay_out(book: Scaffold) -> Sequence[RowStream]:
        book.set_properties({"title": title, "created": live.made_at})
        choices = {
            column_header(column): live.choices.get(column_header(column)) or _declared_choices(column)
            for column in endpoint.usual_columns()
        }
        streams = []
        for number, rows in enumerate(parts, 1):
            name = endpoint.title if len(parts) == 1 else f"{endpoint.title} {number}"
            _add_live_sheet(book, live, name, rows, choices)
            streams.append(_stream(number, endpoint, rows))
        write_instructions(book, title, Guide(_steps_of_list(endpoint), meanings(endpoint), live.about))
        _add_choices(book, choices)
        write_base(book, live.base)
        return streams

    write(target, lay_out)


def _declared_choices(column: Column) -> Sequence[str | int]:
    """What may stand in a column by its declaration; nothing for an id, a name or a text, which may be many."""
    if not isinstance(column, Field):
        return ()
    if column.kind is Kind.LEVEL:
        return range(column.minimum or 0, (column.maximum or 0) + 1)
    return column.choices


def _add_headers(book: Scaffold, sheet: Worksheet, endpoint: Endpoint) -> None:
    sheet.set_row(0, 26)
    for position, column in enumerate(endpoint.usual_columns()):
        style = header_format(book, second=not isinstance(column, Field))
        sheet.write_string(0, position, column_header(column), style)
        sheet.write_comment(0, position, note(endpoint, column), NOTE)
    sheet.freeze_panes(1, 0)
    allow_numbers_as_text(sheet)


def _add_blank_sheet(book: Scaffold, endpoint: Endpoint, choices: Choices) -> None:
    sheet = book.add_worksheet(endpoint.title)
    _add_headers(book, sheet, endpoint)
    example = book.add_format({"italic": True, "font_color": EXAMPLE_COLOUR, "bg_color": "#F7F8FA"})
    for position, column in enumerate(endpoint.usual_columns()):
        sheet.write_string(1, position, "" if column is ACTION else EXAMPLE + column.example, example)
        # Ids are text: Excel keeps 15 digits of a number, and shows 1.2E+07 for a long one.
        style = book.add_format({"align": "left"} if has_kind(column, Kind.LEVEL) else {"num_format": "@"})
        sheet.set_column(position, position, max(14, len(EXAMPLE + column.example) + 3), style)
        message = {"input_title": column.title[:32], "input_message": column.description[:255]}
        _offer(sheet, column, position, (2, _LAST_ROW), choices, message)
    set_page(sheet, 0)
    sheet.set_selection(2, 0, 2, 0)
    sheet.activate()


def _add_live_sheet(
    book: Scaffold, live: LiveList, name: str, rows: Sequence[Mapping[str, str | int]], choices: Choices
) -> None:
    """Add a sheet with one row in place of these, and drop-downs in the free rows below them."""
    sheet = book.add_worksheet(name)
    _add_headers(book, sheet, live.endpoint)
    record = book.add_format({"num_format": "@", "font_color": QUIET, **LINE})
    own = book.add_format({"num_format": "@", "font_color": INK, **LINE})
    level = book.add_format({"align": "left", "font_color": INK, **LINE})
    text = book.add_format({"num_format": "@", "font_color": INK})
    columns = list(live.endpoint.usual_columns())
    changeable = {*live.endpoint.updates, ACTION.name}
    filled = len(rows)
    for position, column in enumerate(columns):
        header = column_header(column)
        width = column_width(header, (str(row.get(header, "")) for row in rows[:_SAMPLE]), _NARROWEST)
        is_id, is_level = has_kind(column, Kind.ID), has_kind(column, Kind.LEVEL)
        sheet.set_column(position, position, width, level if is_level else text, {"hidden": is_id})
        may_change = isinstance(column, Field) and column.name in changeable
        sheet.write_string(1, position, "-", level if is_level else own if may_change else record)
        if filled and not may_change:
            sheet.data_validation(1, position, filled, position, _PROTECTED)
        _offer(sheet, column, position, (1 if may_change else filled + 1, filled + live.free_rows), choices)
    sheet.autofilter(0, 0, max(filled, 1), len(columns) - 1)
    set_page(sheet, 0, SHEET_AND_PAGE)


def _stream(part: int, endpoint: Endpoint, rows: Sequence[Mapping[str, str | int]]) -> RowStream:
    columns = list(endpoint.usual_columns())
    headers = [column_header(column) for column in columns]
    texts = ([str(row.get(header, "")) for header in headers] for row in rows)
    numbers = frozenset(position for position, column in enumerate(columns) if has_kind(column, Kind.LEVEL))
    return RowStream(part, len(columns), len(rows), texts, numbers)


_PROTECTED = {
    "validate": "custom",
    "value": "=FALSE",
    "error_title": "A record of the account",
    "error_message": f"This row is a record that there is. For another one use a free row below the last; to take this "
    f"one away choose {REMOVE} under {ACTION.name}.",
}
"""Keeps who and what of a record as they are: their ids stand beside."""


def _offer(
    sheet: Worksheet,
    column: Column,
    position: int,
    rows: tuple[int, int],
    choices: Choices,
    message: Mapping[str, str] | None = None,
) -> None:
    """Give the column, from the first to the last of `rows`, a drop-down with its choices, where it has some."""
    header = column_header(column)
    if not choices[header]:
        return
    where = letters(_listed(choices).index(header))
    options: dict[str, Any] = {
        "validate": "list",
        "source": f"={_LISTS}!${where}$2:${where}${len(choices[header]) + 1}",
        "error_title": column.title[:32],
        **(message or {}),
    }
    if isinstance(column, Field):
        options["error_message"] = f"Use {column.accepted}."[:255]
    else:
        options["error_type"] = "warning"
        options["error_message"] = "This is not in the list of what the account has. It may be right all the same."
    sheet.data_validation(rows[0], position, rows[1], position, options)


def _listed(choices: Choices) -> list[str]:
    """The headers of the columns with a drop-down, in the order in which the hidden sheet has them."""
    return [header for header, some in choices.items() if some]


def _add_choices(book: Scaffold, choices: Choices) -> None:
    """Add the hidden sheet with what the drop-downs offer: a list inside the validation breaks at 255 characters."""
    sheet = book.add_worksheet(_LISTS)
    for position, header in enumerate(_listed(choices)):
        sheet.write_string(0, position, f"choices for {header}")
        sheet.write_column(1, position, choices[header])
    sheet.hide()


def _steps_of_template(endpoint: Endpoint) -> list[str]:
    return [
        f'Fill the sheet "{endpoint.title}", one record a row, from row 3 on. The grey row 2 is never loaded.',
        _what_to_fill(endpoint),
        "Columns of your own may stand beside these; they are kept and not sent.",
        *THEN,
    ]


def _what_to_fill(endpoint: Endpoint) -> str:
    """Which columns must be filled in each row."""
    names = {field.name: endpoint.usual_names(field.name) for field in endpoint.fields}
    pairs = [" or ".join((field, *headers)) for field, headers in names.items() if headers]
    if pairs:
        return f"In each row fill one of each: {'; '.join(pairs)}. Where you fill both, they must agree."
    needed = [field.name for field in endpoint.fields if field.is_needed_to_create]
    what = endpoint.singular.replace("_", " ")
    new = f" For a new {what} fill {' and '.join(needed)} as well." if needed else ""
    return f"In each row fill {' and '.join(endpoint.key)}.{new}"


def _steps_of_list(endpoint: Endpoint) -> list[str]:
    names = " and ".join(endpoint.key)
    if endpoint.are_things:
        change = f"Change what should change beside {names}. " if endpoint.updates else ""
        keep = f"Do not change {names} in these rows: that would be another record."
    else:
        change = "Change levels where they have changed. " if endpoint.updates else ""
        keep = "Leave the names of a record as they are: they must agree with the ids in the hidden columns."
    offers = "; the drop-downs offer what the account has" if endpoint.name_columns else ""
    return [
        (
            f"Each row is a record that the account holds. {change}To take a record away choose {REMOVE} under "
            f"{ACTION.name}; deleting a row changes nothing."
        ),
        f"To add a record use a free row below the last one{offers}.",
        keep,
        OTHERS_STAY,
        *THEN,
    ]
