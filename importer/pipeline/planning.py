"""Prepares a run: what it would change, and how many requests that takes. Sends no write.

Knows what belongs to a run; the order of the steps is in `importer.pipeline`.
"""

import dataclasses
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from importer.audit_events import AuditEvent
from importer.kantata.connection import Access
from importer.kantata.existing_records import (
    NO_COUNTS,
    ExistingRecords,
    ReadCounts,
    RecordQuery,
    count_by_owner,
    read_existing,
    read_existing_and_count,
)
from importer.messages import about_plans
from importer.model import Action, CellRef, Key, Mode, Problem, Result
from importer.pipeline.creation import PER_PERSON, Creation
from importer.pipeline.new_records import beyond_limit, complete, in_use
from importer.pipeline.retention import keep
from importer.planned_ids import has_planned, without_planned
from importer.sync.executor import split_into_batches
from importer.sync.journal_entries import Run
from importer.sync.merge import NO_MERGE, Merge, OnConflict
from importer.sync.mirror_rows import add_removal_rows, describe_removal, names_in_keys
from importer.sync.plan import Plan
from importer.sync.result_base import base_before
from importer.sync.run import Execution, new_run_id
from importer.sync.run_context import RunContext
from importer.sync.run_input import RunInput, run_input_of
from importer.sync.staged_run import SEVERAL, StagedRun
from importer.sync.undo import decide_if_unchanged
from importer.validation.account_limits import owner_limit_problems
from importer.validation.schema import CheckedTable


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """Everything that a run needs to begin: its input and its plan, compared with the account.

    `checked` is the table to load; an undo has none.
    """

    run_input: RunInput
    plan: Plan
    access: Access
    removals: Mapping[CellRef, str] = field(default_factory=dict)
    """A description of each removal, by its row."""
    checked: CheckedTable | None = None
    to_approve: tuple[int, int] | None = None
    """Of a plan from its workbook, how many lines are approved, and how many there are to approve."""
    former_ids: Mapping[CellRef, str] = field(default_factory=dict)
    """Of an undo, the ids that the run's records had."""
    read_counts: ReadCounts = NO_COUNTS
    """How many records came along when the account was read for the plan."""

    @property
    def writes(self) -> int:
        """How many records would be changed."""
        return len(self.plan.changes) - self.plan.counts[Action.LEAVE]


@dataclass(frozen=True, slots=True)
class AccountRecords:
    """The records of the account that have the keys of a table; in `mirror`, all records of the owners.

    `owner_counts` is how many records each owner has, or None if it was not counted; `read_counts` how many records
    came along.
    """

    records: ExistingRecords
    owner_counts: Mapping[Key, int] | None
    read_counts: ReadCounts = NO_COUNTS


def check_mirror(checked: CheckedTable, mode: Mode) -> None:
    """Make sure that `mirror` loads a whole file, and not the remaining rows of a result workbook.

    Raises: Guarded.
    """
    if mode is Mode.MIRROR and checked.table.is_rest:
        raise about_plans.mirror_of_a_part(checked.table.source.name)
    if mode is Mode.MIRROR and checked.table.endpoint.are_things:
        raise about_plans.mirror_of_things(checked.table.endpoint.name)


def read_account_records(checked: CheckedTable, access: Access, mode: Mode, merge: Merge = NO_MERGE) -> AccountRecords:
    """Read the records that the table is compared with.

    Raises: Denied, Unreachable.
    """
    sys.audit(AuditEvent.BEFORE_PLAN)
    is_mirror = mode is Mode.MIRROR
    is_compared = merge.base is not None and not checked.table.is_rest
    outlined = checked.outlined_keys.values() if is_mirror or is_compared else ()
    # What names a thing that does not exist yet is not there either.
    keys = without_planned((*checked.keys, *outlined, *merge.cleared))
    query = RecordQuery(
        checked.table.endpoint, keys, with_all_of_owners=is_mirror, every_pair=is_compared, with_times=merge.is_there
    )
    records = AccountRecords(*read_existing_and_count(access.client, query))
    sys.audit(AuditEvent.AFTER_ACCOUNT_READ)
    return records


def find_limit_problems(
    checked: CheckedTable, plan: Plan, existing: AccountRecords, access: Access, creation: Creation
) -> tuple[Plan, dict[CellRef, list[Problem]]]:
    """The plan whose new things have all that they need, and the problems of rows that cannot be sent so: new things
    that lack something or for which there is no room, things in use that would be removed, owners with too much.

    Raises: Ambiguous where only a person knows what new things need; Denied, Unreachable.
    """
    if not plan.endpoint.are_things:
        return plan, _owner_limit_problems(checked, plan, existing, access, creation)
    plan, lacking = complete(checked, plan, creation)
    there = len(access.directory.things(plan.endpoint))
    return plan, lacking | beyond_limit(checked, plan, there, creation) | in_use(checked, plan, access)


def _owner_limit_problems(
    checked: CheckedTable, plan: Plan, existing: AccountRecords, access: Access, creation: Creation
) -> dict[CellRef, list[Problem]]:
    """The problems of rows that would give an owner more records than Kantata allows."""
    creates, counts = plan.of(Action.CREATE), existing.owner_counts
    limit = creation.limits.get(PER_PERSON, plan.endpoint.owner_limit)
    if plan.endpoint.owner_limit is None or limit is None or not creates:
        return {}
    if counts is None:
        counts = count_by_owner(access.client, plan.endpoint, [change.key for change in creates])
    return owner_limit_problems(checked, creates, counts, limit)


