"""What puts a run back: the inverse of each change it did, and whether the account still holds what it left. Pure."""

from collections.abc import Iterator, Mapping

from importer.endpoints.declare import Endpoint
from importer.kantata.existing_records import ExistingRecords
from importer.kantata.responses import Record
from importer.messages import about_runs
from importer.model import Action, CellRef, Change, Outcome, Problem, Result, Value


def inverse_changes(
    endpoint: Endpoint, changes: Mapping[CellRef, Change], results: Mapping[CellRef, Result]
) -> Iterator[Change]:
    """The inverse of each change that was done, in sheet order; `before` is what the account must still hold."""
    for row in sorted(changes):
        change, result = changes[row], results[row]
        left = {name: _left(change, result, name) for name in endpoint.updates}
        if result.outcome is Outcome.CREATED:
            yield Change(row, change.key, Action.REMOVE, {}, result.record_id, {**change.fields, **left})
        elif result.outcome is Outcome.UPDATED:
            yield Change(row, change.key, Action.UPDATE, result.before or {}, result.record_id, left)
        elif result.outcome is Outcome.REMOVED:
            yield Change(row, change.key, Action.CREATE, result.before or {})


def decide_if_unchanged(
    endpoint: Endpoint, change: Change, held: ExistingRecords, since: str = "the run"
) -> Change | Result:
    """The change if the account still holds its `before`; else what that row comes to without a request.

    `since` says, for a person, since when a record would have been changed.
    """
    records = held.get(change.key, ())
    there = next((record for record in records if str(record["id"]) == change.record_id), None)
    if change.action is Action.CREATE:
        return _already_there(endpoint, change, records[0], since) if records else change
    if there is None:
        if change.action is Action.REMOVE:
            return Result(Outcome.UNCHANGED, change.record_id)
        return conflict_result(change, "it was removed", since)
    now = {name: there.get(name) or 0 for name in endpoint.updates}
    left = {name: (change.before or {}).get(name) for name in endpoint.updates}
    if change.action is Action.UPDATE and all(change.fields.get(name) == value for name, value in now.items()):
        return Result(Outcome.UNCHANGED, change.record_id)
    if now != left:
        words = ", ".join(f"{name} is {value} now" for name, value in now.items() if value != left[name])
        return conflict_result(change, words, since)
    return change


def _already_there(endpoint: Endpoint, change: Change, there: Record, since: str) -> Result:
    """What a removed record comes to that is there again: it is as it was, or somebody made another."""
    if all((there.get(name) or 0) == (change.fields.get(name) or 0) for name in endpoint.updates):
        return Result(Outcome.UNCHANGED, str(there["id"]))
    return conflict_result(change, "it is there again" if since == "the run" else "it is there by now", since)


def _left(change: Change, result: Result, name: str) -> Value:
    """What a field held when the run left it."""
    if result.left and name in result.left:
        return result.left[name]
    sent = change.fields.get(name)
    return (change.before or {}).get(name) or 0 if sent is None else sent  # 0 is a level that was sent


def conflict_result(change: Change, words: str, since: str = "the run") -> Result:
    """The result of a record that a person has changed since the run: it is kept."""
    problem = Problem.of(about_runs.changed_since(since, words), change.ref)
    return Result(Outcome.CONFLICT, change.record_id, (problem,))
