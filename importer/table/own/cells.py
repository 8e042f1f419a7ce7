"""Cells of a person's sheet given another style, and all other bytes left. Knows the sheet's XML and style numbers.

One pass of a parser that only tells where things stand. Blank cells that are not in the file are put in.
"""

import re
from collections.abc import Callable, Mapping

from importer.sheet import Place, address, column_of
from importer.table.own.markup import Edit, new_parser, parse, prefix_at, splice, tag_at, with_attributes
from importer.table.own.styles import MAIN, Styles

RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_RELATION_SPACE = f'xmlns:r="{RELATION}"'.encode()
_ROW, _CELL, _COLUMN, _DRAWING = f"{MAIN} row", f"{MAIN} c", f"{MAIN} col", f"{MAIN} legacyDrawing"
_DIGITS = "0123456789"
_SPANS = re.compile(rb"""\sspans\s*=\s*(?:"[^"]*"|'[^']*')""")
_BEHIND_DRAWING = frozenset(
    {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
     "AlternateContent"}
)  # fmt: skip
"""What stands in a sheet's XML behind the relation to its comments' drawing (ECMA-376 part 1, 18.3.1.99)."""


class Painter:
    """A sheet with these cells filled, and with what an earlier run filled as it was before that.

    Shapes: rows are counted from 1, columns from 0. `before` tells the fill that a cell had before an earlier run.
    `covered` gives for each fill that a mark took the place of, the cells that had it; `legacy_drawing` is the
    relation to the drawing of the sheet's comments, if it has one.
    Raises: NotKeptError.
    """

    def __init__(
        self, xml: bytes, fills: Mapping[Place, bytes], styles: Styles, before: Callable[[Place], bytes]
    ) -> None:
        self.covered: dict[bytes, list[Place]] = {}
        self._xml = xml
        self._parser = new_parser(xml)
        self._styles = styles
        self._before = before
        self._fills: dict[int, dict[int, bytes]] = {}
        for (row, column), fill in fills.items():
            self._fills.setdefault(row, {})[column] = fill
        self.legacy_drawing: str | None = None
        self._edits: list[Edit] = []
        self._prefix, self._root = b"", 0
        self._drawing_at: int | None = None
        self._row, self._column = 0, -1
        self._row_start, self._row_style, self._is_wider = 0, 0, False
        self._wanted: dict[int, bytes] = {}
        """The fills of the row's cells."""
        self._missing: list[int] = []
        """Those of the columns that have not been met yet, the next one last."""
        self._column_styles: list[tuple[int, int, int]] = []
        self._numbers: dict[tuple[int, bytes], tuple[int, bytes]] = {}
        """The number of a style with another fill, and its own fill."""
        self._follow()

    def xml(self, drawing: str | None = None) -> bytes:
        """The sheet; `drawing` is the id of a relation to the drawing of its comments, where it had none."""
        if drawing is None:
            return splice(self._xml, self._edits)
        at = self._drawing_at or 0
        space = b"" if _RELATION_SPACE in tag_at(self._xml, self._root) else b" " + _RELATION_SPACE
        tag = b"legacyDrawing" + space + f' r:id="{drawing}"/>'.encode()
        return splice(self._xml, [*self._edits, (at, at, b"<" + self._prefix + tag)])

    def _follow(self) -> None:
        """Go through the sheet once."""
        depth = 0
        earlier, parser = self._styles.earlier, self._parser

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth == 4:
                if name == _CELL and (self._wanted or earlier):
                    self._meet_cell(attributes)
            elif depth == 3 and name == _ROW:
                self._begin_row(attributes)
            elif depth < 4:
                self._meet(name, attributes, depth)

        def end(name: str) -> None:
            nonlocal depth
            if depth == 3 and name == _ROW:
                self._end_row(parser.CurrentByteIndex)
            elif depth == 1 and self._drawing_at is None:
                self._drawing_at = parser.CurrentByteIndex
            depth -= 1

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parse(parser, self._xml)

    def _meet(self, name: str, attributes: Mapping[str, str], depth: int) -> None:
        """Keep in mind what stands around the rows."""
        if name == _COLUMN and "style" in attributes:
            limits = int(attributes["min"]) - 1, int(attributes["max"]) - 1
            self._column_styles.append((*limits, int(attributes["style"])))
        elif depth == 1:
            self._root = self._parser.CurrentByteIndex
            self._prefix = prefix_at(self._xml, self._root)
        elif name == _DRAWING:
            self.legacy_drawing = attributes.get(f"{RELATION} id")
        elif depth == 2 and self._drawing_at is None and name.rpartition(" ")[2] in _BEHIND_DRAWING:
            self._drawing_at = self._parser.CurrentByteIndex

    def _meet_cell(self, attributes: Mapping[str, str]) -> None:
        at, reference = self._parser.CurrentByteIndex, attributes.get("r")
        self._column = self._column + 1 if reference is None else column_of(reference.rstrip(_DIGITS))
        if self._missing and self._missing[-1] <= self._column:
            self._put_in(at)
        style = int(attributes.get("s", "0"))
        if self._column in self._wanted or style in self._styles.earlier:
            self._restyle(at, style)

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        self._column = -1
        self._row_start = self._parser.CurrentByteIndex
        self._row_style = int(attributes.get("s", "0")) if attributes.get("customFormat") in ("1", "true") else 0
        self._wanted = self._fills.get(self._row, {})
        self._missing = sorted(self._wanted, reverse=True)
        self._is_wider = False

    def _restyle(self, at: int, style: int) -> None:
        number = style
        if style in self._styles.earlier:
            number = self._styles.filled(style, self._before((self._row, self._column)))
        fill = self._wanted.get(self._column)
        if fill is not None:
            number = self._filled(number, fill)
        told = b' s="%d"' % style
        where = self._xml.find(told, at, self._xml.index(b">", at))
        if where > 0:
            self._edits.append((where, where + len(told), b' s="%d"' % number))
        else:
            tag = tag_at(self._xml, at)
            self._edits.append((at, at + len(tag), with_attributes(tag, {"s": str(number)})))

    def _filled(self, style: int, fill: bytes) -> int:
        """The number of this style with another fill, here; the fill that it covers is kept in mind."""
        known = self._numbers.get((style, fill))
        if known is None:
            known = self._numbers[style, fill] = self._styles.filled(style, fill), self._styles.fill_of(style)
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
            self._edits.append((at, at, new))
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
        self._edits.append((self._row_start, self._row_start + len(tag), plain))
        if cells:
            self._edits.append((at, at, cells))
