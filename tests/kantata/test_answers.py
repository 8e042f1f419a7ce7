"""What each kind of answer becomes: a sentence, an exit code, and never the token."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from importer import endpoints
from importer.errors import Denied, ImporterError, Unreachable, Usage
from importer.kantata.bulk_answers import Verdict, read_write_result
from importer.kantata.client import Client
from importer.kantata.rate_limiter import RateLimiter
from importer.kantata.responses import Malformed, Refusal, read_page, read_refusals
from importer.kantata.transport import Response, Transport
from importer.messages import about_account
from importer.sandbox import Running
from tests.clock import Clock

TOKEN = "s3cret-t0ken"


def client_at(url: str, token: str = "demo", timeout_s: float = 60) -> Client:
    clock = Clock()
    return Client(
        Transport(url, token, timeout_s=timeout_s, connections=2), RateLimiter(clock=clock, sleep=clock.sleep)
    )


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ({"fault": "429"}, Unreachable, "keeps asking us to wait"),
        ({"fault": "429", "body": "html"}, Unreachable, "keeps asking us to wait"),
        ({"fault": "500"}, Unreachable, "answered with a web page (status 500)"),
        ({"fault": "503", "body": "json"}, Unreachable, "has a problem of its own (status 503)"),
        ({"fault": "503", "body": "empty"}, Unreachable, "answered with something that is not whole JSON (status 503)"),
        ({"fault": "html200"}, Unreachable, "answered with a web page (status 200)"),
        ({"fault": "cut_json"}, Unreachable, "answered with something that is not whole JSON (status 200)"),
        ({"fault": "drop_mid_body"}, Unreachable, "the connection broke before the whole answer had come"),
        ({"fault": "drop_before_commit"}, Unreachable, "the connection broke before the whole answer had come"),
        ({"fault": "timeout", "seconds": 600}, Unreachable, "no answer within the time limit"),
    ],
    ids=str,
)
def test_an_answer_that_is_none_ends_in_a_sentence(
    kantata: Running, fault: dict[str, object], kind: type[ImporterError], words: str
) -> None:
    kantata.faults([{"on": "GET", "every": 1, **fault}])

    with pytest.raises(kind) as ended:
        client_at(kantata.url, timeout_s=0.2 if fault["fault"] == "timeout" else 60).me()

    assert words in ended.value.message
    assert ended.value.fix
    assert f"127.0.0.1:{kantata.port}" in ended.value.message


@pytest.mark.parametrize(
    "fault", ["500", "502", "503", "504", "429", "drop_before_commit", "drop_mid_body", "cut_json", "html200"]
)
def test_a_read_is_repeated_until_it_is_answered(kantata: Running, fault: str) -> None:
    kantata.faults([{"on": "GET", "nth": nth, "fault": fault} for nth in (1, 2)])
    client = client_at(kantata.url)

    assert client.me().full_name == "Dana Reyes"
    assert client.request_counts["GET"] == 3
    assert client.retries == 2


def test_a_wrong_token_is_denied_at_once(kantata: Running) -> None:
    client = client_at(kantata.url, token=TOKEN)

    with pytest.raises(Denied) as denied:
        client.me()

    assert 'Kantata says: "Invalid OAuth 2 Request"' in denied.value.message
    assert client.request_counts["GET"] == 1


@pytest.mark.parametrize("body", ["json", "html", "empty"])
def test_a_refused_permission_is_denied(kantata: Running, body: str) -> None:
    kantata.set(forbidden_body=body)

    with pytest.raises(Denied, match=r"refused the permission \(status 403\)"):
        client_at(kantata.url, token="demo-member").read("/user_group_memberships", [])


def test_a_cancelled_account_is_told_in_kantatas_words(kantata: Running) -> None:
    kantata.set(account_state="cancelled")

    with pytest.raises(Denied, match="Your account has been canceled"):
        client_at(kantata.url).me()


@pytest.fixture
def nobody() -> Iterator[int]:
    """A port at which nobody listens, and nobody else can meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_a_server_that_is_not_there_is_unreachable_after_three_tries(nobody: int) -> None:
    client = client_at(f"http://127.0.0.1:{nobody}", token=TOKEN)

    with pytest.raises(Unreachable, match="no connection could be made"):
        client.me()

    assert client.request_counts["GET"] == 3


def test_a_request_that_could_not_connect_is_known_to_have_done_nothing(nobody: int) -> None:
    answer = Transport(f"http://127.0.0.1:{nobody}", TOKEN, timeout_s=60, connections=1).request("POST", "/x", body={})

    assert answer.never_left
    assert not answer.in_doubt


