"""The journal, its lock, and the signals that end a run, where a system has its own way with them."""

import os
import resource
import signal
from contextlib import closing
from pathlib import Path

import pytest

from importer import Begun
from importer.cli import ending
from importer.cli.progress import Progress, export_progress
from importer.platforms.file_moves import remove
from importer.spreadsheet.read import xls_process
from importer.sync.journal import Journal
from importer.sync.lock import hold_account
from tests.platforms.conftest import refused_by_windows


def test_a_step_is_on_the_disk_itself_also_where_the_system_is_content_with_less(tmp_path: Path) -> None:
    with closing(Journal(tmp_path)) as journal:
        kept = [journal._database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "fullfsync")]

    assert kept == [2, 1]


@pytest.mark.usefixtures("windows")
def test_the_lock_is_given_back_while_somebody_reads_who_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = os.unlink

    def refuse_notes(path: Path) -> None:
        if str(path).endswith(".json"):
            raise refused_by_windows(32)
        unlink(path)

    monkeypatch.setattr(os, "unlink", refuse_notes)

    with hold_account(tmp_path, "user 11", "apply a.csv"):
        pass
    monkeypatch.setattr(os, "unlink", unlink)

    with hold_account(tmp_path, "user 11", "apply b.csv"):
        pass


def test_a_note_that_cannot_be_written_keeps_nobody_from_working(tmp_path: Path) -> None:
    with hold_account(tmp_path, "user 11", "apply a.csv"):
        (note,) = (tmp_path / "locks").glob("*.json")
    note.mkdir()  # so that it cannot be a file

    with hold_account(tmp_path, "user 11", "apply b.csv"):
        assert note.is_dir()


@pytest.mark.usefixtures("windows")
def test_what_somebody_has_open_on_windows_is_not_gone_and_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, unlink = tmp_path / "a.xlsx", os.unlink
    path.touch()

    def refuse(_path: Path) -> None:
        raise refused_by_windows(32)

    monkeypatch.setattr(os, "unlink", refuse)
    refused = remove(path)
    monkeypatch.setattr(os, "unlink", unlink)

    assert (refused, remove(path), remove(path)) == (False, True, True)


def test_ctrl_break_stops_a_run_as_ctrl_c_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "SIGBREAK", signal.SIGUSR1, raising=False)
    stops: list[str] = []
    ending.begin()  # as each command does

    with Progress(quiet=True) as progress:
        progress.show(Begun("1", "apply", "skills", "a.csv", 1, lambda: stops.append("asked")))
        os.kill(os.getpid(), signal.SIGUSR1)

    assert stops == ["asked"]
    assert signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL


def test_ctrl_break_stops_an_export_as_ctrl_c_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "SIGBREAK", signal.SIGUSR1, raising=False)

    with pytest.raises(KeyboardInterrupt), export_progress():
        os.kill(os.getpid(), signal.SIGUSR1)


def test_an_old_workbook_is_read_where_memory_cannot_be_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    bounded: list[int] = []

    def setrlimit(which: int, _limits: tuple[int, int]) -> None:
        bounded.append(which)
        if which == resource.RLIMIT_AS:  # as macOS says
            raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", setrlimit)

    xls_process._bound_memory()

    assert bounded == [resource.RLIMIT_CORE, resource.RLIMIT_AS]
