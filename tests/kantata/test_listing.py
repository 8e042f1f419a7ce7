"""Lists that are read whole, whatever happens to them meanwhile."""

import pytest

from importer import endpoints
from importer.errors import Unreachable
from importer.kantata import resources
from importer.kantata.client import Client
from importer.kantata.existing_records import RecordQuery, read_existing, read_existing_and_count
from importer.kantata.id_filters import read_by_ids
from importer.kantata.pagination import read_list
from importer.sandbox import Running, running
from tests.loads import client_with

SKILLS = endpoints.load("skill-memberships")
MEMBERSHIPS = resources.of_endpoint(SKILLS)
PLACES = resources.of_endpoint(endpoints.load("organization-memberships"))


def stored(kantata: Running, table: str) -> set[str]:
    return {str(row["id"]) for row in kantata.query(f"SELECT id FROM {table}")}


def test_a_list_of_many_pages_is_read_whole_and_each_record_once(client: Client, kantata: Running) -> None:
    records = read_list(client, MEMBERSHIPS)

    ids = [record["id"] for record in records]
    assert len(ids) == len(set(ids))
    assert set(ids) == stored(kantata, "skill_memberships")


@pytest.mark.parametrize(
    "switches",
    [
        {"insert_during_list": "every 1 pages"},
        {"past_end": "404"},
        {"meta": "off"},
        {"over_max": "400"},
        {"tz": "any"},
        {"association_ids": "include_only"},
        {"insert_during_list": "every 1 pages", "past_end": "404", "bulk_timestamps": "same"},
    ],
    ids=str,
)
def test_records_that_were_there_at_the_start_are_all_seen(
    client: Client, kantata: Running, switches: dict[str, str]
) -> None:
    before = stored(kantata, "skill_memberships")
    kantata.set(**switches)

    ids = [record["id"] for record in read_list(client, MEMBERSHIPS)]

    assert len(ids) == len(set(ids))
    assert before <= set(ids)


def test_a_record_that_vanishes_between_two_pages_hides_no_other(client: Client, kantata: Running) -> None:
    first = kantata.query("SELECT id FROM skill_memberships ORDER BY created_at, id LIMIT 1")[0]["id"]
    change = {"do": "delete", "table": "skill_memberships", "where": {"id": first}}
    kantata.faults([{"on": "GET", "nth": 3, "fault": "interfere", "change": change}])

    ids = {record["id"] for record in read_list(client, MEMBERSHIPS)}

    assert stored(kantata, "skill_memberships") <= ids


@pytest.mark.parametrize("order", ["updated_desc", "random per page"])
def test_a_list_in_no_fixed_order_is_read_until_it_is_whole(client: Client, kantata: Running, order: str) -> None:
    kantata.set(om_order=order)

    ids = {record["id"] for record in read_list(client, PLACES)}

    assert ids == stored(kantata, "organization_memberships")


def test_a_list_that_never_holds_still_ends_in_a_sentence(client: Client, kantata: Running) -> None:
    ids = [row["id"] for row in kantata.query("SELECT id FROM skill_memberships ORDER BY created_at LIMIT 100")]
    kantata.faults(
        {
            "on": "GET",
            "nth": nth,
            "fault": "interfere",
            "change": {"do": "delete", "table": "skill_memberships", "where": {"id": id_}},
        }
        for nth, id_ in enumerate(ids, 2)
    )

    with pytest.raises(Unreachable, match="changed each time we read it"):
        read_list(client, MEMBERSHIPS)


@pytest.mark.parametrize("array_query", ["both", "csv", "brackets"])
@pytest.mark.parametrize("unknown_filter", ["ignore", "400"])
def test_a_filter_for_many_ids_finds_the_form_that_the_account_understands(
    client: Client, kantata: Running, array_query: str, unknown_filter: str
) -> None:
    kantata.set(array_query=array_query, unknown_filter=unknown_filter)
    people = ["11482907", "11482969", "11483277"]

    records = read_by_ids(client, MEMBERSHIPS, ("user_id", "user_ids"), people, dict)

    expected = kantata.query("SELECT id FROM skill_memberships WHERE user_id IN (11482907, 11482969, 11483277)")
    assert {record["id"] for record in records} == {str(row["id"]) for row in expected}
    assert expected


@pytest.mark.parametrize("array_query", ["csv", "brackets"])
def test_a_long_list_of_ids_is_asked_for_in_urls_that_every_server_takes(
    client: Client, kantata: Running, array_query: str
) -> None:
    kantata.set(array_query=array_query, max_url="2048")
    people = [str(row["id"]) for row in kantata.query("SELECT id FROM users WHERE account_id = 6300412")]

    records = read_by_ids(client, MEMBERSHIPS, ("user_id", "user_ids"), people, dict)

    assert {record["id"] for record in records} == stored(kantata, "skill_memberships")


