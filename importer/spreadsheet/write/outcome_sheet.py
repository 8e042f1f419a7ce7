"""A large sheet of outcomes, or of planned changes: the person's columns of some records, and ours beside them.

Knows texts and how they look; knows not how they came about.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd
from xlsxwriter.workbook import Workbook as Scaffold
from xlsxwriter.worksheet import Worksheet

from importer.model import CellRef, Problem, Result
from importer.remedies import fix_in_workbook
from importer.spreadsheet.write.fast_xlsx import SHEET_ROWS, RowBlocks, Rows
from importer.spreadsheet.write.palette import COLOURS, INK, LINK, MARK
from importer.spreadsheet.write.sheet_style import allow_numbers_as_text, header_format, set_page
from importer.table import CELL_HEADER, IMPORT_COLUMNS, IMPORT_ERROR, IMPORT_FIX, PLACE_COLUMN, Table

_SAMPLE_ROWS = 200
_WIDEST, _NARROWEST = 44, 9
_NARROW, _PLACE_WIDTH, _SENTENCES = 15, 18, 48
_WRAPPED = frozenset({IMPORT_ERROR, IMPORT_FIX})
"""Those of our columns that hold sentences."""
_LINKS = 65_000
"""Links that one sheet can hold, by Excel's own limit, and some to spare."""

Texts = list[str]


@dataclass(frozen=True, slots=True)
class OutcomeSheet:
    """A large sheet before it is laid out: the person's columns of some records, and ours beside them.

    Shapes: `own_columns` has texts, by the records' references; `marks` are as `_marks` gives them.
    """

    name: str
    table: Table
    own_columns: pd.DataFrame
    marks: Mapping[int, frozenset[int]]


def error_columns(problems: Sequence[Sequence[Problem]]) -> dict[str, Texts]:
    """The errors and the remedies of each record, a line for each; the row is the place, so only the column of an error
    is named.
    """
    return {
        IMPORT_ERROR: ["\n".join(map(_error, some)) if some else "" for some in problems],
        IMPORT_FIX: [_fixes(some) if some else "" for some in problems],
    }


def _fixes(problems: Sequence[Problem]) -> str:
    return "\n".join(dict.fromkeys(fix_in_workbook(each.remedies) for each in problems if each.remedies))


def _error(problem: Problem) -> str:
    return f"{problem.column}: {problem.message}" if problem.column else problem.message


def _marks(table: Table, refs: Iterable[int], results: Mapping[CellRef, Result]) -> dict[int, frozenset[int]]:
    """For each column (from 0) the positions in `refs` whose cell has a problem."""
    position_of = {table.header(name): at for at, name in reversed(list(enumerate(table.names)))}
    is_matrix = table.is_matrix
    marks: dict[int, set[int]] = {}
    for at, ref in enumerate(map(CellRef, refs)):
        for problem in results[ref].problems if ref in results else ():
            column = _position_of(table, ref, problem) if is_matrix else position_of.get(problem.column or "")
            if column is not None:
                marks.setdefault(column, set()).add(at)
    return {column: frozenset(positions) for column, positions in marks.items()}


def _position_of(table: Table, ref: CellRef, problem: Problem) -> int | None:
    """The column that tells what a problem of a matrix is about: the person, the skill or the level."""
    locations = [(table.location(ref, name), at) for at, name in reversed(list(enumerate(table.names)))]
    return next((at for spot, at in locations if (spot.cell, spot.sheet) == (problem.cell, problem.sheet)), None)


def split_into_sheets(
    name: str, table: Table, ours: pd.DataFrame, results: Mapping[CellRef, Result]
) -> list[OutcomeSheet]:
    """The sheet, or as many of them as it takes to hold the records; the cells with a problem in `results` marked."""
    size = SHEET_ROWS - 1
    parts = [ours.iloc[start : start + size] for start in range(0, max(len(ours), 1), size)]
    return [
        OutcomeSheet(name if number == 1 else f"{name} {number}", table, some, _marks(table, some.index, results))
        for number, some in enumerate(parts, 1)
    ]


def lay_out_sheet(book: Scaffold, part: int, sheet: OutcomeSheet) -> Rows:
    """Add the sheet, the `part`-th of a workbook that is being laid out; the rows that are to be put into it."""
    columns = _columns(sheet)
    _lay_out_head(book, sheet, columns, len(sheet.own_columns))
    return _rows(part, sheet, columns)


def lay_out_blocks(
    book: Scaffold, part: int, sample: OutcomeSheet, height: int, blocks: Iterable[OutcomeSheet]
) -> RowBlocks:
    """Add a sheet of so many rows, which are made in blocks when they are written. `sample` has the first of them."""
    columns = _columns(sample)
    _lay_out_head(book, sample, columns, height)
    width = len(columns.theirs) + len(columns.ours)
    return RowBlocks(part, width, height, (_rows(part, block, _columns(block)) for block in blocks))


