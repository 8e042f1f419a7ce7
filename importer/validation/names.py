"""Names to ids: which names a draft asks for, and what their answers mean for its rows. Knows no account.

Only one exact match is an id. No match, or several, is a problem that lists what there is.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from importer.endpoints.declare import Answer, Directory, Field, Found, Kind, Name, NameColumn
from importer.endpoints.header import column_field
from importer.messages import about_names
from importer.model import Problem
from importer.remedies import ChooseName
from importer.text import fold, trim
from importer.validation.cell import CellError
from importer.validation.parsed_table import ParsedTable

if TYPE_CHECKING:
    from importer.table import Location

_KINDS = {
    Directory.EMAILS: ("person", "the e-mail address"),
    Directory.EXTERNAL_IDS: ("person", "the external id"),
    Directory.PEOPLE: ("person", "the name"),
    Directory.SKILLS: ("skill", "the name"),
    Directory.GROUPS: ("group", "the name"),
    Directory.GEOGRAPHIES: ("geography", "the name"),
    Directory.DEPARTMENTS: ("department", "the name"),
    Directory.PROJECTS: ("project", "the title"),
}
_SEVERAL = {"person": "people", "geography": "geographies"}
_INSTEAD = {
    Directory.PEOPLE: "Enter the e-mail address or the user_id instead.",
    Directory.GEOGRAPHIES: "Enter the path (Americas > United States) or the geography_id instead.",
    Directory.DEPARTMENTS: "Enter the path (Delivery > Data) or the department_id instead.",
}


def names_needed(draft: ParsedTable) -> frozenset[Name]:
    """Every name that the draft's rows ask for, folded, each once."""
    return frozenset(name for position in draft.names for name in _names(draft, position) if name)


@dataclass(frozen=True, slots=True)
class NameOccurrences:
    """How a sheet says a name: as typed where it stands first, and in how many cells."""

    text: str
    cells: int

    @property
    def in_cells(self) -> str:
        """The number of cells, for a person."""
        return "1 cell" if self.cells == 1 else f"{self.cells:,} cells"


def name_occurrences(draft: ParsedTable, names: Collection[Name], found: Found) -> dict[Name, NameOccurrences]:
    """How the draft says each of these names, in the order in which they stand in its columns; without the rows that
    say beside it whom the name means.
    """
    first: dict[Name, str] = {}
    spots: dict[Name, set[Location]] = {}
    for position in draft.names if names else ():
        for at, name in _where(draft, position, names):
            if not _is_told_beside(draft, position, at, name, found):
                row = draft.rows[at]
                spots.setdefault(name, set()).add(draft.table.spot(row, position))
                if name not in first:
                    first[name] = _typed(draft, row, position, name)
    return {name: NameOccurrences(text, len(spots[name])) for name, text in first.items()}


def _is_told_beside(draft: ParsedTable, position: int, at: int, name: Name, found: Found) -> bool:
    """Whether an id, or another name, in the same row tells which of those who bear this name is meant."""
    columns, field = draft.header.columns, column_field(draft.header.columns[position])
    others = (
        _name(draft, other, at) for other in columns if other != position and column_field(columns[other]) == field
    )
    told = (found[other].exact for other in others if other is not None)
    ids = (draft.values[field][at], *(int(some[0].id) for some in told if len(some) == 1))
    return any(_bears(value, name, found) for value in ids)


def _where(draft: ParsedTable, position: int, names: Collection[Name]) -> Iterator[tuple[int, Name]]:
    """Where in the draft's rows these names stand in a column: few among half a million, so that texts come first."""
    texts = {text for _, text in names}
    for at, text in enumerate(draft.names[position]):
        if text in texts and (name := _name(draft, position, at)) in names and name is not None:
            yield at, name


def _typed(draft: ParsedTable, row: int, position: int, name: Name) -> str:
    """A name as typed, with what stands before it where another column tells that: `Language > French`."""
    text = trim(draft.table.text(row, position))
    if fold(text) == name[1]:
        return text
    hints = [at for at, each in draft.header.columns.items() if isinstance(each, Field) and each.kind is Kind.HINT]
    return " > ".join((*(trim(draft.table.text(row, at)) for at in hints), text))


def needs_account(draft: ParsedTable) -> bool:
    """Whether some row tells a field by name alone, so that only an account can say which id it is."""
    for position, column in draft.header.columns.items():
        if isinstance(column, NameColumn):
            values = draft.values[column.field]
            if any(name and value is None for name, value in zip(draft.names[position], values, strict=True)):
                return True
    return False


