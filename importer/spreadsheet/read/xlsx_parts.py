"""The parts of an .xlsx package: which one is the workbook, which holds a sheet, and which formats its cells may have.

Knows how packages link their parts (ECMA-376 part 2), and no cell.
"""

import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from importer.spreadsheet.read.number_format import BUILT_IN, is_telling
from importer.spreadsheet.xml_tree import XmlError, parse

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PART_BYTES = 64 << 20
_SIGN_FONTS = ("wingdings", "webdings", "symbol", "zapfdingbats", "zapf dingbats")
_FALSE = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True)
class CellStyles:
    """The styles of a workbook that change what a cell says, by their numbers: number formats, struck-out fonts and
    those of signs; and the styles that fill a cell with a color.
    """

    formats: dict[int, str] = field(default_factory=dict)
    struck: frozenset[int] = frozenset()
    symbols: frozenset[int] = frozenset()
    colored: frozenset[int] = frozenset()

    @property
    def telling(self) -> frozenset[int]:
        """The numbers of all that change what a filled cell says."""
        return self.struck | self.symbols | self.formats.keys()


def sheet_part(package: zipfile.ZipFile, sheet: str) -> str | None:
    """The name of the part that holds the sheet of this name; None where it is not there."""
    try:
        book = _book_part(package)
        sheets = [each for each in _tree(package, book).iter("{*}sheet") if each.get("name") == sheet]
        links = _links(package, book)
    except (KeyError, XmlError):
        return None
    # The id's namespace is another one in a strict workbook.
    link = next((str(id_) for each in sheets for name, id_ in each.items() if str(name).endswith("}id")), "")
    return next((_as_stored(package, target) for id_, _, target in links if id_ == link), None)


def cell_styles(package: zipfile.ZipFile) -> CellStyles:
    """The styles that change what a cell says; none where the workbook has no readable styles."""
    try:
        book = _book_part(package)
        part = next((target for _, kind, target in _links(package, book) if kind.endswith("/styles")), None)
        stored = part and _as_stored(package, part)
        root = _tree(package, stored) if stored else None
    except (KeyError, XmlError):
        return CellStyles()
    if root is None:
        return CellStyles()
    codes = BUILT_IN | {_number(each, "numFmtId"): each.get("formatCode", "") for each in root.iter("{*}numFmt")}
    telling = {number: code for number, code in codes.items() if is_telling(code)}
    fonts, fills = _children(root, "fonts"), _children(root, "fills")
    struck = {at for at, font in enumerate(fonts) if _is_struck(font)}
    symbols = {at for at, font in enumerate(fonts) if _is_of_signs(font)}
    colored = {at for at, fill in enumerate(fills) if _is_colored(fill)}
    styles = [
        (_number(style, "numFmtId"), _number(style, "fontId"), _number(style, "fillId"))
        for style in _children(root, "cellXfs")
    ]
    return CellStyles(
        {at: telling[number] for at, (number, _, _) in enumerate(styles) if telling.get(number)},
        frozenset(at for at, (_, font, _) in enumerate(styles) if font in struck),
        frozenset(at for at, (_, font, _) in enumerate(styles) if font in symbols),
        frozenset(at for at, (_, _, fill) in enumerate(styles) if fill in colored),
    )


def _children(root: "Element", name: str) -> "list[Element]":
    parent = root.find(f"{{*}}{name}")
    return [] if parent is None else list(parent)


def _is_of_signs(font: "Element") -> bool:
    name = font.find("{*}name")
    return name is not None and name.get("val", "").lower().startswith(_SIGN_FONTS)


def _is_colored(fill: "Element") -> bool:
    """Whether a fill has a color of its own; white is none."""
    pattern = fill.find("{*}patternFill")
    color = None if pattern is None or pattern.get("patternType") != "solid" else pattern.find("{*}fgColor")
    return color is not None and color.get("rgb", "").upper() not in ("FFFFFFFF", "00FFFFFF")


def _is_struck(font: "Element") -> bool:
    strike = font.find("{*}strike")
    return strike is not None and strike.get("val", "1") not in _FALSE


def _number(element: "Element", name: str) -> int:
    text = element.get(name, "0")
    return int(text) if text.isdecimal() else 0


def _book_part(package: zipfile.ZipFile) -> str:
    """The main part, which a program may have named as it likes."""
    named = next((target for _, kind, target in _links(package, "") if kind.endswith("/officeDocument")), None)
    return (named and _as_stored(package, named)) or "xl/workbook.xml"


def _links(package: zipfile.ZipFile, part: str) -> list[tuple[str, str, str]]:
    """What a part links to: the id, the kind and the name of each; of the package itself for the empty name."""
    folder, name = posixpath.split(part)
    stored = _as_stored(package, posixpath.join(folder, "_rels", f"{name}.rels"))
    if stored is None:
        return []
    return [
        (link.get("Id", ""), link.get("Type", ""), posixpath.normpath(posixpath.join("/", folder, target))[1:])
        for link in _tree(package, stored).iter("{*}Relationship")
        if (target := link.get("Target", "").replace("\\", "/"))
    ]


def _as_stored(package: zipfile.ZipFile, part: str) -> str | None:
    """The name of a part as the package has it: upper and lower case are the same to a package."""
    names = package.NameToInfo
    if part in names:
        return part
    return next((name for name in names if name.lower().lstrip("/") == part.lower()), None)


def _tree(package: zipfile.ZipFile, part: str) -> "Element":
    if package.getinfo(part).file_size > _PART_BYTES:
        raise XmlError("a part of it is too large")
    return parse(package.read(part))
