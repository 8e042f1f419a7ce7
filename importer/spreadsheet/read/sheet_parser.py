"""A sheet's XML read by a real parser, in whatever form it is written. Knows cells as XML, and not what they mean.

Some times as slow as the quick scan, which leaves to it what it does not know: cells without addresses, other quotes,
comments, entities, encodings.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from importer.coordinates import Place, column_of
from importer.spreadsheet.read.limits import RowByRow

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_TRUE = frozenset({"1", "true"})


@dataclass(frozen=True, slots=True)
class XmlFormula:
    """A formula, and the number of the group that it shares it with; the empty text where it shares it with none."""

    text: str
    group: str


@dataclass(frozen=True, slots=True)
class XmlCell:
    """A cell as its XML has it. `value` is None where it has none."""

    place: Place
    kind: str
    style: int
    value: str | None
    formula: XmlFormula | None


@dataclass(slots=True)
class SheetEvents:
    """What is called for each thing in a sheet: a cell, a hidden row, a range of hidden columns, a filter."""

    cell: Callable[[XmlCell], None]
    hidden_row: Callable[[int], None]
    hidden_columns: Callable[[int, int], None]
    filtered: Callable[[], None]


def parse_sheet(stream: IO[bytes], events: SheetEvents) -> None:
    """Read a sheet from its beginning to its end; no more than a row of it is held.

    Raises: lxml.etree.XMLSyntaxError.
    """
    from lxml import etree  # noqa: PLC0415  (few sheets need it)

    row = 0
    wanted = ("{*}row", "{*}col", "{*}autoFilter")
    for _, element in etree.iterparse(
        RowByRow(stream, b"row"), tag=wanted, resolve_entities=False, no_network=True, huge_tree=True
    ):
        name = etree.QName(element).localname
        if name == "row":
            row = _whole(element.get("r")) or row + 1
            if element.get("hidden") in _TRUE:
                events.hidden_row(row)
            for cell in _cells(element, row):
                events.cell(cell)
        elif name == "col" and element.get("hidden") in _TRUE:
            events.hidden_columns(_whole(element.get("min")) or 1, _whole(element.get("max")) or 1)
        elif name == "autoFilter":
            events.filtered()
        element.clear()
        while element.getprevious() is not None and (parent := element.getparent()) is not None:
            del parent[0]


def _cells(row: "Element", number: int) -> Iterator[XmlCell]:
    """The cells of a row; one without an address stands beside the one before it."""
    column = -1
    for cell in row.iterchildren("{*}c"):
        address = cell.get("r", "")
        letters = address.rstrip("0123456789")
        column = column_of(letters) if letters.isascii() and letters.isalpha() and letters.isupper() else column + 1
        yield XmlCell(
            (_whole(address[len(letters) :]) or number, column),
            cell.get("t", "n"),
            _whole(cell.get("s")),
            _value(cell),
            _formula(cell),
        )


def _value(cell: "Element") -> str | None:
    value = cell.find("{*}v")
    if value is not None:
        return value.text or None
    inline = cell.find("{*}is")
    return None if inline is None else "".join(map(str, inline.itertext())) or None


def _formula(cell: "Element") -> XmlFormula | None:
    formula = cell.find("{*}f")
    return None if formula is None else XmlFormula(formula.text or "", formula.get("si", ""))


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
