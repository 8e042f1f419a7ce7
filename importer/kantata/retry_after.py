"""How long to wait after a refusal (429): what the answer says, or a guess that grows. Knows HTTP dates, no clock."""

import email.utils
from datetime import datetime

LONGEST_WAIT_S = 120.0
"""No Retry-After is obeyed beyond this; a request that is still too early is refused once more."""
GIVE_UP_S = 300.0
"""A request that is refused for so long is not sent; the run stops, and can be resumed."""

_LONGEST_GUESS_S = 8.0
_LEAST_WAIT_S = 0.25
_GROWTH = 1.5
_MOST_ATTEMPTS = 40


def retry_after_s(header: str | None, date: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks to wait; None if it is absent or cannot be read.

    A date is compared with the server's own clock, which is `date` (the header of the same answer); only where that is
    missing with ours, `now`. Negative for a time that is past. Source of the two forms: RFC 9110, 10.2.3.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    until = _parse_date(text)
    return None if until is None else (until - (_parse_date(date) or now)).total_seconds()


def wait_s(asked_s: float | None, attempt: int, first_s: float = 1.0) -> float:
    """How long to wait after a refusal: as it asks, within bounds; else `first_s`.

    `attempt` counts from 1. Where the wait before was too short, this one is longer, whatever is asked: a server that
    asks for 0 seconds again and again must not make us hammer.
    """
    growth = _GROWTH ** min(attempt - 1, _MOST_ATTEMPTS)
    guess_s = min(growth * (first_s if asked_s is None else max(asked_s, _LEAST_WAIT_S)), _LONGEST_GUESS_S)
    return min(max(asked_s or 0.0, guess_s), LONGEST_WAIT_S)


def _parse_date(text: str | None) -> datetime | None:
    """An HTTP date; None for anything else, a date without a zone included."""
    try:
        parsed = email.utils.parsedate_to_datetime(text or "")
    except (TypeError, ValueError):
        return None
    return parsed if parsed.tzinfo is not None else None
