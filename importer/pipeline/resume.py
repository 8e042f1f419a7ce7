"""Continues a stopped run, and prepares the undo of a run. Reads the journal first, then the account."""

import dataclasses
import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from importer import endpoints
from importer.audit_events import AuditEvent
from importer.endpoints.declare import Endpoint
from importer.kantata.client import Account
from importer.kantata.connection import Access
from importer.kantata.existing_records import ExistingRecords, RecordQuery, read_existing
from importer.kantata.responses import Record
from importer.messages import about_account, about_forgetting, about_runs
from importer.model import Action, CellRef, Change, Key, Mode, Result
from importer.pipeline.history import load_run_record
from importer.pipeline.planning import PreparedRun
from importer.planned_ids import PlannedIds
from importer.sync.journal import Journal
from importer.sync.journal_entries import Run, State
from importer.sync.long_run import LongRun
from importer.sync.plan import Plan
from importer.sync.run import Execution
from importer.sync.run_context import RunContext
from importer.sync.run_input import RunInput, unpack
from importer.sync.staged_run import SEVERAL, StagedRun
from importer.sync.undo import decide_if_unchanged, inverse_changes
from importer.sync.verification import WRITTEN

AnyRun = Execution | StagedRun | LongRun
"""A run of one table, of several stages, or of one long list."""


def resume(context: RunContext, run_id: str | None) -> AnyRun | None:
    """The stopped run with this id, or the last one of this account, ready to continue; None if there is none.

    Raises: Guarded when the run is another account's, is at its end, or its file has changed; Denied, Unreachable.
    """
    run = _to_resume(context, run_id)
    if run is None:
        return None
    _unchanged_file(run)
    execution = _from_journal(context, run)
    if isinstance(execution, Execution):
        execution.plan_rest()
    return execution


def _to_resume(context: RunContext, run_id: str | None) -> Run | None:
    if run_id is None:
        return next(iter(context.journal.open_runs(context.account.key)), None)
    run = context.journal.run(run_id)
    _own_run(run, context.account)
    return run if run.state is State.OPEN else None


def _own_run(run: Run, account: Account) -> None:
    if run.account != account.key:
        raise about_account.run_of_another_account(run.id, run.account, account.key)


def _unchanged_file(run: Run) -> None:
    """Make sure that the file is the one that the run began with, if it is still there; the journal has its content.

    For a copy we know only the name, so there is no file to compare.
    """
    path = Path(run.file)
    if (
        run.kind == "apply"
        and path.is_absolute()
        and path.is_file()
        and hashlib.sha256(path.read_bytes()).hexdigest() != run.sha256
    ):
        raise about_runs.file_has_changed(path.name, run.id)


def prepare_undo(context: RunContext, to: Access, run_id: str) -> list[PreparedRun]:
    """What would undo a run, as far as the account still holds what the run left; of a run with stages one for each,
    the last first. Sends no write.

    A stopped run is recovered first, so that we know what it did; it can then no longer be resumed.
    Raises: Guarded, Denied, Unreachable.
    """
    run = _ended(context, run_id)
    stages = context.journal.stages(run_id)
    if not stages:
        return [_undo_of(context, to, run)]
    prepared: list[PreparedRun] = []
    for stage in reversed(stages):
        prepared.append(_undo_of(context, to, stage, [each.plan for each in prepared]))
    return list(_with_new_ids(prepared))


def undo_stages(context: RunContext, to: Access, run_id: str) -> Iterator[PreparedRun]:
    """The same of a run of a long list, a stage at a time: no two of them have a record in common.

    Raises: as `prepare_undo`.
    """
    _ended(context, run_id)
    for stage in context.journal.stages(run_id):
        yield _undo_of(context, to, stage)


def is_long(journal: Journal, run: Run) -> bool:
    """Whether a run is of a long list, in stages."""
    return run.endpoint != SEVERAL and bool(journal.stages(run.id))


def _ended(context: RunContext, run_id: str) -> Run:
    """The run with this id, which does not go on from now on, and of which it is known what it did."""
    run = context.journal.run(run_id)
    _own_run(run, context.account)
    if run.state is State.OPEN:
        recover(context, run)
        context.journal.leave(run.id)
    return run


