"""The types that all packages share: Problem, Change, Outcome, Event. Knows no file, no API and no face."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from importer.errors import ImporterError
from importer.remedies import Message, Remedy, fix_of

Value = str | int | None
"""The value of a field. Ids are always text; only a level is a number."""

Key = tuple[str, ...]
"""The fields that identify a record, as text, in the order of `Endpoint.key`."""


def value_in_words(name: str, value: Value) -> str:
    """The value of a field for a person: `3`; `not set` for a level of 0 or none, `empty` for a text."""
    return str(value) if value else "not set" if name == "level" else "empty"


_ROW_BITS, _COLUMN_BITS = 21, 15
"""Enough for Excel's 1,048,576 rows, counted from 1, and its 16,384 columns."""
_SHEET_BIT = _ROW_BITS + _COLUMN_BITS
_IS_CELL = 1 << 60


class CellRef(int):
    """The position of a record in its table: a row of a list, or one cell of a matrix.

    It is an integer, so that an index of half a million stays small and sorts by sheet, row and column. A row of the
    first sheet equals its row number.
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
    """The outcome of an input row; each row has exactly one."""

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


TO_FIX = frozenset({Outcome.INVALID, Outcome.REFUSED, Outcome.CONFLICT, Outcome.NOT_SENT, Outcome.UNKNOWN})
"""Outcomes that need a person; their rows are on the sheet `To fix`."""


class Mode(StrEnum):
    """How to load: `add` never changes existing records; `mirror` also removes records that the file does not have."""

    UPSERT = "upsert"
    ADD = "add"
    MIRROR = "mirror"


class Action(StrEnum):
    """The kind of change that an input row asks for."""

    CREATE = "create"
    UPDATE = "update"
    REMOVE = "remove"
    LEAVE = "unchanged"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the user's data, or refused by Kantata: a code, a place, a sentence, and remedies.

    Two problems are equal if they say the same about the same place. `row` and `cell` are as Excel shows them; `column`
    is the header and `value` the text, both as typed. `sheet` is None for text files; `file` is the file's name where
    several tables are loaded together.
    """

    code: str
    message: str
    remedies: tuple[Remedy, ...] = ()
    row: int | None = None
    cell: str | None = None
    column: str | None = None
    value: str | None = None
    sheet: str | None = None
    file: str | None = None
    ref: CellRef | None = field(default=None, compare=False)
    """The row, or cell of a matrix, that has the problem; several may share one problem."""

    @classmethod
    def of(cls, message: Message, ref: CellRef | None = None) -> "Problem":
        """The problem that a message describes; callers that know the table add its place."""
        return cls(message.code, message.sentence, message.remedies, ref=ref)

    @property
    def fix(self) -> str:
        """The remedies as text for the command line."""
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
    """What one input row asks for. A tuple, because a file has 100,000 rows and a dataclass costs four times more."""

    ref: CellRef
    key: Key
    action: Action
    fields: Mapping[str, Value]
    """The new values of fields besides those of the key; a field that is not there, or None, stays as it is."""
    record_id: str | None = None
    """The id of the existing record, if there is one."""
    before: Mapping[str, Value] | None = None
    """The values of that record when the plan was made."""
    denies: bool = False
    """Whether the row says that there is no such record."""


class Result(NamedTuple):
    """The outcome of one input row, with the id of its record and its problems.

    `before` has the values of the record before it was updated or removed, which is enough to restore it. `after` has
    the values that Kantata stored, if they are not those that we sent.
    """

    outcome: Outcome
    record_id: str | None = None
    problems: tuple[Problem, ...] = ()
    before: Mapping[str, Value] | None = None
    after: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A run is in the journal and has sent nothing yet; `rows` are to be sent, or to be looked for in the account.

    `kind` is `apply` or `undo`; `file` is the path of the person's file, or its name. Any thread may call `stop`: the
    run then sends nothing more, finishes the requests in flight, and ends.
    """

    run: str
    kind: str
    endpoint: str
    file: str
    rows: int
    stop: Callable[[], None] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """A request is about to leave: its method and its rows."""

    method: str
    refs: tuple[CellRef, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """Rows have their results."""

    results: Mapping[CellRef, Result]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing is sent for `seconds`; `reason` is a sentence."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The run ends early because of `reason`; rows that were not sent yet stay `not sent`."""

    reason: ImporterError


@dataclass(frozen=True, slots=True)
class Replanned:
    """The account has changed since the plan: these changes replace the earlier changes of their rows."""

    changes: tuple[Change, ...]


Event = Begun | Sent | Answered | Waiting | Replanned | Stopped


def count_outcomes(results: Iterable[Result]) -> dict[Outcome, int]:
    """How many rows have each outcome: every outcome is a key, in the order of declaration."""
    counts = Counter(result.outcome for result in results)
    return {outcome: counts[outcome] for outcome in Outcome}
