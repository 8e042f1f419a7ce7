"""One write to do, and what came of it: the words in which the run and its workers speak. Sends nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from importer.errors import ImporterError
from importer.kantata.responses import Record, Refusal
from importer.model import Action, CellRef, Change, Result
from importer.sync.journal import Intent

Suspect = tuple[Change, tuple[Refusal, ...]]
"""A change that an error's index points to, and the words about it."""


@dataclass(frozen=True, slots=True)
class Task:
    """One write to do: the bulk create of several changes, or the update or removal of one.

    Times are seconds since 1970. `tried_at` is when the first request of ours left that may have done it. `lost_at` is
    when the answer to it was lost: then it is looked for before anything is sent, not before `not_before` and for the
    `looks`th time. `others` is the other half of a batch that was refused, to be dealt with when this half is known.
    `suspects` were set aside from this batch.
    """

    changes: tuple[Change, ...]
    tried_at: float | None = None
    lost_at: float | None = None
    tries: int = 0
    """How often its answer was lost."""
    looks: int = 0
    not_before: float = 0.0
    others: tuple[Change, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    on_trial: bool = False
    """Whether its rows were set aside before, and are tried by themselves."""
    is_probe: bool = False
    """Whether it is sent to find out if it is the rows that are refused, or everything."""
    stays: Record | None = None
    """Set where the removal takes back a record of ours that stood beside this one; the row comes to this one then."""
    replanned: bool = False
    """Whether the account turned out otherwise than planned, so that the changes are new."""

    @property
    def action(self) -> Action:
        """What is asked of the account; one for all changes."""
        return self.changes[0].action

    @property
    def refs(self) -> tuple[CellRef, ...]:
        """The records whose outcome depends on this task."""
        return tuple([change.ref for change in self.changes])

    @property
    def every_ref(self) -> tuple[CellRef, ...]:
        """Those, and the records that wait for it; none, where they have come to their outcome already."""
        if self.stays is not None:
            return ()
        waiting = (*self.others, *(change for change, _ in self.suspects))
        return self.refs + tuple(change.ref for change in waiting)

    @property
    def sends(self) -> bool:
        """Whether it will send a write, rather than look for what an earlier one did."""
        return self.lost_at is None

    @property
    def intent(self) -> Intent:
        """What the journal writes down before it leaves."""
        targets = {change.ref: change.record_id for change in self.changes if change.record_id is not None}
        return Intent(self.action, self.refs, targets)

    def only(self, changes: tuple[Change, ...]) -> "Task":
        """The same, for some of its changes."""
        return replace(self, changes=changes)


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What came of a task: results for some of its rows, tasks for the others, a reason to stop.

    `verdict`, `status` and `request_id` are those of the answer to what was sent, if something was.
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
    """Whether another row should be sent by itself next, to find out if it is the rows that are refused."""

    def __add__(self, other: "TaskResult") -> "TaskResult":
        """Both, as one: the results and tasks of this one first."""
        return replace(
            self,
            results={**self.results, **other.results},
            tasks=(*self.tasks, *other.tasks),
            stop=self.stop or other.stop,
            wants_probe=self.wants_probe or other.wants_probe,
        )
