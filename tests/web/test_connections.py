"""Connections that another program holds: they leave room for the person, and do not last."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from importer.web.connection_limits import BoundedProtocol
from importer.web.server import PageAddress
from tests.web.program import started
from tests.web.visitor import Visitor

HALF_OPEN = {
    "silent": b"",
    "in the head": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX:",
    "in the body": b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx",
}


@pytest.mark.usefixtures("offline")
def test_a_thousand_half_open_connections_leave_room_for_the_person() -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] not in (resource.RLIM_INFINITY, max(before[1], 4096)):
        pytest.skip("this machine does not let a test open a thousand connections")
    resource.setrlimit(resource.RLIMIT_NOFILE, (8192 if before[1] == resource.RLIM_INFINITY else before[1], before[1]))

    try:
        with started(most_files=256) as (_, page), ExitStack() as held:
            visitor = Visitor(page).enter()
            sent = list(HALF_OPEN.values())
            for number in range(1_000):
                _send(held.enter_context(_connected(page)), sent[number % 3])

            answers = [visitor.session.get(f"{page.root}/runs", timeout=5).status_code for _ in range(3)]
            visitor.session.close()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)

    assert answers == [200, 200, 200]


@contextmanager
def _echo(may_take_s: float = 0.3) -> Iterator[tuple[PageAddress, list[str]]]:
    """A server that gives heads and bodies this time, answers with the body, and notes how each request went."""
    ended: list[str] = []

    class Impatient(BoundedProtocol):
        head_s = body_s = may_take_s

    async def echo(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await Request(scope, receive).body()
        except ClientDisconnect:
            ended.append("gone")
            return
        ended.append("whole")
        await PlainTextResponse(body)(scope, receive, send)

    config = uvicorn.Config(echo, http=Impatient, log_config=None, log_level="critical", lifespan="off", port=0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        yield PageAddress(f"http://127.0.0.1:{listener.getsockname()[1]}", ""), ended
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("state", HALF_OPEN)
def test_a_connection_on_which_a_request_does_not_arrive_is_closed(state: str) -> None:
    with _echo() as (page, ended), _connected(page) as connection:
        _send(connection, HALF_OPEN[state])

        assert connection.recv(1) == b""

    assert ended == (["gone"] if state == "in the body" else [])


def test_a_head_that_comes_byte_by_byte_is_cut_off() -> None:
    with _echo() as (page, ended), _connected(page) as connection:
        _send(connection, HALF_OPEN["in the head"])
        is_open, until = True, time.monotonic() + 10
        while is_open and time.monotonic() < until:
            time.sleep(0.02)
            is_open = _send(connection, b"x")

    assert not is_open
    assert ended == []


def test_a_body_that_keeps_coming_is_taken_however_long_it_takes() -> None:
    with _echo(may_take_s=0.8) as (page, ended), _connected(page) as connection:
        _send(connection, b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 10\r\n\r\n")
        for _ in range(10):
            time.sleep(0.1)  # longer than the body may pause, in all
            _send(connection, b"x")

        assert connection.makefile("rb").read().endswith(b"\r\n\r\n" + b"x" * 10)

    assert ended == ["whole"]


def _connected(page: PageAddress) -> socket.socket:
    host, port = page.origin.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def _send(connection: socket.socket, data: bytes) -> bool:
    """Whether the other end still took it."""
    try:
        connection.sendall(data)
    except OSError:
        return False
    return True
