"""One trial of several stages: carried out by the real program, resumed as often as it asks, undone, and judged."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import openpyxl

from importer import Account, pipeline
from importer.audit_events import AuditEvent
from importer.errors import ImporterError
from importer.kantata.client import Client
from importer.kantata.connection import Access, Connection
from importer.pipeline.history import load_run_record
from importer.pipeline.planning import PreparedRun, begin_stages
from importer.pipeline.resume import AnyRun, interrupted_runs, prepare_undo, recover, resume
from importer.pipeline.staged_plan import StagedPlan
from importer.pipeline.staged_planning import PlannedStage
from importer.pipeline.staged_report import StagedReport
from importer.sandbox import Running
from importer.settings import Settings
from importer.sync.journal import Journal
from importer.sync.journal_entries import State
from importer.sync.long_run import LongRun
from importer.sync.run import Execution
from importer.sync.run_context import RunContext
from importer.sync.staged_run import StagedRun
from tests.audit import listening
from tests.books import as_dicts
from tests.soak.ledger import Ledger, Others
from tests.soak.meddler import Meddler
from tests.soak.schedule import Kind, Row, Table
from tests.soak.staged_judge import Said, StagedJudge
from tests.soak.staged_schedule import (
    EVERY,
    GROUP_RECORDS,
    GROUPS,
    PLACE_RECORDS,
    PLACES,
    SKILL_RECORDS,
    SKILLS,
    WITHIN,
    Meddling,
    StagedSchedule,
)
from tests.soak.trial import MOST_RESUMES, SETTLE_S, client_of, make_valid

_HEADERS = {
    SKILLS: ("name", "category", "max_level", "description", "action"),
    GROUPS: ("name", "notes", "action"),
    PLACES: ("tree", "path"),
    SKILL_RECORDS: ("user_id", "skill", "level", "action"),
    GROUP_RECORDS: ("user_id", "group", "action"),
    PLACE_RECORDS: ("member_type", "member_id", "geography", "department"),
}


@dataclass(frozen=True, slots=True)
class StagedTrial:
    """How a trial ended: what is not true, and what it went through."""

    schedule: StagedSchedule
    wrong: tuple[str, ...]
    faults: int = 0
    rows: int = 0
    resumes: int = 0
    stages: int = 0
    meddled: int = 0
    is_undone: bool = False
    outcomes: Counter[str] = field(default_factory=Counter)


def carry_out(kantata: Running, schedule: StagedSchedule, folder: Path) -> StagedTrial:
    """Load the schedule's files to their end, whatever goes wrong, undo that, and judge both."""
    folder.mkdir(parents=True, exist_ok=True)
    with client_of(kantata, schedule.workers) as client, closing(Journal(folder / "state")) as journal:
        trial = _Trial(kantata, schedule, client, journal, folder)
        trial.load()
        if schedule.undoes or schedule.undoes_at_once:
            trial.undo()
        return StagedTrial(
            schedule,
            tuple(trial.wrong),
            trial.faults,
            len(trial.told),
            trial.resumes,
            len(trial.stages),
            len(trial.others.touched),
            trial.is_undone,
            Counter(said.outcome.value for said in trial.told.values()),
        )


