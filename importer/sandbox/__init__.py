"""A stand-in for the Kantata OX REST API on this machine, for trying things and for tests.

Shares no code with the rest of the package, so that it cannot repeat its mistakes. The web libraries are imported when
one of its names is first used, not before.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from importer.sandbox.errors import SandboxError

if TYPE_CHECKING:
    from importer.sandbox.server import Running, running, serve
    from importer.sandbox.switches import switch_set
    from importer.sandbox.world import NewAccount

__all__ = ["NewAccount", "Running", "SandboxError", "running", "serve", "switch_set"]

_MODULES = {"switch_set": "importer.sandbox.switches", "NewAccount": "importer.sandbox.world"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(_MODULES.get(name, "importer.sandbox.server")), name)
