"""What the headings of a list mean, which endpoint they fit, and what they lack. Knows texts, and no file."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from importer.endpoints.declare import Directory, Endpoint, Kind, NameColumn
from importer.endpoints.header import Column, column_field, column_header, has_kind
from importer.endpoints.name_columns import PERSON
from importer.endpoints.skill_categories import SKILL_CATEGORIES
from importer.errors import Unreadable
from importer.layouts import field_words
from importer.messages import about_sheets
from importer.table import CELL_HEADER, IMPORT_COLUMNS, PLACE_COLUMN, PLAN_COLUMNS
from importer.text import fold, fold_header

_OURS = {fold_header(text) for text in (*IMPORT_COLUMNS, *PLAN_COLUMNS, PLACE_COLUMN, CELL_HEADER)}
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CATEGORIES = frozenset(map(fold, SKILL_CATEGORIES))
_LOOKED_AT = 30
"""Rows looked at for a header: titles and legends stand above it, never 30 rows of them."""


_MEMBER = "member"
_FIRST = "skill_id"
"""The field that counts where a sheet of people has groups or places beside it."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading means: the column, and the header under which it is declared.

    It is `plain` where the heading is declared, and not only a word for it; `vague` where it often means another thing.
    """

    header: str
    column: Column
    is_plain: bool
    is_vague: bool = False


def fitting_endpoint(row: int, fitting: Sequence[tuple[Endpoint, bool]]) -> Endpoint | None:
    """The endpoint that is meant, of those that a header fits, each with whether it does so by declared headers alone.

    Raises: Unreadable where several could be.
    """
    some = [each for each, is_plain in fitting if is_plain] or [each for each, _ in fitting]
    if some and len(some) < len(fitting) + (not any(is_plain for _, is_plain in fitting)):
        some = [each for each in some if any(field.name == _FIRST for field in each.fields)] or some
    if len(some) > 1:
        raise about_sheets.fits_several(row, [each.name for each in some])
    return some[0] if some else None


def meanings_of(texts: Sequence[str], endpoint: Endpoint) -> dict[int, Meaning]:
    """The columns (from 0) whose headings mean a column of this endpoint."""
    declared, columns = _known(endpoint), {column_header(column): column for column in endpoint.columns()}
    found: dict[int, Meaning] = {}
    for at, text in enumerate(texts):
        if not text or is_ours(text):
            continue
        column = declared.get(fold_header(text)) or declared.get(fold_header(field_words.bare(text)))
        if column is not None:
            found[at] = Meaning(column_header(column), column, is_plain=True)
            continue
        name = _field_called(text)
        if name in columns:
            found[at] = Meaning(name, columns[name], is_plain=False)
        elif "geography" in columns and field_words.is_one_of(text, field_words.PLACES):
            found[at] = Meaning("geography", columns["geography"], is_plain=False, is_vague=True)
    plain = {each.header for each in found.values() if not each.is_vague}
    found = {at: each for at, each in found.items() if not (each.is_vague and each.header in plain)}
    return found | _people_as_members(texts, endpoint, found)


@lru_cache(maxsize=65536)
def _field_called(text: str) -> str:
    """The header under which a column is declared that is called so, too; empty where nothing is."""
    return next((name for name, words in field_words.HEADINGS.items() if field_words.is_one_of(text, words)), "")


def _people_as_members(texts: Sequence[str], endpoint: Endpoint, found: Mapping[int, Meaning]) -> dict[int, Meaning]:
    """The column that says who, where members are asked for: people, unless a column says of what type they are."""
    told = {column_field(each.column) for each in found.values()}
    assumed = {each.name for each in endpoint.fields if each.assumed}
    if not assumed or "member_id" in told:
        return {}
    member = next(column for column in endpoint.name_columns if column.header == _MEMBER)
    also = {column.header: frozenset(map(fold_header, (column.header, *column.also))) for column in PERSON}
    for name in ("email", "user"):
        words = field_words.HEADINGS[name] | also[name]
        here = [at for at, text in enumerate(texts) if text and field_words.is_one_of(text, words)]
        if here:
            column = member if told & assumed else replace(member, directory=Directory.PEOPLE)
            return {at: Meaning(_MEMBER, column, is_plain=False) for at in here}
    return {}


def still_missing(endpoint: Endpoint, found: Mapping[int, Meaning]) -> list[str]:
    """The fields that a record needs and that no column tells."""
    return untold(endpoint, [each.column for each in found.values()])


def untold(endpoint: Endpoint, columns: Sequence[Column]) -> list[str]:
    """The fields that a record needs and none of these columns tells; what is assumed of people is no such field."""
    told = {column_field(column) for column in columns}
    are_people = any(isinstance(each, NameColumn) and each.directory is Directory.PEOPLE for each in columns)
    return [
        each.name
        for each in endpoint.fields
        if each.required and each.name not in told and not (each.assumed and are_people)
    ]


def is_ours(text: str) -> bool:
    """Whether a heading is of a column that we add to a person's own."""
    return fold_header(text) in _OURS


