"""The words that all rooms share: Problem, Change, Outcome, Event. Knows no file, no API, no face."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from importer.errors import ImporterError
from importer.remedies import Message, Remedy, fix_of

Value = str | int | None
"""What a field of a record may hold. Ids are text from first byte to last; only a level is a number."""

Key = tuple[str, ...]
"""The fields that make a record itself and no other, as text, in the order of `Endpoint.key`."""


_ROW_BITS, _COLUMN_BITS = 21, 15
"""Enough for Excel's 1,048,576 rows, counted from 1, and its 16,384 columns."""
_SHEET_BIT = _ROW_BITS + _COLUMN_BITS
_IS_CELL = 1 << 60


class CellRef(int):
    """Where a record stands in its table: a row of a list, or one cell of a matrix.

    A whole number, so that an index of half a million stays small and sorts as the sheets do: by sheet, row, column.
    A row of the first sheet is its own row number.
    """

    __slots__ = ()

    @classmethod
    def at(cls, row: int, column: int | None = None, sheet: int = 0) -> "CellRef":
        """The reference to a row (from 1), or to the cell in a column (from 0), of a table's sheet (from 0)."""
        here = row if column is None else _IS_CELL | row << _COLUMN_BITS | column
        return cls(sheet << _SHEET_BIT | here)

    @property
    def sheet(self) -> int:
        """Which of the table's sheets, counted from 0."""
        return (self & ~_IS_CELL) >> _SHEET_BIT

    @property
    def row(self) -> int:
        """The row, counted from 1 as Excel does."""
        here = self & ((1 << _SHEET_BIT) - 1)
        return here >> _COLUMN_BITS if self & _IS_CELL else here

    @property
    def column(self) -> int | None:
        """The column, counted from 0; None for a whole row."""
        return self & ((1 << _COLUMN_BITS) - 1) if self & _IS_CELL else None

    def __repr__(self) -> str:
        return f"CellRef(row={self.row}, column={self.column}, sheet={self.sheet})"


class Outcome(StrEnum):
    """What became of one input row; each row has exactly one."""

    CREATED = "created"
    UPDATED = "updated"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    INVALID = "invalid"
    REFUSED = "refused"
    CONFLICT = "conflict"
    NOT_SENT = "not sent"
    UNKNOWN = "unknown"


TO_FIX = frozenset({Outcome.INVALID, Outcome.REFUSED, Outcome.NOT_SENT, Outcome.UNKNOWN})
"""Outcomes that leave something for a person to do; their rows stand on the sheet `To fix`."""


class Mode(StrEnum):
    """What a file may ask for: `add` never changes a record that is there, `mirror` also removes what it lacks."""

    UPSERT = "upsert"
    ADD = "add"
    MIRROR = "mirror"


class Action(StrEnum):
    """What one input row asks of the account."""

    CREATE = "create"
    UPDATE = "update"
    REMOVE = "remove"
    LEAVE = "unchanged"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the user's data, or refused by Kantata: a code, a place, a sentence, remedies.

    Two are equal if they say the same of the same place. `row` and `cell` are counted as Excel shows them; `column` is
    the header as typed; `value` is the text as typed. `sheet` is None for text files.
    """

    code: str
    message: str
    remedies: tuple[Remedy, ...] = ()
    row: int | None = None
    cell: str | None = None
    column: str | None = None
    value: str | None = None
    sheet: str | None = None
    ref: CellRef | None = field(default=None, compare=False)
    """The row, or the cell of a matrix, that does not come to a record for it; several may share one problem."""

    @classmethod
    def of(cls, said: Message, ref: CellRef | None = None) -> "Problem":
        """The problem that a message says of a record; where that stands is added by who knows the table."""
        return cls(said.code, said.sentence, said.remedies, ref=ref)

    @property
    def fix(self) -> str:
        """The remedies as the command line writes them."""
        return fix_of(self.remedies)

    @property
    def place(self) -> str:
        """Where to look, for a person: `D7, Level` or `row 7`."""
        where = self.cell or (f"row {self.row}" if self.row else "")
        return ", ".join(part for part in (where, self.column) if part)

    def __str__(self) -> str:
        lead = f"{self.place}: " if self.place else ""
        return f"{lead}{self.message} {self.fix}".strip()


class Change(NamedTuple):
    """What one input row asks of the account. A tuple: a file has 100,000, and a dataclass costs four times that."""

    ref: CellRef
    key: Key
    action: Action
    fields: Mapping[str, Value]
    """What the record shall hold; a field whose value is None is left as it is."""
    record_id: str | None = None
    """The record that stands in the account now, if one does."""
    before: Mapping[str, Value] | None = None
    """What that record held when the plan was made."""


class Result(NamedTuple):
    """What became of one input row, with the record or the problems that go with it.

    `before` is what the record held before it was updated or removed: enough to put it back. `after` is what it holds
    since, where that is not what was sent.
    """

    outcome: Outcome
    record_id: str | None = None
    problems: tuple[Problem, ...] = ()
    before: Mapping[str, Value] | None = None
    after: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A run is written down, and nothing has been sent yet: `rows` are to be sent or looked for.

    `kind` is `apply` or `undo`, `file` where the person's file is, or what they call it.
    Calling `stop`, from any thread, lets nothing more leave: what is in flight comes to its end, and so does the run.
    """

    run: str
    kind: str
    endpoint: str
    file: str
    rows: int
    stop: Callable[[], None] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """A request is about to leave: its method and the rows that it carries."""

    method: str
    refs: tuple[CellRef, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """Rows have come to their outcome."""

    results: Mapping[CellRef, Result]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing is sent for `seconds`, because of `reason` (a sentence)."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The run ends before its time, because of `reason`; rows not yet sent stay so."""

    reason: ImporterError


@dataclass(frozen=True, slots=True)
class Replanned:
    """The account turned out otherwise than planned: these changes take the place of earlier ones of their rows."""

    changes: tuple[Change, ...]


Event = Begun | Sent | Answered | Waiting | Replanned | Stopped


def count_outcomes(results: Iterable[Result]) -> dict[Outcome, int]:
    """How many rows came to each outcome: every outcome is a key, in the order they are declared."""
    counted = Counter(result.outcome for result in results)
    return {outcome: counted[outcome] for outcome in Outcome}
