"""Tells whether this run made a record of the account. Knows the token's user and the server's clock, but no row."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from importer.kantata.responses import Record, id_order
from importer.model import Key

_SKEW_S = 2.0
"""We know the server's clock, and the time at which a record was created, only to the second."""

_Marks = tuple[object, object]
"""Who created a record, and when."""


class Provenance:
    """Tells our records from those that others create at the same time. Threads may share it.

    `me` is the user of the token; `clock_ahead_s` returns how many seconds the server's clock is ahead of ours.
    """

    def __init__(self, me: str, clock_ahead_s: Callable[[], float]) -> None:
        self._me = me
        self._clock_ahead_s = clock_ahead_s
        self._marks_are_reliable = True
        self.names_us = False
        """Whether this account is known to name us as the creator of what we create."""

    def is_own(self, record: Record, since: float) -> bool:
        """Whether we made this record with requests that left no earlier than `since` (seconds since 1970).

        A record that names its creator must name us, and no record may be older than the request.
        """
        return not self._marks_are_reliable or self._fits(_marks(record), since)

    def learn(self, records: Iterable[Record], since: float) -> None:
        """Note whether this account names us: one of these records does, and is no older than our request."""
        self.names_us = self.names_us or any(
            str(marks[0]) == self._me and self._fits(marks, since) for marks in set(map(_marks, records))
        )

    def own_ids(self, records: Iterable[Record], since: float) -> frozenset[str]:
        """The ids of those that `is_own`. The records of one batch share their marks, so each mark is judged once."""
        records = list(records)
        self.learn(records, since)
        fitting = {
            marks: not self._marks_are_reliable or self._fits(marks, since) for marks in set(map(_marks, records))
        }
        return frozenset([str(record["id"]) for record in records if fitting[_marks(record)]])

    def own_ids_in_answer(self, records: Sequence[Record], since: float) -> frozenset[str]:
        """The ids of our records in the answer to an accepted create.

        If none of them seems to be ours, we trust the answer and return all of them, unless they name others and this
        account is known to name us: then it gave back what somebody else had just made. If there are several, the
        creator and time of this account's records prove nothing, and we do not look at them again.
        """
        own_ids = self.own_ids(records, since)
        name_others = all(str(record.get("creator_id") or self._me) != self._me for record in records)
        if own_ids or not records or (self.names_us and name_others):
            return own_ids
        self._marks_are_reliable = self._marks_are_reliable and len(records) == 1
        return frozenset(str(record["id"]) for record in records)

    def own_ids_after_refusal(
        self, records: Mapping[Key, Sequence[Record]], sent: int, refused: int, keys_refused: Collection[Key] = ()
    ) -> frozenset[str] | None:
        """The ids of the records that a refused create made; None if their creator, or their time, says more.
        `keys_refused` are those of the rows that the errors point to, where they do.

        If there are more records than rows without an error, the oldest existed before, and are the reason for the
        errors. If there are fewer, the create made none of them, and each is the reason for an error; or the answer
        does not tell every error: then there may be more records than errors, or the errors point to other rows.
        """
        found = [every[0] for every in records.values() if every]
        if not found or "creator_id" in found[0]:
            return None
        accepted = sent - refused
        if len(found) < accepted or not accepted:
            are_untold = len(found) > refused or (bool(keys_refused) and records.keys().isdisjoint(keys_refused))
            return None if accepted and are_untold else frozenset()
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
