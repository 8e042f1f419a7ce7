"""The account compared with what a run says it did, after the last request. Pure: is given what the account holds."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from importer import remedies
from importer.endpoints.declare import Endpoint
from importer.kantata.responses import Record
from importer.messages import about_runs
from importer.model import CellRef, Change, Key, Outcome, Problem, Result

WRITTEN = frozenset({Outcome.CREATED, Outcome.UPDATED, Outcome.REMOVED})

Touched = Mapping[CellRef, tuple[Change, Result]]
"""The changes that a run did, by reference, with what it says of them."""


@dataclass(frozen=True, slots=True)
class DuplicateRecord:
    """A record of our own making that stands beside another of the same key, and is to go; and the one that stays."""

    ref: CellRef
    record_id: str
    stays: Record


@dataclass(frozen=True, slots=True)
class Verification:
    """What the account held when it was read again: so many records were compared, and these differ.

    `checked` is None when the account could not be read.
    """

    checked: int | None
    differences: tuple[Problem, ...] = ()

    def pack(self) -> dict[str, Any]:
        """The receipt as JSON can hold it."""
        return {"checked": self.checked, "differences": [_packed(each) for each in self.differences]}

    @classmethod
    def unpack(cls, packed: Mapping[str, Any]) -> "Verification":
        """The receipt that was packed."""
        return cls(packed["checked"], tuple(_unpacked(each) for each in packed["differences"]))

    @property
    def is_verified(self) -> bool:
        """Whether the account is as the run says."""
        return self.checked is not None and not self.differences

    def __str__(self) -> str:
        if self.checked is None:
            return "Not verified: we could not read the account again."
        if not self.differences:
            records, they = ("record", "it matches") if self.checked == 1 else ("records", "they match")
            return f"Verified: we read {self.checked:,} {records} back from Kantata, and {they} this result."
        have = "has" if len(self.differences) == 1 else "have"
        return f"{len(self.differences):,} of {self.checked:,} records {have} changed since. See the list below."


def _packed(problem: Problem) -> list[Any]:
    return [problem.code, problem.message, remedies.pack(problem.remedies), problem.ref]


def _unpacked(values: Sequence[Any]) -> Problem:
    code, message, packed, ref = values
    return Problem(code, message, remedies.unpack(packed), ref=None if ref is None else CellRef(ref))


class TouchedRecords:
    """Tells of each record, as the account is read again, whether it is plainly as a run left it. Keeps no record.

    `touched` are the records of the changes that the run did.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        changes: Mapping[CellRef, Change],
        results: Mapping[CellRef, Result],
        touched: Iterable[CellRef],
    ) -> None:
        self._names = endpoint.updates
        self._changes = changes
        self._results = results
        self._ref_of: dict[Key, CellRef] = {}
        self._shared: set[CellRef] = set()
        for ref in touched:
            first = self._ref_of.setdefault(changes[ref].key, ref)
            if first != ref:
                self._shared |= {first, ref}

    @property
    def keys(self) -> Collection[Key]:
        """The keys under which the account is to be read."""
        return self._ref_of.keys()

    def look(self, key: Key, record: Record) -> tuple[CellRef, bool]:
        """The change under whose key the record stands, and whether it is as the run left it. Threads may call it."""
        ref = self._ref_of[key]
        result = self._results[ref]
        if result.record_id != str(record["id"]) or result.outcome is Outcome.REMOVED:
            return ref, False
        left = result.left or self._changes[ref].fields
        return ref, all(left.get(name) in (None, record.get(name) or 0) for name in self._names)

    def unsure(self, looks: Iterable[tuple[CellRef, bool]]) -> set[CellRef]:
        """The changes that are to be looked at closely, given what `look` said of every record."""
        seen: set[CellRef] = set()
        odd: set[CellRef] = set()
        for ref, is_as_left in looks:
            if is_as_left and ref not in seen:
                seen.add(ref)
            else:
                odd.add(ref)
        unseen = set(self._ref_of.values()) - seen
        removed = {ref for ref in unseen if self._results[ref].outcome is Outcome.REMOVED}
        return (unseen - removed) | odd | self._shared


def compare(
    endpoint: Endpoint, touched: Touched, held: Mapping[Key, Sequence[Record]], is_ours: Callable[[Record], bool]
) -> tuple[list[Problem], list[DuplicateRecord]]:
    """What differs between the account and what the run says, and what of ours stands in it twice.

    `is_ours` tells whether a record was made by this run.
    """
    differences: list[Problem] = []
    surplus: list[DuplicateRecord] = []
    for ref, (change, result) in touched.items():
        records = held.get(change.key, ())
        if result.outcome is Outcome.CREATED and len(records) > 1:
            extra = _surplus(ref, records, result, is_ours)
            if extra:
                surplus += extra
                continue
        differences.extend(_difference(endpoint, ref, change, result, records))
    return differences, surplus


def duplicate_problems(surplus: Iterable[DuplicateRecord]) -> list[Problem]:
    """What is said of records that could not be taken back."""
    return [Problem.of(about_runs.stored_twice(), each.ref) for each in surplus]


def _surplus(
    ref: CellRef, records: Iterable[Record], result: Result, is_ours: Callable[[Record], bool]
) -> list[DuplicateRecord]:
    """Our own records among several of one key, but for one if there is no other's."""
    by_age = sorted(records, key=lambda record: (len(str(record["id"])), str(record["id"])))
    ours = [record for record in by_age if str(record["id"]) == result.record_id or is_ours(record)]
    others = [record for record in by_age if record not in ours]
    stays = (others or ours)[0]
    return [DuplicateRecord(ref, str(record["id"]), stays) for record in ours if record is not stays]


def _difference(
    endpoint: Endpoint, ref: CellRef, change: Change, result: Result, records: Iterable[Record]
) -> list[Problem]:
    there = next((record for record in records if str(record["id"]) == result.record_id), None)
    if result.outcome is Outcome.REMOVED:
        return [Problem.of(about_runs.is_back(), ref)] if there is not None else []
    if there is None:
        return [Problem.of(about_runs.is_gone(), ref)]
    left = result.left or change.fields
    values = [
        (name, there.get(name) or 0, left[name])
        for name in endpoint.updates
        if name in left and (there.get(name) or 0) != left[name]
    ]
    return [Problem.of(about_runs.holds_another(values), ref)] if values else []
