"""Which lists the workbook of a whole account has, as we export it or give it back: each sheet by its name and headers.

Knows names of sheets and headers; reads no list itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from importer import endpoints
from importer.endpoints.declare import Endpoint
from importer.spreadsheet.read.book import Book
from importer.table import TO_FIX

_CONTINUED = re.compile(r"(.+?) \d+")
_LONGEST = 24
"""How long a title may be: Excel allows a sheet's name 31 letters, and `Result` may stand before it."""
_HEADER_WITHIN = 3
_FEWEST = 2
"""So many lists make an account; a workbook with one is read as any other."""


@dataclass(frozen=True, slots=True)
class AccountSheets:
    """A list of the workbook: what it holds, and the sheets on which it stands."""

    endpoint: str
    sheets: tuple[str, ...]


def account_sheets(book: Book) -> tuple[AccountSheets, ...]:
    """The lists of a whole account in this workbook; none where it is another one.

    Of the result of several tables, the sheets with what is to be fixed.
    """
    if book.is_staged_result:
        return tuple(_titled(book, f"{TO_FIX} "))
    found = tuple(_titled(book, ""))
    return found if len(found) >= _FEWEST else ()


def numbered(title: str, number: int) -> str:
    """The title of the nth list of one kind; a long one is cut."""
    end = f" {number}"
    return title[: _LONGEST - len(end)] + end


def _titled(book: Book, before: str) -> Iterator[AccountSheets]:
    for endpoint in endpoints.load_all():
        titles = (f"{before}{endpoint.title}", f"{before}New {endpoint.name}")
        sheets = [sheet for sheet in book.sheets if any(_bears(sheet, title) for title in titles)]
        if sheets and (before or all(_has_ids(book, sheet, endpoint) for sheet in sheets)):
            yield AccountSheets(endpoint.name, tuple(sheets))


def _bears(sheet: str, title: str) -> bool:
    """Whether the sheet is called so, or by this title and a number, for which a long one was cut."""
    continued = _CONTINUED.fullmatch(sheet)
    if sheet == title or continued is None:
        return sheet == title
    base = continued.group(1)
    return base == title or (len(base) >= _LONGEST and title.startswith(base))


def _has_ids(book: Book, sheet: str, endpoint: Endpoint) -> bool:
    """Whether the sheet has the ids that we export with such a list, and a column that only such a list has."""
    wanted = {endpoint.id_header, *(name for name in endpoint.key if name.endswith("_id"))}
    marks = {text for name in endpoint.marks for text in (name, *endpoint.field(name).also)}
    rows = (set(row) for row in book.grid(sheet).head(_HEADER_WITHIN))
    return any(wanted <= row and (not marks or marks & row) for row in rows)
