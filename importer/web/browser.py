"""Opens the person's browser at the page, without the key on a command line, where everybody on this machine could read
it. Knows an address, and nothing of what is there.
"""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from html import escape
from pathlib import Path

from importer.private_files import private


class RedirectFile:
    """A private file that leads a browser to an address; it lies in a private folder until it is removed."""

    def __init__(self, folder: Path, address: str) -> None:
        self.path = folder / "open.html"
        to = escape(address)
        with open(self.path, "x", encoding="utf-8", opener=private) as file:
            file.write(
                f'<!doctype html><html lang="en"><meta charset="utf-8"><title>importer</title>'
                f'<meta http-equiv="refresh" content="0; url={to}"><a href="{to}">Open the page</a>'
            )

    def open(self, umask: int | None = None) -> None:
        """Open the file in the browser of the person, with the umask that they have, and return at once."""
        open_file(self.path, umask)

    def remove(self) -> None:
        """Remove the file, if it is there."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def open_file(path: Path, umask: int | None = None) -> None:
    """Open a file in the person's browser, which gets this umask instead of ours, and return at once."""
    # In a process of its own: some browsers keep who starts them until they are closed.
    command = [sys.executable, "-I", "-m", "webbrowser", path.as_uri()]
    with_umask = {"umask": umask} if os.name == "posix" and umask is not None else {}
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    threading.Thread(target=subprocess.run, args=(command,), kwargs=silent | with_umask, daemon=True).start()
