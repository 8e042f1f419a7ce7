"""`importer web` as a real process: what it prints, and how it ends while a run goes on."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from importer.sandbox import Running
from tests.cli.terminal import read_until
from tests.conftest import Importer
from tests.gate import Gate
from tests.loads import new_skills, write_list
from tests.web.program import started
from tests.web.visitor import Visitor, field


@contextmanager
def _started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], Visitor]]:
    """The program, and somebody who opens what it prints."""
    with started(*arguments) as (process, page):
        visitor = Visitor(page)
        with visitor.session:
            yield process, visitor.enter()


def _begin(visitor: Visitor, path: Path) -> None:
    file = visitor.drop(path)
    visitor.post(f"{file}/send", plan=field(visitor.plan(file).text, "plan"))


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_went_on_when_the_program_ended_is_found_by_the_next_start(
    importer: Importer,
    kantata: Running,
    gate: Gate,
    tmp_path: Path,
    sign: signal.Signals,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "private").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "private"))
    rows = new_skills(kantata, 900)
    path = write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], rows)
    second_batch = gate.hold("POST", 2)
    is_killed = sign == signal.SIGKILL
    with _started("--workers", "1") as (process, visitor):
        _begin(visitor, path)
        second_batch.wait()
        process.send_signal(sign)
        if is_killed:
            process.wait()
        else:
            read_until(process, "Stopping after the requests that are on their way.")
        second_batch.release()
        process.wait()
        left = list((tmp_path / "private").iterdir())
    (run,) = importer("runs", "--json").json["runs"]

    with _started("--settle-wait", "1") as (_, visitor):
        first = visitor.get("/").text
        ended = visitor.wait(visitor.post(f"/runs/{run['run']}/resume").url.removeprefix(visitor.served.root))

    assert (process.returncode, run["state"]) == (-signal.SIGKILL if is_killed else 0, "open")
    assert len(left) == is_killed  # what was dropped is gone, but for a program that was killed
    assert run["run"] in first
    assert "Verified: we read 900 records back from Kantata" in ended.text
    held = kantata.query("SELECT user_id, skill_id, level FROM skill_memberships")
    assert set(rows) <= {(row["user_id"], row["skill_id"], row["level"]) for row in held}
    assert len(held) == len({(row["user_id"], row["skill_id"]) for row in held})


def test_a_port_that_is_taken_is_said_in_a_sentence(importer: Importer) -> None:
    with _started() as (_, visitor):
        port = visitor.served.origin.rsplit(":", 1)[1]

        ran = importer("web", "--port", port, "--no-browser")

    assert ran.code == 2
    assert f"We cannot use port {port} of 127.0.0.1. To use another one, add --port N." in ran.err
