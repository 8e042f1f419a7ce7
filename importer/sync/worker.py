"""Does one task in any thread: sends it, reads the answer, and says what is left to do. Keeps no list of its own.

A write that may have happened is looked for, a few times until a late commit would have landed, and is sent again
only when it is certainly absent.
"""

import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from importer.audit_events import AuditEvent
from importer.endpoints.declare import Endpoint
from importer.errors import ImporterError
from importer.kantata.bulk_answers import Verdict, WriteResult, read_write_result
from importer.kantata.client import Client, exception_for
from importer.kantata.enum_casing import EnumCasing
from importer.kantata.existing_records import RecordQuery, read_existing
from importer.kantata.provenance import Provenance
from importer.kantata.responses import Record, Refusal
from importer.kantata.transport import Response
from importer.messages import about_runs
from importer.model import Action, Change, Key, Outcome, Problem, Result
from importer.sync.culprit_search import CulpritSearch
from importer.sync.reconcile import Held, Reconciler, WritePolicy, refusal_result
from importer.sync.task import Suspect, Task, TaskResult

_LOOKS = (0.0, 0.04, 0.12, 0.3, 0.6, 1.0)
"""When a write in doubt is looked for, in shares of the time that a late commit is waited for."""


_MOST_TRIES = 5
"""How often a request is sent whose answer is lost each time."""


