"""The report's workbook: whole, safe, the same each time, and its charts stand on cells that hold data."""

import datetime as dt
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest

from importer.export import report
from importer.export.record_filters import Filters
from importer.export.report.report_page import write_page
from importer.export.report.report_workbook import write_workbook
from importer.kantata.client import Client
from importer.sandbox import Running
from tests.conftest import Importer
from tests.loads import access_with
from tests.report.counted import one
from tests.report.reading import Book

HOSTILE = ("=1+1", "+44 20", "-3", "@SUM(A1)", "<script>alert(1)</script>", "a & b", 'say "hi"', "_x0041_", "x\x01y")


def written(importer: Importer, *options: object) -> Book:
    ran = importer("export", "skill-report", *options)
    assert ran.code == 0, ran.err
    return Book(Path(ran.out.strip()))


def test_every_range_of_every_chart_holds_data(importer: Importer, kantata: Running, tmp_path: Path) -> None:
    targets = tmp_path / "targets.csv"
    targets.write_text("skill,level,how many\nAirflow,3,20\nGerman,,4\n", encoding="utf-8")
    first = written(importer, "--group", "Cloud Practice")
    # One person alone shall have two skills: a chart of ones says nothing, and is left out.
    (one,) = kantata.query(
        """SELECT m.user_id id FROM skill_memberships m JOIN users u ON u.id = m.user_id WHERE u.disabled = 0
        GROUP BY 1 HAVING count(*) = 4 ORDER BY 1 LIMIT 1"""
    )
    kantata.execute(
        """DELETE FROM skill_memberships WHERE user_id <> ? AND skill_id IN
        (SELECT skill_id FROM skill_memberships WHERE user_id = ?)""",
        *(one["id"], one["id"]),
    )

    book = written(importer, "--targets", targets, "--since", first.path)

    charts = book.charts()
    assert {chart.title.split(":")[0] for chart in charts} == {
        "Skills by level", "People who have a skill", "Their levels", "Levels in each category",
        "People by number of skills", "Skills that only they have", "Levels in each department",
        "Levels in each geography", "Levels in each group", "Wanted and there", "Changes by skill", "Changes by person",
    }  # fmt: skip
    for chart in charts:
        assert chart.series
        for name, categories, values in chart.series:
            assert all(isinstance(text, str) and text for text in (*book.values(name), *book.values(categories)))
            numbers = book.values(values)
            assert len(numbers) == len(book.values(categories)) <= 30
            assert all(isinstance(number, int) for number in numbers)
            assert any(numbers)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_libreoffice_opens_it_and_finds_every_cell_and_every_chart(importer: Importer, tmp_path: Path) -> None:
    book = written(importer)
    again = tmp_path / "again"

    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx",
         "--outdir", str(again), str(book.path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip

    theirs = Book(again / book.path.name)
    assert theirs.book.sheetnames == book.book.sheetnames
    for name in book.book.sheetnames:
        assert theirs.cells(name) == book.cells(name)
    assert len(theirs.charts()) == len(book.charts()) > 5


def test_a_chart_of_more_than_thirty_rows_shows_the_first_and_says_so(importer: Importer) -> None:
    book = written(importer)

    skills = [chart for chart in book.charts() if chart.title.startswith("People who have a skill")]

    assert [chart.title for chart in skills] == ["People who have a skill: the first 30 of 230 skills"]
    ((_, categories, values),) = skills[0].series
    rows = book.table("Skills")[:30]
    assert book.values(categories) == [row["Skill"] for row in rows]
    assert book.values(values) == [row["People"] for row in rows]


def test_every_sheet_says_what_one_sees_leads_back_and_is_set_up_for_print(importer: Importer) -> None:
    book = written(importer)

    names = book.book.sheetnames
    assert names == [
        "Cover", "Skills", "Categories", "People", "Breadth", "Single holders", "Key people", "Departments",
        "Geographies", "Groups", "Memberships",
    ]  # fmt: skip
    linked = [cell.hyperlink.location for row in book.sheet("Cover") for cell in row if cell.hyperlink]
    assert linked == [f"'{name}'!A1" for name in names[1:]]
    for name in names:
        sheet = book.sheet(name)
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0 or name == "Cover"
        assert sheet.freeze_panes or name == "Cover"
        if name not in ("Cover", "Memberships"):
            assert sheet["A1"].font.sz == 16
            assert str(sheet["A2"].value).endswith(".")
            assert any(cell.hyperlink and cell.hyperlink.location == "'Cover'!A1" for row in sheet for cell in row)
    assert {table for sheet in book.book.worksheets for table in sheet.tables} == {
        "Levels", "Skills", "Categories", "People", "Breadth", "SingleHolders", "KeyPeople", "Departments",
        "Geographies", "Groups", "Memberships",
    }  # fmt: skip


def test_a_text_that_looks_like_a_formula_or_a_code_stays_the_text_that_it_is(
    importer: Importer, kantata: Running
) -> None:
    people = [row["id"] for row in kantata.query("SELECT DISTINCT user_id id FROM skill_memberships ORDER BY 1")]
    skills = [row["id"] for row in kantata.query("SELECT DISTINCT skill_id id FROM skill_memberships ORDER BY 1")]
    for text, person, skill in zip(HOSTILE, people, skills, strict=False):
        kantata.execute("UPDATE users SET full_name = ?, headline = ?, disabled = 0 WHERE id = ?", text, text, person)
        kantata.execute("UPDATE skills SET name = ? WHERE id = ?", text, skill)
    kantata.execute("UPDATE workspace_groups SET name = ? WHERE id IN (SELECT max(workspace_group_id) FROM "
                    "user_group_memberships)", HOSTILE[0])  # fmt: skip

    book = written(importer)

    for sheet in book.book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    plain = {text.replace("\x01", "_x0001_") for text in HOSTILE}
    for header, name in (("Skill", "Skills"), ("Person", "People"), ("Title", "People"), ("Skill", "Memberships")):
        # openpyxl leaves some codes of control characters and of underscores as they stand in the file.
        texts = (str(row[header]) for row in book.table(name))
        shown = {text.replace("_x005F_", "_").replace("\x01", "_x0001_") for text in texts}
        assert plain <= shown, plain - shown


def test_an_account_without_skills_and_records_has_a_report_that_says_so(importer: Importer, kantata: Running) -> None:
    for table in ("skill_memberships", "skills", "user_group_memberships", "organization_memberships"):
        kantata.execute(f"DELETE FROM {table}")

    book = written(importer)

    assert book.figure("MembershipCount") == book.figure("SkillsInUse") == 0
    assert book.figure("AverageLevel") == "\u2013"
    assert book.figure("PeopleWithoutSkill") == book.figure("PeopleCount") > 0
    assert "There is no skill." in book.texts("Skills")
    assert "No skill is held by one person only." in book.texts("Single holders")
    assert [chart.title for chart in book.charts()] == ["People by number of skills"]
    assert not {"Departments", "Geographies", "Groups"} & set(book.book.sheetnames)


def test_filters_choose_people_and_skills_and_are_told_on_the_cover(importer: Importer, kantata: Running) -> None:
    book = written(importer, "--group", "Cloud Practice", "--category", "Language")

    counted = one(
        kantata,
        """SELECT count(*) FROM held h WHERE category = 'Language' AND user_id IN (SELECT user_id
        FROM user_group_memberships m JOIN workspace_groups g ON g.id = m.workspace_group_id
        WHERE g.name = 'Cloud Practice')""",
    )
    assert book.figure("MembershipCount") == counted > 0
    assert {row["Category"] for row in book.table("Skills")} == {"Language"}
    assert "Only groups Cloud Practice; categories Language" in book.texts("Cover")


def test_inactive_people_are_left_out_unless_they_are_asked_for(importer: Importer, kantata: Running) -> None:
    active, everybody = written(importer), written(importer, "--with-inactive")

    (counted,) = kantata.query("SELECT count(*) n, sum(disabled) off FROM users WHERE account_id = 6300412")
    assert everybody.figure("PeopleCount") == counted["n"]
    assert active.figure("PeopleCount") == counted["n"] - counted["off"]
    assert f"{counted['off']} inactive people are left out." in active.texts("Cover")


@pytest.mark.parametrize("write", [write_workbook, write_page])
def test_the_same_account_gives_the_same_report_byte_for_byte(client: Client, write: object) -> None:
    assert callable(write)
    made = dt.datetime(2026, 3, 1, 12, 0)  # noqa: DTZ001  (the format wants it without a zone)
    files = []
    for _ in range(2):
        target = BytesIO()
        write(target, report.make(access_with(client), Filters(), report.Against(), made).report)
        files.append(target.getvalue())

    assert files[0] == files[1]
    assert len(files[0]) > 50_000


def test_more_memberships_than_a_sheet_has_rows_go_on_in_a_second_one(client: Client, tmp_path: Path) -> None:
    shown = report.make(access_with(client), Filters(), report.Against()).report
    path = tmp_path / "report.xlsx"
    with path.open("wb") as file:
        write_workbook(file, shown, longest=1_001)

    book = Book(path)

    assert book.sheet("Memberships").max_row == 1_001
    assert book.sheet("Memberships 2").max_row == 1 + shown.memberships.height - 1_000


def test_a_file_that_is_there_is_never_overwritten(importer: Importer, tmp_path: Path) -> None:
    (tmp_path / "skill-report.xlsx").write_text("mine", encoding="utf-8")

    book = written(importer)

    assert book.path.name == "skill-report (2).xlsx"
    assert (tmp_path / "skill-report.xlsx").read_text(encoding="utf-8") == "mine"


def test_a_report_of_another_kind_of_file_is_refused_before_anything_is_read(
    importer: Importer, kantata: Running
) -> None:
    ran = importer("export", "skill-report", "-o", "report.pdf")

    assert ran.code == 2
    assert "report.pdf is not a name for a report. Use a name that ends in .xlsx" in ran.err
    assert kantata.requests() == []


def test_a_folder_that_is_not_there_is_told_before_anything_is_read(importer: Importer, kantata: Running) -> None:
    ran = importer("export", "skill-report", "-o", "nowhere/report.xlsx")

    assert ran.code == 4
    assert "We cannot write files in nowhere" in ran.err
    assert kantata.requests() == []


def test_a_report_sends_no_write(importer: Importer, kantata: Running) -> None:
    written(importer)

    assert {request["method"] for request in kantata.requests()} == {"GET"}


def test_json_tells_the_numbers(importer: Importer) -> None:
    ran = importer("export", "skill-report", "--json")

    book = Book(Path(ran.json["report"]))
    assert ran.json["numbers"] == {name: book.figure(name) for name in ran.json["numbers"]}
    assert ran.json["problems"] == []
