"""Templates with what the account holds: loaded unchanged they change nothing, and a change is one request."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from importer.endpoints import load
from importer.export.prefilled_templates import skill_matrix
from importer.export.record_filters import Filters, choose_people, choose_skills
from importer.kantata.client import Client
from importer.kantata.directory import AccountDirectory
from importer.sandbox import Running, switch_set
from importer.spreadsheet.write.list_template import LiveList, write_live_list
from importer.spreadsheet.write.matrix_sheet import Shape
from importer.spreadsheet.write.matrix_template import LiveMatrix, write_live_matrix
from tests.conftest import Importer

ACCOUNT = 6300412
LIVE = {
    "matrix": ("skill-memberships", "--matrix"),
    "skills": ("skill-memberships",),
    "groups": ("user-group-memberships",),
    "organizations": ("organization-memberships",),
}
TABLES = {
    "matrix": "skill_memberships",
    "skills": "skill_memberships",
    "groups": "user_group_memberships",
    "organizations": "organization_memberships",
}


def writes(kantata: Running) -> int:
    (row,) = kantata.query("SELECT count(*) AS sent FROM requests WHERE method <> 'GET'")
    return int(row["sent"])


def numbers(kantata: Running, sql: str, *values: Any) -> set[int]:
    return {next(iter(row.values())) for row in kantata.query(sql, *values)}


def sheet_of(path: Path) -> Worksheet:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def people_in(path: Path) -> set[int]:
    return {int(str(value)) for (value,) in sheet_of(path).iter_rows(min_row=3, max_col=1, values_only=True) if value}


def skills_in(path: Path) -> list[str]:
    return [str(cell.value) for cell in sheet_of(path)[2][4:]]


def choices(path: Path, column: str) -> list[list[Any]]:
    """What the drop-downs of a column offer."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    found = []
    for each in sheet.data_validations.dataValidation:
        if each.type == "list" and any(place.coord.startswith(column) for place in each.sqref.ranges):
            name, places = str(each.formula1).split("!")
            assert book[name].sheet_state == "hidden"
            found.append([cell.value for (cell,) in book[name][places.replace("$", "")]])
    return found


def write_matrix(importer: Importer, *options: str) -> Path:
    ran = importer("template", "skill-memberships", "--matrix", "--live", *options)
    assert ran.code == 0, ran.err
    return Path(ran.out.strip())


@pytest.mark.parametrize("kind", LIVE)
def test_a_live_template_loaded_unchanged_sends_no_write(importer: Importer, kantata: Running, kind: str) -> None:
    written = importer("template", *LIVE[kind], "--live", "--with-inactive")
    assert written.code == 0
    assert "As Dana Reyes, dana@example.com, at 127.0.0.1" in written.err

    ran = importer("apply", written.out.strip(), "--yes", "--json")

    (held,) = kantata.query(f"SELECT count(*) AS n FROM {TABLES[kind]}")
    assert ran.code == 0, ran.err
    assert ran.json["rows"] == held["n"] == ran.json["outcomes"]["unchanged"]
    assert writes(kantata) == 0


@pytest.mark.parametrize("kind", LIVE)
@pytest.mark.parametrize("like", ["gem", "hostile", "strict"])
def test_that_holds_however_the_account_answers(importer: Importer, kantata: Running, kind: str, like: str) -> None:
    kantata.set(**switch_set(like))
    written = importer("template", *LIVE[kind], "--live")
    assert written.code == 0, written.err

    ran = importer("apply", written.out.strip(), "--yes", "--json")

    assert ran.code == 0, ran.out
    assert ran.json["rows"] == ran.json["outcomes"]["unchanged"] > 300
    assert writes(kantata) == 0


@pytest.mark.parametrize("kind", LIVE)
def test_mirroring_a_live_template_removes_nothing(importer: Importer, kind: str) -> None:
    written = importer("template", *LIVE[kind], "--live")

    ran = importer("plan", written.out.strip(), "--mode", "mirror", "--json")

    assert (ran.code, ran.json["changes"]["unchanged"]) == (0, ran.json["rows"])
    assert ran.json["removals"] == []


def test_a_live_matrix_is_read_by_list_pages_where_those_are_fewer_than_requests_for_people(
    importer: Importer, kantata: Running
) -> None:
    write_matrix(importer, "--with-inactive")

    asked = [request["path"].removeprefix("/api/v1") for request in kantata.requests()]
    assert Counter(asked) == {
        "/users/me": 1, "/users": 3, "/skill_memberships": 8, "/skills": 2, "/skill_categories": 1
    }  # fmt: skip


