"""A column for each level, and names in the cells: `Skill, Beginner, Basic, Expert`, as pivots have it.

Skills may stand below each other with people in the cells, or people with skills. Knows texts, places and names.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from importer import endpoints
from importer.endpoints.declare import Endpoint
from importer.endpoints.header import Column, Header
from importer.layouts import field_words, vocabulary
from importer.layouts.accounting import LeftOut, Taken, as_line
from importer.layouts.column_cells import sample_of
from importer.layouts.entries import Entries, Group, entries_table
from importer.layouts.fill_down import ask_for_blanks, fill_merged
from importer.layouts.people_columns import is_people_heading
from importer.layouts.pieces import SEPARATORS, SURE_SEPARATORS, split_at
from importer.layouts.proposal import MATRIX_OF, Basis, Evidence, Layout, Proposal, SheetReading, SheetToRead
from importer.layouts.sheet_features import is_like_email, is_like_name, is_like_person, mostly
from importer.set_aside import Reason
from importer.table import Sheet
from importer.text import fold
from importer.validation.cell import is_nothing
from importer.validation.level import Level, LevelScale
from importer.validation.level_words import is_for_a_level

_FEWEST = 2


@dataclass(frozen=True, slots=True)
class _Columns:
    """The header's row, the columns with a level over them, the one beside them, and what stands in both."""

    row: int
    levels: tuple[int, ...]
    beside: int
    are_people_beside: bool
    names: Mapping[str, Sequence[str]]
    """The names in each text of the cells."""
    known: int


def _propose(here: SheetToRead) -> Proposal[Entries] | None:
    if here.meant not in (None, MATRIX_OF):
        return None
    found = next((columns for each in here.header_rows if (columns := _columns(here, each)) is not None), None)
    if found is None:
        return None
    return Proposal(Evidence(1 + len(found.levels), found.known), partial(_read, here, found))


def _columns(here: SheetToRead, row: int) -> _Columns | None:
    """The columns below the headings of this row; None where they are no levels, or no names stand below them."""
    headings = [column[row - 1].strip() for column in here.grid.columns]
    levels = tuple(at for at, text in enumerate(headings) if is_level_heading(text, here.scale))
    if not are_a_scale(headings, levels):
        return None
    beside = next((at for at in range(levels[0]) if any(map(str.strip, here.grid.columns[at][row:]))), None)
    if beside is None:
        return None
    some = list(_filled([text for at in levels for text in sample_of(here.grid, row, at)]))
    if not some or mostly(some, lambda text: is_level_heading(text, here.scale)):
        return None
    cells = [text for at in levels for text in _filled(here.grid.columns[at][row:])]
    texts = frozenset(cells)
    labels = frozenset(_filled(here.grid.columns[beside][row:]))
    heading = headings[beside]
    are_skills = field_words.is_one_of(heading, field_words.SKILLS) or bool(here.names.skills(labels))
    are_people = not are_skills and (_is_of_people(heading) or bool(here.names.people(labels)))
    if not (are_skills or are_people):
        return None
    if is_like_email(heading) or (here.names.people if are_people else here.names.skills)([heading]):
        return None  # where somebody, or a skill, stands is no header
    parts = frozenset(part for text in texts for part in _parts_of(text))
    known = here.names.skills(parts) if are_people else here.names.people(parts)
    names = {text: _names_in(text, known) for text in texts}
    looks_right = is_like_name if are_people else is_like_person
    is_name = known.__contains__ if here.names.is_there else looks_right
    are_likely = sum(any(map(is_name, names[text])) for text in cells) * 2 > len(cells)
    return _Columns(row, levels, beside, are_people, names, len(known)) if are_likely else None


def are_a_scale(headings: Sequence[str], columns: Sequence[int]) -> bool:
    """Whether these columns stand side by side, with different headings; in a matrix a skill may be called so."""
    are_together = bool(columns) and columns[-1] - columns[0] == len(columns) - 1
    return are_together and len({fold(headings[at]) for at in columns}) == len(columns) >= _FEWEST


def is_level_heading(heading: str, scale: LevelScale) -> bool:
    """Whether a heading is a level: a number up to 5, or a word for one; `Level` itself is none."""
    if not heading or field_words.is_one_of(heading, field_words.LEVELS) or field_words.is_goal(heading):
        return False
    read = scale.read(heading)
    return (isinstance(read, Level) and bool(read.value) and not read.is_tick) or is_for_a_level(heading)


