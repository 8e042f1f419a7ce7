"""What the account holds, what was ever done to it, and what others may do to it next. Knows no request and no run."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.schedules.model import (
    MEDDLED,
    OTHER_LEVEL,
    ROW_OF,
    ROWS,
    SOMEBODY,
    WELL,
    Choice,
    Deed,
    Kind,
    Row,
    done_by_somebody,
)


class Record(NamedTuple):
    """A record of the account; `maker` is whose token made it."""

    id: int
    key: int
    level: int
    maker: int
    made_at: float


class Done(NamedTuple):
    """Something that was done to a record, by whom."""

    who: int
    what: str
    id: int
    key: int
    level: int


class Write(NamedTuple):
    """What a request asks for: `records` to create (key and level), or one record to update or remove."""

    method: str
    records: tuple[tuple[int, int], ...] = ()
    id: int = 0
    level: int = 0


class Pending(NamedTuple):
    """A write that Kantata has taken, and will do at this time."""

    due: float
    write: Write


@dataclass
class Account:
    """What the account holds, everything that was ever done to it, and what is still to be done."""

    records: dict[int, Record] = field(
        default_factory=lambda: {
            row.id: Record(row.id, row.key, row.before or 0, SOMEBODY, 0.0) for row in ROWS if row.id is not None
        }
    )
    next_id: int = 60
    history: list[Done] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    unseen: dict[int, tuple[float, Record | None]] = field(default_factory=dict)
    """Until when a record is shown as it was before: this, or not at all."""
    asked: set[tuple[int, int]] = field(default_factory=set)
    """The updates that we asked for, whatever became of them: record and level."""

    def copy(self) -> "Account":
        """An account of its own."""
        return Account(
            dict(self.records),
            self.next_id,
            list(self.history),
            list(self.pending),
            dict(self.unseen),
            set(self.asked),
        )

    def of(self, key: int) -> list[Record]:
        """The records of a person, the oldest first."""
        return [record for record in self.records.values() if record.key == key]

    def shown(self, now: float) -> list[Record]:
        """The records that a read shows now."""
        late = {id_: was for id_, (until, was) in self.unseen.items() if now < until}
        records = {**self.records, **{id_: was for id_, was in late.items() if was is not None}}
        return [records[id_] for id_ in sorted(records) if late.get(id_, records[id_]) is not None]

    def make(self, who: int, key: int, level: int, now: float) -> Record:
        """A new record."""
        record = Record(self.next_id, key, level, who, now)
        self.next_id += 1
        self.records[record.id] = record
        self.history.append(Done(who, "makes", record.id, key, level))
        return record

    def set(self, who: int, id_: int, level: int) -> Record | None:
        """The record with its new level; None if it is not there."""
        there = self.records.get(id_)
        if there is None:
            return None
        self.records[id_] = there._replace(level=level)
        self.history.append(Done(who, "sets", id_, there.key, level))
        return self.records[id_]

    def delete(self, who: int, id_: int) -> bool:
        """Whether the record was there."""
        there = self.records.pop(id_, None)
        if there is not None:
            self.history.append(Done(who, "deletes", id_, there.key, there.level))
        return there is not None

    def meddle(self, choice: Choice, now: float) -> None:
        """Another person does it."""
        row = ROW_OF[int(choice.name.split()[0])]
        level = row.level if choice.deed in (Deed.MAKES_SAME, Deed.SETS_SAME) else OTHER_LEVEL
        if choice.deed in (Deed.MAKES_SAME, Deed.MAKES_OTHER):
            self.make(SOMEBODY, row.key, level, now)
            return
        for record in self.of(row.key):
            if choice.deed is Deed.DELETES:
                self.delete(SOMEBODY, record.id)
            else:
                self.set(SOMEBODY, record.id, level)

    def carry_out_due(self, now: float) -> list[Pending]:
        """The writes whose time has come, to be done now."""
        due = [each for each in self.pending if each.due <= now]
        self.pending = [each for each in self.pending if each.due > now]
        return due

    def state(self, now: float) -> tuple[object, ...]:
        """All of it, with times as they are from now on: two accounts of one state cannot be told apart any more."""
        records = tuple((*record[:4], round(record.made_at - now, 3)) for record in self.records.values())
        pending = tuple((round(each.due - now, 3), each.write) for each in self.pending)
        unseen = tuple((id_, round(until - now, 3), was) for id_, (until, was) in self.unseen.items() if until > now)
        return records, tuple(self.history), pending, unseen, frozenset(self.asked)


def deeds(account: Account) -> tuple[Choice, ...]:
    """What somebody else may do before the next request, nothing first."""
    return (WELL, *(done_by_somebody(ROW_OF[key], each) for key in MEDDLED for each in _possible(account, ROW_OF[key])))


def _possible(account: Account, row: Row) -> Iterator[Deed]:
    there = account.of(row.key)
    if not there:
        yield from (Deed.MAKES_SAME, Deed.MAKES_OTHER)
        return
    levels = {record.level for record in there}
    if row.kind is not Kind.REMOVED and row.level not in levels:
        yield Deed.SETS_SAME
    if OTHER_LEVEL not in levels:
        yield Deed.SETS_OTHER
    yield Deed.DELETES
