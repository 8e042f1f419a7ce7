"""What undoing a run would change, as a person sees it before they say yes. Holds no rule."""

import secrets
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from importer import Account, ChangeList, Event, RunPlan, RunReport
from importer.messages import about_plans
from importer.web.background_job import BackgroundJob, JobState


@dataclass(frozen=True)
class UndoState(JobState):
    """The state of a preview: what the undo would change, once that is known, and its lines."""

    plan: RunPlan | None = None
    lines: ChangeList | None = None


class UndoPreview(BackgroundJob[UndoState]):
    """The undo of one run, from its plan to the yes."""

    def __init__(self, workers: Executor, run_id: str) -> None:
        super().__init__(workers, UndoState())
        self.id = secrets.token_hex(8)
        self.run_id = run_id

    def plan(self, account: Account) -> bool:
        """Find out what the undo would change, behind the page; whether that begins now. Sends no write."""

        def step(before: UndoState) -> UndoState:
            plan = account.plan_undo(self.run_id)
            return replace(before, plan=plan, lines=plan.list_changes())

        return self.start(f"Reading what run {self.run_id} has changed", step)

    def run(self, on_event: Callable[[Event], None]) -> RunReport:
        """Undo the run as a person saw it, or not at all.

        Raises: Guarded where the account has changed since; and as `RunPlan.apply`.
        """
        shown = self.state.plan
        if shown is None:
            raise about_plans.undo_not_ready()
        with shown.account.lock(f"undo {self.run_id}"):
            plan = shown.account.plan_undo(self.run_id)
            if not plan.says_the_same_as(shown):
                raise about_plans.changed_since_shown()
            return plan.apply(on_event=on_event)
