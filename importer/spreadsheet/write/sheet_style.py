"""What the sheets of our workbooks have in common: their headers, the widths of their columns, how they are printed.

Knows XlsxWriter, and no value.
"""

from collections.abc import Iterable

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook as Scaffold
from xlsxwriter.worksheet import Worksheet

from importer.spreadsheet.write.palette import HEADER, HEADER_TEXT, OURS

LINE = {"bottom": 4, "bottom_color": "#D5DAE0"}
"""The thin line below each row of a list."""
HEADER_LOOK = {"bold": True, "font_color": HEADER_TEXT, "border": 1, "border_color": HEADER_TEXT}
NOTE = {"x_scale": 2.2, "y_scale": 1.4, "author": ""}
"""The size of a comment on a header."""
SHEET_AND_PAGE = "&L&A&RPage &P of &N"
_WIDEST = 44


def header_format(book: Scaffold, *, second: bool, text_wrap: bool = False) -> Format:
    """The format of a header, in our first or our second colour."""
    colour = OURS if second else HEADER
    return book.add_format({**HEADER_LOOK, "bg_color": colour, "valign": "vcenter", "text_wrap": text_wrap})


def column_width(header: str, texts: Iterable[str], narrowest: int) -> int:
    """The width of a column, in characters, that shows these texts and the header with its filter button, within
    reason.
    """
    longest = max(map(len, texts), default=0)
    return min(max(longest, len(header) + 4, narrowest) + 2, _WIDEST)


def set_page(
    sheet: Worksheet, header: int | None = None, footer: str = "", *, narrow: bool = False, fit: bool = True
) -> None:
    """Print the sheet on landscape A4, as wide as a page, with the row `header` (from 0) on each page.

    `narrow` makes the margins narrow; `fit` as False leaves the scale to the caller.
    """
    sheet.set_landscape()
    sheet.set_paper(9)
    if narrow:
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    if fit:
        sheet.fit_to_pages(1, 0)
    if header is not None:
        sheet.repeat_rows(header)
    if footer:
        sheet.set_footer(footer)


def allow_numbers_as_text(sheet: Worksheet) -> None:
    """Keep Excel from marking ids, which are text, as numbers that are stored as text."""
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
