"""The plan of a list that is too long to be planned at once: made, shown and applied in stages, and told as one.

Knows what each stage came to; the stages themselves are on disk, and one at a time in memory.
"""

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from importer import pipeline
from importer.kantata.connection import Access
from importer.model import Action, CellRef, Mode, Outcome, Problem, count_outcomes
from importer.pipeline.anomaly_check import check_anomalies
from importer.pipeline.change_description import ChangeDescription
from importer.pipeline.change_list import ChangeList
from importer.pipeline.check_result import CheckResult
from importer.pipeline.data_frames import changes_frame, stack_frames
from importer.pipeline.forecast import RequestCounts, count_requests
from importer.pipeline.json_objects import anomaly_object, problem_object
from importer.pipeline.long_list import Stages
from importer.pipeline.long_summary import join_plans, summarize_long_run
from importer.pipeline.plan_file import write_plan_file
from importer.pipeline.planning import PreparedRun, close_replaced_runs, describe_start, refresh
from importer.pipeline.run_plan import OnEvent, RunPlan, follow
from importer.pipeline.run_report import RunReport
from importer.pipeline.stage_store import StageStore
from importer.pipeline.staged_planning import PlanOptions
from importer.sync.journal_entries import Entry
from importer.sync.long_run import LongRun
from importer.sync.plan import Plan
from importer.sync.run import Execution
from importer.sync.run_context import RunContext
from importer.sync.run_input import RunInput, pack, run_input_of
from importer.sync.whole_run import sum_counts
from importer.validation.schema import CheckedTable

if TYPE_CHECKING:
    from importer.pipeline.account import Account
    from importer.sync.anomalies.anomaly import Anomaly


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
    kept: int
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
            len(prepared.plan.kept) + prepared.plan.kept_besides,
            prepared.plan.notes,
            plan.missing_people,
        )


