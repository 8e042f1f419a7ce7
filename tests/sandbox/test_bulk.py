"""Arrays of objects: limits, bad rows, the order and the size of the answer."""

from typing import Any

import pytest
import requests

from importer.sandbox import Running

from .client import Api, membership
from .known import (
    AMINA,
    BARTHOLOMEW,
    CLOUD,
    DELIVERY,
    INGRID,
    KANBAN,
    MARIA,
    NOTHING,
    PYTHON,
    SKILL,
    TOMAS,
    TRUE,
    UNITED_STATES,
    WORLD,
)
from .shown import each_value, shows

FREE = "SELECT id FROM users WHERE id NOT IN (SELECT user_id FROM skill_memberships WHERE skill_id = ?) ORDER BY id"


def _people_without(sandbox: Running, skill: int, wanted: int) -> list[int]:
    return [int(str(row["id"])) for row in sandbox.query(FREE, skill)][:wanted]


def _bulk(api: Api, rows: list[Any], **query: object) -> requests.Response:
    return api.post("/skill_memberships", {"skill_memberships": rows}, **query)


def _written(sandbox: Running) -> int:
    return int(str(sandbox.query("SELECT count(*) AS n FROM skill_memberships WHERE id > 61007023")[0]["n"]))


ONE_BAD = [membership(AMINA, KANBAN, 1), membership(INGRID, NOTHING, 2), membership(MARIA, KANBAN, 3)]


def test_an_array_is_written_in_one_request(sandbox: Running, api: Api) -> None:
    people = _people_without(sandbox, KANBAN, 200)
    answer = _bulk(api, [membership(user, KANBAN, 3) for user in people], per_page=200)
    assert (answer.status_code, answer.json()["count"], len(answer.json()["results"])) == (200, 200, 200)
    assert _written(sandbox) == 200
    assert {int(each["user_id"]) for each in answer.json()["skill_memberships"].values()} == set(people)
    assert [(each["committed"], each["rows_written"]) for each in sandbox.requests()] == [(1, 200)]


@pytest.mark.parametrize(
    ("path", "limit", "row"),
    [
        ("skill_memberships", 200, {"user_id": AMINA, "skill_id": KANBAN}),
        ("skills", 200, {"name": "Falconry", "max_level": "5", "skill_category_id": SKILL}),
        ("user_group_memberships", 100, {"user_id": AMINA, "workspace_group_id": CLOUD}),
        (
            "organization_memberships",
            100,
            {"member_type": "User", "member_id": AMINA, "geography_id": UNITED_STATES, "department_id": DELIVERY},
        ),
        ("organizations", 100, {"name": "Falconland", "parent_id": WORLD}),
    ],
)
def test_each_collection_has_its_own_limit(
    sandbox: Running, api: Api, path: str, limit: int, row: dict[str, object]
) -> None:
    sandbox.set(duplicates="allow", skill_unique="off", org_unique="off", user_skill_limit="off")
    assert api.post(f"/{path}", {path: [row] * limit}).status_code == 200
    answer = api.post(f"/{path}", {path: [row] * (limit + 1)})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["message"] == f"At most {limit} objects can be created at once"


@each_value("over_limit", {"422": (422, 0), "400": (400, 0), "truncate": (200, 200), "accept": (200, 201)})
def test_an_array_above_the_limit_is_refused_cut_or_taken(
    sandbox: Running, api: Api, value: str, expected: tuple[int, int]
) -> None:
    sandbox.set(over_limit=value)
    people = _people_without(sandbox, KANBAN, 201)
    answer = _bulk(api, [membership(user, KANBAN) for user in people])
    assert (answer.status_code, _written(sandbox)) == expected


