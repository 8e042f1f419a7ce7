"""Does one task in any thread: sends it, reads the answer, and says what is left to do. Keeps no list of its own.

A write that may have happened is looked for, a few times until a late commit would have landed, and is sent again
only when it is certainly absent.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from importer.endpoints.declare import Endpoint
from importer.errors import ImporterError, Unreachable
from importer.kantata.bulk import Verdict, Written, read_written
from importer.kantata.client import Client, exception_for
from importer.kantata.envelope import Record, Refusal
from importer.kantata.held import read_held
from importer.kantata.http import Answer
from importer.kantata.ownership import Ownership
from importer.kantata.remedies import remedy
from importer.kantata.spelling import Spelling
from importer.model import Action, Change, Key, Mode, Outcome, Problem, Result
from importer.run.suspicion import Suspicion
from importer.run.task import Done, Suspect, Task

_LOOKS = (0.0, 0.04, 0.12, 0.3, 0.6, 1.0)
"""When a write in doubt is looked for, in shares of the time that a late commit is waited for."""

Held = Mapping[Key, Sequence[Record]]


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a run writes: what may be changed, and how long a late commit is waited for."""

    mode: Mode
    settle_wait_s: float


class Worker:
    """Does tasks, several at a time in as many threads."""

    def __init__(
        self, endpoint: Endpoint, client: Client, terms: Terms, ownership: Ownership, spelling: Spelling
    ) -> None:
        self._endpoint = endpoint
        self._client = client
        self._terms = terms
        self._ownership = ownership
        self._spelling = spelling
        self._suspicion = Suspicion()

    def do(self, task: Task) -> Done:
        """Send the task's request, or look for what became of it."""
        if not task.sends:
            return self._settle(task)
        if task.action is Action.CREATE:
            return self._create(task)
        return self._change_one(task)

    # ---- creating

    def _create(self, task: Task) -> Done:
        sent_at = time.time()
        lower = self._spelling.lower
        bodies = [self._spelling.write(change.fields, lower=lower) for change in task.changes]
        answer = self._client.create(self._endpoint, bodies)
        written = read_written(self._endpoint, answer)
        if written.verdict is Verdict.DONE:
            self._spelling.accept()
            done = self._created(task, written, sent_at)
        elif written.verdict is Verdict.REFUSED:
            done = self._create_refused(task, written, sent_at, lower=lower)
        else:
            done = self._undone(task, answer, written, sent_at)
        return _answered(done, written, answer)

    def _created(self, task: Task, written: Written, sent_at: float) -> Done:
        """Each change with its record. What the answer does not show is read back; what is not there is in doubt."""
        records: dict[Key, Sequence[Record]] = {key: (record,) for key, record in written.records.items()}
        missing = [change for change in task.changes if change.key not in records]
        if missing:
            records |= self._read_back(missing) or {}
        ours = self._ownership.answered(list(written.records.values()), sent_at)
        results, tasks = self._adopt(task.changes, records, sent_at, ours)
        left = tuple(change for change in task.changes if change.key not in records)
        if left:
            tasks.append(Task(left, in_doubt_since=sent_at, not_before=time.time()))
        self._suspicion.accepted()
        if task.on_trial:
            self._suspicion.acquit()
        if task.suspects:
            self._suspicion.convict()
            results |= {change.row: _refused(change, words) for change, words in task.suspects}
        if task.others:
            # This half was accepted and the whole was not: the other half is to blame, and is not sent as a whole.
            tasks.append(_halved(task.others) if not left and len(task.others) > 1 else Task(task.others))
        return Done(results, tuple(tasks))

    def _create_refused(self, task: Task, written: Written, sent_at: float, *, lower: bool) -> Done:
        """A batch that was not accepted. Parts of it may be written: it is read back before anything is sent."""
        held = self._read_back(task.changes)
        if held is None:
            return Done(tasks=(replace(task, in_doubt_since=sent_at, not_before=time.time()),))
        records = {**held, **{key: (record,) for key, record in written.records.items()}}
        ours = self._ownership.left_behind(records, len(task.changes), len(written.refusals))
        results, tasks = self._adopt(task.changes, records, sent_at, ours)
        left = tuple(change for change in task.changes if change.key not in records)
        if left and self._spelling.is_worth_another_try(written.refusals, lower=lower):
            return Done(results, (*tasks, task.only(left)))
        blamed = self._suspicion.blame(task, left, written.refusals)
        if blamed is not None:
            done = self._set_aside(task, left, blamed)
        elif len(left) == 1:
            done = self._single_refused(task, left[0], written.refusals)
        else:
            done = Done(tasks=(*(Task(some) for some in (task.others,) if some), *([_halved(left)] if left else ())))
            done = replace(done, tasks=(*done.tasks, *_retried(task.suspects)))
        return replace(done, results={**results, **done.results}, tasks=(*tasks, *done.tasks))

    def _set_aside(self, task: Task, left: tuple[Change, ...], blamed: Sequence[Suspect]) -> Done:
        """The rows that the errors point to go aside, and the rest is sent: if it is accepted, they were to blame."""
        rows = {change.row for change, _ in blamed}
        rest = tuple(change for change in left if change.row not in rows)
        waiting = tuple(Task(some) for some in (task.others,) if some)
        if not rest or self._suspicion.is_proven:
            refused = {change.row: _refused(change, words) for change, words in (*blamed, *task.suspects)}
            return Done(refused, (*waiting, *((Task(rest),) if rest else ())))
        if task.suspects:
            # The rest was refused without the first suspects, too. Were they to blame at all? They are tried alone.
            trial = Task(tuple(change for change, _ in task.suspects), on_trial=True)
            return Done(tasks=(trial, *waiting, Task(left)))
        return Done(tasks=(*waiting, Task(rest, suspects=tuple(blamed))))

    def _single_refused(self, task: Task, change: Change, refusals: Sequence[Refusal]) -> Done:
        stop = self._suspicion.refused_alone(refusals[0])
        tasks = (*(Task(some) for some in (task.others,) if some), *_retried(task.suspects))
        return Done({change.row: _refused(change, refusals)}, tasks, stop)

    # ---- updating and removing

    def _change_one(self, task: Task) -> Done:
        change, sent_at = task.changes[0], time.time()
        if task.action is Action.UPDATE:
            answer = self._client.update(self._endpoint, str(change.record_id), self._updated_fields(change))
        else:
            answer = self._client.delete(self._endpoint, str(change.record_id))
        written = read_written(self._endpoint, answer)
        if written.verdict is Verdict.DONE:
            self._suspicion.accepted()
            record = written.records.get(change.key, {"id": change.record_id})
            done = Done({change.row: self._changed(change, record)})
        elif written.verdict is Verdict.REFUSED and answer.status == 404:
            done = self._gone(task, sent_at)
        elif written.verdict is Verdict.REFUSED:
            done = Done({change.row: _refused(change, written.refusals)})
        else:
            done = self._undone(task, answer, written, sent_at)
        return _answered(done, written, answer)

    def _gone(self, task: Task, sent_at: float) -> Done:
        """The record is not there under its id. Removed is removed; what was to be updated is written anew."""
        change = task.changes[0]
        if change.action is Action.REMOVE:
            outcome = Outcome.REMOVED if task.repeated else Outcome.UNCHANGED
            return Done({change.row: Result(outcome, change.record_id, before=change.before)})
        held = self._read_back([change])
        if held is None:
            return Done(tasks=(replace(task, in_doubt_since=sent_at, not_before=time.time()),))
        return self._written_anew(change, held)

    def _written_anew(self, change: Change, held: Held) -> Done:
        """A record to be updated has vanished: another of its key is taken, or it is created."""
        records = held.get(change.key)
        if not records:
            anew = change._replace(action=Action.CREATE, record_id=None, before=None)
            return Done(tasks=(Task((anew,), replanned=True),))
        return self._taken(change, records[0])

    # ---- in doubt

    def _undone(self, task: Task, answer: Answer, written: Written, sent_at: float) -> Done:
        """A request that was not answered, or not let through: it may have happened, or certainly did not."""
        if written.verdict is Verdict.IN_DOUBT:
            why = answer.fault or f"Kantata answered {answer.status}"
            look = replace(task, in_doubt_since=sent_at, not_before=time.time())
            return Done(tasks=(look,), wait=f"{len(task.changes):,} rows may have reached Kantata ({why}); looking.")
        stop = exception_for(answer, self._client.base_url)
        return Done({row: Result(Outcome.NOT_SENT) for row in task.every_row}, stop=stop)

    def _settle(self, task: Task) -> Done:
        """Look for what an earlier request did; when a late commit would have landed, what is absent is not coming."""
        since = task.in_doubt_since or 0.0
        is_last = time.time() >= since + self._terms.settle_wait_s
        held = self._read_back(task.changes)
        if held is None:
            return self._still_unknown(task) if is_last else Done(tasks=(self._later(task),))
        results, tasks = self._found(task, held, since)
        known = {*results, *(row for each in tasks for row in each.rows)}
        left = tuple(change for change in task.changes if change.row not in known)
        waiting = (*(Task(some) for some in (task.others,) if some), *_retried(task.suspects))
        if not left:
            return Done(results, (*tasks, *waiting))
        if is_last:
            again = Task(left, repeated=True)
            return Done(results, (*tasks, again, *waiting))
        return Done(results, (*tasks, self._later(task.only(left))))

    def _found(self, task: Task, held: Held, since: float) -> tuple[dict[int, Result], list[Task]]:
        """The changes of a task in doubt that turn out to be done."""
        if task.action is Action.CREATE:
            return self._adopt(task.changes, held, since)
        change = task.changes[0]
        there = next((record for record in held.get(change.key, ()) if str(record["id"]) == change.record_id), None)
        if change.action is Action.REMOVE:
            return ({} if there else {change.row: self._changed(change, {"id": change.record_id})}), []
        if there is None:
            return {}, list(self._written_anew(change, held).tasks)
        wanted = self._updated_fields(change)
        done = all((there.get(name) or 0) == value for name, value in wanted.items())
        return ({change.row: self._changed(change, there)} if done else {}), []

    def _later(self, task: Task) -> Task:
        """The same task, to be looked for once more after a while."""
        share = _LOOKS[min(task.looks + 1, len(_LOOKS) - 1)]
        not_before = (task.in_doubt_since or 0.0) + share * self._terms.settle_wait_s
        return replace(task, looks=task.looks + 1, not_before=max(not_before, time.time() + 0.05))

    def _still_unknown(self, task: Task) -> Done:
        unknown = Problem(
            "unknown",
            "It may have reached Kantata, and the account could not be read since.",
            "Run `importer resume`: it looks again, and sends only what is not there.",
        )
        results = {change.row: Result(Outcome.UNKNOWN, problems=(unknown,)) for change in task.changes}
        waiting = [row for row in task.every_row if row not in results]
        stop = Unreachable(
            f"{self._client.base_url} could not be read.", "Check the network, then run `importer resume`."
        )
        return Done({**results, **{row: Result(Outcome.NOT_SENT) for row in waiting}}, stop=stop)

    # ---- what stands in the account

    def _read_back(self, changes: Iterable[Change]) -> Held | None:
        """The records that now stand under the keys of these changes; None if the account could not be read."""
        try:
            return read_held(self._client, self._endpoint, [change.key for change in changes])
        except ImporterError:
            return None

    def _adopt(
        self, changes: Sequence[Change], records: Held, sent_at: float, ours: frozenset[str] | None = None
    ) -> tuple[dict[int, Result], list[Task]]:
        """Results for the changes whose record stands in the account; tasks for those that another person made.

        `ours` are the ids known to be ours, where something is known.
        """
        results: dict[int, Result] = {}
        tasks: list[Task] = []
        for change in changes:
            for record in records.get(change.key, ())[:1]:
                id_ = str(record["id"])
                if (ours is not None and id_ in ours) or (ours is None and self._ownership.is_ours(record, sent_at)):
                    results[change.row] = self._made(Outcome.CREATED, change, record)
                else:
                    taken = self._taken(change, record)
                    results |= taken.results
                    tasks += taken.tasks
        return results, tasks

    def _taken(self, change: Change, record: Record) -> Done:
        """A change whose record somebody else has made: it is as wanted, or is updated."""
        before = {name: record.get(name) or 0 for name in self._endpoint.updates}
        differs = any(change.fields.get(name, value) != value for name, value in before.items())
        if not differs or self._terms.mode is Mode.ADD:
            return Done({change.row: Result(Outcome.UNCHANGED, str(record["id"]))})
        update = change._replace(action=Action.UPDATE, record_id=str(record["id"]), before=before)
        return Done(tasks=(Task((update,), replanned=True),))

    def _changed(self, change: Change, record: Record) -> Result:
        if change.action is Action.REMOVE:
            return Result(Outcome.REMOVED, change.record_id, before=change.before)
        return self._made(Outcome.UPDATED, change, record)._replace(before=change.before)

    def _made(self, outcome: Outcome, change: Change, record: Record) -> Result:
        """The result of a write that was done, with a word where Kantata keeps another value than it was sent."""
        for name in self._endpoint.updates:
            if name in change.fields and record.get(name) not in (None, change.fields[name]):
                kept = Problem(
                    "kept-otherwise",
                    f"Kantata keeps {name} {record[name]}, and was sent {change.fields[name]}.",
                    "Some skills have fewer levels: look at the skill in Kantata.",
                    row=change.row,
                )
                return Result(outcome, str(record["id"]), (kept,), left={name: record[name]})
        return Result(outcome, str(record["id"]))

    def _updated_fields(self, change: Change) -> dict[str, int | str | None]:
        return {name: change.fields[name] for name in self._endpoint.updates if name in change.fields}


def _answered(done: Done, written: Written, answer: Answer) -> Done:
    return replace(done, verdict=written.verdict, status=answer.status, request_id=answer.request_id)


def _halved(changes: tuple[Change, ...]) -> Task:
    """The first half, to be sent before the second."""
    half = len(changes) // 2
    return Task(changes[:half], others=changes[half:])


def _retried(suspects: Sequence[Suspect]) -> tuple[Task, ...]:
    return (Task(tuple(change for change, _ in suspects)),) if suspects else ()


def _refused(change: Change, refusals: Sequence[Refusal]) -> Result:
    """The result of a row that Kantata did not accept: its words, and our remedy."""
    problems = tuple(
        Problem("refused", f'Kantata says: "{words.message}"', remedy(words.message, words.field), row=change.row)
        for words in refusals
    )
    return Result(Outcome.REFUSED, change.record_id, problems)
