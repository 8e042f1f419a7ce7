"""What the people of the fixture world hold: skills, groups, organizations, projects. Rows as tuples.

Everything about person `number` depends on that number only, and ids follow the order of people, so that a
larger world begins with the same rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from importer.sandbox.world.dates import BULK_LOAD, some_time, text
from importer.sandbox.world.draw import draw
from importer.sandbox.world.ids import counted
from importer.sandbox.world.people import AMINA, DANA, HEAVY, KWAME, REPORTS_OF_TOMAS, TOMAS, Person
from importer.sandbox.world.places import DEPARTMENT_IDS, GEOGRAPHY_IDS, GROUP_IDS, PROJECT_IDS
from importer.sandbox.world.skills import SKILLS, Skill

Row = tuple[object, ...]

LOADED_AT_ONCE = range(60, 150)  # these people's skills came in one load: equal created_at
LOADED_EACH = 5
PROJECTS_OF_TOMAS = (PROJECT_IDS[3], PROJECT_IDS[9])
PROJECTS_IN_ORGANIZATIONS = 6


def _some(what: str, number: int, choices: Sequence[int], wanted: int) -> list[int]:
    """`wanted` different choices, depending on `what` and `number` only."""
    start = draw(what, number, len(choices))
    stride = 1 + 2 * draw(f"{what} stride", number, 4)  # 1, 3, 5, 7: no divisor of 230 skills but 5
    stride = stride if len(choices) % stride else 1
    return [choices[(start + step * stride) % len(choices)] for step in range(wanted)]


def _level(skill: Skill, number: int) -> int:
    return draw(f"level of {skill.id}", number, 2) if skill.max_level == 1 else draw(f"{skill.id}", number, 6)


def _skills_held(person: Person) -> list[Skill]:
    if person.number in HEAVY:
        return list(SKILLS[: HEAVY[person.number]])
    wanted = LOADED_EACH if person.number in LOADED_AT_ONCE else draw("skills", person.number, 5)
    return [SKILLS[index] for index in _some("skill", person.number, range(len(SKILLS)), wanted)]


def skill_memberships(people: Iterable[Person], creator: int) -> Iterator[Row]:
    """Yield (id, user, skill, level, cached name, creator, created, updated)."""
    number = 0
    for person in people:
        at_once = person.number in LOADED_AT_ONCE
        for skill in _skills_held(person):
            stamp = text(BULK_LOAD) if at_once else some_time("skill membership", number)
            level = _level(skill, person.number)
            key = counted("skill_memberships", number)
            yield key, person.id, skill.id, level, skill.name, creator, stamp, stamp
            number += 1


def user_group_memberships(people: Iterable[Person], creator: int) -> Iterator[Row]:
    """Yield (id, user, group, creator, created)."""
    groups = (
        (person.id, group)
        for person in people
        for group in _some("group", person.number, GROUP_IDS, draw("groups", person.number, 3))
    )
    for number, (person, group) in enumerate(groups):
        yield counted("user_group_memberships", number), person, group, creator, some_time("group membership", number)


def organization_memberships(people: Iterable[Person]) -> Iterator[Row]:
    """Yield (id, member type, member, geography, department, primary, created, updated).

    Projects first, then people: most have one membership, Kwame Mensah has two, of which one is primary.
    """
    number = 0
    members = [("Workspace", PROJECT_IDS[each], each) for each in range(PROJECTS_IN_ORGANIZATIONS)]
    people_with = (person for person in people if person.number == KWAME or draw("org", person.number, 10) < 7)
    for kind, member, seed in (*members, *(("User", person.id, person.number) for person in people_with)):
        for nth in range(2 if (kind, seed) == ("User", KWAME) else 1):
            geography = _some(f"{kind} geography", seed, GEOGRAPHY_IDS, 2)[nth]
            department = _some(f"{kind} department", seed, DEPARTMENT_IDS, 2)[nth]
            stamp = some_time("organization membership", number)
            key = counted("organization_memberships", number)
            yield key, kind, member, geography, department, int(nth == 0), stamp, stamp
            number += 1


def _projects_of(person: Person) -> Sequence[int]:
    if person.number == DANA:
        return PROJECT_IDS
    if person.number == TOMAS:
        return PROJECTS_OF_TOMAS
    if person.number in REPORTS_OF_TOMAS:
        return PROJECTS_OF_TOMAS[:1]
    if person.number == AMINA or person.number % 29 == 28:
        return ()
    return _some("project", person.number, PROJECT_IDS, 1 + draw("projects", person.number, 2))


def participations(people: Iterable[Person], outsiders: Iterable[int]) -> Iterator[Row]:
    """Yield (id, project, user, role): people of the account are `maven`, outsiders `buyer`."""
    buyers = ((project, outsider, "buyer") for project, outsider in zip(PROJECT_IDS, outsiders, strict=False))
    mavens = ((project, person.id, "maven") for person in people for project in _projects_of(person))
    for number, participation in enumerate(chain(buyers, mavens)):
        yield counted("participations", number), *participation
