"""What may have happened, of a run that stopped: tasks that look for it, from what the journal says. Pure."""

from collections.abc import Iterable, Mapping

from importer.kantata.bulk_answers import Verdict
from importer.model import CellRef, Change, Outcome, Result
from importer.sync.journal import Attempt
from importer.sync.task import Task

OPEN = frozenset({Outcome.UNKNOWN, Outcome.NOT_SENT})
"""Outcomes of rows that a run has still to do with."""

_PERHAPS_DONE = frozenset({None, Verdict.IN_DOUBT, Verdict.DONE})
"""An attempt without an answer in the journal, or whose answer leaves it open, or whose rows were not told in it."""


def uncertain_tasks(
    attempts: Iterable[Attempt],
    changes: Mapping[CellRef, Change],
    results: Mapping[CellRef, Result],
    longest_s: float,
    now: float,
) -> list[Task]:
    """A task for the rows of each attempt that may be written, and nobody knows.

    An answer that is not in the journal was lost by `now` (seconds since 1970), and no request was waited for longer
    than `longest_s`. A row that was
    attempted several times is looked for once, by its last attempt.
    """
    of_ref: dict[CellRef, list[Attempt]] = {}
    for attempt in attempts:
        if attempt.verdict in _PERHAPS_DONE:
            for ref in attempt.refs:
                of_ref.setdefault(ref, []).append(attempt)
    refs_of: dict[int, list[CellRef]] = {}
    for ref, some in of_ref.items():
        if ref not in results or results[ref].outcome in OPEN:
            refs_of.setdefault(some[-1].id, []).append(ref)
    return [
        _task({ref: of_ref[ref] for ref in sorted(refs)}, changes, longest_s, now)
        for _, refs in sorted(refs_of.items())
    ]


def _task(
    of_ref: Mapping[CellRef, list[Attempt]], changes: Mapping[CellRef, Change], longest_s: float, now: float
) -> Task:
    last = next(iter(of_ref.values()))[-1]
    every = [attempt for some in of_ref.values() for attempt in some]
    return Task(
        tuple(changes[ref]._replace(action=last.action, record_id=last.targets.get(ref)) for ref in of_ref),
        tried_at=min(attempt.sent_at for attempt in every),
        lost_at=max(attempt.answered_at or min(now, attempt.sent_at + longest_s) for attempt in every),
    )
