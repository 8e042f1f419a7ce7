"""The page of a plan: what a file would change, and the yes. Holds no rule."""

from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response

import importer
from importer.messages import about_plans
from importer.web.page_requests import PageRequest, go, send_file, show, show_wait
from importer.web.run_job import RunJob
from importer.web.upload import PlanChoices, PlanPreview, Upload

CHANGES_PER_PAGE = 100
MODES = {
    "upsert": "Create what is missing, and update levels that differ.",
    "add": "Create what is missing, and never change a record.",
    "mirror": "Also remove what the people (or members) in the file have and the file does not.",
}


def make(call: PageRequest) -> Response:
    """Compare the file with the account."""
    upload, session, mode = call.upload, call.session, call.field("mode")
    if mode not in MODES:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    on_conflict = "overwrite" if call.field("overwrite") else "keep"
    choices = PlanChoices(mode, bool(call.field("all_or_nothing")), on_conflict)
    upload.plan(session.need_account(), choices, session.new_folder())
    return go(call, f"/files/{upload.id}/plan")


def make_again(call: PageRequest) -> Response:
    """Compare the file with the account once more, as it was compared last."""
    upload, choices = call.upload, call.upload.state.plan_choices
    if choices is None:
        return go(call, f"/files/{upload.id}")
    upload.plan(call.session.need_account(), choices, call.session.new_folder())
    return go(call, f"/files/{upload.id}/plan")


def page(call: PageRequest) -> Response:
    """What the file would change."""
    upload = call.upload
    state = upload.state
    if state.is_busy:
        return show_wait(call, state, "plan", f"/files/{upload.id}/state")
    sent = call.session.job_of(state.sent)
    if sent is not None:  # by Back, or in another tab
        return go(call, f"/sending/{sent.id}")
    preview = state.preview
    if preview is None or preview.plan.account is not call.session.account:
        if state.error is None:
            return go(call, f"/files/{upload.id}")
        return show(call, "plan_failed.html", upload=upload, state=state)
    plan = preview.plan
    total = sum(plan.counts.get(each, 0) for each in ("create", "update", "remove"))
    first = min(call.number("change"), max(total - 1, 0))
    return show(
        call,
        "plan.html",
        step="plan",
        upload=upload,
        state=state,
        preview=preview,
        plan=plan,
        mode_meaning=MODES[preview.choices.mode],
        changes=plan.describe_changes(first, CHANGES_PER_PAGE),
        first=first,
        total=total,
        page_size=CHANGES_PER_PAGE,
    )


def workbook(call: PageRequest) -> Response:
    """The plan as a workbook, with each change approved or, if that is asked for, none."""
    upload = call.upload
    asks = call.query("approval", "given") == "ask"
    path = _preview(upload).plan.write(call.session.new_folder() / "plan.xlsx", ask_approval=asks)
    return send_file(path, importer.default_path(Path(upload.name), "plan").name)


def send(call: PageRequest) -> Response:
    """Say yes to the plan that the person saw, and begin; or show the run that an earlier yes to it began."""
    job = call.session.once(call.field("plan"), lambda: _begin(call, call.upload))
    return go(call, f"/sending/{job.id}")


def _begin(call: PageRequest, upload: Upload) -> RunJob:
    """Begin the run of the plan that the person saw.

    Raises: Guarded when it is no longer the file's plan, or a removal or a likely mistake was not confirmed.
    """
    preview = _preview(upload)
    plan = preview.plan
    if call.field("plan") != preview.name or plan.account is not call.session.account:
        raise about_plans.not_the_last_plan()
    removals, is_held_back = len(plan.removals), preview.is_held_back
    if removals and not is_held_back and call.field("removals").replace(",", "") != str(removals):
        raise about_plans.removals_not_confirmed(removals)
    accepted = call.form.get("accept", ())
    if not is_held_back and any(each.code.value not in accepted for each in plan.anomalies):
        raise about_plans.mistake_not_confirmed()
    if not upload.change(lambda before: replace(before, preview=None, sent=preview.name)):
        raise about_plans.still_reading()
    again = f"/files/{upload.id}/plan/again"
    return call.session.send(plan.account, f"apply {upload.name}", preview.run, again)


def _preview(upload: Upload) -> PlanPreview:
    preview = upload.state.preview
    if preview is None:
        raise about_plans.plan_is_gone()
    return preview
