"""`importer doctor` where something fails: it asks Kantata's status page, and writes a report without secrets."""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from importer.cli import group
from importer.errors import Unreachable
from importer.kantata.status_page import read_status, status_url
from importer.sandbox import Running
from tests.conftest import Importer
from tests.loads import new_skills, write_list

WELL = {"page": {"name": "Kantata"}, "status": {"indicator": "none", "description": "All Systems Operational"}}
ILL = {"page": {"name": "Kantata"}, "status": {"indicator": "major", "description": "Partial System Outage"}}


@dataclass(slots=True)
class Server:
    """A server at `url` that answers every GET with `answer`, and as an account refuses the token with it; it refuses
    every CONNECT, and keeps what it was asked.
    """

    url: str = ""
    answer: bytes = b""
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    kept = Server()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (its name in the library)
            """Print nothing."""

        def do_GET(self) -> None:
            kept.asked.append((self.command, self.path, dict(self.headers)))
            self.send_response(401 if "users/me" in self.path else 200)
            self.send_header("Content-Length", str(len(kept.answer)))
            self.end_headers()
            self.wfile.write(kept.answer)

        def do_CONNECT(self) -> None:
            kept.asked.append((self.command, self.path, dict(self.headers)))
            self.send_error(403)

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{running.server_port}"
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    with contextlib.closing(running.socket):
        yield kept
        running.shutdown()
        thread.join()


