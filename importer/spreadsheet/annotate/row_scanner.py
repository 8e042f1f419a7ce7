"""Sheets whose rows are written as nearly every program does, so that a cell is found by its bytes. Knows XML only.

Plainly: no prefix, no comment, no CDATA section, double quotes; every row and cell says its place first, rows in order.
A large sheet is hundreds of megabytes of XML: it is looked at some rows at a time.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from typing import NamedTuple

from importer.coordinates import letters

_BEGIN, _END, _ROW = b"<sheetData>", b"</sheetData>", b"<row "
_NUMBER = re.compile(rb'<row r="(\d+)"')
_HEAD_BYTES = 4 << 20
"""More never stands before the rows: that would be a format for each of the 16,384 columns, twice."""
_BLOCK_BYTES = 1 << 20
CELL = re.compile(rb'<c r="([A-Z]+)\d+"[^>]*>')
"""A cell's start tag, and the letters of its column."""


class NotPlainError(Exception):
    """The rows are not written plainly: the sheet has to be parsed."""


class RowBlock(NamedTuple):
    """Some whole rows that follow each other, and their numbers."""

    xml: bytes
    numbers: list[int]


class PlainSheet:
    """A sheet that comes in pieces. Its rows are asked for once, from the first to the last.

    `head` is what stands before its rows; `tail` is what stands behind them, once all of them have been asked for.
    Raises: NotPlainError.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        begun = bytearray()
        while (found := begun.find(_BEGIN)) < 0:
            piece = next(self._pieces, b"")
            if not piece or len(begun) > _HEAD_BYTES:
                raise NotPlainError
            begun += piece
        at = found + len(_BEGIN)
        self.head, self._rest = _plain(bytes(begun[:at])), bytes(begun[at:])
        self.tail = b""

    def blocks(self) -> Iterator[RowBlock]:
        """The rows, in blocks.

        Raises: NotPlainError, at whatever row that is seen.
        """
        rest, last = b"", 0
        for piece in chain([self._rest], self._pieces):
            rest += piece
            end = rest.find(_END)
            cut = end if end >= 0 else rest.rfind(_ROW)
            if end < 0 and cut < _BLOCK_BYTES:
                continue
            xml, rest = rest[:cut], rest[cut:]
            numbers = _row_numbers(xml, last)
            yield RowBlock(xml, numbers)
            last = numbers[-1] if numbers else last
            if end >= 0:
                self.tail = _plain(rest + b"".join(self._pieces))
                return
        raise NotPlainError


def _plain(xml: bytes) -> bytes:
    """The same, if no comment, CDATA section or document type is in it.

    Raises: NotPlainError.
    """
    if b"<!" in xml:
        raise NotPlainError
    return xml


def _row_numbers(xml: bytes, last: int) -> list[int]:
    """The numbers of these rows, which follow that one.

    Raises: NotPlainError.
    """
    are_plain = b" s='" not in _plain(xml) and all(  # no other element in the rows begins as these do
        xml.count(tag) == xml.count(tag + b' r="') for tag in (b"<row", b"<c")
    )
    numbers = [int(number) for number in _NUMBER.findall(xml)]
    if not are_plain or any(here >= after for here, after in pairwise([last, *numbers])):
        raise NotPlainError
    return numbers


class CellStarts:
    """How the start tags of a row's cells begin, from left to right; most rows want the same columns."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, ...], list[tuple[int, bytes]]] = {}

    def of(self, row: int, columns: Iterable[int]) -> list[tuple[int, bytes]]:
        """The columns of a row, each with its bytes."""
        wanted = tuple(columns)
        known = self._known.get(wanted)
        if known is None:
            starts = [(column, f'<c r="{letters(column)}'.encode()) for column in sorted(wanted)]
            known = self._known[wanted] = starts
        end = b'%d"' % row
        return [(column, start + end) for column, start in known]


def style_of(xml: bytes, cell: int) -> int:
    """The style number of the cell that begins here."""
    at = xml.find(b' s="', cell, xml.index(b">", cell))
    return 0 if at < 0 else int(xml[at + 4 : xml.index(b'"', at + 4)])
