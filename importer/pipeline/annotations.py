"""Which cell of a person's own workbook gets which colour and comment after a run. Writes nothing."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import compress, filterfalse, islice

from importer.coordinates import address, parse_address
from importer.endpoints.header import column_field
from importer.model import TO_FIX, CellRef, Outcome, Problem, Result
from importer.pipeline.corrections import used_columns
from importer.pipeline.run_summary import RunSummary
from importer.remedies import fix_in_workbook
from importer.spreadsheet.annotate.workbook import Mark, RowMarks
from importer.spreadsheet.write.metadata_sheet import Digests, Record
from importer.spreadsheet.write.place_digests import PlaceDigests, digest
from importer.sync.run_input import RunInput
from importer.table import Location, Part
from importer.text import quote

_CHANGED = frozenset({Outcome.CREATED, Outcome.UPDATED, Outcome.REMOVED})
_WRONG = frozenset(Outcome) - _CHANGED - {Outcome.UNCHANGED, Outcome.DUPLICATE}
"""Outcomes with something to correct or to wait for. A row that is unchanged or a duplicate gets no mark."""
_COMMENTS = 10_000
"""Excel takes many seconds to open a workbook with more comments than this."""
_SENTENCES = 4
"""At most so many sentences stand in one comment; the others are on the sheet `To fix`."""

_Cells = tuple[tuple[int, str], ...]
"""The columns of a row's cells that get a colour, each with its outcome."""


@dataclass(slots=True)
class _Cell:
    """The outcome and the comment of one cell."""

    outcome: Outcome
    sentences: list[str] = field(default_factory=list)


def marks_of(end: RunSummary) -> tuple[list[Mark | RowMarks], int]:
    """One mark for each cell, and the number of comments that did not fit into the workbook.

    Rows that went well are nearly all, and most of them look alike: they share their marks.
    """
    look = _Look(end.run_input)
    mends, results = end.run_input.table.corrections, end.results
    cells: dict[tuple[str, int, int], _Cell] = {}

    def went_well(ref: CellRef) -> bool:
        return results[ref].outcome in _CHANGED and ref not in mends

    for ref in filterfalse(went_well, _with_place(end.run_input)):
        for spot, outcome, text in _seen(end, look, ref):
            if spot.sheet is None or spot.column is None:
                continue
            at = (spot.sheet, spot.row, spot.column)
            cell = cells.setdefault(at, _Cell(outcome))
            if cell.outcome in _CHANGED and outcome in _WRONG:  # one thing to mend counts for more than what went well
                cell.outcome = outcome
            if text and text not in cell.sentences:
                cell.sentences.append(text)
    commented = 0
    wrong: list[Mark] = []
    for (sheet, row, column), cell in cells.items():
        commented += bool(cell.sentences)
        said = "\n\n".join(cell.sentences[:_SENTENCES]) if cell.sentences and commented <= _COMMENTS else ""
        wrong.append(Mark(sheet, row, column, cell.outcome.value, said))
    return [*look.row_marks(went_well, results), *wrong], max(0, commented - _COMMENTS)


def place_names(end: RunSummary) -> dict[CellRef, str]:
    """The address of each row or cell to fix in the person's sheets: `Team A!D7`; of a row, its first problem cell."""
    look = _Look(end.run_input)
    names: dict[CellRef, str] = {}
    for ref in _with_place(end.run_input):
        if end.results[ref].outcome in TO_FIX:
            sheet, (row, column) = end.run_input.table.own_place(ref)
            wrong = [] if look.is_matrix else look.problem_cells(ref, end.results[ref])
            pointed = (spot.column for spot, _, said in wrong if said and spot.column is not None)
            names[ref] = f"{sheet}!{address(row, next(pointed, column))}"
    return names


