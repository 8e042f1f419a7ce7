"""The cover of a report's workbook: whose account, the few numbers that matter, where to look. Knows what it shows."""

from collections.abc import Sequence

from xlsxwriter.workbook import Workbook as Scaffold
from xlsxwriter.worksheet import Worksheet

from importer.export.report.charts import add_chart
from importer.export.report.report_model import SkillReport
from importer.export.report.report_styles import Styles, table_name, write_value
from importer.spreadsheet.write.fast_xlsx import points_of
from importer.spreadsheet.write.palette import INK
from importer.spreadsheet.write.sheet_style import set_page

COVER = "Cover"
_LABELS, _WORDS, _LEVELS = 0, 1, 3
"""Columns: what is named or counted, what it is, and the table of levels beside them."""
_CHARACTERS = 74


def write_cover(book: Scaffold, styles: Styles, report: SkillReport, lists: Sequence[str]) -> None:
    """Add the cover; `lists` are the sheets with the memberships."""
    sheet = book.add_worksheet(COVER)
    sheet.hide_gridlines(2)
    sheet.set_column(_LABELS, _LABELS, 18)
    sheet.set_column(_WORDS, _WORDS, 78)
    sheet.set_column(_WORDS + 1, _WORDS + 1, 3)
    set_page(sheet)
    sheet.set_row(0, 34)
    title = book.add_format({"bold": True, "font_size": 22, "font_color": INK, "valign": "vcenter"})
    sheet.write_string(0, _LABELS, report.title, title)
    row = 1
    for label, text in report.facts:
        row = _line(sheet, styles, row, label, text)
    top = row + 1
    row = _heading(sheet, styles, top, "The numbers that matter")
    _write_heading_of_levels(sheet, styles, report, top)
    for figure in report.figures:
        sheet.set_row(row, 30)
        if figure.value is None:
            sheet.write_string(row, _LABELS, "\u2013", styles.whole)
        else:
            style = styles.decimal if isinstance(figure.value, float) else styles.whole
            sheet.write_number(row, _LABELS, figure.value, style)
        book.define_name(figure.name, f"={COVER}!$A${row + 1}")
        sheet.write_string(row, _WORDS, figure.says, styles.wrapped)
        row += 1
    row += 1
    _write_levels(book, sheet, styles, report, (top + 1, row + 1))
    row = _heading(sheet, styles, row, "Where to look")
    linked = [(table.name, table.title) for table in report.tables]
    for name, says in [*linked, *((name, report.memberships.says) for name in lists)]:
        sheet.write_url(row, _LABELS, f"internal:'{name}'!A1", styles.link, string=name)
        sheet.write_string(row, _WORDS, says, styles.wrapped)
        row += 1
    if report.notes:
        row = _heading(sheet, styles, row + 1, "To bear in mind")
        for note in report.notes:
            row = _line(sheet, styles, row, "", note)


def _line(sheet: Worksheet, styles: Styles, row: int, label: str, text: str) -> int:
    sheet.set_row(row, points_of(1 + len(text) // _CHARACTERS))
    sheet.write_string(row, _LABELS, label, styles.quiet)
    sheet.write_string(row, _WORDS, text, styles.wrapped)
    return row + 1


def _heading(sheet: Worksheet, styles: Styles, row: int, text: str) -> int:
    sheet.set_row(row, 22)
    sheet.write_string(row, _LABELS, text, styles.heading)
    sheet.write_blank(row, _WORDS, None, styles.heading)
    return row + 1


def _write_heading_of_levels(sheet: Worksheet, styles: Styles, report: SkillReport, row: int) -> None:
    for position, width in enumerate((*(column.width for column in report.levels.columns), 58), _LEVELS):
        sheet.set_column(position, position, width)
        sheet.write_blank(row, position, None, styles.heading)
    sheet.write_string(row, _LEVELS, report.levels.title, styles.heading)


def _write_levels(book: Scaffold, sheet: Worksheet, styles: Styles, report: SkillReport, rows: tuple[int, int]) -> None:
    """The chart of levels beside the numbers, and its table below it, beside the links: in these two rows."""
    table, (top, header) = report.levels, rows
    columns = [{"header": column.header, "header_format": styles.header(column.look)} for column in table.columns]
    options = {"name": table_name(table.name), "columns": columns, "style": None, "autofilter": False}
    sheet.add_table(header, _LEVELS, header + len(table.rows), _LEVELS + len(columns) - 1, options)
    for row, values in enumerate(table.rows, header + 1):
        for position, (column, value) in enumerate(zip(table.columns, values, strict=True), _LEVELS):
            write_value(sheet, row, position, value, styles.cell(column.look))
    for plot in table.plots:
        add_chart(book, sheet, table, plot, (header, _LEVELS), (top, _LEVELS, 10))
