"""The styles of a person's workbook, with fills of ours and the styles of our sheets added behind theirs.

Knows fonts, fills and formats by their numbers; knows no cell. Nothing that is there changes its number.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from importer.spreadsheet.annotate.xml_edit import (
    Edit,
    Element,
    NotKeptError,
    appended,
    attribute,
    children,
    elements,
    prefix_at,
    splice,
    tag_at,
    with_attributes,
)
from importer.spreadsheet.write.palette import COLOURS

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BARE = f'<styleSheet xmlns="{MAIN}"/>'.encode()
"""The styles of a workbook that has none."""

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip
_DEFAULTS: Final[Mapping[str, tuple[bytes, ...]]] = {
    "fonts": (b'<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>',),
    "fills": (
        b'<fill><patternFill patternType="none"/></fill>',
        b'<fill><patternFill patternType="gray125"/></fill>',
    ),
    "borders": (b"<border><left/><right/><top/><bottom/><diagonal/></border>",),
    "cellXfs": (b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
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
_COLOUR = re.compile(rb'fgColor\s[^>]*rgb="([0-9A-Fa-f]{8})"')
_PREFIX = re.compile(rb"(</?)[\w.-]+:")
_NAME = re.compile(rb"<[^\s/>]+")


@dataclass(frozen=True, slots=True)
class Added:
    """What the numbers of an added workbook's cell formats and conditional formats are now."""

    cells: list[int]
    conditional: list[int]


class _Section:
    """One list of the styles: what is in it as XML, and what is added."""

    def __init__(self, xml: bytes, found: list[Element], name: str) -> None:
        numbers = [n for n, e in enumerate(found) if e.parent == 0 and e.name == name]
        self.name = name
        self.element = found[numbers[0]] if numbers else None
        there = [xml[e.start : e.end] for e in children(found, numbers[0])] if numbers else []
        self.items: list[bytes] = there or list(_DEFAULTS.get(name, ()))
        self.kept = len(there)
        self._number_of: dict[bytes, int] = {}

    def add(self, item: bytes) -> int:
        """The number of an item that is added unless we added the same before."""
        if item not in self._number_of:
            self._number_of[item] = len(self.items)
            self.items.append(item)
        return self._number_of[item]

    @property
    def new(self) -> list[bytes]:
        """What is not in the part yet."""
        return self.items[self.kept :]


