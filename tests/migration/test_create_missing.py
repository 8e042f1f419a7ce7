"""What names lack is made first: from any file, asked for where only a person knows, and never by mistake."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from importer import Account, Ambiguous, Denied, Usage
from importer.pipeline.staged_report import StagedReport
from importer.sandbox import Running
from tests.conftest import Importer
from tests.loads import write_list

DANA, KWAME = "dana@example.com", "kwame.mensah@example.com"
_NEW_SKILLS = ("--create-missing", "skills", "--new-skill-category", "Skill", "--new-skill-levels", "5", "--no-aliases")


def skills_named(kantata: Running, *names: str) -> list[tuple[str, str, int]]:
    """The skills of these names, with their categories and highest levels."""
    rows = kantata.query(
        "SELECT s.name, c.name AS category, max_level FROM skills s JOIN skill_categories c "
        "ON c.id = skill_category_id ORDER BY s.name"
    )
    return [(row["name"], row["category"], row["max_level"]) for row in rows if row["name"] in names]


def held(kantata: Running, skill: str) -> dict[str, int]:
    """Who has this skill, with the level."""
    rows = kantata.query(
        "SELECT u.email_address, m.level FROM skill_memberships m JOIN users u ON u.id = m.user_id "
        "JOIN skills s ON s.id = m.skill_id WHERE s.name = ?", skill,
    )  # fmt: skip
    return {row["email_address"]: row["level"] for row in rows}


def test_a_list_makes_the_skills_that_it_names_and_then_who_has_them(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = [(DANA, "Zig", "4", "Language"), (KWAME, "Zig", "2", "Language"), (DANA, "Python", "5", "Skill"),
            (DANA, "First Aid Trainer", "", "Certification")]  # fmt: skip
    path = write_list(tmp_path / "team.csv", ("email", "skill", "level", "category"), rows)

    ran = importer("apply", path, "--create-missing", "skills", "--new-skill-levels", "1", "--yes", "--json")

    assert ran.code == 0, ran.err
    assert skills_named(kantata, "Zig", "First Aid Trainer") == [
        ("First Aid Trainer", "Certification", 1),
        ("Zig", "Language", 5),
    ]
    assert held(kantata, "Zig") == {DANA: 4, KWAME: 2}
    assert [(each["endpoint"], each["new"], each["rows"]) for each in ran.json["stages"]] == [
        ("skills", True, 2),
        ("skill-memberships", False, 4),
    ]
    assert ran.json["rows"] == 4

    again = importer("apply", path, "--create-missing", "skills", "--yes", "--json")

    assert (again.code, again.json["requests"]["POST"]) == (0, 0)


def test_the_plan_shows_what_is_new_apart_with_the_name_most_like_it(importer: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "team.csv", ("email", "skill", "level"), [(DANA, "Data Ethics", "4")])

    plan = importer("plan", path, *_NEW_SKILLS, "--json")
    said = importer("plan", path, *_NEW_SKILLS).err

    (new,) = plan.json["new"]
    assert (new["endpoint"], new["name"], new["category"], new["max_level"]) == ("skills", "Data Ethics", "Skill", "5")
    assert new["nearest"] in said
    assert "New skills (1), made first:" in said
    assert plan.json["changes"]["create"] == 1
    assert plan.json["forecast"]["POST"] == 2


def test_a_matrix_makes_the_skills_of_its_headings_and_those_without_a_filled_cell_stay_out(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = [(DANA, "3", "5", ""), (KWAME, "", "4", "")]
    path = write_list(tmp_path / "matrix.csv", ("email", "Python", "Zig", "Elm"), rows)

    ran = importer("apply", path, "--as", "skill-matrix", *_NEW_SKILLS, "--yes", "--json")

    assert ran.code == 0, ran.err
    assert held(kantata, "Zig") == {DANA: 5, KWAME: 4}
    assert skills_named(kantata, "Elm") == []


@pytest.mark.parametrize(("cell", "highest"), [("x", 1), ("3", 5)])
def test_a_row_of_categories_above_the_skills_of_a_matrix_is_no_header_although_one_is_called_skill(
    importer: Importer, kantata: Running, tmp_path: Path, cell: str, highest: int
) -> None:
    above = ("", *["Language"] * 2, *["Certification"] * 2, *["Skill"] * 2)
    names = ("Name", "Zulu", "Xhosa", "Falconry Permit", "Drone Permit", "Beekeeping", "Joinery")
    rows = [names, ("Dana Reyes", *[cell] * 6), ("Kwame Mensah", *[cell] * 6)]
    path = write_list(tmp_path / "matrix.csv", above, rows)

    ran = importer("apply", path, "--create-missing", "skills", "--new-skill-levels", "1", "--no-aliases", "--yes")

    assert ran.code == 0, ran.err
    assert skills_named(kantata, *names, cell) == [
        ("Beekeeping", "Skill", highest),
        ("Drone Permit", "Certification", highest),
        ("Falconry Permit", "Certification", highest),
        ("Joinery", "Skill", highest),
        ("Xhosa", "Language", highest),
        ("Zulu", "Language", highest),
    ]


@pytest.mark.parametrize(
    ("name", "code"), [("JS", "nearly-there"), ("Databse Design", ""), ("Kubernets", "nearly-there")]
)
def test_a_name_that_is_nearly_one_in_the_account_is_a_question_and_the_rest_is_sent(
    importer: Importer, kantata: Running, tmp_path: Path, name: str, code: str
) -> None:
    path = write_list(tmp_path / "team.csv", ("email", "skill", "level"), [(DANA, name, "4"), (KWAME, "Zig", "4")])

    ran = importer("apply", path, *_NEW_SKILLS, "--yes", "--json")

    assert {each["code"] for each in ran.json["problems"]} == ({code} if code else set())
    assert bool(skills_named(kantata, name)) is not bool(code)
    assert held(kantata, "Zig") == {KWAME: 4}

    if code:
        told = importer("apply", path, *_NEW_SKILLS, "--new", name, "--yes", "--json")
        assert told.code == 0, told.err
        assert held(kantata, name) == {DANA: 4}


def test_the_alias_workbook_says_that_a_name_is_new_or_which_skill_it_means(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = [(DANA, "JS", "4"), (KWAME, "Kubernets", "2")]
    path = write_list(tmp_path / "team.csv", ("email", "skill", "level"), rows)
    options = ("--create-missing", "skills", "--new-skill-category", "Skill")
    importer("plan", path, *options)
    workbook = openpyxl.load_workbook(tmp_path / "aliases.xlsx")
    (kubernetes,) = kantata.query("SELECT id FROM skills WHERE name = 'Kubernetes'")
    for row in workbook["Names"].iter_rows(min_row=2):
        row[1].value = {"JS": "new", "Kubernets": str(kubernetes["id"])}[str(row[0].value)]
    workbook.save(tmp_path / "aliases.xlsx")

    ran = importer("apply", path, *options, "--yes", "--json")

    assert ran.code == 0, ran.err
    assert held(kantata, "JS") == {DANA: 4}
    assert held(kantata, "Kubernetes")[KWAME] == 2
    assert skills_named(kantata, "Kubernets") == []


def test_what_new_skills_need_is_asked_once_for_all_where_the_sheet_does_not_tell(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = [(DANA, "Zig", ""), (KWAME, "Elm", "")]
    path = write_list(tmp_path / "team.csv", ("email", "skill", "level"), rows)

    category = importer("apply", path, "--create-missing", "skills", "--no-aliases", "--yes", "--json")
    levels = importer(
        "apply", path, "--create-missing", "skills", "--new-skill-category", "Other", "--no-aliases", "--yes", "--json"
    )

    assert (category.code, levels.code) == (5, 5)
    assert [each["option"] for each in category.json["question"]["choices"]] == [
        "--new-skill-category Skill", "--new-skill-category Language", "--new-skill-category Certification",
        "--new-skill-category Other",
    ]  # fmt: skip
    assert [each["option"] for each in levels.json["question"]["choices"]] == [
        "--new-skill-levels 5",
        "--new-skill-levels 1",
    ]
    assert skills_named(kantata, "Zig", "Elm") == []


def test_a_category_that_kantata_has_not_is_refused_before_a_file_is_read(importer: Importer, tmp_path: Path) -> None:
    path = write_list(tmp_path / "team.csv", ("email", "skill", "level"), [(DANA, "Elm", "4")])

    wrong = importer("plan", path, "--create-missing", "skills", "--new-skill-category", "Foo", "--no-aliases")
    small = importer("plan", path, "--create-missing", "skills", "--new-skill-category", "language", "--json")

    assert wrong.code == 2
    assert all(name in wrong.err.casefold() for name in ("--new-skill-category", "certification"))
    assert small.json["new"][0]["category"] == "Language"


def test_a_category_that_kantata_has_not_is_an_exception_in_python(account: Account) -> None:
    frame = pd.DataFrame([[DANA, "Zig", 4]], columns=["email", "skill", "level"])

    with pytest.raises(Usage, match='"Foo" is no category of skills'):
        account.plan(frame, create_missing=["skills"], new_skill_category="Foo")


def test_nothing_is_made_that_only_rows_with_a_problem_name(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = [("nobody@example.com", "Zig", "4"), (DANA, "Elm", "4")]
    path = write_list(tmp_path / "team.csv", ("email", "skill", "level"), rows)

    ran = importer("apply", path, *_NEW_SKILLS, "--yes", "--json")

    assert ran.code == 3
    assert ran.json["missing_people"] == ["nobody@example.com"]
    assert skills_named(kantata, "Zig", "Elm") == [("Elm", "Skill", 5)]


def test_groups_and_places_are_made_too_each_place_after_what_it_lies_in(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    groups = write_list(tmp_path / "groups.csv", ("email", "group"), [(DANA, "Knitting Circle")])
    rows = [(DANA, "User", "World > Oceania > Fiji", "Company > Consulting > Delivery")]
    places = write_list(tmp_path / "places.csv", ("member", "member_type", "geography", "department"), rows)

    ran = importer(
        "apply", groups, places, "--create-missing", "groups,organizations", "--yes", "--json", "--no-aliases"
    )

    assert ran.code == 0, ran.err
    names = [row["name"] for row in kantata.query("SELECT name FROM organizations ORDER BY id DESC LIMIT 2")]
    assert names == ["Fiji", "Oceania"]
    assert kantata.query("SELECT name FROM workspace_groups WHERE name = 'Knitting Circle'")
    assert ran.json["outcomes"]["created"] == 2


def test_a_place_is_not_made_from_its_name_alone_because_it_does_not_tell_where_it_lies(
    importer: Importer, tmp_path: Path
) -> None:
    rows = [(DANA, "User", "Fiji", "Company > Consulting > Delivery")]
    path = write_list(tmp_path / "places.csv", ("member", "member_type", "geography", "department"), rows)

    ran = importer("apply", path, "--create-missing", "all", "--yes", "--json", "--no-aliases")

    assert (ran.code, [each["code"] for each in ran.json["problems"]]) == (3, ["not-made"])


def test_the_limit_on_skills_is_checked_before_and_can_be_overridden(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = [(DANA, "Zig", "4"), (DANA, "Elm", "4")]
    path = write_list(tmp_path / "team.csv", ("email", "skill", "level"), rows)

    held_back = importer("plan", path, *_NEW_SKILLS, "--limit", "skills=231", "--json")
    sent = importer("apply", path, *_NEW_SKILLS, "--limit", "skills=232", "--yes", "--json")

    assert "account-limit" in {each["code"] for each in held_back.json["problems"]}
    assert sent.code == 0, sent.err
    assert len(skills_named(kantata, "Zig", "Elm")) == 2


def test_a_token_that_does_not_see_everything_makes_nothing(kantata: Running, tmp_path: Path) -> None:
    member = Account("demo-member", base_url=kantata.url, folder=tmp_path / "state")
    frame = pd.DataFrame([["tomas.novotny@example.com", "Zig", 4]], columns=["email", "skill", "level"])

    try:
        plan = member.plan(frame, create_missing=["skills"], new_skill_category="Skill", new_skill_levels="5")
    except Denied:
        return

    assert plan.writes == 0
    assert not plan.new


def test_a_question_on_new_skills_is_an_exception_with_its_choices(account: Account) -> None:
    frame = pd.DataFrame([[DANA, "Zig", 4]], columns=["email", "skill", "level"])

    with pytest.raises(Ambiguous, match=r'Of which category are the new skills\? 1 skill is new: "Zig"'):
        account.plan(frame, create_missing=["skills"])


def test_a_thing_in_use_is_not_removed_by_a_list_and_says_by_what_it_is_used(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "skills.csv", ("name", "max_level", "action"), [("Python", "", "remove")])

    ran = importer("apply", path, "--max-removals", "5", "--yes", "--json")

    assert (ran.code, [each["code"] for each in ran.json["problems"]]) == (3, ["in-use"])
    assert len(skills_named(kantata, "Python")) == 1


def test_a_run_in_python_is_one_report_with_its_stages_and_one_undo(account: Account, kantata: Running) -> None:
    before = kantata.query("SELECT * FROM skill_memberships ORDER BY id")
    frame = pd.DataFrame([[DANA, "Zig", 4], [KWAME, "Zig", 1]], columns=["email", "skill", "level"], index=["a", "b"])

    report = account.plan(frame, create_missing="all", new_skill_category="Skill").apply()

    assert isinstance(report, StagedReport)
    assert [stage.details.endpoint for stage in report.made] == ["skills"]
    assert list(report.tables[0].outcomes.index) == ["a", "b"]
    assert report.is_verified

    undone = report.undo()

    assert undone.counts["removed"] == 3
    assert kantata.query("SELECT * FROM skill_memberships ORDER BY id") == before
