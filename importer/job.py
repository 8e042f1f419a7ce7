"""The way from a file to its result: joins the rooms, in the order the data flows. Both faces call this.

Prints nothing and asks nothing; every step gives a value that the next one takes.
"""

import dataclasses
import math
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from importer import ending, endpoints
from importer.check.draft import Draft, read_cells
from importer.check.header import Header, explain_missing, find_header, looked_at
from importer.check.judge import Checked, judge
from importer.check.names import names_needed, needs_account
from importer.endpoints.declare import Field, Kind
from importer.errors import Guarded, Unreadable
from importer.kantata.client import Account, Client
from importer.kantata.directory import AccountDirectory
from importer.kantata.held import read_held
from importer.kantata.http import Http
from importer.kantata.pace import Pace, rounds_of
from importer.load import Load
from importer.model import Action, Mode
from importer.plan import Plan, keys_of, make_plan
from importer.settings import DEFAULT_TIMEOUT_S, Settings, read_token
from importer.table import output
from importer.table.book import Book
from importer.table.grid import cut
from importer.table.result import write_plan, write_result


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a file that is being opened: what a person says of it, where they say anything."""

    opened: Future[Book]
    endpoint: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    match_names: bool = False


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach an account."""

    settings: Settings
    workers: int = 10
    max_rate: float | None = None
    timeout_s: float = DEFAULT_TIMEOUT_S


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


def connect(connection: Connection, token: str | None = None) -> Client:
    """The account behind the token, which is read from the environment or the keyring unless it is given.

    Raises: Denied when there is no token, Usage when the base URL will not do.
    """
    settings = connection.settings
    secret = token or read_token(settings)
    http = Http(settings.base_url, secret, timeout_s=connection.timeout_s, connections=connection.workers)
    return Client(http, Pace(connection.workers, connection.max_rate))


def whose(connection: Connection, token: str) -> Account:
    """Who this token belongs to.

    Raises: Denied, Unreachable.
    """
    return connect(connection, token).me()


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


def belongs(draft: Draft, account: Account) -> None:
    """Make sure that a plan or a result workbook is loaded into the account that it belongs to.

    Raises: Guarded.
    """
    source = draft.table.source
    if source.account and source.account != account.key:
        raise Guarded(
            f"{source.path.name} belongs to {source.account}, and this is {account.key}.",
            "Use the --base-url or --profile of its account; its ids mean nothing in another one.",
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that is read, checked and compared with the account: all that is needed to send it."""

    checked: Checked
    plan: Plan
    account: Account
    client: Client
    connection: Connection

    @property
    def writes(self) -> int:
        """How many records would be changed."""
        return sum(change.action is not Action.LEAVE for change in self.plan.changes.values())


def prepare(reading: Reading, connection: Connection, mode: str, token: str | None = None) -> Prepared:
    """What the file would change in the account as it is now. Sends no write.

    Raises: Unreadable, Denied, Unreachable, Guarded.
    """
    draft = read(reading)
    client = connect(connection, token)
    account = client.me()
    belongs(draft, account)
    checked = check(draft, client)
    keys = keys_of(checked)
    held = read_held(client, checked.header.endpoint, keys, connection.workers)
    return Prepared(checked, make_plan(checked, keys, held, Mode(mode)), account, client, connection)


def start(ready: Prepared) -> Load:
    """A run of the plan that has sent nothing yet."""
    return Load(ready.checked, ready.plan, ready.account, ready.client, ready.connection.workers)


def forecast(ready: Prepared) -> dict[str, float]:
    """The requests that loading takes, by method, and the seconds, from how long the account took to answer so far."""
    writes = ready.plan.requests()
    rounds = rounds_of(sum(writes.values()), ready.connection.workers)
    at_ceiling = sum(writes.values()) / (ready.connection.max_rate or math.inf)
    seconds = max(rounds * ready.client.mean_s, at_ceiling)
    return {"GET": ready.client.sent["GET"], **writes, "seconds": round(seconds, 1)}


def forecast_sentence(ready: Prepared) -> str:
    """What sending takes, for a person: `322 changes in 14 requests, about 20 seconds`."""
    changes, requests = _counted(ready.writes, "change"), _counted(sum(ready.plan.requests().values()), "request")
    return f"{changes} in {requests}, {ending.in_words(forecast(ready)['seconds'])}"


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def result_path(ready: Prepared, path: Path | None) -> Path:
    """Where the result workbook will be, which can be written there.

    Raises: Guarded.
    """
    target = path or output.result_path(ready.checked.table.source.path)
    output.check_folder(target)
    return target


def write_plan_workbook(ready: Prepared, path: Path) -> Path:
    """Write the plan workbook and return where it is, which is another name if the wanted one is taken."""
    table, made = ready.checked.table, ready.plan
    summary = ending.summary_of_plan(ready.checked, made, ready.account)
    return output.put(path, lambda file: write_plan(file, table, made.changes, made.settled, summary))


def write_result_workbook(load: Load, path: Path) -> Path:
    """Write the result workbook and return where it is, which is another name if the wanted one is taken."""
    table = load.checked.table
    summary = ending.summary_of_run(load)
    return output.put(path, lambda file: write_result(file, table, load.checked.rows, load.results, summary))
