"""A three-way comparison: what a sheet says, what the account held when the file was written, what it holds now. Pure.

What somebody else changed since stays; what the sheet changes is sent; where both did, a person decides.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from importer.base import UNKNOWN, Base, Held, Known
from importer.endpoints.declare import Endpoint
from importer.kantata.existing_records import ExistingRecords
from importer.kantata.responses import Record, find_by_id, oldest
from importer.messages import about_merges
from importer.model import Action, CellRef, Change, Key, Outcome, Problem, Result, value_in_words
from importer.table import Table

_ROUNDING = timedelta(milliseconds=2)
"""Excel keeps a time as a share of a day."""


class OnConflict(StrEnum):
    """What becomes of a record that the sheet and somebody else changed."""

    KEEP = "keep"
    OVERWRITE = "overwrite"


class Verdict(StrEnum):
    """What the base says of a change that a row asks for."""

    SEND = "send"
    """Nobody else has changed the record, or it cannot be told."""
    KEEP = "keep"
    """The sheet did not change it, and somebody else did."""
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a row of an exported list tells of its record: its id, and when it had been changed last."""

    record_id: str
    updated_at: datetime | None

    def is_of(self, record: Record) -> bool:
        """Whether the record was not changed since; a time without a fraction may have lost it in a program."""
        updated_at = time_of(record, "updated_at")
        if self.updated_at is None or updated_at is None:
            return True
        apart = abs(updated_at - self.updated_at)
        return apart <= _ROUNDING or (not self.updated_at.microsecond and apart < timedelta(seconds=1))


@dataclass(frozen=True)
class Merge:
    """With what a sheet is compared besides the account: the base of its workbook, else the stamps of its rows."""

    base: Base | None = None
    stamps: Mapping[CellRef, Stamp] = field(default_factory=dict)
    on_conflict: OnConflict = OnConflict.KEEP
    cleared: Sequence[Key] = ()
    """The records that the file had when it was written, and has no longer."""

    @property
    def is_there(self) -> bool:
        """Whether anything tells what the account held when the file was written."""
        return self.base is not None or bool(self.stamps)

    @property
    def since(self) -> str:
        """When the file was written, for a person."""
        return about_merges.day(self.base.time) if self.base is not None else "the list was exported"

    def with_own_stamps(self, rows: Iterable[tuple[CellRef, Key]], existing: ExistingRecords) -> "Merge":
        """The same with the stamps that tell of their row's own record. A row that was copied and is about something
        else by now still has the id of the record that it was copied from. `rows` are all of them, with their keys.
        """
        if not self.stamps:
            return self
        keys = dict(rows)
        key_of = {str(record["id"]): key for key, records in existing.items() for record in records}
        own = {
            ref: stamp
            for ref, stamp in self.stamps.items()
            if ref in keys and key_of.get(stamp.record_id, keys[ref]) == keys[ref]
        }
        return replace(self, stamps=own)

    def known(self, keys: Sequence[Key]) -> list[Known]:
        """What the account held under each key when the file was written."""
        return [UNKNOWN] * len(keys) if self.base is None else self.base.lookup(keys)

    def judge(self, change: Change, known: Known, there: Sequence[Record]) -> Verdict:
        """The verdict on what a row asks for, where the account does not hold what it held, or that is not known;
        `there` are the records of its key that the account holds now.

        A row that asks for nothing is kept where it is as the file had it; it is never in conflict.
        """
        if known is UNKNOWN:
            return self._judge_by_stamp(change, there)
        if says_the_same(change, known) and change.action is not Action.REMOVE:  # whoever types that means it
            return Verdict.KEEP
        return Verdict.SEND if change.action is Action.LEAVE else Verdict.CONFLICT

    def _judge_by_stamp(self, change: Change, there: Sequence[Record]) -> Verdict:
        """The same by the id and the time of a record. What it held is not known, so the sheet may have changed it."""
        stamp = self.stamps.get(change.ref)
        if stamp is None or change.action is Action.LEAVE:
            return Verdict.SEND
        record = find_by_id(there, stamp.record_id)
        if record is None:
            return Verdict.CONFLICT
        return Verdict.SEND if stamp.is_of(record) else Verdict.CONFLICT


NO_MERGE = Merge()


def values_of(endpoint: Endpoint, there: Sequence[Record]) -> Held:
    """What the account holds: the values of the oldest record; None where there is none."""
    record = oldest(there)
    return None if record is None else endpoint.updates_of(record)


