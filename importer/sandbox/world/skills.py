"""The skill library of the fixture world: four categories, 230 skills.

More than 200, because one person has 200 and a test gives them one more.
Source of the categories and of max_level "1" or "5": API reference 1.0.0, tags Skill Categories and Skills.
"""

from dataclasses import dataclass
from itertools import count

from importer.sandbox.world.fixture import FIXTURE, words
from importer.sandbox.world.ids import counted, spaced

CATEGORIES = ("Skill", "Language", "Certification", "Other")
CATEGORY_ID = {name: counted("skill_categories", number) for number, name in enumerate(CATEGORIES)}


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill of the library; `max_level` 5 has levels, 1 has none."""

    id: int
    name: str
    category: str
    max_level: int
    description: str | None = None


def _library() -> tuple[Skill, ...]:
    number = count()
    return tuple(
        Skill(spaced("skills", next(number)), name, each["category"], each["max_level"], each.get("description"))
        for each in FIXTURE["skills"]
        for name in words(each["names"])
    )


SKILLS = _library()
