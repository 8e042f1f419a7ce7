"""Which sheets of a file hold the table, as a list or as a matrix, and the table that they make together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from importer import endpoints
from importer.endpoints.declare import Endpoint
from importer.endpoints.header import Header
from importer.errors import Unreadable
from importer.layouts import matrix_layout as matrices
from importer.layouts.account_names import NO_ACCOUNT, AccountNames
from importer.layouts.accounting import Taken, account_for
from importer.layouts.extract import MatrixCells, extract_list, extract_matrix, stack_lists
from importer.layouts.legend import find_explicit_legend, find_legend
from importer.layouts.list_columns import ListOptions, find_list
from importer.layouts.list_layout import explain_missing, header_search_depth
from importer.layouts.matrix_layout import Matrix, MatrixOptions, find_matrix
from importer.layouts.row_classifier import list_lines
from importer.layouts.told_columns import told_person
from importer.messages import about_files, about_sheets
from importer.spreadsheet.read.book import Book
from importer.table import Layout, Oddity, Place, Sheet, SheetSummary, Table, address
from importer.text import fold
from importer.validation.cell import is_nothing
from importer.validation.legend_scale import scale_of_legend
from importer.validation.level import HIGHEST, NUMBERS, LevelScale, scale_of_pairs, scale_of_rows
from importer.validation.level_words import is_no_value
from importer.validation.parsed_table import read_as_blank

MATRIX_NAME = "skill-matrix"
MATRIX_OF = "skill-memberships"
"""A matrix has a name of its own, and is one way to write down these."""

_LEVEL_SHEETS = frozenset(
    {"levels", "level", "scale", "legend", "skill levels", "proficiency levels", "stufen", "niveaus"}
)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the person says about where the table is and how to read it. `endpoint` may also be `skill-matrix`.

    `columns` gives for a field the header (or letter) of its column, or `none`; `person` and `skill` say whose or which
    a sheet is that does not say so; `fill_down` that a blank cell below a name means the same.
    """

    endpoint: str | None = None
    sheets: tuple[str, ...] = ()
    matrix: MatrixOptions = field(default_factory=MatrixOptions)
    scale: LevelScale | None = None
    layout: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    person: str | None = None
    skill: str | None = None
    fill_down: bool = False

    def pack(self, sheets: Sequence[str | None]) -> dict[str, Any]:
        """What was said, with the sheets that were found, as JSON can hold it."""
        return {
            "meant": self.endpoint,
            "sheets": sheets,
            "header_row": self.matrix.header_row,
            "people_column": self.matrix.people_column,
            "skill_columns": self.matrix.skill_columns,
            "levels": None if self.scale is None else self.scale.words,
            "layout": self.layout,
            "columns": dict(self.columns),
            "person": self.person,
            "skill": self.skill,
            "fill_down": self.fill_down,
        }

    def or_as(self, before: Mapping[str, Any]) -> "ReadOptions":
        """The same, and where nothing is said now, what was said before."""
        levels, told = before["levels"], self.matrix
        return ReadOptions(
            endpoint=self.endpoint or before["meant"],
            sheets=self.sheets or tuple(before["sheets"]),
            matrix=MatrixOptions(
                told.header_row or before["header_row"],
                told.people_column or before["people_column"],
                told.skill_columns or tuple(before["skill_columns"]),
            ),
            scale=self.scale or (None if levels is None else LevelScale(levels)),
            layout=self.layout or before.get("layout"),
            columns={**before.get("columns", {}), **self.columns},
            person=self.person or before.get("person"),
            skill=self.skill or before.get("skill"),
            fill_down=self.fill_down or before.get("fill_down", False),
        )


@dataclass(frozen=True, slots=True)
class SheetReading:
    """The table of one sheet: below a header, or a matrix."""

    sheet: str | None
    endpoint: Endpoint
    header: Header | None = None
    matrix: Matrix | None = None

    @property
    def layout(self) -> Layout:
        """How the sheet says what it says."""
        return Layout.LIST if self.header else Layout.MATRIX

    def taken(self, book: Book) -> Taken | None:
        """What of the sheet is header and records."""
        if self.matrix is not None:
            return self.matrix.taken
        return _taken_of_list(book, self.sheet, self.header) if self.header is not None else None


