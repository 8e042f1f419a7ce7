"""From a file to the verdict on every row: which sheet, which header, what the cells say, who bears which name.

Sends no write.
"""

import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field

from importer.endpoints.declare import Candidate, Found
from importer.kantata.client import Account, Client
from importer.kantata.connection import Access
from importer.kantata.directory import AccountDirectory
from importer.layouts.choose import ReadOptions, find_table
from importer.layouts.parse import parse
from importer.messages import about_account
from importer.pipeline.alias_memory import Aliases, Resolved, resolve
from importer.pipeline.corrections import unsettled_rows
from importer.spreadsheet.read.book import Book
from importer.validation.account_limits import beyond_levels, skills_with_levels
from importer.validation.aliases import inactive
from importer.validation.names import names_needed, needs_account
from importer.validation.parsed_table import ParsedTable
from importer.validation.schema import CheckedTable, validate


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a file that is being opened: what a person says of it, where they say anything."""

    opened: Future[Book]
    asked: ReadOptions = field(default_factory=ReadOptions)
    match_names: bool = False


def read(reading: Reading) -> ParsedTable:
    """The cells of the file's table as values and faults; of a result workbook, what is not settled.

    Raises: Unreadable, naming the file, why, and what to do; Ambiguous, with the choices.
    """
    book = reading.opened.result()
    found = find_table(book, reading.asked)
    if not found.is_result or book.record is None:
        return parse(found, match_names=reading.match_names)
    table, problems = unsettled_rows(book, book.record, found.table)
    draft = parse(dataclasses.replace(found, table=table), match_names=reading.match_names)
    return dataclasses.replace(draft, errors=(*problems, *draft.errors)) if problems else draft


def check(draft: ParsedTable, client: Client | None, aliases: Aliases | None = None) -> CheckedTable:
    """The verdict on every row. Without a client, names are not compared with the ids beside them, and levels not with
    what their skills have.

    `aliases` is where a person's choices of what names mean are kept; names that mean nobody are added there.
    Raises: Denied, Unreachable while names are looked up; Unreadable, Guarded as `aliases.resolve`.
    """
    if client is None:
        return validate(draft, None if names_needed(draft) else {})
    return _verdict(draft, AccountDirectory(client), aliases, client.me)


def _verdict(
    draft: ParsedTable, directory: AccountDirectory, aliases: Aliases | None, account: Callable[[], Account]
) -> CheckedTable:
    names = names_needed(draft)
    resolved = Resolved(directory.find(names))
    if aliases is not None and names:
        resolved = resolve(draft, resolved.found, directory, aliases, account)
    notes = (*draft.notes, *inactive(_people(draft, resolved.found, directory)), *resolved.notes)
    checked = validate(dataclasses.replace(draft, notes=notes), resolved.found)
    checked = checked.refuse(beyond_levels(checked, directory.levels_of(skills_with_levels(checked))))
    return dataclasses.replace(checked, aliases=resolved.workbook, unresolved=resolved.unclear)


def _people(draft: ParsedTable, found: Found, directory: AccountDirectory) -> Iterator[Candidate]:
    """The people whom the draft's names mean, and the inactive ones whom its ids mean, as far as they are known."""
    yield from (answer.exact[0] for answer in found.values() if len(answer.exact) == 1)
    values = draft.values
    if "member_type" in values:
        values = values.loc[values["member_type"].ne("Workspace").fillna(value=True)]
    for name in ("user_id", "member_id"):
        if name in values:
            yield from directory.inactive_among({str(id_) for id_ in values[name].dropna().unique()})


def names_something(draft: ParsedTable) -> bool:
    """Whether any cell names a person or a thing, so that an account could be asked who that is."""
    return bool(names_needed(draft))


def asks_account(draft: ParsedTable) -> bool:
    """Whether a row gives only a name where an id is needed, so that an account must be asked."""
    return needs_account(draft)


def check_for(draft: ParsedTable, to: Access, aliases: Aliases | None = None) -> CheckedTable:
    """The verdict on every row, with names looked up in the account that the file is to be loaded into.

    Raises: Denied, Unreachable, Guarded when the file belongs to another account; and as `check`.
    """
    _belongs(draft, to.account)
    return _verdict(draft, to.directory, aliases, lambda: to.account)


def _belongs(draft: ParsedTable, account: Account) -> None:
    """Make sure that a plan or a result workbook is loaded into the account that it belongs to.

    Raises: Guarded.
    """
    source = draft.table.source
    if source.account and source.account != account.key:
        raise about_account.file_of_another_account(source.name, source.account, account.key)
