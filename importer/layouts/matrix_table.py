"""The table that matrices make: their filled cells as records, and what is said of each sheet. Decides nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from importer.coordinates import address
from importer.endpoints.declare import ACTION, Endpoint
from importer.layouts.accounting import with_account
from importer.layouts.extract import MatrixCells, MatrixFields, extract_matrix, sheet_names
from importer.layouts.proposal import MATRIX_OF, SheetReading
from importer.spreadsheet.read.book import Book
from importer.table import Arrangement, Sheet, SheetSummary, Table
from importer.text import count_of
from importer.validation.cell import is_nothing
from importer.validation.level_words import is_no_value
from importer.validation.parsed_table import read_as_blank


@dataclass(frozen=True, slots=True)
class MatrixOfSheet:
    """The matrix of one sheet: its cells, whose they are and what they are of, each once."""

    cells: MatrixCells
    people: tuple[str, ...]
    things: tuple[str, ...]


def matrix_table(book: Book, found: Sequence[SheetReading[MatrixOfSheet]], arrangement: Arrangement) -> Table:
    """The matrices of these sheets, which are of one kind, as one table."""
    endpoint = found[0].endpoint
    table = extract_matrix(
        [(each.sheet, book.grid(each.sheet), each.content.cells) for each in found],
        endpoint,
        _fields(endpoint, arrangement),
        replace(book.source(found[0].sheet), sheet=sheet_names(each.sheet for each in found)),
        is_nothing_or_blank,
    )
    summaries = (
        with_account(_summary(each, rows), book.grid(each.sheet), each.taken)
        for each, rows in zip(found, table.rows_by_part(), strict=True)
    )
    notes = [note for each in found for note in _dashes(each, book.grid(each.sheet), is_one_of_several=len(found) > 1)]
    if table.frame.empty:
        notes += [note for each in found if (note := _colors(book, each))]
    return replace(table, layout=found[0].layout, summaries=tuple(summaries), notes=(*notes, *table.notes))


def _summary(reading: SheetReading[MatrixOfSheet], rows: int) -> SheetSummary:
    content, cells = reading.content, reading.content.cells
    categories = tuple(dict.fromkeys((cells.row_categories or cells.categories).values()))
    people, things = content.people, content.things
    return SheetSummary(reading.sheet, cells.header_row, rows, people=people, skills=things, categories=categories)


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


def _fields(endpoint: Endpoint, arrangement: Arrangement) -> MatrixFields:
    """What the headings and the cells of a matrix tell: skills and levels, or groups and ticks."""
    has_levels = endpoint.name == MATRIX_OF
    heading = "user" if arrangement is Arrangement.TURNED_CELLS else "skill" if has_levels else "group"
    return MatrixFields(endpoint.column(heading), endpoint.column("level") if has_levels else ACTION, arrangement)


def _colors(book: Book, reading: SheetReading[MatrixOfSheet]) -> str | None:
    """What is said of a matrix in which colors stand for levels."""
    cells = {(row, column) for row in reading.content.cells.rows for column in reading.content.cells.headings}
    count = len(cells & book.colored_blanks(reading.sheet))
    are = "1 cell is" if count == 1 else f"{count:,} cells are"
    return f"{are} colored and blank; colors are not read. Write a level in each." if count else None


def _dashes(reading: SheetReading[MatrixOfSheet], grid: Sheet, *, is_one_of_several: bool) -> Iterator[str]:
    """What people write for "nothing here" in a matrix and we read as blank, with its cells."""
    columns, cells = grid.columns, reading.content.cells
    texts = set().union(*(columns[column] for column in cells.headings))
    words = {text for text in texts if text and is_nothing_or_blank(text)}
    some = sorted(at for at in cells.headings if not words.isdisjoint(columns[at])) if words else []
    places = [(row, column) for row in cells.rows for column in some if columns[column][row - 1] in words]
    if places:
        said = {columns[column][row - 1] for row, column in places}
        sheet = reading.sheet if is_one_of_several else None
        yield read_as_blank(said, [address(row, column) for row, column in places], sheet)
