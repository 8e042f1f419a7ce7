"""Sheets whose rows are written as nearly every program does, so that a cell is found by its bytes. Knows XML only.

Plainly: no prefix, no comment, no CDATA section, double quotes; every row and cell says its place first, rows in order.
"""

import re
from collections.abc import Iterable

from importer.coordinates import letters

_ROW = re.compile(rb'<row r="(\d+)"')
CELL = re.compile(rb'<c r="([A-Z]+)\d+"[^>]*>')
"""A cell's start tag, and the letters of its column."""


def plain_rows(xml: bytes, wanted: Iterable[int]) -> tuple[int, int] | None:
    """From where up to where the rows stand; None where they are not written plainly, or not all of these are there."""
    start, end = xml.find(b"<sheetData>"), xml.find(b"</sheetData>")
    if start < 0 or end < 0 or b"<!" in xml or xml.find(b" s='", start, end) > 0:
        return None
    start += len(b"<sheetData>")
    for tag in (b"<row", b"<c"):  # no other element in the rows begins so
        if xml.count(tag, start, end) != xml.count(tag + b' r="', start, end):
            return None
    left = iter(sorted(wanted))
    missing, before = next(left, None), 0
    for row in (int(found[1]) for found in _ROW.finditer(xml, start, end)):
        if row <= before:
            return None
        if row == missing:
            missing = next(left, None)
        before = row
    return (start, end) if missing is None else None


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
