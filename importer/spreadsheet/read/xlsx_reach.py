"""How far the cells of an .xlsx sheet reach and how many there are, counted while its XML is read: the engine takes
memory for each of them at once, and what the sheet says of itself may be wrong. Knows cells as XML, not what they mean.
"""

import re
import zipfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from importer.coordinates import column_of, letters
from importer.messages import about_sizes
from importer.spreadsheet.read.limits import CELLS, ROW_BYTES, ROWS, TEXT_BYTES, bound_count, bound_sheet

_PIECE_BYTES = 1 << 22
_SHEET_BYTES = 2 << 30
"""Bytes of XML of a sheet: one at the limit of cells has 1 GB, and half a minute is all that anybody waits."""
_PLAIN_CELL, _INLINE_CELL = len('<c r="AB123456"><v></v></c>'), len('<c r="" t="inlineStr"><is><t></t></is></c>')
_FEW_COLUMNS = 20
"""So many columns may reach down to Excel's last row, so that none of their cells needs to be looked at."""
ROOT = re.compile(rb"<([\w.-]+:)?worksheet[\s>]")
"""The element of a sheet, with its namespace prefix."""
_SHARED_ROOT = re.compile(rb"<([\w.-]+:)?sst[\s>]")
_SHARED_VALUE = re.compile(rb"""\bt=["']s["'][^>]*>\s*<(?:[\w.-]+:)?v[^>]*>\s*(\d+)""")
_ROW_NUMBER = re.compile(rb'\br="(\d+)"')


@dataclass(frozen=True, slots=True)
class SharedTexts:
    """How long the texts are that the cells of a workbook share, in bytes of XML, in their order."""

    lengths: "array[int]" = field(default_factory=lambda: array("I"))
    longest: int = 0


@dataclass(slots=True)
class Reach:
    """The last row (from 1) and the last column (from 0) with a filled cell, and how much there was on the way."""

    last_row: int = 0
    last_column: int = 0
    filled: int = 0
    rows: int = 0
    text_bytes: int = 0
    shared: int = 0
    """How many cells hold a text that the workbook keeps in another part."""

    def add(self, row: int, column: int) -> None:
        """Reach to this cell as well."""
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)

    def add_counts(self, piece: bytes, mark: bytes) -> None:
        """Count what a piece of the XML has, however it is written."""
        inline, filled = piece.count(b"<%bis" % mark), piece.count(b"<%bv" % mark)
        self.filled += inline + filled
        self.rows += piece.count(b"<%brow" % mark)
        self.shared += piece.count(b't="s"') + piece.count(b"t='s'")
        # What is more than a cell's own marks is taken for text, so that it is never too little.
        cells = max(piece.count(b"<%bc " % mark), inline + filled)
        self.text_bytes += max(0, len(piece) - _PLAIN_CELL * cells - _INLINE_CELL * inline)

    def bound(self, sheet: str, marks: int = 0) -> None:
        """Bound what there is, with so many cells of which more is kept than their text.

        Raises: Unreadable where reading the sheet would exhaust the memory.
        """
        bound_sheet(sheet, self.last_row, self.last_column)
        bound_count(sheet, cells=self.filled, rows=self.rows, text_bytes=self.text_bytes, marks=marks)


class ReachFinder:
    """The reach of a sheet whose cells have their addresses in front, piece by piece.

    What is cheap to count, and never too little, is counted; only a sheet that has too much of it is counted exactly.
    """

    def __init__(self, package: zipfile.ZipFile, part: str, sheet: str, shared: SharedTexts) -> None:
        self.reach = Reach()
        self.sheet = sheet
        self._package, self._part, self._shared = package, part, shared
        self._is_exact = False

    def add(self, piece: bytes, mark: bytes, rows: int, cells: int) -> None:
        """Add a piece with so many rows and cells.

        Raises: Unreadable where reading the sheet would exhaust the memory.
        """
        reach = self.reach
        filled = piece.count(b"</%bc>" % mark)
        _add_addresses(reach, piece, mark, has_filled=filled > 0)
        if not self._is_exact:
            reach.filled, reach.rows = reach.filled + filled, reach.rows + rows
            reach.text_bytes += max(0, len(piece) - _PLAIN_CELL * cells)
            if self._shared.longest:
                reach.shared += piece.count(b't="s"')
            text_bytes = reach.text_bytes + reach.shared * self._shared.longest
            if reach.filled > CELLS or reach.rows > ROWS or text_bytes > TEXT_BYTES:
                bound_all(self._package, self._part, self.sheet, self._shared)
                reach.filled = reach.rows = reach.text_bytes = reach.shared = 0
                self._is_exact = True


