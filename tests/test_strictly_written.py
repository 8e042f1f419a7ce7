"""Every workbook that we write is one that Excel opens without offering to repair it."""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from importer.sandbox import Running
from importer.spreadsheet.write.matrix_sheet import MatrixSheet, PersonRow, Shape, SkillColumn
from importer.spreadsheet.write.matrix_template import LiveMatrix, write_live_matrix
from tests.conftest import ROOT, SAMPLES, Importer
from tests.loads import write_list
from tests.spreadsheet.rich import rich_workbook
from tests.strict import faults

NAMES = ("=1+1", "a & <b> \"c\"", "_x0041_", "x\x01y", "\U0001f600 smile", "line\nbreak", "python", "PYTHON",
         "W" * 40_000, "'quoted'", " spaced ", "\U0001f3ac" * 20_000, "True")  # fmt: skip


@pytest.fixture
def hostile(kantata: Running) -> Running:
    """An account whose names are as bad as names can be."""
    people = kantata.query("SELECT DISTINCT user_id id FROM skill_memberships ORDER BY 1 LIMIT 13")
    skills = kantata.query("SELECT DISTINCT skill_id id FROM skill_memberships ORDER BY 1 LIMIT 13")
    for name, person, skill in zip(NAMES, people, skills, strict=True):
        kantata.execute("UPDATE users SET full_name = ?, headline = ? WHERE id = ?", name, name, person["id"])
        kantata.execute("UPDATE skills SET name = ? WHERE id = ?", name, skill["id"])
    kantata.execute("UPDATE skill_categories SET name = 'Tools [new]: a/b*?\\ ' || name")
    kantata.execute("UPDATE workspace_groups SET name = ? WHERE id = (SELECT max(id) FROM workspace_groups)", NAMES[1])
    return kantata


EXPORTS = [
    ("export", "skill-memberships"),
    ("export", "user-group-memberships"),
    ("export", "organization-memberships"),
    ("export", "users"),
    ("export", "skills"),
    ("export", "groups"),
    ("export", "organizations"),
    ("export", "skill-matrix"),
    ("export", "skill-matrix", "--category", "Tools [new]: a/b*?\\ Language"),
    ("template", "skill-memberships", "--live"),
    ("template", "organization-memberships", "--live"),
    ("template", "skill-memberships", "--live", "--matrix"),
    ("template", "user-group-memberships"),
    ("template", "skill-memberships", "--matrix"),
]


def wrong(folder: Path) -> dict[str, list[str]]:
    """What is wrong with each workbook of a folder."""
    found = {path.name: faults(path.read_bytes()) for path in folder.glob("*.xlsx")}
    assert found
    return {name: some for name, some in found.items() if some}


@pytest.mark.usefixtures("hostile")
def test_exports_and_templates(importer: Importer) -> None:
    for number, command in enumerate(EXPORTS):
        ran = importer(*command, "-o", f"{number}.xlsx")
        assert ran.code == 0, ran.err

    assert wrong(Path()) == {}


def test_a_report_with_targets_and_changes(importer: Importer, hostile: Running, tmp_path: Path) -> None:
    targets = write_list(tmp_path / "targets.csv", ("skill", "level", "how many"), [("Airflow", 3, 20), ("=1+1", 2, 4)])
    importer("export", "skill-memberships", "-o", "before.csv")
    hostile.execute("UPDATE skill_memberships SET level = level + 1 WHERE level BETWEEN 1 AND 4 AND id % 3 = 1")
    hostile.execute("DELETE FROM skill_memberships WHERE id % 7 = 3")

    ran = importer("export", "skill-report", "--targets", targets, "--since", "before.csv")

    assert ran.code == 0, ran.err
    assert wrong(Path()) == {}


def test_a_report_of_nothing(importer: Importer, kantata: Running) -> None:
    for table in ("skill_memberships", "skills", "user_group_memberships", "organization_memberships"):
        kantata.execute(f"DELETE FROM {table}")

    importer("export", "skill-report", "-o", "empty.xlsx")
    importer("export", "skill-memberships", "-o", "none.xlsx")

    assert wrong(Path()) == {}


