"""Which ends the model allows: what may be told of a row, given all that was done to its record and what stands there.

Knows the model, and of the importer only the words for outcomes.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from importer.model import Outcome, Result
from tests.schedules.account import Account, Done, Record
from tests.schedules.model import ME, REFUSED, ROWS, SOMEBODY, Kind, Row, World

ALLOWED = {
    Kind.NEW: (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.CONFLICT, Outcome.REFUSED),
    Kind.CHANGED: (Outcome.UPDATED, Outcome.CREATED, Outcome.UNCHANGED, Outcome.CONFLICT),
    Kind.REMOVED: (Outcome.REMOVED, Outcome.UNCHANGED, Outcome.CONFLICT),
}
"""Every outcome that a row of a kind may have in some schedule; which one it may have in this one is checked below."""


class Case(NamedTuple):
    """One row at the end: what is told of it, what was done to its record, and what stands there."""

    row: Row
    told: Result
    differs: bool
    """Whether the verification says that the account holds something else by now."""
    history: Sequence[Done]
    now: Sequence[Record]
    asked: AbstractSet[tuple[int, int]]
    """The updates that we asked for or were about to, whatever became of them: record and level."""
    world: World

    @property
    def id(self) -> int | None:
        return None if self.told.record_id is None else int(self.told.record_id)

    @property
    def made(self) -> list[int]:
        """The records that we made for it."""
        return [each.id for each in self.history if each.who == ME and each.what == "makes"]

    @property
    def is_meddled(self) -> bool:
        return any(each.who == SOMEBODY for each in self.history)

    def did(self, who: int, what: str, level: int | None = None) -> bool:
        """Whether this was done to the record of which the report tells."""
        return any(
            (each.who, each.what, each.id) == (who, what, self.id) and level in (None, each.level)
            for each in self.history
        )

    @property
    def holds(self) -> list[tuple[int, int]]:
        return [(record.id, record.level) for record in self.now]


def faults_of(case: Case) -> list[str]:
    """What the model does not allow of this end of a row; none if all is well."""
    outcome = case.told.outcome
    if outcome not in ALLOWED[case.row.kind]:
        return [f"row {case.row.ref} cannot be {outcome}"]
    found = list(_extra(case)) + list(_CHECKS[outcome](case))
    if not case.is_meddled and outcome is not _plain(case):
        found.append(f"nobody else wrote to it, and it should be {_plain(case)}")
    return [f"row {case.row.ref}, told as {outcome} {case.id}: {what}; it holds {case.holds}" for what in found]


def _plain(case: Case) -> Outcome:
    """The only outcome where nobody else wrote to the record."""
    if case.row.ref == REFUSED and case.world.refuses:
        return Outcome.REFUSED
    return {Kind.NEW: Outcome.CREATED, Kind.CHANGED: Outcome.UPDATED, Kind.REMOVED: Outcome.REMOVED}[case.row.kind]


def _extra(case: Case) -> Iterator[str]:
    """Records that are doubled, or ours and not told."""
    ours = [record.id for record in case.now if record.maker == ME]
    removed = sum(each.what == "deletes" for each in case.history)
    if len(case.made) > 1 + removed:
        yield f"we made it more than once: {case.made}"
    if len(case.now) > 1 and ours and not case.differs:
        yield "it is there twice, and that is not told"
    if ours and case.id not in ours and not case.differs:
        yield f"{ours} is ours, and that is not told"


def _created(case: Case) -> Iterator[str]:
    if case.id not in case.made:
        yield f"we made {case.made}"
    yield from _stands(case)


def _updated(case: Case) -> Iterator[str]:
    # A record does not say who updated it: where our answer is lost, an equal update by another passes for ours.
    as_asked = (case.id, case.row.level) in case.asked and case.did(SOMEBODY, "sets", case.row.level)
    if not case.did(ME, "sets", case.row.level) and not as_asked:
        yield "we did not set that record to the row's level"
    yield from _stands(case)


def _stands(case: Case) -> Iterator[str]:
    """The record is there as it is told, or that it is not is told."""
    level = (case.told.after or {}).get("level", case.row.level)
    if (case.id, level) not in case.holds and not case.differs:
        yield "it is not as told, and that is not told"
    if not case.is_meddled and (case.differs or case.told.after):
        yield "it is told as changed since, and nobody changed it"


def _unchanged(case: Case) -> Iterator[str]:
    if case.row.kind is Kind.REMOVED:
        if any(record.id == case.row.id for record in case.now) and not case.did(SOMEBODY, "deletes"):
            yield "the record to remove is there"
        return
    if case.id in case.made:
        yield "we made it"
    seen = case.did(SOMEBODY, "makes", case.row.level) or case.did(SOMEBODY, "sets", case.row.level)
    if not seen:
        yield "nobody else ever gave it the row's level"


def _conflict(case: Case) -> Iterator[str]:
    if not case.world.keeps:
        yield "the run does not keep what others changed"
    if not case.is_meddled:
        yield "nobody else wrote to it"
    if set(case.made) & {record.id for record in case.now} and not case.differs:
        yield f"we made {case.made}"


def _refused(case: Case) -> Iterator[str]:
    was_there = any(each.who == SOMEBODY and each.what == "makes" for each in case.history) and not case.now
    if not (case.world.refuses and case.row.ref == REFUSED) and not (was_there and not case.world.doubles):
        yield "nothing was wrong with it"
    if case.made:
        yield f"we made {case.made}"


def _removed(case: Case) -> Iterator[str]:
    if any(record.id == case.row.id for record in case.now):
        yield "the record is there"


_CHECKS = {
    Outcome.CREATED: _created,
    Outcome.UPDATED: _updated,
    Outcome.UNCHANGED: _unchanged,
    Outcome.CONFLICT: _conflict,
    Outcome.REFUSED: _refused,
    Outcome.REMOVED: _removed,
}


class Told(NamedTuple):
    """What a finished run says of each row, and of which rows its verification says that they differ by now."""

    results: Mapping[int, Result]
    differing: frozenset[int]


def names() -> list[str]:
    """Every way in which a row may end, as the transition that it is."""
    return [f"a {kind} row ends as {outcome}" for kind, outcomes in ALLOWED.items() for outcome in outcomes]


def names_of(results: Mapping[int, Result]) -> list[str]:
    """How the rows ended."""
    return [f"a {row.kind} row ends as {results[row.ref].outcome}" for row in ROWS if row.ref in results]


def faults(
    told: Told,
    account: Account,
    moments: Sequence[Mapping[int, Sequence[Record]]],
    world: World,
) -> list[str]:
    """What is not allowed of a finished run. `moments` are what the account held when it was read for the verification
    and at the end: a row must be true of one of them.
    """
    if told.results.keys() != {row.ref for row in ROWS}:
        return [f"rows with an outcome: {sorted(told.results)}"]
    found: list[str] = []
    for row in ROWS:
        done = [each for each in account.history if each.key == row.key]
        cases = [
            Case(row, told.results[row.ref], row.ref in told.differing, done, now[row.key], account.asked, world)
            for now in moments
        ]
        wrong = [faults_of(case) for case in cases]
        if all(wrong):
            found += wrong[-1]
    return found
