"""Examines what a load needs, one thing after another. Reads a little, changes nothing, prints nothing."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from tempfile import TemporaryFile

from importer import __version__, endpoints
from importer.errors import Denied, ImporterError
from importer.kantata.client import Client
from importer.kantata.connection import Connection, open_access
from importer.kantata.resources import of_endpoint
from importer.messages import about_account
from importer.private_files import make_state_folder
from importer.settings import keyring_name

_LIBRARIES = ("pandas", "pandera", "python-calamine", "openpyxl", "xlsxwriter", "requests")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined: what was seen, and, where it does not work, what to do and the exit code."""

    what: str
    says: str
    fix: str = ""
    exit_code: int = 0

    @property
    def works(self) -> bool:
        """Whether a load can count on it."""
        return not self.exit_code


def examine(connection: Connection) -> list[Finding]:
    """Everything that a load needs; what depends on something that fails is not examined."""
    return [_program(), _folder(connection), _keyring(), *_account(connection)]


def _program() -> Finding:
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return Finding("program", f"importer {__version__}, Python {platform.python_version()}, {libraries}")


def _folder(connection: Connection) -> Finding:
    folder = connection.settings.folder
    try:
        make_state_folder(folder)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        wrong = about_account.no_state_folder(str(folder), error.strerror)
        return Finding("state folder", wrong.message, wrong.fix, 1)
    return Finding("state folder", str(folder))


def _keyring() -> Finding:
    name = keyring_name()
    return Finding("keyring", name or "none on this machine: the token comes from KANTATA_TOKEN")


def _account(connection: Connection) -> Iterator[Finding]:
    try:
        access = open_access(connection)
        client, account = access.client, access.account
    except ImporterError as error:
        what = "token" if isinstance(error, Denied) else "network"
        yield Finding(what, error.message, error.fix, error.exit_code)
        return
    yield Finding("token", str(account))
    if account.is_administrator is False:
        yield Finding("permission", "not an Account Administrator: some lists are closed or shorter")
    for endpoint in endpoints.load_all():
        yield _list(client, endpoint.name)


def _list(client: Client, name: str) -> Finding:
    try:
        page = client.page(of_endpoint(endpoints.load(name)), 1, {})
    except ImporterError as error:
        return Finding(name, error.message, error.fix, error.exit_code)
    return Finding(name, f"{page.count:,} in the account")
