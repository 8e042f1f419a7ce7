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
_FALSE = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True)
class CellStyles:
    """The styles of a workbook that change what a cell says, by their numbers: number formats, and struck-out fonts."""

    formats: dict[int, str] = field(default_factory=dict)
    struck: frozenset[int] = frozenset()

    @property
    def telling(self) -> frozenset[int]:
        """The numbers of all of them."""
        return self.struck | self.formats.keys()


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
    fonts = root.find("{*}fonts")
    struck = {at for at, font in enumerate(fonts if fonts is not None else ()) if _is_struck(font)}
    styles = root.find("{*}cellXfs")
    formats: dict[int, str] = {}
    struck_styles: set[int] = set()
    for at, style in enumerate(styles if styles is not None else ()):
        if code := telling.get(_number(style, "numFmtId")):
            formats[at] = code
        if _number(style, "fontId") in struck:
            struck_styles.add(at)
    return CellStyles(formats, frozenset(struck_styles))


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
