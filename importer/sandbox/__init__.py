"""A stand-in for the Kantata OX REST API on this machine, for trying things and for tests.

Shares no code with the rest of the package, so that it cannot repeat its mistakes. The web libraries are
imported when a sandbox starts, not before.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from importer.sandbox.errors import SandboxError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from importer.sandbox.server import Running

__all__ = ["Running", "SandboxError", "running", "serve", "switch_set"]


def serve(
    port: int,
    db: Path | None,
    users: int,
    switches: Mapping[str, str],
    on_ready: Callable[[str], None],
    shift: int = 0,
) -> None:
    """Run a sandbox until Ctrl-C; `on_ready` gets the address of its page once it takes requests.

    A file `db` that a sandbox made before is opened as it is, with as many users as it has. Else every id is higher by
    `shift` than in another sandbox, as in another account.
    Raises: SandboxError if the port is in use, the file is something else, or a switch is wrong.
    """
    from importer.sandbox import server  # noqa: PLC0415  (see above)

    server.serve(port, db, users, switches, on_ready, shift)


def running(
    db: Path | None = None,
    users: int = 450,
    switches: Mapping[str, str] | None = None,
    port: int = 0,
    shift: int = 0,
) -> "AbstractContextManager[Running]":
    """A sandbox in a thread of its own, on a free port unless one is named; stopped on leaving.

    Raises: SandboxError as `serve`.
    """
    from importer.sandbox import server  # noqa: PLC0415  (see above)

    return server.running(db, users, switches, port, shift)


def switch_set(name: str) -> dict[str, str]:
    """The switches of a named set: A or documented, B or gem, C or hostile, D or strict.

    Raises: SandboxError for any other name.
    """
    from importer.sandbox import switches  # noqa: PLC0415  (see above)

    return switches.switch_set(name)


def __getattr__(name: str) -> object:
    if name == "Running":
        from importer.sandbox.server import Running  # noqa: PLC0415  (see above)

        return Running
    raise AttributeError(name)
