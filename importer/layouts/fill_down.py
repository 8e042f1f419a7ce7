"""Names that stand once for several rows of a list: in a merged cell, or above blank ones. Knows texts and places."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from importer.coordinates import Place
from importer.endpoints.header import Header, column_field
from importer.errors import Ambiguous, Choice
from importer.messages import about_sheets
from importer.table import Sheet
from importer.text import quote

_FEWEST, _SHARE = 2, 0.2
"""So many rows without a name, and so much of the list, are no names that somebody forgot."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank cell below a name, and the name."""

    place: Place
    text: str


def fill_merged(grid: Sheet, header: Header) -> Sheet:
    """The sheet in which each row has what stands in a merged cell that covers it, in the columns of names and ids."""
    columns = _name_columns(header)
    texts = {
        (row, merge.column): grid.columns[merge.column][merge.row - 1]
        for merge in grid.merges
        if merge.row > header.row and merge.column == merge.last_column and merge.column in columns
        for row in range(merge.row + 1, merge.last_row + 1)
        if row <= grid.height
    }
    return _with_texts(grid, texts) if texts else grid


def fill_blanks(grid: Sheet, blanks: Collection[Blank]) -> Sheet:
    """The sheet in which these blank cells have the name above them."""
    return _with_texts(grid, {blank.place: blank.text for blank in blanks})


def find_blanks(grid: Sheet, header: Header, rows: Collection[int]) -> list[Blank]:
    """The blank cells below a name in rows that say something else; of several columns that name a person (or a thing)
    none may be filled.
    """
    found: list[Blank] = []
    by_field: dict[str, list[int]] = {}
    for at, column in header.columns.items():
        if at in _name_columns(header):
            by_field.setdefault(column_field(column), []).append(at)
    for field, columns in by_field.items():
        blank = set.intersection(*({row for row in rows if not grid.columns[at][row - 1]} for at in columns))
        if not blank:
            continue
        others = [at for other, some in by_field.items() if other != field for at in some]
        found += _below_names(grid, columns, others, rows)
    return found


def are_meant(blanks: Collection[Blank], rows: Collection[int]) -> bool:
    """Whether so many cells are blank below a name that the name is meant for them, too."""
    count = len({blank.place[0] for blank in blanks})
    return count >= _FEWEST and count >= _SHARE * len(rows)


def ask_for_blanks(rows: int, name: str, first: int) -> Ambiguous:
    """The question whether a name is meant in so many rows below it, of which this is the first."""
    answer = Choice(f"{quote(name)} is meant in row {first}, too", "fill_down", "")
    return about_sheets.blank_below_name(rows, name, first).asking(answer).with_likely_first()


def _below_names(
    grid: Sheet, columns: Collection[int], others: Collection[int], rows: Collection[int]
) -> Iterator[Blank]:
    last: dict[int, str] = {}
    for row in sorted(rows):
        texts = {at: grid.columns[at][row - 1] for at in columns}
        if any(text.strip() for text in texts.values()):
            last = texts
        elif last and any(grid.columns[at][row - 1].strip() for at in others):
            yield from (Blank((row, at), text) for at, text in last.items() if text)


def _name_columns(header: Header) -> frozenset[int]:
    """The columns that say who and what a record is of."""
    return frozenset(at for at, column in header.columns.items() if column_field(column) in header.endpoint.key)


def _with_texts(grid: Sheet, texts: Mapping[Place, str]) -> Sheet:
    changed = {column: list(grid.columns[column]) for _, column in texts}
    for (row, column), text in texts.items():
        changed[column][row - 1] = text
    return replace(grid, columns=tuple(changed.get(at, column) for at, column in enumerate(grid.columns)))