class Worker:
    """Does tasks, several at a time in as many threads."""

    def __init__(
        self, endpoint: Endpoint, client: Client, terms: WritePolicy, ownership: Provenance, spelling: EnumCasing
    ) -> None:
        self._endpoint = endpoint
        self._client = client
        self._terms = terms
        self._ownership = ownership
        self._spelling = spelling
        self._suspicion = CulpritSearch()
        self._finder = Reconciler(endpoint, terms)

    def do(self, task: Task) -> TaskResult:
        """Send the task's request, or look for what became of it."""
        if not task.sends:
            return self._look(task)
        if task.action is Action.CREATE:
            return self._create(task)
        return self._change_one(task)

    # ---- creating

    def _create(self, task: Task) -> TaskResult:
        repeated, task = task.tried_at is not None, _tried(task)
        lower = self._spelling.lower
        bodies = [self._spelling.write(change.fields, lower=lower) for change in task.changes]
        answer = self._client.create(self._endpoint, bodies)
        written = read_write_result(self._endpoint, answer)
        if written.verdict is Verdict.DONE:
            self._spelling.accept()
            done = self._created(task, written)
        elif written.verdict is Verdict.REFUSED:
            done = self._create_refused(task, written, lower=lower, repeated=repeated)
        else:
            done = self._undone(task, answer, written)
        return _answered(done, written, answer)

    def _created(self, task: Task, written: WriteResult) -> TaskResult:
        """Each change with its record. What the answer does not show is read back; what is not there is in doubt."""
        records: dict[Key, Sequence[Record]] = {key: (record,) for key, record in written.records.items()}
        ours = self._ownership.ours_in_answer(list(written.records.values()), _since(task))
        missing = [change for change in task.changes if change.key not in records]
        if missing:
            back = self._read_back(missing) or {}
            records |= back
            ours |= self._ownership.ours((record for some in back.values() for record in some), _since(task))
        done = self._finder.adopt(task.changes, records, ours)
        left = tuple([change for change in task.changes if change.key not in records])
        if left:
            # An answer that shows all that was written leaves no doubt: these were left out, and are sent to hear why.
            alone = Task(left)
            done += TaskResult(
                tasks=(alone if written.shows_all else replace(_in_doubt(task), changes=left, others=()),)
            )
        self._suspicion.accepted(probe=task.is_probe)
        if task.on_trial:
            self._suspicion.acquit()
        if task.suspects:
            self._suspicion.convict()
            done += TaskResult({change.ref: refusal_result(change, words) for change, words in task.suspects})
        if task.others:
            # This half was accepted and the whole was not: the other half is to blame, and is not sent as a whole.
            done += TaskResult(
                tasks=(_halved(task.others) if not left and len(task.others) > 1 else Task(task.others),)
            )
        return done

    def _create_refused(self, task: Task, written: WriteResult, *, lower: bool, repeated: bool) -> TaskResult:
        """A batch that was not accepted. Parts of it may be written: it is read back before anything is sent."""
        held = self._read_back(task.changes)
        if held is None:
            return TaskResult(tasks=(_in_doubt(task),))
        records = {**held, **{key: (record,) for key, record in written.records.items()}}
        first = self._ownership.left_by_refused(records, len(task.changes), len(written.refusals))
        ours = first if first is not None and not repeated else None
        if ours is None:
            ours = self._ownership.ours((record for some in records.values() for record in some), _since(task))
        found = self._finder.adopt(task.changes, records, ours)
        left = tuple(change for change in task.changes if change.key not in records)
        if left and self._spelling.is_worth_another_try(written.refusals, lower=lower):
            return found + TaskResult(tasks=(task.only(left),))
        blamed = self._suspicion.blame(task, left, written.refusals)
        if blamed is not None:
            return found + self._set_aside(task, left, blamed)
        if len(left) == 1:
            return found + self._single_refused(task, left[0], written.refusals)
        halves = (_halved(left),) if left else ()
        return found + TaskResult(tasks=(*_waiting(task.others), *halves, *_retried(task.suspects)))

    def _set_aside(self, task: Task, left: tuple[Change, ...], blamed: Sequence[Suspect]) -> TaskResult:
        """The rows that the errors point to go aside, and the rest is sent: if it is accepted, they were to blame."""
        rows = {change.ref for change, _ in blamed}
        rest = tuple(change for change in left if change.ref not in rows)
        if not rest or self._suspicion.is_proven:
            out = {change.ref: refusal_result(change, words) for change, words in (*blamed, *task.suspects)}
            return TaskResult(out, (*_waiting(task.others), *_waiting(rest)))
        if task.suspects:
            # The rest was refused without the first suspects, too. Were they to blame at all? They are tried alone.
            trial = Task(tuple(change for change, _ in task.suspects), on_trial=True)
            return TaskResult(tasks=(trial, *_waiting(task.others), Task(left)))
        return TaskResult(tasks=(*_waiting(task.others), Task(rest, suspects=tuple(blamed))))

    def _single_refused(self, task: Task, change: Change, refusals: Sequence[Refusal]) -> TaskResult:
        tasks = (*_waiting(task.others), *_retried(task.suspects))
        return replace(self._alone(task, change, refusals), tasks=tasks)

    def _alone(self, task: Task, change: Change, refusals: Sequence[Refusal]) -> TaskResult:
        """A row that was refused by itself; after many of them, another one may tell whether it is the rows."""
        if task.stays is not None:
            return TaskResult()
        result = {change.ref: refusal_result(change, refusals)}
        if task.is_probe:
            return TaskResult(result, stop=self._suspicion.verdict(refusals[0]))
        return TaskResult(result, wants_probe=self._suspicion.is_not_the_row(refusals[0]))

    # ---- updating and removing

    def _change_one(self, task: Task) -> TaskResult:
        repeated, task = task.tried_at is not None, _tried(task)
        change = task.changes[0]
        if task.action is Action.UPDATE:
            answer = self._client.update(self._endpoint, str(change.record_id), self._finder.updated_fields(change))
        else:
            answer = self._client.delete(self._endpoint, str(change.record_id))
        written = read_write_result(self._endpoint, answer)
        if written.verdict is Verdict.DONE:
            self._suspicion.accepted(probe=task.is_probe)
            done = self._changed(task, written.records.get(change.key, {"id": change.record_id}))
        elif written.verdict is Verdict.REFUSED and answer.status == 404:
            done = self._gone(task, repeated=repeated)
        elif written.verdict is Verdict.REFUSED:
            done = self._alone(task, change, written.refusals)
        else:
            done = self._undone(task, answer, written)
        return _answered(done, written, answer)

    def _changed(self, task: Task, record: Record) -> TaskResult:
        """What a row comes to by an update or a removal that was done."""
        change = task.changes[0]
        if task.stays is not None:
            return self._finder.took_back(change, task.stays, self._ownership.ours([task.stays], _since(task)))
        return TaskResult({change.ref: self._finder.changed(change, record)})

    def _gone(self, task: Task, *, repeated: bool) -> TaskResult:
        """The record is not there under its id. Removed is removed; what was to be updated is written anew."""
        change = task.changes[0]
        if task.stays is not None:
            return self._changed(task, task.stays)
        if change.action is Action.REMOVE:
            outcome = Outcome.REMOVED if repeated else Outcome.UNCHANGED
            return TaskResult({change.ref: Result(outcome, change.record_id, before=change.before)})
        held = self._read_back([change])
        if held is None:
            return TaskResult(tasks=(_in_doubt(task),))
        return self._finder.gone(change, held)

    # ---- in doubt

    def _undone(self, task: Task, answer: Response, written: WriteResult) -> TaskResult:
        """A request that was not answered, or not let through: it may have happened, or certainly did not."""
        if written.verdict is Verdict.IN_DOUBT:
            why = answer.fault or f"Kantata answered {answer.status}"
            rows = "1 row" if len(task.changes) == 1 else f"{len(task.changes):,} rows"
            said = f"{rows} may have reached Kantata ({why}). We are looking in the account."
            return TaskResult(tasks=(_in_doubt(task),), wait=said)
        stop = exception_for(answer, self._client.base_url)
        return TaskResult({row: Result(Outcome.NOT_SENT) for row in task.every_ref}, stop=stop)

    def _look(self, task: Task) -> TaskResult:
        sys.audit(AuditEvent.BEFORE_LOOK)
        done = self._settle(task)
        sys.audit(AuditEvent.AFTER_LOOK)
        return done

    def _settle(self, task: Task) -> TaskResult:
        """Look for what an earlier request did; when a late commit would have landed, what is absent is not coming."""
        is_last = time.time() >= (task.lost_at or 0.0) + self._terms.settle_wait_s
        held = self._read_back(task.changes)
        if held is None:
            return self._still_unknown(task) if is_last else TaskResult(tasks=(self._later(task),))
        found = self._found(task, held)
        known = {*found.results, *(row for each in found.tasks for row in each.refs)}
        left = tuple(change for change in task.changes if change.ref not in known)
        if left and not is_last:
            return found + TaskResult(tasks=(self._later(task.only(left)),))
        if left and task.tries >= _MOST_TRIES:
            return found + self._given_up(task.only(left))
        again = (replace(task, changes=left, lost_at=None, others=(), suspects=()),) if left else ()
        return found + TaskResult(tasks=(*again, *_waiting(task.others), *_retried(task.suspects)))

    def _found(self, task: Task, held: Held) -> TaskResult:
        """The changes of a task in doubt that turn out to be done."""
        if task.action is Action.CREATE:
            ours = self._ownership.ours((record for some in held.values() for record in some), _since(task))
            return self._finder.adopt(task.changes, held, ours)
        change = task.changes[0]
        there = next((record for record in held.get(change.key, ()) if str(record["id"]) == change.record_id), None)
        if change.action is Action.REMOVE:
            return TaskResult() if there else self._changed(task, {"id": change.record_id})
        if there is None:
            return self._finder.gone(change, held)
        wanted = self._finder.updated_fields(change)
        done = all((there.get(name) or 0) == value for name, value in wanted.items())
        return self._changed(task, there) if done else TaskResult()

    def _later(self, task: Task) -> Task:
        """The same task, to be looked for once more after a while."""
        share = _LOOKS[min(task.looks + 1, len(_LOOKS) - 1)]
        not_before = (task.lost_at or 0.0) + share * self._terms.settle_wait_s
        return replace(task, looks=task.looks + 1, not_before=max(not_before, time.time() + 0.05))

    def _still_unknown(self, task: Task) -> TaskResult:
        unknown = Problem.of(about_runs.may_have_arrived())
        looked = set(task.refs)
        results = {
            row: Result(Outcome.UNKNOWN, problems=(unknown,)) if row in looked else Result(Outcome.NOT_SENT)
            for row in task.every_ref
        }
        return TaskResult(results, stop=about_runs.could_not_read_back(self._client.base_url))

    def _given_up(self, task: Task) -> TaskResult:
        """The rows of a request that was never answered, and certainly did nothing: the server has lasting trouble."""
        stop = about_runs.left_unanswered(self._client.base_url, task.tries)
        return TaskResult({row: Result(Outcome.NOT_SENT) for row in task.every_ref}, stop=stop)

    def _read_back(self, changes: Iterable[Change]) -> Held | None:
        """The records that now stand under the keys of these changes; None if the account could not be read."""
        sys.audit(AuditEvent.BEFORE_READ_BACK)
        try:
            return read_existing(self._client, RecordQuery(self._endpoint, [change.key for change in changes]))
        except ImporterError:
            return None


def _tried(task: Task) -> Task:
    """The task as its request leaves."""
    return replace(task, tried_at=time.time()) if task.tried_at is None else task


def _since(task: Task) -> float:
    return task.tried_at or 0.0


def _in_doubt(task: Task) -> Task:
    """The task as its answer is lost."""
    return replace(task, lost_at=time.time(), tries=task.tries + 1, looks=0, not_before=0.0)


def _answered(done: TaskResult, written: WriteResult, answer: Response) -> TaskResult:
    sys.audit(AuditEvent.AFTER_VERDICT, written.verdict)
    return replace(done, verdict=written.verdict, status=answer.status, request_id=answer.request_id)


def _halved(changes: tuple[Change, ...]) -> Task:
    """The first half, to be sent before the second."""
    half = len(changes) // 2
    return Task(changes[:half], others=changes[half:])


def _waiting(changes: tuple[Change, ...]) -> tuple[Task, ...]:
    return (Task(changes),) if changes else ()


def _retried(suspects: Sequence[Suspect]) -> tuple[Task, ...]:
    return _waiting(tuple(change for change, _ in suspects))
