"""Which rows of a refused batch are to blame, and when it is not the rows. Sends nothing. Threads may share it.

Kantata's server library puts the position of a row into an error, and no document says so. So the rows that errors
point to are set aside at first, and are believed to be to blame once the rest was accepted without them.
"""

import threading
from collections.abc import Sequence

from importer.errors import Denied, ImporterError
from importer.kantata.bulk import rows_refused
from importer.kantata.envelope import Refusal
from importer.model import Change
from importer.run.task import Suspect, Task

_SAME_WORDS = 20
"""So many single rows refused in the same words, and none accepted, and it is not the rows."""


class Suspicion:
    """What this account's refusals have shown so far."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._proven: bool | None = None
        self._any_accepted = False
        self._words = ""
        self._times = 0

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
        named = rows_refused(refusals, len(task.changes))
        rows = {change.row for change in left}
        blamed = [(task.changes[at], tuple(words)) for at, words in (named or {}).items()]
        return [suspect for suspect in blamed if suspect[0].row in rows] or None

    def accepted(self) -> None:
        """Kantata accepted something."""
        self._any_accepted = True

    def refused_alone(self, refusal: Refusal) -> ImporterError | None:
        """Why to stop, if row after row is refused in the same words and none was ever accepted."""
        with self._lock:
            self._times = self._times + 1 if refusal.message == self._words else 1
            self._words = refusal.message
            if self._any_accepted or self._times < _SAME_WORDS:
                return None
        return Denied(
            f'Kantata refuses row after row in the same words: "{refusal.message}"',
            "It is not the rows. Look at the token's permission and at the account, then run `importer resume`.",
        )
