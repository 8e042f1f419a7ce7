"""Gaps against a file of targets: counted right, and every mistake in the file told with its cell."""

from pathlib import Path
from typing import Any

import pytest

from importer.sandbox import Running
from tests.books import workbook
from tests.conftest import Importer, Ran
from tests.report.counted import ask
from tests.report.reading import Book

HEADER = ("Skill", "Level", "How many", "Category")


def targets(tmp_path: Path, *rows: tuple[Any, ...], header: tuple[str, ...] = HEADER) -> Path:
    return workbook(tmp_path / "targets.xlsx", [header, *rows], "Targets")


def report(importer: Importer, path: Path, *options: object) -> Ran:
    return importer("export", "skill-report", "--targets", path, *options)


def problems(ran: Ran) -> list[str]:
    assert "Problems:" in ran.err
    return [line.strip() for line in ran.err.split("Problems:\n")[1].splitlines()]


def test_a_gap_is_the_people_wanted_less_those_at_the_level_or_above(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    wanted = [
        ("Airflow", 3, 20, None), ("airflow ", 5, 1, ""), ("German", None, 4, "Language"), ("Python", 0, 2, None),
        ("Night Shifts", 1, 12, None), ("Language > Korean", "4/5", 9, None), ("MongoDB", "", 500, "Skill"),
    ]  # fmt: skip

    ran = report(importer, targets(tmp_path, *wanted))

    assert ran.code == 0, ran.err
    shown = Book(Path(ran.out.strip())).table("Gaps")
    asked = [("Airflow", 3, 20), ("Airflow", 5, 1), ("German", 0, 4), ("Python", 0, 2), ("Night Shifts", 1, 12),
             ("Korean", 4, 9), ("MongoDB", 0, 500)]  # fmt: skip
    expected = []
    for skill, level, people in asked:
        (counted,) = ask(
            kantata,
            """SELECT min(category) category, count(CASE WHEN max_level = 1 OR level >= ? THEN 1 END) have,
            count(CASE WHEN max_level > 1 AND ? > 1 AND level = ? - 1 THEN 1 END) near
            FROM held WHERE skill = ?""",
            level, level, level, skill,
        )  # fmt: skip
        said = f"{level} or above" if level else "any"
        missing = max(people - counted["have"], 0)
        name = f"{skill} ({said})" if skill == "Airflow" else skill  # wanted at two levels
        expected.append((name, counted["category"], said, people, counted["have"], missing, counted["near"]))
    assert sorted(tuple(row.values()) for row in shown) == sorted(expected)
    assert list(shown[0]) == ["Skill", "Category", "Level", "Wanted", "Have", "Missing", "One level below"]
    assert [row["Missing"] for row in shown] == sorted((row["Missing"] for row in shown), reverse=True)


def test_every_mistake_is_told_with_its_cell_and_its_remedy_and_the_right_rows_are_counted(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    (scrum,) = [
        row["id"] for row in kantata.query("SELECT id FROM skills WHERE lower(name) = 'scrum' AND max_level = 5")
    ]
    path = targets(
        tmp_path,
        ("Airflow", 3, 20, None),
        ("Pyton", 3, 2, None),
        (None, 3, 2, None),
        ("German", 7, 2, None),
        ("German", "high", 2, None),
        ("German", 2, None, None),
        ("German", 2, "a few", None),
        ("German", 2, -1, None),
        ("German", 2, 1.5, None),
        ("Night Shifts", 3, 2, None),
        ("Scrum", 3, 2, None),
        (str(scrum), 3, 2, None),
        ("Korean", 3, 2, None),
        ("Korean", 3, 4, None),
        ("Airflow", 3, 20, None),
    )

    ran = report(importer, path)

    assert ran.code == 3
    told = problems(ran)
    assert [line.split(":")[0] for line in told] == [
        "A3, Skill", "A4, Skill", "B5, Level", "B6, Level", "C7, How many", "C8, How many", "C9, How many",
        "C10, How many", "B11, Level", "A12, Skill", "C14, How many", "C15, How many",
    ]  # fmt: skip
    assert 'No skill in the account has the name "Pyton". The nearest is Python, ' in told[0]
    assert told[1] == "A4, Skill: The skill is empty. Enter the name of a skill."
    assert told[2] == 'B5, Level: "7" is not between 0 and 5. Enter 1 to 5, or leave the cell empty for any level.'
    assert '"high" is not a level.' in told[3]
    assert told[4] == ("C7, How many: The how many is empty. Enter the number of people you want, as a whole number.")
    assert '"a few" is not a whole number.' in told[5]
    assert told[8] == (
        'B11, Level: "Night Shifts" has no levels. People have it or do not have it. Leave the level empty.'
    )
    assert '"Scrum" matches 2 skills: ' in told[9]
    assert told[9].endswith("Enter its id instead, or add its category in a column category.")
    assert told[10] == (
        "C14, How many: Row 15 wants a different number for the same skill and level. Keep one of them."
    )
    book = Book(Path(ran.out.strip()))
    assert [row["Skill"].lower() for row in book.table("Gaps")] == ["airflow", "scrum"]
    assert "12 rows of targets.xlsx could not be read and are left out." in book.texts("Gaps")


def test_a_file_of_nothing_but_mistakes_gives_a_report_that_says_so(importer: Importer, tmp_path: Path) -> None:
    ran = report(importer, targets(tmp_path, ("Pyton", 3, 2, None)))

    assert ran.code == 3
    book = Book(Path(ran.out.strip()))
    assert "targets.xlsx has no target that could be read." in book.texts("Gaps")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (("Skill", "Level"), "targets.xlsx has no row with the headers skill and how many."),
        (("Skill", "How many", "People"), "Columns B and C of row 1 are both how many."),
    ],
)
def test_a_file_that_is_no_list_of_targets_is_refused_with_the_reason(
    importer: Importer, tmp_path: Path, header: tuple[str, ...], words: str
) -> None:
    ran = report(importer, targets(tmp_path, ("Airflow", 3, 2)[: len(header)], header=header))

    assert ran.code == 5
    assert words in ran.err
    assert ran.out == ""


def test_titles_above_the_header_and_other_names_of_columns_are_understood(importer: Importer, tmp_path: Path) -> None:
    rows = [("Plan for 2026",), (), ("Remark", "Needed", "Skill name", "Minimum level"), ("urgent", 20, "Airflow", 3)]
    path = workbook(tmp_path / "plan.xlsx", rows, "Plan for us")

    ran = report(importer, path)

    assert ran.code == 0, ran.err
    (row,) = Book(Path(ran.out.strip())).table("Gaps")
    assert (row["Skill"], row["Wanted"], row["Level"]) == ("Airflow", 20, "3 or above")


def test_targets_that_the_filters_leave_out_are_told_and_not_counted(importer: Importer, tmp_path: Path) -> None:
    path = targets(tmp_path, ("Airflow", 3, 20, None), ("German", 3, 20, None))

    ran = report(importer, path, "--category", "Language")

    assert ran.code == 0, ran.err
    assert "1 target is of a skill that the filters leave out." in ran.err
    assert [row["Skill"] for row in Book(Path(ran.out.strip())).table("Gaps")] == ["German"]
