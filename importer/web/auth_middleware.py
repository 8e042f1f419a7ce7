"""Who may ask, before anything is read of what they ask: the person who started the page.

Any website that a browser on this machine shows could send requests here, and so could any other person who works on
this machine. So the host, the origin, the path and a secret must all be right. Knows no page of ours.
"""

from html import escape
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from importer import ImporterError
from importer.messages import about_program
from importer.web.credentials import LONGEST_IDLE_S, Credentials

KEY = "key"
"""The parameter of the opened address that holds the secret."""

_SAFE_METHODS = frozenset({"GET", "HEAD"})
_LOOKS_AHEAD = ("sec-purpose", "purpose", "x-purpose", "x-moz")
"""Headers by which browsers say that nobody has opened the address yet."""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With no-referrer, a browser would not tell the origin of a form either.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_HTML = '<!doctype html><html lang="en"><meta charset="utf-8"><title>importer</title>'


class AuthMiddleware:
    """The application behind a lock. It is served below the path of the credentials, and learns that as `root_path`."""

    def __init__(self, app: ASGIApp, port: int, credentials: Credentials) -> None:
        self._app = app
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self._credentials = credentials
        self._home = f"{credentials.path}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._handle(scope, receive, send)
        else:  # we have no sockets, so whoever opens one is nobody of ours
            await send({"type": "websocket.close", "code": 1008})

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._answer(Request(scope))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if answer is None:
            await self._app({**scope, "root_path": self._credentials.path}, receive, send_with_headers)
        else:
            await answer(scope, receive, send_with_headers)

    def _answer(self, request: Request) -> Response | None:
        """What a request gets that does not come through; None where it does."""
        credentials, path = self._credentials, request.scope["path"]
        if not self._names_us(request) or not credentials.is_below(path):
            return _refuse(about_program.not_your_page())
        is_home = path in (credentials.path, self._home)
        key = request.query_params.get(KEY, "") if is_home else ""
        is_entry = credentials.is_key(key) and _is_opened(request)
        if credentials.is_cookie(request.cookies.get(credentials.cookie_name, "")):
            if not _is_of_our_page(request):
                return _refuse(about_program.not_your_page())
        elif not is_entry:
            is_used = credentials.is_used_key(key)
            return _refuse(about_program.address_was_used() if is_used else about_program.not_your_page())
        if not credentials.use():
            return _refuse(about_program.page_is_over(LONGEST_IDLE_S / 3600))
        if is_entry:
            return self._let_in(request, key)
        return RedirectResponse(self._home, HTTPStatus.SEE_OTHER) if key or path == credentials.path else None

    def _let_in(self, request: Request, key: str) -> Response:
        """The cookie, and the way to the first page."""
        response: Response = RedirectResponse(self._home, HTTPStatus.SEE_OTHER)
        if request.headers.get("sec-fetch-site") == "cross-site":
            # The file that opens the browser is of no site, and a browser that was sent here by what is of another
            # site would follow a redirect without the cookie. So a page of ours sends it on.
            html = f'{_HTML}<meta http-equiv="refresh" content="0; url={self._home}"><a href="{self._home}">Go on</a>'
            response = Response(html, media_type="text/html")
        name, path = self._credentials.cookie_name, self._credentials.path
        response.set_cookie(name, self._credentials.exchange(key), path=path, httponly=True, samesite="strict")
        return response

    def _names_us(self, request: Request) -> bool:
        """Whether it names this machine as its host: another site may have a name that points here."""
        hosts = request.headers.getlist("host")
        return len(hosts) == 1 and hosts[0] in self._hosts


def _is_of_our_page(request: Request) -> bool:
    """Whether its origin, if it has one, is a page of ours, and not a page of another site."""
    origins = request.headers.getlist("origin")
    if not origins:
        return request.method in _SAFE_METHODS and request.headers.get("sec-fetch-site") != "cross-site"
    return all(origin == f"http://{request.headers['host']}" for origin in origins)


def _is_opened(request: Request) -> bool:
    """Whether a person has opened the address, rather than a program that looks what is behind a link."""
    return (
        request.method == "GET"
        and request.headers.get("sec-fetch-mode", "navigate") == "navigate"
        and request.headers.get("sec-fetch-dest", "document") == "document"
        and not any(name in request.headers for name in _LOOKS_AHEAD)
    )


def _refuse(why: ImporterError) -> Response:
    html = f"{_HTML}<h1>{escape(why.message)}</h1><p>{escape(why.fix)}</p>"
    # Closed, so that nobody keeps a connection on which they are refused.
    return Response(html, HTTPStatus.FORBIDDEN, {"Connection": "close"}, media_type="text/html")