def digests_of(end: RunSummary, earlier: Record | None) -> tuple[Digests, Digests]:
    """Digests of the used columns: of each place in the person's sheets, and of its row on `To fix`.

    A place that an earlier run finished and this run left out keeps its digest.
    """
    table, results = end.run_input.table, end.results
    used = used_columns(table)
    own: defaultdict[str, PlaceDigests] = defaultdict(PlaceDigests)
    to_fix: defaultdict[str, PlaceDigests] = defaultdict(PlaceDigests)
    for sheet, pairs in earlier.own.items() if earlier is not None else ():
        unsettled = {place for place, _ in earlier.to_fix.get(sheet, ())} if earlier is not None else ()
        own[sheet] = PlaceDigests((place, text) for place, text in pairs if place not in unsettled)
    blanks = dict.fromkeys(_blank_cells(end.run_input), digest([""] * len(used)))
    nowhere = frozenset(end.run_input.other_removals) - blanks.keys()
    columns = map(table.texts, used)
    for ref, said in zip(table.refs, zip(*columns, strict=True), strict=True):
        if ref not in results or ref in nowhere:
            continue
        sheet, place = table.own_place(ref)
        mend, text = table.corrections.get(ref), digest(said)
        if mend is not None:
            own[sheet].add(place, digest(mend.own[name] for name in used))
        else:
            own[sheet].add(place, blanks.get(ref, text))
        if results[ref].outcome in TO_FIX:
            to_fix[sheet].add(place, text)
    return own, to_fix


def _with_place(run_input: RunInput) -> Iterator[CellRef]:
    """The rows and cells of the person's sheets, with the blank cells of a matrix that stand for removals."""
    yield from run_input.file_refs
    yield from _blank_cells(run_input)


def _blank_cells(run_input: RunInput) -> Iterator[CellRef]:
    """The blank cells of a matrix that stand for removals."""
    is_matrix = run_input.table.is_matrix
    return (ref for ref in run_input.other_removals if is_matrix and ref.column)


def _seen(end: RunSummary, look: "_Look", ref: CellRef) -> Iterator[tuple[Location, Outcome, str]]:
    """Each cell of a row that gets a mark, with its outcome and the text of its comment."""
    result = end.results[ref]
    if result.outcome in _CHANGED:
        yield from ((spot, result.outcome, "") for spot in look.changed_cells(ref))
    elif result.outcome in _WRONG:
        yield from look.problem_cells(ref, result)
    if ref in end.run_input.table.corrections:
        yield from look.corrected_cells(ref, result.outcome)


