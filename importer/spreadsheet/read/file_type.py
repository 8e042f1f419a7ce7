"""What a file is, by its first bytes: people rename files. Knows no cell."""

import zipfile
from collections.abc import Mapping
from enum import StrEnum
from io import BytesIO
from pathlib import Path

from importer.messages import about_files


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
        raise about_files.is_a_folder(str(path))
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise about_files.no_file(str(path)) from None
    except OSError as error:
        raise about_files.cannot_open(str(path), error.strerror) from None
    if not data.strip(b"\x00 \t\r\n"):
        raise about_files.empty_file(path.name)
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
            raise about_files.not_a_sheet(path.name, what)
    return _text_kind(path, data)


def _zip_kind(path: Path, data: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = set(package.namelist())
            sizes = {entry.filename: entry.file_size for entry in package.infolist()}
            opened = package.read("mimetype")[:64] if "mimetype" in parts else b""
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        raise about_files.cut_workbook(path.name) from None
    _bound(path, sizes)
    if "xl/workbook.bin" in parts:
        return FileKind.XLSB
    if any(part.startswith("xl/") for part in parts):
        return FileKind.XLSX
    if b"opendocument.spreadsheet" in opened:
        return FileKind.ODS
    if any(part.startswith("Index/") and part.endswith(".iwa") for part in parts) or path.suffix == ".numbers":
        raise about_files.apple_numbers(path.name)
    if any(part.startswith("word/") for part in parts):
        raise about_files.word_document(path.name)
    raise about_files.no_sheet_inside(path.name, "a zip archive without a workbook in it")


def _bound(path: Path, sizes: Mapping[str, int]) -> None:
    """Raises: Unreadable for a file that unpacks to more than any list: reading it would exhaust the memory."""
    held = max((size for name, size in sizes.items() if "/worksheets/" not in name), default=0)
    if held > _LARGEST_PART or sum(sizes.values()) > _LARGEST:
        raise about_files.too_large(path.name, sum(sizes.values()) / (1 << 30))


def _ole_kind(path: Path, data: bytes) -> FileKind:
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return FileKind.XLS
    raise about_files.no_sheet_inside(path.name, "an Office document without a sheet in it")


def _text_kind(path: Path, data: bytes) -> FileKind:
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        raise about_files.web_page(path.name)
    if start.startswith((b"<?xml", b"<!doctype")):
        raise about_files.xml_file(path.name)
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_utf16(data)
    if not utf16 and b"\x00" in data[:65536]:
        raise about_files.not_text(path.name)
    return FileKind.JSON_LINES if start.startswith(b'{"') and b'":' in start else FileKind.TEXT


def _looks_utf16(data: bytes) -> bool:
    """Whether every second byte of the beginning is zero, as in UTF-16 text of Latin letters without a mark."""
    start = data[:512]
    even, odd = start[0::2], start[1::2]
    return len(start) > 3 and min(even.count(0), odd.count(0)) == 0 and max(even.count(0), odd.count(0)) * 2 > len(even)