def _with_new_ids(prepared: Sequence[PreparedRun]) -> Iterator[PreparedRun]:
    """The same, where records that are put back name things that are put back before them, which get new ids."""
    planned, again = PlannedIds(), dict[tuple[str, str], str]()
    for each in prepared:
        plan = each.plan
        if plan.endpoint.are_things:
            for change in plan.of(Action.CREATE):
                again[plan.endpoint.name, str(each.former_ids[change.ref])] = planned.of(
                    (plan.endpoint.name, change.key)
                )
            yield each
            continue
        renamed = {change.ref: _renamed(change, plan.endpoint, again) for change in plan.changes.values()}
        things = planned.named_in(change.key for change in renamed.values())
        run_input = dataclasses.replace(each.run_input, things=things)
        yield dataclasses.replace(each, plan=dataclasses.replace(plan, changes=renamed), run_input=run_input)


def _renamed(change: Change, endpoint: Endpoint, again: Mapping[tuple[str, str], str]) -> Change:
    """The change with the ids of the plan for the things that are put back, if it creates a record that names one."""
    if change.action is not Action.CREATE:
        return change
    made_by = endpoint.made_by
    key = tuple(
        again.get((made_by[name], text), text) if name in made_by else text
        for name, text in zip(endpoint.key, change.key, strict=True)
    )
    return change._replace(key=key)


def _undo_of(context: RunContext, to: Access, run: Run, first: Sequence[Plan] = ()) -> PreparedRun:
    """What would undo a run of one endpoint, or a stage, once the plans in `first` are carried out: two stages may have
    changed the same record.
    """
    run_id = run.id
    endpoint = endpoints.load(run.endpoint)
    results = context.journal.results(run_id)
    changes = context.journal.changes(run_id)
    done = {row: change for row, change in changes.items() if row in results and results[row].outcome in WRITTEN}
    inverses = list(inverse_changes(endpoint, done, results))
    sys.audit(AuditEvent.AFTER_UNDO_PLAN)
    existing = read_existing(to.client, RecordQuery(endpoint, [change.key for change in inverses]))
    for earlier in first:
        existing = _after(existing, earlier) if earlier.endpoint == endpoint else existing
    decisions = {change.ref: decide_if_unchanged(endpoint, change, existing) for change in inverses}
    run_input, left = _rows_of(context, run_id, frozenset(decisions)), _left_alone(context, run_id, results)
    plan = Plan(
        endpoint,
        Mode.UPSERT,
        {ref: each for ref, each in decisions.items() if isinstance(each, Change)},
        {ref: each for ref, each in decisions.items() if isinstance(each, Result)},
        notes=left,
    )
    run_input = dataclasses.replace(run_input, notes=left)
    former_ids = {change.ref: change.record_id for change in done.values() if change.record_id is not None}
    return PreparedRun(run_input, plan, to, former_ids=former_ids)


def _after(existing: ExistingRecords, plan: Plan) -> dict[Key, list[Record]]:
    """These records once the updates and removals of a plan are made."""
    updated = {change.record_id: change.fields for change in plan.of(Action.UPDATE)}
    removed = {change.record_id for change in plan.of(Action.REMOVE)}
    return {
        key: [{**each, **updated.get(str(each["id"]), {})} for each in records if str(each["id"]) not in removed]
        for key, records in existing.items()
    }


def interrupted_runs(context: RunContext) -> list[Run]:
    """The runs of this account that stopped with a request in flight, so that its outcome is unknown."""
    return [run for run in context.journal.open_runs(context.account.key) if _from_journal(context, run).is_in_doubt]


def recover(context: RunContext, run: Run) -> None:
    """Find out what a stopped run has done, by reading only.

    Raises: Guarded when that cannot be found out.
    """
    execution = _from_journal(context, run)
    for _ in execution.recover():
        pass
    if execution.is_unclear:
        raise about_runs.run_unclear(run.id)


def _from_journal(context: RunContext, run: Run) -> AnyRun:
    if run.endpoint == SEVERAL:
        return StagedRun.from_journal(run, context)
    if is_long(context.journal, run):
        return LongRun(run, context)
    return Execution.from_journal(run, endpoints.load(run.endpoint), context)


def _left_alone(context: RunContext, run_id: str, results: Mapping[CellRef, Result]) -> tuple[str, ...]:
    """A note on what the run did for people who were forgotten, if it did anything for them."""
    forgotten = unpack(context.journal.run_input(run_id)).forgotten
    count = sum(results[ref].outcome in WRITTEN for ref in forgotten if ref in results)
    return (about_forgetting.rows_left_by_undo(count),) if count else ()


def _rows_of(context: RunContext, run_id: str, refs: frozenset[CellRef]) -> RunInput:
    """The input of a run with only these rows."""
    run_input = load_run_record(context.journal, run_id).run_input
    return dataclasses.replace(
        run_input,
        refs=tuple(each for each in run_input.refs if each in refs),
        duplicates={},
        notes=(),
        other_removal_count=0,
        forgotten=frozenset(),
    )
