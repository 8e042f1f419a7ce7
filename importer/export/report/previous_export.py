"""An earlier export as who held which skill then: a list, a matrix, or a report. Sends no write."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from importer.endpoints.declare import NameColumn
from importer.export.report.cover import COVER
from importer.export.report.report_data import Earlier, frame
from importer.export.report.sections import MEMBERSHIPS
from importer.kantata.account_data import people_of
from importer.kantata.directory import AccountDirectory
from importer.layouts.choose import MATRIX_OF, ReadOptions, find_table
from importer.layouts.parse import parse
from importer.messages import about_exports
from importer.spreadsheet.read.book import Book
from importer.validation.names import ids_by_name, names_needed
from importer.validation.parsed_table import ParsedTable

_LIST = re.compile(rf"{MEMBERSHIPS}(?: \d+)?")


def read_earlier(book: Book, directory: AccountDirectory) -> tuple[Earlier, list[str]]:
    """What the file says, and sentences on what of it could not be read. An id says who and what is meant, whatever
    the name beside it: names may have changed since.

    Raises: Unreadable when it holds anything else; Denied, Unreachable where names alone must be looked up.
    """
    parsed = parse(find_table(book, ReadOptions(sheets=_sheets(book))))
    if parsed.table.endpoint.name != MATRIX_OF:
        raise about_exports.not_an_export_of_skills(book.path.name, parsed.table.endpoint.name)
    ids = _ids(parsed, directory)
    rows = [
        (str(user), str(skill), int(level or 0))
        for user, skill, level in zip(ids["user_id"], ids["skill_id"], _values(parsed, "level"), strict=True)
        if user is not None and skill is not None
    ]
    lost = len(parsed.values) - len(rows)
    memberships = frame(("user_id", "skill_id", "level"), rows)
    names = {field: _names(parsed, field, ids[field]) for field in ("user_id", "skill_id")}
    told = [_lost(lost, parsed, book.path.name)] if lost else []
    inactive = frozenset(person.id for person in people_of(directory) if not person.is_active)
    return Earlier(
        book.path.name, memberships, names["user_id"], names["skill_id"], inactive, bool(_sheets(book))
    ), told


def _lost(count: int, parsed: ParsedTable, name: str) -> str:
    units = parsed.table.units
    if count == 1:
        return f"1 {units.removesuffix('s')} of {name} names nobody or nothing of the account, and was left out."
    return f"{count:,} {units} of {name} name nobody or nothing of the account, and were left out."


def _sheets(book: Book) -> tuple[str, ...]:
    """The sheets of a report that list what it counted; nothing where this is no report."""
    return tuple(sheet for sheet in book.sheets if _LIST.fullmatch(sheet)) if COVER in book.sheets else ()


def _ids(parsed: ParsedTable, directory: AccountDirectory) -> Mapping[str, Sequence[int | None]]:
    """Who and what each record means; names are looked up only where an id is missing."""
    given = ("user_id", "skill_id")
    known = parsed.values[list(given)]
    if known.isna().any(axis=None):
        named, _ = ids_by_name(parsed, directory.find(names_needed(parsed)))
        known = known.fillna({field: values for field, values in named.items() if field in known})
    return {field: [None if pd.isna(id_) else int(id_) for id_ in known[field]] for field in given}


def _values(parsed: ParsedTable, field: str) -> list[int | None]:
    return [None if pd.isna(value) else int(value) for value in parsed.values[field]]


def _names(parsed: ParsedTable, field: str, ids: Sequence[int | None]) -> dict[str, str]:
    """What the file calls the things of these ids: by their names rather than their addresses."""
    columns = [
        name
        for name, column in parsed.table.telling(field)
        if isinstance(column, NameColumn) and column.header != "email"
    ]
    if not columns:
        return {}
    texts = parsed.table.frame.loc[parsed.values.index, columns[0]].to_list()
    return {str(id_): text for id_, text in zip(ids, texts, strict=True) if id_ is not None and text}
