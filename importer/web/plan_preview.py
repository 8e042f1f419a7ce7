"""What a file would change, as a person sees it on the page before they say yes. Holds no rule."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from importer import ChangeList, Event, RunPlan, RunReport
from importer.messages import about_plans


@dataclass(frozen=True, slots=True)
class PlanChoices:
    """What a person chose before a comparison: the mode, whether nothing is sent if a row has a problem, and whose
    change counts where both the file and somebody else changed a record (`keep` or `overwrite`).
    """

    mode: str
    all_or_nothing: bool = False
    on_conflict: str = "keep"


@dataclass(frozen=True)
class PlanPreview:
    """What a file would change, as a person sees it before anything is sent.

    `name` is new for every plan: a person says yes to the one that they saw.
    """

    plan: RunPlan
    choices: PlanChoices
    lines: ChangeList
    name: str = field(default_factory=lambda: secrets.token_hex(8))

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many lines come to what. A large plan is not counted again for every look at it."""
        return self.lines.counts()

    @cached_property
    def forecast(self) -> dict[str, float]:
        """The requests that it takes, by method, and the seconds."""
        return self.plan.forecast

    @cached_property
    def forecast_sentence(self) -> str:
        """The same for a person."""
        return self.plan.forecast_sentence

    @cached_property
    def is_held_back(self) -> bool:
        """Whether nothing is to be sent because a row has a problem."""
        return self.plan.holds_back(all_or_nothing=self.choices.all_or_nothing)

    def run(self, on_event: Callable[[Event], None]) -> RunReport:
        """Send the plan as a person saw it and said yes to it, or not at all.

        Raises: Guarded where the account was written to since; and as `RunPlan.apply`.
        """
        plan, account = self.plan, self.plan.account
        with account.lock(f"apply {plan.name}"):
            if account.recover_runs():
                raise about_plans.earlier_run_settled()
            if plan.is_stale():
                raise about_plans.account_has_changed()
            return plan.apply(
                max_removals=len(plan.removals),
                accept=[each.code.value for each in plan.anomalies],
                all_or_nothing=self.choices.all_or_nothing,
                on_event=on_event,
            )
