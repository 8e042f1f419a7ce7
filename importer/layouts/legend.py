"""The legend of a sheet: where its author says what levels mean, and in which words. Knows texts and places.

`1 = Beginner`, `Expert: 5`, several of them in one cell, a number beside its word, a row of numbers over one of words.
What the words are worth in Kantata is not decided here.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from importer.coordinates import Place, address
from importer.table import Sheet
from importer.text import fold_header, trim
from importer.validation.level_words import plain, scale_of

_BETWEEN = r"(?:\s*(?:=|:|→|->|\u2013|\u2014)\s*|\s+-\s+)"
_WORD = r"[^\d=:;,|\n→]{1,100}"
"""Bounded, as its end is searched for from each of its signs."""
_NUMBER_FIRST = re.compile(rf"(?<![\d.,])(\d{{1,3}})(?![\d.,%]){_BETWEEN}({_WORD})")
_WORD_FIRST = re.compile(rf"({_WORD}){_BETWEEN}(?<![\d.,])(\d{{1,3}})(?![\d.,%])")
_NUMBER = re.compile(r"\d{1,3}")
_LETTER = re.compile(r"([^\W\d_])\s*[=:\u2013-]\s*([^\d=:()]{2,60}?)\s*(?:[=:(\u2013-]\s*(\d)\s*\)?)?")
"""A letter that stands for a level, what it means, and perhaps its number."""
_PREFIX = re.compile(r"[^\d:=]{1,40}:\s*(?=\d)")
"""What may stand before the pairs: `Legend: 1 = Beginner`."""
_LONGEST_WORD, _LONGEST_CELL, _FEWEST, _MOST_CELLS = 60, 2000, 2, 60
_USUAL_ENDS = frozenset({2, 3, 4, 5, 10, 100})
_HEADINGS = frozenset(
    fold_header(text)
    for text in (
        *("level", "levels", "score", "rating", "number", "value", "points", "stufe", "niveau", "nivel", "livello"),
        *("poziom", "nível", "meaning", "description", "definition", "legend", "key", "bedeutung", "beschreibung"),
        *("signification", "significado", "descripción", "betekenis", "significato", "descrizione", "opis"),
    )
)
"""What stands over the columns of a legend."""
_MOST_TIMES = 2
_AT_TOP, _AT_END = 100, 60
_COVERED = 0.8
"""So much of a cell must be pairs: a sentence with one in it is no legend."""


@dataclass(frozen=True, slots=True)
class Legend:
    """What the author calls each number, and the cells in which that stands."""

    names: Mapping[int, str]
    cells: tuple[Place, ...]
    is_explicit: bool = True
    """Whether a number and its word stand in one cell; side by side they may be something else."""

    @property
    def place(self) -> str:
        """Where it stands, for a person."""
        first, last = min(self.cells), max(self.cells)
        return address(*first) if first == last else f"{address(*first)} to {address(*last)}"


def find_legend(grid: Sheet, is_free: Callable[[Place], bool]) -> Legend | None:
    """The legend among the cells that are no header and no record; None if there is none, or two that disagree."""
    beside = [*_side_by_side(grid, is_free), *_over_each_other(grid, is_free)]
    return _of_letters(grid, is_free) or _legend(list(_in_cells(grid, is_free)), beside)


def find_evident_legend(grid: Sheet) -> Legend | None:
    """The same, before it is known where the table stands: with headings of its own, or with pairs in one cell."""
    return find_explicit_legend(grid) or _find_headed_legend(grid)


def find_explicit_legend(grid: Sheet) -> Legend | None:
    """The same, of what says `1 = Beginner` in one cell."""

    def has_sign(place: Place) -> bool:
        return "=" in grid.columns[place[1]][place[0] - 1]

    return _of_letters(grid, has_sign) or _legend(list(_in_cells(grid, has_sign)), [])


def _of_letters(grid: Sheet, is_free: Callable[[Place], bool]) -> Legend | None:
    """A legend of letters: each with its number, `A = Beginner (1)`, or with words in their well-known order."""
    found: dict[Place, tuple[str, str, str]] = {}
    for row in _rows(grid):
        for column, texts in enumerate(grid.columns):
            match = _LETTER.fullmatch(texts[row - 1].strip()) if is_free((row, column)) else None
            if match:
                found[row, column] = (match.group(1), trim(match.group(2)), match.group(3) or "")
    letters = [letter for letter, _, _ in found.values()]
    if len(set(letters)) < max(_FEWEST, len(found)):
        return None
    order = scale_of(word for _, word, _ in found.values())
    numbers = [
        int(number) if number else order.index(plain(word)) + (plain(order[0]) != "none") if order else None
        for _, word, number in found.values()
    ]
    if None in numbers or len(set(numbers)) < len(numbers):
        return None
    pairs = dict(zip(numbers, letters, strict=True))
    return Legend({number: pairs[number] for number in sorted(filter(None, pairs))}, tuple(found))


def _find_headed_legend(grid: Sheet) -> Legend | None:
    """A legend that has headings of its own, such as `Level` and `Meaning`, beside the headings of a table."""
    for row in range(1, min(grid.height, _AT_TOP) + 1):
        for left in range(len(grid.columns) - 1):
            if not all(fold_header(_text(grid, (row, at))) in _HEADINGS for at in (left, left + 1)):
                continue
            for numbers, words in ((left, left + 1), (left + 1, left)):
                rows = _pairs_below(grid, row, numbers, words)
                pairs = {int(_text(grid, (at, numbers))): _text(grid, (at, words)) for at in rows}
                if len(pairs) == len(rows) > _FEWEST and _is_scale(sorted(pairs)):
                    return Legend(pairs, tuple((at, column) for at in rows for column in (numbers, words)))
    return None


def _pairs_below(grid: Sheet, row: int, numbers: int, words: int) -> list[int]:
    """The rows right below this one in which a number stands beside its word."""
    below = range(row + 1, grid.height + 1)
    return list(takewhile(lambda at: _is_pair(grid, (at, numbers), (at, words), bool), below))


def _legend(in_cells: "Sequence[_Pairs]", beside: "Sequence[_Pairs]") -> Legend | None:
    """The legend that these pairs make, each with the cell in which it ends."""
    names: dict[int, str] = {}
    cells: list[Place] = []
    times: Counter[int] = Counter()
    for place, pairs in (*in_cells, *beside):
        if any(names.setdefault(number, word).casefold() != word.casefold() for number, word in pairs):
            return None
        cells.append(place)
        times.update(number for number, _ in pairs)
    is_said_once = max(times.values(), default=0) <= _MOST_TIMES  # what stands in many cells is what people have
    is_legend = is_said_once and _is_scale(sorted(names))
    return Legend(dict(sorted(names.items())), tuple(cells), bool(in_cells)) if is_legend else None


def _rows(grid: Sheet) -> list[int]:
    """The rows in which a legend may stand: at the top of a sheet, and at its end."""
    return [*range(1, min(grid.height, _AT_TOP) + 1), *range(max(_AT_TOP, grid.height - _AT_END) + 1, grid.height + 1)]


def _is_scale(numbers: list[int]) -> bool:
    """Whether numbers count something up, as room and floor do not: from 0 or 1 on, without gaps or to a usual end; or
    in equal steps to such an end, as 20, 40, 60, 80, 100.
    """
    if len(numbers) < _FEWEST:
        return False
    first, last = numbers[0], numbers[-1]
    if first > 1:
        return last in _USUAL_ENDS and numbers == list(range(first, last + 1, first))
    return last in _USUAL_ENDS or numbers == list(range(first, last + 1))


_Pairs = tuple[Place, list[tuple[int, str]]]
_Found = Iterator[_Pairs]


def _in_cells(grid: Sheet, is_free: Callable[[Place], bool]) -> _Found:
    """Cells that hold pairs, and nothing much besides."""
    for row in _rows(grid):
        for column, texts in enumerate(grid.columns):
            text = texts[row - 1]
            if text and is_free((row, column)) and (pairs := _pairs(text)):
                yield (row, column), pairs


def _pairs(text: str) -> list[tuple[int, str]]:
    """The numbers and words of a cell: `1 = Basic, 2 = Good`."""
    if len(text) > _LONGEST_CELL or not any(map(str.isdigit, text)) or not any(map(str.isalpha, text)):
        return []
    without = _PREFIX.sub("", text, count=1)
    for typed, pattern, number, word in (
        (text, _NUMBER_FIRST, 1, 2),
        (text, _WORD_FIRST, 2, 1),
        (without, _NUMBER_FIRST, 1, 2),
    ):
        matches = [match for match in pattern.finditer(typed) if any(map(str.isalpha, match.group(word)))]
        covered = sum(match.end() - match.start() for match in matches) + max(0, len(matches) - 1)
        found = [(int(match.group(number)), trim(match.group(word))) for match in matches]
        if found and covered >= len(typed.strip()) * _COVERED and all(_is_word(each) for _, each in found):
            return found
    return []


def _side_by_side(grid: Sheet, is_free: Callable[[Place], bool]) -> _Found:
    """A number beside its word, in at least two rows below each other."""
    for left in range(len(grid.columns) - 1):
        for numbers, words in ((left, left + 1), (left + 1, left)):
            rows = [row for row in _rows(grid) if _is_pair(grid, (row, numbers), (row, words), is_free)]
            yield from _as_pairs(grid, [((row, numbers), (row, words)) for row in rows], rows)


def _over_each_other(grid: Sheet, is_free: Callable[[Place], bool]) -> _Found:
    """A row of numbers over a row of words, or the other way round."""
    for upper in (row for row in _rows(grid) if row < grid.height):
        for numbers, words in ((upper, upper + 1), (upper + 1, upper)):
            columns = [
                column
                for column in range(len(grid.columns))
                if _is_pair(grid, (numbers, column), (words, column), is_free)
            ]
            yield from _as_pairs(grid, [((numbers, column), (words, column)) for column in columns], columns)


def _as_pairs(grid: Sheet, places: list[tuple[Place, Place]], positions: list[int]) -> _Found:
    """The pairs at these places, if their numbers are different and they stand together."""
    numbers = {_text(grid, number) for number, _ in places}
    is_together = bool(positions) and positions[-1] - positions[0] <= 2 * len(positions)
    if len(numbers) == len(places) >= _FEWEST + 1 and len(places) <= _MOST_CELLS and is_together:
        for number, word in places:
            yield word, [(int(_text(grid, number)), _text(grid, word))]
            yield number, []


def _is_pair(grid: Sheet, number: Place, word: Place, is_free: Callable[[Place], bool]) -> bool:
    if not (is_free(number) and is_free(word)):
        return False
    return bool(_NUMBER.fullmatch(_text(grid, number))) and _is_word(_text(grid, word))


def _is_word(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_WORD and any(map(str.isalpha, text)) and not any(map(str.isdigit, text))


def _text(grid: Sheet, place: Place) -> str:
    row, column = place
    return grid.columns[column][row - 1].strip()