def test_of_a_skill_that_the_account_holds_twice_the_oldest_level_stands(importer: Importer, kantata: Running) -> None:
    (old,) = kantata.query("SELECT * FROM skill_memberships WHERE level = 2 ORDER BY id LIMIT 1")
    kantata.execute(
        "INSERT INTO skill_memberships (user_id, skill_id, level, cached_skill_name, created_at, updated_at) "
        "VALUES (?, ?, 5, 'again', ?, ?)", old["user_id"], old["skill_id"], old["created_at"], old["updated_at"],
    )  # fmt: skip

    for options in LIVE["matrix"], LIVE["skills"]:
        written = importer("template", *options, "--live", "--with-inactive")
        ran = importer("plan", written.out.strip(), "--json")

        assert ran.json["changes"] == {"create": 0, "update": 0, "unchanged": ran.json["rows"], "remove": 0}


def test_a_level_changed_in_the_matrix_is_one_put(importer: Importer, kantata: Running) -> None:
    path = write_matrix(importer, "--group", "Cloud Practice")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    cell = next(cell for row in sheet.iter_rows(min_row=3, min_col=5) for cell in row if cell.value in (2, 3, 4))
    cell.value = int(str(cell.value)) + 1
    book.save(path)

    ran = importer("apply", path, "--yes", "--json")

    assert ran.code == 0, ran.err
    assert ran.json["outcomes"]["updated"] == 1
    assert ran.json["outcomes"]["unchanged"] == ran.json["rows"] - 1
    assert {name: ran.json["requests"][name] for name in ("POST", "PUT", "DELETE")} == {
        "POST": 0,
        "PUT": 1,
        "DELETE": 0,
    }
    assert writes(kantata) == 1


def test_a_row_added_to_a_live_list_by_its_drop_downs_is_one_record(importer: Importer, kantata: Running) -> None:
    importer("template", "user-group-memberships", "--live")
    path = Path("user-group-memberships.xlsx")
    email = next(each for each in choices(path, "B")[0] if each)
    taken = {row["name"] for row in kantata.query(
        "SELECT name FROM workspace_groups g JOIN user_group_memberships m ON m.workspace_group_id = g.id "
        "JOIN users u ON u.id = m.user_id WHERE email_address = ?", email)}  # fmt: skip
    group = next(each for each in choices(path, "E")[0] if each not in taken)
    book = openpyxl.load_workbook(path)
    book.worksheets[0].append([None, email, None, None, group])
    book.save(path)

    ran = importer("apply", path, "--yes", "--json")

    assert (ran.code, ran.json["outcomes"]["created"], writes(kantata)) == (0, 1, 1)


IN_GROUP = "SELECT user_id FROM user_group_memberships m JOIN workspace_groups g ON g.id = m.workspace_group_id"
BELOW = """WITH RECURSIVE below(id) AS (SELECT id FROM organizations WHERE id = ? UNION
    SELECT o.id FROM organizations o JOIN below b ON o.parent_id = b.id)
    SELECT DISTINCT member_id FROM organization_memberships WHERE member_type = 'User' AND """


def test_the_filters_leave_the_people_that_the_account_has_there(importer: Importer, kantata: Running) -> None:
    active = numbers(kantata, "SELECT id FROM users WHERE account_id = ? AND disabled = 0", ACCOUNT)
    cloud = numbers(kantata, f"{IN_GROUP} WHERE g.name = 'Cloud Practice'")
    mentors = numbers(kantata, f"{IN_GROUP} WHERE g.name = 'Mentors'")
    (technology,) = numbers(kantata, "SELECT id FROM organizations WHERE name = 'Technology'")
    (europe,) = numbers(kantata, "SELECT id FROM organizations WHERE name = 'Europe'")
    in_technology = numbers(kantata, f"{BELOW} department_id IN below", technology)
    in_europe = numbers(kantata, f"{BELOW} geography_id IN below", europe)

    assert people_in(write_matrix(importer)) == active
    assert people_in(write_matrix(importer, "--group", "cloud practice")) == cloud & active
    assert people_in(write_matrix(importer, "--group", "Cloud Practice", "--group", "Mentors")) == (
        (cloud | mentors) & active
    )
    assert people_in(write_matrix(importer, "--department", "Company > Technology")) == in_technology & active
    assert people_in(write_matrix(importer, "--geography", "Europe", "--group", "Cloud Practice")) == (
        in_europe & cloud & active
    )
    assert people_in(write_matrix(importer, "--user", "Dana Reyes", "--user", "maria.silva@example.com")) == numbers(
        kantata, "SELECT id FROM users WHERE email_address IN ('dana@example.com', 'maria.silva@example.com')"
    )


