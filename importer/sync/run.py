"""One run from its first request to its end, or from where it stopped: sends, verifies, and keeps the journal.

Knows what became of each row; writes no workbook, prints nothing.
"""

import secrets
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from importer.audit_events import AuditEvent
from importer.endpoints.declare import Endpoint
from importer.errors import ImporterError
from importer.kantata.enum_casing import EnumCasing
from importer.kantata.existing_records import ExistingRecords, RecordQuery, read_existing, scan_existing
from importer.kantata.provenance import Provenance
from importer.kantata.responses import Record
from importer.messages import about_runs
from importer.model import (
    Action,
    Answered,
    CellRef,
    Change,
    Event,
    Mode,
    Outcome,
    Problem,
    Replanned,
    Result,
    Stopped,
    count_outcomes,
)
from importer.sync.executor import Executor, split_into_batches
from importer.sync.journal import Run, State
from importer.sync.plan import Plan, replan
from importer.sync.reconcile import WritePolicy
from importer.sync.recovery import OPEN, uncertain_tasks
from importer.sync.run_context import RunContext
from importer.sync.run_input import RunInput, pack, unpack
from importer.sync.task import Task
from importer.sync.undo import decide_if_unchanged
from importer.sync.verification import (
    WRITTEN,
    DuplicateRecord,
    Touched,
    TouchedRecords,
    Verification,
    compare,
    duplicate_problems,
)
from importer.sync.worker import Worker

_ROUNDS = 3
"""How often odd records are read again, where some of ours have to go or do not show yet."""
_PAUSE_S = 1.0
"""Between two of these rounds: what was written a moment ago may not show at once."""


