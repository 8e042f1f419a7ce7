"""Which rows of a refused batch are to blame, and when the cause is not a row. Sends nothing. Threads may share it.

Kantata's server library puts the position of a row into an error, but no document says so. We first send the batch
without the rows that errors point to; if it is accepted, we trust positions from then on.
"""

import threading
from collections.abc import Sequence

from importer.errors import Denied
from importer.kantata.bulk_answers import refusals_by_row
from importer.kantata.responses import Refusal
from importer.messages import about_account
from importer.model import Change
from importer.sync.task import Suspect, Task

_SAME_WORDS = 20
"""After so many single rows refused in the same words, and none accepted, perhaps the cause is not the rows."""
_SAME_WORDS_OF_PERMISSION = 3


class CulpritSearch:
    """What the refusals of this run have shown so far."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._proven: bool | None = None
        self._words = ""
        self._times = 0
        self._patience = 1

    @property
    def is_proven(self) -> bool:
        """Whether positions in errors have proved right."""
        return self._proven is True

    def convict(self) -> None:
        """Note that a batch was accepted without the rows that its errors pointed to."""
        self._proven = self._proven is not False

    def acquit(self) -> None:
        """Note that rows that errors pointed to were accepted: the positions mean something else."""
        self._proven = False

    def blame(self, task: Task, left: Sequence[Change], refusals: tuple[Refusal, ...]) -> list[Suspect] | None:
        """The rows among those left that the errors point to; None if they name none, or cannot be trusted."""
        if task.on_trial and self._proven is None:
            self._proven = True
        if self._proven is False or len(task.changes) == 1:
            return None
        named = refusals_by_row(refusals, len(task.changes))
        rows = {change.ref for change in left}
        blamed = [(task.changes[at], tuple(words)) for at, words in (named or {}).items()]
        return [suspect for suspect in blamed if suspect[0].ref in rows] or None

    def note_acceptance(self, *, probe: bool = False) -> None:
        """Note that Kantata accepted something. A probe shows that the rows are to blame: then we tolerate more."""
        with self._lock:
            self._times = 0
            self._patience *= 2 if probe else 1

    def is_not_the_row(self, refusal: Refusal) -> bool:
        """Count a row that was refused by itself; return whether it is time to send a probe."""
        with self._lock:
            self._times = self._times + 1 if refusal.message == self._words else 1
            self._words = refusal.message
            enough = _SAME_WORDS_OF_PERMISSION if refusal.is_of_permission else _SAME_WORDS
            return self._times == enough * self._patience

    def verdict(self, refusal: Refusal) -> Denied | None:
        """The reason to stop the run, if a probe was refused in the same words as the rows before it."""
        with self._lock:
            same, self._times = refusal.message == self._words, 0
        if not same:
            return None
        return about_account.refuses_row_after_row(refusal.message)
