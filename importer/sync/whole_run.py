"""What all runs with stages share: a stage is announced, and the whole ends by what the journal says of its stages.

Knows no request and no row.
"""

import sys
from collections.abc import Iterable, Mapping

from importer.audit_events import AuditEvent
from importer.sync.journal import Journal
from importer.sync.journal_entries import Run, State


def announce_stage() -> None:
    """Announce that a stage is about to begin."""
    sys.audit(AuditEvent.BEFORE_STAGE)


def end_whole(journal: Journal, run: Run) -> Run:
    """Record how the whole ended, which is open where a stage is; the run as it is recorded then."""
    stages = journal.stages(run.id)
    states = {stage.state for stage in stages}
    state = next((each for each in (State.OPEN, State.CLOSED) if each in states), State.FINISHED)
    counts = sum_counts((stage.details or {}).get("outcomes", {}) for stage in stages)
    requests = sum_counts(stage.requests or {} for stage in stages)
    before = journal.run(run.id).requests or {}
    more = {name: count - before.get(name, 0) for name, count in requests.items()}
    journal.end(run.id, state, more, {"outcomes": counts})
    return journal.run(run.id)


def sum_counts(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The counts of all parts, name by name; a count of 0 has its name, too."""
    total: dict[str, int] = {}
    for part in parts:
        for name, count in part.items():
            total[name] = total.get(name, 0) + count
    return total
