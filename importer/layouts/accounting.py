"""Accounts for every filled cell of a sheet: it is a header, part of a record, or set aside with a reason.

Knows what a layout has taken of the sheet; decides nothing itself.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from importer.coordinates import Place, letters, number_ranges
from importer.set_aside import Reason, SetAside
from importer.table import Sheet, SheetSummary

_SHOWN_TEXTS, _MANY_ROWS = 12, 1000


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a row or a column is not loaded, and the text that names it."""

    text: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Taken:
    """What a layout has taken of a sheet: the cells of its header, and the rows and columns of its records.

    `rows_left` and `columns_left` say why others were left out; `header_rows` are wholly the header's. Rows are counted
    from 1, columns from 0.
    """

    header: frozenset[Place]
    header_row: int
    rows: Collection[int]
    columns: Collection[int]
    rows_left: Mapping[int, LeftOut] = field(default_factory=dict)
    columns_left: Mapping[int, LeftOut] = field(default_factory=dict)
    header_rows: Collection[int] = ()
    half_merged: Collection[str] = ()
    """Merged cells of several levels: of each the first one, which alone has the level."""

    def with_legend(self, grid: Sheet, cells: Collection[Place]) -> "Taken":
        """The same, where these cells that nothing else was made of say what levels mean."""
        if not cells:
            return self
        mine = {row for row, _ in cells}.difference(self.rows, self.header_rows, (self.header_row,))
        beside = {column for row, column in cells if row not in mine}.difference(self.columns)
        rows = {row: as_line(column[row - 1] for column in grid.columns) for row in mine}
        columns = {column: as_line(grid.columns[column]) for column in beside}
        return replace(
            self,
            rows_left={**self.rows_left, **{row: LeftOut(text, Reason.LEGEND) for row, text in rows.items()}},
            columns_left={**self.columns_left, **{at: LeftOut(text, Reason.LEGEND) for at, text in columns.items()}},
        )


@dataclass(frozen=True, slots=True)
class Account:
    """The filled cells of a sheet: how many are header, how many belong to records, and which are set aside."""

    header: int
    records: int
    set_aside: tuple[SetAside, ...]


def account_for(grid: Sheet, taken: Taken, sheet: str | None = None) -> Account:
    """Where each filled cell of the sheet went.

    Whole columns are counted at once, and only the cells of other rows than those of records one by one: a list has
    100,000 rows, and few of them are no records.
    """
    columns = grid.columns
    filled = _Filled(grid, taken)
    header = sum(filled.is_so(*place) for place in taken.header)
    aside: dict[LeftOut, _Lines] = {}
    for row, here in filled.of_other_rows():
        if row in taken.header_rows:
            header += len(here)
        else:
            why = taken.rows_left.get(row) or LeftOut(as_line(columns[at][row - 1] for at in here), _why(row, taken))
            aside.setdefault(why, _Lines()).add(row, len(here))
    items = [SetAside(lines.place("row"), why.text, why.reason, lines.cells, sheet) for why, lines in aside.items()]
    records = 0
    for column, texts in enumerate(columns):
        cells = filled.with_records(column)
        if column in taken.columns:
            records += cells
            continue
        is_headed = filled.is_so(taken.header_row, column) and (taken.header_row, column) not in taken.header
        if cells + is_headed:
            heading = " ".join(texts[taken.header_row - 1].split())
            why = taken.columns_left.get(column) or _unused(heading, (texts[row - 1] for row in taken.rows))
            items.append(SetAside(f"column {letters(column)}", why.text, why.reason, cells + is_headed, sheet))
    items += [SetAside(f"cells merged with {first}", "", Reason.MERGED, 0, sheet) for first in taken.half_merged]
    return Account(header, records, tuple(items))


def with_account(summary: SheetSummary, grid: Sheet, taken: Taken) -> SheetSummary:
    """The same, with what became of each filled cell of the sheet."""
    account = account_for(grid, taken, summary.sheet)
    return replace(summary, set_aside=account.set_aside, header_cells=account.header, record_cells=account.records)


class _Filled:
    """Which cells of a sheet are filled: those with a text, and odd ones."""

    def __init__(self, grid: Sheet, taken: Taken) -> None:
        self._columns = grid.columns
        self._odd = grid.oddities.keys()
        self._taken = taken
        is_other = np.ones(grid.height + 1, dtype=bool)
        is_other[np.fromiter(taken.rows, dtype=np.int64, count=len(taken.rows))] = False
        others = set((np.flatnonzero(is_other[1:]) + 1).tolist())
        if len(others) > _MANY_ROWS:  # far below a matrix there are few filled rows, each with few filled cells
            filled = {row for row, cells in enumerate(zip(*grid.columns, strict=True), 1) if any(cells)}
            others &= filled.union(row for row, _ in self._odd)
        self._other_rows = sorted(others)
        blank_but_odd = Counter(column for row, column in self._odd if not grid.columns[column][row - 1])
        in_header = Counter(column for row, column in taken.header if not is_other[row] and self.is_so(row, column))
        self._counts = [
            grid.height - texts.count("") + blank_but_odd[at] - in_header[at] for at, texts in enumerate(grid.columns)
        ]
        for row in self._other_rows:
            for column in range(len(grid.columns)):
                self._counts[column] -= self.is_so(row, column)

    def is_so(self, row: int, column: int) -> bool:
        """Whether this cell is filled."""
        return bool(self._columns[column][row - 1]) or (row, column) in self._odd

    def with_records(self, column: int) -> int:
        """How many cells of a column are filled in the rows of records, but for those of the header."""
        return self._counts[column]

    def of_other_rows(self) -> Iterator[tuple[int, list[int]]]:
        """The rows that are no records and not the header's own, with the columns of their filled cells."""
        for row in self._other_rows:
            if row == self._taken.header_row and row not in self._taken.header_rows:
                continue  # what stands over an unused column goes with it
            places = ((row, column) for column in range(len(self._columns)))
            here = [place[1] for place in places if place not in self._taken.header and self.is_so(*place)]
            if here:
                yield row, here


class _Lines:
    """Rows that were left out for the same reason."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self.cells = 0

    def add(self, number: int, cells: int) -> None:
        self._numbers.append(number)
        self.cells += cells

    def place(self, unit: str) -> str:
        """Where they are: `row 38`, `rows 6, 8 to 10`."""
        return f"{unit}{'s' if len(self._numbers) > 1 else ''} {number_ranges(self._numbers, len(self._numbers))}"


def _why(row: int, taken: Taken) -> Reason:
    return Reason.ABOVE if row < taken.header_row else Reason.BELOW


def _unused(heading: str, texts: Iterable[str]) -> LeftOut:
    return LeftOut(heading, Reason.UNUSED) if heading else LeftOut(as_line(texts), Reason.NO_HEADING)


def as_line(texts: Iterable[str]) -> str:
    """Different texts in one line."""
    trimmed = (" ".join(text.split()) for text in texts if text.strip())
    return ", ".join(list(dict.fromkeys(trimmed))[:_SHOWN_TEXTS])
