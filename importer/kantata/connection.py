"""How to reach an account: its base URL, its token, how many requests at a time. Knows settings, and no file."""

from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from threading import Thread
from typing import Any

from importer.kantata.client import Account, Client
from importer.kantata.directory import AccountDirectory
from importer.kantata.rate_limiter import RateLimiter
from importer.kantata.transport import Transport
from importer.settings import DEFAULT_TIMEOUT_S, Settings, as_token, read_settings, read_token


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach an account, and how hard to press it."""

    settings: Settings
    workers: int = 16
    max_rate: float | None = None
    timeout_s: float = DEFAULT_TIMEOUT_S
    settle_wait_s: float = 30.0


@dataclass(frozen=True)
class Access:
    """An account that answers: whose it is, and the way to it."""

    account: Account
    client: Client
    connection: Connection

    @cached_property
    def directory(self) -> AccountDirectory:
        """Who and what the account has; each list is read once, when it is first needed."""
        return AccountDirectory(self.client)


def with_directory(to: Access, directory: AccountDirectory) -> Access:
    """The same account, looked up in another directory of it: one with things that a plan makes."""
    other = Access(to.account, to.client, to.connection)
    other.__dict__["directory"] = directory
    return other


def connect(connection: Connection, token: str | None = None) -> Client:
    """The account behind the token, which is read from the environment or the keyring unless it is given.

    Raises: Denied when there is no token or it cannot be one, Usage when the base URL will not do.
    """
    settings = connection.settings
    secret = as_token(token) if token else read_token(settings)
    http = Transport(settings.base_url, secret, timeout_s=connection.timeout_s, connections=connection.workers)
    return Client(http, RateLimiter(connection.workers, connection.max_rate))


def open_access(connection: Connection, token: str | None = None) -> Access:
    """The account, once it has said whose it is.

    Raises: Denied, Unreachable, Usage.
    """
    client = connect(connection, token)
    return Access(client.me(), client, connection)


def begin_access(base_url: str | None = None, profile: str | None = None, **connection: Any) -> "Future[Access]":
    """Begin to ask an account whose it is, in a thread, so that the program can go on until it needs the answer. What
    goes wrong is raised for whoever takes it.

    Raises: Usage when there is no such profile.
    """
    to = Connection(read_settings(base_url, profile), **connection)
    future: Future[Access] = Future()
    Thread(target=_open_into, args=(future, to), name="whose account", daemon=True).start()
    return future


def _open_into(future: "Future[Access]", connection: Connection) -> None:
    try:
        future.set_result(open_access(connection))
    except BaseException as error:  # noqa: BLE001  (whatever it is, it is raised where the answer is taken)
        future.set_exception(error)


def clone_access(to: Access) -> Access:
    """The same account by a client of its own: what is sent by it is counted, and stopped, apart from all else."""
    pace = RateLimiter(to.connection.workers, to.connection.max_rate)
    return Access(to.account, to.client.clone(pace), to.connection)
