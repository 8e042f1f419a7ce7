"""A result workbook loaded again: what is not settled, as it was mended in the person's own sheets or in `To fix`.

Everything is compared with what stood there when the workbook was written. So a unit that is as it was, and settled,
is left out; and where a row was moved, a mend in `To fix` meets other cells than it was written for, and is refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from importer.endpoints.header import Header, column_header
from importer.layouts.list_layout import find_header
from importer.messages import about_cells, about_files
from importer.model import Problem
from importer.spreadsheet.read.book import Book
from importer.spreadsheet.write.metadata_sheet import Digests, Record, digest
from importer.table import (
    CELL,
    PLACE_COLUMN,
    TO_FIX,
    Correction,
    Layout,
    Oddity,
    Sheet,
    Table,
    address,
    parse_address,
    unit,
)
from importer.text import fold_header
from importer.validation.parsed_table import problem_at

if TYPE_CHECKING:
    import pandas as pd

_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
_SHOWN = 5

Texts = tuple[str, ...]
"""What a unit says in the columns that are used, in the order of `used_columns`."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the sheet `To fix`: where it stands, and what it says."""

    sheet: str
    row: int
    texts: Texts


@dataclass(frozen=True, slots=True)
class _ToFix:
    """The sheet `To fix`: its rows by their unit, and where each of the table's columns stands in it."""

    rows: Mapping[int, _Row]
    columns: tuple[int | None, ...]
    strays: tuple[int, ...]
    """Rows without a place in the person's sheets."""


@dataclass(frozen=True, slots=True)
class _Compared:
    """What each unit that is not settled says; those taken from `To fix`; those mended in two ways."""

    said: Mapping[int, Texts]
    mended: Mapping[int, _Row]
    clashes: Sequence[int]


def used_columns(header: Header) -> list[int]:
    """The columns of a table that are used, in an order that does not hang on where they stand."""
    return sorted(header.columns, key=lambda at: column_header(header.columns[at]))


def unsettled_rows(book: Book, record: Record, table: Table, header: Header) -> tuple[Table, tuple[Problem, ...]]:
    """The table with what is not settled, each unit as it was mended, and the units that were mended in two ways.

    Raises: Unreadable when `To fix` was changed so that its rows cannot be told apart.
    """
    used = used_columns(header)
    to_fix = _read(book, record, table, header)
    units: list[int] = table.frame.index.to_list()
    own = dict(zip(units, zip(*(table.frame[at].to_list() for at in used), strict=True), strict=True))
    found = _compare(own, to_fix, _by_unit(record.own, table), _by_unit(record.to_fix, table))
    rest = replace(
        table,
        frame=_frame(table, used, found.said),
        mends={of: Correction(row.sheet, row.row, to_fix.columns, _own(table, of)) for of, row in found.mended.items()},
        oddities=_oddities(book, table, to_fix, found.mended),
        notes=(*_notes(table, sum(of not in found.said for of in own), found, to_fix), *table.notes),
        is_rest=True,
    )
    blank = ("",) * len(used)
    return rest, tuple(_clash(rest, used, of, own.get(of, blank), to_fix) for of in found.clashes)


def _by_unit(digests: Digests, table: Table) -> dict[int, str]:
    is_matrix = table.layout is Layout.MATRIX
    return {
        unit(row, column if is_matrix else None, number): text
        for number, part in enumerate(table.parts)
        for (row, column), text in digests.get(part.sheet or "", {}).items()
    }


def _compare(
    own: Mapping[int, Texts], to_fix: _ToFix, own_before: Mapping[int, str], to_fix_before: Mapping[int, str]
) -> _Compared:
    """Each unit's own cells and its row on `To fix`, held against what stood there when the workbook was written."""
    said: dict[int, Texts] = {}
    mended: dict[int, _Row] = {}
    clashes: list[int] = []
    for of in {**own, **to_fix.rows}:
        row = to_fix.rows.get(of)
        # Cells that are blank are no unit of a matrix: they are as they were if they stood for a removal.
        texts = own[of] if of in own else ("",) * len(row.texts if row else ())
        is_changed = digest(texts) != own_before.get(of)
        if not is_changed and row is None:
            continue
        is_mended = row is not None and digest(row.texts) != to_fix_before.get(of)
        if row is not None and not is_changed:
            said[of] = row.texts
            if row.texts != texts:
                mended[of] = row
        elif of in own or is_mended:
            said[of] = texts
        if row is not None and is_changed and is_mended and row.texts != texts:
            said[of] = texts if of in own else row.texts
            clashes.append(of)
    return _Compared(said, mended, clashes)


def _read(book: Book, record: Record, table: Table, header: Header) -> _ToFix:
    """The sheet `To fix`, or as many as its rows took.

    Raises: Unreadable.
    """
    found: dict[int, _Row] = {}
    strays: list[int] = []
    columns: tuple[int | None, ...] = ()
    parts = {part.sheet: number for number, part in enumerate(table.parts)}
    for sheet in _sheets(book, record):
        grid = book.grid(sheet)
        place_at, columns = _columns(sheet, grid, table, header)
        blank = [""] * grid.height
        places = (columns[at] for at in used_columns(header))
        texts = zip(*(blank if at is None else grid.columns[at] for at in places), strict=True)
        for number, (place, said) in enumerate(zip(grid.columns[place_at], texts, strict=True), 1):
            if number == 1 or not (place or any(said)):
                continue
            of = _unit_at(place, parts, table.layout)
            if of is None:
                strays.append(number)
            elif of in found and found[of].texts != said:
                raise about_files.two_rows_for_one((found[of].row, number), sheet, place)
            else:
                found[of] = _Row(sheet, number, said)
    return _ToFix(found, columns, tuple(strays))


