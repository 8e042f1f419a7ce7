"""Does one task, in any thread: sends it, reads the answer, returns what is left to do. Keeps no list of tasks.

If a write may have happened, we read the account, several times, for as long as a late commit can take. We send it
again only when it certainly did not happen.
"""

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from importer.audit_events import AuditEvent
from importer.endpoints.declare import Endpoint
from importer.errors import ImporterError
from importer.kantata.bulk_answers import Verdict, WriteResult, read_write_result
from importer.kantata.client import Client, exception_for
from importer.kantata.enum_casing import EnumCasing
from importer.kantata.existing_records import ExistingRecords, RecordQuery, read_existing
from importer.kantata.provenance import Provenance
from importer.kantata.record_forms import form_of
from importer.kantata.responses import Record, Refusal, find_by_id
from importer.kantata.transport import Response
from importer.messages import about_migrations, about_runs
from importer.model import Action, Change, Key, Outcome, Problem, Result
from importer.sync.culprit_search import CulpritSearch
from importer.sync.looks import times_of_looks
from importer.sync.reconcile import Reconciler, WritePolicy, not_sent, refusal_result
from importer.sync.task import Suspect, Task, TaskResult
from importer.text import count_of

_MOST_TRIES = 5
"""How often we send a request whose answer is lost each time."""


