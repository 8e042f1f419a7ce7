"""The script of faults: which request it hits, and what happens then."""

import time
from collections.abc import Callable

import pytest
import requests

from importer.sandbox import Running, SandboxError

from .client import Api, membership, one
from .known import A_MEMBERSHIP, AMINA, INGRID, KANBAN, MARIA

PATIENCE_S = 10


def _create(api: Api, user: int) -> int | None:
    """The status of giving a person the skill; None when the answer is lost."""
    try:
        return api.post("/skill_memberships", {"skill_membership": membership(user, KANBAN)}).status_code
    except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
        return None


def _stored(sandbox: Running) -> list[object]:
    rows = sandbox.query("SELECT user_id FROM skill_memberships WHERE id > 61007023 ORDER BY id")
    return [row["user_id"] for row in rows]


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.005)


@pytest.mark.parametrize(
    ("fault", "status", "stored"),
    [
        ({"fault": "429"}, 429, 0),
        ({"fault": "500"}, 500, 0),
        ({"fault": "502"}, 502, 0),
        ({"fault": "503"}, 503, 0),
        ({"fault": "504"}, 504, 0),
        ({"fault": "500_after_commit"}, 500, 1),
        ({"fault": "502_after_commit"}, 502, 1),
        ({"fault": "503_after_commit"}, 503, 1),
        ({"fault": "504_after_commit"}, 504, 1),
        ({"fault": "drop_before_commit"}, None, 0),
        ({"fault": "drop_after_commit"}, None, 1),
        ({"fault": "drop_mid_body"}, None, 1),
        ({"fault": "cut_json"}, 200, 1),
        ({"fault": "html200"}, 200, 1),
        ({"fault": "html200", "commit": False}, 200, 0),
        ({"fault": "slow", "seconds": 0.01}, 200, 1),
        ({"fault": "slow", "seconds": 0.01, "then": "close"}, None, 1),
        ({"fault": "slow", "seconds": 0.01, "then": "504"}, 504, 1),
        ({"fault": "slow", "seconds": 0.01, "then": "close", "commit": False}, None, 0),
        ({"fault": "timeout", "seconds": 0.01}, None, 0),
        ({"fault": "timeout", "seconds": 0.01, "then": "504", "commit": True}, 504, 1),
    ],
)
def test_a_fault_hits_the_request_that_it_names_and_no_other(
    sandbox: Running, api: Api, fault: dict[str, object], status: int | None, stored: int
) -> None:
    sandbox.faults([{"on": "POST", "nth": 2, **fault}])
    assert [_create(api, user) for user in (AMINA, INGRID, MARIA)] == [200, status, 200]
    assert _stored(sandbox) == [AMINA, *[INGRID] * stored, MARIA]
    assert [each["fault"] for each in sandbox.requests()] == [None, fault["fault"], None]
    assert [each["committed"] for each in sandbox.requests()] == [1, stored, 1]


@pytest.mark.parametrize(("then", "status"), [("close", None), ("504", 504)])
def test_a_late_commit_comes_after_the_caller_was_sent_away(
    sandbox: Running, api: Api, then: str, status: int | None
) -> None:
    late = {"on": "POST", "nth": 1, "fault": "late_commit", "then": then}
    sandbox.faults([{**late, "seconds": 600}])
    assert _create(api, AMINA) == status
    assert _stored(sandbox) == []
    assert [each["committed"] for each in sandbox.requests()] == [0]
    sandbox.reset()
    sandbox.faults([{**late, "seconds": 0.01}])
    assert _create(api, AMINA) == status
    _until(lambda: _stored(sandbox) == [AMINA])
    assert [(each["committed"], each["rows_written"]) for each in sandbox.requests()] == [(1, 1)]


@pytest.mark.parametrize(
    ("fault", "hit"),
    [
        ({"on": "any", "nth": 2}, [2]),
        ({"on": "any", "every": 2}, [2, 4]),
        ({"on": "GET", "nth": 2}, [3]),
        ({"on": "write", "nth": 2}, [4]),
        ({"on": "PUT", "nth": 1}, [4]),
        ({"on": "any", "path": "skills", "nth": 1}, [3]),
        ({"on": "any", "path": "/skills", "nth": 2}, []),
        ({"nth": 5}, [5]),
    ],
)
def test_requests_are_counted_by_method_and_collection(
    sandbox: Running, api: Api, controls: Api, fault: dict[str, object], hit: list[int]
) -> None:
    sandbox.faults([{"fault": "503", **fault}])
    api.get("/users/me")
    _create(api, AMINA)
    api.get("/skills")
    api.put(f"/skill_memberships/{A_MEMBERSHIP}", one("skill_membership", level=1))
    api.delete("/falcons/1")
    assert [each["number"] for each in sandbox.requests() if each["fault"]] == hit
    assert controls.get("/faults").json()[0]["fired"] == hit


def test_counting_begins_anew_with_every_script(sandbox: Running, api: Api) -> None:
    for _ in range(2):
        sandbox.faults([{"nth": 2, "fault": "503"}])
        assert [api.get("/skills").status_code for _ in range(2)] == [200, 503]
    sandbox.faults([])
    assert [api.get("/skills").status_code for _ in range(2)] == [200, 200]