def says_the_same(change: Change, known: Held) -> bool:
    """Whether a row says what the account held; what it does not say is as it was."""
    if is_denial(change):
        return known is None
    fields = change.fields
    return known is not None and all(fields.get(name) in (None, value) for name, value in known.items())


def is_denial(change: Change) -> bool:
    """Whether a row says that there shall be no record, or that there is none."""
    return change.action is Action.REMOVE or change.denies


def time_of(record: Record, name: str) -> datetime | None:
    """A time of a record; None where the account does not tell it."""
    try:
        return datetime.fromisoformat(str(record.get(name)))
    except ValueError:
        return None


def conflict(endpoint: Endpoint, change: Change, current: Held, since: str, known: Known, when: str = "") -> Result:
    """The result of a row that the sheet and somebody else changed: the record is kept as it is."""
    wanted = None if is_denial(change) else {name: change.fields.get(name) for name in endpoint.updates}
    sheet, account = in_words(wanted), in_words(current)
    if known is UNKNOWN:
        message = about_merges.changed_since_export(sheet, account, when)
    else:
        message = about_merges.changed_on_both_sides(sheet, in_words(known), account, when, since)
    return Result(Outcome.CONFLICT, change.record_id, (Problem.of(message, change.ref),), before=current)


def in_words(held: Held) -> str:
    """What is held, for a person: `level 3`, `nothing`."""
    if held is None:
        return "nothing"
    told = [f"{name} {value_in_words(name, value)}" for name, value in held.items()]
    return ", ".join(told) or "the record"


class MergedChanges:
    """What becomes of changes once they are compared with what the account held when the file was written."""

    def __init__(self, endpoint: Endpoint, existing: ExistingRecords, merge: Merge) -> None:
        self._endpoint, self._existing, self._merge = endpoint, existing, merge
        self.kept: dict[CellRef, Change] = {}
        self.conflicts: dict[CellRef, Change] = {}
        self.results: dict[CellRef, Result] = {}
        self.was: dict[CellRef, Known] = {}
        self._overwritten = 0

    def take(self, changes: dict[CellRef, Change], keys: Sequence[Key]) -> None:
        """Take out of the changes what is in conflict, and let those change nothing that the sheet did not change.

        Shapes: `keys` are those of `changes`, in their order.
        """
        if not self._merge.is_there:
            return
        for change, known in zip(list(changes.values()), self._merge.known(keys), strict=True):
            there = self._existing.get(change.key, ())
            now = change.before if change.record_id and not is_denial(change) else values_of(self._endpoint, there)
            if now == known:
                continue
            self.was[change.ref] = known
            match self._merge.judge(change, known, there):
                case Verdict.KEEP:
                    record = oldest(there)
                    record_id = None if record is None else str(record["id"])
                    kept = change._replace(action=Action.LEAVE, record_id=record_id, before=now)
                    self.kept[change.ref] = changes[change.ref] = kept
                case Verdict.CONFLICT:
                    self._meet_conflict(changes, change, known)

    def take_removals(self, changes: dict[CellRef, Change], known: Mapping[Key, Known]) -> None:
        """The same for removals of records that the file does not have."""
        for change in list(changes.values()):
            was = known.get(change.key, UNKNOWN)
            if was is not UNKNOWN and was != values_of(self._endpoint, self._existing.get(change.key, ())):
                self._meet_conflict(changes, change, was)

    def _meet_conflict(self, changes: dict[CellRef, Change], change: Change, was: Known) -> None:
        if self._merge.on_conflict is OnConflict.OVERWRITE:
            self._overwritten += 1
            return
        del changes[change.ref]
        now = values_of(self._endpoint, self._existing.get(change.key, ()))
        self.conflicts[change.ref] = change
        self.results[change.ref] = conflict(self._endpoint, change, now, self._merge.since, was)

    def notes(self, table: Table, kept_besides: int) -> Iterator[str]:
        """What is said of all that."""
        kept = len(self.kept) + kept_besides
        units = "levels" if self._endpoint.level else "records"
        if kept or self.conflicts:
            yield about_merges.kept_and_in_conflict(kept, len(self.conflicts), units, self._merge.since)
        if self.kept:
            yield about_merges.kept_ones(
                [f"{table.describe([ref])} ({in_words(each.before)})" for ref, each in self.kept.items()]
            )
        if self._overwritten:
            yield about_merges.overwritten(self._overwritten)
