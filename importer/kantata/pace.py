"""How fast requests may leave: one pace for all workers. Knows time, and not what is sent.

Kantata publishes no limit to go by, so the pace finds its own: it starts gently and grows while answers come as
quickly as before.
"""

import email.utils
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

LONGEST_WAIT_S = 120.0
"""No Retry-After is obeyed beyond this; a longer one is asked again."""

Told = Callable[[float, str], None]
"""Called with the seconds of a wait and its reason."""

_START = 2
"""Requests in flight at the beginning."""
_SLOWER = 1.5
"""Answers that take so many times as long as they did are a sign that more requests would only wait longer."""
_SMOOTHING = 0.3
_FORGETTING = 1.005
"""The quickest time known is forgotten by this factor an answer: what was quick in the morning may not be at noon."""


class Pace:
    """The pace that all workers share: a ceiling on requests in flight and on their rate, and none while Kantata asks
    to wait.
    """

    def __init__(
        self,
        workers: int = 10,
        max_rate: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._workers = workers
        self._gap_s = 1 / max_rate if max_rate else 0.0
        self._clock = clock
        self._sleep = sleep
        self._changed = threading.Condition()
        self._next_slot = clock()
        self._held_until = self._next_slot
        self._in_flight = 0
        self._window = min(_START, workers)
        self._usual_s: dict[str, float] = {}
        self._quickest_s: dict[str, float] = {}

    @property
    def window(self) -> int:
        """How many requests may be in flight now."""
        return self._window

    @contextmanager
    def turn(self, kind: str) -> Iterator[None]:
        """Wait until a request of this kind may leave; leaving the context means that its answer has come."""
        with self._changed:
            self._changed.wait_for(lambda: self._in_flight < self._window)
            self._in_flight += 1
            slot = max(self._next_slot, self._clock())
            self._next_slot = slot + self._gap_s
        try:
            while (wait_s := max(slot, self._held_until) - self._clock()) > 0:
                self._sleep(wait_s)
            left = self._clock()
            yield
            self._learn(kind, self._clock() - left)
        finally:
            with self._changed:
                self._in_flight -= 1
                self._changed.notify_all()

    def hold(self, seconds: float) -> None:
        """Let no request leave for so many seconds from now."""
        with self._changed:
            self._held_until = max(self._held_until, self._clock() + seconds)

    def _learn(self, kind: str, took_s: float) -> None:
        """Let one more request fly if answers come about as quickly as they ever did, one fewer if far from it."""
        with self._changed:
            usual = self._usual_s.get(kind, took_s)
            usual += _SMOOTHING * (took_s - usual)
            quickest = min(self._quickest_s.get(kind, usual) * _FORGETTING, usual)
            self._usual_s[kind], self._quickest_s[kind] = usual, quickest
            if usual <= _SLOWER * quickest:
                self._window = min(self._window + 1, self._workers)
            elif usual > 2 * _SLOWER * quickest:
                self._window = max(self._window - 1, min(_START, self._workers))


def rounds_of(requests: int, workers: int) -> int:
    """How many answers one after another so many requests take, when every answer lets one more fly."""
    rounds, window = 0, min(_START, workers)
    while requests > 0:
        requests -= window
        window = min(2 * window, workers)
        rounds += 1
    return rounds


def retry_after_s(header: str | None, attempt: int, now: datetime | None = None) -> float:
    """How long to wait after a 429 or 503: as the header says, in seconds or as a date, else longer each time.

    `attempt` counts from 1. A header that says 0, again and again, must not make us hammer: each attempt waits a
    little longer. Source of the two forms: RFC 9110, 10.2.3. What is neither is left aside.
    """
    told = _told_s(header, now or datetime.now(UTC))
    if told is not None:
        return min(max(told, 2.0 ** (attempt - 3)), LONGEST_WAIT_S)
    return min(2.0 ** (attempt - 1), 60.0)


def _told_s(header: str | None, now: datetime) -> float | None:
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return (email.utils.parsedate_to_datetime(text) - now).total_seconds()
    except (TypeError, ValueError):
        return None
