"""The words that all rooms share: Problem, Change, Outcome, Event. Knows no file, no API, no face."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from importer.errors import ImporterError
from importer.remedies import Message, Remedy, fix_of

Value = str | int | None
"""What a field of a record may hold. Ids are text from first byte to last; only a level is a number."""

Key = tuple[str, ...]
"""The fields that make a record itself and no other, as text, in the order of `Endpoint.key`."""


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
    unit: int | None = field(default=None, compare=False)
    """The row, or the cell of a matrix, that does not come to a record for it; several may share one problem."""

    @classmethod
    def of(cls, said: Message, row: int | None = None) -> "Problem":
        """The problem that a message says of a row."""
        return cls(said.code, said.sentence, said.remedies, row)

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

    row: int
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

    `before` is what the record held before it was updated or removed: enough to put it back. `left` is what it holds
    since, where that is not what was sent.
    """

    outcome: Outcome
    record_id: str | None = None
    problems: tuple[Problem, ...] = ()
    before: Mapping[str, Value] | None = None
    left: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A request is about to leave: its method and the rows that it carries."""

    method: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """Rows have come to their outcome."""

    results: Mapping[int, Result]


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


Event = Sent | Answered | Waiting | Replanned | Stopped


def count_outcomes(results: Iterable[Result]) -> dict[Outcome, int]:
    """How many rows came to each outcome: every outcome is a key, in the order they are declared."""
    counted = Counter(result.outcome for result in results)
    return {outcome: counted[outcome] for outcome in Outcome}
