"""A run behind the pages: its progress, its stop, its end. Reads the events of the API; decides nothing."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from importer import Account, Answered, Begun, Event, ImporterError, RunReport, Sent, Waiting, internal_error

_SHOWN_WAIT_S = 1.0
_LOOK_S = 0.2


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a run: its rows, those that are done, the requests that were sent, when it began (seconds since
    1970), and why it waits if it does.
    """

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
    def percent(self) -> int:
        """How many hundredths of it are done."""
        return 100 * self.done // self.rows if self.rows else 0

    @property
    def tenths(self) -> int:
        """How many tenths of it are done."""
        return self.percent // 10

    @property
    def left_s(self) -> float | None:
        """The seconds that the rest takes at this rate; None while nothing has come back."""
        return (self.rows - self.done) / self.rate if self.done else None


RunStep = Callable[[Callable[[Event], None]], RunReport]
"""Takes a run to its end, and calls its argument with each event."""


class RunJob:
    """One run, in a thread of its own: a tab that is closed does not stop it."""

    def __init__(self, account: Account, activity: str, run: RunStep, *, name: str, retry: str) -> None:
        self.id = secrets.token_hex(8)
        self.account = account
        self.activity = activity
        self.name = name
        """The name of the file."""
        self.retry = retry
        """Where the step before the run is asked for again, should nothing have been sent; empty where it is not."""
        self.error: ImporterError | None = None
        self.report: RunReport | None = None
        self.run_id: str | None = None
        """The run's name, once it is written down."""
        self._run: RunStep | None = run
        self._stop: Callable[[], None] | None = None
        self._is_stopping = threading.Event()
        self._progress = Progress(0, 0, 0, time.time())
        self._thread = threading.Thread(target=self._go, name="run", daemon=True)

    def start(self) -> None:
        """Begin, and return at once."""
        self._thread.start()

    @property
    def is_active(self) -> bool:
        """Whether it has not come to its end."""
        return self.error is None and self.report is None

    @property
    def progress(self) -> Progress:
        """Its progress now."""
        return self._progress

    @property
    def is_stopping(self) -> bool:
        """Whether a person wants it to stop."""
        return self._is_stopping.is_set()

    def stop(self) -> None:
        """Send nothing more; what is in flight is settled."""
        self._is_stopping.set()
        stop = self._stop
        if stop is not None:
            stop()

    def wait(self) -> None:
        """Return once it has come to its end."""
        while self._thread.is_alive():
            self._thread.join(_LOOK_S)  # on Windows Ctrl-C does not reach a thread that waits without an end

    def _go(self) -> None:
        run, self._run = self._run, None  # with the plan that it holds
        try:
            if run is None:
                return
            report = run(self._watch)
            self.run_id = report.run
            self.report = report
        except ImporterError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001  (the last line of defence: a person gets a sentence)
            self.error = internal_error(error)
        finally:
            self._stop = None  # with all that it holds

    def _watch(self, event: Event) -> None:
        now = self._progress
        if isinstance(event, Begun):
            self.run_id, self._stop = event.run, event.stop
            if self._is_stopping.is_set():  # while it was being written down
                event.stop()
            self._progress = Progress(event.rows, 0, 0, time.time())
        elif isinstance(event, Answered):
            self._progress = replace(now, done=min(now.done + len(event.results), now.rows), waiting="")
        elif isinstance(event, Sent):
            self._progress = replace(now, requests=now.requests + 1)
        elif isinstance(event, Waiting) and (event.seconds >= _SHOWN_WAIT_S or not event.seconds):
            self._progress = replace(now, waiting=event.reason)
