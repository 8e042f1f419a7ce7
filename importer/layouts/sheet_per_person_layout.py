"""Lists that do not say whose they are, or of which skill: the sheet's name, or a line above the list, does.

Finds such a list and its subject. Knows texts and places, and what the account calls its people and skills.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from importer.endpoints.declare import Endpoint, Kind
from importer.endpoints.header import Column, Header, column_field, column_header, has_kind
from importer.layouts.account_names import AccountNames
from importer.layouts.header_meanings import columns_of
from importer.layouts.sheet_features import is_two_words
from importer.messages import about_sheets
from importer.table import Sheet, Table, TableColumn
from importer.text_frame import categorical

_LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class Subject:
    """A list under a header, and what it does not say in its rows: the column that it lacks, and its text."""

    header: Header
    column: Column
    text: str


def find_subject(
    sheet: str | None, grid: Sheet, endpoint: Endpoint, names: AccountNames, told: tuple[str | None, str | None]
) -> Subject | None:
    """The list of one person's skills, or of one skill's holders; None if the sheet has none. `told` are the person and
    the skill that somebody named.

    Raises: Ambiguous where nothing says whose a list of skills and levels is, or of which skill one of known people.
    """
    person, skill = told
    owner, thing = endpoint.owner[0], endpoint.thing[0]
    header = _header_without(grid, endpoint, owner)
    if header is not None:
        text = person or _named(sheet, grid, header, names.people) or (sheet if sheet and is_two_words(sheet) else None)
        if text is None:
            raise about_sheets.whose_sheet(sheet)
        return Subject(header, endpoint.column("user"), text)
    header = _header_without(grid, endpoint, thing)
    if header is not None and not _has_skills(grid, header, names):
        text = skill or _named(sheet, grid, header, names.skills)
        if text is None and _knows_people(grid, header, names):
            raise about_sheets.which_skill(sheet)
        return None if text is None else Subject(header, endpoint.column("skill"), text)
    return None


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


def with_subject(table: Table, subject: Subject | None) -> Table:
    """The table with a column that says in each row what the sheet says once."""
    if subject is None:
        return table
    name = column_header(subject.column)
    frame = table.frame.assign(**{name: categorical([subject.text] * len(table.frame))})
    part = table.parts[0]
    return replace(
        table,
        columns=(*table.columns, TableColumn(name, name, subject.column)),
        parts=(replace(part, columns={**part.columns, name: None}),),
        frame=frame,
    )
