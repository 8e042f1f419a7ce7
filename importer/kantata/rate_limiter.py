"""How fast requests may leave: one pace for all workers. Knows time, and not what is sent.

Kantata publishes no limit to go by, so the pace finds its own. It starts gently, lets more requests fly while
answers come as quickly as before, and after a refusal (429) keeps just below the rate that was let through.
"""

import email.utils
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST_WAIT_S = 120.0
"""No Retry-After is obeyed beyond this; a longer one is asked again."""
GIVE_UP_S = 300.0
"""A request that is refused for so long is not sent; the run stops, and can be resumed."""

Told = Callable[[float, str], None]
"""Called with the seconds of a wait and its reason."""

_START = 2
"""Requests in flight at the beginning."""
_SLOWER, _MUCH_SLOWER = 1.5, 3.0
"""Answers that take so many times as long as the quickest did: no more requests then, or half as many."""
_SMOOTHING = 0.3
_MOST_A_SECOND = 1000.0
"""The requests that one process can make in a second, about."""
_FORGETTING = 1.005
"""The quickest time known is forgotten by this factor an answer: what was quick in the morning may not be at noon."""
_BELOW, _FAR_BELOW = 0.93, 0.85
"""The share of the rate that is kept after a refusal: less, if it came so soon that the limit must be far below."""
_SOON_S = 2.0
_REGAIN_S, _SELDOM, _RARELY = 10.0, 20, 60
"""What was given up is tried again over so many seconds, so many times the pause that a refusal cost, and so many
answers.
"""
_FASTEST_GROWTH = 0.005
_LONG = 500
"""So many answers without a refusal let the rate grow faster again."""
_REMEMBERED_S = 300.0
_LATE_S = 0.05
"""A slot taken so late does not put off the next ones: a machine that stutters keeps its rate."""
_IDLE_S = 1.0
_LONGEST_UNTOLD_S = 8.0
"""The longest wait after a refusal that does not say how long."""


@dataclass(slots=True)
class _Cycle:
    """The time since the last refusal was over: what was let through in it, when new ones began, how many they are."""

    began: float
    let_through: int = 0
    refusals: int = 0
    refused_at: float = 0.0


