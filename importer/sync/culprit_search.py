"""Which rows of a refused batch are to blame, and when it is not the rows. Sends nothing. Threads may share it.

Kantata's server library puts the position of a row into an error, and no document says so. So the rows that errors
point to are set aside at first, and are believed to be to blame once the rest was accepted without them.
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
"""So many single rows refused in the same words, with none accepted between them, and perhaps it is not the rows."""
_SAME_WORDS_OF_PERMISSION = 3


class CulpritSearch:
    """What this account's refusals have shown so far."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._proven: bool | None = None
        self._words = ""
        self._times = 0
        self._patience = 1

    @property
    def is_proven(self) -> bool:
        """Whether the positions in errors have proved right."""
        return self._proven is True

    def convict(self) -> None:
        """A batch was accepted without the rows that its errors pointed to."""
        self._proven = self._proven is not False

    def acquit(self) -> None:
        """Rows that errors pointed to were accepted by themselves: the positions mean something else."""
        self._proven = False

    def blame(self, task: Task, left: Sequence[Change], refusals: tuple[Refusal, ...]) -> list[Suspect] | None:
        """The rows among those left that the errors point to; None if they do not tell, or cannot be believed."""
        if task.on_trial and self._proven is None:
            self._proven = True
        if self._proven is False or len(task.changes) == 1:
            return None
        named = refusals_by_row(refusals, len(task.changes))
        rows = {change.ref for change in left}
        blamed = [(task.changes[at], tuple(words)) for at, words in (named or {}).items()]
        return [suspect for suspect in blamed if suspect[0].ref in rows] or None

    def accepted(self, *, probe: bool = False) -> None:
        """Kantata accepted something; if it was a probe, it was the rows, and more of them are borne with."""
        with self._lock:
            self._times = 0
            self._patience *= 2 if probe else 1

    def is_not_the_row(self, refusal: Refusal) -> bool:
        """Count a row that was refused by itself; whether it is time to try another one, from somewhere else."""
        with self._lock:
            self._times = self._times + 1 if refusal.message == self._words else 1
            self._words = refusal.message
            enough = _SAME_WORDS_OF_PERMISSION if refusal.is_of_permission else _SAME_WORDS
            return self._times == enough * self._patience

    def verdict(self, refusal: Refusal) -> Denied | None:
        """Why to stop, if a probe was refused in the words that the rows before it were refused in."""
        with self._lock:
            same, self._times = refusal.message == self._words, 0
        if not same:
            return None
        return about_account.refuses_row_after_row(refusal.message)
