"""Lists of memberships: which records are meant, what is kept of each, and how it is told with ids and names.

Knows the three endpoints' records; how they are read, and how they are written, is told elsewhere.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from importer import endpoints
from importer.base import Held, Scope
from importer.endpoints.declare import Directory
from importer.export.account_reader import Choice, Keep
from importer.export.disk_buffer import Row
from importer.export.filters import ExportFilters, stamp
from importer.export.record_filters import choose_people, choose_skills, ids_named, places_named
from importer.kantata.account_data import NamedRecord, Person, Skill, named_records_of, people_of, skills_of
from importer.kantata.client import Client
from importer.kantata.directory import AccountDirectory
from importer.kantata.responses import Record
from importer.model import Key
from importer.spreadsheet.write.record_rows import Cell, Column, Kind

_LAST = (1 << 20) - 1
"""The rank of what no list of the account has: after all that it has, of which there are fewer."""
_MADE = (Column("created_at", Kind.TIME), Column("updated_at", Kind.TIME))
_BY = (Column("created_by"), Column("created_by_id", Kind.ID))
_MOST_LEVELS = 128
_PLACE_FIELDS = ("geography_id", "department_id", "member_id", "member_type")


@dataclass(frozen=True, slots=True)
class MembershipList:
    """One list of memberships: `keep` makes a row of a record that is wanted, and `cells` what is written of it; `held`
    is its key with what it holds. Of the keys within `scope` it has every record (None: of none).
    """

    title: str
    choice: Choice
    columns: Sequence[Column]
    keep: Keep
    cells: Callable[[Row], Sequence[Cell]]
    held: Callable[[Row], tuple[Key, Held]]
    scope: Scope | None = None


class Source:
    """The account as the lists need it: each of its lists by id, with the rank of each thing in its order."""

    def __init__(self, client: Client, directory: AccountDirectory, scope: ExportFilters) -> None:
        self.client = client
        self.directory = directory
        self.scope = scope

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Everybody on the account, by name."""
        return {each.id: each for each in people_of(self.directory)}

    @cached_property
    def skills(self) -> Mapping[str, Skill]:
        """Every skill, category by category."""
        return {each.id: each for each in skills_of(self.directory)}

    def things(self, of: Directory) -> Mapping[str, NamedRecord]:
        """Every group, project or place of one kind."""
        return {each.id: each for each in named_records_of(self.directory, of)}

    def chosen_people(self, scope: ExportFilters) -> set[str] | None:
        """The people who are meant, by id; None for all, also those whom no list shows."""
        if not scope.filters.chooses_people and not scope.active_only:
            return None
        return {each.id for each in choose_people(self.client, self.directory, scope.filters).people}

    def who(self, id_: object) -> tuple[str | None, str | None]:
        """The full name and the e-mail address of a person, as far as they are known."""
        person = self.people.get(str(id_))
        return (person.name or None, person.email or None) if person else (None, None)


def _ranks(ids: Iterable[str]) -> Callable[[object], int]:
    found = {id_: rank for rank, id_ in enumerate(ids)}
    return lambda id_: min(found.get(str(id_), _LAST), _LAST)


def _owners(people: Iterable[str] | None) -> Sequence[Key] | None:
    """People as the owners of what is read; None for everybody."""
    return None if people is None else [(id_,) for id_ in sorted(people)]


def _id(value: object) -> str | None:
    return None if value is None else str(value)


def _number(value: object) -> int | None:
    return int(str(value)) if value is not None and str(value).isdecimal() else None


