"""Many workers and a server with a limit, in time that nobody waits for."""

import heapq
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from importer.kantata.adaptive_rate import AdaptiveRate
from importer.kantata.rate_limiter import ConcurrencyWindow

Server = Callable[[float], float | None]
"""Asked at a time (seconds) whether it lets a request through: None, or the seconds until it may."""


def sliding_limit(calls: int, seconds: float) -> Server:
    """A server that lets so many requests through in any so many seconds."""
    recent: deque[float] = deque()

    def ask(now: float) -> float | None:
        while recent and recent[0] <= now - seconds:
            recent.popleft()
        if len(recent) >= calls:
            return recent[0] + seconds - now
        recent.append(now)
        return None

    return ask


def fixed_limit(calls: int, seconds: float) -> Server:
    """A server that counts anew as each so many seconds begin."""
    counts: dict[int, int] = {}

    def ask(now: float) -> float | None:
        period = int(now // seconds)
        counts[period] = counts.get(period, 0) + 1
        return None if counts[period] <= calls else (period + 1) * seconds - now

    return ask


def single_refusals(*nth: int, wait_s: float) -> Server:
    """A server without a limit that refuses these requests, counted from 1, and others until the wait is over."""
    numbers = itertools.count(1)
    until = [0.0]

    def ask(now: float) -> float | None:
        if next(numbers) in nth:
            until[0] = now + wait_s
        return until[0] - now if now < until[0] else None

    return ask


@dataclass
class Simulation:
    """One run. `times` are those at which requests were let through; `refused` counts the others."""

    server: Server
    latency_s: float
    asks_to_wait: bool
    workers: int = 16
    rate: AdaptiveRate = field(default_factory=lambda: AdaptiveRate(0.0))
    times: list[float] = field(default_factory=list)
    refused: int = 0

    def send(self, requests: int) -> "Simulation":
        """Send so many requests, each until it is let through."""
        window = ConcurrencyWindow(self.workers)
        events: list[tuple[float, int, str, float | None]] = []
        order = itertools.count()
        now, left, in_flight = 0.0, requests, 0
        while len(self.times) < requests:
            while left and in_flight < (1 if self.rate.is_probing else window.size):
                delay_s = self.rate.delay_s(now)
                if delay_s > 0:
                    heapq.heappush(events, (now + delay_s + 1e-9, next(order), "wake", None))
                    break
                self.rate.leave(now)
                in_flight, left = in_flight + 1, left - 1
                heapq.heappush(events, (now + self.latency_s / 2, next(order), "arrive", None))
            now, _, event, wait_s = heapq.heappop(events)
            if event == "arrive":
                heapq.heappush(events, (now + self.latency_s / 2, next(order), "answer", self.server(now)))
            elif event == "answer":
                in_flight -= 1
                if wait_s is None:
                    self.times.append(now)
                    self.rate.let_through(now)
                    window.record("PUT", self.latency_s)
                else:
                    left, self.refused = left + 1, self.refused + 1
                    self.rate.refuse(wait_s if self.asks_to_wait else None, now)
        return self
