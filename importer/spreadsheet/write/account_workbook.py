"""Many lists as one workbook: a sheet that tells of them all, each list on its own, and what the account held, hidden.

Knows in which order the sheets stand; knows no list by its name, and no API.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from xlsxwriter.workbook import Workbook as Scaffold

from importer.spreadsheet.write.account_cover import Content, Cover, Use, write_cover
from importer.spreadsheet.write.base_sheet import BASE, write_base
from importer.spreadsheet.write.fast_xlsx import SHEET_ROWS, RowStream, write
from importer.spreadsheet.write.list_sheets import Parts, lay_out_list, parts_of
from importer.spreadsheet.write.record_rows import Records


@dataclass(frozen=True, slots=True)
class ListSheets:
    """A list with the sheets on which it stands, and what is said of it where the sheets are listed."""

    records: Records
    says: str
    parts: Parts


@dataclass(frozen=True, slots=True)
class AccountBook:
    """What the workbook holds: its lists in the order of their sheets, and what its first sheet says besides."""

    title: str
    made_at: dt.datetime
    about: Sequence[str]
    lists: Sequence[ListSheets]
    uses_title: str
    uses: Sequence[Use]


def named_parts(records: Records, longest: int = SHEET_ROWS) -> Parts:
    """The sheets of a list: one of its name, and where it has more rows than that takes, `name 2` and so on."""
    heights = parts_of(records.height, longest)
    return {records.title if at == 1 else f"{records.title} {at}": height for at, height in enumerate(heights, 1)}


def write_account_book(held: AccountBook, target: BinaryIO) -> None:
    """Write the workbook. Each list is read when its sheets are written, and its base, if it has one, before that."""

    def lay_out(book: Scaffold) -> Sequence[RowStream]:
        book.set_properties({"title": held.title, "author": "importer", "created": held.made_at})
        contents = [content for each in held.lists for content in _contents(each)]
        write_cover(book, Cover(held.title, held.about, contents, held.uses_title, held.uses))
        streams = [stream for each in held.lists for stream in lay_out_list(book, each.records, each.parts)]
        bases = [each.records.base for each in held.lists if each.records.base]
        for number, base in enumerate(bases, 1):
            write_base(book, base(), f"{BASE} {number}")
        return streams

    write(target, lay_out)


def _contents(listed: ListSheets) -> Iterator[Content]:
    """A line for each sheet of a list; those after the first say which one they continue."""
    for at, (name, height) in enumerate(listed.parts.items()):
        says = f"The rest of {listed.records.title}. They load as one list." if at else listed.says
        yield Content(name, height, says)
