"""A sheet as a person looks at it: what a cell shows, and what it looks like. Knows texts and places, and no header."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from importer.coordinates import Place, letters
from importer.layouts import vocabulary
from importer.layouts.legend import find_evident_legend
from importer.messages import about_sheets
from importer.table import EXAMPLE, Merge, Sheet
from importer.text import fold_header
from importer.validation.cell import CellError, is_nothing, is_removal
from importer.validation.level import HIGHEST, LevelScale, is_near_level
from importer.validation.level_words import is_no_value

Counts = NDArray[np.int32]
_LONG = 24
"""Characters beyond which a text is a remark, and no level."""
_DECIMAL = re.compile(r"\D{0,3}\d+[.,]\d+\s*%?|\D{0,3}\d+\s*%")
_FEWEST = 3
"""So many decimals in a line are no mistyped levels, but averages."""
_ERROR = re.compile(r"#[A-Z0-9/_]+[!?A]?")
_MERGED_CELLS = 20_000
"""More cells than this in one are a frame around a sheet, and no cell of a table."""


class SheetFeatures:
    """The texts of a sheet by row (from 1) and column (from 0); each distinct one is looked at once."""

    def __init__(self, grid: Sheet, scale: LevelScale) -> None:
        self.grid = grid
        self.columns = range(len(grid.columns))
        self.height = grid.height
        self._scale = scale
        self._known: dict[str, bool | None] = {}
        self._counted: dict[int, tuple[Counts, Counts]] = {}

    @cached_property
    def _legend(self) -> frozenset[Place]:
        """The cells that evidently say what levels mean."""
        legend = find_evident_legend(self.grid)
        return frozenset(legend.cells if legend else ())

    @cached_property
    def merged(self) -> dict[Place, Merge]:
        """The merge that each merged cell belongs to."""
        found: dict[Place, Merge] = {}
        for merge in self.grid.merges:
            rows, columns = range(merge.row, merge.last_row + 1), range(merge.column, merge.last_column + 1)
            if len(rows) * len(columns) <= _MERGED_CELLS:
                found |= {(row, column): merge for row in rows for column in columns}
        return found

    @cached_property
    def looks(self) -> tuple[list[bool | None], ...]:
        """For each cell, as `grid.columns`: whether it looks like a level; None if it looks like nothing.

        A date or an error may have been a level before Excel had its way: it looks like nothing, and so does a legend.
        """
        for text in set().union(*self.grid.columns):
            self._known[text] = self._look(text)
        found = tuple(list(map(self._known.__getitem__, column)) for column in self.grid.columns)
        for row, column in self._legend:
            found[column][row - 1] = None
        return found

    @cached_property
    def averages(self) -> frozenset[int]:
        """The rows that sum up or average those above: by their formulas, or having nothing but decimals."""
        lines = enumerate(zip(*self.looks, strict=True), 1)
        return self._summed | frozenset(
            row
            for row, looks in lines
            if False in looks and _are_averages([column[row - 1] for column in self.grid.columns], looks)
        )

    @cached_property
    def _summed(self) -> frozenset[int]:
        """The rows of which most cells sum up or average those above by a formula."""
        summed = Counter(row for row, _ in self.grid.sums_down)
        filled = {row: sum(looks[row - 1] is not None for looks in self.looks) for row in summed}
        return frozenset(row for row, count in summed.items() if count * 2 > filled[row] - 1)

    @cached_property
    def legend_rows(self) -> frozenset[int]:
        """The rows in which something of a legend stands."""
        return frozenset(row for row, _ in self._legend)

    def is_summed(self, row: int) -> bool:
        """Whether most cells of a row sum up or average those above by a formula."""
        return row in self._summed

    @cached_property
    def _totals(self) -> frozenset[int]:
        """Those, and the rows that begin with the name of a total or a goal."""
        firsts = (
            (row, next(filter(None, texts), "")) for row, texts in enumerate(zip(*self.grid.columns, strict=True), 1)
        )
        return self.averages | {row for row, text in firsts if vocabulary.is_total(text)}

    @cached_property
    def _are_totals(self) -> NDArray[np.bool_]:
        """The same as a value for each row, in their order."""
        return np.isin(np.arange(1, self.height + 1), list(self._totals))

    @cached_property
    def _with_levels(self) -> frozenset[int]:
        """The rows in which something looks like a level, totals aside."""
        return (
            frozenset(row for row, looks in enumerate(zip(*self.looks, strict=True), 1) if True in looks) - self._totals
        )

    def text(self, row: int, column: int) -> str:
        """What a cell shows, trimmed; of merged cells each shows what stands in the first. Blank beyond the sheet."""
        merge = self.merged.get((row, column))
        if merge:
            row, column = merge.row, merge.column
        inside = 0 < row <= self.height and column < len(self.columns)
        return self.grid.columns[column][row - 1].strip() if inside else ""

    def beside_levels(self, column: int, below: int) -> list[str]:
        """The texts of a column below a row, in the rows where something looks like a level: no teams, no remarks."""
        cells = enumerate(self.grid.columns[column][below:], below + 1)
        return [text for row, text in cells if text.strip() and row in self._with_levels]

    def texts(self, row: int) -> list[str]:
        """What the cells of a row show."""
        return [self.text(row, column) for column in self.columns]

    def named(self, row: int, header: str) -> int:
        """The column with this header in this row, or of these letters.

        Raises: Unreadable when there is none, Ambiguous when there are several.
        """
        headed = [column for column, text in enumerate(self.texts(row)) if fold_header(text) == fold_header(header)]
        if len(headed) > 1:
            raise about_sheets.header_not_unique([letters(at) for at in headed], row, header)
        lettered = [column for column in self.columns if letters(column) == header.strip().upper()]
        if headed or lettered:
            return next(iter(headed or lettered))
        raise about_sheets.no_such_column(header, row, [text for text in self.texts(row) if text])

    def filled(self, column: int, below: int) -> list[str]:
        """The texts of a column below a row that are not blank."""
        return [text for text in self.grid.columns[column][below:] if text.strip()]

    def counts(self, column: int, below: int) -> tuple[int, int]:
        """How many cells of a column below a row look like levels, and how many are filled; totals are not counted."""
        if column not in self._counted:
            looks = np.array(self.looks[column], dtype=object)
            looks[self._are_totals] = None
            self._counted[column] = _from_each_on(looks == True), _from_each_on(looks != None)  # noqa: E711, E712
        levels, filled = self._counted[column]
        return int(levels[below]), int(filled[below])

    def has_levels(self, column: int, below: int) -> bool:
        """Whether most of what stands in a column below a row looks like levels."""
        levels, filled = self.counts(column, below)
        return levels * 2 > filled

    def is_like_level(self, text: str) -> bool | None:
        """Whether a text looks like a level; None for a blank or a dash, which look like nothing."""
        return self._known[text] if text in self._known else self._look(text)

    def is_calculated(self, places: Iterable[Place]) -> bool:
        """Whether most of these cells are formulas, or hold no levels."""
        looks = {place: look for place in places if (look := self.looks[place[1]][place[0] - 1]) is not None}
        formulas = sum(place in self.grid.formulas for place in looks)
        return formulas * 2 > len(looks) or sum(looks.values()) * 2 < len(looks)

    def _look(self, text: str) -> bool | None:
        if not text or is_nothing(text) or is_no_value(text) or _ERROR.fullmatch(text):
            return None
        text = text.removeprefix(EXAMPLE)
        if is_removal(text) or fold_header(text) in vocabulary.LEVELS:
            return True
        read = self._scale.read(text)
        if isinstance(read, CellError):
            return None if read.code == "date" else is_near_level(text)
        return read.value is None or 0 <= read.value <= HIGHEST


def _from_each_on(are: NDArray[np.bool_]) -> Counts:
    """How many are true from each position on, and none behind the last."""
    return np.append(np.cumsum(are[::-1], dtype=np.int32)[::-1], np.int32(0))


def _are_averages(texts: Sequence[str], looks: Sequence[bool | None]) -> bool:
    """Whether a line has nothing but decimals and percentages, besides what it begins with."""
    numbers = [(text, look) for text, look in zip(texts, looks, strict=True) if look is not None]
    if numbers and numbers[0][1] is False and not _DECIMAL.fullmatch(numbers[0][0].strip()):
        numbers = numbers[1:]
    are = all(look is False and _DECIMAL.fullmatch(text.strip()) for text, look in numbers)
    return are and len(numbers) >= _FEWEST


def are_mostly_in(places: Sequence[Place], some: Collection[Place]) -> bool:
    """Whether more than half of these places are among some others."""
    return sum(place in some for place in places) * 2 > len(places)


def mostly(texts: Sequence[str], is_so: Callable[[str], bool]) -> bool:
    """Whether clearly more than half of these texts are so."""
    return sum(map(is_so, texts)) > 0.6 * len(texts) if texts else False


def is_like_name(text: str) -> bool:
    """Whether this could be a name: letters, and not too many."""
    return any(letter.isalpha() for letter in text) and len(text) <= 80 and fold_header(text) not in vocabulary.LEVELS


def is_like_email(text: str) -> bool:
    """Whether this has the form of an e-mail address."""
    name, sign, host = text.strip().partition("@")
    return bool(name and sign) and "." in host and " " not in text.strip()


def is_two_words(text: str) -> bool:
    """Whether this has the form of a person's full name."""
    parts = text.replace(",", " ").split()
    are_words = 2 <= len(parts) <= 6 and all(part[:1].isalpha() for part in parts)
    return are_words and not any(part[:1].islower() for part in (parts[0], parts[-1]))


def is_like_person(text: str) -> bool:
    """Whether a text looks like a person's: a full name, or an e-mail address."""
    return is_two_words(text) or is_like_email(text)


def is_remark(text: str) -> bool:
    """Whether this is a sentence rather than a value."""
    return len(text) > _LONG or len(text.split()) > 3
