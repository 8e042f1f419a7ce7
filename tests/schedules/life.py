"""One life of a process: the real code from where a journal and an account are, until it ends or dies.

Time moves only when somebody sleeps or is answered, and one thread does everything, so a life is the same each time
that it is lived with the same choices. A process that dies leaves what is in its files at that moment; whatever its
exceptions still write on their way out is not looked at.
"""

import concurrent.futures
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import orjson

from importer.audit_events import AuditEvent
from importer.endpoints import skill_memberships
from importer.errors import ImporterError
from importer.kantata.client import Account as Owner
from importer.kantata.client import Client
from importer.kantata.rate_limiter import RateLimiter
from importer.model import Action, CellRef, Change, Mode
from importer.sync import executor
from importer.sync.executor import split_into_batches
from importer.sync.journal import Journal
from importer.sync.journal_entries import Run, State
from importer.sync.plan import Plan
from importer.sync.run import Execution
from importer.sync.run_context import RunContext
from importer.sync.run_input import RunInput
from importer.sync.verification import Verification
from importer.table import Source, Table
from importer.text_frame import text_frame
from tests.audit import hearing
from tests.clock import Clock
from tests.schedules.account import Account, Record
from tests.schedules.ends import Told
from tests.schedules.kantata import Kantata
from tests.schedules.model import (
    BATCH,
    ME,
    ORDERS,
    RETURNS,
    ROW_OF,
    ROWS,
    SETTLE_S,
    SKILL,
    TIMEOUT_S,
    Choice,
    Kind,
    Sort,
    World,
    at_commit,
)
from tests.schedules.patching import patched

ENDPOINT = replace(skill_memberships.ENDPOINT, bulk_limit=BATCH)
OWNER = Owner(str(ME), "Dana Reyes", "dana@example.com", "http://127.0.0.1:9", "1", is_administrator=True)
RUN = "a-run"
WORKERS = 2
MUCH_LATER_S = 10 * (SETTLE_S + TIMEOUT_S)
FILES = ("journal.sqlite", "journal.sqlite-wal")


class Death(BaseException):
    """The process has died; nothing catches it."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What outlives a process: its files, the account, and the time."""

    files: Mapping[str, bytes]
    account: Account
    now: float
    reads: tuple[Mapping[int, Sequence[Record]], ...] = ()
    """What the account held at each read of the verification, once a run has finished."""


@dataclass(frozen=True, slots=True)
class End:
    """How a life ended. `told` is the report of a run that has finished, None for one that has not."""

    rest: Rest
    died: bool
    told: Told | None
    wrong: tuple[str, ...]
    late: Sequence[str] = ()


class Pool:
    """Stands for the threads: what is submitted is done when its end is waited for, in the order of the schedule."""

    def __init__(self, choose: Callable[[Sequence[Choice]], Choice]) -> None:
        self._choose = choose
        self._waiting: dict[concurrent.futures.Future[Any], tuple[Callable[[Any], Any], Any]] = {}

    def __call__(self, **_settings: object) -> "Pool":
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._waiting.clear()

    def submit(self, work: Callable[[Any], Any], task: Any) -> "concurrent.futures.Future[Any]":
        future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        self._waiting[future] = work, task
        return future

    def wait(
        self, futures: Iterable["concurrent.futures.Future[Any]"], **_settings: object
    ) -> tuple[list["concurrent.futures.Future[Any]"], set["concurrent.futures.Future[Any]"]]:
        """The next that has ended, or both."""
        flying = [future for future in self._waiting if future in set(futures)]
        order = self._choose(ORDERS if len(flying) > 1 else ORDERS[:1])
        ended = {ORDERS[0]: flying[:1], ORDERS[1]: flying[1:2], ORDERS[2]: flying}[order]
        for future in ended:
            work, task = self._waiting[future]
            future.set_result(work(task))
            del self._waiting[future]
        return ended, set(flying) - set(ended)


