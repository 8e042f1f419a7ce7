"""The record of every run on disk: its input, changes, requests and results. Knows no API and no workbook.

A request is on disk before it leaves, and its answer before the next step. So if the process dies, we know which
requests have no answer, and only their rows are in doubt.
"""

import sqlite3
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

import orjson

from importer.audit_events import AuditEvent
from importer.messages import about_account, about_runs
from importer.model import Action, CellRef, Change, Result
from importer.private_files import make_file, make_state_folder
from importer.sync.journal_entries import Attempt, Entry, Intent, Reply, Run, State
from importer.sync.packing import pack_result, unpack_change, unpack_result
from importer.sync.stored_run import StoredRun

T = TypeVar("T")

_FORM = 2
"""The version of the tables; we do not touch a journal of a newer version."""
_ROWS_AT_ONCE = 5_000
_ATTEMPTS_AT_ONCE = 100
"""Attempts in one statement: SQLite takes 32,766 values."""
_FILE = "journal.sqlite"
_NO_ACCOUNT = ""
_PATIENCE_S = 30
"""How long we wait for another process that writes, or reads what is to be deleted."""

_TABLES = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, undoes TEXT, endpoint TEXT NOT NULL, mode TEXT NOT NULL,
    file TEXT NOT NULL, sheet TEXT, sha256 TEXT NOT NULL, account TEXT NOT NULL, account_name TEXT NOT NULL,
    base_url TEXT NOT NULL, started_at REAL NOT NULL, finished_at REAL, state TEXT NOT NULL, rows INTEGER NOT NULL,
    requests TEXT NOT NULL, told TEXT NOT NULL, part_of TEXT REFERENCES runs ON DELETE CASCADE,
    stage INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS inputs (run TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS changes (
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, part INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (run, part)
) STRICT;
CREATE TABLE IF NOT EXISTS attempts (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, action TEXT NOT NULL,
    rows TEXT NOT NULL, targets TEXT NOT NULL, sent_at REAL NOT NULL, answered_at REAL, status INTEGER,
    request_id TEXT, verdict TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS attempts_of_run ON attempts (run);
CREATE TABLE IF NOT EXISTS results (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, at REAL NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS results_of_run ON results (run);
CREATE TABLE IF NOT EXISTS learned (
    account TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (account, name)
) STRICT;
"""


_STAGES = """
ALTER TABLE runs ADD COLUMN part_of TEXT REFERENCES runs ON DELETE CASCADE;
ALTER TABLE runs ADD COLUMN stage INTEGER NOT NULL DEFAULT 0;
"""
"""What a journal of the first version lacks."""


def is_kept_in(folder: Path) -> bool:
    """Whether there is a journal in this folder; this creates none."""
    return (folder / _FILE).is_file()


class Journal:
    """The journal in a folder, for one thread.

    Raises: Guarded when the folder cannot be written, or a newer importer wrote the journal.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / _FILE
        try:
            make_state_folder(folder)
            make_file(self.path)  # the files that sqlite makes beside it have its mode
            self._database = sqlite3.connect(self.path, isolation_level=None, timeout=_PATIENCE_S)
            self._database.row_factory = sqlite3.Row
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            # macOS calls a file written that is still in the disk's own memory, unless it is asked for more.
            self._database.execute("PRAGMA fullfsync = ON")
            self._database.execute("PRAGMA foreign_keys = ON")
            form = self._form()
            if form > _FORM:
                raise about_runs.newer_journal(str(self.path))
            if form < _FORM:
                self._make_tables()
        except (OSError, sqlite3.Error) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise about_account.no_state_folder(str(folder), why) from None

    def _form(self) -> int:
        """The version of the tables in the file; 0 for a new one."""
        return int(self._database.execute("PRAGMA user_version").fetchone()[0])

    def _make_tables(self) -> None:
        """Make the tables, or add what those of an older version lack; another process may just have done so."""
        self._database.execute("BEGIN IMMEDIATE")
        form = self._form()
        if form < _FORM:
            for statement in (_STAGES if form else _TABLES).split(";"):
                self._database.execute(statement)
            self._database.execute(f"PRAGMA user_version = {_FORM}")
        self._database.execute("COMMIT")

    def begin(self, run: Entry, stages: Iterable[Entry] = ()) -> None:
        """Record a run before its first request: its input, its changes, and the results that are known already; of one
        with stages the run itself, then each of them, all at once.
        """
        with self._writing("begin"):
            for entry in chain([run], stages):
                self._add_run(entry)

    def _add_run(self, entry: Entry) -> None:
        run = entry.run
        self._database.execute(
            "INSERT INTO runs VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                run.id, run.kind, run.undoes, run.endpoint, run.mode, run.file, run.sheet, run.sha256,
                run.account, run.account_name, run.base_url, run.started_at, run.finished_at, run.state,
                run.rows, "{}", _json(run.details or {}), run.part_of, run.stage,
            ),
        )  # fmt: skip
        self._database.execute("INSERT INTO inputs VALUES (?,?)", (run.id, _packed(entry.run_input)))
        self._add_changes(run.id, entry.changes)
        self._add_results(run.id, entry.results)

    def step(
        self,
        run_id: str,
        *,
        replies: Sequence[Reply] = (),
        results: Mapping[CellRef, Result] | None = None,
        changes: Sequence[Change] = (),
        intents: Sequence[Intent] = (),
    ) -> list[int]:
        """Record what came back and what is about to leave in one transaction; return the number of each attempt.

        `changes` replace earlier changes of their rows.
        """
        now = time.time()
        with self._writing("step"):
            self._add_replies(replies, now)
            self._add_results(run_id, results or {})
            if changes:
                self._add_changes(run_id, changes)
            return self._add_attempts(run_id, intents, now)

    def end(self, run_id: str, state: State, requests: Mapping[str, int], details: Mapping[str, Any]) -> None:
        """Record that the run ended or stopped; `requests` are added to the earlier ones."""
        before = self.run(run_id).requests or {}
        total = {name: before.get(name, 0) + requests.get(name, 0) for name in {**before, **requests}}
        with self._writing("end"):
            self._database.execute(
                "UPDATE runs SET state = ?, finished_at = ?, requests = ?, told = ? WHERE id = ?",
                (state, time.time(), _json(total), _json(details), run_id),
            )

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def leave(self, run_id: str) -> None:
        """Close a run as it is: `resume` no longer continues it."""
        with self._writing("leave"):
            self._database.execute(
                "UPDATE runs SET state = ? WHERE id = ? OR (part_of = ? AND state = ?)",
                (State.CLOSED, run_id, run_id, State.OPEN),
            )

    def runs(self) -> list[Run]:
        """Every run, the latest first; a run with stages is one."""
        statement = "SELECT * FROM runs WHERE part_of IS NULL ORDER BY started_at DESC, id DESC"
        return [_run(row) for row in self._database.execute(statement)]

    def stages(self, run_id: str) -> list[Run]:
        """The stages of a run in their order; most have none."""
        statement = "SELECT * FROM runs WHERE part_of = ? ORDER BY stage"
        return [_run(row) for row in self._database.execute(statement, (run_id,))]

    def open_runs(self, account: str) -> list[Run]:
        """The runs of this account that can be resumed, the latest first."""
        return [run for run in self.runs() if run.state is State.OPEN and run.account == account]

    def run(self, run_id: str) -> Run:
        """The run of this id.

        Raises: Guarded when there is none.
        """
        row = self._database.execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
        if row is None:
            raise about_runs.no_such_run(run_id, str(self.path))
        return _run(row)

    def has_run(self, run_id: str) -> bool:
        """Whether there is a run of this id."""
        return self._database.execute("SELECT 1 FROM runs WHERE id = ?", (run_id,)).fetchone() is not None

    def run_input(self, run_id: str) -> dict[str, Any]:
        """The input of a run, as `begin` received it."""
        (body,) = self._database.execute("SELECT body FROM inputs WHERE run = ?", (run_id,)).fetchone()
        run_input: dict[str, Any] = _unpacked(body)
        return run_input

    def changes(self, run_id: str) -> dict[CellRef, Change]:
        """The changes by row; a later change of a row replaces an earlier one."""
        rows = self._database.execute("SELECT body FROM changes WHERE run = ? ORDER BY part", (run_id,))
        return {change.ref: change for (body,) in rows for change in map(unpack_change, _unpacked(body))}

    def results(self, run_id: str) -> dict[CellRef, Result]:
        """The result of each row that has one."""
        results: dict[CellRef, Result] = {}
        for (body,) in self._database.execute("SELECT body FROM results WHERE run = ? ORDER BY id", (run_id,)):
            results |= {CellRef(ref): unpack_result(values) for ref, values in orjson.loads(body).items()}
        return results

    def attempts(self, run_id: str) -> list[Attempt]:
        """Every write that was about to leave, in order."""
        rows = self._database.execute("SELECT * FROM attempts WHERE run = ? ORDER BY id", (run_id,))
        return [
            Attempt(
                row["id"],
                Action(row["action"]),
                tuple(map(CellRef, orjson.loads(row["rows"]))),
                {CellRef(name): id_ for name, id_ in orjson.loads(row["targets"]).items()},
                row["sent_at"],
                row["answered_at"],
                row["status"],
                row["request_id"],
                row["verdict"],
            )
            for row in rows
        ]

    def has_attempts(self, run_id: str) -> bool:
        """Whether a write of this run was ever about to leave."""
        return self._database.execute("SELECT 1 FROM attempts WHERE run = ? LIMIT 1", (run_id,)).fetchone() is not None

    def prune(self, before: float) -> int:
        """Delete the runs that ended before this time; return how many. An open run is never deleted."""
        with self._writing("prune"):
            deleted = self._database.execute(
                "DELETE FROM runs WHERE state <> ? AND started_at < ? AND part_of IS NULL", (State.OPEN, before)
            ).rowcount
        self.compact()
        return deleted

    def all_runs(self) -> list[Run]:
        """Every run, and every stage of one, the latest first."""
        return [_run(row) for row in self._database.execute("SELECT * FROM runs ORDER BY started_at DESC, id DESC")]

    def stored(self, run: Run) -> StoredRun:
        """A run with everything that is held of it, packed."""
        of_run = (run.id,)
        return StoredRun(
            run,
            self.run_input(run.id),
            dict(self._bodies("SELECT part, body FROM changes WHERE run = ?", of_run, _unpacked)),
            dict(self._bodies("SELECT id, body FROM results WHERE run = ?", of_run, orjson.loads)),
            dict(self._bodies("SELECT id, targets FROM attempts WHERE run = ?", of_run, orjson.loads)),
        )

    def _bodies(
        self, select: str, values: Sequence[object], unpacked: Callable[[Any], Any]
    ) -> Iterator[tuple[int, Any]]:
        return ((number, unpacked(body)) for number, body in self._database.execute(select, values))

    def rewrite(self, stored: Iterable[StoredRun], accounts: Mapping[str, str]) -> None:
        """Put these runs in the place of those with their ids, all at once; nothing of what was there stays in the file
        once it is compacted. `accounts` gives the new key of each account that has one.
        """
        self._database.execute("PRAGMA secure_delete = ON")
        with self._writing("forget"):
            for each in stored:
                run = each.run
                self._database.execute(
                    "UPDATE runs SET file = ?, sheet = ?, account = ?, account_name = ?, told = ? WHERE id = ?",
                    (run.file, run.sheet, run.account, run.account_name, _json(run.details or {}), run.id),
                )
                self._database.execute("UPDATE inputs SET body = ? WHERE run = ?", (_packed(each.run_input), run.id))
                for part, changes in each.changes.items():
                    values = (_packed(list(changes)), run.id, part)
                    self._database.execute("UPDATE changes SET body = ? WHERE run = ? AND part = ?", values)
                for name, column, bodies in (("results", "body", each.results), ("attempts", "targets", each.targets)):
                    self._database.executemany(
                        f"UPDATE {name} SET {column} = ? WHERE id = ?",  # noqa: S608  (our own words)
                        [(_json(body), number) for number, body in bodies.items()],
                    )
            for before, after in accounts.items():
                self._database.execute("UPDATE OR REPLACE learned SET account = ? WHERE account = ?", (after, before))
            self._database.execute("DELETE FROM learned WHERE account = ?", (_NO_ACCOUNT,))

    def intend(self, what: str, value: Any) -> None:
        """Save what is about to be done to files beside the journal, until the next `rewrite` makes it complete."""
        self.learn(_NO_ACCOUNT, {what: value})

    def intended(self, what: str) -> Any:
        """What an earlier process was about to do and did not complete; None if there is nothing."""
        return self.facts(_NO_ACCOUNT).get(what)

    def compact(self) -> bool:
        """Write the file anew without what was deleted, so that no old page of it is left; whether that was possible,
        as nobody else reads it.
        """
        self._database.execute("VACUUM")
        busy, *_ = self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def facts(self, account: str) -> dict[str, Any]:
        """What earlier runs learned about an account: its rate limit and letter case."""
        rows = self._database.execute("SELECT name, value FROM learned WHERE account = ?", (account,))
        return {row["name"]: orjson.loads(row["value"]) for row in rows}

    def learn(self, account: str, facts: Mapping[str, Any]) -> None:
        """Save facts about an account for later runs."""
        with self._writing("learn"):
            self._database.executemany(
                "INSERT INTO learned VALUES (?,?,?) ON CONFLICT DO UPDATE SET value = excluded.value",
                [(account, name, _json(value)) for name, value in facts.items()],
            )

    # Each statement lets other threads run, and waits for them: several rows in one take a third of the time.

    def _add_replies(self, replies: Sequence[Reply], now: float) -> None:
        for some in _some(replies):
            told = ", ".join(["(?,?,?,?)"] * len(some))
            values = [value for each in some for value in (each.attempt, each.verdict, each.status, each.request_id)]
            self._database.execute(
                "UPDATE attempts SET answered_at = ?, verdict = told.column2, status = told.column3, "  # noqa: S608  (our own words)
                f"request_id = told.column4 FROM (VALUES {told}) AS told WHERE id = told.column1",
                (now, *values),
            )

    def _add_attempts(self, run_id: str, intents: Sequence[Intent], now: float) -> list[int]:
        """The number of each attempt; those of one statement follow each other, as nobody else writes meanwhile."""
        numbers: list[int] = []
        for some in _some(intents):
            values = [(run_id, each.action, _json(each.refs), _json(each.targets), now) for each in some]
            told = ", ".join(["(?,?,?,?,?)"] * len(some))
            cursor = self._database.execute(
                f"INSERT INTO attempts (run, action, rows, targets, sent_at) VALUES {told}",  # noqa: S608  (our own words)
                [value for each in values for value in each],
            )
            last = int(cursor.lastrowid or 0)
            numbers += range(last - len(some) + 1, last + 1)
        return numbers

    def _add_changes(self, run_id: str, changes: Iterable[Change]) -> None:
        (part,) = self._database.execute(
            "SELECT coalesce(max(part), 0) FROM changes WHERE run = ?", (run_id,)
        ).fetchone()
        every = map(list, changes)
        while some := list(islice(every, _ROWS_AT_ONCE)):
            part += 1
            self._database.execute("INSERT INTO changes VALUES (?,?,?)", (run_id, part, _packed(some)))
            sys.audit(AuditEvent.AFTER_CHANGES)

    def _add_results(self, run_id: str, results: Mapping[CellRef, Result]) -> None:
        if results:
            body = _json({ref: pack_result(result) for ref, result in results.items()})
            self._database.execute("INSERT INTO results (run, at, body) VALUES (?,?,?)", (run_id, time.time(), body))
            sys.audit(AuditEvent.AFTER_RESULTS)

    @contextmanager
    def _writing(self, what: str) -> Iterator[None]:
        """One transaction, on disk when the context ends; `what` names it in audit events.

        Raises: Unfinished when it cannot be written: we send nothing that is not recorded.
        """
        try:
            sys.audit(AuditEvent.BEFORE_TRANSACTION, what)
            self._database.execute("BEGIN IMMEDIATE")
            yield
            sys.audit(AuditEvent.BEFORE_COMMIT, what)
            self._database.execute("COMMIT")
            sys.audit(AuditEvent.AFTER_COMMIT, what)
        except sqlite3.Error as error:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise about_runs.journal_not_written(str(self.path), error) from None
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise


def _some(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at once as one statement takes."""
    return (items[start : start + _ATTEMPTS_AT_ONCE] for start in range(0, len(items), _ATTEMPTS_AT_ONCE))


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _packed(value: Any) -> bytes:
    options = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY
    return zlib.compress(orjson.dumps(value, option=options), level=1)


def _unpacked(body: bytes) -> Any:
    return orjson.loads(zlib.decompress(body))


def _run(row: sqlite3.Row) -> Run:
    values: dict[str, Any] = dict(row)
    values["state"] = State(values["state"])
    values |= {"requests": orjson.loads(values["requests"]), "details": orjson.loads(values.pop("told"))}
    return Run(**values)
