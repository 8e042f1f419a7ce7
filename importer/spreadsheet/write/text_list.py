"""Lists as text: CSV that no spreadsheet program runs, and JSON lines. Knows columns, and no API."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

import orjson

from importer.spreadsheet.write.record_rows import Cell, Kind, Records
from importer.spreadsheet.write.safe_text import csv_text

_MARK_OF_UTF8 = "\ufeff"


def write_csv(records: Records, target: BinaryIO, *, for_excel: bool = True) -> None:
    """Write the list as CSV in UTF-8; `for_excel` puts the mark in front by which Excel knows the encoding."""
    text = io.TextIOWrapper(target, encoding="utf-8", errors="replace", newline="", write_through=True)
    if for_excel:
        text.write(_MARK_OF_UTF8)
    writer = csv.writer(text)
    writer.writerow([column.header for column in records.columns])
    shapes = [_SHAPES.get(column.kind) for column in records.columns]
    for rows in records.chunks():
        writer.writerows(shaped(rows, shapes))
    text.detach()


def write_json_lines(records: Records, target: BinaryIO) -> None:
    """Write the list as one JSON object a line; what is not known is null."""
    headers = [column.header for column in records.columns]
    for rows in records.chunks():
        lines = [orjson.dumps(dict(zip(headers, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE) for row in rows]
        target.write(b"".join(lines))


def shaped(rows: Sequence[Sequence[Cell]], shapes: Sequence[Callable[[Cell], Any] | None]) -> Iterator[Sequence[Any]]:
    """The rows with each column's function called on its values; a column without one stays as it is."""
    columns = zip(*rows, strict=True)
    return zip(
        *(column if shape is None else map(shape, column) for column, shape in zip(columns, shapes, strict=True)),
        strict=True,
    )


def _safe(cell: Cell) -> Cell:
    return csv_text(cell) if isinstance(cell, str) else cell


def yes_or_no(cell: Cell) -> Cell:
    """A flag in a word; nothing where it is not known."""
    return None if cell is None else "yes" if cell else "no"


_SHAPES: dict[Kind, Callable[[Cell], Cell]] = {Kind.TEXT: _safe, Kind.ID: _safe, Kind.FLAG: yes_or_no}
