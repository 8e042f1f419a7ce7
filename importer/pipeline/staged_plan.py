"""A plan of several stages: what is made first, then what names it. It is shown and applied as that of one table is.

Knows the stages as plans of their own; knows no sentence of a face.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from importer.messages import about_plans
from importer.model import CellRef, Problem
from importer.pipeline import history, staged_summary
from importer.pipeline.change_description import ChangeDescription
from importer.pipeline.change_list import ChangeList
from importer.pipeline.check_result import CheckResult
from importer.pipeline.data_frames import counts_html, stack_frames
from importer.pipeline.forecast import RequestCounts
from importer.pipeline.json_objects import anomaly_object, problem_object
from importer.pipeline.missing_things import NewThing
from importer.pipeline.plan_file import write_staged_plan_file
from importer.pipeline.planning import begin_stages
from importer.pipeline.resume import prepare_undo
from importer.pipeline.run_plan import OnEvent, RunPlan, follow
from importer.pipeline.staged_planning import PlannedStage
from importer.pipeline.staged_report import StagedReport
from importer.sync.anomalies.anomaly import Anomaly
from importer.sync.run_context import RunContext
from importer.sync.whole_run import sum_counts
from importer.text import count_of

if TYPE_CHECKING:
    from importer.pipeline.account import Account


_STAGE_BIT = 64
"""Above all bits of a reference."""


class StagedPlan(RunPlan):
    """What a run of several stages would change. Making it has sent no write.

    `stages` are plans in the order in which they are sent; `new` are things that no table lists and that are made
    because some name them. `undoes` is the run that it would put back, None for a plan of tables.
    """

    def __init__(
        self,
        account: "Account",
        planned: Sequence[PlannedStage],
        *,
        anomalies: Mapping[int, tuple[Anomaly, ...]] | None = None,
        indexes: Mapping[int, pd.Index | None] | None = None,
        undoes: str | None = None,
    ) -> None:
        super().__init__(account, planned[-1].prepared, undoes=undoes)
        self.planned = tuple(planned)
        self.stages = tuple(
            RunPlan(
                account,
                each.prepared,
                index=(indexes or {}).get(-1 if each.position is None else each.position),
                anomalies=(anomalies or {}).get(at, ()),
                undoes=undoes,
            )
            for at, each in enumerate(self.planned)
        )
        self.anomalies = tuple(each for stage in self.stages for each in stage.anomalies)

    @property
    def new(self) -> tuple[NewThing, ...]:
        """What is made because a table names it, in the order in which it is made."""
        return tuple(thing for each in self.planned for thing in each.new)

    @property
    def tables(self) -> tuple[RunPlan, ...]:
        """The plans of the tables that were given, in the order in which they are sent; of an undo, all of them."""
        if self.undoes:
            return self.stages
        return tuple(stage for stage, each in zip(self.stages, self.planned, strict=True) if each.position is not None)

    @property
    def name(self) -> str:
        """The file's name; of several files the first's, and how many more."""
        names = list(dict.fromkeys(stage.name for stage in self.tables))
        return names[0] if len(names) == 1 else f"{names[0]} and {count_of(len(names) - 1, 'more file')}"

    @property
    def rows(self) -> int:
        """How many rows (or cells) of the tables have an outcome."""
        return sum(stage.rows for stage in self.tables)

    @property
    def checks(self) -> list[CheckResult]:
        """The check of each table, in the order in which they are sent."""
        return [stage.check for stage in self.tables if stage.check is not None]

    @property
    def problem_list(self) -> tuple[Problem, ...]:
        """The problems of all stages, of several tables each with the name of its file."""
        told = [(stage.prepared.run_input.table, stage.problem_list) for stage in self.stages]
        return tuple(staged_summary.problems_of_all(told, names_files=not self.undoes and len(self.tables) > 1))

    @property
    def changes(self) -> pd.DataFrame:
        """The changes of all stages, one after the other, with the endpoint of each; see `RunPlan.changes`."""
        frames = [stage.changes.assign(endpoint=stage.prepared.plan.endpoint.name) for stage in self.stages]
        return stack_frames(frames)

    def describe_changes(self, first: int = 0, most: int | None = None) -> list[ChangeDescription]:
        """The changes of all stages in words: at most so many, from the one at `first` (from 0) on."""
        every = [each for stage in self.stages for each in stage.describe_changes()]
        return every[first:] if most is None else every[first : first + most]

    def list_changes(self) -> ChangeList:
        """Every line of all stages with its names; see `RunPlan.list_changes`.

        Raises: Denied, Unreachable.
        """
        return ChangeList([stage.prepared for stage in self.stages])

    def says_the_same_as(self, other: RunPlan) -> bool:
        """Whether both plans have the same stages, with the same changes and results."""
        return (
            isinstance(other, StagedPlan)
            and len(self.stages) == len(other.stages)
            and all(mine.says_the_same_as(theirs) for mine, theirs in zip(self.stages, other.stages, strict=True))
        )

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of the tables come to what."""
        return sum_counts([stage.counts for stage in self.tables])

    @property
    def writes(self) -> int:
        """How many records would be changed."""
        return sum(stage.writes for stage in self.stages)

    @property
    def removals(self) -> Mapping[CellRef, str]:
        """Each removal in words; all of them count against `max_removals`. The keys tell stages apart."""
        return {
            CellRef(at << _STAGE_BIT | ref): text
            for at, stage in enumerate(self.stages)
            for ref, text in stage.removals.items()
        }

    @property
    def notes(self) -> tuple[str, ...]:
        """What else we noticed while reading the account, as sentences."""
        return tuple(dict.fromkeys(note for stage in self.stages for note in stage.notes))

    @property
    def missing_people(self) -> tuple[str, ...]:
        """Who stands in the tables and not in the account, by name or e-mail address, each once."""
        told = ((stage.prepared.run_input.table, stage.problem_list) for stage in self.stages)
        return staged_summary.missing_people(told)

    @property
    def request_counts(self) -> list[RequestCounts]:
        """The requests of each of its stages."""
        return [counts for stage in self.stages for counts in stage.request_counts]

    def to_dict(self) -> dict[str, Any]:
        """The object that `importer plan --json` prints."""
        parts = [stage.to_dict() for stage in self.tables]
        changes = sum_counts([part["changes"] for part in parts])
        base = parts[0] if len(parts) == 1 else {
            "endpoint": "several",
            "file": parts[0].get("file"),
            **{name: sum(part.get(name, 0) for part in parts) for name in ("rows", "valid", "invalid")},
            "notes": list(self.notes),
            "tables": parts,
        }  # fmt: skip
        return {
            **base,
            "mode": self.stages[-1].prepared.plan.mode.value,
            "changes": changes,
            "forecast": self.forecast,
            "new": [_new_object(each) for each in self.new],
            "missing_people": list(self.missing_people),
            "problems": [problem_object(each) for each in self.problem_list],
            "removals": list(self.removals.values()),
            "accidents": [anomaly_object(each) for each in self.anomalies],
        }

    def write(
        self,
        path: str | Path,
        *,
        ask_approval: bool = False,
        accept: Collection[str] = (),
    ) -> Path:
        """Write the plan as a workbook with a sheet for each stage; see `RunPlan.write`.

        Raises: ImporterError when the folder does not take it.
        """
        titles = staged_summary.titles_of([stage.prepared.run_input for stage in self.stages])
        parts = [(title, stage.prepared, stage.anomalies) for title, stage in zip(titles, self.stages, strict=True)]
        return write_staged_plan_file(parts, Path(path), accept, asks_approval=ask_approval)

    def result_path(self, path: str | Path | None = None) -> Path:
        """Where the result workbook would be: `path`, else beside the first file.

        Raises: Guarded when it could not be written there.
        """
        kind = "undo" if self.undoes else "result"
        return history.result_path(self.tables[0].prepared.run_input.table.source.display_path, path, kind)

    @property
    def approval(self) -> tuple[int, int] | None:
        """Of a plan from its workbook, how many lines are approved, of how many; None for any other."""
        told = [stage.approval for stage in self.stages if stage.approval is not None]
        return (sum(each[0] for each in told), sum(each[1] for each in told)) if told else None

    def guard_anomalies(self, accept: Collection[str] = ()) -> None:
        """Make sure that what looks like an accident is accepted by its code.

        Raises: Suspected.
        """
        for stage in self.stages:
            stage.guard_anomalies(accept)

    def guard_removals(self, max_removals: int = 0) -> None:
        """Make sure that the plan does not remove more records than allowed; an undo removes what its run made.

        Raises: Guarded.
        """
        if len(self.removals) > max_removals and not self.undoes:
            raise about_plans.too_many_removals(len(self.removals), max_removals)

    def _send(self, context: RunContext, on_event: OnEvent | None, *, holds_back: bool) -> StagedReport:
        """Begin the run and send it stage by stage; see `RunPlan`."""
        prepared = [stage.prepared if holds_back else stage.with_accepted() for stage in self.stages]
        run = begin_stages(prepared, context, undoes=self.undoes)
        follow(run, self._file, on_event, sends=self.writes > 0 and not holds_back)
        indexes = [stage.index for stage in self.stages]
        return StagedReport.of(run, indexes, account=self.account, was_held_back=holds_back)

    @property
    def _file(self) -> str:
        return self.tables[0].prepared.run_input.table.source.display_path

    def _compare_again(self, context: RunContext) -> None:
        """Compare with the account again; what names something that is yet to be made is not there."""
        self.account.recover_runs()
        again = prepare_undo(context, self.stages[0].prepared.access, self.undoes) if self.undoes else None
        for at, stage in enumerate(self.stages):
            if again is None:
                stage.compare_again()
            else:
                stage.prepared = again[at]

    def _repr_html_(self) -> str:
        """The plan in a notebook: its counts, what is made first, its first problems."""
        title = f"{self.name}: {self.forecast_sentence}" if self.writes else f"{self.name}: there is nothing to send"
        new = [f"New: {each.name} ({each.endpoint})" for each in self.new[:10]]
        return counts_html(title, self.counts, [*self.notes, *new, *map(str, self.problem_list[:10])])


def _new_object(thing: NewThing) -> dict[str, Any]:
    return {"endpoint": thing.endpoint, **thing.fields, "name": thing.name, "nearest": thing.nearest or None}
