"""Lets a frozen program stand in for the Python that our modules expect. Knows no face.

Some of our modules start another one in a process of its own, by `sys.executable -m MODULE`. In a frozen program that
executable is the program itself, so it does what Python would do.
"""

import os
import runpy
import sys

_MODULES = ("importer.spreadsheet.annotate.marking_process", "importer.spreadsheet.read.xls_process", "webbrowser")
_LIBRARY_PATH = "LD_LIBRARY_PATH"


def prepare() -> None:
    """Run the module that was asked for, and end; or prepare what the program itself needs."""
    _restore_library_path()
    arguments = sys.argv[1:]
    if arguments[:1] == ["-I"]:  # isolated from the person's own modules, as a frozen program always is
        del arguments[0]
    if len(arguments) > 1 and arguments[0] == "-m" and arguments[1] in _MODULES:
        sys.argv[1:] = arguments[2:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        sys.exit()


def _restore_library_path() -> None:
    """Let what we start, such as a browser, find the libraries of its system and not ours."""
    before = os.environ.pop(f"{_LIBRARY_PATH}_ORIG", None)
    if before is not None:
        os.environ[_LIBRARY_PATH] = before
    elif sys.platform == "linux":
        os.environ.pop(_LIBRARY_PATH, None)
