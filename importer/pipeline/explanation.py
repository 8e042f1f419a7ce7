"""Why a file was read as it was: the layout, and for each column what it was taken for and what spoke for it.

Knows a checked table; decides nothing.
"""

from importer import layouts
from importer.coordinates import letters
from importer.endpoints.declare import Field, Kind
from importer.endpoints.header import Column, column_field, has_kind
from importer.table import CATEGORY, CELL, HEADING, Part, Table
from importer.text import count_of, quote
from importer.validation.schema import CheckedTable


def explain(checked: CheckedTable) -> tuple[str, ...]:
    """How the file was read and why, as sentences, sheet by sheet."""
    table = checked.table
    layout = layouts.load(table.layout).described(table.endpoint)
    says = [f"The file was read as {layout} ({table.endpoint.name}).", *table.reasons]
    for part in table.parts:
        where = f'Sheet "{part.sheet}": the header' if part.sheet else "The header"
        says.append(f"{where} is row {part.header_row}.")
        says += [_column(checked, name, column, part) for name, column in table.used.items()]
    aside = table.set_aside
    if aside:
        says.append(
            f"{count_of(sum(each.cells for each in aside), 'filled cell')} belong to no record and are set aside."
        )
    return tuple(dict.fromkeys(says))


def _column(checked: CheckedTable, name: str, column: Column, part: Part) -> str:
    """What one column was taken for, and how many of its texts could be used."""
    return f"{_place(checked.table, name, part)} {_meaning(column)}{_evidence(checked, name, column)}."


def _place(table: Table, name: str, part: Part) -> str:
    match part.columns.get(name):
        case None:
            return f"What the sheet says once, and no column ({quote(table.header(name))}),"
        case at if at == HEADING:
            return "What stands over the cells"
        case at if at == CATEGORY:
            return "What stands over the headings"
        case at if at == CELL:
            return "Each cell"
        case at:
            heading = part.headers.get(name, table.header(name))
            return f"Column {letters(at)} ({quote(heading)})"


def _meaning(column: Column) -> str:
    is_tick = has_kind(column, Kind.ACTION)
    return "is a tick" if is_tick else f"is the {column.title[:1].lower()}{column.title[1:]}"


def _evidence(checked: CheckedTable, name: str, column: Column) -> str:
    """How many of the different texts of a column mean something."""
    field = column_field(column)
    if field not in checked.values or (isinstance(column, Field) and column.kind is Kind.ACTION):
        return ""  # a last name, or a category, is used with what stands beside it
    texts = checked.table.frame[name].astype(str)
    filled = texts[texts != ""]
    known = checked.values[field].reindex(filled.index).notna()
    every, some = filled.nunique(), filled[known.to_numpy()].nunique()
    return f": {some:,} of {count_of(every, 'different text')} could be used" if every else ""
