"""The results of very many rows as arrays, which take a tenth of the memory. Knows no endpoint and no file.

What a record held before is left out: it is for undoing a run, and stays in the journal.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from importer.model import CellRef, Outcome, Result, count_outcomes

_OUTCOMES = tuple(Outcome)
_CODES = {outcome: code for code, outcome in enumerate(_OUTCOMES)}
_NO_ID = -1
_AT_ONCE = 8192
_DIGITS = 18
"""Ids of more digits are kept as texts."""


class PackedResults(Mapping[CellRef, Result]):
    """Results by reference, in the order of the references.

    Shapes: the arrays are of one length, `refs` in ascending order; `codes` number the outcomes as they are declared,
    and an id is -1 where there is none. `others` has the results that are more than an outcome and an id that is a
    number, such as those with problems, which are few.
    """

    def __init__(
        self,
        refs: NDArray[np.int64],
        codes: NDArray[np.int8],
        ids: NDArray[np.int64],
        others: Mapping[CellRef, Result],
    ) -> None:
        self.refs = refs
        self.codes = codes
        self.ids = ids
        self.others = others

    @classmethod
    def of(cls, results: Mapping[CellRef, Result]) -> "PackedResults":
        """The same results, packed."""
        refs = np.fromiter(results, dtype=np.int64, count=len(results))
        codes = np.fromiter((_CODES[each.outcome] for each in results.values()), dtype=np.int8, count=len(results))
        ids = np.fromiter((_number_of(each) for each in results.values()), dtype=np.int64, count=len(results))
        others = {
            ref: each._replace(before=None, after=None)
            for ref, each in results.items()
            if each.problems or (each.record_id is not None and _number_of(each) == _NO_ID)
        }
        order = np.argsort(refs, kind="stable")
        return cls(refs[order], codes[order], ids[order], others)

    @classmethod
    def joined(cls, parts: Iterable["PackedResults"]) -> "PackedResults":
        """The results of all parts, which have no reference in common."""
        others: dict[CellRef, Result] = {}
        every_refs: list[NDArray[np.int64]] = []
        every_codes: list[NDArray[np.int8]] = []
        every_ids: list[NDArray[np.int64]] = []
        for each in parts:
            others |= each.others
            every_refs.append(each.refs)
            every_codes.append(each.codes)
            every_ids.append(each.ids)
        refs, codes, ids = _joined(every_refs), _joined(every_codes), _joined(every_ids)
        if not (refs[1:] > refs[:-1]).all():
            order = np.argsort(refs, kind="stable")
            refs, codes, ids = refs[order], codes[order], ids[order]
        return cls(refs, codes, ids, others)

    def __len__(self) -> int:
        return len(self.refs)

    def __iter__(self) -> Iterator[CellRef]:
        return iter(RefArray(self.refs))

    def __getitem__(self, ref: CellRef) -> Result:
        at = int(np.searchsorted(self.refs, ref))
        if at == len(self.refs) or self.refs[at] != ref:
            raise KeyError(ref)
        return self.of_all([ref])[0]

    def of_all(self, refs: Sequence[CellRef]) -> list[Result]:
        """The results of these references, all of which have one."""
        at = np.searchsorted(self.refs, np.fromiter(refs, dtype=np.int64, count=len(refs)))
        others = self.others
        return [
            others[ref] if ref in others else Result(_OUTCOMES[code], None if id_ == _NO_ID else str(id_))
            for ref, code, id_ in zip(refs, self.codes[at].tolist(), self.ids[at].tolist(), strict=True)
        ]

    def with_outcome(self, outcomes: Iterable[Outcome]) -> list[CellRef]:
        """The references of the results with one of these outcomes."""
        are = np.isin(self.codes, [_CODES[each] for each in outcomes])
        return list(map(CellRef, self.refs[are].tolist()))

    @property
    def with_problems(self) -> Mapping[CellRef, Result]:
        """The results that have problems."""
        return {ref: each for ref, each in self.others.items() if each.problems}

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many results have each outcome; every outcome is a key."""
        counts = np.bincount(self.codes, minlength=len(_OUTCOMES)).tolist()
        return dict(zip(_OUTCOMES, counts, strict=True))


class RefArray(Sequence[CellRef]):
    """References of very many rows, held as an array and made when they are asked for."""

    def __init__(self, refs: NDArray[np.int64]) -> None:
        self._refs = refs

    def __len__(self) -> int:
        return len(self._refs)

    def __iter__(self) -> Iterator[CellRef]:
        starts = range(0, len(self._refs), _AT_ONCE)
        return (CellRef(ref) for start in starts for ref in self._refs[start : start + _AT_ONCE].tolist())

    @overload
    def __getitem__(self, at: int) -> CellRef: ...
    @overload
    def __getitem__(self, at: slice) -> "RefArray": ...
    def __getitem__(self, at: int | slice) -> "CellRef | RefArray":
        return RefArray(self._refs[at]) if isinstance(at, slice) else CellRef(self._refs[at])


def _joined(arrays: list[NDArray[Any]]) -> NDArray[Any]:
    """All arrays as one; they are let go, as together they take as much."""
    whole = np.concatenate(arrays)
    arrays.clear()
    return whole


def _number_of(result: Result) -> int:
    """The id as a number, where it is written as one; else `_NO_ID`."""
    text = result.record_id
    is_number = text is not None and text.isdecimal() and text.isascii() and len(text) <= _DIGITS
    return int(text) if text is not None and is_number and (text[0] != "0" or text == "0") else _NO_ID


def count_results(results: Mapping[CellRef, Result]) -> dict[Outcome, int]:
    """How many results have each outcome; every outcome is a key."""
    return results.counts if isinstance(results, PackedResults) else count_outcomes(results.values())


def results_of(results: Mapping[CellRef, Result], refs: Sequence[CellRef]) -> list[Result]:
    """The results of these references, all of which have one."""
    return results.of_all(refs) if isinstance(results, PackedResults) else [results[ref] for ref in refs]


def with_problems(results: Mapping[CellRef, Result]) -> Mapping[CellRef, Result]:
    """The results that have problems."""
    if isinstance(results, PackedResults):
        return results.with_problems
    return {ref: each for ref, each in results.items() if each.problems}
