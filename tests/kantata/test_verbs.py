"""Every verb of the endpoints and of the reading side, over HTTP."""

from typing import Any

import pytest

from importer import endpoints
from importer.endpoints.declare import Endpoint
from importer.kantata import resources
from importer.kantata.bulk_answers import Verdict, read_write_result
from importer.kantata.client import Client
from importer.kantata.pagination import read_list
from importer.kantata.record_forms import form_of
from importer.sandbox import Running

SKILLS = endpoints.load("skill-memberships")
GROUPS = endpoints.load("user-group-memberships")
ORGANIZATIONS = endpoints.load("organization-memberships")

# A value that each documented filter takes, and one record that it finds or leaves.
FILTERS = {
    "skill-memberships": {
        "active_account_members_only": "true",
        "by_skill_id": "271015",
        "by_skill_ids": "271015",
        "by_skill_name": "Python",
        "by_user_name": "Dana Reyes",
        "created_after": "2024-01-01T00:00:00Z",
        "created_before": "2024-01-01T00:00:00Z",
        "updated_after": "2024-01-01T00:00:00Z",
        "updated_before": "2024-01-01T00:00:00Z",
        "user_ids": "11482969",
        "workspace_id": "38402661",
    },
    "user-group-memberships": {"group_ids": "934118", "user_ids": "11482907"},
    "organization-memberships": {
        "created_after": "2024-01-01T00:00:00Z",
        "created_before": "2024-01-01T00:00:00Z",
        "department_id": "49306",
        "geography_id": "48581",
        "member_id": "11483277",
        "member_type": "user",
        "primary": "true",
        "updated_after": "2024-01-01T00:00:00Z",
        "updated_before": "2024-01-01T00:00:00Z",
    },
    "skills": {
        "created_after": "2024-01-01T00:00:00Z",
        "created_before": "2024-01-01T00:00:00Z",
        "matching": "Python",
        "skill_category_ids": "3102",
        "updated_after": "2024-01-01T00:00:00Z",
        "updated_before": "2024-01-01T00:00:00Z",
    },
    "groups": {
        "companies_only": "true",
        "created_after": "2024-01-01T00:00:00Z",
        "created_before": "2024-01-01T00:00:00Z",
        "matching": "Cloud Practice",
        "updated_after": "2024-01-01T00:00:00Z",
        "updated_before": "2024-01-01T00:00:00Z",
    },
    "organizations": {
        "created_after": "2024-01-01T00:00:00Z",
        "created_before": "2024-01-01T00:00:00Z",
        "matching": "Canada",
        "type": "Geography",
        "updated_after": "2024-01-01T00:00:00Z",
        "updated_before": "2024-01-01T00:00:00Z",
    },
}


@pytest.mark.parametrize(
    ("name", "filter_name"), [(name, each) for name, filters in FILTERS.items() for each in filters]
)
def test_every_documented_filter_leaves_fewer_records(
    client: Client, kantata: Running, name: str, filter_name: str
) -> None:
    kantata.set(primary="writable")
    kantata.execute("UPDATE organizations SET created_at = '2025-01-01', updated_at = '2025-01-01' WHERE id = 48288")
    endpoint = endpoints.load(name)
    collection = resources.of_endpoint(endpoint)

    every = client.page(collection, 1, {}).count
    some = client.page(collection, 1, {filter_name: FILTERS[name][filter_name]}).count

    assert 0 < some < every


@pytest.mark.parametrize("name", endpoints.names())
def test_the_filters_tried_here_are_all_that_the_endpoint_declares(name: str) -> None:
    assert set(FILTERS[name]) == set(endpoints.load(name).filters)


def test_a_filter_that_is_not_documented_is_never_sent_because_it_would_be_ignored(client: Client) -> None:
    with pytest.raises(ValueError, match="has no filter by_skil_id"):
        client.page(resources.of_endpoint(SKILLS), 1, {"by_skil_id": "1"})


@pytest.mark.parametrize("endpoint", [SKILLS, ORGANIZATIONS], ids=lambda each: each.name)
def test_one_record_is_got_by_its_id_and_none_by_another(client: Client, endpoint: Endpoint) -> None:
    record = client.page(resources.of_endpoint(endpoint), 1, {}).records[0]

    assert client.get(endpoint, record["id"]) == record
    assert client.get(endpoint, "1") is None


def test_a_group_membership_cannot_be_got_one_by_one(client: Client) -> None:
    with pytest.raises(ValueError, match="cannot be read one by one"):
        client.get(GROUPS, "29117052")


