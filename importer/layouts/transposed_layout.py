"""Transposed matrices: skills or groups down, people across. Found by the names that the account knows, else by shape.

Knows texts and places, and asks the account only for names; what a name means is decided later.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from importer import endpoints
from importer.endpoints.declare import Endpoint
from importer.layouts import vocabulary
from importer.layouts.account_names import AccountNames
from importer.layouts.accounting import LeftOut, Taken, as_line
from importer.layouts.extract import MatrixCells
from importer.layouts.matrix_layout import PlainMatrix, example_of, find_plain_matrix
from importer.layouts.matrix_table import MatrixOfSheet, matrix_table
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
from importer.layouts.sheet_features import (
    SheetFeatures,
    are_mostly_in,
    is_like_name,
    is_like_person,
    is_remark,
    mostly,
)
from importer.set_aside import Reason
from importer.spreadsheet.read.book import Book
from importer.table import Arrangement, Table
from importer.text import fold_header

_LOOKED_AT = 40
_BESIDE = 6
"""Columns in which the names of skills may stand, and rows in which those of people may."""
_FEWEST_PEOPLE = 2


@dataclass(frozen=True, slots=True)
class Transposed:
    """A transposed matrix in a sheet. Rows are counted from 1, columns from 0.

    `people` are its columns with what stands over them, `things_at` is the column with the skills or groups, `rows` are
    theirs, `categories` says what stands above some of them. `known` counts the names that the account knows.
    """

    header_row: int
    people: Mapping[int, str]
    things_at: int
    rows: tuple[int, ...]
    categories: Mapping[int, str]
    taken: Taken
    known: int = 0

    @property
    def who(self) -> tuple[str, ...]:
        """The people, each once."""
        return tuple(dict.fromkeys(self.people.values()))


def _propose(here: SheetToRead) -> Proposal[MatrixOfSheet] | None:
    """By names and by the shape of its headings; where a matrix with people down explains a sheet as badly, this way,
    too, so that a person is asked.
    """
    if here.meant not in (None, MATRIX_NAME, MATRIX_OF, GROUPS):
        return None
    is_told = here.asked.layout == LAYOUT.name
    plain = here.once(find_plain_matrix) if here.allows("matrix") else None
    if plain is not None and plain.evidence.columns:
        return None  # a heading says that people stand below it
    found = _by_names(here)
    best = max(found, key=lambda name: found[name].known, default=None)
    if best is not None:
        return _proposal(here, best, found[best], Evidence(names=found[best].known))
    told = here.asked.matrix.header_row or (plain.matrix.header_row if isinstance(plain, PlainMatrix) else None)
    rows = [told] if told else range(1, min(here.view.height, _LOOKED_AT) + 1)
    for row in rows:
        if (shaped := _transposed_by_shape(here.view, row)) is not None:
            return _proposal(here, MATRIX_OF, shaped, Evidence(shape=2))
    may_be = is_told or (plain is not None and here.names.is_there)
    turned = _turn(here.view, told or 1) if may_be else None
    return None if turned is None else _proposal(here, MATRIX_OF, turned, Evidence(shape=1))


def _by_names(here: SheetToRead) -> dict[str, Transposed]:
    """The transposed matrices of skills and of groups, by the names that the account knows."""
    return {
        name: found
        for name, known in ((MATRIX_OF, here.names.skills), (GROUPS, here.names.groups))
        if here.meant in (None, name) or (here.meant == MATRIX_NAME and name == MATRIX_OF)
        if (found := _find_transposed(here.view, here.names, known)) is not None
    }


def _proposal(here: SheetToRead, name: str, found: Transposed, evidence: Evidence) -> Proposal[MatrixOfSheet]:
    things = here.grid.columns[found.things_at]
    example = example_of(here.grid, found.rows, found.people, lambda row, at: (found.people[at], things[row - 1]))
    return Proposal(evidence, partial(_read, here, endpoints.load(name), found), example)


def _read(here: SheetToRead, endpoint: Endpoint, found: Transposed) -> SheetReading[MatrixOfSheet]:
    thing = endpoint.column("skill" if endpoint.name == MATRIX_OF else "group")
    cells = MatrixCells(
        header_row=found.header_row,
        category_row=None,
        beside={thing: found.things_at},
        headings=found.people,
        categories={},
        rows=found.rows,
        row_categories=found.categories,
    )
    things = tuple(dict.fromkeys(here.grid.columns[found.things_at][row - 1] for row in found.rows))
    content = MatrixOfSheet(cells, found.who, things)
    return SheetReading(here.name, endpoint, LAYOUT.name, content, found.taken, levels_at=tuple(found.people))


def _table(book: Book, found: Sequence[SheetReading[MatrixOfSheet]]) -> Table:
    return matrix_table(book, found, Arrangement.TURNED_CELLS)


def _find_transposed(
    view: SheetFeatures, names: AccountNames, known_things: Callable[[Collection[str]], frozenset[str]]
) -> Transposed | None:
    """The transposed matrix in which the account knows most people and things; None if it knows none of either.

    `known_things` says which texts are skills (or groups).
    """
    rows = range(1, min(view.height, _LOOKED_AT) + 1)
    across = {row: {text for text in view.texts(row) if is_like_name(text)} for row in rows}
    people = names.people(frozenset[str]().union(*across.values()))
    most = {row: len(texts & people) for row, texts in across.items() if texts & people}
    header = max(most, key=most.__getitem__, default=None)
    if header is None:
        return None
    down = {column: set(view.filled(column, header)) for column in view.columns[:_BESIDE]}
    below = frozenset[str]().union(*down.values()) - {""}
    if max(len(texts & names.people(below)) for texts in down.values()) >= most[header]:
        return None  # people stand below each other
    things = known_things(below)
    best = {column: len(texts & things) for column, texts in down.items() if texts & things}
    column = max(best, key=best.__getitem__, default=None)
    if column is None:
        return None
    return _transposed(view, header, column, people, things, most[header] + best[column])


def _transposed_by_shape(view: SheetFeatures, header: int) -> Transposed | None:
    """The transposed matrix under this header, if its headings look like people's names, and what stands below its
    corner does not; None else.
    """
    filled = [column for column in view.columns if view.text(header, column)]
    corner = next((at for at in view.columns[:_BESIDE] if view.filled(at, header)), None)
    if corner is None:
        return None
    over = [view.text(header, at) for at in filled if at > corner and view.has_levels(at, header)]
    below = view.filled(corner, header)
    are_people = len(over) >= _FEWEST_PEOPLE and mostly(over, is_like_person)
    heading = fold_header(view.text(header, corner))
    is_of_things = heading in vocabulary.THINGS or not (heading or mostly(below, is_like_person))
    return _transposed(view, header, corner, frozenset(over), frozenset(), 0) if are_people and is_of_things else None


def _turn(view: SheetFeatures, header: int) -> Transposed | None:
    """The transposed matrix under this header, whatever its headings look like; None if there are no levels below."""
    corner = next((at for at in view.columns[:_BESIDE] if view.filled(at, header)), None)
    people = frozenset(view.texts(header)) - {""}
    return None if corner is None else _transposed(view, header, corner, people, frozenset(), 0)


def _transposed(
    view: SheetFeatures, header: int, at: int, people: frozenset[str], things: frozenset[str], known: int
) -> Transposed | None:
    """The matrix of this header and this column of things; None if no column is anybody's."""
    columns = {column: text for column in view.columns if (text := _person_over(view, header, column, at, people))}
    rows: list[int] = []
    left: dict[int, LeftOut] = {}
    categories: dict[int, str] = {}
    category = ""
    for row in range(header + 1, view.height + 1):
        label = " ".join(view.text(row, at).split())
        places = [(row, column) for column in columns if view.looks[column][row - 1] is not None]
        odd = [place for place in view.grid.oddities if place[0] == row and place[1] in columns]
        if not places and not odd and label not in things:
            cells = [text for text in view.texts(row) if text]
            if cells:
                left[row] = LeftOut(as_line(cells), Reason.LEGEND if row in view.legend_rows else Reason.CATEGORY)
                category = label if len(cells) == 1 and label and not is_remark(label) else category
            continue
        if not label or view.is_summed(row) or (label not in things and vocabulary.is_total(label)):
            left[row] = LeftOut(label, Reason.TOTAL if label or view.is_summed(row) else Reason.NOBODY)
            continue
        rows.append(row)
        if category:
            categories[row] = category
    if not columns:
        return None
    taken = Taken(
        header=frozenset((header, column) for column in (*columns, at)),
        header_row=header,
        rows=rows,
        columns=(*columns, at),
        rows_left=left,
        columns_left=_columns_left(view, header, (*columns, at)),
    )
    return Transposed(header, columns, at, tuple(rows), categories, taken, known)


