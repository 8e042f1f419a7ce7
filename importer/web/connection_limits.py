"""Keeps a program on this machine from using up the page's connections. Knows connections and times, and nothing of
what is asked.

The web server has no time limit for the head of a request, and none for a body that stops half-way. Whoever has no
cookie is refused at once, and their connection closed. So only those who have not asked yet need to be few.
"""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

AT_A_TIME = 32
"""Connections that are taken at a time: so few that one that asks at once is heard before it has to go."""
IN_LINE = 1024
"""Connections that the operating system keeps until they are taken."""


class BoundedProtocol(H11Protocol):
    """One connection. Until something was asked on it, it may have to go: after a time, or for a newer one."""

    most_silent = 100
    """Connections on which nothing was asked yet. Some systems give a process no more than 256 files."""
    head_s = 5.0
    """How long the head of a first request may take."""
    body_s = 30.0
    """How long a body may pause."""

    _deadline: asyncio.TimerHandle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base
        """Take a connection; where too many are silent, the oldest of them goes."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(self.head_s, self._give_up)
        silent = [each for each in self.connections if isinstance(each, BoundedProtocol) and each.cycle is None]
        if len(silent) > self.most_silent:
            oldest = min(silent, key=BoundedProtocol.deadline)
            self.connections.discard(oldest)  # it is lost a moment later, and others may come before that
            oldest.transport.abort()

    def deadline(self) -> float:
        """When it has to go, in seconds of the event loop."""
        return self._deadline.when()

    def data_received(self, data: bytes) -> None:
        """Take some bytes, and see how long the next ones may take."""
        super().data_received(data)
        if self.cycle is not None:
            self._deadline.cancel()
            if self.cycle.more_body:
                self._deadline = self.loop.call_later(self.body_s, self._give_up)

    def _give_up(self) -> None:
        if self.flow.read_paused:  # it is we who keep it waiting
            self._deadline = self.loop.call_later(self.body_s, self._give_up)
        else:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let a connection go."""
        self._deadline.cancel()
        super().connection_lost(exc)
