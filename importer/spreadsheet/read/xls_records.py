"""What the engine does not tell of a workbook of Excel 97-2003: errors, number formats, hidden rows. Knows its records.

Sources: [MS-CFB] for the file that holds the stream, [MS-XLS] for the records in it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from importer.coordinates import Place
from importer.spreadsheet.read.number_format import BUILT_IN, is_telling

_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_BOF, _EOF, _BOUND_SHEET, _FORMAT, _XF = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0
_FORMULA, _BOOL_ERR, _NUMBER, _RK, _MUL_RK, _ROW = 0x0006, 0x0205, 0x0203, 0x027E, 0x00BD, 0x0208
_TEXTS = frozenset({0x00FD, 0x0204, 0x00D6})
"""Cells with a text: one that others share, and the two kinds of its own."""
_VERSION_97 = 0x0600
_WORKSHEET, _HIDDEN_ROW, _WIDE_TEXT = 0, 0x20, 1
_STREAMS = frozenset({"Workbook", "Book"})
_FREE = 0xFFFFFFFA
"""From here on, the number of a sector says that there is none."""


@dataclass(slots=True)
class SeenRecords:
    """What was seen of one sheet: the words of its errors, the formats of its numbers where they change what one sees,
    and its hidden rows. Rows are counted from 1, columns from 0; `last_row` and `last_column` have a filled cell.
    """

    errors: dict[Place, str] = field(default_factory=dict)
    formats: dict[Place, str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0


def see_records(data: bytes) -> list[SeenRecords]:
    """What was seen of each sheet of cells, in their order.

    Raises: struct.error, LookupError or ValueError for a damaged workbook.
    """
    stream = _workbook_stream(data)
    if struct.unpack_from("<H", stream, 4)[0] != _VERSION_97:
        raise ValueError(_VERSION_97)
    formats: dict[int, str] = dict(BUILT_IN)
    styles: list[int] = []
    sheets: list[int] = []
    for kind, body in _records(stream, 0):
        if kind == _FORMAT:
            formats[struct.unpack_from("<H", body)[0]] = _text(body[2:])
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _BOUND_SHEET and body[5] == _WORKSHEET:
            sheets.append(struct.unpack_from("<I", body)[0])
    telling = {at: formats[id_] for at, id_ in enumerate(styles) if is_telling(formats.get(id_, ""))}
    return [_see_sheet(stream, start, telling) for start in sheets]


def _see_sheet(stream: bytes, start: int, telling: dict[int, str]) -> SeenRecords:
    seen = SeenRecords()
    for kind, body in _records(stream, start):
        if kind == _ROW and body[12] & _HIDDEN_ROW:
            seen.hidden_rows.append(struct.unpack_from("<H", body)[0] + 1)
        elif kind in _TEXTS:
            _reach(seen, *struct.unpack_from("<HH", body))
        elif kind == _MUL_RK:
            row, first = struct.unpack_from("<HH", body)
            _reach(seen, row, first + max(0, (len(body) - 12) // 6))
            for at in range((len(body) - 6) // 6):
                _see_format(seen, (row + 1, first + at), struct.unpack_from("<H", body, 4 + 6 * at)[0], telling)
        elif kind in (_FORMULA, _BOOL_ERR, _NUMBER, _RK):
            row, column, style = struct.unpack_from("<HHH", body)
            _reach(seen, row, column)
            error = _error(kind, body)
            if error is not None:
                seen.errors[row + 1, column] = error
            elif kind != _BOOL_ERR:
                _see_format(seen, (row + 1, column), style, telling)
    return seen


def _reach(seen: SeenRecords, row: int, column: int) -> None:
    seen.last_row, seen.last_column = max(seen.last_row, row + 1), max(seen.last_column, column)


def _see_format(seen: SeenRecords, place: Place, style: int, telling: dict[int, str]) -> None:
    if style in telling:
        seen.formats[place] = telling[style]


def _error(kind: int, body: bytes) -> str | None:
    """The word of the error that a cell holds, if it holds one."""
    if kind == _BOOL_ERR and body[7]:
        return _ERRORS.get(body[6], "#ERROR")
    is_formula_with_error = kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2
    return _ERRORS.get(body[8], "#ERROR") if is_formula_with_error else None


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of a part of the stream, without those of charts within it."""
    depth = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + size]
        if not depth:
            return
        at += 4 + size


def _text(body: bytes) -> str:
    """A text with the number of its signs and their width in front."""
    count, flags = struct.unpack_from("<HB", body)
    if flags & _WIDE_TEXT:
        return body[3 : 3 + 2 * count].decode("utf-16-le", "replace")
    return body[3 : 3 + count].decode("latin-1")


def _workbook_stream(data: bytes) -> bytes:
    """The stream of the workbook out of the file of streams that holds it."""
    (sector_bits,) = struct.unpack_from("<H", data, 0x1E)
    first_directory, cutoff, first_mini = (struct.unpack_from("<I", data, at)[0] for at in (0x30, 0x38, 0x3C))
    first_more, more = struct.unpack_from("<II", data, 0x44)
    size = 1 << sector_bits

    def sector(number: int) -> bytes:
        start = (number + 1) << sector_bits
        if start >= len(data):
            raise ValueError(number)
        return data[start : start + size]

    fat_sectors = [each for each in struct.unpack_from("<109I", data, 0x4C) if each < _FREE]
    for _ in range(more):
        if first_more >= _FREE:
            break
        *others, first_more = _numbers(sector(first_more))
        fat_sectors += [each for each in others if each < _FREE]
    fat = [number for each in fat_sectors for number in _numbers(sector(each))]

    def chain(number: int, table: list[int]) -> Iterator[int]:
        for _ in range(len(table)):
            if number >= _FREE:
                return
            yield number
            number = table[number]

    directory = b"".join(map(sector, chain(first_directory, fat)))
    entries = [directory[at : at + 128] for at in range(0, len(directory), 128)]
    entry = next(each for each in entries if _name(each) in _STREAMS)
    start, length = struct.unpack_from("<II", entry, 0x74)
    if length >= cutoff:
        return b"".join(map(sector, chain(start, fat)))[:length]
    held = b"".join(map(sector, chain(struct.unpack_from("<I", entries[0], 0x74)[0], fat)))
    mini = [number for each in chain(first_mini, fat) for number in _numbers(sector(each))]
    return b"".join(held[at * 64 : at * 64 + 64] for at in chain(start, mini))[:length]


def _numbers(sector: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4]))


def _name(entry: bytes) -> str:
    (size,) = struct.unpack_from("<H", entry, 0x40)
    return entry[: max(0, min(size, 64) - 2)].decode("utf-16-le", "replace")
