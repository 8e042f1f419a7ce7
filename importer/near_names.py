"""Whether a new name may be meant for one that exists: equal but for how it is written, mistyped or shortened.

Knows texts only. Does not know what bears a name, and creates nothing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from importer.name_words import (
    ANDS,
    Words,
    abbreviated,
    are_other_words,
    cores,
    plain,
    readings,
    shortened,
    stem,
    with_plain_umlauts,
    without_small,
)

if TYPE_CHECKING:
    from rapidfuzz.distance import Editop

_LIKENESS, _LIKENESS_WITH_A_WORD, _MOST_WITH_A_WORD = 70, 40, 100
"""How alike (0 to 100) a name must be that is shown though it is not near, how alike if they have a word in common,
and how many names with that word are compared.
"""
_EDITED, _EDITED_FIRST, _EDITED_TWICE, _SWAPPED = 5, 7, 8, 4
"""How many letters a word must have that may be mistyped: in one letter, in the first, in two, and where two letters
changed places or one was doubled.
"""
_NUMBERS = re.compile(r"\d+")
_TWO_PARTS = re.compile(r"(.+?)\s*(?:[(\[](.+)[)\]]\s*|\s-+\s+(.+)|[/:,=]\s*(.+))")
"""A name with another one in brackets, or behind a dash or the like."""
_CODE = re.compile(r"[A-Z\d](?:[/ .-]?[A-Z\d]){2,}")


@dataclass(frozen=True, slots=True)
class Nearest:
    """A name that exists and is like a new one; `is_near` if both may be the same thing."""

    name: str
    is_near: bool


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A name to be compared letter by letter: its words, what is compared of each, and what stands between them. Two
    names whose numbers differ are not compared at all.
    """

    words: Words
    parts: Words
    between: str
    numbers: str
    is_loose: bool

    @property
    def text(self) -> str:
        return self.between.join(self.parts)

    @property
    def most_edits(self) -> int:
        """How many letters may be mistyped, in words as long as these."""
        sizes = sorted(map(len, self.words))
        if sizes[-1] >= _EDITED_TWICE or (len(sizes) > 1 and sizes[-2] >= _SWAPPED):
            return 2
        return 1 if sizes[-1] >= _SWAPPED else 0

    def letters(self) -> list["_Letter"]:
        """The letters of the text, and where they stand."""
        found: list[_Letter] = []
        for word, part in zip(self.words, self.parts, strict=True):
            found += [_Letter(each, "", 0) for each in self.between if found]
            found += [_Letter(each, word, at) for at, each in enumerate(part)]
        return found


@dataclass(frozen=True, slots=True)
class _Letter:
    letter: str
    word: str
    at: int


@dataclass(frozen=True, slots=True)
class _Change:
    """A letter that differs: the word that it stands in, in both names, and what letter it is."""

    words: tuple[str, str]
    is_first: bool
    is_doubled: bool
    has_digit: bool

    @property
    def size(self) -> int:
        return min(map(len, self.words))


@dataclass(frozen=True, slots=True)
class _Forms:
    """What a name is compared by. A loose form leaves something out that tells names apart (a version, a vendor, the
    words that initials stand for): it makes two names near only if the other one has that form in full.
    """

    full: frozenset[str]
    loose: frozenset[str]

    def __or__(self, other: "_Forms") -> "_Forms":
        return _Forms(self.full | other.full, self.loose | other.loose)

    def have_one_in_common(self, other: "_Forms") -> bool:
        return bool(self.full & other.full or self.full & other.loose or self.loose & other.full)


@dataclass(frozen=True, slots=True)
class _Name:
    words: Words
    forms: _Forms
    spellings: tuple[_Spelling, ...]

    @property
    def joined(self) -> str:
        return " ".join(self.words)


