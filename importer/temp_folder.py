"""A private folder for the files of people: nobody else can read it, and it is deleted at the end. Knows no file.

A process that was killed leaves its folder; the next one finds it by its lock, which a dead process does not hold.
"""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from importer.private_files import FILE

_PREFIX, _LOCK = "importer-web-", "lock"
_YOUNG_S = 60
"""One that was made just now may not have its lock yet."""


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder of this process, deleted at its end; those of processes that were killed are deleted first."""
    clear()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    lock = FileLock(folder / _LOCK, mode=FILE)
    lock.acquire()
    try:
        yield folder
    finally:
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def clear() -> None:
    """Delete the folders of processes that have ended."""
    for folder in _all():
        with suppress(OSError, Timeout):
            if time.time() - folder.stat().st_mtime > _YOUNG_S:
                with FileLock(folder / _LOCK, timeout=0):
                    pass
                shutil.rmtree(folder, ignore_errors=True)


def in_use() -> list[Path]:
    """The folders of processes that still run, and of those that have ended just now."""
    clear()
    return sorted(_all())


def _all() -> list[Path]:
    return [each for each in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*") if _is_ours(each)]


def _is_ours(folder: Path) -> bool:
    """Whether it is a folder of this person, and no link to one."""
    try:
        status = folder.lstat()
    except OSError:  # its process has just deleted it
        return False
    return stat.S_ISDIR(status.st_mode) and (not hasattr(os, "getuid") or status.st_uid == os.getuid())
