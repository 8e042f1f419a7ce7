"""What a report shows, as a workbook or as a page: figures, tables, plots, sentences. Knows no number's origin."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

Value = str | int | float | None
"""What a cell shows; None is a blank."""

TOP = 30
"""So many bars are still looked at rather than read; a plot of more rows shows the first ones, and says so."""


class Look(StrEnum):
    """How the values of a column look."""

    TEXT = "text"
    STRONG = "strong text"
    COUNT = "count"
    BAR = "count with a bar"
    SHARE = "share"
    DECIMAL = "number with a decimal"
    AVERAGE = "average level"
    LEVEL = "level"
    HEAT = "count in the colours of its block"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its header, which is the table's own and no other's; `width` is in characters."""

    header: str
    look: Look
    width: int = 9


class Shape(StrEnum):
    """How a plot puts its series: each bar beside the next, on one another, or as parts of a whole."""

    BARS = "bars"
    STACKED = "stacked"
    PARTS = "parts"


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot of the first `rows` rows of its table: a bar (or a stack) for each, named by the column `label`.

    `series` and `label` are positions of columns. `tones` gives for each series the name of its colour.
    """

    title: str
    label: int
    series: tuple[int, ...]
    rows: int
    shape: Shape = Shape.BARS
    tones: tuple[str, ...] = ("main",)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what it says in sentences, its columns and rows, and its plots.

    `name` is that of its sheet and of its table, `title` what stands over it. Where there is no row, `nothing` says it.
    """

    name: str
    title: str
    says: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[tuple[Value, ...]]
    plots: Sequence[Plot] = ()
    nothing: str = "There is nothing to show."

    @property
    def id(self) -> str:
        """Its name as an address on the page."""
        return self.name.lower().replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of very many rows, which is not held: each time that `rows` is called, it gives all `height` of them."""

    name: str
    says: str
    columns: Sequence[Column]
    height: int
    rows: Callable[[], Iterator[tuple[Value, ...]]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that matters, by its defined name; `says` is what it counts. None where there is none."""

    name: str
    value: int | float | None
    says: str


@dataclass(frozen=True, slots=True)
class SkillReport:
    """The whole report. `facts` are labels and texts; `levels` is the table on the cover; `tables` follow it.

    `memberships` is the list of all that was counted, which an .xlsx report ends with.
    """

    title: str
    made_at: dt.datetime
    facts: Sequence[tuple[str, str]]
    figures: Sequence[Figure]
    levels: Table
    tables: Sequence[Table]
    memberships: Listing
    notes: Sequence[str] = ()


def visible_series(table: Table, plot: Plot) -> list[tuple[int, str]]:
    """The series of a plot that have something to show in its rows, each with its tone."""
    toned = zip(plot.series, plot.tones, strict=True)
    return [(at, tone) for at, tone in toned if any(row[at] for row in table.rows[: plot.rows])]


def first_rows(title: str, count: int, of: int, things: str) -> str:
    """The title of a plot; where it does not show all, it says which: `Coverage: the first 30 of 230 skills`."""
    return title if of <= count else f"{title}: the first {count} of {of:,} {things}"