BODIES: dict[str, list[dict[str, Any]]] = {
    "skill-memberships": [
        {"user_id": 11483042, "skill_id": 271015, "level": 3},
        {"user_id": 11483042, "skill_id": 271064},
    ],
    "user-group-memberships": [{"user_id": 11483042, "workspace_group_id": id_} for id_ in (934118, 934185)],
    "organization-memberships": [
        {"geography_id": 48288, "department_id": id_, "member_id": 11483042, "member_type": "User"}
        for id_ in (49306, 49354)
    ],
    "skills": [
        {"name": "Service Design", "category": "Skill", "max_level": "5", "description": "From end to end"},
        {"name": "Latin", "category": "Language", "max_level": "5"},
    ],
    "groups": [{"name": "Green Lake Energy", "company": "yes", "contact_email": "ann.poole@client.example.com"}],
    "organizations": [
        {"tree": "Geography", "path": "World > Europe > Austria"},
        {"tree": "Department", "path": "Company > Technology > Robotics"},
    ],
}


@pytest.mark.parametrize("association_ids", ["always", "include_only"])
@pytest.mark.parametrize("name", endpoints.names())
def test_a_create_gives_each_record_back_by_its_key(
    client: Client, kantata: Running, name: str, association_ids: str
) -> None:
    kantata.set(association_ids=association_ids)
    endpoint = endpoints.load(name)
    form = form_of(client, endpoint)
    bodies = [form.sent(fields) or {} for fields in BODIES[name]]

    written = read_write_result(endpoint, client.create(endpoint, bodies), form)

    assert written.verdict is Verdict.DONE
    assert set(written.records) == {endpoint.key_of(fields) for fields in BODIES[name]}
    for fields, body in zip(BODIES[name], bodies, strict=True):
        columns = " AND ".join(f"{attribute} = ?" for attribute in body)
        stored = kantata.query(f"SELECT id FROM {endpoint.plural} WHERE {columns}", *body.values())
        assert [str(row["id"]) for row in stored] == [written.records[endpoint.key_of(fields)]["id"]]


def test_a_level_is_updated_and_the_answer_shows_it(client: Client, kantata: Running) -> None:
    written = read_write_result(SKILLS, client.update(SKILLS, "61005481", {"level": 1}))

    assert written.verdict is Verdict.DONE
    assert [record["level"] for record in written.records.values()] == [1]
    assert kantata.query("SELECT level FROM skill_memberships WHERE id = 61005481") == [{"level": 1}]


def test_an_organization_membership_is_moved(client: Client, kantata: Running) -> None:
    answer = client.update(ORGANIZATIONS, "5300884", {"department_id": 49306})

    assert read_write_result(ORGANIZATIONS, answer).verdict is Verdict.DONE
    assert kantata.query("SELECT department_id FROM organization_memberships WHERE id = 5300884") == [
        {"department_id": 49306}
    ]


@pytest.mark.parametrize(("name", "id_"), [
    ("skill-memberships", "61005481"), ("user-group-memberships", "29117052"), ("organization-memberships", "5300884"),
    ("skills", "271015"), ("groups", "934118"), ("organizations", "48288"),
])  # fmt: skip
def test_a_record_is_deleted(client: Client, kantata: Running, name: str, id_: str) -> None:
    endpoint = endpoints.load(name)

    written = read_write_result(endpoint, client.delete(endpoint, id_))

    assert written.verdict is Verdict.DONE
    assert kantata.query(f"SELECT id FROM {endpoint.plural} WHERE id = ?", int(id_)) == []


@pytest.mark.parametrize(
    ("collection", "sql"),
    [
        (resources.USERS, "SELECT count(*) n FROM users WHERE account_id = 6300412"),
        (resources.SKILLS, "SELECT count(*) n FROM skills"),
        (resources.SKILL_CATEGORIES, "SELECT count(*) n FROM skill_categories"),
        (resources.GROUPS, "SELECT count(*) n FROM workspace_groups"),
        (resources.ORGANIZATIONS, "SELECT count(*) n FROM organizations"),
        (resources.PROJECTS, "SELECT count(*) n FROM workspaces"),
    ],
    ids=lambda each: each.plural if isinstance(each, resources.Collection) else "",
)
def test_the_reading_side_sees_everyone_and_everything(
    client: Client, kantata: Running, collection: resources.Collection, sql: str
) -> None:
    records = read_list(client, collection)

    assert len({record["id"] for record in records}) == kantata.query(sql)[0]["n"]


def test_whose_token_it_is_is_known(client: Client, kantata: Running) -> None:
    account = client.me()

    assert str(account) == f"Dana Reyes, dana@example.com, at 127.0.0.1:{kantata.port}"
    assert account.is_administrator is True
    assert account.key == f"{kantata.url} account 6300412"
