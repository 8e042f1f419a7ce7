"""People and skills that the sandbox has at every start, and levels for them. Knows no sheet."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from importer.sandbox import Running


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be looked up in the sandbox by either name."""

    name: str
    email: str
    headline: str

    @property
    def first(self) -> str:
        """The given name."""
        return self.name.partition(" ")[0]

    @property
    def last(self) -> str:
        """The family name."""
        return self.name.partition(" ")[2]

    @property
    def last_first(self) -> str:
        """As in a register: `Reyes, Dana`."""
        return f"{self.last}, {self.first}" if self.last else self.first


@dataclass(frozen=True)
class World:
    """Who and what the sandbox has."""

    running: Running

    @cached_property
    def people(self) -> list[Person]:
        """Everyone active whose name is theirs alone and who holds few skills, in the order of their ids."""
        rows = self.running.query(
            """SELECT full_name, email_address, headline FROM users u WHERE account_id = 6300412 AND disabled = 0
            AND (SELECT count(*) FROM users o WHERE o.full_name = u.full_name) = 1
            AND (SELECT count(*) FROM skill_memberships m WHERE m.user_id = u.id) < 100 ORDER BY id"""
        )
        return [Person(row["full_name"], row["email_address"], row["headline"] or "") for row in rows]

    def named(self, *names: str) -> list[Person]:
        """The people of these names."""
        by_name = {person.name: person for person in self.people}
        return [by_name[name] for name in names]


Levels = dict[str, dict[str, int]]
"""For each person's e-mail address the level of each skill."""


def levels(seed: str, people: Sequence[Person], skills: Sequence[str], share: float = 0.7) -> Levels:
    """Levels from 1 to 5 for a share of the cells; everybody has at least one."""
    chance = random.Random(seed)
    found: Levels = {}
    for person in people:
        strength = chance.choice((2, 3, 3, 4))
        some = {
            skill: min(5, max(1, strength + chance.choice((-1, 0, 0, 1))))
            for skill in skills
            if chance.random() < share
        }
        found[person.email] = some or {skills[0]: strength}
    return found
