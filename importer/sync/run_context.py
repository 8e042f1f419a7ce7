"""What a run needs: the account, the journal, and the lock on the account. Knows no record."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from importer.kantata.client import Account, Client
from importer.kantata.connection import Access
from importer.sync.journal import Journal
from importer.sync.lock import hold_account


@dataclass(frozen=True, slots=True)
class RunContext:
    """The account, the journal, and how many seconds to wait for a late commit of a write whose answer is lost."""

    account: Account
    client: Client
    journal: Journal
    settle_wait_s: float


@contextmanager
def lock_account(to: Access, doing: str) -> Iterator[RunContext]:
    """Lock the account for one writer on this machine, and open the journal.

    Raises: Guarded when another run has the lock, or the journal cannot be opened.
    """
    folder = to.connection.settings.folder
    with closing(Journal(folder)) as journal, hold_account(folder, to.account.key, doing):
        to.client.remember(journal.facts(to.account.key).get("rate"))
        yield RunContext(to.account, to.client, journal, to.connection.settle_wait_s)
