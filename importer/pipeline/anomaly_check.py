"""Looks for accidents in a prepared run, by the account and the last run of the same file. Sends no write.

We do not check an undo, which restores what was there, nor a resumed run, which was checked when it began.
"""

import dataclasses
from collections.abc import Iterable, Sequence

from importer.endpoints.declare import Endpoint, NameColumn
from importer.errors import Guarded
from importer.kantata.connection import Access
from importer.kantata.existing_records import RecordQuery, scan_existing
from importer.model import CellRef
from importer.pipeline.history import open_journal
from importer.pipeline.planning import PreparedRun
from importer.sync.anomalies.anomaly import Anomaly
from importer.sync.anomalies.detect import Evidence, detect_anomalies
from importer.sync.anomalies.missing_columns import find_missing_columns
from importer.sync.journal import Journal, is_kept_in
from importer.sync.journal_entries import State
from importer.sync.run_input import RunInput, run_input_of, unpack
from importer.table import Arrangement, Table


def check_anomalies(prepared: PreparedRun, last: RunInput | None) -> tuple[Anomaly, ...]:
    """What looks like an accident in a file; `last` is the input of its last run.

    Raises: Denied, Unreachable.
    """
    checked, endpoint, table = prepared.checked, prepared.plan.endpoint, prepared.run_input.table
    level = endpoint.level
    if level is None or checked is None:
        return ()
    people, (level_column, *_) = _columns(table, endpoint.owner[0]), [*_columns(table, level.name), table.names[0]]
    evidence = Evidence(
        arrangement=Arrangement.CELLS if table.arrangement is Arrangement.CELLS else Arrangement.ROWS,
        person=lambda ref: next(filter(None, (table.text(CellRef(ref), name).strip() for name in people)), ""),
        skill=lambda ref: table.header_over(CellRef(ref), level_column),
        row=lambda ref: table.location(CellRef(ref)).row,
    )
    anomalies = detect_anomalies(
        prepared.plan, evidence, lambda ids: _levels(prepared.access, ids, endpoint, level.name)
    )
    missing = find_missing_columns(last, run_input_of(checked, ())) if last is not None else None
    return (*anomalies, *([missing] if missing is not None else []))


def _columns(table: Table, field: str) -> list[str]:
    """The columns for a field, those with names first."""
    return [name for name, _ in sorted(table.telling(field), key=lambda each: not isinstance(each[1], NameColumn))]


def _levels(to: Access, ids: Iterable[str], endpoint: Endpoint, level: str) -> dict[tuple[str, str], int]:
    """The level of each record of these owners, by the ids of owner and thing."""
    keys = [tuple(id_ if name in endpoint.owner else "0" for name in endpoint.key) for id_ in ids]
    wanted = RecordQuery(endpoint, keys, with_all_of_owners=True)
    owner, thing = endpoint.key.index(endpoint.owner[0]), endpoint.key.index(endpoint.thing[0])
    return dict(
        scan_existing(to.client, wanted, lambda key, record: ((key[owner], key[thing]), record.get(level) or 0))
    )


def last_input(journal: Journal, prepared: PreparedRun) -> RunInput | None:
    """The input of the last finished run of this file; None if there is none."""
    source = prepared.run_input.table.source
    this = (source.identity, source.sheet, prepared.plan.endpoint.name, prepared.access.account.key)
    for run in journal.runs():
        is_end = run.kind == "apply" and run.state is State.FINISHED
        if is_end and (run.file, run.sheet, run.endpoint, run.account) == this:
            return unpack(journal.run_input(run.id))
    return None


def last_input_on_disk(prepared: PreparedRun) -> RunInput | None:
    """The same for a dry run, which creates no journal."""
    settings = prepared.access.connection.settings
    if not is_kept_in(settings.folder):
        return None
    try:
        with open_journal(settings) as journal:
            return last_input(journal, prepared)
    except Guarded:
        return None


def record_accepted(prepared: PreparedRun, anomalies: Sequence[Anomaly]) -> PreparedRun:
    """The prepared run with a note of each anomaly that the person accepted."""
    notes = [each.acceptance_note for each in anomalies]
    return dataclasses.replace(
        prepared, run_input=dataclasses.replace(prepared.run_input, notes=(*prepared.run_input.notes, *notes))
    )