class Pace:
    """The pace that all workers share.

    `workers` and `max_rate` (requests a second) are ceilings; `rate` is what an earlier run found to be let through.
    """

    def __init__(
        self,
        workers: int = 16,
        max_rate: float | None = None,
        rate: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self._workers = workers
        self._max_rate = max_rate
        self._rate = rate
        self._clock = clock
        self._halted = threading.Event()
        self._sleep = sleep
        self._changed = threading.Condition()
        now = clock()
        self._next_slot = now
        self._held_until = now
        self._growth = _FASTEST_GROWTH
        self._cycle = _Cycle(now)
        self._busy_since = now
        self._through: deque[float] = deque()
        self._in_flight = 0
        self._last_landed = now
        self._window = min(_START, workers)
        self._usual_s: dict[str, float] = {}
        self._quickest_s: dict[str, float] = {}

    @property
    def window(self) -> int:
        """How many requests may be in flight now: one, after a refusal, until a request is let through again."""
        return 1 if self._cycle.refusals else self._window

    @property
    def workers(self) -> int:
        """The ceiling on requests in flight."""
        return self._workers

    @property
    def rate(self) -> float | None:
        """The requests a second that are let through, once a refusal has shown that there is a limit."""
        return self._rate

    def remember(self, rate: float | None) -> None:
        """Keep to what an earlier run found to be let through."""
        with self._changed:
            self._rate = rate if self._rate is None else self._rate

    def halt(self) -> None:
        """Let nothing leave any more that may be halted; what waits for its turn is told so at once."""
        self._halted.set()
        with self._changed:
            self._changed.notify_all()

    @contextmanager
    def turn(self, *, may_halt: bool = False) -> Iterator[bool]:
        """Wait until a request may leave; False if it must not any more, as the pace was halted.

        Leaving the context means that its answer has come, or will not.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._in_flight < self.window or (may_halt and self._halted.is_set()))
            if not self._in_flight and self._clock() > self._last_landed + _IDLE_S and not self._cycle.refusals:
                self._cycle = _Cycle(
                    self._clock(), 0
                )  # what is let through is measured while there is something to send
            self._in_flight += 1
        try:
            while (wait_s := self._take_slot()) > 0:
                if may_halt and self._halted.is_set():
                    break
                self._rest(wait_s, may_halt=may_halt)
            yield not (may_halt and self._halted.is_set())
        finally:
            with self._changed:
                self._in_flight -= 1
                self._last_landed = self._clock()
                self._changed.notify_all()

    def _take_slot(self) -> float:
        """Take the next slot, if it is there, and return 0; else the seconds until it may be. No slot is taken ahead:
        those who waited through a hold must not all leave at its end.
        """
        with self._changed:
            now = self._clock()
            wait_s = max(self._next_slot, self._held_until) - now
            if wait_s <= 0:
                self._next_slot = max(self._next_slot, now - _LATE_S) + self._gap_s()
            return wait_s

    def _rest(self, seconds: float, *, may_halt: bool) -> None:
        if self._sleep is not None:
            self._sleep(seconds)
        elif may_halt:
            self._halted.wait(seconds)
        else:
            time.sleep(seconds)

    def hold(self, seconds: float) -> None:
        """Let no request leave for so many seconds from now."""
        with self._changed:
            self._held_until = max(self._held_until, self._clock() + seconds)

    def answered(self, kind: str, took_s: float) -> None:
        """A request of this kind was let through, and answered after so many seconds."""
        with self._changed:
            self._learn_rate(self._clock())
            self._learn_latency(kind, took_s)
            self._changed.notify_all()

    def refused(self, header: str | None) -> float:
        """Kantata asked to wait (429): hold every request, and return for how many seconds."""
        with self._changed:
            now = self._clock()
            if now >= self._held_until:  # else it left before we knew, with others that were refused
                self._cycle.refused_at = self._cycle.refused_at or now
                self._cycle.refusals += 1
            seconds = retry_after_s(header, max(self._cycle.refusals, 1), unit_s=1 / (self._rate or 1.0))
            self._held_until = max(self._held_until, now + seconds)
            return self._held_until - now

    def slow_down(self) -> None:
        """Let half as many requests fly: the server has trouble."""
        with self._changed:
            self._window = max(1, self._window // 2)

    def _gap_s(self) -> float:
        rate = min(self._rate or float("inf"), self._max_rate or float("inf"))
        return 1 / rate

    def _learn_rate(self, now: float) -> None:
        """After a refusal, keep to less than was let through; without one, try a little more."""
        cycle = self._cycle
        if cycle.refusals and now >= self._held_until:
            self._rate = self._rate_after(cycle, now)
            self._cycle = cycle = _Cycle(now)
        elif self._rate is not None and not cycle.refusals:
            self._rate *= 1 + self._growth
            if cycle.let_through % _LONG == _LONG - 1:
                self._growth = min(2 * self._growth, _FASTEST_GROWTH)
        cycle.let_through += 1
        self._through.append(now)

    def _rate_after(self, cycle: _Cycle, now: float) -> float:
        """The rate to keep to after a refusal; sets how fast it grows, so that the limit is not met again too soon."""
        while self._through and self._through[0] < now - _REMEMBERED_S:
            self._through.popleft()
        since = max(self._busy_since, now - _REMEMBERED_S)
        proven = max(len(self._through), 1) / max(now - since, 0.001)
        kept = _BELOW if self._rate is None or cycle.refused_at - cycle.began > _SOON_S else _FAR_BELOW
        rate = max(kept * (self._rate or proven), kept * proven)
        if self._rate is not None:
            span_s = max(_REGAIN_S, _SELDOM * (now - cycle.refused_at))
            self._growth = min((1 - kept) / max(rate * span_s, _RARELY), _FASTEST_GROWTH)
        return rate

    def _learn_latency(self, kind: str, took_s: float) -> None:
        """Let one more request fly if answers come about as quickly as they ever did, half as many if far from it."""
        usual = self._usual_s.get(kind, took_s)
        usual += _SMOOTHING * (took_s - usual)
        quickest = min(self._quickest_s.get(kind, usual) * _FORGETTING, usual)
        self._usual_s[kind], self._quickest_s[kind] = usual, quickest
        if usual <= _SLOWER * quickest:
            if self._window < _MOST_A_SECOND * usual:  # more would only wait for each other here
                self._window = min(self._window + 1, self._workers)
        elif usual > _MUCH_SLOWER * quickest:
            self._window = max(self._window // 2, min(_START, self._workers))


def rounds_of(requests: int, workers: int) -> int:
    """How many answers one after another so many requests take, when every answer lets one more fly."""
    rounds, window = 0, min(_START, workers)
    while requests > 0:
        requests -= window
        window = min(2 * window, workers)
        rounds += 1
    return rounds


def retry_after_s(header: str | None, attempt: int, now: datetime | None = None, unit_s: float = 1.0) -> float:
    """How long to wait after a refusal: as the header says, in seconds or as a date, else longer each time.

    `attempt` counts from 1; `unit_s` is the first wait where nothing is told. A header that says 0, again and again,
    must not make us hammer: each attempt waits a little longer. Source of the two forms: RFC 9110, 10.2.3.
    """
    told = _told_s(header, now or datetime.now(UTC))
    growing = 1.5 ** min(attempt - 1, 40)
    if told is not None:
        return min(max(told, min(growing / 4, _LONGEST_UNTOLD_S)), LONGEST_WAIT_S)
    return min(growing * min(unit_s, 1.0), _LONGEST_UNTOLD_S)


def _told_s(header: str | None, now: datetime) -> float | None:
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return (email.utils.parsedate_to_datetime(text) - now).total_seconds()
    except (TypeError, ValueError):
        return None
