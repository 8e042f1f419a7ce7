"""Names of the account's people and things, and who bears them."""

from threading import Barrier
from typing import Any

import pytest

from importer.endpoints.declare import Directory, Name
from importer.kantata.client import Client
from importer.kantata.directory import AccountDirectory
from importer.kantata.rate_limiter import RateLimiter
from importer.kantata.transport import Response, Transport
from importer.sandbox import Running
from importer.text import fold


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
    few = client.request_counts["GET"]
    addresses = [str(row["email_address"]) for row in kantata.query("SELECT email_address FROM users LIMIT 300")]
    ids(client, Directory.EMAILS, *addresses)

    assert few == 1
    assert client.request_counts["GET"] - few == 3


def test_some_hundred_addresses_are_asked_for_and_the_directory_is_not_read(client: Client, kantata: Running) -> None:
    rows = kantata.query("SELECT id, email_address FROM users WHERE account_id = 6300412 ORDER BY id LIMIT 150")

    found = ids(client, Directory.EMAILS, *(str(row["email_address"]).upper() for row in rows))

    assert found == [[str(row["id"])] for row in rows]
    urls = [request["query"] for request in kantata.requests()]
    assert all("by_email_addresses" in url and len(url) < 2000 for url in urls)
    assert len(urls) <= 4


def test_a_filter_of_addresses_that_is_not_understood_costs_no_more_than_the_directory(
    client: Client, kantata: Running
) -> None:
    kantata.set(array_query="brackets")

    found = ids(client, Directory.EMAILS, *(f"nobody{number}@example.com" for number in range(100)), "dana@example.com")

    assert found[-1] == ["11482907"]
    assert client.request_counts["GET"] <= 3 + 4


def test_an_address_with_another_accent_is_another_address(client: Client) -> None:
    assert ids(client, Directory.EMAILS, "d\u00e1na@example.com") == [[]]


@pytest.mark.parametrize(
    "typed",
    [
        "dana\u00a0reyes",
        "  DANA   REYES ",
        "Da\u00adna Reyes",
        "\u200bDana Reyes\ufeff",
        "Dana\u200b Re\u200dyes",
        "Reyes, Dana",
        "REYES ,dana",
        "\uff24ana Reyes",
    ],
)
def test_a_name_is_the_same_whatever_its_spaces_marks_case_and_order(client: Client, typed: str) -> None:
    assert ids(client, Directory.PEOPLE, typed) == [["11482907"]]


@pytest.mark.parametrize(
    ("typed", "person"),
    [
        ("Reyes Dana", "11482907"),
        ("LINDQVIST Tomas", "11482969"),
        ("S\u00f8rensen Ingrid", "11483169"),
        ("de Souza Cavalcanti e Albuquerque Maria Antonieta", "maria.cavalcanti@example.com"),
        ("\u5c71\u7530\u592a\u90ce", "taro.yamada@example.com"),
        ("\u592a\u90ce\u5c71\u7530", "taro.yamada@example.com"),
        ("\u592a\u90ce\u3000\u5c71\u7530", "taro.yamada@example.com"),
        ("Siobh\u00e1n O\u2019Neill", "siobhan.o'neill@example.com"),
        ("Jean\u2010Luc B\u00e9ranger", "jean-luc.beranger@example.com"),
    ],
)
def test_a_person_is_found_family_name_first_without_a_space_and_by_typographic_signs(
    client: Client, typed: str, person: str
) -> None:
    (found,) = AccountDirectory(client).find([(Directory.PEOPLE, fold(typed))]).values()

    assert len(found.exact) == 1
    assert person in found.exact[0].label


def test_the_order_of_a_name_is_left_aside_only_where_nobody_has_it_as_it_is_written(
    client: Client, kantata: Running
) -> None:
    kantata.execute("UPDATE users SET full_name = 'Reyes Dana' WHERE id = 11482969")

    assert ids(client, Directory.PEOPLE, "Dana Reyes", "Reyes Dana") == [["11482907"], ["11482969"]]


def test_a_name_in_another_order_that_two_people_have_is_not_ones_alone(client: Client) -> None:
    assert ids(client, Directory.PEOPLE, "Silva Maria") == [["11483042", "11483059"]]


def test_words_in_a_quite_different_order_are_another_name(client: Client, kantata: Running) -> None:
    kantata.execute("UPDATE users SET full_name = 'Ana Costa Lima' WHERE id = 11482969")

    assert ids(client, Directory.PEOPLE, "Costa Lima Ana", "Ana Lima Costa") == [["11482969"], []]


def test_a_skill_is_not_found_by_its_words_in_another_order(client: Client, kantata: Running) -> None:
    kantata.execute("UPDATE skills SET name = 'Pasta Drying' WHERE id = 271015")

    assert ids(client, Directory.SKILLS, "pasta drying", "drying pasta") == [["271015"], []]


def test_many_ids_are_looked_up_a_hundred_in_a_request(client: Client, kantata: Running) -> None:
    rows = kantata.query("SELECT id FROM users WHERE account_id = 6300412 ORDER BY id LIMIT 250")
    asked = [(Directory.PEOPLE, str(row["id"])) for row in rows] + [(Directory.PEOPLE, "99000001")]

    found = AccountDirectory(client).candidates_by_id(asked)

    assert [name for name in asked if name not in found] == [(Directory.PEOPLE, "99000001")]
    assert client.request_counts["GET"] == 3