def test_inactive_people_are_left_out_unless_asked_for(importer: Importer, kantata: Running) -> None:
    everybody = numbers(kantata, "SELECT id FROM users WHERE account_id = ?", ACCOUNT)

    without = importer("template", "skill-memberships", "--matrix", "--live")

    assert "5 inactive people are left out. Ask for inactive people to include them." in without.err
    assert len(everybody) - len(people_in(Path(without.out.strip()))) == 5
    assert people_in(write_matrix(importer, "--with-inactive")) == everybody


def test_the_skills_of_some_categories_stand_under_them(importer: Importer, kantata: Running) -> None:
    path = write_matrix(importer, "--category", "language", "--category", "Certification", "--user", "Dana Reyes")

    wanted = kantata.query(
        "SELECT s.name, c.name AS category FROM skills s JOIN skill_categories c ON c.id = s.skill_category_id "
        "WHERE c.name IN ('Language', 'Certification')"
    )
    sheet = sheet_of(path)
    merged = {str(each): sheet[str(each).split(":")[0]].value for each in sheet.merged_cells.ranges}
    assert sorted(skills_in(path)) == sorted(row["name"] for row in wanted)
    assert sorted(merged.values()) == ["Certification", "Language"]


def test_a_list_of_some_skills_says_that_it_is_not_to_be_mirrored(importer: Importer) -> None:
    ran = importer("template", "skill-memberships", "--live", "--category", "Language")

    instructions = openpyxl.load_workbook(ran.out.strip())["Instructions"]
    assert "do not load it in mirror mode" in ran.err
    assert any("do not load it in mirror mode" in str(row[0]) for row in instructions.values)


def test_a_matrix_of_some_skills_leaves_the_others_alone_even_in_mirror_mode(importer: Importer) -> None:
    ran = importer("plan", write_matrix(importer, "--category", "Language"), "--mode", "mirror", "--json")

    assert (ran.code, ran.json["removals"]) == (0, [])
    assert ran.json["changes"]["unchanged"] == ran.json["rows"] > 50


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--group", "Field Services"), '"Field Services" matches 2 groups'),
        (("--group", "Clod Practice"), "The nearest are Cloud Practice"),
        (("--geography", "Remote"), "World > Europe > Remote, id 48722"),
        (("--category", "Hobby"), "The categories are Skill, Language, Certification, Other."),
        (("--user", "Maria Silva"), "maria.silva2@example.com"),
        (("--user", "tomas.lindqvist@example.com", "--group", "Cloud Practice"), "These filters leave no person."),
    ],
)
def test_a_filter_that_names_nobody_or_several_is_wrong_usage_with_the_choices(
    importer: Importer, options: Sequence[str], said: str
) -> None:
    ran = importer("template", "skill-memberships", "--matrix", "--live", *options)

    assert ran.code == 2
    assert said in ran.err
    assert not list(Path().glob("*.xlsx"))


def test_a_filter_may_name_a_thing_by_its_id(importer: Importer, kantata: Running) -> None:
    (first, second) = kantata.query("SELECT id FROM workspace_groups WHERE trim(name) = 'Field Services' ORDER BY id")

    path = write_matrix(importer, "--group", str(second["id"]), "--with-inactive")

    assert people_in(path) == numbers(kantata, f"{IN_GROUP} WHERE g.id = ?", second["id"])
    assert first != second


@pytest.mark.parametrize(
    "options",
    [
        ("skill-memberships", "--group", "Mentors"),
        ("user-group-memberships", "--matrix"),
        ("user-group-memberships", "--live", "--skill", "Java"),
        ("organization-memberships", "--matrix", "--live"),
    ],
)
def test_options_that_mean_nothing_together_are_wrong_usage(importer: Importer, options: Sequence[str]) -> None:
    assert importer("template", *options).code == 2


