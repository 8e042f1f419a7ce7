from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.kantata.pace import LONGEST_WAIT_S, Pace, retry_after_s
from tests.clock import Clock

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_rate_spaces_requests_evenly() -> None:
    clock = Clock()
    pace = Pace(4.0, clock=clock, sleep=clock.sleep)

    turns = []
    for _ in range(5):
        pace.wait_for_turn()
        turns.append(clock.now - 100)

    assert turns == [0, 0.25, 0.5, 0.75, 1.0]


def test_without_a_rate_nothing_waits_until_kantata_asks_to() -> None:
    clock = Clock()
    pace = Pace(clock=clock, sleep=clock.sleep)

    pace.wait_for_turn()
    pace.wait_for_turn()
    before = clock.now
    pace.hold(12)
    pace.wait_for_turn()

    assert (before, clock.now) == (100, 112)


def test_a_shorter_hold_does_not_cut_a_longer_one() -> None:
    clock = Clock()
    pace = Pace(clock=clock, sleep=clock.sleep)

    pace.hold(10)
    pace.hold(1)
    pace.wait_for_turn()

    assert clock.now == 110


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("Sun, 22 Nov 2026 12:00:09 GMT", 9),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.25),
        ("0", 0.25),
        ("99999", LONGEST_WAIT_S),
        (None, 1),
        ("soon", 1),
        ("-3", 1),
        ("", 1),
    ],
)
def test_retry_after_is_obeyed_in_both_its_forms_and_within_bounds(header: str | None, seconds: float) -> None:
    assert retry_after_s(header, attempt=1, now=NOW) == seconds


def test_a_server_that_says_0_again_and_again_is_asked_less_and_less_often() -> None:
    assert [retry_after_s("0", attempt) for attempt in (1, 2, 3, 4, 5)] == [0.25, 0.5, 1, 2, 4]


@given(header=st.none() | st.text(max_size=40), attempt=st.integers(1, 12))
def test_no_header_makes_us_wait_for_ever_or_not_at_all(header: str | None, attempt: int) -> None:
    assert 0 < retry_after_s(header, attempt, NOW + timedelta(0)) <= LONGEST_WAIT_S
