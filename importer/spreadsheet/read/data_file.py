"""Lists as programs keep them, JSON lines and Parquet: each value as the text of a cell. Knows no field."""

import codecs
import json
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from importer.messages import about_files, about_sizes
from importer.platforms import arrow
from importer.spreadsheet.read.limits import ROW_BYTES, bound_list
from importer.table import Sheet

_ROWS_AT_ONCE = 4096
_NOTE = "Row 1 is that of the names; the first record is row 2."


def json_lines_grid(path: Path, data: bytes) -> Sheet:
    """The records of a file of JSON lines, one object a line, below a row of the names of their values.

    Raises: Unreadable, with the line.
    """
    records: list[dict[str, Any]] = []
    names: dict[str, None] = {}
    # Not splitlines, which knows more ends of a line than JSON lines have; and not all lines at once.
    for number, line in enumerate(BytesIO(data.removeprefix(codecs.BOM_UTF8)), 1):
        if len(line) > ROW_BYTES:
            raise about_sizes.too_large_row(ROW_BYTES >> 20)
        text = _text(path, line)
        if not text.strip():
            continue
        try:
            record = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise about_files.not_json(path.name, number, str(error)) from None
        if not isinstance(record, dict):
            raise about_files.not_json_object(path.name, number)
        records.append(record)
        names |= dict.fromkeys(record)
        bound_list(path.name, len(records), len(names))
    return _grid(list(names), ([record.get(name) for record in records] for name in names))


def parquet_grid(path: Path, data: bytes) -> Sheet:
    """The records of a Parquet file, below a row of the names of its columns.

    Raises: Unreadable, also where pyarrow is not installed.
    """
    arrow.allow()
    try:
        import pyarrow as pa  # noqa: PLC0415  (large, and needed for this format alone)
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        raise about_files.cannot_read_parquet(path.name) from None
    try:
        file = pq.ParquetFile(BytesIO(data))
        bound_list(path.name, file.metadata.num_rows, file.metadata.num_columns)
        columns: list[list[str]] = [[] for _ in file.schema_arrow.names]
        words: list[dict[str, str]] = [{} for _ in columns]
        # A text that the file keeps once for many rows is not to be one for each of them.
        for batch in file.iter_batches(_ROWS_AT_ONCE):
            for column, known, values in zip(columns, words, batch.columns, strict=True):
                column.extend([known.setdefault(text, text) for text in map(_cell, values.to_pylist())])
    except (pa.ArrowException, OSError, ValueError):
        raise about_files.damaged_parquet(path.name) from None
    return _sheet(file.schema_arrow.names, columns)


def _text(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise about_files.json_not_utf8(path.name) from None


def _grid(names: Sequence[str], columns: Iterable[Sequence[Any]]) -> Sheet:
    return _sheet(names, [list(map(_cell, values)) for values in columns])


def _sheet(names: Sequence[str], columns: Iterable[Sequence[str]]) -> Sheet:
    return Sheet(tuple([name, *texts] for name, texts in zip(names, columns, strict=True)), notes=(_NOTE,))


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
