"""What every request and answer has in common: paths, bodies, headers, times, routes."""

import re
import socket
from datetime import datetime, timedelta

import pytest

from importer.sandbox import Running

from .client import Api, membership, one
from .known import A_GROUP_MEMBERSHIP, A_MEMBERSHIP, AMINA, KANBAN, NOTHING, PYTHON
from .shown import each_value, shows

NOT_FOUND = {"errors": [{"type": "system", "message": "Not found"}]}


def test_a_path_may_end_in_json_or_not(api: Api) -> None:
    assert api.get("/skills.json").json() == api.get("/skills").json()
    assert api.get(f"/skills/{PYTHON}.json").json() == api.get(f"/skills/{PYTHON}").json()


def test_success_carries_the_recorded_headers_and_no_rate_limit(api: Api) -> None:
    answer = api.get("/skills")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer.headers["X-Request-Id"])
    assert re.fullmatch(r"\d+\.\d{6}", answer.headers["X-Runtime"])
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert answer.headers["Status"] == "200 OK"
    assert not [name for name in answer.headers if "limit" in name.lower() or name == "Retry-After"]


@each_value("request_id", {"on": True, "off": False})
def test_every_answer_carries_a_request_id_unless_it_is_switched_off(
    sandbox: Running, api: Api, value: str, expected: object
) -> None:
    sandbox.set(request_id=value)
    nobody = Api(sandbox.url, "")
    answers = [
        api.get("/skills"),
        api.delete(f"/skill_memberships/{A_MEMBERSHIP}"),
        api.get(f"/skills/{NOTHING}"),
        nobody.get("/skills"),
    ]
    nobody.close()
    assert [each.status_code for each in answers] == [200, 204, 404, 401]
    assert ["X-Request-Id" in each.headers for each in answers] == [expected] * 4
    if expected:
        logged = [each["request_id"] for each in sandbox.requests()]
        assert [each.headers["X-Request-Id"] for each in answers] == logged
        assert len(set(logged)) == 4


@each_value(
    "tz",
    {
        "America/Los_Angeles": "2022-01-10T09:00:00-08:00",
        "UTC": "2022-01-10T17:00:00+00:00",
        "Asia/Kolkata": "2022-01-10T22:30:00+05:30",
    },
)
def test_times_are_iso_8601_with_the_offset_that_is_chosen(
    sandbox: Running, api: Api, value: str, expected: str
) -> None:
    sandbox.set(tz=value)
    assert api.found("/organizations/48210")["organizations"]["48210"]["created_at"] == expected


@shows(tz="mixed")
def test_times_may_carry_another_offset_on_a_post_than_on_a_get(api: Api) -> None:
    created = api.post("/skill_memberships", {"skill_membership": membership(AMINA, KANBAN)}, include="user").json()
    (key,) = created["skill_memberships"]
    answered = datetime.fromisoformat(created["skill_memberships"][key]["created_at"])
    read = datetime.fromisoformat(api.found(f"/skill_memberships/{key}")["skill_memberships"][key]["created_at"])
    assert read == answered
    assert read.utcoffset() == timedelta(hours=5, minutes=30)
    assert answered.utcoffset() in {timedelta(hours=-7), timedelta(hours=-8)}


@shows(tz="any")
def test_times_may_carry_a_different_offset_each(sandbox: Running, api: Api) -> None:
    shown = api.found("/skills", per_page=200)["skills"]
    times = {key: datetime.fromisoformat(each["created_at"]) for key, each in shown.items()}
    offsets = {moment.utcoffset() for moment in times.values()}
    assert len(offsets) > 10
    assert max(abs(each or timedelta()) for each in offsets) <= timedelta(hours=12)
    stored = sandbox.query("SELECT id, created_at FROM skills")
    assert all(
        times[str(row["id"])] == datetime.fromisoformat(str(row["created_at"]))
        for row in stored
        if str(row["id"]) in times
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/user_group_memberships/{A_GROUP_MEMBERSHIP}"),
        ("PUT", f"/user_group_memberships/{A_GROUP_MEMBERSHIP}"),
        ("DELETE", "/skill_memberships"),
        ("POST", "/users"),
        ("GET", "/skill_categories/3101"),
        ("GET", "/falcons"),
        ("GET", "/skills/1/2"),
        ("PATCH", f"/skills/{PYTHON}"),
    ],
)
def test_a_path_or_verb_that_the_api_does_not_have_is_not_found(api: Api, method: str, path: str) -> None:
    answer = api.call(method, path)
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)


@each_value("bad_json", {"400 error": 400, "400 json": 400, "400 html": 400, "500 html": 500})
def test_a_body_that_is_not_json_is_refused(sandbox: Running, api: Api, value: str, expected: int) -> None:
    sandbox.set(bad_json=value)
    answer = api.call("POST", "/skills", data='{"skill": {', headers={"Content-Type": "application/json"})
    assert answer.status_code == expected
    if value.endswith("html"):
        assert answer.headers["Content-Type"].startswith("text/html")
    elif value == "400 json":
        assert answer.json()["errors"][0]["type"] == "syntax"
    else:
        assert answer.json()["status"] == 400
        assert answer.json()["error"].startswith("malformed JSON detected")
        assert "errors" not in answer.json()


def test_half_a_character_is_no_json(api: Api) -> None:
    body = b'{"skill": {"name": "\\ud800", "max_level": "1", "skill_category_id": 3101}}'
    answer = api.call("POST", "/skills", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


def test_unknown_headers_such_as_an_idempotency_key_change_nothing(sandbox: Running, api: Api) -> None:
    body = {"skill_membership": membership(AMINA, KANBAN)}
    sandbox.set(duplicates="allow")
    for _ in range(2):
        answer = api.call("POST", "/skill_memberships", json=body, headers={"Idempotency-Key": "1", "X-Dry-Run": "1"})
        assert answer.status_code == 200
    rows = sandbox.query("SELECT id FROM skill_memberships WHERE user_id = ? AND skill_id = ?", AMINA, KANBAN)
    assert len(rows) == 2


def test_a_request_whose_sender_goes_away_before_its_end_is_none(sandbox: Running, api: Api) -> None:
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=5) as connection:
        connection.sendall(b"POST /api/v1/skills HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{")
    api.get("/users/me")
    assert [each["path"] for each in sandbox.requests()] == ["/users/me"]


def test_a_path_of_the_server_that_is_not_there_is_not_redirected(sandbox: Running) -> None:
    front = Api(sandbox.root)
    assert [front.call("GET", path, allow_redirects=False).status_code for path in ("/api/v1", "/docs/")] == [404, 404]
    front.close()


def test_success_is_200_for_post_and_put_and_204_without_body_for_delete(api: Api) -> None:
    created = api.post("/skill_memberships", {"skill_membership": membership(AMINA, KANBAN, 2)})
    assert created.status_code == 200
    (result,) = created.json()["results"]
    assert api.put(f"/skill_memberships/{result['id']}", one("skill_membership", level=3)).status_code == 200
    gone = api.delete(f"/skill_memberships/{result['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert "Content-Type" not in gone.headers
