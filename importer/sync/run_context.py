"""What a run works with: the account, the journal, the lock on the account. Knows no record."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from importer.kantata.client import Account, Client
from importer.kantata.connection import Access
from importer.sync.journal import Journal
from importer.sync.lock import hold_account


@dataclass(frozen=True, slots=True)
class RunContext:
    """With what a run is done: the account, the journal, and how long is waited, in seconds: for an answer, and for a
    commit whose answer was lost.
    """

    account: Account
    client: Client
    journal: Journal
    timeout_s: float
    settle_wait_s: float


@contextmanager
def lock_account(to: Access, doing: str) -> Iterator[RunContext]:
    """The means to write to the account, for as long as nobody else on this machine does.

    Raises: Guarded when another run holds the account, or no journal can be kept.
    """
    folder = to.connection.settings.folder
    with closing(Journal(folder)) as journal, hold_account(folder, to.account.key, doing):
        to.client.remember(journal.facts(to.account.key).get("rate"))
        yield RunContext(to.account, to.client, journal, to.connection.timeout_s, to.connection.settle_wait_s)
