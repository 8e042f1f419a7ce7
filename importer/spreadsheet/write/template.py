"""A workbook to fill in: headers with notes, drop-downs, an example row that is never loaded, instructions.

Derived from the endpoint's declaration alone; knows no account.
"""

import datetime as dt
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook as Scaffold
from xlsxwriter.worksheet import Worksheet

from importer.endpoints.declare import ACTION, Endpoint, Field, Kind, NameColumn
from importer.spreadsheet.write.instructions import THEN, meanings, note, write_instructions
from importer.spreadsheet.write.palette import EXAMPLE as EXAMPLE_COLOUR
from importer.spreadsheet.write.palette import HEADER, HEADER_TEXT, OURS
from importer.table import EXAMPLE, letters

_LISTS = "Lists"
_LAST_ROW = 20_000
"""Rows with drop-downs: more than a person types, few enough for any spreadsheet program."""
_MADE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""A fixed time of creation; the format wants it without a zone."""


def write_template(endpoint: Endpoint, target: BinaryIO) -> None:
    """Write the template of this endpoint; the same declaration gives the same workbook, byte for byte."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": f"{endpoint.title}: template", "created": _MADE})
        _write_data_sheet(book, endpoint)
        write_instructions(
            book, f"{endpoint.title}: how to fill this workbook in", _steps(endpoint), meanings(endpoint)
        )
        _write_lists(book, endpoint)


def _write_data_sheet(book: Scaffold, endpoint: Endpoint) -> None:
    sheet = book.add_worksheet(endpoint.title)
    example = book.add_format({"italic": True, "font_color": EXAMPLE_COLOUR, "bg_color": "#F7F8FA"})
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 26)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for position, column in enumerate(endpoint.usual_columns()):
        header = column.name if isinstance(column, Field) else column.header
        sheet.write_string(0, position, header, header_format(book, named=isinstance(column, NameColumn)))
        sheet.write_comment(0, position, note(endpoint, column), {"x_scale": 2.2, "y_scale": 1.4, "author": ""})
        sheet.write_string(1, position, "" if column is ACTION else EXAMPLE + column.example, example)
        # Ids are text: Excel keeps 15 digits of a number, and shows 1.2E+07 for a long one.
        is_text = isinstance(column, NameColumn) or column.kind is not Kind.LEVEL
        shape = book.add_format({"num_format": "@"} if is_text else {"align": "left"})
        sheet.set_column(position, position, max(14, len(EXAMPLE + column.example) + 3), shape)
        if isinstance(column, Field):
            _validate(sheet, position, column)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_selection(2, 0, 2, 0)
    sheet.activate()


def header_format(book: Scaffold, *, named: bool) -> Format:
    """How a header looks; one that stands for an id by name in another colour."""
    return book.add_format(
        {
            "bold": True,
            "font_color": HEADER_TEXT,
            "bg_color": OURS if named else HEADER,
            "valign": "vcenter",
            "border": 1,
            "border_color": HEADER_TEXT,
        }
    )


def _validate(sheet: Worksheet, position: int, field: Field) -> None:
    if field.kind is Kind.ID:
        return
    choices = _choices(field)
    column = letters(_LIST_COLUMNS[field.kind])
    sheet.data_validation(
        2,
        position,
        _LAST_ROW,
        position,
        {
            "validate": "list",
            "source": f"={_LISTS}!${column}$2:${column}${len(choices) + 1}",
            "error_title": field.title,
            "error_message": f"Use {field.accepted}."[:255],
            "input_title": field.title[:32],
            "input_message": field.description[:255],
        },
    )


_LIST_COLUMNS = {Kind.LEVEL: 0, Kind.CHOICE: 1, Kind.ACTION: 2}


def _choices(field: Field) -> list[str | int]:
    if field.choices:
        return list(field.choices)
    return list(range(field.minimum or 0, (field.maximum or 0) + 1))


def _write_lists(book: Scaffold, endpoint: Endpoint) -> None:
    """The values of the drop-downs, on a hidden sheet: a list inside the validation breaks at 255 characters."""
    sheet = book.add_worksheet(_LISTS)
    for field in endpoint.usual_columns():
        if isinstance(field, Field) and field.kind is not Kind.ID:
            position = _LIST_COLUMNS[field.kind]
            sheet.write_string(0, position, f"choices for {field.name}")
            sheet.write_column(1, position, _choices(field))
    sheet.hide()


def _steps(endpoint: Endpoint) -> list[str]:
    names = {field.name: endpoint.usual_names(field.name) for field in endpoint.fields}
    pairs = [" or ".join((field, *headers)) for field, headers in names.items() if headers]
    return [
        f'Fill the sheet "{endpoint.title}", one record a row, from row 3 on. The grey row 2 is never loaded.',
        f"In each row fill one of each: {'; '.join(pairs)}. Where you fill both, they must agree.",
        "Columns of your own may stand beside these; they are kept and not sent.",
        *THEN,
    ]
