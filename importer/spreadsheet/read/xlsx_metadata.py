"""What calamine does not tell of an .xlsx sheet, read from its XML: hidden rows, error cells, formulas without a
value, exact numbers, and how far the cells reach. Knows the package, and not what the cells mean.

Patterns over bytes, not a parser: one scan costs a tenth of reading the sheet, a parser in Python costs more than
reading it. The patterns follow ECMA-376 part 1, 18.3.1 (sheet data), with any namespace prefix. A sheet that is written
in a form that they do not know is read by a parser all the same.
"""

import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO

from importer.coordinates import Place, column_of
from importer.spreadsheet.read.limits import MARKS
from importer.spreadsheet.read.sheet_parser import SheetEvents, XmlCell, parse_sheet
from importer.spreadsheet.read.xlsx_parts import CellStyles, cell_styles, sheet_part
from importer.spreadsheet.read.xlsx_reach import ROOT, Reach, ReachFinder, SharedTexts, bound_all, sheet_pieces


@dataclass(slots=True)
class Look:
    """What one scan found. Rows are counted from 1, columns from 0.

    `styled_numbers` and `styled_texts` are the filled cells with one of the `styles`, by its number. `exact_numbers`
    are known only where a parser has read the sheet. `shown` are cells that show another text than their value, and
    `concealed` those that show nothing, where a format tells that itself.
    """

    errors: dict[Place, str] = field(default_factory=dict)
    without_value: set[Place] = field(default_factory=set)
    formulas: set[Place] = field(default_factory=set)
    sums_across: set[Place] = field(default_factory=set)
    sums_down: set[Place] = field(default_factory=set)
    shared_sums: dict[bytes, tuple[bool, bool]] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    filtered: bool = False
    styles: CellStyles = field(default_factory=CellStyles)
    styled_numbers: dict[Place, int] = field(default_factory=dict)
    styled_texts: dict[Place, int] = field(default_factory=dict)
    exact_numbers: dict[Place, str] | None = None
    shown: dict[Place, str] = field(default_factory=dict)
    concealed: set[Place] = field(default_factory=set)
    reach: Reach = field(default_factory=Reach)

    @property
    def marks(self) -> int:
        """How many cells there are of which more is kept than their text."""
        return len(self.errors) + len(self.formulas) + len(self.styled_numbers) + len(self.styled_texts)

    @property
    def unseen(self) -> set[Place]:
        """The cells that an engine may take for blank ones, and that are not."""
        return self.without_value | self.errors.keys()


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The patterns for one namespace prefix."""

    hidden_row: re.Pattern[bytes]
    error: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    calculated: re.Pattern[bytes]
    long_number: re.Pattern[bytes]
    formula_start: bytes
    mark: bytes
    column: re.Pattern[bytes]
    row_starts: re.Pattern[bytes]
    cell_starts: re.Pattern[bytes]
    addressed_row: bytes
    addressed_cell: bytes
    formula_starts: re.Pattern[bytes]
    styled: re.Pattern[bytes] | None


class _EndOfListError(Exception):
    """There is nothing more to see in the rows below."""


class _UnknownFormError(Exception):
    """The sheet is written in a form that the patterns do not know."""


_REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
# A sum, an average or a count over a range of this sheet, or over a column of a table.
_SUM = re.compile(
    rb"\b(?:SUM|AVERAGE|AVERAGEIF|COUNT|COUNTA|COUNTIF|MEDIAN|MIN|MAX|STDEV(?:\.[PS])?|SUBTOTAL|AGGREGATE)"
    rb"\([^()!]*?(?:\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)|\[)"
)
_SHARED = re.compile(rb'\bsi="(\d+)"')
_FEWEST_SUMMED = 3
"""The sum of a range of two is a person's own: the higher of two levels."""
_TEXT_TYPE = re.compile(rb'\bt="(?!n")')
_LONG_NUMBER = re.compile(r"-?\d{16,}(?:\.\d*)?|-?[\d.]+[eE]\+?\d+")
_MOST_HIDDEN = 500
_FORM_BYTES = 1 << 18
_ATTRIBUTE = re.compile(rb'\b(min|max|r)="(\d+)"')