def skill_memberships(source: Source) -> MembershipList:
    """Who has which skill, and how well.

    Raises: Usage for a filter that names nothing; Denied, Unreachable.
    """
    scope, people = source.scope, source.chosen_people(source.scope)
    chosen = {each.id for each in choose_skills(source.directory, scope.filters)}
    skills = chosen if scope.filters.chooses_skills else None
    rank_of_person, rank_of_skill = _ranks(source.people), _ranks(source.skills)

    def keep(record: Record) -> Row | None:
        person, skill = str(record["user_id"]), str(record["skill_id"])
        if (people is not None and person not in people) or (skills is not None and skill not in skills):
            return None
        if not scope.is_in_time(record):
            return None
        place = rank_of_person(person) << 20 | rank_of_skill(skill)
        times = stamp(record, "created_at"), stamp(record, "updated_at")
        return place, person, skill, _number(record.get("level")), *times, _id(record.get("creator_id"))

    known = source.skills
    values = [{"level": level} for level in range(_MOST_LEVELS)]

    def held(row: Row) -> tuple[Key, Held]:
        level = row[3] or 0
        return (str(row[1]), str(row[2])), values[level] if isinstance(level, int) else {"level": level}

    def cells(row: Row) -> Sequence[Cell]:
        id_, person, of, level, created, updated, creator = row[:7]
        name, email = source.who(person)
        skill = known.get(str(of))
        told = (skill.name, skill.category or None, level, skill.max_level) if skill else (None, None, level, None)
        return name, email, *told, created, updated, source.who(creator)[0], person, of, creator, str(id_)

    endpoint = endpoints.load("skill-memberships")
    return MembershipList(
        title=endpoint.title,
        choice=Choice(
            endpoint,
            list(source.people),
            owners=_owners(people),
            things=None if skills is None else ("skill_id", sorted(skills)),
            filters=scope.time_filters(),
        ),
        columns=(
            *(Column("user"), Column("email"), Column("skill"), Column("category")),
            *(Column("level", Kind.NUMBER), Column("max_level", Kind.NUMBER), *_MADE, _BY[0]),
            *(Column("user_id", Kind.ID), Column("skill_id", Kind.ID), _BY[1], Column("id", Kind.ID)),
        ),
        keep=keep,
        cells=cells,
        held=held,
        scope=_scope(source, user_id=people, skill_id=skills),
    )


def user_group_memberships(source: Source) -> MembershipList:
    """Who is in which group. The filter on groups is on the records here, not on people.

    Raises: Usage for a filter that names nothing; Denied, Unreachable.
    """
    scope = source.scope
    people = source.chosen_people(replace(scope, filters=replace(scope.filters, groups=())))
    named = scope.filters.groups
    chosen = ids_named(source.directory, Directory.GROUPS, named) if named else None
    groups = source.things(Directory.GROUPS)
    rank_of_person, rank_of_group = _ranks(source.people), _ranks(groups)

    def keep(record: Record) -> Row | None:
        person, group = str(record["user_id"]), str(record["workspace_group_id"])
        if (people is not None and person not in people) or (chosen is not None and group not in chosen):
            return None
        if not scope.is_in_time(record):
            return None
        place = rank_of_person(person) << 20 | rank_of_group(group)
        return place, person, group, stamp(record, "created_at"), _id(record.get("creator_id"))

    def cells(row: Row) -> Sequence[Cell]:
        id_, person, of, created, creator = row[:5]
        group = groups.get(str(of))
        told = (*source.who(person), group.name if group else None, created, source.who(creator)[0])
        return *told, person, of, creator, str(id_)

    endpoint = endpoints.load("user-group-memberships")
    return MembershipList(
        title=endpoint.title,
        choice=Choice(
            endpoint,
            list(source.people),
            owners=_owners(people),
            things=None if chosen is None else ("workspace_group_id", sorted(chosen)),
        ),
        columns=(
            *(Column("user"), Column("email"), Column("group"), _MADE[0], _BY[0]),
            *(Column("user_id", Kind.ID), Column("workspace_group_id", Kind.ID), _BY[1], Column("id", Kind.ID)),
        ),
        keep=keep,
        cells=cells,
        held=lambda row: ((str(row[1]), str(row[2])), {}),
        scope=_scope(source, user_id=people, workspace_group_id=chosen),
    )


