"""The skill matrix of an account: every level against the database, and that it loads as it is."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from importer.export import ExportFilters, export_matrix
from importer.export.matrix_export import SHAPE
from importer.kantata.client import Client
from importer.sandbox import Running
from importer.spreadsheet.write.matrix_sheet import Shape
from tests.conftest import Importer
from tests.export.read_back import PATHS
from tests.loads import access_with

WHO = ["user_id", "user", "email", "title", "department", "geography"]
ALL = "SELECT m.user_id, m.skill_id, m.level FROM skill_memberships m"


def sheet_of(path: Path) -> Worksheet:
    return openpyxl.load_workbook(path).worksheets[0]


def levels_in(sheet: Worksheet, kantata: Running) -> set[tuple[int, int, int]]:
    """Every filled cell as (person, skill, level): by the ids in column A, and the skills over the columns."""
    rows = list(sheet.iter_rows(values_only=True))
    known = {str(row["name"]): int(row["id"]) for row in kantata.query("SELECT id, name FROM skills")}
    called = [str(head).rpartition(" > ")[2] for head in rows[1][6:]]
    skills = [known.get(name) or int(name) for name in called]
    return {
        (int(str(row[0])), skill, int(str(level)))
        for row in rows[2:]
        if row[0]
        for skill, level in zip(skills, row[6:], strict=True)
        if level is not None
    }


def held(kantata: Running, sql: str) -> set[tuple[int, int, int]]:
    return {(row["user_id"], row["skill_id"], row["level"]) for row in kantata.query(sql)}


@pytest.mark.parametrize(
    ("options", "sql"),
    [
        ((), ALL),
        (("--active-only",), f"{ALL} JOIN users u ON u.id = m.user_id WHERE u.disabled = 0"),
        (
            ("--group", "Cloud Practice", "--category", "Language"),
            (
                f"{ALL} JOIN skills s ON s.id = m.skill_id JOIN skill_categories c ON c.id = s.skill_category_id "
                "WHERE c.name = 'Language' AND m.user_id IN (SELECT user_id FROM user_group_memberships x "
                "JOIN workspace_groups g ON g.id = x.workspace_group_id WHERE g.name = 'Cloud Practice')"
            ),
        ),
        (
            ("--project", "Northwind Data Platform"),
            (
                f"{ALL} WHERE m.user_id IN (SELECT user_id FROM participations p JOIN workspaces w "
                "ON w.id = p.workspace_id WHERE w.title = 'Northwind Data Platform')"
            ),
        ),
    ],
)
def test_each_cell_holds_the_level_that_the_database_holds(
    importer: Importer, kantata: Running, options: tuple[str, ...], sql: str
) -> None:
    ran = importer("export", "skill-matrix", *options, "--json")

    wanted = held(kantata, sql)
    assert ran.code == 0, ran.err
    assert levels_in(sheet_of(Path("skill-matrix.xlsx")), kantata) == wanted
    assert ran.json["levels"] == len(wanted)


def test_people_stand_with_their_title_department_and_geography(importer: Importer, kantata: Running) -> None:
    importer("export", "skill-matrix")
    rows = list(sheet_of(Path("skill-matrix.xlsx")).iter_rows(min_row=2, max_col=6, values_only=True))

    wanted = {
        str(row["id"]): (row["full_name"], row["email_address"], row["headline"])
        for row in kantata.query("SELECT * FROM users WHERE account_id = 6300412")
    }
    places = kantata.query(
        f"{PATHS} SELECT m.member_id, d.path AS department, g.path AS geography FROM organization_memberships m "
        "JOIN places d ON d.id = m.department_id JOIN places g ON g.id = m.geography_id WHERE m.member_type = 'User'"
    )
    assert list(rows[0]) == WHO
    told = {str(row[0]): row[1:4] for row in rows[1:] if row[0]}
    assert told == wanted
    where = {str(row[0]): row[4:] for row in rows[1:] if row[0]}
    for row in places:
        department, geography = where[str(row["member_id"])]
        assert row["department"].removeprefix("Company > ") in str(department).split("; ")
        assert row["geography"].removeprefix("World > ") in str(geography).split("; ")


def test_a_matrix_loaded_as_it_is_has_nothing_to_do(importer: Importer, kantata: Running) -> None:
    importer("export", "skill-matrix")
    before = len(kantata.requests())

    ran = importer("apply", "skill-matrix.xlsx", "--yes", "--json")

    (count,) = kantata.query("SELECT count(*) AS n FROM skill_memberships")
    assert (ran.code, ran.json["outcomes"]["unchanged"], ran.json["rows"]) == (0, count["n"], count["n"])
    assert {row["method"] for row in kantata.requests()[before:]} == {"GET"}


def test_a_level_that_is_changed_in_it_is_loaded(importer: Importer, kantata: Running) -> None:
    importer("export", "skill-matrix", "--user", "kwame.mensah@example.com")
    book = openpyxl.load_workbook("skill-matrix.xlsx")
    sheet = book.worksheets[0]
    column = next(cell.column for cell in sheet[2] if cell.value == "Python")
    sheet.cell(3, column).value = 5
    book.save("changed.xlsx")

    ran = importer("apply", "changed.xlsx", "--yes", "--json")

    (now,) = kantata.query(
        "SELECT level FROM skill_memberships m JOIN users u ON u.id = m.user_id JOIN skills s ON s.id = m.skill_id "
        "WHERE u.full_name = 'Kwame Mensah' AND s.name = 'Python'"
    )
    assert (ran.code, now["level"]) == (0, 5)


def test_it_can_be_looked_at_filtered_printed_and_filled_in(importer: Importer) -> None:
    importer("export", "skill-matrix")
    sheet = sheet_of(Path("skill-matrix.xlsx"))

    scales = [rule for some in sheet.conditional_formatting for rule in some.rules if rule.type == "colorScale"]
    assert sheet.column_dimensions["A"].hidden
    assert sheet.freeze_panes == "C3"
    assert sheet.auto_filter.ref is not None
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$2")
    assert {each.type for each in sheet.data_validations.dataValidation} == {"list"}
    assert scales
    assert {"Skill", "Language", "Certification", "Other"} <= {str(cell.value) for cell in sheet[1]}


@pytest.mark.parametrize(
    ("shape", "names"),
    [
        (Shape(SHAPE.who, widest=106), ["Skill 1", "Skill 2", "Language", "Certification", "Other"]),
        (Shape(SHAPE.who, longest=402), ["Skill matrix (1)", "Skill matrix (2)", "Skill matrix (3)"]),
    ],
)
def test_what_a_sheet_has_no_room_for_stands_on_others_which_is_said_and_loads_as_one(
    importer: Importer, client: Client, kantata: Running, shape: Shape, names: list[str]
) -> None:
    done = export_matrix(access_with(client), ExportFilters(), Path("large.xlsx"), shape=shape)

    book = openpyxl.load_workbook("large.xlsx")
    ran = importer("plan", "large.xlsx", "--json")
    assert [sheet.title for sheet in book.worksheets[: len(names)]] == names
    assert f"They stand on {len(names)} sheets" in " ".join(done.notes)
    assert "which load as one" in " ".join(str(row[0]) for row in book["Instructions"].values)
    assert (ran.code, ran.json["problems"]) == (0, [])
    assert ran.json["changes"] == {
        "create": 0, "update": 0, "unchanged": len(held(kantata, ALL)), "remove": 0
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-o", "matrix.csv"), "A matrix is a workbook"),
        (("--group", "Clod Practice"), "The nearest are Cloud Practice"),
        (("--user", "tomas.lindqvist@example.com", "--group", "Cloud Practice"), "These filters leave no person"),
    ],
)
def test_what_is_no_matrix_is_wrong_usage(importer: Importer, options: tuple[str, ...], said: str) -> None:
    ran = importer("export", "skill-matrix", *options)

    assert ran.code == 2
    assert said in ran.err
    assert not list(Path().glob("*.*"))
