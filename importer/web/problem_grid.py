"""Problems at their cells, and a window of a sheet as a page shows it. Knows texts and places; no rule, no markup."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from importer import Problem, Sheet, cell_address, column_letters


class ProblemIndex:
    """The problems of a file by their cells and rows."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self._cells: dict[tuple[str | None, str], list[Problem]] = {}
        self._rows: dict[str | None, set[int]] = {}
        for problem in problems:
            if problem.cell is not None:
                self._cells.setdefault((problem.sheet, problem.cell), []).append(problem)
            if problem.row is not None:
                self._rows.setdefault(problem.sheet, set()).add(problem.row)
        self._sorted = {sheet: sorted(rows) for sheet, rows in self._rows.items()}

    def at(self, sheet: str | None, cell: str) -> Sequence[Problem]:
        """The problems of a cell."""
        return self._cells.get((sheet, cell), ())

    def rows(self, sheet: str | None) -> Sequence[int]:
        """The rows with problems, in their order."""
        return self._sorted.get(sheet, [])

    @property
    def sheets(self) -> Collection[str | None]:
        """The sheets with problems."""
        return self._rows.keys()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as a page shows it: its address, the header over it, its text, its problems."""

    address: str
    header: str
    text: str
    problems: Sequence[Problem]
    is_edited: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row as a page shows it."""

    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class ProblemGrid:
    """A sheet as a page shows it: its texts, the row of its header, its problems, and the cells that were edited."""

    name: str | None
    grid: Sheet
    header_row: int
    problems: ProblemIndex
    edits: Mapping[tuple[int, int], str]

    @property
    def width(self) -> int:
        """How many columns have anything in them."""
        columns = self.grid.columns
        return next((at for at in range(len(columns), 0, -1) if any(columns[at - 1])), 0)

    @property
    def problem_rows(self) -> Sequence[int]:
        """The rows of the sheet that have problems."""
        return self.problems.rows(self.name)

    def headers(self, columns: range) -> list[Cell]:
        """The cells of the header."""
        return [self._cell(self.header_row, at) for at in columns]

    def above(self, columns: range) -> list[Line]:
        """The rows above the header, where titles and categories stand; blank ones are left out."""
        lines = self.lines(range(1, self.header_row), columns)
        return [line for line in lines if any(cell.text for cell in line.cells)]

    def rows(self, *, only_problems: bool) -> Sequence[int]:
        """The rows below the header: all, or those with problems."""
        if only_problems:
            return [row for row in self.problem_rows if row > self.header_row]
        return range(self.header_row + 1, self.grid.height + 1)

    def lines(self, rows: Iterable[int], columns: range) -> list[Line]:
        """These rows, in these columns."""
        return [Line(row, [self._cell(row, at) for at in columns]) for row in rows if 1 <= row <= self.grid.height]

    def text(self, row: int, column: int) -> str:
        """The text of a cell, as it was edited."""
        return self.edits.get((row, column), self.grid.columns[column][row - 1])

    def _cell(self, row: int, column: int) -> Cell:
        address = cell_address(row, column)
        header = self.text(self.header_row, column).strip() if self.header_row else ""
        return Cell(
            address,
            header or column_letters(column),
            self.text(row, column),
            self.problems.at(self.name, address),
            (row, column) in self.edits,
        )
