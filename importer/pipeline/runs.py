"""Runs of this machine, without an account: the history, one run's report again, and going on with one by its id."""

import time
from dataclasses import replace
from pathlib import Path

import pandas as pd

from importer.pipeline import forgetting, history, retention
from importer.pipeline.account import Account
from importer.pipeline.forgetting import PersonTraces
from importer.pipeline.long_summary import LongSummary
from importer.pipeline.resume import is_long
from importer.pipeline.run_plan import OnEvent
from importer.pipeline.run_report import RunReport
from importer.pipeline.staged_report import StagedReport
from importer.settings import Settings, read_settings
from importer.sync.journal_entries import Run
from importer.sync.staged_run import SEVERAL

_DAY_S = 86_400


def runs(*, folder: str | Path | None = None) -> pd.DataFrame:
    """The runs of this machine, the latest first; `folder` is where they are kept, if not where they usually are.

    Shapes: one row a run with `run`, `kind`, `undoes`, `state`, `endpoint`, `mode`, `file`, `sheet`, `account`,
    `account_name`, `rows`, `started`, `finished` (times in UTC), `requests` and `outcomes` (dicts of counts).
    Raises: Guarded when the journal cannot be read.
    """
    return history.runs_frame(_settings(folder))


def list_runs(*, folder: str | Path | None = None) -> list[Run]:
    """The same as values.

    Raises: Guarded when the journal cannot be read.
    """
    return history.list_runs(_settings(folder))


def find_run(run: str, *, folder: str | Path | None = None) -> Run:
    """One of them, by its id.

    Raises: Guarded when there is none, or the journal cannot be read.
    """
    with history.open_journal(_settings(folder)) as journal:
        return journal.run(run)


def show(run: str, *, folder: str | Path | None = None) -> RunReport:
    """What became of a run, from the journal; its result workbook can be written again. Asks no account.

    Raises: Guarded when there is none of this id.
    """
    with history.open_journal(_settings(folder)) as journal:
        whole, stages = journal.run(run), journal.stages(run)
        if is_long(journal, whole):
            attempts = [attempt for stage in stages for attempt in journal.attempts(stage.id)]
            return RunReport(LongSummary().of(journal, whole), attempts=attempts)
        records = [history.load_run_record(journal, each.id) for each in stages or [whole]]
    reports = [RunReport(record.summary, attempts=record.attempts) for record in records]
    return StagedReport(whole, reports) if whole.endpoint == SEVERAL else reports[0]


def prune_runs(days: int, *, folder: str | Path | None = None) -> int:
    """Delete the runs that began more than so many days ago, with what was kept for them; how many. Open ones stay.

    Raises: Guarded when the journal cannot be written.
    """
    with history.open_journal(_settings(folder)) as journal:
        return retention.prune(journal, time.time() - days * _DAY_S)


def find_person(*person: str, folder: str | Path | None = None) -> PersonTraces:
    """Where a person stands in what this machine keeps: by an e-mail address, a name or an id, or several of one
    person. Asks no account, and changes nothing.

    Raises: Usage without any; Guarded where it may be several people.
    """
    return forgetting.find(_settings(folder), person)


def forget_person(*person: str, close_unfinished: bool = False, folder: str | Path | None = None) -> PersonTraces:
    """Take a person out of what this machine keeps, for good; where they stood. Asks no account, and changes nothing in
    Kantata. Rows keep their numbers and outcomes, and an undo leaves their records alone.

    With `close_unfinished`, unfinished runs with rows of theirs are given up: what is left of them is not sent.
    Raises: as `find_person`; Guarded while a run writes to an account, and where a run with rows of theirs is
    unfinished; ImporterError when a file cannot be written.
    """
    return forgetting.forget(_settings(folder), person, close_unfinished=close_unfinished)


def resume(
    run: str | RunReport, account: Account | None = None, *, on_event: OnEvent | None = None
) -> RunReport | None:
    """Finish a run that stopped; None if it is at its end. Without an account, at the base URL that the run went to.

    Raises: as `Account.resume`; Guarded when there is no such run.
    """
    if account is None and isinstance(run, RunReport):
        account = run.account
    if account is None:
        run_id = run.run if isinstance(run, RunReport) else run
        with history.open_journal(_settings(None)) as journal:
            account = Account(base_url=journal.run(run_id).base_url)
    return account.resume(run, on_event=on_event)


def _settings(folder: str | Path | None) -> Settings:
    settings = read_settings()
    return settings if folder is None else replace(settings, folder=Path(folder))
