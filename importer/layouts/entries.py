"""Lists in which a row, or a cell, holds several records: `Skill 1, Level 1, Skill 2, Level 2`, or `COBOL; Rust (3)`.

Finds them, and takes their records out of the sheet. Knows texts, places, and the names that the account knows.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from importer.endpoints.declare import Endpoint, Field, Kind
from importer.endpoints.header import Column, Header, column_field, column_header
from importer.layouts.accounting import LeftOut, Taken
from importer.layouts.list_layout import Meaning, meanings_of
from importer.model import CellRef
from importer.set_aside import Reason
from importer.table import Layout, Oddity, Part, Sheet, Source, Table, table_columns
from importer.text_frame import text_frame
from importer.validation.cell import is_nothing

_LOOKED_AT = 30
_FEWEST_PAIRS = 2
_ORDINAL = re.compile(
    r"^(?:\d+\W*|(?:primary|secondary|tertiary|first|second|third|other|main|further)\s+)|"
    r"(?:\W*\d+|\s+(?:one|two|three))$",
    re.IGNORECASE,
)
"""What tells the columns of a kind apart: `Skill 1`, `Primary skill`."""
_BETWEEN = re.compile(r"[;,|/\n]")
_WITH_LEVEL = re.compile(
    r"(?P<name>.+?)\s*(?:\(\s*(?P<inside>[^()]{1,20})\s*\)|(?:\s[-\u2013\u2014]\s?|[:=])\s*(?P<after>[^()]{1,20}))"
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


# ---- pairs of columns


def find_pairs(grid: Sheet, endpoint: Endpoint, header_row: int | None = None) -> Entries | None:
    """The list with several columns for skills, each with a column for its level or without; None if there is none."""
    rows = [header_row] if header_row is not None else range(1, min(_LOOKED_AT, grid.height) + 1)
    for row in rows:
        texts = [" ".join(column[row - 1].split()) for column in grid.columns]
        kinds = _kinds(texts, endpoint)
        plain = [_without_ordinal(text) for text in texts]
        of_things = [at for at, kind in enumerate(kinds) if kind is not None and column_field(kind) == _thing(endpoint)]
        said = [plain[at] for at in of_things]
        most = max(said, key=said.count, default=None)
        things = [at for at in of_things if plain[at] == most]
        people = {kind: at for at, kind in enumerate(kinds) if kind and column_field(kind) in endpoint.owner}
        if len(things) >= _FEWEST_PAIRS and people:
            return _pairs(grid, endpoint, row, people, things, kinds)
    return None


def _thing(endpoint: Endpoint) -> str:
    """The field of the key that is not the owner's."""
    return next(name for name in endpoint.key if name not in endpoint.owner)


def _kinds(texts: Sequence[str], endpoint: Endpoint) -> list[Column | None]:
    """Which column each heading of a row is one of: `Skill 2` is one of skills."""
    found = meanings_of(list(map(_without_ordinal, texts)), endpoint)
    return [_column_of(found[at]) if at in found else None for at in range(len(texts))]


def _without_ordinal(text: str) -> str:
    """A heading without what tells it from others of its kind."""
    return _ORDINAL.sub("", text.strip()).strip().lower()


def _column_of(meaning: Meaning) -> Column | None:
    is_hint = isinstance(meaning.column, Field) and meaning.column.kind is Kind.HINT
    return None if is_hint or meaning.is_vague else meaning.column


