"""The verdict on every record: pandera on the typed columns, then the rules that need two records.

Knows the parsed table and what its names mean; knows no account and sends nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pandera.pandas as pa

from importer.coordinates import column_of
from importer.endpoints.declare import ACTION, NOT_HELD, REMOVE, Endpoint, Field, NameAnswers, NameColumn
from importer.endpoints.header import column_header
from importer.messages import about_cells
from importer.model import CellRef, Key, Problem
from importer.table import Table
from importer.validation.aliases import UnresolvedName
from importer.validation.cell import CellError
from importer.validation.names import IdsByName, ids_by_name
from importer.validation.parsed_table import ParsedTable, problem_at

_SHOWN_ROWS = 5

Problems = Mapping[CellRef, Sequence[Problem]]


@dataclass(frozen=True)
class CheckedTable:
    """A checked table. Every record is valid, a duplicate of a valid one, or has a problem.

    Shapes: `values` has a typed column for each field (Int64, or string) and `action`, a row for each record, indexed
    by `CellRef`; missing values where nothing could be read. `duplicates` gives for a record the earlier one that says
    the same; `invalid` has the problems of every record that has some, in sheet order; all others are valid. `ticked`
    are records whose level says only that the person has the skill.
    """

    table: Table
    values: pd.DataFrame
    duplicates: Mapping[CellRef, CellRef]
    invalid: Problems
    notes: tuple[str, ...]
    ticked: frozenset[CellRef] = frozenset()
    zeros: frozenset[CellRef] = frozenset()
    """The records of a person's own sheet whose level is 0."""
    is_zero_told: bool = False
    """Whether somebody has told what 0 means."""
    outline: "CheckedTable | None" = None
    """Of a matrix the rows and columns without a filled cell, as a blank cell of each tells them."""
    aliases: Path | None = None
    """The workbook with a person's choices of what names mean, if one was read or written."""
    unresolved_names: tuple[UnresolvedName, ...] = ()
    """The names that wait there for a choice."""

    @cached_property
    def valid(self) -> pd.DataFrame:
        """The fields of the valid records, each once."""
        fields = self.values.drop(columns=ACTION.name)
        without = [*self.invalid, *self.duplicates]
        return fields.loc[~fields.index.isin(without)] if without else fields

    @cached_property
    def doubtful(self) -> pd.DataFrame:
        """The fields of the records with problems, as far as they could be read."""
        return self.values.loc[self.values.index.isin(list(self.invalid))].drop(columns=ACTION.name)

    @cached_property
    def removal_refs(self) -> frozenset[CellRef]:
        """The valid records whose record in the account is to be removed."""
        return self._with_action(REMOVE)

    @cached_property
    def not_held(self) -> frozenset[CellRef]:
        """The valid records that say that the person does not have what they name."""
        return self._with_action(NOT_HELD)

    def _with_action(self, action: str) -> frozenset[CellRef]:
        actions = self.values[ACTION.name]
        refs = actions.index[(actions == action).to_numpy(dtype=bool, na_value=False)]
        return frozenset(map(CellRef, refs.intersection(self.valid.index).to_list())) if len(refs) else frozenset()

    @cached_property
    def refs(self) -> tuple[CellRef, ...]:
        """The references of all records, in sheet order."""
        return tuple(map(CellRef, self.values.index.to_list()))

    @cached_property
    def valid_refs(self) -> tuple[CellRef, ...]:
        """The references of the valid records, in sheet order."""
        without = {*self.invalid, *self.duplicates}
        return tuple([ref for ref in self.refs if ref not in without]) if without else self.refs

    @cached_property
    def keys(self) -> list[Key]:
        """The key of each valid record, in the order of `valid`."""
        return _keys(self.valid, self.table.endpoint)

    @cached_property
    def outlined_keys(self) -> dict[CellRef, Key]:
        """The key of a blank cell for each row and column of a matrix without a filled one, as far as it is known."""
        endpoint = self.table.endpoint
        if self.outline is None:
            return {}
        told = self.outline.values.dropna(subset=list(endpoint.key))
        return dict(zip(map(CellRef, told.index.to_list()), _keys(told, endpoint), strict=True))

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem once, in sheet order; a name over a column of a matrix is a problem of all its cells."""
        distinct = dict.fromkeys(problem for some in self.invalid.values() for problem in some)
        return tuple(sorted(distinct, key=_in_sheet_order(self.table)))

    def refuse(self, problems: Problems) -> "CheckedTable":
        """The same table, with these problems of records besides; what repeats such a record has them, too."""
        if not problems:
            return self
        repeated = {ref: problems[first] for ref, first in self.duplicates.items() if first in problems}
        found = {**problems, **repeated}
        order = _in_sheet_order(self.table)
        invalid = dict(self.invalid) | {
            ref: sorted((*self.invalid.get(ref, ()), *some), key=order) for ref, some in found.items()
        }
        return replace(
            self,
            duplicates={ref: first for ref, first in self.duplicates.items() if ref not in found},
            invalid={ref: invalid[ref] for ref in sorted(invalid)},
        )


def _keys(values: pd.DataFrame, endpoint: Endpoint) -> list[Key]:
    columns = []
    for name in endpoint.key:
        some = values[name].to_list()
        texts = {value: str(value) for value in set(some)}
        if name in endpoint.caseless:
            texts = {value: text.lower() for value, text in texts.items()}
        columns.append(map(texts.__getitem__, some))
    return list(zip(*columns, strict=True))


def without_what_is_not_held(checked: CheckedTable, refs: Collection[CellRef]) -> CheckedTable:
    """The same table, where these records say that the person does not have what they name."""
    rows = checked.values.index.isin(list(refs))
    values = checked.values.assign(
        level=checked.values["level"].mask(rows, pd.NA),
        **{ACTION.name: checked.values[ACTION.name].mask(rows, NOT_HELD)},
    )
    return replace(checked, values=values)


def validate(parsed: ParsedTable, found: NameAnswers | None) -> CheckedTable:
    """The verdict on every record of the parsed table.

    `found` tells what each name means; it is None when nobody was asked: then ids alone must do, and are not compared
    with the names beside them.
    """
    told = ids_by_name(parsed, found) if found is not None else IdsByName({}, [], ())
    values = parsed.values.assign(**told.values)
    frame = values.drop(columns=ACTION.name)
    problems = [*parsed.errors, *told.problems]
    wrong = {(problem.ref, problem.column) for problem in problems}
    failures = _failures(parsed, frame)
    problems.extend(_sentences(parsed, failures, wrong))
    frame = values if values[ACTION.name].notna().any() else frame
    bad = [problem.ref for problem in problems]
    clean = frame.loc[~frame.index.isin(bad)] if bad else frame
    are_repeated = _are_repeated(clean, list(parsed.table.endpoint.key))
    rivals = list(_rivals(parsed, clean)) if are_repeated else []
    if rivals:
        problems.extend(rivals)
        clean = clean.loc[~clean.index.isin([problem.ref for problem in rivals])]
    invalid: dict[CellRef, list[Problem]] = defaultdict(list)
    for problem in sorted(problems, key=_in_sheet_order(parsed.table)):
        if problem.ref is not None:
            invalid[problem.ref].append(problem)
    return CheckedTable(
        table=parsed.table,
        values=values,
        duplicates=_duplicates(parsed, clean) if are_repeated else {},
        invalid=invalid,
        notes=(*parsed.notes, *told.notes),
        ticked=parsed.ticked,
        zeros=parsed.zeros,
        is_zero_told=parsed.is_zero_told,
        outline=None if parsed.outline is None else validate(parsed.outline, found),
    )


@dataclass(frozen=True, slots=True)
class _Failure:
    """One case that pandera found: the check's name, the field and the record."""

    check: str
    field: str
    ref: CellRef


