"""How many requests a second Kantata lets through: additive increase, multiplicative decrease. Knows no thread.

Kantata publishes no limit. Nothing is limited until a request is refused (429). Then the rate falls to a share of what
was sent before, and grows back in equal steps. Time spent waiting says nothing about the limit, so a single refusal
leaves no trace after a few seconds. Only what got through over several refusals, waits included, is a floor under the
rate: a real limit is met again and again, and is known by it.
"""

from collections import deque

from importer.kantata.retry_after import wait_s

_DECREASE, _GENTLE_DECREASE = 0.15, 0.92
"""The share of the rate that is kept after a refusal: the second where the rate is near what is known to get through.
"""
_NEAR = 2.0
"""A rate is near what is known to get through if it is less than so many times as high."""
_FIRST_RECOVERY_S, _SLOWER_RECOVERY = 3.0, 4
"""The rate is back where it was after so many seconds; after so many times as many for each earlier refusal."""
_LONGEST_RECOVERY_S, _RECOVERY_PAUSES, _RECOVERY_REQUESTS = 15.0, 20, 60
"""Recovery takes no longer than the longest of: these seconds, so many times the pause, so many requests."""
_PAUSE_PARTS = 3
"""A refusal that does not say how long to wait is asked again after this part of the last pause."""
_LEAST_INCREASE = 0.07
"""The share of its rate by which it grows in one recovery at least."""
_MEMORY_S = 300.0
_RECENT = 20
"""Requests from which the present rate is measured."""
_LATE_S = 0.05
"""A request that leaves so late does not put off the next ones: a machine that stutters keeps its rate."""
_MOST_A_SECOND = 1000.0
"""More requests a second than one process can send."""


