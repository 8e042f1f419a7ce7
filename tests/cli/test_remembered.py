"""Answers on how a sheet is read: written into the alias workbook, used for the next file, and both are said."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from importer.sandbox import Running
from tests.books import sheet_rows, workbook
from tests.cli.terminal import asked
from tests.conftest import Importer

WORDS = "can=4,knows=2"
HEADINGS = "Name | Python | Java"


@pytest.fixture
def bare(kantata: Running) -> Running:
    """A sandbox in which nobody has a skill."""
    kantata.execute("DELETE FROM skill_memberships")
    return kantata


def held(kantata: Running) -> list[tuple[str, str, int]]:
    rows = kantata.query(
        "SELECT u.full_name u, s.name s, m.level l FROM skill_memberships m JOIN users u ON u.id = m.user_id "
        "JOIN skills s ON s.id = m.skill_id ORDER BY u.full_name, s.name")  # fmt: skip
    return [(row["u"], row["s"], row["l"]) for row in rows]


def matrix(path: Path, *rows: tuple[Any, ...], heads: tuple[str, ...] = ("Name", "Python", "Java")) -> Path:
    """A matrix without a legend."""
    return workbook(path, [heads, *rows])


def of_words(path: Path, heads: tuple[str, ...] = ("Name", "Python", "Java")) -> Path:
    """A matrix of two words that nobody knows."""
    return matrix(path, ("Dana Reyes", "can", "knows"), ("Kwame Mensah", "knows", "can"), heads=heads)


def aliases(folder: Path, sheet: str) -> list[tuple[Any, ...]]:
    return sheet_rows(folder / "aliases.xlsx", sheet)[1:]


def test_what_words_mean_is_remembered_and_used_for_a_file_with_other_headings(
    importer: Importer, bare: Running, tmp_path: Path
) -> None:
    march = importer("apply", of_words(tmp_path / "march.xlsx"), "--levels", WORDS, "--yes", "--json")

    april = importer("apply", of_words(tmp_path / "april.xlsx", ("Name", "Java", "Kanban")), "--yes", "--json")

    assert (march.code, april.code) == (0, 0)
    assert "Remembered in aliases.xlsx: can = 4, knows = 2." in march.json["notes"]
    assert "aliases.xlsx says: can = 4, knows = 2." in april.json["notes"]
    assert not any(note.startswith("Remembered") for note in april.json["notes"])
    assert ("Dana Reyes", "Kanban", 2) in held(bare)
    assert aliases(tmp_path, "Levels") == [("can", "4", None), ("knows", "2", None)]
    assert [aliases(tmp_path, sheet) for sheet in ("Names", "Columns")] == [[], []]


def test_only_the_words_that_stand_in_the_file_are_said(importer: Importer, tmp_path: Path) -> None:
    importer("check", of_words(tmp_path / "march.xlsx"), "--levels", f"{WORDS},masters=5")
    path = matrix(tmp_path / "april.xlsx", ("Dana Reyes", "can", 3), ("Kwame Mensah", "can", 2), ("Amina Diallo", 1, 2))

    assert "aliases.xlsx says: can = 4." in importer("check", path, "--json").json["notes"]


def test_what_0_means_in_a_matrix_is_remembered_for_matrices_and_for_no_list(
    importer: Importer, bare: Running, tmp_path: Path
) -> None:
    rows = ("Dana Reyes", 0, 3), ("Kwame Mensah", 4, 0)
    importer("apply", matrix(tmp_path / "march.xlsx", *rows), "--levels", "0=none", "--yes")
    other = matrix(tmp_path / "april.xlsx", *rows, heads=("Name", "Kanban", "Java"))
    listed = workbook(tmp_path / "list.xlsx", [("Name", "Skill", "Level"), ("Amina Diallo", "Java", 0)])

    second, third = (importer("apply", path, "--yes", "--json") for path in (other, listed))

    assert (second.code, "aliases.xlsx says: 0 = none." in second.json["notes"]) == (0, True)
    assert ("Kwame Mensah", "Kanban", 4) in held(bare)
    assert third.json["outcomes"]["created" if third.code == 0 else "invalid"] == 1
    assert not any("aliases.xlsx says" in note for note in third.json["notes"])


def test_numbers_that_were_told_otherwise_count_for_the_same_headings_alone(
    importer: Importer, bare: Running, tmp_path: Path
) -> None:
    turned, rows = "1=5,2=4,3=3,4=2,5=1", (("Dana Reyes", 1, 2), ("Kwame Mensah", 4, 5))
    importer("apply", matrix(tmp_path / "march.xlsx", *rows), "--levels", turned, "--yes")
    same = matrix(
        tmp_path / "april.xlsx", ("Amina Diallo", 1, 5), ("Emma Coleman", 2, 4), heads=("name", "PYTHON", "Java")
    )
    other = matrix(tmp_path / "may.xlsx", *rows, heads=("Name", "Kanban", "Java"))

    ran = [importer("check", path, "--json").json["notes"] for path in (same, other)]

    assert "aliases.xlsx says: 1 = 5, 2 = 4, 3 = 3, 4 = 2, 5 = 1." in ran[0]
    assert not any("aliases.xlsx says" in note for note in ran[1])
    assert aliases(tmp_path, "Levels")[0] == ("1", "5", HEADINGS)
    assert ("Dana Reyes", "Python", 5) in held(bare)


def test_the_row_and_the_columns_that_were_named_are_used_for_the_same_headings_wherever_they_stand(
    importer: Importer, tmp_path: Path
) -> None:
    heads = ("Name", "Python", "Java", "Grade")
    people = [("Dana Reyes", 1, 2, 3), ("Kwame Mensah", 4, 5, 2), ("Amina Diallo", 2, 2, 4)]
    march = workbook(tmp_path / "march.xlsx", [("Skills",), heads, *people])
    april = workbook(tmp_path / "april.xlsx", [("Skills",), ("April",), (), heads, *people[:2]])
    options = ("--header-row", 2, "--skill-columns", "Python,Java", "--people-column", "A")

    first, second = importer("check", march, *options, "--json"), importer("check", april, "--json")

    assert (first.code, second.code) == (0, 0)
    kept = "Remembered in aliases.xlsx: header row = 2, people column = A, skill columns = Python | Java."
    assert kept in first.json["notes"]
    used = "aliases.xlsx says: header row = 2, people column = A, skill columns = Python | Java."
    assert used in second.json["notes"]
    assert (second.json["header_row"], second.json["skills"], second.json["valid"]) == (4, 2, 4)
    assert aliases(tmp_path, "Columns")[0] == ("2", "header row", "Name | Python | Java | Grade")


def test_the_sheet_that_was_named_is_used_where_there_is_one_of_that_name(importer: Importer, tmp_path: Path) -> None:
    def book(path: Path, *sheets: str) -> Path:
        made = openpyxl.Workbook()
        for sheet in map(made.create_sheet, sheets):
            for row in (("Name", "Python", "Java"), ("Dana Reyes", 1, 2), ("Kwame Mensah", 4, 5)):
                sheet.append(row)
        made.remove(made.worksheets[0])
        made.save(path)
        return path

    importer("check", book(tmp_path / "march.xlsx", "Now", "Then"), "--sheet", "Now")

    again = importer("check", book(tmp_path / "april.xlsx", "Now", "Then"), "--json")
    other = importer("check", book(tmp_path / "may.xlsx", "Today"), "--json")

    assert again.json["sheet"] == "Now"
    assert "aliases.xlsx says: sheets = Now." in again.json["notes"]
    assert other.json["sheet"] == "Today"


def test_what_is_said_now_counts_first_and_takes_the_place_of_what_was_said_before(
    importer: Importer, bare: Running, tmp_path: Path
) -> None:
    importer("check", of_words(tmp_path / "march.xlsx"), "--levels", WORDS)

    ran = importer("apply", of_words(tmp_path / "april.xlsx"), "--levels", "can=5", "--yes", "--json")

    assert ("Dana Reyes", "Python", 5) in held(bare)
    assert "aliases.xlsx says: knows = 2." in ran.json["notes"]
    assert "Remembered in aliases.xlsx: can = 5." in ran.json["notes"]
    assert aliases(tmp_path, "Levels") == [("can", "5", None), ("knows", "2", None)]


def test_a_legend_of_the_sheet_counts_before_what_is_remembered(
    importer: Importer, bare: Running, tmp_path: Path
) -> None:
    importer("check", of_words(tmp_path / "march.xlsx"), "--levels", WORDS)
    path = of_words(tmp_path / "april.xlsx")
    book = openpyxl.load_workbook(path)
    legend = book.create_sheet("Levels")
    for row in (("can", 3), ("knows", 1)):
        legend.append(row)
    book.save(path)

    ran = importer("apply", path, "--yes", "--json")

    assert ("Dana Reyes", "Python", 3) in held(bare)
    assert not any("aliases.xlsx says" in note for note in ran.json["notes"])


def test_no_aliases_neither_uses_nor_writes_the_workbook(importer: Importer, tmp_path: Path) -> None:
    path = of_words(tmp_path / "march.xlsx")
    assert importer("check", path, "--levels", WORDS, "--no-aliases").code == 0
    assert not (tmp_path / "aliases.xlsx").exists()
    importer("check", path, "--levels", WORDS)

    ran = importer("check", path, "--no-aliases", "--json")

    assert (ran.code, ran.json["question"]["code"]) == (5, "levels")


def test_another_workbook_is_used_and_written_where_it_is_named(importer: Importer, tmp_path: Path) -> None:
    path, words = of_words(tmp_path / "march.xlsx"), tmp_path / "team words.xlsx"
    importer("check", path, "--levels", WORDS, "--aliases", words)

    assert importer("check", path, "--aliases", words).code == 0
    assert not (tmp_path / "aliases.xlsx").exists()


def test_answers_for_another_account_are_neither_used_nor_changed(importer: Importer, tmp_path: Path) -> None:
    path = of_words(tmp_path / "march.xlsx")
    importer("check", path, "--levels", WORDS)
    book = openpyxl.load_workbook(tmp_path / "aliases.xlsx")
    about: Any = book["About"]
    (key,) = (row[1] for row in about.iter_rows() if row[0].value == "Account key")
    key.value = "somebody else"
    book.save(tmp_path / "aliases.xlsx")
    bytes_ = (tmp_path / "aliases.xlsx").read_bytes()

    asked_again = importer("check", path, "--json")
    told = importer("check", path, "--levels", "can=5,knows=1", "--json")

    assert (asked_again.code, asked_again.json["question"]["code"]) == (5, "levels")
    assert "We did not use the answers in aliases.xlsx: it belongs to somebody else" in asked_again.err
    assert any(
        note.startswith("We did not write down your answers. aliases.xlsx belongs to") for note in told.json["notes"]
    )
    assert (tmp_path / "aliases.xlsx").read_bytes() == bytes_


def test_a_workbook_that_a_person_made_is_used_where_they_name_it_and_never_written_to(
    importer: Importer, tmp_path: Path
) -> None:
    mine = workbook(tmp_path / "mine.xlsx", [("The sheet says", "Means"), ("can", 4), ("knows", 2)], sheet="Levels")
    bytes_ = mine.read_bytes()

    ran = importer("check", of_words(tmp_path / "march.xlsx"), "--aliases", mine, "--json")
    told = importer("check", tmp_path / "march.xlsx", "--aliases", mine, "--levels", "can=5", "--json")

    assert (ran.code, told.code) == (0, 0)
    assert "mine.xlsx says: can = 4, knows = 2." in ran.json["notes"]
    assert any(
        note.startswith("We did not write down your answers. mine.xlsx names no account") for note in told.json["notes"]
    )
    assert mine.read_bytes() == bytes_


def test_a_workbook_that_is_open_elsewhere_is_said_and_the_file_is_loaded(
    importer: Importer, bare: Running, tmp_path: Path
) -> None:
    (tmp_path / "~$aliases.xlsx").touch()

    ran = importer("apply", of_words(tmp_path / "march.xlsx"), "--levels", WORDS, "--yes", "--json")

    assert (ran.code, len(held(bare))) == (0, 4)
    assert any("We did not write down your answers. aliases.xlsx is open" in note for note in ran.json["notes"])


def test_answers_with_which_nothing_was_understood_are_not_remembered(importer: Importer, tmp_path: Path) -> None:
    path = matrix(tmp_path / "march.xlsx", ("Bo Larsen", "can", "knows"), ("Li Chan", "knows", "can"))

    assert importer("check", path, "--as", "skill-matrix", "--levels", WORDS).code == 3
    assert aliases(tmp_path, "Levels") == []


def test_a_file_without_answers_writes_none(importer: Importer, tmp_path: Path) -> None:
    path = matrix(tmp_path / "march.xlsx", ("Dana Reyes", 1, 2), ("Kwame Mensah", 3, 4))

    assert importer("apply", path, "--dry-run").code == 0
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".xlsx"] == ["march.xlsx"]


def test_a_result_is_read_as_its_file_was_without_the_workbook(
    importer: Importer, bare: Running, tmp_path: Path
) -> None:
    importer("check", of_words(tmp_path / "march.xlsx"), "--levels", WORDS)
    path = matrix(tmp_path / "april.xlsx", ("Dana Reyes", "can", 9), ("Kwame Mensah", "knows", "can"))
    result = Path(importer("apply", path, "--yes", "--json").json["result"])
    (tmp_path / "aliases.xlsx").unlink()
    book = openpyxl.load_workbook(result)
    book["S"]["C2"] = "knows"
    book.save(result)

    ran = importer("apply", result, "--yes", "--json")

    assert ran.code == 0, ran.err
    assert ("Dana Reyes", "Java", 2) in held(bare)


def test_an_error_that_comes_from_a_remembered_answer_says_so(importer: Importer, tmp_path: Path) -> None:
    path = matrix(tmp_path / "march.xlsx", ("Dana Reyes", 1, 2), ("Kwame Mensah", 3, 4))
    importer("check", path, "--people-column", "Name")
    book = openpyxl.load_workbook(tmp_path / "aliases.xlsx")
    book["Columns"]["A2"] = "Nobody"
    book.save(tmp_path / "aliases.xlsx")

    ran = importer("check", path)

    assert ran.code == 5
    assert "We read it as aliases.xlsx says: people column = Nobody." in ran.err
    assert "To read it without that, add --no-aliases." in ran.err


@pytest.mark.usefixtures("importer")
def test_an_answer_on_a_terminal_is_remembered(bare: Running, tmp_path: Path) -> None:
    path = matrix(tmp_path / "march.xlsx", ("Dana Reyes", 0, 3), ("Kwame Mensah", 4, 0))
    answered: list[bytes] = []

    def answers(said: bytes) -> bytes | None:
        for question, answer in ((b"does not have the skill", b"1\n"), (b"[y/N]:", b"y\n")):
            if question in said and said.rstrip().endswith(b":") and question not in answered:
                answered.append(question)
                return answer
        return None

    with asked(answers, "apply", path, cwd=tmp_path) as (code, _, said):
        assert code == 0, said

    assert "Remembered in aliases.xlsx: 0 = none." in said
    assert aliases(tmp_path, "Levels") == [("0", "none", None)]
    assert held(bare) == [("Dana Reyes", "Java", 3), ("Kwame Mensah", "Python", 4)]


def test_0_and_the_words_of_another_column_are_two_questions_in_their_order(importer: Importer, tmp_path: Path) -> None:
    rows = ("Dana Reyes", 0, 3, "good"), ("Kwame Mensah", 4, 0, "fluent"), ("Amina Diallo", 1, 2, "good")
    path = matrix(tmp_path / "march.xlsx", *rows, heads=("Name", "Python", "Java", "Kanban"))

    both = importer("check", path, "--json").json
    one = importer("check", path, "--levels", "0=none", "--json").json
    other = importer("check", path, "--levels", "good=4,fluent=5", "--json").json

    assert (both["question"]["code"], both["questions"]) == ("zero", ["zero", "levels"])
    assert (one["questions"], other["questions"]) == (["levels"], ["zero"])
    assert "fluent (1 cell), good (2 cells)" in one["question"]["message"]


REVIEW = ("Name", "Skill", "Current level", "Target level")
ANSWERS = ("--column", "level=Current level", "--fill-down", "--levels", "Basic=2,Advanced=4,Expert=5")


def review(path: Path, *rows: tuple[str, str, str]) -> Path:
    """A list that leaves three things open: which level counts, whose blank cells are, what words are worth."""
    return workbook(path, [REVIEW, *((who, skill, word, "Expert") for who, skill, word in rows)])


def test_all_questions_that_come_after_each_other_are_listed_in_their_order(importer: Importer, tmp_path: Path) -> None:
    dana = (("Dana Reyes", "Python", "Basic"), ("", "Java", "Expert"), ("", "Kanban", "Basic"))
    path = review(tmp_path / "march.xlsx", *dana, ("Kwame Mensah", "Python", "Expert"), ("", "Java", "Advanced"))

    asked, answered = importer("check", path, "--json").json, importer("check", path, "--json", *ANSWERS).json

    assert asked["questions"] == ["columns", "fill-down", "levels"]
    assert asked["question"]["code"] == "columns"
    assert answered["valid"] == 5


def test_a_second_file_of_the_form_asks_nothing_in_a_new_folder_where_the_answers_are_given(
    importer: Importer, tmp_path: Path
) -> None:
    dana = (("Dana Reyes", "Python", "Basic"), ("", "Java", "Expert"), ("", "Kanban", "Advanced"))
    first = importer("check", review(tmp_path / "march.xlsx", *dana), "--json", *ANSWERS)
    (tmp_path / "elsewhere").mkdir()
    amina = (("Amina Diallo", "Java", "Advanced"), ("", "Python", "Basic"), ("", "Kanban", "Expert"))
    path = review(tmp_path / "elsewhere" / "april.xlsx", *amina)

    alone = importer("check", path, "--json")
    given = importer("check", path, "--json", "--aliases", tmp_path / "aliases.xlsx")
    again = importer("check", path, "--json", "--no-aliases", *ANSWERS)

    assert (first.code, first.json["valid"]) == (0, 3), first.err
    assert (alone.code, alone.json["questions"]) == (5, ["columns", "fill-down", "levels"])
    assert (given.code, given.json["valid"], given.json["problems"]) == (0, 3, []), given.err
    assert (again.code, again.json["valid"]) == (0, 3)
