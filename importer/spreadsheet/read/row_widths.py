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


def measure_rows(rows: Sequence[Sequence[str]], without: Collection[int] = ()) -> RowWidths:
    """Compare the rows with the first one that has several filled cells, as a header has; `without` are left out.

    A blank cell too many in most rows is how some programs end a line, and says nothing.
    """
    first = next((at for at, row in enumerate(rows) if sum(map(bool, row)) >= _FEWEST_FILLED), None)
    if first is None:
        return RowWidths()
    width = len(rows[first])
    if all(length == width for length in set(map(len, rows[first:]))):
        return RowWidths()
    widths = Counter(len(row) for row in rows[first + 1 :] if any(row))
    usual = max(width, widths.most_common(1)[0][0] if widths else 0)
    longer: list[int] = []
    shorter: list[int] = []
    for number, row in enumerate(rows[first + 1 :], first + 2):
        if len(row) > usual and not any(row[usual:]) and number not in without:
            longer.append(number)
        elif len(row) < width and any(row) and number not in without:
            shorter.append(number)
    return RowWidths(tuple(longer), tuple(_said_of_shorter(shorter)))


def _said_of_shorter(rows: Sequence[int]) -> list[str]:
    if not rows:
        return []
    if len(rows) == 1:
        return [f"Row {rows[0]} has fewer cells than the header; those that lack were read as blank."]
    said = f"{len(rows):,} rows ({number_ranges(rows)}) have fewer cells than the header"
    return [f"{said}; those that lack were read as blank."]
