"""Executes changes: hands tasks to workers, writes each step into the journal, yields events. Prints nothing.

Every change ends in one result, joined to its answer by key. What is about to leave is on disk before it leaves, and
what came back is on disk before anything else is done with it.
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
from importer.kantata.client import Client
from importer.messages import about_runs
from importer.model import Action, Answered, CellRef, Change, Event, Outcome, Replanned, Result, Sent, Stopped, Waiting
from importer.sync.journal import Journal, Reply
from importer.sync.plan import split
from importer.sync.task import Task, TaskResult
from importer.sync.worker import Worker

if TYPE_CHECKING:
    from importer.errors import ImporterError

_TICK_S = 0.1
"""How long a wait is not told to the person who watches, and a wish to stop not heard."""


def split_into_batches(changes: Iterable[Change], bulk_limit: int) -> Iterator[Task]:
    """The requests for these changes: creates in batches of at most `bulk_limit`, then each update, then each removal.

    Shapes: a change that leaves its record as it is is in none of them.
    """
    changes = list(changes)
    creates = [change for change in changes if change.action is Action.CREATE]
    yield from (Task(tuple(batch)) for batch in split(creates, bulk_limit))
    for action in (Action.UPDATE, Action.REMOVE):
        yield from (Task((change,)) for change in changes if change.action is action)


class Executor:
    """One execution of tasks, as many at a time as the client sends requests at most.

    `stop` may be set by anyone: what is in flight is then settled, and nothing new is sent.
    """

    def __init__(self, run_id: str, worker: Worker, client: Client, journal: Journal) -> None:
        self._run_id = run_id
        self._worker = worker
        self._journal = journal
        self._workers = client.workers
        self._queue: deque[Task] = deque()
        self._later: list[tuple[float, int, Task]] = []
        self._order = count()
        self._flying: dict[Future[TaskResult], tuple[Task, int | None]] = {}
        self._stopped: ImporterError | None = None
        self._told: SimpleQueue[Event] = SimpleQueue()
        self.stop = threading.Event()
        client.on_wait = lambda seconds, reason: self._told.put(Waiting(seconds, reason))

    def execute(self, tasks: Iterable[Task]) -> Iterator[Event]:
        """Do the tasks and those that follow from them, and yield what happens.

        Every row of the tasks is in the results of some `Answered`. After `Stopped` the rows that were not sent are
        `not sent`, and those whose request could not be settled `unknown`.
        """
        self._put(tasks)
        results: dict[CellRef, Result] = {}
        replies: list[Reply] = []
        changes: tuple[Change, ...] = ()
        with ThreadPoolExecutor(max_workers=self._workers, thread_name_prefix="send") as pool:
            while self._queue or self._later or self._flying or results or replies or changes:
                results |= self._left_unsent()
                started = self._ready()
                sending = [task for task in started if task.sends]
                numbers = self._write_down(replies, results, changes, sending)
                if changes:
                    yield Replanned(changes)
                if results:
                    yield Answered(results)
                for task in started:
                    if task.sends:
                        yield Sent(task.action.value, task.refs)
                    self._flying[pool.submit(self._worker.do, task)] = (task, numbers.get(id(task)))
                results, replies, changes = self._land()
                yield from self._drain()
        yield from self._drain()
        if self._stopped is not None:
            yield Stopped(self._stopped)

    def _write_down(
        self,
        replies: Sequence[Reply],
        results: Mapping[CellRef, Result],
        changes: Sequence[Change],
        sending: Sequence[Task],
    ) -> dict[int, int]:
        """The numbers of the attempts that are about to leave, by the tasks' identity."""
        if not (replies or results or changes or sending):
            return {}
        intents = [task.intent for task in sending]
        numbers = self._journal.step(self._run_id, replies=replies, results=results, changes=changes, intents=intents)
        return {id(task): number for task, number in zip(sending, numbers, strict=True)}

    def _ready(self) -> list[Task]:
        """The tasks to start now."""
        now = time.time()
        while self._later and self._later[0][0] <= now:
            self._queue.appendleft(heapq.heappop(self._later)[2])
        free = self._workers - len(self._flying)
        return [self._queue.popleft() for _ in range(min(free, len(self._queue)))]

    def _land(self) -> tuple[dict[CellRef, Result], list[Reply], tuple[Change, ...]]:
        """The results, replies and new changes of the tasks that have come back, after waiting a little for one."""
        if self._flying:
            landed, _ = wait(self._flying, timeout=_TICK_S, return_when=FIRST_COMPLETED)
        else:
            landed = set()
            time.sleep(min(_TICK_S, max(0.0, self._later[0][0] - time.time())) if self._later else 0)
        results: dict[CellRef, Result] = {}
        replies: list[Reply] = []
        changes: list[Change] = []
        for future in landed:
            _, attempt = self._flying.pop(future)
            done = future.result()
            sys.audit(AuditEvent.AFTER_LANDING)
            self._notice_stop()
            results |= done.results
            if attempt is not None:
                replies.append(Reply(attempt, done.verdict, done.status, done.request_id))
            self._put(done.tasks, in_front=True)
            if done.wants_probe:
                self._probe()
            changes += [change for task in done.tasks if task.replanned for change in task.changes]
            if done.wait:
                self._told.put(Waiting(0.0, done.wait))
            self._stopped = self._stopped or done.stop
        return results, replies, tuple(changes)

    def _put(self, tasks: Iterable[Task], *, in_front: bool = False) -> None:
        """Queue tasks: what has to wait by its time, what follows from a landed one before the others."""
        ready = []
        for task in tasks:
            if task.not_before > time.time():
                heapq.heappush(self._later, (task.not_before, next(self._order), task))
            else:
                ready.append(task)
        if in_front:
            self._queue.extendleft(reversed(ready))
        else:
            self._queue.extend(ready)

    def _probe(self) -> None:
        """Send the last row of all that wait by itself next; the farther from those refused, the more it tells."""
        for at in reversed(range(len(self._queue))):
            task = self._queue[at]
            if not task.sends or task.others or task.suspects or task.on_trial:
                continue
            del self._queue[at]
            if task.changes[:-1]:
                self._queue.insert(at, task.only(task.changes[:-1]))
            self._queue.appendleft(Task(task.changes[-1:], tried_at=task.tried_at, is_probe=True))
            return

    def _left_unsent(self) -> dict[CellRef, Result]:
        """Once the run is to stop: the rows of every task that would send something, as `not sent`.

        Tasks that look for what an earlier request did go on: a stopped run still knows what it has done.
        """
        self._notice_stop()
        if self._stopped is None:
            return {}
        unsent = [task for task in self._queue if task.sends]
        self._queue = deque(task for task in self._queue if not task.sends)
        return {row: Result(Outcome.NOT_SENT) for task in unsent for row in task.every_ref}

    def _notice_stop(self) -> None:
        if self.stop.is_set() and self._stopped is None:
            self._stopped = about_runs.interrupted()

    def _drain(self) -> Iterator[Event]:
        while True:
            try:
                yield self._told.get_nowait()
            except Empty:
                return
