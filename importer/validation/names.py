"""Names to ids: which names a draft asks for, and what their answers mean for its rows. Knows no account.

Only one exact match is an id. No match, or several, is a problem that lists what there is.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from importer.endpoints.declare import Answer, Candidate, Directory, Kind, Name, NameAnswers, NameColumn
from importer.endpoints.header import column_field
from importer.messages import about_names
from importer.model import CellRef, Problem
from importer.planned_ids import is_planned
from importer.remedies import ChooseName
from importer.text import fold, trim
from importer.validation.cell import CellError
from importer.validation.parsed_table import ParsedTable, problem_at

if TYPE_CHECKING:
    import numpy.typing as npt

    from importer.table import Location

    Flags = npt.NDArray[np.bool_]

_ADDRESS = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+")
"""An e-mail address in a column of names: other names have an @, too."""
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
_NAMED_BY_ID = frozenset({Directory.SKILLS, Directory.GROUPS})
"""What a heading may name by its id, too."""
_SEVERAL = {"person": "people", "geography": "geographies"}
_INSTEAD = {
    Directory.PEOPLE: "Enter the e-mail address or the user_id instead.",
    Directory.GEOGRAPHIES: "Enter the path (Americas > United States) or the geography_id instead.",
    Directory.DEPARTMENTS: "Enter the path (Delivery > Data) or the department_id instead.",
}


def thing_in(directory: Directory) -> str:
    """What has the names of a directory, for a person: `skill`."""
    return _KINDS[directory][0]


@dataclass(frozen=True, slots=True)
class _Lookup:
    """The names of one column that are looked up in one directory: for each record the number of its text, the texts by
    number, and which records these are. A blank is no name.
    """

    directory: Directory
    codes: Any
    texts: tuple[str, ...]
    rows: "Flags"

    def names(self) -> frozenset[Name]:
        """Each name once."""
        return frozenset((self.directory, self.texts[code]) for code in np.unique(self.codes[self.rows]).tolist())

    def where(self, is_so: Callable[[Name], bool]) -> "Flags":
        """For each record whether this is true of its name."""
        flags: Flags = np.array([is_so((self.directory, text)) for text in self.texts], dtype=bool)[self.codes]
        return flags


def _lookups(parsed: ParsedTable, name: str) -> Iterator[_Lookup]:
    """Where the names of a column are looked up: those of members by what each is, e-mail addresses among people's
    names as what they are.
    """
    column = parsed.table.used[name]
    if not isinstance(column, NameColumn):
        return
    texts = parsed.names[name].array
    codes, known = texts.codes, tuple(texts.categories.to_list())
    filled = np.array([bool(text) for text in known], dtype=bool)[codes]
    if column.directory is Directory.PEOPLE:
        is_address = np.array([_ADDRESS.fullmatch(text) is not None for text in known], dtype=bool)[codes]
        yield _Lookup(Directory.EMAILS, codes, known, filled & is_address)
        yield _Lookup(Directory.PEOPLE, codes, known, filled & ~is_address)
        return
    if column.directory is not Directory.MEMBERS:
        yield _Lookup(column.directory, codes, known, filled)
        return
    kinds = parsed.values["member_type"]
    is_project = (kinds == "Workspace").to_numpy(dtype=bool, na_value=False)
    is_person = kinds.notna().to_numpy() & ~is_project
    yield _Lookup(Directory.EMAILS, codes, known, filled & is_person)
    yield _Lookup(Directory.PROJECTS, codes, known, filled & is_project)


def _columns(parsed: ParsedTable) -> list[str]:
    """The columns of names."""
    return [str(name) for name in parsed.names.columns]


def names_needed(parsed: ParsedTable) -> frozenset[Name]:
    """Every name that the table's records ask for, folded, each once."""
    return frozenset(name for each in _columns(parsed) for lookup in _lookups(parsed, each) for name in lookup.names())


@dataclass(frozen=True, slots=True)
class NameOccurrences:
    """How a sheet says a name: as typed where it stands first, and in how many cells."""

    text: str
    cells: int

    @property
    def in_cells(self) -> str:
        """The number of cells, for a person."""
        return "1 cell" if self.cells == 1 else f"{self.cells:,} cells"


def name_occurrences(parsed: ParsedTable, names: Collection[Name], found: NameAnswers) -> dict[Name, NameOccurrences]:
    """How the table says each of these names, in the order in which they stand in its columns; without the records that
    say beside it whom the name means.
    """
    first: dict[Name, str] = {}
    locations: dict[Name, set[Location]] = {}
    refs = parsed.refs if names else []
    for column in _columns(parsed) if names else ():
        ids = parsed.values[column_field(parsed.table.used[column])].array
        for lookup in _lookups(parsed, column):
            wanted = np.array([(lookup.directory, text) in names for text in lookup.texts], dtype=bool)
            for at in np.flatnonzero(lookup.rows & wanted[lookup.codes]).tolist():
                name = (lookup.directory, lookup.texts[lookup.codes[at]])
                if _is_told_beside(parsed, (column, at), name, found, ids[at]):
                    continue
                locations.setdefault(name, set()).add(parsed.table.location(refs[at], column))
                if name not in first:
                    first[name] = _typed(parsed, refs[at], column, name)
    return {name: NameOccurrences(text, len(locations[name])) for name, text in first.items()}


