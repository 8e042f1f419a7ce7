"""How fast requests may leave: one pace for all workers. Knows time, and not what is sent."""

import email.utils
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

LONGEST_WAIT_S = 120.0
"""No Retry-After is obeyed beyond this; a longer one is asked again."""

Told = Callable[[float, str], None]
"""Called with the seconds of a wait and its reason."""


class Pace:
    """The pace that all workers share: at most `max_rate` requests a second, and none while Kantata asks to wait."""

    def __init__(
        self,
        max_rate: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap_s = 1 / max_rate if max_rate else 0.0
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next_slot = clock()
        self._held_until = self._next_slot

    def wait_for_turn(self) -> None:
        """Return when the next request may leave."""
        with self._lock:
            slot = max(self._next_slot, self._clock())
            self._next_slot = slot + self._gap_s
        while (wait_s := max(slot, self._held_until) - self._clock()) > 0:
            self._sleep(wait_s)

    def hold(self, seconds: float) -> None:
        """Let no request leave for so many seconds from now."""
        with self._lock:
            self._held_until = max(self._held_until, self._clock() + seconds)


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
