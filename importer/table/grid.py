"""The table cut out of a sheet: a list below its header, or a matrix as the list of its cells. Knows no field."""

from collections.abc import Sequence

from importer.sheet import Grid, Part, Source, SourceTable


def cut(grid: Grid, header_row: int, source: Source) -> SourceTable:
    """The table below the header in `header_row` (counted from 1): its rows that are not blank, as text."""
    width = _used_width(grid.columns, header_row)
    below = [column[header_row:] for column in grid.columns[:width]]
    filled = [number for number, row in enumerate(zip(*below, strict=True), header_row + 1) if any(row)]
    if len(filled) < grid.height - header_row:
        keep = [number - header_row - 1 for number in filled]
        below = [[column[position] for position in keep] for column in below]
    import pandas as pd  # noqa: PLC0415  (a file is opened while pandas is still being imported; see ahead.py)

    index = pd.Index(filled, dtype="int64", name="row")
    return SourceTable(
        source=source,
        parts=(Part(source.sheet, header_row, tuple(range(width))),),
        headers=tuple(column[header_row - 1] for column in grid.columns[:width]),
        frame=pd.DataFrame(dict(enumerate(below)), index=index, dtype=object),
        oddities=grid.oddities,
        numbers=frozenset(c for c in range(width) if grid.last_text and grid.last_text[c] <= header_row),
        notes=grid.notes,
    )


def _used_width(columns: Sequence[list[str]], header_row: int) -> int:
    """How many columns there are up to the last one with a header or anything below it."""
    for width in range(len(columns), 0, -1):
        if any(columns[width - 1][header_row - 1 :]):
            return width
    return 0
