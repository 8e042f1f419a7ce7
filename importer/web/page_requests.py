"""What a page is asked, read with bounds, and what it answers: a page, a place to go, a file. Knows no page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response

from importer import Ambiguous, Denied, Guarded, ImporterError, Unreachable, internal_error
from importer.messages import about_program
from importer.table import letters
from importer.web.page_text import fix_of_page
from importer.web.session import Session

_LONGEST_FORM, _MOST_FIELDS = 1 << 20, 5_000
_STATUS: Mapping[type[ImporterError], HTTPStatus] = {
    Denied: HTTPStatus.FORBIDDEN,
    Guarded: HTTPStatus.CONFLICT,
    Unreachable: HTTPStatus.BAD_GATEWAY,
}


class NotHereError(Exception):
    """There is nothing of this name."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request: the names in its path, the parameters of its address, the fields of its form."""

    session: Session
    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def given(self, name: str) -> str:
        """What a field of the form says, without white space around it; empty where it says nothing."""
        return (self.form.get(name) or ("",))[0].strip()

    def ticked(self, name: str) -> bool:
        """Whether a box of the form is ticked."""
        return bool(self.given(name))

    def number(self, name: str, otherwise: int = 0) -> int:
        """A number of the address, from 0."""
        text = self.query.get(name, "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise


Page = Callable[[Call], Response]

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["fix"] = fix_of_page
_templates.filters["letters"] = letters
_templates.filters["count"] = lambda number: f"{number:,}"


def show(call: Call, name: str, status: int = HTTPStatus.OK, **values: Any) -> Response:
    """A page. Whatever comes from files or from Kantata is escaped by the template."""
    return HTMLResponse(_rendered(call, name, values), status)


def part(call: Call, name: str, **values: Any) -> str:
    """A piece of a page."""
    return _rendered(call, name, values)


def go(to: str) -> Response:
    """Go on to another page."""
    return RedirectResponse(to, HTTPStatus.SEE_OTHER)


def tell(values: Mapping[str, Any], status: int = HTTPStatus.OK) -> Response:
    """Values for the script of a page."""
    return JSONResponse(values, status)


def give(path: Path, called: str) -> Response:
    """A file to keep."""
    return FileResponse(path, filename=called, media_type="application/octet-stream")


def answering(session: Session, page: Page) -> Callable[[Request], Any]:
    """A page as the web server calls it: off the event loop, and with a sentence for whatever cannot go on."""

    async def endpoint(request: Request) -> Response:
        form = await _read_form(request)
        if form is None:
            return Response("That is too long.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, media_type="text/plain")
        call = Call(session, dict(request.path_params), dict(request.query_params), form)
        return await run_in_threadpool(_answer, call, page)

    return endpoint


def _answer(call: Call, page: Page) -> Response:
    try:
        return page(call)
    except NotHereError:
        gone = about_program.no_such_page()
        return show(call, "failed.html", HTTPStatus.NOT_FOUND, error=gone)
    except ImporterError as error:
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)
        return show(call, "failed.html", status, error=error)
    except Exception as error:  # noqa: BLE001  (the last line of defence: a person gets a sentence)
        return show(call, "failed.html", HTTPStatus.INTERNAL_SERVER_ERROR, error=internal_error(error))


def _rendered(call: Call, name: str, values: Mapping[str, Any]) -> str:
    session = call.session
    common = {"signed_in": session.signed_in, "going": session.going, "remedy": remedy}
    return _templates.get_template(name).render({**common, **values})


def remedy(error: ImporterError) -> str:
    """What a person does about it on a page: where the page itself asks, nothing needs to be said."""
    if isinstance(error, Ambiguous) and error.choices:
        return "Choose one."
    return fix_of_page(error.remedies)


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
