"""Examines what a load needs, one thing after another. Reads a little, changes nothing, prints nothing."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from tempfile import TemporaryFile

from importer import __version__, endpoints, job
from importer.errors import Denied, ImporterError
from importer.kantata.client import Client
from importer.kantata.collections import of_endpoint

_LIBRARIES = ("pandas", "pandera", "python-calamine", "openpyxl", "xlsxwriter", "requests")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined: whether it works, what was seen, what to do."""

    what: str
    works: bool
    says: str
    fix: str = ""
    exit_code: int = 0


def examine(connection: "job.Connection") -> list[Finding]:
    """Everything that a load needs; what depends on something that fails is not examined."""
    return [_program(), _folder(connection), *_account(connection)]


def _program() -> Finding:
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return Finding("program", True, f"importer {__version__}, Python {platform.python_version()}, {libraries}")  # noqa: FBT003


def _folder(connection: "job.Connection") -> Finding:
    folder = connection.settings.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        fix = "Set IMPORTER_HOME to a folder that you may write in."
        return Finding("state folder", False, f"{folder} cannot be written ({error.strerror})", fix, 1)  # noqa: FBT003
    return Finding("state folder", True, str(folder))  # noqa: FBT003


def _account(connection: "job.Connection") -> Iterator[Finding]:
    try:
        client = job.connect(connection)
        account = client.me()
    except ImporterError as error:
        what = "token" if isinstance(error, Denied) else "network"
        yield Finding(what, False, error.message, error.fix, error.exit_code)  # noqa: FBT003
        return
    yield Finding("token", True, str(account))  # noqa: FBT003
    if account.is_administrator is False:
        yield Finding("permission", True, "not an Account Administrator: some lists are closed or shorter")  # noqa: FBT003
    for endpoint in endpoints.load_all():
        yield _list(client, endpoint.name)


def _list(client: Client, name: str) -> Finding:
    try:
        page = client.page(of_endpoint(endpoints.load(name)), 1, {})
    except ImporterError as error:
        return Finding(name, False, error.message, error.fix, error.exit_code)  # noqa: FBT003
    return Finding(name, True, f"{page.count:,} in the account")  # noqa: FBT003
