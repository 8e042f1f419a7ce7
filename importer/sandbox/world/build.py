"""The fixture world as rows, table by table; knows no database and no server.

The rows are the same every time: ids, names and times follow from the number of people wanted only, and a
larger world begins with the rows of a smaller one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from importer.sandbox.contract.collections import ACCOUNT_ID
from importer.sandbox.errors import SandboxError
from importer.sandbox.world import holdings, people, places
from importer.sandbox.world.dates import CLOSING, OPENING, some_time, text
from importer.sandbox.world.draw import draw
from importer.sandbox.world.holdings import Row
from importer.sandbox.world.ids import counted, spaced, user_id
from importer.sandbox.world.skills import CATEGORY_ID, SKILLS

LEADS = range(20, 40)  # people with these numbers lead projects and have reports
OPENED = text(OPENING)

LACKING = {
    "skills": {"skills": "1", "skill_memberships": "1", "external_references": "subject_type = 'Skill'"},
    "groups": {
        "workspace_groups": "1",
        "user_group_memberships": "1",
        "external_references": "subject_type = 'WorkspaceGroup'",
    },
    "organizations": {"organizations": "parent_id IS NOT NULL", "organization_memberships": "1"},
}
"""What an account can lack, and which rows of which tables it does not have then: the records of that kind, and what
hangs on them. The roots of both trees of organizations are there in every account."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """How an account begins: with how many people, by how much its ids are higher than elsewhere, what it lacks.

    Raises: SandboxError for something that no account can lack.
    """

    users: int = 450
    shift: int = 0
    lacks: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if unknown := sorted(self.lacks - LACKING.keys()):
            raise SandboxError(f"An account can lack {', '.join(LACKING)}, not {unknown[0]}.")


@lru_cache(maxsize=2)
def world(users: int) -> dict[str, tuple[Row, ...]]:
    """The rows of every table in a world with `users` people of the account, their values in the schema's order.

    Raises: SandboxError if that is fewer or more than the world is made for.
    """
    if not people.FEWEST <= users <= people.MOST:
        raise SandboxError(f"The sandbox can hold {people.FEWEST:,} to {people.MOST:,} users, not {users:,}.")
    everyone = tuple(people.people(users))
    outsiders = [each[0] for each in people.OUTSIDERS]
    dana = user_id(people.DANA)
    return {
        "users": (*_outsiders(), *map(_user, everyone)),
        "account_memberships": tuple(map(_account_membership, everyone)),
        "skill_categories": tuple((key, name) for name, key in CATEGORY_ID.items()),
        "skills": tuple(_skills()),
        "workspace_groups": tuple(_groups()),
        "organizations": tuple(_organizations()),
        "workspaces": tuple(_projects()),
        "participations": tuple(holdings.participations(everyone, outsiders)),
        "skill_memberships": tuple(holdings.skill_memberships(everyone, dana)),
        "user_group_memberships": tuple(holdings.user_group_memberships(everyone, dana)),
        "organization_memberships": tuple(holdings.organization_memberships(everyone)),
        "external_references": tuple(_external_references()),
    }


def shifted(rows: Iterable[Row], columns: Sequence[str], by: int) -> Iterator[Row]:
    """The same rows in an account where every id is higher by so much. The id of the account itself stays."""
    are_ids = [name == "id" or (name.endswith("_id") and name != "account_id") for name in columns]
    for row in rows:
        cells = zip(row, are_ids, strict=True)
        yield tuple(cell + by if is_id and isinstance(cell, int) else cell for cell, is_id in cells)


def _user(person: people.Person) -> Row:
    made = some_time("user", person.number)
    name, address, title = person.full_name, person.email_address, person.headline
    return person.id, name, address, title, ACCOUNT_ID, int(person.disabled), made, made


def _outsiders() -> Iterator[Row]:
    for number, (key, each) in enumerate(people.OUTSIDERS, start=1):
        theirs = ACCOUNT_ID + 1000 + number
        yield key, each["name"], each["email"], each["headline"], theirs, 0, OPENED, OPENED


def _permission(number: int) -> str:
    if number == people.DANA:
        return "administrator"
    if number == people.TOMAS or number in LEADS:
        return "project_lead"
    return ("collaborator", "project_creator", "punch_clock")[draw("permission", number, 3)]


def _manager(number: int) -> int | None:
    if number == people.DANA:
        return None
    if number in people.REPORTS_OF_TOMAS:
        return user_id(people.TOMAS)
    if number < LEADS.stop:
        return user_id(people.DANA)
    return user_id(LEADS[draw("manager", number, len(LEADS))])


def _account_membership(person: people.Person) -> Row:
    number = person.number
    made = some_time("user", number)
    disabled_at = text(CLOSING) if person.disabled else None
    editable = int(number in people.SKILLS_EDITABLE_BY_TOMAS)
    key = spaced("account_memberships", number)
    return key, person.id, _permission(number), _manager(number), editable, disabled_at, made, made


def _skills() -> Iterator[Row]:
    for number, skill in enumerate(SKILLS):
        made = some_time("skill", number)
        category = CATEGORY_ID[skill.category]
        yield skill.id, skill.name, skill.description, skill.max_level, category, made, made


def _groups() -> Iterator[Row]:
    for number, (key, name) in enumerate(zip(places.GROUP_IDS, places.GROUPS, strict=True)):
        made = some_time("group", number)
        company = name in places.COMPANIES
        site = f"https://client{number}.example.com" if company else None
        yield key, name, int(company), None, None, None, None, site, None, made, made


def _organizations() -> Iterator[Row]:
    for node in places.ORGANIZATIONS:
        yield node.id, node.name, node.type, node.parent_id, OPENED, OPENED


def _projects() -> Iterator[Row]:
    for number, title in enumerate(places.PROJECTS):
        made = some_time("project", number)
        yield places.PROJECT_IDS[number], title, int(title in places.ARCHIVED), ACCOUNT_ID, made, made


def _external_references() -> Iterator[Row]:
    subjects = (
        *(("User", user_id(number), "hr_system", "Worker", f"W-{10_000 + number}") for number in range(40)),
        *(("Skill", SKILLS[number].id, "hr_system", "Competency", f"C-{number:04}") for number in range(10)),
        *(("WorkspaceGroup", key, "crm", "Account", f"A-{key}") for key in places.GROUP_IDS[20:]),
    )
    for number, subject in enumerate(subjects):
        key = counted("external_references", number)
        yield key, *subject, "successful", OPENED, OPENED
