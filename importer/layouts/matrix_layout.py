"""Matrices: people down, skills or groups across, a level or a tick in each cell. Knows what the finder found."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import ClassVar

from importer import endpoints
from importer.endpoints.declare import Field
from importer.errors import Ambiguous
from importer.layouts import field_words
from importer.layouts.extract import MatrixCells
from importer.layouts.matrix_finder import Matrix, MatrixOptions, find_matrix
from importer.layouts.matrix_table import MatrixOfSheet, matrix_table
from importer.layouts.people_columns import is_people_heading
from importer.layouts.proposal import (
    GROUPS,
    MATRIX_NAME,
    MATRIX_OF,
    Basis,
    Evidence,
    Layout,
    Proposal,
    SheetReading,
    SheetToRead,
)
from importer.layouts.told_columns import told_person
from importer.spreadsheet.read.book import Book
from importer.table import Arrangement, Sheet, Table
from importer.text import fold_header, quote
from importer.validation.level import Level


@dataclass(frozen=True, slots=True)
class PlainMatrix:
    """The matrix of a sheet, the endpoint that it is of, and what speaks for it."""

    matrix: Matrix
    endpoint: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class OpenMatrix:
    """What a person must say before a sheet can be read as a matrix; little speaks for it as long as it is open."""

    question: Ambiguous
    evidence: ClassVar[Evidence] = Evidence(shape=1)


def _propose(here: SheetToRead) -> Proposal[MatrixOfSheet] | None:
    plain = here.once(find_plain_matrix)
    if plain is None:
        return None
    example = _example(here, plain.matrix) if isinstance(plain, PlainMatrix) else ""
    return Proposal(plain.evidence, partial(_read, here, plain), example)


def find_plain_matrix(here: SheetToRead) -> PlainMatrix | OpenMatrix | None:
    """The matrix with people down, as far as it is clear where it stands; None if there is none.

    Raises: Unreadable where a column that was named is not there.
    """
    try:
        return _find_plain_matrix(here)
    except Ambiguous as question:
        return OpenMatrix(question)


def _find_plain_matrix(here: SheetToRead) -> PlainMatrix | None:
    """Of groups, where the account knows its headings as such or it has but ticks; else of skills."""
    of_skills = _matrix_of(here, MATRIX_OF) if here.meant in (None, MATRIX_NAME, MATRIX_OF) else None
    may_be_groups = here.meant in (None, GROUPS) and (of_skills is None or _are_groups(here, of_skills))
    of_groups = _matrix_of(here, GROUPS) if may_be_groups else None
    matrix, name = (of_skills, MATRIX_OF) if of_groups is None else (of_groups, GROUPS)
    if matrix is None:
        return None
    is_headed = _is_told(here) or _is_headed(here, matrix)
    return PlainMatrix(matrix, name, Evidence(int(is_headed), 0 if is_headed else _known(here, matrix), shape=1))


def _matrix_of(here: SheetToRead, name: str) -> Matrix | None:
    """The matrix of skills or of groups; None where it may as well be something else."""
    person = here.asked.matrix.people_column or told_person(here.asked.columns)
    told = replace(here.asked.matrix, people_column=person)
    matrix = find_matrix(here.view, endpoints.load(name), told, here.names)
    if matrix is None:
        return None
    if len(matrix.skills) == 1 and here.names.is_there and not _is_known(here, matrix):
        return None  # one column of small numbers may be anything
    is_likely = name == MATRIX_OF or _are_groups(here, matrix) or _are_ticks(here, matrix)
    return matrix if is_likely else None


def _are_groups(here: SheetToRead, matrix: Matrix) -> bool:
    """Whether the account knows headings as groups, and none as a skill."""
    headings = frozenset(matrix.skills.values())
    return not here.names.skills(headings) and bool(here.names.groups(headings))


def _is_known(here: SheetToRead, matrix: Matrix) -> bool:
    """Whether the account knows a heading of a matrix, or a person says that it is one."""
    headings = frozenset(matrix.skills.values())
    is_told = here.meant is not None or _is_told(here)
    return is_told or bool(here.names.skills(headings) or here.names.groups(headings))


def _is_told(here: SheetToRead) -> bool:
    """Whether a person says where something of a matrix stands."""
    return here.asked.matrix != MatrixOptions()


def _are_ticks(here: SheetToRead, matrix: Matrix) -> bool:
    """Whether the cells of a matrix say only who is in a group and who is not."""
    columns = here.grid.columns
    texts = {text for column in matrix.skills for row in matrix.rows if (text := columns[column][row - 1].strip())}
    read = [here.scale.read(text) for text in texts]
    return bool(read) and all(isinstance(each, Level) and (each.is_tick or each.is_not_held) for each in read)


def _is_headed(here: SheetToRead, matrix: Matrix) -> bool:
    """Whether a heading says that the people stand below it."""
    headings = [here.grid.columns[column][matrix.header_row - 1] for column in matrix.people]
    are_names = any(is_people_heading(each) or fold_header(each) in field_words.FIRST_NAMES for each in headings)
    return are_names or any(isinstance(each, Field) for each in matrix.people.values())


def _known(here: SheetToRead, matrix: Matrix) -> int:
    """How many people and things of a matrix the account knows."""
    headings = frozenset(matrix.skills.values())
    people = frozenset(here.grid.columns[column][row - 1] for column in matrix.people for row in matrix.rows)
    things = here.names.skills(headings) or here.names.groups(headings)
    return len(here.names.people(people - {""})) + len(things)


def _example(here: SheetToRead, matrix: Matrix) -> str:
    people = here.grid.columns[next(iter(matrix.people))]
    return example_of(here.grid, matrix.rows, matrix.skills, lambda row, at: (people[row - 1], matrix.skills[at]))


def example_of(
    grid: Sheet, rows: Iterable[int], columns: Iterable[int], who_and_what: Callable[[int, int], tuple[str, str]]
) -> str:
    """The first filled cell of a matrix as it is read, for a person; empty where none is filled."""
    for row, at in product(rows, columns):
        if text := grid.columns[at][row - 1].strip():
            person, thing = who_and_what(row, at)
            return f"{quote(person)} has {quote(thing)} {text}"
    return ""


def _read(here: SheetToRead, plain: PlainMatrix | OpenMatrix) -> SheetReading[MatrixOfSheet]:
    """Raises: Ambiguous where it is not clear where the matrix stands."""
    if isinstance(plain, OpenMatrix):
        raise plain.question
    matrix = plain.matrix
    cells = MatrixCells(
        header_row=matrix.header_row,
        category_row=matrix.category_row,
        beside={column: at for at, column in matrix.people.items()},
        headings=matrix.skills,
        categories=matrix.categories,
        rows=matrix.rows,
        names=matrix.names,
    )
    content = MatrixOfSheet(cells, matrix.who, tuple(dict.fromkeys(matrix.skills.values())))
    endpoint = endpoints.load(plain.endpoint)
    return SheetReading(here.name, endpoint, LAYOUT.name, content, matrix.taken, levels_at=tuple(matrix.skills))


def _table(book: Book, found: Sequence[SheetReading[MatrixOfSheet]]) -> Table:
    return matrix_table(book, found, Arrangement.CELLS)


LAYOUT = Layout(
    "matrix",
    "a matrix: people below each other, {things} side by side",
    "Name, Python, COBOL, SQL",
    Basis.SHAPE,
    _propose,
    _table,
)
