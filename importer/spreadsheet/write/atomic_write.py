"""Where a workbook of ours is put: beside the input, under a name that is free, all at once. Knows no cell."""

import contextlib
import os
import re
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from importer.audit_events import AuditEvent
from importer.messages import about_files
from importer.messages.system_errors import why
from importer.platforms import file_moves
from importer.platforms.file_names import cannot_be_a_name
from importer.private_files import FILE, is_private

_MODE = 0o666
_NUMBERED = re.compile(r" \(\d+\)$")


def result_path(source: Path, kind: str = "result") -> Path:
    """The default name: `team.csv` gives `team.result.xlsx`, and so does `team.result.xlsx` itself.

    A result of a workbook with macros holds them, and so has the name of one.
    """
    stem = source.name.removesuffix(source.suffix)
    for word in ("result", "plan"):
        if stem.endswith(f".{word}"):
            stem = _NUMBERED.sub("", stem.removesuffix(f".{word}"))
    macros = kind == "result" and source.suffix.lower() == ".xlsm"
    return source.with_name(f"{stem}.{kind}{'.xlsm' if macros else '.xlsx'}")


def check_folder(path: Path) -> None:
    """Make sure, before anything is sent, that a file can be written at `path`, or beside it.

    Raises: Guarded.
    """
    if cannot_be_a_name(path.name):
        raise about_files.no_name_for_a_file(path.name)
    part = _part_name(path)
    try:
        part.touch(exist_ok=False)
    except OSError as error:
        raise about_files.no_room_for_result(str(path.parent), why(error, part)) from None
    file_moves.remove(part)


def put(path: Path, write: Callable[[BinaryIO], None], mode: int = _MODE) -> Path:
    """Write a file under this name, or `name (2)` if that is taken, and return where it is.

    It is written under a temporary name and moved into place: no reader ever sees half of it, and no file that is
    there is touched. The umask takes from the `mode`. Raises: ImporterError when the folder does not take it.
    """
    part = _part(path, write, mode)
    try:
        return next(free for free in _names(path) if _move(part, free))
    except OSError as error:
        file_moves.remove(part)
        raise about_files.cannot_write(path.name, str(path.parent), why(error, path)) from None


def put_over(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file of ours anew, in the place of what is there; no reader ever sees half of it.

    Who could read it before can read it now; a new one in a private folder is private.

    Raises: ImporterError when the folder does not take it; the file is as it was then.
    """
    if path.is_symlink():  # what it leads to is written, and it goes on leading there
        path = path.resolve()
    part = _part(path, write, FILE if is_private(path.parent) else _MODE)
    try:
        with contextlib.suppress(FileNotFoundError):
            shutil.copymode(path, part)
        file_moves.replace(part, path)
    except OSError as error:
        file_moves.remove(part)
        raise about_files.cannot_replace(path.name, why(error, path)) from None


def _part(path: Path, write: Callable[[BinaryIO], None], mode: int) -> Path:
    """A file under a temporary name beside `path`, whole and on the disk.

    Raises: ImporterError when the folder does not take it.
    """
    part = _part_name(path)
    try:
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            sys.audit(AuditEvent.AFTER_PART_OPEN)
            write(file)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        file_moves.remove(part)
        raise about_files.cannot_write(path.name, str(path.parent), why(error, part)) from None
    except BaseException:
        file_moves.remove(part)
        raise
    return part


def _part_name(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")


def _names(path: Path) -> Iterator[Path]:
    """The name itself, then `name (2)`, `name (3)`, with `.result` kept at the end."""
    yield path
    stem, end = path.stem, path.suffix
    for word in ("result", "plan"):
        if stem.endswith(f".{word}"):
            stem, end = stem.removesuffix(f".{word}"), f".{word}{path.suffix}"
    number = 2
    while True:
        yield path.with_name(f"{stem} ({number}){end}")
        number += 1


def _move(part: Path, path: Path) -> bool:
    """Whether the file could be given this name, which must be free."""
    sys.audit(AuditEvent.BEFORE_MOVE)
    try:
        file_moves.take_free_name(part, path)
    except FileExistsError:
        return False
    sys.audit(AuditEvent.BETWEEN_NAMES)
    file_moves.remove(part)
    sys.audit(AuditEvent.AFTER_MOVE)
    return True