class Styles:
    """The styles while they are added to. `was_ours` tells that fills in the colours of outcomes are an earlier run's.

    Raises: NotKeptError when they are not written as the transitional standard has it.
    """

    def __init__(self, xml: bytes, *, was_ours: bool = False) -> None:
        self._xml = xml
        self._found = elements(xml)
        if self._found[0].space != MAIN:
            raise NotKeptError("it is written as Strict Open XML")
        self._sections = {name: _Section(xml, self._found, name) for name in _ORDER[:-1]}
        self._prefixed = bool(prefix_at(xml, self._found[0].start))
        self._filled: dict[tuple[int, bytes], int] = {}
        old = [n for n, fill in enumerate(self._sections["fills"].items) if _is_ours(fill)] if was_ours else []
        self.earlier: frozenset[int] = frozenset(
            n for n, xf in enumerate(self._sections["cellXfs"].items) if old and self._fill_number(xf) in old
        )
        """The cell formats whose fill an earlier run of ours gave them."""

    def fill_of(self, style: int) -> bytes:
        """The fill of a cell format, as XML; empty where it has none."""
        fills, number = self._sections["fills"].items, self._fill_number(self._xf(style))
        fill = fills[number] if 0 < number < len(fills) else b""
        return b"" if b'"none"' in fill else _PREFIX.sub(rb"\1", fill)

    def filled(self, style: int, fill: bytes) -> int:
        """The cell format that is as this one, with another fill; an empty one takes the fill away."""
        if (style, fill) not in self._filled:
            number = self._sections["fills"].add(self._adopt(fill)) if fill else 0
            xf = self._xf(style)
            tag = tag_at(xf, 0)
            new = with_attributes(tag, {"fillId": str(number), "applyFill": "1"})
            self._filled[style, fill] = self._sections["cellXfs"].add(new + xf[len(tag) :])
        return self._filled[style, fill]

    def add(self, ours: bytes) -> Added:
        """Add the styles of another workbook, and tell what its numbers are now.

        Shapes: `ours` is a whole part, without prefixes, as XlsxWriter writes it.
        """
        found = elements(ours)
        theirs = {name: _Section(ours, found, name) for name in _ORDER[:-1]}
        formats = self._add_formats(theirs["numFmts"])
        moved = {
            name: [self._sections[name].add(self._adopt(item)) for item in theirs[name].items]
            for name in ("fonts", "fills", "borders", "dxfs")
        }
        cells = [self._moved(xf, moved, formats) for xf in theirs["cellXfs"].items]
        return Added([self._sections["cellXfs"].add(self._adopt(xf)) for xf in cells], moved["dxfs"])

    def xml(self) -> bytes:
        """The part with all that was added.

        Raises: NotKeptError when there are more cell formats than Excel takes.
        """
        if len(self._sections["cellXfs"].items) > _MOST:
            raise NotKeptError("it has more cell formats than Excel takes")
        edits: list[Edit] = []
        for section in self._sections.values():
            if section.new:
                edits += self._edits(section)
        root = self._found[0]
        if root.is_empty_tag:
            return splice(self._xml, appended(self._xml, root, b"".join(new for _, _, new in edits)))
        return splice(self._xml, edits)

    def _edits(self, section: _Section) -> list[Edit]:
        content, total = b"".join(section.new), len(section.items)
        if section.element is not None:
            return appended(self._xml, section.element, content, count=str(total))
        after = _ORDER[_ORDER.index(section.name) + 1 :]
        top = children(self._found, 0)
        at = next((e.start for e in top if e.name in after), self._found[0].close)
        name = section.name.encode()
        whole = b"<" + name + f' count="{total}">'.encode() + content + b"</" + name + b">"
        return [(at, at, self._adopt(whole))]

    def _xf(self, style: int) -> bytes:
        formats = self._sections["cellXfs"].items
        return formats[style if 0 <= style < len(formats) else 0]

    def _fill_number(self, xf: bytes) -> int:
        return int(attribute(tag_at(xf, 0), "fillId") or "0")

    def _adopt(self, item: bytes) -> bytes:
        """An element of ours in the main namespace, where the part gives it a prefix."""
        return _NAME.sub(rb'\g<0> xmlns="' + MAIN.encode() + b'"', item, count=1) if self._prefixed else item

    def _add_formats(self, theirs: _Section) -> dict[str, str]:
        """The numbers under which the other workbook's own number formats are added."""
        own = [int(attribute(tag_at(item, 0), "numFmtId") or "0") for item in self._sections["numFmts"].items]
        free = max([_FIRST_FORMAT - 1, *own]) + 1
        found: dict[str, str] = {}
        for item in theirs.items:
            found[attribute(item, "numFmtId") or ""] = str(free)
            self._sections["numFmts"].add(self._adopt(with_attributes(item, {"numFmtId": str(free)})))
            free += 1
        return found

    def _moved(self, xf: bytes, moved: Mapping[str, list[int]], formats: Mapping[str, str]) -> bytes:
        """A cell format of the other workbook with the numbers of this one."""
        tag = tag_at(xf, 0)
        told = {name: attribute(tag, name) or "0" for name in ("numFmtId", "fontId", "fillId", "borderId")}
        numbers = {
            "numFmtId": formats.get(told["numFmtId"], told["numFmtId"]),
            "fontId": str(moved["fonts"][int(told["fontId"])]),
            "fillId": str(moved["fills"][int(told["fillId"])]),
            "borderId": str(moved["borders"][int(told["borderId"])]),
            "xfId": "0",
        }
        return with_attributes(tag, numbers) + xf[len(tag) :]


def _is_ours(fill: bytes) -> bool:
    colour = _COLOUR.search(fill)
    return b'"solid"' in fill and colour is not None and colour.group(1).decode().upper() in _OUR_COLOURS
