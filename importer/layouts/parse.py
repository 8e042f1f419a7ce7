"""The cells of a table as values, once it is known where it stands and what its words mean. Knows no account."""

import dataclasses
from collections.abc import Iterator

from importer.endpoints.declare import Kind
from importer.endpoints.header import column_field, column_header, has_kind
from importer.layouts.choose import TableReading
from importer.layouts.header_meanings import suggestion
from importer.table import Table
from importer.validation.level_questions import level_question
from importer.validation.parsed_table import ParsedTable, parse_cells


def parse(reading: TableReading, *, match_names: bool = False) -> ParsedTable:
    """Every cell of the table as a value or an error. `match_names` goes by names where a column gives an id, too.

    Raises: Ambiguous where words or other numbers stand for levels, and nothing says for which. In a matrix with zeros
    this is a value, because the question what 0 means comes first, and only the account shows whether it is open.
    """
    table = reading.table
    ids = {name for name, column in table.used.items() if has_kind(column, Kind.ID)}
    # An id is text in what we write, too: as a number Excel would shorten a long one.
    table = dataclasses.replace(table, number_columns=table.number_columns - ids)
    match_names = match_names or table.source.read_as.get("match_names", False)
    if match_names and table.source.read_as:
        source = dataclasses.replace(table.source, read_as={**table.source.read_as, "match_names": True})
        table = dataclasses.replace(table, source=source)
    parsed = parse_cells(table, match_names=match_names, scale=reading.scale)
    question = level_question(parsed)
    if question is not None and not (table.is_matrix and parsed.zeros and not parsed.is_zero_told):
        raise question
    return dataclasses.replace(parsed, notes=(*parsed.notes, *_header_notes(table)), level_question=question)


def _header_notes(table: Table) -> Iterator[str]:
    exported = table.of_our_export
    ignored = [column for column in table.ignored if column.header not in exported]
    meant = {column.name: suggestion(column.header, table.endpoint) for column in ignored}
    for name, suggested in meant.items():
        if suggested:
            yield f'Column "{table.header(name)}" is not used. Did you mean "{suggested}"?'
    others = [f'"{table.header(name)}"' for name, suggested in meant.items() if not suggested]
    if others:
        yield f"Column {others[0]} is not used." if len(others) == 1 else f"Columns {', '.join(others)} are not used."
    told = {column_field(column) for column in table.used.values()}
    untold = [field for field in table.endpoint.fields if field.name not in told]
    for field in untold:
        if field.assumed:
            yield f"There is no column {column_header(field)}, so we take it as {field.assumed}."
    unset = [column_header(field) for field in untold if not field.assumed]
    if unset:
        columns, them = ("column", "it") if len(unset) == 1 else ("columns", "them")
        yield f"There {'is' if len(unset) == 1 else 'are'} no {columns} {', '.join(unset)}, so we do not set {them}."
