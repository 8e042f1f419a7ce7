"""The workbook's own part: its list of sheets, and what names a sheet by its number. Knows XML, and no package."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from importer.spreadsheet.annotate.xml_edit import NotKeptError, number
from importer.spreadsheet.xml_tree import RELATION_ID, child_in_order, main_tag

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_BEHIND_NAMES = frozenset(
    {"calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
     "fileRecoveryPr", "webPublishObjects", "extLst"}
)  # fmt: skip
"""What stands behind the defined names (ECMA-376 part 1, 18.2.27)."""
_SHEET_NUMBER = "localSheetId"


def relation_ids(book: "Element") -> dict[str, str]:
    """The id of the relation to each sheet, by the sheet's name, in their order."""
    return {sheet.get("name", ""): sheet.get(RELATION_ID, "") for sheet in _sheets(book)}


def add_sheets(book: "Element", new: Iterable["Element"], names: Iterable["Element"]) -> None:
    """Add sheets at the end of the list, and defined names, each of which belongs to a new sheet by its number."""
    theirs = _sheets(book)
    next_id = max([0, *(number(sheet.get("sheetId")) for sheet in theirs)]) + 1
    for sheet_id, sheet in enumerate(new, next_id):
        sheet.set("sheetId", str(sheet_id))
        _sheet_list(book).append(sheet)
    for name in names:
        name.set(_SHEET_NUMBER, str(len(theirs) + int(name.get(_SHEET_NUMBER, "0"))))
        child_in_order(book, "definedNames", _BEHIND_NAMES).append(name)


def remove_sheets(book: "Element", gone: frozenset[str]) -> None:
    """Remove sheets, and the names that belong to them.

    Raises: NotKeptError when no sheet would be left.
    """
    new_numbers: dict[int, str] = {}
    for old, sheet in enumerate(_sheets(book)):
        if sheet.get("name") in gone:
            _sheet_list(book).remove(sheet)
        else:
            new_numbers[old] = str(len(new_numbers))
    if not new_numbers:
        raise NotKeptError("it has no sheet of your own left")
    for names in book.findall(main_tag("definedNames")):
        for name in names.findall(f"*[@{_SHEET_NUMBER}]"):
            new_number = new_numbers.get(number(name.get(_SHEET_NUMBER)))
            if new_number is None:
                names.remove(name)
            else:
                name.set(_SHEET_NUMBER, new_number)
    for view in book.iter(main_tag("workbookView")):
        for attribute in ("activeTab", "firstSheet"):
            if attribute in view.attrib:
                view.set(attribute, new_numbers.get(number(view.get(attribute)), "0"))


def calculate_on_load(book: "Element") -> None:
    """Ask for all formulas to be calculated when the workbook is opened.

    A workbook that does not say how it was calculated last is calculated anyway.
    """
    calculation = book.find(main_tag("calcPr"))
    if calculation is not None:
        calculation.set("fullCalcOnLoad", "1")


def _sheets(book: "Element") -> list["Element"]:
    return _sheet_list(book).findall(main_tag("sheet"))


def _sheet_list(book: "Element") -> "Element":
    """The list of sheets.

    Raises: NotKeptError when there is none.
    """
    listed = book.find(main_tag("sheets"))
    if listed is None:
        raise NotKeptError("its list of sheets is damaged")
    return listed
