"""What the names of a table lack in the account and may be made first: skills, groups and places. Sends nothing.

A name that is nearly one of the account's is left to a person. What a new skill needs besides its name comes from the
sheet; where that does not tell, a person is asked once for all.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from importer import endpoints
from importer.endpoints.declare import ACTION, WITHIN, Directory, Kind, Name, NameAnswers, NotMade
from importer.kantata.directory import AccountDirectory
from importer.messages import about_migrations
from importer.pipeline.creation import MADE, MADE_IN, ORGANIZATIONS, SKILLS, Creation, question
from importer.text import fold, fold_header
from importer.validation.cell import CellError
from importer.validation.parsed_table import ParsedTable
from importer.validation.thing_names import KnownNames, KnownTree

_TREES = {Directory.GEOGRAPHIES: "Geography", Directory.DEPARTMENTS: "Department"}
_HIGHEST = frozenset(map(fold_header, ("max_level", "max level", "highest level")))
"""What a column is called that says which levels a skill has."""
_LEVELS = frozenset({"1", "5"})


@dataclass(frozen=True, slots=True)
class NewThing:
    """Something to be made that a table names: its fields, and the name in the account that is most like its own."""

    endpoint: str
    fields: Mapping[str, str]
    nearest: str = ""

    @property
    def name(self) -> str:
        """What it is called; a place by the way down to it."""
        return self.fields.get("path") or self.fields["name"]


@dataclass(frozen=True, slots=True)
class Missing:
    """What is to be made, and why some names are left to a person instead."""

    things: tuple[NewThing, ...] = ()
    not_made: Mapping[Name, NotMade] = field(default_factory=dict)


def find_missing(
    tables: Sequence[tuple[ParsedTable, NameAnswers]], directory: AccountDirectory, creation: Creation
) -> Missing:
    """What these tables name and the account lacks, each thing once; the answers are those of the account.

    Raises: Ambiguous where nobody has said of which category new skills are, or which levels they have; Denied,
    Unreachable.
    """
    finder = _Finder(directory, creation)
    for parsed, answers in tables:
        finder.look_at(parsed, answers)
    return finder.missing()


@dataclass
class _Seen:
    """How a table says a new name: each spelling with the ids beside it, and what it tells of the thing besides."""

    spellings: dict[str, set[str]] = field(default_factory=dict)
    categories: dict[str, None] = field(default_factory=dict)
    highest: dict[str, None] = field(default_factory=dict)
    levels: set[int] = field(default_factory=set)

    @property
    def is_several(self) -> bool:
        """Whether different spellings stand beside different ids, and so mean different things."""
        ids = [frozenset(each) for each in self.spellings.values()]
        return len(ids) > 1 and all(ids) and len(frozenset[str]().union(*ids)) == sum(map(len, ids))

    @property
    def distinct(self) -> Sequence[str]:
        """The spellings that mean different things; of one thing, the first."""
        return list(self.spellings) if self.is_several else list(self.spellings)[:1]


class _Finder:
    """Collects what is missing over several tables, so that a thing which two of them name is made once."""

    def __init__(self, directory: AccountDirectory, creation: Creation) -> None:
        self._directory, self._creation = directory, creation
        self._confirmed = frozenset(map(fold, creation.new_names))
        self._known: dict[str, KnownNames] = {}
        self._trees: dict[Directory, KnownTree] = {}
        self._things: dict[tuple[str, str, str], dict[str, str]] = {}
        self._nearest: dict[tuple[str, str, str], str] = {}
        self._not_made: dict[Name, NotMade] = {}

    def look_at(self, parsed: ParsedTable, answers: NameAnswers) -> None:
        """Collect what this table names and the account lacks."""
        for name, seen in _seen(parsed, answers, self._creation.endpoints).items():
            first = next(iter(seen.spellings))
            if answers[name].may_be_hidden:
                self._not_made[name] = NotMade(about_migrations.may_be_hidden(first))
            elif name[0] in _TREES:
                self._take_place(name, first)
            else:
                for text in seen.distinct:
                    self._take_name(name, text, seen)

    def _take_name(self, name: Name, text: str, seen: _Seen) -> None:
        endpoint = MADE_IN[name[0]]
        known = self._known.get(endpoint)
        if known is None:
            names = [str(record.get("name") or "") for record in self._directory.records(name[0])]
            known = self._known[endpoint] = KnownNames(names, self._confirmed)
        nearest = known.nearest(text)
        settled = known.settle(text, frozenset(seen.spellings) if seen.is_several else None)
        if isinstance(settled, CellError):
            near = [fold(each.name) for each in known.near(" ".join(text.split())) if each.is_near]
            found = self._directory.find((name[0], each) for each in near)
            candidates = dict.fromkeys(candidate for answer in found.values() for candidate in answer.exact)
            self._not_made[name] = NotMade(settled, tuple(candidates))
            return
        key = (endpoint, "", settled)
        thing = self._things.setdefault(key, {"name": settled})
        self._nearest.setdefault(key, nearest)
        if endpoint == SKILLS:
            thing.update({each: value for each, value in _facts_of_skill(seen).items() if each not in thing})

    def _take_place(self, name: Name, text: str) -> None:
        tree = self._trees.get(name[0])
        if tree is None:
            paths = [self._directory.path(str(record["id"])) for record in self._directory.records(name[0])]
            tree = self._trees[name[0]] = KnownTree(paths, self._confirmed)
        settled = tree.settle(text) if WITHIN.strip() in text else about_migrations.place_without_path(text)
        if isinstance(settled, CellError):
            self._not_made[name] = NotMade(settled)
            return
        parts = settled.split(WITHIN)
        for depth in range(2, len(parts) + 1):
            path = WITHIN.join(parts[:depth])
            if not tree.has(path):
                key = (ORGANIZATIONS, _TREES[name[0]], path)
                self._things.setdefault(key, {"tree": _TREES[name[0]], "path": path})
                self._nearest.setdefault(key, tree.nearest(path))

    def missing(self) -> Missing:
        """What is missing in all the tables.

        Raises: Ambiguous.
        """
        said = {"category": self._creation.skill_category, "max_level": self._creation.skill_levels}
        for needed, answer in said.items():
            lacking = [each for key, each in self._things.items() if key[0] == SKILLS and not each.get(needed)]
            if lacking and answer is None:
                raise question(needed, [fields["name"] for fields in lacking])
            for fields in lacking:
                fields[needed] = str(answer)
        things = [
            NewThing(key[0], fields, self._nearest.get(key, ""))
            for endpoint in MADE
            for key, fields in self._things.items()
            if key[0] == endpoint
        ]
        return Missing(tuple(things), self._not_made)


def _facts_of_skill(seen: _Seen) -> dict[str, str]:
    """The category and the highest level of a new skill, as far as its sheet tells: a level above 1 needs levels."""
    choices = {fold(each): each for each in endpoints.load(SKILLS).field("category").choices}
    category = next((choices[each] for each in map(fold, seen.categories) if each in choices), "")
    highest = next(iter(seen.highest), "5" if max(seen.levels, default=0) > 1 else "")
    return {name: value for name, value in (("category", category), ("max_level", highest)) if value}


def _seen(parsed: ParsedTable, answers: NameAnswers, wanted: Collection[str]) -> dict[Name, _Seen]:
    """The names of this table that nothing in the account bears, where a record is told by the name alone and says that
    somebody has it.
    """
    found: dict[Name, _Seen] = {}
    table = parsed.table
    beside = _Beside(parsed)
    for column, meaning in table.name_columns():
        if MADE_IN.get(meaning.directory) not in wanted:
            continue
        id_column = next((name for name, _ in table.telling(meaning.field) if name not in parsed.names), None)
        texts, ids = beside.texts(column), beside.texts(id_column)
        is_told = parsed.values[meaning.field].notna().to_list()
        for at, folded in enumerate(parsed.names[column].to_list()):
            answer = answers.get((meaning.directory, folded)) if folded and not is_told[at] else None
            if answer is None or answer.exact or answer.wrong or not beside.is_wanted[at]:
                continue
            seen = found.setdefault((meaning.directory, folded), _Seen())
            seen.spellings.setdefault(texts[at], set()).update(filter(None, (ids[at].strip(),)))
            beside.tell(seen, at)
    return found


class _Beside:
    """What the records of a table say beside a name."""

    def __init__(self, parsed: ParsedTable) -> None:
        table = parsed.table
        self._parsed = parsed
        level = table.endpoint.level
        highest = next((each.name for each in table.ignored if fold_header(each.header) in _HIGHEST), None)
        self.is_wanted = parsed.values[ACTION.name].isna().to_list()
        """For each record whether it says that somebody has what it names."""
        self._categories, self._highest = self.texts(table.of_kind(Kind.HINT)), self.texts(highest)
        self._levels = [0] * len(parsed.values) if level is None else parsed.values[level.name].fillna(0).to_list()

    def texts(self, column: str | None) -> Sequence[str]:
        """What stands in a column, record by record; nothing where there is no such column."""
        return [""] * len(self._parsed.values) if column is None else self._parsed.texts(column)

    def tell(self, seen: _Seen, at: int) -> None:
        """Add what one record says of the thing that it names."""
        if category := self._categories[at].strip():
            seen.categories[category] = None
        if (highest := self._highest[at].strip()) in _LEVELS:
            seen.highest[highest] = None
        if level := self._levels[at]:
            seen.levels.add(int(level))


def frames_of(things: Sequence[NewThing]) -> Iterator[tuple[str, pd.DataFrame]]:
    """The new things as lists, one for each kind, in the order in which they are made."""
    for endpoint in MADE:
        rows = [dict(thing.fields) for thing in things if thing.endpoint == endpoint]
        if rows:
            yield endpoint, pd.DataFrame(rows).fillna("")