def ids_by_name(draft: ParsedTable, found: Found) -> tuple[dict[str, list[int | str | None]], list[Problem]]:
    """The values of fields that are told by name, and a problem for each name that is nobody's or not one's alone.

    Where a row gives an id and a name, or two names, they must agree.
    """
    values: dict[str, list[int | str | None]] = {}
    problems: list[Problem] = []
    columns = [(at, column) for at, column in draft.header.columns.items() if isinstance(column, NameColumn)]
    # An e-mail address or external id beside a name that several have says who is meant, wherever it stands.
    for position, column in sorted(columns, key=lambda pair: pair[1].directory is Directory.PEOPLE):
        known = values.get(column.field, draft.values[column.field])
        values[column.field], faults = _merge(draft, position, known, found)
        problems.extend(faults)
    return values, problems


def _merge(
    draft: ParsedTable, position: int, known: Sequence[int | str | None], found: Found
) -> tuple[list[int | str | None], list[Problem]]:
    merged: list[int | str | None] = []
    problems: list[Problem] = []
    # A matrix names few people and skills in very many cells: most are settled by one look.
    sure = {name: int(each.exact[0].id) for name, each in found.items() if len(each.exact) == 1 and each.wrong is None}
    for row, name, value in zip(draft.rows, _names(draft, position), known, strict=True):
        known_id = None if name is None else sure.get(name)
        if known_id is not None and value in (None, known_id):
            merged.append(known_id)
            continue
        answer = value if name is None or _bears(value, name, found) else _answer(draft, row, position, name, found)
        if isinstance(answer, CellError):
            problems.append(draft.problem(row, position, answer))
            answer = value
        elif value is not None and answer != value:
            problems.append(draft.problem(row, position, _disagreement(draft, row, position, answer, value)))
        merged.append(answer)
    return merged, problems


def _bears(value: int | str | None, name: Name, found: Found) -> bool:
    """Whether this id bears this name, be it alone or with namesakes: the id beside it then says who is meant."""
    answer = found.get(name, Answer())
    return value is not None and any(int(each.id) == value for each in (*answer.exact, *answer.bearers))


def _answer(draft: ParsedTable, row: int, position: int, name: Name, found: Found) -> int | CellError:
    answer = found.get(name, Answer())
    candidates = answer.exact
    if answer.wrong is not None:
        return answer.wrong
    if len(candidates) == 1:
        return int(candidates[0].id)
    text = draft.table.text(row, position)
    thing, called = _KINDS[name[0]]
    if not candidates:
        near = [each.label for each in answer.near]
        return about_names.not_found(thing, called, text, near, _field(draft, position), answer.choose_in)
    labels = [each.label for each in candidates]
    instead = _INSTEAD.get(name[0], f"Enter the {_field(draft, position)} instead.")
    choose = ChooseName(answer.choose_in, thing) if answer.choose_in else None
    return about_names.ambiguous(text, _SEVERAL.get(thing, f"{thing}s"), labels, instead, choose)


def _disagreement(draft: ParsedTable, row: int, position: int, answer: int | str | None, value: int | str) -> CellError:
    text = draft.table.text(row, position)
    return about_names.disagree(text, answer, value)


def _field(draft: ParsedTable, position: int) -> str:
    column = draft.header.columns[position]
    return column.field if isinstance(column, NameColumn) else column.name


def _names(draft: ParsedTable, position: int) -> Iterator[Name | None]:
    """For each row the name in this column and where to look it up; None where the cell is blank."""
    column = draft.header.columns[position]
    if not isinstance(column, NameColumn):
        return
    texts = draft.names[position]
    if column.directory is not Directory.MEMBERS:
        yield from ((column.directory, text) if text else None for text in texts)
        return
    yield from (_member(text, kind) for text, kind in zip(texts, draft.values["member_type"], strict=True))


def _member(text: str, kind: int | str | None) -> Name | None:
    directory = Directory.PROJECTS if kind == "Workspace" else Directory.EMAILS
    return (directory, text) if text and kind else None


def _name(draft: ParsedTable, position: int, at: int) -> Name | None:
    """As `_names`, of one row alone."""
    column = draft.header.columns[position]
    text = draft.names[position][at] if isinstance(column, NameColumn) else ""
    if not text or not isinstance(column, NameColumn):
        return None
    if column.directory is Directory.MEMBERS:
        return _member(text, draft.values["member_type"][at])
    return (column.directory, text)
