"""The alias workbook: what texts in a person's sheets mean, as they chose it. Knows its cells, and no account.

A sheet for each kind of thing, with two columns: what a sheet says, and what that means. The sheet `About` names the
account whose ids stand there. Other columns and sheets are a person's own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from importer.endpoints.declare import Directory
from importer.spreadsheet.read.book import Book
from importer.table import Sheet, address
from importer.text import fold, fold_header, trim

SAYS, MEANS = "The sheet says", "Means"
ABOUT, LISTS = "About", "Lists"
ACCOUNT_KEY = "Account key"

SHEETS: Mapping[Directory, str] = {
    Directory.EMAILS: "People",
    Directory.EXTERNAL_IDS: "People",
    Directory.PEOPLE: "People",
    Directory.SKILLS: "Skills",
    Directory.GROUPS: "Groups",
    Directory.GEOGRAPHIES: "Geographies",
    Directory.DEPARTMENTS: "Departments",
    Directory.PROJECTS: "Projects",
}
"""The sheet on which a name that is looked up there stands."""

_LOOKED_AT = 20
"""Rows looked at for the two headers: a person may write something above them."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A row of the workbook: what a sheet says, and what that means, as typed; `meaning` is empty where nothing is
    chosen.

    `place` is the cell of the choice: `People!B4`.
    """

    sheet: str
    place: str
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class NewAlias:
    """A name that is to be given a meaning: the sheet on which it will stand, as typed, and who or what it may be."""

    sheet: str
    name: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AliasBook:
    """What an alias workbook holds. `account` is the key of the account whose ids they are; None if it names none, and
    then it is no alias workbook.
    """

    path: Path
    account: str | None
    aliases: tuple[Alias, ...]


def read_alias_book(path: Path) -> AliasBook | None:
    """The alias workbook at this path; None if there is no file.

    Raises: Unreadable, naming the file, why, and what to do.
    """
    if not path.exists():
        return None
    book = Book(path)
    sheets = {fold(name): name for name in book.sheets}
    about = sheets.get(fold(ABOUT))
    account = _account(book.grid(about)) if about else None
    aliases: list[Alias] = []
    for name in dict.fromkeys(SHEETS.values()):
        sheet = sheets.get(fold(name))
        if sheet is not None:
            aliases.extend(_aliases(name, sheet, book.grid(sheet)))
    return AliasBook(path, account, tuple(aliases))


def header_of(rows: Sequence[Sequence[str]]) -> tuple[int, int, int] | None:
    """Where the two headers stand: their row (from 1), and the columns (from 0) of the left and the right one."""
    for number, texts in enumerate(rows[:_LOOKED_AT], 1):
        at = {fold_header(text): position for position, text in enumerate(texts)}
        says, means = at.get(fold_header(SAYS)), at.get(fold_header(MEANS))
        if says is not None and means is not None:
            return number, says, means
    return None


def _account(about: Sheet) -> str | None:
    told = dict(zip(*about.columns[:2], strict=True)) if len(about.columns) > 1 else {}
    return told.get(ACCOUNT_KEY) or None


def _aliases(name: str, sheet: str, grid: Sheet) -> Iterator[Alias]:
    header = header_of(grid.head(_LOOKED_AT))
    if header is None:
        return
    row, says, means = header
    pairs = zip(grid.columns[says][row:], grid.columns[means][row:], strict=True)
    for number, (said, chosen) in enumerate(pairs, row + 1):
        place = (number, means)
        if trim(said):
            # A formula that was never calculated chooses something that is not known: that is no blank.
            typed = trim(chosen) or (f"a cell with {grid.oddities[place]}" if place in grid.oddities else "")
            yield Alias(name, f"{sheet}!{address(*place)}", trim(said), typed)