class Worker:
    """Does tasks. Several threads may call it at a time."""

    def __init__(
        self, endpoint: Endpoint, client: Client, policy: WritePolicy, provenance: Provenance, enum_casing: EnumCasing
    ) -> None:
        self._endpoint = endpoint
        self._client = client
        self._policy = policy
        self._provenance = provenance
        self._enum_casing = enum_casing
        self._culprits = CulpritSearch()
        self._reconciler = Reconciler(endpoint, policy)
        self._form = form_of(client, endpoint)

    def do(self, task: Task) -> TaskResult:
        """Send the request of the task; if its answer was lost before, read the account first."""
        if not task.sends:
            return self._look_up(task)
        if task.action is Action.CREATE:
            return self._create(task)
        return self._change_one(task)

    # ---- creating

    def _create(self, task: Task) -> TaskResult:
        repeated, task = task.tried_at is not None, _with_first_try(task)
        lower = self._enum_casing.lower
        try:
            records = map(self._endpoint.whole, task.changes)
            bodies = [self._form.sent(self._enum_casing.write(record, lower=lower)) for record in records]
        except ImporterError as error:
            return TaskResult({ref: Result(Outcome.NOT_SENT) for ref in task.all_refs}, stop=error)
        known = [body for body in bodies if body is not None]
        if len(known) < len(bodies):
            return self._without_what_they_name(task, bodies)
        answer = self._client.create(self._endpoint, known)
        written = read_write_result(self._endpoint, answer, self._form)
        if written.verdict is Verdict.DONE:
            self._enum_casing.accept()
            done = self._create_done(task, written)
        elif written.verdict is Verdict.REFUSED:
            done = self._create_refused(task, written, lower=lower, repeated=repeated)
        else:
            done = self._not_confirmed(task, answer, written)
        return _with_answer(done, written, answer)

    def _without_what_they_name(self, task: Task, bodies: Sequence[Mapping[str, Any] | None]) -> TaskResult:
        """The results of the rows that name a record which is not there, such as the place above; a task for others."""
        pairs = list(zip(task.changes, bodies, strict=True))
        results = {
            change.ref: not_sent(about_migrations.named_is_not_there(self._endpoint.above(change.key)))
            for change, body in pairs
            if body is None
        }
        left = tuple([change for change, body in pairs if body is not None])
        return TaskResult(results, tasks=(task.only(left),) if left else _waiting_tasks(task))

    def _create_done(self, task: Task, written: WriteResult) -> TaskResult:
        """The results of an accepted batch. We read back the records that the answer does not show."""
        records: dict[Key, Sequence[Record]] = {key: (record,) for key, record in written.records.items()}
        missing = [change for change in task.changes if change.key not in records]
        existing = (self._read_back(missing) or {}) if missing else {}
        self._provenance.learn(chain.from_iterable(existing.values()), _first_try_at(task))
        own_ids = self._provenance.own_ids_in_answer(list(written.records.values()), _first_try_at(task))
        if missing:
            made = self._own_ids(task, existing)
            records |= existing if written.shows_all else _those_with(made, existing)
            own_ids |= made
        done = self._reconciler.adopt(task.changes, records, own_ids)
        left = tuple([change for change in task.changes if change.key not in records])
        if left:
            # If the answer shows all that was written, these were left out: sent again, they show why.
            in_doubt = replace(_with_lost_answer(task), changes=left, other_half=())
            done += TaskResult(tasks=(Task(left) if written.shows_all else in_doubt,))
        self._culprits.note_acceptance(probe=task.is_probe)
        if task.on_trial:
            self._culprits.acquit()
        if task.suspects:
            self._culprits.convict()
            done += TaskResult({change.ref: refusal_result(change, words) for change, words in task.suspects})
        if task.other_half:
            # The batch was refused and this half accepted, so the other half has the culprit: it is split at once.
            splits = not left and len(task.other_half) > 1
            done += TaskResult(tasks=(_first_half(task.other_half) if splits else Task(task.other_half),))
        return done

    def _create_refused(self, task: Task, written: WriteResult, *, lower: bool, repeated: bool) -> TaskResult:
        """The results of a refused batch. Kantata may have written parts of it, so we read it back first."""
        existing = self._read_back(task.changes)
        if existing is None:  # also for a run that is resumed: the rows that were made must be looked for
            return TaskResult(tasks=(_with_lost_answer(task),), verdict=Verdict.IN_DOUBT)
        records = {**existing, **{key: (record,) for key, record in written.records.items()}}
        keys_refused = _keys_refused(task, written.refusals)
        own_ids = self._provenance.own_ids_after_refusal(
            records, len(task.changes), len(written.refusals), keys_refused
        )
        if own_ids is None or repeated:
            own_ids = self._own_ids(task, records)
        confirmed = self._reconciler.adopt(task.changes, records, own_ids)
        left = tuple(change for change in task.changes if change.key not in records)
        if left and self._enum_casing.is_worth_another_try(written.refusals, lower=lower):
            return confirmed + TaskResult(tasks=(task.only(left),))
        if left and _is_unread(task, written):
            return confirmed + TaskResult(tasks=(replace(task, changes=left, tries=1),))
        blamed = self._culprits.blame(task, left, written.refusals)
        if blamed is not None:
            return confirmed + self._set_aside(task, left, blamed)
        if left and len(task.changes) == 1:
            refused = self._refused_alone(task, left[0], written.refusals)
            return confirmed + replace(refused, tasks=_waiting_tasks(task))
        # One that is left of several is sent alone: the refusal may be of those that were there already.
        halves = (_first_half(left),) if len(left) > 1 else _tasks_of(left)
        return confirmed + TaskResult(tasks=(*_tasks_of(task.other_half), *halves, *_retry(task.suspects)))

    def _set_aside(self, task: Task, left: tuple[Change, ...], blamed: Sequence[Suspect]) -> TaskResult:
        """Send the batch without the rows that errors point to: if it is accepted, those rows were to blame."""
        rows = {change.ref for change, _ in blamed}
        rest = tuple(change for change in left if change.ref not in rows)
        if not rest or self._culprits.is_proven:
            out = {change.ref: refusal_result(change, words) for change, words in (*blamed, *task.suspects)}
            return TaskResult(out, (*_tasks_of(task.other_half), *_tasks_of(rest)))
        if task.suspects:
            # The batch was refused without the first suspects, too, so perhaps they are fine: they are sent alone.
            trial = Task(tuple(change for change, _ in task.suspects), on_trial=True)
            return TaskResult(tasks=(trial, *_tasks_of(task.other_half), Task(left)))
        return TaskResult(tasks=(*_tasks_of(task.other_half), Task(rest, suspects=tuple(blamed))))

    def _refused_alone(self, task: Task, change: Change, refusals: Sequence[Refusal]) -> TaskResult:
        """The result of a row that Kantata refused by itself; after many of these we send another row as a probe."""
        if task.survivor is not None:
            return TaskResult()
        result = {change.ref: refusal_result(change, refusals)}
        if task.is_probe:
            return TaskResult(result, stop=self._culprits.verdict(refusals[0]))
        return TaskResult(result, wants_probe=self._culprits.is_not_the_row(refusals[0]))

    # ---- updating and removing

    def _change_one(self, task: Task) -> TaskResult:
        repeated, task = task.tried_at is not None, _with_first_try(task)
        change = task.changes[0]
        if task.action is Action.UPDATE:
            answer = self._client.update(self._endpoint, str(change.record_id), self._update_body(change))
        else:
            answer = self._client.delete(self._endpoint, str(change.record_id))
        written = read_write_result(self._endpoint, answer, self._form)
        if written.verdict is Verdict.DONE:
            self._culprits.note_acceptance(probe=task.is_probe)
            done = self._change_done(task, written.records.get(change.key, {"id": change.record_id}))
        elif written.verdict is Verdict.REFUSED and answer.status == 404:
            done = self._missing(task, repeated=repeated)
        elif written.verdict is Verdict.REFUSED and _is_unread(task, written):
            done = TaskResult(tasks=(replace(task, tries=1),))
        elif written.verdict is Verdict.REFUSED:
            done = self._refused_alone(task, change, written.refusals)
        else:
            done = self._not_confirmed(task, answer, written)
        return _with_answer(done, written, answer)

    def _update_body(self, change: Change) -> Mapping[str, Any]:
        fields = self._reconciler.updated_fields(change)
        if self._endpoint.are_things:  # the API asks for the name of a group in every update
            fields = {**self._endpoint.key_fields(change.key), **fields}
        return self._form.sent(fields) or {}

    def _change_done(self, task: Task, record: Record) -> TaskResult:
        """The result of an update or a removal that was made."""
        change = task.changes[0]
        if task.survivor is not None:
            # Our duplicate is removed; the row asked for a record of this key, and the other one counts.
            change = change._replace(action=Action.CREATE)
            existing = {change.key: [task.survivor]}
            return self._reconciler.adopt([change], existing, self._own_ids(task, existing))
        return TaskResult({change.ref: self._reconciler.result_of_change(change, record)})

    def _missing(self, task: Task, *, repeated: bool) -> TaskResult:
        """The result where no record has this id: a removal has nothing to do, an update creates the record anew."""
        change = task.changes[0]
        if task.survivor is not None:
            return self._change_done(task, task.survivor)
        if change.action is Action.REMOVE:
            outcome = Outcome.REMOVED if repeated else Outcome.UNCHANGED
            return TaskResult({change.ref: Result(outcome, change.record_id, before=change.before)})
        existing = self._read_back([change])
        if existing is None:
            return TaskResult(tasks=(_with_lost_answer(task),))
        return self._reconciler.reconcile_missing(change, existing)

    # ---- in doubt

    def _not_confirmed(self, task: Task, answer: Response, written: WriteResult) -> TaskResult:
        """What follows from a request without a usable answer: either it may have happened, or it did not."""
        if written.verdict is Verdict.IN_DOUBT:
            why = answer.fault or f"Kantata answered {answer.status}"
            rows = count_of(len(task.changes), "row")
            sentence = f"{rows} may have reached Kantata ({why}). We are looking in the account."
            return TaskResult(tasks=(_with_lost_answer(task),), wait=sentence)
        stop = exception_for(answer, self._client.base_url)
        return TaskResult({row: Result(Outcome.NOT_SENT) for row in task.all_refs}, stop=stop)

    def _look_up(self, task: Task) -> TaskResult:
        sys.audit(AuditEvent.BEFORE_LOOK)
        done = self._resolve_doubt(task)
        sys.audit(AuditEvent.AFTER_LOOK)
        return done

    def _resolve_doubt(self, task: Task) -> TaskResult:
        """Read the account to learn whether the task's write happened; once no late commit can come, it did not."""
        is_last = time.time() >= (task.lost_at or 0.0) + self._policy.settle_wait_s
        existing = self._read_back(task.changes)
        if existing is None:
            return self._unknown(task) if is_last else TaskResult(tasks=(self._postpone(task),))
        confirmed = self._confirmed(task, existing, is_last=is_last)
        known = {*confirmed.results, *(row for each in confirmed.tasks for row in each.refs)}
        left = tuple(change for change in task.changes if change.ref not in known)
        if left and not is_last:
            return confirmed + TaskResult(tasks=(self._postpone(task.only(left)),))
        if left and task.survivor is None:  # before it is sent again
            changed = self._reconciler.changed_meanwhile(left, existing)
            confirmed += changed
            left = tuple(change for change in left if change.ref not in changed.results)
        if left and task.tries >= _MOST_TRIES:
            return confirmed + self._give_up(task.only(left))
        again = (replace(task, changes=left, lost_at=None, other_half=(), suspects=()),) if left else ()
        return confirmed + TaskResult(tasks=(*again, *_waiting_tasks(task)))

    def _confirmed(self, task: Task, existing: ExistingRecords, *, is_last: bool) -> TaskResult:
        """The results of the changes that did happen, as the account shows."""
        if task.action is Action.CREATE:
            own_ids = self._own_ids(task, existing)
            certain = existing if is_last else _those_with(own_ids, existing)
            return self._reconciler.adopt(task.changes, certain, own_ids)
        change = task.changes[0]
        there = find_by_id(existing.get(change.key, ()), change.record_id)
        if change.action is Action.REMOVE:
            return TaskResult() if there else self._change_done(task, {"id": change.record_id})
        if there is None:
            return self._reconciler.reconcile_missing(change, existing)
        current = self._endpoint.updates_of(there)
        is_done = all(current[name] == value for name, value in self._reconciler.updated_fields(change).items())
        return self._change_done(task, there) if is_done else TaskResult()

    def _postpone(self, task: Task) -> Task:
        """The task with the time at which to read the account again."""
        times = times_of_looks(self._policy.settle_wait_s)
        not_before = (task.lost_at or 0.0) + times[min(task.looks + 1, len(times) - 1)]
        return replace(task, looks=task.looks + 1, not_before=max(not_before, time.time() + 0.05))

    def _unknown(self, task: Task) -> TaskResult:
        """The results of a task whose write may have happened, where the account cannot be read."""
        unknown = Problem.of(about_runs.may_have_arrived())
        results = {ref: Result(Outcome.NOT_SENT) for ref in task.all_refs}
        results |= {ref: Result(Outcome.UNKNOWN, problems=(unknown,)) for ref in task.refs if ref in results}
        return TaskResult(results, stop=about_runs.could_not_read_back(self._client.base_url))

    def _give_up(self, task: Task) -> TaskResult:
        """The results of a task that certainly did nothing and was never answered: something is wrong on the server."""
        stop = about_runs.left_unanswered(self._client.base_url, task.tries)
        return TaskResult({row: Result(Outcome.NOT_SENT) for row in task.all_refs}, stop=stop)

    def _read_back(self, changes: Iterable[Change]) -> ExistingRecords | None:
        """The records that now have the keys of these changes; None if the account cannot be read."""
        sys.audit(AuditEvent.BEFORE_READ_BACK)
        try:
            return read_existing(self._client, RecordQuery(self._endpoint, [change.key for change in changes]))
        except ImporterError:
            return None

    def _own_ids(self, task: Task, existing: ExistingRecords) -> frozenset[str]:
        """The ids of the records that this task may have made."""
        return self._provenance.own_ids(chain.from_iterable(existing.values()), _first_try_at(task))


