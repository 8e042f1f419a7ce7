"""The workbook of a plan of several stages: read, approved line by line, and applied, perhaps on another machine."""

from pathlib import Path

import openpyxl
import pytest

from importer.sandbox import Running
from tests.conftest import Importer
from tests.loads import write_list
from tests.migration.holdings import holdings

DANA, KWAME = "dana@example.com", "kwame.mensah@example.com"
_NEW_SKILLS = ("--create-missing", "skills", "--new-skill-category", "Skill", "--no-aliases")


@pytest.fixture
def plan(importer: Importer, tmp_path: Path) -> Path:
    """The plan of a list that names two skills which are not there."""
    rows = [(DANA, "Haskell", "4"), (DANA, "Elm", "4"), (KWAME, "Elm", "2")]
    path = write_list(tmp_path / "team.csv", ("email", "skill", "level"), rows)
    ran = importer("plan", path, *_NEW_SKILLS, "-o", tmp_path / "team.plan.xlsx", "--json")
    assert ran.code == 0, ran.err
    return Path(ran.json["result"])


def disapprove(plan: Path, sheet: str, name: str) -> None:
    """Say no to the lines that begin with this name."""
    workbook = openpyxl.load_workbook(plan)
    lines = workbook[sheet]
    approve = [cell.value for cell in lines[1]].index("Approve")
    for row in lines.iter_rows(min_row=2):
        if row[0].value == name:
            row[approve].value = "no"
    workbook.save(plan)


def test_the_workbook_has_a_sheet_for_each_stage_and_applies_as_it_is(
    importer: Importer, kantata: Running, plan: Path
) -> None:
    before = holdings(kantata)
    assert openpyxl.load_workbook(plan).sheetnames[:3] == ["Plan New skills", "Plan Skill memberships", "Summary"]

    ran = importer("apply", plan, "--yes", "--json")

    assert ran.code == 0, ran.err
    made = holdings(kantata)["skill memberships"] - before["skill memberships"]
    assert set(made) == {(DANA, "Haskell", 4), (DANA, "Elm", 4), (KWAME, "Elm", 2)}
    assert importer("undo", ran.json["run"], "--yes").code == 0
    assert holdings(kantata) == before


def test_what_names_a_skill_that_nobody_approved_is_not_sent_and_says_so(
    importer: Importer, kantata: Running, plan: Path
) -> None:
    disapprove(plan, "Plan New skills", "Haskell")

    ran = importer("apply", plan, "--yes", "--json")

    assert (ran.code, ran.json["state"]) == (3, "finished")
    assert (ran.json["outcomes"]["created"], ran.json["outcomes"]["not sent"]) == (2, 1)
    assert not [row for row in holdings(kantata)["skills"] if row[0] == "Haskell"]
    assert "named-not-there" in {each["code"] for each in ran.json["problems"]}


def test_how_many_lines_are_approved_is_said_of_each_table_by_its_name(importer: Importer, plan: Path) -> None:
    disapprove(plan, "Plan New skills", "Haskell")

    said = [line.strip() for line in importer("plan", plan).err.splitlines()]

    assert [each for each in said if each.endswith("approved.")] == [
        "New skills: 1 of 2 lines approved.",
        "Skill memberships: 3 of 3 lines approved.",
    ]
    assert [each.endswith("team.csv.") for each in said if each.startswith("This plan was made")] == [True]


def test_a_plan_that_is_applied_again_makes_nothing_twice(importer: Importer, kantata: Running, plan: Path) -> None:
    importer("apply", plan, "--yes")
    before = holdings(kantata)

    ran = importer("apply", plan, "--yes", "--json")

    assert ran.json["outcomes"]["unchanged"] == 3
    assert holdings(kantata) == before


def test_a_plan_that_is_applied_again_shows_that_all_of_it_is_there(importer: Importer, plan: Path) -> None:
    importer("apply", plan, "--yes")

    again = importer("plan", plan, "--json")

    assert (again.json["changes"]["create"], again.json["changes"]["unchanged"]) == (0, 3)
    assert again.json["forecast"]["POST"] == 0


def test_a_person_with_many_skills_is_not_over_the_limit_when_a_plan_is_applied_again(
    importer: Importer, tmp_path: Path
) -> None:
    rows = [(DANA, f"Craft {number:03}", "4") for number in range(101)]
    path = write_list(tmp_path / "many.csv", ("email", "skill", "level"), rows)
    planned = importer("plan", path, *_NEW_SKILLS, "-o", tmp_path / "many.plan.xlsx", "--json")
    plan = planned.json["result"]
    assert importer("apply", plan, "--yes").code == 0

    again = importer("apply", plan, "--yes", "--json")

    assert (again.code, again.json["outcomes"]["unchanged"]) == (0, 101)


def test_a_plan_of_which_no_line_is_approved_sends_nothing(importer: Importer, kantata: Running, plan: Path) -> None:
    before = holdings(kantata)
    for sheet, name in (("Plan New skills", "Haskell"), ("Plan New skills", "Elm")):
        disapprove(plan, sheet, name)
    for name in (DANA, KWAME):
        disapprove(plan, "Plan Skill memberships", name)

    ran = importer("apply", plan, "--yes")

    assert ran.code == 4, ran.err
    assert holdings(kantata) == before
