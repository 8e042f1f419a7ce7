"""The files that Excel and LibreOffice put beside a workbook while they have it open. Knows names, and no workbook."""

from pathlib import Path

_EXCEL, _LIBREOFFICE, _END = "~$", ".~lock.", "#"
_LARGEST = 4096


def is_lock_file(path: Path) -> bool:
    """Whether this only says that another file is open. On Windows nobody else can read it."""
    try:
        return path.name.startswith((_EXCEL, _LIBREOFFICE)) and path.stat().st_size <= _LARGEST
    except OSError:
        return False


def workbook_of(lock_file: Path) -> Path:
    """The file of which a lock file says that it is open."""
    name = lock_file.name.removeprefix(_EXCEL).removeprefix(_LIBREOFFICE)
    return lock_file.with_name(name.removesuffix(_END) or name)


def is_open_elsewhere(path: Path) -> bool:
    """Whether Excel or LibreOffice seems to have this file open; a program that crashed may have left the sign."""
    signs = (path.with_name(f"{_EXCEL}{path.name}"), path.with_name(f"{_LIBREOFFICE}{path.name}{_END}"))
    return any(map(is_lock_file, signs))
