"""Cells of a person's sheet given another style, and all other bytes left. Knows the sheet's XML and style numbers.

One pass of a parser that only tells where things stand; a sheet as most programs write it is searched instead, which
takes a fifth of the time, and one block of rows after the other, which takes little memory. Blank cells that are not in
the file are put in.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from importer.coordinates import Place, address, column_of
from importer.spreadsheet.annotate.compressed import Compressed, compress_pieces
from importer.spreadsheet.annotate.row_scanner import CELL, CellStarts, NotPlainError, PlainSheet, style_of
from importer.spreadsheet.annotate.styles import OUTCOME_FILLS, Styles
from importer.spreadsheet.annotate.xml_edit import (
    Edits,
    attribute,
    check_encoding,
    new_parser,
    parse,
    prefix_of,
    tag_at,
    with_attributes,
)
from importer.spreadsheet.xml_tree import MAIN, RELATION

_RELATION_SPACE = f'xmlns:r="{RELATION}"'.encode()
_ROW, _CELL, _COLUMN, _DRAWING = f"{MAIN} row", f"{MAIN} c", f"{MAIN} col", f"{MAIN} legacyDrawing"
_DIGITS = "0123456789"
_SPANS = re.compile(rb"""\sspans\s*=\s*(?:"[^"]*"|'[^']*')""")
_BEHIND_DRAWING = frozenset(
    {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
     "AlternateContent"}
)  # fmt: skip
"""What stands in a sheet's XML behind the relation to its comments' drawing (ECMA-376 part 1, 18.3.1.99)."""

Comment = Callable[[str | None], str | None]
"""Puts the comments on a sheet. It is told the id of the relation to the drawing of its comments, if there is one, and
returns the id of a new one where there was none.
"""
_NO_OUTCOMES: Mapping[int, str] = {}


class RowOutcomes:
    """The outcomes of the cells in each row, by column. Nearly all rows of a sheet have some, and most of them the
    same: in a list, a row takes a tenth of what it would in a dictionary.
    """

    def __init__(self) -> None:
        self._rows: list[Mapping[int, str]] = []

    def set(self, row: int, outcomes: Mapping[int, str]) -> None:
        """Give the cells of a row these outcomes, and no other."""
        self._rows += [_NO_OUTCOMES] * (row + 1 - len(self._rows))
        self._rows[row] = outcomes

    def of(self, row: int) -> Mapping[int, str]:
        """The outcomes of a row's cells."""
        return self._rows[row] if row < len(self._rows) else _NO_OUTCOMES

    def __contains__(self, row: int) -> bool:
        return bool(self.of(row))

    def __len__(self) -> int:
        return sum(map(bool, self._rows))


class Painted(NamedTuple):
    """A sheet with filled cells, and for each fill that a mark took the place of, the cells that had it."""

    sheet: Compressed
    covered: Mapping[bytes, Sequence[Place]]


def paint(
    pieces: Callable[[], Iterable[bytes]],
    outcomes: RowOutcomes,
    styles: Styles,
    before: Callable[[Place], bytes],
    comment: Comment,
) -> Painted:
    """The sheet of these pieces, which may be asked for twice, with cells filled, and with what an earlier run filled
    as it was before that.

    Shapes: the cells get the colours of their `outcomes`; rows are counted from 1, columns from 0.
    `before` tells the fill that a cell had before an earlier run.
    Raises: NotKeptError.
    """
    if not styles.earlier:
        painter = _Painter(outcomes, styles, before)
        with suppress(NotPlainError):
            return Painted(compress_pieces(painter.search(PlainSheet(pieces()), comment)), painter.covered)
    painter = _Painter(outcomes, styles, before)
    return Painted(compress_pieces(painter.parse(b"".join(pieces()), comment)), painter.covered)


