"""How far the cells of an .xlsb sheet reach, and how long their texts are, before the engine takes memory for them.
Knows binary records, and not what cells mean. Source: [MS-XLSB] 2.1.4 and 2.2.1.
"""

import posixpath
import re
import struct
import zipfile
from array import array
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from importer.messages import about_sizes
from importer.spreadsheet.read.limits import CELLS, ROW_BYTES, TEXT_BYTES, bound_count, bound_sheet
from importer.spreadsheet.xml_tree import parse

_ROW, _BLANK, _SHARED_TEXT, _SHEET, _SHARED_ITEM = 0, 1, 7, 156, 19
_LAST_CELL = 11
"""The records of cells have the numbers from that of a blank cell up to this."""
_LINKS, _LARGEST_LINKS = "xl/_rels/workbook.bin.rels", 16 << 20
_SHARED_PART = "xl/sharedStrings.bin"
_PIECE_BYTES, _LONGEST_HEAD = 1 << 20, 64
# Numbers within the columns A to T, which may reach down to the last row, and blank cells: most cells of a list, passed
# over at once.
_NUMBERS = re.compile(rb"(?:\x02\x0c[\x00-\x13]\x00\x00\x00.{8}|\x05\x10[\x00-\x13]\x00\x00\x00.{12})++", re.DOTALL)
_BLANKS = re.compile(rb"(?:\x01\x08.{8})++", re.DOTALL)
_SMALLEST_NUMBER = 14
_FEW_COLUMNS = 20


def bound_sheets(file: str, data: bytes) -> None:
    """Bound the cells of every sheet of a workbook.

    Raises: Unreadable; what zipfile and struct raise for a damaged file.
    """
    with zipfile.ZipFile(BytesIO(data)) as package:
        lengths = _shared_lengths(file, package)
        for name, part in _sheets(package):
            with package.open(part) as stream:
                _bound_sheet(name, stream, lengths)


def _bound_sheet(sheet: str, stream: IO[bytes], lengths: "array[int]") -> None:
    row = rows = last_row = cells = text_bytes = 0
    last_column = _FEW_COLUMNS - 1
    for kind, body in _records(stream):
        if kind == _ROW:
            row, rows = int.from_bytes(body[:4], "little") + 1, rows + 1
            bound_count(sheet, cells=cells, rows=rows, text_bytes=text_bytes)
        elif kind is None:  # a run of cells like most
            last_row, cells = max(last_row, row), cells + len(body) // _SMALLEST_NUMBER
        elif _BLANK < kind <= _LAST_CELL:
            last_row, last_column = max(last_row, row), max(last_column, int.from_bytes(body[:4], "little"))
            cells += 1
            at = int.from_bytes(body[8:12], "little")
            is_shared = kind == _SHARED_TEXT and at < len(lengths)
            text_bytes += lengths[at] if is_shared else len(body)
            bound_sheet(sheet, last_row, last_column)
    bound_sheet(sheet, last_row, last_column)
    bound_count(sheet, cells=cells, rows=rows, text_bytes=text_bytes)


def _records(stream: IO[bytes]) -> Iterator[tuple[int | None, bytes]]:
    """The records of a part by their numbers; a run of numbers comes as one without, and a run of blank cells not."""
    data, at, is_over = b"", 0, False
    while True:
        if len(data) - at < _LONGEST_HEAD and not is_over:
            chunk = stream.read(_PIECE_BYTES)
            data, at, is_over = data[at:] + chunk, 0, not chunk
            continue
        if at >= len(data):
            return
        if run := _BLANKS.match(data, at):
            at = run.end()
            continue
        if run := _NUMBERS.match(data, at):
            at = run.end()
            yield None, run.group()
            continue
        kind, start = _number(data, at, 2)
        size, start = _number(data, start, 4)
        if size > ROW_BYTES:
            raise struct.error(size)
        if len(data) - start < size and not is_over:
            data, start = data[start:] + stream.read(size + _PIECE_BYTES), 0
        yield kind, data[start : start + size]
        at = start + size


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of at most so many bytes, seven bits each, and where it ends."""
    number = 0
    for place in range(most):
        byte = data[at + place] if at + place < len(data) else 0
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return number, at + place + 1
    return number, at + most


def _shared_lengths(file: str, package: zipfile.ZipFile) -> "array[int]":
    """The bytes of each text that the cells of the workbook share."""
    lengths = array("I")
    if _SHARED_PART in package.NameToInfo:
        with package.open(_SHARED_PART) as stream:
            for kind, body in _records(stream):
                if kind == _SHARED_ITEM:
                    lengths.append(len(body))
                    if len(lengths) > CELLS or stream.tell() > TEXT_BYTES:
                        raise about_sizes.too_many_texts(file, TEXT_BYTES >> 20)
    return lengths


def _sheets(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet, and the part that holds it."""
    if package.getinfo(_LINKS).file_size > _LARGEST_LINKS:
        raise struct.error(_LINKS)
    links = parse(package.read(_LINKS))
    parts = {link.get("Id", ""): link.get("Target", "") for link in links.iter("{*}Relationship")}
    with package.open("xl/workbook.bin") as stream:
        sheets = [body for kind, body in _records(stream) if kind == _SHEET]
    for body in sheets:
        link, end = _text(body, 8)
        part = posixpath.normpath(posixpath.join("/xl", parts.get(link, "")))[1:]
        if part in package.NameToInfo:
            yield _text(body, end)[0], part


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A text with the number of its signs in front, and where it ends."""
    (count,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * count
    return body[at + 4 : end].decode("utf-16-le", "replace"), end
