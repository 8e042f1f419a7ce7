"""The workbooks that a person gets back: a result, and a plan. Knows rows and outcomes, and not how they came about."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import pandas as pd
from xlsxwriter.workbook import Workbook as Scaffold
from xlsxwriter.worksheet import Worksheet

from importer import model
from importer.model import Action, CellRef, Change, Problem, Result
from importer.remedies import fix_in_workbook
from importer.spreadsheet.write.fast_xlsx import SHEET_ROWS, LayOut, Rows, write
from importer.spreadsheet.write.metadata_sheet import RECORD, Record, write_record
from importer.spreadsheet.write.palette import COLOURS, INK, LINK, MARK
from importer.spreadsheet.write.safe_text import csv_text
from importer.spreadsheet.write.sheet_style import allow_numbers_as_text, header_format, set_page
from importer.spreadsheet.write.summary_sheet import Summary, write_summary
from importer.table import (
    CELL_HEADER,
    IMPORT_COLUMNS,
    PLACE_COLUMN,
    PLAN,
    PLAN_COLUMNS,
    RESULT,
    SUMMARY,
    TO_FIX,
    Table,
)

_SAMPLE_ROWS = 200
_WIDEST, _NARROWEST = 44, 9
_OUR_WIDTHS = (15, 15, 48, 48, 18)
_WRAPPED = slice(2, 4)
"""Those of our columns that hold sentences."""
_LINKS = 65_000
"""Links that one sheet can hold, by Excel's own limit, and some to spare."""

Texts = list[str]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A large sheet before it is laid out: the person's columns of some records, and ours beside them.

    Shapes: `own_columns` has texts, by the records' references; `marks` are as `_marks` gives them.
    """

    name: str
    table: Table
    own_columns: pd.DataFrame
    marks: Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Beside:
    """What our sheets say where they stand behind a person's own: the place of each record that has one, what the
    workbook keeps of itself, and the fills that are not seen now, by sheet.
    """

    places: Mapping[CellRef, str]
    record: Record
    hidden_fills: Mapping[str, Mapping[bytes, Sequence[tuple[int, int]]]]


def write_result(
    target: BinaryIO, table: Table, refs: Sequence[CellRef], results: Mapping[CellRef, Result], summary: Summary
) -> None:
    """Write the sheets `Result`, `To fix` and `Summary`; each record of `refs` is joined to its result."""
    sheets = _result_sheets(table, refs, results)
    write(target, lambda book: _lay_out(book, sheets, summary))


def write_result_rows(
    target: BinaryIO, table: Table, refs: Sequence[CellRef], results: Mapping[CellRef, Result]
) -> None:
    """Write the rows of `Result` as CSV in UTF-8, marked for Excel, so that no program runs a text of them."""
    ours = _our_columns(IMPORT_COLUMNS, refs, [results[ref] for ref in refs])
    frame = table.frame.loc[ours.index]
    text = io.TextIOWrapper(target, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([csv_text(header) for header in (*(column.header for column in table.columns), *ours)])
    columns = [*(frame[name].to_list() for name in table.names), *(ours[header].to_list() for header in ours)]
    writer.writerows([csv_text(str(cell)) for cell in row] for row in zip(*columns, strict=True))
    text.detach()


def lay_out_beside(
    table: Table, refs: Sequence[CellRef], results: Mapping[CellRef, Result], summary: Summary, beside: Beside
) -> LayOut:
    """The same sheets as they stand behind a person's own, with the record of what the workbook is."""
    names = beside.record.names
    sheets = _result_sheets(table, refs, results, beside)

    def lay_out(book: Scaffold) -> list[Rows]:
        large = [_lay_out_sheet(book, part, sheet) for part, sheet in enumerate(sheets, 1)]
        write_summary(book, summary, names[SUMMARY], legend=True)
        write_record(book, names[RECORD], beside.record, beside.hidden_fills)
        return large

    return lay_out


def _result_sheets(
    table: Table, refs: Sequence[CellRef], results: Mapping[CellRef, Result], beside: Beside | None = None
) -> list[_Sheet]:
    ours = _our_columns(IMPORT_COLUMNS, refs, [results[ref] for ref in refs])
    to_fix = ours.loc[[results[ref].outcome in model.TO_FIX for ref in refs]]
    names: Mapping[str, str] = {RESULT: RESULT, TO_FIX: TO_FIX}
    if beside:
        names = beside.record.names
        to_fix = to_fix.assign(**{PLACE_COLUMN: [beside.places.get(CellRef(ref), "") for ref in to_fix.index]})
    return [*_sheets(names[RESULT], table, ours, {}), *_sheets(names[TO_FIX], table, to_fix, results)]


