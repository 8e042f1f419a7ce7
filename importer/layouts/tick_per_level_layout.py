"""Forms with a tick below the level: `Skill, Basic, Good, Expert`, and an x in each row. Knows texts, places and names.

Whose form it is stands in a column, in the sheet's name or in a line above, as in a sheet of one person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from importer import endpoints
from importer.endpoints.declare import Endpoint, Kind
from importer.endpoints.header import Column, Header, column_field, has_kind
from importer.layouts.accounting import LeftOut, as_line
from importer.layouts.column_cells import sample_of
from importer.layouts.column_per_level_layout import are_a_scale, is_level_heading
from importer.layouts.entries import Entries, Group, entries_table
from importer.layouts.fill_down import fill_merged
from importer.layouts.header_meanings import columns_of
from importer.layouts.proposal import MATRIX_OF, Basis, Evidence, Layout, Proposal, SheetReading, SheetToRead
from importer.layouts.sheet_features import mostly
from importer.layouts.sheet_per_person_layout import needed_subject_of, subject_of
from importer.set_aside import Reason
from importer.table import Sheet
from importer.validation.cell import is_nothing
from importer.validation.level import Level, LevelScale

_FEWEST = 2


@dataclass(frozen=True, slots=True)
class _Form:
    """Which columns say who and what, which have a level over them, and what no column says: `user` or `skill`."""

    header: Header
    levels: tuple[int, ...]
    lacks: str | None


def _propose(here: SheetToRead) -> Proposal[Entries] | None:
    if here.meant not in (None, MATRIX_OF):
        return None
    form = next((found for each in here.header_rows if (found := _form(here, each)) is not None), None)
    if form is None:
        return None
    return Proposal(Evidence(len(form.header.columns) + len(form.levels)), partial(_read, here, form))


def _form(here: SheetToRead, row: int) -> _Form | None:
    """The form below the headings of this row; None where no ticks stand below levels, or nothing says of what."""
    headings = [column[row - 1].strip() for column in here.grid.columns]
    levels = [at for at, text in enumerate(headings) if is_level_heading(text, here.scale)]
    if len(levels) < _FEWEST:
        return None
    levels = sorted({*levels, *(at for at, text in enumerate(headings) if text and _is_none(text, here.scale))})
    if not are_a_scale(headings, levels):
        return None
    some = [text for at in levels for text in sample_of(here.grid, row, at) if not is_nothing(text)]
    if not mostly(some, lambda text: _says(text, here.scale) is not None):
        return None
    endpoint = endpoints.load(MATRIX_OF)
    header = Header(row, endpoint, _columns(headings, levels, endpoint), ())
    others = (at for at, text in enumerate(headings) if text and at not in levels and at not in header.columns)
    if any(here.view.has_levels(at, row) for at in others):
        return None  # a matrix, of which some skills are called like levels
    lacking = _lacking(header)
    if len(lacking) > 1 or (lacking == ["skill"] and subject_of(here, header, "skill") is None):
        return None
    return _Form(header, tuple(levels), next(iter(lacking), None))


def _columns(headings: Sequence[str], levels: Sequence[int], endpoint: Endpoint) -> dict[int, Column]:
    """What the headings mean besides the levels."""
    others = ["" if at in levels else text for at, text in enumerate(headings)]
    return {at: column for at, column in columns_of(others, endpoint) if not has_kind(column, Kind.LEVEL)}


def _lacking(header: Header) -> list[str]:
    """What a record needs and no column says: `user`, `skill`."""
    told = {column_field(column) for column in header.columns.values()}
    needed = {header.endpoint.owner[0]: "user", header.endpoint.thing[0]: "skill"}
    return [name for field, name in needed.items() if field not in told]


def _is_none(heading: str, scale: LevelScale) -> bool:
    """Whether a heading says that those below it do not have the skill."""
    read = scale.read(heading)
    return isinstance(read, Level) and read.is_not_held


def _says(text: str, scale: LevelScale) -> bool | None:
    """Whether a text is a tick or says no; None where it says anything else."""
    read = scale.read(text)
    if not isinstance(read, Level):
        return None
    is_yes, is_no = read.is_tick or read.value == 1, read.is_not_held or read.value == 0
    return is_yes if is_yes or is_no else None


# ---- its records


def _read(here: SheetToRead, form: _Form) -> SheetReading[Entries]:
    """Raises: Ambiguous where nothing says whose form it is."""
    header, endpoint = form.header, form.header.endpoint
    lacks = form.lacks
    subject = {} if lacks is None else {endpoint.column(lacks): needed_subject_of(here, header, lacks)}
    grid = fill_merged(here.grid, header)
    level = endpoint.column("level")
    says = {column: at for at, column in header.columns.items()}
    groups = []
    for at in form.levels:
        records = tuple(
            (row, {**subject, **{column: grid.columns[each][row - 1] for column, each in says.items()}, level: text})
            for row, text in _ticked(grid, header.row, at, here.scale)
        )
        groups.append(Group({**says, level: at}, records))
    rows = {row for group in groups for row, _ in group.records}
    left = {
        row: LeftOut(text, Reason.NO_LEVELS)
        for row in range(header.row + 1, grid.height + 1)
        if row not in rows and (text := as_line(column[row - 1] for column in here.grid.columns))
    }
    entries = Entries(header.row, endpoint, (*subject, *says, level), tuple(groups), left)
    return SheetReading(here.name, endpoint, LAYOUT.name, entries, entries.taken())


def _ticked(grid: Sheet, header_row: int, at: int, scale: LevelScale) -> Iterator[tuple[int, str]]:
    """The rows with a tick in this column, and the level over it; another text stands for itself."""
    heading = grid.columns[at][header_row - 1]
    for row in range(header_row + 1, grid.height + 1):
        text = grid.columns[at][row - 1].strip()
        says = _says(text, scale)
        if text and not is_nothing(text) and says is not False:
            yield row, heading if says else text


LAYOUT = Layout(
    "tick-per-level",
    "a form with a tick below the level that somebody has",
    "Skill, Basic, Good, Expert",
    Basis.HEADINGS,
    _propose,
    entries_table,
)
