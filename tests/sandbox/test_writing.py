"""POST, PUT and DELETE of one object: what is stored, what is refused, and with which words."""

import pytest
import requests

from importer.sandbox import Running

from .client import Api, membership, one
from .known import (
    A_MEMBERSHIP,
    AMERICAS,
    AMINA,
    AN_ORGANIZATION_MEMBERSHIP,
    BARTHOLOMEW,
    BENCH,
    CANADA,
    CLOUD,
    COMPANY,
    DANA,
    DELIVERY,
    FINANCE,
    GREGOR,
    KANBAN,
    KWAME,
    LANGUAGE,
    NOTHING,
    OUTSIDER,
    PYTHON,
    SKILL,
    STRATEGY,
    TOMAS,
    TRUE,
    UNITED_STATES,
    WEBSITE,
    WILHELMINA,
    WORLD,
)
from .shown import each_value, shows


def _errors(answer: requests.Response) -> list[tuple[object, ...]]:
    """The errors of an answer as (type, field, message)."""
    return [(each["type"], each.get("field"), each["message"]) for each in answer.json()["errors"]]


def _held(sandbox: Running, user: int, skill: int) -> list[object]:
    """The levels of a person in a skill."""
    rows = sandbox.query("SELECT level FROM skill_memberships WHERE user_id = ? AND skill_id = ?", user, skill)
    return [row["level"] for row in rows]


def _organization(**changes: object) -> dict[str, object]:
    usual = {"geography_id": UNITED_STATES, "department_id": DELIVERY, "member_id": AMINA, "member_type": "User"}
    return {"organization_membership": usual | changes}


def test_a_post_answers_with_the_envelope_of_the_one_record_that_it_made(sandbox: Running, api: Api) -> None:
    answer = api.post("/skill_memberships", {"skill_membership": membership(AMINA, KANBAN, 4)}, include="skill")
    found = answer.json()
    assert (answer.status_code, found["count"], found["meta"]["count"]) == (200, 1, 1)
    (result,) = found["results"]
    made = found["skill_memberships"][result["id"]]
    assert (made["level"], made["cached_skill_name"], made["creator_id"]) == (4, "Kanban", str(DANA))
    assert found["skills"][str(KANBAN)]["name"] == "Kanban"
    assert sandbox.query("SELECT user_id, level FROM skill_memberships WHERE id = ?", int(result["id"])) == [
        {"user_id": AMINA, "level": 4}
    ]


def test_an_id_is_never_given_twice(api: Api) -> None:
    first = api.post("/skill_memberships", {"skill_membership": membership(AMINA, KANBAN)}).json()["results"][0]["id"]
    api.delete(f"/skill_memberships/{first}")
    second = api.post("/skill_memberships", {"skill_membership": membership(AMINA, KANBAN)}).json()["results"][0]["id"]
    assert int(second) == int(first) + 1


@each_value("validation_status", {"422": 422, "400": 400})
def test_a_missing_field_is_a_validation_error_that_names_it(
    sandbox: Running, api: Api, value: str, expected: int
) -> None:
    sandbox.set(validation_status=value)
    answer = api.post("/skill_memberships", one("skill_membership", user_id=AMINA))
    assert answer.status_code == expected
    assert answer.json() == {
        "errors": [{"type": "validation", "message": "Skill can't be blank", "field": "skill_id", "index": 0}]
    }


@pytest.mark.parametrize("body", [{}, {"user_id": AMINA}, {"skill_membership": {}}, {"skill_membership": []}])
def test_a_body_without_the_root_key_is_a_syntax_error(api: Api, body: object) -> None:
    if body == {"skill_membership": {}}:
        body = {"skill_memberships": {}}
    answer = api.post("/skill_memberships", body)
    assert answer.status_code == 400
    assert _errors(answer) == [("syntax", None, "param is missing or the value is empty: skill_membership")]


