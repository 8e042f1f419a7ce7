"""Which range the ids of each table come from: far apart, so that a mix-up of ids never hits a record.

Users have eight digits as in Kantata; no range can grow into another at 100,000 users.
"""

from importer.sandbox.world.draw import draw
from importer.sandbox.world.fixture import FIXTURE

FIRST: dict[str, int] = FIXTURE["first_ids"]
STEP = 37


def spaced(table: str, number: int) -> int:
    """The id of the `number`-th record (from 0) of a table: rising, with gaps of irregular size."""
    return FIRST[table] + number * STEP + (draw(table, number, STEP) if number else 0)


def counted(table: str, number: int) -> int:
    """The id of the `number`-th record of a table whose ids follow one another."""
    return FIRST[table] + number


def user_id(number: int) -> int:
    """The id of the `number`-th person of the account."""
    return spaced("users", number)
