"""Where a cell stands, as people and programs name it: D7 is row 7, column 3. Knows no sheet and no text."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

Place = tuple[int, int]
"""A row counted from 1 and a column counted from 0."""


@lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """The letters of a column counted from 0: 0 is A, 25 is Z, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


@lru_cache(maxsize=1024)
def column_of(text: str) -> int:
    """The column, counted from 0, that these letters name: A is 0, XFD is 16383."""
    column = 0
    for letter in text:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def address(row: int, column: int) -> str:
    """The cell in this row (counted from 1) and column (counted from 0): (7, 3) is D7."""
    return f"{letters(column)}{row}"


def parse_address(cell: str) -> Place:
    """The row and the column of an address: D7 is (7, 3)."""
    name = cell.rstrip("0123456789")
    return int(cell[len(name) :]), column_of(name)


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers in ascending order as their unbroken runs, each by its first and its last one."""
    # Numbers of one run are as far from their positions as its first one.
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        (_, first), *others = run
        yield first, others[-1][1] if others else first


def number_ranges(numbers: Iterable[int], shown: int = 4) -> str:
    """Row numbers for a person, in ascending order: `3 to 5, 9`; of many runs the first ones."""
    ranges = list(runs(sorted(numbers)))
    texts = [f"{first}" if first == last else f"{first} to {last}" for first, last in ranges[:shown]]
    return ", ".join(texts) + (", ..." if len(ranges) > shown else "")
