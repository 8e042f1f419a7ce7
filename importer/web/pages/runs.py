"""The pages of runs: while one goes on, what became of it, going on with it, putting it back. Holds no rule."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.responses import Response

from importer import Outcome, Run, describe_run, duration_in_words
from importer.messages import about_plans, about_runs
from importer.web.page_requests import Call, NotHereError, give, go, part, show, tell
from importer.web.page_text import next_steps
from importer.web.sending import Sending
from importer.web.undo_preview import UndoPreview

RUNS_SHOWN = 20
PROBLEMS_SHOWN = 100
_UNDONE = frozenset({Outcome.CREATED.value, Outcome.UPDATED.value, Outcome.REMOVED.value, Outcome.UNKNOWN.value})
"""What is put back, or may have to be."""


def sending(call: Call) -> Response:
    """A run while it goes on; its result once it has come to its end."""
    going = _sending(call)
    if going.report is not None:
        return go(f"/runs/{going.report.run}")
    if going.failed is not None:
        return show(call, "stopped.html", 409, sending=going, run_id=going.run_id, step="send")
    return show(call, "sending.html", sending=going, step="send", **_progress(going))


def state(call: Call) -> Response:
    """How far a run is, for its page's script."""
    going = _sending(call)
    progress, busy = going.progress, going.is_going
    said = "Stopping" if going.is_stopping else progress.waiting or f"{10 * progress.tenths} percent done"
    live = part(call, "progress.html", sending=going, **_progress(going))
    return tell({"number": int(not busy), "busy": busy, "live": live, "said": said})


def stop(call: Call) -> Response:
    """Send nothing more; what is in flight is settled."""
    going = _sending(call)
    going.stop()
    return go(f"/sending/{going.id}")


def history(call: Call) -> Response:
    """Every run of this machine, the latest first."""
    first = call.number("first")
    every = call.session.runs()
    listed = [_listed(call, each) for each in every[first : first + RUNS_SHOWN]]
    return show(call, "runs.html", runs=listed, first=first, total=len(every), shown_at_once=RUNS_SHOWN)


def run(call: Call) -> Response:
    """What became of a run."""
    run_id = call.path["run"]
    going = call.session.sending_of(run_id)
    if going is not None:
        return go(f"/sending/{going.id}")
    report = call.session.report(run_id)
    end, run, counts = report.summary, report.summary.run, report.counts
    first = call.number("problem")
    return show(
        call, "run.html", end=end, run=run, told=describe_run(run), when=_when(run), step="result",
        counts=_bars(counts), problems=report.problem_list, first=first, shown_at_once=PROBLEMS_SHOWN,
        differences=report.differences, next_steps=next_steps(end),
        is_open=run.is_open, is_ours=_is_ours(call, run), can_undo=any(counts[each] for each in _UNDONE),
        took=duration_in_words(end.seconds), requests={name: count for name, count in end.requests.items() if count},
        to_fix=report.to_fix,
    )  # fmt: skip


def result(call: Call) -> Response:
    """The result workbook of a run, written again."""
    report = call.session.report(call.path["run"])
    path = report.write(call.session.new_folder() / "result.xlsx")
    return give(path, report.default_name(path.suffix))


def resume(call: Call) -> Response:
    """Go on with a run that stopped."""
    run_id = call.path["run"]
    going = call.session.sending_of(run_id) or call.session.resume(run_id)
    return go(f"/sending/{going.id}")


def undo(call: Call) -> Response:
    """Find out what would put a run back."""
    run_id = call.path["run"]
    if call.session.sending_of(run_id) is not None:
        raise about_runs.run_goes_on(run_id)
    return go(f"/undo/{call.session.preview_undo(run_id).id}")


def undo_preview(call: Call) -> Response:
    """What would put a run back."""
    preview = _preview(call)
    now = preview.now
    if now.doing is not None:
        return show(call, "working.html", upload=None, far=None, now=now, step="plan")
    plan = now.plan
    values: dict[str, Any] = {} if plan is None else {
        "counts": plan.counts, "account": plan.account.name, "writes": plan.writes,
        "forecast": plan.forecast_sentence, "rows": plan.rows, "file": plan.name,
    }  # fmt: skip
    return show(call, "undo.html", preview=preview, now=now, plan=plan, **values)


def undo_state(call: Call) -> Response:
    """How far that is, for its page's script."""
    now = _preview(call).now
    return tell({"number": now.number, "busy": now.doing is not None})


def put_back(call: Call) -> Response:
    """Say yes, and put the run back."""
    preview = _preview(call)
    plan = preview.now.plan
    if plan is None:
        raise about_plans.undo_unknown()
    call.session.undo_previews.pop(preview.id, None)
    return go(f"/sending/{call.session.send(plan.account, f'undo {preview.run_id}', preview.run).id}")


def _sending(call: Call) -> Sending:
    going = call.session.sendings.get(call.path["sending"])
    if going is None:
        raise NotHereError
    return going


def _preview(call: Call) -> UndoPreview:
    preview = call.session.undo_previews.get(call.path["preview"])
    if preview is None:
        raise NotHereError
    return preview


def _progress(going: Sending) -> dict[str, Any]:
    progress = going.progress
    left = None if progress.left_s is None else duration_in_words(progress.left_s)
    return {"progress": progress, "left": left, "took": duration_in_words(time.time() - progress.since)}


def _when(each: Run) -> str:
    return f"{datetime.fromtimestamp(each.started_at):%Y-%m-%d %H:%M}"  # noqa: DTZ006  (for a person: local time)


def _listed(call: Call, each: Run) -> dict[str, object]:
    going = call.session.sending_of(each.id)
    known: Mapping[str, int] | Mapping[Outcome, int] = {}
    if going is None:  # reading all rows of twenty long runs takes long
        known = call.session.report(each.id).counts if each.outcomes is None else each.outcomes
    counts = {str(name): count for name, count in known.items() if count}
    is_ours = _is_ours(call, each)
    return {
        "run": each, "told": describe_run(each), "when": _when(each), "going": going, "counts": counts,
        "is_open": each.is_open and is_ours, "can_undo": is_ours and not _UNDONE.isdisjoint(counts),
    }  # fmt: skip


def _is_ours(call: Call, each: Run) -> bool:
    account = call.session.account
    return account is not None and account.owner.key == each.account


def _bars(counts: Mapping[str, int]) -> list[dict[str, object]]:
    """Each outcome that a row came to, with the length of its bar in hundredths of the longest."""
    counts = {name: count for name, count in counts.items() if count}
    most = max(counts.values(), default=1)
    return [
        {"name": name, "count": count, "length": max(round(100 * count / most), 1), "name_id": name.replace(" ", "-")}
        for name, count in counts.items()
    ]
