"""A run that goes on behind the pages: how far it is, its stop, its end. Reads the core's events; decides nothing."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from importer import pipeline
from importer.errors import ImporterError
from importer.messages.phrases import internal_error
from importer.model import Answered, Sent, Waiting
from importer.pipeline import run_summary
from importer.sync.run import Execution
from importer.sync.run_context import RunContext

_SHOWN_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: rows done of all, requests sent, since when (seconds since 1970), why it waits if it does."""

    rows: int
    done: int
    requests: int
    since: float
    waiting: str = ""

    @property
    def rate(self) -> float:
        """Rows a second since it began."""
        return self.done / max(time.time() - self.since, 0.1)

    @property
    def tenths(self) -> int:
        """How many tenths of it are done."""
        return 10 * self.done // self.rows if self.rows else 0

    @property
    def left_s(self) -> float | None:
        """The seconds that the rest takes at this rate; None while nothing has come back."""
        return (self.rows - self.done) / self.rate if self.done else None


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that is written down; `sends` is False where there is nothing to send of it, or a guard holds."""

    load: Execution
    sends: bool = True


class Sending:
    """One run, in a thread of its own: a tab that is closed does not stop it.

    `begin` gives the run once nobody else writes to the account.
    """

    def __init__(self, to: pipeline.Access, doing: str, begin: Callable[[RunContext], Begun]) -> None:
        self.id = secrets.token_hex(8)
        self.account = to.account
        self.doing = doing
        self.failed: ImporterError | None = None
        self.ended: run_summary.RunSummary | None = None
        self._to = to
        self._begin = begin
        self.run_id: str | None = None
        """The run's name, once it is written down."""
        self._load: Execution | None = None
        self._stop = threading.Event()
        self._progress = Progress(0, 0, 0, time.time())
        self._thread = threading.Thread(target=self._go, name="run", daemon=True)

    def start(self) -> None:
        """Begin, and return at once."""
        self._thread.start()

    @property
    def is_going(self) -> bool:
        """Whether it has not come to its end."""
        return self.failed is None and self.ended is None

    @property
    def progress(self) -> Progress:
        """How far it is now."""
        return self._progress

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Send nothing more; what is in flight is settled."""
        self._stop.set()
        load = self._load
        if load is not None:
            load.stop()

    def wait(self) -> None:
        """Return once it has come to its end."""
        self._thread.join()

    def _go(self) -> None:
        try:
            with pipeline.lock_account(self._to, self.doing) as means:
                begun = self._begin(means)
                self._load, self.run_id = begun.load, begun.load.run.id
                if self._stop.is_set():  # while it was being written down
                    begun.load.stop()
                if begun.sends:
                    self._send(begun.load)
                else:
                    begun.load.leave()
                self.ended = run_summary.summarize_run(begun.load)
        except ImporterError as error:
            self.failed = error
        except Exception as error:  # noqa: BLE001  (the last line of defence: a person gets a sentence)
            self.failed = internal_error(error)
        finally:
            self._load = None  # with all that it holds

    def _send(self, load: Execution) -> None:
        rows, since, done, requests, waiting = load.writes, time.time(), 0, 0, ""
        self._progress = Progress(rows, 0, 0, since)
        for event in load.send():
            if isinstance(event, Answered):
                done, waiting = min(done + len(event.results), rows), ""
            elif isinstance(event, Sent):
                requests += 1
            elif isinstance(event, Waiting) and (event.seconds >= _SHOWN_WAIT_S or not event.seconds):
                waiting = event.reason
            self._progress = Progress(rows, done, requests, since, waiting)
