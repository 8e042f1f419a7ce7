import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.kantata.adaptive_rate import AdaptiveRate
from importer.kantata.rate_limiter import RateLimiter, count_round_trips
from importer.kantata.retry_after import LONGEST_WAIT_S, retry_after_s, wait_s
from tests.clock import Clock
from tests.kantata.simulation import Server, Simulation, fixed_limit, single_refusals, sliding_limit

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def take_turns(limiter: RateLimiter, clock: Clock, times: list[float]) -> list[float]:
    """When each request left, if its answer took so long."""
    left = []
    for took_s in times:
        with limiter.turn():
            left.append(clock.now - 100)
            clock.now += took_s
        limiter.let_through("POST", took_s)
    return left


def test_a_rate_spaces_requests_evenly() -> None:
    clock = Clock()
    limiter = RateLimiter(8, 4.0, clock=clock, sleep=clock.sleep)

    assert take_turns(limiter, clock, [0] * 5) == [0, 0.25, 0.5, 0.75, 1.0]


def test_without_a_rate_nothing_waits_until_kantata_asks_to() -> None:
    clock = Clock()
    limiter = RateLimiter(8, clock=clock, sleep=clock.sleep)

    before = take_turns(limiter, clock, [0, 0])
    limiter.pause(12)

    assert before == [0, 0]
    assert take_turns(limiter, clock, [0]) == [12]


def test_a_shorter_pause_does_not_cut_a_longer_one() -> None:
    clock = Clock()
    limiter = RateLimiter(8, clock=clock, sleep=clock.sleep)

    limiter.pause(10)
    limiter.pause(1)

    assert take_turns(limiter, clock, [0]) == [10]


def test_more_requests_fly_while_answers_come_as_quickly_as_before() -> None:
    clock = Clock()
    limiter = RateLimiter(8, clock=clock, sleep=clock.sleep)

    assert limiter.window == 2
    take_turns(limiter, clock, [0.1, 0.12, 0.09, 0.11, 0.1, 0.1])

    assert limiter.window == 8


def test_fewer_fly_when_answers_take_much_longer_and_never_fewer_than_at_the_start() -> None:
    clock = Clock()
    limiter = RateLimiter(8, clock=clock, sleep=clock.sleep)

    take_turns(limiter, clock, [0.1] * 10)
    take_turns(limiter, clock, [2.0] * 40)

    assert limiter.window == 2


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
@pytest.mark.parametrize("retry_after_s", [None, 1.0])
def test_an_unknown_limit_is_learned_and_kept_to(limit: int, span_s: float, retry_after_s: float | None) -> None:
    clock = Clock()
    limiter = RateLimiter(10, clock=clock, sleep=clock.sleep)
    server = Limited(limit, span_s)
    done = refused = 0

    while done < 1500:
        with limiter.turn():
            through = server.lets(clock.now)
            clock.now += 0.02
        if through:
            limiter.let_through("POST", 0.02)
            done += 1
        else:
            limiter.refuse(retry_after_s)
            refused += 1

    assert done / (clock.now - 100) >= 0.85 * limit / span_s
    assert refused <= 0.05 * done


