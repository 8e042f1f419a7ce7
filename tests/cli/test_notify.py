"""--notify-command: another program is told how a command ended, however it ended, and changes nothing of it."""

import json
import os
import shlex
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from importer import notify, split_command
from importer.audit_events import AuditEvent
from importer.errors import Usage
from importer.sandbox import Running
from tests.audit import doing_at
from tests.cli.terminal import finish, read_until, start
from tests.conftest import Importer
from tests.gate import Gate
from tests.json_schemas import described_by
from tests.loads import new_skills, write_list

HEADERS = ("user_id", "skill_id", "level")
_LISTENER = """#!/bin/sh
cat > told.json
printf '%s\\n' "$IMPORTER_EXIT" "$IMPORTER_RUN" "${KANTATA_TOKEN-no token}" "$@" > told.txt
echo "printed by the other program"
"""


@dataclass(frozen=True, slots=True)
class Listener:
    """A program that writes down what it was told, and with which words it was called."""

    path: Path

    @property
    def told(self) -> Any:
        """The object on its standard input; None if it was never called."""
        place = self.path.with_name("told.json")
        return json.loads(place.read_bytes()) if place.exists() else None

    @property
    def lines(self) -> list[str]:
        """IMPORTER_EXIT, IMPORTER_RUN, the token if it was there, then its arguments."""
        return self.path.with_name("told.txt").read_text(encoding="utf-8").splitlines()

    def forget(self) -> None:
        """Forget what it was told."""
        for name in ("told.json", "told.txt"):
            self.path.with_name(name).unlink(missing_ok=True)


@pytest.fixture
def listener(tmp_path: Path) -> Listener:
    program = tmp_path / "tell me.sh"
    program.write_text(_LISTENER, encoding="utf-8")
    program.chmod(0o755)
    return Listener(program)


def test_the_command_gets_the_object_of_json_the_exit_code_and_the_run_and_never_the_token(
    importer: Importer, kantata: Running, listener: Listener, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, [*new_skills(kantata, 3), (1, 2, "high")])
    tell = ("--notify-command", f"{shlex.quote(str(listener.path))} 'two words' $HOME | cat")

    applied = importer("apply", path, "--yes", "--json", *tell)
    of_apply, lines = listener.told, listener.lines
    undone = importer("undo", applied.json["run"], "--yes", "--json", *tell)
    of_undo = listener.told
    resumed = importer("resume", "--yes", "--json", *tell)
    of_resume = listener.told
    planned = importer("plan", path, "--json", *tell)

    assert applied.code == 3
    assert of_apply == applied.json
    assert of_apply["exit"] == 3
    assert lines == ["3", applied.json["run"], "no token", "two words", "$HOME", "|", "cat"]
    assert (of_undo, of_resume, listener.told) == (undone.json, resumed.json, planned.json)


def test_the_command_gets_the_object_where_json_is_not_printed(
    importer: Importer, kantata: Running, listener: Listener, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 3))

    ran = importer("apply", path, "--yes", "--quiet", "--notify-command", shlex.quote(str(listener.path)))

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{tmp_path / 'team.result.xlsx'}\n"
    assert listener.told["outcomes"]["created"] == 3
    assert listener.told["result"] == str(tmp_path / "team.result.xlsx")


def test_the_command_is_told_however_ours_ends(
    importer: Importer, kantata: Running, listener: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 500))
    tell = ("--notify-command", shlex.quote(str(listener.path)), "--workers", "1")
    ends: dict[int, str] = {}

    def end(*arguments: object, before: Callable[[], object] = lambda: None) -> None:
        listener.forget()
        before()
        ran = importer(*arguments, *tell)
        assert (ran.code, str(ran.code)) == (listener.told["exit"], listener.lines[0])
        described_by("apply" if "run" in listener.told else "error", listener.told)
        ends[ran.code] = listener.told.get("code", listener.lines[1])

    def fail() -> None:
        raise RuntimeError

    with doing_at(AuditEvent.BEFORE_REQUEST, fail):
        end("apply", path, "--yes")
    end("apply", path)
    end("apply", tmp_path / "none.csv", "--yes")
    end("apply", path, "--yes", before=lambda: kantata.faults([{"on": "POST", "nth": 2, "fault": "revoke"}]))
    end("apply", path, "--yes")
    end("apply", path, "--yes", before=lambda: monkeypatch.setenv("KANTATA_BASE_URL", "http://127.0.0.1:9"))

    stopped = ends.pop(8)
    assert stopped == importer("runs", "--json").json["runs"][0]["run"]
    assert ends == {1: "internal", 4: "nobody-to-ask", 5: "no-file", 6: "token-refused", 7: "unreachable"}


