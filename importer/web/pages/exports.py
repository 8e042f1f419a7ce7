"""The pages of exports: what is asked for, what was written, a look at it. Holds no rule."""

from http import HTTPStatus
from pathlib import Path
from typing import cast

from starlette.responses import Response

from importer import FORMATS, Against, ExportOptions
from importer.messages import about_plans
from importer.web.exporting import KINDS, REPORTS, Exporting
from importer.web.page_requests import Call, NotHereError, give, go, part, show, tell

FILTERS = ("users", "groups", "departments", "geographies", "projects", "skills", "categories")
_REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The report is one page that is whole in itself, with its style in it; it may run and load nothing."""


def page(call: Call) -> Response:
    """What can be had, and of whom."""
    return show(
        call, "exports.html", kinds=KINDS, filters=FILTERS, formats=FORMATS, files=call.session.uploads.values()
    )


def write(call: Call) -> Response:
    """Begin to write what is asked for."""
    session, what, form = call.session, call.given("what"), call.given("form")
    if what not in KINDS or form not in FORMATS:
        raise NotHereError
    named = {name: tuple(each.strip() for each in call.given(name).split(";") if each.strip()) for name in FILTERS}
    times = {name: call.given(name) for name in ("created_after", "created_before", "updated_after", "updated_before")}
    inactive = _with_inactive(call, what)
    options = cast("ExportOptions", {**named, **times, "with_inactive": inactive, "active_only": not inactive})
    against = Against(_dropped(call, "targets"), _dropped(call, "since"))
    exporting = session.export(what)
    exporting.write(session.need_account(), options, form, against)
    return go(f"/export/{exporting.id}")


def _with_inactive(call: Call, what: str) -> bool:
    """Whether inactive people are taken in; where nothing is said, as the command line does."""
    said = call.given("inactive")
    return said == "with" if said else what not in REPORTS


def written(call: Call) -> Response:
    """What was written, to look at and to keep."""
    exporting = _exporting(call)
    now = exporting.now
    if now.doing is not None:
        return show(call, "working.html", upload=None, now=now, far=exporting.far, step="file")
    return show(call, "exported.html", exporting=exporting, now=now)


def state(call: Call) -> Response:
    """How far that is, for its page's script."""
    exporting = _exporting(call)
    now = exporting.now
    far = part(call, "far.html", now=now, far=exporting.far)
    return tell({"number": now.number, "busy": now.doing is not None, "live": far})


def file(call: Call) -> Response:
    """The file."""
    path = _exporting(call).now.path
    if path is None:
        raise about_plans.still_exporting()
    return give(path, path.name)


def look(call: Call) -> Response:
    """The report as a page."""
    path = _exporting(call).now.path
    if path is None or path.suffix != ".html":
        raise NotHereError
    html = path.read_text(encoding="utf-8")
    return Response(html, HTTPStatus.OK, {"Content-Security-Policy": _REPORT_POLICY}, media_type="text/html")


def _dropped(call: Call, name: str) -> Path | None:
    """Where the file lies that was chosen among those that were dropped."""
    upload = call.session.uploads.get(call.given(name))
    return None if upload is None else upload.now.path


def _exporting(call: Call) -> Exporting:
    exporting = call.session.exports.get(call.path["export"])
    if exporting is None:
        raise NotHereError
    return exporting
