"""The plan of tables, as one of a single stage or of several: checks each, compares it, looks for accidents.

Knows which steps a plan takes; the order of stages is in `staged_planning`. Sends no write.
"""

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from importer.kantata.connection import Access
from importer.model import Action, Change, Mode
from importer.pipeline.anomaly_check import check_anomalies, last_input_on_disk
from importer.pipeline.approval import plan_of_file
from importer.pipeline.check_result import CheckResult
from importer.pipeline.input_table import InputTable
from importer.pipeline.long_list import is_long
from importer.pipeline.long_plan import LongPlan, plan_long_list
from importer.pipeline.missing_things import NewThing
from importer.pipeline.name_resolution import check_owner
from importer.pipeline.plan_file import PlanFile
from importer.pipeline.planning import PreparedRun
from importer.pipeline.run_plan import RunPlan
from importer.pipeline.staged_plan import StagedPlan
from importer.pipeline.staged_planning import PlannedStage, PlanOptions, check_input, plan_stages
from importer.planned_ids import Thing, is_planned
from importer.sync.handing_on import MadeThings, hand_on
from importer.sync.merge import OnConflict

if TYPE_CHECKING:
    from importer.pipeline.account import Account

OnUnclearNames = Callable[[CheckResult], bool]
"""Called where names wait for a choice; returns whether some were made in `check.aliases`: then it is checked again."""


def plan_tables(
    account: "Account",
    tables: Sequence[InputTable],
    mode: str,
    on_conflict: str,
    on_unclear_names: OnUnclearNames | None = None,
) -> RunPlan:
    """Compare tables with what the account holds now: things first, then what names them.

    Raises: Denied, Unreachable; Guarded for a workbook of another account, or a mirror of a part; Ambiguous where only
    a person knows what new skills need.
    """
    access = account.own_access()
    if any(table.plan is not None for table in tables):
        return _of_workbook(account, tables, access)
    options = PlanOptions(tables[0].creation, Mode(mode), OnConflict(on_conflict), on_unclear_names)
    if len(tables) == 1 and is_long(tables[0].parsed, options.mode) and not options.creation.endpoints:
        return _of_long_list(account, tables[0], access, options)
    planned = plan_stages(tables, access, options)
    anomalies = {
        at: check_anomalies(each.prepared, last_input_on_disk(each.prepared))
        for at, each in enumerate(planned)
        if each.position is not None
    }
    if len(planned) == 1:
        return RunPlan(account, planned[0].prepared, index=tables[0].index, anomalies=anomalies[0])
    return StagedPlan(
        account, planned, anomalies=anomalies, indexes={at: table.index for at, table in enumerate(tables)}
    )


def _of_long_list(account: "Account", table: InputTable, access: Access, options: PlanOptions) -> LongPlan:
    """The plan of a list that is too long to be planned at once."""
    checked, has_answers = check_input(table, access, options)
    if has_answers:
        checked, _ = check_input(table, access, dataclasses.replace(options, on_unclear_names=None))
    return plan_long_list(account, CheckResult(checked, table.index), access, options, table.index)


def _of_workbook(account: "Account", tables: Sequence[InputTable], access: Access) -> RunPlan:
    """The plan that a workbook holds, as far as its lines are approved."""
    for table in tables:
        check_owner(table.parsed, access.account)
    plans = [table.plan for table in tables if table.plan is not None]
    prepared, there = [], MadeThings()
    for each in plans:
        stage = plan_of_file(_with_ids(each, there), access)
        prepared.append(stage)
        there = there.with_stage(stage.plan.endpoint, each.changes, stage.plan.results)
    if len(plans) == 1:
        return RunPlan(account, prepared[0], anomalies=plans[0].anomalies)
    stages = [
        PlannedStage(each, None, _new_things(each)) if plan.is_new else PlannedStage(each, at)
        for at, (plan, each) in enumerate(zip(plans, prepared, strict=True))
    ]
    return StagedPlan(account, stages, anomalies={at: each.anomalies for at, each in enumerate(plans)})


def _new_things(stage: PreparedRun) -> tuple[NewThing, ...]:
    """What a stage makes of which no table is a list."""
    endpoint = stage.plan.endpoint
    return tuple(
        NewThing(endpoint.name, {name: str(value) for name, value in endpoint.key_fields(change.key).items()})
        for change in stage.plan.of(Action.CREATE)
    )


def _with_ids(file: PlanFile, there: MadeThings) -> PlanFile:
    """The plan with the ids of things that it was to make, and that the account has by now.

    What names them may be there as well, which only their ids can tell: a plan that is applied again is compared with
    what it made, and is not counted as new.
    """
    named = [change for change in file.changes.values() if all(of in there.ids for of in _things_in(change, file))]
    handed = hand_on(named, file.things, there).changes
    return dataclasses.replace(file, changes={**file.changes, **{each.ref: each for each in handed}})


def _things_in(change: Change, file: PlanFile) -> list[Thing]:
    """The things of an earlier stage that a line names by ids of the plan."""
    return [file.things[part] for part in change.key if is_planned(part)]
