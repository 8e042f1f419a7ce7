"""The stages of a plan that are kept on disk, and what each comes to, which is told without reading it again.

Knows prepared runs; asks no account.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from importer.model import Action, CellRef, Outcome, Problem, count_outcomes
from importer.pipeline.check_result import CheckResult
from importer.pipeline.forecast import RequestCounts, count_requests
from importer.pipeline.planning import PreparedRun
from importer.pipeline.run_plan import RunPlan
from importer.pipeline.stage_store import StageStore
from importer.sync.anomalies.anomaly import Anomaly

if TYPE_CHECKING:
    from importer.kantata.connection import Access
    from importer.pipeline.account import Account


@dataclass(frozen=True)
class StageFigures:
    """What a stage comes to: its rows, what they come to in words, and as outcomes before anything is sent; how many
    records it changes, and with which requests; its removals in words, its problems and notes, and who is missing.
    """

    rows: int
    counts: Mapping[str, int]
    outcomes: Mapping[str, int]
    writes: int
    requests: RequestCounts
    removals: Mapping[CellRef, str]
    problems: tuple[Problem, ...]
    conflicts: tuple[Problem, ...]
    notes: tuple[str, ...]
    missing_people: tuple[str, ...]

    @classmethod
    def of(cls, plan: RunPlan) -> "StageFigures":
        """The figures of a stage that was planned."""
        prepared = plan.prepared
        outcomes = {each.value: count for each, count in count_outcomes(prepared.plan.results.values()).items()}
        outcomes[Outcome.UNCHANGED] += prepared.plan.counts[Action.LEAVE]
        outcomes[Outcome.NOT_SENT] += prepared.writes
        return cls(
            plan.rows,
            plan.counts,
            {name: count for name, count in outcomes.items() if count},
            plan.writes,
            count_requests(prepared),
            plan.removals,
            plan.problem_list,
            plan.conflicts,
            prepared.plan.notes,
            plan.missing_people,
        )


class KeptStages:
    """The stages in their order, each read when it is asked for; `figures` has what each comes to, and `anomalies` what
    looks like an accident in one, each by its code.
    """

    def __init__(self, account: "Account", access: "Access", index: pd.Index | None = None) -> None:
        self._account = account
        self._index = index
        self._store = StageStore(access)
        self.figures: list[StageFigures] = []
        self.anomalies: dict[str, Anomaly] = {}

    def __len__(self) -> int:
        return len(self.figures)

    def __iter__(self) -> Iterator[PreparedRun]:
        return map(self.load, range(len(self)))

    def load(self, number: int) -> PreparedRun:
        """The stage with this number, counted from 0."""
        return self._store.load(number)

    def plan(self, number: int) -> RunPlan:
        """The same as a plan of its own."""
        return RunPlan(self._account, self.load(number), index=self._index)

    def add(self, prepared: PreparedRun, anomalies: Iterable[Anomaly] = ()) -> None:
        """Keep a stage behind the others."""
        self._store.put(len(self), prepared)
        self.figures.append(self._figures_of(prepared))
        self.anomalies = {each.code: each for each in anomalies} | self.anomalies

    def renew(self, number: int, prepared: PreparedRun) -> None:
        """Put a stage that was compared with the account again in the place of the one with this number."""
        before, now = self.figures[number], self._figures_of(prepared)
        self._store.put(number, prepared)
        self.figures[number] = replace(now, problems=tuple(dict.fromkeys((*before.problems, *now.conflicts))))

    def _figures_of(self, prepared: PreparedRun) -> StageFigures:
        return StageFigures.of(RunPlan(self._account, prepared, index=self._index))

    @property
    def notes(self) -> tuple[str, ...]:
        """What was noticed while the account was read, each once."""
        return tuple(dict.fromkeys(note for each in self.figures for note in each.notes))

    def keep_check(self, check: CheckResult) -> None:
        """Keep the check of the whole list."""
        self._store.put_check(check)

    def load_check(self) -> CheckResult:
        """The check that was kept."""
        return self._store.load_check()
