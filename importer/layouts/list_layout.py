"""Which row is the header, which endpoint it means, and which column is which field. Knows texts, and no file."""

import difflib
import re
from collections.abc import Sequence

from importer.endpoints.declare import Endpoint
from importer.endpoints.header import Column, Header, column_field, column_header
from importer.errors import Unreadable
from importer.messages import about_sheets
from importer.table import CELL_HEADER, IMPORT_COLUMNS, PLACE_COLUMN, PLAN_COLUMNS, letters
from importer.text import fold_header

_OURS = {fold_header(text) for text in (*IMPORT_COLUMNS, *PLAN_COLUMNS, PLACE_COLUMN, CELL_HEADER)}
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LOOKED_AT = 30
"""Rows looked at for a header: titles and legends stand above it, never 30 rows of them."""


def find_header(
    rows: Sequence[Sequence[str]], endpoints: Sequence[Endpoint], header_row: int | None = None
) -> Header | None:
    """The first row that has a column for every required field of an endpoint; None when there is none.

    Shapes: `rows` are the first rows of a sheet as text; `header_row` (from 1) leaves only that one.
    Raises: Unreadable when two endpoints fit the same row, or one field has two columns.
    """
    for number, texts in enumerate(rows, 1):
        if header_row is not None and number != header_row:
            continue
        fitting = [each for each in endpoints if not _missing(each, _match(texts, each))]
        if len(fitting) > 1:
            raise about_sheets.fits_several(number, [each.name for each in fitting])
        if fitting:
            return _header(number, texts, fitting[0])
    return None


def explain_missing(rows: Sequence[Sequence[str]], endpoints: Sequence[Endpoint], first_row: int = 1) -> Unreadable:
    """Why none of these rows is a header: what the likeliest one lacks."""
    best: tuple[int, int, Endpoint] | None = None
    for number, texts in enumerate(rows, first_row):
        for endpoint in endpoints:
            matched = len(_match(texts, endpoint))
            if matched and (best is None or matched > best[0]):
                best = (matched, number, endpoint)
    if best is None:
        record = next(((number, texts) for number, texts in enumerate(rows, first_row) if any(texts)), None)
        if record is not None and any(_ADDRESS.fullmatch(text.strip()) for text in record[1]):
            return about_sheets.no_headings(record[0])
        return about_sheets.no_header(len(rows) > 1, first_row)
    _, number, endpoint = best
    lacking = _missing(endpoint, _match(rows[number - first_row], endpoint))
    missing = [" or ".join(_headers_for(endpoint, field)) for field in lacking]
    headers = [text.strip() for text in rows[number - first_row] if text.strip()]
    return about_sheets.column_missing(number, headers, missing, endpoint.name)


def header_search_depth() -> int:
    """How many rows from the top `find_header` wants to see."""
    return _LOOKED_AT


def suggestion(text: str, endpoint: Endpoint) -> str | None:
    """The declared header that an unused one is probably a misspelling of."""
    near = difflib.get_close_matches(fold_header(text), list(_known(endpoint)), n=1, cutoff=0.8)
    return column_header(_known(endpoint)[near[0]]) if near else None


def _header(number: int, texts: Sequence[str], endpoint: Endpoint) -> Header:
    columns: dict[int, Column] = {}
    for position, column in _match(texts, endpoint):
        for other, taken in columns.items():
            if taken == column:
                both = [f"{letters(at)} ({texts[at].strip()})" for at in (other, position)]
                raise about_sheets.same_column_twice((both[0], both[1]), number, column_header(column))
        columns[position] = column
    ignored = [p for p, text in enumerate(texts) if p not in columns and fold_header(text) not in {"", *_OURS}]
    return Header(number, endpoint, columns, tuple(ignored))


def _match(texts: Sequence[str], endpoint: Endpoint) -> list[tuple[int, Column]]:
    known = _known(endpoint)
    found = ((position, known.get(fold_header(text))) for position, text in enumerate(texts) if text)
    return [(position, column) for position, column in found if column is not None]


def columns_of(texts: Sequence[str], endpoint: Endpoint) -> list[tuple[int, Column]]:
    """The columns of an endpoint that these headings mean, by position."""
    return _match(texts, endpoint)


def _missing(endpoint: Endpoint, matched: Sequence[tuple[int, Column]]) -> list[str]:
    told = {column_field(column) for _, column in matched}
    return [each.name for each in endpoint.fields if each.required and each.name not in told]


def _headers_for(endpoint: Endpoint, field: str) -> list[str]:
    return [column_header(column) for column in endpoint.columns() if column_field(column) == field]


def _known(endpoint: Endpoint) -> dict[str, Column]:
    """Every header that means a column of this endpoint, folded."""
    return {
        fold_header(text): column
        for column in endpoint.columns()
        for text in (column_header(column), column.title, *column.also)
    }
