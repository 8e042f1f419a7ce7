"""Presses the buttons of the program's window, and prints what it saw: the buttons, and the address that was copied.

Run as a process of its own: Tcl ends a process in which another thread frees what is left of a window.
"""

import os
from tkinter import ttk

from importer import Account
from importer.desktop.launcher import Launcher
from importer.desktop.window import Window
from importer.messages import window_phrases as phrases

_LOOK_AGAIN_MS = 50


def main() -> None:
    """Wait until the program runs, copy the address, and end the program."""
    launcher = Launcher(Account)
    window = Window(launcher, lambda: False, None)
    root = window._root

    def press() -> None:
        if window._heading["text"] != phrases.RUNNING:
            root.after(_LOOK_AGAIN_MS, press)
            return
        buttons = {each["text"]: each for each in window._buttons.winfo_children() if isinstance(each, ttk.Button)}
        buttons[phrases.COPY_ADDRESS].invoke()
        print(*buttons, root.clipboard_get(), sep="\n")
        buttons[phrases.END].invoke()

    launcher.start()
    root.after(0, press)
    window.run()
    print("done" if launcher.is_done else "not done", flush=True)
    os._exit(0)  # as the program does


if __name__ == "__main__":
    main()
