"""Lists with several columns for skills or groups: `Skill 1, Level 1, Skill 2, Level 2`, `Primary, Secondary`.

Finds which columns belong together, by their headings and by what the account knows of their cells.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise

from importer import endpoints
from importer.endpoints.declare import Endpoint, Kind
from importer.endpoints.header import Column, column_field, column_header, has_kind
from importer.errors import Choice
from importer.layouts import field_words
from importer.layouts.account_names import AccountNames
from importer.layouts.accounting import LeftOut
from importer.layouts.column_cells import sample_of
from importer.layouts.entries import Entries, Group, entries_table
from importer.layouts.header_meanings import meanings_of
from importer.layouts.people_columns import halves_of_names
from importer.layouts.proposal import CELLS, Basis, Evidence, Layout, Proposal, SheetReading, SheetToRead
from importer.layouts.sheet_features import is_like_email, mostly
from importer.layouts.told_columns import NONE
from importer.messages import about_columns
from importer.set_aside import Reason
from importer.table import Sheet
from importer.text import fold, fold_header
from importer.validation.cell import is_nothing

_FEWEST = 2
_ORDINAL = re.compile(
    r"#?\d+|\b(?:primary|secondary|tertiary|first|second|third|fourth|fifth|other|main|further|one|two|three)\b|"
    r"\b(?<=\s)[a-h]$",
    re.IGNORECASE,
)
"""What tells the columns of a kind apart: `Skill 1`, `Primary skill`, `Skill B`."""
_STEM = re.compile(r"([^\[]+)\[[^\]]+\]\s*")
"""A question of a survey, before what it asks of: `Rate your skills [COBOL]`."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which columns of a list say who, which skill or group, and how well."""

    people: Mapping[Column, int]
    things: Sequence[int]
    thing: Column
    levels: Sequence[int]


def _propose(here: SheetToRead) -> Proposal[Entries] | None:
    for endpoint in here.endpoints if here.grid.height else ():
        for number in here.header_rows if endpoint.name in CELLS else ():
            headings = _Headings(here.grid, number, endpoint, here.names)
            if (found := headings.columns()) is not None:
                told = len(found.people) + len(found.things) + len(found.levels)
                return Proposal(Evidence(told), partial(_read, here, headings, found))
    return None


def _read(here: SheetToRead, headings: "_Headings", found: _Columns) -> SheetReading[Entries]:
    """Raises: Ambiguous where a level could be that of several skills, unless a person says that none is to be used."""
    are_unused = fold_header(here.asked.columns.get("level", "")) == NONE
    levels = {} if are_unused else headings.levels_of(found.things, found.levels)
    entries = _entries(here.grid, headings, found, levels)
    return SheetReading(here.name, headings.endpoint, LAYOUT.name, entries, entries.taken())


class _Headings:
    """The headings of one row, and what stands below them."""

    def __init__(self, grid: Sheet, row: int, endpoint: Endpoint, names: AccountNames) -> None:
        self._grid, self.row, self.endpoint, self._names = grid, row, endpoint, names
        self._texts = [" ".join(column[row - 1].split()) for column in grid.columns]
        stems = Counter(match.group(1) for text in self._texts if (match := _STEM.fullmatch(text)))
        self._kinds = [
            None if (match := _STEM.fullmatch(text)) and stems[match.group(1)] > 1 else _kind(text, endpoint)
            for text in self._texts
        ]

    def columns(self) -> _Columns | None:
        """The columns of the list; None if it has fewer than two for things, or does not say who."""
        levels = [at for at, kind in enumerate(self._kinds) if has_kind(kind, Kind.LEVEL)]
        thing, things = self._things(levels)
        if thing is None or len(things) < _FEWEST:
            return None
        people = self._people(things)
        if not people:
            return None
        return _Columns(people, things, thing, levels)

    # ---- skills and groups

    def _things(self, levels: Sequence[int]) -> tuple[Column | None, list[int]]:
        """What the things are named by, and their columns: by their headings, else by what the account knows."""
        field = self.endpoint.thing[0]
        kinds = [kind for kind in self._kinds if kind is not None and column_field(kind) == field]
        most = max(kinds, key=kinds.count, default=None)
        headed = [at for at, kind in enumerate(self._kinds) if kind is not None and kind == most]
        headed = [at for at in headed if not mostly(self._sample(at), _is_digit)]
        bases = {at: fold(_base(self._texts[at])) for at in headed}
        common = max(bases.values(), key=list(bases.values()).count, default="")
        headed = [at for at in headed if bases[at] == common]  # Ability and Skill are no pair
        name = "skill" if field == "skill_id" else "group"
        spoken = [at for at, text in enumerate(self._texts) if at not in headed and _speaks_of(text, name)]
        spoken = [at for at in spoken if not mostly(self._sample(at), _is_digit)]
        ask = self._names.skills if name == "skill" else self._names.groups
        known = self._known([at for at in spoken if at not in levels], ask) if len(headed) + len(spoken) > 1 else []
        things = sorted((*headed, *known))
        if len(headed) == 1 and len(levels) != len(things):
            return None, []
        return most or self.endpoint.column(name), things

    def _known(self, columns: Sequence[int], ask: Callable[[Collection[str]], frozenset[str]]) -> list[int]:
        """Those of these columns in which the account knows most texts."""
        texts = {at: self._sample(at) for at in columns}
        known = ask(frozenset(text for some in texts.values() for text in some)) if texts else frozenset()
        return [at for at, some in texts.items() if mostly(some, known.__contains__)]

    def _sample(self, at: int) -> list[str]:
        return sample_of(self._grid, self.row, at)

    # ---- people

    def _people(self, things: Sequence[int]) -> dict[Column, int]:
        declared = {column_header(column): column for column in self.endpoint.columns()}
        texts = list(map(self._heading, range(len(self._texts))))
        halves = halves_of_names(texts, lambda at: self._grid.columns[at][self.row :])
        if halves is not None and "last_name" in declared:
            return {declared["user"]: halves[0], declared["last_name"]: halves[1]}
        kinds = {at: self._kinds[at] or _kind(text, self.endpoint) for at, text in enumerate(texts)}
        found = {kind: at for at, kind in kinds.items() if kind and column_field(kind) in self.endpoint.owner}
        if found or self.endpoint.owner != ("user_id",):
            return found
        others = [at for at in range(len(texts)) if at not in things and not field_words.is_of_others(texts[at])]
        emails = [at for at in others if mostly(self._sample(at), is_like_email)]
        if len(emails) == 1:
            return {declared["email"]: emails[0]}
        known = self._known(others, self._names.people)
        return {declared["user"]: known[0]} if len(known) == 1 else {}

    def _heading(self, at: int) -> str:
        """A heading, also one that is merged with cells above it."""
        over = (each for each in self._grid.merges if each.column == at and each.row < self.row <= each.last_row)
        row = next((each.row for each in over), self.row)
        return " ".join(self._grid.columns[at][row - 1].split())

    # ---- levels

    def levels_of(self, things: Sequence[int], levels: Sequence[int]) -> dict[int, int]:
        """By the column of a thing, that of its level.

        Raises: Ambiguous where it is not clear whose a level is.
        """
        marks = [_mark(self._texts[at]) for at in things]
        of = {_mark(self._texts[at]): at for at in levels}
        if all(marks) and len(set(marks)) == len(marks) and len(of) == len(levels) and of.keys() <= set(marks):
            return {at: of[mark] for at, mark in zip(things, marks, strict=True) if mark in of}
        if len(levels) == len(things):
            return dict(zip(things, levels, strict=True))
        ends = (*things[1:], len(self._texts))
        found = {
            at: beside[0]
            for at, end in zip(things, ends, strict=True)
            if (beside := [each for each in levels if at < each < end])
        }
        is_shared = any(at not in found and after in found for at, after in pairwise(things))
        if is_shared or (levels and not found):
            called = [[self._texts[at] for at in some] for some in (things, levels)]
            question = about_columns.whose_level(*called)
            raise question.asking(Choice("Load without levels", "columns", f"level={NONE}"))
        return found


