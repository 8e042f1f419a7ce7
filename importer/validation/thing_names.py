"""What the names in a list of things mean: something that the account has, however it is spelled, or something new.

Knows the parsed table and the things that the account has, as plain values; asks nobody. A name that is nearly one of
the account's is a problem, and never a new thing in silence.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from importer.endpoints.declare import WITHIN, Endpoint
from importer.messages import about_migrations
from importer.model import Problem
from importer.near_names import Nearest, NearNames
from importer.text import fold, fold_header
from importer.validation.cell import CellError
from importer.validation.parsed_table import ParsedTable, problem_at

Records = Sequence[Mapping[str, Any]]
"""Things of the account, told by their endpoint's fields."""

_SHOWN = 3


def settle_names(parsed: ParsedTable, there: Records, confirmed: Collection[str] = ()) -> ParsedTable:
    """The table with each name as the account spells it, and a problem for each new name that is nearly one there.

    A row that we exported has its id beside it: its name is another thing than those that stand in the sheet, too,
    however near they are. `confirmed` are new names that a person has said to be new.
    """
    endpoint = parsed.table.endpoint
    settle = _settle_paths if endpoint.tree else _settle_flat
    return settle(parsed, endpoint, there, frozenset(map(fold, confirmed)))


def _settle_flat(parsed: ParsedTable, endpoint: Endpoint, there: Records, confirmed: frozenset[str]) -> ParsedTable:
    (name,) = endpoint.key
    texts, exported = _column(parsed, name), _exported(parsed)
    known = KnownNames([str(record[name]) for record in there], confirmed)
    spelled = frozenset(text for text, is_exported in zip(texts, exported, strict=True) if text and is_exported)
    told = [
        known.settle(text, spelled if is_exported else None) if text is not None else None
        for text, is_exported in zip(texts, exported, strict=True)
    ]
    return _with(parsed, name, told, endpoint)


def _settle_paths(parsed: ParsedTable, endpoint: Endpoint, there: Records, confirmed: frozenset[str]) -> ParsedTable:
    tree = endpoint.tree
    assert tree is not None  # the caller has looked
    kinds, texts, exported = _column(parsed, tree.kind), _column(parsed, tree.path), _exported(parsed)
    forests = {
        of: KnownTree([str(record[tree.path]) for record in there if record[tree.kind] == of], confirmed)
        for of in set(filter(None, kinds))
    }
    for of, forest in forests.items():
        rows = zip(kinds, texts, exported, strict=True)
        forest.take_root(text for kind, text, is_exported in rows if kind == of and text and is_exported)
    order = sorted(range(len(texts)), key=lambda at: (texts[at] or "").count(">"))
    told: list[str | CellError | None] = [None] * len(texts)
    for at in order:
        kind, text = kinds[at], texts[at]
        if kind is not None and text is not None:
            told[at] = forests[kind].settle(text, is_exported=exported[at])
    settled = _with(parsed, tree.path, told, endpoint)
    roots = [note for forest in forests.values() for note in forest.notes]
    return replace(settled, notes=(*settled.notes, *roots), errors=(*settled.errors, *_homeless(settled, forests)))


def _homeless(parsed: ParsedTable, forests: "Mapping[str, KnownTree]") -> Iterator[Problem]:
    """A problem for each new place whose place above is neither in the account nor in the table."""
    tree = parsed.table.endpoint.tree
    assert tree is not None
    kinds, paths = _column(parsed, tree.kind), _column(parsed, tree.path)
    listed = {(kind, path) for kind, path in zip(kinds, paths, strict=True) if kind and path}
    for ref, kind, path in zip(parsed.refs, kinds, paths, strict=True):
        above = (path or "").rpartition(WITHIN)[0]
        if not (kind and above) or forests[kind].has(str(path)) or forests[kind].has(above):
            continue
        if (kind, above) not in listed:
            yield problem_at(
                parsed.table, ref, parsed.table.first_telling(tree.path), about_migrations.no_place_above(above)
            )


def _column(parsed: ParsedTable, name: str) -> list[str | None]:
    return [None if pd.isna(value) else str(value) for value in parsed.values[name].to_list()]


def _exported(parsed: ParsedTable) -> list[bool]:
    """For each row whether it has the id of its record beside it, as in what we export."""
    header = fold_header(parsed.table.endpoint.id_header)
    column = next((each.name for each in parsed.table.ignored if fold_header(each.header) == header), None)
    if column is None:
        return [False] * len(parsed.values)
    return [bool(text.strip()) for text in parsed.texts(column)]


def _with(parsed: ParsedTable, name: str, told: Sequence[str | CellError | None], endpoint: Endpoint) -> ParsedTable:
    """The table with these names, and with the problems among them."""
    column = parsed.table.first_telling(name)
    problems = [
        problem_at(parsed.table, ref, column, each)
        for ref, each in zip(parsed.refs, told, strict=True)
        if isinstance(each, CellError)
    ]
    typed = _column(parsed, name)
    spelled = {
        was: now
        for was, now in zip(typed, told, strict=True)
        if isinstance(now, str) and was is not None and now != was and fold(now) == fold(was) and was.strip() != now
    }
    notes = (about_migrations.spelled_otherwise(endpoint.title.lower(), spelled),) if spelled else ()
    values = pd.array([each if isinstance(each, str) else was for each, was in zip(told, typed, strict=True)], "string")
    return replace(
        parsed,
        values=parsed.values.assign(**{name: values}),
        errors=(*parsed.errors, *problems),
        notes=(*parsed.notes, *notes),
    )


