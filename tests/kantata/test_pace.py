import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.kantata.rate_limiter import LONGEST_WAIT_S, Pace, retry_after_s, rounds_of
from tests.clock import Clock

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def take_turns(pace: Pace, clock: Clock, times: list[float]) -> list[float]:
    """When each request left, if its answer took so long."""
    left = []
    for took_s in times:
        with pace.turn():
            left.append(clock.now - 100)
            clock.now += took_s
        pace.answered("POST", took_s)
    return left


def test_a_rate_spaces_requests_evenly() -> None:
    clock = Clock()
    pace = Pace(8, 4.0, clock=clock, sleep=clock.sleep)

    assert take_turns(pace, clock, [0] * 5) == [0, 0.25, 0.5, 0.75, 1.0]


def test_without_a_rate_nothing_waits_until_kantata_asks_to() -> None:
    clock = Clock()
    pace = Pace(8, clock=clock, sleep=clock.sleep)

    before = take_turns(pace, clock, [0, 0])
    pace.hold(12)

    assert before == [0, 0]
    assert take_turns(pace, clock, [0]) == [12]


def test_a_shorter_hold_does_not_cut_a_longer_one() -> None:
    clock = Clock()
    pace = Pace(8, clock=clock, sleep=clock.sleep)

    pace.hold(10)
    pace.hold(1)

    assert take_turns(pace, clock, [0]) == [10]


def test_more_requests_fly_while_answers_come_as_quickly_as_before() -> None:
    clock = Clock()
    pace = Pace(8, clock=clock, sleep=clock.sleep)

    assert pace.window == 2
    take_turns(pace, clock, [0.1, 0.12, 0.09, 0.11, 0.1, 0.1])

    assert pace.window == 8


def test_fewer_fly_when_answers_take_much_longer_and_never_fewer_than_at_the_start() -> None:
    clock = Clock()
    pace = Pace(8, clock=clock, sleep=clock.sleep)

    take_turns(pace, clock, [0.1] * 10)
    take_turns(pace, clock, [2.0] * 40)

    assert pace.window == 2


class Limited:
    """A server that lets through so many requests in any second (or other span), and answers after 20 ms."""

    def __init__(self, limit: int, span_s: float) -> None:
        self.limit, self.span_s = limit, span_s
        self.times: list[float] = []

    def lets(self, now: float) -> bool:
        self.times = [each for each in self.times if each > now - self.span_s]
        if len(self.times) >= self.limit:
            return False
        self.times.append(now)
        return True


@pytest.mark.parametrize(("limit", "span_s"), [(20, 1.0), (5, 1.0), (100, 10.0), (60, 60.0)])
@pytest.mark.parametrize("header", [None, "1", "soon"])
def test_an_unknown_limit_is_found_and_kept_to(limit: int, span_s: float, header: str | None) -> None:
    clock = Clock()
    pace = Pace(10, clock=clock, sleep=clock.sleep)
    server = Limited(limit, span_s)
    done = refused = 0

    while done < 1500:
        with pace.turn():
            through = server.lets(clock.now)
            clock.now += 0.02
        if through:
            pace.answered("POST", 0.02)
            done += 1
        else:
            pace.refused(header)
            refused += 1

    assert done / (clock.now - 100) >= 0.85 * limit / span_s
    assert refused <= 0.05 * done


def test_after_a_refusal_one_request_at_a_time_finds_out_when_it_is_over() -> None:
    clock = Clock()
    pace = Pace(10, clock=clock, sleep=clock.sleep)
    take_turns(pace, clock, [0.1] * 10)

    waited_s = pace.refused("3")

    assert (waited_s, pace.window) == (3, 1)
    take_turns(pace, clock, [0.1])
    assert pace.window == 10
    assert pace.rate is not None


def test_what_an_earlier_run_found_is_kept_to_from_the_start() -> None:
    clock = Clock()
    pace = Pace(10, rate=2.0, clock=clock, sleep=clock.sleep)

    left = take_turns(pace, clock, [0.0] * 4)

    assert left == pytest.approx([0, 0.5, 1.0, 1.5], rel=0.05)


def test_trouble_halves_what_flies() -> None:
    clock = Clock()
    pace = Pace(8, clock=clock, sleep=clock.sleep)
    take_turns(pace, clock, [0.1] * 10)

    pace.slow_down()

    assert pace.window == 4


def test_no_more_fly_than_there_are_workers() -> None:
    clock = Clock()
    pace = Pace(1, clock=clock, sleep=clock.sleep)

    take_turns(pace, clock, [0.1] * 10)

    assert pace.window == 1


@pytest.mark.parametrize(("requests", "workers", "rounds"), [(0, 8, 0), (1, 8, 1), (13, 10, 3), (500, 8, 64)])
def test_a_forecast_counts_the_gentle_start(requests: int, workers: int, rounds: int) -> None:
    assert rounds_of(requests, workers) == rounds


def test_a_request_beyond_the_window_waits_for_another_to_be_answered() -> None:
    """Each waits in flight for one other, so two fly at once; and never does a third."""
    pace = Pace(2)
    flying, most = [0], [0]
    lock = threading.Lock()
    two = threading.Barrier(2)

    def send() -> None:
        with pace.turn():
            with lock:
                flying[0] += 1
                most[0] = max(most[0], flying[0])
            two.wait()
            with lock:
                flying[0] -= 1

    threads = [threading.Thread(target=send) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [2]


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
    assert [retry_after_s("0", attempt) for attempt in (1, 2, 3, 4, 9, 40)] == [
        0.25, 0.375, 0.5625, 0.84375, pytest.approx(6.407, abs=0.001), 8,
    ]  # fmt: skip


@given(header=st.none() | st.text(max_size=40), attempt=st.integers(1, 12))
def test_no_header_makes_us_wait_for_ever_or_not_at_all(header: str | None, attempt: int) -> None:
    assert 0 < retry_after_s(header, attempt, NOW + timedelta(0)) <= LONGEST_WAIT_S
