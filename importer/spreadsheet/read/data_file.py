"""Lists as programs keep them, JSON lines and Parquet: each value as the text of a cell. Knows no field."""

import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from importer.messages import about_files
from importer.table import Sheet

_MOST_CELLS = 200_000_000
"""A Parquet file of a few bytes can hold more values than a machine; no list has so many."""
_NOTE = "Row 1 is that of the names; the first record is row 2."


def json_lines_grid(path: Path, data: bytes) -> Sheet:
    """The records of a file of JSON lines, one object a line, below a row of the names of their values.

    Raises: Unreadable, with the line.
    """
    records: list[dict[str, Any]] = []
    # Not splitlines, which knows more ends of a line than JSON lines have.
    for number, line in enumerate(_text(path, data).split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise about_files.not_json(path.name, number, str(error)) from None
        if not isinstance(record, dict):
            raise about_files.not_json_object(path.name, number)
        records.append(record)
    names = list(dict.fromkeys(name for record in records for name in record))
    return _grid(names, [[record.get(name) for record in records] for name in names])


def parquet_grid(path: Path, data: bytes) -> Sheet:
    """The records of a Parquet file, below a row of the names of its columns.

    Raises: Unreadable, also where pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415  (large, and needed for this format alone)
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        raise about_files.cannot_read_parquet(path.name) from None
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        if file.metadata.num_rows * file.metadata.num_columns > _MOST_CELLS:
            raise about_files.too_many_rows(path.name, file.metadata.num_rows)
        table = file.read()
    except (pa.ArrowException, OSError, ValueError):
        raise about_files.damaged_parquet(path.name) from None
    return _grid(table.column_names, (column.to_pylist() for column in table.columns))


def _text(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise about_files.json_not_utf8(path.name) from None


def _grid(names: Sequence[str], columns: Iterable[Sequence[Any]]) -> Sheet:
    told = tuple([name, *map(_cell, values)] for name, values in zip(names, columns, strict=True))
    return Sheet(told, notes=(_NOTE,))


def _cell(value: object) -> str:
    """A value as text; blank text is a blank cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)
    return text if text.strip() else ""
