"""Large sheets, quickly: XlsxWriter lays the workbook out, and the rows are put in as XML. Knows no outcome.

XlsxWriter makes everything that is a matter of the format (styles, filters, panes, print set-up) with one
prototype row (and one of marked cells) in each large sheet, whose style numbers are then used for the rows put in their
place. Writing each cell by XlsxWriter itself takes four times as long.
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice, repeat, tee
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.workbook import Workbook as Scaffold

from importer.coordinates import address, letters
from importer.spreadsheet.write.safe_text import cell_text
from importer.spreadsheet.xml_tree import main_tag, parse, serialize

SHEET_ROWS = 1_048_576
"""Rows that one sheet can hold, the header included, by Excel's own limit."""
_LINE_POINTS = 15
_HIGHEST_POINTS = 409  # Excel repairs a workbook that has a higher row
ROWS_AT_ONCE = 8192
"""Rows that are made at once, where not all of a sheet are."""
_ROWS_IN_A_PIECE = 1024
_STYLE = re.compile(rb'<c r="([A-Z]+\d+)"(?: s="(\d+)")?')
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one large sheet, below its header in row 1.

    Shapes: `columns` are texts, all of one length; a column in `numbers` is written as numbers where its text
    is one; `marked_cells` gives for a column the positions (from 0) of the cells to mark; `lines` gives for a position
    the lines of text that its row shows, where they are more than one. `part` is the number of the sheet in the
    workbook, counted from 1.
    """

    part: int
    columns: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()
    marked_cells: Mapping[int, frozenset[int]] = field(default_factory=dict)
    lines: Mapping[int, int] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """The number of rows, without the header."""
        return len(self.columns[0]) if self.columns else 0


@dataclass(frozen=True, slots=True)
class RowStream:
    """The rows of one large sheet as they come, and are held no longer than they are written.

    Shapes: `rows` gives at least `height` rows of `width` texts; the rest is left to the next sheet. `table` names the
    native table that was made of the header and the prototype, and shall hold the rows. Else as `Rows`.
    """

    part: int
    width: int
    height: int
    rows: Iterator[Sequence[str]]
    numbers: frozenset[int] = frozenset()
    table: str = ""


@dataclass(frozen=True, slots=True)
class RowBlocks:
    """The rows of one large sheet in blocks, each of which is made when it is written and let go.

    Shapes: `blocks` have `height` rows of `width` cells together; the positions in each are counted from its own start.
    """

    part: int
    width: int
    height: int
    blocks: Iterator[Rows]


@dataclass(frozen=True, slots=True)
class CellRows:
    """The rows of one large sheet in which most cells are blank.

    Shapes: each of `rows`, `height` of them, gives the filled cells from left to right, by their position (from 0); an
    int is written as a number. The prototype stands in row `first`, counted from 1. Else as `RowStream`.
    """

    part: int
    first: int
    width: int
    height: int
    rows: Iterable[Iterable[tuple[int, str | int]]]


Large = Rows | RowBlocks | RowStream | CellRows


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A workbook as XlsxWriter made it: its parts by name, and the rows that are to be put into large sheets."""

    parts: Mapping[str, bytes]
    large: Mapping[str, Large]


LayOut = Callable[[Scaffold], Sequence[Large]]
"""Makes the sheets in the scaffold, each large one with a header in row 1, a prototype of every cell in row 2 and of a
marked one in row 3, and tells the rows that take their place.
"""


def laid_out(lay_out: LayOut) -> LaidOut:
    """The workbook that was laid out, with the large sheets' rows still beside it."""
    scaffold = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(scaffold, options) as book:
        large = {f"xl/worksheets/sheet{rows.part}.xml": rows for rows in lay_out(book)}
    with zipfile.ZipFile(scaffold) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for rows in large.values():
        if isinstance(rows, RowStream) and rows.table:
            _extend_table(parts, rows)
    return LaidOut(parts, large)


def _extend_table(parts: dict[str, bytes], rows: RowStream) -> None:
    """Let the table of a large sheet reach over its rows.

    XlsxWriter notes each cell of a table that it makes, which for very many rows is most of what it holds.
    """
    for name in [name for name in parts if name.startswith("xl/tables/")]:
        table = parse(parts[name])
        if table.get("displayName") == rows.table:
            for each in table.iter(main_tag("table"), main_tag("autoFilter")):
                each.set("ref", f"A1:{address(1 + rows.height, rows.width - 1)}")
            parts[name] = serialize(table)


def write(target: BinaryIO, lay_out: LayOut) -> None:
    """Write a workbook to `target`."""
    made = laid_out(lay_out)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, xml in made.parts.items():
            if name not in made.large:
                package.writestr(zipfile.ZipInfo(name), xml, zipfile.ZIP_DEFLATED)
                continue
            with package.open(name, "w", force_zip64=True) as part:
                part.writelines(sheet_xml(xml, made.large[name]))


