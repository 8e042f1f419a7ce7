"""The way from a file to its result: joins the rooms, in the order the data flows. Both faces call this.

Prints nothing and asks nothing; every step gives a value that the next one takes.
"""

import dataclasses
import hashlib
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from importer import ending, endpoints
from importer.check.draft import Draft, read_cells
from importer.check.header import Header, explain_missing, find_header, looked_at
from importer.check.judge import Checked, judge
from importer.check.names import names_needed, needs_account
from importer.endpoints.declare import Endpoint, Field, Kind
from importer.errors import Guarded, Unreadable
from importer.journal import Attempt, Journal, Run, State
from importer.kantata.client import Account, Client
from importer.kantata.directory import AccountDirectory
from importer.kantata.held import Wanted, read_held
from importer.kantata.http import Http
from importer.kantata.pace import Pace, rounds_of
from importer.lock import one_writer
from importer.model import Action, Change, Mode, Outcome, Result
from importer.plan import Plan, keys_of, make_plan
from importer.run.beyond import add_rows, describe, names_wanted
from importer.run.given import Given, given_by
from importer.run.load import Load, Means, new_id
from importer.run.receipt import WRITTEN, Receipt
from importer.settings import DEFAULT_TIMEOUT_S, Settings, read_token
from importer.table import output
from importer.table.book import Book
from importer.table.grid import cut
from importer.table.result import write_plan, write_result
from importer.undo import decide, inverse


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
    """How to reach an account, and how hard to press it."""

    settings: Settings
    workers: int = 16
    max_rate: float | None = None
    timeout_s: float = DEFAULT_TIMEOUT_S
    settle_wait_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Access:
    """An account that answers: whose it is, and the way to it."""

    account: Account
    client: Client
    connection: Connection


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a run would do, compared with the account as it is now: all that is needed to begin it."""

    given: Given
    plan: Plan
    access: Access
    removals: Mapping[int, str] = field(default_factory=dict)
    """Each removal that the file asks for, in words, by its row."""

    @property
    def writes(self) -> int:
        """How many records would be changed."""
        return sum(change.action is not Action.LEAVE for change in self.plan.changes.values())


# ---- reading and checking


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


# ---- the account


def connect(connection: Connection, token: str | None = None) -> Client:
    """The account behind the token, which is read from the environment or the keyring unless it is given.

    Raises: Denied when there is no token, Usage when the base URL will not do.
    """
    settings = connection.settings
    secret = token or read_token(settings)
    http = Http(settings.base_url, secret, timeout_s=connection.timeout_s, connections=connection.workers)
    return Client(http, Pace(connection.workers, connection.max_rate))


def access(connection: Connection, token: str | None = None) -> Access:
    """The account, once it has said whose it is.

    Raises: Denied, Unreachable, Usage.
    """
    client = connect(connection, token)
    return Access(client.me(), client, connection)


@contextmanager
def writing(to: Access, doing: str) -> Iterator[Means]:
    """The means to write to the account, for as long as nobody else on this machine does.

    Raises: Guarded when another run holds the account, or no journal can be kept.
    """
    folder = to.connection.settings.folder
    with closing(Journal(folder)) as journal, one_writer(folder, to.account.key, doing):
        to.client.remember(journal.learned(to.account.key).get("rate"))
        yield Means(to.account, to.client, journal, to.connection.timeout_s, to.connection.settle_wait_s)


# ---- loading a file


def check_for(draft: Draft, to: Access) -> Checked:
    """The verdict on every row, with names looked up in the account that the file is to be loaded into.

    Raises: Denied, Unreachable, Guarded when the file belongs to another account.
    """
    _belongs(draft, to.account)
    return check(draft, to.client)


def prepare(checked: Checked, to: Access, mode: str) -> Prepared:
    """What the file would change in the account as it is now. Sends no write.

    Raises: Denied, Unreachable.
    """
    keys, endpoint = keys_of(checked), checked.header.endpoint
    held = read_held(to.client, Wanted(endpoint, keys, with_all_of_owners=Mode(mode) is Mode.MIRROR))
    plan = make_plan(checked, keys, held, Mode(mode))
    given = given_by(checked, plan.notes)
    removed = plan.of(Action.REMOVE)
    names = AccountDirectory(to.client).called(names_wanted(endpoint, removed))
    if plan.beyond:
        table = add_rows(checked, keys, [plan.changes[row] for row in plan.beyond], names)
        given = dataclasses.replace(given, table=table, rows=(*given.rows, *plan.beyond), beyond=len(plan.beyond))
    return Prepared(given, plan, to, {change.row: describe(endpoint, change, names) for change in removed})


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


def begin(ready: Prepared, means: Means, *, undoes: str | None = None) -> Load:
    """A run of what is prepared, written down and not yet sent."""
    source, account = ready.given.table.source, means.account
    file = str(source.path.absolute())
    if not undoes:
        for stopped in means.journal.open_runs(account.key):
            if (stopped.kind, stopped.file, stopped.sheet, stopped.endpoint) == (
                "apply", file, source.sheet, ready.plan.endpoint.name,
            ):  # fmt: skip
                means.journal.leave(stopped.id)  # what the file wants now takes the place of what it wanted then
    run = Run(
        id=new_id(),
        kind="undo" if undoes else "apply",
        undoes=undoes,
        endpoint=ready.plan.endpoint.name,
        mode=ready.plan.mode.value,
        file=file,
        sheet=source.sheet,
        sha256=source.sha256,
        account=account.key,
        account_name=str(account),
        base_url=account.base_url,
        rows=len(ready.given.rows),
        started_at=time.time(),
    )
    return Load.begin(run, ready.given, ready.plan.endpoint, means, ready.plan.changes, ready.plan.settled)


# ---- going on, and going back


def resume(means: Means, run_id: str | None) -> Load | None:
    """The run that stopped, ready to go on: the one named, or the last one of this account; None if there is none.

    Raises: Guarded when the run is another account's, is at its end, or its file has changed; Denied, Unreachable.
    """
    run = _to_resume(means, run_id)
    if run is None:
        return None
    _unchanged_file(run)
    load = Load.opened(run, endpoints.load(run.endpoint), means)
    load.plan_rest()
    return load


def _to_resume(means: Means, run_id: str | None) -> Run | None:
    if run_id is None:
        return next(iter(means.journal.open_runs(means.account.key)), None)
    run = means.journal.run(run_id)
    _own_run(run, means.account)
    return run if run.state is State.OPEN else None


def _own_run(run: Run, account: Account) -> None:
    if run.account != account.key:
        raise Guarded(
            f"Run {run.id} belongs to {run.account}, and this is {account.key}.",
            "Use the --base-url or --profile, and the token, of its account.",
        )


def _unchanged_file(run: Run) -> None:
    """Make sure that a run goes on with what it began with; a file that is gone is no matter, the journal has it."""
    path = Path(run.file)
    if run.kind == "apply" and path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != run.sha256:
        raise Guarded(
            f"{path.name} has changed since run {run.id} began.",
            "Run apply on it as it is now: the account is read first, and nothing is sent twice. To finish the run "
            "as it began, put the file back as it was, or move it away.",
        )


def prepare_undo(means: Means, to: Access, run_id: str) -> Prepared:
    """What would put a run back, where the account still holds what the run left. Sends no write.

    A run that stopped half-way is settled first: what it did is then known, and it does not go on.
    Raises: Guarded, Denied, Unreachable.
    """
    run = means.journal.run(run_id)
    _own_run(run, means.account)
    if run.state is State.OPEN:
        settle(means, run)
        means.journal.leave(run.id)
    endpoint = endpoints.load(run.endpoint)
    results = means.journal.results(run_id)
    changes = means.journal.changes(run_id)
    done = {row: change for row, change in changes.items() if row in results and results[row].outcome in WRITTEN}
    inverses = list(inverse(endpoint, done, results))
    held = read_held(to.client, Wanted(endpoint, [change.key for change in inverses]))
    decided = {change.row: decide(endpoint, change, held) for change in inverses}
    plan = Plan(
        endpoint,
        Mode.UPSERT,
        {row: each for row, each in decided.items() if isinstance(each, Change)},
        {row: each for row, each in decided.items() if isinstance(each, Result)},
    )
    given = _rows_of(means, run_id, frozenset(decided))
    return Prepared(given, plan, to)


def unsettled(means: Means) -> list[Run]:
    """The runs of this account that stopped with a request in flight, whose end nobody knows."""
    return [
        run
        for run in means.journal.open_runs(means.account.key)
        if Load.opened(run, endpoints.load(run.endpoint), means).writes
    ]


def settle(means: Means, run: Run) -> None:
    """Find out what a run that stopped has done, by reading only, and leave the rest of it.

    Raises: Guarded when that could not be found out.
    """
    load = Load.opened(run, endpoints.load(run.endpoint), means)
    for _ in load.settle():
        pass
    if any(result.outcome is Outcome.UNKNOWN for result in load.results.values()):
        raise Guarded(f"What run {run.id} has done could not be found out.", "Try again when Kantata answers.")


def _rows_of(means: Means, run_id: str, rows: frozenset[int]) -> Given:
    """The input of a run, with only these of its rows."""
    given = recorded(means.journal, run_id).given
    return dataclasses.replace(
        given, rows=tuple(row for row in given.rows if row in rows), duplicates={}, notes=(), beyond=0
    )


# ---- history


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run as the journal holds it."""

    run: Run
    given: Given
    endpoint: Endpoint
    changes: Mapping[int, Change]
    results: Mapping[int, Result]
    attempts: Sequence[Attempt]

    @property
    def receipt(self) -> Receipt | None:
        """What the account held after the last request, if it was read again."""
        packed = (self.run.told or {}).get("receipt")
        return Receipt.unpack(packed) if packed else None