class _Painter:
    """Fills the cells of one sheet, in one pass."""

    def __init__(self, outcomes: RowOutcomes, styles: Styles, before: Callable[[Place], bytes]) -> None:
        self.covered: dict[bytes, list[Place]] = {}
        self._outcomes = outcomes
        self._styles = styles
        self._before = before
        self._xml, self._edits = b"", Edits()
        """What of the sheet is at hand, and what is to be changed in it."""
        self._hidden = 0
        """How many bytes the parser has seen that are no longer at hand."""
        self._parser = new_parser()
        self._prefix, self._root = b"", b""
        self._legacy_drawing: str | None = None
        self._drawing_at: int | None = None
        self._row, self._column = 0, -1
        self._row_start, self._row_style, self._is_wider = 0, 0, False
        self._wanted: Mapping[int, str] = {}
        """The outcomes of the row's cells."""
        self._missing: list[int] = []
        """Those of the columns that have not been met yet, the next one last."""
        self._column_styles: list[tuple[int, int, int]] = []
        self._starts = CellStarts()
        self._numbers: dict[tuple[int, str], tuple[int, bytes]] = {}
        """The number of a style with the fill of an outcome, and its own fill."""
        self._listen()

    def parse(self, xml: bytes, comment: Comment) -> Iterator[bytes]:
        """The sheet, in pieces; every cell is parsed.

        Raises: NotKeptError.
        """
        self._xml = xml
        check_encoding(xml)
        parse(self._parser, xml)
        self._put_drawing(comment)
        yield from self._edits.pieces(xml)

    def search(self, sheet: PlainSheet, comment: Comment) -> Iterator[bytes]:
        """The sheet, in pieces; what stands around its rows is parsed, and the rows are searched.

        Raises: NotPlainError; NotKeptError.
        """
        self._xml = sheet.head
        check_encoding(sheet.head)
        parse(self._parser, sheet.head, is_last=False)
        if self._drawing_at is not None:
            raise NotPlainError
        yield sheet.head
        left = len(self._outcomes)
        for xml, numbers in sheet.blocks():
            self._xml, self._edits = xml, Edits()
            wanted = [number for number in numbers if number in self._outcomes]
            left -= len(wanted)
            self._search(wanted)
            yield from self._edits.pieces(xml)
        if left:
            raise NotPlainError
        self._xml, self._edits, self._hidden = sheet.tail, Edits(), len(sheet.head)
        parse(self._parser, sheet.tail)
        self._put_drawing(comment)
        yield from self._edits.pieces(sheet.tail)

    def _put_drawing(self, comment: Comment) -> None:
        """Have the comments put on the sheet, and relate it to a new drawing of them."""
        drawing = comment(self._legacy_drawing)
        if drawing is None:
            return
        at = self._drawing_at or 0
        space = b"" if _RELATION_SPACE in self._root else b" " + _RELATION_SPACE
        tag = b"legacyDrawing" + space + f' r:id="{drawing}"/>'.encode()
        self._edits.add(at, at, b"<" + self._prefix + tag)

    def _at(self) -> int:
        """Where the parser is in what is at hand."""
        return self._parser.CurrentByteIndex - self._hidden

    def _search(self, rows: Sequence[int]) -> None:
        """Fill the cells of these rows."""
        xml, starts, at = self._xml, self._starts, 0
        for row in rows:
            at = xml.index(b'<row r="%d"' % row, at)
            inner = xml.index(b">", at) + 1
            has_style = xml.find(b"customFormat", at, inner) > 0
            self._begin_row(row, attribute(xml[at:inner], "s") if has_style else None, at)
            close = inner if xml[inner - 2 : inner] == b"/>" else xml.index(b"</row>", inner)
            cells = [(column, xml.find(start, inner, close)) for column, start in starts.of(row, self._wanted)]
            if any(cell < 0 for _, cell in cells):
                for found in CELL.finditer(xml, inner, close):
                    self._meet_cell(found.start(), found[1].decode(), attribute(found[0], "s") or "0")
                self._end_row(close)
            else:
                for column, cell in cells:
                    self._column = column
                    self._restyle(cell, style_of(xml, cell))
            at = close

    def _listen(self) -> None:
        """Have the parser tell what it meets."""
        depth = 0
        earlier, parser = self._styles.earlier, self._parser

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth == 4:
                if name == _CELL and (self._wanted or earlier):
                    self._meet_cell(parser.CurrentByteIndex, attributes.get("r"), attributes.get("s", "0"))
            elif depth == 3 and name == _ROW:
                own = attributes.get("s") if attributes.get("customFormat") in ("1", "true") else None
                self._begin_row(int(attributes.get("r", self._row + 1)), own, parser.CurrentByteIndex)
            elif depth < 4:
                self._meet(name, attributes, depth)

        def end(name: str) -> None:
            nonlocal depth
            if depth == 3 and name == _ROW:
                self._end_row(parser.CurrentByteIndex)
            elif depth == 1 and self._drawing_at is None:
                self._drawing_at = self._at()
            depth -= 1

        parser.StartElementHandler = start
        parser.EndElementHandler = end

    def _meet(self, name: str, attributes: Mapping[str, str], depth: int) -> None:
        """Keep in mind what stands around the rows."""
        if name == _COLUMN and "style" in attributes:
            limits = int(attributes["min"]) - 1, int(attributes["max"]) - 1
            self._column_styles.append((*limits, int(attributes["style"])))
        elif depth == 1:
            self._root = tag_at(self._xml, self._at())
            self._prefix = prefix_of(self._root)
        elif name == _DRAWING:
            self._legacy_drawing = attributes.get(f"{RELATION} id")
        elif depth == 2 and self._drawing_at is None and name.rpartition(" ")[2] in _BEHIND_DRAWING:
            self._drawing_at = self._at()

    def _meet_cell(self, at: int, reference: str | None, own: str) -> None:
        self._column = self._column + 1 if reference is None else column_of(reference.rstrip(_DIGITS))
        if self._missing and self._missing[-1] <= self._column:
            self._put_in(at)
        style = int(own)
        if self._column in self._wanted or style in self._styles.earlier:
            self._restyle(at, style)

    def _begin_row(self, row: int, style: str | None, at: int) -> None:
        self._row, self._column = row, -1
        self._row_start = at
        self._row_style = int(style or "0")
        self._wanted = self._outcomes.of(self._row)
        self._missing = sorted(self._wanted, reverse=True)
        self._is_wider = False

    def _restyle(self, at: int, style: int) -> None:
        number = style
        if style in self._styles.earlier:
            number = self._styles.filled(style, self._before((self._row, self._column)))
        outcome = self._wanted.get(self._column)
        if outcome is not None:
            number = self._filled(number, outcome)
        told, close = b' s="%d"' % style, self._xml.index(b">", at)
        where = self._xml.find(told, at, close)
        if where < 0 and not style and self._xml.find(b" s=", at, close) < 0:
            where = close - 1 if self._xml[close - 1 : close] == b"/" else close
            self._edits.add(where, where, b' s="%d"' % number)
        elif where > 0:
            self._edits.add(where, where + len(told), b' s="%d"' % number)
        else:
            tag = tag_at(self._xml, at)
            self._edits.add(at, at + len(tag), with_attributes(tag, {"s": str(number)}))

    def _filled(self, style: int, outcome: str) -> int:
        """The number of this style with the fill of an outcome, here; the fill that it covers is kept in mind."""
        known = self._numbers.get((style, outcome))
        if known is None:
            number = self._styles.filled(style, OUTCOME_FILLS[outcome])
            known = self._numbers[style, outcome] = number, self._styles.fill_of(style)
        if known[1]:
            self.covered.setdefault(known[1], []).append((self._row, self._column))
        return known[0]

    def _put_in(self, at: int) -> None:
        """Put in the cells that are missing before the one that stands here, and take that one off the list."""
        missing = self._missing
        new = b""
        while missing and missing[-1] < self._column:
            new += self._blank(missing.pop())
        if new:
            self._edits.add(at, at, new)
            self._is_wider = True
        if missing and missing[-1] == self._column:
            missing.pop()

    def _blank(self, column: int) -> bytes:
        """A filled cell with nothing in it, which looks like its row or its column."""
        under = self._row_style or next((s for first, last, s in self._column_styles if first <= column <= last), 0)
        here, self._column = self._column, column
        number = self._filled(under, self._wanted[column])
        self._column = here
        return b"<" + self._prefix + f'c r="{address(self._row, column)}" s="{number}"/>'.encode()

    def _end_row(self, at: int) -> None:
        """Put in what is missing up to the row's end; a row with more cells does not say any more how far they go."""
        cells = b"".join(self._blank(column) for column in reversed(self._missing))
        self._missing = []
        if not cells and not self._is_wider:
            return
        tag = tag_at(self._xml, self._row_start)
        plain = _SPANS.sub(b"", tag, count=1)
        if tag.endswith(b"/>"):
            plain, cells = plain[:-2] + b">" + cells + b"</" + self._prefix + b"row>", b""
        self._edits.add(self._row_start, self._row_start + len(tag), plain)
        if cells:
            self._edits.add(at, at, cells)
