"""The query parameters that narrow a list, and what becomes of those that are wrong."""

from collections.abc import Callable

import pytest

from importer.sandbox import Running

from .client import Api
from .known import (
    AMINA,
    BENCH,
    CANADA,
    CLOUD,
    DANA,
    DELIVERY,
    GREGOR,
    INGRID,
    JAVA,
    KWAME,
    MARIA,
    OTHER_MARIA,
    OUTSIDER,
    PYTHON,
    SCRUM,
    SCRUM_IN_CAPITALS,
    TOMAS,
    WEBSITE,
)
from .shown import each_value


def _matches(sandbox: Running, table: str, where: str) -> int:
    return int(str(sandbox.query(f"SELECT count(*) AS n FROM {table} WHERE {where}")[0]["n"]))


@pytest.mark.parametrize(
    ("path", "query", "where"),
    [
        ("skill_memberships", {"by_skill_id": PYTHON}, f"skill_id = {PYTHON}"),
        ("skill_memberships", {"by_skill_ids": f"{PYTHON},{JAVA}"}, f"skill_id IN ({PYTHON}, {JAVA})"),
        ("skill_memberships", {"by_skill_name": "python"}, f"skill_id = {PYTHON}"),
        ("skill_memberships", {"by_user_name": "maria silva"}, f"user_id IN ({MARIA}, {OTHER_MARIA})"),
        ("skill_memberships", {"user_ids": f"{TOMAS},{DANA}"}, f"user_id IN ({TOMAS}, {DANA})"),
        (
            "skill_memberships",
            {"workspace_id": WEBSITE},
            f"user_id IN (SELECT user_id FROM participations WHERE workspace_id = {WEBSITE})",
        ),
        (
            "skill_memberships",
            {"active_account_members_only": "true"},
            "user_id NOT IN (SELECT id FROM users WHERE disabled = 1)",
        ),
        ("skill_memberships", {"created_after": "2024-03-04T16:00:00Z"}, "created_at > '2024-03-04T16:00:00.000000Z'"),
        (
            "skill_memberships",
            {"updated_before": "2024-03-04T08:00-08:00"},
            "updated_at < '2024-03-04T16:00:00.000000Z'",
        ),
        ("user_group_memberships", {"group_ids": f"{CLOUD},{BENCH}"}, f"workspace_group_id IN ({CLOUD}, {BENCH})"),
        ("user_group_memberships", {"user_ids": DANA}, f"user_id = {DANA}"),
        ("organization_memberships", {"member_type": "workspace"}, "member_type = 'Workspace'"),
        ("organization_memberships", {"member_type": "User"}, "member_type = 'User'"),
        ("organization_memberships", {"member_id": KWAME}, f"member_id = {KWAME}"),
        ("organization_memberships", {"department_id": DELIVERY}, f"department_id = {DELIVERY}"),
        ("organization_memberships", {"geography_id": CANADA}, f"geography_id = {CANADA}"),
        ("organizations", {"matching": "remote"}, "name = 'Remote'"),
        ("workspace_groups", {"companies_only": "true"}, "company = 1"),
        ("workspaces", {"include_archived": "true"}, "1"),
    ],
)
def test_a_filter_leaves_the_rows_that_it_describes(
    sandbox: Running, api: Api, path: str, query: dict[str, object], where: str
) -> None:
    assert api.found(f"/{path}", **query)["count"] == _matches(sandbox, path, where)


def test_users_are_those_in_projects_unless_the_whole_account_is_asked_for(sandbox: Running, api: Api) -> None:
    in_projects = "disabled = 0 AND id IN (SELECT user_id FROM participations)"
    assert api.found("/users")["count"] == _matches(sandbox, "users", in_projects)
    assert api.ids("/users", only=f"{AMINA},{OUTSIDER}") == [OUTSIDER]
    assert api.found("/users", on_my_account="true")["count"] == 445
    assert api.ids("/users", only=f"{AMINA},{OUTSIDER}", on_my_account="true") == [AMINA]
    assert api.get(f"/users/{AMINA}").status_code == 200


def test_disabled_people_are_listed_when_asked_for(api: Api) -> None:
    assert api.found("/users", on_my_account="true", show_disabled="true")["count"] == 450
    assert api.ids("/users", by_email_addresses="gregor.novak@example.com") == []
    assert api.ids("/users", by_email_addresses="gregor.novak@example.com", show_disabled="true") == [GREGOR]


