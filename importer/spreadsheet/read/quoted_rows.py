"""A text to rows of cells, with each line in which a quotation mark is wrong. Knows quotation marks, and no encoding.

A mark that is never closed, or closed only by the next one further down, would swallow the rows in between. Such a line
is read by itself, and reading goes on with the next.
"""

import re
from collections import Counter
from functools import lru_cache

_FEWEST_COLUMNS = 3
"""Rows of fewer cells look too much like the lines of a text to be recognized inside one."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_WORD = re.compile(r"\w")
_END_OF_FILE = "\x1a"


def split_rows(text: str, delimiter: str) -> tuple[list[list[str]], frozenset[int]]:
    """The rows without the blank ones at the end, and the numbers (from 1) of those with a wrong quotation mark."""
    text = text.rstrip(_END_OF_FILE)
    rows: list[list[str]] = []
    wrong: set[int] = set()
    if '"' not in text:
        rows = [line.split(delimiter) if line else [] for line in re.split(r"\r\n|\r|\n", text)]
    else:
        _read(text, delimiter, rows, wrong)
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows, frozenset(number for number in wrong if number <= len(rows))


def _read(text: str, delimiter: str, rows: list[list[str]], wrong: set[int]) -> None:
    """Add the rows of the text, and the numbers of the wrong ones."""
    record = _record_pattern(delimiter)
    at, width = 0, _common_width(text, delimiter)
    while at < len(text):
        match = record.match(text, at)
        if match is None or _swallows(match.group(), delimiter, width):
            line = _LINE.match(text, at)
            end = line.end() if line else len(text)
            rows.append([cell.replace('"', "") for cell in text[at:end].rstrip("\r\n").split(delimiter)])
            wrong.add(len(rows))
        else:
            end = match.end()
            rows.append(_cells(match.group(), delimiter))
        at = end


@lru_cache(maxsize=16)
def _record_pattern(delimiter: str) -> re.Pattern[str]:
    """A record whose quotation marks are right, with the end of its line.

    A mark within a cell that does not begin with one is a sign like any other, as to Excel.
    """
    mark = re.escape(delimiter)
    cell = rf'(?:"[^"]*+(?:""[^"]*+)*+"|[^"{mark}\r\n][^{mark}\r\n]*+|)'
    return re.compile(rf"{cell}(?:{mark}{cell})*+(?:\r\n|\r|\n|\Z)")


def _cells(record: str, delimiter: str) -> list[str]:
    line = record.rstrip("\r\n")
    if '"' not in line:
        return line.split(delimiter) if line else []
    return [
        cell[1:-1].replace('""', '"') if cell.startswith('"') else cell
        for cell in _cell_pattern(delimiter).findall(line)
    ]


@lru_cache(maxsize=16)
def _cell_pattern(delimiter: str) -> re.Pattern[str]:
    """A cell of a record whose quotation marks are right."""
    mark = re.escape(delimiter)
    return re.compile(rf'(?:\A|(?<={mark}))("(?:[^"]|"")*"|[^"{mark}][^{mark}]*|)(?={mark}|\Z)')


def _common_width(text: str, delimiter: str) -> int:
    """How many cells most lines have, as if no quotation mark meant anything."""
    widths = Counter(line.count(delimiter) + 1 for line in re.split(r"[\r\n]+", text[:65536]) if line)
    return widths.most_common(1)[0][0] if widths else 0


def _swallows(record: str, delimiter: str, width: int) -> bool:
    """Whether a record of several lines is several rows: each of its lines has the cells of a row, and a first one."""
    lines = re.split(r"\r\n|\r|\n", record.rstrip("\r\n"))
    return (
        len(lines) > 1
        and width >= _FEWEST_COLUMNS
        and all(line.count(delimiter) + 1 == width and _WORD.search(line.partition(delimiter)[0]) for line in lines)
    )
