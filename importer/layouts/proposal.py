"""What a layout is: it proposes how a sheet may be read, with what speaks for that, and makes the table.

Knows no layout: each has a file of its own, `..._layout.py`, and `sheet_reading.py` compares what they propose.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from itertools import pairwise
from typing import Any, Generic, TypeVar, cast

from importer import endpoints
from importer.endpoints.declare import Endpoint
from importer.layouts.account_names import AccountNames
from importer.layouts.accounting import Taken
from importer.layouts.header_meanings import is_of_categories
from importer.layouts.legend import Legend
from importer.layouts.read_options import ReadOptions
from importer.layouts.sheet_features import SheetFeatures
from importer.spreadsheet.read.book import Book
from importer.table import Sheet, Table
from importer.text import count_of
from importer.validation.level import LevelScale

Content = TypeVar("Content")
Found = TypeVar("Found")

MATRIX_NAME = "skill-matrix"
MATRIX_OF = "skill-memberships"
"""A matrix has a name of its own, and is one way to write down these."""
GROUPS = "user-group-memberships"
CELLS = frozenset({MATRIX_OF, GROUPS})
"""What may stand in several columns of a row, or several times in a cell."""
_HEADER_WITHIN = 30
"""Rows looked at for a header where none was told."""


class Basis(Enum):
    """What a layout goes by. Headings that say what stands below them settle a sheet before its shape is looked at."""

    HEADINGS = 1
    SHAPE = 2


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """What speaks for a reading, the strongest first: columns whose heading says what they hold; names in it that the
    account knows as people, skills or groups; and how much its shape is that of the layout.
    """

    columns: int = 0
    names: int = 0
    shape: int = 0

    @property
    def sentence(self) -> str:
        """What speaks for it, for a person."""
        said = []
        if self.columns:
            said.append(f"{count_of(self.columns, 'column')} whose heading says what stands below")
        if self.names:
            said.append(f"{count_of(self.names, 'name')} that the account knows")
        return " and ".join(said) or "its shape"


@dataclass(frozen=True, slots=True)
class SheetReading(Generic[Content]):
    """The table of one sheet: which layout read it, and what of the sheet that takes. `content` is the layout's own.

    `levels_at` are the columns in which levels stand; `legend` is what the sheet says of what they mean.
    """

    sheet: str | None
    endpoint: Endpoint
    layout: str
    content: Content
    taken: Taken
    levels_at: Collection[int] = ()
    legend: Legend | None = None
    reasons: tuple[str, ...] = ()
    """What spoke for this reading, and which others there were, as sentences."""

    def with_legend(self, grid: Sheet, legend: Legend | None) -> "SheetReading[Content]":
        """The same of this sheet, in which a legend says what levels mean."""
        return replace(self, legend=legend, taken=self.taken.with_legend(grid, legend.cells)) if legend else self


@dataclass(frozen=True, slots=True)
class Proposal(Generic[Content]):
    """How a sheet may be read. `read` reads it so; it raises Ambiguous where only a person can say how. `example` is a
    record as the reading has it: `"John Doe" has "Python" 3`.
    """

    evidence: Evidence
    read: Callable[[], SheetReading[Content]]
    example: str = ""


@dataclass(frozen=True, eq=False)
class SheetToRead:
    """A sheet with all that is known of it: its name and texts, the endpoint that a person or the file names, what else
    the person says, the words for levels, and the names of the account.
    """

    name: str | None
    grid: Sheet
    meant: str | None
    asked: ReadOptions
    scale: LevelScale
    names: AccountNames
    is_only: bool = True
    """Whether no other sheet may have the table."""
    is_ours: bool = False
    """Whether we wrote the sheet, so that nothing is asked."""
    _found: dict[Callable[..., Any], Any] = field(default_factory=dict, repr=False)

    def as_exported(self, endpoint: str, header_row: int) -> "SheetToRead":
        """The same sheet, of which the file names the endpoint, and we know the row of the header."""
        matrix = replace(self.asked.matrix, header_row=header_row)
        return replace(self, meant=endpoint, asked=replace(self.asked, matrix=matrix), _found={})

    @cached_property
    def view(self) -> SheetFeatures:
        """The sheet as a person looks at it."""
        return SheetFeatures(self.grid, self.scale)

    @property
    def endpoints(self) -> Sequence[Endpoint]:
        """What a sheet may hold records of, unless its headings say that it lists things such as skills."""
        if self.meant is None or self.meant == MATRIX_NAME:
            return tuple(each for each in endpoints.load_all() if not each.are_things)
        return (endpoints.load(self.meant),)

    @property
    def things(self) -> Sequence[Endpoint]:
        """The things of which a sheet may be a list, where nobody says what it is of."""
        return tuple(each for each in endpoints.load_all() if each.are_things) if self.meant is None else ()

    @property
    def header_rows(self) -> Sequence[int]:
        """The rows in which a header may stand: the one that was told, else the first ones without categories."""
        told = self.asked.matrix.header_row
        if told is not None:
            return [told]
        rows = self.grid.head(min(_HEADER_WITHIN, self.grid.height) + 1)
        over_names = {at for at, pair in enumerate(pairwise(rows), 1) if is_of_categories(*pair)}
        return [at for at in range(1, min(_HEADER_WITHIN, self.grid.height) + 1) if at not in over_names]

    def allows(self, layout: str) -> bool:
        """Whether the person leaves this layout open."""
        return self.asked.layout in (None, layout)

    def once(self, find: Callable[["SheetToRead"], Found]) -> Found:
        """What this function finds in the sheet, found once for all layouts that build on it."""
        if find not in self._found:
            self._found[find] = find(self)
        return cast("Found", self._found[find])


@dataclass(frozen=True, slots=True)
class Layout(Generic[Content]):
    """How a sheet may say what it says. `looks_like` is for a person, with `{things}` for skills or groups; `headings`
    give an example.

    `propose` looks at a sheet and says how it may be read, or None where it does not look like this; `table` makes the
    one table of all sheets that were read so.
    """

    name: str
    looks_like: str
    headings: str
    basis: Basis
    propose: Callable[[SheetToRead], Proposal[Content] | None]
    table: Callable[[Book, Sequence[SheetReading[Content]]], Table]

    def described(self, endpoint: Endpoint) -> str:
        """What it looks like, where it tells this."""
        return self.looks_like.format(things=endpoint.owner_has)
