"""What a browser asks for, read with bounds, and the answers: a page, another address, a file. Knows no page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.templating import Jinja2Templates

import importer
from importer import (
    Ambiguous,
    Denied,
    Guarded,
    ImporterError,
    Unreachable,
    column_letters,
    count_of,
    internal_error,
)
from importer.messages import about_program
from importer.web.background_job import JobState
from importer.web.page_help import about_page
from importer.web.page_text import other_fix, page_fix, page_notes, sets
from importer.web.session import Session
from importer.web.upload import Upload

_LONGEST_FORM, _MOST_FIELDS = 1 << 20, 5_000
_STATUS: Mapping[type[ImporterError], HTTPStatus] = {
    Denied: HTTPStatus.FORBIDDEN,
    Guarded: HTTPStatus.CONFLICT,
    Unreachable: HTTPStatus.BAD_GATEWAY,
}
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One request, with the fields of its form."""

    request: Request
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def session(self) -> Session:
        """What the program has at hand since it was started."""
        session: Session = self.request.app.state.session
        return session

    def path(self, name: str) -> str:
        """A part of the address's path."""
        return str(self.request.path_params[name])

    def query(self, name: str, default: str = "") -> str:
        """A parameter of the address."""
        return self.request.query_params.get(name, default)

    def number(self, name: str) -> int:
        """A parameter of the address that is a number from 0; 0 where there is none."""
        text = self.query(name)
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    def field(self, name: str) -> str:
        """The text in a field of the form, without white space around it; empty where there is none."""
        return (self.form.get(name) or ("",))[0].strip()

    @property
    def upload(self) -> Upload:
        """The file whose id is a part of the address's path.

        Raises: HTTPException 404 when there is none.
        """
        return self.item(self.session.uploads, "file")

    def item(self, items: Mapping[str, Item], name: str) -> Item:
        """The item whose id is this part of the address's path.

        Raises: HTTPException 404 when there is none.
        """
        item = items.get(self.path(name))
        if item is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return item


Page = Callable[[PageRequest], Response]


def error_fix(error: ImporterError) -> str:
    """What a person does about an error on a page: where the page itself asks, nothing needs to be said."""
    if isinstance(error, Ambiguous) and error.answers:
        return "Choose one."
    return page_fix(error.remedies)


def split_names(text: str) -> tuple[str, ...]:
    """The names in a field that takes several with semicolons."""
    return tuple(each.strip() for each in text.split(";") if each.strip())


def root_path(request: Request) -> str:
    """The path below which the pages are served; empty where that is the whole address."""
    return str(request.scope.get("root_path", ""))


def _session_values(request: Request) -> dict[str, Any]:
    """What every page shows."""
    session: Session = request.app.state.session
    return {
        "root": root_path(request),
        "account_state": session.account_state,
        "active_runs": session.active_runs,
    }


_templates = Jinja2Templates(
    env=jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ),
    context_processors=[_session_values],
)
_templates.env.filters |= {
    "fix": page_fix,
    "other_fix": other_fix,
    "said": page_notes,
    "sets": sets,
    "error_fix": error_fix,
    "letters": column_letters,
    "count": "{:,}".format,
    "count_of": count_of,
}


def show(call: PageRequest, name: str, status: int = HTTPStatus.OK, **values: Any) -> Response:
    """A page. Whatever comes from files or from Kantata is escaped by the template."""
    values |= {"about": about_page(name), "samples": importer.SAMPLE_FILES}
    return _templates.TemplateResponse(call.request, name, values, status)


def show_wait(call: PageRequest, state: JobState, step: str, path: str, progress: object = None) -> Response:
    """The page that waits until a job is done, whose address is `path`: below it are its state, for the page's script,
    and where it is given up.
    """
    return show(call, "wait.html", state=state, step=step, path=path, progress=progress)


def send_state(state: JobState, **values: Any) -> Response:
    """The state of a job, for the script of the page that waits."""
    return send_values({"number": state.number, "busy": state.is_busy, **values})


def render_part(name: str, **values: Any) -> str:
    """A piece of a page."""
    return _templates.get_template(name).render(values)


def go(call: PageRequest, to: str) -> Response:
    """Go on to another page, by its path below that of the pages."""
    return RedirectResponse(root_path(call.request) + to, HTTPStatus.SEE_OTHER)


def send_values(values: Mapping[str, Any], status: int = HTTPStatus.OK) -> Response:
    """Values for the script of a page."""
    return JSONResponse(values, status)


def send_file(path: Path, name: str) -> Response:
    """A file to keep, under this name."""
    return FileResponse(path, filename=name, media_type="application/octet-stream")


def endpoint(page: Page) -> Callable[[Request], Any]:
    """A page as the web server calls it: off the event loop, and with a sentence for a fault of ours."""

    async def answer(request: Request) -> Response:
        form = await _read_form(request)
        if form is None:
            return Response("That is too long.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, media_type="text/plain")
        return await run_in_threadpool(_answer, PageRequest(request, form), page)

    return answer


def _answer(call: PageRequest, page: Page) -> Response:
    try:
        return page(call)
    except (HTTPException, ImporterError):
        raise
    except Exception as error:  # noqa: BLE001  (the last line of defence: a person gets a sentence)
        return show(call, "failed.html", HTTPStatus.INTERNAL_SERVER_ERROR, error=internal_error(error))


def show_error(request: Request, error: Exception) -> Response:
    """The page that says why the program could not go on, and what to do."""
    status: int = HTTPStatus.NOT_FOUND
    if isinstance(error, ImporterError):
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)
    else:
        error = about_program.no_such_page()
    return show(PageRequest(request), "failed.html", status, error=error)


async def _read_form(request: Request) -> dict[str, tuple[str, ...]] | None:
    """The fields of a form; None where it is longer than any form of ours."""
    body = b""
    if request.method != "POST":
        return {}
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM:
            return None
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    return {name: tuple(values) for name, values in fields.items()}
