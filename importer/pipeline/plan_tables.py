"""The plan of tables, as one of a single stage or of several: checks each, compares it, looks for accidents.

Knows which steps a plan takes; the order of stages is in `staged_planning`. Sends no write.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from importer.kantata.connection import Access
from importer.model import Mode
from importer.pipeline.anomaly_check import check_anomalies, last_input_on_disk
from importer.pipeline.approval import plan_of_file
from importer.pipeline.check_result import CheckResult
from importer.pipeline.input_table import InputTable
from importer.pipeline.name_resolution import check_owner
from importer.pipeline.run_plan import RunPlan
from importer.pipeline.staged_plan import StagedPlan
from importer.pipeline.staged_planning import PlannedStage, PlanOptions, plan_stages
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


def _of_workbook(account: "Account", tables: Sequence[InputTable], access: Access) -> RunPlan:
    """The plan that a workbook holds, as far as its lines are approved."""
    for table in tables:
        check_owner(table.parsed, access.account)
    plans = [table.plan for table in tables if table.plan is not None]
    prepared = [plan_of_file(each, access) for each in plans]
    if len(plans) == 1:
        return RunPlan(account, prepared[0], anomalies=plans[0].anomalies)
    stages = [PlannedStage(each, at) for at, each in enumerate(prepared)]
    return StagedPlan(account, stages, anomalies={at: each.anomalies for at, each in enumerate(plans)})
