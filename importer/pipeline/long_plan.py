"""The plan of a list that is too long to be planned at once: made, shown and applied in stages, and told as one.

Knows what each stage came to; the stages themselves are on disk, and one at a time in memory.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from importer import pipeline
from importer.kantata.connection import Access
from importer.model import CellRef, Mode, Problem
from importer.pipeline.anomaly_check import check_anomalies
from importer.pipeline.change_description import ChangeDescription
from importer.pipeline.change_list import ChangeList
from importer.pipeline.check_result import CheckResult
from importer.pipeline.data_frames import changes_frame, stack_frames
from importer.pipeline.forecast import RequestCounts
from importer.pipeline.kept_stages import KeptStages
from importer.pipeline.long_list import Stages
from importer.pipeline.long_summary import LongSummary, join_plans
from importer.pipeline.plan_file import write_plan_file
from importer.pipeline.planning import PreparedRun, close_replaced_runs, describe_start, refresh
from importer.pipeline.resume import undo_stages
from importer.pipeline.run_plan import OnEvent, RunPlan, follow
from importer.pipeline.run_report import RunReport
from importer.pipeline.run_summary import RunSummary
from importer.pipeline.staged_planning import PlanOptions
from importer.sync.executor import split_into_batches
from importer.sync.journal_entries import Entry, Run
from importer.sync.long_run import LongRun
from importer.sync.plan import Plan
from importer.sync.run import Execution
from importer.sync.run_context import RunContext
from importer.sync.run_input import RunInput, pack, run_input_of, unpack
from importer.sync.whole_run import sum_counts
from importer.validation.schema import CheckedTable

if TYPE_CHECKING:
    from importer.pipeline.account import Account


class LongPlan(RunPlan):
    """What a run of a long list would change; see `RunPlan`. `prepared` has all but the rows.

    `kept_stages` are on disk. `check` is that of the list; an undo has none.
    """

    def __init__(
        self,
        account: "Account",
        head: PreparedRun,
        stages: KeptStages,
        *,
        check: CheckResult | None = None,
        index: pd.Index | None = None,
        undoes: str | None = None,
    ) -> None:
        super().__init__(account, head, index=index, anomalies=tuple(stages.anomalies.values()), undoes=undoes)
        self.kept_stages = stages
        self._check = check
        self._has_check = check is not None

    @property
    def rows(self) -> int:
        """How many rows have an outcome."""
        return sum(each.rows for each in self.kept_stages.figures)

    @property
    def check(self) -> CheckResult | None:
        """The check of the list, with the problems that the account's limits add; None for an undo."""
        return self.kept_stages.load_check() if self._check is None and self._has_check else self._check

    @property
    def missing_people(self) -> tuple[str, ...]:
        """Who stands in the list and not in the account, by name or e-mail address, each once."""
        return tuple(dict.fromkeys(who for each in self.kept_stages.figures for who in each.missing_people))

    @property
    def problem_list(self) -> tuple[Problem, ...]:
        """The problems of the list, then what is in conflict, in sheet order each."""
        problems = dict.fromkeys(problem for each in self.kept_stages.figures for problem in each.problems)
        conflicts = frozenset(self.conflicts)
        return tuple(sorted(problems, key=lambda each: (each in conflicts, each.row or 0)))

    @property
    def conflicts(self) -> tuple[Problem, ...]:
        """What somebody else changed as well and is kept; they are among the problems."""
        return tuple(problem for each in self.kept_stages.figures for problem in each.conflicts)

    @property
    def changes(self) -> pd.DataFrame:
        """One row for each valid row of the list; see `RunPlan.changes`. It takes memory for each of them."""
        frames = (changes_frame(each.run_input.table, each.plan.changes, self.index) for each in self.kept_stages)
        return stack_frames(list(frames))

    def describe_changes(self, first: int = 0, most: int | None = None) -> list[ChangeDescription]:
        """The changes in words; see `RunPlan.describe_changes`."""
        described: list[ChangeDescription] = []
        for number, figures in enumerate(self.kept_stages.figures):
            left = None if most is None else most - len(described)
            if first < figures.writes and left != 0:
                described += self.kept_stages.plan(number).describe_changes(first, left)
            first = max(first - figures.writes, 0)
        return described

    def list_changes(self) -> ChangeList:
        """Every line of the plan with its names; see `RunPlan.list_changes`. It takes memory for each of them."""
        return ChangeList([self._whole()])

    @property
    def counts(self) -> dict[str, int]:
        """How many rows come to what."""
        return sum_counts(each.counts for each in self.kept_stages.figures)

    @property
    def writes(self) -> int:
        """How many records would be changed."""
        return sum(each.writes for each in self.kept_stages.figures)

    @property
    def removals(self) -> Mapping[CellRef, str]:
        """Each removal in words; all of them count against `max_removals`."""
        return {ref: text for each in self.kept_stages.figures for ref, text in each.removals.items()}

    @property
    def request_counts(self) -> list[RequestCounts]:
        """The requests of each of its stages."""
        return [each.requests for each in self.kept_stages.figures]

    def write(self, path: str | Path, *, ask_approval: bool = False, accept: Collection[str] = ()) -> Path:
        """Write the plan as a workbook; see `RunPlan.write`. It takes memory for each line."""
        return write_plan_file(self._whole(), Path(path), self.anomalies, accept, asks_approval=ask_approval)

    def _whole(self) -> PreparedRun:
        """All stages as one prepared run, in memory."""
        check = self.check
        return dataclasses.replace(join_plans(list(self.kept_stages)), checked=None if check is None else check.checked)

    def says_the_same_as(self, other: RunPlan) -> bool:
        """Whether both plans have the same changes and results."""
        if not isinstance(other, LongPlan) or len(self.kept_stages) != len(other.kept_stages):
            return False
        pairs = zip(self.kept_stages, other.kept_stages, strict=True)
        return all((a.plan.changes, a.plan.results) == (b.plan.changes, b.plan.results) for a, b in pairs)

    def _compare_again(self, context: RunContext) -> None:
        """Compare with the account again, stage by stage.

        Raises: Denied, Unreachable.
        """
        self.account.recover_runs()
        access = self.prepared.access
        again = undo_stages(context, access, self.undoes) if self.undoes else map(refresh, self.kept_stages)
        for number, prepared in enumerate(again):
            self.kept_stages.renew(number, prepared)

    def _send(self, context: RunContext, on_event: OnEvent | None, *, holds_back: bool) -> RunReport:
        """Begin the run and send it stage by stage, and report what became of every row; see `RunPlan`."""
        if not holds_back:
            self.prepared = self.with_accepted()
        self._put_check_away()
        run = self.begin(context)
        return RunReport(
            follow_long(run, self._file, on_event, sends=self.writes > 0 and not holds_back),
            account=self.account,
            index=self.index,
            was_interrupted=run.was_interrupted,
            was_held_back=holds_back,
        )

    def _put_check_away(self) -> None:
        """Keep the check on disk, so that the list is not in memory while it is sent."""
        if self._check is not None:
            self.kept_stages.keep_check(self._check)
            self._check = None

    def begin(self, context: RunContext) -> LongRun:
        """A new run, recorded in the journal with all its stages. Sends nothing.

        Raises: ImporterError where that cannot be written down.
        """
        run, head = describe_start(self.prepared, context, self.undoes)
        close_replaced_runs(run, self.prepared, context)
        whole = dataclasses.replace(run, rows=self.rows)
        stages = (
            dataclasses.replace(
                whole,
                id=f"{whole.id}.{number}",
                part_of=whole.id,
                stage=number,
                rows=figures.rows,
                details={"outcomes": figures.outcomes},
            )
            for number, figures in enumerate(self.kept_stages.figures, 1)
        )

        def draft(stage: Run) -> Execution:
            prepared = self.kept_stages.load(stage.stage - 1)
            table = dataclasses.replace(prepared.run_input.table, source=head.table.source)
            run_input = dataclasses.replace(prepared.run_input, table=table, notes=(), base=None)
            batches = split_into_batches(prepared.plan.changes.values(), prepared.plan.endpoint)
            return Execution.drafted(stage, run_input, context, prepared.plan, batches)

        return LongRun.begin(Entry(whole, pack(head)), stages, context, draft)


