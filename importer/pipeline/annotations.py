"""What a person sees in their own workbook after a run: which cell gets which colour and comment. Writes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from importer import endpoints
from importer.endpoints.header import column_field
from importer.layouts.list_layout import find_header
from importer.model import TO_FIX, Outcome, Problem, Result
from importer.pipeline.corrections import used_columns
from importer.pipeline.run_summary import RunSummary
from importer.remedies import fix_in_workbook
from importer.spreadsheet.annotate.workbook import Mark, RowMark
from importer.spreadsheet.write.metadata_sheet import Digests, Record, digest
from importer.sync.run_input import RunInput
from importer.table import Layout, Location, Part, Place, Table, address, parse_address
from importer.text import quoted

_CHANGED = frozenset({Outcome.CREATED, Outcome.UPDATED, Outcome.REMOVED})
_WRONG = frozenset(Outcome) - _CHANGED - {Outcome.UNCHANGED, Outcome.DUPLICATE}
"""Outcomes with something to mend or to wait for. Where nothing changed, or it was said twice, there is no mark."""
_COMMENTS = 10_000
"""Excel takes many seconds to open a workbook with more comments than this."""
_SENTENCES = 4
"""What one comment says at most; the rest is on the sheet `To fix`."""


@dataclass(slots=True)
class _Cell:
    """What is to be seen at one cell."""

    outcome: Outcome
    said: list[str] = field(default_factory=list)


def marks_of(end: RunSummary) -> tuple[Iterator[Mark | RowMark], int]:
    """The marks, each cell once, and how many cells more than a workbook takes had something to say.

    What went well is told while it is taken: that is nearly all, and no other row has anything to say of such a cell.
    """
    look = _Look(end.given.table, end.run.endpoint)
    mends, results = end.given.table.mends, end.results
    well = [unit for unit in _with_place(end.given) if results[unit].outcome in _CHANGED and unit not in mends]
    told = set(well)
    cells: dict[tuple[str, int, int], _Cell] = {}
    for unit in _with_place(end.given):
        for spot, outcome, text in _seen(end, look, unit) if unit not in told else ():
            if spot.sheet is None or spot.column is None:
                continue
            at = (spot.sheet, spot.row, spot.column)
            cell = cells.setdefault(at, _Cell(outcome))
            if cell.outcome in _CHANGED and outcome in _WRONG:  # one thing to mend counts for more than what went well
                cell.outcome = outcome
            if text and text not in cell.said:
                cell.said.append(text)
    commented = 0
    wrong: list[Mark] = []
    for (sheet, row, column), cell in cells.items():
        commented += bool(cell.said)
        said = "\n\n".join(cell.said[:_SENTENCES]) if cell.said and commented <= _COMMENTS else ""
        wrong.append(Mark(sheet, row, column, cell.outcome.value, said))
    good = (look.mark(unit, results[unit].outcome) for unit in well)
    return chain(good, wrong), max(0, commented - _COMMENTS)


def place_names(end: RunSummary) -> dict[int, str]:
    """The place of each unit that is to be fixed and has one: `Team A!D7`; of a row, its first cell with a problem."""
    look = _Look(end.given.table, end.run.endpoint)
    names: dict[int, str] = {}
    for unit in _with_place(end.given):
        if end.results[unit].outcome in TO_FIX:
            sheet, (row, column) = end.given.table.own_place(unit)
            wrong = [] if look.is_matrix else look.wrong(unit, end.results[unit])
            pointed = (spot.column for spot, _, said in wrong if said and spot.column is not None)
            names[unit] = f"{sheet}!{address(row, next(pointed, column))}"
    return names


def digests_of(end: RunSummary, earlier: Record | None) -> tuple[Digests, Digests]:
    """What stands at each place of the person's sheets, and what its row on `To fix` says, in the used columns.

    What an earlier run settled, and this one left out, stands there as it did then.
    """
    table, results = end.given.table, end.results
    header = find_header([table.headers], (endpoints.load(end.run.endpoint),))
    used = used_columns(header) if header else []
    own: dict[str, dict[Place, str]] = {}
    to_fix: dict[str, dict[Place, str]] = {}
    for sheet, places in earlier.own.items() if earlier is not None else ():
        unsettled = earlier.to_fix.get(sheet, {}) if earlier is not None else {}
        own[sheet] = {place: text for place, text in places.items() if place not in unsettled}
    blanks = dict.fromkeys(_beyond(end.given), digest([""] * len(used)))
    nowhere = frozenset(_last(end.given)) - blanks.keys()
    columns = (table.frame[at].to_list() for at in used)
    for unit, said in zip(table.frame.index.to_list(), zip(*columns, strict=True), strict=True):
        if unit not in results or unit in nowhere:
            continue
        sheet, place = table.own_place(unit)
        mend, text = table.mends.get(unit), digest(said)
        if mend is not None:
            own.setdefault(sheet, {})[place] = digest(mend.own[at] for at in used)
        else:
            own.setdefault(sheet, {})[place] = blanks.get(unit, text)
        if results[unit].outcome in TO_FIX:
            to_fix.setdefault(sheet, {})[place] = text
    return own, to_fix


def _with_place(given: RunInput) -> Iterator[int]:
    """The units that stand in the person's sheets: the blank cell of a matrix, too, that stands for a removal."""
    yield from given.rows[: len(given.rows) - given.beyond]
    yield from _beyond(given)


