"""Executes a plan: sends, reads the answers, yields events. Knows which request follows which answer; prints nothing.

Every change ends in one result, joined to its answer by key. A write that may have reached Kantata is not sent
again.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from importer.endpoints.declare import Endpoint
from importer.errors import ImporterError
from importer.kantata.bulk import Verdict, Written, read_written
from importer.kantata.client import Client, exception_for
from importer.kantata.envelope import Record, Refusal
from importer.kantata.held import read_held
from importer.kantata.http import Answer
from importer.kantata.remedies import remedy
from importer.kantata.spelling import Spelling
from importer.model import Action, Answered, Change, Event, Key, Outcome, Problem, Result, Sent, Stopped, Waiting
from importer.plan import Plan

_TICK_S = 0.1
"""How long a wait is not told to the person who watches."""


@dataclass(frozen=True, slots=True)
class _Task:
    """One write to do: a bulk create of several changes, or the update of one."""

    changes: tuple[Change, ...]

    @property
    def method(self) -> str:
        return "POST" if self.changes[0].action is Action.CREATE else "PUT"

    @property
    def rows(self) -> tuple[int, ...]:
        return tuple(change.row for change in self.changes)


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of a task: results for some of its rows, tasks for the others, or a reason to stop."""

    results: Mapping[int, Result] = field(default_factory=dict)
    tasks: tuple[_Task, ...] = ()
    stop: ImporterError | None = None


def run(plan: Plan, client: Client, workers: int) -> Iterator[Event]:
    """Send what the plan asks for, at most `workers` requests at a time, and yield what happens.

    Every row of `plan.changes` is in the results of exactly one `Answered`. After `Stopped`, and when the
    generator is closed or interrupted, requests in flight are awaited and the rows not sent are `not sent`.
    """
    told: SimpleQueue[Event] = SimpleQueue()
    client.told = lambda seconds, reason: told.put(Waiting(seconds, reason))
    left = {change.row: Result(Outcome.UNCHANGED, change.record_id) for change in plan.of(Action.LEAVE)}
    if left:
        yield Answered(left)
    writer = _Writer(plan.endpoint, client)
    queue = deque(_tasks(plan))
    stopped: ImporterError | None = None
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="send") as pool:
        flying: set[Future[_Done]] = set()
        while queue or flying:
            while queue and len(flying) < workers:
                task = queue.popleft()
                yield Sent(task.method, task.rows)
                flying.add(pool.submit(writer.do, task))
            landed, flying = wait(flying, timeout=_TICK_S, return_when=FIRST_COMPLETED)
            yield from _drain(told)
            for done in (future.result() for future in landed):
                yield Answered(done.results)
                queue.extendleft(reversed(done.tasks))
                if done.stop is not None and stopped is None:
                    stopped = done.stop
            if stopped is not None:
                yield Answered({row: Result(Outcome.NOT_SENT) for task in queue for row in task.rows})
                queue.clear()
    yield from _drain(told)
    if stopped is not None:
        yield Stopped(stopped)


def _tasks(plan: Plan) -> Iterator[_Task]:
    yield from (_Task(tuple(batch)) for batch in plan.batches())
    yield from (_Task((change,)) for change in plan.of(Action.UPDATE))


def _drain(told: "SimpleQueue[Event]") -> Iterator[Event]:
    while True:
        try:
            yield told.get_nowait()
        except Empty:
            return