def _kind(text: str, endpoint: Endpoint) -> Column | None:
    """Which column a heading is one of: `Skill 2` is one of skills."""
    return _kind_of(text, endpoint.name)


def _base(text: str) -> str:
    """A heading without what tells it from others of its kind."""
    return " ".join(_ORDINAL.sub(" ", text).split()).strip(" .:-_#")


@lru_cache(maxsize=8192)
def _kind_of(text: str, name: str) -> Column | None:
    endpoint = endpoints.load(name)
    if field_words.is_one_of(text, field_words.FIRST_NAMES | field_words.LAST_NAMES):
        return None
    meaning = meanings_of([_base(text)], endpoint).get(0)
    if meaning is None or meaning.is_vague:
        return None
    return None if has_kind(meaning.column, Kind.HINT) else meaning.column


def _mark(text: str) -> str:
    """What tells this column from others of its kind: the 2 of `Skill 2`, the word of `Secondary skill`."""
    return fold(" ".join(_ORDINAL.findall(field_words.bare(text)))).replace("#", "")


def _speaks_of(text: str, name: str) -> bool:
    """Whether a heading has a word for skills (or groups), and is of no wish: `Top skill`, `Habilidad principal`."""
    words = re.findall(r"[^\W\d_]+", field_words.bare(text))
    of_things = field_words.HEADINGS[name]
    is_wish = field_words.is_goal(text)
    return not is_wish and any(fold_header(word) in of_things for word in words)


def _is_digit(text: str) -> bool:
    return len(text) == 1 and text.isdecimal()


# ---- records


def _entries(grid: Sheet, headings: _Headings, found: _Columns, levels: Mapping[int, int]) -> Entries:
    endpoint, row = headings.endpoint, headings.row
    level = endpoint.level
    groups: list[Group] = []
    for at in found.things:
        where: dict[Column, int] = {**found.people, found.thing: at}
        if level is not None and at in levels:
            where[level] = levels[at]
        own = [column for column in where if column not in found.people]
        records = tuple(
            (each, {column: grid.columns[position][each - 1] for column, position in where.items()})
            for each in range(row + 1, grid.height + 1)
            if any(_is_filled(grid.columns[where[column]][each - 1]) for column in own)
        )
        groups.append(Group(where, records))
    columns = tuple(dict.fromkeys(column for group in groups for column in group.where))
    taken = {each for group in groups for each, _ in group.records}
    left = {
        each: LeftOut(_line(grid, each), Reason.NO_LEVELS)
        for each in range(row + 1, grid.height + 1)
        if each not in taken and any(column[each - 1].strip() for column in grid.columns)
    }
    return Entries(row, endpoint, columns, tuple(groups), left)


def _line(grid: Sheet, row: int) -> str:
    return ", ".join(" ".join(column[row - 1].split()) for column in grid.columns if column[row - 1].strip())


def _is_filled(text: str) -> bool:
    return bool(text.strip()) and not is_nothing(text)


LAYOUT = Layout(
    "paired-columns",
    "paired columns: a person a row, with several {things} beside each other",
    "Name, Skill 1, Level 1, Skill 2, Level 2",
    Basis.HEADINGS,
    _propose,
    entries_table,
)
