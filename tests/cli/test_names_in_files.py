"""Names and ids of a file that the account does not have, or has otherwise, as the command line tells them."""

from pathlib import Path

import pytest

from importer.sandbox import Running
from tests.conftest import Importer
from tests.loads import new_skills, write_list

IDS = ("user_id", "skill_id", "level")


def count_writes(kantata: Running) -> int:
    return sum(request["method"] != "GET" for request in kantata.requests())


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_ids_that_the_account_does_not_have_are_found_before_anything_is_sent(
    importer: Importer, kantata: Running, tmp_path: Path, command: str
) -> None:
    (user, skill, level), *_ = new_skills(kantata, 1)
    rows = [(99000001, skill, level), (user, 98000001, level), (97000001, 98000001, 1)]
    path = write_list(tmp_path / "team.csv", IDS, rows)

    ran = importer(command, path, "--json", *(["--yes"] if command == "apply" else []))

    assert ran.code == 3
    assert [(each["cell"], each["code"]) for each in ran.json["problems"]] == [
        ("A2", "not-found"),
        ("B3", "not-found"),
        ("A4", "not-found"),
        ("B4", "not-found"),
    ]
    assert ran.json["problems"][0]["message"] == 'No person in the account has the id "99000001".'
    assert ran.json["problems"][1]["message"] == 'No skill in the account has the id "98000001".'
    assert count_writes(kantata) == 0


def test_groups_places_and_members_by_id_are_looked_up_too(importer: Importer, tmp_path: Path) -> None:
    groups = write_list(
        tmp_path / "groups.csv", ("user_id", "workspace_group_id"), [(11482907, 934118), (11482907, 94)]
    )
    headers = ("member_type", "member_id", "geography_id", "department_id")
    places = write_list(
        tmp_path / "places.csv", headers, [("User", 11482907, 48288, 99), ("Workspace", 11482907, 48288, "")]
    )

    in_groups, in_places = importer("plan", groups, "--json"), importer("plan", places, "--json")

    assert [each["cell"] for each in in_groups.json["problems"]] == ["B3"]
    assert [each["cell"] for each in in_places.json["problems"] if each["code"] == "not-found"] == ["D2", "B3"]


def test_the_ids_of_a_long_list_cost_a_request_for_each_hundred_people(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    people = kantata.query("SELECT id FROM users WHERE account_id = 6300412 AND disabled = 0 ORDER BY id LIMIT 230")
    rows = [(row["id"], skill, 3) for row in people for skill in (271015, 271614)]
    path = write_list(tmp_path / "team.csv", IDS, rows)

    importer("plan", path)

    reads = [request for request in kantata.requests() if "only=" in request["query"]]
    by_id = [request for request in reads if "skill_memberships" not in request["query"]]
    assert sorted(request["path"].rsplit("/", 1)[-1] for request in by_id) == ["skills", *["users"] * 3]


def test_an_id_that_only_an_administrator_would_see_is_left_to_kantata(
    importer: Importer, kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KANTATA_TOKEN", "demo-member")
    (_, skill, level), *_ = new_skills(kantata, 1)
    path = write_list(tmp_path / "team.csv", IDS, [(99000001, skill, level)])

    ran = importer("plan", path)

    assert ran.code == 0
    assert "It cannot see the id 99000001. We leave it to Kantata whether to accept it." in " ".join(ran.err.split())


def test_a_token_that_is_no_administrators_may_not_see_everybody_and_that_is_said(
    importer: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_list(tmp_path / "team.csv", ("user", "skill", "level"), [("Wendy Nobody", "Python", 2)])

    as_administrator = importer("check", path, "--json")
    monkeypatch.setenv("KANTATA_TOKEN", "demo-member")
    as_member = importer("check", path, "--json")

    (hidden,), (absent,) = as_member.json["problems"], as_administrator.json["problems"]
    assert hidden["message"].endswith(
        "The token does not belong to an administrator, so it may not see everybody in the account."
    )
    assert "administrator" not in absent["message"]


@pytest.mark.parametrize(
    ("user", "skill", "sentences"),
    [
        (
            "D\u0430na Reyes",
            "Python",
            ['No person in the account has the name "D\u0430na Reyes".',
             'Its letter "\u0430" is Cyrillic, not Latin; it only looks the same.',
             "The nearest is Dana Reyes, dana@example.com, Resource Manager, id 11482907."],
        ),
        (
            "Dana Reyes",
            "Pyth\u03bfn",
            ['No skill in the account has the name "Pyth\u03bfn".',
             'Its letter "\u03bf" is Greek, not Latin; it only looks the same.',
             "The nearest is Python, id 271015."],
        ),
    ],
)  # fmt: skip
def test_letters_that_only_look_the_same_are_pointed_out(
    importer: Importer, tmp_path: Path, user: str, skill: str, sentences: list[str]
) -> None:
    path = write_list(tmp_path / "team.csv", ("user", "skill", "level"), [(user, skill, 2)])

    ran = importer("check", path, "--json")

    assert ran.code == 3
    assert ran.json["problems"][0]["message"] == " ".join(sentences)


def test_a_name_beside_an_exact_address_need_not_be_chosen(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    kantata.execute("DELETE FROM skill_memberships")
    rows = [
        ("dana@example.com", "Dana Reyes-Holt", "Python", 2),
        ("gregor.novak@example.com", "Dana Reyes", "Python", 1),
    ]
    path = write_list(tmp_path / "team.csv", ("email", "user", "skill", "level"), rows)

    ran = importer("apply", path, "--yes", "--json")

    assert ran.code == 3
    assert [(each["cell"], each["code"]) for each in ran.json["problems"]] == [("B3", "disagree")]
    assert kantata.query("SELECT user_id, level FROM skill_memberships") == [{"user_id": 11482907, "level": 2}]
    assert not (tmp_path / "aliases.xlsx").exists()
