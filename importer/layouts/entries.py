"""Lists in which a row, or a cell, holds several records: `Skill 1, Level 1, Skill 2, Level 2`, or `COBOL; Rust (3)`.

Finds them, and takes their records out of the sheet. Knows texts, places, and the names that the account knows.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from importer.endpoints.declare import Endpoint, Kind
from importer.endpoints.header import Column, Header, column_field, column_header, has_kind
from importer.layouts.accounting import LeftOut, Taken
from importer.model import CellRef
from importer.table import Layout, Oddity, Part, Shape, Sheet, Source, Table, table_columns
from importer.text_frame import text_frame

_BETWEEN = re.compile(r"[;,|/\n\uff0c\uff1b\u3001]")
_SEPARATORS = ("\n", "[;\uff1b]", "[|]", "[,\uff0c\u3001]", "/", _BETWEEN.pattern)
"""What may stand between names: one of these throughout a cell, or any of them."""
_BULLET = re.compile(r"^[\u2022\u00b7\u25aa\u25cf\u2023*\u2013-]\s+")
_WITH_LEVEL = re.compile(
    r"(?P<name>.+?)\s*(?:[(\[]\s*(?P<inside>[^()\[\]]{1,20})\s*[)\]]|"
    r"(?:\s[-\u2013\u2014]\s?|[:=\uff1a])\s*(?P<after>[^()]{1,20})|\s(?P<number>[0-5]))"
)
Piece = tuple[str, str]
"""A name, and the level beside it; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Group:
    """Where the columns of one record of a row stand, and the records: the row of each, and its texts by column."""

    where: Mapping[Column, int]
    records: tuple[tuple[int, Mapping[Column, str]], ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """The records of such a list. Rows are counted from 1, columns from 0."""

    header_row: int
    endpoint: Endpoint
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    layout: Layout
    rows_left: Mapping[int, LeftOut]

    def taken(self) -> Taken:
        """What of the sheet is header and records."""
        used = frozenset(at for group in self.groups for at in group.where.values())
        return Taken(
            header=frozenset((self.header_row, at) for at in used),
            header_row=self.header_row,
            rows=sorted({row for group in self.groups for row, _ in group.records}),
            columns=used,
            rows_left=self.rows_left,
        )


# ---- several in a cell


def split_cells(
    grid: Sheet, header: Header, rows: Collection[int], known: Callable[[Collection[str]], frozenset[str]]
) -> Entries | None:
    """The records of a list of which some cells hold several names; None if none does.

    A cell is split where the whole of it is no name and every part is one; where levels have a column of their own,
    only where that has as many. `known` says which texts are names.
    """
    endpoint = header.endpoint
    at = next((at for at, column in header.columns.items() if column_field(column) in endpoint.thing), None)
    if at is None:
        return None
    beside = next((at for at, column in header.columns.items() if has_kind(column, Kind.LEVEL)), None)
    pieces = pieces_of({grid.columns[at][row - 1] for row in rows}, known)
    if beside is not None:
        pieces = {text: some for text, some in pieces.items() if not any(level for _, level in some)}
    if not any(len(some) > 1 or beside is None for some in pieces.values()):
        return None
    split = {row: _of_row(grid, row, pieces, at, beside) for row in rows}
    if beside is not None and all(len(some) == 1 for some in split.values()):
        return None
    level = endpoint.level
    groups = []
    for number in range(max(map(len, split.values()))):
        where: dict[Column, int] = {each: position for position, each in header.columns.items()}
        if level is not None:
            where[level] = at if beside is None else beside
        records = tuple(_records(grid, header, split, (header.columns[at], level), number))
        groups.append(Group(where, records))
    columns = tuple(dict.fromkeys(each for group in groups for each in group.where))
    return Entries(header.row, endpoint, columns, tuple(groups), Layout.SEVERAL_IN_A_CELL, {})


def pieces_of(texts: Collection[str], known: Callable[[Collection[str]], frozenset[str]]) -> dict[str, Sequence[Piece]]:
    """The names, with the levels beside them, of those of these texts that are no name and of which every part is."""
    ways = {text: some for text in texts if (some := _ways(text))}
    if not ways:
        return {}
    names = known(frozenset((*ways, *(name for some in ways.values() for way in some for name, _ in way))))
    found: dict[str, Sequence[Piece]] = {}
    for text, some in ways.items():
        way = next((way for way in some if all(name in names for name, _ in way)), None)
        if way is not None and text.strip() not in names and text not in names:
            found[text] = way
    return found


def _of_row(
    grid: Sheet, row: int, pieces: Mapping[str, Sequence[Piece]], at: int, beside: int | None
) -> Sequence[Piece]:
    """The names of a row, with the levels that stand beside them or in a column of their own."""
    text = grid.columns[at][row - 1]
    if beside is None:
        return pieces.get(text, [(text, "")])
    told = grid.columns[beside][row - 1]
    some = pieces.get(text, ())
    levels = [part.strip() for part in _BETWEEN.split(told) if part.strip()]
    if len(some) > 1 and len(levels) == len(some):
        return [(name, level) for (name, _), level in zip(some, levels, strict=True)]
    return [(text, told)]


def _records(
    grid: Sheet,
    header: Header,
    split: Mapping[int, Sequence[Piece]],
    of: tuple[Column, Column | None],
    number: int,
) -> Iterator[tuple[int, Mapping[Column, str]]]:
    """The records of the pieces with this number, row by row."""
    thing, level = of
    for row, some in sorted(split.items()):
        if number < len(some) and any(grid.columns[position][row - 1].strip() for position in header.columns):
            told = {each: grid.columns[position][row - 1] for position, each in header.columns.items()}
            name, beside = some[number]
            yield row, {**told, thing: name, **({level: beside} if level is not None else {})}


def _ways(text: str) -> list[list[Piece]]:
    """The ways in which a cell may hold names, with the levels beside them; none if it may be one name only."""
    found: list[list[Piece]] = []
    for separator in _SEPARATORS:
        parts = [_BULLET.sub("", part.strip()).strip() for part in re.split(separator, text) if part.strip()]
        for way in (list(map(_piece, parts)), [(part, "") for part in parts]):
            if way and way != [(text.strip(), "")] and way not in found:
                found.append(way)
    return found


def _piece(part: str) -> Piece:
    match = _WITH_LEVEL.fullmatch(part)
    if match is None:
        return part, ""
    level = next(filter(None, (match.group("inside"), match.group("after"), match.group("number"))), "")
    return match.group("name").strip(), level.strip()


# ---- the table


def entries_table(found: Sequence[tuple[Sheet, Entries, Source]]) -> Table:
    """The records of these sheets as one table, a part for each group of columns."""
    columns = list(dict.fromkeys(column for _, entries, _ in found for column in entries.columns))
    named = table_columns(list(map(column_header, columns)), dict(enumerate(columns)))
    names = {column.meaning: column.name for column in named}
    texts: dict[str, list[str]] = {name: [] for name in names.values()}
    refs: list[CellRef] = []
    parts: list[Part] = []
    oddities: dict[tuple[CellRef, str], Oddity] = {}
    for grid, entries, source in found:
        for group in entries.groups:
            where = {name: group.where.get(column) for column, name in names.items() if column is not None}
            heads = {name: grid.columns[at][entries.header_row - 1] for name, at in where.items() if at is not None}
            for row, told in group.records:
                ref = CellRef.at(row, sheet=len(parts))
                refs.append(ref)
                for column, name in names.items():
                    texts[name].append(told.get(column, "") if column is not None else "")
                oddities |= {
                    (ref, name): odd
                    for name, at in where.items()
                    if at is not None and (odd := grid.oddities.get((row, at))) is not None
                }
            parts.append(Part(source.sheet, entries.header_row, where, headers=heads))
    grid, entries, source = found[0]
    return Table(
        source=source,
        endpoint=entries.endpoint,
        parts=tuple(parts),
        columns=named,
        frame=text_frame(texts, refs),
        oddities=oddities,
        number_columns=frozenset(),
        notes=tuple(dict.fromkeys(note for each, _, _ in found for note in each.notes)),
        layout=entries.layout,
        shape=Shape.PARTS,
    )