@pytest.fixture
def status_page(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("KANTATA_STATUS_URL", f"{server.url}/api/v2/status.json")
    server.answer = json.dumps(WELL).encode()
    return server


def of_status_page(told: Any) -> dict[str, Any] | None:
    return next((each for each in told["findings"] if each["what"] == "status page"), None)


def test_the_status_page_is_asked_without_the_token_where_kantata_refuses_it(
    offline: Importer, status_page: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KANTATA_TOKEN", "a-secret-token")
    monkeypatch.setenv("KANTATA_BASE_URL", status_page.url)

    ran = offline("doctor", "--json")

    host = status_page.url.removeprefix("http://")
    assert ran.code == 6
    assert of_status_page(ran.json) == {
        "what": "status page",
        "works": True,
        "says": f"Because something failed, we also asked Kantata's status page, {host}. It says: All Systems "
        "Operational.",
        "code": "",
        "fix": "",
        "exit_code": 0,
    }
    (_, _, of_account), (method, path, of_page) = status_page.asked
    assert of_account["Authorization"] == "Bearer a-secret-token"
    assert (method, path) == ("GET", "/api/v2/status.json")
    assert "Authorization" not in of_page
    assert "a-secret-token" not in str(of_page)


def test_what_the_status_page_tells_of_trouble_fails_as_what_failed_does(
    importer: Importer, status_page: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    status_page.answer = json.dumps(ILL).encode()
    monkeypatch.setenv("KANTATA_TOKEN", "demo-member")

    ran = importer("doctor")

    assert ran.code == 6
    assert "FAILS   status page: Because something failed, we also asked" in ran.out
    assert "It says: Partial System Outage." in ran.out
    assert "Wait until Kantata has solved it, and try again." in ran.out


def test_nobody_asks_the_status_page_where_kantata_was_not_asked_or_answers_well(
    importer: Importer, status_page: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    well = importer("doctor")
    monkeypatch.delenv("KANTATA_TOKEN")
    without_token = importer("doctor")

    assert (well.code, without_token.code) == (0, 6)
    assert status_page.asked == []


@pytest.mark.parametrize(
    ("address", "answer", "why"),
    [
        (None, b"<html>", "its answer (status 200) is not that of such a page"),
        (None, b'{"status": "fine"}', "its answer (status 200) is not that of such a page"),
        ("http://127.0.0.1:9/status.json", b"", "no connection could be made"),
        ("http://status.example.com/status.json", b"", "its address must begin with https://"),
    ],
)
def test_a_status_page_that_cannot_be_read_is_said_to_have_been_asked(
    server: Server, address: str | None, answer: bytes, why: str
) -> None:
    server.answer = answer

    with pytest.raises(Unreachable) as raised:
        read_status(address or server.url)

    assert raised.value.said.code == "status-page"
    assert raised.value.message.startswith("Because something failed, we also asked Kantata's status page, ")
    assert f"could not read it: {why}" in raised.value.message


def test_kantatas_own_page_is_asked_through_the_proxy_and_not_for_a_base_url_of_this_machine(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    address = status_url("https://api.mavenlink.com/api/v1", {})

    with pytest.raises(Unreachable, match="the proxy did not let the request through"):
        read_status(str(address))

    assert [f"{method} {path}" for method, path, _ in server.asked] == ["CONNECT status.mavenlink.com:443"]
    assert status_url("http://127.0.0.1:8765/api/v1", {}) is None  # Kantata knows nothing of this machine's health
    assert status_url("http://localhost:8765/api/v1", {}) is None


NAME, EMAIL, USER = "Xaviera Quillfeather", "xaviera@quillfeather.example", "xquill"


@pytest.mark.parametrize(("token", "suffix"), [("demo", ".txt"), ("tok-5ecr3t-aaaa", ".json"), ("tok-5ecr3t", ".txt")])
def test_a_report_has_no_token_no_name_no_address_no_user_and_no_id_wherever_they_stand(
    importer: Importer, kantata: Running, status_page: Server, tmp_path: Path, token: str, suffix: str
) -> None:
    folder = tmp_path / USER / f"{NAME} ({EMAIL})" / token
    folder.mkdir(parents=True)
    owner = kantata.query("SELECT id, account_id FROM users WHERE full_name = 'Dana Reyes'")[0]
    kantata.execute("UPDATE users SET full_name = ?, email_address = ? WHERE id = ?", NAME, EMAIL, owner["id"])
    path = write_list(folder / f"{NAME} {EMAIL}.csv", ("user_id", "skill_id", "level"), new_skills(kantata, 3))
    all_of_it = f"{token} {NAME} {EMAIL} {USER} {owner['id']}"
    said = {"status": {"indicator": "major", "description": all_of_it}, "errors": [{"message": all_of_it}]}
    status_page.answer = json.dumps(said).encode()
    # With its own token the sandbox answers; the other ones a server refuses, and repeats all that it knows.
    base = kantata.url if token == kantata.token else f"{status_page.url}/{token}/{USER}/{EMAIL}"

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("IMPORTER_HOME", str(folder / "state"))
        environment.setenv("HTTPS_PROXY", f"http://{USER}:{token}@proxy.example")
        environment.setenv("REQUESTS_CA_BUNDLE", str(folder / "ca.pem"))
        for variable in ("USER", "LOGNAME", "USERNAME"):
            environment.setenv(variable, USER)
        assert importer("apply", path, "--yes").code == 0
        environment.setenv("KANTATA_TOKEN", token)
        environment.setenv("KANTATA_BASE_URL", base.replace("//", f"//{USER}:{token}@"))
        ran = importer("doctor", "--json", "--report", tmp_path / f"report{suffix}")

    report = Path(ran.json["report"]).read_text(encoding="utf-8")
    secrets = {token, *NAME.split(), EMAIL, USER, str(owner["id"]), str(owner["account_id"])}
    assert NAME in ran.out
    assert [each for each in secrets if each.lower() in report.lower()] == []
    assert "created" in report  # the last run, in numbers
    assert "KANTATA_TOKEN" in report
    assert "HTTPS_PROXY" in report


def test_a_report_shortens_the_folder_of_the_person_and_keeps_what_helps(
    importer: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))

    ran = importer("doctor", "--report", "report.json")
    again = importer("doctor", "--report", "report.json")

    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    settings = {each["name"]: (each["value"], each["from"]) for each in report["settings"]}
    assert ran.code == 0
    assert settings["state folder"] == ("~/state", "IMPORTER_HOME")
    assert settings["token"] == (None, "KANTATA_TOKEN")
    assert settings["base URL"][1] == "KANTATA_BASE_URL"
    assert report["libraries"].keys() >= {"pandas", "requests"}
    assert [each["what"] for each in report["findings"]][:3] == ["state folder", "keyring", "token"]
    assert report["last_run"] is None
    assert "The report is in report (2).json." in again.err  # no file is ever overwritten
    assert "--report" in {name for option in group.commands["doctor"].params for name in option.opts}
