"""Runs as the journal holds them, and the workbooks that are written of them. Needs no account."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from importer import endpoints
from importer.endpoints.declare import Endpoint
from importer.model import CellRef, Change, Outcome, Result
from importer.pipeline import run_summary
from importer.pipeline.planning import PreparedRun
from importer.settings import Settings
from importer.spreadsheet.write import atomic_write
from importer.spreadsheet.write.result_workbook import write_plan
from importer.sync.journal import Attempt, Journal, Run
from importer.sync.run_input import RunInput, unpack
from importer.sync.verification import Verification


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run as the journal holds it."""

    run: Run
    given: RunInput
    endpoint: Endpoint
    changes: Mapping[CellRef, Change]
    results: Mapping[CellRef, Result]
    attempts: Sequence[Attempt]

    @property
    def receipt(self) -> Verification | None:
        """What the account held after the last request, if it was read again."""
        packed = (self.run.told or {}).get("receipt")
        return Verification.unpack(packed) if packed else None


def open_journal(settings: Settings) -> "closing[Journal]":
    """The journal of this machine, for as long as the context lasts.

    Raises: Guarded.
    """
    return closing(Journal(settings.folder))


def load_run_record(journal: Journal, run_id: str) -> RunRecord:
    """The run of this id, with what became of each row. A row without a word in the journal was not sent.

    Raises: Guarded when there is none.
    """
    run = journal.run(run_id)
    given = unpack(journal.given(run_id))
    changes = journal.changes(run_id)
    attempts = journal.attempts(run_id)
    sent = {ref for attempt in attempts for ref in attempt.refs}
    unsaid = {ref: Result(Outcome.UNKNOWN if ref in sent else Outcome.NOT_SENT) for ref in (*given.refs, *changes)}
    return RunRecord(run, given, endpoints.load(run.endpoint), changes, {**unsaid, **journal.results(run_id)}, attempts)


def result_path(given: RunInput, path: Path | None, kind: str = "result") -> Path:
    """Where the result workbook will be, which can be written there.

    Raises: Guarded.
    """
    target = path or atomic_write.result_path(Path(given.table.source.told), kind)
    atomic_write.check_folder(target)
    return target


def write_plan_workbook(ready: PreparedRun, path: Path) -> Path:
    """Write the plan workbook and return where it is, which is another name if the wanted one is taken."""
    table, made = ready.given.table, ready.plan
    summary = run_summary.plan_summary_sheet(ready.given, made, ready.access.account)
    return atomic_write.put(path, lambda file: write_plan(file, table, made.changes, made.settled, summary))