def _person_over(view: SheetFeatures, header: int, column: int, things_at: int, people: frozenset[str]) -> str:
    """Whose column this is; the empty text for a column of totals, remarks, or anything else."""
    text = view.text(header, column)
    if column == things_at or not text:
        return ""
    if text in people:
        return text
    below = [(row, column) for row in range(header + 1, view.height + 1) if view.looks[column][row - 1] is not None]
    is_other = vocabulary.is_total(text) or fold_header(text) in vocabulary.OTHERS | vocabulary.NOT_PEOPLE
    is_sum = are_mostly_in(below, view.grid.sums_across)
    return text if view.has_levels(column, header) and not is_other and not is_sum and is_like_name(text) else ""


def _columns_left(view: SheetFeatures, header: int, taken: Collection[int]) -> dict[int, LeftOut]:
    others = {at: " ".join(view.text(header, at).split()) for at in view.columns if at not in taken}
    return {
        at: LeftOut(text, Reason.UNUSED_TOTAL if vocabulary.is_total(text) else Reason.UNUSED)
        for at, text in others.items()
        if text
    }


LAYOUT = Layout(
    "transposed",
    "a transposed matrix: {things} below each other, people side by side",
    "Skill, Dana Reyes, Max Weber",
    Basis.SHAPE,
    _propose,
    _table,
)
