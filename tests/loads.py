"""Lists written to files and loaded through the real pipeline, for tests of what a load does to the account."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from importer import Ambiguous, pipeline
from importer.kantata.client import Client
from importer.kantata.connection import Access, Connection
from importer.kantata.rate_limiter import RateLimiter
from importer.kantata.transport import Transport
from importer.model import CellRef, Event, Mode, Outcome
from importer.sandbox import Running
from importer.settings import Settings
from importer.spreadsheet.read.book import Book
from importer.sync.journal import Journal
from importer.sync.run import Execution
from importer.sync.run_context import RunContext
from tests.clock import Clock

T = TypeVar("T")


def answered(read: Callable[..., T]) -> T:
    """What `read` makes of a sheet; where it asks something, after its first answer was taken."""
    try:
        return read()
    except Ambiguous as question:
        answer = question.answers[0]
    name, _, header = answer.value.partition("=")
    values = {"columns": {name: header}, "levels": answer.value, "fill_down": True}
    return read(**{answer.option: values[answer.option]})


def write_list(path: Path, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Path:
    """A CSV file with this list."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows(rows)
    return path


def new_skills(kantata: Running, count: int) -> list[tuple[int, int, int]]:
    """So many (user, skill, level) that the account does not hold and takes."""
    rows = kantata.query(
        """SELECT u.id user_id, s.id skill_id FROM users u JOIN skills s ON s.max_level = 5
        WHERE u.account_id = 6300412 AND u.disabled = 0
        AND (SELECT count(*) FROM skill_memberships m WHERE m.user_id = u.id) < 20
        AND NOT EXISTS (SELECT 1 FROM skill_memberships m WHERE m.user_id = u.id AND m.skill_id = s.id)
        ORDER BY s.id, u.id LIMIT ?""",
        count,
    )
    return [(int(row["user_id"]), int(row["skill_id"]), 1 + at % 5) for at, row in enumerate(rows)]


@dataclass(slots=True)
class Loaded:
    """A load that came to its end, and everything that it told on the way."""

    load: Execution
    events: list[Event]

    def rows(self, outcome: Outcome) -> list[int]:
        """The rows with this outcome."""
        return [row for row, result in sorted(self.load.results.items()) if result.outcome is outcome]

    def words(self, row: int) -> str:
        """What is told of a row."""
        return " ".join(f"{problem.message} {problem.fix}" for problem in self.load.results[CellRef(row)].problems)


@contextmanager
def client_with(kantata: Running, workers: int, base_url: str | None = None) -> Iterator[Client]:
    """An administrator's client that sends so many requests at a time, and does not wait between repeated ones.

    `base_url` is another way to the sandbox.
    """
    http = Transport(base_url or kantata.url, kantata.token, timeout_s=60, connections=workers)
    clock = Clock()
    yield Client(http, RateLimiter(workers, clock=clock, sleep=clock.sleep))
    http.close()


def access_with(client: Client, settle_wait_s: float = 0.3) -> Access:
    """The account behind a client, with little patience."""
    settings = Settings(client.base_url, None, Path())
    return Access(client.me(), client, Connection(settings, client.workers, settle_wait_s=settle_wait_s))


@contextmanager
def means_of(access: Access, folder: Path) -> Iterator[RunContext]:
    """The means to write, with a journal in this folder, which is closed at the end."""
    with closing(Journal(folder)) as journal:
        yield RunContext(access.account, access.client, journal, access.connection.settle_wait_s)


def begin_list(access: Access, context: RunContext, path: Path, mode: Mode = Mode.UPSERT) -> Execution:
    """Read, check and plan a list, and write the run down. Nothing is sent."""
    checked = pipeline.check_for(pipeline.read(Book(path)), access)
    return pipeline.begin(pipeline.plan(checked, access, mode), context)


def load_list(client: Client, path: Path, mode: Mode = Mode.UPSERT, *, settle_wait_s: float = 0.3) -> Loaded:
    """Load a list without a face, with a journal beside it."""
    access = access_with(client, settle_wait_s)
    with means_of(access, path.parent / "state") as means:
        load = begin_list(access, means, path, mode)
        return Loaded(load, list(pipeline.send(load)))


def load_list_of_lost_skills(
    client: Client, path: Path, kantata: Running, skills: Iterable[int], mode: Mode = Mode.UPSERT
) -> Loaded:
    """As `load_list`, with skills that the account has until the run has begun, so that Kantata refuses their rows."""
    lost = list(skills)
    for skill in lost:
        kantata.execute(
            "INSERT INTO skills (id, name, max_level, skill_category_id, created_at, updated_at) "
            "SELECT ?, ?, max_level, skill_category_id, created_at, updated_at FROM skills WHERE max_level = 5 LIMIT 1",
            skill,
            f"Lost skill {skill}",
        )
    access = access_with(client)
    with means_of(access, path.parent / "state") as means:
        load = begin_list(access, means, path, mode)
        for skill in lost:
            kantata.execute("DELETE FROM skills WHERE id = ?", skill)
        return Loaded(load, list(pipeline.send(load)))