@pytest.fixture
def deaf() -> Iterator[int]:
    """A port that takes a connection, reads, and closes it without an answer."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.recv(65536)
            connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def test_a_request_that_was_heard_and_not_answered_is_in_doubt(deaf: int) -> None:
    answer = Transport(f"http://127.0.0.1:{deaf}", TOKEN, timeout_s=60, connections=1).request("POST", "/x", body={})

    assert answer.in_doubt
    assert not answer.never_left


def test_a_redirect_is_not_followed_and_gets_no_token(deaf: int) -> None:
    heard: list[bytes] = []
    redirector = socket.create_server(("127.0.0.1", 0))
    port = redirector.getsockname()[1]

    def serve() -> None:
        connection, _ = redirector.accept()
        heard.append(connection.recv(65536))
        connection.sendall(
            f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{deaf}/\r\nContent-Length: 0\r\n\r\n".encode()
        )
        connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    with pytest.raises(Unreachable, match="answers with a redirect"):
        client_at(f"http://127.0.0.1:{port}", token=TOKEN).me()
    thread.join()
    redirector.close()

    assert len(heard) == 1
    assert f"Authorization: Bearer {TOKEN}".encode() in heard[0]


@pytest.mark.parametrize(
    "url", ["http://api.mavenlink.com/api/v1", "http://10.0.0.1", "ftp://127.0.0.1", "mavenlink", ""]
)
def test_a_base_url_that_would_show_the_token_or_is_none_is_refused(url: str) -> None:
    with pytest.raises(Usage):
        Transport(url, TOKEN, timeout_s=1, connections=1)


def test_a_netrc_file_does_not_take_the_tokens_place(
    kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login someone password else\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))

    assert client_at(kantata.url).me().full_name == "Dana Reyes"


def test_the_token_is_in_no_failure_that_a_request_can_end_in(kantata: Running) -> None:
    for fault in ("drop_before_commit", "500", "cut_json"):
        kantata.faults([{"on": "GET", "every": 1, "fault": fault}])
        with pytest.raises(ImporterError) as ended:
            client_at(kantata.url, token="demo").me()
        assert "demo" not in str(ended.value).replace(f"127.0.0.1:{kantata.port}", "")
        assert "demo" not in repr(ended.value.__cause__)


def answer_with(data: object) -> Response:
    return Response("GET", 200, data=data, is_json=True)


def test_records_come_in_the_order_of_results_and_not_of_the_map() -> None:
    data = {"count": 2, "results": [{"key": "users", "id": "2"}, {"key": "users", "id": "1"}], "users": {
        "1": {"id": "1"}, "2": {"id": "2"}, "3": {"id": "3", "why": "a manager, side-loaded"}}}  # fmt: skip

    assert [record["id"] for record in read_page(answer_with(data), "users").records] == ["2", "1"]


def test_ids_that_come_as_numbers_are_read_all_the_same() -> None:
    data = {"count": 1, "results": [{"key": "users", "id": 2}], "users": {"2": {"name": "x"}}}

    assert read_page(answer_with(data), "users").records == ({"name": "x", "id": "2"},)


@pytest.mark.parametrize(
    "data",
    [[], "text", None, {}, {"results": {}}, {"results": [{"key": "users"}]}, {"results": ["1"]},
     {"results": [{"key": "users", "id": "1"}]}, {"results": [{"key": "users", "id": "1"}], "users": {"1": "x"}}],
    ids=str,
)  # fmt: skip
def test_an_answer_in_another_form_is_malformed_and_no_crash(data: object) -> None:
    with pytest.raises(Malformed):
        read_page(answer_with(data), "users")


@pytest.mark.parametrize(
    ("data", "refusals"),
    [
        (
            {"errors": [{"type": "validation", "message": "Level is wrong", "field": "level", "index": 3}]},
            (Refusal("Level is wrong", "validation", "level", 3),),
        ),
        ({"errors": ["plain words"]}, (Refusal("plain words"),)),
        ({"errors": "one text"}, (Refusal("one text"),)),
        ({"error_message": "old form"}, (Refusal("old form"),)),
        ({"errors": [{"type": "system"}]}, (Refusal("Kantata gave no reason.", "system"),)),
        ({"errors": [{"message": "m", "index": True}]}, (Refusal("m"),)),
        ({"errors": [{"message": "m", "index": -1}]}, (Refusal("m"),)),
        ({}, (Refusal("Kantata answered 422 without saying why.", is_silent=True),)),
        ({"status": 422, "error": "level is too high"}, (Refusal("level is too high"),)),
        ({"errors": [], "error": "level is too high"}, (Refusal("level is too high"),)),
        ({"error": {"type": "system", "message": "Down"}}, (Refusal("Down", kind="system"),)),
        ({"error": ""}, (Refusal("Kantata answered 422 without saying why.", is_silent=True),)),
    ],
)
def test_errors_are_read_in_every_form_that_kantata_is_known_to_use(
    data: object, refusals: tuple[Refusal, ...]
) -> None:
    assert read_refusals(Response("POST", 422, data=data, is_json=True)) == refusals


@pytest.mark.parametrize("status", [200, 400])
def test_a_refusal_whose_words_stand_in_error_is_told_in_these_words(status: int) -> None:
    body = {"status": 400, "error": "malformed JSON detected: unexpected token"}
    answer = Response("POST", status, data=body, is_json=True)

    written = read_write_result(endpoints.load("skill-memberships"), answer)

    assert written.verdict is Verdict.REFUSED
    assert [refusal.message for refusal in written.refusals] == ["malformed JSON detected: unexpected token"]
    assert "could not read the request" in about_account.row_refused(written.refusals[0].message, None).fix


def test_a_bare_forbidden_is_about_the_token_and_not_about_the_row() -> None:
    answer = Response("POST", 403, data={"status": 403, "error": "Forbidden"}, is_json=True)

    assert read_write_result(endpoints.load("skill-memberships"), answer).verdict is Verdict.DENIED
