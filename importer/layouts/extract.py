"""The table cut out of a sheet: a list below its header, or a matrix as the list of its cells. Knows no field."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from importer.table import (
    CATEGORY,
    CATEGORY_HEADER,
    CELL,
    CELL_HEADER,
    HEADING,
    LEVEL_HEADER,
    SKILL_HEADER,
    Layout,
    Part,
    Place,
    Sheet,
    Source,
    Table,
    letters,
    unit,
)
from importer.text import fold_header

if TYPE_CHECKING:
    import pandas as pd


def cut(grid: Sheet, header_row: int, source: Source, left_out: Collection[int] = ()) -> Table:
    """The table below the header in `header_row` (counted from 1): its rows that are not blank, as text.

    `left_out` are rows that do not belong to it.
    """
    width = _used_width(grid.columns, header_row)
    below = [column[header_row:] for column in grid.columns[:width]]
    filled = [number for number, row in enumerate(zip(*below, strict=True), header_row + 1) if any(row)]
    if left_out:
        filled = [number for number in filled if number not in left_out]
    if len(filled) < grid.height - header_row:
        keep = [number - header_row - 1 for number in filled]
        below = [[column[position] for position in keep] for column in below]
    import pandas as pd  # noqa: PLC0415  (a file is opened while pandas is still being imported; see ahead.py)

    index = pd.Index(filled, dtype="int64", name="row")
    return Table(
        source=source,
        parts=(Part(source.sheet, header_row, tuple(range(width))),),
        headers=tuple(column[header_row - 1] for column in grid.columns[:width]),
        frame=pd.DataFrame(dict(enumerate(below)), index=index, dtype=object),
        oddities=grid.oddities,
        numbers=frozenset(c for c in range(width) if grid.last_text and grid.last_text[c] <= header_row),
        notes=grid.notes,
    )


@dataclass(frozen=True, slots=True)
class MatrixCells:
    """Which cells of a sheet make a matrix: its header's row, its people's columns by the header under which they are
    told in the list, its columns of levels with their headings, what stands over these, and its rows.

    `names` gives the texts of people's cells that are merged with others. Rows are counted from 1, columns from 0.
    """

    header_row: int
    category_row: int | None
    people: Mapping[str, int]
    skills: Mapping[int, str]
    categories: Mapping[int, str]
    rows: Sequence[int]
    names: Mapping[Place, str]


def melt(
    sheets: Sequence[tuple[str | None, Sheet, MatrixCells]], source: Source, is_blank: Callable[[str], bool]
) -> Table:
    """The matrices as the list of their filled cells, row by row: where, who, what, how well."""
    import pandas as pd  # noqa: PLC0415  (as above)

    people = list(dict.fromkeys(header for _, _, cells in sheets for header in cells.people))
    categories = [CATEGORY_HEADER] if any(cells.categories for _, _, cells in sheets) else []
    headers = (CELL_HEADER, *people, *categories, SKILL_HEADER, LEVEL_HEADER)
    parts = tuple(_part(sheet, grid, cells, people, categories) for sheet, grid, cells in sheets)
    melted = [_melted(number, grid, cells, people, is_blank) for number, (_, grid, cells) in enumerate(sheets)]
    units = [each for some in melted for each in some.units]
    columns: list[list[str]] = [[text for some in melted for text in some.columns[at]] for at in range(len(people) + 4)]
    if not categories:
        del columns[len(people) + 1]
    oddities = {
        (each, len(headers) - 1): oddity
        for (_, grid, _), some in zip(sheets, melted, strict=True)
        for each, place in zip(some.units, some.places, strict=True)
        if (oddity := grid.oddities.get(place)) is not None
    } if any(grid.oddities for _, grid, _ in sheets) else {}  # fmt: skip
    index = pd.Index(units, dtype="int64", name="unit")
    return Table(
        source=source,
        parts=parts,
        headers=headers,
        frame=pd.DataFrame(dict(enumerate(columns)), index=index, dtype=object),
        oddities=oddities,
        numbers=frozenset({len(headers) - 1}),
        notes=tuple(_notes([(sheet, grid.notes) for sheet, grid, _ in sheets])),
        layout=Layout.MATRIX,
    )


def _part(sheet: str | None, grid: Sheet, cells: MatrixCells, people: Sequence[str], categories: Sequence[str]) -> Part:
    """Where the columns of the list stand in this sheet."""
    who = [cells.people.get(header) for header in people]
    headings = ["" if at is None else grid.columns[at][cells.header_row - 1] for at in who]
    above = [CATEGORY] * len(categories)
    columns = (CELL, *who, *above, HEADING, CELL)
    return Part(sheet, cells.header_row, columns, cells.category_row, ("", *headings, *map(str, categories), "", ""))


@dataclass(frozen=True, slots=True)
class _Melted:
    """The filled cells of one matrix: their numbers, their places, and what the list says of each."""

    units: list[int]
    places: list[Place]
    columns: list[list[str]]


def _melted(
    number: int, grid: Sheet, cells: MatrixCells, people: Sequence[str], is_blank: Callable[[str], bool]
) -> _Melted:
    texts = [(column, grid.columns[column]) for column in cells.skills]
    blank = {text for text in set().union(*(column for _, column in texts)) if is_blank(text)}
    odd = grid.oddities
    places = [
        (row, column)
        for row in cells.rows
        for column, cell in texts
        if cell[row - 1] not in blank or (row, column) in odd
    ]
    first = {row: unit(row, 0, number) for row in cells.rows}  # the cells of a row are numbered one after the other
    above = {column: letters(column) for column in cells.skills}
    who = [
        {row: cells.names.get((row, at)) or grid.columns[at][row - 1] for row in cells.rows} if at is not None else {}
        for at in map(cells.people.get, people)
    ]
    return _Melted(
        [first[row] + column for row, column in places],
        places,
        [
            [f"{above[column]}{row}" for row, column in places],
            *([names.get(row, "") for row, _ in places] for names in who),
            [cells.categories.get(column, "") for _, column in places],
            [cells.skills[column] for _, column in places],
            [grid.columns[column][row - 1] for row, column in places],
        ],
    )


def stack(tables: Sequence[Table]) -> Table:
    """Lists of several sheets as one: a column for each header, wherever each sheet has it."""
    import pandas as pd  # noqa: PLC0415  (as above)

    places = [{fold_header(text): at for at, text in reversed(list(enumerate(table.headers)))} for table in tables]
    first = {fold_header(text): text for table in reversed(tables) for text in table.headers}
    headers = [each for table in tables for each in map(fold_header, table.headers) if each]
    headers = list(dict.fromkeys(headers))
    parts = tuple(
        replace(
            table.parts[0],
            columns=tuple(place.get(header) for header in headers),
            headers=tuple(table.headers[place[header]] if header in place else "" for header in headers),
        )
        for table, place in zip(tables, places, strict=True)
    )
    frames = [_stacked(number, table, part) for number, (table, part) in enumerate(zip(tables, parts, strict=True))]
    oddities = {
        (unit(row, part=number), headers.index(header)): oddity
        for number, table in enumerate(tables)
        for (row, at), oddity in table.oddities.items()
        if at < len(table.headers) and (header := fold_header(table.headers[at])) in headers
    }
    return replace(
        tables[0],
        parts=parts,
        headers=tuple(first[header] for header in headers),
        frame=pd.concat(frames),
        oddities=oddities,
        numbers=frozenset(
            at
            for at in range(len(headers))
            if all(part.columns[at] in (None, *table.numbers) for table, part in zip(tables, parts, strict=True))
        ),
        notes=tuple(_notes([(table.source.sheet, table.notes) for table in tables])),
        taken=tuple(each for table in tables for each in table.taken),
    )


def _stacked(number: int, table: Table, part: Part) -> "pd.DataFrame":
    """The rows of one sheet under the columns of all, numbered as a part of the whole."""
    import pandas as pd  # noqa: PLC0415  (as above)

    blank = [""] * len(table.frame)
    columns = {at: blank if where is None else table.frame[where].to_list() for at, where in enumerate(part.columns)}
    index = pd.Index([unit(row, part=number) for row in table.frame.index.to_list()], dtype="int64", name="row")
    return pd.DataFrame(columns, index=index, dtype=object)


def _notes(of_sheets: Sequence[tuple[str | None, Sequence[str]]]) -> Iterator[str]:
    """What is said of sheets; where there are several, with the sheet's name in front."""
    for sheet, notes in of_sheets:
        yield from (f'Sheet "{sheet}": {note}' for note in notes) if len(of_sheets) > 1 else notes


def _used_width(columns: Sequence[list[str]], header_row: int) -> int:
    """How many columns there are up to the last one with a header or anything below it."""
    for width in range(len(columns), 0, -1):
        if any(columns[width - 1][header_row - 1 :]):
            return width
    return 0
