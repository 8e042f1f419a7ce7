"""Whose a record is, by the marks that it bears."""

from datetime import UTC, datetime

import pytest

from importer.kantata.provenance import Provenance

NOON = datetime(2026, 11, 28, 12, 0, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("created_at", "is_ours"),
    [
        ("2026-11-28T04:00:01-08:00", True),
        ("2026-11-28T05:00:01-07:00", True),
        ("2026-11-28T17:30:01+05:30", True),
        ("2026-11-28T12:00:01Z", True),
        ("2026-11-28T05:30:00-06:00", False),
        ("2026-11-28T17:00:00+05:30", False),
        ("2026-11-28T05:00:01", True),
        ("yesterday", True),
    ],
)
def test_a_record_is_as_old_as_it_says_whatever_offset_its_answer_uses(created_at: str, *, is_ours: bool) -> None:
    provenance = Provenance("7", lambda: 0.0)

    assert provenance.is_own({"id": "1", "creator_id": 7, "created_at": created_at}, NOON) is is_ours
