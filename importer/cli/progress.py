"""Progress of a run or an export: a bar with rate and time left on a terminal, nothing elsewhere. Reads events only.

Ctrl-C asks the run to stop: what is in flight is settled first. A second Ctrl-C ends the process at once; the journal
is whole at every instant.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from importer.cli.output import say
from importer.model import Answered, Event, Waiting

if TYPE_CHECKING:
    from types import FrameType

    from importer.sync.run import Execution

_INTERRUPTED = 130
_SHOWN_WAIT_S = 1.0


def watch(load: "Execution", *, quiet: bool) -> None:
    """Run the load to its end and show how far it is."""
    with _stopping(load):
        if quiet or not sys.stderr.isatty():
            for event in load.send():
                _say_waiting(event)
        else:
            _with_bar(load)


@contextmanager
def _stopping(load: "Execution") -> Iterator[None]:
    """Ctrl-C, or the system's wish to end the process, stops the load; the second time it ends everything."""

    def stop(_number: int, _frame: "FrameType | None") -> None:
        if load.was_interrupted:
            os._exit(_INTERRUPTED)
        load.stop()
        say("Stopping after the requests that are on their way.")
        say("Press Ctrl-C again to stop at once; `importer resume` goes on.")

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def watching() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for an export, on a terminal; what it gives is called with what is done, how far, and of how many.

    The system's wish to end the process is met like Ctrl-C: what was begun is cleared away.
    """

    def stop(_number: int, _frame: "FrameType | None") -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        if sys.stderr.isatty():
            yield from _bar()
        else:
            yield lambda _doing, _done, _total: None
    finally:
        signal.signal(signal.SIGTERM, before)


def _bar() -> Iterator[Callable[[str, int, int], None]]:
    from rich.console import Console  # noqa: PLC0415  (only a terminal needs it)
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bars: dict[str, Any] = {}

        def show(doing: str, done: int, total: int) -> None:
            if doing not in bars:
                for task in bars.values():
                    progress.stop_task(task)
                bars[doing] = progress.add_task(doing, total=None, rate="")
            speed = progress.tasks[-1].speed
            progress.update(
                bars[doing], completed=done, total=total or None, rate=f"{speed:,.0f} records/s" if speed else ""
            )

        yield show


def _with_bar(load: "Execution") -> None:
    from rich.console import Console  # noqa: PLC0415  (only a terminal needs it)
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[waiting]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("Sending", total=load.writes, rate="", waiting="")
        for event in load.send():
            if isinstance(event, Answered):
                progress.update(bar, advance=len(event.results), waiting="")
                speed = progress.tasks[0].speed
                progress.update(bar, rate=f"{speed:,.0f} rows/s" if speed else "")
            elif isinstance(event, Waiting):
                progress.update(bar, waiting=event.reason)


def _say_waiting(event: Event) -> None:
    if isinstance(event, Waiting) and (event.seconds >= _SHOWN_WAIT_S or not event.seconds):
        say(event.reason)
