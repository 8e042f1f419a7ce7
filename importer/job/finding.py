"""Which sheets of a file hold the table, as a list or as a matrix, and the table that they make together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from importer import endpoints
from importer.check import matrix as matrices
from importer.check.cell import is_nothing
from importer.check.header import Header, column_header, explain_missing, find_header, looked_at
from importer.check.level import NUMBERS, LevelScale, scale_in
from importer.check.matrix import Matrix, Told, find_matrix
from importer.endpoints.declare import Endpoint
from importer.errors import Ambiguous, Unreadable
from importer.fold import fold
from importer.sheet import Layout, SourceTable
from importer.table.book import Book
from importer.table.grid import Cells, cut, melt, stack

MATRIX_NAME = "skill-matrix"
MATRIX_OF = "skill-memberships"
"""A matrix has a name of its own, and is one way to write down these."""

_LEVEL_SHEETS = frozenset(
    {"levels", "level", "scale", "legend", "skill levels", "proficiency levels", "stufen", "niveaus"}
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person says of where the table is, where they say anything. `meant` is an endpoint, or `skill-matrix`."""

    meant: str | None = None
    sheets: tuple[str, ...] = ()
    told: Told = field(default_factory=Told)
    scale: LevelScale | None = None


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """The table of one sheet: below a header, or a matrix."""

    sheet: str | None
    endpoint: Endpoint
    header: Header | None = None
    matrix: Matrix | None = None

    @property
    def layout(self) -> Layout:
        """How the sheet says what it says."""
        return Layout.LIST if self.header else Layout.MATRIX


@dataclass(frozen=True, slots=True)
class FoundTable:
    """The table of a file, its header, and the words that levels were given."""

    table: SourceTable
    header: Header
    scale: LevelScale


def find_table(book: Book, asked: Asked) -> FoundTable:
    """The table of a file. Several sheets that look alike make one.

    Raises: Unreadable when no sheet has one; Ambiguous when they have different ones and none was named.
    """
    scale = asked.scale or _told_scale(book) or NUMBERS
    found: list[FoundSheet] = []
    why: tuple[str, str] | None = None
    for sheet in asked.sheets or book.candidates:
        try:
            there = _look(book, sheet, asked, scale)
        except Ambiguous as error:
            message = f"{_where(book, sheet)}: {error.message}"
            raise Ambiguous(message, error.fix, option=error.option, choices=error.choices) from None
        except Unreadable as error:
            raise Unreadable(f"{_where(book, sheet)}: {error.message}", error.fix) from None
        if isinstance(there, FoundSheet):
            found.append(there)
        elif why is None or book.grid(sheet).height > 1:
            why = (f"{_where(book, sheet)}: {there[0]}", there[1])
    if not found:
        message, fix = why or (f"{book.path.name} has no cells.", "Save it again.")
        raise Unreadable(message, fix)
    _make_sure_that_they_are_alike(book, found)
    return _listed(book, found, scale) if found[0].header else _melted(book, found, scale)


def _look(book: Book, sheet: str | None, asked: Asked, scale: LevelScale) -> FoundSheet | tuple[str, str]:
    """The table of a sheet; or why it has none, and what to do.

    Raises: Unreadable, Ambiguous.
    """
    grid = book.grid(sheet)
    meant = asked.meant or book.source(sheet).endpoint
    choices = (endpoints.load(meant),) if meant and meant != MATRIX_NAME else endpoints.load_all()
    rows, row = grid.head(looked_at()), asked.told.header_row
    header = find_header(rows, choices, row) if meant != MATRIX_NAME else None
    if header is not None:
        return FoundSheet(sheet, header.endpoint, header)
    if meant in (None, MATRIX_NAME, MATRIX_OF):
        found = find_matrix(grid, endpoints.load(MATRIX_OF), scale, asked.told)
        if found is not None:
            return FoundSheet(sheet, endpoints.load(MATRIX_OF), matrix=found)
    if meant == MATRIX_NAME:
        return "no row has skills over columns of levels, beside a column of people.", (
            "Say --header-row, --people-column and --skill-columns; or begin with importer template skill-memberships "
            "--matrix."
        )
    return explain_missing(rows if row is None else rows[row - 1 : row], choices, row or 1)