class _Look:
    """Finds the cells of a row, and those of its problems, in the person's sheets."""

    def __init__(self, run_input: RunInput) -> None:
        self._run_input = run_input
        self._table = table = run_input.table
        self.is_matrix = table.is_matrix
        self._used = list(table.used)
        updates = table.endpoint.updates
        self._updated = [name for name, column in table.used.items() if column_field(column) in updates]
        self._sheets = frozenset(part.sheet for part in table.parts)

    def changed_cells(self, ref: CellRef) -> list[Location]:
        """The cells that show a change."""
        if self.is_matrix:
            return [self._table.own_location(ref)]
        part = self._table.parts[ref.sheet]
        return [Location(part.sheet, ref.row, column) for column in self._columns_changed(part, self._filled(ref))]

    def row_marks(self, went_well: Callable[[CellRef], bool], results: Mapping[CellRef, Result]) -> Iterator[RowMarks]:
        """The cells of the rows that went well which show a change, as marks of rows that look alike."""
        alike: defaultdict[tuple[str, _Cells], array[int]] = defaultdict(lambda: array("I"))
        for (sheet, row), cells in self._cells_by_row(went_well, results):
            alike[sheet, cells].append(row)
        return (RowMarks(sheet, rows, dict(cells)) for (sheet, cells), rows in alike.items())

    def _cells_by_row(
        self, went_well: Callable[[CellRef], bool], results: Mapping[CellRef, Result]
    ) -> Iterator[tuple[tuple[str, int], _Cells]]:
        """Each sheet and row with the columns of its cells that show a change, and their outcomes."""
        if self.is_matrix:
            rows: defaultdict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
            for ref in filter(went_well, _with_place(self._run_input)):
                sheet, (row, column) = self._table.own_place(ref)
                rows[sheet, row].append((column, results[ref].outcome.value))
            yield from ((place, tuple(cells)) for place, cells in rows.items())
            return
        refs, parts = self._run_input.file_refs, self._table.parts
        texts = zip(*map(self._table.texts, self._used), strict=True)

        @cache
        def cells_of(part: int, outcome: Outcome, are_filled: tuple[bool, ...]) -> _Cells:
            columns = self._columns_changed(parts[part], list(compress(self._used, are_filled)))
            return tuple((column, outcome.value) for column in columns)

        for ref, said in zip(refs, islice(texts, len(refs)), strict=True):  # what is not in the file comes last
            if went_well(ref):
                cells = cells_of(ref.sheet, results[ref].outcome, tuple(map(bool, said)))
                yield (parts[ref.sheet].sheet or "", ref.row), cells

    def _columns_changed(self, part: Part, filled: Sequence[str]) -> tuple[int, ...]:
        """The column of the level if the row has one, otherwise all used columns that are filled."""
        names = [name for name in self._updated if name in filled] or filled
        return tuple([column for name in names if (column := part.columns[name]) is not None])

    def problem_cells(self, ref: CellRef, result: Result) -> Iterator[tuple[Location, Outcome, str]]:
        """The cells with a problem; for a problem without a cell, the whole row."""
        whole: list[str] = []
        pointed = False
        for problem in result.problems:
            said = f"{problem.message} {fix_in_workbook(problem.remedies)}".strip()
            spot = self._spot_of(ref, problem)
            if spot is None:
                whole.append(said)
            else:
                pointed = True
                yield spot, result.outcome, said
        if whole or not pointed:
            first, *rest = self._row(ref)
            yield first, result.outcome, "\n\n".join(whole)
            yield from ((spot, result.outcome, "") for spot in rest)

    def corrected_cells(self, ref: CellRef, outcome: Outcome) -> Iterator[tuple[Location, Outcome, str]]:
        """The cells that differ from the record's row on `To fix`, which counts."""
        mend = self._table.corrections[ref]
        for name in self._used:
            text = self._table.text(ref, name)
            if text != mend.own[name]:
                # In a matrix, what stands beside and above a cell is not its own.
                spot = self._table.own_location(ref, None if self.is_matrix else name)
                named = f"{self._table.header(name)} is" if self.is_matrix else "it is"
                said = f'The row on the sheet "{mend.sheet}" counts. It says that {named} {quote(text)}.'
                yield spot, outcome, said

    def _row(self, ref: CellRef) -> list[Location]:
        if self.is_matrix:
            return [self._table.own_location(ref)]
        return [self._table.own_location(ref, name) for name in self._filled(ref) or self._used[:1]]

    def _filled(self, ref: CellRef) -> list[str]:
        return [name for name in self._used if self._table.text(ref, name)]

    def _spot_of(self, ref: CellRef, problem: Problem) -> Location | None:
        """The cell in the person's sheets that a problem is about; None if it is about the whole row."""
        if problem.cell is not None and problem.sheet in self._sheets:
            return Location(problem.sheet, *parse_address(problem.cell))
        mend = self._table.corrections.get(ref)
        if mend is not None and problem.cell is not None and problem.sheet == mend.sheet:
            column = parse_address(problem.cell)[1]
            name = next((name for name, at in mend.columns.items() if at == column), None)
            return None if name is None else self._table.own_location(ref, name)
        named = (name for name in reversed(self._used) if self._table.header_over(ref, name) == problem.column)
        name = next(named, None) if problem.column else None
        return None if name is None else self._table.own_location(ref, name)
