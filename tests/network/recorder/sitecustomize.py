"""Writes down every address that a process asks for, connects to, sends to or listens at, from its very beginning.

Python imports a module of this name by itself where its folder is on PYTHONPATH, in each process that one starts, too.
`CONNECTIONS` names the file. Every socket of Python raises these events, whichever library opened it.
"""

import os
import sys

_EVENTS = {
    "socket.connect": slice(1, 2),
    "socket.sendto": slice(1, 2),
    "socket.sendmsg": slice(1, 2),
    "socket.bind": slice(1, 2),
    "socket.getaddrinfo": slice(0, 2),
    "socket.gethostbyname": slice(0, 1),
    "socket.gethostbyaddr": slice(0, 1),
}
"""The events, and which of their arguments are the address."""
_FILE = os.open(os.environ["CONNECTIONS"], os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)


def _write_down(event: str, arguments: tuple[object, ...]) -> None:
    if event in _EVENTS:
        values = arguments[_EVENTS[event]]
        address = values[0] if len(values) == 1 else values
        parts = address if isinstance(address, tuple) else (address,)
        os.write(_FILE, "\t".join([event, *(str(part) for part in parts[:2])]).encode() + b"\n")


sys.addaudithook(_write_down)
