"""What the columns below one row look like: levels, ids of another system, something else. Knows texts; no field."""

import re
from collections import Counter
from functools import cached_property

from importer.layouts import field_words, vocabulary
from importer.layouts.sheet_features import SheetFeatures, mostly
from importer.table import Sheet
from importer.text import fold, fold_header
from importer.validation.cell import CellError
from importer.validation.level import LevelScale

_SAMPLE, _SAMPLED_ROWS = 200, 5000
"""Different texts of a column that are looked at or looked up."""
_CODE = re.compile(r"[^\W\d_]{1,6}[-_ ./]?\d{2,}")
"""An id of another system: EMP0001."""


class ColumnCells:
    """The columns of a sheet below this row, which has their headings."""

    def __init__(self, grid: Sheet, row: int, scale: LevelScale) -> None:
        self._grid, self._row, self._scale = grid, row, scale
        self.headings = [column[row - 1] for column in grid.columns]

    def texts(self, at: int) -> list[str]:
        """All texts of a column, blank ones too."""
        return self._grid.columns[at][self._row :]

    def sample(self, at: int) -> list[str]:
        """Different texts of a column below the header."""
        return sample_of(self._grid, self._row, at)

    @cached_property
    def _view(self) -> SheetFeatures:
        return SheetFeatures(self._grid, self._scale)

    def are_levels(self, at: int) -> bool:
        """Whether most cells of a column look like levels, and not all of them like ticks alone."""
        counts = Counter(self.texts(at))
        looks = {text: self._look(text) for text in counts if text.strip()}
        levels = sum(counts[text] for text, look in looks.items() if look)
        filled = sum(counts[text] for text, look in looks.items() if look is not None)
        return levels * 2 > filled and any(look and self._is_a_degree(text) for text, look in looks.items())

    def _look(self, text: str) -> bool | None:
        """Whether a text looks like a level; a name with a level beside it, `Rust (3)`, does not."""
        look = self._view.is_like_level(text)
        is_pair = text.strip()[:1].isalpha() and any(map(str.isdigit, text))
        is_name_first = look and is_pair and isinstance(self._scale.read(text), CellError)
        return False if is_name_first else look

    def _is_a_degree(self, text: str) -> bool:
        is_word = fold_header(text) in vocabulary.LEVELS or fold(text) in self._scale.words
        return is_word or any(map(str.isdigit, text))

    def is_something_else(self, at: int) -> bool:
        """Whether a column holds other numbers or words: by its heading."""
        folded = fold_header(field_words.bare(self.headings[at]))
        has_digits = mostly(self.sample(at), lambda text: any(map(str.isdigit, text)))
        return folded in vocabulary.OTHERS or (folded in vocabulary.NOT_PEOPLE and not has_digits)

    def may_be_ids(self, at: int) -> bool:
        """Whether these could be ids of people: by their heading or their form; numbers that count lines are none."""
        texts = self.sample(at)
        is_called_so = field_words.is_one_of(self.headings[at], field_words.IDS_ELSEWHERE)
        numbers = [int(text) for text in texts if text.isdecimal()]
        are_counted = len(numbers) > 1 and sorted(numbers) == list(range(min(numbers), min(numbers) + len(numbers)))
        if are_counted and min(numbers, default=0) <= 1:
            return False
        is_id = is_called_so and mostly(texts, lambda text: any(map(str.isdecimal, text)) and " " not in text.strip())
        return is_id or mostly(texts, is_code)


def sample_of(grid: Sheet, row: int, at: int) -> list[str]:
    """Some of the different texts of a column below this row."""
    distinct = dict.fromkeys(grid.columns[at][row : row + _SAMPLED_ROWS])
    return list(dict.fromkeys(text.strip() for text in distinct if text.strip()))[:_SAMPLE]


def is_code(text: str) -> bool:
    """Whether this has the form of an id of another system: EMP0001, HR-10023."""
    return _CODE.fullmatch(text) is not None