def _add_addresses(reach: Reach, piece: bytes, mark: bytes, *, has_filled: bool) -> None:
    """Reach to the filled cells of a piece."""
    if has_filled:
        end = max(piece.rfind(b"<%bv" % mark), piece.rfind(b"<%bis" % mark), 0)
        row = _ROW_NUMBER.search(piece, start) if (start := piece.rfind(b"<%brow" % mark, 0, end)) >= 0 else None
        if row:
            reach.last_row = max(reach.last_row, int(row.group(1)))
    reach.last_column = max(reach.last_column, _FEW_COLUMNS - 1)
    beyond = _columns_beyond(reach.last_column)
    if re.search(rb' r="(?:%b)\d' % beyond, piece):
        cell = re.compile(rb'<%bc\b[^>]*?\br="(%b)\d+"(?:[^>]*[^>/])?>' % (re.escape(mark), beyond))
        found = {column_of(name.decode("ascii")) for name in set(cell.findall(piece))}
        reach.last_column = max(found, default=reach.last_column)


@lru_cache(maxsize=64)
def _columns_beyond(column: int) -> bytes:
    """A pattern for the letters of columns further to the right than this one. Most pieces have none: to search for
    one costs a tenth of looking at every cell.
    """
    name = letters(column)
    patterns = [b"[A-Z]{%d,}" % (len(name) + 1)]
    for at, letter in enumerate(name):
        if letter != "Z":
            rest = b"[A-Z]{%d}" % (len(name) - at - 1)
            patterns.append(b"%b[%c-Z]%b" % (name[:at].encode(), ord(letter) + 1, rest))
    return b"|".join(patterns)


def sheet_pieces(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The sheet's XML in pieces that end between two rows, so that no cell is cut.

    Raises: Unreadable for one that is too large; what zipfile raises.
    """
    left, read = b"", 0
    with package.open(part) as stream:
        while chunk := stream.read(_PIECE_BYTES):
            read += len(chunk)
            if read > _SHEET_BYTES:
                raise about_sizes.too_large_workbook(_SHEET_BYTES >> 30)
            left += chunk
            end = max(left.rfind(b"</row>"), left.rfind(b":row>"), left.rfind(b"<row ") - len(b"</row>"))
            if end > 0:
                yield left[: end + 6]
                left = left[end + 6 :]
            elif len(left) > ROW_BYTES:
                raise about_sizes.too_large_row(ROW_BYTES >> 20)
    yield left


def shared_texts(file: str, package: zipfile.ZipFile) -> SharedTexts:
    """How long the texts are that the cells of a workbook share; none where it has no such part.

    Raises: Unreadable where there are more than any list has; what zipfile raises for a damaged part.
    """
    lengths = array("I")
    for part in [name for name in package.namelist() if name.lower().endswith("sharedstrings.xml")]:
        left, read, mark = b"", 0, None
        with package.open(part) as stream:
            while chunk := stream.read(_PIECE_BYTES):
                read += len(chunk)
                if mark is None:
                    root = _SHARED_ROOT.search(chunk)
                    mark = root.group(1) or b"" if root else b""
                end = b"</%bsi>" % mark
                *texts, left = (left + chunk).replace(b"<%bsi/>" % mark, end).split(end)
                lengths.extend(map(len, texts))
                if read > TEXT_BYTES or len(lengths) > CELLS or len(left) > ROW_BYTES:
                    raise about_sizes.too_many_texts(file, TEXT_BYTES >> 20)
    return SharedTexts(lengths, max(lengths, default=0))


def bound_all(package: zipfile.ZipFile, part: str, sheet: str, shared: SharedTexts) -> Reach:
    """The counts of a sheet with the texts that its cells share, however it is written; without its reach.

    Raises: Unreadable where there is too much.
    """
    reach, mark = Reach(), b""
    for number, piece in enumerate(sheet_pieces(package, part)):
        if not number:
            root = ROOT.search(piece)
            mark = (root.group(1) if root else None) or b""
        reach.add_counts(piece, mark)
        reach.bound(sheet)
    if reach.text_bytes + reach.shared * shared.longest > TEXT_BYTES:
        _bound_shared(package, part, sheet, reach, shared)
    return reach


def _bound_shared(package: zipfile.ZipFile, part: str, sheet: str, reach: Reach, shared: SharedTexts) -> None:
    """Bound the texts of a sheet in which not all can be as long as the longest one that its cells share."""
    text_bytes, counted = reach.text_bytes, 0
    for piece in sheet_pieces(package, part):
        values = _SHARED_VALUE.findall(piece)
        counted += len(values)
        text_bytes += sum(shared.lengths[at] for at in map(int, values) if at < len(shared.lengths))
        bound_count(sheet, text_bytes=text_bytes)
    bound_count(sheet, text_bytes=text_bytes + max(0, reach.shared - counted) * shared.longest)
