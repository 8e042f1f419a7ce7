"""One run from its first request to its end, or from where it stopped: sends, verifies, and keeps the journal.

Knows what became of each row; writes no workbook, prints nothing.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from importer.endpoints.declare import Endpoint
from importer.errors import ImporterError, Unfinished
from importer.journal import Attempt, Intent, Journal, Reply, Run, State
from importer.kantata.bulk import Verdict, read_written
from importer.kantata.client import Account, Client
from importer.kantata.envelope import Record
from importer.kantata.held import Held, read_held
from importer.kantata.ownership import Ownership
from importer.kantata.spelling import Spelling
from importer.model import Action, Answered, Change, Event, Mode, Outcome, Replanned, Result, Stopped
from importer.plan import replan
from importer.run.given import Given, pack, unpack
from importer.run.receipt import WRITTEN, Receipt, compare
from importer.run.runner import Runner, tasks_of
from importer.run.task import Task
from importer.run.worker import Terms, Worker
from importer.undo import decide

_ROUNDS = 3
"""How often the account is read again, if records of ours have to be removed from it."""
_OPEN = frozenset({Outcome.UNKNOWN, Outcome.NOT_SENT})


@dataclass(frozen=True, slots=True)
class Means:
    """With what a run is done: the account, the journal, and how much at a time."""

    account: Account
    client: Client
    journal: Journal
    settle_wait_s: float = 30.0


def new_id() -> str:
    """A name for a run that sorts by time: 20261122-143005-3f9a."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