@dataclass
class KnownNames:
    """The names that there are, of the account and of new things before: finds what a further one means."""

    names: list[str]
    confirmed: frozenset[str] = frozenset()
    _by_fold: dict[str, list[str]] = field(default_factory=dict)
    _near: NearNames | None = None
    _last: tuple[str, Sequence[Nearest]] = ("", ())
    """The name that was asked for last, and what is like it: it is asked for twice in a row."""

    def __post_init__(self) -> None:
        for name in self.names:
            self._by_fold.setdefault(fold(name), []).append(name)
        self._exact = set(self.names)

    def settle(self, text: str, spelled: Collection[str] | None = None) -> str | CellError:
        """The name as it is spelled, be it there or new; or why that is a question.

        `spelled` are the names of the same sheet that are things of their own; None where it does not tell.
        """
        if text in self._exact:
            return text
        others = spelled or ()
        same = [name for name in self._by_fold.get(fold(text), ()) if name not in others]
        if len(same) == 1:
            return same[0]
        if len(same) > 1:
            return about_migrations.spelled_in_several_ways(text, same)
        new = text if spelled is not None else " ".join(text.split())
        near = [each.name for each in self.near(new) if each.is_near and each.name not in others]
        if near and fold(new) not in self.confirmed:
            return about_migrations.nearly_there(new, near[:_SHOWN])
        self._add(new)
        return new

    def nearest(self, name: str) -> str:
        """The name most like this one; empty where none is like it."""
        return next((each.name for each in self.near(name)), "")

    def near(self, name: str) -> Sequence[Nearest]:
        """The names most like this one, the likest first."""
        if self._near is None:
            self._near = NearNames(self.names)
        if self._last[0] != name:
            self._last = (name, self._near.to(name, _SHOWN * 3))
        return self._last[1]

    def _add(self, name: str) -> None:
        self._exact.add(name)
        self._by_fold.setdefault(fold(name), []).append(name)
        if self._near is not None:
            self._near.add(name)


@dataclass
class KnownTree:
    """The places of one tree, of the account and new ones before: finds what a further way down means."""

    paths: list[str]
    confirmed: frozenset[str] = frozenset()
    notes: list[str] = field(default_factory=list)
    _below: dict[str, KnownNames] = field(default_factory=dict)
    other_roots: dict[str, str] = field(default_factory=dict)
    """What the root of this tree is called elsewhere, with what it is called here."""

    def __post_init__(self) -> None:
        below: dict[str, list[str]] = {}
        for path in self.paths:
            above, _, name = path.rpartition(WITHIN)
            below.setdefault(above, []).append(name)
        self._below = {above: KnownNames(names, self.confirmed) for above, names in below.items()}
        self._there = frozenset(self.paths)

    @property
    def roots(self) -> Sequence[str]:
        """The places that lie in none; Kantata has one in each tree."""
        return [path for path in self.paths if WITHIN not in path]

    def take_root(self, exported: Iterator[str]) -> None:
        """Take the root that an exported sheet names for that of this tree, where it is called otherwise."""
        every = list(exported)
        theirs = [path for path in every if WITHIN not in path]
        if len(self.roots) != 1 or len(theirs) != 1 or theirs[0] in self.roots:
            return
        if all(path == theirs[0] or path.startswith(theirs[0] + WITHIN) for path in every):
            self.other_roots[theirs[0]] = self.roots[0]
            self.notes.append(about_migrations.other_root(theirs[0], self.roots[0]))

    def nearest(self, path: str) -> str:
        """The place beside it whose name is most like its own; empty where none is like it."""
        above, _, name = path.rpartition(WITHIN)
        below = self._below.get(above)
        return below.nearest(name) if below else ""

    def has(self, path: str) -> bool:
        """Whether the account has this place."""
        return path in self._there

    def settle(self, text: str, *, is_exported: bool = False) -> str | CellError:
        """The way from the root down to a place, as it is spelled, be it there or new; or why that is a question."""
        parts = text.split(WITHIN) if is_exported else [" ".join(part.split()) for part in text.split(">")]
        if not all(parts):
            return about_migrations.not_a_path(text)
        if not self.roots:
            return about_migrations.no_tree(text)
        first = self.other_roots.get(parts[0]) or next(
            (root for root in self.roots if fold(root) == fold(parts[0])), None
        )
        path, rest = (first, parts[1:]) if first is not None else (self.roots[0], parts)
        for name in rest:
            below = self._below.setdefault(path, KnownNames([], self.confirmed))
            told = below.settle(name, frozenset() if is_exported else None)
            if isinstance(told, CellError):
                return told
            path = f"{path}{WITHIN}{told}"
        return path
