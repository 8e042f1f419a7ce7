"""What the journal holds of a run: the run itself, its requests and answers, and what is written at its beginning.

Knows no SQL, and changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from importer.model import Action, CellRef, Change, Outcome, Result


class State(StrEnum):
    """Whether a run has ended."""

    OPEN = "open"
    """It has rows that are unknown or not sent, or was killed: `resume` continues it."""
    FINISHED = "finished"
    CLOSED = "closed"
    """It ended early, because it was undone or replaced by a later run."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `file` is the absolute path, or the name of a file of which we only had a copy.

    Times are seconds since 1970, UTC. `undoes` is the run that an undo reverses. `requests` counts requests by method.
    """

    id: str
    kind: str
    endpoint: str
    mode: str
    file: str
    sheet: str | None
    sha256: str
    account: str
    account_name: str
    base_url: str
    rows: int
    started_at: float
    undoes: str | None = None
    finished_at: float | None = None
    state: State = State.OPEN
    requests: Mapping[str, int] | None = None
    details: Mapping[str, Any] | None = None
    """Its verification and the number of rows by outcome, once it has ended or stopped."""
    part_of: str | None = None
    """The run of which it is a stage."""
    stage: int = 0
    """Which of its stages it is, counted from 1."""

    @property
    def is_open(self) -> bool:
        """Whether it can be resumed."""
        return self.state is State.OPEN

    @property
    def outcomes(self) -> Mapping[Outcome, int] | None:
        """How many rows have each outcome; None for a run that was killed."""
        counts = (self.details or {}).get("outcomes")
        return None if counts is None else {Outcome(name): count for name, count in counts.items()}


@dataclass(frozen=True, slots=True)
class Attempt:
    """A write that was about to leave: its rows, the ids of the records to change, and the answer if one came."""

    id: int
    action: Action
    refs: tuple[CellRef, ...]
    targets: Mapping[CellRef, str]
    sent_at: float
    answered_at: float | None = None
    status: int | None = None
    request_id: str | None = None
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """A write that is about to leave."""

    action: Action
    refs: tuple[CellRef, ...]
    targets: Mapping[CellRef, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to an attempt, or that none came."""

    attempt: int
    verdict: str
    status: int | None
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What is recorded of a run before its first request."""

    run: Run
    run_input: Mapping[str, Any]
    changes: Iterable[Change] = ()
    results: Mapping[CellRef, Result] = field(default_factory=dict)