@pytest.mark.parametrize("latency_s", [0.005, 0.02, 0.1])
@pytest.mark.parametrize("asks_to_wait", [True, False])
@pytest.mark.parametrize(
    ("make", "calls", "seconds", "requests"),
    [
        (sliding_limit, 20, 1, 3000),
        (fixed_limit, 20, 1, 3000),
        (sliding_limit, 5, 1, 1500),
        (sliding_limit, 100, 10, 1500),
        (sliding_limit, 60, 60, 2000),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_sixteen_workers_use_most_of_an_unknown_limit_and_few_of_their_requests_are_refused(
    make: Callable[[int, float], Server],
    calls: int,
    seconds: float,
    requests: int,
    asks_to_wait: bool,  # noqa: FBT001  (pytest names it)
    latency_s: float,
) -> None:
    run = Simulation(make(calls, seconds), latency_s, asks_to_wait).send(requests)

    assert requests / run.times[-1] >= 0.85 * calls / seconds
    assert run.refused <= 0.05 * (requests + run.refused)


@pytest.mark.parametrize("latency_s", [0.01, 0.05, 0.25])
@pytest.mark.parametrize("wait_s", [8, 10, 28, 120])
@pytest.mark.parametrize("nth", [3, 50, 500])
def test_one_refusal_costs_its_wait_and_a_few_seconds(nth: int, wait_s: int, latency_s: float) -> None:
    free = Simulation(lambda _now: None, latency_s, asks_to_wait=True).send(3000)

    once = Simulation(single_refusals(nth, wait_s=wait_s), latency_s, asks_to_wait=True).send(3000)

    assert once.times[-1] - free.times[-1] - wait_s < 4
    assert once.rate.limit is None


def test_refusals_that_do_not_come_back_cost_less_than_their_waits() -> None:
    server = single_refusals(3, 2000, 6000, wait_s=10)

    run = Simulation(server, 0.1, asks_to_wait=True).send(12_000)

    free_s = Simulation(lambda _now: None, 0.1, asks_to_wait=True).send(12_000).times[-1]
    assert run.times[-1] - free_s - 30 < 30


def test_after_a_refusal_one_request_at_a_time_learns_when_it_is_over() -> None:
    clock = Clock()
    limiter = RateLimiter(10, clock=clock, sleep=clock.sleep)
    take_turns(limiter, clock, [0.1] * 10)

    waited_s = limiter.refuse(3)

    assert (waited_s, limiter.window) == (3, 1)
    take_turns(limiter, clock, [0.1])
    assert limiter.window == 10


def test_a_limit_is_remembered_once_a_second_refusal_has_confirmed_it() -> None:
    runs = [Simulation(sliding_limit(20, 1), 0.02, asks_to_wait=True).send(requests) for requests in (25, 200)]

    assert [run.rate.limit for run in runs] == [None, pytest.approx(20, rel=0.15)]


def test_what_an_earlier_run_learned_is_kept_to_from_the_start() -> None:
    clock = Clock()
    limiter = RateLimiter(10, rate=2.0, clock=clock, sleep=clock.sleep)

    left = take_turns(limiter, clock, [0.0] * 4)

    assert left == pytest.approx([0, 0.5, 1.0, 1.5], rel=0.05)
    assert limiter.rate == pytest.approx(2, rel=0.05)


def test_what_an_earlier_run_learned_is_outgrown_where_the_limit_is_gone() -> None:
    rate = AdaptiveRate(0.0, rate=0.5)

    run = Simulation(lambda _now: None, 0.05, asks_to_wait=True, rate=rate).send(3000)

    assert sum(time < 240 for time in run.times) > 1000


def test_time_without_requests_is_no_evidence_of_a_low_limit() -> None:
    clock = Clock()
    limiter = RateLimiter(10, rate=10.0, clock=clock, sleep=clock.sleep)

    take_turns(limiter, clock, [0.01] * 50)
    clock.now += 600
    take_turns(limiter, clock, [0.01] * 50)
    limiter.refuse(1)
    take_turns(limiter, clock, [0.01])

    assert limiter.rate == pytest.approx(10, rel=0.15)


def test_trouble_halves_what_flies() -> None:
    clock = Clock()
    limiter = RateLimiter(8, clock=clock, sleep=clock.sleep)
    take_turns(limiter, clock, [0.1] * 10)

    limiter.slow_down()

    assert limiter.window == 4


def test_no_more_fly_than_there_are_workers() -> None:
    clock = Clock()
    limiter = RateLimiter(1, clock=clock, sleep=clock.sleep)

    take_turns(limiter, clock, [0.1] * 10)

    assert limiter.window == 1


@pytest.mark.parametrize(("requests", "workers", "rounds"), [(0, 8, 0), (1, 8, 1), (13, 10, 3), (500, 8, 64)])
def test_a_forecast_counts_the_gentle_start(requests: int, workers: int, rounds: int) -> None:
    assert count_round_trips(requests, workers) == rounds


def test_a_request_beyond_the_window_waits_for_another_to_be_answered() -> None:
    """Each waits in flight for one other, so two fly at once; and never does a third."""
    limiter = RateLimiter(2)
    two = threading.Barrier(2)
    flying, most = [0], [0]
    lock = threading.Lock()

    def send() -> None:
        with limiter.turn():
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


DATE = "Sun, 22 Nov 2026 12:00:20 GMT"
"""The server's clock, 20 seconds ahead of ours."""


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        ("7", None, 7),
        (" 7 ", DATE, 7),
        ("0", None, 0),
        ("Sun, 22 Nov 2026 12:00:09 GMT", None, 9),
        ("Sun, 22 Nov 2026 12:00:28 GMT", DATE, 8),
        ("Sun, 22 Nov 2026 12:00:28 GMT", "yesterday", 28),
        ("Sun, 22 Nov 2026 11:00:00 GMT", None, -3600),
        (None, DATE, None),
        ("soon", None, None),
        ("-3", None, None),
        ("", None, None),
    ],
)
def test_retry_after_is_read_in_both_its_forms_a_date_by_the_servers_own_clock(
    header: str | None, date: str | None, seconds: float | None
) -> None:
    assert retry_after_s(header, date, NOW) == seconds


def test_a_wait_is_kept_within_bounds() -> None:
    assert [wait_s(asked_s, attempt=1) for asked_s in (7, -3600, 0, 99999, None)] == [7, 0.25, 0.25, LONGEST_WAIT_S, 1]


def test_a_server_that_says_0_again_and_again_is_asked_less_and_less_often() -> None:
    assert [wait_s(0, attempt) for attempt in (1, 2, 3, 4, 9, 40)] == [
        0.25, 0.375, 0.5625, 0.84375, pytest.approx(6.407, abs=0.001), 8,
    ]  # fmt: skip


@given(header=st.none() | st.text(max_size=40), date=st.none() | st.text(max_size=40), attempt=st.integers(1, 12))
def test_no_header_makes_us_wait_for_ever_or_not_at_all(header: str | None, date: str | None, attempt: int) -> None:
    assert 0 < wait_s(retry_after_s(header, date, NOW), attempt) <= LONGEST_WAIT_S