def test_skills_of_one_name_are_told_apart_by_their_category_and_twins_by_their_id(
    importer: Importer, kantata: Running
) -> None:
    (java,) = kantata.query("SELECT id FROM skills WHERE name = 'Java'")
    kantata.execute(
        "INSERT INTO skills (name, max_level, skill_category_id, created_at, updated_at) "
        "SELECT 'Java', 5, 3102, created_at, updated_at FROM skills WHERE id = ?", java["id"]
    )  # fmt: skip
    path = write_matrix(importer)
    sheet = sheet_of(path)

    heads = skills_in(path)
    twins = kantata.query("SELECT id, name FROM skills WHERE name IN ('Scrum', 'SCRUM')")
    assert heads.count("Java") == 2
    assert {f"{row['name']} > {row['id']}" for row in twins} <= set(heads)
    notes = [cell.comment.text for cell in sheet[2] if cell.comment]
    assert "Scrum. Its name alone would not tell it from all others." in notes
    languages = write_matrix(importer, "--category", "Language")
    assert "Language > Java" in skills_in(languages)
    for each in (path, languages):
        assert importer("check", each).code == 0


TRICKY = ("Total", "Average Cost", "Name", "E-mail", "Level", "Hours", "x", "Yes", "3", "n/a", "Advanced", "=1+1",
          "@home", "-5", "+1", "#N/A", "A > B", "42%", "user_id", "3 - Advanced", "Remove", " spaced  out ", "_x0041_",
          "271015", "Skill")  # fmt: skip


def test_skills_and_people_of_any_name_come_back_as_themselves(importer: Importer, kantata: Running) -> None:
    people = sorted(numbers(kantata, "SELECT id FROM users WHERE account_id = ? AND disabled = 0", ACCOUNT))
    for number, name in enumerate(TRICKY):
        kantata.execute("UPDATE users SET full_name = ? WHERE id = ?", name, people[40 + number])
        kantata.execute(
            "INSERT INTO skills (id, name, max_level, skill_category_id, created_at, updated_at) "
            "VALUES (?, ?, 5, ?, '2024-01-01T00:00:00.000000Z', '2024-01-01T00:00:00.000000Z')",
            900001 + number, name, 3101 + number % 4,
        )  # fmt: skip
        kantata.execute(
            "INSERT INTO skill_memberships (user_id, skill_id, level, cached_skill_name, created_at, updated_at) "
            "VALUES (?, ?, 3, ?, '2024-01-01T00:00:00.000000Z', '2024-01-01T00:00:00.000000Z')",
            people[40 + number], 900001 + number, name,
        )  # fmt: skip
    (held,) = kantata.query(
        "SELECT count(*) AS n FROM skill_memberships m JOIN users u ON u.id = m.user_id WHERE u.disabled = 0"
    )
    importer("template", "skill-memberships", "--live")

    for path in (write_matrix(importer), Path("skill-memberships.xlsx")):
        ran = importer("plan", path, "--json")

        assert ran.code == 0, ran.json["problems"]
        assert ran.json["changes"] == {"create": 0, "update": 0, "unchanged": held["n"], "remove": 0}


def test_a_text_that_looks_like_a_formula_stays_a_text(importer: Importer, kantata: Running) -> None:
    kantata.execute("UPDATE users SET full_name = '=HYPERLINK(1)' WHERE email_address = 'dana@example.com'")

    path = write_matrix(importer, "--user", "dana@example.com")

    cell = sheet_of(path)["B3"]
    assert (cell.value, cell.data_type) in {("=HYPERLINK(1)", "s"), ("=HYPERLINK(1)", "inlineStr")}


def test_people_of_one_name_are_told_apart_by_the_id_beside(importer: Importer) -> None:
    path = write_matrix(importer, "--user", "maria.silva@example.com", "--user", "maria.silva2@example.com")

    ran = importer("plan", path, "--json")

    assert (ran.code, ran.json["problems"]) == (0, [])


def test_the_matrix_offers_levels_hides_ids_and_holds_its_headings_in_view(importer: Importer) -> None:
    path = write_matrix(importer, "--category", "Skill", "--category", "Language")
    sheet = sheet_of(path)

    assert sheet.column_dimensions["A"].hidden
    assert [cell.value for cell in sheet[2][:4]] == ["user_id", "user", "email", "title"]
    assert sheet.freeze_panes == "C3"
    assert sheet.auto_filter.ref is not None
    assert sheet.print_title_rows == "$1:$2"
    offered = [tuple(each) for at in ("E", "F", "G", "H", "I") for each in choices(path, at)]
    assert set(offered) <= {(0, 1, 2, 3, 4, 5, "remove"), (0, 1, "remove")}
    assert offered