@dataclass(frozen=True, slots=True)
class TableReading:
    """The table of a file, and the words that levels were given."""

    table: Table
    scale: LevelScale
    is_result: bool = False
    """Whether it stands in the person's own sheets of a result workbook, of which a part may be settled."""


def find_table(book: Book, asked: ReadOptions, names: AccountNames = NO_ACCOUNT) -> TableReading:
    """The table of a file. Several sheets that look alike make one; a result workbook is read as the person's own
    sheets were. `names` are asked where shape alone leaves a sheet open.

    Raises: Unreadable when no sheet has one; Ambiguous when they have different ones and none was named.
    """
    record = book.record
    if record is None or set(asked.sheets) & set(record.names.values()):
        return _find(book, asked, names)
    return replace(_find(book, asked.or_as(record.read_as), names), is_result=book.is_result)


def _find(book: Book, asked: ReadOptions, names: AccountNames) -> TableReading:
    """The table of the sheets that are asked for, or of all that may hold one."""
    explained, said = _told_scale(book)
    told = asked.scale or NUMBERS
    found: list[SheetReading] = []
    passed: list[str] = []
    why: Unreadable | None = None
    for sheet in asked.sheets or (each for each in book.candidates if each is None or each != explained):
        book.grid(sheet)  # a sheet that is not there is named by its own error, without its place in front
        try:
            there = _look(book, sheet, asked, told.over(said or _hint(book.grid(sheet))), names)
        except Unreadable as error:
            raise error.at(_where(book, sheet)) from None
        if isinstance(there, SheetReading):
            found.append(there)
            continue
        passed.append(str(sheet))
        if why is None or book.grid(sheet).height > 1:
            why = there.at(_where(book, sheet))
    if not found:
        if not any(book.grid(sheet).height for sheet in asked.sheets or book.candidates):
            raise about_files.no_cells(book.path.name)
        raise why or about_files.no_cells(book.path.name)
    _make_sure_that_they_are_alike(book, found)
    table = _listed(book, found) if found[0].header else _melted(book, found)
    scale, said_so = _legend(book, found, passed, asked) if said is None else (said, [_sheet_says(explained, said)])
    said_so = said_so if asked.scale is None else []
    scale = told.over(scale)
    hidden = [sheet for sheet in book.hidden if not asked.sheets and sheet not in (*book.candidates, explained)]
    notes = (*_headers(table), *table.notes, *said_so, *_sheets_left(passed, hidden))
    if any(book.is_own_sheet(each.sheet) for each in found):
        return TableReading(replace(table, notes=notes, is_rest=book.is_result), scale)
    before = book.record.read_as if book.record else {}
    source = replace(table.source, read_as={**before, **asked.pack([each.sheet for each in found])})
    return TableReading(replace(table, notes=notes, source=source), scale)


def _headers(table: Table) -> Iterator[str]:
    """What was taken of each sheet."""
    if table.layout is Layout.MATRIX:
        yield from map(matrices.sentence, table.summaries)
        return
    for taken in table.summaries:
        if len(table.summaries) > 1 or taken.header_row > 1:
            where = f'Sheet "{taken.sheet}", header' if taken.sheet else "Header"
            yield f"{where} in row {taken.header_row}."


def _sheets_left(passed: Sequence[str], hidden: Sequence[str]) -> Iterator[str]:
    """The sheets in which there is nothing to load, and those that were not read."""
    if passed:
        yield f"{_several(passed)} left out, because {'it has' if len(passed) == 1 else 'they have'} no table to load."
    if hidden:
        them = "it" if len(hidden) == 1 else "them"
        yield f"{_several(hidden)} hidden, so we left {them} out. Name a sheet to load it."


def _several(sheets: Sequence[str]) -> str:
    named_ = ", ".join(f'"{sheet}"' for sheet in sheets)
    return f"Sheet {named_} is" if len(sheets) == 1 else f"Sheets {named_} are"


