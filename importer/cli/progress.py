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
from typing import TYPE_CHECKING, Self

from importer import Answered, Begun, Event, Waiting
from importer.cli.ending import set_run
from importer.cli.output import is_quiet, say
from importer.platforms.console import is_terminal
from importer.platforms.signals import stop_signals

if TYPE_CHECKING:
    from types import FrameType

    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_INTERRUPTED = 130
_SHOWN_WAIT_S = 1.0


class Progress:
    """Shows how far a run is, by its events; with a bar on a terminal, unless it is to be quiet.

    From the beginning of the run to the end of the context, Ctrl-C (or the system's wish to end the process) stops the
    run; the second time it ends everything.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._has_bar = not quiet and not is_quiet() and is_terminal(sys.stderr)
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
            set_run(event.run)
            self._at_end.enter_context(_stopping(event.stop))
            if self._has_bar:
                self._bar = _RunBar(self._at_end.enter_context(_rich_progress()), event.rows)
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

    before = {number: signal.signal(number, handle) for number in stop_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def export_progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for an export, on a terminal. Call its value with the activity, how many are done, and of how many.

    When the system wants to end the process, that works like Ctrl-C: half a file is deleted.
    """

    def stop(_number: int, _frame: "FrameType | None") -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in stop_signals() if number != signal.SIGINT}
    try:
        if is_terminal(sys.stderr) and not is_quiet():
            with _rich_progress() as progress:
                yield _ExportBars(progress).show
        else:
            yield lambda _activity, _done, _total: None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _ExportBars:
    """The bars of an export, one for each activity."""

    def __init__(self, progress: "RichProgress") -> None:
        self._progress = progress
        self._bars: dict[str, TaskID] = {}

    def show(self, activity: str, done: int, total: int) -> None:
        """Show how many are done of an activity."""
        if activity not in self._bars:
            for bar in self._bars.values():
                self._progress.stop_task(bar)
            self._bars[activity] = self._progress.add_task(activity, total=None, rate="", waiting="")
        speed = self._progress.tasks[-1].speed
        rate = f"{speed:,.0f} records/s" if speed else ""
        self._progress.update(self._bars[activity], completed=done, total=total or None, rate=rate)


class _RunBar:
    """The bar of a run."""

    def __init__(self, progress: "RichProgress", rows: int) -> None:
        self._progress = progress
        self._bar = progress.add_task("Sending", total=rows, rate="", waiting="")

    def show(self, event: Event) -> None:
        """Show an event."""
        if isinstance(event, Answered):
            self._progress.update(self._bar, advance=len(event.results), waiting="")
            speed = self._progress.tasks[0].speed
            self._progress.update(self._bar, rate=f"{speed:,.0f} rows/s" if speed else "")
        elif isinstance(event, Waiting):
            self._progress.update(self._bar, waiting=event.reason)


def _rich_progress() -> "RichProgress":
    from rich import progress as rich  # noqa: PLC0415  (only a terminal needs it)
    from rich.console import Console  # noqa: PLC0415

    return rich.Progress(
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.MofNCompleteColumn(),
        rich.TextColumn("{task.fields[rate]}"),
        rich.TimeRemainingColumn(),
        rich.TextColumn("{task.fields[waiting]}"),
        console=Console(stderr=True),
        transient=True,
    )