def test_several_faults_wait_for_their_turns(sandbox: Running, api: Api) -> None:
    sandbox.faults([{"on": "any", "nth": 1, "fault": "500"}, {"on": "any", "nth": 3, "fault": "429"}])
    assert [api.get("/skills").status_code for _ in range(4)] == [500, 200, 429, 200]


@pytest.mark.parametrize("form", ["none", "2", "0", "garbage", "Wed, 21 Oct 2026 07:28:00 GMT"])
@pytest.mark.parametrize("body", ["json", "text", "html", "empty"])
def test_a_429_of_a_script_has_its_own_header_and_body(sandbox: Running, api: Api, form: str, body: str) -> None:
    sandbox.faults([{"nth": 1, "fault": "429", "retry_after": form, "body": body}])
    answer = api.get("/skills")
    assert answer.status_code == 429
    assert answer.headers.get("Retry-After") == {"none": None, "garbage": "soon"}.get(form, form)
    kinds = {"json": "application/json", "text": "text/plain", "html": "text/html", "empty": ""}
    assert answer.headers.get("Content-Type", "").startswith(kinds[body])
    assert bool(answer.content) is (body != "empty")


def test_a_token_can_be_revoked_in_the_middle_of_a_run(sandbox: Running, api: Api) -> None:
    sandbox.faults([{"on": "POST", "nth": 2, "fault": "revoke"}])
    assert [_create(api, user) for user in (AMINA, INGRID, MARIA)] == [200, 401, 401]
    sandbox.faults([])
    assert _create(api, INGRID) == 200


def test_someone_else_writes_just_before_a_request(sandbox: Running, api: Api) -> None:
    theirs = {"do": "insert", "table": "skill_memberships", "values": membership(INGRID, KANBAN, 5)}
    gone = {"do": "delete", "table": "skill_memberships", "where": {"id": A_MEMBERSHIP}}
    sandbox.faults(
        [
            {"on": "POST", "nth": 2, "fault": "interfere", "change": theirs},
            {"on": "PUT", "nth": 1, "fault": "interfere", "change": gone},
        ]
    )
    assert [_create(api, user) for user in (AMINA, INGRID)] == [200, 422]
    assert api.put(f"/skill_memberships/{A_MEMBERSHIP}", one("skill_membership", level=1)).status_code == 404


def test_a_change_by_others_and_a_fault_can_meet_at_one_request(sandbox: Running, api: Api) -> None:
    change = {"do": "update", "table": "skill_memberships", "where": {"id": A_MEMBERSHIP}, "values": {"level": 0}}
    sandbox.faults([{"nth": 1, "fault": "503"}, {"nth": 1, "fault": "interfere", "change": change}])
    assert api.get("/skills").status_code == 503
    assert sandbox.query("SELECT level FROM skill_memberships WHERE id = ?", A_MEMBERSHIP) == [{"level": 0}]


def test_a_held_request_does_not_hold_others(sandbox: Running, api: Api) -> None:
    sandbox.faults([{"path": "users", "nth": 1, "fault": "slow", "seconds": 600}])
    with pytest.raises(requests.ReadTimeout):
        api.session.get(f"{sandbox.url}/users/me", timeout=0.2)
    assert api.get("/skills").status_code == 200


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ("503", "valid dictionary"),
        ({"fault": "drop_after_comit"}, "Did you mean drop_after_commit?"),
        ({"fault": "503", "when": 3}, "when: Extra inputs"),
        ({"fault": "503", "on": "FETCH"}, "on: Input should be 'any', 'write', 'GET'"),
        ({"fault": "503", "nth": 0}, "nth: Input should be greater than or equal to 1"),
        ({"fault": "slow", "seconds": "long"}, "seconds: Input should be a valid number"),
        ({"fault": "slow", "seconds": 601}, "seconds: Input should be less than or equal to 600"),
        ({"fault": "503", "nth": True}, "nth: Input should be a valid integer"),
        ({"fault": "slow", "then": "explode"}, "then: Input should be 'send', 'close' or '504'"),
        ({"fault": "slow", "commit": False}, "not committed has no answer to send"),
        ({"fault": "429", "body": "xml"}, "body: Input should be 'json', 'text', 'html' or 'empty'"),
        ({"fault": "interfere"}, "needs a change"),
        ({"fault": "interfere", "change": {"do": "insert", "table": "falcons"}}, "is not a table of the sandbox"),
        (
            {"fault": "interfere", "change": {"do": "delete", "table": "skills", "where": {"colour": 1}}},
            "skills has no colour",
        ),
    ],
)
def test_a_script_that_is_wrong_is_refused_with_a_sentence(
    sandbox: Running, controls: Api, item: object, sentence: str
) -> None:
    answer = controls.put("/faults", [item])
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
    if isinstance(item, dict):
        with pytest.raises(SandboxError, match=r".+"):
            sandbox.faults([item])
    assert controls.get("/faults").json() == []