class Load:
    """One run. `results` has the outcome of each row as far as it is known; `changes` what was meant."""

    def __init__(self, run: Run, given: Given, endpoint: Endpoint, means: Means) -> None:
        self.run = run
        self.given = given
        self.endpoint = endpoint
        self.means = means
        self.changes: dict[int, Change] = {}
        self.results: dict[int, Result] = {}
        self.stopped: ImporterError | None = None
        self.receipt: Receipt | None = None
        self.finished_at = run.started_at
        self._tasks: list[Task] = []
        self._runner: Runner | None = None
        self._stop_wanted = False

    @classmethod
    def begin(
        cls, run: Run, given: Given, endpoint: Endpoint, means: Means,
        changes: Mapping[int, Change], settled: Mapping[int, Result],
    ) -> "Load":  # fmt: skip
        """A new run, written down with all that is meant. Nothing is sent yet."""
        load = cls(run, given, endpoint, means)
        unchanged = {
            change.row: Result(Outcome.UNCHANGED, change.record_id)
            for change in changes.values()
            if change.action is Action.LEAVE
        }
        load.changes = {row: change for row, change in changes.items() if change.action is not Action.LEAVE}
        load.results = {**settled, **unchanged}
        load._tasks = list(tasks_of(load.changes.values(), endpoint.bulk_limit))
        means.journal.begin(run, pack(given), load.changes.values(), load.results)
        return load

    @classmethod
    def resumed(cls, run: Run, endpoint: Endpoint, means: Means) -> "Load":
        """A run that stopped, from its journal: what is in doubt is looked for first, the rest is planned anew.

        Raises: Denied, Unreachable while the account is read.
        """
        load = cls(run, unpack(means.journal.given(run.id)), endpoint, means)
        load.changes = means.journal.changes(run.id)
        load.results = means.journal.results(run.id)
        load._tasks = load._tasks_left()
        return load

    @property
    def writes(self) -> int:
        """How many rows are still to be sent or looked for."""
        return sum(len(task.rows) for task in self._tasks)

    @property
    def was_interrupted(self) -> bool:
        """Whether a person, or the system, asked it to stop."""
        return self._stop_wanted

    def stop(self) -> None:
        """Send nothing more; what is in flight is still settled."""
        self._stop_wanted = True
        if self._runner is not None:
            self._runner.stop.set()

    def send(self) -> Iterator[Event]:
        """Do what is left of the run, verify it, and yield what happens."""
        ownership = Ownership(self.means.account.user_id, self.means.client.clock_ahead_s)
        spelling = Spelling(self.endpoint)
        facts = self.means.journal.learned(self.means.account.key)
        spelling.remember(facts.get("lower_case", {}).get(self.endpoint.name))
        terms = Terms(Mode(self.run.mode), self.means.settle_wait_s)
        worker = Worker(self.endpoint, self.means.client, terms, ownership, spelling)
        self._runner = Runner(self.run.id, worker, self.means.client, self.means.journal)
        if self._stop_wanted:
            self._runner.stop.set()
        yield from self._follow(self._runner.execute(self._tasks))
        if self.stopped is None:
            yield from self._verify(ownership)
        learned = facts.get("lower_case", {}) | ({self.endpoint.name: spelling.lower} if spelling.is_known else {})
        self._end({"lower_case": learned, "rate": self.means.client.rate})

    def leave(self) -> None:
        """Send nothing: every row that asks for a change stays `not sent`, and `resume` does not go on with it."""
        self.results = {**{row: Result(Outcome.NOT_SENT) for row in self.changes}, **self.results}
        self._fill_duplicates()
        self.finished_at = time.time()
        state = State.CLOSED if self.changes else State.FINISHED
        self.means.journal.end(self.run.id, state, self.means.client.requests, {})
        self.run = replace(self.run, state=state)

    def _follow(self, events: Iterable[Event]) -> Iterator[Event]:
        for event in events:
            if isinstance(event, Answered):
                self.results |= event.results
            elif isinstance(event, Replanned):
                self.changes |= {change.row: change for change in event.changes}
            elif isinstance(event, Stopped):
                self.stopped = event.reason
            yield event

    # ---- going on

    def _tasks_left(self) -> list[Task]:
        """The tasks of a run that stopped: first those that look for what may have happened, then the rest."""
        doubts = self._doubts()
        in_doubt = {row for task in doubts for row in task.rows}
        open_rows = [
            row for row in sorted(self.changes)
            if row not in in_doubt and (row not in self.results or self.results[row].outcome in _OPEN)
        ]  # fmt: skip
        self._replan([self.changes[row] for row in open_rows])
        changes = [self.changes[row] for row in open_rows if row not in self.results]
        return [*doubts, *tasks_of(changes, self.endpoint.bulk_limit)]

    def _doubts(self) -> list[Task]:
        """A task for each attempt whose rows may be written, and nobody knows."""
        last: dict[int, Attempt] = {}
        for attempt in self.means.journal.attempts(self.run.id):
            last |= dict.fromkeys(attempt.rows, attempt)
        rows_of: dict[int, list[int]] = {}
        for row, attempt in last.items():
            unknown = row not in self.results or self.results[row].outcome is Outcome.UNKNOWN
            if unknown and attempt.verdict in (None, Verdict.IN_DOUBT, Verdict.DONE):
                rows_of.setdefault(attempt.id, []).append(row)
        attempts = {attempt.id: attempt for attempt in last.values()}
        return [self._doubt(attempts[number], sorted(rows)) for number, rows in sorted(rows_of.items())]

    def _doubt(self, attempt: Attempt, rows: list[int]) -> Task:
        changes = tuple(
            self.changes[row]._replace(action=attempt.action, record_id=attempt.targets.get(row)) for row in rows
        )
        return Task(changes, in_doubt_since=attempt.sent_at)

    def _replan(self, changes: list[Change]) -> None:
        """Compare what was not sent with what the account holds by now, and write down what is different."""
        held = read_held(self.means.client, self.endpoint, [change.key for change in changes])
        results: dict[int, Result] = {}
        for change in changes:
            decided = self._decide(change, held)
            self.results.pop(change.row, None)
            if isinstance(decided, Result):
                results[change.row] = decided
            else:
                self.changes[change.row] = decided
        self.results |= results
        replanned = [self.changes[change.row] for change in changes]
        self.means.journal.step(self.run.id, results=results, changes=replanned)

    def _decide(self, change: Change, held: Held) -> Change | Result:
        if self.run.kind == "undo":
            return decide(self.endpoint, change, held)
        return replan(self.endpoint, change, held, Mode(self.run.mode))

    # ---- the end

    def _verify(self, ownership: Ownership) -> Iterator[Event]:
        """Read the touched keys again; remove what of ours stands there twice; say what differs."""
        since = self.run.started_at

        def is_ours(record: Record) -> bool:
            return ownership.is_ours(record, since)

        for _ in range(_ROUNDS):
            touched = {
                row: (change, self.results[row])
                for row, change in self.changes.items()
                if row in self.results and self.results[row].outcome in WRITTEN
            }
            try:
                keys = [change.key for change, _ in touched.values()]
                held = read_held(self.means.client, self.endpoint, keys)
            except ImporterError as error:
                self.receipt = Receipt(None)
                self.stopped = Unfinished(
                    f"Everything was sent and answered, and could not be read again: {error.message}",
                    "`importer resume` verifies it.",
                )
                yield Stopped(self.stopped)
                return
            self.receipt = compare(self.endpoint, touched, held, is_ours)
            if not self.receipt.surplus:
                return
            for row, ids, stays in self.receipt.surplus:
                yield from self._keep_one(row, ids, stays, is_ours)

    def _keep_one(
        self, row: int, ids: Iterable[str], stays: Record, is_ours: Callable[[Record], bool]
    ) -> Iterator[Event]:
        """Remove records of our own that stand beside another of the same key."""
        for id_ in ids:
            intent = Intent(Action.REMOVE, (), {row: id_})
            (number,) = self.means.journal.step(self.run.id, intents=[intent])
            answer = self.means.client.delete(self.endpoint, id_)
            verdict = read_written(self.endpoint, answer).verdict
            reply = Reply(number, verdict, answer.status, answer.request_id)
            self.means.journal.step(self.run.id, replies=[reply])
        outcome = Outcome.CREATED if is_ours(stays) else Outcome.UNCHANGED
        result = self.results[row]._replace(outcome=outcome, record_id=str(stays["id"]))
        self.means.journal.step(self.run.id, results={row: result})
        self.results[row] = result
        yield Answered({row: result})

    def _end(self, facts: Mapping[str, object]) -> None:
        """Give each duplicate its record, make sure that no row is without a result, and close the journal's page."""
        self._fill_duplicates()
        missing = [row for row in (*self.given.rows, *self.changes) if row not in self.results]
        if missing:
            raise ImporterError(
                f"{len(missing):,} rows have no result.",
                "This is a fault of importer; `importer resume` looks at the account and goes on.",
            )
        is_open = self.stopped is not None or any(result.outcome in _OPEN for result in self.results.values())
        self.finished_at = time.time()
        told = {"receipt": str(self.receipt) if self.receipt else None}
        journal = self.means.journal
        journal.end(self.run.id, State.OPEN if is_open else State.FINISHED, self.means.client.requests, told)
        journal.learn(self.means.account.key, facts)
        self.run = replace(self.run, state=State.OPEN if is_open else State.FINISHED)

    def _fill_duplicates(self) -> None:
        for row, first in self.given.duplicates.items():
            if row in self.results and first in self.results:
                self.results[row] = self.results[row]._replace(record_id=self.results[first].record_id)