def _sheets(book: Book, record: Record) -> Iterator[str]:
    """The sheet, and those that hold the rows beyond what one sheet takes."""
    for name, called in record.names.items():
        if name == TO_FIX or (name.startswith(f"{TO_FIX} ") and called in book.sheets):
            yield called


def _columns(sheet: str, grid: Sheet, table: Table, header: Header) -> tuple[int, tuple[int | None, ...]]:
    """Where `To fix` has the place of a row, and each column of the table.

    Raises: Unreadable when it has no such columns.
    """
    texts = [column[0] for column in grid.columns]
    places = [at for at, text in enumerate(texts) if fold_header(text) == fold_header(PLACE_COLUMN)]
    there = find_header([texts], (header.endpoint,), 1)
    if not places or there is None:
        raise about_files.result_columns_missing(sheet, PLACE_COLUMN)
    at_of = {column_header(column): at for at, column in there.columns.items()}
    wanted = (header.columns.get(position) for position in range(len(table.headers)))
    return places[0], tuple(None if column is None else at_of.get(column_header(column)) for column in wanted)


def _unit_at(place: str, parts: Mapping[str | None, int], layout: Layout) -> int | None:
    """The unit at a place such as `Team A!D7`; None where that is no place in the sheets that were read."""
    sheet, _, cell = place.rpartition("!")
    if sheet not in parts or not _ADDRESS.fullmatch(cell):
        return None
    row, column = parse_address(cell)
    return unit(row, column if layout is Layout.MATRIX else None, parts[sheet])


def _own(table: Table, of: int) -> Texts:
    """What a unit's own cells hold, in all columns; a cell that is blank by now is no unit of the table."""
    positions = range(len(table.headers))
    return tuple(table.text(of, at) for at in positions) if of in table.frame.index else ("",) * len(positions)


def _clash(table: Table, used: Sequence[int], of: int, own: Texts, to_fix: _ToFix) -> Problem:
    """The problem of a unit that says one thing in its own cells and another in `To fix`, and neither as before."""
    row = to_fix.rows[of]
    number = max(
        (n for n, (here, there) in enumerate(zip(own, row.texts, strict=True)) if here != there),
        key=lambda n: used[n],
    )
    at = used[number]
    here, there = table.own_spot(of, at), address(row.row, to_fix.columns[at] or 0)
    mine, theirs = (here.cell, here.sheet, own[number]), (there, row.sheet, row.texts[number])
    return problem_at(table, of, at, about_cells.changed_twice(mine, theirs))


def _frame(table: Table, used: Sequence[int], said: Mapping[int, Texts]) -> "pd.DataFrame":
    """The table's rows for these units, saying this in the used columns."""
    import pandas as pd  # noqa: PLC0415  (a file is opened while pandas is still being imported; see table/ahead.py)

    frame = table.frame
    there = [of for of in frame.index.to_list() if of in said]
    frame = frame.loc[there].copy()
    if added := sorted(said.keys() - set(there)):
        index = pd.Index(added, dtype="int64", name=frame.index.name)
        rows = pd.DataFrame("", index=index, columns=frame.columns, dtype=object)
        for at, where in enumerate(table.parts[0].columns):
            if where == CELL and at not in used:
                rows[at] = [str(table.own_spot(of).cell) for of in added]
        frame = pd.concat([frame, rows]).sort_index()
    units = frame.index.to_list()
    for number, at in enumerate(used):
        frame[at] = [said[of][number] for of in units]
    return frame


def _oddities(book: Book, table: Table, to_fix: _ToFix, mended: Mapping[int, _Row]) -> dict[tuple[int, int], Oddity]:
    """What the texts alone do not tell; of a unit that is taken from `To fix`, what is told of its row there."""
    found = {at: oddity for at, oddity in table.oddities.items() if at[0] not in mended}
    return found | {
        (of, position): oddity
        for of, row in mended.items()
        for position, column in enumerate(to_fix.columns)
        if column is not None and (oddity := book.grid(row.sheet).oddities.get((row.row, column))) is not None
    }


def _notes(table: Table, left_out: int, found: _Compared, to_fix: _ToFix) -> Iterator[str]:
    if left_out:
        yield f"We left out {_counted(left_out, table)} that an earlier run settled and nobody has changed since."
    if found.mended:
        sheet = next(iter(found.mended.values())).sheet
        yield f'We took {_counted(len(found.mended), table)} as corrected on the sheet "{sheet}".'
    if to_fix.strays:
        rows = ", ".join(map(str, to_fix.strays[:_SHOWN]))
        more = f" and {len(to_fix.strays) - _SHOWN:,} more" if len(to_fix.strays) > _SHOWN else ""
        yield f"We did not load rows {rows}{more} of the sheet to fix: they have no place in your own sheets."


def _counted(number: int, table: Table) -> str:
    return f"{number:,} {table.units if number != 1 else table.units.removesuffix('s')}"