@pytest.mark.usefixtures("kantata")
@pytest.mark.parametrize(
    "name", ["skill-memberships-mistakes.xlsx", "gallery/skill-survey.xlsx", "skill-memberships.csv"]
)
def test_plans_results_and_aliases(importer: Importer, tmp_path: Path, name: str) -> None:
    path = tmp_path / Path(name).name
    path.write_bytes((SAMPLES / name).read_bytes())

    importer("plan", path, "-o", tmp_path / "plan.xlsx")
    importer("apply", path, "--yes", "--accept", "shifted,lost-skills", "-o", tmp_path / "result.xlsx")
    importer("apply", tmp_path / "result.xlsx", "--yes", "--accept", "shifted", "-o", tmp_path / "second.xlsx")

    assert (tmp_path / "result.xlsx").exists()
    assert wrong(tmp_path) == {}


def test_a_result_that_has_a_great_deal_to_say_of_the_file(importer: Importer, tmp_path: Path) -> None:
    unused = tuple(f"A column of ours that nobody uses, number {number}" for number in range(100))
    path = write_list(
        tmp_path / "wide.csv", ("email", "skill", "level", *unused), [("a@x.example", "Python", 3, *unused)]
    )

    importer("apply", path, "--yes")

    assert (tmp_path / "wide.result.xlsx").exists()
    assert wrong(tmp_path) == {}


def test_a_sheet_for_each_category_whatever_it_is_called() -> None:
    categories = ("Python", "python", "Lists", "instructions", "History", "W" * 30 + "'s", "W" * 40, "a[b]", "a b",
                  "x\x01y", "\U0001f3ac Film and video production skills", "???", "'", "")  # fmt: skip
    skills = [SkillColumn(f"{number}", f"Skill {number}", each, 5) for number, each in enumerate(categories)]
    people = [PersonRow("7", "Ann Lee", "ann@example.com", "")]
    levels = {"7": {skill.id: 3 for skill in skills}}
    matrix = MatrixSheet("Skill matrix", people, skills, levels, shape=Shape(widest=len(Shape().who) + 1))
    target = BytesIO()

    write_live_matrix(target, LiveMatrix(matrix, (), dt.datetime(2026, 1, 1)))  # noqa: DTZ001  (as the format has it)

    assert len(openpyxl.load_workbook(target).sheetnames) == len(categories) + 2
    assert faults(target.getvalue()) == []


def test_the_committed_workbooks() -> None:
    for folder in (ROOT / "templates", SAMPLES, SAMPLES / "gallery"):
        assert wrong(folder) == {}


def test_a_rich_workbook_of_a_persons_own_with_our_marks(importer: Importer, tmp_path: Path) -> None:
    path = tmp_path / "team.xlsm"
    path.write_bytes(rich_workbook())
    before = set(faults(path.read_bytes()))

    ran = importer("apply", path, "--yes", "-o", tmp_path / "r.xlsm")

    assert (tmp_path / "r.xlsm").exists(), ran.err
    assert set(faults((tmp_path / "r.xlsm").read_bytes())) <= before


# ---- and what is wrong is found


@pytest.fixture(scope="module")
def good() -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet, other = book.add_worksheet("One"), book.add_worksheet("Two")
        for at, sheet_ in enumerate((sheet, other)):
            sheet_.add_table(0, 0, 3, 1, {"name": f"T{at}able", "columns": [{"header": "a"}, {"header": "b"}]})
            sheet_.write_column(1, 0, ["x", "y", "z"], book.add_format({"bold": True}))
            sheet_.write_column(1, 1, [1, 2, 3])
        sheet.data_validation(1, 0, 3, 0, {"validate": "list", "source": ["x", "y", "z"]})
        sheet.conditional_format(1, 1, 3, 1, {"type": "cell", "criteria": ">", "value": 1, "format": book.add_format()})
        sheet.write_url(5, 0, "internal:'Two'!A1")
        sheet.merge_range(7, 0, 8, 1, "merged")
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": ["One", 1, 1, 3, 1]})
        sheet.insert_chart(0, 4, chart)
        book.define_name("Figure", "=One!$B$2")
    return target.getvalue()


