"""The records of which a row, or a cell, holds several, and the table that they make. Knows texts and places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from importer.endpoints.declare import Endpoint
from importer.endpoints.header import Column, column_header
from importer.layouts.accounting import LeftOut, Taken, with_account
from importer.layouts.extract import sheet_names
from importer.layouts.proposal import SheetReading
from importer.model import CellRef
from importer.spreadsheet.read.book import Book
from importer.table import Arrangement, Oddity, Part, Sheet, SheetSummary, Table, table_columns
from importer.text_frame import text_frame


@dataclass(frozen=True, slots=True)
class Group:
    """Where the columns of one record of a row stand, and the records: the row of each, and its texts by column."""

    where: Mapping[Column, int]
    records: tuple[tuple[int, Mapping[Column, str]], ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """The records of such a list. Rows are counted from 1, columns from 0."""

    header_row: int
    endpoint: Endpoint
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    rows_left: Mapping[int, LeftOut]

    def taken(self) -> Taken:
        """What of the sheet is header and records."""
        used = frozenset(at for group in self.groups for at in group.where.values())
        return Taken(
            header=frozenset((self.header_row, at) for at in used),
            header_row=self.header_row,
            rows=sorted({row for group in self.groups for row, _ in group.records}),
            columns=used,
            rows_left=self.rows_left,
        )


def entries_table(book: Book, found: Sequence[SheetReading[Entries]]) -> Table:
    """The records of these sheets as one table, a part for each group of columns."""
    columns = list(dict.fromkeys(column for each in found for column in each.content.columns))
    named = table_columns(list(map(column_header, columns)), dict(enumerate(columns)))
    names = {column.meaning: column.name for column in named}
    texts: dict[str, list[str]] = {name: [] for name in names.values()}
    refs: list[CellRef] = []
    parts: list[Part] = []
    oddities: dict[tuple[CellRef, str], Oddity] = {}
    for reading in found:
        grid, entries = book.grid(reading.sheet), reading.content
        for group in entries.groups:
            where = {name: group.where.get(column) for column, name in names.items() if column is not None}
            heads = {name: grid.columns[at][entries.header_row - 1] for name, at in where.items() if at is not None}
            for row, told in group.records:
                ref = CellRef.at(row, sheet=len(parts))
                refs.append(ref)
                for column, name in names.items():
                    texts[name].append(told.get(column, "") if column is not None else "")
                oddities |= {
                    (ref, name): odd
                    for name, at in where.items()
                    if at is not None and (odd := grid.oddities.get((row, at))) is not None
                }
            parts.append(Part(reading.sheet, entries.header_row, where, headers=heads))
    return Table(
        source=replace(book.source(found[0].sheet), sheet=sheet_names(each.sheet for each in found)),
        endpoint=found[0].endpoint,
        parts=tuple(parts),
        columns=named,
        frame=text_frame(texts, refs),
        oddities=oddities,
        number_columns=frozenset(),
        notes=tuple(dict.fromkeys(note for each in found for note in book.grid(each.sheet).notes)),
        layout=found[0].layout,
        arrangement=Arrangement.PARTS,
        summaries=tuple(_summary(book.grid(each.sheet), each) for each in found),
    )


def _summary(grid: Sheet, reading: SheetReading[Entries]) -> SheetSummary:
    entries = reading.content
    count = sum(len(group.records) for group in entries.groups)
    return with_account(SheetSummary(reading.sheet, entries.header_row, count), grid, reading.taken)
