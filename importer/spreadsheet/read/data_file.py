"""Lists as programs keep them, JSON lines and Parquet: each value as the text of a cell. Knows no field."""

import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from importer.errors import Unreadable
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
            raise Unreadable(f"{path.name}, line {number}: this is not JSON ({error}).", "Export it again.") from None
        if not isinstance(record, dict):
            raise Unreadable(f"{path.name}, line {number}: this is no JSON object.", "Write one object a line.")
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
        raise Unreadable(
            f"{path.name} is a Parquet file, and pyarrow, which reads these, is not installed.",
            "Run: pip install 'importer[parquet]'. Or export the list as .xlsx or .csv.",
        ) from None
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        if file.metadata.num_rows * file.metadata.num_columns > _MOST_CELLS:
            raise Unreadable(f"{path.name} has {file.metadata.num_rows:,} rows; no list is so long.", "Export less.")
        table = file.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unreadable(f"{path.name} is damaged ({error}).", "Export it again.") from None
    return _grid(table.column_names, (column.to_pylist() for column in table.columns))


def _text(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is not in UTF-8, which JSON is in.", "Export it again.") from None


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
