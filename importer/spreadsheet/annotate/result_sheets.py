"""Our sheets as they stand in a person's workbook: with its style numbers, and with their texts in their own cells.

Knows what XlsxWriter writes; changes no part of the person's.
"""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from importer.spreadsheet.annotate.styles import Added, Styles
from importer.spreadsheet.write.fast_xlsx import LaidOut, sheet_xml
from importer.spreadsheet.xml_tree import main_tag, parse, serialize

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_SHARED = "xl/sharedStrings.xml"


@dataclass(frozen=True, slots=True)
class OurSheet:
    """A sheet for the person's workbook: its entry for the list of sheets, and its XML, in pieces if it is large."""

    entry: "Element"
    xml: bytes | Iterable[bytes]


class OurSheets:
    """The sheets of a workbook that was laid out, and the names that belong to them by the sheet's number."""

    def __init__(self, laid_out: LaidOut, styles: Styles) -> None:
        added = styles.add(parse(laid_out.parts["xl/styles.xml"]))
        texts = list(parse(laid_out.parts[_SHARED])) if _SHARED in laid_out.parts else []
        book = parse(laid_out.parts["xl/workbook.xml"])
        self.sheets: list[OurSheet] = []
        for number, entry in enumerate(book.findall(f"{main_tag('sheets')}/*"), 1):
            part = f"xl/worksheets/sheet{number}.xml"
            xml = _adapted(laid_out.parts[part], added, texts)
            rows = laid_out.large.get(part)
            self.sheets.append(OurSheet(entry, xml if rows is None else sheet_xml(xml, rows)))
        self.names = book.findall(f"{main_tag('definedNames')}/*[@localSheetId]")


def _adapted(xml: bytes, added: Added, texts: Sequence["Element"]) -> bytes:
    """The sheet with other style numbers, its texts in its cells, and not chosen beside the sheet that is open."""
    sheet = parse(xml)
    for tag, attribute, numbers in (
        ("c", "s", added.cells),
        ("row", "s", added.cells),
        ("col", "style", added.cells),
        ("cfRule", "dxfId", added.conditional),
    ):
        for element in sheet.iter(main_tag(tag)):
            if number := element.get(attribute):
                element.set(attribute, str(numbers[int(number)]))
    for view in sheet.findall(f".//{main_tag('sheetView')}[@tabSelected]"):
        view.set("tabSelected", "0")
    for cell in sheet.findall(f".//{main_tag('c')}[@t='s']"):
        cell.set("t", "inlineStr")
        text = deepcopy(texts[int(cell.findtext(main_tag("v")) or "0")])
        text.tag = main_tag("is")
        cell[:] = [text]
    return serialize(sheet)