def _patterns(mark: bytes, styles: CellStyles) -> _Patterns:
    prefix = re.escape(mark)
    cell, end = b"<" + prefix + b"c", b"</" + prefix + b"c>"
    value = b"<" + prefix + rb"v(?: [^<>]*)?>"
    numbers = b"|".join(b"%d" % number for number in sorted(styles.telling))
    return _Patterns(
        mark=mark,
        hidden_row=re.compile(b"<" + prefix + rb'row\b[^>]*?\bhidden="(?:1|true)"[^>]*>'),
        error=re.compile(cell + rb'\b([^>]*\bt="e"[^>]*)>.*?' + value + rb"([^<]*)<", re.DOTALL),
        formula=re.compile(
            cell + rb"\b([^>]*[^>/])>\s*<" + prefix + rb"f\b(?:[^>]*/>|[^>]*>[^<]*</" + prefix + rb"f>)\s*"
            rb"(?:<" + prefix + rb"v\s*/>|" + value + rb"</" + prefix + rb"v>)?\s*" + end
        ),
        calculated=re.compile(cell + rb"\b([^>]*[^>/])>\s*<" + prefix + rb"f\b([^>]*)>([^<]*)"),
        long_number=re.compile(
            cell + rb"\b([^>]*)>(?:<" + prefix + rb"f\b[^>]*>[^<]*</" + prefix + rb"f>)?" + value
            + rb"(-?\d{16,}(?:\.\d*)?|-?[\d.]+[eE]\+?\d+)<"
        ),
        formula_start=b"<" + mark + b"f",
        column=re.compile(b"<" + prefix + rb'col\b[^>]*\bhidden="(?:1|true)"[^>]*>'),
        row_starts=re.compile(b"<" + prefix + rb"row[\s/>]"),
        cell_starts=re.compile(b"<" + prefix + rb"c[\s/>]"),
        addressed_row=b"<" + mark + b'row r="',
        addressed_cell=b"<" + mark + b'c r="',
        formula_starts=re.compile(b"<" + prefix + rb"f[\s/>]"),
        styled=re.compile(cell + rb'\b([^>]*\bs="(' + numbers + rb')"[^>]*[^>/]|[^>]*\bs="(' + numbers + rb')")>')
        if numbers
        else None,
    )  # fmt: skip


def look(data: bytes, sheet: str, shared: SharedTexts) -> Look:
    """Scan the sheet of this name.

    Raises: Unreadable when reading its cells would exhaust the memory; what zipfile and lxml raise for a damaged part;
    LookupError where the sheet has none.
    """
    with zipfile.ZipFile(BytesIO(data)) as package:
        part = sheet_part(package, sheet)
        if part is None:
            raise LookupError(sheet)
        styles = cell_styles(package)
        try:
            found = _scan(package, part, styles, ReachFinder(package, part, sheet, shared))
        except _UnknownFormError:
            counted = bound_all(package, part, sheet, shared)
            with package.open(part) as stream:
                found = _parse(stream, Look(styles=styles, exact_numbers={}, reach=counted), sheet)
    return found


def bound_reach(found: Look, sheet: str) -> None:
    """Let the sheet reach to the cells that an engine may leave out.

    Raises: Unreadable when they lie so far out that reading it would exhaust the memory.
    """
    for row, column in found.unseen:
        found.reach.add(row, column)
    found.reach.bound(sheet, found.marks)


def colored_blanks(data: bytes, sheet: str, height: int, width: int) -> set[Place]:
    """The cells within so many rows and columns that have a colour and no value; none where the sheet cannot be read
    again.
    """
    found: set[Place] = set()
    with zipfile.ZipFile(BytesIO(data)) as package:
        part, styles = sheet_part(package, sheet), cell_styles(package)

        def add(cell: XmlCell) -> None:
            if cell.place[0] > height or len(found) > MARKS:  # the colored rest of a sheet may be a million rows
                raise _EndOfListError
            if cell.place[1] < width and cell.value is None and cell.style in styles.colored:
                found.add(cell.place)

        if part is not None and styles.colored:
            with package.open(part) as stream, suppress(_EndOfListError):
                parse_sheet(stream, SheetEvents(add, lambda _: None, lambda _first, _last: None, lambda: None))
    return found