def _rows(part: int, sheet: OutcomeSheet, columns: "_Columns") -> Rows:
    wrapped = [texts for header, texts in columns.ours.items() if header in _WRAPPED]
    return Rows(part, [*columns.theirs, *columns.ours.values()], _numbers(sheet.table), sheet.marks, _lines(wrapped))


def texts_of(sheet: OutcomeSheet) -> list[Texts]:
    """The columns of the sheet: the person's, and ours."""
    columns = _columns(sheet)
    return [*columns.theirs, *columns.ours.values()]


class _Columns(NamedTuple):
    """The columns of a sheet as texts: the person's, and ours by their headers."""

    theirs: list[Texts]
    ours: dict[str, Texts]


def _columns(sheet: OutcomeSheet) -> _Columns:
    table = sheet.table
    frame = table.frame if len(sheet.own_columns) == len(table.frame) else table.frame.loc[sheet.own_columns.index]
    ours: dict[str, Texts] = {str(header): sheet.own_columns[header].to_list() for header in sheet.own_columns}
    return _Columns([frame[name].to_list() for name in table.names], ours)


def _numbers(table: Table) -> frozenset[int]:
    return frozenset(at for at, name in enumerate(table.names) if name in table.number_columns)


def _lay_out_head(book: Scaffold, sheet: OutcomeSheet, columns: _Columns, height: int) -> None:
    """Add the sheet with its header and a prototype of every cell."""
    table, (theirs, ours) = sheet.table, columns
    headers = [*(column.header if PLACE_COLUMN in ours else column.heading for column in table.columns), *ours]
    worksheet = book.add_worksheet(sheet.name)
    _dress(book, worksheet, len(table.columns), len(headers), height)
    linked = _link(worksheet, table, ours[PLACE_COLUMN]) if PLACE_COLUMN in ours else frozenset()
    for position, header in enumerate(headers):
        own = position < len(theirs)
        worksheet.write_string(0, position, header, header_format(book, second=not own, text_wrap=True))
        wraps = not own and header in _WRAPPED
        look = LINK if position in linked else {"font_color": INK}
        worksheet.write_blank(1, position, None, book.add_format({"valign": "top", "text_wrap": wraps, **look}))
        worksheet.write_blank(2, position, None, book.add_format({"valign": "top", "text_wrap": wraps, **MARK}))
        width = _width(header, theirs[position]) if own else _our_width(header)
        worksheet.set_column(position, position, width)


def _link(worksheet: Worksheet, table: Table, places: Sequence[str]) -> frozenset[int]:
    """Make links of the places, in the last column, and of the cells of a matrix beside them; return their columns."""
    columns = [
        len(table.columns) + len(IMPORT_COLUMNS),
        *(at for at, column in enumerate(table.columns) if column.header == CELL_HEADER),
    ]
    for row, place in enumerate(places[: _LINKS // len(columns)], 1):
        name, _, cell = place.rpartition("!")
        for column in columns if cell else ():
            target = "internal:'" + name.replace("'", "''") + f"'!{cell}"
            worksheet.write_url(row, column, target, string=place)
    return frozenset(columns)


def _dress(book: Scaffold, worksheet: Worksheet, status: int, width: int, height: int) -> None:
    """What makes the sheet good to look at and to print; `status` is the column of the outcome."""
    worksheet.freeze_panes(1, 0)
    worksheet.set_row(0, 24)
    worksheet.autofilter(0, 0, max(height, 1), width - 1)
    allow_numbers_as_text(worksheet)
    set_page(worksheet, 0, "&L&F, &A&RPage &P of &N")
    for word, colours in COLOURS.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": book.add_format(dict(colours))}
        worksheet.conditional_format(1, status, max(height, 1), status, rule)


def _lines(wrapped: Sequence[Texts]) -> dict[int, int]:
    """For each position the lines that its wrapped texts take, where they are more than one."""
    return {
        at: lines
        for at, texts in enumerate(zip(*wrapped, strict=True))
        if texts != ("", "") and (lines := max(_line_count(text) for text in texts)) > 1
    }


def _line_count(text: str) -> int:
    return sum(1 + len(line) // _SENTENCES for line in text.split("\n"))


def _width(header: str, texts: Sequence[str]) -> int:
    """The width of a column in characters: its longest text among the first rows, within reason."""
    longest = max((len(text) for text in texts[:_SAMPLE_ROWS]), default=0)
    return max(_NARROWEST, min(_WIDEST, max(longest, len(header) + 3) + 1))


def _our_width(header: str) -> int:
    return _SENTENCES if header in _WRAPPED else _PLACE_WIDTH if header == PLACE_COLUMN else _NARROW
