"""What the page has at hand while it is served: the account, the files, the runs. Keeps tokens to itself, and files in
a private folder that it deletes at its end.
"""

import re
import secrets
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import importer
from importer import Account, Event, ImporterError, Run, RunReport, internal_error
from importer.messages import about_account, about_runs
from importer.platforms.file_names import NOT_IN_A_NAME, is_device
from importer.platforms.memory import give_back
from importer.private_files import tighten_state_folder
from importer.temp_folder import private_folder
from importer.web.export_job import ExportJob
from importer.web.run_job import RunJob, RunStep
from importer.web.undo_preview import UndoPreview
from importer.web.upload import Upload

_WORKERS = 4
_WAIT_S = 1.5
_LONGEST_NAME = 150
"""In bytes; what is made of a file is called a little longer."""
_REPORTS_KEPT = 12


@dataclass(frozen=True, slots=True)
class AccountState:
    """The account of the pages, or why there is none. `is_sandbox` says that it is the sandbox, `is_of_saved_token`
    that its token is the one that is saved on this machine.
    """

    account: Account | None = None
    error: ImporterError | None = None
    is_sandbox: bool = False
    is_of_saved_token: bool = False


class Session:
    """All that the page knows from its start to its end. Threads may share it."""

    def __init__(self, default_account: Account) -> None:
        self.default_account = default_account
        """The account of the token that is saved on this machine, if there is one."""
        self.uploads: dict[str, Upload] = {}
        self.run_jobs: dict[str, RunJob] = {}
        self.undo_previews: dict[str, UndoPreview] = {}
        self.exports: dict[str, ExportJob] = {}
        self._at_end = ExitStack()
        tighten_state_folder(default_account.folder)
        self._folder = self._at_end.enter_context(private_folder())
        self._workers = ThreadPoolExecutor(_WORKERS, "session")
        self._account_state = AccountState()
        self._reports: dict[str, RunReport] = {}
        self._yes_lock = threading.Lock()
        self._jobs_by_yes: dict[str, RunJob] = {}
        self._first = self._workers.submit(self._sign_in_by_default)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        active = self.active_runs
        for each in active:
            each.stop()
        for each in active:
            each.wait()
        self._workers.shutdown(cancel_futures=True)
        self._at_end.close()

    # ---- the account

    @property
    def account_state(self) -> AccountState:
        """The account of these pages: at first the one of the saved token, if there is one."""
        if self._account_state.account is None and not self._first.done():
            try:
                self._first.result(_WAIT_S)
            except TimeoutError:
                return AccountState(error=about_account.no_answer_yet(self.default_account.base_url))
        return self._account_state

    @property
    def account(self) -> Account | None:
        """The account, if there is one."""
        return self.account_state.account

    def need_account(self) -> Account:
        """The account.

        Raises: Denied when none is chosen.
        """
        account = self.account
        if account is None:
            raise about_account.no_account()
        return account

    def sign_in(self, token: str | None = None, base_url: str | None = None) -> None:
        """Take the account of a token, which is kept for this session only; without one, that of the saved token.

        Raises: Denied, Unreachable, Usage.
        """
        account = self.default_account.with_token(token, base_url)
        self._take(AccountState(account, is_of_saved_token=token is None))

    def keep_token(self) -> None:
        """Keep the token of the account in this machine's keyring, where the next start finds it.

        Raises: Denied when none is chosen; Usage when the next start would look for another address's; ImporterError
        when there is no keyring.
        """
        account = self.need_account()
        if account.base_url != self.default_account.base_url:
            raise about_account.keeps_for_one_address(self.default_account.base_url)
        account.keep_token()
        self._take(AccountState(account, is_of_saved_token=True))

    def sign_in_to_sandbox(self) -> None:
        """Start the sandbox, and take its account."""
        account = self._at_end.enter_context(Account.sandbox(folder=self.default_account.folder))
        self._take(AccountState(account, is_sandbox=True))

    def _take(self, account_state: AccountState) -> None:
        """Take an account once it has said whose it is."""
        if account_state.account is not None and account_state.account.name:
            self._account_state = account_state

    def sign_out(self) -> None:
        """Take no account. A token that was typed is forgotten, with what the files know of its account."""
        self._account_state = AccountState()
        for each in list(self.uploads.values()):
            if each.state.account is not None:
                each.read(None, each.state.choices)

    def forget_saved_token(self) -> bool:
        """Delete the token that is saved on this machine; whether there was one. An account that was reached with it is
        left.
        """
        was_there = self.default_account.forget_token()
        if self._account_state.is_of_saved_token:
            self.sign_out()
        return was_there

    def _sign_in_by_default(self) -> None:
        try:
            self.sign_in()
        except ImporterError as error:
            self._account_state = AccountState(error=error)
        except Exception as error:  # noqa: BLE001  (a page is shown all the same)
            self._account_state = AccountState(error=internal_error(error))

    # ---- files

    def upload_path(self, name: str) -> Path:
        """Where a file of this name is put: in a folder of its own, under a name that we make of the person's."""
        return self.new_folder() / plain_name(name)

    def new_folder(self) -> Path:
        """A folder of its own, which goes at the end."""
        folder = self._folder / secrets.token_hex(8)
        folder.mkdir(mode=0o700)
        return folder

    def add_upload(self, path: Path) -> Upload:
        """The file at this path, which is read at once."""
        upload = Upload(self._workers, path)
        self.uploads[upload.id] = upload
        upload.read(self.account, upload.state.choices)
        return upload

    def remove_upload(self, upload_id: str) -> None:
        """Take a file off the list: what is known of it is dropped, and our copies of it are deleted."""
        upload = self.uploads.pop(upload_id, None)
        if upload is None:
            return
        upload.cancel()
        folders = upload.folders
        del upload  # with all that was read of it
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        give_back()

    # ---- runs

    def once(self, yes: str, begin: Callable[[], RunJob]) -> RunJob:
        """The run that a person's yes began. Said again, by a double click or in another tab, it begins no other one.

        Raises: what `begin` raises; then the yes has not been said.
        """
        with self._yes_lock:
            job = self._jobs_by_yes.get(yes)
            if job is None:
                job = self._jobs_by_yes[yes] = begin()
            return job

    def job_of(self, yes: str) -> RunJob | None:
        """The run that this yes began, if it has been said."""
        return self._jobs_by_yes.get(yes)

    def send(self, account: Account, activity: str, run: RunStep, *, name: str, retry: str) -> RunJob:
        """Begin a run behind the pages; `name` is its file's, `retry` where the step before is asked for again."""
        job = RunJob(account, activity, run, name=name, retry=retry)
        self.run_jobs[job.id] = job
        job.start()
        return job

    @property
    def active_runs(self) -> list[RunJob]:
        """The runs that are under way."""
        return [each for each in list(self.run_jobs.values()) if each.is_active]

    def active_run(self, run_id: str) -> RunJob | None:
        """The job of this run, if it is under way."""
        return next((each for each in self.run_jobs.values() if each.is_active and each.run_id == run_id), None)

    def preview_undo(self, run_id: str) -> UndoPreview:
        """A preview of the undo of a run, which is made behind the pages: one for all tabs until it is sent."""
        account = self.need_account()
        with self._yes_lock:
            unsent = (
                each
                for each in self.undo_previews.values()
                if each.run_id == run_id and each.id not in self._jobs_by_yes
            )
            preview = next(unsent, None) or UndoPreview(self._workers, run_id)
            self.undo_previews[preview.id] = preview
        preview.plan(account)
        return preview

    def resume(self, run_id: str) -> RunJob | None:
        """Finish a run that stopped, behind the pages; None where there is nothing left of it to do.

        Asked twice at a time, both get one job.
        Raises: Denied when no account is chosen; Guarded when there is no such run.
        """
        account, yes = self.need_account(), f"resume {run_id}"

        def run(on_event: Callable[[Event], None]) -> RunReport:
            report = account.resume(run_id, on_event=on_event)
            if report is None:
                raise about_runs.run_has_ended(run_id)
            return report

        with self._yes_lock:
            job = self._jobs_by_yes.get(yes)
            if job is None or not job.is_active:
                found = importer.find_run(run_id, folder=self.default_account.folder)
                if not found.is_open:
                    return None
                name, retry = Path(found.file).name, f"/runs/{run_id}/resume"
                job = self._jobs_by_yes[yes] = self.send(
                    account, f"Finishing run {run_id}", run, name=name, retry=retry
                )
            return job

    def export(self, what: str) -> ExportJob:
        """A new export, with a folder of its own."""
        job = ExportJob(self._workers, what, self.new_folder())
        self.exports[job.id] = job
        return job

    def runs(self) -> list[Run]:
        """Every run of this machine, the latest first.

        Raises: Guarded.
        """
        return importer.list_runs(folder=self.default_account.folder)

    def report(self, run_id: str) -> RunReport:
        """What became of each row of a run that has ended or stopped.

        Raises: Guarded when there is none.
        """
        run = importer.find_run(run_id, folder=self.default_account.folder)
        jobs = reversed(self.run_jobs.values())
        latest = next((each.report for each in jobs if each.report and each.run_id == run_id), None)
        if latest is not None and latest.tells_all_of(run):
            return latest
        cached = self._reports.get(run_id)
        if cached is not None and cached.details == run:
            return cached
        report = importer.show(run_id, folder=self.default_account.folder)
        if not run.is_open:
            self._reports[run_id] = report
            while len(self._reports) > _REPORTS_KEPT:
                del self._reports[next(iter(self._reports))]
        return report


def plain_name(name: str) -> str:
    """A file's name that leads nowhere and every system takes, as near to what it is called as can be: `../a b?.xlsx`
    is `a b.xlsx`.
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(each for each in last if each.isprintable() and each not in NOT_IN_A_NAME).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    room = _LONGEST_NAME - len(f"{dot}{ending}".encode())
    plain = f"{stem.encode()[:room].decode(errors='ignore').strip(' .')}{dot}{ending}" if room > 0 else ""
    return plain if plain and not plain.startswith(".") and not is_device(plain) else f"sheet {plain}".strip()
