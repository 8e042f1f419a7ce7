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
from importer.sheet import EXAMPLE, letters
from importer.table.colours import EXAMPLE as EXAMPLE_COLOUR
from importer.table.colours import HEADER, HEADER_TEXT, INK, OURS, QUIET
from importer.table.stream import LINE_POINTS

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
        _write_instructions(book, endpoint)
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
        sheet.write_string(0, position, header, _header(book, named=isinstance(column, NameColumn)))
        sheet.write_comment(0, position, _note(endpoint, column), {"x_scale": 2.2, "y_scale": 1.4, "author": ""})
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


def _header(book: Scaffold, *, named: bool) -> Format:
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


def _note(endpoint: Endpoint, column: Field | NameColumn) -> str:
    """What the comment on a header says."""
    if isinstance(column, NameColumn):
        return f"{column.title}. {column.description}\n\nFill this or {_others(endpoint, column.field, column.header)}."
    names = endpoint.usual_names(column.name)
    need = "Required." if column.required else "May be left blank."
    if names:
        need = f"Fill this or {_others(endpoint, column.name, column.name)}."
    return f"{column.title}. {column.description}\n\n{need} Accepted: {column.accepted}."


def _others(endpoint: Endpoint, field: str, header: str) -> str:
    """The other columns that tell the same field."""
    heads = [field, *endpoint.usual_names(field)]
    return " or ".join(other for other in heads if other != header)


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


def _write_instructions(book: Scaffold, endpoint: Endpoint) -> None:
    sheet = book.add_worksheet("Instructions")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 2, 74)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    base = {"font_color": INK, "valign": "top", "text_wrap": True}
    title = book.add_format({"bold": True, "font_size": 16, "font_color": INK})
    heading = book.add_format(
        {"bold": True, "font_color": HEADER_TEXT, "bg_color": HEADER, "border": 1, "border_color": HEADER_TEXT}
    )
    text, strong = book.add_format(base), book.add_format({**base, "bold": True})
    quiet = book.add_format({**base, "font_color": QUIET})

    sheet.write_string(0, 0, f"{endpoint.title}: how to fill this workbook in", title)
    row = 2
    for number, step in enumerate(_steps(endpoint), 1):
        sheet.write_string(row, 0, f"Step {number}", strong)
        sheet.merge_range(row, 1, row, 2, step, text)
        sheet.set_row(row, LINE_POINTS * (1 + len(step) // 88))
        row += 1
    row += 1
    for position, name in enumerate(("Heading", "Accepted", "What it means")):
        sheet.write_string(row, position, name, heading)
    for column in endpoint.usual_columns():
        row += 1
        named = isinstance(column, NameColumn)
        sheet.write_string(row, 0, column.header if isinstance(column, NameColumn) else column.name, strong)
        accepted = f"instead of {column.field}" if isinstance(column, NameColumn) else column.accepted
        sheet.write_string(row, 1, accepted, quiet if named else text)
        sheet.write_string(row, 2, column.description, quiet if named else text)
        sheet.set_row(row, LINE_POINTS * (1 + len(column.description) // 70))


def _steps(endpoint: Endpoint) -> list[str]:
    names = {field.name: endpoint.usual_names(field.name) for field in endpoint.fields}
    pairs = [" or ".join((field, *headers)) for field, headers in names.items() if headers]
    return [
        f'Fill the sheet "{endpoint.title}", one record a row, from row 3 on. The grey row 2 is never loaded.',
        f"In each row fill one of each: {'; '.join(pairs)}. Where you fill both, they must agree.",
        "Columns of your own may stand beside these; they are kept and not sent.",
        "Save, then run: importer check FILE, which sends nothing and lists every mistake with its cell.",
        "Then run: importer apply FILE. It shows what would change and asks before it sends.",
    ]
