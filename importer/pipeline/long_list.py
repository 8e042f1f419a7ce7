"""Which lists are too long to be planned at once, and their stages: each has all rows of some people.

Knows a table as it was read and checked; asks no account.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from importer.model import CellRef, Mode
from importer.pipeline.merge_sources import is_exported_list
from importer.table import Arrangement
from importer.validation.parsed_table import ParsedTable
from importer.validation.schema import CheckedTable

MOST_ROWS = 1_048_575
"""Rows that are planned and sent at once: as many as a sheet of Excel has below its header. A row takes some 750 bytes
until the run ends.
"""
STAGE_ROWS = 100_000
"""Rows of a stage, but that all rows of a person are in one."""

_ROWS_APART = 1 << 24
"""So far apart are the references that the stages give to what stands nowhere in the list."""

Told = TypeVar("Told")


def is_long(parsed: ParsedTable, mode: Mode) -> bool:
    """Whether a table is planned and sent in stages.

    What `mirror` removes is told by all rows together: one that does not say whose it is spares everybody. A workbook
    of the person's own is marked as a whole. A list that tells what the account held, as one that we exported does, has
    a result that tells it, too, for all rows together. And where no filter reads the records of some people alone, each
    stage would read the whole account.
    """
    table = parsed.table
    reads_by_owner = not table.endpoint.read_by.keys().isdisjoint(table.endpoint.owner)
    is_plain = table.arrangement is Arrangement.ROWS and table.source.sheet is None and not is_exported_list(table)
    return len(parsed.values) > MOST_ROWS and mode is not Mode.MIRROR and is_plain and reads_by_owner


class Stages:
    """The stages of a long list, made one by one. What is told of the list as a whole stands with the first; what only
    its check asks for, with none.
    """

    def __init__(self, checked: CheckedTable) -> None:
        self._checked = checked
        self._numbers = _stage_numbers(checked)
        self._duplicates = self._by_stage(checked.duplicates)
        self._invalid = self._by_stage(checked.invalid)

    def __len__(self) -> int:
        return int(self._numbers.max(initial=0)) + 1

    def __iter__(self) -> Iterator[CheckedTable]:
        """The stages in the order in which their first people stand in the list."""
        return map(self._stage, range(len(self)))

    def _stage(self, number: int) -> CheckedTable:
        checked, table = self._checked, self._checked.table
        values = checked.values.loc[self._numbers == number]
        at = _positions(table.frame.index, values.index)
        texts = {name: table.frame[name].array[at].remove_unused_categories() for name in table.names}
        frame = pd.DataFrame(texts, index=values.index, copy=False)
        last = CellRef(table.frame.index[-1] + number * _ROWS_APART)
        part = replace(table, frame=frame, oddities={}, last_ref=last)
        told: dict[str, Any] = {}
        if number:
            part, told = replace(part, summaries=(), notes=(), reasons=()), {"notes": (), "unresolved_names": ()}
        return replace(
            checked,
            table=part,
            values=values,
            duplicates=self._duplicates[number],
            invalid=self._invalid[number],
            ticked=frozenset(),
            zeros=frozenset(),
            **told,
        )

    def _by_stage(self, told: Mapping[CellRef, Told]) -> list[dict[CellRef, Told]]:
        """What is told of rows, by the stage of each."""
        found: list[dict[CellRef, Told]] = [{} for _ in range(len(self))]
        index = self._checked.values.index
        refs = [ref for ref in told if index[0] <= ref <= index[-1]]
        for ref, at in zip(refs, _positions(index, refs).tolist(), strict=True):
            if index[at] == ref:
                found[self._numbers[at]][ref] = told[ref]
        return found


def _positions(index: pd.Index, refs: Collection[int]) -> npt.NDArray[np.intp]:
    """Where these references stand in an ascending index: to look them up one by one, it would become a dictionary."""
    return np.searchsorted(index.to_numpy(), np.fromiter(refs, dtype=np.int64, count=len(refs)))


def _stage_numbers(checked: CheckedTable) -> npt.NDArray[np.int32]:
    """The stage of each row. One that does not say whose it is has a problem, and goes with the last."""
    (owner,) = checked.table.endpoint.owner
    codes, distinct = pd.factorize(checked.values[owner].array)
    if not len(distinct):
        return np.zeros(len(codes), dtype=np.int32)
    rows = np.bincount(codes[codes >= 0], minlength=len(distinct))
    _, stages = np.unique((np.cumsum(rows) - rows) // STAGE_ROWS, return_inverse=True)
    numbers: npt.NDArray[np.int32] = stages.astype(np.int32)[codes]
    return numbers
