"""A table's cells as values: what could be read, what could not, and which names are to be looked up.

Knows the table and its header; knows no account, and no rule that needs two cells.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from importer.endpoints.declare import ACTION, REMOVE, Directory, Field, Kind, NameColumn
from importer.endpoints.header import Column, Header
from importer.endpoints.name_columns import within
from importer.messages import about_cells
from importer.model import Problem
from importer.table import EXAMPLE, Oddity, Table
from importer.text import fold
from importer.validation.cell import CellError, is_nothing, is_removal, oddity_error, to_value
from importer.validation.level import NUMBERS, Level, LevelScale, excel_date_error

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """What a table's cells say, one list entry for each of `rows`.

    Shapes: `values` gives for each declared field, and for `action`, its values by position in `rows`, None where
    there is none; a level that is the word `remove` is told as an action. `ticked` are the rows whose level is a tick.
    `names` gives for each column of names its folded texts, empty where blank. `faults` are the cells that could
    not be read.
    """

    table: Table
    header: Header
    rows: Sequence[int]
    values: Mapping[str, list[int | str | None]]
    names: Mapping[int, list[str]]
    faults: tuple[Problem, ...]
    notes: tuple[str, ...]
    ticked: frozenset[int] = frozenset()

    def problem(self, row: int, column: int | None, fault: CellError) -> Problem:
        """The fault, at this unit and column of the table."""
        return problem_at(self.table, row, column, fault)


def problem_at(table: Table, row: int, column: int | None, fault: CellError) -> Problem:
    """The fault, at this unit and column of the table."""
    spot = table.spot(row, column)
    return Problem(
        fault.code,
        fault.sentence,
        fault.remedies,
        row=spot.row,
        cell=None if column is None else spot.cell,
        column=None if column is None else table.header_over(row, column),
        value=None if column is None else table.text(row, column),
        sheet=spot.sheet,
        unit=row,
    )


def parse_cells(table: Table, header: Header, *, match_names: bool = False, scale: LevelScale = NUMBERS) -> ParsedTable:
    """Every cell of a used column as a value or a fault, each distinct text read once.

    `match_names` leaves ids aside where a column tells the same field by name.
    """
    frame, notes = _without_examples(table)
    rows: list[int] = frame.index.to_list()
    draft = ParsedTable(table, header, rows, {}, {}, (), ())
    values: dict[str, list[int | str | None]] = {}
    names: dict[int, list[str]] = {}
    faults = list(_surplus(draft))
    hint = next((_folded(frame[at].to_list()) for at, column in header.columns.items() if _is_hint(column)), None)
    marks: list[str | None] = []
    ticked: frozenset[int] = frozenset()
    for position, column in header.columns.items():
        texts: list[str] = frame[position].to_list()
        if isinstance(column, NameColumn):
            oddities = _oddities_of(draft, position)
            faults.extend(draft.problem(row, position, fault) for row, fault in oddities.items())
            folded = _within(column, _folded(texts), hint)
            names[position] = ["" if row in oddities else text for row, text in zip(rows, folded, strict=True)]
        elif column.kind is Kind.HINT:
            continue
        elif column.kind is Kind.LEVEL:
            levels = _read_levels(draft, position, texts, scale)
            values[column.name], marks, ticked = levels.values, levels.marks, levels.ticked
            faults.extend(levels.faults)
            notes.extend((*_blank_notes(draft, position, texts, column), *levels.notes))
        elif not (match_names and _is_named(header, column)):
            values[column.name], found, blanked = _read_column(draft, position, column, texts)
            faults.extend(found)
            notes.extend(blanked)
    for field in (*header.endpoint.fields, ACTION):
        values.setdefault(field.name, [None] * len(rows))
    if marks:
        actions = zip(values[ACTION.name], marks, strict=True)
        values[ACTION.name] = [action or mark for action, mark in actions]
    return ParsedTable(table, header, rows, values, names, tuple(faults), (*table.notes, *notes), ticked)


@dataclass(frozen=True, slots=True)
class _Levels:
    """What a column of levels holds, by position in the draft's rows; the rows that are ticks; how it was read."""

    values: list[int | str | None]
    marks: list[str | None]
    ticked: frozenset[int]
    faults: list[Problem]
    notes: list[str]


def _read_levels(draft: ParsedTable, position: int, texts: Sequence[str], scale: LevelScale) -> _Levels:
    counted = Counter(texts)
    read = {text: scale.read(text) for text in counted}
    levels = {text: level for text, level in read.items() if isinstance(level, Level)}
    oddities = _oddities_of(draft, position)
    faults = {text: level for text, level in read.items() if isinstance(level, CellError)}
    found = [
        draft.problem(row, position, oddities.get(row) or faults[text])
        for row, text in zip(draft.rows, texts, strict=True)
        if text in faults or row in oddities
    ] if faults or oddities else []  # fmt: skip
    values: list[int | str | None] = [levels[text].value if text in levels else None for text in texts]
    if oddities:
        values = [None if row in oddities else value for row, value in zip(draft.rows, values, strict=True)]
    removed = {text for text in counted if is_removal(text)}
    ticks = {text for text, level in levels.items() if level.is_tick}
    ticked = [row for row, text in zip(draft.rows, texts, strict=True) if text in ticks] if ticks else []
    converted = [(text, level.value) for text, level in levels.items() if level.is_converted]
    converted.sort(key=lambda pair: (pair[1] or 0, pair[0]))
    notes = [f'"{text.strip()}" was read as {level} in {_cells(counted[text])}.' for text, level in converted]
    marks = [REMOVE if text in removed else None for text in texts] if removed else []
    return _Levels(values, marks, frozenset(ticked), found, notes)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"