def open_journal(settings: Settings) -> "closing[Journal]":
    """The journal of this machine, for as long as the context lasts.

    Raises: Guarded.
    """
    return closing(Journal(settings.folder))


def recorded(journal: Journal, run_id: str) -> Recorded:
    """The run of this id, with what became of each row. A row without a word in the journal was not sent.

    Raises: Guarded when there is none.
    """
    from importer.run.given import unpack  # noqa: PLC0415

    run = journal.run(run_id)
    given = unpack(journal.given(run_id))
    changes = journal.changes(run_id)
    attempts = journal.attempts(run_id)
    sent = {row for attempt in attempts for row in attempt.rows}
    unsaid = {row: Result(Outcome.UNKNOWN if row in sent else Outcome.NOT_SENT) for row in (*given.rows, *changes)}
    return Recorded(run, given, endpoints.load(run.endpoint), changes, {**unsaid, **journal.results(run_id)}, attempts)


# ---- what it takes, and what comes of it


def forecast(ready: Prepared) -> dict[str, float]:
    """The requests that loading takes, by method, and the seconds, from how long the account took to answer so far."""
    connection, client = ready.access.connection, ready.access.client
    writes = ready.plan.requests()
    rounds = rounds_of(sum(writes.values()), connection.workers)
    at_ceiling = sum(writes.values()) / (connection.max_rate or math.inf)
    seconds = max(rounds * client.mean_s, at_ceiling)
    return {"GET": client.sent["GET"], **writes, "seconds": round(seconds, 1)}


def forecast_sentence(ready: Prepared) -> str:
    """What sending takes, for a person: `322 changes in 14 requests, about 20 seconds`."""
    changes, requests = _counted(ready.writes, "change"), _counted(sum(ready.plan.requests().values()), "request")
    return f"{changes} in {requests}, {ending.in_words(forecast(ready)['seconds'])}"


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def result_path(given: Given, path: Path | None, kind: str = "result") -> Path:
    """Where the result workbook will be, which can be written there.

    Raises: Guarded.
    """
    target = path or output.result_path(given.table.source.path, kind)
    output.check_folder(target)
    return target


def write_plan_workbook(ready: Prepared, path: Path) -> Path:
    """Write the plan workbook and return where it is, which is another name if the wanted one is taken."""
    table, made = ready.given.table, ready.plan
    summary = ending.summary_of_plan(ready.given, made, ready.access.account)
    return output.put(path, lambda file: write_plan(file, table, made.changes, made.settled, summary))


def write_result_workbook(ended: ending.Ended, path: Path) -> Path:
    """Write the result workbook and return where it is, which is another name if the wanted one is taken."""
    given = ended.given
    summary = ending.summary_of_run(ended)
    return output.put(path, lambda file: write_result(file, given.table, given.rows, ended.results, summary))
