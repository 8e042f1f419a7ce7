"""Connections that end too early: a reset, or half an answer; knows the transports of uvicorn, and no API.

An ASGI application cannot close its socket. So the transport of each connection is handed to it in `state`.
"""

import asyncio
import os
import socket
import struct

from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

# What makes close() a reset: linger is on, for no time. Windows has shorter numbers there.
LINGER_NOT = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class Protocol(H11Protocol):
    """The protocol of uvicorn, with the transport in the state of every request's scope."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the transport for the requests that come over it, and let it send small packets at once."""
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app_state = {**self.app_state, "transport": transport}


async def reset(scope: Scope, receive: Receive) -> None:
    """Close the connection at once, so that the caller sees a reset and no answer."""
    transport: asyncio.Transport = scope["state"]["transport"]
    if transport.is_closing():
        return  # the caller gave up first
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    transport.abort()
    await _until_closed(receive)


async def send_half(scope: Scope, receive: Receive, send: Send, start: Message, body: bytes) -> None:
    """Send the headers, which promise the full length, and half of the body; then close the connection.

    Of an answer without a body (204) nothing is sent.
    """
    if body:
        await send(start)
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    scope["state"]["transport"].close()
    await _until_closed(receive)


async def _until_closed(receive: Receive) -> None:
    """Wait for the end: uvicorn takes a return without an answer for a mistake while there is a connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