def exact_numbers(data: bytes, sheet: str) -> dict[Place, str]:
    """The digits, as the file holds them, of the numbers that a float would change: 16 digits and more."""
    found: dict[Place, str] = {}
    with zipfile.ZipFile(BytesIO(data)) as package:
        part = sheet_part(package, sheet)
        for patterns, piece in _pieces_with_patterns(package, part, CellStyles()) if part else ():
            for match in patterns.long_number.finditer(piece):
                place = _place(match.group(1))
                if place and b't="s"' not in match.group(1):
                    found[place] = match.group(2).decode("ascii")
    return found


def _scan(package: zipfile.ZipFile, part: str, styles: CellStyles, finder: ReachFinder) -> Look:
    """What the patterns find.

    Raises: _UnknownFormError.
    """
    found = Look(styles=styles, reach=finder.reach)
    for patterns, piece in _pieces_with_patterns(package, part, styles):
        rows, cells = _make_sure_of_form(piece, patterns)
        finder.add(piece, patterns.mark, rows, cells)
        _look_at_columns(piece, patterns, found)
        _look_at_rows(piece, patterns, found)
        _look_at_styles(piece, patterns, found)
        found.reach.bound(finder.sheet, found.marks)
    return found


def _pieces_with_patterns(package: zipfile.ZipFile, part: str, styles: CellStyles) -> Iterator[tuple[_Patterns, bytes]]:
    """The sheet's XML, piece by piece, each with the patterns for the namespace prefix that the sheet uses."""
    patterns = None
    for piece in sheet_pieces(package, part):
        if patterns is None:
            prefix = ROOT.search(piece)
            if prefix is None:
                raise _UnknownFormError
            patterns = _patterns(prefix.group(1) or b"", styles)
        yield patterns, piece


def _make_sure_of_form(piece: bytes, patterns: _Patterns) -> tuple[int, int]:
    """The number of rows and of cells of a piece.

    Raises: _UnknownFormError where the patterns would miss a row, a cell, or what stands in it.
    """
    has_single_quotes = b"'" in piece and b"='" in piece
    start = piece[:_FORM_BYTES]  # a program that puts blanks around "=" does so everywhere
    has_other_prefix = (b"<v>" if patterns.mark else b":v>") in piece
    if has_other_prefix or has_single_quotes or b' ="' in start or b'= "' in start or b"<!" in piece:
        raise _UnknownFormError
    counts = []
    for addressed, starts in (
        (patterns.addressed_row, patterns.row_starts),
        (patterns.addressed_cell, patterns.cell_starts),
    ):
        count = piece.count(addressed)
        # Counting a fixed text costs a tenth of a pattern: the pattern is for pieces with `<col>`, `<rowBreaks>`.
        if count != piece.count(addressed[: -len(b' r="')]) and count != len(starts.findall(piece)):
            raise _UnknownFormError
        counts.append(count)
    return counts[0], counts[1]


def _look_at_styles(piece: bytes, patterns: _Patterns, found: Look) -> None:
    for match in patterns.styled.finditer(piece) if patterns.styled else ():
        attributes, *styles = match.groups()
        place = _place(attributes)
        if place:
            kept = found.styled_texts if _TEXT_TYPE.search(attributes) else found.styled_numbers
            kept[place] = int(next(filter(None, styles)))


class _ParsedLook:
    """What a parser finds in a sheet, cell by cell."""

    def __init__(self, look: Look, sheet: str) -> None:
        self.look = look
        self._sheet = sheet

    def add_cell(self, cell: XmlCell) -> None:
        """Add a cell of the sheet."""
        look, place = self.look, cell.place
        if cell.kind == "e":
            look.errors[place] = cell.value or ""
        if cell.formula is not None:
            if cell.value is None and cell.kind != "str":
                look.without_value.add(place)
            _add_formula(look, place, cell.formula.text.encode(), cell.formula.group.encode())
        if cell.value is None:
            return
        if cell.style in look.styles.telling:
            kept = look.styled_numbers if cell.kind == "n" else look.styled_texts
            kept[place] = cell.style
        if cell.kind == "n" and _LONG_NUMBER.fullmatch(cell.value) and look.exact_numbers is not None:
            look.exact_numbers[place] = cell.value
        look.reach.add(*place)
        look.reach.bound(self._sheet, look.marks)

    def add_hidden_columns(self, first: int, last: int) -> None:
        """Add a range of hidden columns, counted from 1."""
        _add_hidden_columns(self.look, first, last)

    def set_filtered(self) -> None:
        """Note that the sheet has a filter."""
        self.look.filtered = True


