"""The columns that a person names with `--column`: in which row their headers stand, and where. Knows no account."""

from collections.abc import Mapping, Sequence

from importer.coordinates import letters
from importer.endpoints.declare import Endpoint
from importer.layouts.header_meanings import meanings_of, still_missing
from importer.layouts.sheet_features import is_like_email, is_like_name
from importer.messages import about_columns
from importer.text import fold_header

NONE = "none"
"""What is told of a field that no column tells: `--column level=none`."""
PEOPLE = ("user", "email", "external_id", "user_id")
"""The columns that say who."""


def told_person(columns: Mapping[str, str]) -> str | None:
    """The column that was told to say who; None if none was."""
    return next((columns[each] for each in PEOPLE if fold_header(columns.get(each, NONE)) != NONE), None)


def told_row(
    rows: Sequence[Sequence[str]],
    endpoints: Sequence[Endpoint],
    told: Sequence[str],
    header_row: int | None,
    *,
    is_only: bool,
) -> int | None:
    """The row with all headers that were told; None if it is in another sheet, where this is not the only one.

    Raises: Usage where one of them is not there.
    """
    counts: dict[int, int] = {}
    for number, texts in enumerate(rows, 1):
        if header_row in (None, number):
            headed = [header for header in told if positions(texts, header)]
            if headed and all(header in headed or lettered(texts, header) is not None for header in told):
                return number
            counts[number] = len(headed)
    row = min(header_row, len(rows)) if header_row else _headed_row(rows, endpoints)
    if rows and not any(counts.values()) and all(lettered(rows[0], header) is not None for header in told):
        return row
    row = max(counts, key=counts.__getitem__) if any(counts.values()) else row
    if rows and (is_only or _words_fit(rows, endpoints)):
        texts = rows[(row or 1) - 1]
        absent = next(each for each in told if not positions(texts, each) and lettered(texts, each) is None)
        raise about_columns.no_such_header(absent, [text.strip() for text in texts if text.strip()])
    return None


def _headed_row(rows: Sequence[Sequence[str]], endpoints: Sequence[Endpoint]) -> int | None:
    """The row with most headings that mean a field, or the first that may be a header."""
    known = {number: sum(len(meanings_of(texts, each)) for each in endpoints) for number, texts in enumerate(rows, 1)}
    best = max(known, key=known.__getitem__, default=None)
    return best if best is not None and known[best] else first_heading_row(rows)


def _words_fit(rows: Sequence[Sequence[str]], endpoints: Sequence[Endpoint]) -> bool:
    """Whether some row is the header of a list by its words alone."""
    return any(not still_missing(each, meanings_of(texts, each)) for texts in rows for each in endpoints)


def first_heading_row(rows: Sequence[Sequence[str]]) -> int | None:
    """The first row with two texts or more, of which none is an address or has no letter."""
    for number, texts in enumerate(rows, 1):
        filled = [text for text in texts if text.strip()]
        if len(filled) > 1 and all(is_like_name(text) and not is_like_email(text) for text in filled):
            return number
    return None


def positions(texts: Sequence[str], header: str) -> list[int]:
    """The columns with this header."""
    return [at for at, text in enumerate(texts) if text.strip() and fold_header(text) == fold_header(header)]


def lettered(texts: Sequence[str], header: str) -> int | None:
    """The column of these letters."""
    return next((at for at in range(len(texts)) if letters(at) == header.strip().upper()), None)
