"""What tests of several rooms share: one sandbox a process, as new before each test, and the real command line."""

import contextlib
import io
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from importer.cli import main
from importer.kantata.client import Client
from importer.sandbox import Running, running
from tests.gate import Gate, gate_before
from tests.loads import client_with

# How long an example takes says how busy the machine is, not whether a law holds.
settings.register_profile("importer", deadline=None)
settings.load_profile("importer")

# A shell without a terminal has what it starts in the background ignore Ctrl-C, and so would every
# process that a test starts: one that is to be interrupted would never hear of it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# These need a terminal, signals or limits as Linux and macOS have them.
if os.name == "nt":
    collect_ignore_glob = [
        "cli/test_accidents.py", "cli/test_aliases.py", "cli/test_apply.py", "cli/test_commands.py",
        "cli/test_matrix.py", "cli/test_remembered.py", "cli/test_removals.py", "cli/test_shell.py",
        "cli/test_stopping.py", "export/test_stopping.py", "gallery/test_gallery.py", "kill/*", "mutants/*",
        "round_trip/test_merge.py", "sandbox/test_process.py", "spreadsheet/test_large_files.py",
        "test_documentation.py", "test_private_files.py", "web/test_connections.py",
        "web/test_other_users.py", "web/test_process.py",
    ]  # fmt: skip

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "sample_data"


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended: its exit code, what it gave, what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on stdout."""
        return json.loads(self.out)


@pytest.fixture(scope="session")
def _kantata() -> Iterator[Running]:
    with running() as server:
        yield server


@pytest.fixture
def kantata(_kantata: Running) -> Running:
    """A stand-in for Kantata with its fixture world, as at its start."""
    _kantata.reset()
    return _kantata


@pytest.fixture(scope="session")
def _elsewhere() -> Iterator[Running]:
    with running(shift=5_000_000) as server:
        yield server


@pytest.fixture
def elsewhere(_elsewhere: Running) -> Running:
    """Another account with the same people, skills, groups and places, all under other ids."""
    _elsewhere.reset()
    return _elsewhere


@pytest.fixture
def client(kantata: Running) -> Iterator[Client]:
    """An administrator's client that does not wait between repeated requests."""
    with client_with(kantata, workers=10) as several:
        yield several


@pytest.fixture
def one_by_one(kantata: Running) -> Iterator[Client]:
    """As `client`, with one request at a time, so that their order is known."""
    with client_with(kantata, workers=1) as single:
        yield single


@dataclass(slots=True)
class Importer:
    """The command line, in this process; `folder` is where it keeps its state."""

    folder: Path

    def __call__(self, *arguments: object) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        code = ended.value.code
        assert isinstance(code, int)
        return Ran(code, out.getvalue(), err.getvalue())


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Importer:
    """The command line with no account: no token, and nobody at the base URL."""
    monkeypatch.setenv("IMPORTER_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("KANTATA_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.delenv("KANTATA_TOKEN", raising=False)
    monkeypatch.chdir(tmp_path)
    return Importer(tmp_path / "state")


@pytest.fixture
def importer(offline: Importer, kantata: Running, monkeypatch: pytest.MonkeyPatch) -> Importer:
    """The command line with the sandbox as its account."""
    monkeypatch.setenv("KANTATA_BASE_URL", kantata.url)
    monkeypatch.setenv("KANTATA_TOKEN", kantata.token)
    return offline


@pytest.fixture
def gate(importer: Importer, kantata: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:  # noqa: ARG001
    """A gate between the command line and the sandbox, for tests that meet a request on its way."""
    with gate_before(kantata.url) as passage:
        monkeypatch.setenv("KANTATA_BASE_URL", passage.url)
        yield passage


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that may take longest, so that nobody waits for them at the end."""
    items.sort(key=lambda item: -max((mark.args[0] for mark in item.iter_markers("timeout")), default=0))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the schedules of faults went through, and what of the gallery and of damaged lists was read.

    Whichever process the tests ran in: what they recorded comes with their reports.
    """
    told = [dict(report.user_properties) for report in terminalreporter.stats.get("passed", [])]
    shown = [each for each in told if "gallery levels" in each]
    if shown:
        levels, people = (sum(each[f"gallery {name}"] for each in shown) for name in ("levels", "people"))
        asking = sum(each.get("gallery questions", 0) for each in shown)
        terminalreporter.write_line(
            f"{len(shown)} sheets of the gallery read as expected: {levels:,} levels of {people:,} people. "
            f"{asking} were read after one question that Enter answers, the others without any."
        )
    trials = [each for each in told if "soak faults" in each]
    if trials:
        faults, rows, resumes = (sum(each[f"soak {name}"] for each in trials) for name in ("faults", "rows", "resumes"))
        terminalreporter.write_line(
            f"{len(trials)} schedules of faults: {faults:,} faults injected, {rows:,} rows checked, {resumes} resumed."
        )
    for each in (each["round trip"] for each in told if "round trip" in each):
        terminalreporter.write_line(
            f"{each['steps']:,} steps of round trips, {each['loads']:,} of them loads, {each['changes']:,} changes by "
            f"others: kept {each['kept']:,} times, in conflict {each['conflicts']:,} times, overwritten not once; no "
            "edit was lost without being told."
        )
    clicks = [each["clicks"] for each in told if "clicks" in each]
    if clicks:
        terminalreporter.write_line(f"Clicks to a right load, and no typed letter: {', '.join(sorted(clicks))}.")
    damages = [each for each in told if "damage kind" in each]
    for kind in dict.fromkeys(each["damage kind"] for each in damages):
        lists = [each for each in damages if each["damage kind"] == kind]
        right, named = (sum(each[f"damage {name}"] for each in lists) for name in ("right", "told"))
        terminalreporter.write_line(
            f"{len(lists)} lists with damaged {kind}: {right:,} rows right, {named:,} named, none lost or misread."
        )