def _failures(parsed: ParsedTable, frame: pd.DataFrame) -> list[_Failure]:
    try:
        _schema(parsed.table.endpoint.model).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        columns = zip(cases["check"].to_list(), cases["column"].to_list(), cases["index"].to_list(), strict=True)
        return [_Failure(str(check).split("(")[0], str(field), CellRef(ref)) for check, field, ref in columns]
    return []


@lru_cache(maxsize=32)
def _schema(model: type) -> pa.DataFrameSchema:
    """The schema of an endpoint without its rule for several records: one record a key.

    That one is for records that are right by themselves; pandera would also tell of every two that lack the same, which
    takes seconds for a large file in which many names are unknown. `_rivals` and `_duplicates` see to it.
    """
    schema = copy(cast("type[pa.DataFrameModel]", model).to_schema())
    schema.unique = None
    return schema


def _sentences(
    parsed: ParsedTable, failures: Sequence[_Failure], wrong: set[tuple[CellRef | None, str | None]]
) -> Iterator[Problem]:
    """What pandera found in single cells, once a cell, in our words; cells that have a problem already are left."""
    table = parsed.table
    said: set[tuple[CellRef, str]] = set()
    for failure in failures:
        ref = failure.ref
        if (ref, failure.field) in said:
            continue
        said.add((ref, failure.field))
        names = [name for name, _ in table.telling(failure.field)]
        if any((ref, table.header_over(ref, name)) in wrong for name in names):
            continue
        field = table.endpoint.field(failure.field)
        name = _told_in(table, ref, names)
        if failure.check == "not_nullable":
            yield problem_at(table, ref, name, _blank(table, field, names))
        else:
            yield problem_at(table, ref, name, _out_of_range(table, field, ref, name))


