"""Executes tasks: hands them to workers, records each step in the journal, yields events. Prints nothing.

Every change ends in one result, joined to its answer by key. A request is on disk before it leaves, and its answer is
on disk before the next step.
"""

import heapq
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import count
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from importer.audit_events import AuditEvent
from importer.endpoints.declare import Endpoint
from importer.kantata.client import Client
from importer.messages import about_runs
from importer.model import Action, Answered, CellRef, Change, Event, Outcome, Replanned, Result, Sent, Stopped, Waiting
from importer.sync.journal import Journal
from importer.sync.journal_entries import Reply
from importer.sync.plan import split_creates
from importer.sync.task import Task, TaskResult
from importer.sync.worker import Worker

if TYPE_CHECKING:
    from importer.errors import ImporterError

TICK_S = 0.1
"""Seconds between two looks at new events and at a request to stop."""


def split_into_batches(changes: Iterable[Change], endpoint: Endpoint) -> Iterator[Task]:
    """The tasks for these changes: creates in batches within the endpoint's limit, then each update, then each removal.
    What lies in another record is created after it, in a batch of its own depth, and removed before it.

    Shapes: a change whose action is `LEAVE` is in no task.
    """
    changes = list(changes)
    creates = (change for change in changes if change.action is Action.CREATE)
    yield from (Task(tuple(batch)) for batch in split_creates(creates, endpoint))
    yield from (Task((change,)) for change in changes if change.action is Action.UPDATE)
    removals = [change for change in changes if change.action is Action.REMOVE]
    yield from (Task((change,)) for change in sorted(removals, key=lambda each: -endpoint.depth(each.key)))


def in_waves(tasks: Iterable[Task], endpoint: Endpoint) -> Iterator[list[Task]]:
    """The tasks in waves, each of which begins when the one before has ended: records that lie in others after these,
    and removals last.

    While a list is read page by page, a removal moves the records behind it, and what is created at the same time hides
    that: a record that we have just made could be missed, and be made again.
    """
    waves: dict[tuple[bool, int], list[Task]] = {}
    for task in tasks:
        depth = endpoint.depth(task.changes[0].key)
        is_removal = task.action is Action.REMOVE
        waves.setdefault((is_removal, -depth if is_removal else depth), []).append(task)
    return (waves[order] for order in sorted(waves))


