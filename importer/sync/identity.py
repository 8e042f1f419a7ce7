"""By what a person is known in what this machine keeps: ids, e-mail addresses, names. Finds them in texts, and writes
`(forgotten)` in their place. Knows no journal and no file.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from importer.messages import about_forgetting
from importer.text import bare_address, fold, name_orders

FORGOTTEN = "(forgotten)"
"""What stands where a person stood."""

_SHORTEST_NUMBER = 4
"""A number of fewer digits is too common to be a person's id wherever it stands in a sentence."""
ANY_ACCOUNT = ""


class Mark(NamedTuple):
    """Something that only one person has: an e-mail address, or within an account an id of ours or of another system.

    `account` is the account's key; empty for an e-mail address, and where any account is meant.
    """

    kind: str
    text: str
    account: str = ANY_ACCOUNT


EMAIL, ID, EXTERNAL_ID, NAME = "e-mail", "id", "external id", "name"


@dataclass(frozen=True, slots=True)
class Traits:
    """What one row says about whose it is: all of it is of one person. `name` is as typed."""

    marks: frozenset[Mark] = frozenset()
    name: str = ""


@dataclass(frozen=True)
class Identity:
    """All by which one person is known. `names` are as typed somewhere."""

    marks: frozenset[Mark] = frozenset()
    names: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """How to tell this person from a namesake: the e-mail addresses, else the ids."""
        emails = sorted(mark.text for mark in self.marks if mark.kind == EMAIL)
        others = sorted(f"{mark.kind} {mark.text}" for mark in self.marks if mark.kind != EMAIL)
        return ", ".join(emails or others)

    @property
    def known_by(self) -> tuple[str, ...]:
        """What of a person is known: e-mail, external id, id, name."""
        return (*sorted({mark.kind for mark in self.marks}), *([NAME] if self.names else []))

    def has_mark(self, mark: Mark) -> bool:
        """Whether this is a mark of this person."""
        return mark in self.marks or mark._replace(account=ANY_ACCOUNT) in self.marks

    def has_id(self, id_: str, account: str) -> bool:
        """Whether this person has this id in this account."""
        return self.has_mark(Mark(ID, id_, account))

    def ids_in(self, account: str) -> frozenset[str]:
        """The ids of this person in an account."""
        return frozenset(mark.text for mark in self.marks if mark.kind == ID and mark.account in (account, ANY_ACCOUNT))

    def has_name(self, text: str) -> bool:
        """Whether this is a name of this person, with either name first."""
        return bool(text.strip()) and not self._orders.isdisjoint(name_orders(fold(text)))

    @cached_property
    def _orders(self) -> frozenset[str]:
        return frozenset(order for name in self.names for order in name_orders(fold(name)))

    def is_named_in(self, text: str) -> bool:
        """Whether an e-mail address or a name of this person of at least two words stands in a text."""
        return self._in_text.search(text) is not None

    def out_of(self, text: str) -> str:
        """The text without those."""
        return self._in_text.sub(FORGOTTEN, text)

    def out_of_sentence(self, text: str) -> str:
        """The same, without ids of this person as well, for texts in which a number is likely to be theirs."""
        return self._in_sentence.sub(FORGOTTEN, text)

    def is_number_of(self, text: str) -> bool:
        """Whether the whole text is an id of this person in some account."""
        return text.strip() in self._numbers

    @cached_property
    def _numbers(self) -> frozenset[str]:
        return frozenset(mark.text for mark in self.marks if mark.kind != EMAIL and len(mark.text) >= _SHORTEST_NUMBER)

    @cached_property
    def _in_text(self) -> re.Pattern[str]:
        return _any_of([*self._addresses, *self._spelled])

    @cached_property
    def _in_sentence(self) -> re.Pattern[str]:
        numbers = [rf"(?<![\w.]){re.escape(text)}(?!\w|\.\d)" for text in self._numbers]
        return _any_of([*self._addresses, *self._spelled, *numbers])

    @property
    def _addresses(self) -> list[str]:
        texts = [mark.text for mark in self.marks if mark.kind == EMAIL]
        return [rf"(?<![\w.+-]){re.escape(text)}(?!\w|[.-]\w)" for text in texts]

    @property
    def _spelled(self) -> list[str]:
        """The names of two words and more, in any order of given and family name, however composed."""
        orders = {order for each in self._orders if len(each.split()) > 1 for order in name_orders(each)}
        forms = {unicodedata.normalize(form, order) for order in orders for form in ("NFC", "NFD")}
        return [rf"(?<!\w){_SPACE.join(map(re.escape, form.split()))}(?!\w)" for form in forms]


