"""No telemetry: the program connects to nothing but the base URL, and the page listens on this machine alone."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from importer.sandbox import Running
from tests.books import workbook
from tests.conftest import ROOT
from tests.loads import new_skills, write_list
from tests.network.commands import LATEST
from tests.web.program import started
from tests.web.visitor import Visitor

RECORDER = ROOT / "tests" / "network" / "recorder"
HEADERS = ("user_id", "skill_id", "level")
Address = tuple[str, str]
LOOK_FOR_IPV6: frozenset[Address] = frozenset({("::1", "0")})
"""urllib3 takes a port of this machine for a moment, and sends nothing, to see whether there is IPv6."""


@pytest.fixture
def connections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which each process that is started from now on notes its connections."""
    file = tmp_path / "connections.txt"
    monkeypatch.setenv("CONNECTIONS", str(file))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(RECORDER), str(ROOT)]))
    return file


def noted(connections: Path) -> dict[str, set[Address]]:
    """The hosts and ports in this file by what was done; what is no network, such as a keyring's socket, left out."""
    found: dict[str, set[Address]] = {}
    for line in connections.read_text(encoding="utf-8").splitlines():
        event, *address = line.split("\t")
        if len(address) == 2:
            found.setdefault(event, set()).add((address[0], address[1]))
    return found


def run(*commands: tuple[object, ...]) -> list[str]:
    """The command line in a process of its own; each command with its exit code."""
    lines = "".join(json.dumps([str(each) for each in command]) + "\n" for command in commands)
    process = subprocess.run(
        [sys.executable, "-m", "tests.network.commands"],
        input=lines, capture_output=True, text=True, env=os.environ, check=False, timeout=100,
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    return process.stdout.splitlines()


@pytest.mark.usefixtures("importer")
def test_the_command_line_connects_to_nothing_but_the_base_url_that_it_is_given(
    kantata: Running, connections: Path, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 3))
    names = workbook(tmp_path / "names.xlsx", [["email", "skill", "level"], ["dana@example.com", "Python", 4]])

    ended = run(
        ("check", names), ("plan", path, "-o", tmp_path / "p.xlsx"),
        ("apply", path, "--yes", "-o", tmp_path / "r.xlsx"),
        ("export", "skill-report", "-o", tmp_path / "report.html"),
        ("template", "skill-memberships", "-o", tmp_path / "t.xlsx"), ("runs",), ("doctor",),
        ("undo", LATEST, "--yes", "-o", tmp_path / "u.xlsx"), ("forget", "dana@example.com", "--yes"), ("resume",),
        ("check", names, "--base-url", "http://127.0.0.1:9"),
    )  # fmt: skip

    assert ended == [
        "check 0", "plan 0", "apply 0", "export 0", "template 0", "runs 0", "doctor 0", "undo 0",
        "forget 0", "resume 0", "check 7",
    ]  # fmt: skip
    base = urlsplit(kantata.url)
    ours, other = (str(base.hostname), str(base.port)), ("127.0.0.1", "9")
    found = noted(connections)
    assert found.pop("socket.bind", set()) <= LOOK_FOR_IPV6
    assert found == {"socket.connect": {ours, other}, "socket.getaddrinfo": {ours, other}}


@pytest.mark.usefixtures("importer")
def test_the_page_connects_to_nothing_but_the_base_url_and_listens_on_this_machine_alone(
    kantata: Running, connections: Path, tmp_path: Path
) -> None:
    path = write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 3))

    with started() as (_, address):
        someone = Visitor(address).enter()
        with someone.session:
            someone.wait("/")
            file = someone.drop(path)
            sent = someone.send(file, someone.plan(file))
            undo = someone.post(sent.url.removeprefix(someone.served.root) + "/undo")
            someone.undo(someone.wait(undo.url.removeprefix(someone.served.root)))

    base, page = urlsplit(kantata.url), urlsplit(address.root)
    ours = (str(base.hostname), str(base.port))
    found = noted(connections)
    assert found["socket.connect"] == {ours}
    assert found["socket.bind"] - LOOK_FOR_IPV6 <= {("127.0.0.1", "0"), ("127.0.0.1", str(page.port))}
    assert {host for host, _ in found["socket.getaddrinfo"]} == {"127.0.0.1"}
    changed = kantata.query("SELECT count(*) n FROM requests WHERE method IN ('POST', 'DELETE')")
    assert changed[0]["n"] > 1
