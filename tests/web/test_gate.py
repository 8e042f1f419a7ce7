"""Who may ask: nobody but the person to whom this start's address was given, by whatever way they try."""

import socket
from urllib.parse import urlsplit

import pytest
import requests

from importer.web.server import PageAddress
from tests.web.visitor import Visitor

PAGES = ["/", "/runs", "/templates", "/static/page.js", "/static/page.css", "/nothing", "/files/0", "/runs/0/result"]


@pytest.mark.parametrize("path", PAGES)
def test_without_the_secret_nothing_answers(served: PageAddress, path: str) -> None:
    answer = requests.get(served.root + path, timeout=10)

    assert answer.status_code == 403
    assert "This page is for whoever started it" in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("key", ["", "x", "0" * 43])
def test_a_wrong_secret_opens_nothing(served: PageAddress, key: str) -> None:
    answer = requests.get(f"{served.root}/?key={key}", timeout=10)

    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_the_secret_is_changed_for_a_cookie_that_no_script_and_no_other_site_gets(served: PageAddress) -> None:
    answer = requests.get(served.address, allow_redirects=False, timeout=10)

    assert answer.status_code == 303
    path = urlsplit(served.root).path
    assert answer.headers["Location"] == f"{path}/"
    name, *facts = answer.headers["Set-Cookie"].split("; ")
    assert served.key not in name
    assert {"HttpOnly", "SameSite=strict", f"Path={path}"} <= set(facts)


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


def test_the_page_listens_on_this_machine_only(served: PageAddress) -> None:
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