def explain_missing(rows: Sequence[Sequence[str]], endpoints: Sequence[Endpoint], first_row: int = 1) -> Unreadable:
    """Why none of these rows is a header: what the likeliest one lacks."""
    best: tuple[tuple[int, int], int, Endpoint] | None = None
    for number, texts in enumerate(rows, first_row):
        for endpoint in endpoints:
            found = meanings_of(texts, endpoint)
            matched, lacking = sum(not each.is_vague for each in found.values()), still_missing(endpoint, found)
            if matched and lacking and (best is None or (matched, -len(lacking)) > best[0]):
                best = ((matched, -len(lacking)), number, endpoint)
    if best is None:
        record = next(((number, texts) for number, texts in enumerate(rows, first_row) if any(texts)), None)
        if record is not None and any(_ADDRESS.fullmatch(text.strip()) for text in record[1]):
            return about_sheets.no_headings(record[0])
        headings = [text.strip() for text in record[1] if text.strip()] if record else []
        return about_sheets.no_header(len(rows) > 1, first_row, headings)
    _, number, endpoint = best
    lacking = still_missing(endpoint, meanings_of(rows[number - first_row], endpoint))
    missing = [" or ".join(_headers_for(endpoint, field)) for field in lacking]
    headers = [text.strip() for text in rows[number - first_row] if text.strip()]
    return about_sheets.column_missing(number, headers, missing, endpoint.name)


def is_of_categories(row: Sequence[str], next_row: Sequence[str]) -> bool:
    """Whether a row has categories of skills over many names of them: Kantata calls one of its categories Skill, which
    would be a heading of a list.
    """
    above = {fold(text) for text in row}
    below = [fold(text) for text in next_row if text.strip()]
    are_names = len(below) == len(set(below)) and len(below) >= 2 * len(above - {""})
    return are_names and len(_CATEGORIES & above) > 1


def header_search_depth() -> int:
    """How many rows from the top `find_header` wants to see."""
    return _LOOKED_AT


def suggestion(text: str, endpoint: Endpoint) -> str | None:
    """The declared header that an unused one is probably a misspelling of."""
    near = difflib.get_close_matches(fold_header(text), list(_known(endpoint)), n=1, cutoff=0.8)
    return column_header(_known(endpoint)[near[0]]) if near else None


def columns_of(texts: Sequence[str], endpoint: Endpoint) -> list[tuple[int, Column]]:
    """The columns of an endpoint that these headings mean, by position."""
    return [(at, each.column) for at, each in meanings_of(texts, endpoint).items()]


def _headers_for(endpoint: Endpoint, field: str) -> list[str]:
    return [column_header(column) for column in endpoint.columns() if column_field(column) == field]


def _known(endpoint: Endpoint) -> dict[str, Column]:
    """Every header that means a column of this endpoint, folded; a last name means one only beside a first."""
    return {
        fold_header(text): column
        for column in endpoint.columns()
        if not has_kind(column, Kind.LAST_NAME)
        for text in (column_header(column), column.title, *column.also)
    }