def _is_of_people(heading: str) -> bool:
    return is_people_heading(heading) or field_words.is_one_of(heading, field_words.EMAILS)


def _filled(texts: Collection[str]) -> Iterator[str]:
    return (text for text in texts if text.strip() and not is_nothing(text))


# ---- the names in a cell


def _parts_of(text: str) -> Iterator[str]:
    """The text itself, and its parts in every way in which it may hold several names."""
    yield text.strip()
    for separator in SEPARATORS:
        yield from split_at(separator, text)


def _names_in(text: str, known: Collection[str]) -> Sequence[str]:
    """The names in a text: several where the whole is none, and a sign that stands in no name is between them or each
    part looks like one.
    """
    if text.strip() in known:
        return [text.strip()]
    for separator in SEPARATORS:
        parts = split_at(separator, text)
        are_names = separator in SURE_SEPARATORS or all(part in known or is_like_person(part) for part in parts)
        if len(parts) > 1 and are_names:
            return parts
    return [text.strip()]


# ---- its records


def _read(here: SheetToRead, found: _Columns) -> SheetReading[Entries]:
    """Raises: Ambiguous where names stand beside a blank cell, and nothing says whether the one above is meant."""
    endpoint = endpoints.load(MATRIX_OF)
    says = _meanings(here, found, endpoint)
    header = Header(found.row, endpoint, {found.beside: says[0]}, ())
    labels = fill_merged(here.grid, header).columns[found.beside]
    rows, left = _lines(here.grid, found, labels)
    beside = _labels(here, rows, labels)
    level = endpoint.column("level")
    groups = []
    for at in found.levels:
        texts, heading = here.grid.columns[at], here.grid.columns[at][found.row - 1]
        some = {row: names for row in rows if (names := found.names.get(texts[row - 1], ()))}
        for number in range(max(map(len, some.values()), default=0)):
            records = tuple(
                (row, {says[0]: beside[row], says[1]: names[number], level: heading})
                for row, names in some.items()
                if number < len(names)
            )
            groups.append(Group({says[0]: found.beside, says[1]: at, level: at}, records))
    taken = Taken(
        header=frozenset((found.row, at) for at in (found.beside, *found.levels)),
        header_row=found.row,
        rows=rows,
        columns=(found.beside, *found.levels),
        rows_left=left,
    )
    entries = Entries(found.row, endpoint, (*says, level), tuple(groups), left)
    return SheetReading(here.name, endpoint, LAYOUT.name, entries, taken)


def _meanings(here: SheetToRead, found: _Columns, endpoint: Endpoint) -> tuple[Column, Column]:
    """What stands beside the levels, and what stands below them."""
    labels = list(_filled(here.grid.columns[found.beside][found.row :]))
    names = [name for some in found.names.values() for name in some]
    people = endpoint.column("email" if mostly(labels if found.are_people_beside else names, is_like_email) else "user")
    skills = endpoint.column("skill")
    return (people, skills) if found.are_people_beside else (skills, people)


def _lines(grid: Sheet, found: _Columns, labels: Sequence[str]) -> tuple[list[int], dict[int, LeftOut]]:
    """The rows with names below a level, and why others are left out."""
    rows: list[int] = []
    left: dict[int, LeftOut] = {}
    for row in range(found.row + 1, grid.height + 1):
        label = " ".join(labels[row - 1].split())
        if vocabulary.is_total(label):
            left[row] = LeftOut(label, Reason.TOTAL)
        elif any(found.names.get(grid.columns[at][row - 1]) for at in found.levels):
            rows.append(row)
        elif any(column[row - 1].strip() for column in grid.columns):
            left[row] = LeftOut(as_line(column[row - 1] for column in grid.columns), Reason.NO_LEVELS)
    return rows, left


def _labels(here: SheetToRead, rows: Sequence[int], labels: Sequence[str]) -> dict[int, str]:
    """What stands beside each of these rows.

    Raises: Ambiguous where that is blank, and it was not said that the one above is meant.
    """
    found: dict[int, str] = {}
    blank: list[int] = []
    last = ""
    for row in rows:
        text = labels[row - 1].strip()
        if not text and last:
            blank.append(row)
        last = text or last
        found[row] = last
    if blank and not here.asked.fill_down:
        raise ask_for_blanks(len(blank), found[blank[0]], blank[0])
    return found


LAYOUT = Layout(
    "column-per-level",
    "a column for each level, with the names of those who have it in the cells",
    "Skill, Beginner, Basic, Expert",
    Basis.HEADINGS,
    _propose,
    entries_table,
)
