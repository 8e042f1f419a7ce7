"""The table taken out of its sheets: a list below its header, or a matrix as the list of its cells. Knows no rule."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from importer.coordinates import Place, letters
from importer.endpoints.declare import Endpoint, Kind
from importer.endpoints.header import Column, Header, column_field, column_header, has_kind
from importer.layouts.header_meanings import meanings_of
from importer.model import CellRef
from importer.table import (
    CATEGORY,
    CATEGORY_HEADER,
    CELL,
    CELL_HEADER,
    HEADING,
    Arrangement,
    Part,
    Sheet,
    Source,
    Table,
    TableColumn,
    table_columns,
)
from importer.text import fold_header
from importer.text_frame import text_frame


def extract_list(sheet: Sheet, header: Header, source: Source, left_out: Collection[int] = ()) -> Table:
    """The list below a header: its rows that are not blank. `left_out` are rows that do not belong to it."""
    width = _used_width(sheet.columns, header.row)
    below = [column[header.row :] for column in sheet.columns[:width]]
    rows: Sequence[int] = range(header.row + 1, sheet.height + 1)
    blank = [row for row, cells in enumerate(zip(*below, strict=True), header.row + 1) if not any(cells)]
    if without := {*blank, *left_out}:
        rows = [row for row in rows if row not in without]
        below = [[column[row - header.row - 1] for row in rows] for column in below]
    headings = [column[header.row - 1] for column in sheet.columns[:width]]
    columns = _marked(table_columns(headings, header.columns), header.endpoint)
    names = [column.name for column in columns]
    return Table(
        source=source,
        endpoint=header.endpoint,
        parts=(Part(source.sheet, header.row, {name: at for at, name in enumerate(names)}),),
        columns=columns,
        frame=text_frame(dict(zip(names, below, strict=True)), rows),
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


_PERSON = "user_id"


@dataclass(frozen=True, slots=True)
class MatrixCells:
    """Which cells of a sheet make a matrix: its header's row, the columns beside it by what they tell, its columns of
    values with their headings, its rows, and the categories over its columns (or, transposed, of its rows).

    `names` gives the texts of cells beside it that are merged with others. Rows are counted from 1, columns from 0.
    """

    header_row: int
    category_row: int | None
    beside: Mapping[Column, int]
    headings: Mapping[int, str]
    categories: Mapping[int, str]
    rows: Sequence[int]
    names: Mapping[Place, str] = field(default_factory=dict)
    row_categories: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MatrixFields:
    """What a matrix tells: the field of its headings, that of its cells, and which way it stands."""

    headings: Column
    cells: Column
    arrangement: Arrangement = Arrangement.CELLS

    @property
    def is_transposed(self) -> bool:
        """Whether its people stand in the headings."""
        return self.arrangement is Arrangement.TURNED_CELLS


def _marked(columns: Sequence[TableColumn], endpoint: Endpoint) -> tuple[TableColumn, ...]:
    """The columns of a list; of each it is known whether its heading alone says what it tells."""
    said = meanings_of([column.header for column in columns], endpoint)
    headers = {each.header for each in said.values()}
    return tuple(
        replace(column, is_headed=at in said or column.meaning is None or column_header(column.meaning) in headers)
        for at, column in enumerate(columns)
    )


def extract_matrix(
    sheets: Sequence[tuple[str | None, Sheet, MatrixCells]],
    endpoint: Endpoint,
    fields: MatrixFields,
    source: Source,
    is_blank: Callable[[str], bool],
) -> Table:
    """The matrices as the list of their filled cells, row by row: where, who, what, how well."""
    beside = list(dict.fromkeys(column for _, _, cells in sheets for column in cells.beside))
    has_categories = any(cells.categories or cells.row_categories for _, _, cells in sheets)
    over: list[Column] = [endpoint.column(CATEGORY_HEADER)] if has_categories else []
    before, after = (fields.headings, beside) if fields.is_transposed else (beside, fields.headings)
    meanings: list[Column] = [*_listed(before), *over, *_listed(after), fields.cells]
    headers = [CELL_HEADER, *map(_header_of, meanings)]
    columns = table_columns(headers, dict(enumerate(meanings, 1)))
    names = {column.meaning: column.name for column in columns}
    found = [_filled(sheet, cells, is_blank) for _, sheet, cells in sheets]
    filled, unfilled = [places for places, _ in found], [places for _, places in found]
    refs = [_refs(number, places) for number, places in enumerate(filled)]
    outline = [_refs(number, places) for number, places in enumerate(unfilled)]

    def texts_of(places: Sequence[Sequence[Place]]) -> dict[str, list[str]]:
        """The columns of the list of these cells, sheet by sheet."""
        texts: dict[str, list[str]] = {column.name: [] for column in columns}
        for (_, sheet, cells), some in zip(sheets, places, strict=True):
            for meaning, name in names.items():
                texts[name] += _texts(sheet, cells, some, meaning, fields)
        return texts

    last = columns[-1].name
    return Table(
        source=source,
        endpoint=endpoint,
        parts=tuple(_part(name, sheet, cells, columns, fields) for name, sheet, cells in sheets),
        columns=columns,
        frame=text_frame(texts_of(filled), [ref for some in refs for ref in some]),
        outline=text_frame(texts_of(unfilled), [ref for some in outline for ref in some]) if any(outline) else None,
        oddities={
            (CellRef(ref), last): oddity
            for (_, sheet, _), places, some in zip(sheets, filled, refs, strict=True)
            for place, ref in (zip(places, some, strict=True) if sheet.oddities else ())
            if (oddity := sheet.oddities.get(place)) is not None
        },
        number_columns=frozenset({last}),
        notes=tuple(_notes([(name, sheet.notes) for name, sheet, _ in sheets])),
        arrangement=fields.arrangement,
    )


def _listed(columns: Column | Sequence[Column]) -> Sequence[Column]:
    return columns if isinstance(columns, Sequence) else [columns]


def _header_of(column: Column) -> str:
    """The header over a column of the list that a matrix becomes."""
    header = column_header(column)
    return header if column_field(column) == _PERSON else header.capitalize()


def _part(
    name: str | None, sheet: Sheet, cells: MatrixCells, columns: Sequence[TableColumn], fields: MatrixFields
) -> Part:
    """Where the columns of the list stand in this sheet."""
    where: dict[str, int | None] = {}
    for column in columns:
        meaning = column.meaning
        if meaning is None or meaning == fields.cells:
            where[column.name] = CELL
        elif meaning == fields.headings:
            where[column.name] = HEADING
        elif has_kind(meaning, Kind.HINT):
            where[column.name] = None if fields.is_transposed else CATEGORY
        else:
            where[column.name] = cells.beside.get(meaning)
    headers = {
        each: sheet.columns[at][cells.header_row - 1] for each, at in where.items() if at is not None and at >= 0
    }
    return Part(name, cells.header_row, where, cells.category_row, headers)


def _filled(sheet: Sheet, cells: MatrixCells, is_blank: Callable[[str], bool]) -> tuple[list[Place], list[Place]]:
    """The filled cells of one matrix, row by row; and a cell for each row and each column in which none is filled."""
    columns = [(column, sheet.columns[column]) for column in cells.headings]
    blank = {text for text in set().union(*(texts for _, texts in columns)) if is_blank(text)}
    odd = sheet.oddities
    filled = [
        (row, column)
        for row in cells.rows
        for column, texts in columns
        if texts[row - 1] not in blank or (row, column) in odd
    ]
    if not (cells.rows and columns):
        return filled, []
    across, down = columns[0][0], cells.rows[0]
    rows = [row for row in cells.rows if all(texts[row - 1] in blank for _, texts in columns)]
    down_to = [column for column, texts in columns if all(texts[row - 1] in blank for row in cells.rows)]
    unfilled = [*((row, across) for row in rows), *((down, column) for column in down_to)]
    return filled, [place for place in dict.fromkeys(unfilled) if place not in odd]


def _refs(number: int, places: Sequence[Place]) -> list[int]:
    """The references of these cells, as numbers; `number` is that of their sheet."""
    first = {row: CellRef.at(row, 0, number) for row in {row for row, _ in places}}  # the cells of a row follow on
    return [first[row] + column for row, column in places]


def _texts(
    sheet: Sheet, cells: MatrixCells, places: Sequence[Place], meaning: Column | None, fields: MatrixFields
) -> list[str]:
    """What one column of the list says of each of these cells: its address, who, under which heading, its own text."""
    if meaning is None:
        above = {column: letters(column) for column in cells.headings}
        return [f"{above[column]}{row}" for row, column in places]
    if meaning == fields.cells:
        return [sheet.columns[column][row - 1] for row, column in places]
    if meaning == fields.headings:
        return [cells.headings[column] for _, column in places]
    if has_kind(meaning, Kind.HINT):
        by_row, by_column = cells.row_categories, cells.categories
        return [by_row.get(row, "") if fields.is_transposed else by_column.get(column, "") for row, column in places]
    at = cells.beside.get(meaning)
    if at is None:
        return [""] * len(places)
    texts = {row: cells.names.get((row, at)) or sheet.columns[at][row - 1] for row in cells.rows}
    return [texts[row] for row, _ in places]


def sheet_names(sheets: Iterable[str | None]) -> str | None:
    """The names of the sheets that were read, where the file has such."""
    return ", ".join(sheet for sheet in sheets if sheet is not None) or None


def stack_lists(tables: Sequence[Table]) -> Table:
    """Lists of several sheets as one: a column for each field and each other header, wherever each sheet has it."""
    if len(tables) == 1:
        return tables[0]
    by_key = [{_key(column): column for column in reversed(table.columns)} for table in tables]
    keys = list(dict.fromkeys(key for table in tables for key in map(_key, table.columns) if key))
    first = [next(columns[key] for columns in by_key if key in columns) for key in keys]
    meanings = {at: column.meaning for at, column in enumerate(first) if column.meaning is not None}
    columns = _marked(table_columns([column.header for column in first], meanings), tables[0].endpoint)
    own = [
        {column.name: theirs[key].name for key, column in zip(keys, columns, strict=True) if key in theirs}
        for theirs in by_key
    ]
    stacked = list(zip(tables, own, strict=True))
    names = [column.name for column in columns]
    return replace(
        tables[0],
        source=replace(tables[0].source, sheet=sheet_names(table.source.sheet for table in tables)),
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
