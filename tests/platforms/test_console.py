"""What is printed where a stream cannot show it, is no stream, or has gone away."""

import asyncio
import errno
import io
import json
import logging
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from importer.cli import main
from importer.platforms.console import is_closed_pipe, is_terminal, silence_event_loop
from importer.platforms.shells import lines_that_set
from tests.cli.terminal import finish, start
from tests.loads import write_list


@pytest.mark.usefixtures("offline")
def test_a_name_that_the_encoding_of_an_output_has_not_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")

    command = [sys.executable, "-m", "importer", "template", "skill-memberships", "-o", "\u0141\xf3d\u017a.xlsx"]
    ran = subprocess.run(command, capture_output=True, check=False)

    assert (ran.returncode, ran.stdout) == (0, b"\\u0141\xf3d\\u017a.xlsx\n")
    assert (tmp_path / "\u0141\xf3d\u017a.xlsx").is_file()


@pytest.mark.usefixtures("offline")
def test_json_says_the_same_whatever_the_encoding_of_its_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "cp437")
    write_list(tmp_path / "\u0141\xf3d\u017a.csv", ("user_id", "skill_id", "level"), [(11, 12, "hoch \u2265")])

    out, _ = finish(process := start("check", "\u0141\xf3d\u017a.csv", "--json"))

    assert process.returncode == 3
    assert json.loads(out)["file"] == "\u0141\xf3d\u017a.csv"


def test_the_script_of_a_shell_has_no_carriage_returns_where_windows_adds_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="utf-8", newline="\r\n"))

    with pytest.raises(SystemExit):
        main(["completion", "bash"])

    assert b"_importer_completion" in written.getvalue()
    assert b"\r" not in written.getvalue()


def test_a_person_sits_before_a_terminal_and_before_no_missing_stream() -> None:
    master, slave = pty.openpty()
    with os.fdopen(slave, encoding="utf-8") as terminal:
        assert is_terminal(terminal)
    os.close(master)

    assert not is_terminal(None)
    assert not is_terminal(io.StringIO())


@pytest.mark.usefixtures("windows")
def test_nobody_is_asked_who_is_not_at_the_console_of_windows() -> None:
    master, slave = pty.openpty()  # as NUL there, it says that it is a terminal
    with os.fdopen(slave, encoding="utf-8") as stream:
        assert not is_terminal(stream)
    os.close(master)


@pytest.mark.usefixtures("windows")
def test_windows_calls_a_closed_pipe_an_invalid_argument_and_a_wrong_name_too() -> None:
    assert is_closed_pipe(OSError(errno.EINVAL, "Invalid argument"))
    assert is_closed_pipe(BrokenPipeError())
    assert not is_closed_pipe(OSError(errno.EINVAL, "Invalid argument", "a?.xlsx"))
    assert not is_closed_pipe(ValueError())


def test_elsewhere_an_invalid_argument_is_no_closed_pipe() -> None:
    assert not is_closed_pipe(OSError(errno.EINVAL, "Invalid argument"))


def test_a_connection_that_breaks_off_prints_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(logging.getLogger("asyncio"), "level", logging.NOTSET)

    async def break_off() -> None:
        def lost() -> None:
            raise ConnectionResetError(errno.ECONNRESET, "An existing connection was forcibly closed")

        asyncio.get_running_loop().call_soon(lost)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(break_off())
    before = len(caplog.records)
    silence_event_loop()
    asyncio.run(break_off())

    assert (before, len(caplog.records)) == (1, 1)
    assert capfd.readouterr().err == ""


def test_variables_are_set_as_the_shell_of_the_system_does(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {"KANTATA_TOKEN": "demo", "KANTATA_BASE_URL": "http://127.0.0.1:8765/api/v1"}

    here = lines_that_set(variables)
    monkeypatch.setattr(sys, "platform", "win32")

    assert here == ["export KANTATA_TOKEN=demo KANTATA_BASE_URL=http://127.0.0.1:8765/api/v1"]
    assert lines_that_set(variables) == [
        'PowerShell:      $env:KANTATA_TOKEN = "demo"; $env:KANTATA_BASE_URL = "http://127.0.0.1:8765/api/v1"',
        'Command Prompt:  set "KANTATA_TOKEN=demo" & set "KANTATA_BASE_URL=http://127.0.0.1:8765/api/v1"',
    ]
