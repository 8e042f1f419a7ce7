"""The account compared with what a run says it did, after the last request. Pure: is given what the account holds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from importer.endpoints.declare import Endpoint
from importer.kantata.envelope import Record
from importer.kantata.held import Held
from importer.model import Change, Outcome, Problem, Result

WRITTEN = frozenset({Outcome.CREATED, Outcome.UPDATED, Outcome.REMOVED})

Touched = Mapping[int, tuple[Change, Result]]
"""The changes that a run did, by row, with what it says of them."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the account held when it was read again: so many records as the run says, and those that differ.

    `checked` is None when the account could not be read. `surplus` are records of our own making that stand beside
    another of the same key: the row, and the ids to remove, and the record that stays.
    """

    checked: int | None
    differences: tuple[Problem, ...] = ()
    surplus: tuple[tuple[int, tuple[str, ...], Record], ...] = ()

    @property
    def is_verified(self) -> bool:
        """Whether the account is as the run says."""
        return self.checked is not None and not self.differences and not self.surplus

    def __str__(self) -> str:
        if self.checked is None:
            return "The account could not be read again, so this is not verified."
        if not self.differences:
            return f"Verified: {self.checked:,} records were read again after the last request, and are as told here."
        return f"{len(self.differences):,} of {self.checked:,} records have changed since; they are listed below."


def compare(endpoint: Endpoint, touched: Touched, held: Held, is_ours: Callable[[Record], bool]) -> Receipt:
    """What differs between the account and what the run says.

    `is_ours` tells whether a record was made by this run.
    """
    differences: list[Problem] = []
    surplus: list[tuple[int, tuple[str, ...], Record]] = []
    for row, (change, result) in touched.items():
        records = held.get(change.key, ())
        if result.outcome is Outcome.CREATED and len(records) > 1:
            extra, stays = _extra(records, result, is_ours)
            if extra:
                surplus.append((row, extra, stays))
                continue
        differences.extend(_difference(endpoint, row, change, result, records))
    return Receipt(len(touched), tuple(differences), tuple(surplus))


def _extra(
    records: Iterable[Record], result: Result, is_ours: Callable[[Record], bool]
) -> tuple[tuple[str, ...], Record]:
    """Our own records among several of one key, but for one if there is no other's; and the record that stays."""
    by_age = sorted(records, key=lambda record: (len(str(record["id"])), str(record["id"])))
    ours = [record for record in by_age if str(record["id"]) == result.record_id or is_ours(record)]
    others = [record for record in by_age if record not in ours]
    stays = (others or ours or by_age)[0]
    return tuple(str(record["id"]) for record in ours if record is not stays), stays


def _difference(
    endpoint: Endpoint, row: int, change: Change, result: Result, records: Iterable[Record]
) -> list[Problem]:
    there = next((record for record in records if str(record["id"]) == result.record_id), None)
    if result.outcome is Outcome.REMOVED:
        said = "It is there again." if there is not None else ""
    elif there is None:
        said = "It is no longer there."
    else:
        left = result.left or change.fields
        said = " ".join(
            f"It holds {name} {there.get(name) or 0}, and was left with {left[name]}."
            for name in endpoint.updates
            if name in left and (there.get(name) or 0) != left[name]
        )
    if not said:
        return []
    return [Problem("changed-since", said, "Somebody changed it while the run went on; look at it.", row=row)]