class _Writer:
    """Does one task after another, in any thread: sends, reads the answer, and says what is left to do."""

    def __init__(self, endpoint: Endpoint, client: Client) -> None:
        self._endpoint = endpoint
        self._client = client
        self._spelling = Spelling(endpoint)

    def do(self, task: _Task) -> _Done:
        """Send the task's request, once, and say what came of it."""
        if task.method == "PUT":
            return self._update(task)
        return self._create(task)

    def _create(self, task: _Task) -> _Done:
        lower = self._spelling.lower
        bodies = [self._spelling.write(change.fields, lower=lower) for change in task.changes]
        answer = self._client.create(self._endpoint, bodies)
        written = read_written(self._endpoint, answer)
        if written.verdict is Verdict.DONE:
            self._spelling.accept()
            return self._joined(task, answer, written)
        if written.verdict is Verdict.REFUSED:
            return self._after_refusal(task, answer, written, lower=lower)
        return self._undone(task, answer, written)

    def _update(self, task: _Task) -> _Done:
        change = task.changes[0]
        fields = {name: change.fields[name] for name in self._endpoint.updates if name in change.fields}
        answer = self._client.update(self._endpoint, str(change.record_id), fields)
        written = read_written(self._endpoint, answer)
        if written.verdict is Verdict.DONE:
            record = written.records.get(change.key, {"id": change.record_id})
            return _Done({change.row: _made(self._endpoint, Outcome.UPDATED, change, record)})
        if written.verdict is Verdict.REFUSED:
            return _Done({change.row: _refused(change, written.refusals)})
        return self._undone(task, answer, written)

    def _joined(self, task: _Task, answer: Answer, written: Written) -> _Done:
        """Each change with its record; those that the answer does not show are read back."""
        missing = [change for change in task.changes if change.key not in written.records]
        found = self._read_back(missing) if missing else {}
        records = written.records | (found or {})
        doubt = _in_doubt("the answer did not show the record, and it was not found when read back", answer)
        results = {
            change.row: _made(self._endpoint, Outcome.CREATED, change, records[change.key])
            if change.key in records
            else doubt
            for change in task.changes
        }
        return _Done(results)

    def _after_refusal(self, task: _Task, answer: Answer, written: Written, *, lower: bool) -> _Done:
        """A batch that was not accepted. Parts of it may be written, so it is read back before anything is sent."""
        found = self._read_back(task.changes)
        if found is None:
            why = "Kantata refused a part of the request, and the account could not be read"
            return _Done({change.row: _in_doubt(why, answer) for change in task.changes})
        records = written.records | found
        made = {
            change.row: _made(self._endpoint, Outcome.CREATED, change, records[change.key])
            for change in task.changes
            if change.key in records
        }
        left = tuple(change for change in task.changes if change.key not in records)
        if not left:
            return _Done(made)
        if self._spelling.is_worth_another_try(written.refusals, lower=lower):
            return _Done(made, (_Task(left),))
        if len(left) == 1:
            return _Done({**made, left[0].row: _refused(left[0], written.refusals)})
        half = len(left) // 2
        return _Done(made, (_Task(left[:half]), _Task(left[half:])))

    def _undone(self, task: _Task, answer: Answer, written: Written) -> _Done:
        """A request that was not answered, or not let through: nobody knows, or nothing happened."""
        if written.verdict is Verdict.IN_DOUBT:
            why = answer.fault or f"Kantata answered {answer.status}"
            return _Done({change.row: _in_doubt(why, answer) for change in task.changes})
        stop = exception_for(answer, self._client.base_url)
        return _Done({change.row: Result(Outcome.NOT_SENT) for change in task.changes}, stop=stop)

    def _read_back(self, changes: Iterable[Change]) -> dict[Key, Record] | None:
        """The records that now stand under the keys of these changes; None if the account could not be read."""
        try:
            held = read_held(self._client, self._endpoint, [change.key for change in changes], 1)
        except ImporterError:
            return None
        return {key: records[0] for key, records in held.items()}


def _made(endpoint: Endpoint, outcome: Outcome, change: Change, record: Record) -> Result:
    """The result of a write that was done, with a word where Kantata keeps another value than it was sent."""
    for name in endpoint.updates:
        if name in change.fields and record.get(name) not in (None, change.fields[name]):
            kept = Problem(
                "kept-otherwise",
                f"Kantata keeps {name} {record[name]}, and was sent {change.fields[name]}.",
                "Some skills have fewer levels: look at the skill in Kantata.",
                row=change.row,
            )
            return Result(outcome, str(record["id"]), (kept,))
    return Result(outcome, str(record["id"]))


def _refused(change: Change, refusals: Sequence[Refusal]) -> Result:
    """The result of a row that Kantata did not accept: its words, and our remedy."""
    problems = tuple(
        Problem("refused", f'Kantata says: "{refusal.message}"', remedy(refusal.message, refusal.field), row=change.row)
        for refusal in refusals
    )
    return Result(Outcome.REFUSED, change.record_id, problems)


def _in_doubt(why: str, answer: Answer) -> Result:
    """The result of a row that may or may not be in the account."""
    request = f" (request {answer.request_id})" if answer.request_id else ""
    return Result(
        Outcome.UNKNOWN,
        problems=(
            Problem(
                "unknown",
                f"It may have reached Kantata: {why}{request}.",
                "Run apply on this workbook: it reads the account first, and sends only what is not there.",
            ),
        ),
    )
