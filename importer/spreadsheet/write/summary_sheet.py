"""The sheet `Summary`: what was loaded, as whom, what came of it, what to do next. Writes it, and reads back whose
workbook it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook as Scaffold
from xlsxwriter.worksheet import Worksheet

from importer.spreadsheet.write.fast_xlsx import points_of
from importer.spreadsheet.write.palette import COLOURS, HEADER, INK, QUIET
from importer.spreadsheet.write.safe_text import LONGEST
from importer.spreadsheet.write.sheet_style import set_page
from importer.table import SUMMARY, Sheet

_ACCOUNT, _ENDPOINT = "Account key", "Endpoint"
GOES_BY, NAMES = "Goes by", "names and e-mail addresses; ids of another account are left aside"


@dataclass(frozen=True, slots=True)
class Summary:
    """What the sheet says. `facts` are labels and values; `counts` are rows by outcome or planned change."""

    title: str
    endpoint: str
    account_key: str
    facts: Sequence[tuple[str, str]]
    counts: Mapping[str, int]
    counts_title: str
    requests: Mapping[str, int] = field(default_factory=dict)
    receipt: Sequence[str] = ()
    notes: Sequence[str] = ()
    next_steps: Sequence[str] = ()
    set_aside: Sequence[str] = ()
    story: Sequence[str] = ()
    """What became of each kind of record, or would, where a run has several."""
    story_title: str = "What became of each list"


_LEGEND = {
    "created": "the record is new in the account",
    "updated": "the record was changed in the account",
    "removed": "the record was removed from the account",
    "invalid": "not right, and not sent; the cell's comment says why, and what to do",
    "refused": "Kantata refused it; the cell's comment says why, and what to do",
    "conflict": "somebody changed it in the account; it was kept as it is there",
    "not sent": "not sent yet",
    "unknown": "it may have reached Kantata; `importer resume` finds out",
}
"""What the colours in a person's own sheets mean."""
_NO_COLOUR = "Where nothing changed, a cell looks as before; where a rule of your own colours it, so it does, too."


def write_summary(book: Scaffold, summary: Summary, called: str = SUMMARY, *, legend: bool = False) -> None:
    """Add the sheet to a workbook that is being laid out; with the legend of the colours in the person's sheets."""
    sheet = book.add_worksheet(called)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 92)
    set_page(sheet)
    base = {"font_color": INK, "valign": "top"}
    title = book.add_format({**base, "bold": True, "font_size": 16})
    heading = book.add_format({**base, "bold": True, "font_size": 12, "bottom": 2, "bottom_color": HEADER})
    label = book.add_format({**base, "font_color": QUIET})
    value = book.add_format({**base, "text_wrap": True, "align": "left"})
    number = book.add_format({**base, "num_format": "#,##0", "align": "left"})
    total = book.add_format({**base, "num_format": "#,##0", "align": "left", "bold": True, "top": 1})
    total_label = book.add_format({**base, "bold": True, "top": 1})

    row = 0
    sheet.write_string(row, 0, summary.title, title)
    row += 2
    for name, text in (*summary.facts, (_ENDPOINT, summary.endpoint), (_ACCOUNT, summary.account_key)):
        sheet.write_string(row, 0, name, label)
        sheet.write_string(row, 1, text[:LONGEST], value)
        row += 1
    row = _section(sheet, row, summary.counts_title, heading)
    for name, count in summary.counts.items():
        if count or name in ("created", "create"):
            sheet.write_string(row, 0, name, book.add_format({**base, **COLOURS.get(name, {})}))
            sheet.write_number(row, 1, count, number)
            row += 1
    sheet.write_string(row, 0, f"all {summary.counts_title.split()[0].lower()}", total_label)
    sheet.write_number(row, 1, sum(summary.counts.values()), total)
    row += 1
    if legend:
        row = _section(sheet, row, "Colours in your own sheets", heading)
        formats = {outcome: book.add_format({**base, **COLOURS[outcome]}) for outcome in _LEGEND}
        row = _write_legend(sheet, row, formats, value)
    if summary.requests:
        row = _section(sheet, row, "Requests made", heading)
        for name, count in summary.requests.items():
            sheet.write_string(row, 0, name, label)
            sheet.write_number(row, 1, count, number)
            row += 1
    lists = (
        (summary.story_title, summary.story),
        ("What to do next", summary.next_steps),
        ("Receipt", summary.receipt),
        ("Noticed in the file", summary.notes),
        ("Set aside in the file", summary.set_aside),
    )
    for name, texts in lists:
        if texts:
            row = _section(sheet, row, name, heading)
            for text in texts:
                sheet.write_string(row, 0, "\u2022", label)
                sheet.write_string(row, 1, text[:LONGEST], value)
                sheet.set_row(row, points_of(1 + len(text) // 92))
                row += 1


def _write_legend(sheet: Worksheet, row: int, formats: Mapping[str, Format], plain: Format) -> int:
    """What each colour means, in that colour; the first column is left to names that tell a number."""
    for outcome, text in _LEGEND.items():
        sheet.write_string(row, 1, f"{outcome}: {text}", formats[outcome])
        row += 1
    sheet.write_string(row, 1, _NO_COLOUR, plain)
    return row + 1


def _section(sheet: Worksheet, row: int, name: str, heading: Format) -> int:
    sheet.write_string(row + 1, 0, name, heading)
    sheet.write_blank(row + 1, 1, None, heading)
    return row + 2


def belongs_to(grid: Sheet) -> dict[str, str]:
    """The account, the endpoint, and what people and things go by, as a Summary sheet names them: `account`, `endpoint`
    and `goes_by`, where they are there.
    """
    told = dict(zip(*grid.columns[:2], strict=True)) if len(grid.columns) > 1 else {}
    found = {"account": told.get(_ACCOUNT), "endpoint": told.get(_ENDPOINT), "goes_by": told.get(GOES_BY)}
    return {name: text for name, text in found.items() if text}
