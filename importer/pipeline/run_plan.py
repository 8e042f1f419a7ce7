"""What a run would change, its guards, and the run itself: what `Account.plan` and `Account.plan_undo` give.

Knows when a plan may be sent; knows no sentence of a face.
"""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from importer import pipeline
from importer.messages import about_plans
from importer.messages.phrases import plan_counts
from importer.model import Action, Begun, CellRef, Event, Outcome, Problem
from importer.pipeline import history
from importer.pipeline.anomaly_check import record_accepted
from importer.pipeline.change_description import ChangeDescription, describe_change, record_names
from importer.pipeline.change_list import ChangeList
from importer.pipeline.check_result import CheckResult
from importer.pipeline.data_frames import changes_frame, counts_html, counts_text, problems_frame
from importer.pipeline.early_marks import EarlyMarks
from importer.pipeline.forecast import RequestCounts, count_requests, forecast, forecast_sentence
from importer.pipeline.json_objects import anomaly_object, merge_object, plan_object, problem_object
from importer.pipeline.missing_things import NewThing
from importer.pipeline.plan_file import write_plan_file
from importer.pipeline.planning import PreparedRun, refresh
from importer.pipeline.resume import prepare_undo
from importer.pipeline.run_report import RunReport
from importer.pipeline.run_summary import problems_in, summarize_run
from importer.pipeline.staged_summary import missing_people
from importer.sync.anomalies.anomaly import Anomaly
from importer.sync.long_run import LongRun
from importer.sync.run import Execution
from importer.sync.run_context import RunContext
from importer.sync.staged_run import StagedRun

if TYPE_CHECKING:
    from importer.pipeline.account import Account

OnEvent = Callable[[Event], None]


