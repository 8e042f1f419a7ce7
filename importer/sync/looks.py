"""When the account is read again for what it may not show yet: soon, then more and more seldom. Knows no record."""

from collections.abc import Sequence

_SHARES = (0.0, 0.04, 0.12, 0.3, 0.6, 1.0)


def times_of_looks(settle_wait_s: float) -> Sequence[float]:
    """Seconds from the write at which to look: the first at once, the last when no late commit can come any more."""
    return tuple(dict.fromkeys(share * settle_wait_s for share in _SHARES))
