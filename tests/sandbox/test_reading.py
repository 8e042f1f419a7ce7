"""Lists and single records: the envelope, paging, sorting, `only`, includes, optional fields."""

import pytest

from importer.sandbox import Running

from .client import Api
from .known import (
    A_MEMBERSHIP,
    AMINA,
    ARCHIVED_PROJECT,
    CLOUD,
    COMPANY,
    CONSULTING,
    DANA,
    GREGOR,
    KWAME,
    NOTHING,
    PMP,
    PYTHON,
    STRATEGY,
    TOMAS,
)
from .shown import each_value, shows


def test_a_list_is_a_count_results_a_map_and_meta(api: Api) -> None:
    found = api.found("/skills", per_page=2)
    assert list(found) == ["count", "results", "skills", "meta"]
    assert found["count"] == 230
    assert found["results"] == [{"key": "skills", "id": "271950"}, {"key": "skills", "id": "273151"}]
    assert list(found["skills"]) == ["271950", "273151"]
    assert found["meta"] == {"count": 230, "page_count": 115, "page_number": 1, "page_size": 2}


def test_ids_are_strings_and_declared_integers_are_numbers(api: Api) -> None:
    shown = api.found(f"/skill_memberships/{A_MEMBERSHIP}")["skill_memberships"][str(A_MEMBERSHIP)]
    assert shown == {
        "cached_skill_name": "Business Analysis",
        "level": 3,
        "max_level": 5,
        "created_at": "2024-03-25T01:33:29-07:00",
        "updated_at": "2024-03-25T01:33:29-07:00",
        "creator_id": str(DANA),
        "skill_id": "274579",
        "user_id": str(TOMAS),
        "id": str(A_MEMBERSHIP),
    }


@each_value("meta", {"on": True, "off": False})
def test_meta_can_be_missing(sandbox: Running, api: Api, value: str, expected: object) -> None:
    sandbox.set(meta=value)
    assert ("meta" in api.found("/skills")) is expected


@each_value("ugm_id_type", {"integer": (DANA, CLOUD), "string": (str(DANA), str(CLOUD))})
def test_the_ids_of_a_group_membership_are_numbers_or_strings(
    sandbox: Running, api: Api, value: str, expected: tuple[object, object]
) -> None:
    sandbox.set(ugm_id_type=value)
    shown = api.found("/user_group_memberships", user_ids=DANA)["user_group_memberships"].popitem()[1]
    assert (shown["user_id"], shown["workspace_group_id"], shown["creator_id"]) == (*expected, DANA)


@each_value("association_ids", {"always": {"skill_id", "user_id", "creator_id"}, "include_only": {"skill_id"}})
def test_ids_that_are_columns_come_always_or_with_their_include_only(
    sandbox: Running, api: Api, value: str, expected: set[str]
) -> None:
    sandbox.set(association_ids=value)
    shown = api.found(f"/skill_memberships/{A_MEMBERSHIP}", include="skill")["skill_memberships"][str(A_MEMBERSHIP)]
    assert {name for name in shown if name.endswith("_id")} == expected


def test_to_many_ids_come_with_their_include_only(api: Api) -> None:
    assert "skill_membership_ids" not in api.found(f"/users/{TOMAS}")["users"][str(TOMAS)]
    found = api.found(f"/users/{TOMAS}", include="skill_memberships")
    assert found["users"][str(TOMAS)]["skill_membership_ids"] == ["61005481", "61005482", "61005483"]
    assert found["users"][str(TOMAS)]["skill_membership_ids"] == list(found["skill_memberships"])


def test_unknown_includes_are_skipped(api: Api) -> None:
    assert set(api.found("/skills", include="falcons,skill_category")) == {
        *("count", "results", "skills", "skill_categories", "meta")
    }


def test_a_list_has_20_rows_if_nothing_is_said(api: Api) -> None:
    found = api.found("/skills")
    assert len(found["results"]) == 20
    assert found["meta"] == {"count": 230, "page_count": 12, "page_number": 1, "page_size": 20}


def test_pages_follow_each_other_without_gap_or_repeat(api: Api) -> None:
    pages = [api.ids("/skill_memberships", page=page, per_page=200) for page in range(1, 9)]
    assert [len(page) for page in pages] == [200] * 7 + [144]
    assert len({key for page in pages for key in page}) == 1544


@each_value("over_max", {"clamp": 200, "400": 400})
def test_per_page_above_200_is_clamped_or_refused(sandbox: Running, api: Api, value: str, expected: int) -> None:
    sandbox.set(over_max=value)
    answer = api.get("/skill_memberships", per_page=1000)
    assert answer.status_code == expected
    if expected == 200:
        assert (len(answer.json()["results"]), answer.json()["meta"]["page_size"]) == (200, 200)


@pytest.mark.parametrize("sent", ["0", "-3", "", "many"])
def test_per_page_that_is_no_size_is_20(api: Api, sent: str) -> None:
    assert api.found("/skills", per_page=sent)["meta"]["page_size"] == 20


