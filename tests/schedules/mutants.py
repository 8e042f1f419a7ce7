"""Mutants of the importer: small faults of the kinds that the model is there to find. Each is undone afterwards.

Knows what is changed, and not how it is found.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from importer.kantata import client
from importer.kantata.bulk_answers import Verdict, WriteResult
from importer.kantata.existing_records import ExistingRecords
from importer.kantata.provenance import Provenance
from importer.kantata.responses import Record
from importer.kantata.transport import Response
from importer.model import Action, Outcome, Result
from importer.sync import recovery, run, worker
from importer.sync.executor import Executor
from importer.sync.journal import Journal
from importer.sync.reconcile import Reconciler
from importer.sync.task import Task, TaskResult
from importer.sync.worker import Worker
from tests.schedules.model import TIMEOUT_S
from tests.schedules.patching import Patch, patched


def intention_not_written() -> list[Patch]:
    """A request leaves, and the journal holds only later that it would."""
    step = Journal.step

    def without_intents(self: Journal, run_id: str, **parts: Any) -> list[int]:
        intents = parts.pop("intents", ())
        step(self, run_id, **parts)
        return [0 for _ in intents]

    return [(Journal, "step", without_intents)]


def results_not_written() -> list[Patch]:
    """What a request did is told, and not written down."""
    record = Executor._record

    def without_results(self: Executor, replies: Any, results: Any, changes: Any, sending: Any) -> dict[int, int]:  # noqa: ARG001
        return record(self, replies, {}, changes, sending)

    return [(Executor, "_record", without_results)]


def doubt_taken_as_not_done() -> list[Patch]:
    """A request without an answer is taken as not done, and sent again, without a look."""

    def send_again(self: Worker, task: Task) -> TaskResult:  # noqa: ARG001
        return TaskResult(tasks=(Task(task.changes, tries=task.tries),))

    return [(Worker, "_look_up", send_again)]


def doubt_taken_as_done() -> list[Patch]:
    """A request without an answer is taken as done."""
    outcomes = {Action.CREATE: Outcome.CREATED, Action.UPDATE: Outcome.UPDATED, Action.REMOVE: Outcome.REMOVED}

    def believe(self: Worker, task: Task) -> TaskResult:  # noqa: ARG001
        return TaskResult({each.ref: Result(outcomes[task.action], each.record_id) for each in task.changes})

    return [(Worker, "_look_up", believe)]


def one_look_only() -> list[Patch]:
    """A request without an answer is looked for once, and not until no late commit can come."""
    resolve = Worker._resolve_doubt

    def at_once(self: Worker, task: Task) -> TaskResult:
        policy = self._policy
        self._policy = type(policy)(policy.mode, 0.0, policy.keeps_changes, policy.since)
        try:
            return resolve(self, task)
        finally:
            self._policy = policy

    return [(Worker, "_resolve_doubt", at_once)]


def post_repeated() -> list[Patch]:
    """A POST without an answer is repeated at once, as a GET is."""
    tries = client._tries

    def as_a_read(answer: Response) -> int:
        return client._TRIES_READING if answer.method == "POST" and answer.in_doubt else tries(answer)

    return [(client, "_tries", as_a_read)]


def unanswered_taken_as_never_sent() -> list[Patch]:
    """A resumed run takes what the journal holds without an answer as never sent."""
    return [(recovery, "_PERHAPS_DONE", frozenset({Verdict.DONE, Verdict.IN_DOUBT}))]


def others_taken_as_ours() -> list[Patch]:
    """Whatever record is found is taken as our own."""
    adopt = Reconciler.adopt

    def all_ours(self: Reconciler, changes: Any, existing: ExistingRecords, own_ids: frozenset[str]) -> TaskResult:
        every = frozenset(str(record["id"]) for records in existing.values() for record in records)
        return adopt(self, changes, existing, own_ids | every)

    return [(Reconciler, "adopt", all_ours)]


def others_overwritten() -> list[Patch]:
    """What somebody else changed is overwritten where the run keeps it."""

    def nobody(self: Reconciler, changes: Any, existing: Any) -> TaskResult:  # noqa: ARG001
        return TaskResult()

    return [(Reconciler, "changed_meanwhile", nobody)]


def unread_refusal_settled() -> list[Patch]:
    """The journal takes a refused batch as not made where it could not be read back."""

    def as_answered(done: TaskResult, written: WriteResult, answer: Response) -> TaskResult:
        return replace(done, verdict=written.verdict, status=answer.status, request_id=answer.request_id)

    return [(worker, "_with_answer", as_answered)]


def last_of_refused_taken_as_refused() -> list[Patch]:
    """The refusal of a batch is taken for that of the one row that is not there, though another row may be meant."""
    refuse = Worker._create_refused

    def of_the_last(self: Worker, task: Task, written: WriteResult, **how: bool) -> TaskResult:
        done = refuse(self, task, written, **how)
        alone = [each for each in done.tasks if len(each.changes) == 1 and len(task.changes) > 1]
        refused = {ref: Result(Outcome.REFUSED) for each in alone for ref in each.refs}
        return replace(done, results={**done.results, **refused}, tasks=())

    return [(Worker, "_create_refused", of_the_last)]


def loss_counted_from_intention() -> list[Patch]:
    """A resumed run counts the time of a late commit from when the request was about to leave."""
    task = recovery._task

    def from_intention(of_ref: Any, changes: Any, now: float) -> Task:
        longest_s = TIMEOUT_S
        every = [attempt for some in of_ref.values() for attempt in some]
        lost_at = max(each.answered_at or min(now, each.sent_at + longest_s) for each in every)
        return replace(task(of_ref, changes, now), lost_at=lost_at)

    return [(recovery, "_task", from_intention)]


def others_end_the_look() -> list[Patch]:
    """Somebody else's record is taken for the end of a request of ours that may still be done beside it."""

    def everything(own_ids: frozenset[str], existing: ExistingRecords) -> ExistingRecords:  # noqa: ARG001
        return existing

    return [(worker, "_those_with", everything)]


