"""The real command line as a process of its own, with or without a terminal, for tests that stop or ask it."""

import os
import pty
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def start(*arguments: object, largest_file: int | None = None, umask: int = -1) -> subprocess.Popen[str]:
    """The command as a process. `largest_file` bytes is all that it may write into one file: a disk that is full."""

    def limit() -> None:
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    return subprocess.Popen(
        [sys.executable, "-m", "importer", *map(str, arguments)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ,
        umask=umask,
        preexec_fn=limit,  # noqa: PLW1509  (no threads in the child yet)
    )  # fmt: skip


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """What the process says on stderr, up to the line that holds these words."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if words in line:
            return said
    raise AssertionError(f"it never said {words!r}, but: {said}")


def finish(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The rest of what a process says, on stdout and on stderr, once it has ended by itself."""
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        err = process.stderr.read()
        return process.stdout.read(), err


@contextmanager
def asked(answers: Callable[[bytes], bytes | None], *arguments: object, cwd: Path) -> Iterator[tuple[int, str, str]]:
    """The command on a terminal, answered as it asks: its exit code, stdout, and what it said.

    `answers` gives for all that was said so far the next line to type, None to wait for more.
    """
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "importer", *map(str, arguments)],
        stdin=slave, stderr=slave, stdout=subprocess.PIPE, env=os.environ, cwd=cwd,
    )  # fmt: skip
    os.close(slave)
    said = b""
    try:
        while True:
            said += os.read(master, 4096)
            line = answers(said)
            if line is not None:
                os.write(master, line)
    except OSError:
        pass  # the other end was closed: the process has ended
    out, _ = process.communicate(timeout=60)
    os.close(master)
    yield process.returncode, out.decode(), said.decode()
