"""An earlier export as who held which skill then: a list, a matrix, or a report. Sends no write."""

import re
from typing import Any

import pandas as pd

from importer.endpoints.declare import NameColumn
from importer.export.report.cover import COVER
from importer.export.report.report_data import Earlier, frame
from importer.export.report.sections import MEMBERSHIPS
from importer.kantata.account_data import people_of
from importer.kantata.directory import AccountDirectory
from importer.layouts.choose import find_table
from importer.layouts.parse import parse
from importer.layouts.proposal import MATRIX_OF
from importer.layouts.read_options import ReadOptions
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
    complete = ids.dropna()
    levels = parsed.values.loc[complete.index, "level"].fillna(0)
    rows = [
        (str(user), str(skill), int(level))
        for user, skill, level in zip(complete["user_id"], complete["skill_id"], levels, strict=True)
    ]
    lost = len(ids) - len(complete)
    memberships = frame(("user_id", "skill_id", "level"), rows)
    people, skills = _names(parsed, ids["user_id"]), _names(parsed, ids["skill_id"])
    notes = [_lost(lost, parsed, book.path.name)] if lost else []
    inactive = frozenset(person.id for person in people_of(directory) if not person.is_active)
    return Earlier(book.path.name, memberships, people, skills, inactive, bool(_sheets(book))), notes


def _lost(count: int, parsed: ParsedTable, name: str) -> str:
    units = parsed.table.units
    if count == 1:
        return f"1 {units.removesuffix('s')} of {name} names nobody or nothing of the account, and was left out."
    return f"{count:,} {units} of {name} name nobody or nothing of the account, and were left out."


def _sheets(book: Book) -> tuple[str, ...]:
    """The sheets of a report that list what it counted; nothing where this is no report."""
    return tuple(sheet for sheet in book.sheets if _LIST.fullmatch(sheet)) if COVER in book.sheets else ()


def _ids(parsed: ParsedTable, directory: AccountDirectory) -> pd.DataFrame:
    """Who and what each record means; names are looked up only where an id is missing."""
    known = parsed.values[["user_id", "skill_id"]]
    if known.isna().any(axis=None):
        named = ids_by_name(parsed, directory.find(names_needed(parsed))).values
        known = known.fillna({field: values for field, values in named.items() if field in known})
    return known


def _names(parsed: ParsedTable, ids: "pd.Series[Any]") -> dict[str, str]:
    """What the file calls the things of these ids: by their names rather than their addresses.

    Shapes: `ids` are a column of the parsed values, called as its field.
    """
    columns = [
        name
        for name, column in parsed.table.telling(str(ids.name))
        if isinstance(column, NameColumn) and column.header != "email"
    ]
    texts = parsed.table.frame.loc[ids.index, columns[0]] if columns else ()
    return {str(id_): text for id_, text in zip(ids, texts, strict=bool(columns)) if not pd.isna(id_) and text}
