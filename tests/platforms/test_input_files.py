"""Files to read where the system, a shell or another program has its own way with them."""

import errno
from pathlib import Path, PurePosixPath, PureWindowsPath

import openpyxl
import pytest

from importer.spreadsheet.read.file_type import is_web_address
from tests.conftest import Importer

OWNER = b"\x04Dana" + b" " * 160


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["user_id", "skill_id", "level"])
    book.worksheets[0].append([11, 12, 3])
    book.save(path)
    return path


@pytest.mark.parametrize("sign", ["~$team.xlsx", ".~lock.team.xlsx#"])
def test_a_workbook_that_somebody_has_open_is_read_and_what_is_not_saved_is_told(
    offline: Importer, tmp_path: Path, sign: str
) -> None:
    workbook(tmp_path / "team.xlsx")
    (tmp_path / sign).write_bytes(OWNER)

    assert (
        "team.xlsx seems to be open in another program. What is not saved there is not loaded."
        in offline("check", "team.xlsx").err
    )


def test_a_workbook_that_nobody_has_open_says_nothing_of_it(offline: Importer, tmp_path: Path) -> None:
    workbook(tmp_path / "team.xlsx")
    (tmp_path / "~$other.xlsx").write_bytes(OWNER)

    assert "open in another program" not in offline("check", "team.xlsx").err


def test_a_pattern_that_took_in_the_lock_file_of_a_workbook_reads_the_workbook(
    offline: Importer, tmp_path: Path
) -> None:
    workbook(tmp_path / "team.xlsx")
    (tmp_path / "~$team.xlsx").write_bytes(OWNER)

    ran = offline("check", "team.xlsx", "~$team.xlsx", "--json")

    assert (ran.code, [each["file"] for each in ran.json.get("tables", [ran.json])]) == (0, ["team.xlsx"])


@pytest.mark.usefixtures("windows")
def test_on_windows_a_pattern_is_all_files_of_such_names(offline: Importer, tmp_path: Path) -> None:
    for name in ("b [old].xlsx", "a [old].xlsx", "a.xlsx"):
        workbook(tmp_path / name)

    ran = offline("check", "* [old].xlsx")

    assert [line.partition(",")[0] for line in ran.err.splitlines() if " rows " in line or " row " in line] == [
        "a [old].xlsx",
        "b [old].xlsx",
    ]


@pytest.mark.usefixtures("windows")
def test_a_pattern_that_fits_nothing_is_a_file_that_is_not_there(offline: Importer) -> None:
    ran = offline("check", "nothing*.xlsx")

    assert (ran.code, "nothing*.xlsx" in ran.err) == (5, True)


@pytest.mark.usefixtures("windows")
def test_a_device_of_windows_is_not_read(offline: Importer) -> None:
    ran = offline("check", "CON")

    assert (ran.code, ran.err) == (5, "There is no file CON. Check the name and the folder.\n")


@pytest.mark.usefixtures("windows")
def test_a_path_that_is_too_long_for_windows_is_told_as_such(offline: Importer, tmp_path: Path) -> None:
    path = tmp_path / ("a" * 120) / ("b" * 120) / "team.xlsx"

    ran = offline("check", path)

    assert ran.code == 5
    assert ran.err == (
        f"We could not open team.xlsx: with its folders its name has {len(str(path))} characters, and Windows takes "
        "259. Copy it to a folder with a shorter path.\n"
    )


@pytest.mark.usefixtures("macos")
def test_a_folder_that_macos_keeps_to_itself_is_told_with_where_to_allow_it(
    offline: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted", str(self))

    workbook(tmp_path / "team.xlsx")
    monkeypatch.setattr(Path, "open", refuse)

    ran = offline("check", "team.xlsx")

    assert ran.code == 5
    assert "macOS keeps this program from opening team.xlsx. Allow it under System Settings" in ran.err


def test_an_address_is_one_with_the_slashes_of_either_system() -> None:
    address = "https://example.com/skills.xlsx"

    assert is_web_address(PurePosixPath(address))
    assert is_web_address(PureWindowsPath(address))
    assert not is_web_address(PureWindowsPath("C:/https/skills.xlsx"))
    assert not is_web_address(PureWindowsPath("//server/share/skills.xlsx"))


def test_a_name_of_a_sheet_is_found_however_the_system_writes_its_accents(offline: Importer, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "\u00c9quipe"
    book.worksheets[0].append(["user_id", "skill_id", "level"])
    book.worksheets[0].append([11, 12, 3])
    book.save(tmp_path / "team.xlsx")

    assert offline("check", "team.xlsx", "--sheet", "E\u0301quipe").code == 0
