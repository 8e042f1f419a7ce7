"""How many of the names in a table the account knows. Knows what a check found; asks no account itself."""

from dataclasses import dataclass

from importer.pipeline.check_result import CheckResult
from importer.pipeline.input_table import InputTable
from importer.table import HEADING
from importer.validation.parsed_table import ParsedTable

_UNKNOWN = frozenset({"not-found", "ambiguous", "alias"})


@dataclass(frozen=True, slots=True)
class NameMatches:
    """A column of names: its header, how many different names it has, and how many of them the account knows."""

    header: str
    names: int
    matches: int


def count_name_matches(table: InputTable, check: CheckResult) -> list[NameMatches]:
    """The matches of each column of names. A name counts once, in however many cells it stands."""
    parsed, columns = table.parsed, []
    for column, _ in parsed.table.name_columns():
        texts = parsed.names[column]
        unknown = {
            texts.at[ref]
            for ref, problems in check.checked.invalid.items()
            for problem in problems
            if problem.code in _UNKNOWN and problem.cell == parsed.table.location(ref, column).cell
        }
        names = len(set(texts.unique()) - {""})
        if names:
            columns.append(NameMatches(_header(parsed, column), names, names - len(unknown - {""})))
    return columns


def _header(parsed: ParsedTable, column: str) -> str:
    """The header of a column of names as the person wrote it; the skills of a matrix are themselves headers."""
    table = parsed.table
    return "Skills" if table.parts[0].columns[column] == HEADING else table.header_over(parsed.refs[0], column)
