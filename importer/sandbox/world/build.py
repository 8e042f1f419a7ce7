"""The fixture world as rows, table by table; knows no database and no server.

The rows are the same every time: ids, names and times follow from the number of people wanted only, and a
larger world begins with the rows of a smaller one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from importer.sandbox.contract.people import ACCOUNT_ID
from importer.sandbox.errors import SandboxError
from importer.sandbox.world import holdings, places
from importer.sandbox.world.dates import CLOSING, OPENING, some_time, text
from importer.sandbox.world.draw import draw
from importer.sandbox.world.holdings import Row
from importer.sandbox.world.ids import counted, spaced, user_id
from importer.sandbox.world.people import (
    DANA,
    FEWEST,
    MOST,
    OUTSIDERS,
    REPORTS_OF_TOMAS,
    SKILLS_EDITABLE_BY_TOMAS,
    TOMAS,
    Person,
    people,
)
from importer.sandbox.world.skills import CATEGORY_ID, SKILLS

LEADS = range(20, 40)  # people with these numbers lead projects and have reports
OPENED = text(OPENING)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one table, and the columns that their values belong to."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@lru_cache(maxsize=2)
def world(users: int) -> tuple[Table, ...]:
    """Every table of a world with `users` people of the account.

    Raises: SandboxError if that is fewer or more than the world is made for.
    """
    if not FEWEST <= users <= MOST:
        raise SandboxError(f"The sandbox can hold {FEWEST:,} to {MOST:,} users, not {users:,}.")
    everyone = tuple(people(users))
    outsiders = [each[0] for each in OUTSIDERS]
    dana = user_id(DANA)
    return (
        _table(
            "users",
            "id full_name email_address headline photo_path account_id disabled created_at updated_at",
            (*_outsiders(), *map(_user, everyone)),
        ),
        _table(
            "account_memberships",
            "id user_id permission manager_id manager_can_edit_skills disabled_at created_at updated_at",
            map(_account_membership, everyone),
        ),
        _table("skill_categories", "id name", ((key, name) for name, key in CATEGORY_ID.items())),
        _table("skills", "id name description max_level skill_category_id created_at updated_at", _skills()),
        _table(
            "workspace_groups",
            "id name company contact_name email phone_number address website notes created_at updated_at",
            _groups(),
        ),
        _table("organizations", "id name type parent_id created_at updated_at", _organizations()),
        _table("workspaces", "id title archived account_id created_at updated_at", _projects()),
        _table("participations", "id workspace_id user_id role", holdings.participations(everyone, outsiders)),
        _table(
            "skill_memberships",
            "id user_id skill_id level cached_skill_name creator_id created_at updated_at",
            holdings.skill_memberships(everyone, dana),
        ),
        _table(
            "user_group_memberships",
            "id user_id workspace_group_id creator_id created_at",
            holdings.user_group_memberships(everyone, dana),
        ),
        _table(
            "organization_memberships",
            "id member_type member_id geography_id department_id is_primary created_at updated_at",
            holdings.organization_memberships(everyone),
        ),
        _table(
            "external_references",
            "id subject_type subject_id service_name service_model service_model_ref status external_message"
            " external_link external_status locked created_at updated_at",
            _external_references(),
        ),
    )


def shifted(tables: Iterable[Table], by: int) -> Iterator[Table]:
    """The same account with other ids: each is higher by so much. The id of the account itself stays."""
    for table in tables:
        ids = [name == "id" or (name.endswith("_id") and name != "account_id") for name in table.columns]
        yield Table(table.name, table.columns, tuple(_shifted(row, ids, by) for row in table.rows))


def _shifted(row: Row, ids: Sequence[bool], by: int) -> Row:
    return tuple(cell + by if is_id and isinstance(cell, int) else cell for cell, is_id in zip(row, ids, strict=True))


def _table(name: str, columns: str, rows: Iterable[Row]) -> Table:
    return Table(name, tuple(columns.split()), tuple(rows))


def _user(person: Person) -> Row:
    made = some_time("user", person.number)
    photo = f"https://example.com/photos/{person.number}.png"
    name, address, title = person.full_name, person.email_address, person.headline
    return person.id, name, address, title, photo, ACCOUNT_ID, int(person.disabled), made, made


def _outsiders() -> Iterator[Row]:
    for number, (key, name, email, headline) in enumerate(OUTSIDERS, start=1):
        theirs = ACCOUNT_ID + 1000 + number
        yield key, name, email, headline, None, theirs, 0, OPENED, OPENED


def _permission(number: int) -> str:
    if number == DANA:
        return "administrator"
    if number == TOMAS or number in LEADS:
        return "project_lead"
    return ("collaborator", "project_creator", "punch_clock")[draw("permission", number, 3)]


def _manager(number: int) -> int | None:
    if number == DANA:
        return None
    if number in REPORTS_OF_TOMAS:
        return user_id(TOMAS)
    if number < LEADS.stop:
        return user_id(DANA)
    return user_id(LEADS[draw("manager", number, len(LEADS))])


def _account_membership(person: Person) -> Row:
    number = person.number
    made = some_time("user", number)
    disabled_at = text(CLOSING) if person.disabled else None
    editable = int(number in SKILLS_EDITABLE_BY_TOMAS)
    key = spaced("account_memberships", number)
    return key, person.id, _permission(number), _manager(number), editable, disabled_at, made, made


def _skills() -> Iterator[Row]:
    for number, skill in enumerate(SKILLS):
        made = some_time("skill", number)
        category = CATEGORY_ID[skill.category]
        yield skill.id, skill.name, skill.description, skill.max_level, category, made, made


def _groups() -> Iterator[Row]:
    for number, (key, (name, company)) in enumerate(zip(places.GROUP_IDS, places.GROUPS, strict=True)):
        made = some_time("group", number)
        site = f"https://client{number}.example.com" if company else None
        yield key, name, int(company), None, None, None, None, site, None, made, made


def _organizations() -> Iterator[Row]:
    for node in places.ORGANIZATIONS:
        yield node.id, node.name, node.type, node.parent_id, OPENED, OPENED


def _projects() -> Iterator[Row]:
    for number, (title, archived) in enumerate(places.PROJECTS):
        made = some_time("project", number)
        yield places.PROJECT_IDS[number], title, int(archived), ACCOUNT_ID, made, made


def _external_references() -> Iterator[Row]:
    subjects = (
        *(("User", user_id(number), "hr_system", "Worker", f"W-{10_000 + number}") for number in range(40)),
        *(("Skill", SKILLS[number].id, "hr_system", "Competency", f"C-{number:04}") for number in range(10)),
        *(("WorkspaceGroup", key, "crm", "Account", f"A-{key}") for key in places.GROUP_IDS[20:]),
    )
    for number, subject in enumerate(subjects):
        key = counted("external_references", number)
        yield key, *subject, "successful", None, None, None, 0, OPENED, OPENED
