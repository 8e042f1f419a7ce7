"""Files that are no sheets by what they are for: lock files, shortcuts, addresses; and old or protected workbooks."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Importer

SHORTCUTS = {
    "team.gsheet": (b'{"url": "https://docs.example.com/1", "doc_id": "1"}', "shortcut to a document in Google Drive"),
    "team.url": (b"[InternetShortcut]\r\nURL=https://example.com/\r\n", "team.url is only a shortcut"),
    "team.desktop": (b"[Desktop Entry]\nType=Link\nURL=https://example.com/\n", "team.desktop is only a shortcut"),
    "team.lnk": (b"L\x00\x00\x00\x01\x14\x02\x00" + b"\x00" * 60, "team.lnk is only a shortcut"),
    "~$team.xlsx": (b"\x04Dana" + b" " * 160, "~$team.xlsx is a lock file"),
    ".~lock.team.ods#": (b",dana,host,01.03.2026 09:00,file;", ".~lock.team.ods# is a lock file"),
    "old2.xls": (b"\x09\x00\x04\x00\x02\x00\x10\x00" + b"\x00" * 40, "old2.xls is in the format of Excel 2"),
    "old4.xls": (b"\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00" + b"\x00" * 40, "old4.xls is in the format of Excel 4"),
    "bare.csv": (b"dana@example.com,COBOL,4\nbo@example.com,R,2\n", "there are no headings: row 1 is a record already"),
}


@pytest.mark.parametrize("name", SHORTCUTS)
def test_what_only_stands_beside_a_sheet_or_leads_to_one_is_named(offline: Importer, tmp_path: Path, name: str) -> None:
    content, sentence = SHORTCUTS[name]
    (tmp_path / name).write_bytes(content)

    ran = offline("check", name)

    assert ran.code == 5
    assert sentence in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_a_lock_file_leads_to_the_workbook(offline: Importer, tmp_path: Path) -> None:
    (tmp_path / "~$team.xlsx").write_bytes(b"\x04Dana" + b" " * 160)

    assert "Use the workbook itself, team.xlsx." in offline("check", "~$team.xlsx").err


@pytest.mark.parametrize("address", ["https://example.com/skills.xlsx", "www.example.com/skills"])
def test_a_web_address_is_no_file(offline: Importer, address: str) -> None:
    ran = offline("check", address)

    assert ran.code == 5
    assert "is a web address, not a file. Download the sheet first" in ran.err


def test_a_workbook_without_cells_has_none(offline: Importer, tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")

    ran = offline("check", "a.xlsx")

    assert (ran.code, ran.err) == (5, "a.xlsx has no cells. Save it again.\n")


def test_an_open_document_with_a_password_says_so(offline: Importer, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", b"\x8f\x13\x99")
        package.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")

    ran = offline("check", "a.ods")

    assert ran.code == 5
    assert "a.ods is protected with a password." in ran.err


def test_a_part_whose_checksum_is_wrong_is_damage_and_no_fault_of_ours(offline: Importer, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as package:
        book = openpyxl.Workbook()
        book.worksheets[0].append(["user_id", "skill_id", "level"])
        book.worksheets[0].append([11, 12, 31415])
        book.save(tmp_path / "b.xlsx")
        with zipfile.ZipFile(tmp_path / "b.xlsx") as plain:
            for name in plain.namelist():
                package.writestr(name, plain.read(name))
    path.write_bytes(path.read_bytes().replace(b"<v>31415</v>", b"<v>31416</v>"))

    ran = offline("check", path)

    assert ran.code == 5
    assert "a.xlsx is damaged" in ran.err
