"""The page from the double click to the end, and what the window says of it at each moment. Knows no window.

The page is served from a thread of its own. The window asks now and then for the `view`, and tells what was pressed.
"""

import threading
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

import importer
from importer import ImporterError
from importer.messages import window_phrases as phrases

if TYPE_CHECKING:
    from collections.abc import Callable

    from importer import Account
    from importer.web.server import ServedPage


class Phase(Enum):
    """How far the program is."""

    STARTING = auto()
    RUNNING = auto()
    ENDING = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class View:
    """What the window shows: a heading, a text, and its buttons, the usual one first."""

    heading: str
    text: str
    buttons: tuple[str, ...] = ()


class Launcher:
    """The program behind the window."""

    def __init__(self, connect: "Callable[[], Account]") -> None:
        """`connect` gives the account of the saved token; it is called in the page's thread, as it takes long."""
        self.phase = Phase.STARTING
        self.error: ImporterError | None = None
        """Why there is no page."""
        self.ends_at_once = False
        """Whether the person does not want to wait for what is in flight."""
        self._connect = connect
        self._page: ServedPage | None = None
        self._is_asking = False
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="launcher", daemon=True)

    def start(self) -> None:
        """Begin to serve the page, open it in the browser when it is ready, and return at once."""
        self._thread.start()

    def fail(self, error: ImporterError) -> None:
        """Say why there is no page."""
        self.error, self.phase = error, Phase.ENDED

    @property
    def view(self) -> View:
        """What the window shows now."""
        match self.phase:
            case Phase.STARTING:
                return View(phrases.STARTING, phrases.OPENS_SOON)
            case Phase.RUNNING:
                return self._running_view()
            case Phase.ENDING:
                return View(phrases.ENDING, phrases.SETTLING)
            case Phase.ENDED if self.error is not None:
                return View(phrases.NOT_STARTED, _describe(self.error), (phrases.CLOSE,))
            case Phase.ENDED:
                return View(phrases.ENDED, "")

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to show or to wait for."""
        return self.ends_at_once or (self.phase is Phase.ENDED and self.error is None)

    def open_page(self) -> None:
        """Open the page in the browser, with a key of its own: earlier addresses have worked once."""
        self._is_asking = False
        if self._page is not None and self.phase is Phase.RUNNING:
            self._page.again().open()

    def new_address(self) -> str:
        """An address that opens the page once, to paste into a browser; empty while there is no page."""
        return self._page.again().address if self._page is not None and self.phase is Phase.RUNNING else ""

    def close(self) -> None:
        """Close the window: end the program, but ask first where a run would stop. A second time, it ends at once."""
        if self._is_over.is_set() or self.error is not None:
            self.ends_at_once = True
        elif self.phase is Phase.RUNNING and self._files_being_sent and not self._is_asking:
            self._is_asking = True
        else:
            self.end()

    def keep_running(self) -> None:
        """Go on, after the question of `close`."""
        self._is_asking = False

    def end(self) -> None:
        """End the program once what is in flight is settled, and return at once."""
        self._is_over.set()

    def wait(self, patience_s: float) -> None:
        """Return once the program has ended, or after so many seconds."""
        self._thread.join(patience_s)

    @property
    def _files_being_sent(self) -> list[str]:
        return self._page.files_being_sent if self._page is not None else []

    def _running_view(self) -> View:
        names = self._files_being_sent
        if names and self._is_asking:
            return View(phrases.SENDING, phrases.ends_a_run(names), (phrases.KEEP_RUNNING, phrases.END))
        heading, text = (phrases.SENDING, phrases.sending(names)) if names else (phrases.RUNNING, phrases.HOW_TO_END)
        return View(heading, text, (phrases.OPEN_PAGE, phrases.COPY_ADDRESS, phrases.END))

    def _serve(self) -> None:
        from importer import web  # noqa: PLC0415  (what it imports takes a second, and the window shows meanwhile)

        try:
            with web.serve_in_background(self._connect, owns_process=True) as page:
                self._page = page
                self.phase = Phase.RUNNING
                if not self._is_over.is_set():
                    page.open()
                self._is_over.wait()
                self.phase = Phase.ENDING
        except ImporterError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001  (the last line of defence: a person gets a sentence)
            self.error = importer.internal_error(error)
        finally:
            self.phase = Phase.ENDED


def _describe(error: ImporterError) -> str:
    """Why the program cannot go on, and what to do, as the page says it."""
    from importer.web.page_text import page_fix  # noqa: PLC0415  (as above)

    return f"{error.message}\n\n{page_fix(error.remedies)}".strip()
