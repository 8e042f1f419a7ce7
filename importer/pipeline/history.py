"""Reads runs from the journal, and writes their workbooks. Needs no account."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from importer import endpoints
from importer.endpoints.declare import Endpoint
from importer.model import CellRef, Change, Outcome, Result
from importer.pipeline import run_summary
from importer.pipeline.json_objects import run_object
from importer.settings import Settings
from importer.spreadsheet.write import atomic_write
from importer.sync.journal import Journal
from importer.sync.journal_entries import Attempt, Run
from importer.sync.run_input import RunInput, unpack
from importer.sync.verification import Verification

_NO_RUN = Run("", "", "", "", "", None, "", "", "", "", 0, 0.0)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """Everything that the journal has about a run."""

    run: Run
    run_input: RunInput
    endpoint: Endpoint
    changes: Mapping[CellRef, Change]
    results: Mapping[CellRef, Result]
    attempts: Sequence[Attempt]

    @property
    def verification(self) -> Verification | None:
        """The verification after the last request, if there was one."""
        packed = (self.run.details or {}).get("receipt")
        return Verification.unpack(packed) if packed else None

    @property
    def summary(self) -> run_summary.RunSummary:
        """The summary of the run."""
        run = self.run
        finished_at = run.finished_at or run.started_at
        return run_summary.RunSummary(
            run,
            self.run_input,
            self.results,
            run.requests or {},
            finished_at,
            verification=self.verification,
            changes=self.changes,
        )


def open_journal(settings: Settings) -> "closing[Journal]":
    """The journal of this machine, open while the context lasts.

    Raises: Guarded.
    """
    return closing(Journal(settings.folder))


def list_runs(settings: Settings) -> list[Run]:
    """The runs of this machine, the latest first.

    Raises: Guarded.
    """
    with open_journal(settings) as journal:
        return journal.runs()


def runs_frame(settings: Settings) -> pd.DataFrame:
    """The same, one row a run: `run`, `kind`, `state`, `endpoint`, `mode`, `file`, `account`, `rows`, `started`, ...

    Shapes: `started` and `finished` are times in UTC; `outcomes` is a dict of counts, or None where a run was killed.
    Raises: Guarded.
    """
    every = list_runs(settings)
    frame = pd.DataFrame([run_object(run) for run in every], columns=list(run_object(_NO_RUN)))
    for name in ("started", "finished"):
        frame[name] = pd.to_datetime(frame[name].astype("Float64"), unit="s", utc=True)
    outcomes = [None if run.outcomes is None else dict(run.outcomes) for run in every]
    return frame.assign(outcomes=pd.Series(outcomes, dtype=object))


def load_run_record(journal: Journal, run_id: str) -> RunRecord:
    """The run with this id. A row without a result is `unknown` if a request had it, and otherwise `not sent`.

    Raises: Guarded when there is none.
    """
    run = journal.run(run_id)
    run_input = unpack(journal.run_input(run_id))
    changes = journal.changes(run_id)
    attempts = journal.attempts(run_id)
    sent = {ref for attempt in attempts for ref in attempt.refs}
    unsaid = {ref: Result(Outcome.UNKNOWN if ref in sent else Outcome.NOT_SENT) for ref in (*run_input.refs, *changes)}
    return RunRecord(
        run, run_input, endpoints.load(run.endpoint), changes, {**unsaid, **journal.results(run_id)}, attempts
    )


def result_path(file: str, path: str | Path | None = None, kind: str = "result") -> Path:
    """Where the result workbook (or that of an `undo`) will be, which can be written there: beside the file, else at
    `path`.

    Raises: Guarded.
    """
    target = Path(path) if path is not None else atomic_write.result_path(Path(file), kind)
    atomic_write.check_folder(target)
    return target
