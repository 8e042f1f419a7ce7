"""A run that a person wants to put back: what that would change, shown before it is done. Holds no rule."""

import secrets
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from importer import pipeline
from importer.messages import about_plans
from importer.sync.run_context import RunContext
from importer.web.background_job import Standing, Work
from importer.web.sending import Begun


@dataclass(frozen=True)
class Taking(Standing):
    """How far it is: what would be put back, once that is known."""

    ready: pipeline.PreparedRun | None = None


class TakingBack(Work[Taking]):
    """The undo of one run, from its plan to the yes."""

    def __init__(self, workers: Executor, run_id: str) -> None:
        super().__init__(workers, Taking())
        self.id = secrets.token_hex(8)
        self.run_id = run_id

    def plan(self, to: pipeline.Access) -> bool:
        """Find out what would put the run back, behind the page; whether that begins now. Sends no write."""

        def step(before: Taking) -> Taking:
            own = pipeline.clone_access(to)
            with pipeline.lock_account(own, f"undo {self.run_id}") as means:
                for run in pipeline.unsettled(means):
                    pipeline.settle(means, run)
                return replace(before, ready=pipeline.prepare_undo(means, own, self.run_id))

        return self.start(f"Looking what run {self.run_id} has left", step)

    def begin(self) -> Callable[[RunContext], Begun]:
        """What puts the run back, once nobody else writes to the account: as it was shown, or not at all."""
        shown = self.now.ready

        def begin(means: RunContext) -> Begun:
            if shown is None:
                raise about_plans.undo_not_ready()
            ready = pipeline.prepare_undo(means, shown.access, self.run_id)
            if (ready.plan.changes, ready.plan.settled) != (shown.plan.changes, shown.plan.settled):
                raise about_plans.changed_since_shown()
            return Begun(pipeline.begin(ready, means, undoes=self.run_id), sends=bool(ready.writes))

        return begin
