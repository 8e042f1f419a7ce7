"""The sheet that tells how a workbook is used, and what is said of a column there and over it. Knows no cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.workbook import Workbook as Scaffold

from importer.endpoints.declare import Endpoint, Field, NameColumn
from importer.spreadsheet.write.fast_xlsx import points_of
from importer.spreadsheet.write.palette import HEADER, INK, QUIET
from importer.spreadsheet.write.sheet_style import HEADER_LOOK, set_page

THEN = (
    "Save, then run: importer check FILE, which sends nothing and lists every mistake with its cell.",
    "Then run: importer apply FILE. It shows what would change and asks before it sends.",
)
"""The last steps of every workbook to fill in."""
OTHERS_STAY = (
    "What others change in Kantata meanwhile stays: only what you change here is sent. Keep the hidden sheets, which "
    "know what the account held."
)
"""What is said of every file that knows what the account held when it was written."""

Meaning = tuple[str, str, str]
"""A heading, what is accepted under it, and what it means."""


@dataclass(frozen=True, slots=True)
class Guide:
    """What the sheet says: what the workbook holds, the steps, what each heading means, and how one's own sheet may
    be laid out: the name of each layout, headings, what it looks like.
    """

    steps: Sequence[str]
    meanings: Sequence[Meaning]
    about: Sequence[str] = ()
    own_sheets: Sequence[Meaning] = ()


def write_instructions(book: Scaffold, title: str, guide: Guide, name: str = "Instructions") -> None:
    """Add the sheet, below its title."""
    sheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 2, 74)
    set_page(sheet)
    base = {"font_color": INK, "valign": "top", "text_wrap": True}
    heading = book.add_format({**HEADER_LOOK, "bg_color": HEADER})
    text, strong = book.add_format(base), book.add_format({**base, "bold": True})
    quiet = book.add_format({**base, "font_color": QUIET})

    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16, "font_color": INK}))
    row = 2
    for line in guide.about:
        sheet.set_row(row, points_of(1 + len(line) // 108))
        sheet.merge_range(row, 0, row, 2, "", quiet)
        sheet.write_string(row, 0, line, quiet)
        row += 1
    row += bool(guide.about)
    for number, step in enumerate(guide.steps, 1):
        sheet.set_row(row, points_of(1 + len(step) // 88))
        sheet.write_string(row, 0, f"Step {number}", strong)
        sheet.merge_range(row, 1, row, 2, "", text)
        sheet.write_string(row, 1, step, text)
        row += 1
    row += 1
    for heads, lines in ((_OF_HEADINGS, guide.meanings), (_OF_OWN_SHEETS, guide.own_sheets)):
        for position, head in enumerate(heads if lines else ()):
            sheet.write_string(row, position, head, heading)
        for first, second, third in lines:
            row += 1
            shape = quiet if second.startswith(_INSTEAD) else text
            sheet.set_row(row, points_of(1 + max(len(third) // 70, len(second) // 32)))
            sheet.write_string(row, 0, first, strong)
            sheet.write_string(row, 1, second, shape)
            sheet.write_string(row, 2, third, shape)
        row += 2


_INSTEAD = "instead of "
_BLANK_FOR_OLD = "Required for a new record; may be left blank for one that the account has."
_OF_HEADINGS = ("Heading", "Accepted", "What it means")
_OF_OWN_SHEETS = ("Your own sheet", "Headings, for example", "It can be loaded as it is, if it looks like this")


def meanings(endpoint: Endpoint) -> list[Meaning]:
    """What each column of the endpoint's template means."""
    return [
        (column.header, f"{_INSTEAD}{column.field}", column.description)
        if isinstance(column, NameColumn)
        else (column.name, column.accepted, column.description)
        for column in endpoint.usual_columns()
    ]


def note(endpoint: Endpoint, column: Field | NameColumn) -> str:
    """What the comment on a header says."""
    if isinstance(column, NameColumn):
        return f"{column.title}. {column.description}\n\nFill this or {_others(endpoint, column.field, column.header)}."
    need = "Required." if column.required else _BLANK_FOR_OLD if column.is_needed_to_create else "May be left blank."
    if endpoint.usual_names(column.name):
        need = f"Fill this or {_others(endpoint, column.name, column.name)}."
    return f"{column.title}. {column.description}\n\n{need} Accepted: {column.accepted}."


def _others(endpoint: Endpoint, field: str, header: str) -> str:
    """The other columns that tell the same field."""
    heads = (field, *endpoint.usual_names(field))
    return " or ".join(other for other in heads if other != header)