def new_run_id() -> str:
    """A name for a run that sorts by time: 20261122-143005-3f9a."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


class Execution:
    """One run. `results` has the outcome of each row as far as it is known; `changes` what was meant."""

    def __init__(self, run: Run, given: RunInput, endpoint: Endpoint, means: RunContext) -> None:
        self.run = run
        self.given = given
        self.endpoint = endpoint
        self.means = means
        self.changes: dict[CellRef, Change] = {}
        self.results: dict[CellRef, Result] = {}
        self.stopped: ImporterError | None = None
        self.receipt: Verification | None = None
        self.finished_at = run.started_at
        self._tasks: list[Task] = []
        self._stop_wanted = False
        self._sent_before: Mapping[str, int] = {}
        self._ownership = Provenance(means.account.user_id, means.client.clock_ahead_s)
        self._spelling = EnumCasing(endpoint)
        terms = WritePolicy(Mode(run.mode), means.settle_wait_s, undoes=run.kind == "undo")
        worker = Worker(endpoint, means.client, terms, self._ownership, self._spelling)
        self._runner = Executor(run.id, worker, means.client, means.journal)

    @classmethod
    def begin(cls, run: Run, given: RunInput, means: RunContext, plan: Plan, batches: Iterable[Task]) -> "Execution":
        """A new run, written down with all that is meant. Nothing is sent yet; `batches` are those of the plan."""
        load = cls(run, given, plan.endpoint, means)
        unchanged = {
            change.ref: Result(Outcome.UNCHANGED, change.record_id)
            for change in plan.changes.values()
            if change.action is Action.LEAVE
        }
        load.changes = {row: change for row, change in plan.changes.items() if change.action is not Action.LEAVE}
        load.results = {**plan.settled, **unchanged}
        load._tasks = list(batches)
        means.journal.begin(run, pack(given), load.changes.values(), load.results)
        return load

    @classmethod
    def opened(cls, run: Run, endpoint: Endpoint, means: RunContext) -> "Execution":
        """A run that stopped, from its journal, with the tasks that look for what may have happened."""
        load = cls(run, unpack(means.journal.given(run.id)), endpoint, means)
        load.changes = means.journal.changes(run.id)
        load.results = means.journal.results(run.id)
        attempts = means.journal.attempts(run.id)
        load._tasks = uncertain_tasks(attempts, load.changes, load.results, means.timeout_s, time.time())
        sys.audit(AuditEvent.AFTER_REOPENING)
        return load

    def plan_rest(self) -> None:
        """Besides what may have happened, do the rest: compared with what the account holds by now, and written down.

        Raises: Denied, Unreachable.
        """
        in_doubt = {row for task in self._tasks for row in task.refs}
        rest = [
            self.changes[row] for row in sorted(self.changes)
            if row not in in_doubt and (row not in self.results or self.results[row].outcome in OPEN)
        ]  # fmt: skip
        held = read_existing(self.means.client, RecordQuery(self.endpoint, [change.key for change in rest]))
        settled: dict[CellRef, Result] = {}
        for change in rest:
            decided = self._decide(change, held)
            self.results.pop(change.ref, None)
            if isinstance(decided, Result):
                settled[change.ref] = decided
            else:
                self.changes[change.ref] = decided
        self.results |= settled
        replanned = [self.changes[change.ref] for change in rest]
        self.means.journal.step(self.run.id, results=settled, changes=replanned)
        left = [change for change in replanned if change.ref not in settled]
        self._tasks += split_into_batches(left, self.endpoint.bulk_limit)
        sys.audit(AuditEvent.AFTER_REPLANNING)

    def _decide(self, change: Change, held: ExistingRecords) -> Change | Result:
        if self.run.kind == "undo":
            return decide_if_unchanged(self.endpoint, change, held)
        return replan(self.endpoint, change, held, Mode(self.run.mode))

    @property
    def writes(self) -> int:
        """How many rows are still to be sent or looked for."""
        return sum(len(task.refs) for task in self._tasks)

    @property
    def was_interrupted(self) -> bool:
        """Whether a person, or the system, asked it to stop."""
        return self._stop_wanted

    def stop(self) -> None:
        """Send nothing more; what is in flight is still settled."""
        self._stop_wanted = True
        self._runner.stop.set()
        self.means.client.halt()

    def send(self) -> Iterator[Event]:
        """Do what is left of the run, verify it, and yield what happens."""
        facts = self.means.journal.learned(self.means.account.key)
        self._spelling.remember(facts.get("lower_case", {}).get(self.endpoint.name))
        yield from self._execute(self._tasks)
        if self.stopped is None:
            yield from self._verify()
        spelled = {self.endpoint.name: self._spelling.lower} if self._spelling.is_known else {}
        facts = {"lower_case": facts.get("lower_case", {}) | spelled, "rate": self.means.client.rate}
        self.means.journal.learn(self.means.account.key, facts)
        is_open = self.stopped is not None or any(result.outcome in OPEN for result in self.results.values())
        self._end(State.OPEN if is_open else State.FINISHED)

    def recover(self) -> Iterator[Event]:
        """Find out what may have happened, send nothing, and leave the rest for `resume`."""
        self._sent_before = self.means.client.requests
        self._runner.stop.set()
        yield from self._execute(self._tasks)
        self._fill_unsent()
        self._end(State.OPEN)

    def leave(self) -> None:
        """Send nothing: every row that asks for a change stays `not sent`, and `resume` does not go on with it."""
        self._fill_unsent()
        self._end(State.CLOSED if self.changes else State.FINISHED)

    def _execute(self, tasks: Iterable[Task]) -> Iterator[Event]:
        for event in self._runner.execute(tasks):
            if isinstance(event, Answered):
                self.results |= event.results
            elif isinstance(event, Replanned):
                self.changes |= {change.ref: change for change in event.changes}
            elif isinstance(event, Stopped):
                self.stopped = event.reason
            yield event

    # ---- the receipt

    def _verify(self) -> Iterator[Event]:
        """Read the touched keys again; remove what of ours stands there twice; say what differs."""
        sys.audit(AuditEvent.BEFORE_VERIFICATION)
        touched = self._touched(self.changes)
        confirmation = TouchedRecords(self.endpoint, self.changes, self.results, touched)
        try:
            scanned = scan_existing(self.means.client, RecordQuery(self.endpoint, confirmation.keys), confirmation.look)
            unsure = confirmation.unsure(scanned)
            sys.audit(AuditEvent.AFTER_VERIFICATION_READ)
            for at in range(_ROUNDS):
                differences, surplus = self._compare(unsure)
                if surplus and self.stopped is None:
                    yield from self._execute(self._taking_back(surplus))
                elif differences and at == 0:
                    time.sleep(min(_PAUSE_S, self.means.settle_wait_s))
                else:
                    break
        except ImporterError as error:
            self.receipt = Verification(None)
            self.stopped = about_runs.not_verified(error.message)
            yield Stopped(self.stopped)
        else:
            self.receipt = Verification(len(touched), (*differences, *duplicate_problems(surplus)))

    def _touched(self, rows: Iterable[CellRef]) -> list[CellRef]:
        """Those of the rows that the run has done something with."""
        return [row for row in rows if row in self.results and self.results[row].outcome in WRITTEN]

    def _compare(self, rows: Iterable[CellRef]) -> tuple[list[Problem], list[DuplicateRecord]]:
        touched: Touched = {row: (self.changes[row], self.results[row]) for row in self._touched(sorted(rows))}
        held = read_existing(
            self.means.client, RecordQuery(self.endpoint, [change.key for change, _ in touched.values()])
        )
        return compare(self.endpoint, touched, held, self._is_ours)

    def _is_ours(self, record: Record) -> bool:
        return self._ownership.is_ours(record, self.run.started_at)

    def _taking_back(self, surplus: Iterable[DuplicateRecord]) -> list[Task]:
        """Tasks that remove records of our own that stand beside another of the same key."""
        return [
            Task(
                (self.changes[each.ref]._replace(action=Action.REMOVE, record_id=each.record_id),),
                stays=each.stays,
                tried_at=self.run.started_at,
            )
            for each in surplus
        ]

    # ---- the end

    def _fill_unsent(self) -> None:
        self.results = {**{row: Result(Outcome.NOT_SENT) for row in self.changes}, **self.results}

    def _end(self, state: State) -> None:
        """Give each duplicate its record, make sure that no row is without a result, and close the journal's page."""
        for row, first in self.given.duplicates.items():
            if row in self.results and first in self.results:
                self.results[row] = self.results[row]._replace(record_id=self.results[first].record_id)
        missing = [row for row in (*self.given.refs, *self.changes) if row not in self.results]
        if missing:
            raise about_runs.rows_without_result(len(missing))
        self.finished_at = time.time()
        outcomes = {outcome.value: count for outcome, count in count_outcomes(self.results.values()).items() if count}
        told = {"outcomes": outcomes, **({"receipt": self.receipt.pack()} if self.receipt else {})}
        requests = {name: count - self._sent_before.get(name, 0) for name, count in self.means.client.requests.items()}
        self.means.journal.end(self.run.id, state, requests, told)
        self.run = replace(self.run, state=state)
