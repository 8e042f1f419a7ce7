"""Who may ask, before anything is read of what they ask: the person who started the page.

Any website that a browser on this machine shows could send requests here. So the host, the origin and a secret must all
be right. Knows no page of ours.
"""

import secrets
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEY = "key"
"""The parameter of the opened address that holds the secret."""

_SAFE_METHODS = frozenset({"GET", "HEAD"})
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
_REFUSAL = """<!doctype html><html lang="en"><meta charset="utf-8"><title>importer</title>
<h1>This page is for whoever started it</h1>
<p>Open the address that the program showed when it started, with the key in it.</p></html>"""


class AuthMiddleware:
    """The application behind a lock. `key` is the secret in the address, which is exchanged for a cookie."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self._cookie = f"importer_{port}"  # cookies do not know ports, and another start may run beside this one
        self._session = secrets.token_urlsafe(32)
        self.key = secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._handle(scope, receive, send)
        else:  # we have no sockets, so whoever opens one is nobody of ours
            await send({"type": "websocket.close", "code": 1008})

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        answer = self._answer(request)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await (answer or self._app)(scope, receive, send_with_headers)

    def _answer(self, request: Request) -> Response | None:
        """What a request gets that does not come through; None where it does."""
        if not self._is_ours(request):
            return _refuse()
        if _same(request.cookies.get(self._cookie, ""), self._session):
            return RedirectResponse("/", HTTPStatus.SEE_OTHER) if KEY in request.query_params else None
        if request.url.path == "/" and _same(request.query_params.get(KEY, ""), self.key):
            response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
            response.set_cookie(self._cookie, self._session, httponly=True, samesite="strict")
            return response
        return _refuse()

    def _is_ours(self, request: Request) -> bool:
        """Whether its host is this machine, and its origin a page of ours if it has one.

        The host gives away a name that another site points to this machine, the origin a page of another site.
        """
        if request.headers.getlist("host") != [host := request.headers.get("host", "")] or host not in self._hosts:
            return False
        origins = request.headers.getlist("origin")
        if not origins:
            return request.method in _SAFE_METHODS and request.headers.get("sec-fetch-site") != "cross-site"
        return all(origin == f"http://{host}" for origin in origins)


def _refuse() -> Response:
    return Response(_REFUSAL, HTTPStatus.FORBIDDEN, media_type="text/html")


def _same(text: str, secret: str) -> bool:
    return secrets.compare_digest(text.encode(), secret.encode())
