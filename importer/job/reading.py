"""From a file to the verdict on every row: which sheet, which header, what the cells say, who bears which name.

Sends no write.
"""

import dataclasses
from concurrent.futures import Future
from dataclasses import dataclass

from importer import endpoints
from importer.check.draft import Draft, read_cells
from importer.check.header import Header, explain_missing, find_header, looked_at
from importer.check.judge import Checked, judge
from importer.check.names import names_needed, needs_account
from importer.endpoints.declare import Field, Kind
from importer.errors import Guarded, Unreadable
from importer.job.account import Access
from importer.kantata.client import Account, Client
from importer.kantata.directory import AccountDirectory
from importer.table.book import Book
from importer.table.grid import cut


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a file that is being opened: what a person says of it, where they say anything."""

    opened: Future[Book]
    endpoint: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    match_names: bool = False


def read(reading: Reading) -> Draft:
    """The cells of the file's list as values and faults.

    Raises: Unreadable, naming the file, why, and what to do.
    """
    book = reading.opened.result()
    sheet, header = _find(book, reading)
    table = cut(book.grid(sheet), header.row, book.source(sheet))
    ids = {at for at, column in header.columns.items() if isinstance(column, Field) and column.kind is Kind.ID}
    # An id is text in what we write, too: as a number Excel would shorten a long one.
    table = dataclasses.replace(table, numbers=table.numbers - ids)
    return read_cells(table, header, match_names=reading.match_names)


def _find(book: Book, reading: Reading) -> tuple[str | None, Header]:
    """The sheet and the header of the list.

    Raises: Unreadable when no sheet has one, or several have and none was named.
    """
    candidates = book.candidates if reading.sheet is None else (reading.sheet,)
    found: list[tuple[str | None, Header]] = []
    why: tuple[str, str] | None = None
    for sheet in candidates:
        rows = book.grid(sheet).head(looked_at())
        meant = reading.endpoint or book.source(sheet).endpoint
        choices = (endpoints.load(meant),) if meant else endpoints.load_all()
        try:
            header = find_header(rows, choices, reading.header_row)
        except Unreadable as error:
            raise Unreadable(f"{_where(book, sheet)}: {error.message}", error.fix) from None
        if header is not None:
            found.append((sheet, header))
        elif why is None or len(rows) > 1:
            looked = rows if reading.header_row is None else rows[reading.header_row - 1 : reading.header_row]
            message, fix = explain_missing(looked, choices, reading.header_row or 1)
            why = (f"{_where(book, sheet)}: {message}", fix)
    if len(found) > 1:
        names = ", ".join(f'"{sheet}"' for sheet, _ in found)
        raise Unreadable(f"{book.path.name} has a list on more than one sheet: {names}.", "Name one with --sheet.")
    if not found:
        message, fix = why or (f"{book.path.name} has no cells.", "Save it again.")
        raise Unreadable(message, fix)
    return found[0]


def _where(book: Book, sheet: str | None) -> str:
    return book.path.name if sheet is None else f'{book.path.name}, sheet "{sheet}"'


def check(draft: Draft, client: Client | None) -> Checked:
    """The verdict on every row. Without a client, names are not compared with the ids beside them.

    Raises: Denied, Unreachable while names are looked up.
    """
    names = names_needed(draft)
    if not names:
        return judge(draft, {})
    return judge(draft, AccountDirectory(client).find(names) if client else None)


def names_something(draft: Draft) -> bool:
    """Whether any cell names a person or a thing, so that an account could be asked who that is."""
    return bool(names_needed(draft))


def asks_account(draft: Draft) -> bool:
    """Whether a row gives only a name where an id is needed, so that an account must be asked."""
    return needs_account(draft)


def check_for(draft: Draft, to: Access) -> Checked:
    """The verdict on every row, with names looked up in the account that the file is to be loaded into.

    Raises: Denied, Unreachable, Guarded when the file belongs to another account.
    """
    _belongs(draft, to.account)
    return check(draft, to.client)


def _belongs(draft: Draft, account: Account) -> None:
    """Make sure that a plan or a result workbook is loaded into the account that it belongs to.

    Raises: Guarded.
    """
    source = draft.table.source
    if source.account and source.account != account.key:
        raise Guarded(
            f"{source.path.name} belongs to {source.account}, and this is {account.key}.",
            "Use the --base-url or --profile of its account; its ids mean nothing in another one.",
        )
