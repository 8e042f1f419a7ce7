"""The program where no window can be shown: it says the same on the terminal. Decides nothing."""

import sys
from collections.abc import Callable

from importer.desktop.launcher import Launcher, Phase
from importer.messages import window_phrases as phrases

_LOOK_AGAIN_S = 0.2


def run(launcher: Launcher, is_called: Callable[[], bool]) -> None:
    """Say how it goes until the launcher is done."""
    if launcher.error is None:
        say(phrases.NO_WINDOW)
    said = None
    while not launcher.is_done and launcher.error is None:
        if is_called():
            launcher.open_page()
        view = launcher.view
        if launcher.phase is not said:
            say(view.heading)
            if launcher.phase is Phase.RUNNING:
                say(launcher.new_address())
            said = launcher.phase
        launcher.wait(_LOOK_AGAIN_S)
    if launcher.error is not None:
        say(launcher.view.text)


def say(text: str) -> None:
    """Say something to the person at the terminal, if there is one."""
    if sys.stderr is not None:  # a program without a console has none on Windows
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
