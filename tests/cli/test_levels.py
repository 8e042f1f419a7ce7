"""What a cell of a person's own sheet says of a skill, from the file to the account: no, 0, words without numbers."""

from pathlib import Path
from typing import Any

import pytest

from importer.sandbox import Running
from tests.books import workbook
from tests.conftest import Importer


def names(kantata: Running, highest: int) -> list[str]:
    """Two skills with names of their own and this highest level, which the first people do not have."""
    rows = kantata.query(
        f"SELECT name FROM skills s WHERE max_level = {highest} AND (SELECT count(*) FROM skills t "
        "WHERE lower(t.name) = lower(s.name)) = 1 ORDER BY id LIMIT 2")  # fmt: skip
    return [row["name"] for row in rows]


def people(kantata: Running) -> list[str]:
    rows = kantata.query("SELECT email_address e FROM users WHERE account_id = 6300412 AND disabled = 0 ORDER BY id")
    return [row["e"] for row in rows[:3]]


def held(kantata: Running) -> dict[tuple[str, str], int | None]:
    rows = kantata.query(
        "SELECT u.email_address e, s.name n, m.level FROM skill_memberships m JOIN users u ON u.id = m.user_id "
        "JOIN skills s ON s.id = m.skill_id")  # fmt: skip
    return {(row["e"], row["n"]): row["level"] for row in rows}


@pytest.fixture
def matrix(kantata: Running, tmp_path: Path) -> Any:
    """Writes a matrix of three people and two skills with this highest level."""

    def write(highest: int, *cells: tuple[Any, Any]) -> Path:
        rows = [[who, *two] for who, two in zip(people(kantata), cells, strict=True)]
        return workbook(tmp_path / "team.xlsx", [["E-mail", *names(kantata, highest)], *rows], sheet="Team")

    return write


@pytest.mark.parametrize(
    ("no", "told"), [("No", ""), (0, ""), (0, "0=0"), (0, "0=none"), ("false", ""), ("\u2610", "")]
)
def test_no_creates_nothing_for_a_skill_without_levels_and_x_does(
    importer: Importer, kantata: Running, matrix: Any, no: Any, told: str
) -> None:
    before, (first, second) = held(kantata), names(kantata, 1)
    path = matrix(1, ("x", no), (no, "x"), ("x", no))

    ran = importer("apply", path, "--yes", "--json", *(["--levels", told] if told else []))

    assert ran.code == 0, ran.err
    a, b, c = people(kantata)
    assert held(kantata).keys() - before.keys() == {(a, first), (b, second), (c, first)} - before.keys()
    assert ran.json["rows"] == 6


def test_0_in_a_persons_own_matrix_is_a_question_and_both_answers_do_what_they_say(
    importer: Importer, kantata: Running, matrix: Any
) -> None:
    before, (first, second) = held(kantata), names(kantata, 5)
    path = matrix(5, (3, 0), (0, 4), (2, 0))

    asked = importer("apply", path, "--yes", "--json")

    assert asked.code == 5
    assert asked.json["question"]["code"] == "zero"
    assert asked.json["question"]["choices"] == [
        {"label": "0 means: does not have the skill", "option": '--levels "0=none"'},
        {"label": "0 means: has the skill, level not set", "option": '--levels "0=0"'},
    ]
    assert held(kantata) == before

    a, b, c = people(kantata)
    none = importer("apply", path, "--yes", "--json", "--levels", "0=none")
    assert none.code == 0, none.err
    levels = {(a, first): 3, (b, second): 4, (c, first): 2}
    assert held(kantata) == before | levels

    zero = importer("apply", path, "--yes", "--json", "--levels", "0=0")
    assert zero.code == 0, zero.err
    assert held(kantata) == before | levels | {(a, second): 0, (b, first): 0, (c, second): 0}


