"""Runs that stop before their end: by Ctrl-C, by a second run, by a full disk; and how they go on."""

import json
import signal
from pathlib import Path

import pytest

from importer.audit_events import AuditEvent
from importer.sandbox import Running
from tests.audit import doing_at
from tests.books import as_dicts
from tests.cli.terminal import finish, read_until, start
from tests.conftest import Importer
from tests.gate import Gate, Side
from tests.kill.killed import Point, killed
from tests.loads import new_skills, write_list

HEADERS = ("user_id", "skill_id", "level")


def posts(kantata: Running) -> int:
    return int(kantata.query("SELECT count(*) n FROM requests WHERE method = 'POST'")[0]["n"])


def made(kantata: Running) -> int:
    return int(kantata.query("SELECT count(*) n FROM skill_memberships WHERE creator_id = 11482907")[0]["n"])


def doubled(kantata: Running) -> list[dict[str, int]]:
    return kantata.query(
        "SELECT user_id, skill_id FROM skill_memberships GROUP BY user_id, skill_id HAVING count(*) > 1"
    )


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_settles_what_is_in_flight_and_writes_the_result_and_resume_does_the_rest(
    importer: Importer, kantata: Running, gate: Gate, tmp_path: Path, sign: signal.Signals
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 900))
    before = made(kantata)
    second_batch = gate.hold("POST", 2)

    process = start("apply", path, "--yes", "--workers", "1", "--json")
    second_batch.wait()
    process.send_signal(sign)
    read_until(process, "Stopping after the requests that are on their way.")
    second_batch.release()
    out, _ = finish(process)
    told = json.loads(out)
    by_then = made(kantata) - before
    resumed = importer("resume", "--json")

    assert process.returncode == 130
    assert (told["outcomes"]["created"], told["outcomes"]["not sent"]) == (by_then, 900 - by_then)
    assert by_then == 400
    statuses = [row["Import status"] for row in as_dicts(Path(told["result"]), "Result")]
    assert statuses == ["created"] * 400 + ["not sent"] * 500
    assert resumed.code == 0
    assert resumed.json["outcomes"]["created"] == 900
    assert made(kantata) - before == 900


def test_a_second_ctrl_c_stops_at_once_and_nothing_is_lost(
    importer: Importer, kantata: Running, gate: Gate, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 500))
    before = made(kantata)
    kantata.set(duplicates="allow")
    batch = gate.hold("POST", side=Side.AFTER)

    process = start("apply", path, "--yes", "--workers", "1")
    batch.wait()
    process.send_signal(signal.SIGINT)
    read_until(process, "Ctrl-C again to stop at once")
    process.send_signal(signal.SIGINT)
    finish(process)
    resumed = importer("resume", "--json")

    assert process.returncode == 130
    assert (resumed.code, resumed.json["outcomes"]["created"]) == (0, 500)
    assert made(kantata) - before == 500
    assert doubled(kantata) == []


@pytest.mark.usefixtures("importer")
def test_ctrl_c_does_not_wait_for_what_was_not_sent_yet(kantata: Running, tmp_path: Path) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 300))
    kantata.faults([{"on": "POST", "every": 1, "fault": "429", "retry_after": "90"}])

    process = start("apply", path, "--yes", "--json")
    read_until(process, "Kantata asks us to wait 90 s.")
    process.send_signal(signal.SIGINT)
    out, _ = finish(process)

    assert process.returncode == 130
    assert json.loads(out)["outcomes"]["not sent"] == 300


def test_of_two_at_once_the_second_says_who_holds_the_account_and_sends_nothing(
    importer: Importer, kantata: Running, gate: Gate, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 300))
    other = write_list(tmp_path / "other.csv", HEADERS, new_skills(kantata, 20))
    batch = gate.hold("POST")

    process = start("apply", path, "--yes", "--workers", "1")
    batch.wait()
    second = importer("apply", other, "--yes")
    sent_by_second = posts(kantata)
    batch.release()
    process.communicate()
    third = importer("apply", other, "--yes")

    assert second.code == 4
    assert f"Another run is writing to this account: apply team.csv, process {process.pid}, since " in second.err
    assert sent_by_second == 0
    assert (process.returncode, third.code) == (0, 0)


