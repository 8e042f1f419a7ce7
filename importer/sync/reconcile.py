"""What the records of the account mean for changes: made by us, already as the row asks, or still to change. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from importer.endpoints.declare import Endpoint
from importer.kantata.existing_records import ExistingRecords
from importer.kantata.responses import Record, Refusal, find_by_id
from importer.messages import about_account, about_runs
from importer.model import Action, CellRef, Change, Mode, Outcome, Problem, Result, Value
from importer.remedies import Message
from importer.sync.merge import values_of
from importer.sync.plan import replan
from importer.sync.task import Task, TaskResult
from importer.sync.undo import conflict_result


@dataclass(frozen=True, slots=True)
class WritePolicy:
    """How a run writes: its mode, how many seconds it waits for a late commit, and whether it keeps what somebody else
    has changed meanwhile, as an undo and the load of a compared sheet do.
    """

    mode: Mode
    settle_wait_s: float
    keeps_changes: bool = False
    since: str = "this run began"
    """For a person, the event since which such a change was made."""


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Compares the changes of one run with records read from the account."""

    endpoint: Endpoint
    policy: WritePolicy

    def adopt(self, changes: Sequence[Change], existing: ExistingRecords, own_ids: frozenset[str]) -> TaskResult:
        """Results or tasks for the creates whose record now exists; the other creates are left out.

        `own_ids` are the ids of the records that this run made. A record that somebody else made meanwhile is updated
        where it differs.
        """
        results: dict[CellRef, Result] = {}
        tasks: list[Task] = []
        for change in changes:
            records = existing.get(change.key)
            if not records:
                continue
            own = next((record for record in records if str(record["id"]) in own_ids), None)
            if own is not None:
                results[change.ref] = self.result_of_write(Outcome.CREATED, change, own)
            else:
                compared = self._compare_again(change, existing, "it is there again")
                results |= compared.results
                tasks += compared.tasks
        return TaskResult(results, tuple(tasks))

    def reconcile_missing(self, change: Change, existing: ExistingRecords) -> TaskResult:
        """A result or a task for an update whose record is gone: use another record of its key, or create one."""
        return self._compare_again(change, existing, "it was removed")

    def _compare_again(self, change: Change, existing: ExistingRecords, conflict: str) -> TaskResult:
        """What the change asks of the account as it is now."""
        if self.policy.keeps_changes:
            now = values_of(self.endpoint, existing.get(change.key, ()))
            return TaskResult({change.ref: conflict_result(change, conflict, now, self.policy.since)})
        decision = replan(self.endpoint, change, existing, self.policy.mode)
        if isinstance(decision, Result):
            return TaskResult({change.ref: decision})
        return TaskResult(tasks=(Task((decision,), is_replanned=True),))

    def changed_meanwhile(self, changes: Sequence[Change], existing: ExistingRecords) -> TaskResult:
        """Conflicts for the updates and removals whose record somebody has changed, where that is to be kept."""
        results: dict[CellRef, Result] = {}
        for change in changes if self.policy.keeps_changes else ():
            there = find_by_id(existing.get(change.key, ()), change.record_id)
            now = None if there is None else self.endpoint.updates_of(there)
            if (
                change.action is not Action.CREATE
                and now is not None
                and now != self.endpoint.updates_of(change.before or {})
            ):
                words = ", ".join(f"{name} is {value} now" for name, value in now.items())
                results[change.ref] = conflict_result(change, words, now, self.policy.since)
        return TaskResult(results)

    def result_of_change(self, change: Change, record: Record) -> Result:
        """The result of an update or a removal that Kantata accepted."""
        if change.action is Action.REMOVE:
            return Result(Outcome.REMOVED, change.record_id, before=change.before)
        return self.result_of_write(Outcome.UPDATED, change, record)._replace(before=change.before)

    def result_of_write(self, outcome: Outcome, change: Change, record: Record) -> Result:
        """The result of a create or an update, with a problem where Kantata stored another value than we sent."""
        fields = change.fields
        for name in self.endpoint.updates:
            if name in fields and record.get(name) not in (None, fields[name]):
                differs = Problem.of(about_runs.stored_otherwise(name, record[name], fields[name]), change.ref)
                return Result(outcome, str(record["id"]), (differs,), after={name: record[name]})
        return Result(outcome, str(record["id"]))

    def updated_fields(self, change: Change) -> dict[str, Value]:
        """The fields that an update sends."""
        return {name: change.fields[name] for name in self.endpoint.updates if name in change.fields}


def not_sent(message: Message, record_id: str | None = None) -> Result:
    """The result of a row that is not sent, for this reason."""
    return Result(Outcome.NOT_SENT, record_id, (Problem.of(message),))


def refusal_result(change: Change, refusals: Sequence[Refusal]) -> Result:
    """The result of a row that Kantata refused: its words, and our remedy."""
    problems = tuple(
        Problem.of(about_account.row_refused(words.message, words.field), change.ref) for words in refusals
    )
    return Result(Outcome.REFUSED, change.record_id, problems)
