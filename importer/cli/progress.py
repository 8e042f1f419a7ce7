"""Progress while a run sends: a bar with rate and time left on a terminal, nothing elsewhere. Reads events only."""

import sys
from typing import TYPE_CHECKING

from importer.cli.show import say
from importer.model import Answered, Event, Waiting

if TYPE_CHECKING:
    from importer.load import Load


def watch(load: "Load", *, quiet: bool) -> None:
    """Run the load to its end and show how far it is."""
    if quiet or not sys.stderr.isatty():
        for event in load.send():
            _say_waiting(event)
    else:
        _with_bar(load)


def _with_bar(load: "Load") -> None:
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
        bar = progress.add_task("Sending", total=len(load.plan.changes), rate="", waiting="")
        for event in load.send():
            if isinstance(event, Answered):
                progress.update(bar, advance=len(event.results), waiting="")
                speed = progress.tasks[0].speed
                progress.update(bar, rate=f"{speed:,.0f} rows/s" if speed else "")
            elif isinstance(event, Waiting):
                progress.update(bar, waiting=event.reason)


def _say_waiting(event: Event) -> None:
    if isinstance(event, Waiting) and event.seconds >= 1:
        say(event.reason)
