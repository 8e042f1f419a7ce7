"""Takes out of a text what is nobody else's business: tokens, people, a person's folders. Knows no report.

What a person typed, and Kantata's own words, stand in quotation marks and go as a whole. The rest is a second net: it
takes out what is known to be secret or about a person, wherever it stands.
"""

import getpass
import os
import re
from collections.abc import Iterable
from pathlib import Path

_QUOTED = re.compile(r'".*"', re.DOTALL)
_IN_URL = re.compile(r"(?<=://)[^/\s@]*@|(?<=\w)\?[^\s)\"]+")
"""A user's name before the host, and a query."""
_ADDRESS = re.compile(r"[^\s\"'<>()/\\:,;=@]+@[^\s\"'<>()/\\:,;=@]+")
_SHORTEST_SECRET, _SHORTEST_NAME = 4, 2


class Redaction:
    """Redacts texts: `secrets` are removed wherever they stand, `names` where they are words of their own."""

    def __init__(self, secrets: Iterable[str], names: Iterable[str]) -> None:
        self._homes = sorted({str(Path.home()), str(Path.home().resolve())}, key=len, reverse=True)
        self._secrets = [each for each in secrets if len(each) >= _SHORTEST_SECRET]
        whole = [name.strip() for name in (*names, *_own_names())]
        every = {each for name in whole for each in (name, *name.partition("@")[0].split())}
        some = sorted((re.escape(each) for each in every if len(each) >= _SHORTEST_NAME), key=len, reverse=True)
        self._names = re.compile(rf"(?<![^\W_])(?:{'|'.join(some)})(?![^\W_])", re.IGNORECASE) if some else None

    def __call__(self, text: str) -> str:
        """The text without them; a person's own folder is `~`."""
        for secret in self._secrets:
            text = text.replace(secret, "(secret)")
        for home in self._homes:
            if len(home) > 1:
                text = re.sub(rf"{re.escape(home)}(?![\w.-])", "~", text)
        text = _ADDRESS.sub("(e-mail address)", _IN_URL.sub("", _QUOTED.sub('"..."', text)))
        return text if self._names is None else self._names.sub("(name)", text)


def _own_names() -> set[str]:
    """What this machine calls the person at it."""
    names = {os.environ.get(variable, "") for variable in ("USER", "LOGNAME", "USERNAME")} | {Path.home().name}
    try:
        names.add(getpass.getuser())
    except (OSError, KeyError):  # a process of nobody who is known here
        return names
    return names