def _those_with(own_ids: frozenset[str], existing: ExistingRecords) -> ExistingRecords:
    """The keys of which one record is ours. Where only somebody else's is there, ours may still come beside it."""
    return {
        key: records for key, records in existing.items() if any(str(record["id"]) in own_ids for record in records)
    }


def _keys_refused(task: Task, refusals: Iterable[Refusal]) -> set[Key]:
    """The keys of the rows that the errors point to, where they do."""
    told = (each.index for each in refusals)
    return {task.changes[at].key for at in told if at is not None and 0 <= at < len(task.changes)}


def _is_unread(task: Task, written: WriteResult) -> bool:
    """Whether a refusal gives no reason, as one does that was cut off on its way: sent once more, it may."""
    return not task.tries and all(each.is_silent for each in written.refusals)


def _with_first_try(task: Task) -> Task:
    """The task as its request leaves now."""
    return replace(task, tried_at=time.time()) if task.tried_at is None else task


def _first_try_at(task: Task) -> float:
    return task.tried_at or 0.0


def _with_lost_answer(task: Task) -> Task:
    """The task after its answer was lost just now."""
    return replace(task, lost_at=time.time(), tries=task.tries + 1, looks=0, not_before=0.0)


def _with_answer(done: TaskResult, written: WriteResult, answer: Response) -> TaskResult:
    sys.audit(AuditEvent.AFTER_VERDICT, written.verdict)
    verdict = done.verdict or written.verdict
    return replace(done, verdict=verdict, status=answer.status, request_id=answer.request_id)


def _first_half(changes: tuple[Change, ...]) -> Task:
    """A task for the first half; the second half waits for it."""
    half = len(changes) // 2
    return Task(changes[:half], other_half=changes[half:])


def _waiting_tasks(task: Task) -> tuple[Task, ...]:
    """Tasks for the changes that waited for this one."""
    return (*_tasks_of(task.other_half), *_retry(task.suspects))


def _retry(suspects: Sequence[Suspect]) -> tuple[Task, ...]:
    return _tasks_of(tuple(change for change, _ in suspects))


def _tasks_of(changes: tuple[Change, ...]) -> tuple[Task, ...]:
    return (Task(changes),) if changes else ()
