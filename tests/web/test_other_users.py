"""Another user of the same machine, who tries to take over the page: for real, with an id of their own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
import requests

from importer.sandbox import Running
from importer.web.server import PageAddress
from tests.gate import Gate
from tests.loads import new_skills, write_list
from tests.private import every
from tests.web.browser import NO_CHROMIUM, chromium, launched
from tests.web.program import started
from tests.web.visitor import Visitor, field, wait_until

NOBODY = 65534
_AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
_SERVER = """
import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print(self.path, self.headers["Cookie"], flush=True)
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""
_READER = """
import os, sys
for path in sys.argv[1:]:
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1)
        print(path)
    except OSError:
        pass
"""
_PROCESSES = """
import glob
for path in glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ"):
    try:
        print(open(path, "rb").read())
    except OSError:
        pass
"""


@pytest.fixture
def python() -> str:
    """A Python that another user can run."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can be somebody else, with setpriv")
    for path in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([*_AS_NOBODY, path, "-c", ""], capture_output=True, check=False).returncode == 0:
            return path
    pytest.skip("another user can run no Python here")


@pytest.fixture
def place(kantata: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that everybody can enter, with the state and the temporary files in it; pytest's own are closed."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    (folder / "temporary").mkdir()
    (folder / "temporary").chmod(0o1777)
    monkeypatch.setenv("TMPDIR", str(folder / "temporary"))
    monkeypatch.setenv("IMPORTER_HOME", str(folder / "state"))
    monkeypatch.setenv("KANTATA_BASE_URL", kantata.url)
    monkeypatch.setenv("KANTATA_TOKEN", kantata.token)
    yield folder
    shutil.rmtree(folder)


def _says(python: str, code: str, *arguments: object) -> str:
    """What a script prints that somebody else runs."""
    command = [*_AS_NOBODY, python, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@contextmanager
def _opened(place: Path) -> Iterator[tuple[PageAddress, str]]:
    """The page, opened in a browser that stays open; and what the browser was told to open."""
    browser, is_open, told = place / "browser", place / "open", place / "told"
    is_open.touch()
    browser.write_text(
        f'#!/bin/sh\nprintf %s "$1" > {told}.part; mv {told}.part {told}; while [ -e {is_open} ]; do sleep 0.1; done\n',
        encoding="utf-8",
    )
    browser.chmod(0o755)
    try:
        with started(umask=0, browser=browser) as (_, page):
            wait_until(told.exists)
            yield page, told.read_text(encoding="utf-8")
    finally:
        is_open.unlink()


def test_the_browser_is_opened_with_a_private_file_that_is_gone_once_it_was_used(place: Path) -> None:
    with _opened(place) as (page, told):
        file = Path(url2pathname(urlsplit(told).path))
        content, modes = file.read_text(encoding="utf-8"), [each.stat().st_mode & 0o777 for each in (file, file.parent)]
        Visitor(page).enter().session.close()

        assert page.key not in told
        assert page.address in content
        assert modes == [0o600, 0o700]
        assert not file.exists()
        assert requests.get(page.address, timeout=10).status_code == 403


def test_another_user_finds_no_key_in_the_processes_and_cannot_read_the_file_that_holds_it(
    place: Path, python: str
) -> None:
    with _opened(place) as (page, told):
        seen = _says(python, _PROCESSES)
        assert str(place / "browser") in seen
        assert page.key not in seen
        assert urlsplit(page.root).path not in seen

        file = Path(url2pathname(urlsplit(told).path))
        read = _says(python, _READER, file, file.parent, place)

        assert read.splitlines() == [str(place)]


@contextmanager
def _served(python: str) -> Iterator[tuple[str, Callable[[], str]]]:
    """The address of what another user serves on this machine, and what it heard with each visit."""
    command = [*_AS_NOBODY, python, "-c", _SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}", process.stdout.readline
        process.kill()


@pytest.mark.usefixtures("place")
@pytest.mark.skipif(chromium() is None, reason=NO_CHROMIUM)
def test_another_user_who_serves_on_another_port_gets_no_cookie_of_the_browser_that_visits_that(python: str) -> None:
    with started() as (_, page), _served(python) as (address, heard), launched() as browser:
        tab = browser.new_context().new_page()
        tab.goto(page.address)
        title = tab.title()
        tab.goto(address)

        assert title == "importer: choose a file"
        assert heard() == "/ None\n"


def test_another_user_can_read_nothing_of_what_is_kept_while_a_run_goes_on_and_after_it(
    gate: Gate, place: Path, python: str, kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], new_skills(kantata, 3))
    batch = gate.hold("POST")
    monkeypatch.setenv("KANTATA_BASE_URL", gate.url)
    with started(umask=0) as (_, page):
        visitor = Visitor(page).enter()
        file = visitor.drop(path)
        plan = visitor.plan(file)
        sent = visitor.post(f"{file}/send", plan=field(plan.text, "plan")).url.removeprefix(page.root)
        batch.wait()
        kept = [*every(place / "state"), *every(place / "temporary")]
        during = _says(python, _READER, *kept)
        batch.release()
        visitor.wait(sent)
        after = _says(python, _READER, *every(place / "state"), *every(place / "temporary"))
        visitor.session.close()

    assert {"journal.sqlite", "journal.sqlite-wal", "locks", "files", "team.csv"} <= {each.name for each in kept}
    assert during.splitlines() == [str(place / "temporary")]  # which is everybody's, as /tmp is
    assert after.splitlines() == [str(place / "temporary")]