SHEET, TABLE = "xl/worksheets/sheet1.xml", "xl/tables/table1.xml"
RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"
SEEDED = {
    "a column of another name": (TABLE, rb'name="a"', b'name="c"', "its header"),
    "two columns of a name": (TABLE, rb'name="b"', b'name="A"', "its header"),
    "two tables of a name": (TABLE, rb'displayName="T0able"', b'displayName="T1able"', "is the name of two"),
    "a table that is named like a cell": (TABLE, rb'displayName="T0able"', b'displayName="AB12"', "no name for"),
    "a table without a row": (TABLE, rb'ref="A1:B4"', b'ref="A1:B1"', "has no row"),
    "a table over a merge": (TABLE, rb'ref="A1:B4"', b'ref="A1:B9"', "over each other"),
    "a cell twice": (SHEET, rb'r="B2"', b'r="A2"', "after column"),
    "a row twice": (SHEET, rb'<row r="3"', b'<row r="2"', "after row"),
    "a style too many": (SHEET, rb'<c r="A2" s="1"', b'<c r="A2" s="99"', "of no style"),
    "a number that is none": (SHEET, rb"<v>3</v></c></row>", b"<v>NaN</v></c></row>", "no number"),
    "a text that is not there": (SHEET, rb't="s"><v>\d+<', b't="s"><v>9999<', "no shared string"),
    "a long drop-down": (SHEET, rb'"x,y,z"', b'"' + b"x" * 256 + b'"', "says too much"),
    "a link to nowhere": (SHEET, rb"location=\"'Two'!A1\"", b"location=\"'Three'!A1\"", "leads to"),
    "elements in another order": (SHEET, rb"(<mergeCells.*</mergeCells>)(<cond.*</conditionalFormatting>)", rb"\2\1",
                                  "another order"),
    "no XML": (SHEET, rb"</worksheet>", b"", "no XML"),
    "a relation less": (RELATIONS, rb'Id="rId1"', b'Id="rId9"', "leads nowhere"),
    "a part that is not there": (RELATIONS, rb"tables/table1", b"tables/table8", "not there"),
    "no content type": ("[Content_Types].xml", rb'<Override PartName="/xl/tables/table1.xml"[^>]*/>',
                        b'<Override PartName="/xl/tables/none.xml" ContentType="x"/>', "is not there"),
    "two sheets of a name": ("xl/workbook.xml", rb'name="Two"', b'name="one"', "two sheets of one name"),
    "a long name": ("xl/workbook.xml", rb'name="Two"', b'name="' + b"T" * 32 + b'"', "no name for a sheet"),
    "a name of too many emoji": ("xl/workbook.xml", b'name="Two"', b'name="' + "\U0001f3ac".encode() * 16 + b'"',
                                 "no name for a sheet"),
    "a name that is Excel's own": ("xl/workbook.xml", b'name="Two"', b'name="history"', "no name for a sheet"),
    "a row too high": (SHEET, rb'<row r="2"', b'<row r="2" ht="410" customHeight="1"', "too high"),
    "a name of nothing": ("xl/workbook.xml", rb"One!\$B\$2", b"Four!$B$2", "refers to"),
    "a chart on nothing": ("xl/charts/chart1.xml", rb"One!\$B\$2:\$B\$4", b"One!$M$2:$M$4", "holds nothing"),
}  # fmt: skip


def parts_of(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        yield from ((name, package.read(name)) for name in package.namelist())


def test_a_good_workbook_has_no_fault(good: bytes) -> None:
    assert faults(good) == []


@pytest.mark.parametrize("fault", SEEDED)
def test_what_excel_would_repair_is_found(good: bytes, fault: str) -> None:
    part, before, after, said = SEEDED[fault]
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in parts_of(good):
            seeded = re.sub(before, after if b"\\2" in after else lambda _: after, content, count=1, flags=re.DOTALL)
            assert name != part or seeded != content
            package.writestr(name, seeded if name == part else content)

    assert [found for found in faults(target.getvalue()) if said in found]


def test_a_workbook_by_another_hand_has_no_fault(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["a", 1, None, True])
    book.save(tmp_path / "theirs.xlsx")

    assert wrong(tmp_path) == {}
