"""The styles of a person's workbook, with fills of ours and the styles of our sheets added behind theirs.

Knows fonts, fills and formats by their numbers; knows no cell. Nothing that is there changes its number.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from importer.spreadsheet.annotate.xml_edit import NotKeptError, number
from importer.spreadsheet.write.palette import COLOURS
from importer.spreadsheet.xml_tree import MAIN, XmlError, bare_xml, child_in_order, main_tag, parse_fragment, serialize

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

BARE = f'<styleSheet xmlns="{MAIN}"/>'.encode()
"""The styles of a workbook that has none."""

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip
_USED = ("numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs")
_DEFAULTS: Final[Mapping[str, str]] = {
    "fonts": '<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>',
    "fills": '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
    "borders": "<border><left/><right/><top/><bottom/><diagonal/></border>",
    "cellXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
}
"""What the first numbers mean where a workbook does not say it."""
_FIRST_FORMAT = 164
"""Number formats below this are Excel's own."""
_MOST = 64_000
"""Cell formats that a workbook can have, by Excel's own limit."""

OUTCOME_FILLS: Mapping[str, bytes] = {
    outcome: (
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colours["bg_color"][1:]}"/>'
        '<bgColor indexed="64"/></patternFill></fill>'
    ).encode()
    for outcome, colours in COLOURS.items()
}
_OUR_COLOURS = frozenset(f"FF{colours['bg_color'][1:]}" for colours in COLOURS.values())


@dataclass(frozen=True, slots=True)
class Added:
    """What the numbers of an added workbook's cell formats and conditional formats are now."""

    cells: list[int]
    conditional: list[int]


class _Section:
    """One list of the styles: what is in it, and what is added."""

    def __init__(self, styles: "Element", name: str) -> None:
        self._styles = styles
        self._name = name
        there = styles.findall(f"{main_tag(name)}/*")
        self.items = there or parse_fragment(_DEFAULTS.get(name, ""))
        self._in_part = len(there)
        self._number_of: dict[bytes, int] = {}

    def add(self, item: "Element") -> int:
        """The number of an item that is added unless we added the same before."""
        key = bare_xml(item)
        if key not in self._number_of:
            self._number_of[key] = len(self.items)
            self.items.append(item)
        return self._number_of[key]

    def write(self) -> None:
        """Put what is new into the part."""
        new = self.items[self._in_part :]
        if new:
            section = child_in_order(self._styles, self._name, _ORDER[_ORDER.index(self._name) + 1 :])
            section.extend(new)
            section.set("count", str(len(self.items)))


class Styles:
    """The styles while they are added to. `was_ours` tells that fills in the colours of outcomes are an earlier run's.

    Raises: NotKeptError when they are not written as the transitional standard has it.
    """

    def __init__(self, root: "Element", *, was_ours: bool = False) -> None:
        if root.tag != main_tag("styleSheet"):
            raise NotKeptError("it is written as Strict Open XML")
        self._root = root
        self._sections = {name: _Section(root, name) for name in _USED}
        self._formats = self._sections["cellXfs"]
        self._filled: dict[tuple[int, bytes], int] = {}
        fills = self._sections["fills"].items if was_ours else []
        old = {at for at, fill in enumerate(fills) if _is_ours(fill)}
        self.earlier: frozenset[int] = frozenset(
            style for style, xf in enumerate(self._formats.items) if number(xf.get("fillId")) in old
        )
        """The cell formats whose fill an earlier run of ours gave them."""

    def fill_of(self, style: int) -> bytes:
        """The fill of a cell format, as XML; empty where it has none."""
        fills, at = self._sections["fills"].items, number(self._format(style).get("fillId"))
        fill = fills[at] if 0 < at < len(fills) else None
        return b"" if fill is None or fill.find(_pattern("none")) is not None else bare_xml(fill)

    def filled(self, style: int, fill: bytes) -> int:
        """The cell format that is as this one, with another fill; an empty one takes the fill away.

        Raises: NotKeptError when the fill is no XML.
        """
        if (style, fill) not in self._filled:
            new = deepcopy(self._format(style))
            new.set("fillId", str(self._add_fill(fill) if fill else 0))
            new.set("applyFill", "1")
            self._filled[style, fill] = self._formats.add(new)
        return self._filled[style, fill]

    def add(self, ours: "Element") -> Added:
        """Add the styles of another workbook, and tell what its numbers are now."""
        theirs = {name: _Section(ours, name).items for name in _USED}
        numbers = {
            name: [self._sections[name].add(item) for item in theirs[name]]
            for name in ("fonts", "fills", "borders", "dxfs")
        }
        number_formats = self._add_number_formats(theirs["numFmts"])
        for xf in theirs["cellXfs"]:
            for attribute, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
                xf.set(attribute, str(numbers[name][int(xf.get(attribute, "0"))]))
            number_format = xf.get("numFmtId", "0")
            xf.set("numFmtId", number_formats.get(number_format, number_format))
            xf.set("xfId", "0")
        return Added([self._formats.add(xf) for xf in theirs["cellXfs"]], numbers["dxfs"])

    def xml(self) -> bytes:
        """The part with all that was added.

        Raises: NotKeptError when there are more cell formats than Excel takes.
        """
        if len(self._formats.items) > _MOST:
            raise NotKeptError("it has more cell formats than Excel takes")
        for section in self._sections.values():
            section.write()
        return serialize(self._root)

    def _format(self, style: int) -> "Element":
        formats = self._formats.items
        return formats[style if 0 <= style < len(formats) else 0]

    def _add_fill(self, fill: bytes) -> int:
        try:
            (element,) = parse_fragment(fill.decode())
        except (XmlError, ValueError):
            raise NotKeptError("its record of an earlier run is damaged") from None
        return self._sections["fills"].add(element)

    def _add_number_formats(self, theirs: list["Element"]) -> dict[str, str]:
        """The numbers under which the other workbook's own number formats are added."""
        section = self._sections["numFmts"]
        free = max([_FIRST_FORMAT - 1, *(number(each.get("numFmtId")) for each in section.items)]) + 1
        numbers: dict[str, str] = {}
        for new, each in enumerate(theirs, free):
            numbers[each.get("numFmtId", "")] = str(new)
            each.set("numFmtId", str(new))
            section.add(each)
        return numbers


def _pattern(kind: str) -> str:
    """The path from a fill to its pattern of this kind."""
    return f"{main_tag('patternFill')}[@patternType='{kind}']"


def _is_ours(fill: "Element") -> bool:
    colour = fill.find(f"{_pattern('solid')}/{main_tag('fgColor')}")
    return colour is not None and colour.get("rgb", "").upper() in _OUR_COLOURS
