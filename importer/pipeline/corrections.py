"""Loads a result workbook again: the rows that are not finished, as corrected in the own sheets or in `To fix`.

Every row is compared with what it said when the workbook was written. A finished row that has not changed is left
out. If a row was moved, its correction in `To fix` no longer matches the cells it was written for, and is refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from importer.coordinates import address, parse_address
from importer.endpoints.header import column_field
from importer.layouts.choose import TableReading
from importer.messages import about_cells, about_files
from importer.model import CellRef, Problem
from importer.spreadsheet.read.book import Book
from importer.spreadsheet.write.metadata_sheet import Digests, Record
from importer.spreadsheet.write.place_digests import digest
from importer.table import CELL, PLACE_COLUMN, TO_FIX, Correction, Oddity, Sheet, Table
from importer.text import count_of, fold_header, shorten_list
from importer.text_frame import text_frame
from importer.validation.parsed_table import problem_at

_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
_SHOWN = 5

Texts = tuple[str, ...]
"""The texts of a record in the used columns, in the order of `used_columns`."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the sheet `To fix`: its place and its texts."""

    sheet: str
    row: int
    texts: Texts


@dataclass(frozen=True, slots=True)
class _ToFix:
    """The sheet `To fix`: its rows by the record's reference, and the position of each column of the table."""

    rows: Mapping[CellRef, _Row]
    columns: Mapping[str, int | None]
    strays: tuple[int, ...]
    """Rows without a place in the person's sheets."""


@dataclass(frozen=True, slots=True)
class _Compared:
    """The texts of each record to load; the rows of `To fix` that correct one; the records corrected in two ways."""

    texts: Mapping[CellRef, Texts]
    corrected: Mapping[CellRef, _Row]
    clashes: Sequence[CellRef]


def used_columns(table: Table) -> list[str]:
    """The used columns of a table, in an order that does not depend on their positions."""
    return sorted(table.used)


def without_settled_rows(book: Book, reading: TableReading) -> tuple[TableReading, tuple[Problem, ...]]:
    """The unfinished rows of a result workbook, and the problems of rows corrected in two ways; another file as it is.

    Raises: Unreadable as `unsettled_rows`.
    """
    if not reading.is_result or book.record is None:
        return reading, ()
    table, problems = unsettled_rows(book, book.record, reading.table)
    return replace(reading, table=table), problems


def unsettled_rows(book: Book, record: Record, table: Table) -> tuple[Table, tuple[Problem, ...]]:
    """The table with the unfinished records, as corrected, and the problems of those corrected in two ways.

    Raises: Unreadable when `To fix` was changed so that its rows cannot be told apart.
    """
    used = used_columns(table)
    to_fix = _read(book, record, table)
    own = dict(zip(table.refs, zip(*map(table.texts, used), strict=True), strict=True))
    found = _compare(own, to_fix, _by_ref(record.own, table), _by_ref(record.to_fix, table))
    rest = replace(
        table,
        frame=_frame(table, used, found.texts),
        corrections={
            ref: Correction(row.sheet, row.row, to_fix.columns, _own(table, ref))
            for ref, row in found.corrected.items()
        },
        oddities=_oddities(book, table, to_fix, found.corrected),
        notes=(*_notes(table, sum(ref not in found.texts for ref in own), found, to_fix), *table.notes),
        is_rest=True,
    )
    blank = ("",) * len(used)
    return rest, tuple(_clash(rest, used, ref, own.get(ref, blank), to_fix) for ref in found.clashes)


def _by_ref(digests: Digests, table: Table) -> dict[CellRef, str]:
    is_matrix = table.is_matrix
    return {
        CellRef.at(row, column if is_matrix else None, number): text
        for number, part in enumerate(table.parts)
        for (row, column), text in digests.get(part.sheet or "", ())
    }


def _compare(
    own: Mapping[CellRef, Texts],
    to_fix: _ToFix,
    own_before: Mapping[CellRef, str],
    to_fix_before: Mapping[CellRef, str],
) -> _Compared:
    """Compare each record's own cells and its row on `To fix` with what they said when the workbook was written."""
    said: dict[CellRef, Texts] = {}
    mended: dict[CellRef, _Row] = {}
    clashes: list[CellRef] = []
    for ref in {**own, **to_fix.rows}:
        row = to_fix.rows.get(ref)
        # Cells that are blank are no record of a matrix: they are as they were if they stood for a removal.
        texts = own[ref] if ref in own else ("",) * len(row.texts if row else ())
        is_changed = digest(texts) != own_before.get(ref)
        if not is_changed and row is None:
            continue
        is_mended = row is not None and digest(row.texts) != to_fix_before.get(ref)
        if row is not None and not is_changed:
            said[ref] = row.texts
            if row.texts != texts:
                mended[ref] = row
        elif ref in own or is_mended:
            said[ref] = texts
        if row is not None and is_changed and is_mended and row.texts != texts:
            said[ref] = texts if ref in own else row.texts
            clashes.append(ref)
    return _Compared(said, mended, clashes)


