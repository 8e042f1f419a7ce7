"""Connections that end too early: a reset, or half an answer; knows the transports of uvicorn, and no API.

An ASGI application cannot close its socket. So the transport of each connection is handed to it in `state`.
"""

import asyncio
import os
import socket
import struct
from typing import cast

from starlette.types import Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from importer.sandbox.answer import Answer

# What makes close() a reset: linger is on, for no time. Windows has shorter numbers there.
LINGER_NOT = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class Protocol(H11Protocol):
    """The protocol of uvicorn, with the transport in the state of every request's scope."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the transport for the requests that come over it."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


def _transport(scope: Scope) -> asyncio.Transport:
    return cast("asyncio.Transport", scope["state"]["transport"])


async def reset(scope: Scope, receive: Receive) -> None:
    """Close the connection at once, so that the caller sees a reset and no answer."""
    transport = _transport(scope)
    if transport.is_closing():
        return  # the caller gave up first
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    transport.abort()
    await _until_closed(receive)


async def send_half(scope: Scope, receive: Receive, answer: Answer, headers: list[tuple[str, str]]) -> None:
    """Send the headers with the full length, half of the body, and close the connection.

    An answer without a body (204) is cut in its first line.
    """
    known = [(name, value) for name, value in headers if name != "Content-Length"]
    lines = [f"HTTP/1.1 {answer.status} {answer.status}", *(f"{name}: {value}" for name, value in known)]
    lines.append(f"Content-Length: {len(answer.body)}")
    head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
    transport = _transport(scope)
    transport.write(head + answer.body[: len(answer.body) // 2] if answer.body else head[:7])
    transport.close()
    await _until_closed(receive)


async def _until_closed(receive: Receive) -> None:
    """Wait for the end: uvicorn takes a return without an answer for a mistake while there is a connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
