"""Tells another program how a command of ours ended: it gets the result as JSON. Knows processes, and nothing of what
the result says.
"""

import json
import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from importer.messages import about_program
from importer.remedies import Message

PATIENCE_S = 60.0
"""Seconds that we wait for the other program."""

_SECRET = "KANTATA_TOKEN"  # noqa: S105  (the name of the variable)
_STDERR = 2


def split_command(text: str, *, backslash_quotes: bool = os.name != "nt") -> tuple[str, ...]:
    r"""The words of a command line as a POSIX shell splits them. No shell runs it: `|`, `>` and `$HOME` are plain text.

    On Windows a backslash is a letter like any other, as paths are full of them: `C:\tools\tell.exe "to the team"`.
    Raises: Usage where a quotation mark is never closed, or there is no word.
    """
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters = True, ""
    if not backslash_quotes:
        lexer.escape = ""
    try:
        words = tuple(lexer)
    except ValueError:
        raise about_program.not_a_command(text) from None
    if not words or not words[0]:
        raise about_program.not_a_command(text)
    return words


def notify(
    command: Sequence[str], result: Mapping[str, Any], run: str = "", *, patience_s: float = PATIENCE_S
) -> Message | None:
    """Run `command` with the result as one JSON object on its standard input; what went wrong, if something did.

    Its environment is ours without the token, and with `IMPORTER_EXIT` (the `exit` of the result) and `IMPORTER_RUN`
    (the id of the run, or nothing). What it prints goes to our standard error. After `patience_s` seconds it is left
    to run on.
    """
    program = PurePath(command[0]).name
    environment = {name: value for name, value in os.environ.items() if name.upper() != _SECRET}
    environment |= {"IMPORTER_EXIT": str(result["exit"]), "IMPORTER_RUN": run}
    # A file, and no pipe: a program that reads late, or nothing, never holds us up.
    with tempfile.TemporaryFile() as stdin:
        stdin.write(json.dumps(result, default=str).encode("ascii"))
        stdin.seek(0)
        try:
            process = subprocess.Popen(command, stdin=stdin, stdout=_STDERR, env=environment)  # noqa: S603
        except (OSError, ValueError) as error:  # ValueError: a word with a zero byte
            return about_program.notification_not_started(program, getattr(error, "strerror", None) or str(error))
    try:
        code = process.wait(patience_s)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        return about_program.notification_takes_long(program)
    return about_program.notification_failed(program, code) if code else None
