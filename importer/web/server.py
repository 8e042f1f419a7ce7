"""Starts and stops the page on a port of 127.0.0.1. Knows addresses, and no page."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import uvicorn

from importer import Account
from importer.messages import about_program
from importer.web.app import application
from importer.web.auth_middleware import KEY, Gate
from importer.web.session import Session

HOST = "127.0.0.1"
_START_S = 30


@dataclass(frozen=True, slots=True)
class Served:
    """A page that is being served. `root` is where, `address` what a person opens: it holds the secret."""

    root: str
    key: str

    @property
    def address(self) -> str:
        """What to open."""
        return f"{self.root}/?{KEY}={self.key}"


class _Server(uvicorn.Server):
    """Calls `on_ready` once requests are taken."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then say so."""
        await super().startup(sockets)
        self._on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  (the server's signature)
        """Take no more requests. The process lives on until what is in flight is settled and the files are gone."""
        self.should_exit = True


def serve(
    port: int, connect: Callable[[], Account], on_ready: Callable[[str], None], on_settling: Callable[[], None]
) -> None:
    """Serve the page until Ctrl-C, then settle what is in flight; `on_ready` gets the address to open, and
    `on_settling` is called where there is something to settle.

    Raises: Usage when the port is taken.
    """
    with _listening(port) as listener, Session(connect()) as session:
        gate, served = _gated(session, listener)
        server = _Server(_config(gate), lambda: on_ready(served.address))
        server.run(sockets=[listener])
        if session.going:
            on_settling()


@contextmanager
def running(connect: Callable[[], Account], port: int = 0) -> Iterator[Served]:
    """The page served from a thread of its own; stopped on leaving.

    Raises: Usage when the port is taken.
    """
    with _listening(port) as listener, Session(connect()) as session:
        gate, served = _gated(session, listener)
        ready = threading.Event()
        server = _Server(_config(gate), ready.set)
        server.force_exit = True
        thread = threading.Thread(target=server.run, args=([listener],), name="page", daemon=True)
        thread.start()
        try:
            if not ready.wait(_START_S):
                raise about_program.page_not_started(_START_S)
            yield served
        finally:
            server.should_exit = True
            thread.join()


def _gated(session: Session, listener: socket.socket) -> tuple[Gate, Served]:
    port = listener.getsockname()[1]
    gate = Gate(application(session), port)
    return gate, Served(f"http://{HOST}:{port}", gate.key)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """A socket that listens on this machine only, by its own name."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    with listener:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows: else another program could listen beside us
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except (OSError, OverflowError):
            raise about_program.port_in_use(port, HOST) from None
        yield listener


def _config(gate: Gate) -> uvicorn.Config:
    return uvicorn.Config(
        gate,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
