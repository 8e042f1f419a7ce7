"""The sandbox as a process of its own, its file, its port, and several callers at once."""

import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from importer.sandbox import Running, SandboxError, running

from .client import Api, membership
from .known import AMINA, INGRID, KANBAN

COMMAND = (sys.executable, "-m", "importer", "sandbox")
STATEMENT = "SELECT user_id FROM skill_memberships WHERE skill_id = 274938 AND user_id = 11483135"


@contextmanager
def _process(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A sandbox process and the address that it says it is at."""
    with subprocess.Popen((*COMMAND, "--port", "0", *arguments), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            address = re.search(r"http://[\d.:]+", process.stderr.readline())
            assert address
            yield process, address.group()
        finally:
            process.kill()


def test_a_process_serves_until_it_is_interrupted_and_ends_quietly(tmp_path: Path) -> None:
    file = tmp_path / "account.sqlite"
    with _process("--db", str(file), "--set", "like=strict", "--set", "meta=off") as (process, root):
        api = Api(f"{root}/api/v1")
        assert "meta" not in api.found("/users")
        assert api.get("/users", per_page=201).status_code == 400
        api.post("/skill_memberships", {"skill_membership": membership(AMINA, KANBAN)})
        api.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
    with sqlite3.connect(file) as database:
        assert database.execute(STATEMENT).fetchall() == [(AMINA,)]
        assert database.execute("SELECT path, status FROM requests").fetchall()[-1] == ("/skill_memberships", 200)
    database.close()


def test_what_was_written_is_in_the_file_when_the_process_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "account.sqlite"
    with _process("--db", str(file), "--set", "drop=after_commit@1") as (process, root):
        api = Api(f"{root}/api/v1")
        with pytest.raises(OSError, match="Connection aborted"):
            api.post("/skill_memberships", {"skill_membership": membership(AMINA, KANBAN)})
        api.close()
        process.kill()
        process.wait(timeout=10)
    database = sqlite3.connect(file)
    assert database.execute(STATEMENT).fetchall() == [(AMINA,)]
    assert database.execute("SELECT status, committed FROM requests").fetchall() == [(None, 1)]
    database.close()
    with running(db=file, users=60) as again:
        assert again.query(STATEMENT) == [{"user_id": AMINA}]
        assert again.query("SELECT count(*) AS n FROM users") == [{"n": 453}]
        again.reset()
        assert again.query(STATEMENT) == []
        assert again.query("SELECT count(*) AS n FROM users") == [{"n": 453}]


def test_a_file_can_be_read_by_others_while_the_sandbox_writes(tmp_path: Path) -> None:
    file = tmp_path / "account.sqlite"
    with running(db=file, users=60) as sandbox:
        api = Api(sandbox.url)
        database = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
        reading = database.execute("SELECT id FROM skill_memberships")
        assert reading.fetchone()
        assert api.post("/skill_memberships", {"skill_membership": membership(AMINA, KANBAN)}).status_code == 200
        reading.close()
        assert database.execute(STATEMENT).fetchall() == [(AMINA,)]
        database.close()
        api.close()


@pytest.mark.parametrize(
    "content", [b"Not a database, just some text that is longer than a header of SQLite. " * 20, None]
)
def test_a_file_that_is_something_else_is_left_alone(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "other.sqlite"
    if content is None:
        other = sqlite3.connect(file)
        other.execute("CREATE TABLE falcons (id INTEGER)")
        other.close()
    else:
        file.write_bytes(content)
    before = file.read_bytes()
    with pytest.raises(SandboxError, match=re.escape(str(file))), running(db=file):
        pass
    assert file.read_bytes() == before


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="nowhere"), running(db=tmp_path / "nowhere" / "account.sqlite"):
        pass


def test_a_port_in_use_is_named_in_one_sentence(sandbox: Running) -> None:
    taken = f"Port {sandbox.port} of 127.0.0.1 is in use"
    with pytest.raises(SandboxError, match=taken), running(port=sandbox.port):
        pass
    done = subprocess.run((*COMMAND, "--port", str(sandbox.port)), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert taken in done.stderr


def test_a_wrong_switch_on_the_command_line_is_a_usage_error() -> None:
    done = subprocess.run((*COMMAND, "--set", "bulkk=atomic"), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Did you mean bulk" in done.stderr


def test_importing_the_package_imports_no_web_library() -> None:
    code = "import sys, importer.sandbox; print([n for n in ('fastapi', 'uvicorn', 'starlette') if n in sys.modules])"
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_sandbox_listens_on_the_loopback_address_only(sandbox: Running) -> None:
    assert sandbox.root == f"http://127.0.0.1:{sandbox.port}"
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=5) as connection:
        assert connection.getpeername() == ("127.0.0.1", sandbox.port)


def test_several_callers_at_once_each_get_their_own_answer_and_every_row_is_written_once(sandbox: Running) -> None:
    rows = sandbox.query(
        "SELECT id FROM users WHERE id NOT IN (SELECT user_id FROM skill_memberships WHERE skill_id = ?) LIMIT 160",
        KANBAN,
    )
    people = [int(str(row["id"])) for row in rows]
    answered: list[int] = []

    def give(users: list[int]) -> None:
        caller = Api(sandbox.url)
        for user in users:
            answer = caller.post("/skill_memberships", {"skill_membership": membership(user, KANBAN)}).json()
            answered.extend(int(each["user_id"]) for each in answer["skill_memberships"].values())
        caller.close()

    callers = [threading.Thread(target=give, args=(people[start::8],)) for start in range(8)]
    for each in callers:
        each.start()
    for each in callers:
        each.join()
    stored = sandbox.query("SELECT user_id FROM skill_memberships WHERE id > 61007023")
    assert sorted(answered) == sorted(people) == sorted(int(str(row["user_id"])) for row in stored)
    numbers = [each["number"] for each in sandbox.requests()]
    assert numbers == list(range(1, 161))


def test_the_same_row_sent_by_several_callers_at_once_is_written_once(sandbox: Running) -> None:
    statuses: list[int] = []

    def give() -> None:
        caller = Api(sandbox.url)
        statuses.append(caller.post("/skill_memberships", {"skill_membership": membership(INGRID, KANBAN)}).status_code)
        caller.close()

    callers = [threading.Thread(target=give) for _ in range(8)]
    for each in callers:
        each.start()
    for each in callers:
        each.join()
    assert sorted(statuses) == [200, *[422] * 7]
    assert len(sandbox.query("SELECT 1 FROM skill_memberships WHERE user_id = ?", INGRID)) == 1


def test_a_sandbox_stops_although_a_request_is_held(tmp_path: Path) -> None:
    with running(db=tmp_path / "account.sqlite", users=60) as sandbox:
        sandbox.faults([{"nth": 1, "fault": "slow", "seconds": 600}])
        with socket.create_connection(("127.0.0.1", sandbox.port), timeout=5) as connection:
            connection.sendall(b"GET /api/v1/skills HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer demo\r\n\r\n")
            while not sandbox.requests():
                pass
    with pytest.raises(OSError, match=r".+"):
        socket.create_connection(("127.0.0.1", sandbox.port), timeout=5)
