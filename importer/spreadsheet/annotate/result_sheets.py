"""Our sheets as they stand in a person's workbook: with its style numbers, and with their texts in their own cells.

Knows what XlsxWriter writes, which has no prefixes; changes no part of the person's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from importer.spreadsheet.annotate.styles import Added, Styles
from importer.spreadsheet.annotate.xml_edit import Edit, Element, children, elements, splice, tag_at, with_attributes
from importer.spreadsheet.write.fast_xlsx import LaidOut, sheet_xml

_SHARED = "xl/sharedStrings.xml"


@dataclass(frozen=True, slots=True)
class OurSheet:
    """A sheet for the person's workbook: what the list of sheets says of it, and its XML, in pieces if it is large."""

    attributes: Mapping[str, str]
    xml: bytes | Iterable[bytes]


class OurSheets:
    """The sheets of a workbook that was laid out, and the names that belong to them by the sheet's number."""

    def __init__(self, laid_out: LaidOut, styles: Styles) -> None:
        added = styles.add(laid_out.parts["xl/styles.xml"])
        texts = _texts(laid_out.parts[_SHARED]) if _SHARED in laid_out.parts else []
        xml = laid_out.parts["xl/workbook.xml"]
        found = elements(xml)
        listed = next(n for n, e in enumerate(found) if e.name == "sheets")
        self.sheets: list[OurSheet] = []
        for number, sheet in enumerate(children(found, listed), 1):
            part = f"xl/worksheets/sheet{number}.xml"
            moved = _moved(laid_out.parts[part], added, texts)
            rows = laid_out.large.get(part)
            told = {name: value for name, value in sheet.attributes.items() if name in ("name", "state")}
            self.sheets.append(OurSheet(told, moved if rows is None else sheet_xml(moved, rows)))
        self.names = [
            (int(e.attributes["localSheetId"]), xml[e.start : e.end]) for e in found if "localSheetId" in e.attributes
        ]


def _texts(xml: bytes) -> list[bytes]:
    """What is in each shared text."""
    found = elements(xml)
    return [xml[e.inner : e.close] for e in children(found, 0)]


def _moved(xml: bytes, added: Added, texts: list[bytes]) -> bytes:
    """The sheet with other style numbers, its texts in its cells, and not chosen beside the sheet that is open."""
    found = elements(xml)
    edits: list[Edit] = []
    for number, e in enumerate(found):
        told: dict[str, str] = {}
        if e.name in ("c", "row") and "s" in e.attributes:
            told["s"] = str(added.cells[int(e.attributes["s"])])
        elif e.name == "col" and "style" in e.attributes:
            told["style"] = str(added.cells[int(e.attributes["style"])])
        elif e.name == "cfRule" and "dxfId" in e.attributes:
            told["dxfId"] = str(added.conditional[int(e.attributes["dxfId"])])
        elif e.name == "sheetView" and "tabSelected" in e.attributes:
            told["tabSelected"] = "0"
        if e.name == "c" and e.attributes.get("t") == "s":
            told["t"] = "inlineStr"
            edits.append(_inline(children(found, number)[0], xml, texts))
        if told:
            edits.append((e.start, e.inner, with_attributes(tag_at(xml, e.start), told)))
    return splice(xml, edits)


def _inline(value: Element, xml: bytes, texts: list[bytes]) -> Edit:
    text = texts[int(xml[value.inner : value.close])]
    return value.start, value.end, b"<is>" + text + b"</is>"
