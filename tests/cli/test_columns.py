"""Which column of a list is which: what is asked, what `--column` settles, and what comes of it in the account."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from importer.sandbox import Running
from tests.books import workbook
from tests.conftest import Importer
from tests.loads import write_list

KWAME, AMINA, NALEDI = "kwame.mensah@example.com", "amina.diallo@example.com", "naledi.nkosi@example.com"
LEVELS = """
SELECT users.email_address AS email, skills.name AS skill, level FROM skill_memberships
JOIN users ON users.id = user_id JOIN skills ON skills.id = skill_id
WHERE skills.name IN ('COBOL', 'Rust') AND users.email_address IN (?, ?, ?)
"""


def levels(kantata: Running) -> set[tuple[str, str, int | None]]:
    """Who of the three has which of the two skills, and how well."""
    return {(each["email"], each["skill"], each["level"]) for each in kantata.query(LEVELS, KWAME, AMINA, NALEDI)}


def test_a_list_with_first_and_last_names_is_loaded_and_mended_like_any_other(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = [("Kwame", "Mensah", "COBOL", 4), ("Amina", "Dialo", "COBOL", 2)]
    path = workbook(tmp_path / "a.xlsx", [("Vorname", "Nachname", "Kompetenz", "Stufe"), *rows])

    first = importer("apply", path, "--yes", "--json")
    book = openpyxl.load_workbook(tmp_path / first.json["result"])
    assert book["To fix"]["B2"].value == "Dialo"
    book["To fix"]["B2"].value = "Diallo"
    book.save(tmp_path / first.json["result"])
    second = importer("apply", tmp_path / first.json["result"], "--yes", "--json")

    assert (first.code, second.code) == (3, 0)
    assert first.json["problems"][0]["message"].startswith('No person in the account has the name "Amina Dialo".')
    assert levels(kantata) == {(KWAME, "COBOL", 4), (AMINA, "COBOL", 2)}


def test_a_check_tells_the_field_of_each_column_and_which_are_not_used(importer: Importer, tmp_path: Path) -> None:
    headers = ("Personalnummer", "Vorname", "Nachname", "Kompetenz", "Stufe (1-5)", "Bemerkung")
    path = write_list(tmp_path / "a.csv", headers, [("P-17", "Kwame", "Mensah", "COBOL", 4, "seit 2019")])

    ran = importer("check", path, "--json")

    assert ran.code == 0, ran.err
    assert ran.json["columns"] == {
        "Vorname": "user",
        "Nachname": "last_name",
        "Kompetenz": "skill",
        "Stufe (1-5)": "level",
    }
    assert ran.json["ignored_columns"] == ["Personalnummer", "Bemerkung"]
    assert [each["text"] for each in ran.json["set_aside"]] == ["Personalnummer", "Bemerkung"]


@pytest.mark.parametrize(("chosen", "level"), [("Current level", 2), ("Target level", 4), ("None of these", None)])
def test_two_columns_of_levels_are_a_question_and_each_of_its_choices_an_answer(
    importer: Importer, kantata: Running, tmp_path: Path, chosen: str, level: int | None
) -> None:
    headers = ("Email", "Skill", "Current level", "Target level")
    path = write_list(tmp_path / "a.csv", headers, [(KWAME, "COBOL", 2, 4)])

    asked = importer("apply", path, "--yes", "--json")
    assert asked.code == 5
    assert asked.json["question"]["code"] == "columns"
    options = {each["label"]: each["option"] for each in asked.json["question"]["choices"]}
    answer = options[chosen].removeprefix("--column ").strip('"')
    ran = importer("apply", path, "--yes", "--json", "--column", answer)

    assert ran.code == 0, ran.err
    assert {each[:2] for each in levels(kantata)} == {(KWAME, "COBOL")}
    assert {each[2] or None for each in levels(kantata)} == {level}


def test_no_list_is_loaded_without_the_levels_that_stand_in_it(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "a.csv", ("Email", "Skill", "Punkte"), [(KWAME, "COBOL", 4), (AMINA, "Rust", 2)])

    asked = importer("apply", path, "--yes")
    told = importer("apply", path, "--yes", "--column", "level=Punkte")

    assert (asked.code, told.code) == (5, 0)
    assert 'No column is called level, and this one holds what looks like levels: "Punkte".' in asked.err
    assert levels(kantata) == {(KWAME, "COBOL", 4), (AMINA, "Rust", 2)}


def test_columns_that_were_told_are_known_again_in_the_result(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = [("a", "Kwame Mensah", "COBOL", 4), ("b", "Amina Diallo", "Rust", "very much")]
    path = workbook(tmp_path / "a.xlsx", [("Code", "Wen", "Womit", "Punkte"), *rows])
    told = [each for text in ("user=Wen", "skill=C", "level=Punkte") for each in ("--column", text)]

    first = importer("apply", path, "--yes", "--json", *told)
    book = openpyxl.load_workbook(tmp_path / first.json["result"])
    book["To fix"]["D2"].value = 2
    book.save(tmp_path / first.json["result"])
    second = importer("apply", tmp_path / first.json["result"], "--yes", "--json")

    assert (first.code, second.code) == (3, 0), first.err + second.err
    assert levels(kantata) == {(KWAME, "COBOL", 4), (AMINA, "Rust", 2)}


def test_the_people_of_a_matrix_are_in_the_column_that_is_told(importer: Importer, tmp_path: Path) -> None:
    rows = [("Ama Owusu", "Kwame Mensah", 4, 2), ("Ama Owusu", "Amina Diallo", 3, 1)]
    path = workbook(tmp_path / "a.xlsx", [("Name", "Consultant", "COBOL", "Rust"), *rows])

    ran = importer("check", path, "--json", "--column", "user=Consultant")

    assert (ran.code, ran.json["layout"], ran.json["people"]) == (0, "matrix", 2)


@pytest.mark.parametrize("told", ["level=Score", "user=Wer"])
def test_a_header_that_is_told_and_not_there_is_wrong_usage(offline: Importer, tmp_path: Path, told: str) -> None:
    path = write_list(tmp_path / "a.csv", ("Email", "Skill", "Points"), [(KWAME, "COBOL", 4)])

    ran = offline("check", path, "--column", told)

    assert ran.code == 2
    assert f'No column has the header "{told.partition("=")[2]}".' in ran.err
    assert "The headers are: Email, Skill, Points." in ran.err


def test_people_with_a_geography_and_a_department_are_loaded_as_users(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "a.csv", ("Email", "Geography", "Department"), [(KWAME, "Germany", "Data")])

    ran = importer("apply", path, "--yes", "--json")

    assert (ran.code, ran.json["outcomes"]["created"]) == (0, 1), ran.err
    made = kantata.query(
        "SELECT member_type FROM organization_memberships JOIN users ON users.id = member_id WHERE email_address = ?",
        KWAME,
    )
    assert {each["member_type"].lower() for each in made} == {"user"}


def test_ids_of_another_system_are_looked_up_where_that_is_told(importer: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "a.csv", ("employee_id", "skill", "level"), [("EMP0001", "COBOL", 4)])

    asked = importer("check", path)
    told = importer("check", path, "--json", "--column", "external_id=employee_id")

    assert asked.code == 5
    assert 'add --column "external_id=employee_id"' in asked.err
    assert told.json["columns"]["employee_id"] == "external_id"


def test_a_list_of_ids_is_checked_without_an_account(offline: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "a.csv", ("Kantata ID", "Skill ID", "Stufe"), [(11, 22, 3), (12, 22, 4)])

    ran = offline("check", path, "--json")

    assert (ran.code, ran.json["valid"]) == (0, 2), ran.err


@pytest.mark.parametrize("headings", [(2024, 2025, 2026), ("2024/25", "2025/26", "2026/27"), (1, 2, 3)])
def test_years_and_numbers_are_no_skills(offline: Importer, tmp_path: Path, headings: tuple[object, ...]) -> None:
    path = workbook(tmp_path / "a.xlsx", [("Name", *headings), ("Dana Reyes", 4, 2, 3), ("Kim Lee", 1, 2, 5)])

    ran = offline("check", path)

    assert ran.code == 5
    assert not list(tmp_path.glob("*aliases*"))


def test_the_addresses_in_a_matrix_are_used_beside_its_names(importer: Importer, tmp_path: Path) -> None:
    rows = [("K. Mensah", KWAME, 4, 2), ("A. Diallo", AMINA, 3, 1)]
    path = workbook(tmp_path / "a.xlsx", [("Name", "Contact", "COBOL", "Rust"), *rows])

    ran = importer("check", path, "--json")

    assert ran.code == 0, ran.err
    assert ran.json["columns"]["email"] == "email"


def test_columns_that_were_told_are_known_in_the_result_without_telling_them_again(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = [("Kwame Mensah", "COBOL", 4), ("Amina Dialo", "COBOL", 2)]
    path = write_list(tmp_path / "a.csv", ("Leute", "Ding", "Wert"), rows)
    told = ("--column", "user=Leute", "--column", "skill=Ding", "--column", "level=Wert")

    first = importer("apply", path, "--yes", "--json", "--no-aliases", *told)
    book = openpyxl.load_workbook(tmp_path / first.json["result"])
    book["To fix"]["A2"].value = "Amina Diallo"
    book.save(tmp_path / first.json["result"])
    second = importer("apply", tmp_path / first.json["result"], "--yes", "--json", "--no-aliases")

    assert (first.code, second.code) == (3, 0), second.err
    assert levels(kantata) == {(KWAME, "COBOL", 4), (AMINA, "COBOL", 2)}


def test_codes_of_another_system_beside_the_names_of_skills_are_not_used(importer: Importer, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Employee", "Skill ID", "Skill", "Level"], ["Ingrid S\u00f8rensen", "S-1", "Python", 3]]

    told = importer("check", workbook(tmp_path / "codes.xlsx", rows), "--json").json

    assert (told["valid"], [each["text"] for each in told["set_aside"]]) == (1, ["Skill ID"])
