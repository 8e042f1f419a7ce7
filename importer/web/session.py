"""What one start of the page has at hand: the account, the files that were dropped, the runs that go on. Keeps tokens
to itself, and files in a private folder that goes when it ends.
"""

import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from importer import pipeline, sandbox
from importer.errors import ImporterError
from importer.messages import about_account, about_runs
from importer.messages.phrases import internal_error
from importer.pipeline import run_summary
from importer.sync.journal import State
from importer.sync.run_context import RunContext
from importer.web.exporting import Exporting
from importer.web.sending import Begun, Sending
from importer.web.temp_folder import private_folder
from importer.web.undo_preview import TakingBack
from importer.web.upload import Upload

_WORKERS = 4
_WAIT_S = 1.5
_LONGEST_NAME = 150
"""In bytes; what is made of a file is called a little longer."""
_NO_NAME_HAS = frozenset(':*?"<>|')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)?(\.|$)", re.IGNORECASE)
"""Names that Windows takes for a device, and those without a stem."""
_KEPT_ENDINGS = 12


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The account that the pages are about, or why there is none. `is_sandbox`: it is a stand-in, to try things."""

    access: pipeline.Access | None = None
    failed: ImporterError | None = None
    is_sandbox: bool = False


class Desk:
    """All that one start of the page knows. Threads may share it."""

    def __init__(self, connection: pipeline.Connection) -> None:
        self.connection = connection
        self.uploads: dict[str, Upload] = {}
        self.sendings: dict[str, Sending] = {}
        self.takings: dict[str, TakingBack] = {}
        self.exports: dict[str, Exporting] = {}
        self._at_end = ExitStack()
        self._folder = self._at_end.enter_context(private_folder())
        self._workers = ThreadPoolExecutor(_WORKERS, "desk")
        self._signed_in = SignedIn()
        self._endings: dict[str, run_summary.RunSummary] = {}
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
        if self._signed_in.access is None and not self._first.done():
            try:
                self._first.result(_WAIT_S)
            except TimeoutError:
                return SignedIn(failed=about_account.no_answer_yet(self.connection.settings.base_url))
        return self._signed_in

    @property
    def access(self) -> pipeline.Access | None:
        """The account, if there is one."""
        return self.signed_in.access

    def need_access(self) -> pipeline.Access:
        """The account.

        Raises: Denied when none is chosen.
        """
        access = self.access
        if access is None:
            raise about_account.no_account()
        return access

    def sign_in(self, token: str | None = None, base_url: str | None = None) -> None:
        """Take the account behind a token, which is kept for this start only; without one, the kept one.

        Raises: Denied, Unreachable, Usage.
        """
        settings = self.connection.settings
        if base_url:
            settings = replace(settings, base_url=base_url.strip().rstrip("/"))
        self._signed_in = SignedIn(pipeline.open_access(replace(self.connection, settings=settings), token))

    def sign_in_to_sandbox(self) -> None:
        """Start a stand-in for Kantata, if none runs yet, and take it for the account."""
        running = self._at_end.enter_context(sandbox.running())
        settings = replace(self.connection.settings, base_url=running.url, profile=None)
        access = pipeline.open_access(replace(self.connection, settings=settings), running.token)
        self._signed_in = SignedIn(access, is_sandbox=True)

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
        upload.read(self.access, upload.now.choices)
        return upload

    # ---- runs

    def send(self, to: pipeline.Access, doing: str, begin: Callable[[RunContext], Begun]) -> Sending:
        """Begin a run behind the pages."""
        sending = Sending(to, doing, begin)
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

    def take_back(self, run_id: str) -> TakingBack:
        """What would put a run back, being found out behind the pages."""
        taking = TakingBack(self._workers, run_id)
        self.takings[taking.id] = taking
        taking.plan(self.need_access())
        return taking

    def export(self, what: str) -> Exporting:
        """An export that is to be written, in a folder of its own."""
        exporting = Exporting(self._workers, what, self.new_folder())
        self.exports[exporting.id] = exporting
        return exporting

    def ended(self, run_id: str) -> run_summary.RunSummary:
        """A run that is at its end, or stopped, with what became of each row.

        Raises: Guarded when there is none.
        """
        told = next(
            (each.ended for each in reversed(self.sendings.values()) if each.ended and each.run_id == run_id), None
        )
        with pipeline.open_journal(self.connection.settings) as journal:
            run = journal.run(run_id)
            if told is not None and told.finished_at >= (run.finished_at or 0) - 1 and told.run.state is run.state:
                return told
            known = self._endings.get(run_id)
            if known is not None and known.run == run:
                return known
            recorded = pipeline.load_run_record(journal, run_id)
        end = run_summary.RunSummary(
            recorded.run,
            recorded.given,
            recorded.results,
            run.requests or {},
            run.finished_at or run.started_at,
            receipt=recorded.receipt,
        )
        if run.state is not State.OPEN:
            self._endings[run_id] = end
            while len(self._endings) > _KEPT_ENDINGS:
                del self._endings[next(iter(self._endings))]
        return end

    def begin_resume(self, run_id: str) -> Callable[[RunContext], Begun]:
        """What goes on with a run that stopped."""

        def begin(means: RunContext) -> Begun:
            load = pipeline.resume(means, run_id)
            if load is None:
                raise about_runs.run_has_ended(run_id)
            return Begun(load)

        return begin


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
