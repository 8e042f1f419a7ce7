"""When requests may leave: one limiter for all workers. Knows time and threads, and not what is sent.

It starts gently, lets more requests fly while answers come as quickly as before, and spaces requests out once Kantata
refuses some.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from importer.kantata.adaptive_rate import AdaptiveRate

_IDLE_S = 1.0
"""Longer without a request than this, there was nothing to send."""


class RateLimiter:
    """The limiter that all workers share.

    `workers` and `max_rate` (requests a second) are ceilings; `rate` is the limit that an earlier run learned.
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
        self._clock = clock
        self._sleep = sleep
        self.max_rate = max_rate
        """The ceiling on requests a second, if the person set one."""
        self._changed = threading.Condition()
        self._is_halted = False
        self._rate = AdaptiveRate(clock(), max_rate, rate)
        self._window = ConcurrencyWindow(workers)
        self._in_flight = 0
        self._waiting = 0
        self._last_end = clock()

    @property
    def window(self) -> int:
        """How many requests may be in flight now: one, after a refusal, until a request is let through again."""
        return 1 if self._rate.is_probing else self._window.size

    @property
    def workers(self) -> int:
        """The ceiling on requests in flight."""
        return self._window.workers

    @property
    def rate(self) -> float | None:
        """The requests a second that are let through, once refusals have shown that there is a limit."""
        return self._rate.limit

    def remember(self, rate: float | None) -> None:
        """Keep to the limit that an earlier run learned."""
        if rate is not None:
            with self._changed:
                self._rate.start_from(rate, self._clock())

    def halt(self) -> None:
        """Let no request leave any more that may be halted; those that wait for their turn learn it at once."""
        with self._changed:
            self._is_halted = True
            self._changed.notify_all()

    @contextmanager
    def turn(self, *, may_halt: bool = False) -> Iterator[bool]:
        """Wait until a request may leave; False if it must not any more, as the limiter was halted.

        Leaving the context means that its answer has come, or will not.
        """
        with self._changed:
            leaves = self._wait_for_turn(may_halt=may_halt)
        try:
            yield leaves
        finally:
            if leaves:
                with self._changed:
                    self._in_flight -= 1
                    self._last_end = self._clock()
                    self._changed.notify()

    def _wait_for_turn(self, *, may_halt: bool) -> bool:
        if not (self._in_flight or self._waiting) and self._clock() > self._last_end + _IDLE_S:
            self._rate.resume_after_idle(self._clock())
        self._waiting += 1
        try:
            while not (may_halt and self._is_halted):
                if self._in_flight >= self.window:
                    self._changed.wait()
                elif (delay_s := self._rate.delay_s(self._clock())) > 0:
                    self._wait(delay_s)
                else:
                    self._rate.leave(self._clock())
                    self._in_flight += 1
                    self._changed.notify()  # one wakes the next, as long as there is room: most would wake in vain
                    return True
            return False
        finally:
            self._waiting -= 1

    def _wait(self, seconds: float) -> None:
        """Wait so long or until something changes, while others may act."""
        if self._sleep is None:
            self._changed.wait(seconds)
            return
        self._changed.release()
        try:
            self._sleep(seconds)
        finally:
            self._changed.acquire()

    def pause(self, seconds: float) -> None:
        """Let no request leave for so many seconds from now."""
        with self._changed:
            self._rate.pause(seconds, self._clock())

    def let_through(self, kind: str, took_s: float) -> None:
        """A request of this kind was let through, and answered after so many seconds."""
        with self._changed:
            self._rate.let_through(self._clock())
            self._window.record(kind, took_s)
            self._changed.notify()

    def refuse(self, retry_after_s: float | None) -> float:
        """Kantata asked to wait (429), for so many seconds if it says so: pause every request; return for how long."""
        with self._changed:
            return self._rate.refuse(retry_after_s, self._clock())

    def slow_down(self) -> None:
        """Let half as many requests fly: the server has trouble."""
        with self._changed:
            self._window.halve()


class ConcurrencyWindow:
    """How many requests may be in flight at a time, from how quickly answers come. Not for threads by itself."""

    START = 2
    SLOW, VERY_SLOW = 1.5, 3.0
    """Answers that take so many times as long as the quickest did: no more requests then, or half as many."""
    SMOOTHING = 0.3
    FORGETTING = 1.005
    """The quickest time is forgotten by this factor an answer: what was quick in the morning may not be at noon."""
    MOST_A_SECOND = 1000.0
    """The requests that one process can make in a second, about."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.size = min(self.START, workers)
        self._usual_s: dict[str, float] = {}
        self._quickest_s: dict[str, float] = {}

    def record(self, kind: str, took_s: float) -> None:
        """Allow one more request if answers come about as quickly as they ever did, half as many if far from it."""
        usual = self._usual_s.get(kind, took_s)
        usual += self.SMOOTHING * (took_s - usual)
        quickest = min(self._quickest_s.get(kind, usual) * self.FORGETTING, usual)
        self._usual_s[kind], self._quickest_s[kind] = usual, quickest
        if usual <= self.SLOW * quickest:
            if self.size < self.MOST_A_SECOND * usual:  # more would only wait for each other here
                self.size = min(self.size + 1, self.workers)
        elif usual > self.VERY_SLOW * quickest:
            self.size = max(self.size // 2, min(self.START, self.workers))

    def halve(self) -> None:
        """Allow half as many requests."""
        self.size = max(1, self.size // 2)


def count_round_trips(requests: int, workers: int, window: int = ConcurrencyWindow.START) -> int:
    """How many answers one after another so many requests take, when every answer allows one more request than the
    `window` with which they begin.
    """
    rounds, window = 0, min(window, workers)
    while requests > 0:
        requests -= window
        window = min(2 * window, workers)
        rounds += 1
    return rounds
