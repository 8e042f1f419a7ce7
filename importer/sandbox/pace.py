"""How many calls get through, and how a refusal is answered; knows no record.

Source: API reference 1.0.0, section Rate Limits (429; the figures are not public).
"""

import math
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime

from importer.sandbox.answer import Answer, in_form
from importer.sandbox.call import Call

BUSY = "Too many requests. Please try again later."


class Pace:
    """Recent calls, and those in progress. `time` returns seconds from a clock that never goes back."""

    def __init__(self, time: Callable[[], float]) -> None:
        self._time = time
        self._recent: deque[float] = deque()
        self._in_progress: set[int] = set()

    def reset(self) -> None:
        """Forget the recent calls."""
        self._recent.clear()

    def forget(self) -> None:
        """Forget the calls in progress too: a fault may hold one for longer than its caller waits."""
        self.reset()
        self._in_progress.clear()

    @contextmanager
    def in_progress(self, call: Call) -> Iterator[None]:
        """Count the call while it is served."""
        self._in_progress.add(call.number)
        try:
            yield
        finally:
            self._in_progress.discard(call.number)

    def wait(self, switches: Mapping[str, str]) -> float | None:
        """Seconds until a call may be made; None if it may be made now, which then counts."""
        wait = self._left(switches["rate"])
        if wait > 0:
            return wait
        if switches["max_parallel"] != "off" and len(self._in_progress) > int(switches["max_parallel"]):
            return 1.0
        self._recent.append(self._time())
        return None

    def _left(self, rate: str) -> float:
        """Seconds until the limit `N/T` allows another call; 0 or less if it does now."""
        if rate == "off":
            return 0.0
        calls, seconds = re.findall(r"\d+(?:\.\d+)?", rate + " 1")[:2]
        recent, now = self._recent, self._time()
        while recent and recent[0] <= now - float(seconds):
            recent.popleft()
        return recent[-int(calls)] + float(seconds) - now if len(recent) >= int(calls) else 0.0


def too_many(switches: Mapping[str, str], wait: float, now: datetime, body: str | None = None) -> Answer:
    """429. `now` is needed for a Retry-After that is a date."""
    answer = in_form(429, body or switches["body_429"], BUSY)
    header = retry_after(switches["retry_after"], wait, now)
    headers = {"Retry-After": header} if header else {}
    return Answer(answer.status, answer.body, answer.content_type, headers)


def retry_after(form: str, wait: float, now: datetime) -> str:
    """The value of Retry-After: one of the switch's forms, or the text of a fault; "" for none."""
    seconds = max(math.ceil(wait), 1)
    forms = {
        "none": "",
        "seconds": str(seconds),
        "http-date": format_datetime(now + timedelta(seconds=seconds), usegmt=True),
        "garbage": "soon",
    }
    return forms.get(form, form)
