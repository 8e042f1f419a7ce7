"""The pages by their addresses. Knows where each is, and nothing of what it shows."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from importer.web.page_requests import Call, NotHereError, Page, answering
from importer.web.pages import exports, files, runs, start, templates
from importer.web.session import Session
from importer.web.uploading import receiving

_STATIC = Path(__file__).parent / "static"

_PAGES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/", start.page),
    ("POST", "/account", start.choose),
    ("GET", "/files/{file}", files.page),
    ("GET", "/files/{file}/state", files.state),
    ("GET", "/files/{file}/rows", files.rows),
    ("POST", "/files/{file}/reading", files.reread),
    ("POST", "/files/{file}/cell", files.mend),
    ("POST", "/files/{file}/again", files.again),
    ("POST", "/files/{file}/meanings", files.remember),
    ("POST", "/files/{file}/columns", files.rename),
    ("GET", "/files/{file}/mended", files.mended),
    ("POST", "/files/{file}/plan", files.plan),
    ("GET", "/files/{file}/plan", files.planned),
    ("GET", "/files/{file}/planned", files.plan_workbook),
    ("POST", "/files/{file}/send", files.send),
    ("GET", "/sending/{sending}", runs.sending),
    ("GET", "/sending/{sending}/state", runs.state),
    ("POST", "/sending/{sending}/stop", runs.stop),
    ("GET", "/runs", runs.history),
    ("GET", "/runs/{run}", runs.run),
    ("GET", "/runs/{run}/result", runs.result),
    ("POST", "/runs/{run}/resume", runs.resume),
    ("POST", "/runs/{run}/undo", runs.undo),
    ("GET", "/undo/{preview}", runs.undo_preview),
    ("GET", "/undo/{preview}/state", runs.undo_state),
    ("POST", "/undo/{preview}/send", runs.put_back),
    ("GET", "/export", exports.page),
    ("POST", "/export", exports.write),
    ("GET", "/export/{export}", exports.written),
    ("GET", "/export/{export}/state", exports.state),
    ("GET", "/export/{export}/file", exports.file),
    ("GET", "/export/{export}/look", exports.look),
    ("GET", "/templates", templates.templates),
    ("GET", "/templates/workbook", templates.template),
)


def application(session: Session) -> Starlette:
    """The pages of one start."""
    routes = [Route(path, answering(session, page), methods=[method]) for method, path, page in _PAGES]
    upload = Route("/files", receiving(session), methods=["POST"])
    static = Mount("/static", StaticFiles(directory=_STATIC))
    return Starlette(routes=[upload, *routes, static], exception_handlers={404: _no_page(session)})


def _no_page(session: Session) -> Callable[[Request, Exception], Awaitable[Response]]:
    def nowhere(_call: Call) -> Response:
        raise NotHereError

    shown = answering(session, nowhere)

    async def handler(request: Request, _error: Exception) -> Response:
        answer: Response = await shown(request)
        return answer

    return handler