def _pairs(
    grid: Sheet,
    endpoint: Endpoint,
    row: int,
    people: Mapping[Column, int],
    things: Sequence[int],
    kinds: Sequence[Column | None],
) -> Entries:
    level = next((column for column in endpoint.fields if column.kind is Kind.LEVEL), None)
    groups: list[Group] = []
    for number, at in enumerate(things):
        end = things[number + 1] if number + 1 < len(things) else len(kinds)
        thing = kinds[at]
        beside = next((other for other in range(at + 1, end) if level is not None and kinds[other] == level), None)
        where: dict[Column, int] = {**people, **({thing: at} if thing else {})}
        if level is not None and beside is not None:
            where[level] = beside
        own = [column for column in where if column not in people]
        records = tuple(
            (each, {column: grid.columns[position][each - 1] for column, position in where.items()})
            for each in range(row + 1, grid.height + 1)
            if any(_is_filled(grid.columns[where[column]][each - 1]) for column in own)
        )
        groups.append(Group(where, records))
    columns = tuple(dict.fromkeys(column for group in groups for column in group.where))
    taken = {each for group in groups for each, _ in group.records}
    left = {
        each: LeftOut("", Reason.NO_LEVELS)
        for each in range(row + 1, grid.height + 1)
        if each not in taken and any(column[each - 1].strip() for column in grid.columns)
    }
    left = {each: LeftOut(_line(grid, each), why.reason) for each, why in left.items()}
    return Entries(row, endpoint, columns, tuple(groups), Layout.PAIRED_COLUMNS, left)


def _line(grid: Sheet, row: int) -> str:
    return ", ".join(" ".join(column[row - 1].split()) for column in grid.columns if column[row - 1].strip())


def _is_filled(text: str) -> bool:
    return bool(text.strip()) and not is_nothing(text)


# ---- several in a cell


def split_cells(
    grid: Sheet, header: Header, rows: Collection[int], known: Callable[[Collection[str]], frozenset[str]]
) -> Entries | None:
    """The records of a list of which some cells hold several names; None if none does.

    A cell is split where the whole of it is no name and every part is one. `known` says which texts are names.
    """
    endpoint = header.endpoint
    thing = next(
        ((at, column) for at, column in header.columns.items() if column_field(column) == _thing(endpoint)), None
    )
    if thing is None or any(
        isinstance(column, Field) and column.kind is Kind.LEVEL for column in header.columns.values()
    ):
        return None
    at, column = thing
    texts = {grid.columns[at][row - 1] for row in rows}
    split = {text: _split(text) for text in texts if _BETWEEN.search(text) or _WITH_LEVEL.fullmatch(text.strip())}
    if not split:
        return None
    names = known(frozenset((*split, *(name for pieces in split.values() for name, _ in pieces))))
    pieces = {
        text: some for text, some in split.items() if text not in names and all(name in names for name, _ in some)
    }
    if not pieces:
        return None
    level = next((each for each in endpoint.fields if each.kind is Kind.LEVEL), None)
    most = max(map(len, pieces.values()))
    groups = []
    for number in range(most):
        where: dict[Column, int] = {each: position for position, each in header.columns.items()}
        if level is not None:
            where[level] = at
        records = tuple(_records(grid, header, rows, (at, column, level), pieces, number))
        groups.append(Group(where, records))
    columns = tuple(dict.fromkeys(each for group in groups for each in group.where))
    return Entries(header.row, endpoint, columns, tuple(groups), Layout.SEVERAL_IN_A_CELL, {})


def _records(
    grid: Sheet,
    header: Header,
    rows: Collection[int],
    of: tuple[int, Column, Column | None],
    pieces: Mapping[str, Sequence[Piece]],
    number: int,
) -> Iterator[tuple[int, Mapping[Column, str]]]:
    """The records of the pieces with this number, row by row."""
    at, thing, level = of
    for row in sorted(rows):
        text = grid.columns[at][row - 1]
        some = pieces.get(text, [(text, "")])
        if number < len(some) and any(grid.columns[position][row - 1].strip() for position in header.columns):
            told = {each: grid.columns[position][row - 1] for position, each in header.columns.items()}
            name, beside = some[number]
            yield row, {**told, thing: name, **({level: beside} if level is not None else {})}


def _split(text: str) -> list[Piece]:
    """The names of a cell with the levels beside them."""
    return [_piece(part.strip()) for part in _BETWEEN.split(text) if part.strip()]


def _piece(part: str) -> Piece:
    match = _WITH_LEVEL.fullmatch(part)
    if match is None:
        return part, ""
    return match.group("name").strip(), (match.group("inside") or match.group("after") or "").strip()


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
    )
