"""Runs the command line, and kills its own process (SIGKILL) at the nth time that it announces an event.

Changes nothing of the program, but that a list may be long with fewer rows: an audit hook counts, in every thread.
"""

import os
import signal
import sys
from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

from importer.audit_events import AuditEvent
from importer.cli import main
from importer.pipeline import long_list
from tests.kill.nursery import run_forked

NEVER_REACHED = 99
LONG_LIST = "KILL_LONG_LIST"
"""The variable of the environment that says how many rows a list may have that is planned at once, and a stage."""
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
    ended, printed = run_forked([point.event.value, point.argument, str(point.nth), *map(str, arguments)])
    assert ended in (-9, NEVER_REACHED), printed
    return ended == -9


def kill_at(point: Point) -> None:
    """Kill this process at the point."""
    times = count(1)  # threads announce at once; each of them gets a number of its own

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        is_it = event == point.event and (not point.argument or arguments == (point.argument,))
        if is_it and next(times) == point.nth:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def live(arguments: Sequence[str]) -> int:
    """Run the command line until it is killed: an event, what is announced with it, the how manieth time, the command.

    Returns NEVER_REACHED if it comes to its own end.
    """
    event, argument, nth, *command = arguments
    kill_at(Point(AuditEvent(event), int(nth), argument))
    if LONG_LIST in os.environ:
        long_list.MOST_ROWS, long_list.STAGE_ROWS = map(int, os.environ[LONG_LIST].split())
    try:
        main(command)
    except SystemExit:
        return NEVER_REACHED
