"""The account's own limits, before anything is sent: what levels a skill has, and how many skills a person may have."""

from pathlib import Path

from importer.sandbox import Running
from tests.conftest import Importer
from tests.loads import new_skills, write_list

HEADERS = ("user_id", "skill", "level")
TOMAS = 11482969


def nearly_full(kantata: Running) -> tuple[int, list[int]]:
    """The person with 199 skills, and ids of skills with levels that they do not have."""
    user = kantata.query("SELECT user_id FROM skill_memberships GROUP BY user_id HAVING count(*) = 199")[0]["user_id"]
    rest = kantata.query(
        "SELECT id FROM skills WHERE max_level = 5 AND id NOT IN (SELECT skill_id FROM skill_memberships "
        "WHERE user_id = ?) ORDER BY id", user)  # fmt: skip
    return int(user), [row["id"] for row in rest]


def test_a_level_for_a_skill_that_has_none_is_refused_before_it_is_sent(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = [(TOMAS, "PMP", 3), (TOMAS, "CISSP", "x"), (TOMAS, "CISA", 1), (TOMAS, "CCNA", 0), (TOMAS, "CKA", "")]
    path = write_list(tmp_path / "a.csv", HEADERS, rows)

    ran = importer("apply", path, "--yes", "--json")

    assert ran.code == 3
    (problem,) = ran.json["problems"]
    assert (problem["code"], problem["cell"], problem["column"]) == ("above-highest", "C2", "level")
    assert problem["message"] == '"3" is a level, but this skill has none.'
    assert ran.json["outcomes"]["invalid"] == 1
    bodies = [request["body"] for request in kantata.requests() if request["method"] != "GET"]
    assert len(bodies) <= 1


def test_a_tick_is_a_level_only_where_a_skill_has_none_or_somebody_said_what_it_means(
    importer: Importer, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "a.csv", HEADERS, [(TOMAS, "Python", "x"), (TOMAS, "PMP", "x")])

    plain, told = importer("check", path, "--json"), importer("check", path, "--levels", "x=3", "--json")

    (problem,) = plain.json["problems"]
    assert (problem["code"], problem["row"]) == ("tick", 2)
    assert problem["message"] == '"x" does not say which level, and this skill has levels up to 5.'
    assert [each["code"] for each in told.json["problems"]] == ["above-highest"]  # now the certificate has a level
    assert told.json["problems"][0]["row"] == 3


def test_a_level_above_the_highest_of_its_skill_is_told_beside_the_row_s_other_problems(
    importer: Importer, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "a.csv", ("user", "skill", "level"), [("Nobody Atall", "PMP", 4)])

    ran = importer("check", path, "--json")

    assert [(each["code"], each["column"]) for each in ran.json["problems"]] == [
        ("not-found", "user"),
        ("above-highest", "level"),
    ]


def test_a_repetition_of_a_row_that_is_refused_is_refused_with_it(importer: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "a.csv", HEADERS, [(TOMAS, "PMP", 3), (TOMAS, "pmp", "3")])

    ran = importer("check", path, "--json")

    assert (ran.json["rows"], ran.json["valid"], ran.json["invalid"]) == (2, 0, 2)


def test_a_person_s_two_hundred_first_skill_is_refused_before_anything_is_sent(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    user, rest = nearly_full(kantata)
    others = [row for row in new_skills(kantata, 60) if row[0] != user][:30]
    rows = [(user, skill, 3) for skill in rest[:4]] + others
    path = write_list(tmp_path / "a.csv", ("user_id", "skill_id", "level"), rows)

    planned = importer("plan", path, "--json")
    ran = importer("apply", path, "--yes", "--json")

    assert [each["row"] for each in planned.json["problems"]] == [3, 4, 5]
    assert (planned.json["valid"], planned.json["invalid"], planned.json["changes"]["create"]) == (31, 3, 31)
    assert ran.code == 3
    assert {each["message"] for each in ran.json["problems"]} == {
        "This person has 199 skills, and the file adds 4. Kantata allows 200."
    }
    assert (ran.json["outcomes"]["created"], ran.json["outcomes"]["invalid"]) == (31, 3)
    assert ran.json["requests"]["retries"] == 0
    assert kantata.query("SELECT count(*) n FROM skill_memberships WHERE user_id = ?", user)[0]["n"] == 200


def test_in_a_matrix_it_is_a_cell_of_that_person_that_is_too_many_and_no_heading(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    user, rest = nearly_full(kantata)
    who = kantata.query("SELECT email_address FROM users WHERE id = ?", user)[0]["email_address"]
    names = [kantata.query("SELECT name FROM skills WHERE id = ?", each)[0]["name"] for each in rest[:3]]
    path = write_list(tmp_path / "a.csv", ("E-mail", *names), [("dana@example.com", 3, 3, 3), (who, 3, 3, 3)])

    ran = importer("plan", path, "--json")

    assert [(each["code"], each["cell"]) for each in ran.json["problems"]] == [("too-many", "C3"), ("too-many", "D3")]


def test_the_ceiling_holds_where_few_skills_are_given_to_many_people(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    user, (skill, *_) = nearly_full(kantata)
    full = kantata.query("SELECT user_id FROM skill_memberships GROUP BY user_id HAVING count(*) = 200")[0]["user_id"]
    people = kantata.query(
        "SELECT id FROM users u WHERE account_id = 6300412 AND disabled = 0 AND NOT EXISTS "
        "(SELECT 1 FROM skill_memberships m WHERE m.user_id = u.id AND m.skill_id = ?) LIMIT 60", skill)  # fmt: skip
    ids = list(dict.fromkeys([user, full, *(row["id"] for row in people)]))
    path = write_list(tmp_path / "a.csv", ("user_id", "skill_id", "level"), [(each, skill, 2) for each in ids])

    ran = importer("apply", path, "--yes", "--json")

    assert [(each["code"], each["row"]) for each in ran.json["problems"]] == [("too-many", 3)]
    assert ran.json["outcomes"]["created"] == len(ids) - 1
    assert kantata.query("SELECT count(*) n FROM skill_memberships WHERE user_id = ?", full)[0]["n"] == 200


def test_a_skill_that_a_full_person_has_already_is_updated(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    full = kantata.query("SELECT user_id FROM skill_memberships GROUP BY user_id HAVING count(*) = 200")[0]["user_id"]
    held = kantata.query(
        "SELECT skill_id, level FROM skill_memberships m JOIN skills s ON s.id = m.skill_id "
        "WHERE user_id = ? AND s.max_level = 5 LIMIT 1", full)[0]  # fmt: skip
    row = (full, held["skill_id"], 1 + held["level"] % 5)
    path = write_list(tmp_path / "a.csv", ("user_id", "skill_id", "level"), [row])

    ran = importer("apply", path, "--yes", "--json")

    assert (ran.code, ran.json["outcomes"]["updated"]) == (0, 1)


def test_the_ceiling_is_the_one_that_a_person_tells(importer: Importer, kantata: Running, tmp_path: Path) -> None:
    user, skills = nearly_full(kantata)
    path = write_list(tmp_path / "a.csv", ("user_id", "skill_id", "level"), [(user, each, 2) for each in skills[:4]])

    lower = importer("plan", path, "--limit", "skills-per-person=201", "--json")
    higher = importer("plan", path, "--limit", "skills-per-person=300", "--json")

    assert [each["row"] for each in lower.json["problems"]] == [4, 5]
    assert lower.json["problems"][0]["message"].endswith("Kantata allows 201.")
    assert (higher.json["problems"], higher.json["changes"]["create"]) == ([], 4)
