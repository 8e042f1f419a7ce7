"""Accounts for every filled cell of a sheet: it is a header, part of a record, or set aside with a reason.

Knows what a layout has taken of the sheet; decides nothing itself.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from importer.set_aside import Reason, SetAside
from importer.table import Place, Sheet, letters, number_ranges

_SHOWN_TEXTS = 12


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


@dataclass(frozen=True, slots=True)
class Account:
    """The filled cells of a sheet: how many are header, how many belong to records, and which are set aside."""

    header: int
    records: int
    set_aside: tuple[SetAside, ...]


def account_for(grid: Sheet, taken: Taken, sheet: str | None = None) -> Account:
    """Where each filled cell of the sheet went."""
    odd = grid.oddities.keys()
    columns = grid.columns

    def is_filled(row: int, column: int) -> bool:
        text = columns[column][row - 1]
        return (bool(text) and not text.isspace()) or (row, column) in odd

    all_columns = range(len(columns))
    used = [column for column in all_columns if column in taken.columns]
    unused = [column for column in all_columns if column not in taken.columns]
    own_rows = frozenset(taken.rows)
    other_rows = [row for row in range(1, grid.height + 1) if row not in own_rows]
    header = sum(is_filled(row, column) for row, column in taken.header)
    aside: dict[LeftOut, _Lines] = {}
    for row in other_rows:
        here = [at for at in all_columns if is_filled(row, at) and (row, at) not in taken.header]
        if row in taken.header_rows:
            header += len(here)
        elif row == taken.header_row:
            continue  # what stands over an unused column goes with it
        elif here:
            why = taken.rows_left.get(row) or LeftOut(as_line(columns[at][row - 1] for at in here), _why(row, taken))
            aside.setdefault(why, _Lines()).add(row, len(here))
    items = [SetAside(lines.place("row"), why.text, why.reason, lines.cells, sheet) for why, lines in aside.items()]
    for column in unused:
        rows = [row for row in (taken.header_row, *taken.rows) if is_filled(row, column)]
        rows = [row for row in rows if (row, column) not in taken.header]
        if rows:
            heading = " ".join(columns[column][taken.header_row - 1].split())
            why = taken.columns_left.get(column) or _unused(heading, (columns[column][row - 1] for row in rows))
            items.append(SetAside(f"column {letters(column)}", why.text, why.reason, len(rows), sheet))
    items += [SetAside(f"cells merged with {first}", "", Reason.MERGED, 0, sheet) for first in taken.half_merged]
    records = sum(is_filled(row, column) for column in used for row in own_rows if (row, column) not in taken.header)
    return Account(header, records, tuple(items))


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
