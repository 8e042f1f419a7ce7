"""One run, new or resumed: sends its changes, verifies them, and keeps the journal.

Knows the result of each row; writes no workbook and prints nothing.
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
from importer.kantata.uses import find_things, read_uses
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
    Waiting,
    count_outcomes,
)
from importer.sync.executor import TICK_S, Executor, in_waves, split_into_batches
from importer.sync.handing_on import MadeThings, hand_on
from importer.sync.journal import Journal
from importer.sync.journal_entries import Entry, Run, State
from importer.sync.looks import times_of_looks
from importer.sync.plan import Plan, replan
from importer.sync.reconcile import WritePolicy
from importer.sync.recovery import is_open, uncertain_tasks
from importer.sync.run_context import RunContext
from importer.sync.run_input import RunInput, pack, unpack
from importer.sync.task import Task
from importer.sync.undo import THE_RUN, conflict_of_use, decide_if_unchanged
from importer.sync.verification import (
    WRITTEN,
    AppliedChanges,
    DuplicateRecord,
    ResultChecker,
    Verification,
    compare,
    duplicate_problems,
)
from importer.sync.worker import Worker
from importer.text import count_of

_MOST_REMOVALS = 3
"""How often we remove duplicates of ours, and look whether there are more."""


def _not_shown_yet(count: int) -> str:
    are, them = ("is", "it") if count == 1 else ("are", "them")
    return f"{count_of(count, 'record')} {are} not as we wrote {them}. Kantata may show {them} later, so we look again."


def new_run_id(journal: Journal) -> str:
    """An id that no run of the journal has; they sort by time: 20261122-143005-3f9a."""
    while True:
        run_id = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        if not journal.has_run(run_id):
            return run_id


class Execution:
    """One run. `changes` are what it asks of the account; `results` has the result of each row that has one."""

    def __init__(self, run: Run, run_input: RunInput, endpoint: Endpoint, context: RunContext) -> None:
        self.run = run
        self.run_input = run_input
        self.endpoint = endpoint
        self.context = context
        self.changes: dict[CellRef, Change] = {}
        self.results: dict[CellRef, Result] = {}
        self.stop_reason: ImporterError | None = None
        self.verification: Verification | None = None
        self.finished_at = run.started_at
        self._tasks: list[Task] = []
        self._is_new = True
        self._stop_requested = False
        self._sent_before: Mapping[str, int] = {}
        self._provenance = Provenance(context.account.user_id, context.client.clock_ahead_s)
        self._enum_casing = EnumCasing(endpoint)
        self._keeps_changes = run.kind == "undo" or run_input.keeps_changes
        self._since = THE_RUN if run.kind == "undo" else "this run began"
        policy = WritePolicy(Mode(run.mode), context.settle_wait_s, self._keeps_changes, self._since)
        worker = Worker(endpoint, context.client, policy, self._provenance, self._enum_casing)
        self._executor = Executor(run.id, worker, context.client, context.journal)

    @classmethod
    def begin(
        cls, run: Run, run_input: RunInput, context: RunContext, plan: Plan, batches: Iterable[Task]
    ) -> "Execution":
        """A new run, recorded in the journal with all its changes. Sends nothing; `batches` are those of the plan."""
        execution = cls.drafted(run, run_input, context, plan, batches)
        context.journal.begin(execution.entry)
        return execution

    @classmethod
    def drafted(
        cls, run: Run, run_input: RunInput, context: RunContext, plan: Plan, batches: Iterable[Task]
    ) -> "Execution":
        """A new run that is not in the journal yet."""
        execution = cls(run, run_input, plan.endpoint, context)
        unchanged = {
            change.ref: Result(Outcome.UNCHANGED, change.record_id)
            for change in plan.changes.values()
            if change.action is Action.LEAVE
        }
        execution.changes = {row: change for row, change in plan.changes.items() if change.action is not Action.LEAVE}
        execution.results = {**plan.results, **unchanged}
        execution._tasks = list(batches)
        return execution

    @property
    def entry(self) -> Entry:
        """What the journal records of it before its first request."""
        return Entry(self.run, pack(self.run_input), self.changes.values(), self.results)

    @classmethod
    def from_journal(cls, run: Run, endpoint: Endpoint, context: RunContext) -> "Execution":
        """A stopped run from the journal, with tasks that look for writes that may have happened."""
        execution = cls(run, unpack(context.journal.run_input(run.id)), endpoint, context)
        execution._is_new = False
        execution.changes = context.journal.changes(run.id)
        execution.results = context.journal.results(run.id)
        attempts = context.journal.attempts(run.id)
        execution._tasks = uncertain_tasks(attempts, execution.changes, execution.results, time.time())
        sys.audit(AuditEvent.AFTER_REOPENING)
        return execution

    def plan_rest(self) -> None:
        """Compare the changes that were never sent with the account as it is now, and add tasks for them.

        Raises: Denied, Unreachable.
        """
        in_doubt = {row for task in self._tasks for row in task.refs}
        self._plan_again([change for change in self._left() if change.ref not in in_doubt])
        sys.audit(AuditEvent.AFTER_REPLANNING)

    def take_things(self, made: MadeThings) -> None:
        """Give the changes that name things of an earlier stage the ids that these have now. What names one that is not
        there is left out. Where somebody else made it, or where an earlier stage has the same record, as from another
        file, the account is looked at first.

        Raises: Denied, Unreachable.
        """
        things = self.run_input.things
        if unknown := made.unknown(things.values()):
            made = made.with_found(find_things(self.context.client, unknown))
        handed = hand_on(self._left(), things, made)
        self.changes |= {change.ref: change for change in handed.changes}
        self.results = {ref: each for ref, each in self.results.items() if ref not in handed.results}
        self.results |= handed.results
        again = {ref for ref, change in self.changes.items() if (self.endpoint.name, change.key) in made.ids}
        again |= set(handed.to_compare)
        if not handed.changes and not handed.results and not again:
            return
        self.context.journal.step(self.run.id, results=handed.results, changes=handed.changes)
        if self._is_new:
            now = [change for change in self.changes.values() if change.ref not in self.results]
            self._tasks = list(split_into_batches([each for each in now if each.ref not in again], self.endpoint))
            self._plan_again([each for each in now if each.ref in again])

    def _left(self) -> list[Change]:
        """The changes that are not finished, in sheet order."""
        return [self.changes[ref] for ref in sorted(self.changes) if is_open(self.results.get(ref))]

    def _plan_again(self, rest: list[Change]) -> None:
        """Compare these changes with the account as it is now, and add tasks for what is left of them."""
        existing = read_existing(self.context.client, RecordQuery(self.endpoint, [change.key for change in rest]))
        results: dict[CellRef, Result] = {}
        changes: list[Change] = []
        for change in rest:
            decision = self._decide(change, existing)
            self.results.pop(change.ref, None)
            if isinstance(decision, Result):
                results[change.ref] = decision
            else:
                self.changes[change.ref] = decision
                changes.append(decision)
        self.results |= results
        self.context.journal.step(self.run.id, results=results, changes=changes)
        self._tasks += split_into_batches(changes, self.endpoint)

    def _decide(self, change: Change, existing: ExistingRecords) -> Change | Result:
        if self._keeps_changes:
            return decide_if_unchanged(self.endpoint, change, existing, self._since)
        return replan(self.endpoint, change, existing, Mode(self.run.mode))

    @property
    def writes(self) -> int:
        """How many rows are still to be sent, or to be looked for in the account."""
        return sum(len(task.changes) for task in self._tasks)

    @property
    def left(self) -> int:
        """How many rows are not finished."""
        return len(self._left())

    @property
    def is_in_doubt(self) -> bool:
        """Whether it stopped with a request in flight, so that nobody knows what became of it."""
        return self.writes > 0

    @property
    def is_unclear(self) -> bool:
        """Whether a row is `unknown`."""
        return any(result.outcome is Outcome.UNKNOWN for result in self.results.values())

    @property
    def was_interrupted(self) -> bool:
        """Whether a person or the system stopped it."""
        return self._stop_requested

    def stop(self) -> None:
        """Send nothing more, but finish the requests in flight."""
        self._stop_requested = True
        self._executor.stop.set()
        self.context.client.halt()

    def send(self) -> Iterator[Event]:
        """Send the changes that are left, verify them, and yield events."""
        try:
            self._keep_what_is_used()
        except ImporterError as error:
            self.stop_reason = error
            yield Stopped(error)
            self.hold()
            return
        facts = self.context.journal.facts(self.context.account.key)
        self._enum_casing.remember(facts.get("lower_case", {}).get(self.endpoint.name))
        self._provenance.names_us |= self.endpoint.name in facts.get("names_creator", ())
        for wave in in_waves(self._tasks, self.endpoint):
            yield from self._execute(wave)
        if self.stop_reason is None:
            yield from self._verify()
        casing = {self.endpoint.name: self._enum_casing.lower} if self._enum_casing.is_known else {}
        names_creator = {*facts.get("names_creator", ()), *([self.endpoint.name] if self._provenance.names_us else ())}
        facts = {
            "lower_case": facts.get("lower_case", {}) | casing,
            "names_creator": sorted(names_creator),
            "rate": self.context.client.rate,
        }
        self.context.journal.learn(self.context.account.key, facts)
        self._end(self._state)

    def count_from_here(self) -> None:
        """Count only the requests from now on as those of this run; earlier ones are another stage's."""
        self._sent_before = self.context.client.requests

    def _keep_what_is_used(self) -> None:
        """Leave out the removals of things that something else in the account uses. What one of these lies in is used
        as well, so we look again without them.

        Raises: Denied, Unreachable.
        """
        if not self.endpoint.are_things:
            return
        removals = {
            change.record_id: change
            for change in self._left()
            if change.action is Action.REMOVE and change.record_id
        }  # fmt: skip
        used: dict[CellRef, Result] = {}
        while removals and (uses := read_uses(self.context.client, self.endpoint, removals.keys())):
            used |= {removals[id_].ref: conflict_of_use(removals[id_], by) for id_, by in uses.items()}
            removals = {id_: change for id_, change in removals.items() if id_ not in uses and self.endpoint.tree}
        if used:
            self.results |= used
            self.context.journal.step(self.run.id, results=used)
            self._tasks = [task for task in self._tasks if not set(task.refs) <= used.keys()]

    def hold(self) -> None:
        """End the run where it is, because an earlier stage stopped: `resume` continues it."""
        self._fill_unsent()
        self._end(self._state)

    def recover(self) -> Iterator[Event]:
        """Find out which writes happened, by reading only, and leave the rest for `resume`."""
        self._sent_before = self.context.client.requests
        self._executor.stop.set()
        yield from self._execute(self._tasks)
        self._fill_unsent()
        self._end(State.OPEN)

    def leave(self) -> None:
        """End the run without sending anything: its changes are `not sent`, and `resume` does not continue it."""
        self._fill_unsent()
        self._end(State.CLOSED if self.changes else State.FINISHED)

    def _execute(self, tasks: Iterable[Task]) -> Iterator[Event]:
        for event in self._executor.execute(tasks):
            if isinstance(event, Answered):
                self.results |= event.results
            elif isinstance(event, Replanned):
                self.changes |= {change.ref: change for change in event.changes}
            elif isinstance(event, Stopped):
                self.stop_reason = event.reason
            yield event

    # ---- the verification

    def _verify(self) -> Iterator[Event]:
        """Read the written records again, remove duplicates of ours, and note what differs."""
        sys.audit(AuditEvent.BEFORE_VERIFICATION)
        began = time.perf_counter()
        applied = self._written_refs(self.changes)
        checker = ResultChecker(self.endpoint, self.changes, self.results, applied)
        try:
            query = RecordQuery(self.endpoint, checker.keys)
            uncertain = checker.uncertain_refs(scan_existing(self.context.client, query, checker.check_record))
            sys.audit(AuditEvent.AFTER_VERIFICATION_READ)
            differences, duplicates = self._compare(uncertain)
            if differences:
                yield Waiting(0.0, _not_shown_yet(len(differences)))
            for at in times_of_looks(self.context.settle_wait_s)[1:]:
                if not differences or self._stop_requested:
                    break
                self._sleep_until(began + at)
                differences, duplicates = self._compare(uncertain)
            for _ in range(_MOST_REMOVALS):
                if not duplicates or self.stop_reason is not None:
                    break
                yield from self._execute(self._removal_tasks(duplicates))
                differences, duplicates = self._compare(uncertain)
        except ImporterError as error:
            self.verification = Verification(None)
            self.stop_reason = about_runs.not_verified(error.message)
            yield Stopped(self.stop_reason)
        else:
            self.verification = Verification(len(applied), (*differences, *duplicate_problems(duplicates)))

    def _sleep_until(self, then: float) -> None:
        while not self._stop_requested and (left := then - time.perf_counter()) > 0:
            time.sleep(min(TICK_S, left))

    def _written_refs(self, rows: Iterable[CellRef]) -> list[CellRef]:
        """Those of the rows that the run has written."""
        return [row for row in rows if row in self.results and self.results[row].outcome in WRITTEN]

    def _compare(self, rows: Iterable[CellRef]) -> tuple[list[Problem], list[DuplicateRecord]]:
        applied: AppliedChanges = {
            row: (self.changes[row], self.results[row]) for row in self._written_refs(sorted(rows))
        }
        existing = read_existing(
            self.context.client, RecordQuery(self.endpoint, [change.key for change, _ in applied.values()])
        )
        return compare(self.endpoint, applied, existing, self._is_own)

    def _is_own(self, record: Record) -> bool:
        return self._provenance.is_own(record, self.run.started_at)

    def _removal_tasks(self, duplicates: Iterable[DuplicateRecord]) -> list[Task]:
        """Tasks that remove our duplicates."""
        return [
            Task(
                (self.changes[each.ref]._replace(action=Action.REMOVE, record_id=each.record_id),),
                survivor=each.survivor,
                tried_at=self.run.started_at,
            )
            for each in duplicates
        ]

    # ---- the end

    @property
    def _state(self) -> State:
        """Whether there is something left to do. What nobody approved is no change of this run."""
        is_unfinished = self.stop_reason is not None or any(is_open(self.results.get(ref)) for ref in self.changes)
        return State.OPEN if is_unfinished else State.FINISHED

    def _fill_unsent(self) -> None:
        self.results = {**{row: Result(Outcome.NOT_SENT) for row in self.changes}, **self.results}

    def _end(self, state: State) -> None:
        """Give each duplicate row the id of its record, check that every row has a result, and close the run."""
        for row, first in self.run_input.duplicates.items():
            if row in self.results and first in self.results:
                self.results[row] = self.results[row]._replace(record_id=self.results[first].record_id)
        missing = [row for row in (*self.run_input.refs, *self.changes) if row not in self.results]
        if missing:
            raise about_runs.rows_without_result(len(missing))
        self.finished_at = time.time()
        outcomes = {outcome.value: count for outcome, count in count_outcomes(self.results.values()).items() if count}
        details = {"outcomes": outcomes, **({"receipt": self.verification.pack()} if self.verification else {})}
        requests = {
            name: count - self._sent_before.get(name, 0) for name, count in self.context.client.requests.items()
        }
        self.context.journal.end(self.run.id, state, requests, details)
        self.run = replace(self.run, state=state)
