"""The people of the fixture world: a few who are odd on purpose, and as many others as are wanted.

Person `number` depends on the people before, never on how many come after. Every person is invented.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from importer.sandbox.world.draw import draw
from importer.sandbox.world.fixture import CULTURES, FIXTURE, HEADLINES
from importer.sandbox.world.ids import FIRST, user_id

FEWEST = 60
MOST = 100_000


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the account; `number` counts from 0."""

    number: int
    full_name: str
    email_address: str
    headline: str | None = None
    disabled: bool = False

    @property
    def id(self) -> int:
        """The id of the user."""
        return user_id(self.number)


# The rest of the world and the tests know these people by their number.
DANA, TOMAS, PRIYA, MARIA, OTHER_MARIA, GREGOR, AMINA, INGRID, BARTHOLOMEW, WILHELMINA, KWAME = range(11)
HEAVY = {BARTHOLOMEW: 199, WILHELMINA: 200}  # person: skills held
REPORTS_OF_TOMAS = range(40, 46)
SKILLS_EDITABLE_BY_TOMAS = range(40, 44)

_KNOWN = FIXTURE["people"]
OUTSIDERS = [(FIRST["outsiders"] + each["distance"], each) for each in FIXTURE["outsiders"]]

_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "ß": "ss", "æ": "ae", "Ø": "O", "Ł": "L", "Đ": "D", "'": ""}
)


def _address(name: str) -> str:
    """What stands before the @: lower case, without accents, first and last word joined by a dot."""
    plain = unicodedata.normalize("NFKD", name.translate(_PLAIN))
    words = "".join(c for c in plain.lower() if c.isascii() and (c.isalpha() or c in " -")).split()
    return ".".join((words[0], "".join(words[1:])) if len(words) > 1 else words)


def _known() -> Iterator[Person]:
    for number, each in enumerate(_KNOWN):
        email = f"{each.get('address') or _address(each['name'])}@{'Example' if number == INGRID else 'example'}.com"
        yield Person(number, each["name"], email, each.get("headline"), disabled=number == GREGOR)


def _drawn_name(number: int) -> str:
    given, family = CULTURES[draw("culture", number, len(CULTURES))]
    chosen = given[draw("given", number, len(given))]
    return f"{chosen} {family[draw('family', number, len(family))]}"


def _with_initials(name: str, times: int) -> str:
    """`name` when it is met for the first time, then with a middle initial, then with two."""
    initials = ""
    while times:
        times, letter = divmod(times - 1, 26)
        initials = f" {chr(ord('A') + letter)}.{initials}"
    first, _, last = name.partition(" ")
    return f"{first}{initials} {last}"


def people(wanted: int) -> Iterator[Person]:
    """Yield `wanted` people, the known ones first. Only the two called Maria Silva share a name."""
    names: Counter[str] = Counter()
    addresses: Counter[str] = Counter()
    for person in _known():
        names[person.full_name] += 1
        addresses[person.email_address.partition("@")[0]] += 1
        yield person
    for number in range(len(_KNOWN), wanted):
        drawn = _drawn_name(number)
        name = _with_initials(drawn, names[drawn])
        names[drawn] += 1
        address = _address(name)
        addresses[address] += 1
        if addresses[address] > 1:
            address = f"{address}{addresses[address]}"
        headline = HEADLINES[draw("headline", number, len(HEADLINES))]
        yield Person(number, name, f"{address}@example.com", headline, disabled=number % 97 == 96)
