"""What a file is, by its first bytes: people rename files. Knows no cell."""

import zipfile
from collections.abc import Mapping
from enum import StrEnum
from io import BytesIO
from pathlib import Path

from importer.errors import Unreadable

FORMATS = (
    "an Excel workbook (.xlsx, .xlsm, .xlsb, .xls), an OpenDocument sheet (.ods), a text file (.csv, .tsv, .txt), "
    "or an export as .jsonl or .parquet"
)
SAVE_AS = "Open it in Excel and save it as .xlsx or as CSV UTF-8."


class FileKind(StrEnum):
    """The kinds of file that can be read."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"
    JSON_LINES = "jsonl"
    PARQUET = "parquet"


_LARGEST_PART, _LARGEST = 1 << 30, 4 << 30
"""Bytes that a part of a workbook, and all of it, may unpack to; a sheet alone is read piece by piece."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a bitmap picture"),
    (b"RIFF", "a picture or a sound"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a rich text document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "a SQLite database"),
)


def read_bytes(path: Path) -> bytes:
    """The whole file.

    Raises: Unreadable when there is no such file, it is a folder, it is empty, or we may not read it.
    """
    if path.is_dir():
        raise Unreadable(f"{path} is a folder.", "Name one file in it.")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise Unreadable(f"There is no file {path}.", "Check the name and the folder.") from None
    except OSError as error:
        raise Unreadable(
            f"{path} could not be opened ({error.strerror}).", "Close it elsewhere and try again."
        ) from None
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable(f"{path.name} is empty.", "Save the sheet again, with a header row and at least one row.")
    return data


def find_kind(path: Path, data: bytes) -> FileKind:
    """What the bytes are, whatever the name says.

    Raises: Unreadable, naming what the file is instead of a sheet.
    """
    if data.startswith(b"PK"):
        return _zip_kind(path, data)
    if data.startswith(_OLE):
        return _ole_kind(path, data)
    if data.startswith(b"PAR1"):
        return FileKind.PARQUET
    for start, what in _STARTS:
        if data.startswith(start):
            raise Unreadable(f"{path.name} is {what}, not a sheet.", f"Give {FORMATS}.")
    return _text_kind(path, data)


def _zip_kind(path: Path, data: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = set(package.namelist())
            sizes = {entry.filename: entry.file_size for entry in package.infolist()}
            opened = package.read("mimetype")[:64] if "mimetype" in parts else b""
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        raise Unreadable(
            f"{path.name} is damaged: it begins like a workbook and does not end like one.",
            "Download or save it again; Excel can try File > Open > Open and Repair.",
        ) from None
    _bound(path, sizes)
    if "xl/workbook.bin" in parts:
        return FileKind.XLSB
    if any(part.startswith("xl/") for part in parts):
        return FileKind.XLSX
    if b"opendocument.spreadsheet" in opened:
        return FileKind.ODS
    if any(part.startswith("Index/") and part.endswith(".iwa") for part in parts) or path.suffix == ".numbers":
        raise Unreadable(f"{path.name} is an Apple Numbers document.", "In Numbers choose File > Export To > Excel.")
    if any(part.startswith("word/") for part in parts):
        raise Unreadable(f"{path.name} is a Word document.", "Copy the table into a workbook and give that.")
    raise Unreadable(f"{path.name} is a zip archive without a workbook in it.", f"Give {FORMATS}.")


def _bound(path: Path, sizes: Mapping[str, int]) -> None:
    """Raises: Unreadable for a file that unpacks to more than any list: reading it would exhaust the memory."""
    held = max((size for name, size in sizes.items() if "/worksheets/" not in name), default=0)
    if held > _LARGEST_PART or sum(sizes.values()) > _LARGEST:
        raise Unreadable(
            f"{path.name} unpacks to {sum(sizes.values()) / (1 << 30):,.1f} GB; no list is so large.",
            "Copy the list into a new workbook and give that.",
        )


def _ole_kind(path: Path, data: bytes) -> FileKind:
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return FileKind.XLS
    raise Unreadable(f"{path.name} is an Office document without a sheet in it.", f"Give {FORMATS}.")


def _text_kind(path: Path, data: bytes) -> FileKind:
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        raise Unreadable(f"{path.name} is a web page (HTML) under the name of a sheet.", SAVE_AS)
    if start.startswith((b"<?xml", b"<!doctype")):
        raise Unreadable(f"{path.name} is XML, not a sheet.", SAVE_AS)
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_utf16(data)
    if not utf16 and b"\x00" in data[:65536]:
        raise Unreadable(f"{path.name} is not a sheet: it holds bytes that no text has.", f"Give {FORMATS}.")
    return FileKind.JSON_LINES if start.startswith(b'{"') and b'":' in start else FileKind.TEXT


def _looks_utf16(data: bytes) -> bool:
    """Whether every second byte of the beginning is zero, as in UTF-16 text of Latin letters without a mark."""
    start = data[:512]
    even, odd = start[0::2], start[1::2]
    return len(start) > 3 and min(even.count(0), odd.count(0)) == 0 and max(even.count(0), odd.count(0)) * 2 > len(even)
