"""Runs the command line, and kills its own process (SIGKILL) at the nth time that it announces an event.

`python -m tests.kill.killed EVENT ARGUMENT NTH ARGUMENT...` changes nothing of the program: an audit hook counts, in
every thread. EVENT is one of `importer.audit_events`, ARGUMENT what is announced with it, or empty for any. Ends with
99 if the point is never reached.
"""

import os
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import NamedTuple

from importer.audit_events import AuditEvent
from importer.cli import main

NEVER_REACHED = 99
EVERYWHERE = "KILL_EVERYWHERE"
"""The variable of the environment that asks tests for every point, not only for those of every test run."""


class Point(NamedTuple):
    """An event, the how manieth time, and what is announced with it (empty: whatever is)."""

    event: AuditEvent
    nth: int = 1
    argument: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.event.removeprefix("importer."), self.argument, str(self.nth))))


def killed(point: Point, *arguments: object) -> bool:
    """Run the command line until it is killed at the point; whether the point was reached."""
    where = (point.event.value, point.argument, str(point.nth))
    command = [sys.executable, "-m", "tests.kill.killed", *where, *map(str, arguments)]
    ran = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=100, env=os.environ, check=False
    )
    assert ran.returncode in (-9, NEVER_REACHED), ran.stderr
    return ran.returncode == -9


def kill_at(point: Point) -> None:
    """Kill this process at the point."""
    times = count(1)  # threads announce at once; each of them gets a number of its own

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        is_it = event == point.event and (not point.argument or arguments == (point.argument,))
        if is_it and next(times) == point.nth:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


if __name__ == "__main__":
    kill_at(Point(AuditEvent(sys.argv[1]), int(sys.argv[3]), sys.argv[2]))
    try:
        main(sys.argv[4:])
    except SystemExit:
        sys.exit(NEVER_REACHED)
