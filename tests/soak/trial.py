"""One trial: a schedule carried out by the real program, resumed as often as it asks, and judged.

The file is loaded as a list that is sent at once or, where that is asked for, as a long one in stages.
"""

import csv
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from importer import Account, pipeline
from importer.errors import ImporterError
from importer.kantata.client import Client
from importer.kantata.connection import Access, Connection
from importer.kantata.rate_limiter import RateLimiter
from importer.kantata.transport import Transport
from importer.model import CellRef, Mode, Result
from importer.pipeline import long_list
from importer.pipeline.check_result import CheckResult
from importer.pipeline.history import load_run_record
from importer.pipeline.long_plan import plan_long_list
from importer.pipeline.long_summary import LongSummary
from importer.pipeline.result_builder import write_result_workbook
from importer.pipeline.resume import resume
from importer.pipeline.run_summary import RunSummary, summarize_run
from importer.pipeline.staged_planning import PlanOptions
from importer.sandbox import Running
from importer.settings import Settings
from importer.spreadsheet.read.book import Book
from importer.sync.journal import Journal
from importer.sync.journal_entries import State
from importer.sync.long_run import LongRun
from importer.sync.run import Execution
from importer.sync.run_context import RunContext
from importer.sync.staged_run import StagedRun
from tests.books import as_dicts
from tests.clock import Clock
from tests.soak import judge
from tests.soak.schedule import Kind, Row, Schedule, Table

SETTLE_S = 0.8
TIMEOUT_S = 1.0
MOST_RESUMES = 15


@dataclass(frozen=True, slots=True)
class Trial:
    """How a trial ended: what is not true, and what it went through."""

    schedule: Schedule
    wrong: tuple[str, ...]
    faults: int
    rows: int
    resumes: int


Load = Execution | LongRun


def may_be_long(schedule: Schedule) -> bool:
    """Whether the file of a schedule would go in stages if it had a million rows."""
    return schedule.mode != Mode.MIRROR and schedule.table.name != "organization_memberships"


