"""One account, and all that can be done with it: the centre of the Python API. The command line and the page use it.

Knows in which order things are done; each step is one of the pipeline or of the room that does it.
"""

import contextlib
import dataclasses
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypedDict, Unpack

import pandas as pd

from importer import pipeline, settings
from importer.errors import Denied, Guarded
from importer.kantata.client import Account as Owner
from importer.kantata.connection import Access, Connection, clone_access, connect, open_access
from importer.kantata.directory import AccountDirectory
from importer.pipeline import doctor, history, resume, support_report
from importer.pipeline.alias_memory import keep_answers
from importer.pipeline.check_result import CheckResult
from importer.pipeline.input_table import (
    InputTable,
    ReadingOptions,
    Source,
    read_all,
    read_with,
    to_table,
)
from importer.pipeline.long_plan import follow_long, plan_long_undo
from importer.pipeline.name_resolution import NameSource
from importer.pipeline.plan_tables import plan_tables
from importer.pipeline.run_plan import OnEvent, RunPlan, follow
from importer.pipeline.run_report import RunReport
from importer.pipeline.run_summary import summarize_run
from importer.pipeline.staged_plan import StagedPlan
from importer.pipeline.staged_planning import PlannedStage
from importer.pipeline.staged_report import StagedReport
from importer.spreadsheet.read.book import Book
from importer.sync.journal import Journal, is_kept_in
from importer.sync.long_run import LongRun
from importer.sync.run_context import RunContext, lock_account
from importer.sync.staged_run import StagedRun
from importer.validation.names import needs_account

if TYPE_CHECKING:
    from concurrent.futures import Future

    from importer import export as exports
    from importer.export import report
    from importer.export.filters import ExportOptions, SelectionOptions
    from importer.export.prefilled_templates import WrittenTemplate


class ConnectionOptions(TypedDict, total=False):
    """How hard an account is pressed, and how long is waited."""

    workers: int
    """At most so many requests at a time. Default: 16."""
    max_rate: float | None
    """At most so many requests a second. Default: what the account takes."""
    timeout_s: float
    """Seconds to wait for one answer; Kantata itself gives up after 180. Default: 200."""
    settle_wait_s: float
    """Seconds that a write without an answer is looked for before it is sent again. Default: 30."""


@dataclass(frozen=True, eq=False)
class AccountLock:
    """The account is this process's alone to write to, as far as this machine goes."""

    context: RunContext

    def context_for(self, access: Access) -> RunContext:
        """The same for a client of its own, at the pace that was found before."""
        if access.client is not self.context.client:
            access.client.remember(self.context.journal.facts(self.context.account.key).get("rate"))
        return dataclasses.replace(self.context, client=access.client)


