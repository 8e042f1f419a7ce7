"""The header of a table: which column tells which field of an endpoint. Knows declarations; knows no sheet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from importer.endpoints.declare import Endpoint, Field, Kind, NameColumn

Column: TypeAlias = Field | NameColumn


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table: its row (from 1), its endpoint, and the columns (from 0) that are used or not."""

    row: int
    endpoint: Endpoint
    columns: Mapping[int, Column]
    ignored: tuple[int, ...]

    def positions(self, field: str) -> Iterator[tuple[int, Column]]:
        """The columns that tell this field: the one with its id, then those with names for it."""
        for position, column in self.columns.items():
            if column_field(column) == field:
                yield position, column


def column_field(column: Column) -> str:
    """The field that a column tells, by id or by name."""
    return column.name if isinstance(column, Field) else column.field


def has_kind(column: Column | None, *kinds: Kind) -> bool:
    """Whether a column holds values of one of these kinds; one that holds names does not."""
    return isinstance(column, Field) and column.kind in kinds


def column_header(column: Column) -> str:
    """The header under which a column is declared."""
    return column.name if isinstance(column, Field) else column.header
