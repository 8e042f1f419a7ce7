"""Has the person's own workbook marked while its rows are being sent, as if every row will go well.

Knows what a run is to change; knows no request. If a row ends otherwise, the marks are made again at the end.
"""

from collections.abc import Mapping
from dataclasses import replace
from threading import Thread

from importer.model import Action, CellRef, Outcome, Result
from importer.pipeline.own_workbook import MarkedWorkbook, mark_own_workbook, may_be_marked
from importer.pipeline.run_summary import RunSummary

_FEWEST_ROWS = 2_000
"""With fewer rows, marking takes no time that anybody would notice."""
_HOPED_FOR = {
    Action.CREATE: Result(Outcome.CREATED),
    Action.UPDATE: Result(Outcome.UPDATED),
    Action.REMOVE: Result(Outcome.REMOVED),
}


class EarlyMarks:
    """The person's workbook, being marked. `begun` is the run as it begins, with the results that are known already."""

    def __init__(self, begun: RunSummary) -> None:
        hoped_for = {ref: _HOPED_FOR[change.action] for ref, change in begun.changes.items()}
        hoped_for |= begun.results
        self._hoped_for: RunSummary | None = replace(begun, results=hoped_for)
        self._marked: MarkedWorkbook | None = None
        self._thread = Thread(target=self._mark, args=(self._hoped_for,), name="early marks", daemon=True)
        self._thread.start()

    @classmethod
    def begin(cls, begun: RunSummary) -> "EarlyMarks | None":
        """Begin to mark the workbook, if that is worth while."""
        return cls(begun) if may_be_marked(begun) and len(begun.changes) >= _FEWEST_ROWS else None

    def take(self, end: RunSummary) -> MarkedWorkbook | None:
        """The workbook with the marks of this end, once; None if a row ended otherwise, or it could not be marked."""
        self._thread.join()
        marked, hoped_for = self._marked, self._hoped_for
        self._marked = self._hoped_for = None
        return marked if hoped_for is not None and _outcomes_are_alike(hoped_for.results, end.results) else None

    def _mark(self, hoped_for: RunSummary) -> None:
        try:
            self._marked = mark_own_workbook(hoped_for, in_process=True)
        except Exception:  # noqa: BLE001  (whatever it is, it comes again where it is caught and said)
            return


def _outcomes_are_alike(some: Mapping[CellRef, Result], others: Mapping[CellRef, Result]) -> bool:
    return some.keys() == others.keys() and all(result.outcome is others[ref].outcome for ref, result in some.items())