def _is_told_beside(parsed: ParsedTable, place: tuple[str, int], name: Name, found: NameAnswers, id_: Any) -> bool:
    """Whether an id, or another name, in the same record tells which of those who bear this name is meant.

    `place` is the column, and which record it is; `id_` is the record's own, or a missing value.
    """
    column, at = place
    if _spelled(parsed, CellRef(parsed.values.index[at]), column, found.get(name, Answer()).exact) is not None:
        return True
    field = column_field(parsed.table.used[column])
    others = (each for each, _ in parsed.table.telling(field) if each != column and each in parsed.names)
    names = [other for each in others if (other := _name(parsed, each, at)) is not None]
    if _is_nobodys(name, found) and any(_is_exact_email(other, found) for other in names):
        return True
    told = (found[other].exact for other in names)
    ids = (None if pd.isna(id_) else int(id_), *(int(some[0].id) for some in told if len(some) == 1))
    return any(_bears(each, name, found) for each in ids)


def _is_exact_email(name: Name, found: NameAnswers) -> bool:
    return name[0] is Directory.EMAILS and _id_of(found.get(name, Answer())) is not None


def _is_nobodys(name: Name, found: NameAnswers) -> bool:
    """Whether this is a person's name that nobody in the account has, and for which nothing was chosen."""
    answer = found.get(name, Answer())
    return name[0] is Directory.PEOPLE and not answer.exact and answer.wrong is None


def _name(parsed: ParsedTable, column: str, at: int) -> Name | None:
    """The name in this column of one record, and where it is looked up; None where the cell is blank."""
    for lookup in _lookups(parsed, column):
        if lookup.rows[at]:
            return (lookup.directory, lookup.texts[lookup.codes[at]])
    return None


def _typed(parsed: ParsedTable, ref: CellRef, column: str, name: Name) -> str:
    """A name as typed, with what stands before it where another column tells that: `Language > French`."""
    text = trim(parsed.table.whole_text(ref, column))
    if name[0] is Directory.PEOPLE:
        return text
    hint = parsed.table.of_kind(Kind.HINT)
    if name[0] is Directory.EMAILS and fold(text) != name[1]:
        return name[1]
    if fold(text) == name[1] or hint is None:
        return text
    return f"{trim(parsed.table.text(ref, hint))} > {text}"


def needs_account(parsed: ParsedTable) -> bool:
    """Whether some record tells a field by name alone, so that only an account can say which id it is."""
    return any(
        bool((lookup.where(_is_no_id) & lookup.rows & parsed.values[column.field].isna().to_numpy()).any())
        for name, column in parsed.table.name_columns()
        for lookup in _lookups(parsed, name)
    )


def own_ids(parsed: ParsedTable) -> NameAnswers | None:
    """What the names mean where each is an id, as over the columns of a matrix; None where one is not."""
    names = names_needed(parsed)
    if any(map(_is_no_id, names)):
        return None
    return {name: Answer((Candidate(name[1], f"id {name[1]}"),)) for name in names}


def _is_no_id(name: Name) -> bool:
    directory, text = name
    return not (directory in _NAMED_BY_ID and text.isdecimal())


@dataclass(frozen=True, slots=True)
class IdsByName:
    """The values of fields that are told by name, a problem for each name that is nobody's or not one's alone, and what
    is said of names that an e-mail address beside them made up for.
    """

    values: "dict[str, pd.Series[Any]]"
    problems: list[Problem]
    notes: tuple[str, ...]


def ids_by_name(parsed: ParsedTable, found: NameAnswers) -> IdsByName:
    """The ids that the names of a table mean.

    Where a record gives an id and a name, or two names, they must agree. An e-mail address decides: a name beside it
    that nobody has is no problem.
    """
    values: dict[str, pd.Series[Any]] = {}
    problems: list[Problem] = []
    outvoted: dict[str, None] = {}
    by_email = np.zeros(len(parsed.values), dtype=bool)
    columns = list(parsed.table.name_columns())
    # An e-mail address or external id beside a name that several have says who is meant, wherever it stands.
    for name, column in sorted(columns, key=lambda pair: pair[1].directory is Directory.PEOPLE):
        known = values.get(column.field, parsed.values[column.field])
        for lookup in _lookups(parsed, name):
            is_outvoted = lookup.rows & by_email & lookup.where(lambda each: _is_nobodys(each, found))
            outvoted |= dict.fromkeys(parsed.table.whole_text(ref, name) for ref in parsed.refs_at(is_outvoted))
            rest = replace(lookup, rows=lookup.rows & ~is_outvoted)
            known, wrong = _merge(parsed, name, rest, known, found)
            problems.extend(wrong)
            by_email |= lookup.rows & lookup.where(lambda each: _is_exact_email(each, found))
        values[column.field] = known
    notes = (about_names.names_beside_email(list(outvoted)),) if outvoted else ()
    return IdsByName(values, problems, notes)


