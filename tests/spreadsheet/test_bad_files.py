import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from tests.books import raw_workbook, workbook
from tests.conftest import Importer

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def encrypted(path: Path, password: str) -> Path:
    plain = BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0].append(["user_id", "skill_id", "level"])
    book.worksheets[0].append([1, 2, 3])
    book.save(plain)
    with path.open("wb") as file:
        OOXMLFile(plain).encrypt(password, file)
    return path


def zipped(parts: dict[str, str]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target.getvalue()


GOOD = raw_workbook('<row r="1"><c r="A1"><v>1</v></c></row>')

BAD = {
    "empty.csv": (b"", "empty.csv is empty."),
    "blank.csv": (b"\n \n\r\n", "blank.csv is empty."),
    "broken.xlsx": (GOOD[: len(GOOD) // 2], "broken.xlsx is damaged"),
    "torn.xlsx": (GOOD.replace(b"xl/worksheets", b"xl/warksheets"), "torn.xlsx"),
    "picture.xlsx": (PNG, "picture.xlsx is a PNG picture, not a sheet."),
    "page.xls": (b"\r\n<html><body><table><tr><td>user_id</td></tr></table>", "page.xls is a web page (HTML)"),
    "paper.xlsx": (b"%PDF-1.7 ...", "paper.xlsx is a PDF"),
    "letter.xlsx": (zipped({"word/document.xml": "<x/>"}), "letter.xlsx is a Word document."),
    "apple.xlsx": (zipped({"Index/Document.iwa": "x"}), "apple.xlsx is an Apple Numbers document."),
    "things.zip": (zipped({"a.txt": "x"}), "things.zip is a zip archive without a workbook in it."),
    "data.xml": (b'<?xml version="1.0"?><rows/>', "data.xml is XML"),
    "torn.jsonl": (b'{"user_id": "1", "level": 2}\n{"user_id": "1", "lev', "torn.jsonl, line 2: this is not JSON"),
    "deep.jsonl": (b'{"a":' + b"[" * 200_000, "deep.jsonl, line 1: this is not JSON"),
    "numbers.jsonl": (b'{"user_id": "1"}\n7\n', "numbers.jsonl, line 2: this is not a JSON object."),
    "latin.jsonl": ('{"user": "Zo\u00eb"}\n'.encode("latin-1"), "latin.jsonl is not in UTF-8, as JSON must be."),
    "torn.parquet": (b"PAR1" + b"\x15\x04" * 40, "torn.parquet is damaged"),
    "program.csv": (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00" * 20, "it has bytes that no text has"),
    "noise.csv": (b"alpha,beta\n1,2\n", "no row is a header that we know."),
    "half.csv": (b"user_id,level\n1,2\n", "has no column for skill_id or skill"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_read_ends_in_one_sentence_and_code_5(
    offline: Importer, tmp_path: Path, name: str
) -> None:
    content, sentence = BAD[name]
    (tmp_path / name).write_bytes(content)

    ran = offline("check", name)

    assert ran.code == 5
    assert sentence in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert "Traceback" not in ran.err


def test_a_missing_file_and_a_folder_are_named(offline: Importer, tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()

    missing, folder = offline("check", "nowhere.xlsx"), offline("check", "folder.xlsx")

    assert (missing.code, folder.code) == (5, 5)
    assert missing.err == "There is no file nowhere.xlsx. Check the name and the folder.\n"
    assert folder.err == "folder.xlsx is a folder. Choose a file in it.\n"


def test_a_sheet_that_does_not_exist_is_answered_with_those_that_do(offline: Importer, tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", [["user_id", "skill_id"]], sheet="Team A")

    ran = offline("check", "a.xlsx", "--sheet", "Team B")

    assert ran.code == 5
    assert ran.err == 'a.xlsx has no sheet "Team B". Its sheet is "Team A".\n'


def test_a_workbook_with_a_password_is_told_from_one_that_nobody_gave_a_password(
    offline: Importer, tmp_path: Path
) -> None:
    secret = encrypted(tmp_path / "secret.xlsx", "hunter2")
    quiet = encrypted(tmp_path / "quiet.xlsx", "VelvetSweatshop")

    protected, opened = offline("check", secret), offline("check", quiet)

    assert protected.code == 5
    assert "secret.xlsx is protected with a password." in protected.err
    assert opened.code == 0


def test_sheets_with_tables_of_different_kinds_are_asked_about_and_one_can_be_named(
    offline: Importer, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for title, headers in (("Skills", ["user_id", "skill_id"]), ("Groups", ["user_id", "workspace_group_id"])):
        sheet = book.create_sheet(title)
        sheet.append(headers)
        sheet.append([1, 2])
    book.save(tmp_path / "a.xlsx")

    both, one = offline("check", "a.xlsx"), offline("check", "a.xlsx", "--sheet", "Groups", "--json")

    assert both.code == 5
    assert both.err == (
        'a.xlsx has different kinds of tables: "Skills" (skill-memberships, a list), "Groups" '
        "(user-group-memberships, a list). To load one of them, add --sheet NAME.\n"
    )
    assert (one.code, one.json["endpoint"]) == (0, "user-group-memberships")


def test_sheets_that_look_alike_make_one_table_and_each_problem_has_its_own_place(
    offline: Importer, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for title, headers in (("Team A", ["user_id", "skill_id", "Level"]), ("Team B", ["Level", "user_id", "skill_id"])):
        sheet = book.create_sheet(title)
        sheet.append(["Autumn"])
        sheet.append(headers)
        sheet.append([3, 2, 1])
        sheet.append(["x1", 2, 3])
    book.save(tmp_path / "a.xlsx")

    ran, one = offline("check", "a.xlsx", "--json"), offline("check", "a.xlsx", "--sheet", "Team B", "--json")

    assert [(each["sheet"], each["cell"], each["code"]) for each in ran.json["problems"]] == [
        ("Team A", "A4", "not-an-id"),
        ("Team B", "A4", "not-whole"),
    ]
    assert ran.json["rows"] == 4
    assert ran.json["notes"][:2] == ['Sheet "Team A", header in row 2.', 'Sheet "Team B", header in row 2.']
    assert [each["cell"] for each in one.json["problems"]] == ["A4"]


def test_a_failure_is_also_given_as_json(offline: Importer) -> None:
    ran = offline("check", "nowhere.xlsx", "--json")

    assert ran.json == {
        "error": "There is no file nowhere.xlsx.",
        "code": "no-file",
        "fix": "Check the name and the folder.",
        "exit": 5,
    }
