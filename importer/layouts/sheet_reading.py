"""How one sheet is read: each layout proposes a reading, and the one that explains the sheet best is taken.

Knows the layouts, and what the account calls its people and things; reads no file.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from importer import endpoints
from importer.endpoints.declare import Endpoint, Field
from importer.endpoints.header import Header
from importer.errors import Ambiguous, Choice, Unreadable
from importer.layouts import field_words
from importer.layouts.account_names import AccountNames
from importer.layouts.accounting import Taken
from importer.layouts.entries import Entries, split_cells
from importer.layouts.fill_down import are_meant, fill_blanks, fill_merged, find_blanks
from importer.layouts.header_meanings import explain_missing, header_search_depth
from importer.layouts.legend import Legend
from importer.layouts.list_columns import ListOptions, find_list
from importer.layouts.matrix_finder import Matrix, MatrixOptions, find_matrix
from importer.layouts.paired_columns_layout import find_pairs
from importer.layouts.people_columns import is_people_heading
from importer.layouts.read_options import ReadOptions
from importer.layouts.row_classifier import list_lines
from importer.layouts.sheet_features import SheetFeatures
from importer.layouts.sheet_per_person_layout import Subject, find_subject
from importer.layouts.told_columns import NONE, told_person
from importer.layouts.transposed_layout import Transposed, find_transposed, transposed_by_shape, turn
from importer.messages import about_sheets
from importer.table import Layout, Oddity, Sheet
from importer.text import fold_header, quote
from importer.validation.level import Level, LevelScale

MATRIX_NAME = "skill-matrix"
MATRIX_OF = "skill-memberships"
"""A matrix has a name of its own, and is one way to write down these."""
GROUPS = "user-group-memberships"
_CELLS = frozenset({MATRIX_OF, GROUPS})
"""What may stand in several columns of a row, or several times in a cell."""
_FEW_DATES = 2
_LOOKED_AT, _COLUMNS = 200, 12
"""Rows and columns in which people are looked for where a sheet has no table."""


@dataclass(frozen=True, slots=True)
class SheetReading:
    """The table of one sheet: below a header, or a matrix; and what of the sheet that takes."""

    sheet: str | None
    endpoint: Endpoint
    taken: Taken
    header: Header | None = None
    matrix: Matrix | None = None
    transposed: Transposed | None = None
    entries: Entries | None = None
    subject: Subject | None = None
    """What a list below its header does not say in its rows."""
    filled: Sheet | None = None
    """The sheet of a list, with the names that stand once for several rows in each of them."""
    legend: Legend | None = None
    """What the sheet says of what levels mean."""

    @property
    def layout(self) -> Layout:
        """How the sheet says what it says."""
        if self.entries is not None:
            return self.entries.layout
        if self.header is not None:
            return Layout.LIST if self.subject is None else Layout.SHEET_PER_PERSON
        return Layout.TRANSPOSED if self.transposed is not None else Layout.MATRIX

    def with_legend(self, grid: Sheet, legend: Legend | None) -> "SheetReading":
        """The same of this sheet, in which a legend says what levels mean."""
        return replace(self, legend=legend, taken=self.taken.with_legend(grid, legend.cells)) if legend else self


def sheet_names(found: Sequence[SheetReading]) -> str | None:
    """The names of the sheets that were read, where the file has such."""
    return ", ".join(each.sheet for each in found if each.sheet is not None) or None


@dataclass(frozen=True)
class SheetToRead:
    """A sheet with all that is known of it: its name and texts, the endpoint that a person or the file names, what else
    the person says, the words for levels, and the names of the account.
    """

    name: str | None
    grid: Sheet
    meant: str | None
    asked: ReadOptions
    scale: LevelScale
    names: AccountNames
    is_only: bool = True
    """Whether no other sheet may have the table."""
    is_ours: bool = False
    """Whether we wrote the sheet, so that nothing is asked."""

    @cached_property
    def view(self) -> SheetFeatures:
        """The sheet as a person looks at it."""
        return SheetFeatures(self.grid, self.scale)

    def allows(self, layout: Layout) -> bool:
        """Whether the person leaves this layout open."""
        return self.asked.layout in (None, layout)


def read_sheet(here: SheetToRead) -> SheetReading | Unreadable:
    """The table of a sheet; or why it has none.

    Raises: Unreadable, Ambiguous.
    """
    return _pairs(here) or _list(here) or _of_one(here) or _cells(here) or _why_none(here)


def _list(here: SheetToRead) -> SheetReading | None:
    """The list below a header that names its fields."""
    if here.meant == MATRIX_NAME or not (here.allows(Layout.LIST) or here.allows(Layout.SEVERAL_IN_A_CELL)):
        return None
    asked = here.asked
    options = ListOptions(
        asked.matrix.header_row,
        asked.columns,
        here.scale,
        here.names,
        is_only=here.is_only,
        are_levels_told=asked.scale is not None,
        is_ours=here.is_ours,
        is_person_told=asked.person is not None,
    )
    header = find_list(here.grid, _choices(here), options)
    if header is None:
        return None
    filled = _filled(here, header)
    taken = _taken_of_list(here, filled, header)
    if here.allows(Layout.SEVERAL_IN_A_CELL):
        known = here.names.skills if header.endpoint.name == MATRIX_OF else here.names.groups
        entries = split_cells(filled, header, taken.rows, known) if header.endpoint.name in _CELLS else None
        if entries is not None:
            entries = replace(entries, rows_left=taken.rows_left)
            return SheetReading(here.name, header.endpoint, entries.taken(), entries=entries)
    return SheetReading(here.name, header.endpoint, taken, header, filled=filled)


def _filled(here: SheetToRead, header: Header) -> Sheet:
    """The sheet of a list, with the names that stand once for several rows in each of them.

    Raises: Ambiguous where it may be that names above blank cells are meant for them, too.
    """
    grid = fill_merged(here.grid, header)
    if header.endpoint.name not in _CELLS:
        return grid
    rows = _taken_of_list(here, grid, header).rows
    blanks = find_blanks(grid, header, rows)
    if here.asked.fill_down:
        return fill_blanks(grid, blanks)
    if are_meant(blanks, rows):
        first = blanks[0]
        label = f"{quote(first.text)} is meant in row {first.place[0]}, too"
        question = about_sheets.blank_below_name(len({blank.place[0] for blank in blanks}), first.text, first.place[0])
        raise question.asking(Choice(label, "fill_down", ""))
    return grid


def _pairs(here: SheetToRead) -> SheetReading | None:
    """The list with several columns for skills, or for groups.

    Raises: Ambiguous where nothing says whose a level is.
    """
    if here.allows(Layout.PAIRED_COLUMNS):
        has_levels = fold_header(here.asked.columns.get("level", "")) != NONE
        for endpoint in _choices(here):
            if endpoint.name in _CELLS:
                row = here.asked.matrix.header_row
                entries = find_pairs(here.grid, endpoint, here.names, row, has_levels=has_levels)
                if entries is not None:
                    return SheetReading(here.name, endpoint, entries.taken(), entries=entries)
    return None


def _of_one(here: SheetToRead) -> SheetReading | None:
    """The list of one person's skills, or of the holders of one skill.

    Raises: Ambiguous where nothing says whose it is.
    """
    if here.meant not in (None, MATRIX_OF) or not here.allows(Layout.SHEET_PER_PERSON):
        return None
    endpoint = endpoints.load(MATRIX_OF)
    subject = find_subject(here.name, here.grid, endpoint, here.names, (here.asked.person, here.asked.skill))
    if subject is None:
        return None
    taken = _taken_of_list(here, here.grid, subject.header)
    return SheetReading(here.name, endpoint, taken, subject.header, subject=subject)


def _choices(here: SheetToRead) -> Sequence[Endpoint]:
    if here.meant is None or here.meant == MATRIX_NAME:
        return endpoints.load_all()
    return (endpoints.load(here.meant),)


# ---- matrices


def _cells(here: SheetToRead) -> SheetReading | None:
    """The matrix of skills or of groups, with people down or across.

    Raises: Ambiguous where nobody can say which way it is.
    """
    plain = _matrix(here) if here.allows(Layout.MATRIX) else None
    turned = _transposed(here, plain.matrix if plain else None) if here.allows(Layout.TRANSPOSED) else None
    return turned or plain


def _matrix(here: SheetToRead) -> SheetReading | None:
    """The matrix with people down: of groups, where the account knows its headings as such or it has but ticks."""
    of_skills = _matrix_of(here, MATRIX_OF) if here.meant in (None, MATRIX_NAME, MATRIX_OF) else None
    may_be_groups = here.meant in (None, GROUPS) and (of_skills is None or _are_groups(here, of_skills))
    of_groups = _matrix_of(here, GROUPS) if may_be_groups else None
    matrix, name = (of_skills, MATRIX_OF) if of_groups is None else (of_groups, GROUPS)
    return None if matrix is None else SheetReading(here.name, endpoints.load(name), matrix.taken, matrix=matrix)


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
    is_told = here.meant is not None or here.asked.matrix != MatrixOptions()
    return is_told or bool(here.names.skills(headings) or here.names.groups(headings))


def _are_ticks(here: SheetToRead, matrix: Matrix) -> bool:
    """Whether the cells of a matrix say only who is in a group and who is not."""
    columns = here.grid.columns
    texts = {text for column in matrix.skills for row in matrix.rows if (text := columns[column][row - 1].strip())}
    read = [here.scale.read(text) for text in texts]
    return bool(read) and all(isinstance(each, Level) and (each.is_tick or each.is_not_held) for each in read)


def _transposed(here: SheetToRead, plain: Matrix | None) -> SheetReading | None:
    """The transposed matrix of a sheet, where that explains it better than the `plain` one, with people down, does.

    Raises: Ambiguous where both explain it as well, and nobody is known.
    """
    if here.meant not in (None, MATRIX_NAME, MATRIX_OF, GROUPS):
        return None
    told = here.asked.layout == Layout.TRANSPOSED
    if plain is not None and not told and (here.asked.matrix != MatrixOptions() or _is_headed(here, plain)):
        return None
    found = _transposed_by_names(here)
    best = max(found, key=lambda name: found[name].known, default=None)
    known = 0 if plain is None else _known(here, plain)
    if best is not None and (told or found[best].known > known):
        return _turned(here, best, found[best])
    if told or not known:
        header = here.asked.matrix.header_row or (plain.header_row if plain else 1)
        shape = transposed_by_shape(here.view, header) or (turn(here.view, header) if told else None)
        if shape is not None:
            return _turned(here, MATRIX_OF, shape)
    if plain is not None and not known and here.names.is_there:
        raise _which_way(here, plain)
    return None


def _turned(here: SheetToRead, name: str, found: Transposed) -> SheetReading:
    return SheetReading(here.name, endpoints.load(name), found.taken, transposed=found)


def _transposed_by_names(here: SheetToRead) -> dict[str, Transposed]:
    """The transposed matrices of skills and of groups, by the names that the account knows."""
    return {
        name: found
        for name, known in ((MATRIX_OF, here.names.skills), (GROUPS, here.names.groups))
        if here.meant in (None, name) or (here.meant == MATRIX_NAME and name == MATRIX_OF)
        if (found := find_transposed(here.view, here.names, known)) is not None
    }


def _known(here: SheetToRead, matrix: Matrix) -> int:
    """How many people and things of a matrix the account knows."""
    headings = frozenset(matrix.skills.values())
    people = frozenset(here.grid.columns[column][row - 1] for column in matrix.people for row in matrix.rows)
    things = here.names.skills(headings) or here.names.groups(headings)
    return len(here.names.people(people - {""})) + len(things)


def _is_headed(here: SheetToRead, matrix: Matrix) -> bool:
    """Whether a heading says that the people stand below it."""
    headings = [here.grid.columns[column][matrix.header_row - 1] for column in matrix.people]
    are_names = any(is_people_heading(each) or fold_header(each) in field_words.FIRST_NAMES for each in headings)
    return are_names or any(isinstance(each, Field) for each in matrix.people.values())


def _which_way(here: SheetToRead, matrix: Matrix) -> Ambiguous:
    """The question whether people stand below or beside each other, each answer with a line of the sheet."""
    columns = here.grid.columns
    row, column = next((row, at) for row in matrix.rows for at in matrix.skills if columns[at][row - 1].strip())
    down, across = columns[next(iter(matrix.people))][row - 1], matrix.skills[column]
    text = columns[column][row - 1]
    return about_sheets.which_way(down, across).asking(
        Choice(f"{quote(down)} has {quote(across)} {text}", "layout", Layout.MATRIX),
        Choice(f"{quote(across)} has {quote(down)} {text}", "layout", Layout.TRANSPOSED),
    )


# ---- the rest


def _why_none(here: SheetToRead) -> Unreadable:
    """Why a sheet has no table."""
    row = here.asked.matrix.header_row
    rows = here.grid.head(header_search_depth())
    dates = sum(oddity is Oddity.DATE for oddity in here.grid.oddities.values())
    hint = (about_sheets.dates_among_levels(dates),) if dates > _FEW_DATES else ()
    if here.meant == MATRIX_NAME:
        return about_sheets.no_matrix().also(*hint)
    headings = [text for text in next((row for row in rows if any(text.strip() for text in row)), ()) if text.strip()]
    known = _people(here)
    if known and here.meant is None and not here.names.people(frozenset(headings)):
        return about_sheets.people_alone(known, headings)
    return explain_missing(rows if row is None else rows[row - 1 : row], _choices(here), row or 1).also(*hint)


def _people(here: SheetToRead) -> int:
    """How many people of the account stand in one column of a sheet without a table."""
    columns = [set(column[:_LOOKED_AT]) - {""} for column in here.grid.columns[:_COLUMNS]]
    known = here.names.people(frozenset[str]().union(*columns)) if columns else frozenset[str]()
    return max((len(texts & known) for texts in columns), default=0)


def _taken_of_list(here: SheetToRead, grid: Sheet, header: Header) -> Taken:
    """What of a list, with its names filled in, is header and records; where we wrote it, each row is a record."""
    left = {} if here.is_ours else list_lines(grid, header)
    return Taken(
        header=frozenset((header.row, at) for at in header.columns),
        header_row=header.row,
        rows=[row for row in range(header.row + 1, grid.height + 1) if row not in left],
        columns=header.columns,
        rows_left=left,
    )