class Account:
    """One Kantata account, reached with one token at one base URL. Threads may share it.

    Making one asks nothing: the token is read, and the account asked whose it is, when that is first needed.
    """

    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str | None = None,
        profile: str | None = None,
        folder: str | Path | None = None,
        access_future: "Future[Access] | None" = None,
        **connection: Unpack[ConnectionOptions],
    ) -> None:
        """The account behind a token; without one, behind `KANTATA_TOKEN` or the one that `importer login` kept.

        `base_url` and `profile` are as on the command line; `folder` is where journal and history are kept.
        `access_future` is what `importer.begin_access` gave, where it has already been asked whose it is.
        Raises: Usage when there is no such profile.
        """
        read = settings.read_settings(base_url, profile)
        if folder is not None:
            read = dataclasses.replace(read, folder=Path(folder))
        self.connection = Connection(read, **connection)
        self._token = token
        self._access_future = access_future
        self._at_close = contextlib.ExitStack()
        self._guard = threading.Lock()
        self._is_used = False
        self._locks = threading.local()

    @classmethod
    def sandbox(
        cls, users: int = 450, *, folder: str | Path | None = None, **connection: Unpack[ConnectionOptions]
    ) -> Self:
        """An account of a stand-in for Kantata, started on a free port of this machine and stopped by `close`.

        Its journal is in a folder of its own, which goes as well, unless `folder` names one.
        """
        from importer import sandbox  # noqa: PLC0415  (a web server, for this alone)

        with contextlib.ExitStack() as started:
            running = started.enter_context(sandbox.running(users=users))
            if folder is None:
                folder = started.enter_context(
                    tempfile.TemporaryDirectory(prefix="importer-sandbox-", ignore_cleanup_errors=True)
                )
            account = cls(running.token, base_url=running.url, folder=folder, **connection)
            account._at_close = started.pop_all()
        return account

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the sandbox of `Account.sandbox`, and let its folder go; of any other account there is nothing to do."""
        self._at_close.close()

    def __repr__(self) -> str:
        return f"Account({self.connection.settings.base_url!r})"

    # ---- who it is

    @cached_property
    def access(self) -> Access:
        """The way to the account, once it has said whose it is.

        Raises: Denied, Unreachable, Usage.
        """
        future, self._access_future = self._access_future, None
        return open_access(self.connection, self._token) if future is None else future.result()

    @property
    def folder(self) -> Path:
        """Where its journal and history are kept."""
        return self.connection.settings.folder

    @property
    def base_url(self) -> str:
        """Where it is."""
        return self.connection.settings.base_url

    @property
    def name(self) -> str:
        """Who the token belongs to, and where: `Dana Reyes, dana@example.com, at api.mavenlink.com`.

        Raises: Denied, Unreachable, Usage.
        """
        return str(self.access.account)

    @property
    def owner(self) -> Owner:
        """The person whom the token belongs to, and the account, as Kantata tells them.

        Raises: Denied, Unreachable, Usage.
        """
        return self.access.account

    def with_token(self, token: str | None, base_url: str | None = None) -> "Account":
        """The account behind another token, reached in the same way; without one, behind the one that is kept."""
        read = self.connection.settings
        if base_url:
            read = dataclasses.replace(read, base_url=base_url.strip().rstrip("/"))
        account = Account(token, folder=read.folder)
        account.connection = dataclasses.replace(self.connection, settings=read)
        return account

    def keep_token(self) -> None:
        """Keep the token in this machine's keyring.

        Raises: ImporterError when there is no keyring.
        """
        settings.keep_token(self.connection.settings, self._token or settings.read_token(self.connection.settings))

    def forget_token(self) -> bool:
        """Remove the token from the keyring; whether there was one."""
        return settings.forget_token(self.connection.settings)

    def examine(self) -> list[doctor.Finding]:
        """Whether everything that a load needs works, one finding after another. Changes nothing.

        If anything fails that the account was asked, Kantata's public status page is asked as well, without the token.
        """
        return doctor.examine(self.connection, self._token)

    def write_support_report(self, findings: Sequence[doctor.Finding], path: str | Path) -> Path:
        """Write what was found, with versions, settings and the last run in numbers, as a report for a support case:
        as JSON if `path` ends in .json, else as text; where it is. It holds no token and nothing about a person.

        Raises: ImporterError when the folder does not take it.
        """
        return support_report.write(self.connection, findings, Path(path), self._token)

    def own_access(self) -> Access:
        """The account by a client of its own: what is sent by it is counted, and stopped, apart from all else.

        Raises: as `access`.
        """
        access = self.access
        with self._guard:
            is_first, self._is_used = not self._is_used, True
        return access if is_first else clone_access(access)

    # ---- from a table to a report

    def read(
        self, source: str | Path | Book | pd.DataFrame, endpoint: str | None = None, **options: Unpack[ReadingOptions]
    ) -> InputTable:
        """Read a spreadsheet or a DataFrame as `importer.read` does; where the shape of a sheet leaves something open,
        the names of this account's people and skills decide. Sends no write.

        Raises: as `importer.read`.
        """
        return read_with(self._open, source, endpoint, options)

    def read_all(
        self,
        sources: Sequence[str | Path | Book | pd.DataFrame],
        endpoint: str | None = None,
        **options: Unpack[ReadingOptions],
    ) -> list[InputTable]:
        """Read several files; of the workbook of a whole account, each of its lists. Sends no write.

        Raises: as `read`.
        """
        return read_all(self._open, sources, endpoint, options)

    def _open(self) -> Access:
        return self.access

    def check(self, source: Source, endpoint: str | None = None, **options: Unpack[ReadingOptions]) -> CheckResult:
        """Find every mistake in a file, a table or a DataFrame. Sends no write.

        The account is asked only where names must be looked up; where each row has its ids as well and there is no
        token, names are not compared with them.
        Raises: as `read`; Denied when there is no token and names must be looked up; Unreachable.
        """
        table = to_table(source, endpoint, options, self._open)
        if table.plan is not None:
            return CheckResult(table.plan.checked)
        if not table.has_names:
            return CheckResult(pipeline.check(table.parsed), table.index)
        try:
            client = connect(self.connection, self._token)
        except Denied:
            if table.parsed.level_question is not None:
                raise table.parsed.level_question from None
            if needs_account(table.parsed):
                raise
            return CheckResult(pipeline.check(table.parsed), table.index, is_offline=True)
        is_open = "access" in self.__dict__  # then its lists may have been read
        directory = self.access.directory if is_open else AccountDirectory(client)
        lookup = NameSource(directory, client.me, table.aliases)
        checked = pipeline.check(table.parsed, lookup)
        return CheckResult(keep_answers(checked, table.aliases, table.answers, lookup.account), table.index)

    def plan(
        self,
        source: Source,
        endpoint: str | None = None,
        *,
        mode: str = "upsert",
        on_conflict: str = "keep",
        on_unclear_names: Callable[[CheckResult], bool] | None = None,
        **options: Unpack[ReadingOptions],
    ) -> RunPlan:
        """Compare a file, a table or a DataFrame with what the account holds now. Sends no write.

        `mode` is `upsert` (create what is missing, update what differs), `add` (never change a record) or `mirror`
        (remove, too, what the people in the table have and the table does not). Where the file tells what the account
        held when it was written, what somebody else has changed since stays; with `on_conflict="overwrite"`, what the
        table changed as well is sent all the same. Of the workbook of a plan, what it was made with counts: `mode` and
        `on_conflict` change nothing there. `on_unclear_names` is called where
        names wait for a choice, and returns whether some were made in `check.aliases`: then it is checked again.
        Raises: as `read`; Denied, Unreachable; Guarded for a workbook of another account, or a mirror of a part.
        """
        if isinstance(source, str | Path | Book):
            tables = self.read_all([source], endpoint, **options)
        else:
            tables = [to_table(source, endpoint, options, self._open)]
        return self.plan_all(tables, mode=mode, on_conflict=on_conflict, on_unclear_names=on_unclear_names)

    def plan_all(
        self,
        tables: Sequence[InputTable],
        *,
        mode: str = "upsert",
        on_conflict: str = "keep",
        on_unclear_names: Callable[[CheckResult], bool] | None = None,
    ) -> RunPlan:
        """Compare several tables with what the account holds now: things such as skills first, then what names them.
        Sends no write.

        Raises: as `plan`; Ambiguous where only a person knows what new skills need.
        """
        opened = [to_table(table, None, {}, self._open) for table in tables]
        return plan_tables(self, opened, mode, on_conflict, on_unclear_names)

    def plan_undo(self, run: str | RunReport) -> RunPlan:
        """What would put a run back, where the account still holds what it left. Sends no write.

        A run that stopped is looked into first, and does not go on.
        Raises: Guarded for a run that is not there or is another account's; Denied, Unreachable.
        """
        run_id = run if isinstance(run, str) else run.run
        access = self.own_access()
        with self.lock(f"undo {run_id}") as lock:
            self.recover_runs()
            context, index = lock.context_for(access), run.index if isinstance(run, RunReport) else None
            if resume.is_long(context.journal, context.journal.run(run_id)):
                return plan_long_undo(self, context, access, run_id, index)
            stages = resume.prepare_undo(context, access, run_id)
            if len(stages) > 1:
                return StagedPlan(self, [PlannedStage(each) for each in stages], undoes=run_id)
            (prepared,) = stages
            return RunPlan(self, prepared, index=index, undoes=run_id)

    def undo(self, run: str | RunReport, *, on_event: OnEvent | None = None) -> RunReport:
        """Put back what a run did, as a run of its own; what a person has changed since is kept, as a conflict.

        Raises: as `plan_undo` and `RunPlan.apply`.
        """
        with self.lock(f"undo {run if isinstance(run, str) else run.run}"):
            return self.plan_undo(run).apply(on_event=on_event)

    def resume(self, run: str | RunReport | None = None, *, on_event: OnEvent | None = None) -> RunReport | None:
        """Finish a run that stopped, the last one of this account unless one is named; None if there is none to finish.

        What may have reached Kantata is looked for before anything is sent. A report, instead of its id, keeps the
        index of the DataFrame that was loaded.
        Raises: Guarded when the run is another account's, or its file has changed; Denied, Unreachable.
        """
        access = self.own_access()
        with self.lock("resume") as lock:
            run_id = run if run is None or isinstance(run, str) else run.run
            execution = resume.resume(lock.context_for(access), run_id)
            if execution is None:
                return None
            if isinstance(execution, StagedRun):
                follow(execution, execution.run.file, on_event)
                return StagedReport.of(execution, account=self)
            if isinstance(execution, LongRun):
                summary = follow_long(execution, execution.run.file, on_event)
            else:
                follow(execution, execution.run_input.table.source.display_path, on_event)
                summary = summarize_run(execution)
        index = run.index if isinstance(run, RunReport) else None
        return RunReport(summary, account=self, index=index, was_interrupted=execution.was_interrupted)

    # ---- one writer at a time

    @contextlib.contextmanager
    def lock(self, doing: str) -> Iterator[AccountLock]:
        """Be the only one on this machine who writes to the account; within it, plans need not be compared again.

        `doing` tells others what this one does. Locks of one thread nest.
        Raises: Guarded when another run holds the account, or no journal can be kept.
        """
        current = self.current_lock
        if current is not None:
            yield current
            return
        with lock_account(self.access, doing) as context:
            self._locks.current = AccountLock(context)
            try:
                yield self._locks.current
            finally:
                self._locks.current = None

    @property
    def current_lock(self) -> AccountLock | None:
        """The lock that this thread has, if it has one."""
        return getattr(self._locks, "current", None)

    def recover_runs(self, on_recovery: Callable[[str], None] | None = None) -> list[str]:
        """Find out what the runs of this account did that stopped with a request in flight; their ids. Sends no write.

        `on_recovery` is called with each id before it is looked into.
        Raises: Guarded when it cannot be found out, or another run holds the account; Denied, Unreachable.
        """
        with self.lock("recover") as lock:
            runs = resume.interrupted_runs(lock.context)
            for run in runs:
                if on_recovery:
                    on_recovery(run.id)
                resume.recover(lock.context, run)
        return [run.id for run in runs]

    # ---- what was done

    def runs(self) -> pd.DataFrame:
        """The runs of this account on this machine, the latest first; see `importer.runs`.

        Raises: Denied, Unreachable while the account is asked whose it is.
        """
        frame = history.runs_frame(self.connection.settings)
        return frame[frame["account"] == self.access.account.key].reset_index(drop=True)

    def latest_run(self) -> str | None:
        """The id of the last run of this account on this machine; looking makes no journal."""
        folder = self.connection.settings.folder
        if not is_kept_in(folder):
            return None
        try:
            with contextlib.closing(Journal(folder)) as journal:
                return next((run.id for run in journal.runs() if run.account == self.access.account.key), None)
        except Guarded:
            return None

    # ---- what it holds

    def export(self, what: str, **options: "Unpack[ExportOptions]") -> pd.DataFrame:
        """What the account holds: a list such as `skill-memberships` or `users`, or the `skill-matrix`. Sends no write.

        Shapes: of a list, one row a record; ids and numbers are Int64, times have their zone (UTC), flags are boolean.
        Of the matrix, one row a person and, after who they are, one Int64 column a skill. Both can be changed and
        planned again; as they are, nothing would change.
        Raises: Usage for what is no list, or a filter that names nothing; Denied, Unreachable.
        """
        from importer.export.filters import to_export_filters  # noqa: PLC0415  (a tenth of a second that loading does not need)
        from importer.export.frame_export import export_frame  # noqa: PLC0415

        return export_frame(what, self.own_access(), to_export_filters(options))

    def export_list(
        self,
        what: str,
        target: "exports.Target",
        *,
        on_progress: "exports.Watch | None" = None,
        **options: "Unpack[ExportOptions]",
    ) -> "exports.ExportedList":
        """Write a list of what the account holds to a file or a stream. Sends no write.

        `on_progress` is called with what is being done, with how many, and of how many.
        Raises: Usage for a filter that names nothing; Denied, Unreachable; ImporterError if it cannot be written.
        """
        from importer import export as exports  # noqa: PLC0415  (as above)
        from importer.export.filters import to_export_filters  # noqa: PLC0415

        watch = on_progress or exports.no_watch
        return exports.export_list(what, self.own_access(), to_export_filters(options), target, watch)

    def export_all(self, path: Path, *, on_progress: "exports.Watch | None" = None) -> "exports.ExportedAccount":
        """Write everything that `export_list` can write as one workbook, each list on a sheet of its own. Sends no
        write.

        Raises: Usage for a name that does not end in .xlsx; Denied, Unreachable; ImporterError if it cannot be written.
        """
        from importer import export as exports  # noqa: PLC0415  (as above)

        return exports.export_account(self.own_access(), path, on_progress or exports.no_watch)

    def export_matrix(
        self, path: Path, *, on_progress: "exports.Watch | None" = None, **options: "Unpack[ExportOptions]"
    ) -> "exports.ExportedMatrix":
        """Write the skill matrix as a workbook that loads as it is. Sends no write.

        Raises: as `export_list`.
        """
        from importer import export as exports  # noqa: PLC0415  (as above)
        from importer.export.filters import to_export_filters  # noqa: PLC0415

        watch = on_progress or exports.no_watch
        return exports.export_matrix(self.own_access(), to_export_filters(options), path, watch)

    def report_skills(
        self,
        against: "report.Against | None" = None,
        *,
        on_progress: "exports.Watch | None" = None,
        **options: "Unpack[SelectionOptions]",
    ) -> "report.FinishedReport":
        """Count who can do what, and what has changed since, as a report that `importer.write_report` writes.

        Raises: Usage, Unreadable for a file to compare with; Denied, Unreachable.
        """
        from importer.export import no_watch, report  # noqa: PLC0415  (as above)
        from importer.export.filters import to_filters  # noqa: PLC0415

        filters, compared = to_filters(options), against or report.Against()
        return report.make(self.own_access(), filters, compared, watch=on_progress or no_watch)

    def write_template(
        self, endpoint: str, path: Path, *, matrix: bool = False, **options: "Unpack[SelectionOptions]"
    ) -> "WrittenTemplate":
        """Write a workbook to fill in that holds what the account holds now. Sends no write.

        Raises: Usage for a filter that means nothing here or names nobody; Denied, Unreachable.
        """
        from importer.export.filters import to_filters  # noqa: PLC0415  (as above)
        from importer.export.prefilled_templates import write_live  # noqa: PLC0415

        return write_live(endpoint, path, self.own_access(), to_filters(options), matrix=matrix)
