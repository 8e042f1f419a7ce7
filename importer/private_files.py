"""Folders and files that nobody but their owner can read, whatever the umask says. Knows modes and owners, and nothing
of what is in a file.

Windows keeps a person's own folders from others by itself, and its modes say nothing.
"""

import os
import stat
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

FOLDER, FILE = 0o700, 0o600

_OTHERS = 0o077
_STATE = ("journal.sqlite*", "locks", "files", "aliases", "profiles.json", ".profiles.json.*")
"""What we keep in the folder of the journal. Whatever else is in it may not be ours."""

_making = threading.Lock()


def make_folder(path: Path) -> None:
    """Make a private folder, and those above it that are missing; one that is there stays as it is."""
    for folder in reversed((path, *path.parents)):
        if not folder.is_dir():
            folder.mkdir(mode=FOLDER, exist_ok=True)


def make_state_folder(path: Path) -> None:
    """Make the folder of the journal, or take from others what an earlier version let them read in it."""
    make_folder(path)
    tighten_state_folder(path)


def tighten_state_folder(path: Path) -> None:
    """Take from others what an earlier version let them read in the folder of the journal, if there is one.

    The folder itself is closed only where nothing else is in it: `IMPORTER_HOME` may name one that others need.
    """
    if not hasattr(os, "getuid") or not path.is_dir():
        return
    ours = {each for name in _STATE for each in path.glob(name)}
    with suppress(OSError):
        if ours.issuperset(path.iterdir()):
            _close(path.resolve())
    _tighten(ours)


def make_file(path: Path) -> None:
    """Make an empty private file, if there is none."""
    # Closing a file takes away what the process has locked in it, so of one that is there we open nothing,
    # and no thread sees one that is about to be closed.
    with _making, suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE))


def private(path: str, flags: int) -> int:
    """Opens a file that is private from its first moment: an `opener` for `open`."""
    return os.open(path, flags, FILE)


def is_private(path: Path) -> bool:
    """Whether only its owner can enter a folder."""
    try:
        return hasattr(os, "getuid") and not path.stat().st_mode & _OTHERS
    except OSError:
        return False


def _tighten(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):  # another process may just have removed it
            if _close(path):
                _tighten(path.iterdir())


def _close(path: Path) -> bool:
    """Close what is open to others and ours; whether it was a folder, in which more may be open."""
    status = path.lstat()
    is_folder = stat.S_ISDIR(status.st_mode)
    if status.st_uid != os.getuid() or not (is_folder or stat.S_ISREG(status.st_mode)):
        return False
    if not status.st_mode & _OTHERS:
        return False
    path.chmod(FOLDER if is_folder else FILE)
    return is_folder
