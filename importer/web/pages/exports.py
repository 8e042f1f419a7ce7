"""The pages of exports: the form, the file, a look at it. Holds no rule."""

from http import HTTPStatus
from pathlib import Path
from typing import cast

from starlette.exceptions import HTTPException
from starlette.responses import Response

from importer import FORMATS, Against, ExportOptions
from importer.messages import about_plans
from importer.web.export_job import KINDS, REPORTS
from importer.web.page_requests import PageRequest, go, render_part, send_file, send_state, show, show_wait, split_names

FILTERS = ("users", "groups", "departments", "geographies", "projects", "skills", "categories")
TIMES = ("created_after", "created_before", "updated_after", "updated_before")
_REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The report is one page that is whole in itself, with its style in it; it may run and load nothing."""


def form_page(call: PageRequest) -> Response:
    """What can be exported, and the filters."""
    files = call.session.uploads.values()
    return show(call, "exports.html", kinds=KINDS, filters=FILTERS, formats=FORMATS, files=files)


def write(call: PageRequest) -> Response:
    """Begin to write an export."""
    what, form = call.field("what"), call.field("form")
    if what not in KINDS or form not in FORMATS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    names = {name: split_names(call.field(name)) for name in FILTERS}
    times = {name: call.field(name) for name in TIMES}
    inactive = _with_inactive(call, what)
    options = cast("ExportOptions", {**names, **times, "with_inactive": inactive, "active_only": not inactive})
    against = Against(_upload_path(call, "targets"), _upload_path(call, "since"))
    job = call.session.export(what)
    job.write(call.session.need_account(), options, form, against)
    return go(call, f"/export/{job.id}")


def _with_inactive(call: PageRequest, what: str) -> bool:
    """Whether inactive people are taken in; where nothing is chosen, as the command line does."""
    choice = call.field("inactive")
    return choice == "with" if choice else what not in REPORTS


def page(call: PageRequest) -> Response:
    """The export, to look at and to keep."""
    job = call.item(call.session.exports, "export")
    state = job.state
    if state.is_busy:
        return show_wait(call, state, "file", f"/export/{job.id}", job.progress)
    return show(call, "export.html", job=job, state=state)


def state(call: PageRequest) -> Response:
    """The state of an export, for its page's script."""
    job = call.item(call.session.exports, "export")
    live = render_part("export_progress.html", state=job.state, progress=job.progress)
    return send_state(job.state, live=live)


def file(call: PageRequest) -> Response:
    """The file."""
    path = call.item(call.session.exports, "export").state.path
    if path is None:
        raise about_plans.still_exporting()
    return send_file(path, path.name)


def look(call: PageRequest) -> Response:
    """The report as a page."""
    path = call.item(call.session.exports, "export").state.path
    if path is None or path.suffix != ".html":
        raise HTTPException(HTTPStatus.NOT_FOUND)
    html = path.read_text(encoding="utf-8")
    return Response(html, HTTPStatus.OK, {"Content-Security-Policy": _REPORT_POLICY}, media_type="text/html")


def _upload_path(call: PageRequest, name: str) -> Path | None:
    """The path of the file that was chosen among those of this session."""
    upload = call.session.uploads.get(call.field(name))
    return None if upload is None else upload.state.path
