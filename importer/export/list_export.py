"""A list from the account to a file: read, put in order, written in the format that is asked for. Prints nothing."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from importer.base import Base, base_of
from importer.export import consistency, directory_lists, membership_lists
from importer.export.account_reader import read_memberships
from importer.export.directory_lists import DirectoryList
from importer.export.disk_buffer import DiskBuffer, Watch, no_watch
from importer.export.filters import ExportFilters
from importer.export.membership_lists import MembershipList, Source
from importer.kantata.client import Account as Owner
from importer.kantata.connection import Access
from importer.kantata.directory import AccountDirectory
from importer.messages import about_exports
from importer.spreadsheet.write import atomic_write, parquet
from importer.spreadsheet.write.instructions import OTHERS_STAY
from importer.spreadsheet.write.list_sheets import parts_of
from importer.spreadsheet.write.list_workbook import sheets_note, write_list_book
from importer.spreadsheet.write.record_rows import Records
from importer.spreadsheet.write.text_list import write_csv, write_json_lines

NAMES = (*membership_lists.LISTS, *directory_lists.LISTS)
"""The lists that can be had."""
FORMATS = ("xlsx", "csv", "parquet", "jsonl")
_ENDINGS = {".xlsx": "xlsx", ".csv": "csv", ".parquet": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl"}
_ROWS_AT_ONCE = 8192
_LOADABLE = (
    (
        "Change levels, or add rows by names, where you like. As it is, loading it into the same account changes "
        "nothing."
    ),
    OTHERS_STAY,
    (
        "Then run: importer check FILE, and importer apply FILE. For another account add --match names, which leaves "
        "the ids aside and looks every name up there."
    ),
)


@dataclass(frozen=True, slots=True)
class ExportedList:
    """A list that was written: where (None: to a stream), how many records, whether their count stood still (None where
    it was not looked at), and sentences on what is in it.
    """

    path: Path | None
    format: str
    records: int
    is_verified: bool | None
    notes: Sequence[str]
    requests: Mapping[str, int] = field(default_factory=dict)
    """The requests that it took, by method."""


def format_of(path: Path | None, form: str | None) -> str:
    """The format that is asked for, or that the ending of the file's name tells.

    Raises: Usage where neither says which, or its library is missing.
    """
    found = form or (_ENDINGS.get(path.suffix.lower()) if path else "csv")
    if found is None:
        raise about_exports.format_unknown(str(path), list(_ENDINGS))
    if found == "parquet":
        parquet.make_sure_that_it_can_be_written()
    return found


@dataclass(frozen=True, slots=True)
class Target:
    """Where a list is written: to `path`, or to the `stream` where there is none; in which format (see `format_of`)."""

    path: Path | None
    format: str
    stream: BinaryIO | None = None


def export_list(name: str, to: Access, scope: ExportFilters, target: Target, watch: Watch = no_watch) -> ExportedList:
    """Write a list of what the account holds. Nothing is written before everything has been read.

    Raises: Usage for a filter that names nothing; Denied, Unreachable; ImporterError if the file cannot be written.
    """
    if target.stream is None and target.path is not None:
        atomic_write.check_folder(target.path)
    with read_list(name, to, scope, watch) as listed:
        written = _write(listed, target)
    return replace(written, requests=to.client.requests)


@dataclass(frozen=True, slots=True)
class ListedRecords:
    """A list that was read: its records, sentences on them, and how its count moved meanwhile (None: not looked at)."""

    records: Records
    notes: Sequence[str]
    counts: consistency.Counts | None = None

    @property
    def is_verified(self) -> bool | None:
        """Whether the count stood still; None where it was not looked at."""
        return None if self.counts is None else consistency.are_still(self.counts)


@contextmanager
def read_list(name: str, to: Access, scope: ExportFilters, watch: Watch = no_watch) -> Iterator[ListedRecords]:
    """Read a list of what the account holds; its records can be had for as long as the context lasts.

    Raises: Usage for a name that is no list's, or a filter that names nothing; Denied, Unreachable.
    """
    if name not in NAMES:
        raise about_exports.no_such_list(name, NAMES)
    with read_from(Source(to.client, AccountDirectory(to.client), scope), name, to.account, watch) as listed:
        watch("Writing", 0, listed.records.height)
        yield listed


@contextmanager
def read_from(source: Source, name: str, owner: Owner, watch: Watch) -> Iterator[ListedRecords]:
    """As `read_list`, with what other lists have read of the same source; several may be open at once.

    Raises: Usage for a filter that names nothing; Denied, Unreachable.
    """
    scope, about = source.scope, [seen_by(owner)]
    if name in directory_lists.LISTS:
        listed = directory_lists.LISTS[name](source)
        notes = _notes(len(listed.rows), scope)
        yield ListedRecords(_of_things(listed, [*about, *notes]), notes)
        return
    plan = membership_lists.LISTS[name](source)
    with _room_for_records(), closing(DiskBuffer(watch)) as buffer:
        counted = read_memberships(source.client, plan.choice, plan.keep, buffer)
        notes = [*_notes(len(buffer), scope), consistency.count_note(counted)]
        yield ListedRecords(_of_memberships(plan, buffer, [*about, *notes], owner.key), notes, counted)


def seen_by(owner: Owner) -> str:
    """Whose view of the account this is, and when."""
    return f"What the account holds as {owner} sees it, on {_now():%Y-%m-%d %H:%M} UTC."


@contextmanager
def _room_for_records() -> Iterator[None]:
    """Raises: ImporterError where the folder for temporary files has no room for what is read."""
    try:
        yield
    except sqlite3.Error as error:
        raise about_exports.temporary_folder_full(error) from None


def _of_things(listed: DirectoryList, about: Sequence[str]) -> Records:
    def chunks() -> Iterator[Sequence[Sequence[str | int | bool | None]]]:
        for start in range(0, len(listed.rows), _ROWS_AT_ONCE):
            yield listed.rows[start : start + _ROWS_AT_ONCE]

    return Records(listed.title, listed.columns, chunks, len(listed.rows), _now(), about)


def _of_memberships(plan: MembershipList, buffer: DiskBuffer, about: Sequence[str], account: str) -> Records:
    endpoint, now = plan.choice.endpoint, dt.datetime.now(dt.UTC)

    def chunks() -> Iterator[Sequence[Sequence[str | int | bool | None]]]:
        for rows in buffer.chunks():
            yield [plan.cells(row) for row in rows]

    def base() -> Base:
        return base_of(endpoint, account, now, map(plan.held, buffer.rows()), plan.scope)

    return Records(plan.title, plan.columns, chunks, len(buffer), _now(), about, _LOADABLE, base)


_WRITERS: Mapping[str, Callable[[Records, BinaryIO], None]] = {
    "xlsx": write_list_book,
    "csv": write_csv,
    "parquet": parquet.write_parquet,
    "jsonl": write_json_lines,
}


def _write(listed: ListedRecords, target: Target) -> ExportedList:
    records, write = listed.records, _WRITERS[target.format]
    path = None
    if target.path is not None:
        path = atomic_write.put(target.path, partial(write, records))
    elif target.stream is not None:
        # Programs that read a stream do not expect the mark that tells Excel the encoding of a file.
        pipe = partial(write_csv, for_excel=False) if target.format == "csv" else write
        pipe(records, target.stream)
        target.stream.flush()
    sheets = sheets_note(parts_of(records.height)) if target.format == "xlsx" else ()
    return ExportedList(path, target.format, records.height, listed.is_verified, [*listed.notes, *sheets])


def _notes(height: int, scope: ExportFilters) -> list[str]:
    notes = [f"{height:,} record{'' if height == 1 else 's'}."]
    return [*notes, f"Only {scope}."] if str(scope) else notes


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)  # the format wants it without a zone
