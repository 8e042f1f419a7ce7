"""One write to do, and what came of it: the words in which the run and its workers speak. Sends nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from importer.errors import ImporterError
from importer.journal import Intent
from importer.kantata.envelope import Refusal
from importer.model import Action, Change, Result

Suspect = tuple[Change, tuple[Refusal, ...]]
"""A change that an error's index points to, and the words about it."""


@dataclass(frozen=True, slots=True)
class Task:
    """One write to do: the bulk create of several changes, or the update or removal of one.

    `in_doubt_since` is when it was sent before, in seconds since 1970, if it may have happened: then it is looked for
    before anything is sent, not before `not_before` and for the `looks`th time. `others` is the other half of a batch
    that was refused, to be dealt with when this half is known. `suspects` were set aside from this batch.
    """

    changes: tuple[Change, ...]
    in_doubt_since: float | None = None
    looks: int = 0
    not_before: float = 0.0
    repeated: bool = False
    others: tuple[Change, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    on_trial: bool = False
    replanned: bool = False
    """Whether the account turned out otherwise than planned, so that the changes are new."""

    @property
    def action(self) -> Action:
        """What is asked of the account; one for all changes."""
        return self.changes[0].action

    @property
    def rows(self) -> tuple[int, ...]:
        """The input rows whose outcome depends on this task."""
        return tuple(change.row for change in self.changes)

    @property
    def every_row(self) -> tuple[int, ...]:
        """Those, and the rows that wait for it."""
        waiting = (*self.others, *(change for change, _ in self.suspects))
        return self.rows + tuple(change.row for change in waiting)

    @property
    def sends(self) -> bool:
        """Whether it will send a write, rather than look for what an earlier one did."""
        return self.in_doubt_since is None

    @property
    def intent(self) -> Intent:
        """What the journal writes down before it leaves."""
        targets = {change.row: change.record_id for change in self.changes if change.record_id is not None}
        return Intent(self.action, self.rows, targets)

    def only(self, changes: tuple[Change, ...]) -> "Task":
        """The same, for some of its changes."""
        return replace(self, changes=changes)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a task: results for some of its rows, tasks for the others, a reason to stop.

    `verdict`, `status` and `request_id` are those of the answer to what was sent, if something was; `changes` are
    those that turned out otherwise than planned.
    """

    results: Mapping[int, Result] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    stop: ImporterError | None = None
    verdict: str = ""
    status: int | None = None
    request_id: str | None = None
    wait: str = ""
    """Why the rows have to wait, in a sentence."""
