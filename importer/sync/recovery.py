"""Which writes of a stopped run may have happened, by its journal, as tasks that look for them. Pure."""

from collections.abc import Iterable, Mapping

from importer.kantata.bulk_answers import Verdict
from importer.model import Action, CellRef, Change, Outcome, Result
from importer.sync.journal_entries import Attempt
from importer.sync.task import Task

OPEN = frozenset({Outcome.UNKNOWN, Outcome.NOT_SENT})
"""Outcomes of rows that the run has not finished."""


def is_open(result: Result | None) -> bool:
    """Whether a run has not finished a row with this result, or without one. What was left out for a reason is done."""
    if result is None:
        return True
    return result.outcome in OPEN and not (result.outcome is Outcome.NOT_SENT and result.problems)


_PERHAPS_DONE = frozenset({None, Verdict.IN_DOUBT, Verdict.DONE})
"""Verdicts after which a write may have happened: no answer, an unclear answer, or one that may not show every row."""


def uncertain_tasks(
    attempts: Iterable[Attempt],
    changes: Mapping[CellRef, Change],
    results: Mapping[CellRef, Result],
    now: float,
) -> list[Task]:
    """A task for each attempt that may have written some of its rows, without a result for them.

    A row with several attempts is in the task of the last one. An answer that is not in the journal counts as lost
    `now` (seconds since 1970): the journal tells when a request was about to leave, and it may have waited for its turn
    for minutes, or have been refused for as long, and have left just before the process died.
    """
    of_ref: dict[CellRef, list[Attempt]] = {}
    for attempt in attempts:
        if attempt.verdict in _PERHAPS_DONE:
            for ref in attempt.refs:
                if is_open(results.get(ref)) and not _is_of_duplicate(attempt, changes[ref]):
                    of_ref.setdefault(ref, []).append(attempt)
    refs_of: dict[int, list[CellRef]] = {}
    for ref, some in of_ref.items():
        refs_of.setdefault(some[-1].id, []).append(ref)
    return [_task({ref: of_ref[ref] for ref in sorted(refs)}, changes, now) for _, refs in sorted(refs_of.items())]


def _is_of_duplicate(attempt: Attempt, change: Change) -> bool:
    """Whether it was to remove a record that we had made beside somebody else's. The row did not ask for that, and the
    verification finds the record again where it is still there.
    """
    return attempt.action is Action.REMOVE and change.action is not Action.REMOVE


def _task(of_ref: Mapping[CellRef, list[Attempt]], changes: Mapping[CellRef, Change], now: float) -> Task:
    last = next(iter(of_ref.values()))[-1]
    every = [attempt for some in of_ref.values() for attempt in some]
    return Task(
        tuple(changes[ref]._replace(action=last.action, record_id=last.targets.get(ref)) for ref in of_ref),
        tried_at=min(attempt.sent_at for attempt in every),
        lost_at=max(attempt.answered_at or now for attempt in every),
    )