def organization_memberships(source: Source) -> MembershipList:
    """The geography and department of people and projects. The filters on places are on the records here.

    Raises: Usage for a filter that names nothing; Denied, Unreachable.
    """
    scope, filters = source.scope, source.scope.filters
    members = _members(source)
    places = {
        name: places_named(source.directory, of, texts)
        for name, of, texts in (
            ("geography_id", Directory.GEOGRAPHIES, filters.geographies),
            ("department_id", Directory.DEPARTMENTS, filters.departments),
        )
        if texts
    }
    geographies, departments = source.things(Directory.GEOGRAPHIES), source.things(Directory.DEPARTMENTS)
    projects = source.things(Directory.PROJECTS)
    rank_of_member = _ranks([*_keys("user", source.people), *_keys("workspace", projects)])
    rank_of_geography, rank_of_department = _ranks(geographies), _ranks(departments)

    def keep(record: Record) -> Row | None:
        geography, department = str(record["geography_id"]), str(record["department_id"])
        kind, member = str(record["member_type"]).lower(), str(record["member_id"])
        if not members(kind, member) or not scope.is_in_time(record):
            return None
        if any(str(record[name]) not in ids for name, ids in places.items()):
            return None
        primary = record.get("primary")
        if scope.primary is not None and primary is not scope.primary:
            return None
        place = rank_of_member(f"{kind} {member}") << 40
        place |= rank_of_geography(geography) << 20 | rank_of_department(department)
        times = stamp(record, "created_at"), stamp(record, "updated_at")
        is_primary = None if primary is None else int(bool(primary))
        return place, geography, department, member, kind, is_primary, *times

    def cells(row: Row) -> Sequence[Cell]:
        id_, geography, department, member, kind, primary, created, updated = row[:8]
        there = [places[str(at)].path if str(at) in places else None
                 for at, places in ((geography, geographies), (department, departments))]  # fmt: skip
        project = projects.get(str(member))
        title = (project.name or None) if project else None
        name, email = source.who(member) if kind == "user" else (title, title)
        type_ = "User" if kind == "user" else "Workspace"
        is_primary = None if primary is None else bool(primary)
        return name, email, type_, *there, is_primary, created, updated, member, geography, department, str(id_)

    endpoint = endpoints.load("organization-memberships")
    return MembershipList(
        title=endpoint.title,
        choice=Choice(
            endpoint,
            list(source.people),
            owners=members.owners,
            filters={
                **scope.time_filters(),
                **({"member_type": scope.member_type.lower()} if scope.member_type else {}),
                **({"primary": str(scope.primary).lower()} if scope.primary is not None else {}),
            },
        ),
        columns=(
            *(Column("member_name"), Column("member"), Column("member_type"), Column("geography")),
            *(Column("department"), Column("primary", Kind.FLAG), *_MADE, Column("member_id", Kind.ID)),
            *(Column("geography_id", Kind.ID), Column("department_id", Kind.ID), Column("id", Kind.ID)),
        ),
        keep=keep,
        cells=cells,
        held=lambda row: (endpoint.key_of(dict(zip(_PLACE_FIELDS, row[1:5], strict=True))), {}),
        scope=_scope(source)
        if not (places or filters.chooses_people or filters.projects or scope.member_type)
        else None,
    )


def _scope(source: Source, **chosen: set[str] | None) -> Scope | None:
    """Within which ids a list has every record, if it does: not where only some times, or places, are meant."""
    scope = source.scope
    if str(scope.created) or str(scope.updated) or scope.primary is not None:
        return None
    return {name: frozenset(ids) for name, ids in chosen.items() if ids is not None}


@dataclass(frozen=True, slots=True)
class _Members:
    """Which people and projects are meant; None for all of a kind."""

    kinds: Mapping[str, set[str] | None]

    def __call__(self, kind: str, id_: str) -> bool:
        ids = self.kinds.get(kind, set())
        return ids is None or id_ in ids

    @property
    def owners(self) -> Sequence[Key] | None:
        """The members as parts of keys; None where all of a kind are meant."""
        if any(ids is None for ids in self.kinds.values()):
            return None
        return [(kind, id_) for kind, ids in self.kinds.items() for id_ in sorted(ids or ())]


def _members(source: Source) -> _Members:
    """People and projects; where only the one or the other are named, only these."""
    scope = source.scope
    filters = replace(scope.filters, departments=(), geographies=(), projects=())
    people = source.chosen_people(replace(scope, filters=filters))
    named = scope.filters.projects
    kinds: dict[str, set[str] | None] = {}
    if filters.chooses_people or not named:
        kinds["user"] = people
    if named or not filters.chooses_people:
        kinds["workspace"] = ids_named(source.directory, Directory.PROJECTS, named) if named else None
    if scope.member_type:
        kinds = {kind: ids for kind, ids in kinds.items() if kind == scope.member_type.lower()}
    return _Members(kinds)


def _keys(kind: str, ids: Iterable[str]) -> Iterable[str]:
    return (f"{kind} {id_}" for id_ in ids)


LISTS: Mapping[str, Callable[[Source], MembershipList]] = {
    "skill-memberships": skill_memberships,
    "user-group-memberships": user_group_memberships,
    "organization-memberships": organization_memberships,
}
"""The lists of memberships by name."""
