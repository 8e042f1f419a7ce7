"""The pages of runs: the progress, the result, the history, finishing one, undoing one. Holds no rule."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from importer import Outcome, Run, duration_in_words
from importer.messages import about_plans, about_runs
from importer.messages.modes import MODES
from importer.web.page_requests import PageRequest, go, render_part, send_file, send_state, send_values, show, show_wait
from importer.web.page_text import next_steps, run_title
from importer.web.run_job import RunJob
from importer.web.undo_preview import UndoPreview

RUNS_PER_PAGE = 20
PROBLEMS_PER_PAGE = LINES_PER_PAGE = 100
_UNDOABLE = frozenset({Outcome.CREATED.value, Outcome.UPDATED.value, Outcome.REMOVED.value, Outcome.UNKNOWN.value})
"""The outcomes that an undo reverses, or may have to."""


def progress_page(call: PageRequest) -> Response:
    """A run while it is under way; its result once it has ended."""
    job = call.item(call.session.run_jobs, "sending")
    if job.report is not None:
        return go(call, f"/runs/{job.report.run}")
    if job.error is not None:
        return show(call, "run_failed.html", HTTPStatus.CONFLICT, job=job, step="send", tab_title=_title(job))
    return show(call, "run_progress.html", step="send", tab_title=_title(job), **_progress_values(job))


def progress_state(call: PageRequest) -> Response:
    """The progress of a run, for its page's script."""
    job = call.item(call.session.run_jobs, "sending")
    progress, busy = job.progress, job.is_active
    said = "Stopping" if job.is_stopping else progress.waiting or f"{10 * progress.tenths} percent done"
    live = render_part("progress.html", **_progress_values(job))
    return send_values({"number": int(not busy), "busy": busy, "live": live, "said": said, "title": _title(job)})


def _title(job: RunJob) -> str:
    """What the tab of a run says: how far it is, then what became of it. It is read while another tab is in front."""
    if job.report is not None:
        return f"{_ending(job.report.counts, is_open=job.report.details.is_open)} · {job.name}"
    if job.error is not None:
        return f"{'⚠ Not finished' if job.run_id else '✕ Not sent'} · {job.name}"
    return f"{job.progress.percent} % · {job.name}"


def _ending(counts: Mapping[str, int], *, is_open: bool) -> str:
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "no rows"
    return f"⚠ Not finished: {told}" if is_open else f"✓ Done: {told}"


def stop(call: PageRequest) -> Response:
    """Send nothing more; what is in flight is settled."""
    job = call.item(call.session.run_jobs, "sending")
    job.stop()
    return go(call, f"/sending/{job.id}")


def history(call: PageRequest) -> Response:
    """Every run of this machine, the latest first."""
    first = call.number("first")
    runs = call.session.runs()
    lines = [_history_line(call, run) for run in runs[first : first + RUNS_PER_PAGE]]
    return show(call, "runs.html", lines=lines, first=first, total=len(runs), page_size=RUNS_PER_PAGE)


def page(call: PageRequest) -> Response:
    """What became of a run."""
    job = call.session.active_run(call.path("run"))
    if job is not None:
        return go(call, f"/sending/{job.id}")
    report = call.session.report(call.path("run"))
    run, counts = report.details, report.counts
    return show(
        call,
        "run.html",
        step="result",
        report=report,
        run=run,
        title=run_title(run),
        tab_title=f"{_ending(counts, is_open=run.is_open)} · {report.name}",
        mode=MODES.get(run.mode),
        when=_local_time(run),
        duration=duration_in_words(report.seconds),
        bars=_bars(counts),
        next_steps=next_steps(report),
        problems=report.problem_list,
        first=call.number("problem"),
        page_size=PROBLEMS_PER_PAGE,
        is_ours=_is_ours(call, run),
        can_undo=any(counts[each] for each in _UNDOABLE),
    )


def result_workbook(call: PageRequest) -> Response:
    """The result workbook of a run, written again."""
    report = call.session.report(call.path("run"))
    path = report.write(call.session.new_folder() / "result.xlsx")
    return send_file(path, report.default_name(path.suffix))


