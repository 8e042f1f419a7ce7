"""How to undo a run: the inverse of each change, if the account still holds what the run left there. Pure."""

import re
from collections.abc import Iterator, Mapping

from importer.base import Held
from importer.endpoints.declare import Endpoint
from importer.kantata.existing_records import ExistingRecords
from importer.kantata.responses import Record, find_by_id
from importer.kantata.uses import Uses
from importer.messages import about_merges, about_migrations, about_runs
from importer.model import Action, CellRef, Change, Outcome, Problem, Result, Value
from importer.text import count_of

_PLURAL = re.compile(r"s\b")
THE_RUN = "the run"
"""What an undo says that somebody has changed a record since."""


def inverse_changes(
    endpoint: Endpoint, changes: Mapping[CellRef, Change], results: Mapping[CellRef, Result]
) -> Iterator[Change]:
    """The inverse of each change that was made, in sheet order; `before` is what the account must still hold."""
    for row in sorted(changes):
        change, result = changes[row], results[row]
        held = {name: after(endpoint, change, result, name) for name in endpoint.updates}
        if result.outcome is Outcome.CREATED:
            yield Change(row, change.key, Action.REMOVE, {}, result.record_id, {**endpoint.whole(change), **held})
        elif result.outcome is Outcome.UPDATED:
            yield Change(row, change.key, Action.UPDATE, result.before or {}, result.record_id, held)
        elif result.outcome is Outcome.REMOVED:
            before = {name: value for name, value in (result.before or {}).items() if name not in endpoint.key}
            yield Change(row, change.key, Action.CREATE, before)


def decide_if_unchanged(
    endpoint: Endpoint, change: Change, existing: ExistingRecords, since: str = THE_RUN
) -> Change | Result:
    """The change if the account still holds its `before`; otherwise the result of the row, and nothing is sent.

    `since` names, for a person, the event after which the record changed.
    """
    records = existing.get(change.key, ())
    there = find_by_id(records, change.record_id)
    if change.action is Action.CREATE:
        return _already_there(endpoint, change, records[0], since) if records else change
    if there is None:
        if change.action is Action.REMOVE:
            return Result(Outcome.UNCHANGED, change.record_id)
        return conflict_result(change, "it was removed", None, since)
    now = endpoint.updates_of(there)
    expected = {name: (change.before or {}).get(name) for name in endpoint.updates}
    if change.action is Action.UPDATE and all(change.fields.get(name) == value for name, value in now.items()):
        return Result(Outcome.UNCHANGED, change.record_id)
    if now != expected:
        words = ", ".join(f"{name} is {value} now" for name, value in now.items() if value != expected[name])
        return conflict_result(change, words, now, since)
    return change


def _already_there(endpoint: Endpoint, change: Change, there: Record, since: str) -> Result:
    """The result where a removed record is back: unchanged if it is as before, a conflict if it differs."""
    if endpoint.updates_of(there) == endpoint.updates_of(change.fields):
        return Result(Outcome.UNCHANGED, str(there["id"]))
    words = "it is there again" if since == THE_RUN else "it is there by now"
    return conflict_result(change, words, endpoint.updates_of(there), since)


def after(endpoint: Endpoint, change: Change, result: Result, name: str) -> Value:
    """The value of a field after the run."""
    if result.after and name in result.after:
        return result.after[name]
    sent = change.fields.get(name)
    if sent is not None:
        return sent
    before = (change.before or {}).get(name)
    return endpoint.unset(name) if before is None else before


def conflict_of_use(change: Change, uses: Uses) -> Result:
    """The result of the removal of a thing that something else uses: it is kept."""
    problem = Problem.of(about_migrations.in_use(change.key[-1], in_words(uses)), change.ref)
    return Result(Outcome.CONFLICT, change.record_id, (problem,), before=change.before)


def in_words(uses: Uses) -> str:
    """What uses a thing, for a person: `3 skill memberships and 1 place below`."""
    return " and ".join(count_of(count, _PLURAL.sub("", what, count=1), what) for what, count in uses.items())


def conflict_result(change: Change, words: str, now: Held, since: str = THE_RUN) -> Result:
    """The result of a row whose record somebody has changed: the record is kept as it is. `now` is what it holds."""
    is_undo = since == THE_RUN
    message = about_runs.changed_since(since, words) if is_undo else about_merges.changed_after(since, words)
    problem = Problem.of(message, change.ref)
    return Result(Outcome.CONFLICT, change.record_id, (problem,), before=now)
