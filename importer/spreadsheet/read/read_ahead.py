"""Begins to read a workbook while the rest of the program is being imported. Knows files, and no sheet by its name.

The engine takes as long for a large sheet as Python for the imports, and neither needs the other.
"""

import hashlib
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from importer.errors import Unreadable
from importer.spreadsheet.read.encrypted import is_encrypted
from importer.spreadsheet.read.engines import Workbook
from importer.spreadsheet.read.file_type import FileKind, find_kind, read_bytes

_SUFFIXES = (".xlsx", ".xlsm")


class OpenedFile(NamedTuple):
    """A workbook of which the first sheet that can be seen has been read already."""

    sha256: str
    workbook: Workbook


class _Begun(NamedTuple):
    version: tuple[int, int]
    opened: "Future[OpenedFile | None]"


_begun: dict[Path, _Begun] = {}


def read_ahead(path: Path) -> None:
    """Begin to read this file in a thread, if it is an .xlsx workbook; whoever opens it soon does not wait as long."""
    _begun.pop(path, None)
    version = _version(path)
    if version is not None and path.suffix.lower() in _SUFFIXES:
        opened: Future[OpenedFile | None] = Future()
        _begun[path] = _Begun(version, opened)
        Thread(target=_read, args=(path, opened), name="read ahead", daemon=True).start()


def take_ahead(path: Path) -> OpenedFile | None:
    """What was read of this file, once; None for one that was not read, or has changed since.

    Raises: Unreadable, as whoever opens it now would.
    """
    begun = _begun.pop(path, None)
    return begun.opened.result() if begun is not None and begun.version == _version(path) else None


def _version(path: Path) -> tuple[int, int] | None:
    """When the file was changed, in nanoseconds, and its size; None where there is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size


def _read(path: Path, result: "Future[OpenedFile | None]") -> None:
    try:
        data = read_bytes(path)
        opened = None
        if not is_encrypted(data) and find_kind(path, data) is FileKind.XLSX:
            opened = OpenedFile(hashlib.sha256(data).hexdigest(), Workbook(path.name, data))
            with suppress(Unreadable):  # perhaps another sheet is meant; whoever means this one reads it again
                opened.workbook.read_ahead()
        result.set_result(opened)
    except BaseException as error:  # noqa: BLE001  (it is raised where the file is opened)
        result.set_exception(error)
