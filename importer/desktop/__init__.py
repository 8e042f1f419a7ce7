"""The program that a double click starts: a small window that says that it runs, and the page in the browser. A third
face on the Python API: it holds no rule.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import importer
from importer import ImporterError
from importer.desktop import terminal
from importer.desktop.launcher import Launcher
from importer.desktop.single_instance import SingleInstance
from importer.messages import window_phrases
from importer.platforms.memory import collect_seldom
from importer.platforms.signals import stop_signals

if TYPE_CHECKING:
    from importer import Account

_PATIENCE_S = 20.0


def main(licenses: Path | None = None) -> NoReturn:
    """Run the program until its window is closed, and end the process; no traceback ever reaches a person.

    Where it runs already, the page of that one is opened instead. `licenses` is the file that the window leads to.
    """
    collect_seldom()
    launcher = Launcher(_connect)
    for each in stop_signals():
        signal.signal(each, lambda *_: launcher.end())
    try:
        with SingleInstance(importer.state_folder()) as instance:
            if instance.is_first:
                launcher.start()
                _show(launcher, instance.is_called, licenses)
            else:
                instance.call(_PATIENCE_S)
                terminal.say(window_phrases.SHOWN_ELSEWHERE)
    except Exception as error:  # noqa: BLE001  (the last line of defence: a person gets a sentence)
        launcher.fail(error if isinstance(error, ImporterError) else importer.internal_error(error))
        _show(launcher, lambda: False, licenses)
    # At once: what a person did not want to wait for is settled by the next start.
    os._exit(launcher.error.exit_code if launcher.error else 0)


def _connect() -> "Account":
    """The account of the saved token. To name its class is to import what takes half a second."""
    return importer.Account()


def _show(launcher: Launcher, is_called: Callable[[], bool], licenses: Path | None) -> None:
    """Show a window until the launcher is done, or say the same on the terminal where there can be none."""
    try:
        from importer.desktop.window import TclError, Window  # noqa: PLC0415  (a Python may lack tkinter)
    except ImportError:
        terminal.run(launcher, is_called)
        return
    try:
        window = Window(launcher, is_called, licenses)
    except TclError:  # no display
        terminal.run(launcher, is_called)
    else:
        window.run()
