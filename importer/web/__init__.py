"""The same job in a page, for people who use no terminal. A second face on the Python API: it holds no rule.

The web libraries are imported when the page is served, not before.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from importer import Account
    from importer.web.server import ServedPage

__all__ = ["serve", "serve_in_background"]


def serve(
    port: int,
    connect: "Callable[[], Account]",
    on_ready: Callable[[str], None],
    on_settling: Callable[[], None],
    *,
    opens_browser: bool = False,
) -> None:
    """Serve the page until Ctrl-C; `on_ready` gets the address to open once it takes requests, and `on_settling` is
    called where something is in flight at the end. `opens_browser` opens the address as well.

    `connect` is called when the first page is being shown: what it needs takes half a second to import.
    Raises: Usage when the port is taken.
    """
    from importer.web import server  # noqa: PLC0415  (see above)

    server.serve(port, connect, on_ready, on_settling, opens_browser=opens_browser)


def serve_in_background(
    connect: "Callable[[], Account]",
    port: int = 0,
    clock: Callable[[], float] = time.time,
    *,
    owns_process: bool = False,
) -> "AbstractContextManager[ServedPage]":
    """The page served from a thread of its own, on a free port unless one is named; on leaving it is stopped, and what
    is in flight is settled. `clock` gives seconds; `owns_process` says that the process is there for the page alone.

    Raises: Usage when the port is taken.
    """
    from importer.web import server  # noqa: PLC0415  (see above)

    return server.serve_in_background(connect, port, clock, owns_process=owns_process)
