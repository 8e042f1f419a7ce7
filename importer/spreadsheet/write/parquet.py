"""Lists as Parquet, by pyarrow, which is imported only when one is written. Knows columns, and no API."""

from typing import TYPE_CHECKING, BinaryIO

from importer.messages import about_files
from importer.platforms import arrow
from importer.spreadsheet.write.record_rows import Cell, Kind, Records

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa


def make_sure_that_it_can_be_written() -> None:
    """Raises: Usage where pyarrow is not installed."""
    arrow.allow()
    try:
        import pyarrow.parquet  # noqa: F401, PLC0415  (large, and needed for this format alone)
    except ImportError:
        raise about_files.cannot_write_parquet() from None


def write_parquet(records: Records, target: BinaryIO) -> None:
    """Write the list as Parquet: ids and texts as text, times with their zone, UTC.

    Raises: Usage where pyarrow is not installed.
    """
    make_sure_that_it_can_be_written()
    import pyarrow as pa  # noqa: PLC0415  (as above)
    import pyarrow.parquet as pq  # noqa: PLC0415

    types = {
        Kind.TEXT: pa.string(),
        Kind.ID: pa.string(),
        Kind.NUMBER: pa.int64(),
        Kind.TIME: pa.timestamp("us", tz="UTC"),
        Kind.FLAG: pa.bool_(),
    }
    schema = pa.schema([(column.header, types[column.kind]) for column in records.columns])
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for rows in records.chunks():
            arrays = [_array(column, field.type) for column, field in zip(zip(*rows, strict=True), schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _array(cells: "Sequence[Cell]", type_: "pa.DataType") -> "pa.Array":
    import pyarrow as pa  # noqa: PLC0415  (as above)

    if pa.types.is_timestamp(type_):
        return pa.array(cells, pa.string()).cast(type_)
    return pa.array(cells, type_)
