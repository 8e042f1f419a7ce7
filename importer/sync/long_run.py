"""A run of one long list in stages, of which one is in memory at a time. Prints nothing.

Each stage has all rows of some people. It is a run of its own in the journal, and a part of the whole. It is made when
its turn comes, sent, and verified before the next one begins.
"""

from collections.abc import Callable, Iterable, Iterator

from importer import endpoints
from importer.errors import ImporterError
from importer.model import Event, Outcome, Stopped
from importer.sync.journal_entries import Entry, Run, State
from importer.sync.recovery import OPEN
from importer.sync.run import Execution
from importer.sync.run_context import RunContext
from importer.sync.whole_run import announce_stage, end_whole


class LongRun:
    """One run with several stages of one list. `draft` gives a stage of a new run, as it was planned; without it, the
    stages are read from the journal, and compared with the account again. `on_end` is called with each that has ended.
    """

    def __init__(self, run: Run, context: RunContext, draft: Callable[[Run], Execution] | None = None) -> None:
        self.run = run
        self.context = context
        self.stop_reason: ImporterError | None = None
        self.on_end: Callable[[Execution], None] = _ignore
        self._draft = draft
        self._stage: Execution | None = None
        self._stop_requested = False

    @classmethod
    def begin(
        cls, whole: Entry, stages: Iterable[Run], context: RunContext, draft: Callable[[Run], Execution]
    ) -> "LongRun":
        """A new run, recorded in the journal with all its stages at once. Sends nothing."""
        context.journal.begin(whole, (draft(stage).entry for stage in stages))
        return cls(whole.run, context, draft)

    @property
    def writes(self) -> int:
        """How many rows are still to be sent, or to be looked for in the account."""
        return sum(map(self._left_of, self._open_stages))

    def _left_of(self, stage: Run) -> int:
        if stage.finished_at is None and self._has_begun(stage):  # it was killed
            return self._load(stage).left
        return sum((stage.outcomes or {}).get(outcome, 0) for outcome in OPEN)

    @property
    def is_in_doubt(self) -> bool:
        """Whether it stopped with a request in flight, so that nobody knows what became of it."""
        return any(self._load(stage).writes for stage in self._open_stages if self._has_begun(stage))

    @property
    def is_unclear(self) -> bool:
        """Whether a row is `unknown`."""
        return any((stage.outcomes or {}).get(Outcome.UNKNOWN) for stage in self.context.journal.stages(self.run.id))

    @property
    def was_interrupted(self) -> bool:
        """Whether a person or the system stopped it."""
        return self._stop_requested

    def stop(self) -> None:
        """Send nothing more, but finish the requests in flight."""
        self._stop_requested = True
        if self._stage is not None:
            self._stage.stop()

    def send(self) -> Iterator[Event]:
        """Send the changes that are left, stage by stage, and yield events."""
        for number, stage in enumerate(self._open_stages):
            announce_stage()
            self._stage = self._load(stage) if self._draft is None else self._draft(stage)
            if self._stop_requested:
                self._stage.stop()
            if number:  # the requests of the plan count as the first one's
                self._stage.count_from_here()
            yield from self._send(self._stage)
            self.on_end(self._stage)
            self._stage = None
            if self.stop_reason is not None:
                break
        self.run = end_whole(self.context.journal, self.run)

    def _send(self, stage: Execution) -> Iterator[Event]:
        try:
            if self._draft is None:
                stage.plan_rest()
        except ImporterError as error:
            self.stop_reason = error
            yield Stopped(error)
            stage.hold()
            return
        yield from stage.send()
        self.stop_reason = stage.stop_reason

    def recover(self) -> Iterator[Event]:
        """Find out which writes happened, by reading only, and leave the rest for `resume`."""
        for stage in self._open_stages:
            if self._has_begun(stage):
                yield from self._load(stage).recover()
        self.run = end_whole(self.context.journal, self.run)

    def leave(self) -> None:
        """End the run without sending anything: its changes are `not sent`, and `resume` does not continue it."""
        for stage in self._open_stages:
            is_left = (stage.outcomes or {}).get(Outcome.NOT_SENT)
            state = State.CLOSED if is_left else State.FINISHED
            self.context.journal.end(stage.id, state, {}, stage.details or {})
        self.run = end_whole(self.context.journal, self.run)

    @property
    def _open_stages(self) -> list[Run]:
        return [stage for stage in self.context.journal.stages(self.run.id) if stage.state is State.OPEN]

    def _has_begun(self, stage: Run) -> bool:
        return self.context.journal.has_attempts(stage.id)

    def _load(self, stage: Run) -> Execution:
        return Execution.from_journal(stage, endpoints.load(stage.endpoint), self.context)


def _ignore(_stage: Execution) -> None:
    """Used where nobody asks how a stage ended."""
