"""The table taken out of its sheets: a list below its header, or a matrix as the list of its cells. Knows no rule."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from importer.endpoints.declare import Endpoint
from importer.endpoints.header import Column, Header, column_header
from importer.model import CellRef
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
    TableColumn,
    letters,
    table_columns,
)
from importer.text import fold_header
from importer.text_frame import text_frame


def extract_list(sheet: Sheet, header: Header, source: Source, left_out: Collection[int] = ()) -> Table:
    """The list below a header: its rows that are not blank. `left_out` are rows that do not belong to it."""
    width = _used_width(sheet.columns, header.row)
    below = [column[header.row :] for column in sheet.columns[:width]]
    filled = [number for number, row in enumerate(zip(*below, strict=True), header.row + 1) if any(row)]
    if left_out:
        filled = [number for number in filled if number not in left_out]
    if len(filled) < sheet.height - header.row:
        keep = [number - header.row - 1 for number in filled]
        below = [[column[position] for position in keep] for column in below]
    columns = table_columns([column[header.row - 1] for column in sheet.columns[:width]], header.columns)
    names = [column.name for column in columns]
    return Table(
        source=source,
        endpoint=header.endpoint,
        parts=(Part(source.sheet, header.row, {name: at for at, name in enumerate(names)}),),
        columns=columns,
        frame=text_frame(dict(zip(names, below, strict=True)), filled),
        oddities={
            (CellRef.at(row), names[column]): oddity
            for (row, column), oddity in sheet.oddities.items()
            if column < width
        },
        number_columns=frozenset(
            name for at, name in enumerate(names) if sheet.last_text and sheet.last_text[at] <= header.row
        ),
        notes=sheet.notes,
    )


@dataclass(frozen=True, slots=True)
class MatrixCells:
    """Which cells of a sheet make a matrix: its header's row, its people's columns by what they tell, its columns of
    levels with their headings, what stands over these, and its rows.

    `names` gives the texts of people's cells that are merged with others. Rows are counted from 1, columns from 0.
    """

    header_row: int
    category_row: int | None
    people: Mapping[Column, int]
    skills: Mapping[int, str]
    categories: Mapping[int, str]
    rows: Sequence[int]
    names: Mapping[Place, str]


def extract_matrix(
    sheets: Sequence[tuple[str | None, Sheet, MatrixCells]],
    endpoint: Endpoint,
    source: Source,
    is_blank: Callable[[str], bool],
) -> Table:
    """The matrices as the list of their filled cells, row by row: where, who, what, how well."""
    people = list(dict.fromkeys(column for _, _, cells in sheets for column in cells.people))
    over = [endpoint.column(CATEGORY_HEADER)] if any(cells.categories for _, _, cells in sheets) else []
    meanings = [*people, *over, endpoint.column(SKILL_HEADER), endpoint.column(LEVEL_HEADER)]
    headers = (CELL_HEADER, *map(column_header, people), *[CATEGORY_HEADER] * len(over), SKILL_HEADER, LEVEL_HEADER)
    columns = table_columns(headers, dict(enumerate(meanings, 1)))
    names = [column.name for column in columns]
    cells_of = [_filled(number, sheet, cells, is_blank) for number, (_, sheet, cells) in enumerate(sheets)]
    outline = [
        _unfilled(number, cells, some)
        for number, ((_, _, cells), some) in enumerate(zip(sheets, cells_of, strict=True))
    ]

    def texts_of(refs: Sequence[Sequence[CellRef]]) -> dict[str, list[str]]:
        """The columns of the list of these cells, sheet by sheet."""
        texts = [list(_texts(sheet, cells, some, people)) for (_, sheet, cells), some in zip(sheets, refs, strict=True)]
        if not over:
            for each in texts:
                del each[len(people) + 1]
        return {name: [text for each in texts for text in each[at]] for at, name in enumerate(names)}

    return Table(
        source=source,
        endpoint=endpoint,
        parts=tuple(_part(name, sheet, cells, people, names) for name, sheet, cells in sheets),
        columns=columns,
        frame=text_frame(texts_of(cells_of), [ref for some in cells_of for ref in some]),
        outline=text_frame(texts_of(outline), [ref for some in outline for ref in some]) if any(outline) else None,
        oddities={
            (ref, names[-1]): oddity
            for (_, sheet, _), some in zip(sheets, cells_of, strict=True)
            for ref in (some if sheet.oddities else ())
            if (oddity := sheet.oddities.get((ref.row, ref.column or 0))) is not None
        },
        number_columns=frozenset({names[-1]}),
        notes=tuple(_notes([(name, sheet.notes) for name, sheet, _ in sheets])),
        layout=Layout.MATRIX,
    )


def _part(name: str | None, sheet: Sheet, cells: MatrixCells, people: Sequence[Column], names: Sequence[str]) -> Part:
    """Where the columns of the list stand in this sheet."""
    who = [cells.people.get(column) for column in people]
    above = [CATEGORY] * (len(names) - len(people) - 3)
    columns = dict(zip(names, (CELL, *who, *above, HEADING, CELL), strict=True))
    headers = {
        each: sheet.columns[at][cells.header_row - 1]
        for each, at in zip(names[1:], who, strict=False)
        if at is not None
    }
    return Part(name, cells.header_row, columns, cells.category_row, headers)


def _filled(number: int, sheet: Sheet, cells: MatrixCells, is_blank: Callable[[str], bool]) -> list[CellRef]:
    """The filled cells of one matrix, row by row; `number` is that of its sheet."""
    columns = [(column, sheet.columns[column]) for column in cells.skills]
    blank = {text for text in set().union(*(texts for _, texts in columns)) if is_blank(text)}
    first = {row: CellRef.at(row, 0, number) for row in cells.rows}  # the cells of a row follow one another
    odd = sheet.oddities
    return [
        CellRef(first[row] + column)
        for row in cells.rows
        for column, texts in columns
        if texts[row - 1] not in blank or (row, column) in odd
    ]


def _unfilled(number: int, cells: MatrixCells, filled: Sequence[CellRef]) -> list[CellRef]:
    """A cell for each row and each column of a matrix in which none is filled."""
    if not (cells.rows and cells.skills):
        return []
    rows, columns = {ref.row for ref in filled}, {ref.column for ref in filled}
    across, down = next(iter(cells.skills)), cells.rows[0]
    blank = [CellRef.at(row, across, number) for row in cells.rows if row not in rows]
    blank += [CellRef.at(down, column, number) for column in cells.skills if column not in columns]
    return list(dict.fromkeys(blank))


def _texts(sheet: Sheet, cells: MatrixCells, refs: Sequence[CellRef], people: Sequence[Column]) -> Iterator[list[str]]:
    """What the list says of each of these cells: its address, who, under which category and heading, its own text."""
    places = [(ref.row, ref.column or 0) for ref in refs]
    above = {column: letters(column) for column in cells.skills}
    yield [f"{above[column]}{row}" for row, column in places]
    for at in map(cells.people.get, people):
        texts = (
            {row: cells.names.get((row, at)) or sheet.columns[at][row - 1] for row in cells.rows}
            if at is not None
            else {}
        )
        yield [texts.get(row, "") for row, _ in places]
    yield [cells.categories.get(column, "") for _, column in places]
    yield [cells.skills[column] for _, column in places]
    yield [sheet.columns[column][row - 1] for row, column in places]


def stack_lists(tables: Sequence[Table]) -> Table:
    """Lists of several sheets as one: a column for each field and each other header, wherever each sheet has it."""
    by_key = [{_key(column): column for column in reversed(table.columns)} for table in tables]
    keys = list(dict.fromkeys(key for table in tables for key in map(_key, table.columns) if key))
    first = [next(columns[key] for columns in by_key if key in columns) for key in keys]
    meanings = {at: column.meaning for at, column in enumerate(first) if column.meaning is not None}
    columns = table_columns([column.header for column in first], meanings)
    own = [
        {column.name: theirs[key].name for key, column in zip(keys, columns, strict=True) if key in theirs}
        for theirs in by_key
    ]
    stacked = list(zip(tables, own, strict=True))
    names = [column.name for column in columns]
    return replace(
        tables[0],
        parts=tuple(_stacked_part(table, own_names, names) for table, own_names in stacked),
        columns=columns,
        frame=text_frame(
            {
                name: [
                    text
                    for table, own_names in stacked
                    for text in (table.texts(own_names[name]) if name in own_names else [""] * len(table.frame))
                ]
                for name in names
            },
            [CellRef.at(ref.row, sheet=at) for at, table in enumerate(tables) for ref in table.refs],
        ),
        oddities={
            (CellRef.at(ref.row, sheet=at), name): oddity
            for at, (table, own_names) in enumerate(stacked)
            for (ref, own_name), oddity in table.oddities.items()
            for name in names
            if own_names.get(name) == own_name
        },
        number_columns=frozenset(
            name
            for name in names
            if all(own_names.get(name) in (None, *table.number_columns) for table, own_names in stacked)
        ),
        notes=tuple(_notes([(table.source.sheet, table.notes) for table in tables])),
        summaries=tuple(each for table in tables for each in table.summaries),
    )


def _key(column: TableColumn) -> str:
    """What makes columns of two sheets the same one: the field that they tell, or their header; empty for neither."""
    return column.name if column.meaning is not None else fold_header(column.header)


def _stacked_part(table: Table, own_names: Mapping[str, str], names: Sequence[str]) -> Part:
    """Where the columns of all sheets stand in this one."""
    part = table.parts[0]
    return replace(
        part,
        columns={name: part.columns[own_names[name]] if name in own_names else None for name in names},
        headers={name: table.column(own_name).header for name, own_name in own_names.items()},
    )


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
