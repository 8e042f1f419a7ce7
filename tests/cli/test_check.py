from pathlib import Path
from shutil import copy

import pytest

from tests.books import workbook
from tests.conftest import SAMPLES, Importer
from tests.loads import write_list


def test_check_needs_no_account_where_ids_are_given(offline: Importer, tmp_path: Path) -> None:
    path = Path(copy(SAMPLES / "skill-memberships.csv", tmp_path))

    ran = offline("check", path, "--json")

    assert ran.code == 0
    told = ran.json
    told.pop("notes")
    assert told == {
        "endpoint": "skill-memberships",
        "layout": "list",
        "file": str(path),
        "sheet": None,
        "header_row": 1,
        "rows": 81,
        "valid": 81,
        "invalid": 0,
        "columns": {"user_id": "user_id", "skill_id": "skill_id", "level": "level"},
        "sheets": [{"sheet": None, "header_row": 1, "rows": 81, "header_cells": 3, "record_cells": 3 * 81}],
        "set_aside": [],
        "ignored_columns": [],
        "aliases": None,
        "problems": [],
    }


def test_a_problem_is_told_with_its_place_value_reason_and_remedy(offline: Importer, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["Team"], ["user_id", "skill_id", " Level "], [1, 2, "high"]], sheet="Team A")

    ran = offline("check", path, "--json")

    assert ran.code == 3
    assert ran.json["problems"] == [
        {
            "code": "not-whole",
            "sheet": "Team A",
            "cell": "C3",
            "row": 3,
            "column": "Level",
            "value": "high",
            "message": '"high" is not a level.',
            "fix": 'Enter 0 to 5, or leave the cell empty. To use words, add --levels "high=4".',
        }
    ]


def test_a_person_reads_the_same_in_one_line(offline: Importer, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["user_id", "skill_id", "Level"], [1, 2, "high"]], sheet="Team A")

    ran = offline("check", path)

    assert ran.out == ""
    assert ran.err == (
        'a.xlsx, sheet "Team A": 1 row of skill-memberships, 0 valid, 1 with problems.\n'
        "Problems:\n"
        '  C2, Level: "high" is not a level. Enter 0 to 5, or leave the cell empty. '
        'To use words, add --levels "high=4".\n'
    )


def test_names_without_ids_need_an_account_and_it_is_said(offline: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "a.csv", ("email", "skill_id"), [("dana@example.com", 5)])

    ran = offline("check", path)

    assert ran.code == 6
    assert "There is no token." in ran.err


def test_names_beside_ids_are_not_compared_without_an_account_and_it_is_said(offline: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "a.csv", ("user_id", "email", "skill_id"), [(7, "dana@example.com", 5)])

    ran = offline("check", path)

    assert ran.code == 0
    assert "There is no token, so we did not compare names with the ids beside them." in ran.err


def test_an_unused_column_is_told_with_what_was_probably_meant(offline: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "a.csv", ("user_id", "skill_id", "categroy", "Cost centre"), [(7, 5, "Language", "x")])

    ran = offline("check", path, "--json")

    assert ran.json["ignored_columns"] == ["categroy", "Cost centre"]
    assert ran.json["notes"] == [
        'Column "categroy" is not used. Did you mean "category"?',
        'Column "Cost centre" is not used.',
        "There is no column level, so we do not set it.",
    ]


def test_many_problems_are_cut_short_for_a_person_and_whole_in_json(offline: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "a.csv", ("user_id", "skill_id"), [("x", row) for row in range(1, 101)])

    people, program = offline("check", path), offline("check", path, "--json")

    assert "... and 75 more; --json lists them all." in people.err
    assert len(program.json["problems"]) == 100


@pytest.mark.parametrize("option", [("--as", "user-group-memberships"), ("--header-row", "2")])
def test_what_a_person_says_of_the_file_is_obeyed(offline: Importer, tmp_path: Path, option: tuple[str, str]) -> None:
    path = write_list(tmp_path / "a.csv", ("user_id", "skill_id"), [(7, 5)])

    assert offline("check", path, *option).code == 5


def test_match_names_leaves_the_ids_of_another_account_aside(importer: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "a.csv", ("user_id", "email", "skill_id"), [(99, "dana@example.com", 271015)])

    by_id, by_name = importer("check", path, "--json"), importer("check", path, "--match", "names", "--json")

    assert [problem["code"] for problem in by_id.json["problems"]] == ["disagree"]
    assert by_name.code == 0