class NearNames:
    """The names that exist, to be asked which of them a new name may be meant for."""

    def __init__(self, names: Iterable[str]) -> None:
        self._joined: dict[str, str] = {}
        self._full: dict[str, list[str]] = {}
        self._loose: dict[str, list[str]] = {}
        self._with_word: dict[str, list[str]] = {}
        self._spelled: dict[tuple[bool, str, int], dict[str, list[tuple[_Spelling, str]]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Let a name that was created count from now on."""
        if name in self._joined:
            return
        read = _read(name)
        self._joined[name] = read.joined
        for index, keys in (
            (self._full, read.forms.full),
            (self._loose, read.forms.loose),
            (self._with_word, set(map(stem, read.words))),
        ):
            for key in keys:
                index.setdefault(key, []).append(name)
        for spelling in read.spellings:
            alike = self._spelled.setdefault((spelling.is_loose, spelling.numbers, len(spelling.text)), {})
            alike.setdefault(spelling.text, []).append((spelling, name))

    def to(self, name: str, most: int = 3) -> tuple[Nearest, ...]:
        """The names most like this one, the likest first: all that may be the same thing (at most `most`), and where
        none may be, the one likest, if there is any likeness worth showing.
        """
        from rapidfuzz import fuzz  # noqa: PLC0415  (only where a name is new)

        read = _read(name)
        near = {*self._written_alike(read.forms), *self._mistyped(read.spellings)}
        if not near:
            return self._likest(read)[:most]
        shown = sorted(near, key=lambda each: (each != name, -fuzz.ratio(self._joined[each], read.joined), each))
        return tuple(Nearest(each, is_near=True) for each in shown[:most])

    def _written_alike(self, forms: _Forms) -> Iterator[str]:
        for key in forms.full:
            yield from self._full.get(key, ())
            yield from self._loose.get(key, ())
        for key in forms.loose:
            yield from self._full.get(key, ())

    def _mistyped(self, spellings: Sequence[_Spelling]) -> Iterator[str]:
        from rapidfuzz import process  # noqa: PLC0415
        from rapidfuzz.distance import OSA  # noqa: PLC0415

        for spelling in spellings:
            most = spelling.most_edits
            for texts in self._spelled_like(spelling, most):
                alike = process.extract(spelling.text, texts.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
                for text, _, _ in alike:
                    yield from (name for other, name in texts[text] if _is_mistyped(spelling, other))

    def _spelled_like(self, spelling: _Spelling, most: int) -> Iterator[dict[str, list[tuple[_Spelling, str]]]]:
        size = len(spelling.text)
        for is_loose in {False, not spelling.is_loose} if most else ():
            for each in range(size - most, size + most + 1):
                if texts := self._spelled.get((is_loose, spelling.numbers, each)):
                    yield texts

    def _likest(self, read: _Name) -> tuple[Nearest, ...]:
        from rapidfuzz import fuzz, process  # noqa: PLC0415

        bearers = [self._with_word.get(stem(word), []) for word in read.words]
        rarest = min(filter(None, bearers), key=len, default=[])[:_MOST_WITH_A_WORD]
        sharing = {name: self._joined[name] for name in rarest}
        for names, cutoff in ((self._joined, _LIKENESS), (sharing, _LIKENESS_WITH_A_WORD)):
            likest = process.extractOne(read.joined, names, scorer=fuzz.ratio, score_cutoff=cutoff)
            if likest:
                return (Nearest(likest[2], is_near=False),)
        return ()


@lru_cache(maxsize=16384)
def _read(name: str) -> _Name:
    found = readings(name)
    forms = _forms(found)
    parts = _TWO_PARTS.fullmatch(name)
    if parts is not None:
        first, second = parts[1], parts[2] or parts[3] or parts[4]
        forms |= _forms_of_parts(_forms(readings(first)), _forms(readings(second)), second)
    words = tuple(map(plain, found[0]))
    return _Name(words, forms, tuple(_spellings(words)))


def _forms_of_parts(first: _Forms, second: _Forms, typed: str) -> _Forms:
    """The forms that a name has because of its parts: both parts' where each says what the other says, "Machine
    Learning (ML)"; and a code in it stands for all of it, "Azure Administrator (AZ-104)".
    """
    if first.have_one_in_common(second):
        return first | second
    if not _CODE.fullmatch(typed):
        return _Forms(frozenset(), frozenset())
    return _Forms(frozenset(), second.full | first.full if _NUMBERS.search(typed) else second.full)


def _forms(found: Sequence[Words]) -> _Forms:
    full, loose = set[str](), set[str]()
    for typed in found:
        words = tuple(map(plain, typed))
        core = cores(words)
        for each in {words, without_small(words), *core}:
            full |= _keys(each)
        if not ANDS.isdisjoint(words):
            full |= {_as_one("".join(and_ if word in ANDS else word for word in words)) for and_ in ANDS}
        for each in set[Words]().union(*map(shortened, core)):
            loose |= _keys(each)
        for each in abbreviated(typed):
            loose |= _keys(each) if len(each) > 1 else {_as_one(each[0])}
    return _Forms(frozenset(full), frozenset(loose))


def _keys(words: Words) -> set[str]:
    """What is equal for names whose words are these, in any order, or written as one."""
    joined = "".join(words)
    numbers = [word for word in words if word.isdigit()]
    # "Phase 1, Sprint 2" is not "Phase 2, Sprint 1".
    in_any_order = sorted(map(stem, words)) + (numbers if len(numbers) > 1 else [])
    keys = {_as_one(joined), " ".join(in_any_order)}
    if len(words[-1]) > 2:  # "Level E" is not "Level S"
        keys.add(stem(joined))
    # "PowerBIs", "Vue.jss": where the last word begins is not known, or it is too short for a stem.
    if len(joined) > 4 and (len(words) == 1 or len(words[-1]) > 2):
        keys |= {_as_one(joined.removesuffix(ending)) for ending in ("s", "es")}
    return keys


def _as_one(word: str) -> str:
    """The key of a word as it is, which no stem is equal to: "proc" may be initials, and is the stem of "process"."""
    return f"={with_plain_umlauts(word)}"


def _spellings(words: Words) -> Iterator[_Spelling]:
    core = cores(words)
    full = {words, without_small(words), *core}
    loose = set[Words]().union(*map(shortened, core)) - full
    for each, is_loose in [*((each, False) for each in full), *((each, True) for each in loose)]:
        in_order = tuple(sorted(each, key=stem))
        numbers = "".join(_NUMBERS.findall(" ".join(each)))
        yield _Spelling(each, each, "", numbers, is_loose)
        yield _Spelling(in_order, tuple(map(stem, in_order)), " ", numbers, is_loose)


def _is_mistyped(one: _Spelling, other: _Spelling) -> bool:
    """Whether one of these may be the other one, mistyped: in one or two letters of words long enough to tell."""
    from rapidfuzz.distance import OSA, Levenshtein  # noqa: PLC0415

    # Always in one order: there are several ways to change a text into another, of which one is taken.
    first, second = sorted((one, other), key=lambda each: each.text)
    edits = OSA.distance(first.text, second.text)
    if edits > min(first.most_edits, second.most_edits):
        return False
    before, after = first.letters(), second.letters()
    changes = [_change(edit, before, after) for edit in Levenshtein.editops(first.text, second.text)]
    words = {each.words for each in changes}
    if any(each.has_digit for each in changes) or any(are_other_words(*each) for each in words):
        return False
    if edits == 2 and len(words) == 1:
        return all(each.size >= _EDITED_TWICE and not each.is_first for each in changes)
    is_swap = edits < len(changes)
    return all(each.size >= _size_needed(each, is_swap=is_swap) for each in changes)


def _change(edit: "Editop", before: list[_Letter], after: list[_Letter]) -> _Change:
    """What one edit changes, between the letters of two texts."""
    gone = before[edit.src_pos : edit.src_pos + (edit.tag != "insert")]
    come = after[edit.dest_pos : edit.dest_pos + (edit.tag != "delete")]
    # A letter that is missing may have stood in the word before it or in the one behind.
    old = gone or before[max(edit.src_pos - 1, 0) : edit.src_pos + 1]
    new = come or after[max(edit.dest_pos - 1, 0) : edit.dest_pos + 1]
    beside = {each.letter for each in (new if gone else old)} if len(gone) + len(come) == 1 else set()
    return _Change(
        words=(
            max((each.word for each in old), key=len, default=""),
            max((each.word for each in new), key=len, default=""),
        ),
        is_first=any(each.at == 0 for each in (*gone, *come)),
        is_doubled=any(each.letter in beside for each in (*gone, *come)),
        has_digit=any(each.letter.isdigit() for each in (*gone, *come)),
    )


def _size_needed(change: _Change, *, is_swap: bool) -> int:
    """How many letters its word must have for this change to be a slip."""
    if is_swap or change.is_doubled:
        return _EDITED if change.is_first else _SWAPPED
    return _EDITED_FIRST if change.is_first else _EDITED