def _look(
    book: Book, sheet: str | None, asked: ReadOptions, scale: LevelScale, names: AccountNames
) -> SheetReading | Unreadable:
    """The table of a sheet; or why it has none.

    Raises: Unreadable, Ambiguous.
    """
    grid = book.grid(sheet)
    meant = asked.endpoint or book.source(sheet).endpoint
    choices = (endpoints.load(meant),) if meant and meant != MATRIX_NAME else endpoints.load_all()
    rows, row = grid.head(header_search_depth()), asked.matrix.header_row
    options = ListOptions(
        row,
        asked.columns,
        scale,
        names,
        is_only=len(asked.sheets or book.candidates) == 1,
        are_levels_told=asked.scale is not None,
        is_ours=book.is_own_sheet(sheet),
        is_person_told=asked.person is not None,
    )
    header = find_list(grid, choices, options) if meant != MATRIX_NAME else None
    if header is not None:
        return SheetReading(sheet, header.endpoint, header)
    if meant in (None, MATRIX_NAME, MATRIX_OF):
        people = asked.matrix.people_column or told_person(asked.columns)
        matrix = replace(asked.matrix, people_column=people)
        found = find_matrix(grid, endpoints.load(MATRIX_OF), scale, matrix, names)
        if found is not None:
            return SheetReading(sheet, endpoints.load(MATRIX_OF), matrix=found)
    dates = sum(oddity is Oddity.DATE for oddity in grid.oddities.values())
    hint = (about_sheets.dates_among_levels(dates),) if dates > 2 else ()
    if meant == MATRIX_NAME:
        return about_sheets.no_matrix().also(*hint)
    return explain_missing(rows if row is None else rows[row - 1 : row], choices, row or 1).also(*hint)


def _make_sure_that_they_are_alike(book: Book, found: Sequence[SheetReading]) -> None:
    """Raises: Ambiguous when the sheets hold different kinds of tables."""
    kinds = {(each.endpoint.name, each.layout) for each in found}
    if len(kinds) > 1:
        names = tuple(str(each.sheet) for each in found)
        tables = [f'"{each.sheet}" ({each.endpoint.name}, a {each.layout})' for each in found]
        raise about_sheets.different_tables(book.path.name, tables).offering("sheets", names)


def _told_scale(book: Book) -> tuple[str | None, LevelScale | None]:
    """The sheet that explains the words for levels, and what it says; None if there is none."""
    for sheet in book.sheets:
        if fold(sheet) in _LEVEL_SHEETS:
            grid = book.grid(sheet)
            scale = scale_of_rows(grid.head(grid.height)) if grid.height <= 200 else None
            if scale is not None:
                return sheet, scale
    return None, None


def _sheet_says(sheet: str | None, scale: LevelScale) -> str:
    return f'Sheet "{sheet}" says what levels mean: {scale}.'


def _hint(grid: Sheet) -> LevelScale:
    """The words of a legend as levels, as long as it is only asked which cells look like levels."""
    legend = find_explicit_legend(grid)
    return scale_of_pairs((word, min(number, HIGHEST)) for number, word in legend.names.items()) if legend else NUMBERS


def _legend(
    book: Book, found: Sequence[SheetReading], passed: Sequence[str], asked: ReadOptions
) -> tuple[LevelScale, list[str]]:
    """The scale of the legend that stands beside a table, or on a sheet without one; and what is to be said of it.

    Raises: Ambiguous where only a person can say what it is worth.
    """
    if found[0].endpoint.name != MATRIX_OF:
        return NUMBERS, []
    for sheet, taken in [*((each.sheet, each.taken(book)) for each in found), *((each, None) for each in passed)]:
        legend = None if book.is_own_sheet(sheet) else find_legend(book.grid(sheet), _free(taken))
        if legend is None:
            continue
        place = f'Sheet "{sheet}"' if taken is None else f"The legend in {legend.place}"
        if asked.scale is not None:
            return scale_of_pairs((word, number) for number, word in legend.names.items() if number <= HIGHEST), []
        told = scale_of_legend(legend.names, place)
        return told.scale, list(told.notes)
    return NUMBERS, []


def _free(taken: Taken | None) -> Callable[[Place], bool]:
    """Whether a cell is neither header nor record."""
    if taken is None:
        return lambda _: True
    rows, columns = frozenset(taken.rows), frozenset(taken.columns)
    return lambda place: place not in taken.header and not (place[0] in rows and place[1] in columns)


def _listed(book: Book, found: Sequence[SheetReading]) -> Table:
    tables = [_extract_list(book, each.sheet, each.header) for each in found if each.header is not None]
    if len(tables) == 1:
        return tables[0]
    table = stack_lists(tables)
    return replace(table, source=replace(table.source, sheet=_named(found)))


def _named(found: Sequence[SheetReading]) -> str | None:
    """The sheets' names, where the file has such."""
    return ", ".join(each.sheet for each in found if each.sheet is not None) or None