_SPACE = r"[\s,]+"


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    """A pattern of which the longest alternatives come first; of none, one that nothing matches."""
    return re.compile("|".join(sorted(patterns, key=len, reverse=True)) or r"(?!)", re.IGNORECASE)


def pack_identity(person: Identity) -> dict[str, list[Any]]:
    """A person as JSON can hold it."""
    return {"marks": [list(mark) for mark in sorted(person.marks)], "names": sorted(person.names)}


def unpack_identity(packed: Mapping[str, Sequence[Any]]) -> Identity:
    """The person that was packed."""
    return Identity(frozenset(Mark(*each) for each in packed["marks"]), frozenset(packed["names"]))


def traits(name: str = "", *marks: Mark) -> Traits:
    """What a row says; marks without a text say nothing."""
    return Traits(frozenset(mark for mark in marks if mark.text), name.strip())


def email_mark(text: str) -> Mark:
    """The mark of an e-mail address as typed; without a text where it is none."""
    address = bare_address(fold(text))
    return Mark(EMAIL, address if "@" in address else "")


def identify(terms: Iterable[str], known: Iterable[Traits]) -> Identity:
    """The one person whom these terms mean (e-mail addresses, names, ids), by everything that is known of people.

    What nobody is known by is looked for as it is. Raises: Guarded where a term may mean several people.
    """
    people = _people(known)
    certain: list[Identity] = []
    unclear: list[tuple[str, list[Identity]]] = []
    for term in terms:
        found = [each for each in people if _is_meant(each, term)]
        if len(found) > 1:
            unclear.append((term, found))
        else:
            certain += found or [_as_typed(term)]
    for term, found in unclear:
        meant = [each for each in found if any(not each.marks.isdisjoint(other.marks) for other in certain)]
        if len(meant) != 1:
            raise about_forgetting.several_people(term, sorted(each.label for each in found))
        certain += [*meant, replace(_as_typed(term), marks=frozenset())]
    return Identity(
        frozenset(mark for each in certain for mark in each.marks),
        frozenset(name for each in certain for name in each.names),
    )


def _is_meant(person: Identity, term: str) -> bool:
    folded = fold(term)
    texts = {folded, bare_address(folded)}
    return any(fold(mark.text) in texts for mark in person.marks) or person.has_name(term)


def _as_typed(term: str) -> Identity:
    """A term as all that is known of somebody."""
    text = term.strip()
    address = email_mark(text)
    if address.text:
        return Identity(frozenset({address}))
    if any(letter.isdigit() for letter in text):
        return Identity(frozenset({Mark(ID, text), Mark(EXTERNAL_ID, text)}))
    return Identity(names=frozenset({text}))


@dataclass(slots=True)
class _Group:
    """What is known of one person, while it is put together."""

    marks: set[Mark] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


def _people(known: Iterable[Traits]) -> list[Identity]:
    """Everybody of whom a mark is known: two rows with a mark in common are of one person."""
    group_of: dict[Mark, _Group] = {}
    for each in set(known):
        if not each.marks:
            continue
        group = _Group(set(each.marks), {each.name} if each.name else set())
        for other in {id(one): one for one in map(group_of.get, each.marks) if one is not None}.values():
            group.marks |= other.marks
            group.names |= other.names
        group_of |= dict.fromkeys(group.marks, group)
    return [Identity(frozenset(each.marks), frozenset(each.names)) for each in _distinct(group_of)]


def _distinct(group_of: Mapping[Mark, _Group]) -> Iterator[_Group]:
    yield from {id(group): group for group in group_of.values()}.values()
