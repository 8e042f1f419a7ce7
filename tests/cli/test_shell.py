"""The command line in a shell: completion, quiet, colors, exit codes in the help."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from importer.sandbox import Running
from tests.cli.terminal import asked
from tests.conftest import ROOT, Importer
from tests.loads import new_skills, write_list

BASH = shutil.which("bash")


def _asked(shell: str, words: str, **more: str) -> str:
    """What the program answers a shell that asks what could stand next."""
    asks = {"_IMPORTER_COMPLETE": f"{shell}_complete", "COMP_WORDS": words, **more}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **asks}
    command = [sys.executable, "-m", "importer"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout


@pytest.mark.skipif(BASH is None, reason="there is no bash on this machine")
@pytest.mark.parametrize(
    ("words", "next_"),
    [
        (["importer", "ap"], ["apply"]),
        (["importer", "apply", "--max-r"], ["--max-removals", "--max-rate"]),
        (["importer", "apply", "--mode", ""], ["upsert", "add", "mirror"]),
    ],
)
def test_bash_completes_commands_options_and_their_values(
    offline: Importer, tmp_path: Path, words: list[str], next_: list[str]
) -> None:
    program = tmp_path / "importer"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m importer "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = offline("completion", "bash").out
    quoted = " ".join(f"'{word}'" for word in words)
    asks = f'COMP_WORDS=({quoted}) COMP_CWORD={len(words) - 1}; _importer_completion importer; echo "${{COMPREPLY[@]}}"'

    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    told = subprocess.run(
        [BASH or "bash", "-c", f"{script}\n{asks}"], env=environment, capture_output=True, text=True, check=True
    )

    assert told.stdout.split() == next_


def test_every_other_shell_is_answered_in_its_way() -> None:
    zsh = _asked("zsh", "importer ap", COMP_CWORD="1")
    fish = _asked("fish", "importer ap", COMP_CWORD="ap")
    power_shell = _asked("powershell", "importer ap", COMP_INCOMPLETE="ap")
    after = _asked("powershell", "importer apply --mode", COMP_INCOMPLETE="")

    assert "apply" in zsh.splitlines()
    assert fish.startswith("plain,apply\t")
    assert power_shell.startswith("apply\tShow what a file would change")
    assert [line.split("\t")[0] for line in after.splitlines()] == ["upsert", "add", "mirror"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_of_a_shell_asks_this_program(offline: Importer, shell: str) -> None:
    ran = offline("completion", shell)

    assert ran.code == 0
    assert f"{shell}_complete" in ran.out
    assert "importer" in ran.out


def test_quiet_says_only_what_keeps_a_command_from_going_on(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    right = write_list(tmp_path / "right.csv", ["user_id", "skill_id", "level"], new_skills(kantata, 3))

    applied = importer("apply", right, "--yes", "--quiet")
    unasked = importer("apply", right, "--mode", "mirror", "-q")
    missing = importer("check", tmp_path / "nothing.csv", "--quiet")
    loud = importer("check", right)

    assert (applied.code, applied.err) == (0, "")
    assert applied.out.strip().endswith("right.result.xlsx")
    assert unasked.code == 4
    assert missing.err.startswith("There is no file ")
    assert "3 rows of skill-memberships" in loud.err


@pytest.mark.usefixtures("importer")
def test_colors_are_left_out_where_nobody_wants_them(
    kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], new_skills(kantata, 300))
    said = []
    for wanted in ("", "1"):
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("NO_COLOR", wanted)
        with asked(lambda _: None, "apply", path, "--yes", cwd=tmp_path) as (code, _, text):
            said.append(text)
            assert code == 0

    color = re.compile(r"\x1b\[[0-9;]*[34][0-9][0-9;]*m")
    assert [bool(color.search(text)) for text in said] == [True, False]


@pytest.mark.usefixtures("importer")
def test_quiet_asks_nothing_on_a_terminal_either(kantata: Running, tmp_path: Path) -> None:
    path = write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], new_skills(kantata, 1))

    with asked(lambda _: None, "apply", path, "--quiet", cwd=tmp_path) as (code, out, said):
        pass

    assert (code, out) == (4, "")
    assert "[y/N]" not in said
    assert kantata.query("SELECT * FROM requests WHERE method <> 'GET'") == []


def test_help_says_what_to_do_first_and_what_each_exit_code_means(offline: Importer) -> None:
    alone, helped = offline(), offline("--help")

    assert alone.err + alone.out == helped.out
    assert "importer demo" in alone.err + alone.out
    codes = re.findall(r"^ +(\d+) ", helped.out[helped.out.index("Exit codes:") :], flags=re.MULTILINE)
    assert codes == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "130"]