@each_value("extra_fields", {"ignore": (200, 200), "422": (422, 422)})
def test_unknown_and_fixed_fields_are_ignored_or_refused(
    sandbox: Running, api: Api, value: str, expected: tuple[int, int]
) -> None:
    sandbox.set(extra_fields=value)
    created = api.post("/skill_memberships", {"skill_membership": membership(AMINA, KANBAN) | {"colour": "red"}})
    changed = api.put(f"/skill_memberships/{A_MEMBERSHIP}", one("skill_membership", level=1, skill_id=PYTHON))
    assert (created.status_code, changed.status_code) == expected
    if value == "422":
        assert _errors(created) == [("validation", "colour", "Colour cannot be set")]
        assert _errors(changed) == [("validation", "skill_id", "Skill cannot be set")]
    stored = sandbox.query("SELECT skill_id FROM skill_memberships WHERE id = ?", A_MEMBERSHIP)
    assert stored == [{"skill_id": 274579}]


@each_value("string_ids", {"accept": 200, "422": 422})
def test_ids_sent_as_text_are_taken_or_refused(sandbox: Running, api: Api, value: str, expected: int) -> None:
    sandbox.set(string_ids=value)
    answer = api.post("/skill_memberships", one("skill_membership", user_id=str(AMINA), skill_id=KANBAN))
    assert answer.status_code == expected
    if expected == 422:
        assert _errors(answer) == [("validation", "user_id", "User must be an integer")]


@pytest.mark.parametrize("sent", ["Amina", 1.5, True, [AMINA], {"id": AMINA}, 10**30])
def test_what_is_no_id_is_refused(api: Api, sent: object) -> None:
    answer = api.post("/skill_memberships", one("skill_membership", user_id=sent, skill_id=KANBAN))
    assert answer.status_code == 422
    assert _errors(answer) == [("validation", "user_id", "User must be an integer")]


@each_value("bad_ref", {"422": ("validation", "skill_id"), "404": ("system", None)})
def test_an_unknown_record_is_an_error_on_its_field_or_not_found(
    sandbox: Running, api: Api, value: str, expected: tuple[str, object]
) -> None:
    sandbox.set(bad_ref=value)
    answer = api.post("/skill_memberships", {"skill_membership": membership(AMINA, NOTHING)})
    assert (answer.status_code, _errors(answer)[0][:2]) == (int(value), expected)
    assert _held(sandbox, AMINA, NOTHING) == []


@shows(writes_need="any")
def test_what_the_caller_cannot_see_is_unknown(member: Api) -> None:
    answer = member.post("/skill_memberships", {"skill_membership": membership(AMINA, KANBAN)})
    assert _errors(answer) == [("validation", "user_id", "User must exist")]


@each_value("disabled_ref", {"accept": 200, "reject": 422})
def test_a_disabled_person_may_be_refused(sandbox: Running, api: Api, value: str, expected: int) -> None:
    sandbox.set(disabled_ref=value)
    answer = api.post("/user_group_memberships", one("user_group_membership", user_id=GREGOR, workspace_group_id=CLOUD))
    assert answer.status_code == expected


@each_value("duplicates", {"reject": (422, 1), "allow": (200, 2), "return_existing": (200, 1)})
def test_a_membership_that_exists_is_refused_or_stored_again_or_returned(
    sandbox: Running, api: Api, value: str, expected: tuple[int, int]
) -> None:
    sandbox.set(duplicates=value)
    answer = api.post("/skill_memberships", {"skill_membership": membership(TOMAS, 274579, 1)})
    assert (answer.status_code, len(_held(sandbox, TOMAS, 274579))) == expected
    if value == "reject":
        assert _errors(answer) == [("validation", "base", "This membership has already been taken")]
    if value == "return_existing":
        assert answer.json()["results"] == [{"key": "skill_memberships", "id": str(A_MEMBERSHIP)}]
        assert _held(sandbox, TOMAS, 274579) == [3]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/user_group_memberships", one("user_group_membership", user_id=DANA, workspace_group_id=CLOUD)),
        ("/organization_memberships", _organization(member_id=KWAME, geography_id=48667, department_id=DELIVERY)),
    ],
)
def test_the_other_memberships_may_not_repeat_either(api: Api, path: str, body: object) -> None:
    assert _errors(api.post(path, body)) == [("validation", "base", "This membership has already been taken")]


def test_a_member_may_have_the_same_geography_with_another_department(api: Api) -> None:
    body = _organization(member_id=KWAME, geography_id=48667, department_id=FINANCE)
    assert api.post("/organization_memberships", body).status_code == 200


