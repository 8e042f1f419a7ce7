"""The alias workbook: what texts in a person's sheets mean, and how these are read, as the person said. Knows its
cells, and no account.

Three sheets, each with what a sheet says and what that means: `Names`, with the kind of thing that bears the name;
`Levels`; and `Columns`, with the answers on how a sheet is read. The sheet `About` names the account that it belongs
to. Other columns and sheets are a person's own. The first version had a sheet for each kind of name: these are still
read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from importer.coordinates import address
from importer.endpoints.declare import Directory
from importer.spreadsheet.read.book import Book
from importer.table import Sheet
from importer.text import fold, fold_header, trim

SAYS, MEANS = "The sheet says", "Means"
KIND, HEADINGS = "Kind", "Headings"
NAMES, LEVELS, COLUMNS = "Names", "Levels", "Columns"
ABOUT, LISTS = "About", "Lists"
ACCOUNT_KEY = "Account key"

BESIDE: Mapping[str, str] = {NAMES: KIND, LEVELS: HEADINGS, COLUMNS: HEADINGS}
"""Our sheets, each with its third header."""

KINDS: Mapping[Directory, str] = {
    Directory.EMAILS: "person",
    Directory.EXTERNAL_IDS: "person",
    Directory.PEOPLE: "person",
    Directory.SKILLS: "skill",
    Directory.GROUPS: "group",
    Directory.GEOGRAPHIES: "geography",
    Directory.DEPARTMENTS: "department",
    Directory.PROJECTS: "project",
}
"""What kind of thing a name that is looked up there stands for."""

FIRST_SHEETS: Mapping[str, str] = {
    "People": "person",
    "Skills": "skill",
    "Groups": "group",
    "Geographies": "geography",
    "Departments": "department",
    "Projects": "project",
}
"""The sheets of names that the first version wrote, and the kind of each."""

_LOOKED_AT = 20
"""Rows looked at for the headers: a person may write something above them."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A row of the workbook: what a sheet says, and what that means, as typed; `meaning` is empty where nothing is
    chosen.

    `kind` is empty where the workbook does not say what kind of thing it is. `place` is the cell of the choice:
    `Names!B4`.
    """

    kind: str
    place: str
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class NewAlias:
    """A name that is to be given a meaning: what kind of thing it is, as typed, and who or what it may be."""

    kind: str
    name: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said about reading a sheet: on `Levels` a word and its level, on `Columns` a heading and its field,
    or the value of a setting and its name. `headings` are those of the sheet for which it was said; empty where it
    counts for every sheet.
    """

    sheet: str
    says: str
    means: str
    headings: str = ""


@dataclass(frozen=True, slots=True)
class AliasBook:
    """What an alias workbook holds. `account` is the key of the account that it belongs to; None if it names none, and
    then it is no alias workbook.
    """

    path: Path
    account: str | None
    aliases: tuple[Alias, ...]
    answers: tuple[Answer, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing."""
        return not (self.aliases or self.answers)


@dataclass(frozen=True, slots=True)
class Headers:
    """Where the headers of a sheet stand: their row (from 1), and their columns (from 0). `third` is None if there is
    no such column.
    """

    row: int
    says: int
    means: int
    third: int | None = None


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
    grids = {
        name: (sheets[fold(name)], book.grid(sheets[fold(name)]))
        for name in (*BESIDE, *FIRST_SHEETS)
        if fold(name) in sheets
    }
    aliases = [
        Alias(FIRST_SHEETS.get(name, fold(row.third)), row.place, row.says, row.means)
        for name, (title, grid) in grids.items()
        if name not in (LEVELS, COLUMNS)
        for row in _rows(name, title, grid)
    ]
    answers = [
        Answer(name, row.says, row.means, row.third)
        for name, (title, grid) in grids.items()
        if name in (LEVELS, COLUMNS)
        for row in _rows(name, title, grid)
        if row.means
    ]
    return AliasBook(path, account, tuple(aliases), tuple(answers))


def headers_of(rows: Sequence[Sequence[str]], sheet: str) -> Headers | None:
    """Where the headers of this sheet of ours stand; None if it has none."""
    third = fold_header(BESIDE.get(sheet, ""))
    for number, texts in enumerate(rows[:_LOOKED_AT], 1):
        at = {fold_header(text): position for position, text in enumerate(texts) if text}
        says, means = at.get(fold_header(SAYS)), at.get(fold_header(MEANS))
        if says is not None and means is not None:
            return Headers(number, says, means, at.get(third))
    return None


def _account(about: Sheet) -> str | None:
    told = dict(zip(*about.columns[:2], strict=True)) if len(about.columns) > 1 else {}
    return told.get(ACCOUNT_KEY) or None


@dataclass(frozen=True, slots=True)
class _Row:
    place: str
    says: str
    means: str
    third: str


def _rows(name: str, title: str, grid: Sheet) -> Iterator[_Row]:
    """The rows of a sheet in which it says something."""
    headers = headers_of(grid.head(_LOOKED_AT), name)
    if headers is None:
        return
    blank = [""] * grid.height
    third = blank if headers.third is None else grid.columns[headers.third]
    cells = (column[headers.row :] for column in (grid.columns[headers.says], grid.columns[headers.means], third))
    for number, (said, chosen, beside) in enumerate(zip(*cells, strict=True), headers.row + 1):
        place = (number, headers.means)
        if trim(said):
            # A formula that was never calculated chooses something that is not known: that is no blank.
            typed = trim(chosen) or (f"a cell with {grid.oddities[place]}" if place in grid.oddities else "")
            yield _Row(f"{title}!{address(*place)}", trim(said), typed, trim(beside))
