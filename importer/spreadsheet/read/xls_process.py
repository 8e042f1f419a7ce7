"""Workbooks of Excel 97-2003, read in a process of their own, which a damaged one may end. Knows no field.

The engine can ask for hundreds of gigabytes and abort, or print how it failed; here both become one exception.
"""

import pickle
import struct
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from importer.spreadsheet.read.limits import CELLS
from importer.spreadsheet.read.xls_records import SeenRecords, see_records

_WAIT_S = 60
_MEMORY_BYTES = 2 << 30
"""A sheet of 65,536 rows and 100 columns takes half of that."""
_GLOBALS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
"""How the first stream of a workbook of Excel 97-2003 begins. Source: [MS-XLS] 2.4.21, BOF."""
_CODE_PAGE, _UNICODE = 0x42, 1200
_RECORDS_BEFORE_CODE_PAGE = 12


class XlsFault(Exception):  # noqa: N818
    """The engine could not read the workbook. `needs_password` says whether that is all, and `is_too_large` whether it
    has more cells than are read at a time.
    """

    def __init__(self, *, needs_password: bool = False, is_too_large: bool = False) -> None:
        super().__init__()
        self.needs_password = needs_password
        self.is_too_large = is_too_large


@dataclass(frozen=True, slots=True)
class XlsSheet:
    """A sheet: its rows from the first and from column A, and its merged cells as the engine tells them.

    `seen` is what the engine does not tell; None where the records of the workbook could not be read.
    """

    name: str
    is_hidden: bool
    rows: Sequence[Sequence[Any]] = ()
    merges: Sequence[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=tuple)
    seen: SeenRecords | None = None


def read_sheets(data: bytes) -> list[XlsSheet]:
    """Every sheet of cells of the workbook, in its order.

    Raises: XlsFault.
    """
    try:
        done = subprocess.run(  # noqa: S603  (this module itself, by the Python that runs us)
            [sys.executable, "-m", __name__],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_WAIT_S,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        raise XlsFault from None
    if done.returncode:
        raise XlsFault
    sheets = pickle.loads(done.stdout)  # noqa: S301  (written by `main`)
    if sheets is None:
        raise XlsFault(needs_password=True)
    if sheets is True:
        raise XlsFault(is_too_large=True)
    return [XlsSheet(*each) for each in sheets]


def with_unicode_mark(data: bytes) -> bytes:
    """The workbook with the right mark of its code page: its texts are Unicode, whatever the mark in the file says.

    Source: [MS-XLS] 2.4.52, CodePage.
    """
    at = data.find(_GLOBALS)
    for _ in range(_RECORDS_BEFORE_CODE_PAGE if at >= 0 else 0):
        kind, size = (int.from_bytes(data[start : start + 2], "little") for start in (at, at + 2))
        if kind == _CODE_PAGE and size == 2:
            return data[: at + 4] + _UNICODE.to_bytes(2, "little") + data[at + 6 :]
        at += 4 + size
    return data


def main() -> None:
    """Read a workbook from standard input and write its sheets to standard output; None where it has a password, and
    True where it has too many cells.
    """
    _bound_memory()
    import python_calamine as calamine  # noqa: PLC0415  (by this process alone)

    data = sys.stdin.buffer.read()
    records = _records(data)
    if sum(each.last_row * (each.last_column + 1) for each in records) > CELLS:
        sys.stdout.buffer.write(pickle.dumps(True))  # noqa: FBT003  (what it means is told above)
        return
    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(with_unicode_mark(data)))
    except calamine.PasswordError:
        sys.stdout.buffer.write(pickle.dumps(None))
        return
    sheets = []
    worksheets = [each for each in book.sheets_metadata if each.typ == calamine.SheetTypeEnum.WorkSheet]
    seen_of_each = records if len(records) == len(worksheets) else [None] * len(worksheets)
    for each, seen in zip(worksheets, seen_of_each, strict=True):
        sheet = book.get_sheet_by_name(each.name)
        left = [""] * (sheet.start[1] if sheet.start else 0)
        rows = [left + row for row in sheet.iter_rows()]
        is_hidden = each.visible != calamine.SheetVisibleEnum.Visible
        sheets.append((each.name, is_hidden, rows, sheet.merged_cell_ranges or (), seen))
    sys.stdout.buffer.write(pickle.dumps(sheets, pickle.HIGHEST_PROTOCOL))


def _records(data: bytes) -> Sequence[SeenRecords]:
    """What the engine does not tell of each sheet; nothing where the records cannot be read."""
    try:
        return see_records(data)
    except (struct.error, LookupError, ValueError, StopIteration, MemoryError):
        return []


def _bound_memory() -> None:
    """Let a request for more memory than any list needs fail. Windows refuses such a request by itself."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  (not on Windows)

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = _MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(_MEMORY_BYTES, hard)
        with suppress(ValueError):  # macOS takes no limit below what a process has at its start, which is far more
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


if __name__ == "__main__":
    main()
