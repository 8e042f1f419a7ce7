"""What an account holds, as DataFrames: the lists, and the skill matrix. Sends no write, and writes no file."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from importer.export.filters import ExportFilters
from importer.export.list_export import read_list
from importer.export.matrix_export import MATRIX, read_matrix
from importer.kantata.connection import Access
from importer.spreadsheet.write.record_rows import Cell, Kind

_TYPES = {Kind.TEXT: "string", Kind.ID: "Int64", Kind.NUMBER: "Int64", Kind.FLAG: "boolean"}


def export_frame(what: str, access: Access, asked: ExportFilters) -> pd.DataFrame:
    """A list, or the `skill-matrix`, that can be changed and loaded again.

    Shapes: of a list, one row a record; ids and numbers are Int64, times have their zone (UTC), flags are boolean. Of
    the matrix, one row a person and, after who they are, one Int64 column a skill, with missing values where they have
    it not.
    Raises: Usage for what is no list, or a filter that names nothing; Denied, Unreachable.
    """
    return _matrix(access, asked) if what == MATRIX else _list(what, access, asked)


def _list(what: str, access: Access, asked: ExportFilters) -> pd.DataFrame:
    with read_list(what, access, asked) as listed:
        columns = listed.records.columns
        values: list[list[Cell]] = [[] for _ in columns]
        for rows in listed.records.chunks():
            for column, cells in zip(values, zip(*rows, strict=True), strict=True):
                column.extend(cells)
    return pd.DataFrame(
        {column.header: _array(column.kind, cells) for column, cells in zip(columns, values, strict=True)}
    )


def _array(kind: Kind, cells: Sequence[Cell]) -> pd.Series:
    values: list[Any] = [None if cell is None else int(cell) for cell in cells] if kind is Kind.ID else list(cells)
    if kind is Kind.TIME:
        return pd.Series(pd.to_datetime(pd.Series(values, dtype="string"), utc=True, format="ISO8601"))
    return pd.Series(values, dtype=_TYPES[kind])


def _matrix(access: Access, asked: ExportFilters) -> pd.DataFrame:
    made, _ = read_matrix(access, asked)
    fields = {"user_id": "id", "user": "name", "email": "email", "title": "title"}
    people = {header: [getattr(each, name) for each in made.people] for header, name in fields.items()}
    who = pd.DataFrame(people, dtype="string").astype({"user_id": "Int64"})
    levels = {
        skill.heading: _array(Kind.NUMBER, [made.levels.get(each.id, {}).get(skill.id) for each in made.people])
        for skill in made.skills
    }
    return pd.concat([who, pd.DataFrame(levels)], axis="columns")
