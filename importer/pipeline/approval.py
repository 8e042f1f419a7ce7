"""What is sent of a plan that was read from its workbook: the lines that say yes, where the account still holds what it
held when the plan was made. Sends no write.
"""

import dataclasses
from collections.abc import Sequence

from importer.base import Base, Held, base_of
from importer.kantata.connection import Access
from importer.kantata.existing_records import RecordQuery, read_existing
from importer.messages import about_plans
from importer.model import Action, CellRef, Change, Key, Outcome, Problem, Result
from importer.pipeline.creation import NOTHING
from importer.pipeline.plan_file import PlanFile
from importer.pipeline.planning import AccountRecords, PreparedRun, find_limit_problems
from importer.planned_ids import without_planned
from importer.sync.mirror_rows import describe_removal, names_in_keys
from importer.sync.plan import Plan
from importer.sync.run_input import run_input_of
from importer.sync.undo import decide_if_unchanged

_SINCE = "this plan was made"


def plan_of_file(file: PlanFile, access: Access) -> PreparedRun:
    """The lines of a plan that are to be sent, and the result of every other line.

    Raises: Denied, Unreachable.
    """
    checked, endpoint = file.checked, file.checked.table.endpoint
    wanted = [change for change in _in_order(file) if _is_sent(file, change)]
    keys = without_planned(change.key for change in wanted)
    existing = read_existing(access.client, RecordQuery(endpoint, keys))
    changes: dict[CellRef, Change] = {}
    results = dict(file.results)
    for change in _in_order(file):
        if change.action is Action.LEAVE:
            changes[change.ref] = change
        elif not _is_sent(file, change):
            if change.ref not in results:
                results[change.ref] = Result(
                    Outcome.NOT_SENT, change.record_id, (Problem.of(about_plans.not_approved(), change.ref),)
                )
        else:
            decision = decide_if_unchanged(endpoint, change, existing, _SINCE)
            results.pop(change.ref, None)
            if isinstance(decision, Change):
                changes[change.ref] = decision
            else:
                results[change.ref] = decision
    plan = Plan(endpoint, file.mode, changes, results, _notes(file))
    plan, refused = find_limit_problems(checked, plan, AccountRecords(existing, None), access, NOTHING)
    if refused:
        left = {ref: change for ref, change in plan.changes.items() if ref not in refused}
        over = {ref: Result(Outcome.INVALID, problems=tuple(some)) for ref, some in refused.items()}
        plan = dataclasses.replace(plan, changes=left, results={**results, **over})
    run_input = dataclasses.replace(
        run_input_of(checked, (*plan.notes, *file.notes)),
        base=_base(file, plan),
        keeps_changes=True,
        things=file.things,
        is_new=file.is_new,
    )
    removed = plan.of(Action.REMOVE)
    names = access.directory.names_by_id(names_in_keys(endpoint, removed)) if removed else {}
    removals = {change.ref: describe_removal(endpoint, change, names) for change in removed}
    return PreparedRun(run_input, plan, access, removals, checked, to_approve=_to_approve(file))


def _in_order(file: PlanFile) -> Sequence[Change]:
    return [file.changes[ref] for ref in sorted(file.changes)]


def _is_sent(file: PlanFile, change: Change) -> bool:
    return change.action is not Action.LEAVE and change.ref in file.approved


def _to_approve(file: PlanFile) -> tuple[int, int]:
    """How many lines are approved, and how many there are to approve."""
    lines = [change for change in file.changes.values() if change.action is not Action.LEAVE]
    return sum(change.ref in file.approved for change in lines), len(lines)


def _notes(file: PlanFile) -> tuple[str, ...]:
    approved, lines = _to_approve(file)
    deleted = [about_plans.lines_deleted(file.deleted)] if file.deleted else []
    made = [] if file.is_new else [file.provenance]
    return (*made, about_plans.lines_approved(approved, lines, file.title), *deleted)


def _base(file: PlanFile, plan: Plan) -> Base:
    """What the account held before the run: of lines that are not sent what it held when the plan was made."""
    held: dict[Key, Held] = {
        change.key: None if change.action is Action.CREATE else change.before
        for ref, change in file.changes.items()
        if change.action is not Action.LEAVE and ref not in plan.changes
    }
    for ref, result in plan.results.items():
        if result.outcome is Outcome.CONFLICT and ref in file.changes:
            held[file.changes[ref].key] = result.before
    later = base_of(plan.endpoint, file.base.account, file.made_at, held.items())
    return file.base.overlaid(later) if held else file.base