def _parse(stream: IO[bytes], look: Look, sheet: str) -> Look:
    parsed = _ParsedLook(look, sheet)
    events = SheetEvents(
        cell=parsed.add_cell,
        hidden_row=parsed.look.hidden_rows.append,
        hidden_columns=parsed.add_hidden_columns,
        filtered=parsed.set_filtered,
    )
    parse_sheet(stream, events)
    return parsed.look


def _look_at_columns(piece: bytes, patterns: _Patterns, found: Look) -> None:
    before, sheet_data, _ = piece.partition(b"sheetData")
    for match in patterns.column.finditer(before) if sheet_data else ():
        limits = dict(_ATTRIBUTE.findall(match.group()))
        first, last = int(limits.get(b"min", 1)), int(limits.get(b"max", 1))
        _add_hidden_columns(found, first, last)


def _add_hidden_columns(found: Look, first: int, last: int) -> None:
    if len(found.hidden_columns) < _MOST_HIDDEN:  # the same range may come again and again
        found.hidden_columns.extend(range(first - 1, min(last, first + _MOST_HIDDEN)))


def _look_at_rows(piece: bytes, patterns: _Patterns, found: Look) -> None:
    # A search for a fixed text costs a quarter of a pattern's: most sheets have none of these.
    if b'hidden="' in piece:
        for match in patterns.hidden_row.finditer(piece):
            found.hidden_rows.extend(int(number) for name, number in _ATTRIBUTE.findall(match.group()) if name == b"r")
    if b't="e"' in piece:
        count = 0
        for match in patterns.error.finditer(piece):
            count += 1
            if place := _place(match.group(1)):
                found.errors[place] = match.group(2).decode("utf-8", "replace")
        if count != piece.count(b't="e"'):
            raise _UnknownFormError
    if patterns.formula_start in piece:
        # A formula whose result is the empty text is stored with t="str" and no value: that one was calculated.
        without = (m.group(1) for m in patterns.formula.finditer(piece) if b't="str"' not in m.group(1))
        found.without_value.update(place for attributes in without if (place := _place(attributes)))
        _look_at_formulas(piece, patterns, found)
    # The filter stands behind the rows, so that the last piece ends with it.
    found.filtered = b"autoFilter" in piece[-65536:]


def _look_at_formulas(piece: bytes, patterns: _Patterns, found: Look) -> None:
    count = 0
    for match in patterns.calculated.finditer(piece):
        cell, attributes, formula = match.groups()
        place, shared = _place(cell), _SHARED.search(attributes)
        count += 1
        if place is not None:
            _add_formula(found, place, formula, shared.group(1) if shared else b"")
    if count != len(patterns.formula_starts.findall(piece)):
        raise _UnknownFormError


def _add_formula(found: Look, place: Place, formula: bytes, group: bytes) -> None:
    found.formulas.add(place)
    across, down = _sums(formula)
    if group:  # Of a formula that is filled over many cells only the first has the text; the others name it.
        across, down = found.shared_sums.setdefault(group, (across, down))
    found.sums_across.update([place] if across else [])
    found.sums_down.update([place] if down else [])


def _sums(formula: bytes) -> tuple[bool, bool]:
    """Whether a formula sums up, averages or counts cells of this sheet side by side, and cells below each other."""
    match = _SUM.search(formula) if b"!" not in formula else None
    if match is None:
        return False, False
    if not match.group(1):  # a column of a table, or some of its cells in this row
        is_this_row = b"@" in formula or b"#This Row" in formula
        return is_this_row, not is_this_row
    first, top, last, bottom = (each.decode("ascii") for each in match.groups())
    wide, high = abs(column_of(last) - column_of(first)) + 1, abs(int(bottom) - int(top)) + 1
    return wide >= _FEWEST_SUMMED, high >= _FEWEST_SUMMED


def _place(attributes: bytes) -> Place | None:
    match = _REFERENCE.search(attributes)
    return (int(match.group(2)), column_of(match.group(1).decode("ascii"))) if match else None
