"""Records that go out as a list: their columns, and their rows some thousands at a time. Knows no file and no API."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from importer.base import Base

Cell = str | int | bool | None
"""A value. What is not known, or not there, is None; a time is its ISO form in UTC, `2026-01-31T09:30:00+00:00`."""


class Kind(StrEnum):
    """What a column holds, and so how each format writes it."""

    TEXT = "text"
    ID = "id"
    NUMBER = "number"
    TIME = "time"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its header."""

    header: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Records:
    """A list to be written.

    Shapes: `chunks` gives the rows in their order, some thousands at a time, `height` of them in all; each time it is
    called it begins anew. A row has a value for each of `columns`. `about` are sentences on where they come from, and
    `steps` on what can be done with the list. `base` makes what a workbook carries to be compared with later on.
    """

    title: str
    columns: Sequence[Column]
    chunks: Callable[[], Iterator[Sequence[Sequence[Cell]]]]
    height: int
    made_at: dt.datetime
    about: Sequence[str] = ()
    steps: Sequence[str] = field(default=())
    base: Callable[[], Base] | None = None
