"""How fast requests may leave: one pace for all workers. Knows time, and not what is sent.

Kantata publishes no limit to go by, so the pace finds its own. It starts gently, lets more requests fly while
answers come as quickly as before, and after a refusal (429) keeps just below the rate that was let through.
"""

import email.utils
import threading
import time
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
_BELOW = 0.95
"""The share of the rate that is kept after a refusal; less, if the rate was growing fast."""
_FASTEST_GROWTH, _SLOWEST_GROWTH = 0.01, 0.0002
"""What an answer adds to the rate, to find out whether more is let through: much at first, less after each refusal."""
_LONG = 500
"""So many answers without a refusal let the rate grow faster again."""
_LONGEST_UNTOLD_S = 8.0
"""The longest wait after a refusal that does not say how long."""


@dataclass(slots=True)
class _Cycle:
    """The time since the last refusal was over: what was let through in it, and how often there were new ones."""

    began: float
    let_through: int = 0
    refusals: int = 0


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
        self._in_flight = 0
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
            self._in_flight += 1
            slot = max(self._next_slot, self._clock())
            self._next_slot = slot + self._gap_s()
        try:
            while (wait_s := max(slot, self._held_until) - self._clock()) > 0:
                if may_halt and self._halted.is_set():
                    break
                self._rest(wait_s, may_halt=may_halt)
            yield not (may_halt and self._halted.is_set())
        finally:
            with self._changed:
                self._in_flight -= 1
                self._changed.notify_all()

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
            if self._rate is None:
                self._rate = _BELOW * max(cycle.let_through, 1) / max(now - cycle.began, 0.001)
            else:
                self._rate *= _BELOW - 10 * self._growth
                self._growth = max(self._growth / 5, _SLOWEST_GROWTH) if cycle.let_through > 10 else self._growth
            self._cycle = cycle = _Cycle(now)
        elif self._rate is not None and not cycle.refusals:
            self._rate *= 1 + self._growth
            if cycle.let_through % _LONG == _LONG - 1:
                self._growth = min(2 * self._growth, _FASTEST_GROWTH)
        cycle.let_through += 1

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
    growing = 2.0 ** min(attempt - 1, 30)
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