def test_the_filter_with_the_fewest_ids_is_the_one_that_is_used(client: Client, kantata: Running) -> None:
    keys = [(str(11482900 + number), "271015") for number in range(300)]

    read_existing(client, RecordQuery(SKILLS, keys))

    queries = [row["query"] for row in kantata.requests()]
    assert len(queries) == 1
    assert "by_skill_ids=271015" in str(queries[0])


def test_what_is_held_is_told_by_key_with_every_duplicate(client: Client, kantata: Running) -> None:
    row = kantata.query("SELECT user_id, skill_id, level FROM skill_memberships WHERE id = 61005481")[0]
    twin = kantata.by_hand(do="insert", table="skill_memberships", values={**row, "level": 1})
    key = (str(row["user_id"]), str(row["skill_id"]))

    held = read_existing(client, RecordQuery(SKILLS, [key, ("11482969", "271015")]))

    assert {record["id"] for record in held[key]} == {"61005481", str(twin)}
    assert set(held) == {key}


@pytest.mark.parametrize("members", [3, 60])
def test_places_are_read_by_member_or_as_a_whole(client: Client, kantata: Running, members: int) -> None:
    endpoint = endpoints.load("organization-memberships")
    rows = kantata.query("SELECT * FROM organization_memberships ORDER BY id LIMIT ?", members)
    keys = {endpoint.key_of(row): str(row["id"]) for row in rows}

    held = read_existing(client, RecordQuery(endpoint, list(keys)))

    assert {key: [record["id"] for record in records] for key, records in held.items()} == {
        key: [id_] for key, id_ in keys.items()
    }


@pytest.mark.parametrize(
    ("users", "kind", "members", "requests"),
    [
        (200, "Workspace", 1, 1),
        (200, "Workspace", 6, 1),
        (200, "User", 30, 1),
        (2000, "User", 1, 1),
        (2000, "User", 3, 4),
        (2000, "User", 30, 7),
    ],
)
def test_members_are_read_one_by_one_or_as_a_list_whichever_takes_fewer_requests(
    users: int, kind: str, members: int, requests: int
) -> None:
    endpoint = endpoints.load("organization-memberships")
    with running(users=users) as kantata, client_with(kantata, 4) as client:
        rows = kantata.query("SELECT * FROM organization_memberships WHERE member_type = ? ORDER BY id", kind)
        keys = [endpoint.key_of(row) for row in rows]

        held = read_existing(client, RecordQuery(endpoint, keys[:members]))

        assert set(held) == set(keys[:members])
        assert len(kantata.requests()) == requests


def test_very_many_people_are_read_from_the_list_if_it_has_fewer_pages(client: Client, kantata: Running) -> None:
    endpoint = endpoints.load("user-group-memberships")
    rows = kantata.query("SELECT * FROM user_group_memberships")
    keys = [endpoint.key_of(row) for row in rows]
    others = [(str(30_000_000 + number), str(40_000_000 + number)) for number in range(2000)]

    held = read_existing(client, RecordQuery(endpoint, [*keys, *others]))

    assert set(held) == set(keys)
    assert len(kantata.requests()) == -(-len(rows) // 200) + 1  # the first page of an id filter shows how many it takes


@pytest.mark.parametrize(("records", "requests"), [(1, 1), (60, 2), (300, 3)])
def test_records_of_some_people_are_not_read_by_what_very_many_have(records: int, requests: int) -> None:
    endpoint = endpoints.load("user-group-memberships")
    with running(users=2000) as kantata, client_with(kantata, 4) as client:
        rows = kantata.query("SELECT * FROM user_group_memberships ORDER BY user_id LIMIT ?", records)
        keys = [endpoint.key_of(row) for row in rows]

        held = read_existing(client, RecordQuery(endpoint, keys))

        assert set(held) == set(keys)
        assert len(kantata.requests()) == requests


def test_a_record_that_is_removed_while_a_list_is_read_is_not_counted_as_its_owners(
    one_by_one: Client, kantata: Running
) -> None:
    (full,) = kantata.query(
        "SELECT user_id, min(id) first FROM skill_memberships GROUP BY user_id HAVING count(*) = 200"
    )
    other = kantata.query("SELECT user_id FROM skill_memberships WHERE user_id <> ? LIMIT 1", full["user_id"])[0]
    gone = {"do": "delete", "table": "skill_memberships", "where": {"id": full["first"]}}
    kantata.faults([{"on": "GET", "nth": 2, "fault": "interfere", "change": gone}])
    keys = [(str(person["user_id"]), "1") for person in (full, other)]

    _, owners, _ = read_existing_and_count(one_by_one, RecordQuery(SKILLS, keys, with_all_of_owners=True))

    assert owners is not None
    assert owners[(keys[0][0],)] == 199