def write_plan(
    target: BinaryIO,
    table: Table,
    changes: Mapping[CellRef, Change],
    results: Mapping[CellRef, Result],
    summary: Summary,
) -> None:
    """Write the sheets `Plan` and `Summary`: what each row would change, or why it changes nothing."""
    refs = [ref for ref in table.refs if ref in changes or ref in results]

    ours = _our_columns(PLAN_COLUMNS, refs, [changes.get(ref) or results[ref] for ref in refs])
    sheets = _sheets(PLAN, table, ours, results)
    write(target, lambda book: _lay_out(book, sheets, summary))


def _our_columns(headers: Sequence[str], refs: Sequence[int], rows: Sequence[Result | Change]) -> pd.DataFrame:
    """Our columns as texts, by reference: what becomes of a record, its id or what the account holds now, the errors
    and the remedies, a line for each; the row is the place, so only the column of an error is named.
    """
    problems = [() if isinstance(each, Change) else each.problems for each in rows]
    columns = (
        [each.action.value if isinstance(each, Change) else each.outcome.value for each in rows],
        [_held(each) if isinstance(each, Change) else each.record_id or "" for each in rows],
        ["\n".join(map(_error, some)) for some in problems],
        [
            "\n".join(dict.fromkeys(fix_in_workbook(each.remedies) for each in some if each.remedies))
            for some in problems
        ],
    )
    return pd.DataFrame(dict(zip(headers, columns, strict=True)), pd.Index(list(refs), dtype="int64"), dtype=object)


def _remedies(problems: Sequence[Problem]) -> Iterable[str]:
    """What to do about a record, each remedy once."""
    return dict.fromkeys(fix_in_workbook(each.remedies) for each in problems if each.remedies)


def _held(change: Change) -> str:
    """What the account holds now where the change would alter it: `level 2`."""
    if change.action is not Action.UPDATE or not change.before:
        return ""
    return ", ".join(
        f"{name} {'not set' if value is None else value}"
        for name, value in change.before.items()
        if change.fields.get(name) not in (None, value)
    )


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


def _sheets(name: str, table: Table, ours: pd.DataFrame, results: Mapping[CellRef, Result]) -> list[_Sheet]:
    """The sheet, or as many of them as it takes to hold the records; the cells with a problem in `results` marked."""
    size = SHEET_ROWS - 1
    parts = [ours.iloc[start : start + size] for start in range(0, max(len(ours), 1), size)]
    return [
        _Sheet(name if number == 1 else f"{name} {number}", table, some, _marks(table, some.index, results))
        for number, some in enumerate(parts, 1)
    ]


def _lay_out(book: Scaffold, sheets: Sequence[_Sheet], summary: Summary) -> list[Rows]:
    large = [_lay_out_sheet(book, part, sheet) for part, sheet in enumerate(sheets, 1)]
    write_summary(book, summary)
    return large


def _lay_out_sheet(book: Scaffold, part: int, sheet: _Sheet) -> Rows:
    table = sheet.table
    frame = table.frame if len(sheet.own_columns) == len(table.frame) else table.frame.loc[sheet.own_columns.index]
    ours: dict[str, Texts] = {str(header): sheet.own_columns[header].to_list() for header in sheet.own_columns}
    theirs: list[Texts] = [frame[name].to_list() for name in table.names]
    columns = [*theirs, *ours.values()]
    headers = [*(column.header if PLACE_COLUMN in ours else column.heading for column in table.columns), *ours]
    worksheet = book.add_worksheet(sheet.name)
    _dress(book, worksheet, sheet, len(headers))
    linked = _link(worksheet, table, ours[PLACE_COLUMN]) if PLACE_COLUMN in ours else frozenset()
    for position, header in enumerate(headers):
        own = position < len(theirs)
        worksheet.write_string(0, position, header, header_format(book, second=not own, text_wrap=True))
        wraps = position - len(theirs) in range(*_WRAPPED.indices(len(headers)))
        look = LINK if position in linked else {"font_color": INK}
        worksheet.write_blank(1, position, None, book.add_format({"valign": "top", "text_wrap": wraps, **look}))
        worksheet.write_blank(2, position, None, book.add_format({"valign": "top", "text_wrap": wraps, **MARK}))
        width = _width(header, columns[position]) if own else _OUR_WIDTHS[position - len(theirs)]
        worksheet.set_column(position, position, width)
    numbers = frozenset(at for at, name in enumerate(table.names) if name in table.number_columns)
    return Rows(part, columns, numbers, sheet.marks, _lines(list(ours.values())[_WRAPPED]))


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


def _dress(book: Scaffold, worksheet: Worksheet, sheet: _Sheet, width: int) -> None:
    """What makes the sheet good to look at and to print."""
    height = len(sheet.own_columns)
    status = len(sheet.table.columns)
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
    return sum(1 + len(line) // _OUR_WIDTHS[2] for line in text.split("\n"))


def _width(header: str, texts: Sequence[str]) -> int:
    """The width of a column in characters: its longest text among the first rows, within reason."""
    longest = max((len(text) for text in texts[:_SAMPLE_ROWS]), default=0)
    return max(_NARROWEST, min(_WIDEST, max(longest, len(header) + 3) + 1))