@each_value("unknown_filter", {"ignore": 200, "400": 400})
def test_an_unknown_filter_is_ignored_so_that_the_whole_list_comes_back_or_it_is_refused(
    sandbox: Running, api: Api, value: str, expected: int
) -> None:
    sandbox.set(unknown_filter=value)
    answer = api.get("/skill_memberships", by_skil_id=PYTHON)
    assert answer.status_code == expected
    if expected == 200:
        assert answer.json()["count"] == 1544
    assert api.get("/skill_memberships", by_skill_id=PYTHON, include="skill", per_page=5).status_code == 200


def test_a_blank_filter_counts_as_not_sent(api: Api) -> None:
    assert api.found("/skill_memberships", by_skill_id="")["count"] == 1544
    assert api.found("/workspaces", include_archived=" ")["count"] == 29


def test_only_true_and_false_are_booleans_and_any_other_text_counts_as_set(api: Api) -> None:
    assert api.found("/workspaces", include_archived="TRUE")["count"] == 30
    assert api.found("/workspaces", include_archived="FALSE")["count"] == 29
    assert api.found("/workspaces", include_archived="0")["count"] == 30


ARRAYS: dict[str, Callable[[], list[tuple[str, object]]]] = {
    "csv": lambda: [("user_ids", f"{TOMAS},{DANA}")],
    "brackets": lambda: [("user_ids[]", TOMAS), ("user_ids[]", DANA)],
    "repeated": lambda: [("user_ids", TOMAS), ("user_ids", DANA)],
}


@each_value("array_query", {"both": (4, 4, 4), "csv": (4, 1544, 1), "brackets": (1544, 4, 1544)})
def test_lists_of_ids_are_read_in_the_form_that_is_chosen_and_ignored_in_the_other(
    sandbox: Running, api: Api, value: str, expected: tuple[int, int, int]
) -> None:
    sandbox.set(array_query=value)
    counts = [
        api.call("GET", "/skill_memberships", params=ARRAYS[form]()).json()["count"]
        for form in ("csv", "brackets", "repeated")
    ]
    assert tuple(counts) == expected


@each_value(
    "name_match",
    {
        "exact_ci": ([SCRUM, SCRUM_IN_CAPITALS], []),
        "contains_ci": ([274936, 279403, 278288], [MARIA, OTHER_MARIA]),
        "exact_cs": ([SCRUM], []),
    },
)
def test_names_match_whole_or_in_part_with_or_without_case(
    sandbox: Running, api: Api, value: str, expected: tuple[list[int], list[int]]
) -> None:
    sandbox.set(name_match=value)
    assert sorted(api.ids("/skills", matching="Scrum")) == sorted(expected[0])
    assert api.ids("/users", matching="maria sil") == expected[1]
    held = _matches(sandbox, "skill_memberships", f"skill_id IN ({', '.join(map(str, expected[0]))})")
    assert api.found("/skill_memberships", by_skill_name="Scrum")["count"] == held


@each_value("email_case", {"insensitive": [INGRID], "sensitive": []})
def test_addresses_match_with_or_without_case(sandbox: Running, api: Api, value: str, expected: list[int]) -> None:
    sandbox.set(email_case=value)
    assert api.ids("/users", by_email_addresses="ingrid.sorensen@example.com") == expected
    assert api.ids("/users", by_email_addresses="Ingrid.Sorensen@Example.com") == [INGRID]


@each_value("email_over_200", {"400": 400, "truncate": 200})
def test_more_than_200_addresses_are_refused_or_cut(sandbox: Running, api: Api, value: str, expected: int) -> None:
    sandbox.set(email_over_200=value)
    addresses = [row["email_address"] for row in sandbox.query("SELECT email_address FROM users ORDER BY id")]
    query = {"by_email_addresses": ",".join(map(str, addresses[3:204])), "on_my_account": "true"}
    answer = api.get("/users", **query, show_disabled="true")
    assert answer.status_code == expected
    if expected == 200:
        assert answer.json()["count"] == 200


def test_addresses_may_be_comma_separated(api: Api) -> None:
    sent = "dana@example.com, maria.silva@example.com,nobody@example.com"
    assert api.ids("/users", by_email_addresses=sent) == [DANA, MARIA]


@each_value("primary", {"off": (330, False), "readable": (329, True), "writable": (329, True)})
def test_the_primary_organization_is_shown_and_filtered_with_its_feature_only(
    sandbox: Running, api: Api, value: str, expected: tuple[int, bool]
) -> None:
    sandbox.set(primary=value)
    found = api.found("/organization_memberships", primary="true")
    assert (found["count"], "primary" in found["organization_memberships"].popitem()[1]) == expected


def test_a_time_that_is_none_is_refused(api: Api) -> None:
    assert api.get("/skills", created_after="yesterday").status_code == 400