def test_0_in_a_list_is_level_0_and_the_note_names_the_other_meaning(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    (skill, _), (who, *_) = names(kantata, 5), people(kantata)
    path = tmp_path / "list.csv"
    path.write_text(f"email,skill,level\n{who},{skill},0\n", encoding="utf-8")

    ran = importer("apply", path, "--yes", "--json")

    assert ran.code == 0, ran.err
    assert held(kantata)[who, skill] == 0
    assert '--levels "0=none"' in str(importer("check", path, "--json").json["notes"])


def test_words_without_numbers_are_one_question_with_a_line_to_copy(
    importer: Importer, kantata: Running, matrix: Any
) -> None:
    before = held(kantata)
    path = matrix(5, ("Expert", "Beginner"), ("Basic", "Advanced"), ("Expert", "Intermediate"))

    ran = importer("apply", path, "--yes", "--json")

    line = "Beginner=1,Basic=2,Intermediate=3,Advanced=4,Expert=5"
    assert ran.code == 5
    assert ran.json["question"]["choices"][0]["option"] == f'--levels "{line}"'
    assert "Expert (2 cells)" in ran.json["question"]["message"]
    assert held(kantata) == before
    assert importer("apply", path, "--yes", "--levels", line).code == 0


def test_two_remarks_among_levels_are_problems_at_their_cells_and_stop_nothing_else(
    importer: Importer, kantata: Running, matrix: Any
) -> None:
    path = matrix(5, (3, "on leave"), ("asked", 4), (2, 5))

    ran = importer("apply", path, "--yes", "--json")

    assert ran.code == 3
    assert [problem["cell"] for problem in ran.json["problems"]] == ["C2", "B3"]
    a, b, c = people(kantata)
    first, second = names(kantata, 5)
    now = held(kantata)
    assert (now[a, first], now[b, second], now[c, first], now[c, second]) == (3, 4, 2, 5)


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        ([("20%", "40%"), ("60%", "80%"), ("100%", None)], "20%=1,40%=2,60%=3,80%=4,100%=5"),
        ([(2, 8), (10, 4), (6, None)], "2=1,4=2,6=3,8=4,10=5"),
        ([("A", "B"), ("B", "A"), ("C", "C")], "C=3,B=4,A=5"),
        ([("A1", "C2"), ("A1", "B2"), ("B2", "C2")], "A1=1,B2=3,C2=5"),
    ],
)
def test_levels_on_another_scale_are_one_question_and_its_line_loads_them(
    importer: Importer, kantata: Running, matrix: Any, cells: list[tuple[Any, Any]], line: str
) -> None:
    path = matrix(5, *cells)

    asked = importer("apply", path, "--yes", "--json")
    (choice,) = asked.json["question"]["choices"]
    loaded = importer("apply", path, "--yes", "--json", "--levels", line)

    assert (asked.code, asked.json["question"]["code"], choice["label"]) == (5, "levels", line), asked.err
    assert asked.err.startswith('team.xlsx, sheet "Team": ')
    assert loaded.code == 0, loaded.err
    after, told = held(kantata), dict(pair.split("=") for pair in line.split(","))
    for who, two in zip(people(kantata), cells, strict=True):
        for skill, cell in zip(names(kantata, 5), two, strict=True):
            assert cell is None or after[who, skill] == int(told[str(cell)])


def test_stars_are_levels_where_the_empty_ones_tell_of_how_many(
    importer: Importer, kantata: Running, matrix: Any
) -> None:
    full, empty = "\u2605", "\u2606"
    path = matrix(5, *((full * n + empty * (5 - n), full * (n + 1) + empty * (4 - n)) for n in (1, 2, 3)))

    assert importer("apply", path, "--yes").code == 0
    after, (first, second) = held(kantata), names(kantata, 5)
    assert [(after[who, first], after[who, second]) for who in people(kantata)] == [(1, 2), (2, 3), (3, 4)]