class AdaptiveRate:
    """The rate at which requests may leave, learned from answers. Times are seconds on one clock that only rises.

    `ceiling` is never exceeded (requests a second); `rate` is what an earlier run learned.
    """

    def __init__(self, now: float, ceiling: float | None = None, rate: float | None = None) -> None:
        self._ceiling = ceiling
        self._rate: float | None = None
        self._next_slot = now
        self._paused_until = now
        self._sending_since = now
        self._let_through: deque[float] = deque()
        self._recent: deque[float] = deque(maxlen=_RECENT)
        self._refused_at: float | None = None
        self._refusals = 0
        self._last_pause_s = 0.0
        self._incidents: deque[float] = deque()
        self._is_confirmed = False
        self._measured_since = now
        self._growth = 0.0
        self._grown_at = now
        self._recovery_s = _FIRST_RECOVERY_S
        self._recovered_at = now
        if rate is not None:
            self.start_from(rate, now)

    @property
    def limit(self) -> float | None:
        """The requests a second that are let through, once more than one refusal has shown that there is a limit."""
        return self._rate if self._is_confirmed else None

    @property
    def is_probing(self) -> bool:
        """Whether a request was refused, and none has been let through since."""
        return self._refused_at is not None

    def start_from(self, rate: float, now: float) -> None:
        """Begin with a limit that an earlier run learned, unless this one has learned of one."""
        if self._rate is None:
            self._rate = rate
            self._is_confirmed = True
            self._recover(now, _LONGEST_RECOVERY_S, rate * _LEAST_INCREASE)

    def delay_s(self, now: float) -> float:
        """The seconds until a request may leave; 0 or less if one may leave now."""
        return max(self._next_slot, self._paused_until) - now

    def leave(self, now: float) -> None:
        """A request leaves now."""
        self._next_slot = max(self._next_slot, now - _LATE_S) + self._gap_s()

    def pause(self, seconds: float, now: float) -> None:
        """Let no request leave for so many seconds."""
        self._paused_until = max(self._paused_until, now + seconds)

    def resume_after_idle(self, now: float) -> None:
        """There was nothing to send until now: that time is no evidence of any rate."""
        if self.is_probing:
            return
        self._sending_since = self._measured_since = now
        self._let_through.clear()
        self._recent.clear()
        self._recovered_at += now - self._grown_at
        self._grown_at = now

    def let_through(self, now: float) -> None:
        """A request was let through."""
        if self._refused_at is None:
            self._grow(now)
        elif now >= self._paused_until:  # else it left before the refusal
            self._decrease(now, self._refused_at)
        self._let_through.append(now)
        self._recent.append(now)

    def refuse(self, retry_after_s: float | None, now: float) -> float:
        """A request was refused, with the seconds to wait if they are known; return how long every request waits."""
        if now >= self._paused_until:  # else it left before we knew, with others that were refused
            self._refusals += 1
            if self._refused_at is None:
                self._refused_at = now
        self.pause(wait_s(retry_after_s, max(self._refusals, 1), self._first_wait_s(now)), now)
        return self._paused_until - now

    def _first_wait_s(self, now: float) -> float:
        """How long to wait after a refusal that does not say it: about as long as a request takes at this limit."""
        if self._rate is None:
            return 1.0
        return max(min(1.0, 1 / self._sustained(now)), self._last_pause_s / _PAUSE_PARTS)

    def _gap_s(self) -> float:
        return 1 / min(self._rate or float("inf"), self._ceiling or float("inf"))

    def _decrease(self, now: float, refused_at: float) -> None:
        """A refusal is over: the rate falls to a share of what it was, and not below what is known to get through."""
        before = min(self._rate or float("inf"), self._recent_rate(refused_at))
        pause_s = now - refused_at
        while self._incidents and self._incidents[0] < now - _MEMORY_S:
            self._incidents.popleft()
        self._incidents.append(now)
        if self._rate is None:
            self._rate = _DECREASE * before
            longest_s = _FIRST_RECOVERY_S
        else:
            sustained = self._sustained(now)
            is_near = before < _NEAR * sustained
            self._rate = _GENTLE_DECREASE * before if is_near else max(_DECREASE * before, sustained)
            self._is_confirmed = True
            longest_s = max(_LONGEST_RECOVERY_S, _RECOVERY_PAUSES * pause_s, _RECOVERY_REQUESTS / self._rate)
        recovery_s = min(_FIRST_RECOVERY_S * _SLOWER_RECOVERY ** (len(self._incidents) - 1), longest_s)
        self._recover(now, recovery_s, before - self._rate)
        self._refused_at, self._refusals, self._last_pause_s = None, 0, pause_s
        self._sending_since = now
        self._recent.clear()
        self._next_slot = now + self._gap_s()

    def _recover(self, now: float, recovery_s: float, increase: float) -> None:
        """From now on grow by this much in so many seconds."""
        increase = max(increase, _LEAST_INCREASE * (self._rate or 0.0))
        self._recovery_s = recovery_s
        self._growth = increase / recovery_s
        self._grown_at = now
        self._recovered_at = now + recovery_s

    def _grow(self, now: float) -> None:
        """Additive increase; twice as fast after each recovery without a refusal. A limit met once is then lifted."""
        while self._rate is not None and now >= self._recovered_at:
            if not self._is_confirmed or self._rate > _MOST_A_SECOND:
                self._rate, self._is_confirmed = None, False
                return
            self._rate += self._growth * (self._recovered_at - self._grown_at)
            self._grown_at = self._recovered_at
            self._growth *= 2
            self._recovered_at += self._recovery_s
        if self._rate is not None:
            self._rate += self._growth * (now - self._grown_at)
            self._grown_at = now

    def _recent_rate(self, now: float) -> float:
        """The requests a second that were let through of late, waits left out."""
        since = self._recent[0] if len(self._recent) == _RECENT else self._sending_since
        return max(len(self._recent), 1) / max(now - since, 0.001)

    def _sustained(self, now: float) -> float:
        """The requests a second that were let through in the last minutes, waits counted in."""
        while self._let_through and self._let_through[0] < now - _MEMORY_S:
            self._let_through.popleft()
        since = max(self._measured_since, now - _MEMORY_S)
        return max(len(self._let_through), 1) / max(now - since, 0.001)
