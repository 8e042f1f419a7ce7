"""What makes Excel offer to repair a workbook, found in its parts. Shares no code with what writes them.

Sources: ECMA-376 part 1 (order of elements, tables, data validations) and part 2 (content types, relationships), and
Microsoft's "Excel specifications and limits". LibreOffice and openpyxl open most of what is found here without a word.
"""

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from xml.etree import ElementTree as ET

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts",
    "extLst",
)  # fmt: skip
"""The children of a worksheet, in the one order that they may have (18.3.1.99)."""
_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_RANGE = re.compile(r"(?:'((?:[^']|'')+)'|([\w.]+))!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
_CODE = re.compile(r"_x[0-9A-Fa-f]{4}_")
_NAME = re.compile(r"[^\W\d][\w.]{0,254}|\\[\w.]{0,254}")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[rRcC]|[rR]\d*[cC]\d*")
_ROWS, _COLUMNS, _CHARACTERS, _LINKS = 1_048_576, 16_384, 32_767, 65_530
Box = tuple[int, int, int, int]


def faults(data: bytes) -> list[str]:
    """Everything that is wrong with a workbook, each with its part."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        names = package.namelist()
        parts = {name: package.read(name) for name in names}
    found = [f"{name}: twice in the package" for name, times in Counter(names).items() if times > 1]
    trees: dict[str, ET.Element] = {}
    for name, content in parts.items():
        if name.endswith((".xml", ".rels", ".vml")):
            try:
                trees[name] = ET.fromstring(content)  # noqa: S314  (what we wrote ourselves)
            except ET.ParseError as error:
                found.append(f"{name}: no XML ({error})")
    found = found or list(_package(parts, trees))
    return found or list(_Workbook(trees).faults())


def _package(parts: dict[str, bytes], trees: dict[str, ET.Element]) -> Iterator[str]:
    types = trees["[Content_Types].xml"]
    by_end = {e.get("Extension", "").lower() for e in types if e.tag.endswith("Default")}
    by_name = [e.get("PartName", "").lstrip("/") for e in types if e.tag.endswith("Override")]
    yield from (f"[Content_Types].xml: {name} is not there" for name in by_name if name not in parts)
    yield from (f"[Content_Types].xml: {name} twice" for name, times in Counter(by_name).items() if times > 1)
    meant = {"[Content_Types].xml"}
    for name in parts:
        if name not in by_name and name.rsplit(".", 1)[-1].lower() not in by_end:
            yield f"{name}: has no content type"
        if name.endswith(".rels"):
            meant.add(name)
            ids = Counter(e.get("Id") for e in trees[name])
            yield from (f"{name}: {id_} twice" for id_, times in ids.items() if times > 1)
            meant |= set(_targets(name, trees[name]).values())
    yield from (f"{name}: nothing refers to it" for name in parts.keys() - meant)
    yield from (f"{name}: is referred to and not there" for name in meant - parts.keys())
    for name, tree in trees.items():
        folder, base = posixpath.split(name)
        relations = trees.get(f"{folder}/_rels/{base}.rels")
        known = {e.get("Id") for e in relations} if relations is not None else set()
        used = {value for e in tree.iter() for at, value in e.attrib.items() if at.startswith(_RELATION)}
        yield from (f"{name}: {id_} leads nowhere" for id_ in used - known)


def _targets(name: str, relations: ET.Element) -> dict[str, str]:
    """Where the relations of a part lead inside the package, by their ids."""
    folder = posixpath.dirname(posixpath.dirname(name))
    return {
        e.get("Id", ""): posixpath.normpath(posixpath.join("/" + folder, e.get("Target", ""))).lstrip("/")
        for e in relations
        if e.get("TargetMode") != "External"
    }


def _box(reference: str) -> Box | None:
    """The first and last row, the first and last column of a range; None where it is none within a sheet's limits."""
    found = [_CELL.fullmatch(corner) for corner in reference.split(":")]
    if len(found) > 2 or not all(found):
        return None
    rows = [int(corner[2]) for corner in found if corner]
    columns = [_column(corner[1]) for corner in found if corner]
    box = rows[0], rows[-1], columns[0], columns[-1]
    return box if box[0] <= box[1] <= _ROWS and box[2] <= box[3] <= _COLUMNS else None


def _units(text: str) -> int:
    """The length of a text as Excel counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _children(tree: ET.Element, name: str) -> list[ET.Element]:
    """What stands in the one part of this name; nothing where there is none."""
    part = tree.find(f"{_MAIN}{name}")
    return [] if part is None else list(part)


def _overlap(one: Box, two: Box) -> bool:
    return one[0] <= two[1] and two[0] <= one[1] and one[2] <= two[3] and two[2] <= one[3]


class _Workbook:
    """The sheets of a workbook with what is in their cells."""

    def __init__(self, trees: dict[str, ET.Element]) -> None:
        self.trees = trees
        self.book = trees["xl/workbook.xml"]
        paths = _targets("xl/_rels/workbook.xml.rels", trees["xl/_rels/workbook.xml.rels"])
        self.sheets = {e.get("name", ""): paths.get(e.get(f"{_RELATION}id", ""), "") for e in self._sheet_elements}
        strings = trees.get("xl/sharedStrings.xml")
        items = [] if strings is None else list(strings)
        self.strings = ["".join(t.text or "" for t in each.iter(f"{_MAIN}t")) for each in items]
        styles = trees["xl/styles.xml"]
        self.formats, self.looks = (len(_children(styles, name)) for name in ("cellXfs", "dxfs"))
        self.cells: dict[str, dict[tuple[int, int], str | None]] = {}

    @property
    def _sheet_elements(self) -> list[ET.Element]:
        return _children(self.book, "sheets")

    def faults(self) -> Iterator[str]:
        names = [name.casefold() for name in self.sheets]
        if len(names) != len(self._sheet_elements) or len(set(names)) != len(names):
            yield "xl/workbook.xml: two sheets of one name"
        for name in self.sheets:
            if (
                not 0 < _units(name) <= 31
                or name.casefold() == "history"
                or re.search(r"[\[\]:*?/\\]", name)
                or name[0] == "'"
                or name[-1] == "'"
            ):
                yield f"xl/workbook.xml: {name!r} is no name for a sheet"
        for of in ("sheetId", f"{_RELATION}id"):
            if len({e.get(of) for e in self._sheet_elements}) != len(names):
                yield f"xl/workbook.xml: two sheets have one {of}"
        for name, path in self.sheets.items():
            yield from (f"{path} ({name}): {fault}" for fault in self._sheet(name, self.trees[path]))
        yield from self._tables()
        yield from (f"xl/workbook.xml: {fault}" for fault in self._names())
        for path, tree in self.trees.items():
            if path.startswith("xl/charts/chart"):
                yield from (f"{path}: {fault}" for fault in self._references(tree.iter(f"{_CHART}f")))

    # ---- one sheet

    def _sheet(self, name: str, tree: ET.Element) -> Iterator[str]:
        tags = [_ORDER.index(e.tag.removeprefix(_MAIN)) for e in tree if e.tag.startswith(_MAIN)]
        if tags != sorted(tags):
            yield "its elements are in another order than they may be"
        if any(times > 1 for tag, times in Counter(tags).items() if _ORDER[tag] != "conditionalFormatting"):
            yield "an element that may stand once stands twice"
        yield from self._cells(name, tree)
        yield from self._looks(tree)
        yield from _places(tree)
        yield from _validations(tree)
        yield from self._links(tree)
        for text in (e.text or "" for tag in ("oddHeader", "oddFooter") for e in tree.iter(f"{_MAIN}{tag}")):
            if len(text) > 255:
                yield "a header or a footer of more than 255 characters"

    def _looks(self, tree: ET.Element) -> Iterator[str]:
        for e in tree.iter(f"{_MAIN}col"):
            if float(e.get("width", 0)) > 255 or int(e.get("style", 0)) >= self.formats:
                yield f"columns {e.get('min')}-{e.get('max')}: too wide, or of no style"
        for rule in tree.iter(f"{_MAIN}cfRule"):
            if rule.get("dxfId") and int(rule.get("dxfId", 0)) >= self.looks:
                yield "a conditional format of no look"

    def _links(self, tree: ET.Element) -> Iterator[str]:
        links = list(tree.iter(f"{_MAIN}hyperlink"))
        if len(links) > _LINKS:
            yield f"{len(links)} links"
        for link in links:
            place = link.get("location")
            if place and not _sheet_of(place) <= set(self.sheets):
                yield f"{link.get('ref')} leads to {place}"

    def _cells(self, name: str, tree: ET.Element) -> Iterator[str]:
        cells = self.cells.setdefault(name, {})
        last_row = 0
        for row in tree.iter(f"{_MAIN}row"):
            number, last = int(row.get("r", 0)), 0
            if not last_row < number <= _ROWS or float(row.get("ht", 0)) > 409.5:
                yield f"row {number} after row {last_row}, or too high"
            last_row = number
            for cell in row:
                at = _CELL.fullmatch(cell.get("r", ""))
                column = _column(at[1]) if at else 0
                if at is None or int(at[2]) != number or not last < column <= _COLUMNS:
                    yield f"cell {cell.get('r')} in row {number} after column {last}"
                last = column
                cells[number, column], fault = self._value(cell)
                if fault or int(cell.get("s", 0)) >= self.formats:
                    yield f"{cell.get('r')}: {fault or 'of no style'}"

    def _value(self, cell: ET.Element) -> tuple[str | None, str]:
        """What a cell holds (None: nothing), and what is wrong with it."""
        value, kind = cell.findtext(f"{_MAIN}v"), cell.get("t", "n")
        if kind == "inlineStr":
            text = "".join(t.text or "" for t in cell.iter(f"{_MAIN}t"))
            return text, "too long a text" if _units(_CODE.sub("_", text)) > _CHARACTERS else ""
        if kind == "s":
            known = value is not None and value.isdecimal() and int(value) < len(self.strings)
            return (self.strings[int(value or 0)], "") if known else ("", "no shared string")
        if kind == "n" and value and not _NUMBER.fullmatch(value):
            return value, f"no number: {value}"
        return value, ""

    # ---- what refers to sheets

    def _tables(self) -> Iterator[str]:
        names: list[str] = [e.get("name", "").casefold() for e in self.book.iter(f"{_MAIN}definedName")]
        ids: list[str] = []
        for sheet, path in self.sheets.items():
            folder, base = posixpath.split(path)
            relations = self.trees.get(f"{folder}/_rels/{base}.rels")
            paths = _targets(f"{folder}/_rels/{base}.rels", relations) if relations is not None else {}
            parts = [paths.get(e.get(f"{_RELATION}id", "")) for e in self.trees[path].iter(f"{_MAIN}tablePart")]
            tables = [self.trees[part] for part in parts if part]
            boxes = [_box(table.get("ref", "")) for table in tables]
            tree = self.trees[path]
            others = [_box(e.get("ref", "")) for tag in ("mergeCell", "autoFilter") for e in tree.iter(f"{_MAIN}{tag}")]
            yield from (f"{path}: {fault}" for fault in _apart("tables", [b for b in (*boxes, *others) if b]))
            for table, box in zip(tables, boxes, strict=True):
                name = table.get("displayName", "")
                names.append(name.casefold())
                ids.append(table.get("id", ""))
                if not _NAME.fullmatch(name) or _LIKE_A_CELL.fullmatch(name):
                    yield f"{path}: {name!r} is no name for a table"
                if box is None or box[0] == box[1]:
                    yield f"{path}: table {name} has no row"
                    continue
                heads = [e.get("name", "") for e in table.iter(f"{_MAIN}tableColumn")]
                shown = [self.cells[sheet].get((box[0], column)) for column in range(box[2], box[3] + 1)]
                if heads != shown or len({head.casefold() for head in heads}) != len(heads):
                    yield f"{path}: table {name} has the columns {heads}, its header {shown}"
        yield from (f"{name} is the name of two tables or cells" for name, times in Counter(names).items()
                    if times > 1 and not name.startswith("_xlnm."))  # fmt: skip
        if len(set(ids)) != len(ids):
            yield "two tables have one id"

    def _names(self) -> Iterator[str]:
        told: Counter[tuple[str, str | None]] = Counter()
        for e in self.book.iter(f"{_MAIN}definedName"):
            name, scope = e.get("name", ""), e.get("localSheetId")
            told[name.casefold(), scope] += 1
            if not _NAME.fullmatch(name) or (_LIKE_A_CELL.fullmatch(name) and not name.startswith("_xlnm.")):
                yield f"{name!r} is no name"
            if scope is not None and int(scope) >= len(self.sheets):
                yield f"{name} belongs to no sheet"
            if not _sheet_of(e.text or "") <= set(self.sheets) or "#REF!" in (e.text or ""):
                yield f"{name} refers to {e.text}"
        yield from (f"{name} is named twice" for (name, _), times in told.items() if times > 1)

    def _references(self, formulas: Iterable[ET.Element]) -> Iterator[str]:
        for e in formulas:
            found = _RANGE.fullmatch(e.text or "")
            sheet = (found[1] or found[2] or "").replace("''", "'") if found else ""
            if found is None or sheet not in self.sheets:
                yield f"{e.text} is no range"
                continue
            rows = range(int(found[4]), int(found[6] or found[4]) + 1)
            columns = range(_column(found[3]), _column(found[5] or found[3]) + 1)
            if not any(self.cells[sheet].get((row, column)) for row in rows for column in columns):
                yield f"{e.text} holds nothing"


def _apart(what: str, boxes: list[Box]) -> Iterator[str]:
    ordered = sorted(boxes)
    for at, one in enumerate(ordered):
        if any(_overlap(one, two) for two in ordered[at + 1 : at + 200]):
            yield f"{what} lie over each other"


def _places(tree: ET.Element) -> Iterator[str]:
    merged = [_box(e.get("ref", "")) for e in tree.iter(f"{_MAIN}mergeCell")]
    if None in merged:
        yield "a merge of no range"
    yield from _apart("merges", [box for box in merged if box])
    for e in (*tree.iter(f"{_MAIN}conditionalFormatting"), *tree.iter(f"{_MAIN}dataValidation")):
        if not all(map(_box, e.get("sqref", "?").split())):
            yield f"{e.tag.removeprefix(_MAIN)} of no range: {e.get('sqref')}"


def _validations(tree: ET.Element) -> Iterator[str]:
    for e in tree.iter(f"{_MAIN}dataValidation"):
        formula = e.findtext(f"{_MAIN}formula1") or ""
        long = [name for name in ("promptTitle", "errorTitle") if len(e.get(name, "")) > 32]
        long += [name for name in ("prompt", "error") if len(e.get(name, "")) > 255]
        if long or (formula.startswith('"') and len(formula) > 257):
            yield f"a drop-down at {e.get('sqref')} says too much: {long or formula[:20]}"


def _sheet_of(formula: str) -> set[str]:
    """The sheets that a formula or a place names."""
    quoted = re.findall(r"'((?:[^']|'')+)'!", formula)
    plain = re.findall(r"(?<!['\w])(\w[\w.]*)!", re.sub(r"'(?:[^']|'')+'!", "", formula))
    return {name.replace("''", "'") for name in quoted} | set(plain)