def test_a_killed_run_holds_the_account_no_longer(
    importer: Importer, kantata: Running, gate: Gate, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 20))
    batch = gate.hold("POST", side=Side.AFTER)

    process = start("apply", path, "--yes")
    batch.wait()
    process.kill()
    process.communicate()

    assert importer("resume").code == 0


def test_a_file_that_has_changed_is_not_resumed_and_apply_takes_its_place(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 300)
    path = write_list(tmp_path / "team.csv", HEADERS, rows)
    kantata.faults([{"on": "POST", "nth": 2, "fault": "revoke"}])
    first = importer("apply", path, "--yes", "--workers", "1", "--json")
    kantata.faults([])
    write_list(path, HEADERS, [(user, skill, 5) for user, skill, _ in rows])

    resumed = importer("resume")
    applied = importer("apply", path, "--yes", "--json")
    again = importer("resume", "--json")

    assert (first.code, resumed.code, applied.code, again.code) == (8, 4, 0, 0)
    assert f"team.csv has changed since run {first.json['run']} began. Apply the file as it is now" in resumed.err
    assert applied.json["outcomes"]["created"] == 100
    assert again.json == {"run": None, "resumed": False, "exit": 0}
    held = {(r["user_id"], r["skill_id"]): r["level"] for r in kantata.query("SELECT * FROM skill_memberships")}
    assert {held[user, skill] for user, skill, _ in rows} == {5}


def test_apply_after_a_kill_finds_out_first_what_is_still_on_its_way(
    importer: Importer, kantata: Running, gate: Gate, tmp_path: Path
) -> None:
    """The request reaches the account only when the second run has looked for it once."""
    kantata.set(duplicates="allow")
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 100))
    before = made(kantata)
    late = gate.hold("POST", side=Side.LATE)

    was_killed = killed(Point(AuditEvent.AFTER_VERDICT, 1, "in doubt"), "apply", path, "--yes")
    with doing_at(AuditEvent.AFTER_LOOK, late.release) as committed:
        ran = importer("apply", path, "--yes", "--json", "--settle-wait", "20")

    assert (was_killed, len(committed)) == (True, 1)
    assert "stopped while a request was in flight; looking what became of it." in ran.err
    assert (ran.code, ran.json["outcomes"]["unchanged"]) == (0, 100)
    assert made(kantata) - before == 100
    assert doubled(kantata) == []


def test_a_disk_that_is_full_ends_in_a_sentence_and_nothing_is_lost(
    importer: Importer, kantata: Running, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 1500))
    before = made(kantata)

    process = start("apply", path, "--yes", "--workers", "1", largest_file=150_000)
    _, err = process.communicate(timeout=60)
    resumed = importer("resume", "--json")
    again = importer("apply", path, "--yes", "--json")

    assert process.returncode in (4, 8), err
    assert "Traceback" not in err
    assert "We could not write" in err or "We cannot keep a record" in err
    assert (resumed.code, again.code) == (0, 0)
    assert made(kantata) - before == 1500
    assert doubled(kantata) == []


def test_a_state_folder_that_cannot_be_written_stops_before_anything_is_sent(
    importer: Importer, kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("IMPORTER_HOME", str(tmp_path / "file"))

    ran = importer("apply", write_list(tmp_path / "a.csv", HEADERS, new_skills(kantata, 3)), "--yes")

    assert ran.code == 4
    assert "Set IMPORTER_HOME to a folder that you can write to." in ran.err
    assert posts(kantata) == 0


def test_a_result_that_cannot_be_written_after_the_load_can_be_written_again(
    importer: Importer, kantata: Running, gate: Gate, tmp_path: Path
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    path = write_list(tmp_path / "a.csv", HEADERS, new_skills(kantata, 300))
    batch = gate.hold("POST")

    process = start("apply", path, "--yes", "--workers", "1", "-o", folder / "r.xlsx")
    batch.wait()
    folder.rmdir()
    batch.release()
    _, err = process.communicate()
    (run,) = importer("runs", "--json").json["runs"]
    shown = importer("show", run["run"], "-o", tmp_path / "r.xlsx", "--json")

    assert process.returncode == 0
    assert f"Nothing is lost. To write the result, run `importer show {run['run']} -o FILE`." in err
    assert shown.json["outcomes"]["created"] == 300
    assert [row["Import status"] for row in as_dicts(tmp_path / "r.xlsx", "Result")] == ["created"] * 300
