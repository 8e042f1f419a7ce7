"""Lists that do not say whose they are, of which skill or group: the sheet's name, or a line above the list, does.

Finds such a list and its subject. Knows texts and places, and what the account calls its people and skills.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from importer import endpoints
from importer.endpoints.declare import Kind
from importer.endpoints.header import Column, Header, column_field, column_header, has_kind
from importer.layouts.account_names import AccountNames
from importer.layouts.accounting import LeftOut, Taken
from importer.layouts.column_cells import ColumnCells
from importer.layouts.extract import stack_lists
from importer.layouts.header_meanings import columns_of
from importer.layouts.list_columns import ListDraft, ListOptions
from importer.layouts.list_layout import table_of_list, taken_of_list
from importer.layouts.matrix_layout import find_plain_matrix
from importer.layouts.proposal import GROUPS, MATRIX_OF, Basis, Evidence, Layout, Proposal, SheetReading, SheetToRead
from importer.layouts.sheet_features import is_two_words
from importer.messages import about_sheets
from importer.set_aside import Reason
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
    of_skills = _headed_rows(here, MATRIX_OF)
    return _of_a_person(here, of_skills) or _of_a_skill(here, of_skills) or _of_a_group(here)


def _of_a_person(here: SheetToRead, rows: Sequence[Header]) -> Proposal[Subject] | None:
    """The list of one person's skills."""
    header = _header_without(rows, "user_id")
    if header is not None:
        return Proposal(Evidence(len(header.columns)), partial(_read, here, header, "user"))
    header = _header_without(rows, "user_id", needs_level=False)
    if header is None or not _holds_levels(here, header) or not _names_person(here, header):
        return None
    return Proposal(Evidence(len(header.columns)), partial(_read_with_level, here, header))


def _of_a_skill(here: SheetToRead, rows: Sequence[Header]) -> Proposal[Subject] | None:
    """The list of those who have one skill."""
    header = _header_without(rows, "skill_id")
    if header is None or _has_skills(here.grid, header, here.names):
        return None
    if subject_of(here, header, "skill") is None and not _knows_people(here.grid, header, here.names):
        return None
    return Proposal(Evidence(len(header.columns)), partial(_read, here, header, "skill"))


def _of_a_group(here: SheetToRead) -> Proposal[Subject] | None:
    """The list of those who are in one group, which the account knows by the name of the sheet."""
    header = _header_without(_headed_rows(here, GROUPS), "workspace_group_id", needs_level=False)
    if header is None or subject_of(here, header, "group") is None or not _knows_people(here.grid, header, here.names):
        return None
    is_matrix = here.meant is None and here.once(find_plain_matrix) is not None
    return None if is_matrix else Proposal(Evidence(len(header.columns)), partial(_read, here, header, "group"))


def _read(here: SheetToRead, header: Header, name: str) -> SheetReading[Subject]:
    """Raises: Ambiguous where nothing says whose it is, or of which skill."""
    subject = Subject(header, header.endpoint.column(name), needed_subject_of(here, header, name))
    taken = taken_of_list(here, here.grid, header)
    left = {**taken.rows_left, **_categories(here, header, taken)} if name == "user" else taken.rows_left
    taken = replace(taken, rows=[row for row in taken.rows if row not in left], rows_left=left)
    return SheetReading(here.name, header.endpoint, LAYOUT.name, subject, taken)


def _read_with_level(here: SheetToRead, header: Header) -> SheetReading[Subject]:
    """Raises: Ambiguous where several columns hold levels, or none is called so."""
    options = ListOptions(columns=here.asked.columns, scale=here.scale, names=here.names, is_person_told=True)
    return _read(here, ListDraft(here.grid, header.row, header.endpoint, options).header, "user")


