"""Work that goes on behind a page, one step at a time: what is known so far is a frozen value. Knows no file."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from importer import ImporterError, internal_error


@dataclass(frozen=True)
class Standing:
    """How far a piece of work is. `number` grows with every change, so that a page knows that it is out of date.

    `doing` says what is being done now, if something is; `failed` why it could not go on.
    """

    number: int = 0
    doing: str | None = None
    failed: ImporterError | None = None


Stand = TypeVar("Stand", bound=Standing)


class Work(Generic[Stand]):
    """One piece of work: `now` is how far it is. Threads may share it; of two steps only the first is done."""

    def __init__(self, workers: Executor, start: Stand) -> None:
        self._workers = workers
        self._lock = threading.Lock()
        self.now = start

    def start(self, doing: str, step: Callable[[Stand], Stand]) -> bool:
        """Do a step behind the page, and return whether it is done: not while another one is."""
        with self._lock:
            if self.now.doing is not None:
                return False
            self.now = replace(self.now, number=self.now.number + 1, doing=doing, failed=None)
        self._workers.submit(self._do, step)
        return True

    def change(self, step: Callable[[Stand], Stand]) -> bool:
        """Take a step that takes no time, and return whether it was taken: not while another one is done."""
        with self._lock:
            if self.now.doing is not None:
                return False
            self.now = replace(step(self.now), number=self.now.number + 1)
            return True

    def _do(self, step: Callable[[Stand], Stand]) -> None:
        before = self.now
        try:
            after = step(before)
        except ImporterError as error:
            after = replace(self.now, failed=error)
        except Exception as error:  # noqa: BLE001  (the last line of defence: a person gets a sentence)
            after = replace(self.now, failed=internal_error(error))
        with self._lock:
            self.now = replace(after, number=before.number + 1, doing=None)
