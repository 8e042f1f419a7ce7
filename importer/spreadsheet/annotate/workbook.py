"""A person's own workbook, with marks on its cells and our sheets at its end; every other part byte for byte as it was.

Knows the parts of a workbook and where they name each other; knows outcomes by their colours only.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import BinaryIO, NamedTuple

from importer.coordinates import Place
from importer.spreadsheet.annotate import sheet_list
from importer.spreadsheet.annotate.cell_edits import Retyper
from importer.spreadsheet.annotate.cells import RowOutcomes, paint
from importer.spreadsheet.annotate.comment_boxes import Boxes
from importer.spreadsheet.annotate.comments import BARE as NO_COMMENTS
from importer.spreadsheet.annotate.comments import Comments
from importer.spreadsheet.annotate.package import (
    MACRO_WORKBOOK,
    NO_CHANGES,
    PLAIN_WORKBOOK,
    ChangedParts,
    Package,
    Relation,
)
from importer.spreadsheet.annotate.result_sheets import OurSheets
from importer.spreadsheet.annotate.styles import BARE as NO_STYLES
from importer.spreadsheet.annotate.styles import Styles
from importer.spreadsheet.annotate.xml_edit import NotKeptError
from importer.spreadsheet.write.fast_xlsx import LaidOut
from importer.spreadsheet.xml_tree import RELATION_ID, main_tag, serialize

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


class RowMarks(NamedTuple):
    """The colours of several cells in each of these rows, by column. Most rows of a sheet look alike."""

    sheet: str
    rows: Sequence[int]
    outcomes: Mapping[int, str]


def retype(
    data: bytes, texts: Mapping[str, Mapping[Place, str]], as_text: Callable[[str], frozenset[Place]]
) -> Callable[[BinaryIO], None]:
    """What writes the workbook with other texts in some cells, by sheet; `as_text` tells those that are no numbers.

    Raises: NotKeptError.
    """
    package = Package(data)
    main = _main_part(package)
    parts = {name: relation.target for name, relation in _sheet_relations(package, main).items()}
    for sheet, cells in texts.items():
        retyper = Retyper(package.read(parts[sheet]), cells, as_text(sheet))
        package.replace(parts[sheet], retyper.xml)
        if retyper.had_formula:  # the order of calculation names its cell; Excel finds a new one
            for each in [each for each in package.relations(main) if each.kind == "calcChain"]:
                package.remove(main, each)
    book = package.tree(main)
    sheet_list.calculate_on_load(book)
    package.replace(main, serialize(book))
    return package.write


def _main_part(package: Package) -> str:
    """The name of the workbook's own part.

    Raises: NotKeptError when it is missing, or not as the transitional standard has it.
    """
    main = package.related("", "officeDocument")
    if main is None:
        raise NotKeptError("its package is damaged")
    if package.tree(main).tag != main_tag("workbook"):
        raise NotKeptError("it is written as Strict Open XML")
    return main


def _sheet_relations(package: Package, main: str) -> dict[str, Relation]:
    """The relation to each sheet, by the sheet's name, in their order."""
    links = {each.id: each for each in package.relations(main)}
    ids = sheet_list.relation_ids(package.tree(main))
    return {name: links[id_] for name, id_ in ids.items() if id_ in links}