def follow_long(run: LongRun, file: str, on_event: OnEvent | None, *, sends: bool = True) -> RunSummary:
    """As `follow`; how all of it ended."""
    summary = LongSummary()
    run.on_end = summary.take
    follow(run, file, on_event, sends=sends)
    return summary.of(run.context.journal, run.run, run.stop_reason)


def plan_long_list(
    account: "Account", check: CheckResult, access: Access, options: PlanOptions, index: pd.Index | None
) -> LongPlan:
    """Plan a long list stage by stage. Sends no write.

    Raises: as `pipeline.plan`.
    """
    checked, stages = check.checked, KeptStages(account, access, index)
    refused: dict[CellRef, Sequence[Problem]] = {}
    for stage in Stages(checked):
        prepared = pipeline.plan(stage, access, options.mode, options.on_conflict, options.creation)
        if prepared.checked is not None:
            refused |= {ref: some for ref, some in prepared.checked.invalid.items() if ref not in stage.invalid}
        stages.add(prepared, check_anomalies(prepared, None))
    notes = stages.notes
    head = PreparedRun(_without_rows(checked, notes), Plan(checked.table.endpoint, options.mode, {}, {}, notes), access)
    return LongPlan(account, head, stages, check=CheckResult(checked.refuse(refused), index), index=index)


def plan_long_undo(
    account: "Account", context: RunContext, access: Access, run: str, index: pd.Index | None
) -> LongPlan:
    """What would put a run of a long list back, stage by stage. Sends no write.

    Raises: as `resume.undo_stages`.
    """
    stages = KeptStages(account, access)
    for prepared in undo_stages(context, access, run):
        stages.add(prepared)
    told = dataclasses.replace(unpack(context.journal.run_input(run)), notes=stages.notes)
    head = PreparedRun(told, Plan(told.table.endpoint, Mode.UPSERT, {}, {}, stages.notes), access)
    return LongPlan(account, head, stages, index=index, undoes=run)


def _without_rows(checked: CheckedTable, notes: tuple[str, ...]) -> RunInput:
    """The input of a run of the list, without its rows and their texts."""
    frame = checked.table.frame
    texts = {name: frame[name].array[:0].remove_unused_categories() for name in frame}
    table = dataclasses.replace(
        checked.table, frame=pd.DataFrame(texts, index=frame.index[:0]), oddities={}, corrections={}
    )
    values = checked.values.iloc[:0]
    return run_input_of(dataclasses.replace(checked, table=table, values=values, duplicates={}, invalid={}), notes)
