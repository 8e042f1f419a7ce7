"""One column of a workbook as text. Knows the values that the engines give, and not which engine or sheet."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

_EXACT = 10.0**15
"""From here on, a float may have lost the last digits of a whole number."""
_DIGITS = 15
"""Excel shows so many digits of a number: 3.0000000000000004, which a sum may give, is 3."""
_ROWS_AT_ONCE = 4096
_SIMPLE = frozenset({str, float, int})


class Column:
    """A column that is read some rows at a time.

    `texts` are its values as typed, a cell of nothing but white space being blank; equal texts are one object, as
    a column of 100,000 cells often holds a few words. `dates` are the rows (from 1) of dates and times, `last_text`
    the row of the last cell that is no number (0 without one), and `has_long_number` whether a float may have
    changed a number.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.dates: list[int] = []
        self.last_text = 0
        self.has_long_number = False
        self._words: dict[Any, str] = {}

    def take(self, values: Sequence[Any]) -> None:
        """Add the values of the next rows."""
        above = len(self.texts)
        kinds = set(map(type, values))
        if kinds <= _SIMPLE:
            words = self._words
            for value in set(values).difference(words):
                words[value] = self._word(value)
            self.texts.extend([words[value] for value in values])
        else:  # True and 1.0 are one key to a dict, so these are not looked up
            self.texts.extend(map(self._word, values))
            plain = {*_SIMPLE, bool}
            self.dates.extend(row for row, value in enumerate(values, above + 1) if type(value) not in plain)
        if not kinds <= {float, int}:
            texts = (row for row in range(len(values), 0, -1) if not _is_blank_or_number(values[row - 1]))
            last = next(texts, 0)
            self.last_text = above + last if last else self.last_text

    def _word(self, value: Any) -> str:
        if type(value) is str:
            return value if value and not value.isspace() else ""
        if type(value) in (float, int) and abs(value) >= _EXACT:
            self.has_long_number = True
        return as_typed(value)


class TextColumns:
    """Columns that grow by rows of text, each as long as there are rows; equal texts near each other are one object.

    A cell that a row lacks, and one of nothing but white space, is blank.
    """

    def __init__(self) -> None:
        self.columns: list[list[str]] = []
        self.height = 0
        """How many rows there are."""

    def take(self, rows: Sequence[Sequence[str]]) -> None:
        """Add the next rows, which may be of different lengths."""
        width = max(map(len, rows), default=0)
        self.columns += ([""] * self.height for _ in range(len(self.columns), width))
        width = len(self.columns)
        for at in range(0, len(rows), _ROWS_AT_ONCE):  # a row costs more while it is turned into cells of columns
            some = rows[at : at + _ROWS_AT_ONCE]
            padded = (row if len(row) == width else [*row, *[""] * (width - len(row))] for row in some)
            for column, values in zip(self.columns, zip(*padded, strict=True), strict=True):
                distinct = {value: "" if value.isspace() else value for value in values}
                column.extend([distinct[value] for value in values])
        self.height += len(rows)


def _is_blank_or_number(value: Any) -> bool:
    return value == "" or type(value) in (float, int)


def as_typed(value: bool | float | dt.date | dt.time | dt.timedelta) -> str:  # noqa: FBT001  (a cell's own value)
    """The value of a cell as text: 12345678.0 is 12345678, True is TRUE, a date is its ISO form.

    Shapes: a number has at most 15 digits, as Excel shows it, unless it is a whole one that long.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < _EXACT:
            return str(int(value))
        text = repr(value)
        return text if len(text) <= _DIGITS or abs(value) >= _EXACT else f"{value:.{_DIGITS}g}"
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return str(value)
