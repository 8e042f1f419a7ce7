"""The table that matrices make: their filled cells as records, and what is said of each sheet. Decides nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from importer.endpoints.declare import ACTION, Endpoint
from importer.layouts.accounting import Taken, account_for
from importer.layouts.extract import MatrixCells, MatrixFields, extract_matrix
from importer.layouts.sheet_reading import MATRIX_OF, SheetReading, sheet_names
from importer.spreadsheet.read.book import Book
from importer.table import Layout, Sheet, SheetSummary, Table, address
from importer.text import count_of
from importer.validation.cell import is_nothing
from importer.validation.level_words import is_no_value
from importer.validation.parsed_table import read_as_blank


@dataclass(frozen=True, slots=True)
class _Part:
    """One sheet with a matrix: its cells, whose they are and what they are of, and what else stands in the sheet."""

    sheet: str | None
    grid: Sheet
    cells: MatrixCells
    people: tuple[str, ...]
    things: tuple[str, ...]
    taken: Taken


def matrix_table(book: Book, found: Sequence[SheetReading]) -> Table:
    """The matrices of these sheets, which are of one kind, as one table."""
    parts = [_part(book.grid(each.sheet), each) for each in found]
    endpoint, layout = found[0].endpoint, found[0].layout
    table = extract_matrix(
        [(each.sheet, each.grid, each.cells) for each in parts],
        endpoint,
        _fields(endpoint, layout),
        replace(book.source(found[0].sheet), sheet=sheet_names(found)),
        is_nothing_or_blank,
    )
    summaries = tuple(
        with_account(
            SheetSummary(
                each.sheet,
                each.cells.header_row,
                rows,
                people=each.people,
                skills=each.things,
                categories=tuple(dict.fromkeys((each.cells.row_categories or each.cells.categories).values())),
            ),
            each.grid,
            each.taken,
        )
        for each, rows in zip(parts, table.rows_by_part(), strict=True)
    )
    notes = [note for each in parts for note in _dashes(each.sheet if len(parts) > 1 else None, each)]
    if table.frame.empty:
        notes += [note for each in parts if (note := _colors(book, each))]
    return replace(table, summaries=summaries, notes=(*notes, *table.notes))


def with_account(summary: SheetSummary, grid: Sheet, taken: Taken) -> SheetSummary:
    """The same, with what became of each filled cell of the sheet."""
    account = account_for(grid, taken, summary.sheet)
    return replace(summary, set_aside=account.set_aside, header_cells=account.header, record_cells=account.records)


def sentence(taken: SheetSummary, endpoint: Endpoint) -> str:
    """What was taken of a sheet with a matrix, for a person."""
    where = f'Sheet "{taken.sheet}", header' if taken.sheet else "Header"
    people = count_of(len(taken.people), "person", "people")
    things = count_of(len(taken.skills), "skill" if endpoint.name == MATRIX_OF else "group")
    categories = len(taken.categories)
    within = f" in {count_of(categories, 'category', 'categories')}" if categories else ""
    return f"{where} in row {taken.header_row}, {people}, {things}{within}."


def is_nothing_or_blank(text: str) -> bool:
    """Whether a cell of a matrix says nothing of a person's skill."""
    return not text or is_nothing(text) or is_no_value(text)


def _fields(endpoint: Endpoint, layout: Layout) -> MatrixFields:
    """What the headings and the cells of a matrix tell: skills and levels, or groups and ticks."""
    has_levels = endpoint.name == MATRIX_OF
    heading = "user" if layout is Layout.TRANSPOSED else "skill" if has_levels else "group"
    return MatrixFields(endpoint.column(heading), endpoint.column("level") if has_levels else ACTION, layout)


def _part(grid: Sheet, reading: SheetReading) -> _Part:
    endpoint, turned, matrix = reading.endpoint, reading.transposed, reading.matrix
    if turned is not None:
        thing = endpoint.column("skill" if endpoint.name == MATRIX_OF else "group")
        cells = MatrixCells(
            header_row=turned.header_row,
            category_row=None,
            beside={thing: turned.things_at},
            headings=turned.people,
            categories={},
            rows=turned.rows,
            row_categories=turned.categories,
        )
        things = tuple(dict.fromkeys(grid.columns[turned.things_at][row - 1] for row in turned.rows))
        return _Part(reading.sheet, grid, cells, turned.who, things, reading.taken)
    assert matrix is not None  # a matrix is one or the other
    cells = MatrixCells(
        header_row=matrix.header_row,
        category_row=matrix.category_row,
        beside={column: at for at, column in matrix.people.items()},
        headings=matrix.skills,
        categories=matrix.categories,
        rows=matrix.rows,
        names=matrix.names,
    )
    return _Part(reading.sheet, grid, cells, matrix.who, tuple(dict.fromkeys(matrix.skills.values())), reading.taken)


def _colors(book: Book, part: _Part) -> str | None:
    """What is said of a matrix in which colors stand for levels."""
    cells = {(row, column) for row in part.cells.rows for column in part.cells.headings}
    count = len(cells & book.colored_blanks(part.sheet))
    are = "1 cell is" if count == 1 else f"{count:,} cells are"
    return f"{are} colored and blank; colors are not read. Write a level in each." if count else None


def _dashes(sheet: str | None, part: _Part) -> Iterator[str]:
    """What people write for "nothing here" in a matrix and we read as blank, with its cells."""
    columns, rows = part.grid.columns, part.cells.rows
    texts = set().union(*(columns[column] for column in part.cells.headings))
    words = {text for text in texts if text and is_nothing_or_blank(text)}
    some = sorted(at for at in part.cells.headings if not words.isdisjoint(columns[at])) if words else []
    places = [(row, column) for row in rows for column in some if columns[column][row - 1] in words]
    if places:
        said = {columns[column][row - 1] for row, column in places}
        yield read_as_blank(said, [address(row, column) for row, column in places], sheet)
