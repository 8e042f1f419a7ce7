"""The whole account as one workbook: every list on a sheet of its own, read from one view of people and names.

Knows which lists there are and what is said of each; how a list is read and written is told elsewhere. Prints nothing.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from importer.export import consistency
from importer.export.disk_buffer import Watch, no_watch
from importer.export.filters import ExportFilters
from importer.export.list_export import ListedRecords, read_from, seen_by
from importer.export.membership_lists import Source
from importer.kantata.connection import Access
from importer.kantata.directory import AccountDirectory
from importer.messages import about_exports
from importer.spreadsheet.write import atomic_write
from importer.spreadsheet.write.account_cover import Use
from importer.spreadsheet.write.account_workbook import AccountBook, ListSheets, named_parts, write_account_book
from importer.spreadsheet.write.fast_xlsx import SHEET_ROWS

_LISTS = {
    "users": (
        "The people, each with a title, a department and a geography. This sheet is for reading: people are never "
        "created."
    ),
    "skills": "The skills, each with its category, its highest level and its description.",
    "groups": "The groups of people, and the companies among them.",
    "organizations": "The geographies and the departments, each with its path from the top.",
    "skill-memberships": "Who has which skill, and how well.",
    "user-group-memberships": "Who is in which group.",
    "organization-memberships": "The geography and the department of each person and project.",
}
"""The lists in the order of their sheets, and what each holds."""
_TITLE, _USES_TITLE = "A Kantata account as a workbook", "How to load it"
_USES = (
    Use(
        "Into the same account",
        "importer apply FILE",
        (
            "FILE is the name of this workbook. As it is, nothing changes.",
            (
                "If you change something here, only that is sent, and what others change in Kantata meanwhile stays. "
                "Keep the hidden sheets, which know what the account held."
            ),
        ),
    ),
    Use(
        "Into another account",
        "importer apply FILE --match names --create-missing all",
        (
            (
                "This finds people by their e-mail addresses and everything else by its name. It first shows which "
                "skills, groups and places it would create and which memberships it would add, and asks before it "
                "sends."
            ),
            (
                "People are never created, because each new person takes up a licence that you pay for. Whoever is "
                "missing in the other account is listed."
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class ExportedAccount:
    """A workbook of a whole account that was written: where, how many records stand on each sheet, whether the counts
    of all memberships stood still meanwhile, and sentences on what is in it.
    """

    path: Path
    sheets: Mapping[str, int]
    is_verified: bool
    notes: Sequence[str]
    requests: Mapping[str, int] = field(default_factory=dict)
    """The requests that it took, by method."""

    @property
    def records(self) -> int:
        """How many records stand on all sheets."""
        return sum(self.sheets.values())


def export_account(to: Access, path: Path, watch: Watch = no_watch, longest: int = SHEET_ROWS) -> ExportedAccount:
    """Write every list of the account as a workbook. Nothing is written before everything has been read.

    `longest` is how many rows one sheet takes, with its header.
    Raises: Usage for a name that is no workbook's; Denied, Unreachable; ImporterError if the file cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise about_exports.only_a_workbook(str(path))
    atomic_write.check_folder(path)
    source = Source(to.client, AccountDirectory(to.client), ExportFilters())
    with ExitStack() as reading:
        lists = {}
        for name in _LISTS:
            watch_list = partial(_watch_list, watch, name)
            watch_list("Reading", 0, 0)
            lists[name] = reading.enter_context(read_from(source, name, to.account, watch_list))
            watch_list("Reading", lists[name].records.height, lists[name].records.height)
        counts = {of: counted for each in lists.values() for of, counted in (each.counts or {}).items()}
        notes = _notes(lists, counts)
        sheets = [
            ListSheets(each.records, _LISTS[name], named_parts(each.records, longest)) for name, each in lists.items()
        ]
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None)  # the format wants it without a zone
        book = AccountBook(_TITLE, now, [seen_by(to.account), *notes], sheets, _USES_TITLE, _USES)
        watch("Writing", 0, sum(each.records.height for each in sheets))
        written = atomic_write.put(path, partial(write_account_book, book))
    records = {sheet: height for each in sheets for sheet, height in each.parts.items()}
    return ExportedAccount(written, records, consistency.are_still(counts), notes, to.client.requests)


def _watch_list(watch: Watch, name: str, doing: str, done: int, total: int) -> None:
    """Tell of one list among several which one it is."""
    watch(f"{doing} {name.replace('-', ' ')}", done, total)


def _notes(lists: Mapping[str, ListedRecords], counts: consistency.Counts) -> list[str]:
    records = sum(each.records.height for each in lists.values())
    return [f"{records:,} records in {len(lists)} lists.", consistency.count_note(counts)]
