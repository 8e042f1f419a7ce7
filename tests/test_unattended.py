"""The scripts of docs/unattended.md do what the page says, with the sandbox as the account."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from importer.cli import group
from importer.sandbox import Running
from tests.books import workbook
from tests.conftest import ROOT, Importer
from tests.json_schemas import described_by
from tests.loads import new_skills

PAGE = (ROOT / "docs" / "unattended.md").read_text(encoding="utf-8")
HEADERS = ("user_id", "skill_id", "level")
_FILES = {
    Path(name).name: text
    for name, text in re.findall(
        r"`([^`\n]+\.(?:sh|cmd|service|timer))`[^`]*?:\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL
    )
}
"""The files that the page has people save, by their names."""
ANALYZER = shutil.which("systemd-analyze")


def executable(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o700)
    return path


@pytest.fixture
def night(importer: Importer, kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The script in the folder `loads` of a person who has `importer` and `mail`; mail is kept in `sent`."""
    home = tmp_path / "home"
    executable(
        home / ".local/bin/importer", f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m importer "$@"\n'
    )
    executable(home / ".local/bin/mail", '#!/bin/sh\n{ printf "%s\\n" "$@"; cat; } >> "$HOME/sent"\n')
    executable(home / "loads/tell.sh", _FILES["tell.sh"])
    (home / "loads/token").write_text(f"{kantata.token}\n", encoding="utf-8")
    monkeypatch.delenv("KANTATA_TOKEN")  # as under cron
    assert importer.folder == tmp_path / "state"
    return executable(home / "loads/nightly.sh", _FILES["nightly.sh"])


def run_night(script: Path) -> int:
    """The exit code of the script, run from another folder as cron does."""
    home = script.parents[1]
    return subprocess.run([script], cwd="/", env={**os.environ, "HOME": str(home)}, check=False, timeout=100).returncode


def test_the_nightly_script_goes_on_where_a_run_stopped_though_the_file_is_another_one_and_tells_who_must_look(
    importer: Importer, kantata: Running, night: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, file = new_skills(kantata, 210), night.with_name("skills.xlsx")
    workbook(file, [list(HEADERS), *rows])
    kantata.faults([{"on": "POST", "nth": 2, "fault": "revoke"}])
    with monkeypatch.context() as by_hand:
        by_hand.setenv("KANTATA_TOKEN", kantata.token)
        stopped = importer("apply", file, "--yes", "--workers", "1")
    kantata.faults([])
    workbook(file, [list(HEADERS), *rows, (1, 2, "high")])

    code = run_night(night)

    logs, sent = night.with_name("logs"), night.parents[1] / "sent"
    resumed, applied = map(json.loads, (logs / "results.jsonl").read_text("utf-8").splitlines())
    assert (stopped.code, code) == (8, 3)
    assert described_by("error", resumed)["code"] == "file-changed"
    assert {name: count for name, count in described_by("apply", applied)["outcomes"].items() if count} == {
        "created": 10,
        "unchanged": 200,
        "invalid": 1,
    }
    assert (night.parent / applied["result"]).is_file()
    assert f"importer ended with 3, run {applied['run']}\nhr-systems@example.com\n{{" in sent.read_text("utf-8")
    written = [path for folder in ("logs", "results") for path in night.with_name(folder).iterdir()]
    assert {path.stat().st_mode & 0o077 for path in (logs, *written)} == {0}  # nobody else reads the names


def test_nobody_gets_mail_where_all_rows_are_done(night: Path) -> None:
    environment = {"HOME": str(night.parents[1]), "PATH": f"{night.parents[1]}/.local/bin:{os.environ['PATH']}"}
    sent = []
    for code in ("0", "4"):
        told = {**environment, "IMPORTER_EXIT": code, "IMPORTER_RUN": ""}
        subprocess.run([night.with_name("tell.sh")], env=told, input=b"{}", check=True)
        sent.append((night.parents[1] / "sent").exists())

    assert sent == [False, True]
    assert "importer ended with 4, run none" in (night.parents[1] / "sent").read_text("utf-8")


@pytest.mark.skipif(ANALYZER is None, reason="there is no systemd on this machine")
def test_systemd_takes_the_units(night: Path, tmp_path: Path) -> None:
    units = [name for name in _FILES if name.endswith((".service", ".timer"))]
    for name in units:
        (tmp_path / name).write_text(_FILES[name], encoding="utf-8")
    environment = {**os.environ, "HOME": str(night.parents[1]), "XDG_RUNTIME_DIR": str(tmp_path)}
    command = [str(ANALYZER), "verify", "--user", "--man=no", *units]

    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert sorted(units) == ["importer-nightly.service", "importer-nightly.timer"]
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


def test_the_scripts_of_windows_run_the_same_commands_as_those_that_are_tested() -> None:
    def commands(script: str) -> list[list[str]]:
        joined = re.sub(r" [\\^]\n *", " ", _FILES[script]).replace("\\", "/").replace("%day%", "$day")
        alike = joined.replace("tell.cmd", "tell.sh").replace('"', "")
        return [line.split() for line in alike.splitlines() if line.startswith("importer ")]

    assert commands("nightly.cmd") == commands("nightly.sh")
    assert [words[1] for words in commands("nightly.sh")] == ["resume", "apply"]


def test_every_option_of_a_script_exists() -> None:
    wrong = []
    for line in re.findall(r"importer [a-z]+ [^\n]*", re.sub(r" [\\^]\n *", " ", PAGE)):
        command = group.commands.get(line.split()[1])
        known = {name for option in (command.params if command else ()) for name in option.opts}
        wrong += [
            f"{line}: {name}" for name in re.findall(r"(?<![\w-])--[a-z-]+", line) if command and name not in known
        ]

    assert wrong == []