def test_accents_are_left_aside_only_where_nobody_has_the_name_as_it_is_written(
    client: Client, kantata: Running
) -> None:
    assert ids(client, Directory.PEOPLE, "Tomas Lindqvist", "zoe akerblom") == [["11482969"], ["11483593"]]
    kantata.execute("UPDATE users SET full_name = 'Tomas Lindqvist' WHERE id = 11482907")
    assert ids(client, Directory.PEOPLE, "Tomas Lindqvist", "Tom\u00e1s Lindqvist") == [["11482907"], ["11482969"]]


def test_people_are_found_by_what_another_system_calls_them(client: Client, kantata: Running) -> None:
    kantata.by_hand(
        do="insert", table="external_references",
        values={"subject_type": "User", "subject_id": 11482969, "service_name": "workday", "service_model": "Worker",
                "service_model_ref": "HR-10023"},
    )  # fmt: skip

    assert ids(client, Directory.EXTERNAL_IDS, "hr-10023", "HR-1") == [["11482969"], []]


def test_external_ids_names_and_addresses_cost_one_pass_over_the_people(client: Client) -> None:
    asked = [(Directory.PEOPLE, "dana reyes"), (Directory.EXTERNAL_IDS, "hr-1"), (Directory.EMAILS, "a@example.com")]

    found = AccountDirectory(client).find(asked)

    assert [each.id for each in found[Directory.PEOPLE, "dana reyes"].exact] == ["11482907"]
    assert client.request_counts["GET"] == 3


def test_a_name_that_nobody_has_is_told_the_nearest_with_e_mail_role_and_whether_they_are_active(
    client: Client,
) -> None:
    found = AccountDirectory(client).find([(Directory.PEOPLE, "gregor nowak")])[Directory.PEOPLE, "gregor nowak"]

    assert found.exact == ()
    assert found.near[0].label == "Gregor Novak, gregor.novak@example.com, Support Engineer, id 11483110, inactive"


def test_what_has_an_id_is_found_in_its_own_list_only(client: Client) -> None:
    asked = [(Directory.PEOPLE, "11482907"), (Directory.SKILLS, "271015"), (Directory.GROUPS, "934118"),
             (Directory.GEOGRAPHIES, "48288"), (Directory.PROJECTS, "38402785"), (Directory.PEOPLE, "271015"),
             (Directory.DEPARTMENTS, "48288"), (Directory.SKILLS, "999999999")]  # fmt: skip

    found = AccountDirectory(client).candidates_by_id(asked)

    assert [name for name in asked if name in found] == asked[:5]
    assert found[Directory.PEOPLE, "11482907"].label.startswith("Dana Reyes, dana@example.com")


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

    assert client.request_counts["GET"] == 3


def test_a_skill_whose_name_is_the_id_of_another_is_found_by_its_category(kantata: Running, client: Client) -> None:
    (python,) = kantata.query("SELECT id, created_at FROM skills WHERE name = 'Python'")
    kantata.execute(
        "INSERT INTO skills (id, name, max_level, skill_category_id, created_at, updated_at) "
        "SELECT 900001, id, 5, 3104, created_at, updated_at FROM skills WHERE id = ?",
        python["id"],
    )
    asked = (Directory.SKILLS, f"other > {python['id']}")

    assert [each.id for each in AccountDirectory(client).find([asked])[asked].exact] == ["900001"]


class _Together(Transport):
    """Holds each request back until as many are on their way as are expected at once."""

    def __init__(self, kantata: Running, at_once: int) -> None:
        super().__init__(kantata.url, kantata.token, timeout_s=30.0, connections=at_once)
        self._barrier = Barrier(at_once, timeout=30.0)

    def request(self, *args: Any, **kwargs: Any) -> Response:
        self._barrier.wait()
        return super().request(*args, **kwargs)


def test_names_of_two_kinds_are_looked_up_at_once(kantata: Running) -> None:
    client = Client(_Together(kantata, at_once=2), RateLimiter(2))
    asked: list[Name] = [(Directory.EMAILS, "dana@example.com"), (Directory.PROJECTS, "website relaunch")]

    found = AccountDirectory(client).find(asked)

    assert client.request_counts["GET"] == 2
    assert [len(found[name].exact) for name in asked] == [1, 2]


def test_the_places_of_both_trees_come_in_one_list(client: Client) -> None:
    asked: list[Name] = [(Directory.GEOGRAPHIES, "americas"), (Directory.DEPARTMENTS, "consulting")]

    found = AccountDirectory(client).find(asked)

    assert client.request_counts["GET"] == 1
    assert all(found[name].exact for name in asked)


def test_addresses_are_looked_up_in_the_list_of_people_where_names_need_it_anyway(client: Client) -> None:
    asked: list[Name] = [(Directory.EMAILS, "dana@example.com"), (Directory.PEOPLE, "dana reyes")]

    found = AccountDirectory(client).find(asked)

    assert client.request_counts["GET"] == 3, "the pages of the list"
    assert {found[name].exact[0].id for name in asked} == {"11482907"}
