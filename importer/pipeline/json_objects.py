"""The objects that `--json` prints and `to_dict()` gives: what a check, a plan or a run says, as JSON can hold it.

Knows their keys, which are a contract; decides nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from importer.coordinates import address
from importer.endpoints.header import column_header
from importer.model import Mode, Problem
from importer.pipeline import run_summary
from importer.set_aside import SetAside
from importer.sync.anomalies.anomaly import Anomaly
from importer.sync.journal_entries import Attempt, Run
from importer.sync.plan import Plan
from importer.table import SheetSummary
from importer.text import fold
from importer.validation.schema import CheckedTable


def check_object(checked: CheckedTable) -> dict[str, Any]:
    """What `check --json` prints."""
    table = checked.table
    return {
        "endpoint": table.endpoint.name,
        "layout": table.layout,
        "file": table.source.display_path,
        "sheet": table.source.sheet,
        "header_row": table.header_row,
        "rows": len(checked.values),
        "valid": len(checked.valid) + len(checked.duplicates),
        "invalid": len(checked.invalid),
        "columns": {table.header(name): column_header(column) for name, column in table.used.items()},
        **_sheets_object(table.summaries),
        "set_aside": [set_aside_object(each) for each in table.set_aside],
        "ignored_columns": [table.header(column.name) for column in table.ignored],
        "aliases": None if checked.aliases is None else str(checked.aliases),
        "notes": list(checked.notes),
        "problems": [problem_object(problem) for problem in checked.problems],
    }


def _sheets_object(sheets: Sequence[SheetSummary]) -> dict[str, Any]:
    """What was taken of each sheet; of matrices also how many people, skills and levels there are in all."""
    objects = [
        {"sheet": each.sheet, "header_row": each.header_row, "rows": each.rows}
        | ({name: len(getattr(each, name)) for name in ("people", "skills", "categories")} if each.skills else {})
        | {"header_cells": each.header_cells, "record_cells": each.record_cells}
        for each in sheets
    ]
    if not any(each.skills for each in sheets):
        return {"sheets": objects}
    people = {name for each in sheets for name in each.people}
    skills = {fold(name) for each in sheets for name in each.skills}
    levels = sum(each.rows for each in sheets)
    return {"sheets": objects, "people": len(people), "skills": len(skills), "levels": levels}


def set_aside_object(aside: SetAside) -> dict[str, Any]:
    """Cells of a sheet that are not loaded, and why."""
    return {
        "sheet": aside.sheet,
        "place": aside.place,
        "text": aside.text,
        "reason": aside.reason.value,
        "cells": aside.cells,
    }


def plan_object(mode: Mode, counts: Mapping[str, int], forecast: Mapping[str, float]) -> dict[str, Any]:
    """What `plan --json` prints beside the object of `check`."""
    return {
        "mode": mode.value,
        "changes": {name: counts.get(name, 0) for name in ("create", "update", "unchanged", "remove")},
        "forecast": dict(forecast),
    }


def merge_object(plan: Plan) -> dict[str, Any]:
    """How a plan was compared with what the account held when its file was written, in what `plan --json` prints."""
    base = plan.merge.base
    is_compared = plan.merge.is_there
    return {
        "compared": is_compared,
        "since": None if base is None else base.taken_at,
        "kept": len(plan.kept) + plan.kept_besides,
        "conflicts": len(plan.conflicts),
    }


def anomaly_object(anomaly: Anomaly) -> dict[str, str]:
    """One thing that looks like an accident."""
    return {"code": anomaly.code.value, "message": anomaly.message, "fix": anomaly.fix}


def problem_object(problem: Problem) -> dict[str, Any]:
    """One problem with its place."""
    return {
        "code": problem.code,
        **({} if problem.file is None else {"file": problem.file}),
        "sheet": problem.sheet,
        "cell": problem.cell,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "message": problem.message,
        "fix": problem.fix,
    }


def report_object(end: run_summary.RunSummary, result: str | None) -> dict[str, Any]:
    """What `apply`, `resume` and `undo` print with --json; `result` is where the result workbook is."""
    source, receipt = end.run_input.table.source, end.verification
    return {
        "run": end.run.id,
        "kind": end.run.kind,
        "undoes": end.run.undoes,
        "state": end.run.state.value,
        "endpoint": end.run.endpoint,
        "mode": end.run.mode,
        "file": source.display_path,
        "sheet": source.sheet,
        "account": {"name": end.run.account_name, "key": end.run.account},
        "rows": len(end.run_input.refs),
        "beyond_file": end.run_input.other_removal_count,
        "outcomes": {outcome.value: count for outcome, count in end.counts.items()},
        "requests": dict(end.requests),
        "seconds": round(end.seconds, 3),
        "result": result,
        "verified": None if receipt is None else receipt.is_verified,
        "differences": [problem_object(each) for each in receipt.differences] if receipt else [],
        "stopped": None if end.stop_reason is None else str(end.stop_reason),
        "next": run_summary.next_steps(end),
        "aliases": end.run_input.aliases,
        "set_aside": [set_aside_object(each) for each in end.run_input.set_aside],
        "notes": list(end.run_input.all_notes),
        "problems": [problem_object(problem) for problem in run_summary.problems_of(end)],
    }


def run_object(run: Run) -> dict[str, Any]:
    """One run in what `runs --json` prints."""
    return {
        "run": run.id,
        "kind": run.kind,
        "undoes": run.undoes,
        "state": run.state.value,
        "endpoint": run.endpoint,
        "mode": run.mode,
        "file": run.file,
        "sheet": run.sheet,
        "account": run.account,
        "account_name": run.account_name,
        "rows": run.rows,
        "started": run.started_at,
        "finished": run.finished_at,
        "requests": dict(run.requests or {}),
    }


def attempt_object(attempt: Attempt) -> dict[str, Any]:
    """One write that was about to leave, in what `show --json` prints."""
    return {
        "action": attempt.action.value,
        "rows": [each.row if each.column is None else address(each.row, each.column) for each in attempt.refs],
        "sent": attempt.sent_at,
        "answered": attempt.answered_at,
        "status": attempt.status,
        "request_id": attempt.request_id,
        "verdict": attempt.verdict,
    }
