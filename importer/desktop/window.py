"""The small window of the program, by tkinter. Shows what the launcher says and tells it what was pressed; decides
nothing.
"""

import sys
import tkinter as tk
from collections.abc import Callable, Mapping
from pathlib import Path
from tkinter import TclError, font, ttk

import importer
from importer.desktop.launcher import Launcher, View
from importer.messages import window_phrases as phrases
from importer.web.browser import open_file

_ICON = Path(__file__).parent / "icon.png"
_IMAGE = "icon"
_LOOK_AGAIN_MS = 200
_NOTICE_MS = 6_000
_TEXT_WIDTH = 440
_MARGIN = 20
_PAPER, _INK, _FAINT, _ACCENT, _PRESSED = "#ffffff", "#111827", "#4b5563", "#1d4ed8", "#1e40af"
"""The colours of the page."""


class Window:
    """The window from its first moment until the launcher is done.

    Raises: TclError when no window can be shown here.
    """

    def __init__(self, launcher: Launcher, is_called: Callable[[], bool], licenses: Path | None) -> None:
        """`is_called` says whether a further double click asked for the page; `licenses` is a file to show."""
        self._launcher, self._is_called, self._licenses = launcher, is_called, licenses
        self._root = tk.Tk(className="Importer")
        self._root.title("importer")
        # By name: an object of Python's would be freed some time after its window, perhaps by another thread.
        self._root.tk.call("image", "create", "photo", _IMAGE, "-file", str(_ICON))
        self._root.iconphoto(True, _IMAGE)  # noqa: FBT003  (for every window of the program)
        self._root.resizable(width=False, height=False)
        self._root.configure(background=_PAPER)
        self._root.protocol("WM_DELETE_WINDOW", self._launcher.close)
        self._actions: Mapping[str, Callable[[], None]] = {
            phrases.OPEN_PAGE: launcher.open_page,
            phrases.COPY_ADDRESS: self._copy_address,
            phrases.END: launcher.close,
            phrases.KEEP_RUNNING: launcher.keep_running,
            phrases.CLOSE: launcher.close,
        }
        self._shown: View | None = None
        _set_style(self._root)
        self._heading, self._text, self._buttons, self._notice = self._lay_out()

    def run(self) -> None:
        """Show the window until the launcher is done."""
        self._look()
        self._root.mainloop()

    def _lay_out(self) -> tuple[ttk.Label, ttk.Label, ttk.Frame, ttk.Label]:
        frame = ttk.Frame(self._root, padding=_MARGIN)
        frame.grid()
        ttk.Label(frame, image=_IMAGE).grid(row=0, column=0, rowspan=2, sticky="n", padx=(0, _MARGIN))
        heading = ttk.Label(frame, style="Heading.TLabel")
        heading.grid(row=0, column=1, sticky="w")
        text = ttk.Label(frame, wraplength=_TEXT_WIDTH)
        text.grid(row=1, column=1, sticky="w", pady=(6, 14))
        buttons = ttk.Frame(frame)
        buttons.grid(row=2, column=1, sticky="w")
        frame.columnconfigure(1, minsize=_TEXT_WIDTH)
        foot = ttk.Frame(frame)
        foot.grid(row=3, column=1, sticky="ew", pady=(14, 0))
        foot.columnconfigure(0, weight=1)
        notice = ttk.Label(foot, style="Faint.TLabel", text=_version(), wraplength=_TEXT_WIDTH - 80)
        notice.grid(row=0, column=0, sticky="w")
        if self._licenses is not None:
            shown = self._licenses
            ttk.Button(
                foot, text=phrases.LICENSES, style="Link.TButton", cursor="hand2", command=lambda: open_file(shown)
            ).grid(row=0, column=1, sticky="e")
        return heading, text, buttons, notice

    def _look(self) -> None:
        """Show what has changed since, and look again in a moment."""
        if self._launcher.is_done:
            self._root.destroy()
            return
        if self._is_called():
            self._launcher.open_page()
            self._root.deiconify()
            self._root.lift()
        view = self._launcher.view
        if view != self._shown:
            self._show(view)
        self._root.after(_LOOK_AGAIN_MS, self._look)

    def _show(self, view: View) -> None:
        self._heading["text"], self._text["text"] = view.heading, view.text
        if self._shown is None or view.buttons != self._shown.buttons:
            for each in self._buttons.winfo_children():
                each.destroy()
            for place, name in enumerate(view.buttons):
                self._add_button(place, name)
        self._shown = view

    def _add_button(self, place: int, name: str) -> None:
        """A button at its place in the row; the first is the usual one."""
        action = self._actions[name]
        button = ttk.Button(self._buttons, text=name, command=action, style="TButton" if place else "Accent.TButton")
        button.grid(row=0, column=place, padx=(0, 8))
        button.bind("<Return>", lambda _: action())
        if not place:
            button.focus_set()

    def _copy_address(self) -> None:
        address = self._launcher.new_address()
        if address:
            self._root.clipboard_clear()
            self._root.clipboard_append(address)
            self._notice["text"] = phrases.COPIED
            self._root.after(_NOTICE_MS, lambda: self._notice.configure(text=_version()))


def _version() -> str:
    return f"importer {importer.__version__}"


def _set_style(root: tk.Tk) -> None:
    """The look of the page, where the system has none of its own for a window."""
    style = ttk.Style(root)
    if sys.platform not in ("win32", "darwin"):
        style.theme_use("clam")
    usual = font.nametofont("TkDefaultFont")
    size, family = abs(int(usual.cget("size"))), usual.cget("family")
    style.configure(".", background=_PAPER, foreground=_INK, font=usual)
    style.configure("Heading.TLabel", font=(family, size + 4, "bold"))
    style.configure("Faint.TLabel", foreground=_FAINT, font=(family, size - 1))
    style.configure("TButton", padding=(10, 5))
    style.configure("Link.TButton", relief="flat", borderwidth=0, padding=0, foreground=_ACCENT, background=_PAPER)
    style.map("Link.TButton", background=[("active", _PAPER)], foreground=[("active", _PRESSED)])
    if sys.platform not in ("win32", "darwin"):  # there a button keeps the system's own colours
        style.configure("Accent.TButton", foreground=_PAPER, background=_ACCENT, bordercolor=_ACCENT)
        style.map("Accent.TButton", background=[("active", _PRESSED), ("pressed", _PRESSED)])


__all__ = ["TclError", "Window"]
