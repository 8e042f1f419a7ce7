"""The report as a workbook: a cover, a sheet for each table with its charts, and the list of memberships.

Knows what it shows, and not how it was counted.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from xlsxwriter.workbook import Workbook as Scaffold
from xlsxwriter.worksheet import Worksheet

from importer.coordinates import address
from importer.export.report.charts import add_chart
from importer.export.report.cover import COVER, write_cover
from importer.export.report.report_model import Column, Listing, Look, SkillReport, Table, Value
from importer.export.report.report_styles import Styles, table_name, write_value
from importer.spreadsheet.write.fast_xlsx import SHEET_ROWS, RowStream, write
from importer.spreadsheet.write.list_sheets import parts_of
from importer.spreadsheet.write.sheet_style import SHEET_AND_PAGE, set_page

_NUMBERS = frozenset({Look.BAR, Look.AVERAGE, Look.LEVEL, Look.HEAT})
_SCALE = {"type": "2_color_scale", "min_type": "num", "min_color": "#FFFFFF", "max_color": "#7FB0DD"}
# Bars as Excel 2010 knows them: those of 2007 fade away, and a zero has one too.
_BAR = {"type": "data_bar", "data_bar_2010": True, "bar_solid": True, "bar_color": "#BCD7F1", "min_type": "num",
        "min_value": 0}  # fmt: skip
_HEADER_POINTS = 32
_WIDEST, _SAMPLE = 56, 2_000
_GAP_POINTS, _BELOW_HEADER = 16, 6
"""What touches the header's row is printed on every page that repeats it."""


def write_workbook(target: BinaryIO, report: SkillReport, longest: int = SHEET_ROWS) -> None:
    """Write the report; the same one gives the same workbook, byte for byte."""
    write(target, lambda book: _lay_out(book, report, longest))


def _lay_out(book: Scaffold, report: SkillReport, longest: int) -> list[RowStream]:
    book.set_properties({"title": report.title, "author": "importer", "created": report.made_at})
    styles = Styles(book)
    listing = report.memberships
    heights = parts_of(listing.height, longest)
    names = [listing.name if number == 1 else f"{listing.name} {number}" for number in range(1, len(heights) + 1)]
    write_cover(book, styles, report, names)
    for table in report.tables:
        _add_table(book, styles, table)
    rows = (["" if not value else str(value) for value in values] for values in listing.rows())
    return [
        _add_large(book, styles, name, listing, (height, rows)) for name, height in zip(names, heights, strict=True)
    ]


def _add_table(book: Scaffold, styles: Styles, table: Table) -> None:
    """A sheet with a title, what it says, the table, and its charts to the right of it."""
    sheet = book.add_worksheet(table.name)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, table.title, styles.title)
    sheet.set_row(0, 26)
    for row, line in enumerate(table.says, 1):
        sheet.write_string(row, 0, line, styles.quiet)
    sheet.write_url(len(table.says) + 1, 0, f"internal:'{COVER}'!A1", styles.link, string="Back to the cover")
    header = len(table.says) + 3
    for position, column in enumerate(table.columns):
        sheet.set_column(position, position, _width(table, position, column))
    set_page(sheet, header, SHEET_AND_PAGE, narrow=True)
    if not table.rows:
        sheet.write_string(header, 0, table.nothing, styles.text)
        return
    sheet.set_row(header, _HEADER_POINTS)
    _make_table(sheet, styles, table.columns, table.name, (header, len(table.rows)))
    for row, values in enumerate(table.rows, header + 1):
        _write_row(sheet, styles, row, table, values)
    for look, first, last in _blocks(table):
        _colour(sheet, look, (header + 1, first, header + len(table.rows), last))
    sheet.freeze_panes(header + 1, 1)
    down = _BELOW_HEADER
    for plot in table.plots:
        down += _GAP_POINTS + add_chart(
            book, sheet, table, plot, (header, 0), (header + 1, len(table.columns) + 1, down)
        )


def _width(table: Table, position: int, column: Column) -> int:
    """The width of a column: as its texts need, within reason."""
    if column.look not in (Look.TEXT, Look.STRONG):
        return column.width
    longest = max((len(str(row[position] or "")) for row in table.rows[:_SAMPLE]), default=0)
    return min(max(longest + 3, len(column.header) + 5), max(_WIDEST, column.width))


def _make_table(sheet: Worksheet, styles: Styles, columns: Sequence[Column], name: str, place: tuple[int, int]) -> None:
    """Make a range a native table, whose header's row and height are its `place`; its cells are written besides."""
    header, height = place
    heads = [{"header": column.header, "header_format": styles.header(column.look)} for column in columns]
    options = {"name": table_name(name), "columns": heads, "style": None}
    sheet.add_table(header, 0, header + height, len(columns) - 1, options)


def _write_row(sheet: Worksheet, styles: Styles, row: int, table: Table, values: Sequence[Value]) -> None:
    for position, (column, value) in enumerate(zip(table.columns, values, strict=True)):
        write_value(sheet, row, position, value, styles.cell(column.look))


def _blocks(table: Table) -> list[tuple[Look, int, int]]:
    """The columns that are coloured: each alone, and those of a distribution as one block."""
    found: list[tuple[Look, int, int]] = []
    for position, column in enumerate(table.columns):
        if column.look is Look.HEAT and found and found[-1][0] is Look.HEAT and found[-1][2] == position - 1:
            found[-1] = (Look.HEAT, found[-1][1], position)
        elif column.look in _NUMBERS:
            found.append((column.look, position, position))
    return found


def _colour(sheet: Worksheet, look: Look, place: tuple[int, int, int, int]) -> None:
    """Bars in counts, colours from 1 to 5 in levels, and from none to most in a distribution."""
    if look is Look.BAR:
        sheet.conditional_format(*place, _BAR)
    elif look is Look.HEAT:
        sheet.conditional_format(*place, {**_SCALE, "min_value": 0, "max_type": "max"})
    else:
        sheet.conditional_format(*place, {**_SCALE, "min_value": 1, "max_type": "num", "max_value": 5})


def _add_large(
    book: Scaffold, styles: Styles, name: str, listing: Listing, rows: tuple[int, Iterator[Sequence[str]]]
) -> RowStream:
    """A sheet of very many rows, with its header in row 1 so that it can be read as a list; ids are hidden. `rows` are
    how many stand on this sheet, and those that are left.
    """
    height, left = rows
    columns, last = listing.columns, len(listing.columns) - 1
    sheet = book.add_worksheet(name)
    for position, column in enumerate(columns):
        style = styles.cell(column.look)
        sheet.set_column(position, position, column.width, None, {"hidden": column.header.endswith(" ID")})
        sheet.write_string(0, position, column.header, styles.header(column.look))
        sheet.write_blank(1, position, None, style)
    sheet.set_row(0, 26)
    if height:
        _make_table(sheet, styles, columns, name, (0, 1))
        _colour(sheet, Look.LEVEL, (1, last, height, last))
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{address(height + 1, last)}"})
    set_page(sheet, 0, SHEET_AND_PAGE, narrow=True)
    return RowStream(
        len(book.worksheets()), len(columns), height, left, frozenset({last}), table_name(name) if height else ""
    )
