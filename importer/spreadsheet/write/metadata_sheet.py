"""The hidden sheet in which a result workbook keeps what it knows of itself. Writes it and reads it back.

Knows sheets and cells by their names; knows no outcome, and nothing of what was sent.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from xlsxwriter.workbook import Workbook as Scaffold

from importer.coordinates import Place, address, parse_address, runs
from importer.spreadsheet.write.place_digests import PlaceDigests, split_digests
from importer.table import Sheet

RECORD = "Import record"
_SIGN = ("importer", "1")
_NAMES, _READ_AS, _OWN, _TO_FIX, _FILL = "names", "read as", "own", "to fix", "fill"
_PLACES_IN_A_LINE = 1_500


Digests = Mapping[str, PlaceDigests]
"""For each of the person's sheets, what stands at its places in short."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a result workbook with a person's own sheets knows of itself.

    `names` are the sheets of ours by what they are (`Result`: `Result`); `read_as` tells how the person's sheets were
    read; `own` what stands at each place of theirs that was read, by now or by an earlier run; `to_fix` what its row
    on the sheet `To fix` says, where it has one; `fills` which fill, as XML, a mark took the place of.
    """

    names: Mapping[str, str]
    read_as: Mapping[str, Any]
    own: Digests = field(default_factory=dict)
    to_fix: Digests = field(default_factory=dict)
    fills: Mapping[str, Mapping[Place, bytes]] = field(default_factory=dict)

    def before(self, sheet: str, place: Place) -> bytes:
        """The fill that a cell had before we marked it; empty where it had none."""
        return self.fills.get(sheet, {}).get(place, b"")


def write_record(
    book: Scaffold, name: str, record: Record, covered: Mapping[str, Mapping[bytes, Sequence[Place]]]
) -> None:
    """Add the sheet to a workbook that is being laid out; `covered` are the fills by sheet, with their cells."""
    sheet = book.add_worksheet(name)
    sheet.hide()
    lines: list[tuple[str, str]] = [_SIGN, (_NAMES, _json(record.names)), (_READ_AS, _json(record.read_as))]
    lines += [(_OWN, line) for line in _digest_lines(record.own)]
    lines += [(_TO_FIX, line) for line in _digest_lines(record.to_fix)]
    for of, fills in covered.items():
        for fill, places in fills.items():
            for some in _some(sorted(places)):
                lines.append((_FILL, _json([of, " ".join(_ranges(some)), fill.decode()])))
    for row, (kind, text) in enumerate(lines):
        sheet.write_string(row, 0, kind)
        sheet.write_string(row, 1, text)


def read_record(grid: Sheet) -> Record | None:
    """What the sheet says; None where it is no such sheet, or was changed."""
    lines = grid.head(grid.height)
    if not lines or tuple(lines[0][:2]) != _SIGN:
        return None
    try:
        values = [(kind, json.loads(text)) for kind, text, *_ in lines[1:]]
        one = dict(values)
        fills: dict[str, dict[Place, bytes]] = {}
        for sheet, cells, fill in (value for kind, value in values if kind == _FILL):
            fills.setdefault(sheet, {}).update((place, fill.encode()) for place in _places(cells))
        own, to_fix = (_digests(value for kind, value in values if kind == which) for which in (_OWN, _TO_FIX))
        return Record(dict(one[_NAMES]), dict(one[_READ_AS]), own, to_fix, fills)
    except (ValueError, KeyError, TypeError):
        return None


def _digest_lines(digests: Digests) -> Iterator[str]:
    for sheet, pairs in digests.items():
        left = iter(pairs)
        while some := dict(islice(left, _PLACES_IN_A_LINE)):
            cells = " ".join(_ranges(some))
            yield _json([sheet, cells, "".join(some[place] for place in _places(cells))])


def _digests(lines: Iterable[tuple[str, str, str]]) -> dict[str, PlaceDigests]:
    found: dict[str, PlaceDigests] = {}
    for sheet, cells, text in lines:
        by_place = found.setdefault(sheet, PlaceDigests())
        for place, letters in zip(_places(cells), split_digests(text), strict=True):
            by_place.add(place, letters)
    return found


def _some(places: Sequence[Place]) -> Iterator[Sequence[Place]]:
    """So many places at once as one cell can tell of."""
    for start in range(0, len(places), _PLACES_IN_A_LINE):
        yield places[start : start + _PLACES_IN_A_LINE]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _ranges(places: Collection[Place]) -> list[str]:
    """The cells as ranges, along the rows or down the columns, whichever are fewer."""
    down = list(_runs(sorted((column, row) for row, column in places)))
    if len(down) >= len({row for row, _ in places}):  # otherwise the rows, each with a range at least, are more
        across = list(_runs(sorted(places)))
        if len(across) <= len(down):
            return [_range((row, first), (row, last)) for row, first, last in across]
    return [_range((first, column), (last, column)) for column, first, last in down]


def _runs(pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Pairs in ascending order as their first number with each unbroken run of their second ones."""
    for line, some in groupby(pairs, key=itemgetter(0)):
        for first, last in runs(at for _, at in some):
            yield line, first, last


def _range(first: Place, last: Place) -> str:
    return address(*first) if first == last else f"{address(*first)}:{address(*last)}"


def _places(cells: str) -> Iterator[Place]:
    for text in cells.split():
        first, _, last = text.partition(":")
        (row, column), (last_row, last_column) = parse_address(first), parse_address(last or first)
        for each in range(row, last_row + 1):
            for at in range(column, last_column + 1):
                yield each, at
