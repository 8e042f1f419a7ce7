"""Cells of a person's sheet with another text, and all other bytes left. Knows the sheet's XML.

One pass of a parser that only tells where things stand. Cells and rows that are not in the file are put in.
"""

import re
from collections.abc import Mapping

from importer.coordinates import Place, address, column_of
from importer.spreadsheet.annotate.xml_edit import (
    Edits,
    NotKeptError,
    attribute,
    check_encoding,
    new_parser,
    parse,
    prefix_of,
    tag_at,
    with_attributes,
)
from importer.spreadsheet.write.safe_text import cell_text
from importer.spreadsheet.xml_tree import MAIN

_DATA, _ROW, _CELL, _FORMULA = f"{MAIN} sheetData", f"{MAIN} row", f"{MAIN} c", f"{MAIN} f"
_DIGITS = "0123456789"
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")
_LAST_ROW = 1 << 21


class Retyper:
    """A sheet with these texts in its cells; they keep their look.

    Shapes: rows are counted from 1, columns from 0. A text that is a number is written as one, but for those in
    `as_text`, which look like a date. `had_formula` tells whether a formula was replaced.
    Raises: NotKeptError, also where other cells take their formula from one that is replaced.
    """

    def __init__(self, xml: bytes, texts: Mapping[Place, str], as_text: frozenset[Place] = frozenset()) -> None:
        self.had_formula = False
        self._xml = xml
        self._as_text = as_text
        self._wanted: dict[int, dict[int, str]] = {}
        for (row, column), text in texts.items():
            self._wanted.setdefault(row, {})[column] = text
        self._rows = sorted(self._wanted, reverse=True)
        """The rows that have not been met yet, the next one last."""
        self._cells: list[int] = []
        """Those of the row's columns that have not been met yet, the next one last."""
        check_encoding(xml)
        self._parser = new_parser()
        self._prefix = b""
        self._edits = Edits()
        self._row, self._column = 0, -1
        self._row_start = self._data_start = 0
        self._cell_start: int | None = None
        self._follow()

    @property
    def xml(self) -> bytes:
        """The sheet."""
        return b"".join(self._edits.pieces(self._xml))

    def _follow(self) -> None:
        """Go through the sheet once."""
        depth = 0
        parser = self._parser

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth == 4 and name == _CELL:
                self._meet_cell(attributes)
            elif depth == 3 and name == _ROW:
                self._meet_row(attributes)
            elif depth == 5 and name == _FORMULA and self._cell_start is not None:
                self._meet_formula(attributes)
            elif depth == 2 and name == _DATA:
                self._data_start = parser.CurrentByteIndex
                self._prefix = prefix_of(tag_at(self._xml, self._data_start))

        def end(name: str) -> None:
            nonlocal depth
            at = parser.CurrentByteIndex
            if depth == 4 and name == _CELL and self._cell_start is not None:
                self._replace_cell(at)
            elif depth == 3 and name == _ROW and self._cells:
                self._fill(self._row_start, at, b"row", self._new_cells(1 << 15))
            elif depth == 2 and name == _DATA and self._rows:
                self._fill(self._data_start, at, b"sheetData", self._new_rows(_LAST_ROW))
            depth -= 1

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parse(parser, self._xml)

    def _meet_row(self, attributes: Mapping[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        self._column = -1
        self._row_start = self._parser.CurrentByteIndex
        if new := self._new_rows(self._row):
            self._edits.add(self._row_start, self._row_start, new)
        if self._rows and self._rows[-1] == self._row:
            self._rows.pop()
            self._cells = sorted(self._wanted[self._row], reverse=True)

    def _meet_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        self._column = self._column + 1 if reference is None else column_of(reference.rstrip(_DIGITS))
        at = self._parser.CurrentByteIndex
        if new := self._new_cells(self._column):
            self._edits.add(at, at, new)
        if self._cells and self._cells[-1] == self._column:
            self._cells.pop()
            self._cell_start = at

    def _meet_formula(self, attributes: Mapping[str, str]) -> None:
        self.had_formula = True
        if "ref" in attributes and attributes["ref"] != address(self._row, self._column):
            raise NotKeptError(f"the formula in {address(self._row, self._column)} is that of other cells, too")

    def _replace_cell(self, at: int) -> None:
        start = self._cell_start or 0
        self._cell_start = None
        tag = tag_at(self._xml, start)
        end = start + len(tag) if tag.endswith(b"/>") else self._xml.index(b">", at) + 1
        style = attribute(tag, "s") or ""
        self._edits.add(start, end, self._cell(self._row, self._column, style))

    def _new_cells(self, before: int) -> bytes:
        """The cells of the row that are missing before this column."""
        new = b""
        while self._cells and self._cells[-1] < before:
            new += self._cell(self._row, self._cells.pop(), "")
        return new

    def _new_rows(self, before: int) -> bytes:
        """The rows that are missing before this one."""
        new = b""
        while self._rows and self._rows[-1] < before:
            row = self._rows.pop()
            cells = b"".join(self._cell(row, column, "") for column in sorted(self._wanted[row]))
            new += b'<%brow r="%d">%b</%brow>' % (self._prefix, row, cells, self._prefix)
        return new

    def _fill(self, start: int, at: int, name: bytes, content: bytes) -> None:
        """Put content at the end of an element that begins and ends here."""
        tag = tag_at(self._xml, start)
        if not tag.endswith(b"/>"):
            self._edits.add(at, at, content)
            return
        self._edits.add(start, start + len(tag), tag[:-2] + b">" + content + b"</" + self._prefix + name + b">")

    def _cell(self, row: int, column: int, style: str) -> bytes:
        text, prefix = self._wanted[row][column], self._prefix
        tag = b"<" + prefix + b"c/>"
        tag = with_attributes(tag, {"r": address(row, column), **({"s": style} if style else {})})
        if not text:
            return tag
        if _NUMBER.fullmatch(text) and (row, column) not in self._as_text:
            return b"%b><%bv>%b</%bv></%bc>" % (tag[:-2], prefix, text.encode(), prefix, prefix)
        tag = with_attributes(tag, {"t": "inlineStr"})
        said = cell_text(text).encode()
        return b'%b><%bis><%bt xml:space="preserve">%b</%bt></%bis></%bc>' % (
            tag[:-2], prefix, prefix, said, prefix, prefix, prefix,
        )  # fmt: skip
