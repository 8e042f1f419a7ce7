"""The real command line in a process of its own, with what memory it needed beyond what it began with."""

import os
import resource
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from importer.cli import main

_MOST_BYTES = 6 << 30
"""No more than that is there for the process, so that a test that fails does not take the whole machine."""
_SECONDS = 30
_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Measured:
    """How the command ended: its exit code (negative for a signal), what it said, the megabytes that it took."""

    code: int
    err: str
    megabytes: int


def measured(arguments: Sequence[str], folder: Path) -> Measured:
    """Run the command in a copy of this process, which has the program in its memory already."""
    before = _resident_bytes()
    said = folder / "stderr.txt"
    pid = os.fork()
    if not pid:
        _run(arguments, said)
    _, status, usage = os.wait4(pid, 0)
    taken = usage.ru_maxrss * 1024 - before
    return Measured(os.waitstatus_to_exitcode(status), said.read_text(encoding="utf-8"), taken // _MB)


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _run(arguments: Sequence[str], said: Path) -> NoReturn:
    code = 70
    try:
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        with said.open("w", encoding="utf-8") as err, Path(os.devnull).open("w", encoding="utf-8") as out:
            os.dup2(err.fileno(), 2)  # what a library says of its end comes here
            sys.stderr, sys.stdout = err, out
            main(list(arguments))
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 71
    finally:
        os._exit(code)
