"""The streams of a terminal, a pipe or a file, and what each can show. Knows streams, and nothing that is said."""

import errno
import io
import logging
import sys
from typing import TextIO

from importer.platforms.system import is_windows

_CONSOLE = "_WindowsConsoleIO"
"""What Python calls the console of Windows."""


def never_fail() -> None:
    """Have letters that an output cannot write come out by their number from now on, instead of ending the program.

    On Windows a file or a pipe has the encoding of the system, such as Windows-1252, in which most names of the world
    cannot be written.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def writes_every_letter(stream: TextIO | None) -> bool:
    """Whether the encoding of the stream has all letters; a stream in memory has no encoding, and takes all."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return encoding.lower().startswith("utf")


def keep_line_ends(stream: TextIO | None) -> None:
    """Have lines end as they are written from now on: Windows adds a carriage return, which a Unix shell would read."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(newline="\n")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sits before the stream. A program without a window has none; and on Windows NUL, from which a
    task that nobody watches reads, says of itself that it is one.
    """
    if stream is None or not stream.isatty():
        return False
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    return not is_windows() or type(raw).__name__ == _CONSOLE


def silence_event_loop() -> None:
    """Have the event loop of a server print no traceback where a browser goes away; that of Windows does.

    Source: issue 2105 of uvicorn. No answer is lost by it: who was to get it has gone.
    """
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)


def is_closed_pipe(error: Exception) -> bool:
    """Whether the program that reads what we print has gone away. Windows calls that an invalid argument, and names no
    file.
    """
    if isinstance(error, BrokenPipeError):
        return True
    return is_windows() and isinstance(error, OSError) and error.errno == errno.EINVAL and error.filename is None
