"""A task is one write to do; a task result is what came of it. Executor and workers exchange these. Sends nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from importer.errors import ImporterError
from importer.kantata.responses import Record, Refusal
from importer.model import Action, CellRef, Change, Result
from importer.sync.journal_entries import Intent

Suspect = tuple[Change, tuple[Refusal, ...]]
"""A change that the index in an error points to, and the errors."""


@dataclass(frozen=True)
class Task:
    """One write to do: the bulk create of several changes, or the update or removal of one.

    Times are seconds since 1970. `tried_at` is when our first request left that may have done the write. `lost_at` is
    when its answer was lost: the account is then read, not before `not_before`, and nothing is sent until it is known
    whether the write happened. `other_half` is the second half of a refused batch; it waits until this half is known.
    `suspects` were taken out of this batch because errors point to them.
    """

    changes: tuple[Change, ...]
    tried_at: float | None = None
    lost_at: float | None = None
    tries: int = 0
    """How often its answer was lost, or was a refusal without a reason."""
    looks: int = 0
    """How often the account was read since the answer was lost."""
    not_before: float = 0.0
    other_half: tuple[Change, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    on_trial: bool = False
    """Whether its rows were suspects, and are now sent without the others."""
    is_probe: bool = False
    """Whether it is sent to find out if Kantata refuses some rows, or every row."""
    survivor: Record | None = None
    """Set for the removal of our duplicate of this record: the row then takes this record as its own."""
    is_replanned: bool = False
    """Whether its changes are not those of the plan, because the account has changed since."""

    @property
    def action(self) -> Action:
        """The action of all its changes."""
        return self.changes[0].action

    @cached_property
    def refs(self) -> tuple[CellRef, ...]:
        """The rows of its changes."""
        return tuple([change.ref for change in self.changes])

    @property
    def all_refs(self) -> tuple[CellRef, ...]:
        """Those, and the rows that wait for this task; none if they already have their outcome."""
        if self.survivor is not None:
            return ()
        waiting = (*self.other_half, *(change for change, _ in self.suspects))
        return self.refs + tuple(change.ref for change in waiting)

    @property
    def sends(self) -> bool:
        """Whether it sends a write, rather than reads what an earlier one did."""
        return self.lost_at is None

    @property
    def intent(self) -> Intent:
        """What the journal records before the request leaves."""
        targets = {change.ref: change.record_id for change in self.changes if change.record_id is not None}
        return Intent(self.action, self.refs, targets)

    def only(self, changes: tuple[Change, ...]) -> "Task":
        """This task with only these of its changes."""
        return replace(self, changes=changes)


@dataclass(frozen=True, slots=True)
class TaskResult:
    """The outcome of a task: results for some of its rows, follow-up tasks for the others, perhaps a reason to stop.

    `verdict`, `status` and `request_id` are those of the answer, if a request was sent.
    """

    results: Mapping[CellRef, Result] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    stop: ImporterError | None = None
    verdict: str = ""
    status: int | None = None
    request_id: str | None = None
    wait: str = ""
    """Why the rows have to wait, in a sentence."""
    wants_probe: bool = False
    """Whether to send one other row next, to find out if Kantata refuses some rows, or every row."""

    def __add__(self, other: "TaskResult") -> "TaskResult":
        """Both as one, with the results and tasks of this one first."""
        return replace(
            self,
            results={**self.results, **other.results},
            tasks=(*self.tasks, *other.tasks),
            stop=self.stop or other.stop,
            wants_probe=self.wants_probe or other.wants_probe,
        )