@dataclass
class Life:
    """One process; `folder` is where it keeps its journal."""

    world: World
    folder: Path
    choose: Callable[[Sequence[Choice]], Choice]
    clock: Clock = field(default_factory=Clock)
    _kantata: Kantata | None = None
    _reader: sqlite3.Connection | None = None
    _rest: Rest | None = None
    _reads: tuple[Mapping[int, Sequence[Record]], ...] = ()

    def live(self, start: Rest) -> End:
        """Begin or resume the run and follow it to the end of the process."""
        self._put_back(start)
        kantata = self._kantata = Kantata(start.account.copy(), self.world, self.clock, self.choose, self._die)
        kantata.recorded = self._recorded
        told: Told | None = None
        with ruled(self.clock, Pool(self.choose)), closing(Journal(self.folder)) as journal, self._reading():
            client = Client(kantata, RateLimiter(WORKERS, clock=self.clock, sleep=self.clock.sleep))
            context = RunContext(OWNER, client, journal, SETTLE_S)
            try:
                with hearing(self._hear):
                    self._run(context)
            except Death:
                assert self._rest is not None
                return End(self._rest, died=True, told=None, wrong=tuple(kantata.wrong), late=kantata.late)
            except ImporterError:
                pass  # the account could not be read: a person resumes the run another time
            if journal.has_run(RUN) and not journal.run(RUN).is_open:
                told = told_by(journal)
        return End(self._as_it_is(), died=False, told=told, wrong=tuple(kantata.wrong), late=kantata.late)

    def _run(self, context: RunContext) -> None:
        journal = context.journal
        if not journal.has_run(RUN):
            run = replace(_RUN, started_at=self.clock.now)
            run_input = replace(INPUT, keeps_changes=self.world.keeps)
            execution = Execution.begin(run, run_input, context, PLAN, split_into_batches(CHANGES.values(), ENDPOINT))
        else:
            run = journal.run(RUN)
            if not run.is_open:
                return
            if self.choose(RETURNS) is RETURNS[1]:
                self.clock.sleep(MUCH_LATER_S)
            execution = Execution.from_journal(run, ENDPOINT, context)
            execution.plan_rest()
        for _ in execution.send():
            pass

    # ---- the moments at which it may die

    def _hear(self, event: AuditEvent, what: str) -> None:
        if event is AuditEvent.BEFORE_COMMIT:
            self._perhaps_die(at_commit(what, "before"))
        elif event is AuditEvent.AFTER_COMMIT:
            if what == "end" and self._kantata is not None:
                self._reads = tuple(self._kantata.reads)
            self._perhaps_die(at_commit(what, "after"))
        elif event is AuditEvent.BEFORE_VERIFICATION and self._kantata is not None:
            self._kantata.reads.clear()

    def _perhaps_die(self, choices: tuple[Choice, ...]) -> None:
        if self.choose(choices).sort is Sort.DEATH:
            self._die()

    def _die(self) -> None:
        assert self._kantata is not None
        updates = [ROW_OF[key] for method, keys in self._recorded() if method == "PUT" for key in keys]
        self._kantata.account.asked |= {(row.id or 0, row.level) for row in updates}  # for all that can be known then
        self._rest = self._as_it_is()
        raise Death

    def _as_it_is(self) -> Rest:
        assert self._kantata is not None
        files = {name: path.read_bytes() for name in FILES if (path := self.folder / name).exists()}
        return Rest(files, self._kantata.account.copy(), self.clock.now, self._reads)

    def _put_back(self, start: Rest) -> None:
        self.clock.now = start.now
        self._reads = start.reads
        for name in (*FILES, "journal.sqlite-shm"):
            (self.folder / name).unlink(missing_ok=True)
        for name, content in start.files.items():
            (self.folder / name).write_bytes(content)

    # ---- what the journal holds, as the model sees it

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with closing(sqlite3.connect(self.folder / FILES[0])) as self._reader:
            yield

    def _recorded(self) -> Iterable[tuple[str, frozenset[int]]]:
        """The writes that are about to leave, by the journal: method and rows."""
        assert self._reader is not None
        methods = {"create": "POST", "update": "PUT", "remove": "DELETE"}
        rows = self._reader.execute("SELECT action, rows FROM attempts WHERE verdict IS NULL")
        return [(methods[action], frozenset(orjson.loads(refs))) for action, refs in rows]