class OwnWorkbook:
    """The workbook while it is being marked. `earlier` are the sheets that an earlier run put in: they are left out.
    So are `other` sheets, which were there before any run.

    Of one that was marked elsewhere, `changed` are the parts that were changed there.

    Raises: NotKeptError, saying why it cannot be given back with marks.
    """

    def __init__(
        self,
        data: bytes,
        earlier: frozenset[str] = frozenset(),
        other: frozenset[str] = frozenset(),
        changed: ChangedParts = NO_CHANGES,
    ) -> None:
        self._package = Package(data, changed)
        if any(name.lower().startswith("_xmlsignatures/") for name in self._package.names):
            raise NotKeptError("it is signed, and a change would break the signature")
        self._main = _main_part(self._package)
        type_ = self._package.type_of(self._main)
        if type_ not in (PLAIN_WORKBOOK, MACRO_WORKBOOK):
            raise NotKeptError("it is a template or an add-in, and no workbook")
        self.has_macros = type_ == MACRO_WORKBOOK
        if earlier | other:
            self._remove_sheets(earlier | other)
        styles = self._package.related(self._main, "styles")
        self._styles_part = styles or self._package.add(self._main, "styles", NO_STYLES).target
        self._styles = Styles(self._package.tree(self._styles_part), was_ours=bool(earlier))
        self._was_ours = bool(earlier)

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the person's sheets, of every kind."""
        return tuple(_sheet_relations(self._package, self._main))

    def mark(self, marks: Iterable[Mark | RowMarks], before: Callable[[str, Place], bytes]) -> Covered:
        """Put marks on cells, and take those of an earlier run away; return the fills that are not seen now. The mark
        of a cell counts for more than that of its row.

        `before` tells for a sheet and a cell the fill that it had before an earlier run.
        """
        rows: defaultdict[str, RowOutcomes] = defaultdict(RowOutcomes)
        cells: defaultdict[tuple[str, int], dict[int, str]] = defaultdict(dict)
        comments: defaultdict[str, dict[Place, str]] = defaultdict(dict)
        for mark in marks:
            if isinstance(mark, RowMarks):
                for row in mark.rows:
                    rows[mark.sheet].set(row, mark.outcomes)
                continue
            cells[mark.sheet, mark.row][mark.column] = mark.outcome
            if mark.comment:
                comments[mark.sheet][mark.row, mark.column] = mark.comment
        for (sheet, row), outcomes in cells.items():
            rows[sheet].set(row, {**rows[sheet].of(row), **outcomes})
        boxes = Boxes(self._package.read(name) for name in self._package.names if name.lower().endswith(".vml"))
        covered: dict[str, Mapping[bytes, Sequence[Place]]] = {}
        for sheet, relation in _sheet_relations(self._package, self._main).items():
            if relation.kind == "worksheet" and (rows[sheet] or self._was_ours):
                part = relation.target
                painted = paint(
                    partial(self._package.pieces, part),
                    rows[sheet],
                    self._styles,
                    partial(before, sheet),
                    partial(self._comment, part, comments[sheet], boxes),
                )
                self._package.replace(part, painted.sheet)
                covered[sheet] = painted.covered
        return covered

    def changed_parts(self) -> ChangedParts:
        """The parts that are changed so far, compressed: nothing is left to do with them but to write them.

        Raises: NotKeptError.
        """
        self._package.replace(self._styles_part, self._styles.xml())
        return self._package.changed_parts()

    def add(self, laid_out: LaidOut) -> None:
        """Put our sheets behind theirs."""
        ours = OurSheets(laid_out, self._styles)
        for sheet in ours.sheets:
            sheet.entry.set(RELATION_ID, self._package.add(self._main, "worksheet", sheet.xml).id)
        book = self._package.tree(self._main)
        sheet_list.add_sheets(book, [sheet.entry for sheet in ours.sheets], ours.names)
        self._package.replace(self._main, serialize(book))

    def write(self, target: BinaryIO) -> None:
        """Write the workbook; nothing can be added to it any more.

        Raises: NotKeptError.
        """
        self._package.replace(self._styles_part, self._styles.xml())
        self._package.write(target)

    def _comment(self, sheet: str, texts: Mapping[Place, str], boxes: Boxes, drawing: str | None) -> str | None:
        """Put comments on a sheet; return the id of the relation to their drawing, where there was none before."""
        part = self._package.related(sheet, "comments")
        if part is None and not texts:
            return None
        part = part or self._package.add(sheet, "comments", NO_COMMENTS).target
        comments = Comments(self._package.tree(part), texts)
        if not comments.are_changed:
            return None
        self._package.replace(part, comments.xml())
        if drawing is None:
            return self._package.add(sheet, "vmlDrawing", boxes.drawing(comments.new)).id
        drawing_part = next((each.target for each in self._package.relations(sheet) if each.id == drawing), None)
        if drawing_part is None:
            raise NotKeptError("the drawing of its comments is missing")
        old = self._package.read(drawing_part)
        self._package.replace(drawing_part, boxes.redrawn(old, comments.gone, comments.new))
        return None

    def _remove_sheets(self, gone: frozenset[str]) -> None:
        """Remove sheets that an earlier run put in."""
        relations = _sheet_relations(self._package, self._main)
        book = self._package.tree(self._main)
        sheet_list.remove_sheets(book, gone)
        self._package.replace(self._main, serialize(book))
        for name in gone & relations.keys():
            self._package.remove(self._main, relations[name])
