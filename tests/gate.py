"""A gate between the program and its account: lets requests pass, and holds those that a test wants to meet.

A test waits until a request is there, does what it has to, and lets it go: no time has to be guessed. Knows HTTP, and
nothing of the sandbox behind it.
"""

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

_PATIENCE_S = 60
"""Nothing is measured with it: a test whose request never comes ends with a sentence."""
_Answer = tuple[int, list[tuple[str, str]], bytes]
"""Status, headers and body."""
_OF_ONE_HOP = frozenset({"connection", "content-length", "host", "transfer-encoding"})


class Side(Enum):
    """Where a request is held."""

    BEFORE = auto()
    """Before the account hears of it."""
    AFTER = auto()
    """After the account has answered it, with the answer."""
    LATE = auto()
    """Before the account hears of it; its connection is closed at once, without an answer."""
    LATE_504 = auto()
    """Before the account hears of it; it is answered 504 at once."""


@dataclass(slots=True)
class Held:
    """The nth request of a method whose path and query hold some text, held until it is released."""

    method: str
    nth: int
    side: Side
    part: str
    _seen: int = 0
    _there: threading.Event = field(default_factory=threading.Event)
    _may_go: threading.Event = field(default_factory=threading.Event)
    _answered: threading.Event = field(default_factory=threading.Event)
    _is_dropped: bool = False

    def wait(self) -> None:
        """Return once the request is there."""
        assert self._there.wait(_PATIENCE_S), f"{self.method} {self.nth} {self.part} never came"

    def release(self) -> None:
        """Let the request go on, and return once the account has answered it."""
        self._may_go.set()
        if self._there.is_set():
            assert self._answered.wait(_PATIENCE_S), f"{self.method} {self.nth} {self.part} was never answered"

    def is_it(self, method: str, target: str) -> bool:
        """Count the request if it is of this kind; whether it is the nth."""
        if method != self.method or self.part not in target:
            return False
        self._seen += 1
        return self._seen == self.nth

    def stop_here(self) -> bool:
        """Say that the request is there, wait, and return whether it may go on."""
        self._there.set()
        self._may_go.wait()
        return not self._is_dropped

    def say_answered(self) -> None:
        """Say that the account has answered."""
        self._answered.set()

    def drop(self) -> None:
        """Let the request go no further, if it is still held."""
        self._is_dropped = not self._may_go.is_set()
        self._may_go.set()


class Gate:
    """A running gate before the account at `base_url`; `url` is the base URL to give to the program."""

    def __init__(self, base_url: str, port: int) -> None:
        parts = urlsplit(base_url)
        self.url = f"http://127.0.0.1:{port}{parts.path}"
        self.account = parts.netloc
        self._held: list[Held] = []
        self._lock = threading.Lock()

    def hold(self, method: str, nth: int = 1, side: Side = Side.BEFORE, *, part: str = "") -> Held:
        """Hold the nth request of this kind, counted from now on."""
        held = Held(method, nth, side, part)
        with self._lock:
            self._held.append(held)
        return held

    def meets(self, method: str, target: str) -> Held | None:
        """What holds this request, if something does."""
        with self._lock:
            return next((held for held in self._held if held.is_it(method, target)), None)

    def drop_all(self) -> None:
        """Let no request go further that is still held: the account of the next test never hears of it."""
        with self._lock:
            for held in self._held:
                held.drop()


@contextmanager
def gate_before(base_url: str) -> Iterator[Gate]:
    """A gate that runs until it is left; what it holds then is dropped."""

    class Passage(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (its name in the library)
            """Print nothing."""

        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):  # the program was killed, or does not wait any more
                super().handle()

        def _pass_on(self) -> None:
            _pass_on(gate, self)

        do_GET = do_POST = do_PUT = do_DELETE = _pass_on  # noqa: N815  (their names in the library)

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

    server = Server(("127.0.0.1", 0), Passage)
    gate = Gate(base_url, server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield gate
    finally:
        gate.drop_all()
        server.shutdown()
        server.server_close()
        thread.join()


def _pass_on(gate: Gate, request: BaseHTTPRequestHandler) -> None:
    """One request to the account, and its answer back; no answer where the account gives none."""
    body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
    held = gate.meets(request.command, request.path)
    if held is None:
        _reply(request, _answer(gate, request, body))
    elif held.side is Side.BEFORE:
        _reply(request, _held_answer(gate, request, body, held))
    elif held.side is Side.AFTER:
        answer = _answer(gate, request, body)
        held.say_answered()
        _reply(request, answer if held.stop_here() else None)
    else:
        # The program must send nothing more on this connection: who would answer it is held here.
        _reply(request, (504, [("Connection", "close")], b"") if held.side is Side.LATE_504 else None)
        _held_answer(gate, request, body, held)


def _held_answer(gate: Gate, request: BaseHTTPRequestHandler, body: bytes, held: Held) -> _Answer | None:
    """The account's answer to a request that it hears of when it is released; None where it never is."""
    answer = _answer(gate, request, body) if held.stop_here() else None
    held.say_answered()
    return answer


def _reply(request: BaseHTTPRequestHandler, answer: _Answer | None) -> None:
    if answer is None:
        request.close_connection = True
        request.connection.shutdown(socket.SHUT_RDWR)
        return
    status, headers, content = answer
    request.send_response_only(status)
    for name, value in headers:
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    request.wfile.write(content)


def _answer(gate: Gate, request: BaseHTTPRequestHandler, body: bytes) -> _Answer | None:
    """The account's answer; None where the connection broke before its end."""
    headers = {name: value for name, value in request.headers.items() if name.lower() not in _OF_ONE_HOP}
    connection = http.client.HTTPConnection(gate.account)
    with contextlib.closing(connection):
        try:
            connection.request(request.command, request.path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _OF_ONE_HOP]
        return answer.status, kept, content
