"""Ids in a table that the account does not have. Knows the checked table, and asks nobody."""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from importer.endpoints.declare import Directory, Endpoint, Field, Name, NameAnswers
from importer.endpoints.header import column_field
from importer.messages import about_names
from importer.model import CellRef, Problem
from importer.validation.names import thing_in
from importer.validation.parsed_table import problem_at
from importer.validation.schema import CheckedTable

if TYPE_CHECKING:
    import pandas as pd

_PEOPLE = frozenset({Directory.EMAILS, Directory.EXTERNAL_IDS, Directory.PEOPLE})


def ids_to_look_up(checked: CheckedTable, found: NameAnswers) -> frozenset[Name]:
    """Every id that the table gives and that no name of it has led to, and where the account has such ids."""
    named = {candidate.id for answer in found.values() for candidate in (*answer.exact, *answer.bearers)}
    ids = ((directory, str(id_)) for _, directory, values in _ids(checked) for id_ in values.unique())
    return frozenset(name for name in ids if name[1] not in named)


def unknown_ids(checked: CheckedTable, absent: Collection[Name]) -> Mapping[CellRef, list[Problem]]:
    """A problem for each id of each record that the account does not have."""
    problems: dict[CellRef, list[Problem]] = {}
    for column, directory, values in _ids(checked) if absent else ():
        missing = {int(id_) for where, id_ in absent if where is directory}
        for at, id_ in values[values.isin(missing)].items():
            ref = CellRef(int(str(at)))
            error = about_names.id_not_in_account(thing_in(directory), str(id_))
            problems.setdefault(ref, []).append(problem_at(checked.table, ref, column, error))
    return problems


def _ids(checked: CheckedTable) -> "Iterator[tuple[str, Directory, pd.Series[Any]]]":
    """Each column of ids that the sheet has: its name, where its ids are looked up, and its ids without blanks."""
    for name, column in checked.table.used.items():
        directory = _directory_of(checked.table.endpoint, column) if isinstance(column, Field) else None
        if directory is None:
            continue
        values = checked.values[column_field(column)]
        values = values[values.gt(0).fillna(value=False)]  # what is no id at all has a problem already
        if directory is not Directory.MEMBERS:
            yield name, directory, values
            continue
        kinds = checked.values["member_type"]
        is_project = kinds.eq("Workspace").fillna(value=False).astype(bool)
        is_person = kinds.notna() & ~is_project
        yield name, Directory.PEOPLE, values[is_person.loc[values.index]]
        yield name, Directory.PROJECTS, values[is_project.loc[values.index]]


def _directory_of(endpoint: Endpoint, field: Field) -> Directory | None:
    """Where the ids of a field are looked up; None for a field that is no id."""
    directory = next((column.directory for column in endpoint.name_columns if column.field == field.name), None)
    return Directory.PEOPLE if directory in _PEOPLE else directory