@pytest.mark.parametrize(("sent", "number"), [("0", 0), ("-2", -2), ("first", 0)])
def test_a_page_below_1_reads_page_1_and_repeats_the_number(api: Api, sent: str, number: int) -> None:
    found = api.found("/skills", page=sent)
    assert (found["results"], found["meta"]["page_number"]) == (api.found("/skills")["results"], number)


@each_value("past_end", {"empty": 200, "404": 404})
def test_a_page_past_the_end_is_empty_or_not_found(sandbox: Running, api: Api, value: str, expected: int) -> None:
    sandbox.set(past_end=value)
    answer = api.get("/skills", page=99)
    assert answer.status_code == expected
    if expected == 200:
        found = answer.json()
        assert (found["count"], found["results"], found["skills"], found["meta"]["page_number"]) == (230, [], {}, 99)


def test_the_end_can_be_far_away(api: Api) -> None:
    assert api.found("/skills", page="9" * 18)["results"] == []


def test_an_empty_list_has_empty_maps_and_zeros(api: Api) -> None:
    found = api.found("/skill_memberships", by_skill_id=NOTHING, include="skill,user")
    assert found == {
        "count": 0,
        "results": [],
        "skill_memberships": {},
        "skills": {},
        "users": {},
        "meta": {"count": 0, "page_count": 0, "page_number": 0, "page_size": 20},
    }


def test_only_takes_digits_drops_repeats_and_is_not_paged(sandbox: Running, api: Api) -> None:
    keys = [row["id"] for row in sandbox.query("SELECT id FROM skill_memberships LIMIT 300")]
    sent = ",".join(map(str, [*keys, keys[0], NOTHING, "Python"]))
    found = api.found("/skill_memberships", only=sent)
    assert (found["count"], len(found["results"]), found["meta"]["page_size"]) == (300, 300, 20)


@each_value("only_paged", {"off": 30, "on": 20})
def test_only_can_be_paged(sandbox: Running, api: Api, value: str, expected: int) -> None:
    sandbox.set(only_paged=value)
    keys = [row["id"] for row in sandbox.query("SELECT id FROM skill_memberships LIMIT 30")]
    assert len(api.ids("/skill_memberships", only=",".join(map(str, keys)))) == expected


def test_filters_and_defaults_apply_to_only(api: Api) -> None:
    assert api.ids("/workspaces", only=ARCHIVED_PROJECT) == []
    assert api.ids("/skills", only=f"{PYTHON},{PMP}", matching="PMP") == [PMP]


@each_value("max_url", {"8192": (200, 414), "2048": (414, 414), "none": (200, 200), "300": (414, 414)})
def test_a_url_that_is_too_long_is_refused(sandbox: Running, api: Api, value: str, expected: tuple[int, int]) -> None:
    sandbox.set(max_url=value)
    statuses = [api.get("/skills", only=",".join(["271015"] * count)).status_code for count in (400, 2000)]
    assert tuple(statuses) == expected


def test_a_record_that_is_missing_or_hidden_by_a_default_filter_is_not_found(api: Api) -> None:
    assert api.get(f"/skills/{NOTHING}").status_code == 404
    assert api.get("/skills/python").status_code == 404
    assert api.get(f"/users/{GREGOR}").status_code == 404
    assert api.get(f"/users/{GREGOR}", show_disabled="true").status_code == 200
    assert api.get(f"/workspaces/{ARCHIVED_PROJECT}").status_code == 404
    assert api.get(f"/workspaces/{ARCHIVED_PROJECT}", include_archived="true").status_code == 200


def test_equal_sort_keys_are_in_the_order_of_their_ids_upwards_and_downwards(sandbox: Running, api: Api) -> None:
    loaded = [
        row["id"]
        for row in sandbox.query(
            "SELECT id FROM skill_memberships WHERE created_at = '2024-03-04T16:00:00.000000Z' ORDER BY id"
        )
    ]
    assert len(loaded) == 450
    for order in ("created_at:desc", "created_at:asc"):
        listed = [
            key for page in range(1, 9) for key in api.ids("/skill_memberships", per_page=200, page=page, order=order)
        ]
        assert [key for key in listed if key in set(loaded)] == loaded


def test_only_the_exact_word_desc_sorts_downwards(api: Api) -> None:
    up = api.ids("/skills", order="alphabetical:asc")
    assert api.ids("/skills", order="alphabetical:DESC") == up
    assert api.ids("/skills", order="alphabetical") == up
    assert api.ids("/skills", order="alphabetical:desc") != up


def test_newest_memberships_come_first_if_nothing_is_said(sandbox: Running, api: Api) -> None:
    newest = sandbox.query("SELECT id FROM skill_memberships ORDER BY created_at DESC, id LIMIT 3")
    assert api.ids("/skill_memberships", per_page=3) == [row["id"] for row in newest]


def test_an_unknown_sort_name_falls_back_to_the_default(api: Api) -> None:
    assert api.found("/skills", order="colour:desc")["results"] == api.found("/skills")["results"]


