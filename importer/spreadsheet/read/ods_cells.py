"""What the engine does not tell of an OpenDocument sheet: errors, what a cell shows, hidden rows. Knows its XML.

Each cell holds its value and the text that one sees. The text counts where it is more than another way to write the
number: an error, a percentage, leading zeros, TRUE and FALSE, or nothing at all.
Source: OpenDocument 1.3, part 3, 9.1 and 19.385.
"""

import re
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from importer.coordinates import Place
from importer.messages import about_sizes
from importer.spreadsheet.read.limits import CELLS, RowByRow, bound_count, bound_sheet

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_TABLE, _OFFICE, _TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("table", "office", "text")
)
_SHEET, _ROW, _NAME = f"{_TABLE}table", f"{_TABLE}table-row", f"{_TABLE}name"
_CELLS = frozenset({f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"})
_ROWS_REPEATED, _COLUMNS_REPEATED = f"{_TABLE}number-rows-repeated", f"{_TABLE}number-columns-repeated"
_VISIBILITY, _FORMULA, _PARAGRAPH = f"{_TABLE}visibility", f"{_TABLE}formula", f"{_TEXT}p"
_VALUE_TYPE = f"{_OFFICE}value-type"
_HIDDEN = frozenset({"collapse", "filter"})
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
        events = etree.iterparse(
            RowByRow(stream, b"table-row"), events=("start", "end"), tag=(_SHEET, _ROW), resolve_entities=False,
            no_network=True, huge_tree=True,
        )  # fmt: skip
        for event, element in events:
            if element.tag == _SHEET:
                if event == "start":
                    name, seen = element.get(_NAME, ""), SeenCells()
                    extent = _Extent(others=extent.cells)
                    sheets.setdefault(name, seen)
                continue
            if event == "start":
                continue
            _see_rows(file, name, seen, element, extent)
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
            raise about_sizes.sheets_too_large(file, CELLS)


def _see_rows(file: str, sheet: str, seen: SeenCells, row: "Element", extent: _Extent) -> None:
    """See a row, which may stand for several.

    Raises: Unreadable where there are too many cells with it.
    """
    repeated = _repeated(row, _ROWS_REPEATED)
    cells, width, text_bytes = _see_cells(row)
    if width:
        extent.filled_row, extent.width = extent.row + repeated, max(extent.width, width)
        extent.text_bytes += text_bytes * repeated
        extent.bound(file, sheet, len(seen.errors) + len(seen.shown) + len(seen.concealed))
        is_hidden = row.get(_VISIBILITY) in _HIDDEN
        for number in range(extent.row + 1, 1 + min(extent.row + min(repeated, _MOST_REPEATED), _ROWS)):
            if is_hidden:
                seen.hidden_rows.append(number)
            for cell in cells:
                cell.add_to(seen, number)
    extent.row += repeated


@dataclass(frozen=True, slots=True)
class _SeenCell:
    """A cell that is more than its value: what it shows, and as what that counts."""

    columns: range
    text: str
    is_error: bool

    def add_to(self, seen: SeenCells, row: int) -> None:
        """Note it in this row."""
        for column in self.columns:
            if self.is_error:
                seen.errors[row, column] = self.text
            elif self.text:
                seen.shown[row, column] = self.text
            else:
                seen.concealed.add((row, column))


def _see_cells(row: "Element") -> tuple[list[_SeenCell], int, int]:
    """The cells of a row that are more than their values, how many columns it has, and the bytes of its texts."""
    seen: list[_SeenCell] = []
    column = width = text_bytes = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        repeated = _repeated(cell, _COLUMNS_REPEATED) if _COLUMNS_REPEATED in cell.attrib else 1
        kind = cell.get(_VALUE_TYPE)
        if kind:
            text = _shown(cell)
            text_bytes += repeated * len(text)
            columns = range(column, min(column + min(repeated, _MOST_REPEATED), _COLUMNS))
            if cell.get(_FORMULA) and (kind == "string" or kind in _NUMBERS) and _ERROR.fullmatch(text):
                seen.append(_SeenCell(columns, text, is_error=True))
            elif kind in _NUMBERS and (not text or _TELLING.fullmatch(text)):
                seen.append(_SeenCell(columns, "".join(text.split()), is_error=False))
        column += repeated
        if kind or len(cell):
            width = column
    return seen, width, text_bytes


def _shown(cell: "Element") -> str:
    """The text that one sees in a cell, without its comment."""
    if len(cell) == 1 and not len(cell[0]):  # most cells, in a tenth of the time
        return (cell[0].text or "").strip() if cell[0].tag == _PARAGRAPH else ""
    lines = (child for child in cell if child.tag == _PARAGRAPH)
    return "\n".join("".join(map(str, line.itertext())) for line in lines).strip()


def _repeated(element: "Element", name: str) -> int:
    text = element.get(name, "")
    return max(1, int(text)) if text.isdecimal() else 1