def test_an_organization_membership_may_not_become_one_that_exists(api: Api) -> None:
    body = one("organization_membership", geography_id=48814, department_id=49379)
    answer = api.put(f"/organization_memberships/{AN_ORGANIZATION_MEMBERSHIP}", body)
    assert _errors(answer) == [("validation", "base", "This membership has already been taken")]


DUPLICATE = "This membership has already been taken"


@each_value("dup_text", {DUPLICATE: DUPLICATE, "User has already been entered": "User has already been entered"})
def test_the_words_about_a_repeat_can_be_chosen(sandbox: Running, api: Api, value: str, expected: str) -> None:
    sandbox.set(dup_text=value)
    answer = api.post("/skill_memberships", {"skill_membership": membership(TOMAS, 274579)})
    assert _errors(answer) == [("validation", "base", expected)]


@each_value("user_skill_limit", {"200": (200, 422, 422), "4": (422, 422, 200), "off": (200, 200, 200)})
def test_a_person_can_have_only_so_many_skills(
    sandbox: Running, api: Api, value: str, expected: tuple[int, int, int]
) -> None:
    sandbox.set(user_skill_limit=value)
    answers = [
        api.post("/skill_memberships", {"skill_membership": membership(BARTHOLOMEW, TRUE)}),
        api.post("/skill_memberships", {"skill_membership": membership(BARTHOLOMEW, 279466)}),
        api.post("/skill_memberships", {"skill_membership": membership(TOMAS, PYTHON)}),
    ]
    statuses = [each.status_code for each in answers]
    if value == "200":
        statuses[2] = api.post("/skill_memberships", {"skill_membership": membership(WILHELMINA, TRUE)}).status_code
    assert tuple(statuses) == expected


def test_the_skill_beyond_the_limit_is_refused_with_a_sentence(api: Api) -> None:
    answer = api.post("/skill_memberships", {"skill_membership": membership(WILHELMINA, TRUE)})
    assert _errors(answer) == [("validation", "base", "User cannot have more than 200 skills")]


@each_value("skill_limit", {"231": 422, "5000": 200, "off": 200})
def test_an_account_can_have_only_so_many_skills(sandbox: Running, api: Api, value: str, expected: int) -> None:
    sandbox.set(skill_limit=value)
    rows = [{"name": name, "max_level": "5", "skill_category_id": SKILL} for name in ("Falconry", "Archery")]
    assert api.post("/skills", {"skills": rows}).status_code == expected


@each_value("skill_unique", {"per_account": (422, 422), "per_category": (422, 200), "off": (200, 200)})
def test_a_skill_name_is_unique_in_the_scope_that_is_chosen(
    sandbox: Running, api: Api, value: str, expected: tuple[int, int]
) -> None:
    sandbox.set(skill_unique=value)
    answers = [
        api.post("/skills", one("skill", name="Python", max_level="5", skill_category_id=category))
        for category in (SKILL, LANGUAGE)
    ]
    assert tuple(each.status_code for each in answers) == expected


@each_value("max_level_missing", {"422": (422, None), "1": (200, 1), "5": (200, 5)})
def test_a_skill_without_max_level_is_refused_or_given_one(
    sandbox: Running, api: Api, value: str, expected: tuple[int, object]
) -> None:
    sandbox.set(max_level_missing=value)
    answer = api.post("/skills", one("skill", name="Falconry", skill_category_id=SKILL))
    stored = sandbox.query("SELECT max_level FROM skills WHERE name = 'Falconry'")
    assert (answer.status_code, stored[0]["max_level"] if stored else None) == expected


@pytest.mark.parametrize(("sent", "status"), [("1", 200), ("5", 200), (5, 200), ("3", 422), (True, 422)])
def test_max_level_is_1_or_5(api: Api, sent: object, status: int) -> None:
    body = one("skill", name="Falconry", max_level=sent, skill_category_id=SKILL)
    assert api.post("/skills", body).status_code == status


def test_renaming_a_skill_renames_it_in_its_memberships(api: Api) -> None:
    assert api.put("/skills/274579", one("skill", name="Analysis of Business")).status_code == 200
    shown = api.found(f"/skill_memberships/{A_MEMBERSHIP}")["skill_memberships"][str(A_MEMBERSHIP)]
    assert shown["cached_skill_name"] == "Analysis of Business"


