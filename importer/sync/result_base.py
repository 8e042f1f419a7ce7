"""What the account holds once a run has ended, as far as its rows tell: the base of its result workbook. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime

from importer.base import Base, Held, base_of
from importer.endpoints.declare import Endpoint
from importer.model import Action, CellRef, Change, Key, Outcome, Result
from importer.sync.plan import Plan
from importer.sync.undo import after

_WRITTEN = frozenset({Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED})


def base_before(plan: Plan, account: str) -> Base:
    """What was held before the run under the keys of rows that ask for nothing, or are in conflict, beside what the
    file's own base tells.

    What is kept as somebody changed it stays as the file's base has it: the file says so still, and would else ask for
    it next time.
    """
    is_told = plan.merge.base is not None
    held: dict[Key, Held] = {
        change.key: change.before
        for change in plan.changes.values()
        if change.action is Action.LEAVE
        and change.ref not in plan.kept
        and not (is_told and change.ref not in plan.was)
    }
    held |= {change.key: plan.results[ref].before for ref, change in plan.conflicts.items()}
    later = base_of(plan.endpoint, account, datetime.now(UTC), held.items())
    before = plan.merge.base
    return later if before is None else before.overlaid(later) if held else before


def base_after(
    base: Base, endpoint: Endpoint, changes: Mapping[CellRef, Change], results: Mapping[CellRef, Result]
) -> Base:
    """The base with what the changes of a run came to; of a row that was not sent, what was held before."""
    if not changes:
        return base
    # Of several changes with one key the last counts, and to `base_of` the first.
    last_first = [changes[ref] for ref in reversed(list(changes))]
    as_asked: dict[int, Held] = {}

    def held(change: Change) -> Held:
        """What `_held` says; once for all new records that were made as rows with the same fields ask."""
        result = results.get(change.ref)
        if result is None or result.outcome is not Outcome.CREATED or result.after or change.before:
            return _held(endpoint, change, result)
        fields = id(change.fields)
        if fields not in as_asked:
            as_asked[fields] = _held(endpoint, change, result)
        return as_asked[fields]

    later = base_of(endpoint, base.account, datetime.now(UTC), ((each.key, held(each)) for each in last_first))
    return base.overlaid(later)


def _held(endpoint: Endpoint, change: Change, result: Result | None) -> Held:
    outcome = None if result is None else result.outcome
    if result is not None and outcome is Outcome.CONFLICT:
        return result.before
    if result is not None and outcome in _WRITTEN and change.action is not Action.REMOVE:
        return {name: after(endpoint, change, result, name) for name in endpoint.updates}
    return None if outcome in (Outcome.REMOVED, Outcome.UNCHANGED) else change.before
