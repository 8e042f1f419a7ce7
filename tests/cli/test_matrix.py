"""A matrix from its file to the account and back: cells and their outcomes, removals, questions, undo."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from importer.sandbox import Running
from tests.books import as_dicts, workbook
from tests.cli.terminal import asked
from tests.conftest import Importer

Levels = dict[tuple[str, str], int]


def held(kantata: Running) -> Levels:
    """Every level in the account, by e-mail address and skill."""
    found = kantata.query(
        "SELECT u.email_address e, s.name n, m.level FROM skill_memberships m JOIN users u ON u.id = m.user_id "
        "JOIN skills s ON s.id = m.skill_id")  # fmt: skip
    return {(row["e"], row["n"]): row["level"] for row in found}


@pytest.fixture
def team(kantata: Running) -> tuple[list[str], list[str]]:
    """Six people, and five skills with levels and names of their own, some of which they have."""
    skills = kantata.query(
        "SELECT name FROM skills s WHERE max_level = 5 AND (SELECT count(*) FROM skills t "
        "WHERE lower(t.name) = lower(s.name)) = 1 ORDER BY (SELECT count(*) FROM skill_memberships m "
        "WHERE m.skill_id = s.id) DESC LIMIT 5")  # fmt: skip
    people = kantata.query(
        "SELECT email_address e FROM users u WHERE account_id = 6300412 AND disabled = 0 AND "
        "(SELECT count(*) FROM skill_memberships m WHERE m.user_id = u.id) BETWEEN 5 AND 30 ORDER BY id LIMIT 6"
    )
    return [row["e"] for row in people], [row["name"] for row in skills]


def matrix_of(levels: Mapping[tuple[str, str], Any], people: Sequence[str], skills: Sequence[str]) -> list[list[Any]]:
    """The rows of a matrix with what the account holds of these."""
    return [["E-mail", *skills], *([who, *(levels.get((who, what)) for what in skills)] for who in people)]


def test_every_filled_cell_comes_to_one_outcome_and_again_nothing_is_sent(
    importer: Importer, kantata: Running, tmp_path: Path, team: tuple[list[str], list[str]]
) -> None:
    people, skills = team
    before = held(kantata)
    wanted = {(who, what): 1 + (at * 5 + nth) % 5 for at, who in enumerate(people) for nth, what in enumerate(skills)}
    path = workbook(tmp_path / "team.xlsx", matrix_of(wanted, people, skills), sheet="Team A")

    first = importer("apply", path, "--yes", "--json")
    again = importer("apply", path, "--yes", "--json")

    assert first.code == 0, first.err
    same = sum(before.get(key) == level for key, level in wanted.items())
    there = sum(key in before for key in wanted)
    outcomes = {name: count for name, count in first.json["outcomes"].items() if count}
    expected = {"created": 30 - there, "updated": there - same, "unchanged": same}
    assert outcomes == {name: count for name, count in expected.items() if count}
    assert {key: held(kantata)[key] for key in wanted} == wanted
    assert again.json["outcomes"]["unchanged"] == again.json["rows"] == 30
    assert (again.json["requests"]["POST"], again.json["requests"]["PUT"]) == (0, 0)
    told = as_dicts(Path(first.json["result"]), "Result")
    assert [row["Cell"] for row in told] == [f"{letter}{row}" for row in range(2, 8) for letter in "BCDEF"]
    ids = {str(row["id"]) for row in kantata.query("SELECT id FROM skill_memberships")}
    assert {row["Import ID"] for row in told} <= ids


def test_a_blank_cell_leaves_alone_and_the_word_remove_removes_that_one_record(
    importer: Importer, kantata: Running, tmp_path: Path, team: tuple[list[str], list[str]]
) -> None:
    people, skills = team
    gone, kept = (people[0], skills[0]), (people[1], skills[1])
    importer("apply", workbook(tmp_path / "all.xlsx", matrix_of({gone: 3, kept: 4}, people, skills)), "--yes")
    before = held(kantata)
    path = workbook(tmp_path / "team.xlsx", matrix_of({gone: "remove"}, people, skills))

    ran = importer("apply", path, "--yes", "--max-removals", 1, "--json")

    assert (ran.code, ran.json["rows"], ran.json["outcomes"]["removed"]) == (0, 1, 1), ran.err
    assert held(kantata) == {key: level for key, level in before.items() if key != gone}


def test_mirror_removes_what_blank_cells_stand_for_and_nothing_that_has_no_cell(
    importer: Importer, kantata: Running, tmp_path: Path, team: tuple[list[str], list[str]]
) -> None:
    people, skills = team
    before = held(kantata)
    cells = {(who, what): before.get((who, what)) or 3 for who in people for what in skills}
    blank = [(people[1], skills[2]), (people[4], skills[0])]
    importer("apply", workbook(tmp_path / "all.xlsx", matrix_of(cells, people, skills)), "--yes")
    full = held(kantata)
    rows = matrix_of({key: level for key, level in cells.items() if key not in blank}, people, skills)
    path = workbook(tmp_path / "team.xlsx", rows)

    planned = importer("plan", path, "--mode", "mirror", "--json")
    ran = importer("apply", path, "--mode", "mirror", "--yes", "--max-removals", 2, "--json")
    undone = importer("undo", ran.json["run"], "--yes", "--json")

    assert len(planned.json["removals"]) == 2
    assert (ran.code, ran.json["outcomes"]["removed"], ran.json["beyond_file"]) == (0, 2, 2), ran.err
    told = [row for row in as_dicts(Path(ran.json["result"]), "Result") if row["Import status"] == "removed"]
    assert {
        (row["Cell"], row["E-mail"] if "E-mail" in row else row["email"], row["Skill"], row["Level"]) for row in told
    } == {
        ("D3", *blank[0], "remove"),
        ("B6", *blank[1], "remove"),
    }
    assert (undone.code, undone.json["outcomes"]["created"]) == (0, 2)
    assert held(kantata) == full


def test_mirror_keeps_the_skills_of_a_person_with_a_problem(
    importer: Importer, kantata: Running, tmp_path: Path, team: tuple[list[str], list[str]]
) -> None:
    people, skills = team
    cells: dict[tuple[str, str], Any] = {(who, what): 3 for who in people for what in skills}
    importer("apply", workbook(tmp_path / "all.xlsx", matrix_of(cells, people, skills)), "--yes")
    full = held(kantata)
    del cells[people[0], skills[0]], cells[people[1], skills[0]]
    cells[people[0], skills[1]] = "4.7"
    path = workbook(tmp_path / "team.xlsx", matrix_of(cells, people, skills))

    ran = importer("apply", path, "--mode", "mirror", "--yes", "--max-removals", 9, "--json")

    assert ran.code == 3
    assert ran.json["outcomes"]["removed"] == 1
    assert set(full) - set(held(kantata)) == {(people[1], skills[0])}


def test_a_problem_of_a_person_stands_at_their_cell_under_the_sheet_s_own_heading(
    importer: Importer, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [
        ["Colleague", "Python", "Java"],
        ["Nobody Atall", 3, 4],
        ["Tomás Lindqvist", 4, "4.7"],
        ["Ingrid Sørensen", 1, 2],
    ]
    path = workbook(tmp_path / "team.xlsx", rows, sheet="Team A")

    ran = importer("check", path, "--json")

    assert [(p["sheet"], p["cell"], p["column"], p["value"], p["code"]) for p in ran.json["problems"]] == [
        ("Team A", "A2", "Colleague", "Nobody Atall", "not-found"),
        ("Team A", "C3", "Java", "4.7", "not-whole"),
    ]
    assert (ran.json["layout"], ran.json["rows"], ran.json["valid"], ran.json["invalid"]) == ("matrix", 6, 3, 3)


TWO_COLUMNS: list[list[Any]] = [
    ["Employee", "Colleague", "Python", "Java"],
    ["Tomás Lindqvist", "Ingrid Sørensen", 3, 4],
    ["Ingrid Sørensen", "Tomás Lindqvist", 4, 2],
]


def test_what_is_ambiguous_stops_with_the_choices_where_nobody_can_be_asked(importer: Importer, tmp_path: Path) -> None:
    path = workbook(tmp_path / "team.xlsx", TWO_COLUMNS, sheet="Team A")

    ran, settled = importer("check", path), importer("check", path, "--people-column", "Employee", "--json")

    assert ran.code == 5
    assert 'sheet "Team A": the people could be in column "Employee" or "Colleague".' in ran.err
    assert "To choose one, add --people-column HEADER." in ran.err
    assert settled.json["rows"] == 4


@pytest.mark.usefixtures("importer", "kantata")
def test_on_a_terminal_what_is_ambiguous_is_a_question(tmp_path: Path) -> None:
    path = workbook(tmp_path / "team.xlsx", TWO_COLUMNS, sheet="Team A")

    def answers(said: bytes) -> bytes | None:
        return b"1\n" if said.endswith(b"Type its number: ") else None

    with asked(answers, "check", path, "--json", cwd=tmp_path) as (code, out, said):
        assert "  1  Employee\r\n  2  Colleague" in said
        assert code in (0, 3)
        assert '"layout": "matrix"' in out


def test_what_people_write_for_nothing_in_a_cell_is_blank_and_listed(importer: Importer, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["Name", "Python", "Java"],
        ["Tomás Lindqvist", "n/a", 4],
        ["Ingrid Sørensen", 2, "\u2013"],
    ]
    path = workbook(tmp_path / "team.xlsx", rows, sheet="Team A")

    ran = importer("check", path, "--json")

    assert (ran.code, ran.json["rows"]) == (0, 2)
    assert '"n/a" and "\u2013" were read as blank in B2, C3.' in ran.json["notes"]
