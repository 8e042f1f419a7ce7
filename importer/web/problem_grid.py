"""Problems at their cells, and a window of a sheet as a page shows it. Knows texts and places; no rule, no markup."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from importer.model import Problem
from importer.table import Sheet, address, letters


class Marks:
    """Where the problems of a file stand."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self._cells: dict[tuple[str | None, str], list[Problem]] = {}
        self._rows: dict[str | None, dict[int, list[Problem]]] = {}
        for problem in problems:
            if problem.cell is not None:
                self._cells.setdefault((problem.sheet, problem.cell), []).append(problem)
            if problem.row is not None:
                self._rows.setdefault(problem.sheet, {}).setdefault(problem.row, []).append(problem)
        self._sorted = {sheet: sorted(rows) for sheet, rows in self._rows.items()}

    def at(self, sheet: str | None, cell: str) -> Sequence[Problem]:
        """The problems of a cell."""
        return self._cells.get((sheet, cell), ())

    def of_row(self, sheet: str | None, row: int) -> Sequence[Problem]:
        """The problems of a row, those of its cells among them."""
        return self._rows.get(sheet, {}).get(row, ())

    def rows(self, sheet: str | None) -> Sequence[int]:
        """The rows with problems."""
        return self._sorted.get(sheet, [])

    @property
    def sheets(self) -> Collection[str | None]:
        """The sheets with problems."""
        return self._rows.keys()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is shown: its address, what stands over it, its text, what is wrong with it."""

    address: str
    header: str
    text: str
    problems: Sequence[Problem]
    is_mended: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is shown."""

    number: int
    cells: Sequence[Cell]
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class ProblemGrid:
    """A sheet that is shown: its texts, the row of its header, its problems, and the cells that were mended."""

    name: str | None
    grid: Sheet
    header_row: int
    marks: Marks
    mends: Mapping[tuple[int, int], str]

    @property
    def width(self) -> int:
        """How many columns have anything in them."""
        columns = self.grid.columns
        return next((at for at in range(len(columns), 0, -1) if any(columns[at - 1])), 0)

    def headers(self, columns: range) -> list[Cell]:
        """The cells of the header."""
        return [self._cell(self.header_row, at) for at in columns]

    def above(self, columns: range) -> list[Line]:
        """The rows above the header, where titles and categories stand; blank ones are left out."""
        lines = self.lines(range(1, self.header_row), columns)
        return [line for line in lines if any(cell.text for cell in line.cells)]

    def rows(self, *, only_problems: bool) -> Sequence[int]:
        """The rows below the header that are shown."""
        if only_problems:
            return [row for row in self.marks.rows(self.name) if row > self.header_row]
        return range(self.header_row + 1, self.grid.height + 1)

    def lines(self, rows: Iterable[int], columns: range) -> list[Line]:
        """These rows, in these columns."""
        return [
            Line(row, [self._cell(row, at) for at in columns], self.marks.of_row(self.name, row))
            for row in rows
            if 1 <= row <= self.grid.height
        ]

    def text(self, row: int, column: int) -> str:
        """What stands in a cell, as it was mended."""
        return self.mends.get((row, column), self.grid.columns[column][row - 1])

    def _cell(self, row: int, column: int) -> Cell:
        place = address(row, column)
        header = self.text(self.header_row, column).strip() if self.header_row else ""
        return Cell(
            place,
            header or letters(column),
            self.text(row, column),
            self.marks.at(self.name, place),
            (row, column) in self.mends,
        )
