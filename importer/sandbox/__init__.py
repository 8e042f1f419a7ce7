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

__all__ = ["Running", "SandboxError", "running", "serve", "switch_set"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(name)
    module = "importer.sandbox.switches" if name == "switch_set" else "importer.sandbox.server"
    return getattr(import_module(module), name)
