"""Files that get another name, take the place of another one, or go. Knows what each system lets us do with a file that
somebody has open, and nothing of what is in it.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from importer.platforms.system import is_windows

T = TypeVar("T")

_BUSY = frozenset({5, 32, 33})
"""What Windows says of a file that somebody has open: access denied, sharing violation, lock violation."""
_PATIENCE_S, _PAUSE_S = 1.0, 0.02


def patiently(act: Callable[[], T]) -> T:
    """What `act` returns; it is tried again for a second where Windows says that somebody has the file open.

    A scanner for viruses and a program that syncs a folder look at each new file, and let it go soon.
    Raises: as `act`.
    """
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return act()
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _BUSY or time.monotonic() >= until:
                raise
        time.sleep(_PAUSE_S)


def take_free_name(part: Path, path: Path) -> None:
    """Give a file another name in its folder, which must be free; its first name may be left as well.

    No file that is there is touched. Raises: FileExistsError where the name is taken; OSError.
    """
    if is_windows():  # which refuses to rename over a file, on every file system
        patiently(lambda: part.rename(path))
        return
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError from None
        part.rename(path)


def replace(part: Path, path: Path) -> None:
    """Put a file in the place of another one in its folder, all at once.

    Raises: OSError; on Windows also where somebody has the other one open.
    """
    patiently(lambda: part.replace(path))


def remove(path: Path) -> bool:
    """Whether the file is gone. Windows deletes no file that somebody has open."""
    try:
        patiently(lambda: path.unlink(missing_ok=True))
    except OSError:
        return False
    return True
