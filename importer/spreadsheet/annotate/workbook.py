"""A person's own workbook, with marks on its cells and our sheets at its end; every other part byte for byte as it was.

Knows the parts of a workbook and where they name each other; knows outcomes by their colours only.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO, NamedTuple

from importer.spreadsheet.annotate import comments as notes
from importer.spreadsheet.annotate import sheet_list
from importer.spreadsheet.annotate.cell_edits import Retyper
from importer.spreadsheet.annotate.cells import RELATION, Painter
from importer.spreadsheet.annotate.comments import Boxes, Comments
from importer.spreadsheet.annotate.package import Package, Relation
from importer.spreadsheet.annotate.result_sheets import OurSheets
from importer.spreadsheet.annotate.styles import BARE as NO_STYLES
from importer.spreadsheet.annotate.styles import MAIN, OUTCOME_FILLS, Styles
from importer.spreadsheet.annotate.xml_edit import NotKeptError, elements
from importer.spreadsheet.write.fast_xlsx import LaidOut
from importer.table import Place, address, parse_address

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET_TYPE, _STYLES_TYPE = f"{_SPREADSHEET}.worksheet+xml", f"{_SPREADSHEET}.styles+xml"
_COMMENTS_TYPE = f"{_SPREADSHEET}.comments+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_MACROS, _PLAIN = "application/vnd.ms-excel.sheet.macroEnabled.main+xml", f"{_SPREADSHEET}.sheet.main+xml"
Covered = Mapping[str, Mapping[bytes, Sequence[Place]]]
"""For each sheet, the fills that marks took the place of, and the cells that had them."""


class Mark(NamedTuple):
    """What is to be seen at a cell: the colour of an outcome, and a comment where there is something to say. A tuple: a
    workbook may have half a million.
    """

    sheet: str
    row: int
    column: int
    outcome: str
    comment: str = ""


class RowMark(NamedTuple):
    """The colours of several cells of one row, by column. Most rows look alike, and may share the mapping."""

    sheet: str
    row: int
    outcomes: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _Marked:
    """The marks of one sheet: fills by row and column, comments by place. `shared` are the rows that share theirs."""

    fills: dict[int, dict[int, bytes]] = field(default_factory=dict)
    comments: dict[Place, str] = field(default_factory=dict)
    shared: set[int] = field(default_factory=set)

    def take(self, mark: Mark) -> None:
        """Put one more mark to them."""
        row = self.fills.get(mark.row)
        if row is None or mark.row in self.shared:
            row = self.fills[mark.row] = dict(row or {})
            self.shared.discard(mark.row)
        row[mark.column] = OUTCOME_FILLS[mark.outcome]
        if mark.comment:
            self.comments[mark.row, mark.column] = mark.comment


def retype(
    data: bytes, texts: Mapping[str, Mapping[Place, str]], as_text: Callable[[str], frozenset[Place]]
) -> Callable[[BinaryIO], None]:
    """What writes the workbook with other texts in some cells, by sheet; `as_text` tells those that are no numbers.

    Raises: NotKeptError.
    """
    package = Package(data)
    main = next((each.target for each in package.relations("") if each.kind == "officeDocument"), None)
    if main is None or elements(package.read(main))[0].space != MAIN:
        raise NotKeptError("its package is damaged")
    links = {each.id: each for each in package.relations(main)}
    parts = {name: links[id_].target for name, id_ in sheet_list.sheets(package.read(main)).items() if id_ in links}
    for sheet, cells in texts.items():
        retyper = Retyper(package.read(parts[sheet]), cells, as_text(sheet))
        package.replace(parts[sheet], retyper.xml)
        if retyper.had_formula:  # the order of calculation names its cell; Excel finds a new one
            for each in [each for each in package.relations(main) if each.kind == "calcChain"]:
                package.unrelate(main, [each.id])
                package.remove(each.target)
    package.replace(main, sheet_list.to_calculate(package.read(main)))
    return package.write


class OwnWorkbook:
    """The workbook while it is being marked. `earlier` are the sheets that an earlier run put in: they are left out.

    Raises: NotKeptError, saying why it cannot be given back with marks.
    """

    def __init__(self, data: bytes, earlier: frozenset[str] = frozenset()) -> None:
        self._package = Package(data)
        if any(name.lower().startswith("_xmlsignatures/") for name in self._package.names):
            raise NotKeptError("it is signed, and a change would break the signature")
        main = next((each for each in self._package.relations("") if each.kind == "officeDocument"), None)
        if main is None:
            raise NotKeptError("its package is damaged")
        self._main = main.target
        type_ = self._package.type_of(self._main)
        if type_ not in (_PLAIN, _MACROS):
            raise NotKeptError("it is a template or an add-in, and no workbook")
        self.has_macros = type_ == _MACROS
        if elements(self._package.read(self._main))[0].space != MAIN:
            raise NotKeptError("it is written as Strict Open XML")
        if earlier:
            self._leave_out(earlier)
        styles = next((each.target for each in self._package.relations(self._main) if each.kind == "styles"), None)
        self._styles_part = styles or "xl/styles.xml"
        self._has_styles = styles is not None
        self._styles = Styles(self._package.read(styles) if styles else NO_STYLES, was_ours=bool(earlier))
        self._was_ours = bool(earlier)

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the person's sheets, of every kind."""
        return tuple(self._sheets())

    def mark(self, marks: Iterable[Mark | RowMark], before: Callable[[str, Place], bytes]) -> Covered:
        """Put marks on cells, and take those of an earlier run away; return the fills that are not seen now. The marks
        of whole rows come first.

        `before` tells for a sheet and a cell the fill that it had before an earlier run.
        """
        by_sheet: dict[str, _Marked] = {}
        known: dict[int, tuple[Mapping[int, str], dict[int, bytes]]] = {}
        for mark in marks:
            marked = by_sheet.get(mark.sheet)
            if marked is None:
                marked = by_sheet[mark.sheet] = _Marked()
            if isinstance(mark, Mark):
                marked.take(mark)
                continue
            like = known.get(id(mark.outcomes))
            if like is None:
                fills = {column: OUTCOME_FILLS[outcome] for column, outcome in mark.outcomes.items()}
                like = known[id(mark.outcomes)] = mark.outcomes, fills
            marked.fills[mark.row] = like[1]
            marked.shared.add(mark.row)
        drawings = [name for name in self._package.names if name.lower().endswith(".vml")]
        boxes = Boxes(self._package.read(name) for name in drawings)
        covered: dict[str, Mapping[bytes, Sequence[Place]]] = {}
        for sheet, link in self._sheets().items():
            some = by_sheet.get(sheet, _Marked())
            if link.kind == "worksheet" and (some.fills or self._was_ours):
                covered[sheet] = self._mark_sheet(link.target, some, partial(before, sheet), boxes)
        return covered

    def add(self, laid_out: LaidOut) -> None:
        """Put our sheets behind theirs."""
        ours = OurSheets(laid_out, self._styles)
        types: dict[str, str] = {}
        relations: list[str] = []
        for sheet in ours.sheets:
            part = self._package.free_name("xl/worksheets/sheet{}.xml")
            self._package.replace(part, sheet.xml)
            types[part] = _SHEET_TYPE
            relations.append(self._package.relate(self._main, f"{RELATION}/worksheet", part))
        self._package.set_types(types)
        new = [(sheet.attributes, relation) for sheet, relation in zip(ours.sheets, relations, strict=True)]
        self._package.replace(self._main, sheet_list.with_sheets(self._package.read(self._main), new, ours.names))

    def write(self, target: BinaryIO) -> None:
        """Write the workbook; nothing can be added to it any more.

        Raises: NotKeptError.
        """
        self._package.replace(self._styles_part, self._styles.xml())
        if not self._has_styles:
            self._package.relate(self._main, f"{RELATION}/styles", self._styles_part)
            self._package.set_types({self._styles_part: _STYLES_TYPE})
        self._package.write(target)

    # ---- one sheet

    def _mark_sheet(
        self, part: str, marked: "_Marked", before: Callable[[Place], bytes], boxes: Boxes
    ) -> Mapping[bytes, Sequence[Place]]:
        painter = Painter(self._package.read(part), marked.fills, self._styles, before)
        relation = self._comment(part, marked.comments, painter.legacy_drawing, boxes)
        self._package.replace(part, painter.xml(relation))
        return painter.covered

    def _comment(self, part: str, said: Mapping[Place, str], drawing: str | None, boxes: Boxes) -> str | None:
        """Put comments on a sheet; return the id of the relation to their drawing, where there was none before."""
        links = {each.id: each for each in self._package.relations(part)}
        there = next((each.target for each in links.values() if each.kind == "comments"), None)
        if there is None and not said:
            return None
        comments = Comments(self._package.read(there) if there else notes.BARE)
        texts = {address(*place): text for place, text in said.items()}
        texts = {cell: text for cell, text in texts.items() if cell not in comments.conversations}
        taken_away = comments.ours - texts.keys()
        xml, new = comments.with_texts(texts)
        if not texts and not taken_away and there and xml == self._package.read(there):
            return None
        self._package.replace(there or self._new_part(part, "comments"), xml)
        if drawing is not None and drawing not in links:
            raise NotKeptError("the drawing of its comments is missing")
        old = None if drawing is None else links[drawing].target
        box = self._package.read(old) if old else boxes.bare()
        places = {address(*place): place for place in said}
        if taken_away:
            box = boxes.without(box, [parse_address(cell) for cell in taken_away])
        if new:
            box = boxes.with_boxes(box, {places[cell]: texts[cell] for cell in new})
        if old:
            self._package.replace(old, box)
            return None
        self._package.set_default_type("vml", _DRAWING_TYPE)
        name = self._package.free_name("xl/drawings/vmlDrawing{}.vml")
        self._package.replace(name, box)
        return self._package.relate(part, f"{RELATION}/vmlDrawing", name)

    def _new_part(self, sheet: str, kind: str) -> str:
        name = self._package.free_name(f"xl/{kind}{{}}.xml")
        self._package.replace(name, b"")
        self._package.relate(sheet, f"{RELATION}/{kind}", name)
        self._package.set_types({name: _COMMENTS_TYPE})
        return name

    # ---- the list of sheets

    def _sheets(self) -> dict[str, Relation]:
        """The relation to each sheet, by the sheet's name, in their order."""
        links = {each.id: each for each in self._package.relations(self._main)}
        named = sheet_list.sheets(self._package.read(self._main))
        return {name: links[id_] for name, id_ in named.items() if id_ in links}

    def _leave_out(self, gone: frozenset[str]) -> None:
        """Leave out sheets that an earlier run put in."""
        links = [link for name, link in self._sheets().items() if name in gone]
        self._package.replace(self._main, sheet_list.without(self._package.read(self._main), gone))
        self._package.unrelate(self._main, [each.id for each in links])
        for each in links:
            self._package.remove(each.target)
