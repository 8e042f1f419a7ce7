"""The page of a plan: what a file would change, and the yes. Holds no rule."""

from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

import importer
from importer.messages import about_plans
from importer.messages.modes import MODES
from importer.web.page_requests import PageRequest, go, send_file, show, show_wait
from importer.web.plan_preview import PlanChoices, PlanPreview
from importer.web.run_job import RunJob
from importer.web.upload import Upload

LINES_PER_PAGE = 100
ALL_CHANGES = "changes"
"""What is shown at first: every line that changes a record."""


def make(call: PageRequest) -> Response:
    """Compare the file with the account."""
    upload, session, mode = call.upload, call.session, call.field("mode")
    if mode not in MODES:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    on_conflict = "overwrite" if call.field("overwrite") else "keep"
    choices = PlanChoices(mode, bool(call.field("all_or_nothing")), on_conflict)
    upload.plan(session.need_account(), choices, session.new_folder())
    return go(call, f"/files/{upload.id}/plan")


def page(call: PageRequest) -> Response:
    """What the file would change."""
    upload = call.upload
    state = upload.state
    if state.is_busy:
        return show_wait(call, state, "plan", f"/files/{upload.id}")
    sent = call.session.job_of(state.sent)
    if sent is not None:  # by Back, or in another tab
        return go(call, f"/sending/{sent.id}")
    preview = state.preview
    if preview is None or preview.plan.account is not call.session.account:
        if state.error is None:
            return go(call, f"/files/{upload.id}")
        return show(call, "plan_failed.html", upload=upload, state=state)
    return show(
        call,
        "plan.html",
        step="plan",
        upload=upload,
        state=state,
        preview=preview,
        plan=preview.plan,
        mode=MODES[preview.choices.mode],
        conflicts=preview.lines.filter(("conflict",)).lines(0, LINES_PER_PAGE),
        removals=preview.lines.filter(("remove",)).lines(0, LINES_PER_PAGE),
        page_size=LINES_PER_PAGE,
        **_chosen_lines(call, preview),
    )


def _chosen_lines(call: PageRequest, preview: PlanPreview) -> dict[str, Any]:
    """The lines that the person looks at, a page of them, and the tabs that lead to the others."""
    changes = sum(preview.counts.get(each, 0) for each in importer.CHANGE_ACTIONS)
    tabs = {**({ALL_CHANGES: changes} if changes else {}), **preview.counts}
    shown = call.query("show")
    if shown not in tabs:
        shown = next((name for name, count in tabs.items() if count), ALL_CHANGES)
    who, what = call.query("who").strip(), call.query("what").strip()
    actions = importer.CHANGE_ACTIONS if shown == ALL_CHANGES else (shown,)
    chosen = preview.lines.filter(actions, who, what)
    first = min(call.number("line"), max(len(chosen) - 1, 0))
    names = {name: text for name, text in (("who", who), ("what", what)) if text}
    return {
        "tabs": [(name, count, urlencode({"show": name, **names})) for name, count in tabs.items()],
        "shown": shown, "who": who, "what": what, "first": first, "total": len(chosen),
        "lines": chosen.lines(first, LINES_PER_PAGE), "keep": urlencode({"show": shown, **names}),
    }  # fmt: skip


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
    return call.session.send(plan.account, f"Loading {upload.name}", preview.run, name=upload.name, retry=again)


def _preview(upload: Upload) -> PlanPreview:
    preview = upload.state.preview
    if preview is None:
        raise about_plans.plan_is_gone()
    return preview
