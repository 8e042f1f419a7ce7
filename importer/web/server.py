"""Starts and stops the page on a port of 127.0.0.1. Knows addresses, and no page."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from types import FrameType
from typing import Self

import uvicorn

from importer import Account
from importer.messages import about_program
from importer.platforms.console import silence_event_loop
from importer.platforms.memory import return_large_blocks
from importer.web.app import application
from importer.web.auth_middleware import KEY, AuthMiddleware
from importer.web.browser import RedirectFile
from importer.web.connection_limits import AT_A_TIME, IN_LINE, BoundedProtocol
from importer.web.credentials import Credentials
from importer.web.session import Session

HOST = "127.0.0.1"
_START_S = 30


@dataclass(frozen=True, slots=True)
class PageAddress:
    """Where the page is served: `root` without the key, `address` with it, for a person to open once."""

    root: str
    key: str

    @property
    def address(self) -> str:
        """The address that a person opens."""
        return f"{self.root}/?{KEY}={self.key}"

    @property
    def origin(self) -> str:
        """What a browser calls the origin of the page."""
        scheme, _, rest = self.root.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"


@dataclass(frozen=True, slots=True)
class ServedPage(PageAddress):
    """The address of a page that this process serves, which can make further ones. `umask` is that of the person, for
    what is started for them.
    """

    credentials: Credentials
    session: Session
    umask: int | None = None

    def again(self) -> Self:
        """The address with another key, which works once as well."""
        return replace(self, key=self.credentials.issue_key())

    def open(self) -> None:
        """Open this address in the person's browser, and return at once."""
        file = RedirectFile(self.session.new_folder(), self.address)
        self.credentials.when_used(self.key, file.remove)
        file.open(self.umask)

    @property
    def files_being_sent(self) -> list[str]:
        """The names of the files of which a run is under way."""
        return [each.name for each in self.session.active_runs]


class _Server(uvicorn.Server):
    """Calls `on_ready` once requests are taken."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then say so."""
        await super().startup(sockets)
        for each in sockets or ():  # the event loop takes few at a time; the system may keep more in line
            each.listen(IN_LINE)
        self._on_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  (the server's signature)
        """Take no more requests. The process lives on until what is in flight is settled and the files are gone."""
        self.should_exit = True


def serve(
    port: int,
    connect: Callable[[], Account],
    on_ready: Callable[[str], None],
    on_settling: Callable[[], None],
    *,
    opens_browser: bool = False,
) -> None:
    """Serve the page until Ctrl-C, then settle what is in flight; `on_ready` gets the address to open, and
    `on_settling` is called where there is something to settle.

    Raises: Usage when the port is taken.
    """
    return_large_blocks()
    silence_event_loop()
    with _private_umask() as umask, _listen(port) as listener, Session(connect()) as session:
        app, page = _guard(session, listener, time.time, umask)

        def ready() -> None:
            on_ready(page.address)
            if opens_browser:
                page.open()

        server = _Server(_config(app), ready)
        server.run(sockets=[listener])
        if session.active_runs:
            on_settling()


@contextmanager
def serve_in_background(
    connect: Callable[[], Account],
    port: int = 0,
    clock: Callable[[], float] = time.time,
    *,
    owns_process: bool = False,
) -> Iterator[ServedPage]:
    """The page served from a thread of its own; on leaving it is stopped, and what is in flight is settled. `clock`
    gives seconds; `owns_process` says that the process is there for the page alone.

    Raises: Usage when the port is taken.
    """
    if owns_process:
        return_large_blocks()
    whose = _private_umask() if owns_process else nullcontext()
    with whose as umask, _listen(port) as listener, Session(connect()) as session:
        app, page = _guard(session, listener, clock, umask)
        ready = threading.Event()
        server = _Server(_config(app), ready.set)
        server.force_exit = True
        thread = threading.Thread(target=server.run, args=([listener],), name="page", daemon=True)
        thread.start()
        try:
            if not ready.wait(_START_S):
                raise about_program.page_not_started(_START_S)
            yield page
        finally:
            server.should_exit = True
            thread.join()


def _guard(
    session: Session, listener: socket.socket, clock: Callable[[], float], umask: int | None
) -> tuple[AuthMiddleware, ServedPage]:
    port = listener.getsockname()[1]
    credentials = Credentials(clock)
    root = f"http://{HOST}:{port}{credentials.path}"
    page = ServedPage(root, credentials.issue_key(), credentials, session, umask)
    return AuthMiddleware(application(session), port, credentials), page


@contextmanager
def _private_umask() -> Iterator[int]:
    """Whatever the process writes meanwhile is its owner's alone; yields the umask that was there before.

    The page writes no file where a person wants one: they save it from the browser.
    """
    before = os.umask(0o077)
    try:
        yield before
    finally:
        os.umask(before)


@contextmanager
def _listen(port: int) -> Iterator[socket.socket]:
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


def _config(app: AuthMiddleware) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=BoundedProtocol,
        backlog=AT_A_TIME,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