def test_the_command_is_told_of_a_run_that_somebody_stopped(
    kantata: Running, gate: Gate, listener: Listener, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 500))
    batch = gate.hold("POST")

    process = start("apply", path, "--yes", "--workers", "1", "--notify-command", shlex.quote(str(listener.path)))
    batch.wait()
    process.send_signal(signal.SIGTERM)
    read_until(process, "Stopping after the requests that are on their way.")
    batch.release()
    out, err = finish(process)

    assert process.returncode == listener.told["exit"] == 130
    assert listener.told["outcomes"]["not sent"] == 300
    assert "printed by the other program" in err
    assert "printed by the other program" not in out  # what we print there is for programs


@pytest.mark.parametrize("wrong", [("--yess",), ("--mode", "wild"), ("--profile", "nobody")])
def test_nobody_is_told_of_a_command_that_was_typed_wrongly(
    offline: Importer, listener: Listener, wrong: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KANTATA_BASE_URL")

    ran = offline("apply", "a.csv", "--json", "--notify-command", shlex.quote(str(listener.path)), *wrong)

    assert (ran.code, ran.json["exit"]) == (2, 2)
    assert listener.told is None


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("./nowhere --now", "We could not start nowhere to tell it how this ended: No such file or directory."),
        ("sh -c 'exit 9'", "We told sh how this ended, and it failed with code 9."),
        ("true", ""),
    ],
)
def test_a_command_that_fails_is_said_and_changes_nothing(importer: Importer, command: str, says: str) -> None:
    ran = importer("resume", "--yes", "--json", "--quiet", "--notify-command", command)

    assert (ran.code, ran.json) == (0, {"run": None, "resumed": False, "exit": 0})
    assert ran.err.startswith(says)
    assert bool(ran.err) is bool(says)


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
def test_a_command_that_does_not_end_is_left_to_run_on(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "go on")
    waits = f"import pathlib; pathlib.Path({str(tmp_path / 'go on')!r}).read_text()"

    said = notify((sys.executable, "-c", waits), {"exit": 0}, patience_s=0.05)
    (tmp_path / "go on").write_text("now", encoding="utf-8")  # hangs unless the other program is there to read

    assert said is not None
    assert said.sentence.endswith("and it is still running. We do not wait any longer.")


@pytest.mark.parametrize(
    ("text", "on_posix", "on_windows"),
    [
        ("mail -s 'It has ended' team", ("mail", "-s", "It has ended", "team"), ("mail", "-s", "It has ended", "team")),
        (r'"C:\My tools\tell.exe" C:\new', ("C:\\My tools\\tell.exe", "C:new"), ("C:\\My tools\\tell.exe", "C:\\new")),
        ("say # | > $HOME *", ("say", "#", "|", ">", "$HOME", "*"), ("say", "#", "|", ">", "$HOME", "*")),
    ],
)
def test_a_command_is_split_into_words_as_in_a_shell_and_by_nothing_else(
    text: str, on_posix: tuple[str, ...], on_windows: tuple[str, ...]
) -> None:
    assert split_command(text, backslash_quotes=True) == on_posix
    assert split_command(text, backslash_quotes=False) == on_windows


@pytest.mark.parametrize("text", ["", "  ", "''", "mail 'team"])
def test_a_command_without_a_word_or_with_an_open_quotation_mark_is_wrong_usage(offline: Importer, text: str) -> None:
    ran = offline("resume", "--notify-command", text)

    assert ran.code == 2
    with pytest.raises(Usage, match="We cannot split this command into words"):
        split_command(text)
