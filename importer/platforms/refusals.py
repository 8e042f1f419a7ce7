"""Why a system refuses a file, where what it says itself leads people astray. Knows error codes, and no words."""

import errno
from enum import Enum, auto
from pathlib import Path

from importer.platforms.system import is_macos, is_windows

WINDOWS_PATH = 259
"""Characters in a path, with its folders, that Windows takes unless somebody has lifted the limit."""
_NO_LIMIT = "\\\\?\\"
_OPEN_ELSEWHERE = frozenset({32, 33})
_NO_SUCH_PATH = frozenset({errno.ENOENT, errno.EINVAL})


class Refusal(Enum):
    """A reason that has words of our own."""

    OPEN_ELSEWHERE = auto()
    """Another program has the file open, and lets nobody else at it."""
    PATH_TOO_LONG = auto()
    """The file's name with its folders is longer than Windows takes; it says that there is no such file."""
    PRIVACY = auto()
    """macOS keeps programs out of Desktop, Documents and Downloads until the person allows it."""


def refusal_of(error: OSError, path: Path) -> Refusal | None:
    """Why the system refused this path; None where what it says itself will do."""
    if is_windows() and getattr(error, "winerror", None) in _OPEN_ELSEWHERE:
        return Refusal.OPEN_ELSEWHERE
    if is_windows() and error.errno in _NO_SUCH_PATH and len(full := str(path.absolute())) > WINDOWS_PATH:
        return None if full.startswith(_NO_LIMIT) else Refusal.PATH_TOO_LONG
    return Refusal.PRIVACY if is_macos() and error.errno == errno.EPERM else None
