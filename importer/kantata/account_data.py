"""The account's people, skills, groups and places, and who has which of them, as plain values.

Reads whole lists and keeps the few fields that exports need. Knows no sheet.
"""

import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from importer.endpoints.declare import Directory, Endpoint
from importer.kantata.client import Client
from importer.kantata.directory import AccountDirectory
from importer.kantata.existing_records import RecordQuery, scan_existing
from importer.kantata.id_filters import read_by_ids
from importer.kantata.pagination import read_extracts
from importer.kantata.resources import USERS, of_endpoint
from importer.kantata.responses import Record, id_order
from importer.model import Key
from importer.text import fold

_WATCHED = 1000


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the account. What the account leaves out is the empty text."""

    id: str
    name: str
    email: str
    title: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill: `max_level` is 5, or 1 where it has no levels. What has no category has the empty text for one."""

    id: str
    name: str
    category: str
    max_level: int


@dataclass(frozen=True, slots=True)
class NamedRecord:
    """A group, a project or a place by what it is called; `path` is the way to a place from the root of its tree."""

    id: str
    name: str
    path: str = ""


class HeldRecord(NamedTuple):
    """One record: its id, and its level where it has one. A tuple: an account has very many."""

    id: str
    level: int | None


def people_of(directory: AccountDirectory) -> list[Person]:
    """Everybody on the account, by name.

    Raises: Denied, Unreachable.
    """
    people = [
        Person(
            str(user["id"]),
            _text(user, "full_name"),
            _text(user, "email_address"),
            _text(user, "headline"),
            not user.get("disabled"),
        )
        for user in directory.records(Directory.PEOPLE)
    ]
    return sorted(people, key=lambda each: (fold(each.name), id_order(each.id)))


def skills_of(directory: AccountDirectory) -> list[Skill]:
    """Every skill of the account: those without a category first, then category by category, by name.

    Raises: Denied, Unreachable.
    """
    rank = {id_: number for number, id_ in enumerate(sorted(directory.categories, key=id_order), 1)}
    found = []
    for record in directory.records(Directory.SKILLS):
        id_ = str(record.get("skill_category_id"))
        most = str(record.get("max_level"))
        skill = Skill(
            sys.intern(str(record["id"])),
            _text(record, "name"),
            directory.categories.get(id_, ""),
            int(most) if most.isdecimal() else 5,
        )
        found.append((rank.get(id_, 0), fold(skill.name), id_order(skill.id), skill))
    return [skill for *_, skill in sorted(found, key=lambda each: each[:3])]


def named_records_of(directory: AccountDirectory, of: Directory) -> list[NamedRecord]:
    """Every group, project or place of one kind, by name; a place after what it lies in.

    Raises: Denied, Unreachable.
    """
    is_place = of in (Directory.GEOGRAPHIES, Directory.DEPARTMENTS)
    attribute = "title" if of is Directory.PROJECTS else "name"
    things = [
        NamedRecord(str(record["id"]), _text(record, attribute), directory.path(str(record["id"])) if is_place else "")
        for record in directory.records(of)
    ]
    return sorted(things, key=lambda each: (fold(each.path), fold(each.name), id_order(each.id)))


def with_descendants(directory: AccountDirectory, of: Directory, ids: Collection[str]) -> set[str]:
    """These places, and all that lie in them."""
    parent = {str(record["id"]): str(record.get("parent_id")) for record in directory.records(of)}
    found = set(ids) & parent.keys()
    while more := {id_ for id_, above in parent.items() if above in found} - found:
        found |= more
    return found


def read_by_owner(
    client: Client, endpoint: Endpoint, owners: Iterable[Key], watch: Callable[[int], None] = lambda _records: None
) -> dict[Key, dict[Key, HeldRecord]]:
    """All that these owners hold, in the fewest requests; of records that there are twice, the oldest counts. `watch`
    is called now and then with how many were read.

    Shapes: an owner is the part of the key that `Endpoint.owner` names, which begins the key; the
    records of each owner stand under the rest of the key.
    Raises: Denied, Unreachable.
    """
    size = len(endpoint.owner)
    rest = ("",) * (len(endpoint.key) - size)
    level = next(iter(endpoint.updates), "")
    shared: dict[Key, Key] = {}

    def keep(key: Key, record: Record) -> tuple[Key, Key, HeldRecord]:
        value = record.get(level)
        return (
            key[:size],
            shared.setdefault(key[size:], key[size:]),
            HeldRecord(str(record["id"]), value and int(value)),
        )

    wanted = RecordQuery(endpoint, [owner + rest for owner in owners], with_all_of_owners=True)
    found: dict[Key, dict[Key, HeldRecord]] = {}
    for number, (owner, of, held) in enumerate(scan_existing(client, wanted, keep), 1):
        if number % _WATCHED == 0:
            watch(number)
        theirs = found.setdefault(owner, {})
        if of not in theirs or id_order(held.id) < id_order(theirs[of].id):
            theirs[of] = held
    return found


def read_members(client: Client, endpoint: Endpoint, group_ids: Collection[str]) -> set[str]:
    """The people who are in any of these groups, by id; `endpoint` is that of group memberships.

    Raises: Denied, Unreachable.
    """
    field = next(name for name in endpoint.read_by if name not in endpoint.owner)
    by = (field, endpoint.read_by[field])
    return set(read_by_ids(client, of_endpoint(endpoint), by, sorted(group_ids), lambda record: str(record["user_id"])))


def read_people_in_places(client: Client, endpoint: Endpoint, places: Mapping[str, Collection[str]]) -> set[str]:
    """The people with a record that names a place of each kind, by id; `endpoint` is organization memberships.

    Shapes: `places` gives, for `geography_id` or `department_id`, the ids that count.
    Raises: Denied, Unreachable.
    """

    def keep(record: Record) -> str | None:
        is_there = all(str(record.get(field)) in ids for field, ids in places.items())
        return str(record["member_id"]) if is_there and str(record.get("member_type")).lower() == "user" else None

    return set(read_extracts(client, of_endpoint(endpoint), {"member_type": "user"}, keep))


def read_participants(client: Client, project_ids: Collection[str]) -> set[str]:
    """The people who take part in any of these projects, by id.

    Raises: Denied, Unreachable.
    """
    return {
        id_
        for project in sorted(project_ids)
        for id_ in read_extracts(client, USERS, {"participant_in": project}, lambda record: str(record["id"]))
    }


def find_unambiguous(
    directory: AccountDirectory, of: Directory, asked: Mapping[str, Sequence[str]]
) -> set[tuple[str, str]]:
    """Of these ids with texts for each, the pairs in which the text names that id and nothing else.

    Raises: Denied, Unreachable.
    """
    names = {(of, fold(text)) for texts in asked.values() for text in texts if text.strip()}
    found = directory.find(names)
    only = {(answer.exact[0].id, text) for (_, text), answer in found.items() if len(answer.exact) == 1}
    return {(id_, text) for id_, texts in asked.items() for text in texts if (id_, fold(text)) in only}


def _text(record: Record, attribute: str) -> str:
    return str(record.get(attribute) or "")