@pytest.mark.parametrize("name", ["cloud practice", "CLOUD PRACTICE", "équipe montréal"])
def test_a_group_name_is_taken_whatever_its_case(api: Api, name: str) -> None:
    answer = api.post("/workspace_groups", one("workspace_group", name=name))
    assert _errors(answer) == [("validation", "name", "Name has already been taken")]


def test_a_group_has_no_bulk_form(api: Api) -> None:
    answer = api.post("/workspace_groups", {"workspace_groups": [{"name": "Falconers"}]})
    assert (answer.status_code, _errors(answer)[0][0]) == (400, "syntax")


def test_a_group_needs_its_name_on_update_too(api: Api) -> None:
    answer = api.put(f"/workspace_groups/{CLOUD}", one("workspace_group", notes="Seen"))
    assert _errors(answer) == [("validation", "name", "Name can't be blank")]


@each_value("org_unique", {"per_parent": (422, 200), "per_tree": (422, 422), "off": (200, 200)})
def test_an_organization_name_is_unique_in_the_scope_that_is_chosen(
    sandbox: Running, api: Api, value: str, expected: tuple[int, int]
) -> None:
    sandbox.set(org_unique=value)
    answers = [
        api.post("/organizations", one("organization", name="Canada", parent_id=parent)) for parent in (AMERICAS, WORLD)
    ]
    assert tuple(each.status_code for each in answers) == expected


def test_an_organization_joins_the_tree_of_its_parent(api: Api) -> None:
    made = api.post("/organizations", one("organization", name="Québec", parent_id=CANADA)).json()
    (shown,) = made["organizations"].values()
    assert (shown["type"], shown["parent_id"]) == ("Geography", str(CANADA))
    answer = api.post("/organizations", one("organization", name="Nowhere", parent_id=NOTHING))
    assert _errors(answer) == [("validation", "parent_id", "Parent must exist")]


@pytest.mark.parametrize("parent", [CANADA, AMERICAS, COMPANY])
def test_an_organization_moves_neither_below_itself_nor_into_the_other_tree(api: Api, parent: int) -> None:
    answer = api.put(f"/organizations/{AMERICAS}", one("organization", parent_id=parent))
    assert _errors(answer) == [("validation", "parent_id", "Parent must be elsewhere in the same tree")]


@each_value("wrong_tree", {"reject": 422, "accept": 200})
def test_a_department_does_not_stand_where_a_geography_belongs(
    sandbox: Running, api: Api, value: str, expected: int
) -> None:
    sandbox.set(wrong_tree=value)
    answer = api.post("/organization_memberships", _organization(geography_id=STRATEGY))
    assert answer.status_code == expected
    if expected == 422:
        assert _errors(answer) == [("validation", "geography_id", "Geography must be a geography")]


@each_value("root_org", {"accept": 200, "reject": 422})
def test_a_root_may_be_assigned_or_not(sandbox: Running, api: Api, value: str, expected: int) -> None:
    sandbox.set(root_org=value)
    assert api.post("/organization_memberships", _organization(geography_id=WORLD)).status_code == expected


@each_value(
    "member_type_in",
    {"any": [200, 200, 200], "lower": [422, 200, 422], "Capital": [200, 422, 422]},
)
def test_member_types_are_taken_in_the_spelling_that_is_chosen(
    sandbox: Running, api: Api, value: str, expected: list[int]
) -> None:
    sandbox.set(member_type_in=value)
    answers = [
        api.post("/organization_memberships", _organization(member_type=kind, department_id=department))
        for kind, department in (("User", DELIVERY), ("user", STRATEGY), ("USER", FINANCE))
    ]
    assert [each.status_code for each in answers] == expected


def test_a_project_may_be_a_member(sandbox: Running, api: Api) -> None:
    body = _organization(member_type="Workspace", member_id=WEBSITE)
    assert api.post("/organization_memberships", body).status_code == 200
    answer = api.post("/organization_memberships", _organization(member_type="Workspace"))
    assert _errors(answer) == [("validation", "member_id", "Member must exist")]
    assert sandbox.query("SELECT count(*) AS n FROM organization_memberships WHERE member_id = ?", AMINA) == [{"n": 1}]


