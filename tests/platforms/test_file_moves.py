"""Files of ours where somebody has them open, where links are not to be had, and where nobody may write."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from importer.errors import Guarded, ImporterError
from importer.sandbox import Running
from importer.spreadsheet.write.atomic_write import check_folder, put, put_over
from tests.conftest import Importer
from tests.loads import new_skills, write_list
from tests.platforms.conftest import refused_by_windows


def ours(file: BinaryIO) -> None:
    file.write(b"ours")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rename_as_windows_does(move: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
    def rename(source: Path, target: Path) -> None:
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, "Cannot create a file when that file already exists", str(target))
        move(source, target)

    return rename


@pytest.mark.usefixtures("windows")
def test_windows_gives_a_result_its_name_and_touches_none_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "team.result.xlsx").write_bytes(b"theirs")
    monkeypatch.setattr(os, "rename", rename_as_windows_does(os.rename))

    put(tmp_path / "team.result.xlsx", ours)

    assert contents(tmp_path) == {"team.result.xlsx": b"theirs", "team (2).result.xlsx": b"ours"}


@pytest.mark.usefixtures("windows")
def test_a_result_gets_its_name_once_a_scanner_lets_it_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move, scans = os.rename, [32, 32, 5]

    def rename(source: Path, target: Path) -> None:
        if scans:
            raise refused_by_windows(scans.pop())
        move(source, target)

    monkeypatch.setattr(os, "rename", rename)

    put(tmp_path / "team.result.xlsx", ours)

    assert contents(tmp_path) == {"team.result.xlsx": b"ours"}


@pytest.mark.usefixtures("windows")
def test_a_workbook_that_excel_has_open_stays_as_it_is_and_the_person_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "aliases.xlsx"
    path.write_bytes(b"theirs")

    def replace(_source: Path, _target: Path) -> None:
        raise refused_by_windows(32)

    monkeypatch.setattr(os, "replace", replace)

    with pytest.raises(ImporterError) as refused:
        put_over(path, ours)

    assert str(refused.value) == (
        "We could not write aliases.xlsx (another program has it open). If it is open, close it and try again."
    )
    assert contents(tmp_path) == {"aliases.xlsx": b"theirs"}


def test_a_file_system_without_links_gets_the_result_and_keeps_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"theirs")

    def link(_source: Path, _target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)

    put(tmp_path / "a.xlsx", ours)

    assert contents(tmp_path) == {"a.xlsx": b"theirs", "a (2).xlsx": b"ours"}


def test_a_name_that_is_refused_at_the_last_moment_is_told_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_source: Path, _target: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(os, "rename", refuse)

    with pytest.raises(ImporterError, match=r"We could not write a.xlsx in .+ \(Input/output error\)"):
        put(tmp_path / "a.xlsx", ours)

    assert contents(tmp_path) == {}


def test_a_name_that_the_folder_cannot_take_is_found_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(Guarded, match="File name too long"):
        check_folder(tmp_path / f"{'a' * 250}.result.xlsx")

    assert contents(tmp_path) == {}


@pytest.mark.parametrize("name", ["10:30.xlsx", "CON.xlsx", "nul", "lpt1.result.xlsx", "what?.xlsx", "list.xlsx ."])
@pytest.mark.usefixtures("windows")
def test_a_name_that_windows_has_not_is_told_before_anything_is_sent(
    importer: Importer, kantata: Running, tmp_path: Path, name: str
) -> None:
    path = write_list(tmp_path / "team.csv", ("user_id", "skill_id", "level"), new_skills(kantata, 1))

    ran = importer("apply", path, "--yes", "-o", name)

    assert ran.code == 4
    assert f"Windows has no file called {name}" in ran.err
    assert kantata.query("SELECT * FROM requests WHERE method = 'POST'") == []


def test_other_systems_have_files_of_such_names(tmp_path: Path) -> None:
    assert put(tmp_path / "10:30.xlsx", ours).read_bytes() == b"ours"


def test_a_link_to_a_file_of_ours_stays_a_link(tmp_path: Path) -> None:
    shared, here = tmp_path / "shared", tmp_path / "here"
    for folder in (shared, here):
        folder.mkdir()
    (shared / "aliases.xlsx").write_bytes(b"before")
    (here / "aliases.xlsx").symlink_to(shared / "aliases.xlsx")

    put_over(here / "aliases.xlsx", ours)

    assert (here / "aliases.xlsx").is_symlink()
    assert contents(shared) == {"aliases.xlsx": b"ours"}
