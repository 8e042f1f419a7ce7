"""Variables as a shell of Windows sets them, and keyrings that refuse as those of Windows, macOS and Linux do."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from importer.sandbox import Running
from importer.settings import read_settings, read_token
from tests.conftest import Importer

TOKEN = "0123456789abcdef"


class WindowsError(Exception):
    """What the library for the Credential Manager raises, which is no error of the library for keyrings."""


class Refusing(KeyringBackend):
    """A keyring that refuses everything in the way of one system."""

    priority = 1.0

    def __init__(self, error: Exception) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.error = error

    def get_password(self, service: str, username: str) -> NoReturn:  # noqa: ARG002
        raise self.error

    def set_password(self, service: str, username: str, password: str) -> NoReturn:  # noqa: ARG002
        raise self.error


REFUSALS = {
    "Windows, more than 2,560 bytes": WindowsError(1783, "CredWrite", "The stub received bad data"),
    "macOS, the person said no": KeyringLocked("Can't get password from keychain: (-128, 'User canceled')"),
    "Linux, no answer on the bus": OSError("the bus is gone"),
}


@pytest.fixture(params=REFUSALS)
def refusing(request: pytest.FixtureRequest, offline: Importer) -> Iterator[Importer]:
    before = keyring.get_keyring()
    keyring.set_keyring(Refusing(REFUSALS[request.param]))
    yield offline
    keyring.set_keyring(before)


def test_a_keyring_that_refuses_is_not_said_to_have_no_token(refusing: Importer) -> None:
    ran = refusing("export", "skills", "-o", "skills.csv")

    assert ran.code == 6
    assert ran.err == (
        "The keyring of this computer is locked, or does not let this program in. Unlock it, and allow the access when "
        "the computer asks. Set KANTATA_TOKEN to the token instead.\n"
    )


def test_a_token_that_may_still_be_in_the_keyring_is_not_said_to_be_gone(refusing: Importer) -> None:
    ran = refusing("logout")

    assert ran.code == 6
    assert "is locked, or does not let this program in" in ran.err


def test_a_token_that_the_keyring_does_not_take_is_told_and_not_shown(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(Refusing(WindowsError(1783, "CredWrite", f"bad data: {TOKEN}")))
    monkeypatch.setattr("click.prompt", lambda *_, **__: "demo")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    try:
        ran = importer("login")
    finally:
        keyring.set_keyring(before)

    assert ran.code == 1
    assert "did not take the token: it is locked, or the token is longer than it allows." in ran.err
    assert TOKEN not in ran.err


def test_quotation_marks_that_the_command_prompt_leaves_in_a_variable_are_none_of_its_value(tmp_path: Path) -> None:
    environment = {
        "KANTATA_BASE_URL": '"http://127.0.0.1:9/api/v1"',
        "KANTATA_TOKEN": f'"{TOKEN}" ',
        "IMPORTER_HOME": f'"{tmp_path}"',
    }

    settings = read_settings(environment=environment)

    assert (settings.base_url, settings.folder) == ("http://127.0.0.1:9/api/v1", tmp_path)
    assert read_token(settings, environment) == TOKEN


@pytest.mark.parametrize("backend", ["keyring.backends.none.Keyring", "nonsense"])
def test_a_keyring_that_is_told_of_and_not_there_is_none(
    kantata: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    monkeypatch.setenv("KANTATA_BASE_URL", kantata.url)
    monkeypatch.setenv("KANTATA_TOKEN", "demo")
    monkeypatch.setenv("IMPORTER_HOME", str(tmp_path))

    ran = subprocess.run([sys.executable, "-m", "importer", "doctor"], capture_output=True, text=True, check=False)

    assert "works   keyring: none on this machine" in ran.stdout
    assert ran.returncode == 0, ran.stderr
