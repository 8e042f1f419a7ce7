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


def see_cells(data: bytes, sheet: str) -> SeenCells:
    """What was seen of the sheet of this name.

    Raises: what zipfile and lxml raise for a damaged file; KeyError for one without content.
    """
    from lxml import etree  # noqa: PLC0415  (for this format alone)

    seen = SeenCells()
    row, is_here = 0, False
    with zipfile.ZipFile(BytesIO(data)) as package, package.open("content.xml") as stream:
        wanted = ("{*}table", "{*}table-row")
        events = etree.iterparse(
            stream, events=("start", "end"), tag=wanted, resolve_entities=False, no_network=True, huge_tree=True
        )
        for event, element in events:
            if etree.QName(element).localname == "table":
                is_here, row = event == "start" and _attribute(element, "name") == sheet, 0
                continue
            if event == "start":
                continue
            repeated = _repeated(element, "number-rows-repeated")
            if is_here:
                for number in range(row + 1, 1 + min(row + min(repeated, _MOST_REPEATED), _ROWS)):
                    _see_row(seen, element, number)
            row += repeated
            element.clear()
    return seen


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