def test_the_list_offers_what_names_one_thing_and_keeps_its_records(importer: Importer, kantata: Running) -> None:
    importer("template", "organization-memberships", "--live")
    path = Path("organization-memberships.xlsx")
    sheet = sheet_of(path)

    assert [sheet.column_dimensions[at].hidden for at in "ABCDEFG"] == [True, False, True, False, True, False, False]
    (geographies,), (members,) = choices(path, "B"), choices(path, "F")
    assert "World > Europe > Remote" in geographies
    assert "Germany" in geographies
    assert "Remote" not in geographies
    emails = {row["email_address"] for row in kantata.query(
        "SELECT email_address FROM users WHERE account_id = ? AND disabled = 0", ACCOUNT)}  # fmt: skip
    assert emails <= set(members)
    kept = [each for each in sheet.data_validations.dataValidation if each.type == "custom"]
    assert {str(each.formula1) for each in kept} == {"FALSE"}
    assert [str(each.sqref)[0] for each in kept] == list("ABCDEFG")


def test_a_matrix_in_which_nobody_has_anything_is_still_one(importer: Importer, kantata: Running) -> None:
    kantata.execute("DELETE FROM skill_memberships")

    ran = importer("check", write_matrix(importer, "--category", "Language"), "--json")

    assert (ran.code, ran.json["layout"], ran.json["rows"]) == (0, "matrix", 0)


def test_more_skills_than_a_sheet_has_columns_stand_on_a_sheet_a_category_and_load_as_one(
    importer: Importer, client: Client, kantata: Running, tmp_path: Path
) -> None:
    directory = AccountDirectory(client)
    chosen, skills = choose_people(client, directory, Filters(with_inactive=True)), choose_skills(directory, Filters())

    made = skill_matrix(client, directory, chosen, skills, Shape(widest=104))
    with (tmp_path / "wide.xlsx").open("wb") as file:
        write_live_matrix(file, LiveMatrix(made, (), dt.datetime(2026, 1, 1)))  # noqa: DTZ001  (as the format has it)

    book = openpyxl.load_workbook("wide.xlsx")
    names = ["Skill 1", "Skill 2", "Language", "Certification", "Other"]
    assert [sheet.title for sheet in book.worksheets if sheet.max_column > 3] == names
    assert "they stand on the sheets" in " ".join(str(row[0]) for row in book["Instructions"].values)
    ran = importer("plan", "wide.xlsx", "--json")
    (held,) = kantata.query("SELECT count(*) AS n FROM skill_memberships")
    assert ran.code == 0, ran.json["problems"]
    assert ran.json["changes"] == {"create": 0, "update": 0, "unchanged": held["n"], "remove": 0}


def test_more_records_than_a_sheet_has_rows_go_on_in_a_second_one(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    held = kantata.query("SELECT user_id, workspace_group_id FROM user_group_memberships")
    rows = [{name: str(value) for name, value in row.items()} for row in held]
    live = LiveList(load("user-group-memberships"), rows, {}, (), dt.datetime(2026, 1, 1), free_rows=10)  # noqa: DTZ001

    with (tmp_path / "long.xlsx").open("wb") as file:
        write_live_list(file, live, longest=200)

    ran = importer("plan", "long.xlsx", "--json")
    assert (ran.code, ran.json["changes"]["unchanged"]) == (0, len(rows))
    assert openpyxl.load_workbook("long.xlsx").sheetnames == [
        "User group memberships 1", "User group memberships 2", "User group memberships 3", "Instructions", "Lists"
    ]  # fmt: skip


def test_a_live_template_never_overwrites(importer: Importer) -> None:
    first, second = write_matrix(importer), write_matrix(importer)

    assert (first.name, second.name) == ("skill-matrix.xlsx", "skill-matrix (2).xlsx")


def test_without_a_token_or_an_account_nothing_is_written(offline: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    without = offline("template", "user-group-memberships", "--live")
    monkeypatch.setenv("KANTATA_TOKEN", "demo")
    alone = offline("template", "user-group-memberships", "--live")

    assert (without.code, alone.code) == (6, 7)
    assert not list(Path().glob("*.xlsx"))


def test_a_token_that_may_not_see_groups_is_told_so(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANTATA_TOKEN", "demo-member")

    assert importer("template", "user-group-memberships", "--live").code == 6
