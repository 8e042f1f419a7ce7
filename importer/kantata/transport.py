"""One request, one answer, or the reason why there is none. Knows HTTP and the token; repeats nothing."""

import contextlib
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlsplit

import orjson
import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.cookies import RequestsCookieJar

from importer import __version__
from importer.audit_events import AuditEvent
from importer.messages import about_account

CONNECT_TIMEOUT_S = 15.0
LONGEST_URL = 2000
"""Characters of a URL that every server takes; Kantata's own limit is not documented."""
ERROR_NAMES = ("errors", "error_message", "error")
"""Where the words of a refusal may stand in an answer."""

Query = Iterable[tuple[str, str]]

_NEVER_LEFT = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NameResolutionError,
)


@dataclass(frozen=True, slots=True)
class Response:
    """What came back for one request.

    `status` is None when no whole answer came; then `fault` says why in a few words, and `never_left` is true
    only if the request certainly did not reach the server. `data` is the decoded JSON, None where there is none.
    """

    method: str
    status: int | None
    data: Any = None
    is_json: bool = False
    is_html: bool = False
    request_id: str | None = None
    retry_after: str | None = None
    fault: str = ""
    never_left: bool = False
    took_s: float = 0.0
    """The seconds until it began to come. How long we then take to read a large one says nothing of the server."""
    date: str | None = None
    """The server's clock, as its header says it."""

    @property
    def ok(self) -> bool:
        """Whether the server did what was asked, and its answer can be read."""
        if self.status == requests.codes.no_content:
            return True
        refused = isinstance(self.data, dict) and any(name in self.data for name in ERROR_NAMES)
        return self.status is not None and 200 <= self.status < 300 and self.is_json and not refused

    @property
    def in_doubt(self) -> bool:
        """Whether a write that got this answer may have happened: no answer, an error of the server, or a 2xx cut."""
        if self.status is None:
            return not self.never_left
        return self.status >= 500 or (200 <= self.status < 300 and not self.is_json and self.status != 204)


class _Bearer(AuthBase):
    """The token, or none. Given as `auth`, so that no `.netrc` of the machine takes its place."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Transport:
    """A connection to one account, or without a token to what is public. Threads may share it; `sent` counts the
    requests that left, by method, and `took_s` the seconds that they took together.

    TLS is always verified, redirects are never followed (one could carry the token to another host), no cookie
    is kept. Proxies and certificate bundles named in the environment are obeyed, except for this machine itself.

    Raises: Usage when the base URL would carry the token in the open.
    """

    def __init__(self, base_url: str, token: str | None, *, timeout_s: float, connections: int) -> None:
        self.base_url = base_url.rstrip("/")
        local = _check_base_url(self.base_url)
        self.sent: Counter[str] = Counter()
        self.took_s = 0.0
        self._counting = threading.Lock()
        self._token = token
        self._connections = connections
        self._timeout = (min(CONNECT_TIMEOUT_S, timeout_s), timeout_s)
        self._session = requests.Session()
        self._session.auth = _Bearer(token)
        self._session.trust_env = not local
        self._session.cookies = _NoCookies()
        self._session.headers.update({"Accept": "application/json", "User-Agent": f"importer/{__version__}"})
        adapter = HTTPAdapter(max_retries=0, pool_connections=1, pool_maxsize=connections, pool_block=False)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def clone(self) -> "Transport":
        """Another connection to the same account, with counts of its own."""
        return Transport(self.base_url, self._token, timeout_s=self._timeout[1], connections=self._connections)

    def request(self, method: str, path: str, query: Query = (), body: Mapping[str, Any] | None = None) -> Response:
        """Send one request, once. Never raises for what the network or the server does: the answer says it."""
        began = time.perf_counter()  # Windows counts the other clock in sixtieths of a second
        with self._counting:
            self.sent[method] += 1
        sys.audit(AuditEvent.BEFORE_REQUEST, method)
        answer = self._request(method, path, query, body)
        sys.audit(AuditEvent.AFTER_REQUEST, method)
        with self._counting:
            self.took_s += time.perf_counter() - began
        return answer

    def _request(self, method: str, path: str, query: Query, body: Mapping[str, Any] | None) -> Response:
        content = None if body is None else orjson.dumps(body)
        headers = {} if content is None else {"Content-Type": "application/json"}
        try:
            response = self._session.request(
                method,
                self.url(path, query),
                data=content,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.exceptions.RequestException as error:
            return Response(method, None, fault=_in_words(error), never_left=_never_left(error))
        return _read(method, response)

    def url(self, path: str, query: Query = ()) -> str:
        """The whole address. Commas stay as they are: they part the ids of a list, and %2C triples their length."""
        pairs = "&".join(f"{quote(name)}={quote(value, safe=',:')}" for name, value in query)
        return f"{self.base_url}{path}" + (f"?{pairs}" if pairs else "")

    def close(self) -> None:
        """Close every connection."""
        self._session.close()


class _NoCookies(RequestsCookieJar):
    """A jar that keeps nothing: a load has no session, and threads share the connection."""

    def set_cookie(self, cookie: Any, *args: Any, **kwargs: Any) -> None:
        """Forget it."""


def _check_base_url(base_url: str) -> bool:
    """Whether the address is this machine's.

    Raises: Usage when it is no address, or would carry the token unencrypted to another machine.
    """
    try:
        parts = urlsplit(base_url)
    except ValueError:  # a bracket that is never closed
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise about_account.not_a_base_url(base_url)
    local = is_local(base_url)
    if parts.scheme == "http" and not local:
        raise about_account.not_encrypted(base_url)
    return local


def is_local(url: str) -> bool:
    """Whether an address is this machine's; not if it is no address."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return host == "localhost" or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _read(method: str, response: requests.Response) -> Response:
    content = response.content
    data, is_json = None, False
    with contextlib.suppress(orjson.JSONDecodeError):
        data, is_json = orjson.loads(content), True
    return Response(
        method,
        response.status_code,
        data=data,
        is_json=is_json,
        is_html=content.lstrip()[:1] == b"<",
        request_id=response.headers.get("X-Request-Id"),
        retry_after=response.headers.get("Retry-After"),
        date=response.headers.get("Date"),
        took_s=response.elapsed.total_seconds(),
        fault="" if is_json or not content or response.status_code >= 300 else "the answer was not whole JSON",
    )


def _never_left(error: requests.exceptions.RequestException) -> bool:
    """Whether the request certainly did not reach the server: no connection ever stood."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    if isinstance(error, requests.exceptions.SSLError):
        return "CERTIFICATE_VERIFY_FAILED" in str(error)
    if not isinstance(error, requests.exceptions.ConnectionError) or not error.args:
        return False
    inner = error.args[0]
    reason = inner.reason if isinstance(inner, urllib3.exceptions.MaxRetryError) else inner
    return isinstance(reason, _NEVER_LEFT)


def _in_words(error: requests.exceptions.RequestException) -> str:
    """The reason in a few words. Never the exception's own text, which may hold more than a person should see."""
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate could not be verified"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy did not let the request through"
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "no connection within the time limit"
    if isinstance(error, requests.exceptions.Timeout):
        return "no answer within the time limit"
    if _never_left(error):
        return "no connection could be made"
    return "the connection broke before the whole answer had come"