def removal_of_duplicate_taken_as_asked() -> list[Patch]:
    """A resumed run takes the removal of a record that we made twice for what its row asks."""

    def never(attempt: Any, change: Any) -> bool:  # noqa: ARG001
        return False

    return [(recovery, "_is_of_duplicate", never)]


def differences_told_at_once() -> list[Patch]:
    """What differs is told without a second look, though Kantata may not show yet what it has done."""
    return [(run, "times_of_looks", lambda _settle_wait_s: (0.0,))]


def given_back_taken_as_made() -> list[Patch]:
    """An accepted create is taken to have made all that its answer shows, where nothing of it seems to be ours."""

    def own_ids_in_answer(self: Provenance, records: Sequence[Record], since: float) -> frozenset[str]:
        return self.own_ids(records, since) or frozenset(str(record["id"]) for record in records)

    return [(Provenance, "own_ids_in_answer", own_ids_in_answer)]


class Mutant(NamedTuple):
    """A fault, and a schedule that finds it: in which world, what happens in it, and words of what is wrong then."""

    patches: Callable[[], list[Patch]]
    world: str
    story: tuple[str, ...]
    found: str


MUTANTS: Mapping[str, Mutant] = {
    "the intention is not written before the request": Mutant(
        intention_not_written, "plain", ("dies after POST",), "the journal does not hold that it would"
    ),
    "the results are not written": Mutant(results_not_written, "plain", (), "rows with an outcome: []"),
    "in doubt is taken as not done": Mutant(
        doubt_taken_as_not_done,
        "plain",
        ("POST dropped, done just before the last look",),
        "left while the same may still be done",
    ),
    "in doubt is taken as done": Mutant(
        doubt_taken_as_done, "plain", ("PUT dropped, not done",), "told as updated 51: we did not set that record"
    ),
    "one look is taken as enough": Mutant(
        one_look_only, "plain", ("POST dropped, done between two looks",), "left while the same may still be done"
    ),
    "a POST is repeated blindly": Mutant(
        post_repeated, "plain", ("POST dropped, done",), "left, and its record was there"
    ),
    "what has no answer is taken as never sent": Mutant(
        unanswered_taken_as_never_sent,
        "plain",
        ("dies after POST", "resumed at once"),
        "told as unchanged 60: we made it",
    ),
    "another person's record is taken as ours": Mutant(
        others_taken_as_ours, "plain", ("2 makes it with another level",), "told as created 60: we made []"
    ),
    "what another person changed is overwritten": Mutant(
        others_overwritten,
        "keeping",
        ("PUT dropped, not done", "6 sets it to another level"),
        "goes over what somebody else wrote and we had read",
    ),
    "a refused batch that cannot be read back is taken as not made": Mutant(
        unread_refusal_settled,
        "refusing in part",
        ("POST as it should be", "GET no connection any more"),
        "told as unchanged 60: we made it",
    ),
    "a late commit is waited for from when the request was written down": Mutant(
        loss_counted_from_intention,
        "plain",
        ("POST 429, wait 2 s", "dies after POST, done just before the last look"),
        "left while the same may still be done",
    ),
    "one that is left of a refused batch is taken as refused": Mutant(
        last_of_refused_taken_as_refused, "plain", ("2 makes the same",), "nothing was wrong with it"
    ),
    "somebody else's record ends the look for ours": Mutant(
        others_end_the_look,
        "doubling",
        ("2 makes the same", "POST dropped, done, and shown a little later"),
        "[61] is ours, and that is not told",
    ),
    "the removal of our duplicate is taken for what its row asks": Mutant(
        removal_of_duplicate_taken_as_asked,
        "doubling",
        ("2 makes it with another level", "PUT as it should be", "PUT no connection any more", "resumed at once"),
        "row 2 cannot be removed",
    ),
    "what is given back is taken as made": Mutant(
        given_back_taken_as_made,
        "giving back",
        ("6 deletes it", "PUT as it should be", "GET as it should be", "6 makes it with another level"),
        "told as created 64: we made []",
    ),
    "what differs is not looked at a second time": Mutant(
        differences_told_at_once,
        "plain",
        ("POST answered, done, and shown a little later",),
        "it is told as changed since, and nobody changed it",
    ),
}


@contextmanager
def mutated(mutant: Mutant) -> Iterator[None]:
    """The importer with a fault in it."""
    with patched(mutant.patches()):
        yield