def carry_out(kantata: Running, schedule: Schedule, folder: Path, *, in_stages: bool = False) -> Trial:
    """Load the schedule's file to its end, whatever goes wrong, and judge it. The sandbox is as at its start."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _write(folder / "list.csv", schedule)
    with client_of(kantata, schedule.workers) as client, closing(Journal(folder / "state")) as journal:
        judge.watch(kantata, schedule.table, int(client.me().user_id))
        kantata.set(**schedule.switches)
        kantata.faults(schedule.faults)
        begin = _begin_in_stages if in_stages else _begin
        over: dict[str, int] = {}
        load, resumes = _to_the_end(kantata, client, schedule, journal, partial(begin, path), over)
        end = LongSummary().of(journal, load.run) if isinstance(load, LongRun) else summarize_run(load)
        wrong_told = _as_written(journal, end, folder)
        over_at = {
            schedule.rows[ref - 2].key: over[stage.id]
            for stage in journal.stages(load.run.id)
            for ref in load_run_record(journal, stage.id).run_input.file_refs
        }
    told, removed = _told(schedule, end.results)
    wrong = judge.faults_of(kantata, schedule, told, removed, over_at)
    wrong += wrong_told
    faults = sum(len(item.fired) for item in kantata.sandbox.script.items)
    return Trial(schedule, tuple(wrong), faults, len(end.run_input.refs), resumes)


def _begin(path: Path, access: Access, mode: Mode, means: RunContext) -> Load:
    checked = pipeline.check_for(pipeline.read(Book(path)), access)
    return pipeline.begin(pipeline.plan(checked, access, mode), means)


def _begin_in_stages(path: Path, access: Access, mode: Mode, means: RunContext) -> Load:
    """The same in some five stages. What the plan asks of its account is the last run; here there is none."""
    checked = pipeline.check_for(pipeline.read(Book(path)), access)
    account = Account("no token", base_url=access.client.base_url, folder=path.parent / "no state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_list, "STAGE_ROWS", max(len(checked.values) // 5, 1))
        return plan_long_list(account, CheckResult(checked), access, PlanOptions(mode=mode), None).begin(means)


def _to_the_end(
    kantata: Running,
    client: Client,
    schedule: Schedule,
    journal: Journal,
    begin: Callable[[Access, Mode, RunContext], Load],
    over: dict[str, int],
) -> tuple[Load, int]:
    """The run at its end, and how often it had to be resumed; `over` takes the last write of all until each stage of a
    list in stages was over.
    """

    def note(stage: Execution) -> None:
        over[stage.run.id] = max((deed.number for deed in judge.deeds(kantata, schedule.table)), default=0)

    load: Load | None = None
    lost = [row.key[-1] for row in schedule.rows if row.kind is Kind.BAD]
    _add(kantata, schedule.table.name, lost)
    for resumes in range(MOST_RESUMES):
        try:
            access = Access(client.me(), client, Connection(Settings(client.base_url, None, Path())))
            means = RunContext(access.account, client, journal, SETTLE_S)
            if load is None:
                load = begin(access, Mode(schedule.mode), means)
                _take_away(kantata, schedule.table.name, lost)
            else:
                again = resume(means, load.run.id)
                if again is None:
                    return load, resumes
                assert not isinstance(again, StagedRun)  # it has one table
                load = again
            if isinstance(load, LongRun):
                load.on_end = note
            _follow(load, schedule, first=resumes == 0)
            if load.run.state is State.FINISHED:
                return load, resumes
        except ImporterError:
            pass  # the account could not be read: a person would wait a little, and try again
        make_valid(kantata, client, schedule.workers)
    raise AssertionError(f"{schedule}: no end after {MOST_RESUMES} times; {load and load.stop_reason}")


_THINGS = {
    "skill_memberships": ("skills", "SELECT id FROM skills WHERE max_level = 5 LIMIT 1"),
    "user_group_memberships": ("workspace_groups", "SELECT id FROM workspace_groups LIMIT 1"),
    "organization_memberships": ("organizations", "SELECT department_id AS id FROM organization_memberships LIMIT 1"),
}
"""What the rows that are refused ask for: in which table it is, and one like it."""


def _add(kantata: Running, memberships: str, ids: Iterable[object]) -> None:
    """Things that the account has until the run has begun, so that Kantata, and not a check, refuses their rows."""
    table, like = _THINGS[memberships]
    columns = [
        row["name"] for row in kantata.query(f"SELECT name FROM pragma_table_info('{table}') WHERE name <> 'id'")
    ]
    copied = ", ".join("?" if column == "name" else column for column in columns)
    (one,) = kantata.query(like)
    for id_ in ids:
        kantata.execute(
            f"INSERT INTO {table} (id, {', '.join(columns)}) SELECT ?, {copied} FROM {table} WHERE id = ?",
            id_, f"Lost {id_}", one["id"],
        )  # fmt: skip


def _take_away(kantata: Running, memberships: str, ids: Iterable[object]) -> None:
    for id_ in ids:
        kantata.execute(f"DELETE FROM {_THINGS[memberships][0]} WHERE id = ?", id_)


def _follow(load: Load, schedule: Schedule, *, first: bool) -> None:
    """Follow the run; the first time it may be asked to stop, or be left where it is, as when its process dies."""
    events = pipeline.send(load)
    for number, _ in enumerate(events, 1):
        if first and number == schedule.stops:
            load.stop()
        if first and number == schedule.breaks:
            events.close()  # type: ignore[attr-defined]  # it is a generator
            return


def make_valid(kantata: Running, client: Client, workers: int) -> None:
    """What a person does before resuming: a token that works again, and the program started anew."""
    kantata.sandbox._revoked = False
    client._limiter = RateLimiter(workers, clock=(clock := Clock()), sleep=clock.sleep)


@contextmanager
def client_of(kantata: Running, workers: int) -> Iterator[Client]:
    """A client with little patience, which does not wait between repeated requests."""
    clock = Clock()
    http = Transport(kantata.url, kantata.token, timeout_s=TIMEOUT_S, connections=workers)
    yield Client(http, RateLimiter(workers, clock=clock, sleep=clock.sleep))
    http.close()


def _write(path: Path, schedule: Schedule) -> Path:
    table = schedule.table
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*table.key, *(("level",) if table.has_level else ()), "action"])
        for row in schedule.rows:
            level = (row.level,) if table.has_level else ()
            writer.writerow([*row.key, *level, "remove" if row.kind is Kind.REMOVE else ""])
    return path


def _told(schedule: Schedule, results: Mapping[CellRef, Result]) -> tuple[dict[Row, judge.Told], dict[int, judge.Told]]:
    """What is said of the file's rows, and of the records removed besides."""
    told = {row: judge.Told.of(results[CellRef(at)]) for at, row in enumerate(schedule.rows, 2)}
    beyond = [results[at] for at in results if at >= len(schedule.rows) + 2]
    return told, {int(result.record_id): judge.Told.of(result) for result in beyond if result.record_id}


def _as_written(journal: Journal, end: RunSummary, folder: Path) -> list[str]:
    """How journal and workbook differ from what the run says, if they do."""
    wrong = []
    said = {row: (result.outcome.value, result.record_id) for row, result in end.results.items()}
    parts = journal.stages(end.run.id) or [end.run]
    recorded = {row: result for part in parts for row, result in load_run_record(journal, part.id).results.items()}
    kept = {row: (result.outcome.value, result.record_id) for row, result in recorded.items()}
    if kept != said:
        some = [(row, said[row], kept.get(row)) for row in said if kept.get(row) != said[row]]
        wrong.append(f"the journal differs: {some[:3]}")
    result = write_result_workbook(end, folder / f"{time.time_ns()}.xlsx").path
    shown = [(line["Import status"], line["Import ID"]) for line in as_dicts(result, "Result")]
    if shown != [said[row] for row in end.run_input.refs]:
        wrong.append("the workbook differs from the run")
    return wrong


__all__ = ["Schedule", "Table", "Trial", "carry_out", "may_be_long"]