@each_value("bulk", {"atomic": 0, "partial": 2})
def test_one_bad_row_keeps_all_or_only_itself_from_being_written(
    sandbox: Running, api: Api, value: str, expected: int
) -> None:
    sandbox.set(bulk=value)
    answer = _bulk(api, ONE_BAD)
    assert (answer.status_code, _written(sandbox)) == (422, expected)
    assert answer.json() == {
        "errors": [{"type": "validation", "message": "Skill must exist", "field": "skill_id", "index": 1}]
    }


@each_value(
    "partial_reply",
    {"errors": (422, 0, 1), "200 good rows": (200, 2, 0), "200 with errors key": (200, 2, 1)},
)
@shows(bulk="partial")
def test_a_partly_written_array_is_answered_in_one_of_three_ways(
    sandbox: Running, api: Api, value: str, expected: tuple[int, int, int]
) -> None:
    sandbox.set(partial_reply=value)
    answer = _bulk(api, ONE_BAD)
    found = answer.json()
    assert (answer.status_code, len(found.get("results", [])), len(found.get("errors", []))) == expected
    assert _written(sandbox) == 2


@shows(bulk="partial", partial_reply="200 good rows")
def test_an_array_without_a_good_row_is_an_error_in_every_way(sandbox: Running, api: Api) -> None:
    assert _bulk(api, [membership(AMINA, NOTHING)]).status_code == 422
    assert _written(sandbox) == 0


@shows(bad_ref="404")
def test_an_unknown_record_in_an_array_can_make_all_of_it_not_found(sandbox: Running, api: Api) -> None:
    answer = _bulk(api, ONE_BAD)
    assert (answer.status_code, answer.json()["errors"]) == (404, [{"type": "system", "message": "Not found"}])
    assert _written(sandbox) == 0


@shows(bulk="partial", bad_ref="404")
def test_a_partly_written_array_can_be_answered_404(sandbox: Running, api: Api) -> None:
    answer = _bulk(api, ONE_BAD)
    assert (answer.status_code, _written(sandbox)) == (404, 2)
    assert answer.json()["errors"] == [{"type": "system", "message": "Not found", "index": 1}]


@each_value("error_index", {"on": [0, 2, 2], "off": [None, None, None]})
def test_errors_tell_the_position_of_their_row_or_not(
    sandbox: Running, api: Api, value: str, expected: list[int | None]
) -> None:
    sandbox.set(error_index=value)
    rows = [{"user_id": AMINA}, membership(MARIA, KANBAN), {}]
    errors = _bulk(api, rows).json()["errors"]
    assert [each.get("index") for each in errors] == expected
    assert [each["field"] for each in errors] == ["skill_id", "skill_id", "user_id"]


@each_value("errors_listed", {"all": 3, "first": 1})
def test_every_error_is_listed_or_the_first_only(sandbox: Running, api: Api, value: str, expected: int) -> None:
    sandbox.set(errors_listed=value)
    assert len(_bulk(api, [{"user_id": AMINA}, membership(MARIA, KANBAN), {}]).json()["errors"]) == expected


def test_what_is_no_object_is_an_error_of_its_row(api: Api) -> None:
    errors = _bulk(api, [membership(MARIA, KANBAN), 7]).json()["errors"]
    assert ("base", 1) in [(each["field"], each["index"]) for each in errors]


@each_value("bulk_timestamps", {"same": False, "distinct": True})
def test_the_answer_is_in_sort_order_which_looks_like_input_order_or_is_turned_round(
    sandbox: Running, api: Api, value: str, expected: object
) -> None:
    sandbox.set(bulk_timestamps=value)
    found = _bulk(api, [membership(user, KANBAN) for user in (MARIA, AMINA, INGRID)]).json()
    people = [int(found["skill_memberships"][each["id"]]["user_id"]) for each in found["results"]]
    assert people == ([INGRID, AMINA, MARIA] if expected else [MARIA, AMINA, INGRID])


