"""The way to an account, and the means to write to it. Knows settings, and no file."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property

from importer.kantata.client import Account, Client
from importer.kantata.directory import AccountDirectory
from importer.kantata.rate_limiter import RateLimiter
from importer.kantata.transport import Transport
from importer.settings import DEFAULT_TIMEOUT_S, Settings, as_token, read_token
from importer.sync.journal import Journal
from importer.sync.lock import one_writer
from importer.sync.run import Means


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


def connect(connection: Connection, token: str | None = None) -> Client:
    """The account behind the token, which is read from the environment or the keyring unless it is given.

    Raises: Denied when there is no token or it cannot be one, Usage when the base URL will not do.
    """
    settings = connection.settings
    secret = as_token(token) if token else read_token(settings)
    http = Transport(settings.base_url, secret, timeout_s=connection.timeout_s, connections=connection.workers)
    return Client(http, RateLimiter(connection.workers, connection.max_rate))


def access(connection: Connection, token: str | None = None) -> Access:
    """The account, once it has said whose it is.

    Raises: Denied, Unreachable, Usage.
    """
    client = connect(connection, token)
    return Access(client.me(), client, connection)


def anew(to: Access) -> Access:
    """The same account by a client of its own: what is sent by it is counted, and stopped, apart from all else."""
    limiter = RateLimiter(to.connection.workers, to.connection.max_rate)
    return Access(to.account, to.client.clone(limiter), to.connection)


@contextmanager
def writing(to: Access, doing: str) -> Iterator[Means]:
    """The means to write to the account, for as long as nobody else on this machine does.

    Raises: Guarded when another run holds the account, or no journal can be kept.
    """
    folder = to.connection.settings.folder
    with closing(Journal(folder)) as journal, one_writer(folder, to.account.key, doing):
        to.client.remember(journal.learned(to.account.key).get("rate"))
        yield Means(to.account, to.client, journal, to.connection.timeout_s, to.connection.settle_wait_s)
