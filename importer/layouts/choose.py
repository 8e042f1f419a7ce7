"""Which sheets of a file hold the table, and the table that they make together. Knows no layout by name."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from importer import layouts
from importer.coordinates import Place
from importer.errors import Ambiguous, Unreadable
from importer.layouts.account_names import NO_ACCOUNT, AccountNames
from importer.layouts.accounting import Taken
from importer.layouts.legend import Legend, find_explicit_legend, find_legend
from importer.layouts.matrix_table import sentence
from importer.layouts.proposal import MATRIX_OF, SheetReading, SheetToRead
from importer.layouts.read_options import ReadOptions
from importer.layouts.sheet_reading import read_sheet
from importer.layouts.versions import find_versions
from importer.messages import about_files, about_sheets
from importer.spreadsheet.read.book import Book
from importer.table import Sheet, Table
from importer.text import fold
from importer.validation.legend_scale import scale_of_legend
from importer.validation.level import HIGHEST, NUMBERS, LevelScale, scale_of_pairs, scale_of_rows
from importer.validation.level_words import is_for_a_level
from importer.validation.parsed_table import is_own_matrix

_LEVEL_SHEETS = frozenset(
    {"levels", "level", "scale", "legend", "skill levels", "proficiency levels", "stufen", "niveaus"}
)
_OWN_ID = "user_id"
_HEADER_WITHIN = 20
"""The header of the sheets that we export, and within how many rows it stands."""


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
    found: list[SheetReading[Any]] = []
    passed: list[str] = []
    why: Unreadable | None = None
    for sheet in asked.sheets or (each for each in book.candidates if each is None or each != explained):
        book.grid(sheet)  # a sheet that is not there is named by its own error, without its place in front
        try:
            scale = told.over(said or _hint(book.grid(sheet))).over(asked.remembered)
            meant = asked.endpoint or book.source(sheet).endpoint
            is_only, is_ours = len(asked.sheets or book.candidates) == 1, book.is_own_sheet(sheet)
            to_read = SheetToRead(sheet, book.grid(sheet), meant, asked, scale, names, is_only=is_only, is_ours=is_ours)
            there = _read(book, to_read)
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
    found = [_with_legend(each, book, found) for each in found]
    table = layouts.load(found[0].layout).table(book, found)
    table = replace(table, reasons=tuple(dict.fromkeys(reason for each in found for reason in each.reasons)))
    versions = () if asked.sheets else find_versions(table)
    if versions:
        raise about_sheets.versions(book.path.name, versions).offering("sheets", versions)
    scale, said_so = _legend(book, found, passed, asked) if said is None else (said, [_sheet_says(explained, said)])
    said_so = said_so if asked.scale is None else []
    scale = told.over(scale)
    remembered = asked.remembered if is_own_matrix(table) else asked.remembered.without("0")
    asked = replace(asked, scale=told.over(remembered.without(*scale.words))) if remembered.words else asked
    scale = scale.over(remembered)
    hidden = [sheet for sheet in book.hidden if not asked.sheets and sheet not in (*book.candidates, explained)]
    notes = (*_headers(table), *table.notes, *said_so, *_sheets_left(passed, hidden))
    if any(book.is_own_sheet(each.sheet) for each in found):
        return TableReading(replace(table, notes=notes, is_rest=not book.is_plan), scale)
    before = book.record.read_as if book.record else {}
    source = replace(table.source, read_as={**before, **asked.pack([each.sheet for each in found])})
    return TableReading(replace(table, notes=notes, source=source), scale)


def _read(book: Book, sheet: SheetToRead) -> SheetReading[Any] | Unreadable:
    """The reading of one sheet. Of one that we exported it is known what it is about and where its header stands,
    should its shape not tell: nobody may have a skill in it, or a category be called as a column is.

    Raises: Ambiguous.
    """
    about = {base.endpoint for base in book.source(sheet.name).bases}
    is_open = sheet.meant in (None, *about) and sheet.asked.matrix.header_row is None
    header = _own_header(sheet) if len(about) == 1 and is_open else None
    if header is None:
        return read_sheet(sheet)
    with suppress(Ambiguous):
        there = read_sheet(sheet)
        if isinstance(there, SheetReading) and there.endpoint.name in about and there.taken.header_row == header:
            return there
    return read_sheet(sheet.as_exported(about.pop(), header))


def _own_header(sheet: SheetToRead) -> int | None:
    """The row of the header in a sheet that we exported: the first one that has ids."""
    return next((at for at, row in enumerate(sheet.grid.head(_HEADER_WITHIN), 1) if _OWN_ID in row), None)


def _headers(table: Table) -> Iterator[str]:
    """What was taken of each sheet."""
    if table.is_matrix:
        yield from (sentence(each, table.endpoint) for each in table.summaries)
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


def _make_sure_that_they_are_alike(book: Book, found: Sequence[SheetReading[Any]]) -> None:
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
    book: Book, found: Sequence[SheetReading[Any]], passed: Sequence[str], asked: ReadOptions
) -> tuple[LevelScale, list[str]]:
    """The scale of the legend that stands beside a table, or on a sheet without one; and what is to be said of it.

    Raises: Ambiguous where only a person can say what it is worth.
    """
    if found[0].endpoint.name != MATRIX_OF:
        return NUMBERS, []
    beside = [(each.legend, f"The legend in {each.legend.place}") for each in found if each.legend is not None]
    alone = ((_legend_of(sheet, None, book, found), f'Sheet "{sheet}"') for sheet in passed)
    for legend, place in (*beside, *alone):
        if legend is None:
            continue
        if asked.scale is not None:
            return scale_of_pairs((word, number) for number, word in legend.names.items() if number <= HIGHEST), []
        told = scale_of_legend(legend.names, place)
        return told.scale, list(told.notes)
    return NUMBERS, []


def _with_legend(reading: SheetReading[Any], book: Book, found: Sequence[SheetReading[Any]]) -> SheetReading[Any]:
    """The reading with the cells of its sheet that say what levels mean."""
    if reading.endpoint.name != MATRIX_OF:
        return reading
    legend = _legend_of(reading.sheet, reading.taken, book, found)
    return reading.with_legend(book.grid(reading.sheet), legend)


def _legend_of(sheet: str | None, taken: Taken | None, book: Book, found: Sequence[SheetReading[Any]]) -> Legend | None:
    """The legend beside what was taken of a sheet, or on one of which nothing was; None if there is none."""
    legend = None if book.is_own_sheet(sheet) else find_legend(book.grid(sheet), _free(taken))
    return legend if legend and (legend.is_explicit or _is_used(legend, book, found)) else None


def _is_used(legend: Legend, book: Book, found: Sequence[SheetReading[Any]]) -> bool:
    """Whether some word of a legend is a word for levels, or stands in a table."""
    words = set(map(fold, legend.names.values()))
    if any(map(is_for_a_level, words)):
        return True
    columns = [(book.grid(each.sheet), column) for each in found for column in each.levels_at]
    return any(not words.isdisjoint(map(fold, set(grid.columns[column]))) for grid, column in columns)


def _free(taken: Taken | None) -> Callable[[Place], bool]:
    """Whether a cell is neither header nor record."""
    if taken is None:
        return lambda _: True
    rows = taken.rows if isinstance(taken.rows, range) else frozenset(taken.rows)
    columns = frozenset(taken.columns)
    return lambda place: place not in taken.header and not (place[0] in rows and place[1] in columns)


def _where(book: Book, sheet: str | None) -> str:
    return book.path.name if sheet is None else f'{book.path.name}, sheet "{sheet}"'
