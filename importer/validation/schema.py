"""The verdict on every row: pandera on the typed columns, then the rules that need two rows.

Knows the draft and what its names were found to be; knows no account and sends nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pandera.pandas as pa

from importer.endpoints.declare import ACTION, Field, Found, Kind, NameColumn
from importer.endpoints.header import Header, column_header
from importer.messages import about_cells
from importer.model import Problem
from importer.table import Table, column_of
from importer.validation.aliases import UnresolvedName
from importer.validation.cell import CellError
from importer.validation.names import ids_by_name
from importer.validation.parsed_table import ParsedTable

_UNIQUE = "multiple_fields_uniqueness"
_SHOWN_ROWS = 5


@dataclass(frozen=True)
class CheckedTable:
    """A checked table. Every row (or cell of a matrix) is valid, a duplicate of a valid one, or has a problem.

    Shapes: `frame` holds the valid rows, indexed by spreadsheet row, one typed column a field (Int64, or string);
    `marked` are those among them whose record is to be removed. `doubtful` holds the rows with problems in the same
    form, missing values where nothing could be read. `duplicates` gives for a row the earlier one that says the same;
    `invalid` has the problems of every other row, in sheet order. `ticked` are rows whose level says only that the
    person has the skill.
    """

    table: Table
    header: Header
    rows: Sequence[int]
    frame: pd.DataFrame
    marked: frozenset[int]
    doubtful: pd.DataFrame
    duplicates: Mapping[int, int]
    invalid: Mapping[int, Sequence[Problem]]
    notes: tuple[str, ...]
    ticked: frozenset[int] = frozenset()
    aliases: Path | None = None
    """The workbook with a person's choices of what names mean, if one was read or written."""
    unclear: tuple[UnresolvedName, ...] = ()
    """The names that wait there for a choice."""

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem once, in sheet order; a name over a column of a matrix is a problem of all its cells."""
        distinct = dict.fromkeys(problem for some in self.invalid.values() for problem in some)
        return tuple(sorted(distinct, key=_in_sheet_order(self.table)))

    def refuse(self, found: Mapping[int, Sequence[Problem]]) -> "CheckedTable":
        """The same table, with these problems of rows besides; what repeats such a row has them, too."""
        if not found:
            return self
        problems = dict(found) | {row: found[first] for row, first in self.duplicates.items() if first in found}
        order = _in_sheet_order(self.table)
        invalid = dict(self.invalid) | {
            row: sorted((*self.invalid.get(row, ()), *some), key=order) for row, some in problems.items()
        }
        refused = self.frame.index.isin(problems)
        return replace(
            self,
            frame=self.frame.loc[~refused],
            marked=self.marked - problems.keys(),
            doubtful=pd.concat([self.doubtful, self.frame.loc[refused]]).sort_index(),
            duplicates={row: first for row, first in self.duplicates.items() if row not in problems},
            invalid={row: invalid[row] for row in sorted(invalid)},
        )


def validate(draft: ParsedTable, found: Found | None) -> CheckedTable:
    """The verdict on every row of the draft.

    `found` is None when nobody was asked who bears which name: then ids alone must do, and are not compared
    with the names beside them.
    """
    values, unnamed = ids_by_name(draft, found) if found is not None else ({}, [])
    frame = _typed(draft, {**draft.values, **values})
    problems = [*draft.faults, *unnamed]
    faulty = {(problem.unit, problem.column) for problem in problems}
    failures = _failures(draft, frame)
    problems.extend(_sentences(draft, failures, faulty))

    actions = draft.values[ACTION.name]
    if any(actions):
        frame = frame.assign(**{ACTION.name: _words(actions)})
    bad = {problem.unit for problem in problems}
    clean = frame.loc[~frame.index.isin(bad)] if bad else frame
    if _UNIQUE in {failure.check for failure in failures}:
        problems.extend(_rivals(draft, clean))
        rivals = {problem.unit for problem in problems}
        clean = clean.loc[~clean.index.isin(rivals)]
    repeated = clean.duplicated()
    single = clean.loc[~repeated] if repeated.any() else clean
    invalid: dict[int, list[Problem]] = defaultdict(list)
    for problem in sorted(problems, key=_in_sheet_order(draft.table)):
        invalid[problem.unit or 0].append(problem)
    return CheckedTable(
        table=draft.table,
        header=draft.header,
        rows=draft.rows,
        frame=single,
        marked=frozenset(single.index[single[ACTION.name].notna()]) if ACTION.name in single else frozenset(),
        doubtful=frame.loc[frame.index.isin(invalid)],
        duplicates=_duplicates(draft, clean, single),
        invalid=invalid,
        notes=draft.notes,
        ticked=draft.ticked,
    )


@dataclass(frozen=True, slots=True)
class _Failure:
    """One case that pandera found: the check's name, the field and the row."""

    check: str
    field: str
    row: int


def _typed(draft: ParsedTable, values: Mapping[str, Sequence[int | str | None]]) -> pd.DataFrame:
    """The draft's values as typed, nullable columns: pandera then has nothing to coerce."""
    columns: dict[str, Any] = {}
    for field in draft.header.endpoint.fields:
        if field.kind is Kind.CHOICE:
            columns[field.name] = _words(values[field.name])
        else:
            columns[field.name] = _integers(values[field.name])
    return pd.DataFrame(columns, index=pd.Index(list(draft.rows), dtype="int64", name="row"))


