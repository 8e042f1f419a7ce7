"""What may be made before the records that name it, and what a person said of it. Asks what only they can know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from importer import endpoints
from importer.endpoints.declare import Directory
from importer.errors import Ambiguous, Choice
from importer.messages import about_migrations

SKILLS, GROUPS, ORGANIZATIONS = "skills", "groups", "organizations"
MADE = (SKILLS, ORGANIZATIONS, GROUPS)
"""What can be made first, in the order in which it is."""
MADE_IN = {
    Directory.SKILLS: SKILLS,
    Directory.GROUPS: GROUPS,
    Directory.GEOGRAPHIES: ORGANIZATIONS,
    Directory.DEPARTMENTS: ORGANIZATIONS,
}
"""Where a name is looked up of which something can be made, and what that is."""
_OPTIONS = {"category": "new_skill_category", "max_level": "new_skill_levels"}
_LABELS = {"5": "5: they have levels from 1 to 5", "1": "1: they have no levels, as certificates"}
PER_PERSON = "skills-per-person"
"""The limit on the skills of one person, among those of the account."""


@dataclass(frozen=True, slots=True)
class Creation:
    """What may be made first, and what a person said of it.

    `endpoints` are the kinds of things; `new_names` are names that are new although the account has one much like it;
    `skill_category` and `skill_levels` are those of new skills of which the sheet tells none. `limits` are how many of
    a kind the account takes, where that is not what is documented.
    """

    endpoints: frozenset[str] = frozenset()
    new_names: tuple[str, ...] = ()
    skill_category: str | None = None
    skill_levels: str | None = None
    limits: Mapping[str, int] = field(default_factory=dict)

    def said(self, field_name: str) -> str | None:
        """What a person said of this field of all new skills."""
        return {"category": self.skill_category, "max_level": self.skill_levels}.get(field_name)


NOTHING = Creation()


def question(field_name: str, names: Sequence[str]) -> Ambiguous:
    """What must be known of new skills before they can be made."""
    choices = endpoints.load(SKILLS).field(field_name).choices
    is_category = field_name == "category"
    order = choices if is_category else sorted(choices, reverse=True)
    asked = (
        about_migrations.category_of_new_skills(names) if is_category else about_migrations.levels_of_new_skills(names)
    )
    return asked.asking(*(Choice(_LABELS.get(each, each), _OPTIONS[field_name], each) for each in order))
