"""Who may do what: tokens, permissions, what someone sees who is no administrator."""

import pytest

from importer.sandbox import Running

from .client import Api, membership, one
from .known import (
    A_GROUP_MEMBERSHIP,
    AMINA,
    CLOUD,
    DELIVERY,
    KANBAN,
    OTHER_REPORT,
    PYTHON,
    REPORT,
    TOMAS,
    UNITED_STATES,
)
from .shown import each_value, shows

INVALID = {"errors": [{"type": "oauth", "message": "Invalid OAuth 2 Request"}]}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer unknown", "Basic demo", "demo", "Bearer demo-revoked"])
def test_a_request_without_a_valid_token_is_answered_401_with_the_documented_body(api: Api, header: str) -> None:
    answer = api.get("/users/me", headers={"Authorization": header})
    assert (answer.status_code, answer.json()) == (401, INVALID)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


def test_a_token_in_the_query_is_refused_and_not_kept_in_the_log(sandbox: Running) -> None:
    nobody = Api(sandbox.url, "")
    assert nobody.get("/users/me", access_token="demo").status_code == 401
    assert [each["query"] for each in sandbox.requests()] == ["access_token=..."]
    nobody.close()


def test_users_me_tells_whose_token_it_is_and_what_that_person_may(api: Api, member: Api) -> None:
    found = api.found("/users/me", include="account_membership")
    (key,) = found["users"]
    assert found["users"][key]["full_name"] == "Dana Reyes"
    assert found["users"][key]["email_address"] == "dana@example.com"
    held = found["account_memberships"][found["users"][key]["account_membership_id"]]
    assert (held["permission"], held["is_administrator"]) == ("administrator", True)
    found = member.found("/users/me", include="account_membership")
    assert found["users"][str(TOMAS)]["full_name"] == "Tomás Lindqvist"
    assert [each["is_administrator"] for each in found["account_memberships"].values()] == [False]


def test_someone_who_is_no_administrator_sees_only_the_people_that_share_a_project(api: Api, member: Api) -> None:
    everyone, seen = api.found("/users")["count"], member.found("/users")["count"]
    assert 1 < seen < everyone
    assert member.get(f"/users/{AMINA}").status_code == 404
    assert api.get(f"/users/{AMINA}").status_code == 200
    assert member.found("/skill_memberships")["count"] < api.found("/skill_memberships")["count"]
    assert member.found("/workspaces")["count"] == 2
    assert member.found("/organization_memberships")["count"] < api.found("/organization_memberships")["count"]


@each_value("revoke_after", {"never": [200, 200, 200], "2 calls": [200, 200, 401]})
def test_a_token_can_be_revoked_between_two_calls(sandbox: Running, api: Api, value: str, expected: list[int]) -> None:
    sandbox.set(revoke_after=value)
    assert [api.get("/users/me").status_code for _ in range(3)] == expected


@each_value("ugm_forbidden", {"403": (403, 403), "404": (404, 404), "empty list": (200, 403)})
def test_groups_of_users_are_for_administrators_only(
    sandbox: Running, member: Api, value: str, expected: tuple[int, int]
) -> None:
    sandbox.set(ugm_forbidden=value)
    listed = member.get("/user_group_memberships")
    body = one("user_group_membership", user_id=TOMAS, workspace_group_id=CLOUD)
    written = member.post("/user_group_memberships", body)
    assert (listed.status_code, written.status_code) == expected
    assert member.delete(f"/user_group_memberships/{A_GROUP_MEMBERSHIP}").status_code == expected[1]
    if listed.status_code == 200:
        assert (listed.json()["count"], listed.json()["user_group_memberships"]) == (0, {})
    assert sandbox.query("SELECT 1 FROM user_group_memberships WHERE id = ?", A_GROUP_MEMBERSHIP)


@each_value("forbidden_body", {"json": "application/json", "html": "text/html", "empty": ""})
def test_a_403_has_the_body_that_is_chosen(sandbox: Running, member: Api, value: str, expected: str) -> None:
    sandbox.set(forbidden_body=value)
    answer = member.get("/user_group_memberships")
    assert answer.status_code == 403
    assert answer.headers.get("Content-Type", "").startswith(expected)
    assert bool(answer.content) is (value != "empty")
    if value == "json":
        assert answer.json()["errors"][0]["type"] == "system"


@each_value("account_state", {"ok": 200, "cancelled": 403, "cancelled 401": 401})
def test_a_cancelled_account_answers_every_call_with_its_system_error(
    sandbox: Running, api: Api, value: str, expected: int
) -> None:
    sandbox.set(account_state=value)
    answer = api.get("/skills")
    assert answer.status_code == expected
    if value != "ok":
        assert answer.json() == {"errors": [{"type": "system", "message": "Your account has been canceled"}]}


@each_value("writes_need", {"admin": (403, 403, 403), "any": (200, 200, 200), "manager": (200, 403, 403)})
def test_who_may_write_memberships_is_chosen(
    sandbox: Running, member: Api, value: str, expected: tuple[int, int, int]
) -> None:
    sandbox.set(writes_need=value)
    organization = {"geography_id": UNITED_STATES, "department_id": DELIVERY, "member_type": "User"}
    answers = (
        member.post("/skill_memberships", {"skill_membership": membership(REPORT, KANBAN)}),
        member.post("/skill_memberships", {"skill_membership": membership(OTHER_REPORT, PYTHON)}),
        member.post("/organization_memberships", one("organization_membership", **organization, member_id=REPORT)),
    )
    assert tuple(each.status_code for each in answers) == expected


@shows(writes_need="manager")
def test_a_manager_changes_and_removes_the_skills_of_reports_only(sandbox: Running, member: Api) -> None:
    allowed, other = (
        sandbox.query("SELECT min(id) AS id FROM skill_memberships WHERE user_id = ?", user)[0]["id"]
        for user in (REPORT, TOMAS)
    )
    assert member.put(f"/skill_memberships/{other}", one("skill_membership", level=1)).status_code == 403
    assert member.delete(f"/skill_memberships/{other}").status_code == 403
    assert member.put(f"/skill_memberships/{allowed}", one("skill_membership", level=1)).status_code == 200
    assert member.delete(f"/skill_memberships/{allowed}").status_code == 204


def test_nobody_but_an_administrator_writes_skills_groups_and_organizations(member: Api) -> None:
    assert member.post("/skills", one("skill", name="Falconry")).status_code == 403
    assert member.post("/workspace_groups", one("workspace_group", name="Falconers")).status_code == 403
    assert member.delete(f"/organizations/{UNITED_STATES}").status_code == 403
