"""The other commands: demo, endpoints, doctor, login and logout, sandbox; and what every command owes a person."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
import requests

from importer.cli import group
from importer.sandbox import Running
from tests.books import as_dicts
from tests.conftest import SAMPLES, Importer

COMMANDS = sorted(group.commands)


def test_help_begins_with_what_to_do_first(offline: Importer) -> None:
    ran = offline("--help")

    assert ran.code == 0
    assert ran.out.index("importer demo") < ran.out.index("importer check") < ran.out.index("Commands:")
    listed = re.findall(r"^  ([a-z]+)  ", ran.out.split("Commands:")[1], flags=re.MULTILINE)
    assert listed == list(group.commands)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does_and_shows_an_example(offline: Importer, command: str) -> None:
    ran = offline(command, "-h")

    assert ran.code == 0
    assert f"  importer {command}" in ran.out
    assert "Example" in ran.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_says_what_it_is_for(command: str) -> None:
    options = [each for each in group.commands[command].params if isinstance(each, click.Option)]

    assert [each.opts for each in options if not each.help] == []


@pytest.mark.parametrize(
    "arguments", [(), ("nonsense",), ("check",), ("apply", "a.csv", "--mode", "wild"), ("template", "x")]
)
def test_wrong_usage_is_code_2_with_the_usage(offline: Importer, arguments: tuple[str, ...]) -> None:
    ran = offline(*arguments)

    assert ran.code == 2
    assert "Usage: importer" in ran.err


def test_endpoints_lists_every_column_with_an_example(offline: Importer) -> None:
    people, program = offline("endpoints"), offline("endpoints", "--json")

    assert list(program.json) == [
        "groups", "organization-memberships", "organizations", "skill-memberships", "skills", "user-group-memberships",
    ]  # fmt: skip
    assert program.json["skill-memberships"]["bulk_limit"] == 200
    assert [each["header"] for each in program.json["skill-memberships"]["columns"]] == [
        "user_id", "email", "external_id", "user", "skill_id", "skill", "level", "category", "last_name", "action",
    ]  # fmt: skip
    for endpoint in program.json.values():
        assert all(f"Example: {each['example']}" in people.out for each in endpoint["columns"])


def test_doctor_finds_everything_well_where_it_is(importer: Importer) -> None:
    ran = importer("doctor", "--json")

    assert ran.code == 0
    findings = {each["what"]: each for each in ran.json["findings"]}
    assert list(findings) == [
        "program", "state folder", "keyring", "token", "groups",
        "organization-memberships", "organizations", "skill-memberships", "skills", "user-group-memberships",
    ]  # fmt: skip
    assert findings["skill-memberships"]["says"] == "1,544 in the account"
    assert findings["token"]["says"].startswith("Dana Reyes, dana@example.com, at 127.0.0.1:")


def test_doctor_says_what_fails_and_what_to_do(
    importer: Importer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file, not a folder", encoding="utf-8")
    monkeypatch.setenv("IMPORTER_HOME", str(tmp_path / "taken"))
    monkeypatch.setenv("KANTATA_TOKEN", "demo-member")

    ran = importer("doctor")

    assert ran.code == 6
    assert "FAILS   state folder" in ran.out
    assert "Set IMPORTER_HOME to a folder that you can write to." in ran.out
    assert "FAILS   user-group-memberships" in ran.out
    assert "not an Account Administrator" in ran.out


def test_doctor_without_a_token_or_a_network_says_so(offline: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    without = offline("doctor")
    monkeypatch.setenv("KANTATA_TOKEN", "demo")
    alone = offline("doctor")

    assert (without.code, alone.code) == (6, 7)
    assert "There is no token." in without.out
    assert "no connection could be made" in alone.out


def run_login(environment: dict[str, str], folder: Path, token: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "importer", *options], input=token, env=environment, cwd=folder,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_login_keeps_a_token_that_works_and_logout_removes_it(
    importer: Importer, kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KANTATA_TOKEN")
    ring = tmp_path / "ring"
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
    monkeypatch.setenv("XDG_DATA_HOME", str(ring))
    environment = dict(os.environ)
    login = ("login", "--profile", "emea", "--base-url", kantata.url)
    monkeypatch.delenv("KANTATA_BASE_URL")
    environment.pop("KANTATA_BASE_URL")

    wrong = run_login(environment, tmp_path, "no-such-token\n", *login)
    kept = run_login(environment, tmp_path, "demo\n", *login)
    used = run_login(environment, tmp_path, "", "doctor", "--profile", "emea")
    elsewhere = run_login(environment, tmp_path, "", "doctor", "--profile", "emea", "--base-url", "http://127.0.0.1:9")
    gone = run_login(environment, tmp_path, "", "logout", "--profile", "emea")
    after = run_login(environment, tmp_path, "", "doctor", "--profile", "emea")

    assert wrong.returncode == 6
    assert kept.returncode == 0, kept.stderr
    assert kept.stderr.startswith("Kept the token of Dana Reyes, dana@example.com")
    assert used.returncode == 0, used.stdout
    assert "There is no token." in elsewhere.stdout  # a token never goes to another host than its own
    assert gone.stderr.startswith("Removed the token")
    assert after.returncode == 6
    assert "demo" not in (importer.folder / "profiles.json").read_text(encoding="utf-8")


def test_an_unknown_profile_is_answered_with_how_to_make_it(offline: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KANTATA_BASE_URL")

    ran = offline("doctor", "--profile", "emea")

    assert ran.code == 2
    assert "importer login --profile emea --base-url URL" in ran.err


def test_the_sandbox_command_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "importer", "sandbox", "--port", "0", "--db", "w.sqlite", "--set", "bulk=partial"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        root = process.stderr.readline().split()[4].rstrip(";")
        switches = requests.get(f"{root}/sandbox/switches", timeout=60).json()
        me = requests.get(f"{root}/api/v1/users/me", headers={"Authorization": "Bearer demo"}, timeout=60).json()
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()

        assert process.wait(timeout=60) == 0
    assert f"export KANTATA_TOKEN=demo KANTATA_BASE_URL={root}/api/v1" in rest
    assert "Traceback" not in rest
    assert "partial" in str(switches["bulk"])
    assert [user["full_name"] for user in me["users"].values()] == ["Dana Reyes"]
    assert (tmp_path / "w.sqlite").exists()


@pytest.mark.parametrize("setting", ["bulk", "bulk=sometimes", "bulks=partial"])
def test_a_wrong_switch_is_wrong_usage(offline: Importer, setting: str) -> None:
    ran = offline("sandbox", "--port", "0", "--set", setting)

    assert ran.code == 2
    assert "Traceback" not in ran.err


def test_the_demo_loads_the_samples_and_says_what_to_open(offline: Importer) -> None:
    samples = set(SAMPLES.iterdir())

    ran = offline("demo", "--out", "out")

    assert ran.code == 0, ran.err
    assert set(SAMPLES.iterdir()) == samples
    opened = [Path(line.split("    ")[0]) for line in ran.out.splitlines()]
    assert all(path.is_file() for path in opened)
    assert [path.name for path in opened[5:]] == ["skill-report.xlsx", "skill-report.html"]
    statuses = [{row["Import status"] for row in as_dicts(path, "Result")} for path in opened[:5]]
    assert statuses[0] == {"created", "updated", "unchanged"}
    assert statuses[1] == {"unchanged"}
    assert "invalid" in statuses[2]
    mine = Path("out", "samples", "skill-memberships.xlsx")
    assert mine.read_bytes() == (SAMPLES / mine.name).read_bytes()
    assert Path("out", "samples", "gallery", "competence-matrix-2026.xlsx").is_file()
    mine.write_bytes(b"what I wrote")
    assert offline("demo", "--out", "out").code == 0  # beside what the first one has left
    assert mine.read_bytes() == b"what I wrote"


def test_a_template_whose_name_has_spaces_is_quoted_in_the_command_that_checks_it(
    offline: Importer, tmp_path: Path
) -> None:
    path = tmp_path / "new skills.xlsx"

    ran = offline("template", "skill-memberships", "-o", path)

    assert ran.code == 0
    assert f'Fill the sheet in, then run: importer check "{path}"' in ran.err


def test_resume_takes_yes_as_scripts_write_it(importer: Importer) -> None:
    ran = importer("resume", "--yes")

    assert (ran.code, ran.err) == (0, "There is nothing to resume.\n")
