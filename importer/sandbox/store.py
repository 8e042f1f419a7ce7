"""The database of the sandbox: one SQLite connection, one lock, the fixture world poured in.

Knows tables and rows, and no HTTP. Every method takes `lock`; hold it, or a `transaction`, where several steps
belong together.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from threading import RLock

from importer.sandbox import sql
from importer.sandbox.errors import SandboxError
from importer.sandbox.world import LACKING, NewAccount, shifted, world
from importer.sandbox.world.draw import draw

SCHEMA = (files("importer.sandbox") / "schema.sql").read_text(encoding="utf-8")

# What a person in the web application may change, and `GET /sandbox/counts` counts.
TABLES = tuple(name for name in re.findall(r"CREATE TABLE (\w+)", SCHEMA) if name not in {"sandbox", "requests"})
FORMAT = "1"  # of the tables; a file of another one is not opened
Values = Mapping[str, object] | Sequence[object]


def clock() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class Store:
    """The rows of one sandbox, in the file `path` or in memory.

    A new one begins as `account` says. A file that a sandbox made before is opened as it is.
    Raises: SandboxError for any other file.
    """

    def __init__(self, path: Path | None, account: NewAccount, time: Callable[[], datetime] = clock) -> None:
        self.lock = RLock()
        self.account = account
        self.time = time
        self._at_start: sqlite3.Connection | None = None
        self._connection = _open(path)
        try:
            made_with = _made_with(self._connection, path)
            if made_with is None:
                _fill(self._connection, account)
            else:
                self.account = made_with
        except sqlite3.Error as error:
            self._connection.close()
            raise _unusable(path, error) from error
        except SandboxError:
            self._connection.close()
            raise

    def rows(self, statement: str, values: Values = ()) -> list[sqlite3.Row]:
        """All the rows that a SELECT finds."""
        with self.lock:
            return self._connection.execute(statement, values).fetchall()

    def value(self, statement: str, values: Values = ()) -> object:
        """The first value of the first row, or None."""
        with self.lock:
            row = self._connection.execute(statement, values).fetchone()
            return row[0] if row else None

    def run(self, statement: str, values: Values = ()) -> int:
        """Run a statement that writes; returns how many rows it touched."""
        with self.lock:
            return self._connection.execute(statement, values).rowcount

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
        """Insert rows that have all the columns."""
        with self.lock:
            self._connection.executemany(sql.insert(table, columns), rows)

    def new_ids(self, table: str, wanted: int) -> range:
        """Ids that no record of `table` ever had."""
        last = self.value("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,))
        first = (last if isinstance(last, int) else 0) + 1
        return range(first, first + wanted)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All the writes inside, or none if an exception leaves it."""
        with self.lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def reset(self) -> None:
        """Everything as it was at the start of a new sandbox; the log of requests is empty."""
        with self.lock:
            if self._at_start is None:
                self._at_start = _open(None)
                _fill(self._at_start, self.account)
            self._at_start.backup(self._connection)

    def counts(self) -> dict[str, int]:
        """How many rows each table holds."""
        return {table: int(str(self.value(sql.select(["count(*)"], table)))) for table in (*TABLES, "requests")}

    def close(self) -> None:
        """Close the database; a file is whole then."""
        with self.lock:
            self._connection.close()
            if self._at_start is not None:
                self._at_start.close()


def _open(path: Path | None) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
    except sqlite3.Error as error:
        raise _unusable(path, error) from error
    connection.row_factory = sqlite3.Row
    connection.create_function("fold", 1, fold, deterministic=True)
    connection.create_function("contains", 2, contains, deterministic=True)
    connection.create_function("draw", 3, draw, deterministic=True)
    return connection


def _unusable(path: Path | None, error: sqlite3.Error) -> SandboxError:
    return SandboxError(f"{path} cannot be used for the sandbox's data: {error}.")


def _made_with(connection: sqlite3.Connection, path: Path | None) -> NewAccount | None:
    """How the account began that a sandbox put into this file before; None for an empty file.

    Raises: SandboxError if it holds something else.
    """
    connection.execute("PRAGMA synchronous = OFF")  # a sandbox need not outlive a power cut
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return None
    if "sandbox" in tables:
        about = dict(connection.execute("SELECT name, value FROM sandbox").fetchall())
        if about.get("format") == FORMAT:
            lacks = frozenset(about.get("lacks", "").split())
            return NewAccount(int(about["users"]), int(about.get("shift", 0)), lacks)
    raise SandboxError(f"{path} does not hold a sandbox's data; name another file.")


def _fill(connection: sqlite3.Connection, account: NewAccount) -> None:
    connection.execute("PRAGMA journal_mode = WAL")  # others may read the file while the sandbox writes
    connection.executescript(f"BEGIN; {SCHEMA}")  # all or nothing: a file that was begun only is an empty one
    for table, rows in world(account.users).items():
        columns = [str(row["name"]) for row in connection.execute(f"PRAGMA table_info({table})")]
        marks = ", ".join("?" * len(columns))
        into = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608  (the names of our own tables)
        connection.executemany(into, shifted(rows, columns, account.shift) if account.shift else rows)
    for table, condition in (each for name in sorted(account.lacks) for each in LACKING[name].items()):
        connection.execute(f"DELETE FROM {table} WHERE {condition}")  # noqa: S608  (as above)
    about = [
        ("format", FORMAT),
        ("users", str(account.users)),
        ("shift", str(account.shift)),
        ("lacks", " ".join(sorted(account.lacks))),
    ]
    connection.executemany("INSERT INTO sandbox VALUES (?, ?)", about)
    connection.execute("COMMIT")


def fold(text: object) -> str:
    """`text` as it is compared without regard to case; composed and decomposed letters are equal."""
    return unicodedata.normalize("NFC", str(text)).casefold()


def contains(text: object, part: object) -> bool:
    """Whether `text` has `part` in it, without regard to case."""
    return text is not None and fold(part) in fold(text)
