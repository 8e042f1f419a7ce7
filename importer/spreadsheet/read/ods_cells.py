"""What the engine does not tell of an OpenDocument sheet: errors, what a cell shows, hidden rows. Knows its XML.

Each cell holds its value and the text that one sees. The text counts where it is more than another way to write the
number: an error, a percentage, leading zeros, TRUE and FALSE, or nothing at all.
Source: OpenDocument 1.3, part 3, 9.1 and 19.385.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from importer.coordinates import Place
from importer.messages import about_files
from importer.spreadsheet.read.limits import CELLS, RowByRow, bound_count, bound_sheet

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_CELLS = frozenset({"table-cell", "covered-table-cell"})
_NUMBERS = frozenset({"float", "percentage"})
_TELLING = re.compile(r"-?[\d\s.,]+%|0\d+|TRUE|FALSE")
_ERROR = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!)|Err:\d+")
_ROWS, _COLUMNS = 1_048_576, 16_384
_MOST_REPEATED = 1000
"""A row or a cell that is repeated more often is the blank rest of a sheet."""


@dataclass(slots=True)
class SeenCells:
    """What was seen of one sheet. Rows are counted from 1, columns from 0; `concealed` are values of which a format
    shows nothing.
    """

    errors: dict[Place, str] = field(default_factory=dict)
    shown: dict[Place, str] = field(default_factory=dict)
    concealed: set[Place] = field(default_factory=set)
    hidden_rows: list[int] = field(default_factory=list)


def see_sheets(file: str, data: bytes) -> dict[str, SeenCells]:
    """What was seen of each sheet, by its name. The engine reads them all at once, so that all are bounded before.

    Raises: Unreadable for more cells than are read; what zipfile and lxml raise for a damaged file; KeyError for one
    without content.
    """
    from lxml import etree  # noqa: PLC0415  (for this format alone)

    sheets: dict[str, SeenCells] = {}
    name, seen, extent = "", SeenCells(), _Extent()
    with zipfile.ZipFile(BytesIO(data)) as package, package.open("content.xml") as stream:
        wanted = ("{*}table", "{*}table-row")
        events = etree.iterparse(
            RowByRow(stream, b"table-row"), events=("start", "end"), tag=wanted, resolve_entities=False,
            no_network=True, huge_tree=True,
        )  # fmt: skip
        for event, element in events:
            if etree.QName(element).localname == "table":
                if event == "start":
                    name, seen = _attribute(element, "name"), SeenCells()
                    extent = _Extent(others=extent.cells)
                    sheets.setdefault(name, seen)
                continue
            if event == "start":
                continue
            _see_rows(seen, element, extent)
            extent.bound(file, name, len(seen.errors) + len(seen.shown) + len(seen.concealed))
            element.clear()
            while element.getprevious() is not None and (parent := element.getparent()) is not None:
                del parent[0]
    return sheets


@dataclass(slots=True)
class _Extent:
    """How far the cells of a sheet reach that have a value, how long their texts are."""

    others: int = 0
    """The cells of the sheets before it."""
    row: int = 0
    """The row that was read last; `filled_row` is the last one with a value, and `width` reaches to the last column."""
    filled_row: int = 0
    width: int = 0
    text_bytes: int = 0

    @property
    def cells(self) -> int:
        """The cells so far, with those of the sheets before it."""
        return self.others + self.filled_row * self.width

    def bound(self, file: str, sheet: str, marks: int) -> None:
        """Raises: Unreadable."""
        bound_sheet(sheet, self.filled_row, self.width - 1)
        bound_count(sheet, text_bytes=self.text_bytes, marks=marks)
        if self.cells > CELLS:
            raise about_files.sheets_too_large(file, CELLS)


def _see_rows(seen: SeenCells, row: "Element", extent: _Extent) -> None:
    """See a row, which may stand for several."""
    repeated = _repeated(row, "number-rows-repeated")
    width, size = _measure(row)
    if width:
        extent.filled_row, extent.width = extent.row + repeated, max(extent.width, width)
        extent.text_bytes += size * repeated
        for number in range(extent.row + 1, 1 + min(extent.row + min(repeated, _MOST_REPEATED), _ROWS)):
            _see_row(seen, row, number)
    extent.row += repeated


def _measure(row: "Element") -> tuple[int, int]:
    """How many columns a row has up to its last value, and the bytes of its texts."""
    column = width = size = 0
    for cell in row:
        if str(cell.tag).rpartition("}")[2] in _CELLS:
            repeated = _repeated(cell, "number-columns-repeated")
            column += repeated
            if _attribute(cell, "value-type") or len(cell):
                width, size = column, size + repeated * sum(map(len, cell.itertext()))
    return width, size


def _see_row(seen: SeenCells, row: "Element", number: int) -> None:
    cells = list(_filled(row))
    if cells and _attribute(row, "visibility") in ("collapse", "filter"):
        seen.hidden_rows.append(number)
    for column, cell in cells:
        place, text = (number, column), _shown(cell)
        kind = _attribute(cell, "value-type")
        is_formula = _attribute(cell, "formula") != ""
        if is_formula and kind in ("string", *_NUMBERS) and _ERROR.fullmatch(text):
            seen.errors[place] = text
        elif kind in _NUMBERS and not text:
            seen.concealed.add(place)
        elif kind in _NUMBERS and _TELLING.fullmatch(text):
            seen.shown[place] = "".join(text.split())


def _filled(row: "Element") -> Iterator[tuple[int, "Element"]]:
    """The cells of a row that have a value, each with its column."""
    column = 0
    for cell in row:
        if str(cell.tag).rpartition("}")[2] not in _CELLS:
            continue
        repeated = _repeated(cell, "number-columns-repeated")
        if _attribute(cell, "value-type"):
            yield from ((at, cell) for at in range(column, min(column + min(repeated, _MOST_REPEATED), _COLUMNS)))
        column += repeated


def _shown(cell: "Element") -> str:
    """The text that one sees in a cell, without its comment."""
    lines = (child for child in cell if str(child.tag).endswith("}p"))
    return "\n".join("".join(map(str, line.itertext())) for line in lines).strip()


def _attribute(element: "Element", name: str) -> str:
    """The attribute of this name in the namespace of tables, or that of values."""
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), "")


def _repeated(element: "Element", name: str) -> int:
    text = _attribute(element, name)
    return max(1, int(text)) if text.isdecimal() else 1
