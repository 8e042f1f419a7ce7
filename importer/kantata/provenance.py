"""Whether this run made a record that is now in the account. Knows the token's user and the server's clock, no row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from importer.kantata.responses import Record, id_order
from importer.model import Key

_SKEW_S = 2.0
"""The server's clock is known to the second, and records say in which second they were made."""

_Marks = tuple[object, object]
"""Who made a record, and when."""


class Provenance:
    """Tells our records from those that others make at the same time. Threads may share it.

    `me` is the user behind the token; `clock_ahead_s` gives how far the server's clock is ahead of ours.
    """

    def __init__(self, me: str, clock_ahead_s: Callable[[], float]) -> None:
        self._me = me
        self._clock_ahead_s = clock_ahead_s
        self._marks_are_reliable = True

    def is_own(self, record: Record, since: float) -> bool:
        """Whether a request of ours made this record, the first of which left at `since` (seconds since 1970).

        Records that name their maker must name us; all must be no older than the request.
        """
        return not self._marks_are_reliable or self._fits(_marks(record), since)

    def own_ids(self, records: Iterable[Record], since: float) -> frozenset[str]:
        """The ids of those that `is_ours`. The records of one batch share their marks, so each mark is judged once."""
        records = list(records)
        fitting = {
            marks: not self._marks_are_reliable or self._fits(marks, since) for marks in set(map(_marks, records))
        }
        return frozenset([str(record["id"]) for record in records if fitting[_marks(record)]])

    def own_ids_in_answer(self, records: Sequence[Record], since: float) -> frozenset[str]:
        """The ids among the records of an accepted create that are ours.

        Where every record of several seems to be another's, this account's records do not show it, and are not checked
        again: then, and where a single one does, the answer itself says that the create made them.
        """
        ours = self.own_ids(records, since)
        if ours or not records:
            return ours
        self._marks_are_reliable = self._marks_are_reliable and len(records) == 1
        return frozenset(str(record["id"]) for record in records)

    def own_ids_after_refusal(
        self, records: Mapping[Key, Sequence[Record]], sent: int, refused: int
    ) -> frozenset[str] | None:
        """The ids that a refused create left behind, where records do not name their maker; else None.

        If fewer records stand there than rows were not refused, it left nothing, and they are others'. If more do,
        the oldest of them were there before, and are why their rows were refused.
        """
        found = [every[0] for every in records.values() if every]
        if not found or "creator_id" in found[0]:
            return None
        accepted = sent - refused
        if len(found) < accepted or not accepted:
            return frozenset()
        ids = sorted((str(record["id"]) for record in found), key=id_order)
        return frozenset(ids[-accepted:])

    def _fits(self, marks: _Marks, since: float) -> bool:
        creator, made = marks
        if creator is not None and str(creator) != self._me:
            return False
        made_at = _seconds(str(made))
        return made_at is None or made_at >= since + self._clock_ahead_s() - _SKEW_S


def _marks(record: Record) -> _Marks:
    return record.get("creator_id"), record.get("created_at")


@lru_cache(maxsize=1024)
def _seconds(text: str) -> float | None:
    """An ISO time as seconds since 1970; None without an offset, which differs between answers of one account."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if time.tzinfo is None else time.timestamp()