def _told_in(table: Table, ref: CellRef, names: Sequence[str]) -> str | None:
    """The column in which the record tells a field: the first that is filled, else the first."""
    filled = [name for name in names if table.text(ref, name)]
    return next(iter([*filled, *names]), None)


def _blank(table: Table, field: Field, names: Sequence[str]) -> CellError:
    columns = [table.used[name] for name in names]
    headers = [column_header(column) for column in columns]
    if len(columns) > 1:
        return about_cells.all_blank(headers)
    wanted = "a name" if isinstance(columns[0], NameColumn) else field.accepted
    return about_cells.blank(headers[0], wanted)


def _out_of_range(table: Table, field: Field, ref: CellRef, name: str | None) -> CellError:
    text = "" if name is None else table.text(ref, name)
    if field.maximum is not None:
        return about_cells.out_of_range(text, field.minimum, field.maximum, field.accepted)
    return about_cells.id_too_small(text)


def _are_repeated(clean: pd.DataFrame, key: Sequence[str]) -> bool:
    """Whether two records may have one key. Few files have any, and to find which takes twice the memory."""
    numbers = np.zeros(len(clean), dtype=np.int64)
    for name in key:
        codes, distinct = pd.factorize(clean[name].array)
        numbers *= len(distinct)  # beyond the largest number two keys can look like one, but never one like two
        numbers += codes
    numbers.sort()
    return bool((numbers[1:] == numbers[:-1]).any())


def _rivals(parsed: ParsedTable, clean: pd.DataFrame) -> Iterator[Problem]:
    """Records that want different things under one key: each names those that differ from it."""
    key = list(parsed.table.endpoint.key)
    rest = [field for field in clean.columns if field not in key]
    if not rest:  # a key is all that there is to want
        return
    repeated = clean.duplicated(subset=key, keep=False)
    if not repeated.any():
        return
    several = clean.loc[repeated]
    wanted: dict[tuple[Any, ...], dict[tuple[str, ...], list[CellRef]]] = defaultdict(lambda: defaultdict(list))
    keys, values = several[key].itertuples(index=False, name=None), several[rest].itertuples(index=False, name=None)
    for ref, of, value in zip(map(CellRef, several.index.to_list()), keys, values, strict=True):
        wanted[of][tuple(map(str, value))].append(ref)
    for refs_by_value in wanted.values():
        for value, refs in refs_by_value.items() if len(refs_by_value) > 1 else ():
            others = sorted(ref for other, theirs in refs_by_value.items() if other != value for ref in theirs)
            other = next(each for each in refs_by_value if each != value)
            differing = next(name for name, a, b in zip(rest, value, other, strict=True) if a != b)
            told = (name for field in (differing, *rest) for name, _ in parsed.table.telling(field))
            column = next(told, None)
            named = _named(parsed.table, others)
            error = about_cells.same_record(named, len(others) == 1, " and ".join(key), differing)
            yield from (problem_at(parsed.table, ref, column, error) for ref in refs)


def _named(table: Table, others: Sequence[CellRef]) -> str:
    """Records as a person would name them, the first few of many."""
    more = f" and {len(others) - _SHOWN_ROWS:,} more" if len(others) > _SHOWN_ROWS else ""
    return f"{table.describe(others[:_SHOWN_ROWS])}{more}"


def _duplicates(parsed: ParsedTable, clean: pd.DataFrame) -> dict[CellRef, CellRef]:
    """For each record that repeats an earlier one, that earlier record."""
    repeated = clean.duplicated()
    if not repeated.any():
        return {}
    key = list(parsed.table.endpoint.key)
    first = {tuple(values): CellRef(ref) for ref, *values in clean.loc[~repeated, key].itertuples()}
    return {CellRef(ref): first[tuple(values)] for ref, *values in clean.loc[repeated, key].itertuples()}


def _in_sheet_order(table: Table) -> Callable[[Problem], tuple[int, int, int]]:
    sheets = {part.sheet: number for number, part in enumerate(table.parts)}

    def order(problem: Problem) -> tuple[int, int, int]:
        letters = (problem.cell or "").rstrip("0123456789")
        return (sheets.get(problem.sheet, 0), problem.row or 0, column_of(letters) if letters else -1)

    return order
