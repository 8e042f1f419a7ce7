"""What records that stand in the account mean for changes: done by us, as wanted already, or to be changed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from importer.endpoints.declare import Endpoint
from importer.kantata.responses import Record, Refusal
from importer.messages import about_account, about_runs
from importer.model import Action, CellRef, Change, Key, Mode, Outcome, Problem, Result, Value
from importer.sync.task import Task, TaskResult
from importer.sync.undo import conflict_result

Held = Mapping[Key, Sequence[Record]]


@dataclass(frozen=True, slots=True)
class WritePolicy:
    """On what terms a run writes: what may be changed, how long a late commit is waited for, whether it undoes."""

    mode: Mode
    settle_wait_s: float
    undoes: bool = False


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Reads records for the changes of one endpoint, on the terms of one run."""

    endpoint: Endpoint
    terms: WritePolicy

    def adopt(self, changes: Sequence[Change], records: Held, ours: frozenset[str]) -> TaskResult:
        """Results for the changes whose record stands in the account; tasks for those that another person made.

        `ours` are the ids of the records that we made.
        """
        results: dict[CellRef, Result] = {}
        tasks: list[Task] = []
        for change in changes:
            there = records.get(change.key)
            if not there:
                continue
            mine = there[0] if str(there[0]["id"]) in ours else next((r for r in there if str(r["id"]) in ours), None)
            if mine is not None:
                results[change.ref] = self.made(Outcome.CREATED, change, mine)
            else:
                taken = self.taken(change, there[0])
                results |= taken.results
                tasks += taken.tasks
        return TaskResult(results, tuple(tasks))

    def taken(self, change: Change, record: Record) -> TaskResult:
        """A change whose record somebody else has made: it is as wanted, or is updated; an undo leaves it alone."""
        if self.terms.undoes:
            return TaskResult({change.ref: conflict_result(change, "it is there again")})
        before = {name: record.get(name) or 0 for name in self.endpoint.updates}
        differs = any(change.fields.get(name, value) != value for name, value in before.items())
        if not differs or self.terms.mode is Mode.ADD:
            return TaskResult({change.ref: Result(Outcome.UNCHANGED, str(record["id"]))})
        update = change._replace(action=Action.UPDATE, record_id=str(record["id"]), before=before)
        return TaskResult(tasks=(Task((update,), replanned=True),))

    def gone(self, change: Change, held: Held) -> TaskResult:
        """A record to be updated is not there: another of its key is taken, or it is created; an undo leaves it."""
        if self.terms.undoes:
            return TaskResult({change.ref: conflict_result(change, "it was removed")})
        records = held.get(change.key)
        if records:
            return self.taken(change, records[0])
        anew = change._replace(action=Action.CREATE, record_id=None, before=None)
        return TaskResult(tasks=(Task((anew,), replanned=True),))

    def took_back(self, change: Change, stays: Record, ours: frozenset[str]) -> TaskResult:
        """A change of which a record of ours was removed again, as it stood beside another: that one counts."""
        return self.adopt([change], {change.key: [stays]}, ours)

    def changed(self, change: Change, record: Record) -> Result:
        """The result of an update or a removal that was done."""
        if change.action is Action.REMOVE:
            return Result(Outcome.REMOVED, change.record_id, before=change.before)
        return self.made(Outcome.UPDATED, change, record)._replace(before=change.before)

    def made(self, outcome: Outcome, change: Change, record: Record) -> Result:
        """The result of a write that was done, with a word where Kantata keeps another value than it was sent."""
        fields = change.fields
        for name in self.endpoint.updates:
            if name in fields and record.get(name) not in (None, fields[name]):
                kept = Problem.of(about_runs.stored_otherwise(name, record[name], fields[name]), change.ref)
                return Result(outcome, str(record["id"]), (kept,), left={name: record[name]})
        return Result(outcome, str(record["id"]))

    def updated_fields(self, change: Change) -> dict[str, Value]:
        """What an update sends of a change."""
        return {name: change.fields[name] for name in self.endpoint.updates if name in change.fields}


def refusal_result(change: Change, refusals: Sequence[Refusal]) -> Result:
    """The result of a row that Kantata did not accept: its words, and our find_remedy."""
    problems = tuple(
        Problem.of(about_account.row_refused(words.message, words.field), change.ref) for words in refusals
    )
    return Result(Outcome.REFUSED, change.record_id, problems)
