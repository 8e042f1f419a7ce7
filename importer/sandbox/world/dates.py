"""Moments of the fixture world, all in the past; knows the text form of times in the database."""

from datetime import UTC, datetime, timedelta

from importer.sandbox.world.draw import draw

STAMP = "%Y-%m-%dT%H:%M:%S.%fZ"

OPENING = datetime(2022, 1, 10, 17, 0, tzinfo=UTC)  # the account begins
BULK_LOAD = datetime(2024, 3, 4, 16, 0, tzinfo=UTC)  # one load gave hundreds of rows one created_at
CLOSING = datetime(2025, 2, 28, 17, 0, tzinfo=UTC)  # nothing in the fixture world is newer


def text(moment: datetime) -> str:
    """`moment` as the database holds it: UTC, six digits of a second."""
    return moment.astimezone(UTC).strftime(STAMP)


def some_time(what: str, number: int) -> str:
    """A moment between the opening and the closing, whole seconds, depending on `what` and `number` only."""
    seconds = int((CLOSING - OPENING).total_seconds())
    return text(OPENING + timedelta(seconds=draw(f"time of {what}", number, seconds)))
