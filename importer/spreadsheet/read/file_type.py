"""What a file is, by its first bytes: people rename files. Knows no cell."""

import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from io import BytesIO
from pathlib import Path, PurePath

from importer.errors import Unreadable
from importer.messages import about_files, about_sizes
from importer.messages.system_errors import why
from importer.platforms.file_names import cannot_be_a_name
from importer.platforms.open_files import is_lock_file, workbook_of
from importer.platforms.refusals import WINDOWS_PATH, Refusal, refusal_of
from importer.spreadsheet.read.limits import FILE_BYTES


class FileKind(StrEnum):
    """The kinds of file that can be read."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"
    JSON_LINES = "jsonl"
    PARQUET = "parquet"


_LARGEST_PART, _LARGEST_SHEET, _LARGEST = 1 << 29, 2 << 30, 4 << 30
"""Bytes that a part of a workbook, a sheet of it, and all of it may unpack to. A sheet is read piece by piece, and one
of a million rows and twenty columns has 1 GB.
"""

_BLANKS, _BLANK_START = b"\x00 \t\r\n", 4096
_LARGEST_SMALL_PART = 16 << 20
_WORKBOOK_TYPE = re.compile(
    rb"spreadsheetml\.(?:sheet|template)\.main|ms-excel\.(?:sheet|template)\.macroEnabled\.main"
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLD_EXCEL = {b"\x09\x00": "Excel 2", b"\x09\x02": "Excel 3", b"\x09\x04": "Excel 4"}
"""How a sheet of Excel before 5.0 begins: a BOF record of 4 or 6 bytes. Source: OpenOffice, Excel file format, 5.8."""
_STARTS = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a bitmap picture"),
    (b"RIFF", "a picture or a sound"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "a SQLite database"),
)
_STARTS_OF_TEXT = ((b"%PDF-", "a PDF"), (b"{\\rtf1", "a rich text document"))
_WEB_ADDRESS = re.compile(r"(?:https?|ftp|file):[/\\]|(?:www|docs\.google)\.", re.IGNORECASE)
_LARGEST_SHORTCUT = 4096
_CLOUD_SUFFIXES = frozenset({".gsheet", ".gdoc", ".gslides", ".gform", ".glink"})
_SHORTCUTS = (
    b"[internetshortcut]",
    b"[desktop entry]",
    b"l\x00\x00\x00\x01\x14\x02\x00",
    b"book\x00\x00\x00\x00mark",
    b"version https://git-lfs",
)
"""How files that only say where another one is begin, in small letters: of Windows, Linux, macOS and Git LFS."""


def read_bytes(path: Path) -> bytes:
    """The whole file.

    Raises: Unreadable when there is no such file, it is a folder or a lock file, it is empty, or we may not read it.
    """
    if is_lock_file(path):
        raise about_files.lock_file(path.name, workbook_of(path).name)
    if path.is_dir():
        raise about_files.is_a_folder(str(path))
    if cannot_be_a_name(path.name):  # a device would be read: CON waits for somebody to type
        raise _missing(path)
    try:
        with path.open("rb") as file:
            data = file.read(FILE_BYTES + 1)
    except OSError as error:
        raise _refused(path, error) from None
    if len(data) > FILE_BYTES:
        raise about_sizes.too_large_file(path.name, FILE_BYTES >> 20)
    if not data[:_BLANK_START].strip(_BLANKS) and not data.strip(_BLANKS):
        raise about_files.empty_file(path.name)
    return data


def _refused(path: Path, error: OSError) -> Unreadable:
    """Why the file cannot be opened."""
    match refusal_of(error, path):
        case Refusal.PATH_TOO_LONG:
            return about_files.path_too_long(path.name, len(str(path.absolute())), WINDOWS_PATH)
        case Refusal.PRIVACY:
            return about_files.not_allowed_by_macos(str(path))
    # A question mark in a name is an error of its own on Windows.
    is_missing = isinstance(error, FileNotFoundError) or is_web_address(path)
    return _missing(path) if is_missing else about_files.cannot_open(str(path), why(error, path))


def _missing(path: Path) -> Unreadable:
    """Why there is no such file."""
    return about_files.web_address(str(path)) if is_web_address(path) else about_files.no_file(str(path))


def is_web_address(path: PurePath) -> bool:
    """Whether this is no path at all: on Windows even the slashes of an address are turned."""
    return _WEB_ADDRESS.match(str(path)) is not None


def find_kind(path: Path, data: bytes) -> FileKind:
    """What the bytes are, whatever the name says.

    Raises: Unreadable, naming what the file is instead of a sheet.
    """
    if data.startswith(_ZIP):
        return _zip_kind(path, data)
    if data.startswith(_OLE):
        return _ole_kind(path, data)
    if data[:2] in _OLD_EXCEL and data[2:4] in (b"\x04\x00", b"\x06\x00"):
        raise about_files.old_excel(path.name, _OLD_EXCEL[data[:2]])
    if path.suffix.lower() in _CLOUD_SUFFIXES and len(data) <= _LARGEST_SHORTCUT:
        raise about_files.cloud_shortcut(path.name)
    if data[:32].lower().startswith(_SHORTCUTS):
        raise about_files.shortcut(path.name)
    if not _begins_as_text(data):
        if data.startswith(b"PAR1"):
            return FileKind.PARQUET
        _refuse(path, data, _STARTS)
    _refuse(path, data, _STARTS_OF_TEXT)
    return _text_kind(path, data)


def _refuse(path: Path, data: bytes, starts: Sequence[tuple[bytes, str]]) -> None:
    for start, what in starts:
        if data.startswith(start):
            raise about_files.not_a_sheet(path.name, what)


def _begins_as_text(data: bytes) -> bool:
    """Whether the first bytes could be those of a text: a list may begin with `PK`, `BM` or `RIFF`."""
    return not any(byte < 32 and byte not in b"\t\r\n" for byte in data[:64])


def _zip_kind(path: Path, data: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = set(package.namelist())
            sizes = {entry.filename: entry.file_size for entry in package.infolist()}
            opened = _small_part(package, "mimetype")[:64]
            types = _small_part(package, "[Content_Types].xml")
            manifest = _small_part(package, "META-INF/manifest.xml")
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        raise about_files.cut_workbook(path.name) from None
    _bound(path, sizes)
    if b"opendocument.spreadsheet" in opened and (b"encryption-data" in manifest or "encrypted-package" in parts):
        raise about_files.password(path.name)
    if "xl/workbook.bin" in parts:
        return FileKind.XLSB
    if any(part.startswith("xl/") for part in parts) or _WORKBOOK_TYPE.search(types):
        return FileKind.XLSX
    if b"opendocument.spreadsheet" in opened:
        return FileKind.ODS
    if any(part.startswith("Index/") and part.endswith(".iwa") for part in parts) or path.suffix == ".numbers":
        raise about_files.apple_numbers(path.name)
    if any(part.startswith("word/") for part in parts):
        raise about_files.word_document(path.name)
    raise about_files.no_sheet_inside(path.name, "a zip archive without a workbook in it")


def _small_part(package: zipfile.ZipFile, name: str) -> bytes:
    """A part of a package that is small in every honest file; empty where there is none."""
    try:
        entry = package.getinfo(name)
    except KeyError:
        return b""
    return package.read(entry) if entry.file_size <= _LARGEST_SMALL_PART else b""


def _bound(path: Path, sizes: Mapping[str, int]) -> None:
    """Raises: Unreadable for a file that unpacks to more than any list: reading it would exhaust the memory."""
    is_too_large = any(
        size > (_LARGEST_SHEET if "/worksheets/" in name or name == "content.xml" else _LARGEST_PART)
        for name, size in sizes.items()
    )
    if is_too_large or sum(sizes.values()) > _LARGEST:
        raise about_sizes.too_large(path.name, sum(sizes.values()) / (1 << 30))


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
    is_wide = (
        data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or _looks_utf16(data) or _looks_utf32(data)
    )
    if not is_wide and b"\x00" in data[:65536]:
        raise about_files.not_text(path.name)
    return FileKind.JSON_LINES if start.startswith(b'{"') and b'":' in start else FileKind.TEXT


def _looks_utf16(data: bytes) -> bool:
    """Whether every second byte of the beginning is zero, as in UTF-16 text of Latin letters without a mark."""
    start = data[:512]
    even, odd = start[0::2], start[1::2]
    return len(start) > 3 and min(even.count(0), odd.count(0)) == 0 and max(even.count(0), odd.count(0)) * 2 > len(even)


def _looks_utf32(data: bytes) -> bool:
    """Whether three of four bytes of the beginning are zero, as in UTF-32 text of Latin letters without a mark."""
    start = data[: len(data[:512]) // 4 * 4]
    zeros = [start[at::4].count(0) * 4 for at in range(4)]
    is_little, is_big = zeros[1:] == [len(start)] * 3, zeros[:3] == [len(start)] * 3
    return len(start) > 4 and ((is_little and not zeros[0]) or (is_big and not zeros[3]))
