"""The workbooks that a person gets back: a result, and a plan. Knows rows and outcomes, and not how they came about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook as Scaffold
from xlsxwriter.worksheet import Worksheet

from importer import model
from importer.model import Action, Change, Problem, Result
from importer.remedies import fix_in_workbook
from importer.spreadsheet.write.fast_xlsx import SHEET_ROWS, LayOut, Rows, write
from importer.spreadsheet.write.metadata_sheet import RECORD, Record, write_record
from importer.spreadsheet.write.palette import COLOURS, HEADER, HEADER_TEXT, INK, LINK, MARK, OURS
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
    Layout,
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
    """A large sheet before it is laid out: the person's columns of some rows, and ours beside them."""

    name: str
    table: Table
    rows: Sequence[int]
    our_headers: tuple[str, ...]
    our_columns: tuple[Texts, ...]
    marks: Mapping[int, frozenset[int]]
    is_linked: bool = False
    """Whether the last of our columns holds places, each a link to its cell."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What our sheets say where they stand behind a person's own: the place of each unit that has one, what the
    workbook keeps of itself, and the fills that are not seen now, by sheet.
    """

    places: Mapping[int, str]
    record: Record
    covered: Mapping[str, Mapping[bytes, Sequence[tuple[int, int]]]]


def write_result(
    target: BinaryIO, table: Table, rows: Sequence[int], results: Mapping[int, Result], summary: Summary
) -> None:
    """Write the sheets `Result`, `To fix` and `Summary`; every row of `rows` is joined to its result by row number."""
    sheets = _result_sheets(table, rows, results)
    write(target, lambda book: _lay_out(book, sheets, summary))


def lay_out_beside(
    table: Table, rows: Sequence[int], results: Mapping[int, Result], summary: Summary, beside: Beside
) -> LayOut:
    """The same sheets as they stand behind a person's own, with the record of what the workbook is."""
    names = beside.record.names
    sheets = _result_sheets(table, rows, results, beside)

    def lay_out(book: Scaffold) -> list[Rows]:
        large = [_lay_out_sheet(book, part, sheet) for part, sheet in enumerate(sheets, 1)]
        write_summary(book, summary, names[SUMMARY], legend=True)
        write_record(book, names[RECORD], beside.record, beside.covered)
        return large

    return lay_out


def _result_sheets(
    table: Table, rows: Sequence[int], results: Mapping[int, Result], beside: Beside | None = None
) -> list[_Sheet]:
    def ours(some: Sequence[int]) -> tuple[Texts, ...]:
        found = [results[row] for row in some]
        return (
            [result.outcome.value for result in found],
            [result.record_id or "" for result in found],
            *_problem_columns([result.problems for result in found]),
        )

    def ours_to_fix(some: Sequence[int]) -> tuple[Texts, ...]:
        return (*ours(some), [beside.places.get(row, "") for row in some]) if beside else ours(some)

    headers = (*IMPORT_COLUMNS, PLACE_COLUMN) if beside else IMPORT_COLUMNS
    names = beside.record.names if beside else {RESULT: RESULT, TO_FIX: TO_FIX}
    to_fix = [row for row in rows if results[row].outcome in model.TO_FIX]
    fixed = _sheets(names[TO_FIX], table, to_fix, headers, ours_to_fix, _marks(table, to_fix, results))
    return [
        *_sheets(names[RESULT], table, rows, IMPORT_COLUMNS, ours),
        *(replace(sheet, is_linked=beside is not None) for sheet in fixed),
    ]


def write_plan(
    target: BinaryIO,
    table: Table,
    changes: Mapping[int, Change],
    results: Mapping[int, Result],
    summary: Summary,
) -> None:
    """Write the sheets `Plan` and `Summary`: what each row would change, or why it changes nothing."""
    rows = [row for row in table.frame.index.to_list() if row in changes or row in results]

    def ours(some: Sequence[int]) -> tuple[Texts, ...]:
        found = [changes.get(row) or results[row] for row in some]
        return (
            [each.action.value if isinstance(each, Change) else each.outcome.value for each in found],
            [_held(each) if isinstance(each, Change) else "" for each in found],
            *_problem_columns([() if isinstance(each, Change) else each.problems for each in found]),
        )

    sheets = _sheets(PLAN, table, rows, PLAN_COLUMNS, ours, _marks(table, rows, results))
    write(target, lambda book: _lay_out(book, sheets, summary))


def _held(change: Change) -> str:
    """What the account holds now where the change would alter it: `level 2`."""
    if change.action is not Action.UPDATE or not change.before:
        return ""
    return ", ".join(
        f"{name} {'not set' if value is None else value}"
        for name, value in change.before.items()
        if change.fields.get(name) not in (None, value)
    )


def _problem_columns(problems: Sequence[Sequence[Problem]]) -> tuple[Texts, Texts]:
    """The errors and the remedies of each row, a line for each; the row is the place, so only the column is named."""
    errors = ["\n".join(map(_error, some)) if some else "" for some in problems]
    fixes = [
        "\n".join(dict.fromkeys(fix_in_workbook(each.remedies) for each in some if each.remedies)) if some else ""
        for some in problems
    ]
    return errors, fixes


def _error(problem: Problem) -> str:
    return f"{problem.column}: {problem.message}" if problem.column else problem.message


