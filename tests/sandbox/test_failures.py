"""What a server or a network does to a request, by switches: refusals, lost answers, garbage, delays."""

from email.utils import parsedate_to_datetime

import pytest
import requests

from importer.sandbox import Running

from .client import Api, held_request, membership, one
from .known import A_MEMBERSHIP, AMINA, INGRID, KANBAN
from .shown import each_value

LOST = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def _create(api: Api, user: int) -> requests.Response:
    return api.post("/skill_memberships", {"skill_membership": membership(user, KANBAN)})


def _stored(sandbox: Running) -> list[object]:
    """Who got the skill that the tests give away, in order."""
    rows = sandbox.query("SELECT user_id FROM skill_memberships WHERE id > 61007023 ORDER BY id")
    return [row["user_id"] for row in rows]


@each_value("rate", {"off": [200, 200, 200], "2/60": [200, 200, 429], "2 per 60": [200, 200, 429]})
def test_calls_above_the_rate_are_answered_429(sandbox: Running, api: Api, value: str, expected: list[int]) -> None:
    sandbox.set(rate=value)
    assert [api.get("/skills").status_code for _ in range(3)] == expected


def test_calls_are_let_through_again_when_the_time_is_over(sandbox: Running, api: Api) -> None:
    sandbox.set(rate="1/0.05")
    statuses = [api.get("/users/me").status_code]
    while 200 not in statuses[1:]:
        statuses.append(api.get("/users/me").status_code)
    assert statuses[0] == statuses[-1] == 200


def test_a_429_writes_nothing(sandbox: Running, api: Api) -> None:
    sandbox.set(rate="1/60")
    assert [_create(api, user).status_code for user in (AMINA, INGRID)] == [200, 429]
    assert _stored(sandbox) == [AMINA]
    assert [(each["status"], each["committed"]) for each in sandbox.requests()] == [(200, 1), (429, 0)]


@each_value("retry_after", {"none": None, "seconds": "60", "http-date": "", "0": "0", "garbage": "soon"})
def test_retry_after_has_the_form_that_is_chosen(sandbox: Running, api: Api, value: str, expected: str | None) -> None:
    sandbox.set(rate="1/60", retry_after=value)
    answer = [api.get("/skills"), api.get("/skills")][1]
    header = answer.headers.get("Retry-After")
    if expected == "":
        assert parsedate_to_datetime(str(header)) > parsedate_to_datetime(answer.headers["Date"])
    else:
        assert header == expected


@each_value("body_429", {"json": "application/json", "text": "text/plain", "html": "text/html", "empty": ""})
def test_the_body_of_a_429_is_as_chosen(sandbox: Running, api: Api, value: str, expected: str) -> None:
    sandbox.set(rate="1/60", body_429=value)
    answer = [api.get("/skills"), api.get("/skills")][1]
    assert answer.status_code == 429
    assert answer.headers.get("Content-Type", "").startswith(expected)
    assert bool(answer.content) is (value != "empty")
    assert (value == "json") == answer.content.startswith(b'{"errors":[{"type":"system"')


@each_value("body_503", {"html": "text/html", "json": "application/json", "empty": ""})
def test_the_body_of_a_503_is_as_chosen(sandbox: Running, api: Api, value: str, expected: str) -> None:
    sandbox.set(body_503=value)
    sandbox.faults([{"nth": 1, "fault": "503"}])
    answer = api.get("/skills")
    assert answer.status_code == 503
    assert answer.headers.get("Content-Type", "").startswith(expected)
    assert bool(answer.content) is (value != "empty")


def test_500_502_and_504_are_pages_of_a_proxy(sandbox: Running, api: Api) -> None:
    sandbox.faults([{"nth": nth, "fault": fault} for nth, fault in enumerate(("500", "502", "504"), 1)])
    answers = [api.get("/skills") for _ in range(3)]
    assert [each.status_code for each in answers] == [500, 502, 504]
    assert {each.headers["Content-Type"] for each in answers} == {"text/html; charset=utf-8"}


@each_value(
    "drop",
    {
        "never": (None, [AMINA, INGRID]),
        "before_commit@1": (requests.ConnectionError, [INGRID]),
        "after_commit@1": (requests.ConnectionError, [AMINA, INGRID]),
        "mid_body@1": (requests.exceptions.ChunkedEncodingError, [AMINA, INGRID]),
        "after_commit@every 2": (None, [AMINA, INGRID]),
    },
)
def test_the_answer_to_a_write_can_be_lost_before_or_after_it_was_written(
    sandbox: Running, api: Api, value: str, expected: tuple[type[Exception] | None, list[int]]
) -> None:
    error, stored = expected
    sandbox.set(drop=value)
    api.get("/skills")  # a read does not count
    if error:
        with pytest.raises(error):
            _create(api, AMINA)
        assert _create(api, INGRID).status_code == 200
    else:
        assert _create(api, AMINA).status_code == 200
        if value == "never":
            assert _create(api, INGRID).status_code == 200
        else:
            with pytest.raises(requests.ConnectionError):
                _create(api, INGRID)
    assert _stored(sandbox) == stored


@pytest.mark.parametrize("where", ["before_commit", "after_commit", "mid_body"])
def test_the_log_tells_that_an_answer_was_lost_and_whether_its_write_was_committed(
    sandbox: Running, api: Api, where: str
) -> None:
    sandbox.set(drop=f"{where}@1")
    with pytest.raises(LOST):
        api.put(f"/skill_memberships/{A_MEMBERSHIP}", one("skill_membership", level=1))
    (logged,) = sandbox.requests()
    committed = int(where != "before_commit")
    assert (logged["status"], logged["committed"], logged["fault"]) == (None, committed, f"drop_{where}")


@pytest.mark.parametrize("where", ["before_commit", "after_commit", "mid_body"])
def test_the_answer_to_a_delete_can_be_lost_too(sandbox: Running, api: Api, where: str) -> None:
    sandbox.set(drop=f"{where}@1")
    with pytest.raises(LOST):
        api.delete(f"/skill_memberships/{A_MEMBERSHIP}")
    left = len(sandbox.query("SELECT 1 FROM skill_memberships WHERE id = ?", A_MEMBERSHIP))
    assert left == int(where == "before_commit")


def test_cut_json_has_the_length_that_it_promises(sandbox: Running, api: Api) -> None:
    sandbox.faults([{"nth": 1, "fault": "cut_json"}])
    answer = api.get("/skills")
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert answer.content == api.get("/skills").content[: len(answer.content)]


@each_value("latency", {"0": 0.0, "20": 0.02})
def test_calls_take_the_time_that_is_chosen(sandbox: Running, api: Api, value: str, expected: float) -> None:
    sandbox.set(latency=value)
    answers = [api.get("/skills"), _create(api, AMINA)]
    assert [each.status_code for each in answers] == [200, 200]
    assert all(float(each.headers["X-Runtime"]) >= expected for each in answers)


@each_value("max_parallel", {"off": 200, "1": 429})
def test_too_many_calls_at_the_same_time_are_answered_429(
    sandbox: Running, api: Api, value: str, expected: int
) -> None:
    sandbox.set(max_parallel=value)
    sandbox.faults([{"nth": 1, "fault": "slow", "seconds": 600}])
    with held_request(sandbox, "/skills"):
        assert api.get("/skills").status_code == expected
        sandbox.set(max_parallel="2")
        assert api.get("/skills").status_code == 200
