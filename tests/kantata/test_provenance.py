"""Whose a record is, by the marks that it bears."""

from datetime import UTC, datetime
from typing import Any

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


def _record(id_: str, creator: int | None) -> dict[str, object]:
    named = {} if creator is None else {"creator_id": creator}
    return {"id": id_, **named, "created_at": "2026-11-28T12:00:01Z"}


def test_once_an_account_has_named_us_a_record_of_somebody_else_in_an_answer_is_theirs() -> None:
    provenance = Provenance("7", lambda: 0.0)

    assert provenance.own_ids_in_answer([_record("1", 7), _record("2", 7)], NOON) == {"1", "2"}
    assert provenance.own_ids_in_answer([_record("3", 8)], NOON) == set()


def test_an_account_that_names_somebody_else_for_every_record_of_ours_is_believed_all_the_same() -> None:
    provenance = Provenance("7", lambda: 0.0)

    assert provenance.own_ids_in_answer([_record("1", 8)], NOON) == {"1"}
    assert provenance.own_ids_in_answer([_record("2", 8), _record("3", 8)], NOON) == {"2", "3"}


def test_an_account_that_names_no_creator_does_not_make_later_answers_anybody_elses() -> None:
    provenance = Provenance("7", lambda: 0.0)

    assert provenance.own_ids_in_answer([_record("1", None)], NOON) == {"1"}
    assert provenance.own_ids_in_answer([_record("2", 8)], NOON) == {"2"}


def test_a_record_beside_a_refusal_of_another_row_is_ours_or_not_by_its_time() -> None:
    """An account may write what it can of a batch, tell the first error alone, and name no creator."""
    provenance = Provenance("7", lambda: 0.0)
    there: dict[Any, Any] = {("1", "5"): [_record("60", None)]}

    told_of_it = provenance.own_ids_after_refusal(there, 3, 1, [("1", "5")])
    told_of_another = provenance.own_ids_after_refusal(there, 3, 1, [("1", "4")])
    told_of_none = provenance.own_ids_after_refusal(there, 3, 1)

    assert (told_of_it, told_of_another, told_of_none) == (frozenset(), None, frozenset())
