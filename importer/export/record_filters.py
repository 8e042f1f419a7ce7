"""Which people and skills of an account are meant by the filters that a person names. Sends no write."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields

from importer import endpoints
from importer.endpoints.declare import Answer, Directory
from importer.errors import Usage
from importer.kantata.account_data import (
    Person,
    Skill,
    people_of,
    read_members,
    read_participants,
    read_people_in_places,
    skills_of,
    with_descendants,
)
from importer.kantata.client import Client
from importer.kantata.directory import AccountDirectory
from importer.messages import about_exports
from importer.text import fold

_KINDS = {
    Directory.EMAILS: "person",
    Directory.PEOPLE: "person",
    Directory.SKILLS: "skill",
    Directory.GROUPS: "group",
    Directory.GEOGRAPHIES: "geography",
    Directory.DEPARTMENTS: "department",
    Directory.PROJECTS: "project",
}
_SEVERAL = {Directory.EMAILS: "people", Directory.PEOPLE: "people", Directory.GEOGRAPHIES: "geographies"}


@dataclass(frozen=True, slots=True)
class Filters:
    """Names as a person gives them. Names of one kind are alternatives; kinds that are named must all hold.

    A department or geography means what lies in it, too. Without names of a kind, all are meant.
    """

    users: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    geographies: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    with_inactive: bool = False

    @property
    def chooses_people(self) -> bool:
        """Whether some people are meant, and others not."""
        return bool(self.users or self.groups or self.departments or self.geographies or self.projects)

    @property
    def chooses_skills(self) -> bool:
        """Whether some skills are meant, and others not."""
        return bool(self.skills or self.categories)

    def __str__(self) -> str:
        named = [(each.name, getattr(self, each.name)) for each in fields(self) if each.name != "with_inactive"]
        return "; ".join(f"{name} {', '.join(texts)}" for name, texts in named if texts)


@dataclass(frozen=True, slots=True)
class ChosenPeople:
    """The people who are meant, by name; and how many inactive ones would be, too."""

    people: Sequence[Person]
    inactive: int


def choose_people(client: Client, directory: AccountDirectory, filters: Filters) -> ChosenPeople:
    """The people of the account who are meant.

    Raises: Usage for a name that is nobody's or not one's alone; Denied, Unreachable.
    """
    wanted: set[str] | None = None
    for ids in _asked_for(client, directory, filters):
        wanted = ids if wanted is None else wanted & ids
    people = [each for each in people_of(directory) if wanted is None or each.id in wanted]
    chosen = [each for each in people if each.is_active or filters.with_inactive]
    return ChosenPeople(chosen, len(people) - len(chosen))


def choose_skills(directory: AccountDirectory, filters: Filters) -> Sequence[Skill]:
    """The skills of the account that are meant, category by category.

    Raises: Usage for a name that is no skill's or category's; Denied, Unreachable.
    """
    skills = skills_of(directory)
    if filters.skills:
        ids = ids_named(directory, Directory.SKILLS, filters.skills)
        skills = [each for each in skills if each.id in ids]
    if filters.categories:
        names = dict.fromkeys(skill.category for skill in skills_of(directory) if skill.category)
        known = {fold(name): name for name in names}
        for text in filters.categories:
            if fold(text) not in known:
                raise about_exports.no_such_category(text, list(known.values()))
        wanted = {known[fold(text)] for text in filters.categories}
        skills = [each for each in skills if each.category in wanted]
    return skills


def _asked_for(client: Client, directory: AccountDirectory, filters: Filters) -> Iterable[set[str]]:
    """For each kind of filter that is named, the people it leaves, by id."""
    if filters.users:
        emails = [text for text in filters.users if "@" in text]
        names = [text for text in filters.users if "@" not in text]
        yield ids_named(directory, Directory.EMAILS, emails) | ids_named(directory, Directory.PEOPLE, names)
    if filters.groups:
        groups = ids_named(directory, Directory.GROUPS, filters.groups)
        yield read_members(client, endpoints.load("user-group-memberships"), groups)
    if filters.departments or filters.geographies:
        named = {
            "department_id": (Directory.DEPARTMENTS, filters.departments),
            "geography_id": (Directory.GEOGRAPHIES, filters.geographies),
        }
        places = {field: places_named(directory, of, texts) for field, (of, texts) in named.items() if texts}
        yield read_people_in_places(client, endpoints.load("organization-memberships"), places)
    if filters.projects:
        yield read_participants(client, ids_named(directory, Directory.PROJECTS, filters.projects))


def places_named(directory: AccountDirectory, of: Directory, texts: Collection[str]) -> set[str]:
    """The ids of the places that bear these names, and of all that lie in them.

    Raises: Usage, with the choices.
    """
    return with_descendants(directory, of, ids_named(directory, of, texts))


def ids_named(directory: AccountDirectory, of: Directory, texts: Collection[str]) -> set[str]:
    """The id of the one thing that bears each name, or has it for its id.

    Raises: Usage, with the choices.
    """
    found = directory.find({(of, fold(text)) for text in texts}) if texts else {}
    known = {str(record["id"]) for record in directory.records(of)} if any(map(str.isdecimal, texts)) else set()
    ids = set()
    for text in texts:
        answer = found[of, fold(text)]
        if len(answer.exact) == 1:
            ids.add(answer.exact[0].id)
        elif text in known:
            ids.add(text)
        else:
            raise _why(of, text, answer)
    return ids


def _why(of: Directory, text: str, answer: Answer) -> Usage:
    if answer.exact:
        things = _SEVERAL.get(of, f"{_KINDS[of]}s")
        return about_exports.several_named(things, text, [each.label for each in answer.exact])
    return about_exports.nothing_named(_KINDS[of], text, [each.label for each in answer.near])