@each_value("om_order", {"id_asc": "id", "updated_desc": "updated_at DESC, id"})
def test_organization_memberships_have_an_order_of_their_own(
    sandbox: Running, api: Api, value: str, expected: str
) -> None:
    sandbox.set(om_order=value)
    wanted = sandbox.query(f"SELECT id FROM organization_memberships ORDER BY {expected} LIMIT 20")
    assert api.ids("/organization_memberships", order="created_at:desc") == [row["id"] for row in wanted]


@shows(om_order="random per page")
def test_organization_memberships_may_come_in_a_new_order_on_every_page(api: Api) -> None:
    pages = [api.ids("/organization_memberships", page=page, per_page=100) for page in range(1, 5)]
    assert [len(page) for page in pages] == [100, 100, 100, 30]
    assert len({key for page in pages for key in page}) < 330


@each_value("sideload_disabled", {"on": {str(GREGOR)}, "off": set()})
def test_disabled_people_may_be_missing_from_the_maps_of_includes(
    sandbox: Running, api: Api, value: str, expected: set[str]
) -> None:
    sandbox.set(sideload_disabled=value)
    found = api.found("/skill_memberships", user_ids=GREGOR, include="user")
    assert (found["count"], set(found["users"])) == (3, expected)
    assert {each["user_id"] for each in found["skill_memberships"].values()} == {str(GREGOR)}


@each_value("blank", {"null": None, "empty": ""})
def test_blank_contact_fields_are_null_or_empty(sandbox: Running, api: Api, value: str, expected: object) -> None:
    sandbox.set(blank=value)
    shown = api.found(f"/workspace_groups/{CLOUD}")["workspace_groups"][str(CLOUD)]
    assert [shown[name] for name in ("contact_name", "email", "phone_number", "notes")] == [expected] * 4


@each_value("skill_max_level", {"string": ("5", "1"), "number": (5, 1)})
def test_the_max_level_of_skills_is_a_string_or_a_number(
    sandbox: Running, api: Api, value: str, expected: tuple[object, object]
) -> None:
    sandbox.set(skill_max_level=value)
    found = api.found("/skills", only=f"{PYTHON},{PMP}")["skills"]
    assert (found[str(PYTHON)]["max_level"], found[str(PMP)]["max_level"]) == expected


@each_value("member_type_out", {"Capital": "User", "lower": "user"})
def test_member_types_are_spelled_in_either_way(sandbox: Running, api: Api, value: str, expected: str) -> None:
    sandbox.set(member_type_out=value)
    found = api.found("/organization_memberships", member_id=KWAME)
    assert {each["member_type"] for each in found["organization_memberships"].values()} == {expected}


def test_organizations_tell_their_tree_and_their_parent(api: Api) -> None:
    shown = api.found(f"/organizations/{STRATEGY}")["organizations"][str(STRATEGY)]
    assert (shown["type"], shown["parent_id"]) == ("Department", str(CONSULTING))
    root = api.found(f"/organizations/{COMPANY}")["organizations"][str(COMPANY)]
    assert root["parent_id"] is None


@each_value("insert_during_list", {"off": 1544, "every 1 pages": 1548, "every 2 pages": 1546})
def test_rows_appear_while_a_list_is_read(sandbox: Running, api: Api, value: str, expected: int) -> None:
    sandbox.set(insert_during_list=value)
    listed = [key for page in range(1, 5) for key in api.ids("/skill_memberships", page=page, per_page=200)]
    assert sandbox.query("SELECT count(*) AS n FROM skill_memberships") == [{"n": expected}]
    assert len(set(listed)) == 800 - (3 if value == "every 1 pages" else 1 if value == "every 2 pages" else 0)


@shows(insert_during_list="every 1 pages")
def test_rows_appear_in_the_other_lists_of_memberships_too(api: Api) -> None:
    for table, before in (("user_group_memberships", 457), ("organization_memberships", 330)):
        assert api.found(f"/{table}")["count"] == before
        assert api.found(f"/{table}")["count"] == before + 1
    api.found("/skills")
    assert api.found("/skills")["count"] == 230


@each_value("lag", {"0": 1, "60000": 0})
def test_a_new_row_may_not_be_seen_at_once(sandbox: Running, api: Api, value: str, expected: int) -> None:
    sandbox.set(lag=value)
    created = api.post("/skill_memberships", {"skill_membership": {"user_id": AMINA, "skill_id": PYTHON}})
    (key,) = created.json()["skill_memberships"]
    assert api.found("/skill_memberships", only=key)["count"] == expected
    assert api.get(f"/skill_memberships/{key}").status_code == (200 if expected else 404)
    with_skills = api.found("/users", only=AMINA, on_my_account="true", include="skill_memberships")
    assert (key in with_skills["users"][str(AMINA)]["skill_membership_ids"]) == bool(expected)
    assert (key in with_skills.get("skill_memberships", {})) == bool(expected)
    again = api.post("/skill_memberships", {"skill_membership": {"user_id": AMINA, "skill_id": PYTHON}})
    assert again.status_code == 422
