"""A run of several stages, each with one endpoint, in the order in which they need each other. Prints nothing.

Each stage is a run of its own in the journal, and a part of the whole. Ids of things that one stage makes are handed on
to those after it. A stage that stops holds back the ones after it; what one could not make holds back no more than the
rows that name it.
"""

from collections.abc import Iterator, Sequence

from importer import endpoints
from importer.errors import ImporterError
from importer.model import Event, Stopped
from importer.sync.handing_on import MadeThings
from importer.sync.journal_entries import Entry, Run, State
from importer.sync.run import Execution
from importer.sync.run_context import RunContext
from importer.sync.whole_run import announce_stage, end_whole

SEVERAL = "several"
"""The endpoint of a run that has several."""


class StagedRun:
    """One run with several stages. `stages` are in the order in which they are sent."""

    def __init__(self, run: Run, context: RunContext, stages: Sequence[Execution], *, is_new: bool) -> None:
        self.run = run
        self.context = context
        self.stages = tuple(stages)
        self.stop_reason: ImporterError | None = None
        self._is_new = is_new
        self._stop_requested = False

    @classmethod
    def begin(cls, run: Run, context: RunContext, stages: Sequence[Execution]) -> "StagedRun":
        """A new run, recorded in the journal with all its stages at once. Sends nothing."""
        context.journal.begin(Entry(run, {}), (stage.entry for stage in stages))
        return cls(run, context, stages, is_new=True)

    @classmethod
    def from_journal(cls, run: Run, context: RunContext) -> "StagedRun":
        """A stopped run from the journal."""
        stages = [
            Execution.from_journal(stage, endpoints.load(stage.endpoint), context)
            for stage in context.journal.stages(run.id)
        ]
        return cls(run, context, stages, is_new=False)

    @property
    def writes(self) -> int:
        """How many rows are still to be sent, or to be looked for in the account."""
        return sum(stage.writes for stage in self.stages)

    @property
    def is_in_doubt(self) -> bool:
        """Whether it stopped with a request in flight, so that nobody knows what became of it."""
        return self.writes > 0

    @property
    def is_unclear(self) -> bool:
        """Whether a row is `unknown`."""
        return any(stage.is_unclear for stage in self.stages)

    @property
    def was_interrupted(self) -> bool:
        """Whether a person or the system stopped it."""
        return self._stop_requested

    @property
    def finished_at(self) -> float:
        """When its last stage ended, in seconds since 1970."""
        return max(stage.finished_at for stage in self.stages)

    def stop(self) -> None:
        """Send nothing more, but finish the requests in flight."""
        self._stop_requested = True
        for stage in self.stages:
            stage.stop()

    def send(self) -> Iterator[Event]:
        """Send the changes that are left, stage by stage, and yield events."""
        made = MadeThings()
        for stage in self.stages:
            announce_stage()
            if self._is_new or stage.run.state is State.OPEN:
                yield from self._send_stage(stage, made)
            made = made.with_stage(stage.endpoint, stage.changes, stage.results)
        self._end()

    def _send_stage(self, stage: Execution, made: MadeThings) -> Iterator[Event]:
        self._count_apart(stage)
        if self.stop_reason is None:
            try:
                stage.take_things(made)
                if not self._is_new:
                    stage.plan_rest()
            except ImporterError as error:
                self.stop_reason = error
                yield Stopped(error)
        if self.stop_reason is not None:
            stage.hold()
            return
        yield from stage.send()
        self.stop_reason = stage.stop_reason

    def recover(self) -> Iterator[Event]:
        """Find out which writes happened, by reading only, and leave the rest for `resume`."""
        for stage in self.stages:
            if stage.run.state is State.OPEN:
                yield from stage.recover()
        self._end()

    def leave(self) -> None:
        """End the run without sending anything: its changes are `not sent`, and `resume` does not continue it."""
        for stage in self.stages:
            self._count_apart(stage)
            stage.leave()
        self._end()

    def _count_apart(self, stage: Execution) -> None:
        """Count the requests of each stage once; the first one has those that the plan took as well."""
        if stage is not self.stages[0]:
            stage.count_from_here()

    def _end(self) -> None:
        """Record how the whole ended."""
        self.run = end_whole(self.context.journal, self.run)
