"""Lists of which a cell holds several skills or groups: `COBOL; Rust (3); Ruby - 4`. Knows texts, places and names."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from importer.endpoints.declare import Kind
from importer.endpoints.header import Column, Header, column_field, has_kind
from importer.errors import Unreadable
from importer.layouts.entries import Entries, Group, entries_table
from importer.layouts.list_layout import ListBelow, find_draft, read_list
from importer.layouts.pieces import BETWEEN, Piece, pieces_of
from importer.layouts.proposal import CELLS, MATRIX_OF, Basis, Evidence, Layout, Proposal, SheetReading, SheetToRead
from importer.table import Sheet

_NAME = "several-in-a-cell"


def _propose(here: SheetToRead) -> Proposal[Entries] | None:
    draft = here.once(find_draft)
    if draft is None or draft.endpoint.name not in CELLS:
        return None
    try:
        below = here.once(read_list)
    except Unreadable:
        if here.allows("list"):
            return None  # which asks the same
        raise
    ask = here.names.skills if below.endpoint.name == MATRIX_OF else here.names.groups
    is_told = here.asked.layout == _NAME
    entries = _split_cells(below, below.endpoint.thing, ask, is_told=is_told)
    entries = entries or _split_cells(below, below.endpoint.owner, here.names.people, is_told=False)
    if entries is None:
        return None
    entries = replace(entries, rows_left=below.taken.rows_left)
    reading = SheetReading(here.name, below.endpoint, _NAME, entries, entries.taken())
    return Proposal(Evidence(len(below.content.header.columns), names=len(entries.groups)), lambda: reading)


def _split_cells(
    below: SheetReading[ListBelow],
    fields: Collection[str],
    known: Callable[[Collection[str]], frozenset[str]],
    *,
    is_told: bool,
) -> Entries | None:
    """The records of a list of which some cells that tell one of these fields hold several names; None if none does,
    unless a person tells so.

    A cell is split where the whole of it is no name and every part is one; where levels have a column of their own,
    only where that has as many, or one for all people of a cell. `known` says which texts are names.
    """
    grid, header, rows = below.content.filled, below.content.header, below.taken.rows
    at = next((at for at, column in header.columns.items() if column_field(column) in fields), None)
    if at is None:
        return None
    beside = next((at for at, column in header.columns.items() if has_kind(column, Kind.LEVEL)), None)
    are_people = fields == header.endpoint.owner
    pieces = pieces_of({grid.columns[at][row - 1] for row in rows}, known)
    if beside is not None or are_people:
        pieces = {text: some for text, some in pieces.items() if not any(level for _, level in some)}
    if not (pieces or is_told):
        return None
    split = {row: _of_row(grid, row, pieces, at, beside, is_one_for_all=are_people) for row in rows}
    is_split = any(len(some) > 1 for some in split.values()) or (beside is None and bool(pieces))
    if not (split and (is_split or is_told)):
        return None
    has_levels = beside is not None or any(level for some in pieces.values() for _, level in some)
    level = header.endpoint.level if has_levels else None
    groups = []
    for number in range(max(map(len, split.values()))):
        where: dict[Column, int] = {each: position for position, each in header.columns.items()}
        if level is not None:
            where[level] = at if beside is None else beside
        records = tuple(_records(grid, header, split, (header.columns[at], level), number))
        groups.append(Group(where, records))
    columns = tuple(dict.fromkeys(each for group in groups for each in group.where))
    return Entries(header.row, header.endpoint, columns, tuple(groups), {})


def _of_row(
    grid: Sheet, row: int, pieces: Mapping[str, Sequence[Piece]], at: int, beside: int | None, *, is_one_for_all: bool
) -> Sequence[Piece]:
    """The names of a row, with the levels that stand beside them or in a column of their own."""
    text = grid.columns[at][row - 1]
    if beside is None:
        return pieces.get(text, [(text, "")])
    told = grid.columns[beside][row - 1]
    some = pieces.get(text, ())
    levels = [part.strip() for part in BETWEEN.split(told) if part.strip()]
    if len(some) > 1 and len(levels) == len(some):
        return [(name, level) for (name, _), level in zip(some, levels, strict=True)]
    if some and is_one_for_all and len(levels) <= 1:
        return [(name, told) for name, _ in some]
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


LAYOUT = Layout(
    _NAME,
    "several {things} in a cell: COBOL; Rust (3); Ruby - 4",
    "Name, Skills",
    Basis.HEADINGS,
    _propose,
    entries_table,
)
