"""Skills and their categories; declared, not done."""

from typing import Annotated

from importer.sandbox.contract.bodies import SkillCreate, SkillUpdate
from importer.sandbox.contract.declare import (
    ALL_VERBS,
    Association,
    Collection,
    Filter,
    FilterKind,
    Form,
    Record,
    StampedRecord,
    Verb,
    alphabetical,
    dates,
)


class Skill(StampedRecord):
    """A skill of the library; its `max_level` is "1" where it has no levels, else "5"."""

    name: str
    description: str | None
    max_level: Annotated[str, Form.MAX_LEVEL]


class SkillCategory(Record):
    """One of the four kinds of skills."""

    name: str


SKILLS = Collection(
    name="skills",
    singular="skill",
    source="API reference 1.0.0, tag Skills",
    record=Skill,
    verbs=ALL_VERBS,
    associations=(Association("skill_category", "skill_categories", "skill_category_id"),),
    filters=(*dates("created", "updated"), Filter("matching", FilterKind.NAME, "name")),
    orders=(alphabetical("name"),),
    default_order="alphabetical:asc",
    create=SkillCreate,
    update=SkillUpdate,
    bulk_limit=200,
    rules=("max_level_sent", "skill_names", "skills_of_the_account"),
    dependents=(("skill_memberships", "skill_id"),),
)

SKILL_CATEGORIES = Collection(
    name="skill_categories",
    singular="skill_category",
    source="API reference 1.0.0, tag Skill Categories",
    record=SkillCategory,
    verbs=frozenset({Verb.LIST}),
    orders=(alphabetical("name"),),
    default_order="alphabetical:asc",
    stamps=(),
)