def _extract_list(book: Book, sheet: str | None, header: Header) -> Table:
    """The list of one sheet, without its totals and remarks."""
    grid = book.grid(sheet)
    taken = _taken_of_list(book, sheet, header)
    table = extract_list(grid, header, book.source(sheet), taken.rows_left)
    summary = SheetSummary(sheet, header.row, len(table.frame))
    return replace(table, summaries=(summary if book.is_own_sheet(sheet) else _accounted(summary, grid, taken),))


def _taken_of_list(book: Book, sheet: str | None, header: Header) -> Taken:
    grid = book.grid(sheet)
    left = {} if book.is_own_sheet(sheet) else list_lines(grid, header)
    return Taken(
        header=frozenset((header.row, at) for at in header.columns),
        header_row=header.row,
        rows=[row for row in range(header.row + 1, grid.height + 1) if row not in left],
        columns=header.columns,
        rows_left=left,
    )


def _accounted(summary: SheetSummary, grid: Sheet, taken: Taken) -> SheetSummary:
    """The same, with what became of each filled cell of the sheet."""
    account = account_for(grid, taken, summary.sheet)
    return replace(summary, set_aside=account.set_aside, header_cells=account.header, record_cells=account.records)


def _melted(book: Book, found: Sequence[SheetReading]) -> Table:
    sheets = [(each.sheet, book.grid(each.sheet), each.matrix) for each in found if each.matrix is not None]
    source = replace(book.source(found[0].sheet), sheet=_named(found))
    table = extract_matrix(
        [(sheet, grid, _cells(matrix)) for sheet, grid, matrix in sheets],
        found[0].endpoint,
        source,
        is_nothing_or_blank,
    )
    summaries = tuple(
        _accounted(
            SheetSummary(
                sheet,
                matrix.header_row,
                rows,
                people=matrix.who,
                skills=tuple(dict.fromkeys(matrix.skills.values())),
                categories=tuple(dict.fromkeys(matrix.categories.values())),
            ),
            grid,
            matrix.taken,
        )
        for (sheet, grid, matrix), rows in zip(sheets, table.rows_by_part(), strict=True)
    )
    notes = [
        note for sheet, grid, matrix in sheets for note in _dashes(sheet if len(sheets) > 1 else None, grid, matrix)
    ]
    if table.frame.empty:
        notes += [note for sheet, _, matrix in sheets if (note := _colors(book, sheet, matrix))]
    return replace(table, summaries=summaries, notes=(*notes, *table.notes))


def _colors(book: Book, sheet: str | None, matrix: Matrix) -> str | None:
    """What is said of a matrix in which colors stand for levels."""
    cells = {(row, column) for row in matrix.rows for column in matrix.skills}
    count = len(cells & book.colored_blanks(sheet))
    are = "1 cell is" if count == 1 else f"{count:,} cells are"
    return f"{are} colored and blank; colors are not read. Write a level in each." if count else None


def _dashes(sheet: str | None, grid: Sheet, matrix: Matrix) -> Iterator[str]:
    """What people write for "nothing here" in a matrix and we read as blank, with its cells."""
    texts = set().union(*(grid.columns[column] for column in matrix.skills))
    words = {text for text in texts if text and is_nothing_or_blank(text)}
    columns = sorted(column for column in matrix.skills if not words.isdisjoint(grid.columns[column])) if words else []
    places = [(row, column) for row in matrix.rows for column in columns if grid.columns[column][row - 1] in words]
    if places:
        said = {grid.columns[column][row - 1] for row, column in places}
        yield read_as_blank(said, [address(row, column) for row, column in places], sheet)


def is_nothing_or_blank(text: str) -> bool:
    """Whether a cell of a matrix says nothing of a person's skill."""
    return not text or is_nothing(text) or is_no_value(text)


def _cells(matrix: Matrix) -> MatrixCells:
    return MatrixCells(
        header_row=matrix.header_row,
        category_row=matrix.category_row,
        people={column: at for at, column in matrix.people.items()},
        skills=matrix.skills,
        categories=matrix.categories,
        rows=matrix.rows,
        names=matrix.names,
    )


def _where(book: Book, sheet: str | None) -> str:
    return book.path.name if sheet is None else f'{book.path.name}, sheet "{sheet}"'