def _categories(here: SheetToRead, header: Header, taken: Taken) -> dict[int, LeftOut]:
    """The rows that only head those below: with one filled cell, whose text is no skill of the account."""
    at = next(at for at, column in header.columns.items() if column_field(column) in header.endpoint.thing)
    grid, rows = here.grid, list(taken.rows)
    others = [column for each, column in enumerate(grid.columns) if each != at]
    alone = {
        row: text
        for row, below in pairwise(rows)
        if (text := grid.columns[at][row - 1].strip()) and below == row + 1
        if not any(column[row - 1].strip() for column in others)
    }
    known = here.names.skills(frozenset(grid.columns[at][row - 1].strip() for row in rows)) if alone else frozenset()
    return {row: LeftOut(text, Reason.CATEGORY) for row, text in alone.items() if known and text not in known}


def needed_subject_of(here: SheetToRead, header: Header, name: str) -> str:
    """The same as `subject_of`.

    Raises: Ambiguous where nothing says so.
    """
    text = subject_of(here, header, name)
    if text is None:
        question = about_sheets.whose_sheet(here.name) if name == "user" else about_sheets.which_skill(here.name)
        raise question if here.names.is_there else question.also(about_sheets.ACCOUNT_MAY_TELL)
    return text


def subject_of(here: SheetToRead, header: Header, name: str) -> str | None:
    """Whose the sheet is, or of what: as told, or named by the sheet or above the list. A sheet's name of two words is
    somebody's whom nobody knows yet.
    """
    sheet, names, asked = here.name, here.names, here.asked
    known = {"user": names.people, "skill": names.skills, "group": names.groups}[name]
    told = {"user": asked.person, "skill": asked.skill}.get(name)
    text = told or _named(sheet, here.grid, header, known)
    return sheet if text is None and name == "user" and sheet and is_two_words(sheet) else text


def _names_person(here: SheetToRead, header: Header) -> bool:
    """Whether the sheet is somebody's: as told, or because the account knows whom it or a line above names."""
    return here.asked.person is not None or _named(here.name, here.grid, header, here.names.people) is not None


def _holds_levels(here: SheetToRead, header: Header) -> bool:
    """Whether some other column holds levels, and none stands below a person: that would be a matrix."""
    cells = ColumnCells(here.grid, header.row, here.scale)
    others = [at for at, text in enumerate(cells.headings) if text.strip() and at not in header.columns]
    headings = frozenset(cells.headings[at].strip() for at in others)
    return any(map(cells.are_levels, others)) and not here.names.people(headings)


def _has_skills(grid: Sheet, header: Header, names: AccountNames) -> bool:
    """Whether headings beside those of the list are skills, so that the level belongs to something else: a legend."""
    others = frozenset(text for at, text in enumerate(grid.head(header.row)[-1]) if text and at not in header.columns)
    return bool(others and names.skills(others))


def _headed_rows(here: SheetToRead, name: str) -> list[Header]:
    """The first rows whose headings mean columns of this endpoint, each once; none where another one is meant."""
    if here.meant not in (None, name):
        return []
    endpoint = endpoints.load(name)
    found = []
    for row, texts in enumerate(here.grid.head(_LOOKED_AT), 1):
        columns = dict(columns_of(texts, endpoint))
        if columns and len(columns) == len(set(columns.values())) and here.grid.height > row:
            ignored = tuple(at for at, text in enumerate(texts) if text.strip() and at not in columns)
            found.append(Header(row, endpoint, columns, ignored))
    return found


def _header_without(rows: Sequence[Header], field: str, *, needs_level: bool = True) -> Header | None:
    """The first header that tells everything that a record needs but this field, and a level where that is needed."""
    for header in rows:
        needed = {each.name for each in header.endpoint.fields if each.required} - {field}
        told = {column_field(column) for column in header.columns.values()}
        has_level = any(has_kind(each, Kind.LEVEL) for each in header.columns.values())
        if needed <= told and field not in told and has_level == needs_level:
            return header
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
    "a sheet for each person, skill or group, which its name or a line above says",
    "Skill, Level",
    Basis.HEADINGS,
    _propose,
    _table,
)