def state_of(journal: sqlite3.Connection, account: Account, now: float) -> tuple[object, ...]:
    """Journal and account, without what nobody reads again: two equal states cannot be told apart any more."""

    def since(at: float | None) -> float | None:
        return None if at is None else round(now - at, 3)

    runs = [(state, since(at)) for state, at in journal.execute("SELECT state, started_at FROM runs")]
    attempts = [
        (id_, action, refs, targets, since(sent), since(answered), verdict)
        for id_, action, refs, targets, sent, answered, verdict in journal.execute(
            "SELECT id, action, rows, targets, sent_at, answered_at, verdict FROM attempts ORDER BY id"
        )
    ]
    results = journal.execute("SELECT body FROM results ORDER BY id").fetchall()
    changes = journal.execute("SELECT body FROM changes ORDER BY part").fetchall()
    learned = journal.execute("SELECT name, value FROM learned ORDER BY name").fetchall()
    return tuple(runs), tuple(attempts), tuple(results), tuple(changes), tuple(learned), account.state(now)


def told_by(journal: Journal) -> Told:
    """The report of a finished run, as its journal holds it."""
    packed = (journal.run(RUN).details or {}).get("receipt")
    differences = Verification.unpack(packed).differences if packed else ()
    differing = frozenset(int(each.ref) for each in differences if each.ref is not None)
    return Told({int(ref): result for ref, result in journal.results(RUN).items()}, differing)


@contextmanager
def ruled(clock: Clock, pool: Pool) -> Iterator[None]:
    """Time is the clock's, and what would run in threads runs when the pool says so."""
    of_time = [(time, "time", clock), (time, "perf_counter", clock), (time, "sleep", clock.sleep)]
    with patched([*of_time, (executor, "ThreadPoolExecutor", pool), (executor, "wait", pool.wait)]):
        yield


# ---- the run, as a plan of it

_ACTIONS = {Kind.NEW: Action.CREATE, Kind.CHANGED: Action.UPDATE, Kind.REMOVED: Action.REMOVE}


def _changes() -> Iterator[Change]:
    for row in ROWS:
        ids = {"user_id": row.key, "skill_id": row.key + SKILL}
        fields = {} if row.kind is Kind.REMOVED else {**ids, "level": row.level}
        before = {Kind.NEW: None, Kind.CHANGED: {"level": row.before}, Kind.REMOVED: {**ids, "level": row.before}}
        key = (str(row.key), str(row.key + SKILL))
        id_ = None if row.id is None else str(row.id)
        yield Change(CellRef(row.ref), key, _ACTIONS[row.kind], fields, id_, before[row.kind])


CHANGES = {change.ref: change for change in _changes()}
PLAN = Plan(ENDPOINT, Mode.UPSERT, CHANGES, {})
_SOURCE = Source(Path("list.csv"), "0" * 64)
INPUT = RunInput(
    Table(_SOURCE, skill_memberships.ENDPOINT, (), (), text_frame({}, [row.ref for row in ROWS]), {}, frozenset(), ()),
    tuple(CHANGES),
    {},
    (),
)
_RUN = Run(
    RUN, "apply", ENDPOINT.name, "upsert", "list.csv", None, "0" * 64, OWNER.key, str(OWNER), OWNER.base_url,
    len(ROWS), 0.0, state=State.OPEN,
)  # fmt: skip


def beginning(folder: Path) -> Rest:
    """An account with what the run updates and removes, and a journal without a run."""
    with closing(Journal(folder)):
        pass
    return Rest({FILES[0]: (folder / FILES[0]).read_bytes()}, Account(), 100.0)
