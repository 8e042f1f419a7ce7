"""`importer web` as a real process."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from importer.web.auth_middleware import KEY
from importer.web.server import PageAddress
from tests.conftest import ROOT


@contextmanager
def started(
    *arguments: str, umask: int = -1, most_files: int = 0, browser: Path | None = None
) -> Iterator[tuple[subprocess.Popen[str], PageAddress]]:
    """The program and the address that it printed; killed at the end. It may open `most_files` at a time.

    With a `browser` it sits at a terminal, and opens the page in that one.
    """

    def limit() -> None:
        import resource  # noqa: PLC0415  (not on every system)

        resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))

    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    master, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "importer", "web", *([] if browser else ["--no-browser"]), *arguments],
        stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, umask=umask,
        env={**os.environ, "PYTHONPATH": path, "BROWSER": str(browser or "")},
        preexec_fn=limit if most_files else None,  # noqa: PLW1509  (no threads in the child yet)
    )  # fmt: skip
    try:
        address = (process.stdout.readline() if process.stdout else "").strip()
        yield process, PageAddress(*address.split(f"/?{KEY}="))
    finally:
        process.kill()
        process.communicate()
        os.close(master)
        os.close(terminal)
