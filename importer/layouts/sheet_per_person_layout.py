"""Lists that do not say whose they are, or of which skill: the sheet's name, or a line above the list, does.

Finds such a list and its subject. Knows texts and places, and what the account calls its people and skills.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from importer import endpoints
from importer.endpoints.declare import Endpoint, Kind
from importer.endpoints.header import Column, Header, column_field, column_header, has_kind
from importer.layouts.account_names import AccountNames
from importer.layouts.extract import stack_lists
from importer.layouts.header_meanings import columns_of
from importer.layouts.list_layout import table_of_list, taken_of_list
from importer.layouts.proposal import MATRIX_OF, Basis, Evidence, Layout, Proposal, SheetReading, SheetToRead
from importer.layouts.sheet_features import is_two_words
from importer.messages import about_sheets
from importer.spreadsheet.read.book import Book
from importer.table import Sheet, Table, TableColumn
from importer.text_frame import categorical

_LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class Subject:
    """A list under a header, and what it does not say in its rows: the column that it lacks, and its text."""

    header: Header
    column: Column
    text: str


def _propose(here: SheetToRead) -> Proposal[Subject] | None:
    if here.meant not in (None, MATRIX_OF):
        return None
    endpoint = endpoints.load(MATRIX_OF)
    header = _header_without(here.grid, endpoint, endpoint.owner[0])
    if header is not None:
        return Proposal(Evidence(len(header.columns)), partial(_read, here, header, "user"))
    header = _header_without(here.grid, endpoint, endpoint.thing[0])
    if header is None or _has_skills(here.grid, header, here.names):
        return None
    if _skill_of(here, header) is None and not _knows_people(here.grid, header, here.names):
        return None
    return Proposal(Evidence(len(header.columns)), partial(_read, here, header, "skill"))


def _read(here: SheetToRead, header: Header, name: str) -> SheetReading[Subject]:
    """Raises: Ambiguous where nothing says whose it is, or of which skill."""
    text = _person_of(here, header) if name == "user" else _skill_of(here, header)
    if text is None:
        question = about_sheets.whose_sheet(here.name) if name == "user" else about_sheets.which_skill(here.name)
        raise question if here.names.is_there else question.also(about_sheets.ACCOUNT_MAY_TELL)
    subject = Subject(header, header.endpoint.column(name), text)
    return SheetReading(here.name, header.endpoint, LAYOUT.name, subject, taken_of_list(here, here.grid, header))


def _person_of(here: SheetToRead, header: Header) -> str | None:
    """Whose the sheet is: as told, or named by the sheet; a name of two words is somebody's that nobody knows yet."""
    sheet = here.name
    known = here.asked.person or _named(sheet, here.grid, header, here.names.people)
    return known or (sheet if sheet and is_two_words(sheet) else None)


def _skill_of(here: SheetToRead, header: Header) -> str | None:
    """Which skill the sheet is of: as told, or named by the sheet."""
    return here.asked.skill or _named(here.name, here.grid, header, here.names.skills)


def _has_skills(grid: Sheet, header: Header, names: AccountNames) -> bool:
    """Whether headings beside those of the list are skills, so that the level belongs to something else: a legend."""
    others = frozenset(text for at, text in enumerate(grid.head(header.row)[-1]) if text and at not in header.columns)
    return bool(others and names.skills(others))


def _header_without(grid: Sheet, endpoint: Endpoint, field: str) -> Header | None:
    """The first row that tells everything that a record needs but this field, and a level."""
    needed = {each.name for each in endpoint.fields if each.required} - {field}
    for row, texts in enumerate(grid.head(_LOOKED_AT), 1):
        columns = dict(columns_of(texts, endpoint))
        told = {column_field(column) for column in columns.values()}
        has_level = any(has_kind(each, Kind.LEVEL) for each in columns.values())
        is_once = len(columns) == len(set(columns.values()))
        if needed <= told and field not in told and has_level and is_once and grid.height > row:
            ignored = tuple(at for at, text in enumerate(texts) if text.strip() and at not in columns)
            return Header(row, endpoint, columns, ignored)
    return None


def _knows_people(grid: Sheet, header: Header, names: AccountNames) -> bool:
    """Whether the account knows somebody of the column that says who."""
    texts = {text.strip() for at in header.columns for text in grid.columns[at][header.row :]}
    return bool(names.people(texts - {""}))


def _named(
    sheet: str | None, grid: Sheet, header: Header, known: Callable[[Collection[str]], frozenset[str]]
) -> str | None:
    """The one known name that the sheet bears, or that stands above the list."""
    if sheet is not None and known([sheet.strip()]):
        return sheet.strip()
    above = list(dict.fromkeys(_texts(grid.head(header.row - 1))))
    found = known(frozenset(above)) if above else frozenset()
    some = [text for text in above if text in found]
    return some[0] if len(some) == 1 else None


def _texts(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The texts of some rows, and what stands behind a colon in them."""
    for text in (text.strip() for row in rows for text in row):
        if text:
            yield text
            _, sign, after = text.partition(":")
            if sign and after.strip():
                yield after.strip()


def _table(book: Book, found: Sequence[SheetReading[Subject]]) -> Table:
    return stack_lists([_table_of(book, each) for each in found])


def _table_of(book: Book, reading: SheetReading[Subject]) -> Table:
    """The table of one sheet, with a column that says in each row what the sheet says once."""
    subject = reading.content
    table = table_of_list(book, reading, subject.header, book.grid(reading.sheet))
    name = column_header(subject.column)
    frame = table.frame.assign(**{name: categorical([subject.text] * len(table.frame))})
    part = table.parts[0]
    return replace(
        table,
        columns=(*table.columns, TableColumn(name, name, subject.column)),
        parts=(replace(part, columns={**part.columns, name: None}),),
        frame=frame,
    )


LAYOUT = Layout(
    "sheet-per-person",
    "a sheet for each person or skill, which its name or a line above says",
    "Skill, Level",
    Basis.HEADINGS,
    _propose,
    _table,
)
