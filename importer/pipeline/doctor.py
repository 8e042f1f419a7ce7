"""Examines what a load needs, one thing after another. Reads a little, changes nothing, prints nothing."""

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from importer import __version__, endpoints
from importer.errors import Denied, ImporterError
from importer.kantata.client import Account, Client
from importer.kantata.connection import Connection, connect
from importer.kantata.resources import of_endpoint
from importer.kantata.status_page import read_status, status_url
from importer.messages import about_account
from importer.private_files import make_state_folder
from importer.remedies import Message
from importer.settings import keyring_name

LIBRARIES = ("pandas", "pandera", "python-calamine", "openpyxl", "xlsxwriter", "requests")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined: what was seen, and, where it does not work, what to do and the exit code."""

    what: str
    says: str
    fix: str = ""
    exit_code: int = 0
    code: str = ""
    """What is wrong, as in the list of messages; empty where it works."""
    personal: tuple[str, ...] = ()
    """What in it is about a person, and stays out of a report that others read."""

    @property
    def works(self) -> bool:
        """Whether a load can count on it."""
        return not self.exit_code

    def to_dict(self) -> dict[str, Any]:
        """The finding in what `importer doctor --json` prints."""
        return {
            "what": self.what,
            "works": self.works,
            "says": self.says,
            "code": self.code,
            "fix": self.fix,
            "exit_code": self.exit_code,
        }


def examine(connection: Connection, token: str | None = None) -> list[Finding]:
    """Everything that a load needs; what depends on something that fails is not examined."""
    return [_program(), _folder(connection), _keyring(), *_account(connection, token)]


def installed(library: str) -> str:
    """Which version of a library is installed."""
    try:
        return version(library)
    except PackageNotFoundError:  # a program that was packed as a whole may not tell
        return "?"


def _program() -> Finding:
    libraries = ", ".join(f"{name} {installed(name)}" for name in LIBRARIES)
    return Finding("program", f"importer {__version__}, Python {platform.python_version()}, {libraries}")


def _folder(connection: Connection) -> Finding:
    folder = connection.settings.folder
    trial = folder / f".trial.{os.getpid()}"  # not of `tempfile`, which on Windows may search for a name for hours
    try:
        make_state_folder(folder)
        trial.touch()
        trial.unlink()
    except OSError as error:
        return _failed("state folder", about_account.no_state_folder(str(folder), error.strerror), exit_code=1)
    return Finding("state folder", str(folder))


def _keyring() -> Finding:
    name = keyring_name()
    return Finding("keyring", name or "none on this machine: the token comes from KANTATA_TOKEN")


def _account(connection: Connection, token: str | None) -> Iterator[Finding]:
    """What the account answers; if anything fails that it was asked, also what Kantata's status page says."""
    try:
        client = connect(connection, token)
    except ImporterError as error:
        yield _failed("token" if isinstance(error, Denied) else "network", error)
        return
    exit_code = 0
    for finding in _answers(client):
        exit_code = max(exit_code, finding.exit_code)
        yield finding
    address = status_url(connection.settings.base_url)
    if exit_code and address is not None:
        yield _status_page(address, exit_code)


def _answers(client: Client) -> Iterator[Finding]:
    try:
        account = client.me()
    except ImporterError as error:
        yield _failed("token" if isinstance(error, Denied) else "network", error)
        return
    yield Finding("token", str(account), personal=_personal(account))
    if account.is_administrator is False:
        yield Finding("permission", "not an Account Administrator: some lists are closed or shorter")
    for endpoint in endpoints.load_all():
        yield _list(client, endpoint.name)


def _list(client: Client, name: str) -> Finding:
    try:
        page = client.page(of_endpoint(endpoints.load(name)), 1, {})
    except ImporterError as error:
        return _failed(name, error)
    return Finding(name, f"{page.count:,} in the account")


def _status_page(address: str, exit_code: int) -> Finding:
    """What Kantata says of its own health; trouble there ends as what failed does."""
    try:
        status = read_status(address)
    except ImporterError as error:
        return _failed("status page", error, exit_code)
    if status.has_trouble:
        said = about_account.kantata_has_trouble(status.host, status.description)
        return _failed("status page", said, exit_code)
    asked = f"Because something failed, we also asked Kantata's status page, {status.host}."
    return Finding("status page", f"{asked} It says: {status.description.rstrip('.')}.")


def _failed(what: str, error: ImporterError | Message, exit_code: int | None = None) -> Finding:
    said = error.said if isinstance(error, ImporterError) else error
    code = error.exit_code if exit_code is None and isinstance(error, ImporterError) else exit_code or 1
    return Finding(what, said.sentence, said.fix, code, said.code)


def _personal(account: Account) -> tuple[str, ...]:
    return tuple(filter(None, (account.full_name, account.email, account.user_id, account.account_id)))