@each_value("primary", {"off": [1, 0, 0], "readable": [1, 0, 0], "writable": [0, 0, 1]})
def test_primary_is_written_only_where_it_is_writable_and_a_member_has_one(
    sandbox: Running, api: Api, value: str, expected: list[int]
) -> None:
    sandbox.set(primary=value)
    body = _organization(member_id=KWAME, primary=True)
    assert api.post("/organization_memberships", body).status_code == 200
    rows = sandbox.query("SELECT is_primary FROM organization_memberships WHERE member_id = ? ORDER BY id", KWAME)
    assert [row["is_primary"] for row in rows] == expected


@each_value("delete_missing", {"404": 404, "204": 204})
def test_a_second_delete_finds_nothing(sandbox: Running, api: Api, value: str, expected: int) -> None:
    sandbox.set(delete_missing=value)
    assert api.delete(f"/skill_memberships/{A_MEMBERSHIP}").status_code == 204
    assert api.delete(f"/skill_memberships/{A_MEMBERSHIP}").status_code == expected
    assert [each["rows_written"] for each in sandbox.requests()] == [1, 0]


def test_put_of_a_missing_record_is_not_found(api: Api) -> None:
    assert api.put(f"/skill_memberships/{NOTHING}", one("skill_membership", level=1)).status_code == 404


@each_value("cascade", {"delete": (204, 0), "reject": (422, 9), "orphan": (204, 9)})
def test_what_becomes_of_the_memberships_of_a_deleted_skill_is_chosen(
    sandbox: Running, api: Api, value: str, expected: tuple[int, int]
) -> None:
    sandbox.set(cascade=value)
    answer = api.delete(f"/skills/{KANBAN}")
    left = sandbox.query("SELECT count(*) AS n FROM skill_memberships WHERE skill_id = ?", KANBAN)
    assert (answer.status_code, left[0]["n"]) == expected
    assert api.get(f"/skills/{KANBAN}").status_code == (200 if value == "reject" else 404)


@shows(cascade="orphan")
def test_an_orphan_is_listed_with_the_id_of_what_is_gone(api: Api) -> None:
    api.delete(f"/skills/{KANBAN}")
    found = api.found("/skill_memberships", by_skill_id=KANBAN, include="skill")
    assert (found["count"], found["skills"]) == (9, {})
    assert {each["skill_id"] for each in found["skill_memberships"].values()} == {str(KANBAN)}


def test_deleting_an_organization_takes_what_is_below_it_and_the_root_stays(sandbox: Running, api: Api) -> None:
    assert api.delete(f"/organizations/{AMERICAS}").status_code == 204
    assert api.get(f"/organizations/{CANADA}").status_code == 404
    assert sandbox.query("SELECT 1 FROM organization_memberships WHERE geography_id = ?", CANADA) == []
    assert _errors(api.delete(f"/organizations/{WORLD}")) == [("validation", "base", "The root cannot be deleted")]


@shows(over_max="400")
def test_an_answer_that_cannot_be_shown_does_not_undo_the_write(sandbox: Running, api: Api) -> None:
    answer = api.post("/skill_memberships", {"skill_memberships": [membership(AMINA, KANBAN)]}, per_page=201)
    assert answer.status_code == 400
    assert _held(sandbox, AMINA, KANBAN) == [0]
    assert [(each["status"], each["committed"], each["rows_written"]) for each in sandbox.requests()] == [(400, 1, 1)]


def test_a_put_that_changes_nothing_writes_nothing(sandbox: Running, api: Api) -> None:
    assert api.put(f"/skill_memberships/{A_MEMBERSHIP}", one("skill_membership", level=3)).status_code == 200
    assert [(each["status"], each["committed"], each["rows_written"]) for each in sandbox.requests()] == [(200, 0, 0)]


def test_an_outsider_may_be_in_a_group(api: Api) -> None:
    body = one("user_group_membership", user_id=OUTSIDER, workspace_group_id=BENCH)
    assert api.post("/user_group_memberships", body).status_code == 200