def _read(book: Book, record: Record, table: Table) -> _ToFix:
    """The sheet `To fix`, or as many as its rows took.

    Raises: Unreadable.
    """
    found: dict[CellRef, _Row] = {}
    strays: list[int] = []
    columns: Mapping[str, int | None] = {}
    parts = {part.sheet: number for number, part in enumerate(table.parts)}
    for sheet in _sheets(book, record):
        grid = book.grid(sheet)
        place_at, columns = _columns(sheet, grid, table)
        blank = [""] * grid.height
        places = (columns[name] for name in used_columns(table))
        texts = zip(*(blank if at is None else grid.columns[at] for at in places), strict=True)
        for number, (place, said) in enumerate(zip(grid.columns[place_at], texts, strict=True), 1):
            if number == 1 or not (place or any(said)):
                continue
            ref = _ref_at(place, parts, is_matrix=table.is_matrix)
            if ref is None:
                strays.append(number)
            elif ref in found and found[ref].texts != said:
                raise about_files.two_rows_for_one((found[ref].row, number), sheet, place)
            else:
                found[ref] = _Row(sheet, number, said)
    return _ToFix(found, columns, tuple(strays))


def _sheets(book: Book, record: Record) -> Iterator[str]:
    """The names of the sheets `To fix`, `To fix 2` and so on."""
    for name, called in record.names.items():
        if name == TO_FIX or (name.startswith(f"{TO_FIX} ") and called in book.sheets):
            yield called


def _columns(sheet: str, grid: Sheet, table: Table) -> tuple[int, dict[str, int | None]]:
    """Where `To fix` has the place of a row, and each column of the table.

    Raises: Unreadable when it has no such columns.
    """
    texts = [column[0] for column in grid.columns]
    places = [at for at, text in enumerate(texts) if fold_header(text) == fold_header(PLACE_COLUMN)]
    headed = {fold_header(text): at for at, text in reversed(list(enumerate(texts))) if text}
    position_of = {each.name: at for each in table.columns if (at := headed.get(fold_header(each.header))) is not None}
    needed = {each.name for each in table.endpoint.fields if each.required and any(table.telling(each.name))}
    told = {column_field(column) for name, column in table.used.items() if name in position_of}
    if not places or needed - told:
        raise about_files.result_columns_missing(sheet, PLACE_COLUMN)
    return places[0], {name: position_of.get(name) if name in table.used else None for name in table.names}


def _ref_at(place: str, parts: Mapping[str | None, int], *, is_matrix: bool) -> CellRef | None:
    """The record at a place such as `Team A!D7`; None if that is no place in these sheets."""
    sheet, _, cell = place.rpartition("!")
    if sheet not in parts or not _ADDRESS.fullmatch(cell):
        return None
    row, column = parse_address(cell)
    return CellRef.at(row, column if is_matrix else None, parts[sheet])


def _own(table: Table, ref: CellRef) -> dict[str, str]:
    """The texts of a record's own cells in all columns; a cell that is blank now is no record of the table."""
    is_there = ref in table.frame.index
    return {name: table.text(ref, name) if is_there else "" for name in table.names}


def _clash(table: Table, used: Sequence[str], ref: CellRef, own: Texts, to_fix: _ToFix) -> Problem:
    """The problem of a record that was changed in its own cells and, differently, in `To fix`."""
    row = to_fix.rows[ref]
    order = table.names
    number = max(
        (n for n, (here, there) in enumerate(zip(own, row.texts, strict=True)) if here != there),
        key=lambda n: order.index(used[n]),
    )
    name = used[number]
    here, there = table.own_location(ref, name), address(row.row, to_fix.columns[name] or 0)
    mine, theirs = (here.cell, here.sheet, own[number]), (there, row.sheet, row.texts[number])
    return problem_at(table, ref, name, about_cells.changed_twice(mine, theirs))


def _frame(table: Table, used: Sequence[str], texts_of: Mapping[CellRef, Texts]) -> Any:
    """The records in `texts_of`, with those texts in the used columns."""
    there = set(table.refs)
    refs = sorted(texts_of)
    own = {name: dict(zip(table.refs, table.texts(name), strict=True)) for name in table.names if name not in used}
    address_column = next((name for name, at in table.parts[0].columns.items() if at == CELL), None)
    texts = {name: [texts_of[ref][number] for ref in refs] for number, name in enumerate(used)}
    for name, of in own.items():
        is_address = name == address_column
        added = (str(table.own_location(ref).cell) if is_address else "" for ref in refs if ref not in there)
        texts[name] = [of[ref] if ref in there else next(added) for ref in refs]
    return text_frame({name: texts[name] for name in table.names}, refs)


def _oddities(
    book: Book, table: Table, to_fix: _ToFix, mended: Mapping[CellRef, _Row]
) -> dict[tuple[CellRef, str], Oddity]:
    """The oddities of the cells; for a record corrected in `To fix`, those of its row there."""
    found = {at: oddity for at, oddity in table.oddities.items() if at[0] not in mended}
    return found | {
        (ref, name): oddity
        for ref, row in mended.items()
        for name, column in to_fix.columns.items()
        if column is not None and (oddity := book.grid(row.sheet).oddities.get((row.row, column))) is not None
    }


def _notes(table: Table, left_out: int, found: _Compared, to_fix: _ToFix) -> Iterator[str]:
    unit = table.units.removesuffix("s")
    if left_out:
        units = count_of(left_out, unit, table.units)
        yield f"We left out {units} that an earlier run settled and nobody has changed since."
    if found.corrected:
        sheet = next(iter(found.corrected.values())).sheet
        yield f'We took {count_of(len(found.corrected), unit, table.units)} as corrected on the sheet "{sheet}".'
    if to_fix.strays:
        rows = shorten_list(list(map(str, to_fix.strays)), _SHOWN)
        yield f"We did not load rows {rows} of the sheet to fix: they have no place in your own sheets."