class LongPlan(RunPlan):
    """What a run of a long list would change; see `RunPlan`. `prepared` has all but the rows."""

    def __init__(
        self,
        account: "Account",
        check: CheckResult,
        access: Access,
        options: PlanOptions,
        *,
        index: pd.Index | None = None,
    ) -> None:
        """Plan the list stage by stage.

        Raises: as `pipeline.plan`.
        """
        self.stages = StageStore(access)
        self._figures: list[StageFigures] = []
        found: dict[str, Anomaly] = {}
        refused: dict[CellRef, Sequence[Problem]] = {}
        for stage in Stages(check.checked):
            prepared = pipeline.plan(stage, access, options.mode, options.on_conflict, options.creation)
            for each in check_anomalies(prepared, None):
                found.setdefault(each.code, each)
            if prepared.checked is not None:
                refused |= {ref: some for ref, some in prepared.checked.invalid.items() if ref not in stage.invalid}
            self.stages.add(prepared)
            self._figures.append(StageFigures.of(RunPlan(account, prepared, index=index)))
        self._check: CheckResult | None = CheckResult(check.checked.refuse(refused), index)
        super().__init__(
            account,
            _head(check.checked, self._notes, access, options.mode),
            index=index,
            anomalies=tuple(found.values()),
        )

    @property
    def _notes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(note for each in self._figures for note in each.notes))

    @property
    def rows(self) -> int:
        """How many rows have an outcome."""
        return sum(each.rows for each in self._figures)

    @property
    def check(self) -> CheckResult:
        """The check of the list, with the problems that the account's limits add."""
        return self.stages.load_check() if self._check is None else self._check

    @property
    def missing_people(self) -> tuple[str, ...]:
        """Who stands in the list and not in the account, by name or e-mail address, each once."""
        return tuple(dict.fromkeys(who for each in self._figures for who in each.missing_people))

    @property
    def problem_list(self) -> tuple[Problem, ...]:
        """The problems of the list, then what is in conflict, in sheet order each."""
        problems = {problem: None for each in self._figures for problem in each.problems}
        return tuple(sorted(problems, key=lambda each: each.row or 0))

    @property
    def conflicts(self) -> tuple[Problem, ...]:
        """What somebody else changed as well and is kept; they are among the problems."""
        return tuple(problem for each in self._figures for problem in each.conflicts)

    @property
    def changes(self) -> pd.DataFrame:
        """One row for each valid row of the list; see `RunPlan.changes`. It takes memory for each of them."""
        frames = (changes_frame(each.run_input.table, each.plan.changes, self.index) for each in self.stages)
        return stack_frames(list(frames))

    def describe_changes(self, first: int = 0, most: int | None = None) -> list[ChangeDescription]:
        """The changes in words; see `RunPlan.describe_changes`."""
        described: list[ChangeDescription] = []
        for number, figures in enumerate(self._figures):
            left = None if most is None else most - len(described)
            if first < figures.writes and left != 0:
                described += RunPlan(self.account, self.stages.load(number)).describe_changes(first, left)
            first = max(first - figures.writes, 0)
        return described

    def list_changes(self) -> ChangeList:
        """Every line of the plan with its names; see `RunPlan.list_changes`. It takes memory for each of them."""
        return ChangeList(list(self.stages))

    @property
    def counts(self) -> dict[str, int]:
        """How many rows come to what."""
        return sum_counts(each.counts for each in self._figures)

    @property
    def writes(self) -> int:
        """How many records would be changed."""
        return sum(each.writes for each in self._figures)

    @property
    def removals(self) -> Mapping[CellRef, str]:
        """Each removal in words; all of them count against `max_removals`."""
        return {ref: text for each in self._figures for ref, text in each.removals.items()}

    @property
    def request_counts(self) -> list[RequestCounts]:
        """The requests of each of its stages."""
        return [each.requests for each in self._figures]

    def to_dict(self) -> dict[str, Any]:
        """The object that `importer plan --json` prints, but for where a workbook was written."""
        counts = self.counts
        return {
            **self.check.to_dict(),
            "mode": self.prepared.plan.mode.value,
            "changes": {name: counts.get(name, 0) for name in ("create", "update", "unchanged", "remove")},
            "forecast": self.forecast,
            "merge": {
                "compared": self.prepared.plan.merge.is_there,
                "since": None,
                "kept": sum(each.kept for each in self._figures),
                "conflicts": len(self.conflicts),
            },
            "new": [],
            "missing_people": list(self.missing_people),
            "problems": [problem_object(each) for each in self.problem_list],
            "removals": list(self.removals.values()),
            "accidents": [anomaly_object(each) for each in self.anomalies],
        }

    def write(self, path: str | Path, *, ask_approval: bool = False, accept: Collection[str] = ()) -> Path:
        """Write the plan as a workbook; see `RunPlan.write`. It takes memory for each line."""
        whole = dataclasses.replace(join_plans(list(self.stages)), checked=self.check.checked)
        return write_plan_file(whole, Path(path), self.anomalies, accept, asks_approval=ask_approval)

    def says_the_same_as(self, other: RunPlan) -> bool:
        """Whether both plans have the same changes and results."""
        if not isinstance(other, LongPlan) or len(self.stages) != len(other.stages):
            return False
        pairs = zip(self.stages, other.stages, strict=True)
        return all((a.plan.changes, a.plan.results) == (b.plan.changes, b.plan.results) for a, b in pairs)

    def compare_again(self) -> None:
        """Compare with the account again, stage by stage.

        Raises: Denied, Unreachable.
        """
        for number in range(len(self.stages)):
            prepared = refresh(self.stages.load(number))
            self.stages.replace(number, prepared)
            figures = StageFigures.of(RunPlan(self.account, prepared))
            before = self._figures[number]
            self._figures[number] = dataclasses.replace(
                figures, problems=tuple(dict.fromkeys((*before.problems, *figures.conflicts)))
            )

    def apply(
        self,
        *,
        max_removals: int = 0,
        accept: Collection[str] = (),
        all_or_nothing: bool = False,
        on_event: OnEvent | None = None,
    ) -> RunReport:
        """Send the changes stage by stage, and report what became of every row; see `RunPlan.apply`.

        Raises: as `RunPlan.apply`.
        """
        holds_back = self.holds_back(all_or_nothing=all_or_nothing)
        if not holds_back:
            self.guard(max_removals=max_removals, accept=accept)
        with self.account.lock(f"apply {self.name}") as lock:
            context = lock.context_for(self.prepared.access)
            if lock is not self._lock_when_made:
                self._compare_again(context)
            self._lock_when_made = None
            if not holds_back:
                self.prepared = self.with_accepted()
            self._put_check_away()
            run = self._begin(context)
            follow(run, self._file, on_event, sends=self.writes > 0 and not holds_back)
            summary = summarize_long_run(context.journal, run.run, run.stop_reason)
        return RunReport(
            summary,
            account=self.account,
            index=self.index,
            was_interrupted=run.was_interrupted,
            was_held_back=holds_back,
        )

    def _put_check_away(self) -> None:
        """Keep the check on disk, so that the list is not in memory while it is sent."""
        if self._check is not None:
            self.stages.keep_check(self._check)
            self._check = None

    def _begin(self, context: RunContext) -> LongRun:
        """A new run, recorded in the journal with all its stages. Sends nothing."""
        run, head = describe_start(self.prepared, context, None)
        close_replaced_runs(run, self.prepared, context)
        whole = dataclasses.replace(run, rows=self.rows)

        def stages() -> Iterator[Entry]:
            for number, (prepared, figures) in enumerate(zip(self.stages, self._figures, strict=True), 1):
                part = dataclasses.replace(
                    whole,
                    id=f"{whole.id}.{number}",
                    part_of=whole.id,
                    stage=number,
                    rows=figures.rows,
                    details={"outcomes": figures.outcomes},
                )
                table = dataclasses.replace(prepared.run_input.table, source=head.table.source)
                run_input = dataclasses.replace(prepared.run_input, table=table, notes=(), base=None)
                yield Execution.drafted(part, run_input, context, prepared.plan, ()).entry

        return LongRun.begin(Entry(whole, pack(head)), stages(), context)


def _head(checked: CheckedTable, notes: tuple[str, ...], access: Access, mode: Mode) -> PreparedRun:
    """A run of the list without its rows."""
    table = dataclasses.replace(checked.table, frame=_without_rows(checked.table.frame), oddities={}, corrections={})
    told: RunInput = run_input_of(
        dataclasses.replace(checked, table=table, values=checked.values.iloc[:0], duplicates={}, invalid={}), notes
    )
    return PreparedRun(told, Plan(table.endpoint, mode, {}, {}, notes), access)


def _without_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns alone, with none of their texts."""
    texts = {name: frame[name].array[:0].remove_unused_categories() for name in frame}
    return pd.DataFrame(texts, index=frame.index[:0])
