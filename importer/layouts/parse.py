"""The cells of a table as values, once it is known which sheet, header and scale they stand under. Knows no account."""

import dataclasses
from collections.abc import Iterator

from importer.endpoints.declare import Field, Kind
from importer.endpoints.header import Header, column_field, column_header
from importer.layouts.choose import TableReading
from importer.layouts.list_layout import suggestion
from importer.table import Table
from importer.validation.parsed_table import ParsedTable, parse_cells


def parse(found: TableReading, *, match_names: bool = False) -> ParsedTable:
    """Every cell of the table as a value or a fault. `match_names` goes by names where a column gives an id, too."""
    header, table = found.header, found.table
    ids = {at for at, column in header.columns.items() if isinstance(column, Field) and column.kind is Kind.ID}
    # An id is text in what we write, too: as a number Excel would shorten a long one.
    table = dataclasses.replace(table, numbers=table.numbers - ids)
    match_names = match_names or table.source.read_as.get("match_names", False)
    if match_names and table.source.read_as:
        source = dataclasses.replace(table.source, read_as={**table.source.read_as, "match_names": True})
        table = dataclasses.replace(table, source=source)
    draft = parse_cells(table, header, match_names=match_names, scale=found.scale)
    return dataclasses.replace(draft, notes=(*draft.notes, *_header_notes(table, header)))


def _header_notes(table: Table, header: Header) -> Iterator[str]:
    meant = {position: suggestion(table.headers[position], header.endpoint) for position in header.ignored}
    for position, name in meant.items():
        if name:
            yield f'Column "{table.header(position)}" is not used. Did you mean "{name}"?'
    others = [f'"{table.header(position)}"' for position, name in meant.items() if not name]
    if others:
        yield f"Column {others[0]} is not used." if len(others) == 1 else f"Columns {', '.join(others)} are not used."
    told = {column_field(column) for column in header.columns.values()}
    for field in header.endpoint.fields:
        if field.name not in told:
            yield f"There is no column {column_header(field)}, so we do not set it."
