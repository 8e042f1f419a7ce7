"""How the cells of a report's workbook look. Knows looks, and no number."""

from collections.abc import Mapping
from functools import cache

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook as Scaffold
from xlsxwriter.worksheet import Worksheet

from importer.export.report.report_model import Look, Value
from importer.spreadsheet.write.palette import HEADER, INK, QUIET
from importer.spreadsheet.write.sheet_style import HEADER_LOOK, LINE

_LINE = {**LINE, "font_color": INK, "valign": "vcenter"}
_CELLS: Mapping[Look, Mapping[str, str | bool | int]] = {
    Look.TEXT: {},
    Look.STRONG: {"bold": True},
    Look.COUNT: {"num_format": "#,##0", "align": "center"},
    Look.BAR: {"num_format": "#,##0", "align": "right", "indent": 1},
    Look.SHARE: {"num_format": "0.0%", "align": "center"},
    Look.DECIMAL: {"num_format": "0.0", "align": "center"},
    Look.AVERAGE: {"num_format": "0.0", "align": "center"},
    Look.LEVEL: {"num_format": "0", "align": "center"},
    # A zero is a dot: a table full of noughts cannot be looked at.
    Look.HEAT: {"num_format": '#,##0;-#,##0;"\u00b7"', "align": "center"},
}
_LEFT = (Look.TEXT, Look.STRONG)


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Scaffold) -> None:
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": INK})
        self.heading = book.add_format(
            {"bold": True, "font_size": 12, "font_color": INK, "bottom": 2, "bottom_color": HEADER}
        )
        self.text = book.add_format({"font_color": INK, "valign": "vcenter"})
        self.wrapped = book.add_format({"font_color": INK, "valign": "vcenter", "text_wrap": True})
        self.quiet = book.add_format({"font_color": QUIET, "valign": "vcenter"})
        self.link = book.add_format({"font_color": HEADER, "underline": 1, "valign": "vcenter"})
        self.whole = book.add_format({**_FIGURE, "num_format": "#,##0"})
        self.decimal = book.add_format({**_FIGURE, "num_format": "0.0"})
        head = {**HEADER_LOOK, "bg_color": HEADER, "valign": "top", "text_wrap": True}
        left, centre = book.add_format(head), book.add_format({**head, "align": "center"})
        self._headers = {look: left if look in _LEFT else centre for look in Look}
        self._cells = {look: book.add_format({**_LINE, **how}) for look, how in _CELLS.items()}

    def header(self, look: Look) -> Format:
        """The header over a column of this look."""
        return self._headers[look]

    def cell(self, look: Look) -> Format:
        """A cell of this look."""
        return self._cells[look]


_FIGURE = {"bold": True, "font_size": 18, "font_color": HEADER, "align": "right", "valign": "vcenter", "indent": 1}


@cache
def table_name(name: str) -> str:
    """The name of the table on the sheet of this name: it may hold no space."""
    return "".join(part[:1].upper() + part[1:] for part in name.split())


def write_value(sheet: Worksheet, row: int, column: int, value: Value, style: Format) -> None:
    """Write a cell: a text as a text, whatever it begins with."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)
