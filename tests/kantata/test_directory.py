"""Names of the account's people and things, and who bears them."""

import pytest

from importer.endpoints.declare import Directory, Name
from importer.fold import fold
from importer.kantata.client import Client
from importer.kantata.directory import AccountDirectory
from importer.sandbox import Running


def ids(client: Client, directory: Directory, *names: str) -> list[list[str]]:
    asked: list[Name] = [(directory, fold(name)) for name in names]
    found = AccountDirectory(client).find(asked)
    return [[candidate.id for candidate in found[name].exact] for name in asked]


@pytest.mark.parametrize("email_case", ["insensitive", "sensitive"])
@pytest.mark.parametrize("email_over_200", ["400", "truncate"])
def test_people_are_found_by_e_mail_in_any_letter_case(
    client: Client, kantata: Running, email_case: str, email_over_200: str
) -> None:
    kantata.set(email_case=email_case, email_over_200=email_over_200)

    found = ids(client, Directory.EMAILS, "ingrid.sorensen@example.com", "DANA@EXAMPLE.COM", "nobody@example.com")

    assert found == [["11483169"], ["11482907"], []]


def test_someone_in_no_project_and_someone_inactive_are_found_too(client: Client) -> None:
    assert ids(client, Directory.PEOPLE, "Amina Diallo", "gregor novak") == [["11483135"], ["11483110"]]


def test_a_few_addresses_cost_one_request_and_many_cost_the_pages_of_the_directory(
    client: Client, kantata: Running
) -> None:
    ids(client, Directory.EMAILS, "dana@example.com", "maria.silva@example.com")
    few = client.sent["GET"]
    addresses = [str(row["email_address"]) for row in kantata.query("SELECT email_address FROM users LIMIT 300")]
    ids(client, Directory.EMAILS, *addresses)

    assert few == 1
    assert client.sent["GET"] - few == 3


def test_two_people_of_one_name_are_both_told(client: Client) -> None:
    found = AccountDirectory(client).find([(Directory.PEOPLE, "maria silva")])

    labels = [candidate.label for candidate in found[Directory.PEOPLE, "maria silva"].exact]
    assert labels == [
        "Maria Silva, maria.silva@example.com, Data Engineer, id 11483042",
        "Maria Silva, maria.silva2@example.com, UX Researcher, id 11483059",
    ]


def test_skills_that_differ_in_letter_case_are_told_apart_by_category_and_levels(client: Client) -> None:
    found = AccountDirectory(client).find([(Directory.SKILLS, "scrum"), (Directory.SKILLS, "na")])

    assert [candidate.label for candidate in found[Directory.SKILLS, "scrum"].exact] == [
        "Scrum, Skill, levels to 5, id 274936",
        "SCRUM, Skill, no levels, id 279403",
    ]
    assert [candidate.id for candidate in found[Directory.SKILLS, "na"].exact] == ["279466"]


def test_composed_and_decomposed_letters_are_one_name(client: Client) -> None:
    assert ids(client, Directory.GROUPS, "E\u0301quipe Montre\u0301al", "équipe  montréal") == [["934790"], ["934790"]]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("Germany", ["48581"]),
        ("europe > GERMANY", ["48581"]),
        ("World > Europe > Germany", ["48581"]),
        ("Americas > Germany", []),
        ("Remote", ["48435", "48722", "49183"]),
        ("Europe > Remote", ["48722"]),
        ("World", ["48210"]),
        ("Engineering", []),
    ],
)
def test_places_are_found_by_name_or_path_in_their_own_tree(client: Client, path: str, found: list[str]) -> None:
    assert sorted(ids(client, Directory.GEOGRAPHIES, path)[0]) == found


def test_projects_are_found_by_title_archived_ones_too(client: Client) -> None:
    assert ids(client, Directory.PROJECTS, "legacy crm shutdown", "Website Relaunch") == [
        ["38402853"],
        ["38402785", "38402835"],
    ]


def test_each_list_is_read_once_however_many_names_are_asked_for(client: Client, kantata: Running) -> None:
    people = [str(row["full_name"]) for row in kantata.query("SELECT full_name FROM users LIMIT 400")]
    addresses = [str(row["email_address"]) for row in kantata.query("SELECT email_address FROM users LIMIT 400")]
    asked: list[Name] = [(Directory.PEOPLE, fold(name)) for name in people]
    asked += [(Directory.EMAILS, fold(address)) for address in addresses]

    AccountDirectory(client).find(asked)

    assert client.sent["GET"] == 3
