"""A text to rows of cells, with each line in which a quotation mark is wrong. Knows quotation marks, and no encoding.

A mark that is never closed, or closed only by the next one further down, would swallow the rows in between. Such a line
is read by itself, and reading goes on with the next.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

_FEWEST_COLUMNS = 3
"""Rows of fewer cells look too much like the lines of a text to be recognized inside one."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANK_LINES = re.compile(r"[\r\n]+")
_WORD = re.compile(r"\w")
_ROWS_UNBOUND, _LONG = 4096, 1 << 20
"""Rows that are read before it is asked whether they are too many, and signs of a record that is asked about first."""
_END_OF_FILE = "\x1a"

Bound = Callable[[int, int], None]
"""Takes a number of rows and one of columns, and raises where these are too many."""


class Block(NamedTuple):
    """Rows that follow each other, and the numbers (in the file, from 1) of those with a wrong quotation mark."""

    rows: list[list[str]]
    misquoted: frozenset[int] = frozenset()


def split_rows(text: str, delimiter: str, bound: Bound) -> Iterator[Block]:
    """The rows without the blank ones at the end, some at a time: as lists, they take five times the memory of their
    text.

    `bound` is called with the number of rows and that of the columns before there are so many in memory.
    """
    text = _without_blank_tail(text.rstrip(_END_OF_FILE), delimiter)
    blocks = _read(text, delimiter, bound) if '"' in text else _split(text, delimiter, bound)
    above, held = 0, Block([])
    for block in blocks:
        rows, misquoted = [*held.rows, *block.rows], held.misquoted | block.misquoted
        last = next((at for at in range(len(rows), 0, -1) if any(cell.strip() for cell in rows[at - 1])), 0)
        told = frozenset(number for number in misquoted if number <= above + last)
        held = Block(rows[last:], misquoted - told)  # blank, perhaps to the end
        if last:
            yield Block(rows[:last], told)
        above += last


def _split(text: str, delimiter: str, bound: Bound) -> Iterator[Block]:
    """The rows of a text without a quotation mark."""
    bound(text.count("\n") + text.count("\r") - text.count("\r\n") + 1, 1)
    above, widest = 0, 1
    for lines in _some_lines(text):
        widest = max(widest, *(line.count(delimiter) + 1 for line in lines))
        above += len(lines)
        bound(above, widest)
        known: dict[str, str] = {}
        yield Block([_shared(line.split(delimiter), known) if line else [] for line in lines])


def _some_lines(text: str) -> Iterator[list[str]]:
    """The lines of a text, a megabyte of them at a time."""
    at = 0
    while True:
        end = text.find("\n", at + _LONG)
        if end < 0:
            yield _LINE_END.split(text[at:])
            return
        yield _LINE_END.split(text[at:end].removesuffix("\r"))
        at = end + 1


def _shared(cells: list[str], known: dict[str, str]) -> list[str]:
    """The cells, with one object for those that are alike: a cell takes as much memory as six signs of the file."""
    return [known.setdefault(cell, cell) for cell in cells]


def _without_blank_tail(text: str, delimiter: str) -> str:
    """The text up to the end of its last line in which there is anything."""
    blanks = " \t\r\n" + ("" if delimiter == '"' else delimiter)
    filled = len(text)
    while filled and not (left := len(text[max(0, filled - _LONG) : filled].rstrip(blanks))):
        filled = max(0, filled - _LONG)
    filled = max(0, filled - _LONG) + left if filled else 0
    if len(text) - filled < _LONG:  # a few blank rows cost less than a copy of the text
        return text
    end = _LINE.match(text, filled)
    return text[: end.end()] if end else text


def _read(text: str, delimiter: str, bound: Bound) -> Iterator[Block]:
    """The rows of a text with quotation marks."""
    record = _record_pattern(delimiter)
    at, width = 0, _common_width(text, delimiter)
    above, widest = 0, 1
    rows: list[list[str]] = []
    wrong: set[int] = set()
    known: dict[str, str] = {}
    while at < len(text):
        if blank := _BLANK_LINES.match(text, at):
            count = len(blank.group()) - blank.group().count("\r\n")
            bound(above + len(rows) + count, widest)
            rows.extend([] for _ in range(count))
            at = blank.end()
            continue
        match = record.match(text, at)
        if match is not None and match.end() - at > _LONG:
            bound(above + len(rows) + 1, match.group().count(delimiter) + 1)
        if match is None or _swallows(match.group(), delimiter, width):
            line = _LINE.match(text, at)
            end = line.end() if line else len(text)
            rows.append([cell.replace('"', "") for cell in text[at:end].rstrip("\r\n").split(delimiter)])
            wrong.add(above + len(rows))
        else:
            end = match.end()
            rows.append(_shared(_cells(match.group(), delimiter), known))
        at = end
        if len(rows[-1]) > widest or len(rows) >= _ROWS_UNBOUND:
            widest = max(widest, len(rows[-1]))
            bound(above + len(rows), widest)
        if len(rows) >= _ROWS_UNBOUND:
            above += len(rows)
            yield Block(rows, frozenset(wrong))
            rows, wrong, known = [], set(), {}
    yield Block(rows, frozenset(wrong))


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
    lines = _LINE_END.split(record.rstrip("\r\n"))
    return (
        len(lines) > 1
        and width >= _FEWEST_COLUMNS
        and all(line.count(delimiter) + 1 == width and _WORD.search(line.partition(delimiter)[0]) for line in lines)
    )