def _merge(
    parsed: ParsedTable, column: str, lookup: _Lookup, known: "pd.Series[Any]", found: NameAnswers
) -> "tuple[pd.Series[Any], list[Problem]]":
    """The ids, with those that the names of this column tell, and the problems of names that tell none."""
    ids = [_id_of(found.get((lookup.directory, text), Answer())) for text in lookup.texts]
    told = np.array([id_ or 0 for id_ in ids], dtype=np.int64)[lookup.codes]
    absent = known.isna().to_numpy()
    values = known.to_numpy(dtype=np.int64, na_value=0, copy=True)
    # Few people and skills stand in very many cells: most are settled at once.
    is_sure = lookup.rows & (told > 0) & (absent | (values == told))
    values[is_sure] = told[is_sure]
    absent = absent & ~is_sure
    problems: list[Problem] = []
    refs = known.index.to_numpy()
    for at in np.flatnonzero(lookup.rows & ~is_sure).tolist():
        ref, name = CellRef(refs[at]), (lookup.directory, lookup.texts[lookup.codes[at]])
        value = None if absent[at] else int(values[at])
        answer = value if _bears(value, name, found) else _answer(parsed, ref, column, name, found)
        if isinstance(answer, CellError):
            problems.append(problem_at(parsed.table, ref, column, answer))
        elif value is not None and answer != value:
            problems.append(problem_at(parsed.table, ref, column, _disagreement(parsed, ref, column, answer, value)))
            values[at] = answer or 0
        elif answer is not None:
            values[at], absent[at] = answer, False
    return pd.Series(pd.arrays.IntegerArray(values, absent), index=known.index), problems


def _id_of(answer: Answer) -> int | None:
    return int(answer.exact[0].id) if len(answer.exact) == 1 and answer.wrong is None else None


def _bears(value: int | str | None, name: Name, found: NameAnswers) -> bool:
    """Whether this id bears this name, be it alone or with namesakes: the id beside it then says who is meant."""
    answer = found.get(name, Answer())
    return value is not None and any(int(each.id) == value for each in (*answer.exact, *answer.bearers))


def _answer(parsed: ParsedTable, ref: CellRef, column: str, name: Name, found: NameAnswers) -> int | CellError:
    answer = found.get(name, Answer())
    candidates = answer.exact
    thing, called = _KINDS[name[0]]
    why_not = answer.wrong or answer.not_made
    if why_not is not None:
        or_choose = (ChooseName(answer.choose_in, thing),) if answer.not_made and answer.choose_in else ()
        return replace(why_not, remedies=(*why_not.remedies, *or_choose))
    one = candidates[0] if len(candidates) == 1 else _spelled(parsed, ref, column, candidates)
    if one is not None:
        return int(one.id)
    text = parsed.table.whole_text(ref, column)
    if not candidates:
        near = [each.label for each in answer.near]
        field = _field(parsed, column)
        if answer.may_be_hidden:
            return about_names.not_visible(thing, called, text, near, field, answer.choose_in)
        return about_names.not_found(thing, called, text, near, field, answer.choose_in)
    labels = [each.label for each in candidates]
    instead = _INSTEAD.get(name[0], f"Enter the {_field(parsed, column)} instead.")
    choose = ChooseName(answer.choose_in, thing) if answer.choose_in else None
    return about_names.ambiguous(text, _SEVERAL.get(thing, f"{thing}s"), labels, instead, choose)


def _spelled(parsed: ParsedTable, ref: CellRef, column: str, candidates: Sequence[Candidate]) -> Candidate | None:
    """The one of several that is spelled as the cell says, to the letter: "SCRUM", where there is a "Scrum" as well.

    A person's own spelling tells no such thing. It does where an id of another account stands beside the name: that
    account has both, too.
    """
    table, field = parsed.table, column_field(parsed.table.used[column])
    id_column = next((name for name, told in table.telling(field) if not isinstance(told, NameColumn)), None)
    if len(candidates) < 2 or id_column is None or not table.text(ref, id_column).strip():
        return None
    text = table.text(ref, column)
    exact = [each for each in candidates if each.name == text]
    return exact[0] if len(exact) == 1 else None


def _disagreement(
    parsed: ParsedTable, ref: CellRef, column: str, answer: int | str | None, value: int | str
) -> CellError:
    text = parsed.table.whole_text(ref, column)
    return about_names.disagree(text, None if is_planned(answer) else answer, value)


def _field(parsed: ParsedTable, name: str) -> str:
    column = parsed.table.used[name]
    return column.field if isinstance(column, NameColumn) else column.name
