"""Lists of what an account has besides memberships: its people, skills, groups and places. Reads each list whole."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from importer import endpoints
from importer.endpoints.declare import Directory
from importer.export.filters import stamp
from importer.export.membership_lists import Source
from importer.export.record_filters import choose_people, choose_skills, ids_named, places_named
from importer.kantata.id_filters import read_by_ids
from importer.kantata.pagination import read_extracts
from importer.kantata.resources import GROUPS, ORGANIZATIONS, SKILLS, USERS, Collection, of_endpoint
from importer.kantata.responses import Record
from importer.spreadsheet.write.record_rows import Cell, Column, Kind

_TIMES = (Column("created_at", Kind.TIME), Column("updated_at", Kind.TIME))


@dataclass(frozen=True, slots=True)
class DirectoryList:
    """A list that is held whole: a row has a value for each column."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def texts(*headers: str) -> list[Column]:
    """Columns of text under these headers."""
    return [Column(header) for header in headers]


def _some(text: object) -> str | None:
    return str(text) if text not in (None, "") else None


def _left(source: Source, collection: Collection, more: Mapping[str, str] | None = None) -> set[str] | None:
    """The ids of what the API's own filters leave of a list; None where none is asked for."""
    scope = source.scope
    filters = {**scope.time_filters(), **({"matching": scope.matching} if scope.matching else {}), **(more or {})}
    return set(read_extracts(source.client, collection, filters, lambda each: str(each["id"]))) if filters else None


def _times(record: Record) -> tuple[Cell, Cell]:
    return stamp(record, "created_at"), stamp(record, "updated_at")


def users(source: Source) -> DirectoryList:
    """People, and where they are said to be.

    Raises: Usage for a filter that names nothing; Denied, Unreachable.
    """
    chosen = choose_people(source.client, source.directory, source.scope.filters).people
    left = _left(source, USERS)
    skilled = _with_skills(source) if source.scope.filters.chooses_skills else None
    people = [p for p in chosen if (left is None or p.id in left) and (skilled is None or p.id in skilled)]
    where = places_of_people(source)
    rows = [
        (p.name, _some(p.email), _some(p.title), *(_some(text) for text in where(p.id)), p.is_active, p.id)
        for p in people
    ]
    columns = [
        *texts("user", "email", "title", "department", "geography"),
        Column("active", Kind.FLAG),
        Column("user_id", Kind.ID),
    ]
    return DirectoryList("Users", columns, rows)


def places_of_people(source: Source) -> Callable[[str], tuple[str, str]]:
    """The department and the geography of each person, by id, as paths; several stand one after the other.

    Raises: Denied, Unreachable.
    """
    endpoint = endpoints.load("organization-memberships")
    found: dict[str, list[tuple[str, str, str]]] = {}

    def keep(record: Record) -> bool | None:
        if str(record.get("member_type")).lower() == "user":
            first = "0" if record.get("primary") else "1"
            places = (first, str(record["department_id"]), str(record["geography_id"]))
            found.setdefault(str(record["member_id"]), []).append(places)
        return None

    read_extracts(source.client, of_endpoint(endpoint), {"member_type": "user"}, keep)
    paths = {
        str(record["id"]): source.directory.path(str(record["id"]))
        for of in (Directory.GEOGRAPHIES, Directory.DEPARTMENTS)
        for record in source.directory.records(of)
    }

    def where(person: str) -> tuple[str, str]:
        theirs = sorted(set(found.get(person, ())))
        departments, geographies = (dict.fromkeys(paths.get(each[at], "") for each in theirs) for at in (1, 2))
        return "; ".join(filter(None, departments)), "; ".join(filter(None, geographies))

    return where


def _with_skills(source: Source) -> set[str]:
    """The people who have any of the skills that are meant."""
    ids = [skill.id for skill in choose_skills(source.directory, source.scope.filters)]
    collection = of_endpoint(endpoints.load("skill-memberships"))
    return set(read_by_ids(source.client, collection, ("skill_id", "by_skill_ids"), ids, lambda r: str(r["user_id"])))


def skills(source: Source) -> DirectoryList:
    """Skills with their categories and highest levels.

    Raises: Usage for a filter that names nothing; Denied, Unreachable.
    """
    left = _left(source, SKILLS)
    records = {str(record["id"]): record for record in source.directory.records(Directory.SKILLS)}
    chosen = choose_skills(source.directory, source.scope.filters)
    rows = [
        (
            *(each.name, _some(each.category), each.max_level, _some(records[each.id].get("description"))),
            *(*_times(records[each.id]), each.id),
        )
        for each in chosen
        if left is None or each.id in left
    ]
    columns = [
        *texts("skill", "category"),
        Column("max_level", Kind.NUMBER),
        *(Column("description"), *_TIMES, Column("skill_id", Kind.ID)),
    ]
    return DirectoryList("Skills", columns, rows)


_CONTACT = ("contact_name", "phone_number", "address", "website", "notes")


def groups(source: Source) -> DirectoryList:
    """Groups, and the companies among them.

    Raises: Usage for a filter that names nothing; Denied, Unreachable.
    """
    scope = source.scope
    left = _left(source, GROUPS, {"companies_only": "true"} if scope.companies_only else None)
    named = scope.filters.groups
    chosen = ids_named(source.directory, Directory.GROUPS, named) if named else None
    records = {str(record["id"]): record for record in source.directory.records(Directory.GROUPS)}
    rows = [
        (
            *(each.name, bool(records[each.id].get("company")), *(_some(records[each.id].get(n)) for n in _CONTACT)),
            *(_some(records[each.id].get("email")), *_times(records[each.id]), each.id),
        )
        for each in source.things(Directory.GROUPS).values()
        if (left is None or each.id in left) and (chosen is None or each.id in chosen)
    ]
    columns = [
        *(Column("group"), Column("company", Kind.FLAG)),
        *texts(*_CONTACT, "contact_email"),
        *(*_TIMES, Column("workspace_group_id", Kind.ID)),
    ]
    return DirectoryList("Groups", columns, rows)


_TREES = {"Geography": Directory.GEOGRAPHIES, "Department": Directory.DEPARTMENTS}


def organizations(source: Source) -> DirectoryList:
    """The places of both trees, each after what it lies in.

    Raises: Usage for a filter that names nothing; Denied, Unreachable.
    """
    left = _left(source, ORGANIZATIONS)
    columns = [
        *texts("organization", "type", "path", "parent"),
        *(*_TIMES, Column("organization_id", Kind.ID), Column("parent_id", Kind.ID)),
    ]
    return DirectoryList("Organizations", columns, list(_organizations(source, left)))


def _organizations(source: Source, left: set[str] | None) -> Iterator[Sequence[Cell]]:
    filters = source.scope.filters
    named = {"Geography": filters.geographies, "Department": filters.departments}
    for tree, of in _TREES.items():
        if (source.scope.tree and tree != source.scope.tree) or (any(named.values()) and not named[tree]):
            continue
        chosen = places_named(source.directory, of, named[tree]) if named[tree] else None
        records = {str(record["id"]): record for record in source.directory.records(of)}
        for place in source.things(of).values():
            if (left is None or place.id in left) and (chosen is None or place.id in chosen):
                record = records[place.id]
                parent = _some(record.get("parent_id"))
                above = _some(records.get(str(parent), {}).get("name"))
                yield place.name, tree, place.path, above, *_times(record), place.id, parent


LISTS: Mapping[str, Callable[[Source], DirectoryList]] = {
    "users": users,
    "skills": skills,
    "groups": groups,
    "organizations": organizations,
}
"""The lists of other things by name."""