class _Trial:
    """What is known of a trial on its way."""

    def __init__(
        self, kantata: Running, schedule: StagedSchedule, client: Client, journal: Journal, folder: Path
    ) -> None:
        self.kantata, self.schedule, self.client, self.journal = kantata, schedule, client, journal
        self.folder = folder
        self.ledger = Ledger(kantata, int(client.me().user_id))
        self.others = Others()
        self.meddler = Meddler(kantata, self.ledger, self.others)
        self.wrong: list[str] = []
        self.told: dict[tuple[Table, Row], Said] = {}
        self.stages: Sequence[Execution] = ()
        self.faults = self.resumes = 0
        self.is_undone = self._was_left = False
        self._rows: list[tuple[Table, Sequence[Row]]] = []
        """The rows of each stage, in its order."""

    # ---- the load

    def load(self) -> None:
        """Load the files, to the end or to the first stop."""
        self.kantata.set(**self.schedule.switches)
        self.kantata.faults(self.schedule.faults)
        run: AnyRun | None = None
        requests = count(1)
        last: ImporterError | None = None
        for start in range(MOST_RESUMES):
            try:
                again = self._begin(self._access()) if run is None else self._resume(run)
                if again is None:
                    break
                run = again
                self.resumes += start > 0
                self._was_left = True
                self._follow(run, requests, start)
            except ImporterError as error:
                last = error  # the account could not be read: a person would wait a little, and try again
            if run is not None:
                self._judge(run, at_end=False)
                if run.run.state is State.FINISHED or self.schedule.undoes_at_once:
                    break
            make_valid(self.kantata, self.client, self.schedule.workers)
        else:
            raise AssertionError(
                f"{self.schedule}: no end after {MOST_RESUMES} times; {(run and run.stop_reason) or last}"
            )
        assert run is not None, str(self.schedule)
        self.faults += self._count_faults()
        self.run = run
        if run.run.state is State.FINISHED:
            self._judge(run, at_end=True)
            self._check_result(run)

    def _resume(self, run: AnyRun) -> AnyRun | None:
        """The run, ready to go on; perhaps it was looked into before, as another load does first."""
        if self.schedule.recovers:
            for each in interrupted_runs(self._means()):
                recover(self._means(), each)
        return resume(self._means(), run.run.id)

    def _access(self) -> Access:
        return Access(self.client.me(), self.client, Connection(Settings(self.client.base_url, None, Path())))

    def _means(self) -> RunContext:
        return RunContext(self.client.me(), self.client, self.journal, SETTLE_S)

    def _begin(self, access: Access) -> AnyRun:
        """The run of the files, planned and written down."""
        schedule = self.schedule
        account = Account(self.kantata.token, base_url=self.kantata.url, folder=self.folder / "state")
        account.__dict__["access"] = access  # by the client that does not wait
        tables = [
            account.read(
                _write(self.folder / f"{at}.csv", table, rows),
                table.endpoint,
                header_row=1,
                create_missing=sorted(schedule.created),
                new_names=[str(row.key[-1]) for _, some in schedule.lists for row in some],
                new_skill_category="Skill",
                new_skill_levels="5",
            )
            for at, (table, rows) in enumerate(schedule.lists)
        ]
        plan = account.plan_all(tables, mode=schedule.mode)
        planned = plan.planned if isinstance(plan, StagedPlan) else [PlannedStage(plan.prepared, 0)]
        self._rows = [self._rows_of(stage) for stage in planned]
        run = _begin([each.prepared for each in planned], self._means())
        for table, key in self.schedule.twins:
            other = [*key[:-1], _in_other_letters(str(key[-1]))]
            self.meddler.do(Meddling(0, "make", table, tuple(other)))
        return run

    def _rows_of(self, stage: PlannedStage) -> tuple[Table, Sequence[Row]]:
        """What the rows of a stage are: those of its file, or what is made because it is named."""
        if stage.position is not None:
            return self.schedule.lists[stage.position]
        table = next(each for each in (SKILLS, GROUPS, PLACES) if each.endpoint == stage.new[0].endpoint)
        return table, [
            Row(Kind.NEW, (thing.fields["tree"], thing.name) if table is PLACES else (thing.name,))
            for thing in stage.new
        ]

    # ---- what happens meanwhile

    def _follow(self, run: AnyRun, requests: Iterator[int], start: int) -> None:
        """Follow a run, which may be asked to stop or be left where it is, while others meddle."""
        waiting = list(self.schedule.meddling)

        def listen(event: AuditEvent) -> None:
            if event is AuditEvent.BEFORE_REQUEST:
                at = next(requests)
                for each in [each for each in waiting if each.at == at]:
                    self.meddler.do(each)

        with listening(listen):
            self._was_left = _send(run, _at(self.schedule.stops, start), _at(self.schedule.breaks, start))

    # ---- the undo

    def undo(self) -> None:
        """Undo the run, whatever goes wrong, and judge that; perhaps undo the undo, and all is as after the run."""
        after = self.ledger.picture()
        for each in self.schedule.afterwards:
            self.meddler.do(each)
        self.kantata.set(drop="never", insert_during_list="off")
        undo = self._undo_to_the_end(self.run.run.id, self.schedule.faults_of_undo)
        self.is_undone = True
        self._read_results(self.run)
        undone = {
            (table.name, int(result.record_id)): Said.of(result)
            for stage in _stages(undo)
            for table in EVERY
            for result in stage.results.values()
            if table.endpoint == stage.endpoint.name and result.record_id is not None
        }
        judge = StagedJudge(self.schedule, self.ledger, self.told, self.others)
        self.wrong += [f"undo: {each}" for each in judge.faults_of_undo(undone)]
        if self.schedule.redoes and not self.others.touched:
            self._undo_to_the_end(undo.run.id, ())
            more, less = self.ledger.differs_from(after)
            if more or less:
                self.wrong.append(f"undo of the undo: {more[:3]} besides, {less[:3]} missing")

    def _undo_to_the_end(self, run_id: str, faults: Sequence[Mapping[str, object]]) -> AnyRun:
        """The undo of a run, at its end."""
        make_valid(self.kantata, self.client, self.schedule.workers)
        self.kantata.faults(faults)
        undo: AnyRun | None = None
        last: ImporterError | None = None
        for start in range(1, MOST_RESUMES):
            try:
                if undo is None:
                    undo = _begin(prepare_undo(self._means(), self._access(), run_id), self._means(), run_id)
                else:
                    undo = resume(self._means(), undo.run.id) or undo
                    self.resumes += 1
                _send(undo, _at(self.schedule.stops, start), _at(self.schedule.breaks, start))
            except ImporterError as error:
                last = error
            if undo is not None and self.journal.run(undo.run.id).state is State.FINISHED:
                break
            make_valid(self.kantata, self.client, self.schedule.workers)
        else:
            raise AssertionError(f"{self.schedule}: undo did not end; {(undo and undo.stop_reason) or last}")
        assert undo is not None
        self.faults += self._count_faults()
        return undo

    # ---- the judgement

    def _read_results(self, run: AnyRun) -> None:
        """What the journal says of each row."""
        self.stages = _stages(run)
        self.told = {}
        for (table, rows), stage in zip(self._rows, self.stages, strict=True):
            record = load_run_record(self.journal, stage.run.id)
            for row, ref in zip(rows, record.run_input.refs, strict=True):
                if ref in record.results:
                    self.told[table, row] = Said.of(record.results[ref])
                elif not self._was_left:
                    self.wrong.append(f"{table.endpoint} {row} has no result")

    def _judge(self, run: AnyRun, *, at_end: bool) -> None:
        self._read_interference()
        if self._was_left:
            return  # nothing is told
        self._read_results(run)
        judge = StagedJudge(self.schedule, self.ledger, self.told, self.others)
        faults = judge.faults_of_run(at_end=at_end)
        self.wrong += [each if at_end else f"when it stopped: {each}" for each in faults]
        is_open = any(said.is_open for said in self.told.values())
        state = self.journal.run(run.run.id).state
        if (state is State.OPEN) != (is_open or run.stop_reason is not None):
            self.wrong.append(f"the run is {state}, and {'something' if is_open else 'nothing'} is left to do")

    def _read_interference(self) -> None:
        """What the faults let others write."""
        for item in self.kantata.sandbox.script.items:
            change = item.fault.change
            if change is not None and item.fired:
                table = next(each for each in (SKILLS, GROUPS) if each.name == change.table)
                self.others.touch(table, (str(change.values["name"]),))

    def _check_result(self, run: AnyRun) -> None:
        """The workbook says of each row of the tables what the run says."""
        if not isinstance(run, StagedRun):
            return
        path = StagedReport.of(run).write(self.folder / "result.xlsx")
        tables = [stage for stage in run.stages if not stage.run_input.is_new]
        told = run.stages if len(tables) > 1 else tables
        said: Counter[tuple[object, object]] = Counter(
            (result.outcome.value, result.record_id) for stage in told for result in stage.results.values()
        )
        names = [name for name in openpyxl.load_workbook(path, read_only=True).sheetnames if name.startswith("Result")]
        shown: Counter[tuple[object, object]] = Counter(
            (line["Import status"], line["Import ID"]) for name in names for line in as_dicts(path, name)
        )
        if shown != said:
            self.wrong.append(f"the workbook differs from the run: {said - shown} and {shown - said}")

    def _count_faults(self) -> int:
        return sum(len(item.fired) for item in self.kantata.sandbox.script.items)


