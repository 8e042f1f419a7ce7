"""Lets one program at a time run for a person: a second double click brings the page of the first. Knows files, and no
page.

The one that runs holds a lock, which ends with its process. One that comes later leaves a file, which the first one
takes away and so answers.
"""

import time
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from importer.messages import about_program
from importer.platforms.file_moves import remove
from importer.private_files import FILE, make_file, make_folder, make_state_folder

_STEP_S = 0.1


class SingleInstance:
    """The place of the one program; `is_first` says whether it is this process.

    Raises: ImporterError when the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        locks = folder / "locks"
        self._call = locks / "window.call"
        self._lock = FileLock(locks / "window.lock", mode=FILE)
        try:
            make_state_folder(folder)
            make_folder(locks)
            self._lock.acquire(timeout=0)
            self.is_first = True
            remove(self._call)  # of one that gave up
        except Timeout:
            self.is_first = False
        except OSError as error:
            raise about_program.folder_not_writable(str(folder), error.strerror) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._lock.release()

    def call(self, patience_s: float) -> None:
        """Ask the program that runs to show its page.

        Raises: ImporterError when it does not answer within so many seconds.
        """
        make_file(self._call)
        until = time.monotonic() + patience_s
        while self._call.exists():
            if time.monotonic() > until:
                remove(self._call)
                raise about_program.no_answer_from_first(patience_s)
            time.sleep(_STEP_S)

    def is_called(self) -> bool:
        """Whether another one has asked to show the page since this was last asked."""
        return self._call.exists() and remove(self._call)