def resume(call: PageRequest) -> Response:
    """Finish a run that stopped."""
    run_id = call.path("run")
    job = call.session.active_run(run_id) or call.session.resume(run_id)
    return go(call, f"/runs/{run_id}" if job is None else f"/sending/{job.id}")


def plan_undo(call: PageRequest) -> Response:
    """Find out what the undo of a run would change."""
    run_id = call.path("run")
    if call.session.active_run(run_id) is not None:
        raise about_runs.run_goes_on(run_id)
    return go(call, f"/undo/{call.session.preview_undo(run_id).id}")


def undo_page(call: PageRequest) -> Response:
    """What the undo of a run would change."""
    preview = call.item(call.session.undo_previews, "preview")
    state, sent = preview.state, call.session.job_of(preview.id)
    if sent is not None:  # by Back, or in another tab
        return go(call, f"/sending/{sent.id}")
    if state.is_busy:
        return show_wait(call, state, "plan", f"/undo/{preview.id}")
    chosen = None if state.lines is None else state.lines.filter()
    total = 0 if chosen is None else len(chosen)
    first = min(call.number("line"), max(total - 1, 0))
    return show(
        call,
        "undo.html",
        preview=preview,
        state=state,
        plan=state.plan,
        lines=[] if chosen is None else chosen.lines(first, LINES_PER_PAGE),
        first=first,
        total=total,
        page_size=LINES_PER_PAGE,
    )


def undo_state(call: PageRequest) -> Response:
    """The state of the preview of an undo, for its page's script."""
    return send_state(call.item(call.session.undo_previews, "preview").state)


def send_undo(call: PageRequest) -> Response:
    """Say yes to an undo, and begin; or show the run that an earlier yes to it began."""
    preview = call.item(call.session.undo_previews, "preview")
    job = call.session.once(preview.id, lambda: _begin_undo(call, preview))
    return go(call, f"/sending/{job.id}")


def _begin_undo(call: PageRequest, preview: UndoPreview) -> RunJob:
    """Begin the undo that the person saw.

    Raises: Guarded when it was looked at anew since.
    """
    state = preview.state
    if state.plan is None:
        raise about_plans.undo_unknown()
    if call.field("plan") != str(state.number):
        raise about_plans.not_the_last_plan()
    activity, retry = f"Undoing run {preview.run_id}", f"/runs/{preview.run_id}/undo"
    return call.session.send(state.plan.account, activity, preview.run, name=state.plan.name, retry=retry)


def _progress_values(job: RunJob) -> dict[str, Any]:
    progress = job.progress
    left = None if progress.left_s is None else duration_in_words(progress.left_s)
    return {"job": job, "progress": progress, "left": left}


def _local_time(run: Run) -> str:
    return f"{datetime.fromtimestamp(run.started_at):%Y-%m-%d %H:%M}"  # noqa: DTZ006  (for a person: local time)


def _history_line(call: PageRequest, run: Run) -> dict[str, object]:
    job = call.session.active_run(run.id)
    outcomes: Mapping[str, int] | Mapping[Outcome, int] = {}
    if job is None:  # reading all rows of twenty long runs takes long
        outcomes = call.session.report(run.id).counts if run.outcomes is None else run.outcomes
    counts = {str(name): count for name, count in outcomes.items() if count}
    is_ours = _is_ours(call, run)
    return {
        "run": run, "title": run_title(run), "when": _local_time(run), "job": job, "counts": counts,
        "can_resume": run.is_open and is_ours, "can_undo": is_ours and not _UNDOABLE.isdisjoint(counts),
    }  # fmt: skip


def _is_ours(call: PageRequest, run: Run) -> bool:
    account = call.session.account
    return account is not None and account.owner.key == run.account


def _bars(counts: Mapping[str, int]) -> list[dict[str, object]]:
    """Each outcome of some rows, with the length of its bar in hundredths of the longest."""
    most = max(counts.values(), default=0)
    return [
        {"name": name, "count": count, "length": max(round(100 * count / most), 1), "name_id": name.replace(" ", "-")}
        for name, count in counts.items()
        if count
    ]
