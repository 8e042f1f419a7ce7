"""Progress of a run or an export: a bar with rate and time left on a terminal, nothing elsewhere. Reads events only.

Ctrl-C asks the run to stop: what is in flight is settled first. A second Ctrl-C ends the process at once; the journal
is whole at every instant.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from importer import Answered, Begun, Event, Waiting
from importer.cli.output import say

if TYPE_CHECKING:
    from types import FrameType

_INTERRUPTED = 130
_SHOWN_WAIT_S = 1.0


class Progress:
    """Shows how far a run is, by its events; with a bar on a terminal, unless it is to be quiet.

    From the beginning of the run to the end of the context, Ctrl-C (or the system's wish to end the process) stops the
    run; the second time it ends everything.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._has_bar = not quiet and sys.stderr.isatty()
        self._at_end = ExitStack()
        self._bar: _RunBar | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._at_end.close()

    def show(self, event: Event) -> None:
        """Show what happened."""
        if isinstance(event, Begun):
            self._at_end.enter_context(_stopping(event.stop))
            self._bar = self._at_end.enter_context(_run_bar(event.rows)) if self._has_bar else None
        elif self._bar is not None:
            self._bar.show(event)
        elif isinstance(event, Waiting) and (event.seconds >= _SHOWN_WAIT_S or not event.seconds):
            say(event.reason)


@contextmanager
def _stopping(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C, or the system's wish to end the process, calls `stop`; the second time it ends everything."""
    was_asked = False

    def handle(_number: int, _frame: "FrameType | None") -> None:
        nonlocal was_asked
        if was_asked:
            os._exit(_INTERRUPTED)
        was_asked = True
        stop()
        say("Stopping after the requests that are on their way.")
        say("Press Ctrl-C again to stop at once; `importer resume` goes on.")

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
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
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bars  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as progress:
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


class _RunBar:
    """The bar of a run."""

    def __init__(self, progress: Any, rows: int) -> None:
        self._progress = progress
        self._bar = progress.add_task("Sending", total=rows, rate="", waiting="")

    def show(self, event: Event) -> None:
        """Show what happened."""
        if isinstance(event, Answered):
            self._progress.update(self._bar, advance=len(event.results), waiting="")
            speed = self._progress.tasks[0].speed
            self._progress.update(self._bar, rate=f"{speed:,.0f} rows/s" if speed else "")
        elif isinstance(event, Waiting):
            self._progress.update(self._bar, waiting=event.reason)


@contextmanager
def _run_bar(rows: int) -> Iterator[_RunBar]:
    from rich.console import Console  # noqa: PLC0415  (only a terminal needs it)
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bars  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[waiting]}"),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _RunBar(progress, rows)
