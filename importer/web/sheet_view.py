"""A sheet as a page shows it: which of its rows, in which order, and the texts and problems of a window of its cells.

Knows texts and places; no rule, no markup.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from importer import CellPosition, Problem, ProblemGroup, Sheet, column_letters
from importer.web.edit_history import Texts
from importer.web.page_text import page_fix

_ROWS_MEASURED = 200
_NARROWEST, _WIDEST = 5, 30
"""Of a column, in letters."""
_BESIDE_ROLE = 3
"""The letters of the column stand beside its role."""
_LONGEST_TEXT = 300
"""So many letters of a cell are shown; the rest is seen when it is edited."""


@dataclass(frozen=True, slots=True)
class RowQuery:
    """Which rows of a sheet are wanted, and in which order.

    `code` and `group` are the kind and the group of problems that a row must have; `text` is what must stand in it, in
    the `column` (from 0) if one is told; `sort` is the column by which the rows are ordered.
    """

    only_problems: bool = False
    code: str = ""
    group: int | None = None
    column: int | None = None
    text: str = ""
    sort: int | None = None
    is_descending: bool = False


class SheetView:
    """One sheet of a file that was read, with the groups of its problems. `frozen` is the column (from 0) that stays in
    view.
    """

    def __init__(
        self, name: str | None, grid: Sheet, header_row: int, frozen: int, groups: Sequence[ProblemGroup]
    ) -> None:
        self.name = name
        self.grid = grid
        self.header_row = min(header_row, grid.height)
        self.frozen = frozen
        self.width = next((at for at in range(len(grid.columns), 0, -1) if any(grid.columns[at - 1])), 0)
        self._cells: dict[tuple[int, int], list[Problem]] = {}
        self._rows: dict[int, list[Problem]] = {}
        self._group_at: dict[tuple[int, int], int] = {}
        self._groups: dict[int, set[tuple[int, int | None]]] = {}
        self._codes: dict[str, set[tuple[int, int | None]]] = {}
        for group in groups:
            for place in group.places:
                self._add(place.problem, place.cell, group.number)
        self._latest: tuple[RowQuery, Sequence[int]] | None = None

    def _add(self, problem: Problem, cell: CellPosition | None, group: int) -> None:
        if problem.sheet != self.name or (cell is None and problem.row is None):
            return
        row, column = (problem.row or 0, None) if cell is None else cell[1:]
        if column is None:
            self._rows.setdefault(row, []).append(problem)
        else:
            self._cells.setdefault((row, column), []).append(problem)
            self._group_at.setdefault((row, column), group)
        self._groups.setdefault(group, set()).add((row, column))
        self._codes.setdefault(problem.code, set()).add((row, column))

    @property
    def problem_rows(self) -> int:
        """How many rows have problems."""
        return len({row for row, _ in self._cells} | self._rows.keys())

    # ---- which rows

    def rows(self, query: RowQuery) -> Sequence[int]:
        """The rows that a query wants, by their numbers; the row of the header is never among them.

        A row that was edited stays where it is until the file is checked again.
        """
        if self._latest is None or self._latest[0] != query:
            self._latest = (query, self._find(query))
        return self._latest[1]

    def _find(self, query: RowQuery) -> Sequence[int]:
        rows: Sequence[int] = range(1, self.grid.height + 1)
        if query.only_problems or query.code or query.group is not None:
            wanted = self._wanted(query)
            rows = sorted({row for row, column in wanted if query.column in (None, column) or query.text})
        if query.text:
            rows = self._with_text(rows, query.text.casefold(), query.column)
        if query.sort is not None and query.sort < len(self.grid.columns):
            cells = self.grid.columns[query.sort]
            below = [row for row in rows if row > self.header_row]
            filled = sorted((row for row in below if cells[row - 1]), key=lambda row: _order(cells[row - 1]),
                            reverse=query.is_descending)  # fmt: skip
            rows = [*filled, *(row for row in below if not cells[row - 1])]
        return [row for row in rows if row != self.header_row]

    def _wanted(self, query: RowQuery) -> set[tuple[int, int | None]]:
        if query.group is not None:
            return self._groups.get(query.group, set())
        if query.code:
            return self._codes.get(query.code, set())
        return set().union(*self._codes.values())

    def _with_text(self, rows: Sequence[int], text: str, column: int | None) -> list[int]:
        columns = self.grid.columns if column is None else self.grid.columns[column : column + 1]
        found = {row for cells in columns for row, cell in enumerate(cells, 1) if cell and text in cell.casefold()}
        return [row for row in rows if row in found]

    # ---- what is shown

    def columns(self, roles: Mapping[int, str], edits: Texts) -> list[dict[str, Any]]:
        """For each column its letters, its heading, what it is read as, its width in letters, and what is wrong with
        its heading.
        """
        return [
            {
                "letters": column_letters(at),
                "role": roles.get(at, ""),
                "width": self._letters(at, roles.get(at, "")),
                **self._cell(self.header_row, at, edits),
            }
            for at in range(self.width)
        ]

    def _letters(self, column: int, role: str) -> int:
        cells = self.grid.columns[column]
        start = max(self.header_row - 1, 0)
        longest = max(len(role) + _BESIDE_ROLE, *map(len, cells[start : start + _ROWS_MEASURED]))
        return min(max(longest + 2, _NARROWEST), _WIDEST)

    def line(self, row: int, columns: Sequence[int], edits: Texts) -> dict[str, Any]:
        """A row: its number, what is wrong with it as a whole, and its cells in these columns."""
        return {
            "row": row,
            "wrong": _said(self._rows.get(row, ())),
            "cells": [self._cell(row, column, edits) for column in columns],
        }

    def _cell(self, row: int, column: int, edits: Texts) -> dict[str, Any]:
        if not row:
            return {"text": ""}
        cell: dict[str, Any] = {"text": self.text(row, column, edits)[:_LONGEST_TEXT]}
        if (self.name, row, column) in edits:
            cell["edited"] = True
        if problems := self._cells.get((row, column)):
            cell |= {"wrong": _said(problems), "group": self._group_at[row, column]}
        return cell

    def text(self, row: int, column: int, edits: Texts) -> str:
        """What stands in a cell, as it was edited."""
        return edits.get((self.name, row, column), self.grid.columns[column][row - 1])

    def block(self, rows: Sequence[int], columns: range, edits: Texts) -> str:
        """The texts of some cells as spreadsheets copy them: tabs between cells, a line for each row."""
        text = io.StringIO()
        writer = csv.writer(text, csv.excel_tab, lineterminator="\n")
        writer.writerows([self.text(row, column, edits) for column in columns] for row in rows)
        return text.getvalue()

    def fill(self, rows: Sequence[int], columns: range, texts: Sequence[Sequence[str]]) -> Texts:
        """The texts for these cells, made of a block of texts: repeated until the cells are full."""
        return {
            (self.name, row, column): line[across % len(line)]
            for down, row in enumerate(rows)
            if (line := texts[down % len(texts)])
            for across, column in enumerate(columns)
        }

    def replace(self, rows: Sequence[int], find: str, by: str, column: int | None, edits: Texts) -> Texts:
        """The texts of those cells in which something is found, with something else in its place. Case counts."""
        columns = range(self.width) if column is None else range(column, column + 1)
        texts = ((row, at, self.text(row, at, edits)) for row in rows for at in columns)
        return {(self.name, row, at): text.replace(find, by) for row, at, text in texts if find in text}


def read_block(text: str) -> list[list[str]]:
    """The texts of a block that was copied from a spreadsheet, line by line."""
    lines = io.StringIO(text.removesuffix("\n").removesuffix("\r"), newline="")
    return [line or [""] for line in csv.reader(lines, csv.excel_tab)] or [[""]]


def _said(problems: Sequence[Problem]) -> str:
    return " ".join(f"{each.message} {page_fix(each.remedies)}".strip() for each in problems)


def _order(text: str) -> tuple[bool, float, str]:
    """Numbers by their size, then texts by their letters."""
    try:
        return False, float(text.replace(",", ".")), ""
    except ValueError:
        return True, 0.0, text.casefold()
