"""Who may ask: nobody but the person to whom this start's address was given, by whatever way they try."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from importer.sandbox import Running
from importer.web.credentials import LONGEST_IDLE_S
from importer.web.server import ServedPage
from tests.clock import Clock
from tests.conftest import Importer
from tests.gate import Gate
from tests.loads import new_skills, write_list
from tests.web.visitor import Visitor, field, wait_until

PAGES = ["/", "/runs", "/templates", "/static/page.js", "/static/page.css", "/nothing", "/files/0", "/runs/0/result"]


@pytest.mark.parametrize("path", PAGES)
def test_without_the_secret_nothing_answers(served: ServedPage, path: str) -> None:
    answer = requests.get(served.root + path, timeout=10)

    assert answer.status_code == 403
    assert "This page is for whoever started it" in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("key", ["", "x", "0" * 43])
def test_a_wrong_secret_opens_nothing(served: ServedPage, key: str) -> None:
    answer = requests.get(f"{served.root}/?key={key}", timeout=10)

    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_the_secret_is_changed_for_a_cookie_that_no_script_and_no_other_site_gets(served: ServedPage) -> None:
    answer = requests.get(served.address, allow_redirects=False, timeout=10)

    assert answer.status_code == 303
    path = urlsplit(served.root).path
    assert answer.headers["Location"] == f"{path}/"
    name, *facts = answer.headers["Set-Cookie"].split("; ")
    assert served.key not in name
    assert {"HttpOnly", "SameSite=strict", f"Path={path}"} <= set(facts)


def test_an_address_opens_the_page_once_and_then_says_so(served: ServedPage) -> None:
    person = Visitor(served).enter()

    again = requests.get(served.address, timeout=10)

    assert again.status_code == 403
    assert "This address has been used: it opens the page once." in again.text
    assert "stop the program and start it again" in again.text
    assert "Set-Cookie" not in again.headers
    assert person.session.get(served.address, timeout=10).url == f"{served.root}/"  # the one who is in goes on
    assert person.session.get(served.root, timeout=10).url == f"{served.root}/"


def test_who_comes_from_the_file_that_opens_the_browser_is_sent_on_by_a_page_of_ours(served: ServedPage) -> None:
    headers = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"}

    answer = requests.get(served.address, headers=headers, allow_redirects=False, timeout=10)

    # After a redirect, a browser that came from elsewhere would not show the cookie.
    assert answer.status_code == 200
    assert f'<meta http-equiv="refresh" content="0; url={urlsplit(served.root).path}/">' in answer.text
    assert "SameSite=strict" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("POST", {}),
        ("GET", {"Sec-Purpose": "prefetch;prerender"}),
        ("GET", {"Purpose": "prefetch"}),
        ("GET", {"X-Moz": "prefetch"}),
        ("GET", {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "cross-site"}),
        ("GET", {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}),
    ],
)
def test_who_only_looks_what_is_behind_the_address_uses_up_no_key(
    served: ServedPage, method: str, headers: dict[str, str]
) -> None:
    looked = requests.request(method, served.address, headers=headers, timeout=10)

    assert looked.status_code == 403
    assert "Set-Cookie" not in looked.headers
    assert Visitor(served).enter().get("/").ok


@pytest.mark.parametrize("path", ["/", "/?key={key}", "/runs", "/p-x/", "{below}x/", "{below}x/?key={key}"])
def test_nothing_answers_beside_the_path_of_this_start(served: ServedPage, visitor: Visitor, path: str) -> None:
    below, cookie = urlsplit(served.root).path, visitor.session.cookies.items()[0]
    address = served.origin + path.format(below=below, key=served.again().key)

    answer = requests.get(address, headers={"Cookie": "=".join(cookie)}, timeout=10)

    assert answer.status_code == 403
    assert below not in answer.text


def test_a_server_on_another_port_does_not_get_the_cookie(visitor: Visitor) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Listener) as other:
        other.heard = []  # type: ignore[attr-defined]
        threading.Thread(target=other.serve_forever, daemon=True).start()

        for path in ("/", "/p-x/", "/runs"):
            visitor.session.get(f"http://127.0.0.1:{other.server_port}{path}", timeout=10)
        other.shutdown()

    assert other.heard == [None, None, None]  # type: ignore[attr-defined]
    assert visitor.get("/").ok


class _Listener(BaseHTTPRequestHandler):
    """Notes the cookies of those who visit it."""

    def do_GET(self) -> None:
        self.server.heard.append(self.headers["Cookie"])  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_a_page_that_nobody_has_used_for_hours_is_over_and_says_so(
    served: ServedPage, visitor: Visitor, clock: Clock
) -> None:
    clock.sleep(LONGEST_IDLE_S - 1)
    unused, used = served.again().address, visitor.get("/runs")
    clock.sleep(LONGEST_IDLE_S - 1)
    stranger = requests.get(served.root, timeout=10)
    clock.sleep(2)

    over = [visitor.get("/"), visitor.get("/runs"), requests.get(unused, timeout=10)]

    assert used.ok
    assert stranger.status_code == 403
    for answer in over:
        assert answer.status_code == 403
        assert "Nobody has used this page for 8 hours, so it is closed." in answer.text
        assert "Stop the program and start it again." in answer.text


def test_whoever_started_a_page_that_is_over_opens_it_anew_for_themselves_alone(
    served: ServedPage, visitor: Visitor, clock: Clock
) -> None:
    unused = served.again().address
    clock.sleep(LONGEST_IDLE_S + 1)
    assert visitor.get("/").status_code == 403

    anew = Visitor(served.again())
    with anew.session:
        anew.enter()

        assert anew.get("/runs").ok
    for answer in (visitor.get("/runs"), requests.get(unused, timeout=10)):
        assert answer.status_code == 403


def test_a_run_goes_on_when_its_page_is_over(
    visitor: Visitor, kantata: Running, gate: Gate, clock: Clock, importer: Importer, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 3)
    file = visitor.drop(write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], rows))
    plan = field(visitor.plan(file).text, "plan")
    batch = gate.hold("POST")
    visitor.post(f"{file}/send", plan=plan)
    batch.wait()
    clock.sleep(LONGEST_IDLE_S + 1)

    over = visitor.get("/runs")
    batch.release()

    assert over.status_code == 403
    assert "A run that is in progress goes on" in over.text
    wait_until(lambda: importer("runs", "--json").json["runs"][0]["state"] == "finished")
    held = kantata.query("SELECT user_id, skill_id, level FROM skill_memberships")
    assert set(rows) <= {(row["user_id"], row["skill_id"], row["level"]) for row in held}


def test_a_wrong_cookie_opens_nothing(visitor: Visitor) -> None:
    name = visitor.session.cookies.keys()[0]

    answer = requests.get(visitor.served.root, cookies={name: "x" * 43}, timeout=10)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example"]
)
def test_another_name_for_this_machine_is_refused_whatever_cookie_comes_with_it(visitor: Visitor, host: str) -> None:
    assert visitor.get("/", Host=host).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:1", "http://127.0.0.1:1"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_page_of_another_site_is_refused_whatever_it_asks(visitor: Visitor, origin: str, method: str) -> None:
    headers = {"Origin": origin}

    answer = visitor.session.request(method, visitor.served.root + "/runs", headers=headers, timeout=10)

    assert answer.status_code == 403


def test_a_post_that_does_not_say_where_it_comes_from_is_refused(visitor: Visitor) -> None:
    answer = visitor.session.post(visitor.served.root + "/account", data={"how": "none"}, timeout=10)

    assert answer.status_code == 403
    assert "Dana Reyes" in visitor.get("/").text


def test_a_link_of_another_site_is_refused(visitor: Visitor) -> None:
    assert visitor.get("/", **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", None])
def test_no_socket_opens(visitor: Visitor, origin: str | None) -> None:
    headers = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "eA==",
    }
    headers |= {"Origin": origin or visitor.served.origin}

    answer = visitor.get("/sending/x/state", **headers)

    assert answer.status_code == (404 if origin is None else 403)


def test_the_page_listens_on_this_machine_only(served: ServedPage) -> None:
    port = int(served.origin.rsplit(":", 1)[1])
    elsewhere = socket.socket(socket.AF_INET, socket.SOCK_STREAM)

    with elsewhere:
        elsewhere.bind(("127.0.0.2", port))  # free: nothing listens on all addresses
        assert elsewhere.getsockname() == ("127.0.0.2", port)


def test_every_answer_lets_a_browser_run_nothing_but_what_is_ours(visitor: Visitor) -> None:
    for path in ["/", "/runs", "/nothing", "/static/page.js"]:
        answer = visitor.get(path)

        policy = dict(each.strip().split(" ", 1) for each in answer.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_no_page_and_no_script_names_another_site(visitor: Visitor) -> None:
    for path in ["/", "/runs", "/templates", "/static/page.js", "/static/page.css"]:
        text = visitor.get(path).text.replace("https://api.mavenlink.com", "").replace("http://www.w3.org/2000/svg", "")

        named = [part.split('"')[0] for part in text.split("://")[1:]]
        assert all(part.startswith("127.0.0.1:") for part in named), named
