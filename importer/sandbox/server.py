"""Starts and stops a sandbox on a port of 127.0.0.1: in the foreground, or in a thread of its user's process."""

import errno
import logging
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from importer.sandbox.app import application
from importer.sandbox.call import BASE
from importer.sandbox.connection_faults import Protocol
from importer.sandbox.errors import SandboxError
from importer.sandbox.faults.declare import FaultRequest, requested
from importer.sandbox.manual_writes import Change
from importer.sandbox.state import Sandbox
from importer.sandbox.validation import valid
from importer.sandbox.world import NewAccount

HOST = "127.0.0.1"
TOKEN = "demo"  # noqa: S105  (opens a stand-in on this machine, and nothing else)


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that runs in this process. `url` is the base of its API, `root` that of its pages."""

    sandbox: Sandbox
    port: int
    token: str = TOKEN

    @property
    def root(self) -> str:
        """The address of its page."""
        return f"http://{HOST}:{self.port}"

    @property
    def url(self) -> str:
        """The base URL of its API."""
        return self.root + BASE

    def set(self, **switches: str) -> None:
        """Set some switches, or a whole set with like="hostile". Raises: SandboxError."""
        self.sandbox.set(switches)

    def faults(self, items: Iterable[Mapping[str, object]]) -> None:
        """Set the script of faults, as PUT /sandbox/faults does. Raises: SandboxError."""
        self.sandbox.set_faults([requested(valid(FaultRequest, dict(item))) for item in items])

    def by_hand(self, **wanted: object) -> int:
        """Write a row as a person in the web application would, and return its id. As POST /sandbox/rows."""
        return self.sandbox.by_hand(valid(Change, wanted)).id

    def requests(self) -> list[dict[str, Any]]:
        """The log of API requests, in order."""
        return self.query("SELECT * FROM requests ORDER BY number")

    def reset(self) -> None:
        """Rows, switches, faults and log as at the start."""
        self.sandbox.reset()

    def query(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """The rows that a SELECT finds, straight from the database."""
        return [dict(row) for row in self.sandbox.store.rows(sql, values)]

    def execute(self, sql: str, *values: object) -> int:
        """Run a statement that writes, straight on the database; returns how many rows it touched."""
        return self.sandbox.store.run(sql, values)


def serve(
    port: int,
    db: Path | None,
    account: NewAccount,
    switches: Mapping[str, str],
    on_ready: Callable[[str], None],
) -> None:
    """Run a sandbox until Ctrl-C; `on_ready` gets the address of its page once it takes requests.

    A file `db` that a sandbox made before is opened as it is; a new one begins as `account` says.
    Raises: SandboxError if the port is in use, the file is something else, or a switch is wrong.
    """
    # On Windows the event loop prints a traceback for each connection that a client resets.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    with _opened(Sandbox(db, account, switches), port) as (
        sandbox,
        server,
        listener,
    ):
        on_ready(sandbox.root)
        with suppress(KeyboardInterrupt):  # how a person ends it
            server.run(sockets=[listener])


@contextmanager
def running(
    db: Path | None = None,
    users: int = 450,
    switches: Mapping[str, str] | None = None,
    port: int = 0,
    shift: int = 0,
    lacks: Iterable[str] = (),
) -> Iterator[Running]:
    """A sandbox in a thread of its own, on a free port unless one is named; stopped on leaving.

    Raises: SandboxError as `serve`.
    """
    with _opened(Sandbox(db, NewAccount(users, shift, frozenset(lacks)), switches or {}), port) as (
        sandbox,
        server,
        listener,
    ):
        server.force_exit = True  # do not wait for requests that a fault holds
        thread = threading.Thread(target=server.run, args=([listener],), name="sandbox", daemon=True)
        thread.start()
        try:
            yield sandbox
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def _opened(sandbox: Sandbox, port: int) -> Iterator[tuple[Running, uvicorn.Server, socket.socket]]:
    """The sandbox on its port, with a server that is not running yet; calls wait in the listener until it is."""
    try:
        with _listener(port) as listener:
            yield Running(sandbox, listener.getsockname()[1]), uvicorn.Server(_config(sandbox)), listener
    finally:
        sandbox.store.close()


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except (OSError, OverflowError) as error:
        why = "is in use" if getattr(error, "errno", None) == errno.EADDRINUSE else "cannot be used"
        raise SandboxError(f"Port {port} of {HOST} {why}. Name another one.") from error


def _config(sandbox: Sandbox) -> uvicorn.Config:
    return uvicorn.Config(
        application(sandbox),
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=1 << 20,
    )