def _at(some: Sequence[int | None], start: int) -> int | None:
    return some[start] if start < len(some) else None


def _stages(run: AnyRun) -> Sequence[Execution]:
    assert not isinstance(run, LongRun)  # its tables are short
    return run.stages if isinstance(run, StagedRun) else (run,)


def _begin(prepared: Sequence[PreparedRun], means: RunContext, undoes: str | None = None) -> AnyRun:
    if len(prepared) == 1:
        return pipeline.begin(prepared[0], means, undoes=undoes)
    return begin_stages(prepared, means, undoes=undoes)


def _send(run: AnyRun, stops: int | None, breaks: int | None) -> bool:
    """Send what is left; the run is asked to stop at one event, and left where it is at another, as when its process
    dies: whether it was.
    """
    events = run.send()
    for number, _ in enumerate(events, 1):
        if number == stops:
            run.stop()
        if number == breaks:
            events.close()  # type: ignore[attr-defined]  # it is a generator
            return True
    return False


def _write(path: Path, table: Table, rows: Sequence[Row]) -> Path:
    headers = _HEADERS[table]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows(_cells(table, row) for row in rows)
    return path


def _cells(table: Table, row: Row) -> Sequence[object]:
    action = "remove" if row.kind is Kind.REMOVE else ""
    if table is SKILLS:
        told = f"Told anew {row.key[0]}" if row.kind is Kind.DIFFERS else ""
        facts = ("Skill", 5) if row.kind is Kind.NEW else ("", "")
        return (*row.key, *facts, told, action)
    if table is GROUPS:
        return (*row.key, "Told anew" if row.kind is Kind.DIFFERS else "", action)
    if table is PLACE_RECORDS:
        return ("User", *row.key)
    if table is PLACES:
        return row.key
    return (*row.key, *((row.level or "",) if table.has_level else ()), action)


def _in_other_letters(name: str) -> str:
    """The name as Kantata takes it for the same: its last part in capitals."""
    over, _, last = name.rpartition(WITHIN)
    return f"{over}{WITHIN}{last.upper()}" if over else last.upper()
