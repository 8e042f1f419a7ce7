"""The workbook's own part: its list of sheets, and what names a sheet by its number. Knows XML, and no package."""

from collections.abc import Mapping, Sequence

from importer.spreadsheet.annotate.cells import RELATION
from importer.spreadsheet.annotate.xml_edit import (
    Edit,
    Element,
    NotKeptError,
    appended,
    children,
    elements,
    prefix_at,
    splice,
    tag_at,
    with_attributes,
)

_BEHIND_NAMES = frozenset(
    {"calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
     "fileRecoveryPr", "webPublishObjects", "extLst"}
)  # fmt: skip
"""What stands behind the defined names (ECMA-376 part 1, 18.2.27)."""
_OF_VIEW = ("activeTab", "firstSheet")


def sheets(xml: bytes) -> dict[str, str]:
    """The id of the relation to each sheet, by the sheet's name, in their order."""
    return {e.attributes.get("name", ""): e.attributes.get(f"{RELATION} id", "") for e in _sheets(elements(xml))[1]}


def with_sheets(xml: bytes, new: Sequence[tuple[Mapping[str, str], str]], names: Sequence[tuple[int, bytes]]) -> bytes:
    """The part with sheets at the end of the list, each with its attributes and the id of its relation.

    `names` are defined names, each with the number of the new sheet that it belongs to.
    """
    found = elements(xml)
    prefix = prefix_at(xml, found[0].start)
    space = {} if f'xmlns:r="{RELATION}"'.encode() in tag_at(xml, found[0].start) else {"xmlns:r": RELATION}
    listed, theirs = _sheets(found)
    next_id = max([0, *(int(e.attributes.get("sheetId", "0")) for e in theirs)]) + 1
    tags = b""
    for number, (attributes, relation) in enumerate(new, next_id):
        told = {**attributes, "sheetId": str(number), **space, "r:id": relation}
        tags += with_attributes(b"<" + prefix + b"sheet/>", told)
    edits = appended(xml, listed, tags)
    if names:
        edits += _with_names(xml, found, names, len(theirs))
    return splice(xml, edits)


def to_calculate(xml: bytes) -> bytes:
    """The part with the wish that all formulas are calculated when the workbook is opened.

    A workbook that does not tell how it was calculated last is calculated anyway.
    """
    told = next((e for e in elements(xml) if e.name == "calcPr"), None)
    if told is None:
        return xml
    return splice(
        xml, [(told.start, told.inner, with_attributes(xml[told.start : told.inner], {"fullCalcOnLoad": "1"}))]
    )


def without(xml: bytes, gone: frozenset[str]) -> bytes:
    """The part without these sheets, and without what belongs to them.

    Raises: NotKeptError when no sheet would be left.
    """
    found = elements(xml)
    _, listed = _sheets(found)
    kept = [n for n, e in enumerate(listed) if e.attributes.get("name") not in gone]
    if not kept:
        raise NotKeptError("it has no sheet of your own left")
    now = {old: new for new, old in enumerate(kept)}
    edits: list[Edit] = [(e.start, e.end, b"") for e in listed if e.attributes.get("name") in gone]
    for e in found:
        if "localSheetId" in e.attributes:
            number = now.get(int(e.attributes["localSheetId"]))
            edits.append((e.start, e.end, b"") if number is None else _told(xml, e, {"localSheetId": str(number)}))
        elif e.name == "workbookView" and any(name in e.attributes for name in _OF_VIEW):
            views = {name: str(now.get(int(e.attributes[name]), 0)) for name in _OF_VIEW if name in e.attributes}
            edits.append(_told(xml, e, views))
    return splice(xml, edits)


def _sheets(found: list[Element]) -> tuple[Element, list[Element]]:
    """The list of sheets, and each of them."""
    number = next((n for n, e in enumerate(found) if e.parent == 0 and e.name == "sheets"), None)
    if number is None:
        raise NotKeptError("its list of sheets is damaged")
    return found[number], children(found, number)


def _told(xml: bytes, element: Element, attributes: Mapping[str, str]) -> Edit:
    return element.start, element.inner, with_attributes(tag_at(xml, element.start), attributes)


def _with_names(xml: bytes, found: list[Element], names: Sequence[tuple[int, bytes]], before: int) -> list[Edit]:
    """The edits that add defined names; our sheets stand behind `before` others."""
    root = found[0]
    prefix = prefix_at(xml, root.start)
    content = b"".join(
        with_attributes(tag_at(name, 0), {"localSheetId": str(before + sheet)}).replace(b"<", b"<" + prefix, 1)
        + name[len(tag_at(name, 0)) :].replace(b"</", b"</" + prefix)
        for sheet, name in names
    )
    listed = next((e for e in found if e.parent == 0 and e.name == "definedNames"), None)
    if listed is not None:
        return appended(xml, listed, content)
    at = next((e.start for e in children(found, 0) if e.name in _BEHIND_NAMES), root.close)
    return [(at, at, b"<" + prefix + b"definedNames>" + content + b"</" + prefix + b"definedNames>")]
