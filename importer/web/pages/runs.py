"""The pages of runs: while one goes on, what became of it, going on with it, putting it back. Holds no rule."""

import time
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.responses import Response

from importer import pipeline
from importer.messages import about_plans, about_runs
from importer.messages.phrases import describe_run, plan_counts
from importer.model import TO_FIX, Outcome
from importer.pipeline import run_summary
from importer.sync.journal import Run, State
from importer.web.page_requests import Call, NotHereError, give, go, part, show, tell
from importer.web.page_text import next_steps
from importer.web.sending import Sending
from importer.web.undo_preview import TakingBack

RUNS_SHOWN = 20
PROBLEMS_SHOWN = 100
_UNDONE = frozenset({Outcome.CREATED, Outcome.UPDATED, Outcome.REMOVED, Outcome.UNKNOWN})
"""What is put back, or may have to be."""


def sending(call: Call) -> Response:
    """A run while it goes on; its result once it has come to its end."""
    going = _sending(call)
    if going.ended is not None:
        return go(f"/runs/{going.ended.run.id}")
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
    with pipeline.open_journal(call.desk.connection.settings) as journal:
        every = journal.runs()
    listed = [_listed(call, each) for each in every[first : first + RUNS_SHOWN]]
    return show(call, "runs.html", runs=listed, first=first, total=len(every), shown_at_once=RUNS_SHOWN)


def run(call: Call) -> Response:
    """What became of a run."""
    run_id = call.path["run"]
    going = call.desk.sending_of(run_id)
    if going is not None:
        return go(f"/sending/{going.id}")
    end = call.desk.ended(run_id)
    problems = run_summary.problems_of(end)
    first = call.number("problem")
    return show(
        call, "run.html", end=end, run=end.run, told=describe_run(end.run), when=_when(end.run), step="result",
        counts=_bars(end), problems=problems, first=first, shown_at_once=PROBLEMS_SHOWN,
        differences=run_summary.differences_of(end), next_steps=next_steps(end),
        is_open=end.run.state is State.OPEN, is_ours=_is_ours(call, end.run),
        can_undo=any(end.counts[each] for each in _UNDONE),
        took=run_summary.in_words(end.seconds), requests={name: count for name, count in end.requests.items() if count},
        to_fix=sum(end.counts[each] for each in TO_FIX),
    )  # fmt: skip


def result(call: Call) -> Response:
    """The result workbook of a run, written again."""
    end = call.desk.ended(call.path["run"])
    kind = "undo" if end.run.kind == "undo" else "result"
    path = pipeline.write_result_workbook(end, call.desk.new_folder() / "result.xlsx").path
    return give(path, f"{Path(end.given.table.source.name).stem}.{kind}{path.suffix}")


def resume(call: Call) -> Response:
    """Go on with a run that stopped."""
    run_id = call.path["run"]
    going = call.desk.sending_of(run_id)
    if going is None:
        going = call.desk.send(
            pipeline.clone_access(call.desk.need_access()), f"resume {run_id}", call.desk.begin_resume(run_id)
        )
    return go(f"/sending/{going.id}")


def undo(call: Call) -> Response:
    """Find out what would put a run back."""
    run_id = call.path["run"]
    if call.desk.sending_of(run_id) is not None:
        raise about_runs.run_goes_on(run_id)
    return go(f"/undo/{call.desk.take_back(run_id).id}")


def taking(call: Call) -> Response:
    """What would put a run back."""
    taken = _taking(call)
    now = taken.now
    if now.doing is not None:
        return show(call, "working.html", upload=None, far=None, now=now, step="plan")
    ready = now.ready
    values: dict[str, Any] = {} if ready is None else {
        "counts": plan_counts(ready.plan), "account": ready.access.account, "writes": ready.writes,
        "forecast": pipeline.forecast_sentence(ready), "rows": len(ready.given.refs),
        "file": ready.given.table.source.name,
    }  # fmt: skip
    return show(call, "undo.html", taking=taken, now=now, ready=ready, **values)


def taking_state(call: Call) -> Response:
    """How far that is, for its page's script."""
    now = _taking(call).now
    return tell({"number": now.number, "busy": now.doing is not None})


def take_back(call: Call) -> Response:
    """Say yes, and put the run back."""
    taken = _taking(call)
    ready = taken.now.ready
    if ready is None:
        raise about_plans.undo_unknown()
    call.desk.takings.pop(taken.id, None)
    return go(f"/sending/{call.desk.send(ready.access, f'undo {taken.run_id}', taken.begin()).id}")


def _sending(call: Call) -> Sending:
    going = call.desk.sendings.get(call.path["sending"])
    if going is None:
        raise NotHereError
    return going


def _taking(call: Call) -> TakingBack:
    taken = call.desk.takings.get(call.path["taking"])
    if taken is None:
        raise NotHereError
    return taken


def _progress(going: Sending) -> dict[str, Any]:
    progress = going.progress
    left = None if progress.left_s is None else run_summary.in_words(progress.left_s)
    return {"progress": progress, "left": left, "took": run_summary.in_words(time.time() - progress.since)}


def _when(each: Run) -> str:
    return f"{datetime.fromtimestamp(each.started_at):%Y-%m-%d %H:%M}"  # noqa: DTZ006  (for a person: local time)


def _listed(call: Call, each: Run) -> dict[str, object]:
    going = call.desk.sending_of(each.id)
    counts = {} if going else each.outcomes  # reading all rows of twenty long runs takes long
    if counts is None:
        counts = {name: count for name, count in call.desk.ended(each.id).counts.items() if count}
    is_ours = _is_ours(call, each)
    return {
        "run": each, "told": describe_run(each), "when": _when(each), "going": going,
        "counts": {name.value: count for name, count in counts.items()},
        "is_open": each.state is State.OPEN and is_ours, "can_undo": is_ours and not _UNDONE.isdisjoint(counts),
    }  # fmt: skip


def _is_ours(call: Call, each: Run) -> bool:
    access = call.desk.access
    return access is not None and access.account.key == each.account


def _bars(end: run_summary.RunSummary) -> list[dict[str, object]]:
    """Each outcome that a row came to, with the length of its bar in hundredths of the longest."""
    counts = {outcome.value: count for outcome, count in end.counts.items() if count}
    most = max(counts.values(), default=1)
    return [
        {"name": name, "count": count, "length": max(round(100 * count / most), 1), "name_id": name.replace(" ", "-")}
        for name, count in counts.items()
    ]