class Executor:
    """Executes tasks in as many threads as the client may send requests at a time.

    Any thread may set `stop`: nothing new is sent then, but requests in flight are finished.
    """

    def __init__(self, run_id: str, worker: Worker, client: Client, journal: Journal) -> None:
        self._run_id = run_id
        self._worker = worker
        self._journal = journal
        self._workers = client.workers
        self._queue: deque[Task] = deque()
        self._delayed: list[tuple[float, int, Task]] = []
        self._order = count()
        self._in_flight: dict[Future[TaskResult], int | None] = {}
        self._stop_reason: ImporterError | None = None
        self._events: SimpleQueue[Event] = SimpleQueue()
        self.stop = threading.Event()
        client.on_wait = lambda seconds, reason: self._events.put(Waiting(seconds, reason))

    def execute(self, tasks: Iterable[Task]) -> Iterator[Event]:
        """Do the tasks and their follow-up tasks, and yield events.

        Every row of the tasks is in the results of one `Answered`. If the run stops, rows that never left are
        `not sent`, and rows whose write may have happened are `unknown`.
        """
        self._enqueue(tasks)
        results: dict[CellRef, Result] = {}
        replies: list[Reply] = []
        changes: tuple[Change, ...] = ()
        with ThreadPoolExecutor(max_workers=self._workers, thread_name_prefix="send") as pool:
            while self._queue or self._delayed or self._in_flight or results or replies or changes:
                results |= self._cancel_unsent()
                started = self._next_tasks()
                sending = [task for task in started if task.sends]
                numbers = self._record(replies, results, changes, sending)
                if changes:
                    yield Replanned(changes)
                if results:
                    yield Answered(results)
                for task in started:
                    if task.sends:
                        yield Sent(task.action.value, task.refs)
                    self._in_flight[pool.submit(self._worker.do, task)] = numbers.get(id(task))
                results, replies, changes = self._collect()
                yield from self._drain()
        yield from self._drain()
        if self._stop_reason is not None:
            yield Stopped(self._stop_reason)

    def _record(
        self,
        replies: Sequence[Reply],
        results: Mapping[CellRef, Result],
        changes: Sequence[Change],
        sending: Sequence[Task],
    ) -> dict[int, int]:
        """Record a step in the journal; return the number of each attempt that is about to leave, by `id(task)`."""
        if not (replies or results or changes or sending):
            return {}
        intents = [task.intent for task in sending]
        numbers = self._journal.step(self._run_id, replies=replies, results=results, changes=changes, intents=intents)
        return {id(task): number for task, number in zip(sending, numbers, strict=True)}

    def _next_tasks(self) -> list[Task]:
        """The tasks to start now."""
        now = time.time()
        while self._delayed and self._delayed[0][0] <= now:
            self._queue.appendleft(heapq.heappop(self._delayed)[2])
        free = self._workers - len(self._in_flight)
        return [self._queue.popleft() for _ in range(min(free, len(self._queue)))]

    def _collect(self) -> tuple[dict[CellRef, Result], list[Reply], tuple[Change, ...]]:
        """The results, replies and new changes of finished tasks, after waiting a little for one."""
        if self._in_flight:
            finished, _ = wait(self._in_flight, timeout=TICK_S, return_when=FIRST_COMPLETED)
        else:
            finished = set()
            time.sleep(min(TICK_S, max(0.0, self._delayed[0][0] - time.time())) if self._delayed else 0)
        results: dict[CellRef, Result] = {}
        replies: list[Reply] = []
        changes: list[Change] = []
        for future in finished:
            attempt = self._in_flight.pop(future)
            done = future.result()
            sys.audit(AuditEvent.AFTER_LANDING)
            self._notice_stop()
            results |= done.results
            if attempt is not None:
                replies.append(Reply(attempt, done.verdict, done.status, done.request_id))
            self._enqueue(done.tasks, in_front=True)
            if done.wants_probe:
                self._enqueue_probe()
            changes += [change for task in done.tasks if task.is_replanned for change in task.changes]
            if done.wait:
                self._events.put(Waiting(0.0, done.wait))
            self._stop_reason = self._stop_reason or done.stop
        return results, replies, tuple(changes)

    def _enqueue(self, tasks: Iterable[Task], *, in_front: bool = False) -> None:
        """Queue tasks: delayed ones by their time, follow-up tasks before all others."""
        ready = []
        for task in tasks:
            if task.not_before > time.time():
                heapq.heappush(self._delayed, (task.not_before, next(self._order), task))
            else:
                ready.append(task)
        if in_front:
            self._queue.extendleft(reversed(ready))
        else:
            self._queue.extend(ready)

    def _enqueue_probe(self) -> None:
        """Send the last waiting row next, by itself: the farther it is from the refused rows, the more it shows."""
        for at in reversed(range(len(self._queue))):
            task = self._queue[at]
            if not task.sends or task.other_half or task.suspects or task.on_trial:
                continue
            del self._queue[at]
            if task.changes[:-1]:
                self._queue.insert(at, task.only(task.changes[:-1]))
            self._queue.appendleft(Task(task.changes[-1:], tried_at=task.tried_at, is_probe=True))
            return

    def _cancel_unsent(self) -> dict[CellRef, Result]:
        """If the run is to stop, drop the tasks that would send something: their rows are `not sent`.

        Tasks that look for an earlier write stay, so that a stopped run knows what it has done.
        """
        self._notice_stop()
        if self._stop_reason is None:
            return {}
        unsent = [task for task in self._queue if task.sends]
        self._queue = deque(task for task in self._queue if not task.sends)
        return {row: Result(Outcome.NOT_SENT) for task in unsent for row in task.all_refs}

    def _notice_stop(self) -> None:
        if self.stop.is_set() and self._stop_reason is None:
            self._stop_reason = about_runs.interrupted()

    def _drain(self) -> Iterator[Event]:
        while True:
            try:
                yield self._events.get_nowait()
            except Empty:
                return