def _make_sure_that_they_are_alike(book: Book, found: Sequence[FoundSheet]) -> None:
    """Raises: Ambiguous when the sheets hold different kinds of tables."""
    kinds = {(each.endpoint.name, each.layout) for each in found}
    if len(kinds) > 1:
        names = tuple(str(each.sheet) for each in found)
        named = ", ".join(f'"{each.sheet}" ({each.endpoint.name}, a {each.layout})' for each in found)
        raise Ambiguous(
            f"{book.path.name} has tables of different kinds: {named}.", "Name one with --sheet.", option="sheets",
            choices=names,
        )  # fmt: skip


def _told_scale(book: Book) -> LevelScale | None:
    """The words for levels that a sheet of the workbook explains."""
    for sheet in book.sheets:
        if fold(sheet) in _LEVEL_SHEETS:
            grid = book.grid(sheet)
            scale = scale_in(grid.head(grid.height)) if grid.height <= 200 else None
            if scale is not None:
                return scale
    return None


def _listed(book: Book, found: Sequence[FoundSheet], scale: LevelScale) -> FoundTable:
    lists = [(each.sheet, each.header) for each in found if each.header is not None]
    tables = [cut(book.grid(sheet), header.row, book.source(sheet)) for sheet, header in lists]
    if len(tables) == 1 and found[0].header is not None:
        return FoundTable(tables[0], found[0].header, scale)
    table = stack(tables)
    notes = [f'Sheet "{each.sheet}", header in row {each.header.row}.' for each in found if each.header]
    source = replace(table.source, sheet=_named(found))
    return FoundTable(
        replace(table, source=source, notes=(*notes, *table.notes)), _header_of(table, found[0].endpoint), scale
    )


def _named(found: Sequence[FoundSheet]) -> str | None:
    """The sheets' names, where the file has such."""
    return ", ".join(each.sheet for each in found if each.sheet is not None) or None


def _melted(book: Book, found: Sequence[FoundSheet], scale: LevelScale) -> FoundTable:
    sheets = [(each.sheet, book.grid(each.sheet), _cells(each.matrix)) for each in found if each.matrix is not None]
    source = replace(book.source(found[0].sheet), sheet=_named(found))
    table = melt(sheets, source, is_nothing_or_blank)
    notes = list(_sentences(found))
    return FoundTable(replace(table, notes=(*notes, *table.notes)), _header_of(table, found[0].endpoint), scale)


def is_nothing_or_blank(text: str) -> bool:
    """Whether a cell of a matrix says nothing of a person's skill."""
    return not text or is_nothing(text)


def _cells(matrix: Matrix) -> Cells:
    return Cells(
        header_row=matrix.header_row,
        category_row=matrix.category_row,
        people={column_header(column): at for at, column in matrix.people.items()},
        skills=matrix.skills,
        categories=matrix.categories,
        rows=matrix.rows,
        names=matrix.names,
    )


def _sentences(found: Sequence[FoundSheet]) -> Iterator[str]:
    for each in found:
        if each.matrix is not None:
            yield from matrices.sentences(each.matrix, each.sheet, len(each.matrix.rows))


def _header_of(table: SourceTable, endpoint: Endpoint) -> Header:
    """The header of a table that was put together; its columns are found by their headers."""
    header = find_header([table.headers], (endpoint,))
    if header is None:
        raise Unreadable("the sheets have no columns in common.", "Name one with --sheet.")
    return replace(header, row=table.header_row)


def _where(book: Book, sheet: str | None) -> str:
    return book.path.name if sheet is None else f'{book.path.name}, sheet "{sheet}"'