def _marks(table: Table, rows: Sequence[int], results: Mapping[int, Result]) -> dict[int, frozenset[int]]:
    """For each column the positions in `rows` whose cell has a problem."""
    column_of = {table.header(position): position for position in reversed(range(len(table.headers)))}
    marks: dict[int, set[int]] = {}
    for at, row in enumerate(rows):
        for problem in results[row].problems if row in results else ():
            column = (
                _cell_of(table, row, problem) if table.layout is Layout.MATRIX else column_of.get(problem.column or "")
            )
            if column is not None:
                marks.setdefault(column, set()).add(at)
    return {column: frozenset(positions) for column, positions in marks.items()}


def _cell_of(table: Table, row: int, problem: Problem) -> int | None:
    """The column that tells what a problem of a matrix is about: the person, the skill or the level."""
    spots = [(table.spot(row, position), position) for position in reversed(range(len(table.headers)))]
    return next((at for spot, at in spots if (spot.cell, spot.sheet) == (problem.cell, problem.sheet)), None)


def _sheets(
    name: str,
    table: Table,
    rows: Sequence[int],
    headers: tuple[str, ...],
    ours: Callable[[Sequence[int]], tuple[Texts, ...]],
    marks: Mapping[int, frozenset[int]] | None = None,
) -> list[_Sheet]:
    """The sheet, or as many of them as it takes to hold the rows."""
    size = SHEET_ROWS - 1
    parts = [rows[start : start + size] for start in range(0, max(len(rows), 1), size)]
    return [
        _Sheet(
            name if start == 0 else f"{name} {start + 1}",
            table,
            some,
            headers,
            ours(some),
            _within(marks or {}, start * size, size),
        )
        for start, some in enumerate(parts)
    ]


def _within(marks: Mapping[int, frozenset[int]], start: int, size: int) -> dict[int, frozenset[int]]:
    return {
        column: frozenset(at - start for at in positions if start <= at < start + size)
        for column, positions in marks.items()
    }


def _lay_out(book: Scaffold, sheets: Sequence[_Sheet], summary: Summary) -> list[Rows]:
    large = [_lay_out_sheet(book, part, sheet) for part, sheet in enumerate(sheets, 1)]
    write_summary(book, summary)
    return large


def _lay_out_sheet(book: Scaffold, part: int, sheet: _Sheet) -> Rows:
    table = sheet.table
    frame = table.frame if len(sheet.rows) == len(table.frame) else table.frame.loc[list(sheet.rows)]
    theirs: list[Texts] = [frame[position].to_list() for position in range(len(table.headers))]
    columns = [*theirs, *sheet.our_columns]
    headers = [*table.headers, *sheet.our_headers]
    worksheet = book.add_worksheet(sheet.name)
    _dress(book, worksheet, sheet, len(headers))
    linked = _link(worksheet, sheet) if sheet.is_linked else frozenset()
    for position, header in enumerate(headers):
        own = position < len(theirs)
        worksheet.write_string(0, position, header, _header_format(book, ours=not own))
        wraps = position - len(theirs) in range(*_WRAPPED.indices(len(headers)))
        look = LINK if position in linked else {"font_color": INK}
        worksheet.write_blank(1, position, None, book.add_format({"valign": "top", "text_wrap": wraps, **look}))
        worksheet.write_blank(2, position, None, book.add_format({"valign": "top", "text_wrap": wraps, **MARK}))
        width = _width(header, columns[position]) if own else _OUR_WIDTHS[position - len(theirs)]
        worksheet.set_column(position, position, width)
    return Rows(part, columns, table.numbers, sheet.marks, _lines(sheet.our_columns[_WRAPPED]))


def _link(worksheet: Worksheet, sheet: _Sheet) -> frozenset[int]:
    """Make links of the places, and of the cells of a matrix beside them; return the columns in which they stand."""
    width = len(sheet.table.headers)
    columns = [
        width + len(sheet.our_headers) - 1,
        *(at for at in range(width) if sheet.table.headers[at] == CELL_HEADER),
    ]
    for row, place in enumerate(sheet.our_columns[-1][: _LINKS // len(columns)], 1):
        name, _, cell = place.rpartition("!")
        for column in columns if cell else ():
            target = "internal:'" + name.replace("'", "''") + f"'!{cell}"
            worksheet.write_url(row, column, target, string=place)
    return frozenset(columns)


def _header_format(book: Scaffold, *, ours: bool) -> Format:
    return book.add_format(
        {
            "bold": True,
            "font_color": HEADER_TEXT,
            "bg_color": OURS if ours else HEADER,
            "valign": "vcenter",
            "text_wrap": True,
            "border": 1,
            "border_color": HEADER_TEXT,
        }
    )


def _dress(book: Scaffold, worksheet: Worksheet, sheet: _Sheet, width: int) -> None:
    """What makes the sheet good to look at and to print."""
    height = len(sheet.rows)
    status = len(sheet.table.headers)
    worksheet.freeze_panes(1, 0)
    worksheet.set_row(0, 24)
    worksheet.autofilter(0, 0, max(height, 1), width - 1)
    worksheet.ignore_errors({"number_stored_as_text": f"A1:XFD{SHEET_ROWS}"})
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0)
    worksheet.set_footer("&L&F, &A&RPage &P of &N")
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
