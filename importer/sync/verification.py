"""Compares the account with the results of a run after its last request. Pure: the account is read elsewhere."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from importer import remedies
from importer.endpoints.declare import Endpoint
from importer.kantata.existing_records import ExistingRecords
from importer.kantata.responses import Record, age, find_by_id
from importer.messages import about_runs
from importer.model import CellRef, Change, Key, Outcome, Problem, Result

WRITTEN = frozenset({Outcome.CREATED, Outcome.UPDATED, Outcome.REMOVED})

AppliedChanges = Mapping[CellRef, tuple[Change, Result]]
"""The changes that a run has written, each with its result, by reference."""


@dataclass(frozen=True, slots=True)
class DuplicateRecord:
    """A record of ours to remove, because another record of the same key exists: the `survivor`."""

    ref: CellRef
    record_id: str
    survivor: Record


@dataclass(frozen=True, slots=True)
class Verification:
    """How many records we read again after the last request, and which of them differ from the results.

    `record_count` is None if the account could not be read.
    """

    record_count: int | None
    differences: tuple[Problem, ...] = ()

    def pack(self) -> dict[str, Any]:
        """The verification as JSON can hold it."""
        return {"checked": self.record_count, "differences": [_pack_problem(each) for each in self.differences]}

    @classmethod
    def unpack(cls, packed: Mapping[str, Any]) -> "Verification":
        """A verification from what `pack` returned."""
        return cls(packed["checked"], tuple(_unpack_problem(each) for each in packed["differences"]))

    @classmethod
    def joined(cls, receipts: Sequence["Verification | None"]) -> "Verification | None":
        """The verification of all parts that were verified; None if none was."""
        told = [each for each in receipts if each is not None]
        if not told:
            return None
        counts = [each.record_count for each in told]
        total = None if None in counts else sum(count or 0 for count in counts)
        return cls(total, tuple(each for receipt in told for each in receipt.differences))

    @property
    def is_verified(self) -> bool:
        """Whether the account was read and matches the results."""
        return self.record_count is not None and not self.differences

    def __str__(self) -> str:
        if self.record_count is None:
            return "Not verified: we could not read the account again."
        if not self.differences:
            records, they = ("record", "it matches") if self.record_count == 1 else ("records", "they match")
            return f"Verified: we read {self.record_count:,} {records} back from Kantata, and {they} this result."
        have = "has" if len(self.differences) == 1 else "have"
        return f"{len(self.differences):,} of {self.record_count:,} records {have} changed since. See the list below."


def _pack_problem(problem: Problem) -> list[Any]:
    return [problem.code, problem.message, remedies.pack(problem.remedies), problem.ref]


def _unpack_problem(values: Sequence[Any]) -> Problem:
    code, message, packed, ref = values
    return Problem(code, message, remedies.unpack(packed), ref=None if ref is None else CellRef(ref))


class ResultChecker:
    """Compares each record with the result of its row as the account is read again, and keeps no record.

    `applied` are the references of the changes that the run has written.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        changes: Mapping[CellRef, Change],
        results: Mapping[CellRef, Result],
        applied: Iterable[CellRef],
    ) -> None:
        self._endpoint = endpoint
        self._changes = changes
        self._results = results
        self._ref_of: dict[Key, CellRef] = {}
        self._shared: set[CellRef] = set()
        for ref in applied:
            first = self._ref_of.setdefault(changes[ref].key, ref)
            if first != ref:
                self._shared |= {first, ref}

    @property
    def keys(self) -> Collection[Key]:
        """The keys of the records to read."""
        return self._ref_of.keys()

    def check_record(self, key: Key, record: Record) -> tuple[CellRef, bool]:
        """The reference of the change with this key, and whether the record matches it. Threads may call it."""
        ref = self._ref_of[key]
        result = self._results[ref]
        if result.record_id != str(record["id"]) or result.outcome is Outcome.REMOVED:
            return ref, False
        expected = result.after or self._changes[ref].fields
        current = self._endpoint.updates_of(record)
        return ref, all(expected.get(name) in (None, value) for name, value in current.items())

    def uncertain_refs(self, checks: Iterable[tuple[CellRef, bool]]) -> set[CellRef]:
        """The changes to compare in full, by what `check_record` returned for every record."""
        unseen = set(self._ref_of.values())
        mismatches: set[CellRef] = set()
        for ref, is_match in checks:
            if is_match and ref in unseen:
                unseen.discard(ref)
            else:
                mismatches.add(ref)
        removed = {ref for ref in unseen if self._results[ref].outcome is Outcome.REMOVED}
        return (unseen - removed) | mismatches | self._shared


def compare(
    endpoint: Endpoint, applied: AppliedChanges, existing: ExistingRecords, is_own: Callable[[Record], bool]
) -> tuple[list[Problem], list[DuplicateRecord]]:
    """The differences between the account and the results, and the duplicates that this run made.

    `is_own` tells whether this run made a record.
    """
    differences: list[Problem] = []
    duplicates: list[DuplicateRecord] = []
    for ref, (change, result) in applied.items():
        records = existing.get(change.key, ())
        if result.outcome is Outcome.CREATED and len(records) > 1:
            extra = _own_duplicates(ref, records, result, is_own)
            if extra:
                duplicates += extra
                continue
        differences.extend(_difference(endpoint, ref, change, result, records))
    return differences, duplicates


def duplicate_problems(duplicates: Iterable[DuplicateRecord]) -> list[Problem]:
    """The problems of duplicates that could not be removed."""
    return [Problem.of(about_runs.stored_twice(), each.ref) for each in duplicates]


def _own_duplicates(
    ref: CellRef, records: Iterable[Record], result: Result, is_own: Callable[[Record], bool]
) -> list[DuplicateRecord]:
    """The records of ours to remove, of several with one key; if all are ours, the oldest stays."""
    by_age = sorted(records, key=age)
    own = [record for record in by_age if str(record["id"]) == result.record_id or is_own(record)]
    others = [record for record in by_age if record not in own]
    survivor = (others or own)[0]
    return [DuplicateRecord(ref, str(record["id"]), survivor) for record in own if record is not survivor]


def _difference(
    endpoint: Endpoint, ref: CellRef, change: Change, result: Result, records: Iterable[Record]
) -> list[Problem]:
    there = find_by_id(records, result.record_id)
    if result.outcome is Outcome.REMOVED:
        return [Problem.of(about_runs.is_back(), ref)] if there is not None else []
    if there is None:
        return [Problem.of(about_runs.is_gone(), ref)]
    expected = result.after or change.fields
    current = endpoint.updates_of(there)
    values = [
        (name, value, expected[name]) for name, value in current.items() if name in expected and value != expected[name]
    ]
    return [Problem.of(about_runs.holds_another(values), ref)] if values else []