def _beyond(given: RunInput) -> Iterator[int]:
    """Those of the last rows that a blank cell of a matrix stands for."""
    is_matrix = given.table.layout is Layout.MATRIX
    return (unit for unit in _last(given) if is_matrix and given.table.cell_of(unit)[2])


def _last(given: RunInput) -> tuple[int, ...]:
    """The rows that are no rows of the file: removals of what it does not have."""
    return given.rows[len(given.rows) - given.beyond :]


def _seen(end: RunSummary, look: "_Look", unit: int) -> Iterator[tuple[Location, Outcome, str]]:
    """Each cell of a unit with something to see, what became of it, and what is to be said there."""
    result = end.results[unit]
    if result.outcome in _CHANGED:
        yield from ((spot, result.outcome, "") for spot in look.changed(unit))
    elif result.outcome in _WRONG:
        yield from look.wrong(unit, result)
    if unit in end.given.table.mends:
        yield from look.mended(unit, result.outcome)


class _Look:
    """Where the parts of a unit stand."""

    def __init__(self, table: Table, endpoint_name: str) -> None:
        self._table = table
        self.is_matrix = table.layout is Layout.MATRIX
        endpoint = endpoints.load(endpoint_name)
        header = find_header([table.headers], (endpoint,))
        columns = header.columns if header else {}
        self._used = list(columns)
        self._updated = [at for at, column in columns.items() if column_field(column) in endpoint.updates]
        self._sheets = frozenset(part.sheet for part in table.parts)
        self._alike: dict[tuple[tuple[int, ...], Outcome], Mapping[int, str]] = {}
        units: list[int] = table.frame.index.to_list() if not self.is_matrix else []
        # A frame that is asked for one cell after another takes a hundred times as long.
        self._texts: dict[int, dict[int, str]] = {
            at: dict(zip(units, table.frame[at].to_list(), strict=True)) for at in (self._used if units else ())
        }

    def changed(self, unit: int) -> list[Location]:
        """The cells that show a change."""
        if self.is_matrix:
            return [self._table.own_spot(unit)]
        part, row = self._table.row_of(unit)
        return [Location(part.sheet, row, column) for column in self._columns_changed(unit, part)]

    def mark(self, unit: int, outcome: Outcome) -> Mark | RowMark:
        """The cells that show a change, as a mark."""
        if self.is_matrix:
            sheet, (row, column) = self._table.own_place(unit)
            return Mark(sheet, row, column, outcome.value)
        part, row = self._table.row_of(unit)
        columns = self._columns_changed(unit, part)
        alike = self._alike.get((columns, outcome))
        if alike is None:
            alike = self._alike[columns, outcome] = dict.fromkeys(columns, outcome.value)
        return RowMark(part.sheet or "", row, alike)

    def _columns_changed(self, unit: int, part: Part) -> tuple[int, ...]:
        """The column of the level where the row has one, else all that tell the record."""
        filled = self._filled(unit)
        positions = [at for at in filled if at in self._updated] or filled
        return tuple([column for at in positions if (column := part.columns[at]) is not None])

    def wrong(self, unit: int, result: Result) -> Iterator[tuple[Location, Outcome, str]]:
        """The cells with a problem; where none has it by itself, the whole row."""
        whole: list[str] = []
        pointed = False
        for problem in result.problems:
            said = f"{problem.message} {fix_in_workbook(problem.remedies)}".strip()
            spot = self._spot_of(unit, problem)
            if spot is None:
                whole.append(said)
            else:
                pointed = True
                yield spot, result.outcome, said
        if whole or not pointed:
            first, *rest = self._row(unit)
            yield first, result.outcome, "\n\n".join(whole)
            yield from ((spot, result.outcome, "") for spot in rest)

    def mended(self, unit: int, outcome: Outcome) -> Iterator[tuple[Location, Outcome, str]]:
        """Where the row on `To fix` says something else than a unit's own cells, and counts."""
        mend = self._table.mends[unit]
        for at in self._used:
            text = self._table.text(unit, at)
            if text != mend.own[at]:
                # In a matrix, what stands beside and above a cell is not its own.
                spot = self._table.own_spot(unit, None if self.is_matrix else at)
                named = f"{self._table.header(at)} is" if self.is_matrix else "it is"
                said = f'The row on the sheet "{mend.sheet}" counts. It says that {named} {quoted(text)}.'
                yield spot, outcome, said

    def _row(self, unit: int) -> list[Location]:
        if self.is_matrix:
            return [self._table.own_spot(unit)]
        return [self._table.own_spot(unit, at) for at in self._filled(unit) or self._used[:1] or [0]]

    def _filled(self, unit: int) -> list[int]:
        return [at for at, texts in self._texts.items() if texts[unit]]

    def _spot_of(self, unit: int, problem: Problem) -> Location | None:
        """The person's own cell that a problem is about; None where it is about the whole row."""
        if problem.cell is not None and problem.sheet in self._sheets:
            return Location(problem.sheet, *parse_address(problem.cell))
        mend = self._table.mends.get(unit)
        if mend is not None and problem.cell is not None and problem.sheet == mend.sheet:
            column = parse_address(problem.cell)[1]
            return self._table.own_spot(unit, mend.columns.index(column)) if column in mend.columns else None
        named = (at for at in reversed(self._used) if self._table.header_over(unit, at) == problem.column)
        position = next(named, None) if problem.column else None
        return None if position is None else self._table.own_spot(unit, position)
