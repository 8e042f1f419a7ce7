"""Lists: a record a row, below a header that names its fields. Knows texts, places and names; asks nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from importer.endpoints.header import Header
from importer.layouts.accounting import Taken, with_account
from importer.layouts.extract import extract_list, stack_lists
from importer.layouts.fill_down import are_meant, ask_for_blanks, fill_blanks, fill_merged, find_blanks
from importer.layouts.list_columns import ListDraft, ListOptions, find_list
from importer.layouts.proposal import (
    CELLS,
    MATRIX_NAME,
    Basis,
    Evidence,
    Layout,
    Proposal,
    SheetReading,
    SheetToRead,
)
from importer.layouts.row_classifier import list_lines
from importer.spreadsheet.read.book import Book
from importer.table import Sheet, SheetSummary, Table


@dataclass(frozen=True, slots=True)
class ListBelow:
    """A list: its header, and its sheet with the names that stand once for several rows in each of them."""

    header: Header
    filled: Sheet


def _propose(here: SheetToRead) -> Proposal[ListBelow] | None:
    draft = here.once(find_draft)
    return None if draft is None else Proposal(Evidence(draft.told), lambda: here.once(read_list))


def find_draft(here: SheetToRead) -> ListDraft | None:
    """The list in a sheet as far as its headings tell it.

    Raises: Usage, Ambiguous where a column that was told is not there, or there twice.
    """
    if here.meant == MATRIX_NAME:
        return None
    asked = here.asked
    options = ListOptions(
        asked.matrix.header_row,
        asked.columns,
        here.scale,
        here.names,
        is_only=here.is_only,
        are_levels_told=asked.scale is not None,
        is_ours=here.is_ours,
        is_person_told=asked.person is not None,
        is_endpoint_told=here.meant is not None,
    )
    found, of_things = (find_list(here.grid, some, options) for some in (here.endpoints, here.things))
    is_of_things = of_things is not None and (found is None or of_things.told > found.told)
    return of_things if is_of_things else found


def read_list(here: SheetToRead) -> SheetReading[ListBelow]:
    """The list in a sheet that has one.

    Raises: Ambiguous, Unreadable where only a person can say what a column tells.
    """
    draft = here.once(find_draft)
    assert draft is not None  # only a list that was found is read
    header = draft.header
    filled = _filled(here, header)
    taken = taken_of_list(here, filled, header)
    return SheetReading(here.name, header.endpoint, LAYOUT.name, ListBelow(header, filled), taken)


def _filled(here: SheetToRead, header: Header) -> Sheet:
    """The sheet of a list, with the names that stand once for several rows in each of them.

    Raises: Ambiguous where it may be that names above blank cells are meant for them, too.
    """
    grid = fill_merged(here.grid, header)
    if header.endpoint.name not in CELLS:
        return grid
    rows = taken_of_list(here, grid, header).rows
    blanks = find_blanks(grid, header, rows)
    if here.asked.fill_down:
        return fill_blanks(grid, blanks)
    if are_meant(blanks, rows):
        first = blanks[0]
        raise ask_for_blanks(len({blank.place[0] for blank in blanks}), first.text, first.place[0])
    return grid


def taken_of_list(here: SheetToRead, grid: Sheet, header: Header) -> Taken:
    """What of a list, with its names filled in, is header and records; where we wrote it, each row is a record."""
    left = {} if here.is_ours else list_lines(grid, header)
    below = range(header.row + 1, grid.height + 1)
    return Taken(
        header=frozenset((header.row, at) for at in header.columns),
        header_row=header.row,
        rows=[row for row in below if row not in left] if left else below,
        columns=header.columns,
        rows_left=left,
    )


# ---- the table


def _table(book: Book, found: Sequence[SheetReading[ListBelow]]) -> Table:
    return stack_lists([table_of_list(book, each, each.content.header, each.content.filled) for each in found])


def table_of_list(book: Book, reading: SheetReading[Any], header: Header, grid: Sheet) -> Table:
    """The list of one sheet, without its totals and remarks."""
    sheet = reading.sheet
    table = extract_list(grid, header, book.source(sheet), reading.taken.rows_left)
    summary = SheetSummary(sheet, header.row, len(table.frame))
    if not book.is_own_sheet(sheet):
        summary = with_account(summary, book.grid(sheet), reading.taken)
    return replace(table, layout=reading.layout, summaries=(summary,))


LAYOUT = Layout("list", "a list: one record a row", "Email, Skill, Level", Basis.HEADINGS, _propose, _table)
