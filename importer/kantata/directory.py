"""Who and what the account has, by name. Reads each list at most once, and decides nothing: it says what it found."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from importer.endpoints.declare import Candidate, Directory, Found, Name
from importer.fold import fold
from importer.kantata.client import Client, NotAccepted
from importer.kantata.collections import GROUPS, ORGANIZATIONS, PROJECTS, SKILL_CATEGORIES, SKILLS, USERS
from importer.kantata.envelope import Record
from importer.kantata.http import LONGEST_URL
from importer.kantata.listing import read_list

_CALLED = {
    Directory.PEOPLE: (USERS, "full_name"),
    Directory.SKILLS: (SKILLS, "name"),
    Directory.GROUPS: (GROUPS, "name"),
    Directory.PROJECTS: (PROJECTS, "title"),
}
"""Where a thing of an id is read, and which attribute is its name."""
_CALLED_AT_ONCE = 100
"""Ids in one request: their URL stays below what every server takes."""

Index = dict[str, list[Candidate]]
"""The bearers of each folded name."""


class AccountDirectory:
    """The account's people, skills, groups, organizations and projects, each list read when it is first needed.

    Names are compared folded: without regard to case, spaces and Unicode form.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._index: dict[Directory, Callable[[set[str]], Index]] = {
            Directory.EMAILS: self._emails,
            Directory.PEOPLE: lambda _texts: _by(self._people, "full_name", _person),
            Directory.SKILLS: self._skills,
            Directory.GROUPS: lambda _texts: _by(read_list(self._client, GROUPS), "name", _named),
            Directory.GEOGRAPHIES: lambda texts: self._organizations("geography", texts),
            Directory.DEPARTMENTS: lambda texts: self._organizations("department", texts),
            Directory.PROJECTS: lambda _texts: _by(read_list(self._client, PROJECTS), "title", _project),
        }

    def find(self, names: Iterable[Name]) -> Found:
        """Everything in the account that bears each of these names.

        Raises: Denied, Unreachable.
        """
        asked: dict[Directory, set[str]] = {}
        for directory, text in names:
            asked.setdefault(directory, set()).add(text)
        found: dict[Name, Sequence[Candidate]] = {}
        for directory, texts in asked.items():
            index = self._index[directory](texts)
            found |= {(directory, text): tuple(sorted(index.get(text, ()), key=_age)) for text in texts}
        return found

    def called(self, names: Iterable[Name]) -> dict[Name, str]:
        """What the things of these ids are called, as a sheet would name them; what cannot be seen is left out.

        Raises: Denied, Unreachable.
        """
        asked: dict[Directory, set[str]] = {}
        for directory, id_ in names:
            asked.setdefault(directory, set()).add(id_)
        found: dict[Name, str] = {}
        for directory, ids in asked.items():
            found |= {(directory, id_): name for id_, name in self._called(directory, ids).items() if name}
        return found

    def _called(self, directory: Directory, ids: set[str]) -> dict[str, str]:
        if directory in (Directory.GEOGRAPHIES, Directory.DEPARTMENTS):
            return {id_: " > ".join(_path(self._tree, id_)) for id_ in ids}
        collection, attribute = _CALLED[directory]
        wanted = sorted(ids)
        chunks = [wanted[start : start + _CALLED_AT_ONCE] for start in range(0, len(wanted), _CALLED_AT_ONCE)]
        records = (record for some in chunks for record in read_list(self._client, collection, {"only": some}))
        return {str(record["id"]): str(record.get(attribute) or "") for record in records}

    @cached_property
    def _people(self) -> list[Record]:
        return read_list(self._client, USERS)

    @cached_property
    def _tree(self) -> dict[str, Record]:
        return {str(record["id"]): record for record in read_list(self._client, ORGANIZATIONS)}

    def _emails(self, texts: set[str]) -> Index:
        """People by e-mail. A few addresses are asked for by a filter; whoever is not found so is looked for in the
        whole list, since the filter's letter case and what else it hides are not documented.
        """
        few = {"by_email_addresses": sorted(texts)}
        if "_people" not in self.__dict__ and self._client.url_length(USERS, few) <= LONGEST_URL:
            try:
                index = _by(read_list(self._client, USERS, few), "email_address", _person)
            except NotAccepted:
                index = {}
            if texts <= index.keys():
                return index
        return _by(self._people, "email_address", _person)

    def _skills(self, texts: set[str]) -> Index:
        skills = read_list(self._client, SKILLS)
        index = _by(skills, "name", _named)
        if any(len(index.get(text, ())) > 1 for text in texts):
            names = {str(each["id"]): str(each.get("name")) for each in read_list(self._client, SKILL_CATEGORIES)}
            return _by(skills, "name", lambda skill: _skill(skill, names))
        return index

    def _organizations(self, kind: str, texts: set[str]) -> Index:
        """Places of one tree by name, or by a path whose last name is theirs: `americas > united states`."""
        places = {id_: record for id_, record in self._tree.items() if str(record.get("type")).lower() == kind}
        index: Index = {}
        for text in texts:
            wanted = [fold(part) for part in text.split(">")]
            for id_ in places:
                path = list(_path(self._tree, id_))
                if [fold(name) for name in path[-len(wanted) :]] == wanted:
                    index.setdefault(text, []).append(Candidate(id_, f"{' > '.join(path)}, id {id_}"))
        return index


def _by(records: Iterable[Record], attribute: str, label: Callable[[Record], str]) -> Index:
    index: Index = {}
    for record in records:
        name = fold(str(record.get(attribute) or ""))
        if name:
            index.setdefault(name, []).append(Candidate(str(record["id"]), label(record)))
    return index


def _path(tree: dict[str, Record], id_: str) -> Iterator[str]:
    """The names from the root down to this place."""
    names: list[str] = []
    seen: set[str] = set()
    while id_ in tree and id_ not in seen:
        seen.add(id_)
        names.append(str(tree[id_].get("name") or ""))
        id_ = str(tree[id_].get("parent_id"))
    return reversed(names)


def _person(user: Record) -> str:
    inactive = ", inactive" if user.get("disabled") else ""
    return f"{user.get('full_name')}, {user.get('email_address')}, id {user['id']}{inactive}"


def _skill(skill: Record, categories: Mapping[str, str]) -> str:
    levels = "no levels" if str(skill.get("max_level")) == "1" else f"levels to {skill.get('max_level')}"
    return f"{_named(skill)}, {categories.get(str(skill.get('skill_category_id')), 'no category')}, {levels}"


def _age(candidate: Candidate) -> tuple[int, str]:
    """Ids grow with time: the order in which a person would name them."""
    return (len(candidate.id), candidate.id)


def _named(record: Record) -> str:
    return f"{record.get('name')}, id {record['id']}"


def _project(workspace: Record) -> str:
    archived = ", archived" if workspace.get("archived") else ""
    return f"{workspace.get('title')}, id {workspace['id']}{archived}"
