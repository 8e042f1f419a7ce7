"""An export that cannot go on, or is stopped: how it ends, and that it leaves no half file."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from importer.sandbox import Running
from tests.cli.terminal import asked, start
from tests.conftest import Importer
from tests.export.read_back import hold_many

COMMAND = [sys.executable, "-m", "importer", "export", "skill-memberships", "--workers", "1"]


def begun(kantata: Running, form: str, pages: int) -> "subprocess.Popen[bytes]":
    """An export in a process of its own that has asked for so many pages, and waits long for each."""
    kantata.set(latency="300")
    process = subprocess.Popen([*COMMAND, "--format", form], stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    until = time.monotonic() + 60
    while len([row for row in kantata.requests() if "skill_memberships" in row["path"] + row["query"]]) < pages:
        assert time.monotonic() < until
        time.sleep(0.02)
    return process


@pytest.mark.usefixtures("importer")
@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "parquet"])
def test_killed_while_it_reads_it_leaves_nothing(kantata: Running, form: str) -> None:
    process = begun(kantata, form, 2)

    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert process.returncode == -signal.SIGKILL
    assert not list(Path().glob("skill-memberships*"))


@pytest.mark.usefixtures("importer")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_says_so_and_leaves_nothing(kantata: Running, number: signal.Signals) -> None:
    process = begun(kantata, "csv", 2)

    process.send_signal(number)
    _, err = process.communicate(timeout=60)

    assert (process.returncode, err.decode().splitlines()[-1]) == (130, "Interrupted.")
    assert not [path for path in Path().iterdir() if "skill-memberships" in path.name]


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "parquet"])
def test_killed_while_it_writes_no_file_of_that_name_is_there(tmp_path: Path, form: str) -> None:
    """The writer itself is killed between two of its chunks, which come from this test's own process."""
    code = f"""
import datetime as dt, os, signal, sys
from pathlib import Path
from importer.export.list_export import ListedRecords, Target, _write
from importer.spreadsheet.write.record_rows import Column, Records

def chunks():
    yield [("a",)] * 9000
    yield [("b",)] * 9000
    if os.environ.get("REALLY"):
        os.kill(os.getpid(), signal.SIGKILL)
    yield [("c",)] * 2000

records = Records("R", (Column("user"),), chunks, 20000, dt.datetime(2026, 1, 1))
_write(ListedRecords(records, ()), Target(Path({str(tmp_path / f"list.{form}")!r}), {form!r}))
"""

    killed = subprocess.run([sys.executable, "-c", code], env={**os.environ, "REALLY": "1"}, check=False)
    left = list(tmp_path.glob("list*"))
    whole = subprocess.run([sys.executable, "-c", code], check=False)

    assert (killed.returncode, left, whole.returncode) == (-signal.SIGKILL, [], 0)
    assert (tmp_path / f"list.{form}").is_file()


def test_a_disk_that_is_full_is_said_and_leaves_no_half_file(importer: Importer, kantata: Running) -> None:
    """Once when the file is written, and once when what is read finds no room in between."""
    assert importer("export", "users").code == 0
    written = start("export", "users", "-o", "users.csv", largest_file=20_000)
    _, said = written.communicate(timeout=60)
    hold_many(kantata, 100)

    spooled = start("export", "skill-memberships", "-o", "skills.csv", largest_file=20_000)
    _, also = spooled.communicate(timeout=60)

    assert (written.returncode, spooled.returncode) == (1, 1)
    assert "users.csv could not be written" in said
    assert "The folder for temporary files has no room" in also
    assert not [path for path in Path().iterdir() if path.suffix in (".csv", ".part")]


@pytest.mark.usefixtures("importer")
def test_on_a_terminal_it_is_shown_how_far_it_is(kantata: Running, tmp_path: Path) -> None:
    hold_many(kantata, 40)
    kantata.set(latency="50")

    with asked(lambda _said: None, "export", "skill-memberships", "-o", "skills.csv", cwd=tmp_path) as ran:
        code, out, said = ran

    (held,) = kantata.query("SELECT count(*) AS n FROM skill_memberships")
    assert (code, out.strip()) == (0, "skills.csv")
    assert "Reading" in said
    assert f"/{held['n']}" in said
    assert "records/s" in said


def test_a_page_without_a_usable_answer_is_asked_for_again(importer: Importer, kantata: Running) -> None:
    kantata.faults([{"on": "GET", "nth": 3, "fault": "503"}, {"on": "GET", "nth": 5, "fault": "drop_before_commit"}])

    ran = importer("export", "user-group-memberships", "--json")

    (held,) = kantata.query("SELECT count(*) AS n FROM user_group_memberships")
    assert (ran.code, ran.json["records"]) == (0, held["n"])
    assert ran.json["requests"]["retries"] == 2


def test_a_token_revoked_half_way_ends_it_and_leaves_nothing(importer: Importer, kantata: Running) -> None:
    kantata.set(revoke_after="4")

    ran = importer("export", "skill-memberships")

    assert ran.code == 6
    assert "refused the token" in ran.err
    assert {path.name for path in Path().iterdir()} <= {"state"}


def test_without_a_token_or_an_account_nothing_is_written(offline: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    without = offline("export", "users")
    monkeypatch.setenv("KANTATA_TOKEN", "demo")
    alone = offline("export", "users")

    assert (without.code, alone.code) == (6, 7)
    assert not list(Path().glob("*.xlsx"))


def test_a_member_who_may_not_see_groups_is_told_so(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANTATA_TOKEN", "demo-member")

    assert importer("export", "user-group-memberships").code == 6
    assert not list(Path().glob("*.xlsx"))


def test_a_folder_that_takes_no_file_is_said_before_anything_is_read(importer: Importer, kantata: Running) -> None:
    ran = importer("export", "users", "-o", "nowhere/users.csv")

    assert ran.code == 4
    assert "No file can be written in nowhere" in ran.err
    assert [row["path"] for row in kantata.requests()] == ["/users/me"]