class RunPlan:
    """What a run would change, compared with the account when it was made. Making it has sent no write.

    `undoes` is the run that it would put back, None for a plan of a table.
    """

    def __init__(
        self,
        account: "Account",
        prepared: PreparedRun,
        *,
        index: pd.Index | None = None,
        anomalies: tuple[Anomaly, ...] = (),
        undoes: str | None = None,
    ) -> None:
        self.account = account
        self.prepared = prepared
        self.undoes = undoes
        self.anomalies = anomalies
        """What looks like an accident in the file as a whole; `apply` stops unless each is accepted by its code."""
        self.index = index
        """The index of the DataFrame that was given; None for a file."""
        self._after = account.latest_run()
        self._lock_when_made = account.current_lock

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}: {counts_text(self.counts)}>"

    @property
    def name(self) -> str:
        """The file's name, or what the DataFrame is called."""
        return self.prepared.run_input.table.source.name

    @property
    def rows(self) -> int:
        """How many rows (or cells) have an outcome."""
        return len(self.prepared.run_input.refs)

    @property
    def check(self) -> CheckResult | None:
        """The check of its table, with the problems that the account's limits add; None for an undo."""
        checked = self.prepared.checked
        return None if checked is None else CheckResult(checked, self.index)

    @property
    def checks(self) -> list[CheckResult]:
        """The check of each of its tables; none for an undo."""
        return [] if self.check is None else [self.check]

    @property
    def new(self) -> tuple[NewThing, ...]:
        """What is made first because a table names it."""
        return ()

    @property
    def missing_people(self) -> tuple[str, ...]:
        """Who stands in the table and not in the account, by name or e-mail address, each once."""
        return missing_people([(self.prepared.run_input.table, self.problem_list)])

    @property
    def problem_list(self) -> tuple[Problem, ...]:
        """The problems of its table, then what is in conflict, in sheet order each."""
        checked, plan = self.prepared.checked, self.prepared.plan
        if checked is None:
            return ()
        refused = problems_in(self.prepared.run_input, plan.results, Outcome.INVALID)
        return tuple(dict.fromkeys((*checked.problems, *refused, *self.conflicts)))

    @property
    def conflicts(self) -> tuple[Problem, ...]:
        """What somebody else changed as well and is kept, in sheet order; they are among the problems."""
        return tuple(problems_in(self.prepared.run_input, self.prepared.plan.results, Outcome.CONFLICT))

    @property
    def problems(self) -> pd.DataFrame:
        """The same as a DataFrame; see `CheckResult.problems`."""
        return problems_frame(self.problem_list, self.index)

    @property
    def changes(self) -> pd.DataFrame:
        """One row for each valid row of the table: `change`, `id`, the key, each field and what it held before.

        Shapes: `change` is create, update, unchanged or remove. The index is that of the table; a removal of a record
        that the table does not have has a missing label.
        """
        return changes_frame(self.prepared.run_input.table, self.prepared.plan.changes, self.index)

    def describe_changes(self, first: int = 0, most: int | None = None) -> list[ChangeDescription]:
        """The changes in words, without what is left as it is: at most so many, from the one at `first` (from 0) on."""
        table = self.prepared.run_input.table
        changes = [each for each in self.prepared.plan.changes.values() if each.action is not Action.LEAVE]
        shown = changes[first : None if most is None else first + most]
        names = record_names(table, shown, self.prepared.access.directory)
        return [describe_change(table, each, names, self.removals.get(each.ref)) for each in shown]

    def list_changes(self) -> ChangeList:
        """Every line of the plan with its names, to go through and to filter: removals and updates come first.

        Raises: Denied, Unreachable while names are looked up of which the file has only the ids.
        """
        return ChangeList([self.prepared])

    @property
    def counts(self) -> dict[str, int]:
        """How many rows come to what: create, update, unchanged, remove, duplicate, with problems."""
        return plan_counts(self.prepared.plan)

    @property
    def writes(self) -> int:
        """How many records would be changed."""
        return self.prepared.writes

    @property
    def removals(self) -> Mapping[CellRef, str]:
        """Each removal in words; all of them count against `max_removals`."""
        return self.prepared.removals

    @property
    def notes(self) -> tuple[str, ...]:
        """What else we noticed while reading the account, as sentences."""
        return self.prepared.plan.notes

    @property
    def forecast(self) -> dict[str, float]:
        """The requests that it takes, by method, and the seconds.

        `GET` are those that compare the records once more before the first write, unless the account was locked when
        the plan was made, and those that read them back after the last one.
        """
        client = self.prepared.access.client
        return forecast(client, self.request_counts, compares_again=self.compares_again)

    @property
    def forecast_sentence(self) -> str:
        """The same for a person: `322 changes in 14 requests, about 20 seconds`."""
        return forecast_sentence(self.forecast, self.writes)

    @property
    def request_counts(self) -> list[RequestCounts]:
        """The requests of each of its stages."""
        return [count_requests(self.prepared)]

    @property
    def compares_again(self) -> bool:
        """Whether `apply` compares with the account again, as others may have written to it since."""
        return self._lock_when_made is None

    def to_dict(self) -> dict[str, Any]:
        """The object that `importer plan --json` prints, but for where a workbook was written."""
        check = self.check
        return {
            **({} if check is None else check.to_dict()),
            **plan_object(self.prepared.plan.mode, self.counts, self.forecast),
            "merge": merge_object(self.prepared.plan),
            "new": [],
            "missing_people": list(self.missing_people),
            "problems": [problem_object(each) for each in self.problem_list],
            "removals": list(self.removals.values()),
            "accidents": [anomaly_object(each) for each in self.anomalies],
        }

    def write(self, path: str | Path, *, ask_approval: bool = False, accept: Collection[str] = ()) -> Path:
        """Write the plan as a workbook, which `apply` and `Account.plan` take, also on another machine; where it is.

        Each change has a `yes` beside it, or with `ask_approval` none: only lines that say yes are sent. What looks
        like an accident is told in it, and is accepted by its code here or when the plan is applied.
        Raises: ImporterError when the folder does not take it.
        """
        return write_plan_file(self.prepared, Path(path), self.anomalies, accept, asks_approval=ask_approval)

    def result_path(self, path: str | Path | None = None) -> Path:
        """Where the result workbook would be: `path`, else beside the file.

        Raises: Guarded when it could not be written there.
        """
        kind = "undo" if self.undoes else "result"
        return history.result_path(self.prepared.run_input.table.source.display_path, path, kind)

    def guard(self, *, max_removals: int = 0, accept: Collection[str] = ()) -> None:
        """Make sure that the plan may be sent.

        Raises: Suspected for what looks like an accident and is not accepted by its code; Guarded for more removals
        than `max_removals`.
        """
        self.guard_approval()
        self.guard_anomalies(accept)
        self.guard_removals(max_removals)

    @property
    def approval(self) -> tuple[int, int] | None:
        """Of a plan from its workbook, how many lines are approved, of how many; None for any other."""
        return self.prepared.to_approve

    def guard_approval(self) -> None:
        """Make sure that a plan from its workbook has a line that is approved, if there are lines to approve.

        Raises: Guarded.
        """
        approved, lines = self.approval or (0, 0)
        if lines and not approved:
            raise about_plans.no_line_approved(lines)

    def guard_anomalies(self, accept: Collection[str] = ()) -> None:
        """Make sure that what looks like an accident is accepted by its code.

        Raises: Suspected.
        """
        left = [each for each in self.anomalies if each.code.value not in accept]
        if left:
            suspected = about_plans.looks_like_a_mistake([each.finding for each in left])
            suspected.anomalies = tuple(anomaly_object(each) for each in left)
            raise suspected

    def guard_removals(self, max_removals: int = 0) -> None:
        """Make sure that the plan does not remove more records than allowed.

        Raises: Guarded.
        """
        count = len(self.removals)
        if count > max_removals:
            raise about_plans.too_many_removals(count, max_removals)

    def holds_back(self, *, all_or_nothing: bool) -> bool:
        """Whether the plan sends nothing because a row has a problem."""
        return all_or_nothing and bool(self.problem_list)

    def is_stale(self) -> bool:
        """Whether another run of this machine has written to the account since the plan was made.

        Raises: Guarded when the journal cannot be read.
        """
        return self.account.latest_run() != self._after

    def says_the_same_as(self, other: "RunPlan") -> bool:
        """Whether both plans have the same changes and results."""
        ours, theirs = self.prepared.plan, other.prepared.plan
        return (ours.changes, ours.results) == (theirs.changes, theirs.results)

    def apply(
        self,
        *,
        max_removals: int = 0,
        accept: Collection[str] = (),
        all_or_nothing: bool = False,
        on_event: OnEvent | None = None,
    ) -> RunReport:
        """Send the changes, and report what became of every row.

        The account is read again first: a record that has changed since the plan was made is kept as it is, and its
        row comes to `conflict`. (Within `Account.lock`, and before anything was sent, no other run can have changed
        it, and it is not read again.) With `all_or_nothing`, nothing is sent if any row has a problem; the report says
        so, with every change `not sent`.

        `on_event` is called in this thread with a `Begun`, then with each `Sent`, `Answered`, `Waiting`, `Replanned`
        and `Stopped` as it happens. What it raises ends the run where it stands, as if the process had died: `resume`
        goes on. What is wrong with a row, and a run that stops half-way, are in the report and raise nothing.
        Raises: Suspected, Guarded as `guard`, and where another run holds the account; Denied, Unreachable while the
        account is read; ImporterError where the journal cannot be written. Nothing has been sent then.
        """
        holds_back = self.holds_back(all_or_nothing=all_or_nothing)
        if not holds_back:
            self.guard(max_removals=max_removals, accept=accept)
        with self.account.lock(f"{'undo' if self.undoes else 'apply'} {self.undoes or self.name}") as lock:
            context = lock.context_for(self.prepared.access)
            if lock is not self._lock_when_made:
                self._compare_again(context)
            self._lock_when_made = None
            return self._send(context, on_event, holds_back=holds_back)

    def _send(self, context: RunContext, on_event: OnEvent | None, *, holds_back: bool) -> RunReport:
        """Begin the run and send it; one that `holds_back` is closed as it is, with every change `not sent`."""
        if not holds_back:
            self.prepared = self.with_accepted()
        execution = pipeline.begin(self.prepared, context, undoes=self.undoes)
        sends = self.writes > 0 and not holds_back
        early = EarlyMarks.begin(summarize_run(execution)) if sends else None
        follow(execution, self._file, on_event, sends=sends)
        report = RunReport(
            summarize_run(execution),
            account=self.account,
            index=self.index,
            was_interrupted=execution.was_interrupted,
            was_held_back=holds_back,
        )
        report.early = early
        return report

    def with_accepted(self) -> PreparedRun:
        """The prepared run with a note of each anomaly that the person accepted."""
        return record_accepted(self.prepared, self.anomalies)

    def compare_again(self) -> None:
        """Compare with the account again, as a stage of a plan, what names nothing that is yet to be made.

        Raises: Denied, Unreachable.
        """
        self.prepared = refresh(self.prepared)

    @property
    def _file(self) -> str:
        """The path of the person's file, or its name."""
        return self.prepared.run_input.table.source.display_path

    def _compare_again(self, context: RunContext) -> None:
        self.account.recover_runs()
        if self.undoes:
            (self.prepared,) = prepare_undo(context, self.prepared.access, self.undoes)
        else:
            self.compare_again()

    def _repr_html_(self) -> str:
        """The plan in a notebook: its counts, anomalies and first problems."""
        title = f"{self.name}: {self.forecast_sentence}" if self.writes else f"{self.name}: there is nothing to send"
        problems = [*map(str, self.anomalies), *map(str, self.problem_list[:10])]
        return counts_html(title, self.counts, [*self.notes, *problems])


def follow(
    execution: Execution | StagedRun | LongRun, file: str, on_event: OnEvent | None, *, sends: bool = True
) -> None:
    """Send a run of this file and report its events; if it sends nothing, close it as it is."""
    if not sends:
        execution.leave()
        return
    tell = on_event or ignore
    run = execution.run
    tell(Begun(run.id, run.kind, run.endpoint, file, execution.writes, execution.stop))
    for event in pipeline.send(execution):
        tell(event)


def ignore(_event: Event) -> None:
    """Used where nobody listens to events."""
