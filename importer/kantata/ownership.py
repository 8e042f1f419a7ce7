"""Whether a record that now stands in the account is of our making. Knows who we are and the server's clock."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from importer.kantata.envelope import Record
from importer.model import Key

_SKEW_S = 2.0
"""The server's clock is known to the second, and records tell the second that they were made in."""


class Ownership:
    """Tells our records from those that others make at the same time. Threads may share it.

    `me` is the user behind the token; `clock_ahead_s` gives how far the server's clock is ahead of ours.
    """

    def __init__(self, me: str, clock_ahead_s: Callable[[], float]) -> None:
        self._me = me
        self._clock_ahead_s = clock_ahead_s
        self._tells = True

    def is_ours(self, record: Record, sent_at: float) -> bool:
        """Whether a request that left at `sent_at` (seconds since 1970) made this record.

        Records that tell their maker must name us; all must be no older than the request.
        """
        if not self._tells:
            return True
        if "creator_id" in record and str(record["creator_id"]) != self._me:
            return False
        made_at = _seconds(str(record.get("created_at")))
        return made_at is None or made_at >= sent_at + self._clock_ahead_s() - _SKEW_S

    def answered(self, records: Sequence[Record], sent_at: float) -> frozenset[str] | None:
        """The ids among the records of an accepted create that it made; None when it made all of them.

        Where every record seems to be another's, this account's records do not tell, and are not asked again.
        """
        ours = [record for record in records if self.is_ours(record, sent_at)]
        if len(ours) == len(records):
            return None
        if not ours:
            self._tells = self._tells and len(records) == 1
            return frozenset(str(record["id"]) for record in records)
        return frozenset(str(record["id"]) for record in ours)

    def left_behind(self, records: Mapping[Key, Sequence[Record]], sent: int, refused: int) -> frozenset[str] | None:
        """The ids that a refused create left behind, where records do not tell their maker; else None.

        If fewer records stand there than rows were not refused, it left nothing, and they are others'. If more do,
        the oldest of them were there before, and are why their rows were refused.
        """
        found = [every[0] for every in records.values() if every]
        if not found or "creator_id" in found[0]:
            return None
        accepted = sent - refused
        if len(found) < accepted or not accepted:
            return frozenset()
        ids = sorted((str(record["id"]) for record in found), key=lambda id_: (len(id_), id_))
        return frozenset(ids[-accepted:])


@lru_cache(maxsize=1024)
def _seconds(text: str) -> float | None:
    """An ISO time with its offset as seconds since 1970."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None