def _without_examples(table: Table) -> "tuple[pd.DataFrame, list[str]]":
    frame = table.frame
    if frame.empty:
        return frame, []
    likely = frame.head(50)
    examples = [
        row for row, cells in zip(likely.index, likely.itertuples(index=False), strict=True) if _is_example(cells)
    ]
    if not examples:
        return frame, []
    shown = " and ".join(str(row) for row in examples)
    return frame.drop(index=examples), [f"Row {shown} is the template's example and was left out."]


def _is_example(cells: Sequence[str]) -> bool:
    filled = [text for text in cells if text]
    return bool(filled) and all(text.startswith(EXAMPLE) for text in filled)


def _read_column(
    draft: ParsedTable, position: int, field: Field, texts: Sequence[str]
) -> tuple[list[int | str | None], list[Problem], list[str]]:
    """The column's values, its faults, and the notes on what was read as blank."""
    read = {text: to_value(text, field) for text in set(texts)}
    faults = {text: value for text, value in read.items() if isinstance(value, CellError)}
    values = {text: None if isinstance(value, CellError) else value for text, value in read.items()}
    found: list[Problem] = []
    oddities = _oddities_of(draft, position)
    if faults or oddities:
        for row, text in zip(draft.rows, texts, strict=True):
            fault = oddities.get(row) or faults.get(text)
            if fault:
                found.append(draft.problem(row, position, fault))
    result = [values[text] for text in texts]
    if oddities:
        result = [None if row in oddities else value for row, value in zip(draft.rows, result, strict=True)]
    return result, found, _blank_notes(draft, position, texts, field)


def _oddities_of(draft: ParsedTable, position: int) -> dict[int, CellError]:
    table = draft.table
    known = set(draft.rows) if table.oddities else set()
    return {
        row: _odd(draft, position, oddity, table.text(row, position))
        for (row, column), oddity in table.oddities.items()
        if column == position and row in known
    }


def _odd(draft: ParsedTable, position: int, oddity: Oddity, text: str) -> CellError:
    column = draft.header.columns[position]
    is_level = isinstance(column, Field) and column.kind is Kind.LEVEL
    return excel_date_error(text) if is_level and oddity is Oddity.DATE else oddity_error(oddity, text)


def _blank_notes(draft: ParsedTable, position: int, texts: Sequence[str], field: Field) -> list[str]:
    """What people write for "nothing here" and we read as blank, with its cells."""
    if field.required:
        return []
    words = {text for text in set(texts) if text and is_nothing(text)}
    if not words:
        return []
    rows = [row for row, text in zip(draft.rows, texts, strict=True) if text in words]
    return [read_as_blank(words, [str(draft.table.spot(row, position).cell) for row in rows])]


def read_as_blank(words: Collection[str], cells: Sequence[str], sheet: str | None = None) -> str:
    """Which words were taken for nothing, and in which cells, for a person."""
    more = f" and {len(cells) - 5:,} more" if len(cells) > 5 else ""
    said = " and ".join(f'"{word.strip()}"' for word in sorted(words))
    was = "was" if len(words) == 1 else "were"
    where = f' of sheet "{sheet}"' if sheet else ""
    return f"{said} {was} read as blank in {', '.join(cells[:5])}{more}{where}."


def _folded(texts: Sequence[str]) -> list[str]:
    read = {text: "" if is_nothing(text) else fold(text) for text in set(texts)}
    return [read[text] for text in texts]


def _is_hint(column: Column) -> bool:
    return isinstance(column, Field) and column.kind is Kind.HINT


def _within(column: NameColumn, names: list[str], hint: Sequence[str] | None) -> list[str]:
    """The names of skills with their category in front, which tells namesakes apart."""
    if hint is None or column.directory is not Directory.SKILLS:
        return names
    return [within(over, name) for name, over in zip(names, hint, strict=True)]


def _is_named(header: Header, field: Field) -> bool:
    return any(isinstance(column, NameColumn) for _, column in header.positions(field.name))


def _surplus(draft: ParsedTable) -> Iterator[Problem]:
    """Rows of a text file with more cells than the header: a comma in a text has pushed the rest to the right."""
    table = draft.table
    named = [position for position, text in enumerate(table.headers) if text.strip()]
    if table.source.sheet is not None or not named or named[-1] == len(table.headers) - 1:
        return
    beyond = list(range(named[-1] + 1, len(table.headers)))
    filled = table.frame[beyond].astype(bool).any(axis="columns")
    for row in [row for row in draft.rows if filled[row]]:
        cells = [position for position in beyond if table.text(row, position)]
        fault = about_cells.too_many_cells(cells[-1] + 1, named[-1] + 1)
        yield draft.problem(row, cells[0], fault)
