"""From a checked file to a run: what it would change, what that takes, and the run begun. Sends nothing itself."""

import dataclasses
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from importer.kantata.connection import Access
from importer.kantata.existing_records import Wanted, count_held, read_and_count
from importer.kantata.rate_limiter import rounds_of
from importer.messages import about_plans
from importer.model import Action, CellRef, Key, Mode, Problem
from importer.pipeline import run_summary
from importer.pipeline.retention import keep
from importer.sync.journal import Run
from importer.sync.mirror_rows import add_removal_rows, describe_removal, names_wanted
from importer.sync.plan import Plan, keys_of, make_plan
from importer.sync.run import Execution, new_run_id
from importer.sync.run_context import RunContext
from importer.sync.run_input import RunInput, run_input_of
from importer.validation.account_limits import beyond_owner_limit
from importer.validation.schema import CheckedTable


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """What a run would do, compared with the account as it is now: all that is needed to begin it."""

    given: RunInput
    plan: Plan
    access: Access
    removals: Mapping[CellRef, str] = field(default_factory=dict)
    """Each removal that the file asks for, in words, by its row."""

    @property
    def writes(self) -> int:
        """How many records would be changed."""
        return sum(change.action is not Action.LEAVE for change in self.plan.changes.values())


def prepare(checked: CheckedTable, to: Access, mode: str) -> tuple[CheckedTable, PreparedRun]:
    """What the file would change in the account as it is now; and the verdict on every row, with the problems besides
    that come from what the account holds. Sends no write.

    Raises: Denied, Unreachable, Guarded.
    """
    _whole_if_mirrored(checked, Mode(mode))
    keys, endpoint = keys_of(checked), checked.table.endpoint
    held, counted = read_and_count(to.client, Wanted(endpoint, keys, with_all_of_owners=Mode(mode) is Mode.MIRROR))
    plan = make_plan(checked, keys, held, Mode(mode))
    refused = _beyond_limits(checked, plan, counted, to)
    if refused:
        checked = checked.refuse(refused)
        keys = keys_of(checked)
        plan = make_plan(checked, keys, held, Mode(mode))
    given = run_input_of(checked, plan.notes)
    removed = plan.of(Action.REMOVE)
    names = to.directory.called(names_wanted(endpoint, removed))
    if plan.beyond:
        table = add_removal_rows(checked, keys, [plan.changes[row] for row in plan.beyond], names)
        given = dataclasses.replace(given, table=table, refs=(*given.refs, *plan.beyond), beyond=len(plan.beyond))
    removals = {change.ref: describe_removal(endpoint, change, names) for change in removed}
    return checked, PreparedRun(given, plan, to, removals)


def _whole_if_mirrored(checked: CheckedTable, mode: Mode) -> None:
    """Make sure that `mirror` sees all that people have, and not only what a result workbook has left to load.

    Raises: Guarded.
    """
    if mode is Mode.MIRROR and checked.table.is_rest:
        raise about_plans.mirror_of_a_part(checked.table.source.name)


def _beyond_limits(
    checked: CheckedTable, plan: Plan, counted: Mapping[Key, int] | None, to: Access
) -> dict[CellRef, list[Problem]]:
    """What an owner would have beyond what Kantata allows; where that was not seen already, the account is asked."""
    creates = plan.of(Action.CREATE)
    if plan.endpoint.owner_limit is None or not creates:
        return {}
    if counted is None:
        counted = count_held(to.client, plan.endpoint, [change.key for change in creates])
    return beyond_owner_limit(checked, creates, counted)


def begin(ready: PreparedRun, means: RunContext, *, undoes: str | None = None) -> Execution:
    """A run of what is prepared, written down and not yet sent.

    Raises: ImporterError where that cannot be written down.
    """
    source, account, run_id = ready.given.table.source, means.account, new_run_id()
    given = ready.given if undoes else keep(ready.given, run_id, means.journal)
    if not undoes:
        for stopped in means.journal.open_runs(account.key):
            if _takes_its_place(stopped, ready):
                means.journal.leave(stopped.id)
    run = Run(
        id=run_id,
        kind="undo" if undoes else "apply",
        undoes=undoes,
        endpoint=ready.plan.endpoint.name,
        mode=ready.plan.mode.value,
        file=source.known_as,
        sheet=source.sheet,
        sha256=source.sha256,
        account=account.key,
        account_name=str(account),
        base_url=account.base_url,
        rows=len(given.refs),
        started_at=time.time(),
    )
    return Execution.begin(run, given, ready.plan.endpoint, means, ready.plan.changes, ready.plan.settled)


def _takes_its_place(stopped: Run, ready: PreparedRun) -> bool:
    """Whether what the file wants now takes the place of what it wanted when this run of it stopped.

    Of copies, two may have one name and be two files: only what is the same to the last byte is known to be the same.
    """
    source = ready.given.table.source
    this = ("apply", source.known_as, source.sheet, ready.plan.endpoint.name)
    is_same = not source.called or stopped.sha256 == source.sha256
    return is_same and (stopped.kind, stopped.file, stopped.sheet, stopped.endpoint) == this


def forecast(ready: PreparedRun) -> dict[str, float]:
    """The requests that loading takes, by method, and the seconds, from how long the account took to answer so far."""
    connection, client = ready.access.connection, ready.access.client
    writes = ready.plan.requests()
    rounds = rounds_of(sum(writes.values()), connection.workers)
    at_ceiling = sum(writes.values()) / (connection.max_rate or math.inf)
    seconds = max(rounds * client.mean_s, at_ceiling)
    return {"GET": client.sent["GET"], **writes, "seconds": round(seconds, 1)}


def forecast_sentence(ready: PreparedRun) -> str:
    """What sending takes, for a person: `322 changes in 14 requests, about 20 seconds`."""
    changes, requests = _counted(ready.writes, "change"), _counted(sum(ready.plan.requests().values()), "request")
    return f"{changes} in {requests}, {run_summary.in_words(forecast(ready)['seconds'])}"


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