def test_letters_of_which_some_come_again_are_one_question(importer: Importer, matrix: Any) -> None:
    path = matrix(5, ("F", "K"), ("K", "G"), ("F", "S"))

    ran = importer("apply", path, "--yes", "--json")

    assert (ran.code, ran.json["question"]["code"]) == (5, "levels")


def test_codes_of_languages_beside_a_word_for_a_level_are_one_question(importer: Importer, matrix: Any) -> None:
    path = matrix(5, ("A1", "native"), ("B2", "C1"), ("C2", "A2"))

    ran = importer("apply", path, "--yes", "--json")

    assert (ran.code, ran.json["question"]["code"]) == (5, "levels")


def test_levels_beside_points_of_100_are_not_part_of_the_line_for_the_points(importer: Importer, matrix: Any) -> None:
    path = matrix(5, (3, 70), (4, 90), (2, 45))

    ran = importer("apply", path, "--yes", "--json")

    assert ran.code == 5
    assert [each["label"] for each in ran.json["question"]["choices"]] == ["45=3,70=4,90=5"]


def test_words_beside_a_name_are_no_second_header_if_they_come_again(importer: Importer, matrix: Any) -> None:
    path = matrix(5, ("rookie", "wizard"), ("wizard", "rookie"), (2, "wizard"))

    ran = importer("apply", path, "--yes", "--json")

    assert (ran.code, ran.json["question"]["code"]) == (5, "levels")


def test_a_legend_below_a_matrix_is_set_aside_as_that(importer: Importer, kantata: Running, tmp_path: Path) -> None:
    rows: list[list[Any]] = [[who, 1, 3] for who in people(kantata)]
    rows += [[], ["1: Learner"], ["2: Doer"], ["3: Teacher"]]
    path = workbook(tmp_path / "team.xlsx", [["E-mail", *names(kantata, 5)], *rows], sheet="Team")

    ran = importer("check", path, "--json")

    aside = {each["text"]: each["reason"] for each in ran.json["set_aside"]}
    assert aside == dict.fromkeys(("1: Learner", "2: Doer", "3: Teacher"), "what levels mean")


def test_a_legend_beside_a_matrix_is_set_aside_as_that(importer: Importer, kantata: Running, tmp_path: Path) -> None:
    first, second, third = people(kantata)
    skill = names(kantata, 5)
    rows: list[list[Any]] = [
        ["E-mail", *skill],
        [first, 1, 3, None, "1 = Learner"],
        [second, 2, 2, None, "2 = Doer"],
        [third, 3, 1],
    ]
    path = workbook(tmp_path / "team.xlsx", rows, sheet="Team")

    ran = importer("check", path, "--json")

    assert [(each["place"], each["reason"]) for each in ran.json["set_aside"]] == [("column E", "what levels mean")]


def test_remarks_in_place_of_all_levels_are_problems_at_their_cells(importer: Importer, matrix: Any) -> None:
    path = matrix(5, ("on leave", "on leave"), ("ask Tom", "no"), (None, "no"))

    ran = importer("apply", path, "--yes", "--json")

    assert (ran.code, [each["cell"] for each in ran.json["problems"]]) == (3, ["B2", "C2", "B3"])


def test_mirror_does_not_advise_to_use_mirror_where_it_keeps_records_for_a_name_that_nobody_has(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    skill, (who, *_) = names(kantata, 5)[0], people(kantata)
    path = workbook(tmp_path / "team.xlsx", [["E-mail", skill], [who, 3]], sheet="Team")
    assert importer("apply", path, "--yes").code == 0
    rows: list[list[Any]] = [["E-mail", skill], [who, "no"], ["nobody.at.all@example.com", 2]]

    ran = importer("apply", workbook(path, rows, sheet="Team"), "--yes", "--json", "--mode", "mirror")

    assert ran.code == 3
    assert held(kantata)[who, skill] == 3
    assert not any("Only mirror mode" in note for note in ran.json["notes"])