def _words(values: Sequence[int | str | None]) -> Any:
    return pd.array([None if value is None else str(value) for value in values], dtype="string")


def _integers(values: Sequence[int | str | None]) -> Any:
    """Whole numbers, exactly: none goes through a float."""
    absent = [value is None for value in values]
    whole = pd.array([0 if value is None else value for value in values], dtype="int64")
    return pd.arrays.IntegerArray(whole.to_numpy(), pd.array(absent, dtype="bool").to_numpy())


def _failures(draft: ParsedTable, frame: pd.DataFrame) -> list[_Failure]:
    model = cast("type[pa.DataFrameModel]", draft.header.endpoint.model)
    try:
        model.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        columns = zip(cases["check"].to_list(), cases["column"].to_list(), cases["index"].to_list(), strict=True)
        return [_Failure(str(check).split("(")[0], str(field), int(row)) for check, field, row in columns]
    return []


def _sentences(
    draft: ParsedTable, failures: Sequence[_Failure], faulty: set[tuple[int | None, str | None]]
) -> Iterator[Problem]:
    """What pandera found in single cells, once a cell, in our words; cells that have a problem already are left."""
    said: set[tuple[int, str]] = set()
    for failure in failures:
        if failure.check == _UNIQUE or (failure.row, failure.field) in said:
            continue
        said.add((failure.row, failure.field))
        positions = [position for position, _ in draft.header.positions(failure.field)]
        headers = {draft.table.header_over(failure.row, position) for position in positions}
        if any((failure.row, header) in faulty for header in headers):
            continue
        field = draft.header.endpoint.field(failure.field)
        position = _told_at(draft, failure.row, positions)
        if failure.check == "not_nullable":
            yield draft.problem(failure.row, position, _blank(draft, field, positions))
        else:
            yield draft.problem(failure.row, position, _out_of_range(draft, field, failure, position))


def _told_at(draft: ParsedTable, row: int, positions: Sequence[int]) -> int | None:
    """The column in which the row tells a field: the first that is filled, else the first."""
    filled = [position for position in positions if draft.table.text(row, position)]
    return next(iter([*filled, *positions]), None)


def _blank(draft: ParsedTable, field: Field, positions: Sequence[int]) -> CellError:
    columns = [column_header(draft.header.columns[position]) for position in positions]
    if len(columns) > 1:
        return about_cells.all_blank(columns)
    named = isinstance(draft.header.columns[positions[0]], NameColumn)
    wanted = "a name" if named else field.accepted
    return about_cells.blank(columns[0], wanted)


def _out_of_range(draft: ParsedTable, field: Field, failure: _Failure, position: int | None) -> CellError:
    text = "" if position is None else draft.table.text(failure.row, position)
    if field.maximum is not None:
        return about_cells.out_of_range(text, field.minimum, field.maximum, field.accepted)
    return about_cells.id_too_small(text)


def _rivals(draft: ParsedTable, clean: pd.DataFrame) -> Iterator[Problem]:
    """Rows that want different things of one record: each names those that differ from it."""
    key = list(draft.header.endpoint.key)
    rest = [field for field in clean.columns if field not in key]
    several = clean.loc[clean.duplicated(subset=key, keep=False)]
    wanted: dict[tuple[Any, ...], dict[tuple[str, ...], list[int]]] = defaultdict(lambda: defaultdict(list))
    keys, values = several[key].itertuples(index=False, name=None), several[rest].itertuples(index=False, name=None)
    for row, of, value in zip(several.index.to_list(), keys, values, strict=True):
        wanted[of][tuple(map(str, value))].append(row)
    for rows_by_value in wanted.values():
        for value, rows in rows_by_value.items() if len(rows_by_value) > 1 else ():
            others = sorted(row for other, theirs in rows_by_value.items() if other != value for row in theirs)
            other = next(each for each in rows_by_value if each != value)
            differing = next(name for name, a, b in zip(rest, value, other, strict=True) if a != b)
            told = (at for name in (differing, *rest) for at, _ in draft.header.positions(name))
            position = next(told, None)
            fault = about_cells.same_record(_named(draft, others), len(others) == 1, " and ".join(key), differing)
            yield from (draft.problem(row, position, fault) for row in rows)


def _named(draft: ParsedTable, others: Sequence[int]) -> str:
    """Rows as a person would name them, the first few of many."""
    more = f" and {len(others) - _SHOWN_ROWS:,} more" if len(others) > _SHOWN_ROWS else ""
    return f"{draft.table.called(others[:_SHOWN_ROWS])}{more}"


def _duplicates(draft: ParsedTable, clean: pd.DataFrame, single: pd.DataFrame) -> dict[int, int]:
    """For each row that repeats an earlier one, that earlier row."""
    if len(clean) == len(single):
        return {}
    key = list(draft.header.endpoint.key)
    first = {tuple(values): row for row, *values in single[key].itertuples()}
    again = clean.loc[clean.index.difference(single.index), key]
    return {row: first[tuple(values)] for row, *values in again.itertuples()}


def _in_sheet_order(table: Table) -> Callable[[Problem], tuple[int, int, int]]:
    sheets = {part.sheet: number for number, part in enumerate(table.parts)}

    def order(problem: Problem) -> tuple[int, int, int]:
        letters = (problem.cell or "").rstrip("0123456789")
        return (sheets.get(problem.sheet, 0), problem.row or 0, column_of(letters) if letters else -1)

    return order
