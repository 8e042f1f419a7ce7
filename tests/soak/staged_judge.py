"""The truth of a trial of several stages, from the sandbox's database alone, as `judge` has it of one list.

Knows no code of the importer's but the words for outcomes. Names are compared without regard to case.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from importer.model import Outcome, Result
from tests.soak.judge import Deed
from tests.soak.ledger import COLUMNS, Ledger, Others, Writes, folded
from tests.soak.schedule import THINGS, Key, Kind, Row, Table
from tests.soak.staged_schedule import EVERY, NAMED, PLACES, SKILLS, StagedSchedule, above, things_of


@dataclass(frozen=True, slots=True)
class Said:
    """What a run says of a row in the end: its outcome, its record, and whether it tells why."""

    outcome: Outcome
    id: int | None
    tells_why: bool

    @classmethod
    def of(cls, result: Result) -> "Said":
        """What a result says."""
        id_ = None if result.record_id is None else int(result.record_id)
        return cls(result.outcome, id_, bool(result.problems))

    @property
    def is_open(self) -> bool:
        """Whether there is something left to do for the row."""
        return self.outcome is Outcome.UNKNOWN or (self.outcome is Outcome.NOT_SENT and not self.tells_why)


Told = Mapping[tuple[Table, Row], Said]
"""What is said of each row of each stage."""


@dataclass(frozen=True, slots=True)
class StagedJudge:
    """Knows what was asked for, what was ever in the account, what the run says of its rows, and what others did."""

    schedule: StagedSchedule
    ledger: Ledger
    told: Told
    others: Others

    def faults_of_run(self, *, at_end: bool) -> list[str]:
        """Everything that is not true of what the run says; none, if all is well. Before its end, no outcome is asked
        for, and what it made beside others' is not removed yet; nor is one asked for where two files have a record.
        """
        found: list[str] = []
        outcome_of = {(of, folded(row.key)): said.outcome for (of, row), said in self.told.items()}
        for table in EVERY:
            writes = self.ledger.told(table)
            rows = {row: said for (of, row), said in self.told.items() if of is table}
            times = Counter(folded(row.key) for row in rows)
            made = Counter(said.id for said in rows.values() if said.outcome is Outcome.CREATED)
            found += [f"{table.endpoint} {id_} is told as created {n} times" for id_, n in made.items() if n > 1]
            for row, said in rows.items():
                key = folded(row.key)
                what = list(self._untrue(table, said, writes, key, set(made)))
                if at_end and times[key] == 1 and not self._is_touched(table, row.key):
                    wanted = list(self._wanted(table, row, outcome_of))
                    what += _unexpected(row, said, wanted, writes.done.get(key, []))
                found += [f"{table.endpoint} {row}, told {said}: {each}" for each in what]
            found += _doubled(table, rows, writes) if at_end else ()
            found += self._orphans(table, rows, writes)
        return found + list(self._dangling())

    def _is_touched(self, table: Table, key: Key) -> bool:
        """Whether somebody else wrote to the record of this key, or to what it names or lies in."""
        if (table.name, folded(key)) in self.others.touched:
            return True
        return any(self._is_touched(of, needed) for of, needed in _needed(table, key))

    def _untrue(
        self, table: Table, said: Said, writes: Writes, key: Key, made: Collection[int | None]
    ) -> Iterator[str]:
        """What cannot be true of a row, whatever others did; `made` are the records that some row is told to have
        created.
        """
        done, now = writes.done.get(key, []), writes.now.get(key, [])
        inserted = [deed.id for deed in done if deed.do == "INSERT" and deed.is_ours]
        theirs = [deed.id for deed in done if deed.do == "INSERT" and not deed.is_ours]
        if said.outcome is Outcome.CREATED:
            # One that does not tell its maker, and that another made in the seconds of our request, passes for ours.
            if said.id not in inserted and (table.has_maker or said.id not in theirs):
                yield f"we created {inserted}"
            elif said.id not in now and (table.name, said.id) not in self.others.deleted:
                yield "it is not there"
        elif said.outcome is Outcome.UNCHANGED:
            there = {*writes.before.get(key, ()), *theirs, *made}
            if said.id is not None and said.id not in there:
                yield f"{there} was there"
        elif said.outcome is Outcome.UPDATED:
            if said.id not in {deed.id for deed in done if deed.do == "UPDATE" and deed.is_ours}:
                yield "we updated no such record"
        elif said.outcome is Outcome.REMOVED and said.id not in {deed.id for deed in done if deed.do == "DELETE"}:
            yield "it was never removed"
        left = set(inserted) & set(now) - set(made)
        if left and said.outcome not in (Outcome.UNKNOWN, Outcome.DUPLICATE):
            yield f"we created {left}, and do not say so"

    def _wanted(self, table: Table, row: Row, outcome_of: Mapping[tuple[Table, Key], Outcome]) -> Iterator[Outcome]:
        """The outcomes that the row may have."""
        outcomes = [
            outcome_of.get((of, folded(key)))
            for of, key in _needed(table, row.key)
            if not self.ledger.was_there(of, key)
        ]
        if (table, row.key) in self.schedule.twins:
            yield Outcome.REFUSED
        elif None in outcomes or Outcome.INVALID in outcomes:
            yield Outcome.INVALID
        elif Outcome.REFUSED in outcomes or Outcome.NOT_SENT in outcomes:
            yield Outcome.NOT_SENT
        elif row.kind is Kind.REMOVE:
            yield Outcome.REMOVED
        elif row.kind is Kind.NEW:
            yield Outcome.CREATED
            if table is SKILLS and self.schedule.room is not None:
                yield Outcome.REFUSED
        else:
            is_updated = row.kind is Kind.DIFFERS and self.schedule.mode == "upsert"
            yield Outcome.UPDATED if is_updated else Outcome.UNCHANGED

    def _orphans(self, table: Table, rows: Mapping[Row, Said], writes: Writes) -> Iterator[str]:
        """What is ours and in no result."""
        told = {said.id for said in rows.values() if said.outcome is Outcome.CREATED}
        unknown = {folded(row.key) for row, said in rows.items() if said.outcome is Outcome.UNKNOWN}
        for key, done in writes.done.items():
            if key in unknown or (table not in THINGS and key[0] not in self.schedule.people):
                continue
            for deed in done:
                if deed.do == "INSERT" and deed.is_ours and deed.id in writes.now.get(key, ()) and deed.id not in told:
                    yield f"{table.endpoint} {deed} is ours, and in no result"

    def _dangling(self) -> Iterator[str]:
        """Records that name what is not there, and that were not left so by others."""
        for table, columns in COLUMNS.items():
            of = NAMED[table.endpoint]
            there = self.ledger.rows(of)
            for id_, key in self.ledger.rows(table).items():
                lost = [int(key[table.key.index(each)]) for each in columns if key[table.key.index(each)] not in there]
                if any((of.name, each) not in self.others.deleted for each in lost):
                    yield f"{table.endpoint} {id_} names {lost}, which is not there"

    def faults_of_undo(self, undone: Mapping[tuple[str, int], Said]) -> list[str]:
        """Everything that is not true of an undo that came to its end; `undone` is what it says of records, by table
        and id.
        """
        found: list[str] = []
        for table in EVERY:
            now = self.ledger.rows(table)
            made = {int(said.id or 0) for (of, _), said in self.told.items()
                    if of is table and said.outcome is Outcome.CREATED}  # fmt: skip
            for id_ in made:
                says, why = undone.get((table.name, id_)), self._why_kept(table, id_)
                found += [f"{table.endpoint} {id_}, told {says}: {each}"
                          for each in self._undone_wrongly(table, id_, says, why, is_there=id_ in now)]  # fmt: skip
            found += self._gone_of_others(table, made)
        found += self._dangling()
        if not self.others.touched and not self.schedule.twins:
            more, less = self.ledger.differs_from(self.ledger.before)
            if self.schedule.room is not None:  # Kantata takes no skill back as long as the new ones fill the account
                less = [each for each in less if each[0] != "skill"]
            if more or less:
                found.append(f"the account is not as before: {more[:3]} besides, {less[:3]} missing")
        return found

    def _undone_wrongly(self, table: Table, id_: int, says: Said | None, why: str, *, is_there: bool) -> Iterator[str]:
        """What is not true of a record that the run made."""
        if says is None:
            yield "it is not in the undo"
        elif says.outcome not in (Outcome.REMOVED, Outcome.CONFLICT, Outcome.UNCHANGED):
            yield "it is to be removed, or kept"
        elif (
            says.outcome is Outcome.CONFLICT and not (is_there and why) and (table.name, id_) not in self.others.deleted
        ):
            yield "nobody changed it, and nothing uses it, or it is gone"
        elif says.outcome is not Outcome.CONFLICT and is_there:
            yield "it is there"
        if not is_there and why and (table.name, id_) not in self.others.deleted:
            yield f"it was removed, and {why}"

    def _gone_of_others(self, table: Table, made: set[int]) -> Iterator[str]:
        """Records that others made, and that are gone with what we removed."""
        deeds = self.ledger.deeds(table)
        theirs = {deed.id for deed in deeds if deed.do == "INSERT" and not deed.is_ours} - made
        for deed in deeds:
            if deed.do == "DELETE" and deed.id in theirs and (table.name, deed.id) not in self.others.deleted:
                yield f"{table.endpoint} {deed.id} of somebody else's is gone"

    def _why_kept(self, table: Table, id_: int) -> str:
        """Why an undo has to keep this record of ours: somebody else changed it, or uses it; the empty text if not."""
        if any(deed.id == id_ and deed.do == "UPDATE" and not deed.is_ours for deed in self.ledger.deeds(table)):
            return "somebody changed it"
        for user, columns in COLUMNS.items():
            if NAMED[user.endpoint] is not table:
                continue
            for other, key in self.ledger.rows(user).items():
                if id_ in (key[user.key.index(each)] for each in columns):
                    return f"{user.endpoint} {other} uses it"
        if table is PLACES:
            return next((f"place {other} lies in it" for other, key in self.ledger.rows(PLACES).items()
                         if key[1] == id_), "")  # fmt: skip
        return ""


def _unexpected(row: Row, said: Said, wanted: Sequence[Outcome], done: Sequence[Deed]) -> Iterator[str]:
    """What is not as it must be of a row whose record nobody else touched: all of it is known beforehand."""
    if said.outcome not in wanted:
        yield f"the outcome is {' or '.join(wanted)}"
    if said.outcome is Outcome.NOT_SENT and not said.tells_why:
        yield "nothing tells why it was not sent"
    writes = Counter(deed.do for deed in done if deed.do != "UPDATE")
    meant = {Outcome.CREATED: {"INSERT": 1}, Outcome.REMOVED: {"DELETE": 1}}
    if writes != meant.get(said.outcome, {}):
        yield f"it was written {dict(writes)}"
    levels = [deed.level for deed in done if deed.do != "DELETE"]
    if levels and row.level is not None and levels[-1] != row.level:
        yield f"its level is {levels[-1]}"


def _needed(table: Table, key: Key) -> list[tuple[Table, Key]]:
    """The things that a record names, and the place in which a place lies."""
    if table not in THINGS:
        return [(NAMED[table.endpoint], thing) for thing in things_of(table, key)]
    over = above(key)
    return [] if over is None else [(PLACES, over)]


def _doubled(table: Table, rows: Mapping[Row, Said], writes: Writes) -> Iterator[str]:
    """What the account holds twice because of us."""
    for key in {folded(row.key) for row in rows}:
        ours = {deed.id for deed in writes.done.get(key, ()) if deed.do == "INSERT" and deed.is_ours}
        now = writes.now.get(key, [])
        if len(now) > 1 and ours & set(now):
            yield f"{table.endpoint} {key} is there {len(now)} times: {now}"
