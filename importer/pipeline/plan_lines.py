"""The lines of a plan's workbook as a person left them: where each stands, what it says, whether it is approved.

Knows sheets and texts; knows no change, and decides nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from importer.coordinates import address
from importer.messages import about_files, about_plans
from importer.model import CellRef, Outcome, Problem, Result
from importer.spreadsheet.read.book import Book
from importer.table import APPROVE, PLAN_COLUMNS, Sheet
from importer.text import fold

_HEADER_WITHIN = 20
"""Rows in which the header is looked for, should somebody have put a remark above it."""
MOST_COMPARED = 500
"""Lines that are gone with which an edited one is compared, to say what was edited."""

Texts = tuple[str, ...]
"""What a line says under each of the plan's headers, as it is compared."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet `Plan`: where it stands, what it says in the plan's columns, and whether it is approved."""

    sheet: str
    row: int
    own: Texts
    said: Texts
    compared: Texts
    columns: tuple[int, ...]
    is_approved: bool

    def ref(self, sheets: Sequence[str]) -> CellRef:
        """What the line is referred to by."""
        return CellRef.at(self.row, sheet=sheets.index(self.sheet))


def lines_of(book: Book, record: Mapping[str, Any]) -> Iterator[Line]:
    """The lines of the plan, on as many sheets as it took.

    Raises: Unreadable where a column of the plan is gone.
    """
    for sheet in book.plan_sheets(record.get("title", "")):
        grid = book.grid(sheet)
        header, headings = header_of(book, grid)
        own = [nth(headings, at, heading) for at, heading in numbered(heading for _, heading, _ in record["columns"])]
        said = [nth(headings, -1 if header in PLAN_COLUMNS else 0, header) for header in record["headers"]]
        missing = [name for name, at in zip(record["headers"], said, strict=True) if at is None]
        approve = nth(headings, -1, APPROVE)
        if missing or approve is None:
            raise about_files.plan_columns_missing(book.path.name, missing or [APPROVE])
        places = [at for at in said if at is not None]
        rows = list(zip(*(column[header:] for column in grid.columns), strict=True))
        for number, row in enumerate(rows, header + 1):
            texts = tuple(row[at] for at in places)
            if any(texts):
                yield Line(
                    sheet,
                    number,
                    tuple("" if at is None else row[at] for at in own),
                    texts,
                    tuple(map(compared, texts)),
                    tuple(places),
                    fold(row[approve]) == "yes",
                )


def header_of(book: Book, grid: Sheet) -> tuple[int, list[str]]:
    """The row of the header (from 1), and what it says."""
    for row in range(1, min(grid.height, _HEADER_WITHIN) + 1):
        headings = [column[row - 1].strip() for column in grid.columns]
        if PLAN_COLUMNS[0] in headings:
            return row, headings
    raise about_files.plan_columns_missing(book.path.name, list(PLAN_COLUMNS[:1]))


def numbered(headings: Iterator[str]) -> Iterator[tuple[int, str]]:
    """Each heading with how many equal ones stand before it."""
    seen: dict[str, int] = {}
    for heading in headings:
        yield seen.get(fold(heading), 0), heading
        seen[fold(heading)] = seen.get(fold(heading), 0) + 1


def nth(headings: Sequence[str], which: int, heading: str) -> int | None:
    """Where a heading stands that may stand there several times; None where it does not stand so often."""
    places = [at for at, text in enumerate(headings) if fold(text) == fold(heading)]
    return places[which] if which < len(places) and places else None


def compared(text: str) -> str:
    """A text as it is compared: programs write numbers otherwise, and other white space."""
    folded = fold(text)
    try:
        return repr(float(folded)) if folded[:1] in "0123456789-" and folded[-1:].isdigit() else folded
    except ValueError:
        return folded


class Edits:
    """Tells what was edited in a line, by the lines of the plan that are gone."""

    def __init__(self, gone: Sequence[Texts], headers: Sequence[str]) -> None:
        self._gone = [(texts, tuple(map(compared, texts))) for texts in gone]
        self._headers = headers
        self._left = MOST_COMPARED

    def result(self, line: Line, ref: CellRef) -> Result:
        """The result of a line that says something else than when the plan was made."""
        self._left -= 1
        before = max(self._gone, key=lambda each: _alike(each[1], line), default=None) if self._left >= 0 else None
        problem, cell, column, value = Problem.of(about_plans.line_added(), ref), None, None, None
        if before is not None and _alike(before[1], line) * 2 >= len(self._headers):
            at = next(at for at, text in enumerate(before[1]) if text != line.compared[at])
            column, value, cell = self._headers[at], line.said[at], address(line.row, line.columns[at])
            problem = Problem.of(about_plans.line_edited(column, before[0][at], value), ref)
        placed = replace(problem, row=line.row, cell=cell, column=column, value=value, sheet=line.sheet)
        return Result(Outcome.INVALID, problems=(placed,))


def _alike(texts: Texts, line: Line) -> int:
    return sum(text == said for text, said in zip(texts, line.compared, strict=True))
