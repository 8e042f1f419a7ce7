"""What we keep on this machine is its owner's alone, whatever the umask, while it is written and afterwards."""

import os
import subprocess
from pathlib import Path

import pytest

from importer.private_files import make_file, make_state_folder
from importer.sandbox import Running
from importer.settings import Settings, keep_token
from tests.cli.terminal import finish, start
from tests.conftest import Importer
from tests.gate import Gate
from tests.loads import new_skills, write_list
from tests.private import every, open_to_others
from tests.web.program import started
from tests.web.visitor import Visitor, field

pytestmark = pytest.mark.skipif(os.name != "posix", reason="other systems have no modes")

HEADERS = ["user_id", "skill_id", "level"]


def test_a_run_of_the_command_line_lets_nobody_else_read_what_it_keeps(
    kantata: Running, gate: Gate, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 3))
    state, result = tmp_path / "state", tmp_path / "result.xlsx"
    batch = gate.hold("POST")

    process = start("apply", path, "--yes", "-o", result, umask=0)
    batch.wait()
    kept, during = {each.name for each in every(state)}, open_to_others(state)
    batch.release()
    finish(process)

    assert {"journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm", "locks"} <= kept
    assert during == {}
    assert open_to_others(state) == {}
    assert result.stat().st_mode & 0o777 == 0o666  # a file that a person asks for is as open as they have it


def test_a_run_of_the_page_lets_nobody_else_read_what_it_keeps(
    kantata: Running, gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir(mode=0o700)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    state = tmp_path / "state"
    names = write_list(tmp_path / "names.csv", ["user", "skill", "level"], [["Nobody Known", "Python", 3]])
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 3))
    batch = gate.hold("POST")

    with started(umask=0) as (_, page):
        visitor = Visitor(page).enter()
        visitor.drop(names)
        file = visitor.drop(path)
        visitor.get(f"{file}/mended")
        plan = visitor.plan(file)
        visitor.get(f"{file}/planned")
        sent = visitor.post(f"{file}/send", plan=field(plan.text, "plan")).url.removeprefix(page.root)
        batch.wait()
        kept, during = {each.name for each in every(tmp_path)}, open_to_others(state)
        in_between = open_to_others(tmp_path / "temporary")
        batch.release()
        visitor.get(f"{visitor.wait(sent).url.removeprefix(page.root)}/result")
        after = open_to_others(state), open_to_others(tmp_path / "temporary")
        visitor.session.close()

    assert {"journal.sqlite", "journal.sqlite-wal", "locks", "files", "aliases.xlsx", "team.csv"} <= kept
    assert during == {}
    assert in_between == {}
    assert after == ({}, {})


def test_what_an_earlier_version_left_open_is_closed_by_the_next_command(importer: Importer, kantata: Running) -> None:
    state = importer.folder
    path = write_list(state.parent / "team.csv", HEADERS, new_skills(kantata, 1))
    importer("apply", path, "--yes")
    (state / "files").mkdir(exist_ok=True)
    (state / "files" / "earlier.xlsx").touch()
    (state / "profiles.json").write_text("{}", encoding="utf-8")
    _open_all(state)

    importer("runs")

    assert len(list(every(state))) > 5
    assert open_to_others(state) == {}


def test_the_page_closes_at_its_start_what_an_earlier_version_left_open(offline: Importer) -> None:
    offline("runs")
    _open_all(offline.folder)

    with started():
        assert open_to_others(offline.folder) == {}


def test_a_folder_in_which_others_have_something_stays_open_but_for_what_is_ours(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").touch()
    state = tmp_path / "shared"
    for folder in (state, state / "locks", state / "website"):
        folder.mkdir()
    for file in (state / "journal.sqlite", state / "website" / "index.html"):
        file.touch()
    (state / "profiles.json").symlink_to(tmp_path / "elsewhere")
    _open_all(state)
    (tmp_path / "elsewhere").chmod(0o644)

    make_state_folder(state)

    assert open_to_others(state).keys() == {".", "website", "website/index.html", "profiles.json"}
    assert (tmp_path / "elsewhere").stat().st_mode & 0o777 == 0o644


def test_making_a_private_file_touches_none_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("here", encoding="utf-8")

    make_file(path)

    assert path.read_text(encoding="utf-8") == "here"


def test_profiles_are_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    before = os.umask(0)
    try:
        keep_token(Settings("http://127.0.0.1:9", "mine", tmp_path / "state"), "token")
    finally:
        os.umask(before)

    assert (tmp_path / "state" / "profiles.json").is_file()
    assert open_to_others(tmp_path / "state") == {}


def _open_all(folder: Path) -> None:
    subprocess.run(["chmod", "-R", "a+rwX", str(folder)], check=True)
