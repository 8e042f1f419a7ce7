"""The rows of a text file that have more or fewer cells than its header. Knows rows of cells, and no quotation mark."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from importer.coordinates import number_ranges

_FEWEST_FILLED = 2


@dataclass(frozen=True, slots=True)
class RowWidths:
    """The rows (from 1) that have one cell too many which is blank, and what is said of the shorter ones."""

    longer: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


class RowMeter:
    """Compares rows, as they come, with the first one that has several filled cells, as a header has.

    A blank cell too many in most rows is how some programs end a line, and says nothing.
    """

    def __init__(self) -> None:
        self._count = 0
        self._width: int | None = None
        self._widths: Counter[int] = Counter()
        self._others: list[tuple[int, Sequence[str]]] = []
        """The rows below the header, by number, that are longer than it, or shorter and not blank."""

    def take(self, rows: list[list[str]], without: Collection[int] = ()) -> None:
        """Measure the next rows; the numbers `without` (from 1, of all rows) are counted and not compared."""
        above, self._count = self._count, self._count + len(rows)
        if self._width is None:
            first = next((at for at, row in enumerate(rows) if sum(map(bool, row)) >= _FEWEST_FILLED), None)
            if first is None:
                return
            self._width = len(rows[first])
            above, rows = above + first + 1, rows[first + 1 :]
        width = self._width
        lengths = Counter(map(len, rows))
        if lengths.keys() <= {width}:
            self._widths[width] += len(rows) - rows.count([""] * width)
            return
        self._widths.update(len(row) for row in rows if any(row))
        self._others += [
            (number, row)
            for number, row in enumerate(rows, above + 1)
            if len(row) != width and (len(row) > width or any(row)) and number not in without
        ]

    @property
    def widths(self) -> RowWidths:
        """What there is to say of all rows that were measured."""
        if self._width is None or not self._others:
            return RowWidths()
        width = self._width
        usual = max(width, self._widths.most_common(1)[0][0] if self._widths else 0)
        longer = [number for number, row in self._others if len(row) > usual and not any(row[usual:])]
        shorter = [number for number, row in self._others if len(row) < width]
        return RowWidths(tuple(longer), tuple(_said_of_shorter(shorter)))


def _said_of_shorter(rows: Sequence[int]) -> list[str]:
    if not rows:
        return []
    if len(rows) == 1:
        return [f"Row {rows[0]} has fewer cells than the header; those that lack were read as blank."]
    said = f"{len(rows):,} rows ({number_ranges(rows)}) have fewer cells than the header"
    return [f"{said}; those that lack were read as blank."]