def sheet_xml(xml: bytes, rows: Large) -> Iterator[bytes]:
    """The scaffold's sheet with its prototype row replaced by the rows."""
    width = len(rows.columns) if isinstance(rows, Rows) else rows.width
    first = rows.first if isinstance(rows, CellRows) else 2
    corner = address(first - 1 + rows.height, max(width - 1, 0))
    xml = _DIMENSION.sub(f'<dimension ref="A1:{corner}"/>'.encode(), xml, count=1)
    prototypes = re.search(rb'<row r="%d".*</row>' % first, xml, re.DOTALL)
    if prototypes is None:
        raise AssertionError("a large sheet was laid out without its prototype rows")
    styles = {cell.decode(): f' s="{number.decode()}"' for cell, number in _STYLE.findall(prototypes.group()) if number}
    yield xml[: prototypes.start()]
    if isinstance(rows, CellRows):
        yield from _cells_xml(rows, styles)
    else:
        yield from _blocks_xml(_blocks(rows), styles)
    yield xml[prototypes.end() :]


def _cells_xml(sparse: CellRows, styles: Mapping[str, str]) -> Iterator[bytes]:
    """The rows as XML, with the cells that are not blank; a blank one has the style of its column."""
    names = [letters(position) for position in range(sparse.width)]
    style = [styles.get(f"{name}{sparse.first}", "") for name in names]
    for number, cells in enumerate(sparse.rows, sparse.first):
        filled = [
            f'<c r="{names[at]}{number}"{style[at]}><v>{value}</v></c>'
            if isinstance(value, int)
            else f'<c r="{names[at]}{number}{_cell_xml(value, style[at], as_number=False)}'
            for at, value in cells
        ]
        yield f'<row r="{number}">{"".join(filled)}</row>'.encode()


def _blocks(rows: Rows | RowBlocks | RowStream) -> Iterator[Rows]:
    """The rows, some thousands at once where they come so, so that no more of them are held."""
    if isinstance(rows, Rows):
        yield rows
    elif isinstance(rows, RowBlocks):
        yield from rows.blocks
    else:
        left = rows.height
        while some := list(islice(rows.rows, min(left, ROWS_AT_ONCE))):
            yield Rows(rows.part, tuple(zip(*some, strict=True)), rows.numbers)
            left -= len(some)


def _blocks_xml(blocks: Iterable[Rows], styles: dict[str, str]) -> Iterator[bytes]:
    """The rows of all blocks as XML."""
    first = 2
    for block in blocks:
        yield from _rows_xml(block, styles, first)
        first += block.height


def _rows_xml(rows: Rows, styles: dict[str, str], first: int) -> Iterator[bytes]:
    """The rows as XML, some thousands at once. Each distinct text of a column is coded once."""
    if not rows.height:
        return
    # One for the row and one for each cell: they go on in step, so that no more than one number is held.
    numbers = iter(tee(map(str, range(first, first + rows.height)), 1 + len(rows.columns)))
    pieces: list[Iterable[str]] = [repeat('<row r="'), next(numbers), _row_ends(rows)]
    for position in range(len(rows.columns)):
        name = letters(position)
        cells = _column_xml(rows, position, styles.get(f"{name}2", ""), styles.get(f"{name}3", ""))
        pieces += [repeat(f'<c r="{name}'), next(numbers), cells]
    pieces.append(repeat("</row>"))
    # The numbers end the zip: every other piece is as long, or endless.
    every = map("".join, zip(*pieces, strict=False))
    while some := "".join(islice(every, _ROWS_IN_A_PIECE)):
        yield some.encode("utf-8")


def points_of(lines: int) -> int:
    """The height of a row of so many lines of text, as high as a row may be; programs other than Excel do not make one
    higher for a wrapped text.
    """
    return min(_LINE_POINTS * lines, _HIGHEST_POINTS)


def _row_ends(rows: Rows) -> Iterator[str]:
    """What follows the row number in a row's element: its height, where it shows more than one line."""
    if not rows.lines:
        return repeat('">')
    return (
        f'" ht="{points_of(rows.lines[at])}" customHeight="1">' if at in rows.lines else '">'
        for at in range(rows.height)
    )


def _column_xml(rows: Rows, position: int, plain: str, marked: str) -> Iterator[str]:
    """What follows the row number in each cell of a column; `plain` and `marked` are the style attributes."""
    texts, as_number = rows.columns[position], position in rows.numbers
    distinct = set(texts)
    marks = rows.marked_cells.get(position, frozenset())
    if marks or len(distinct) > len(texts) // 2:  # little would be gained, and much held, by coding each text once
        return (_cell_xml(text, marked if at in marks else plain, as_number=as_number) for at, text in enumerate(texts))
    coded = {text: _cell_xml(text, plain, as_number=as_number) for text in distinct}
    return map(coded.__getitem__, texts)


def _cell_xml(text: str, style: str, *, as_number: bool) -> str:
    """What follows the row number in a cell's element, from the quote that ends its address."""
    if not text:
        return f'"{style}/>'
    if as_number and _is_number(text):
        return f'"{style}><v>{text}</v></c>'
    return f'"{style} t="inlineStr"><is><t xml:space="preserve">{cell_text(text)}</t></is></c>'


_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")


def _is_number(text: str) -> bool:
    """Whether Excel would show this number as this text."""
    return bool(_NUMBER.fullmatch(text))
