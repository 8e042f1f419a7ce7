"""What one start of the page has at hand: the account, the files that were dropped, the runs that go on. Keeps tokens
to itself, and files in a private folder that goes when it ends.
"""

import re
import secrets
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
from importer.web.exporting import Exporting
from importer.web.sending import RunStep, Sending
from importer.web.temp_folder import private_folder
from importer.web.undo_preview import UndoPreview
from importer.web.upload import Upload

_WORKERS = 4
_WAIT_S = 1.5
_LONGEST_NAME = 150
"""In bytes; what is made of a file is called a little longer."""
_NO_NAME_HAS = frozenset(':*?"<>|')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)?(\.|$)", re.IGNORECASE)
"""Names that Windows takes for a device, and those without a stem."""
_KEPT_REPORTS = 12


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The account that the pages are about, or why there is none. `is_sandbox`: it is a stand-in, to try things."""

    account: Account | None = None
    failed: ImporterError | None = None
    is_sandbox: bool = False


class Session:
    """All that one start of the page knows. Threads may share it."""

    def __init__(self, kept: Account) -> None:
        self.kept = kept
        """The account whose token is kept on this machine, if there is one."""
        self.uploads: dict[str, Upload] = {}
        self.sendings: dict[str, Sending] = {}
        self.undo_previews: dict[str, UndoPreview] = {}
        self.exports: dict[str, Exporting] = {}
        self._at_end = ExitStack()
        self._folder = self._at_end.enter_context(private_folder())
        self._workers = ThreadPoolExecutor(_WORKERS, "session")
        self._signed_in = SignedIn()
        self._reports: dict[str, RunReport] = {}
        self._first = self._workers.submit(self._sign_in_kept)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        going = self.going
        for each in going:
            each.stop()
        for each in going:
            each.wait()
        self._workers.shutdown(cancel_futures=True)
        self._at_end.close()

    # ---- the account

    @property
    def signed_in(self) -> SignedIn:
        """The account of these pages; the one whose token is kept, if there is one, is asked for at the start."""
        if self._signed_in.account is None and not self._first.done():
            try:
                self._first.result(_WAIT_S)
            except TimeoutError:
                return SignedIn(failed=about_account.no_answer_yet(self.kept.base_url))
        return self._signed_in

    @property
    def account(self) -> Account | None:
        """The account, if there is one."""
        return self.signed_in.account

    def need_account(self) -> Account:
        """The account.

        Raises: Denied when none is chosen.
        """
        account = self.account
        if account is None:
            raise about_account.no_account()
        return account

    def sign_in(self, token: str | None = None, base_url: str | None = None) -> None:
        """Take the account behind a token, which is kept for this start only; without one, the kept one.

        Raises: Denied, Unreachable, Usage.
        """
        self._take(SignedIn(self.kept.with_token(token, base_url)))

    def sign_in_to_sandbox(self) -> None:
        """Start a stand-in for Kantata, and take it for the account."""
        account = self._at_end.enter_context(Account.sandbox(folder=self.kept.folder))
        self._take(SignedIn(account, is_sandbox=True))

    def _take(self, signed_in: SignedIn) -> None:
        """Take an account once it has said whose it is."""
        if signed_in.account is not None and signed_in.account.name:
            self._signed_in = signed_in

    def sign_out(self) -> None:
        """Take no account."""
        self._signed_in = SignedIn()

    def _sign_in_kept(self) -> None:
        try:
            self.sign_in()
        except ImporterError as error:
            self._signed_in = SignedIn(failed=error)
        except Exception as error:  # noqa: BLE001  (a page is shown all the same)
            self._signed_in = SignedIn(failed=internal_error(error))

    # ---- files

    def place_for(self, called: str) -> Path:
        """Where a file that a person calls so is put: in a folder of its own, under a name that we make of theirs."""
        return self.new_folder() / plain_name(called)

    def new_folder(self) -> Path:
        """A folder of its own, which goes at the end."""
        folder = self._folder / secrets.token_hex(8)
        folder.mkdir(mode=0o700)
        return folder

    def take(self, path: Path) -> Upload:
        """A file that lies at its place now; it is read at once."""
        upload = Upload(self._workers, path)
        self.uploads[upload.id] = upload
        upload.read(self.account, upload.now.choices)
        return upload

    # ---- runs

    def send(self, account: Account, doing: str, run: RunStep) -> Sending:
        """Begin a run behind the pages."""
        sending = Sending(account, doing, run)
        self.sendings[sending.id] = sending
        sending.start()
        return sending

    @property
    def going(self) -> list[Sending]:
        """The runs that go on."""
        return [each for each in list(self.sendings.values()) if each.is_going]

    def sending_of(self, run_id: str) -> Sending | None:
        """What goes on of a run, if something does."""
        return next((each for each in self.sendings.values() if each.is_going and each.run_id == run_id), None)

    def preview_undo(self, run_id: str) -> UndoPreview:
        """What would put a run back, being found out behind the pages."""
        preview = UndoPreview(self._workers, run_id)
        self.undo_previews[preview.id] = preview
        preview.plan(self.need_account())
        return preview

    def resume(self, run_id: str) -> Sending:
        """Go on with a run that stopped, behind the pages.

        Raises: Denied when no account is chosen.
        """
        account = self.need_account()

        def run(on_event: Callable[[Event], None]) -> RunReport:
            report = account.resume(run_id, on_event=on_event)
            if report is None:
                raise about_runs.run_has_ended(run_id)
            return report

        return self.send(account, f"resume {run_id}", run)

    def export(self, what: str) -> Exporting:
        """An export that is to be written, in a folder of its own."""
        exporting = Exporting(self._workers, what, self.new_folder())
        self.exports[exporting.id] = exporting
        return exporting

    def runs(self) -> list[Run]:
        """Every run of this machine, the latest first.

        Raises: Guarded.
        """
        return importer.list_runs(folder=self.kept.folder)

    def report(self, run_id: str) -> RunReport:
        """A run that is at its end, or stopped, with what became of each row.

        Raises: Guarded when there is none.
        """
        run = importer.find_run(run_id, folder=self.kept.folder)
        here = next(
            (each.report for each in reversed(self.sendings.values()) if each.report and each.run_id == run_id), None
        )
        if here is not None and here.tells_all_of(run):
            return here
        known = self._reports.get(run_id)
        if known is not None and known.summary.run == run:
            return known
        report = importer.show(run_id, folder=self.kept.folder)
        if not run.is_open:
            self._reports[run_id] = report
            while len(self._reports) > _KEPT_REPORTS:
                del self._reports[next(iter(self._reports))]
        return report


def plain_name(called: str) -> str:
    """A file's name that leads nowhere and every system takes, as near to what it is called as can be: `../a b?.xlsx`
    is `a b.xlsx`.
    """
    last = re.split(r"[/\\]", called)[-1]
    plain = "".join(each for each in last if each.isprintable() and each not in _NO_NAME_HAS).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    room = _LONGEST_NAME - len(f"{dot}{ending}".encode())
    plain = f"{stem.encode()[:room].decode(errors='ignore').strip(' .')}{dot}{ending}" if room > 0 else ""
    return f"sheet {plain}".strip() if _RESERVED.match(plain) else plain