@each_value("bulk_rows", {"page": (20, 50), "all": (60, 60), "first 20": (20, 20)})
def test_the_answer_shows_a_page_or_all_and_counts_all(
    sandbox: Running, api: Api, value: str, expected: tuple[int, int]
) -> None:
    sizes = []
    for query in ({}, {"per_page": 50}):
        sandbox.reset()
        sandbox.set(bulk_rows=value)
        rows = [membership(user, KANBAN) for user in _people_without(sandbox, KANBAN, 60)]
        found = api.post("/skill_memberships", {"skill_memberships": rows}, **query).json()
        assert (found["count"], found["meta"]["count"]) == (60, 60)
        sizes.append(len(found["results"]))
    assert tuple(sizes) == expected


@each_value("duplicates", {"reject": (422, 0), "allow": (200, 3), "return_existing": (200, 2)})
def test_repeats_inside_one_array_are_treated_as_those_of_records(
    sandbox: Running, api: Api, value: str, expected: tuple[int, int]
) -> None:
    sandbox.set(duplicates=value)
    rows = [membership(AMINA, KANBAN, 1), membership(AMINA, KANBAN, 2), membership(MARIA, KANBAN, 3)]
    answer = _bulk(api, rows)
    assert (answer.status_code, _written(sandbox)) == expected
    if value == "reject":
        assert [each["index"] for each in answer.json()["errors"]] == [1]
    if value == "return_existing":
        shown = answer.json()["skill_memberships"].values()
        assert sorted((int(each["user_id"]), each["level"]) for each in shown) == [(MARIA, 3), (AMINA, 1)]


def test_an_empty_array_is_not_found(api: Api) -> None:
    answer = _bulk(api, [])
    assert answer.status_code == 404
    assert answer.json()["errors"]


def test_of_two_root_keys_that_of_the_array_counts(sandbox: Running, api: Api) -> None:
    body = {
        "skill_membership": membership(MARIA, KANBAN),
        "skill_memberships": [membership(AMINA, KANBAN), membership(INGRID, KANBAN)],
    }
    answer = api.post("/skill_memberships", body)
    assert answer.status_code == 200
    rows = sandbox.query("SELECT user_id FROM skill_memberships WHERE id > 61007023 ORDER BY id")
    assert [row["user_id"] for row in rows] == [AMINA, INGRID]


def test_an_array_of_one_is_an_array(sandbox: Running, api: Api) -> None:
    answer = _bulk(api, [membership(AMINA, KANBAN)])
    assert (answer.status_code, answer.json()["count"], _written(sandbox)) == (200, 1, 1)


def test_there_is_no_bulk_update_and_no_bulk_delete(sandbox: Running, api: Api) -> None:
    keys = f"{TOMAS},{AMINA}"
    assert api.call("DELETE", "/skill_memberships", params={"ids": keys}).status_code == 404
    assert api.call("PUT", "/skill_memberships", json={"skill_memberships": []}).status_code == 404
    assert sandbox.query("SELECT count(*) AS n FROM skill_memberships") == [{"n": 1544}]


@each_value("bulk", {"atomic": 0, "partial": 1})
def test_the_limit_of_a_person_can_be_met_in_the_middle_of_an_array(
    sandbox: Running, api: Api, value: str, expected: int
) -> None:
    sandbox.set(bulk=value)
    answer = _bulk(api, [membership(BARTHOLOMEW, TRUE), membership(BARTHOLOMEW, 279466)])
    assert [(each["field"], each["index"]) for each in answer.json()["errors"]] == [("base", 1)]
    assert _written(sandbox) == expected


@shows(duplicates="return_existing", user_skill_limit="4")
def test_a_repeat_of_a_row_that_is_refused_is_refused_too(sandbox: Running, api: Api) -> None:
    rows = [membership(TOMAS, skill) for skill in (PYTHON, KANBAN, KANBAN)]
    errors = _bulk(api, rows).json()["errors"]
    assert [(each["index"], each["message"]) for each in errors] == [
        (1, "User cannot have more than 4 skills"),
        (2, "User cannot have more than 4 skills"),
    ]
    assert _written(sandbox) == 0