def prepare_run(checked: CheckedTable, plan: Plan, access: Access) -> PreparedRun:
    """The plan with what else a run needs: its input, and a description of each removal.

    Raises: Denied, Unreachable.
    """
    endpoint, removed = plan.endpoint, plan.of(Action.REMOVE)
    run_input = dataclasses.replace(
        run_input_of(checked, plan.notes),
        base=base_before(plan, access.account.key),
        keeps_changes=plan.merge.is_there and plan.merge.on_conflict is OnConflict.KEEP,
    )
    names = access.directory.names_by_id(names_in_keys(endpoint, removed))
    if plan.other_removals:
        changes = [plan.changes.get(row) or plan.conflicts[row] for row in plan.other_removals]
        table, refs = (
            add_removal_rows(checked, changes, names),
            (*run_input.refs, *plan.other_removals),
        )
        run_input = dataclasses.replace(run_input, table=table, refs=refs, other_removal_count=len(plan.other_removals))
    removals = {change.ref: describe_removal(endpoint, change, names) for change in removed}
    return PreparedRun(run_input, plan, access, removals, checked)


def refresh(prepared: PreparedRun) -> PreparedRun:
    """Compare the plan with the account again: a record that has changed since is kept, as a conflict.

    Raises: Denied, Unreachable.
    """
    plan = prepared.plan
    pending = [
        change for change in plan.changes.values() if change.action is not Action.LEAVE and not has_planned(change.key)
    ]
    existing = read_existing(prepared.access.client, RecordQuery(plan.endpoint, [change.key for change in pending]))
    decisions = (
        (each.ref, decide_if_unchanged(plan.endpoint, each, existing, "this plan was made")) for each in pending
    )
    results = {ref: decision for ref, decision in decisions if isinstance(decision, Result)}
    changes = {ref: change for ref, change in plan.changes.items() if ref not in results}
    return dataclasses.replace(
        prepared, plan=dataclasses.replace(plan, changes=changes, results={**plan.results, **results})
    )


def begin_stages(prepared: Sequence[PreparedRun], context: RunContext, *, undoes: str | None = None) -> StagedRun:
    """A new run of several stages, recorded in the journal with all of them at once. Sends nothing.

    Raises: ImporterError where that cannot be written down.
    """
    parts = [describe_start(each, context, undoes) for each in prepared]
    first, _ = parts[-1]
    whole = dataclasses.replace(first, endpoint=SEVERAL, sheet=None, rows=sum(run.rows for run, _ in parts))
    _close_replaced_by_stages(whole, prepared, context)
    stages = []
    for number, ((run, run_input), each) in enumerate(zip(parts, prepared, strict=True), 1):
        part = dataclasses.replace(run, id=f"{whole.id}.{number}", part_of=whole.id, stage=number)
        batches = split_into_batches(each.plan.changes.values(), each.plan.endpoint)
        stages.append(Execution.drafted(part, run_input, context, each.plan, batches))
    return StagedRun.begin(whole, context, stages)


def _close_replaced_by_stages(whole: Run, prepared: Sequence[PreparedRun], context: RunContext) -> None:
    """Close the stopped runs of the same files, which this run replaces."""
    if whole.kind == "apply":
        for stopped in context.journal.open_runs(context.account.key):
            if any(_replaces(each, stopped) for each in prepared):
                context.journal.leave(stopped.id)


def describe_start(prepared: PreparedRun, context: RunContext, undoes: str | None) -> tuple[Run, RunInput]:
    """A new run for the journal, and its input. A file that is only a copy is saved beside the journal.

    Raises: ImporterError when it cannot be saved there.
    """
    sys.audit(AuditEvent.BEFORE_RUN)
    run_id, source, account = new_run_id(context.journal), prepared.run_input.table.source, context.account
    run = Run(
        id=run_id,
        kind="undo" if undoes else "apply",
        undoes=undoes,
        endpoint=prepared.plan.endpoint.name,
        mode=prepared.plan.mode.value,
        file=source.identity,
        sheet=source.sheet,
        sha256=source.sha256,
        account=account.key,
        account_name=str(account),
        base_url=account.base_url,
        rows=len(prepared.run_input.refs),
        started_at=time.time(),
    )
    return run, prepared.run_input if undoes else keep(prepared.run_input, run_id, context.journal)


def close_replaced_runs(run: Run, prepared: PreparedRun, context: RunContext) -> None:
    """Close the stopped runs of the same file, which this run replaces: they cannot be resumed any more."""
    if run.kind == "apply":
        for stopped in context.journal.open_runs(context.account.key):
            if _replaces(prepared, stopped):
                context.journal.leave(stopped.id)


def _replaces(prepared: PreparedRun, stopped: Run) -> bool:
    """Whether a run of this file replaces the stopped run.

    Two copies may have the same name and be different files, so copies must be equal byte for byte.
    """
    source = prepared.run_input.table.source
    this = ("apply", source.identity, source.sheet, prepared.plan.endpoint.name)
    is_same = not source.copy_name or stopped.sha256 == source.sha256
    if stopped.endpoint == SEVERAL:
        return is_same and (stopped.kind, stopped.file) == this[:2]
    return is_same and (stopped.kind, stopped.file, stopped.sheet, stopped.endpoint) == this
