"""Has the person's own workbook marked while its rows are being sent, as if every row will go well.

Knows what a run is to change; knows no request. If a row ends otherwise, the marks are made again at the end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Thread

from importer.model import Action, CellRef, Outcome, Result
from importer.pipeline.own_workbook import MarkedWorkbook, find_marks, may_be_marked
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
        self._refs: Sequence[CellRef] = tuple(hoped_for)
        self._outcomes = [result.outcome for result in hoped_for.values()]
        self._marked: MarkedWorkbook | None = None
        # In a list, so that nobody else holds them: they may be a million, and are let go once the marks are found.
        summaries = [replace(begun, results=hoped_for)]
        self._thread = Thread(target=self._mark, args=(summaries,), name="early marks", daemon=True)
        self._thread.start()

    @classmethod
    def begin(cls, begun: RunSummary) -> "EarlyMarks | None":
        """Begin to mark the workbook, if that is worth while."""
        return cls(begun) if may_be_marked(begun) and len(begun.changes) >= _FEWEST_ROWS else None

    def take(self, end: RunSummary) -> MarkedWorkbook | None:
        """The workbook with the marks of this end, once; None if a row ended otherwise, or it could not be marked."""
        self._thread.join()
        marked = self._marked if self._came_true(end.results) else None
        self._marked, self._refs, self._outcomes = None, (), []
        return marked

    def _came_true(self, results: Mapping[CellRef, Result]) -> bool:
        """Whether every row ended as it was hoped."""
        outcomes = [result.outcome for ref in self._refs if (result := results.get(ref)) is not None]
        return len(results) == len(self._refs) and outcomes == self._outcomes

    def _mark(self, summaries: list[RunSummary]) -> None:
        try:
            marks = find_marks(summaries.pop())
            self._marked = None if marks is None else marks.put(in_process=True)
        except Exception:  # noqa: BLE001  (whatever it is, it comes again where it is caught and said)
            return
