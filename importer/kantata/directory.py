"""Who and what the account has, by name. Reads each list at most once, and decides nothing: it says what it found."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from importer.endpoints.declare import Answer, Candidate, Directory, Found, Name
from importer.fold import fold, fold_accents, turned
from importer.kantata.client import Client, NotAccepted
from importer.kantata.collections import (
    GROUPS,
    ORGANIZATIONS,
    PROJECTS,
    SKILL_CATEGORIES,
    SKILLS,
    USERS,
    USERS_WITH_REFERENCES,
)
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

_WITHIN = " > "
"""What stands between a category and the name of a skill in it, or between the places of a path."""
_HAS_NEAR = frozenset(Directory) - {Directory.EXTERNAL_IDS}
_NEAR, _ALIKE = 3, 75
"""So many names that are alike are told, at least so much alike (0 to 100)."""

Index = dict[str, list[Candidate]]
"""The bearers of each folded name."""


class AccountDirectory:
    """The account's people, skills, groups, organizations and projects, each list read when it is first needed.

    Names are compared folded: without regard to case, spaces and Unicode form. Only where none is the same so are
    accents left aside. What is merely alike is told, and never taken.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._index: dict[Directory, Callable[[set[str]], Index]] = {
            Directory.EMAILS: self._emails,
            Directory.EXTERNAL_IDS: lambda _texts: self._external_ids,
            Directory.PEOPLE: lambda _texts: _by(self._people, "full_name", _person),
            Directory.SKILLS: self._skills,
            Directory.GROUPS: lambda _texts: _by(self._groups, "name", _named),
            Directory.GEOGRAPHIES: lambda texts: self._organizations("geography", texts),
            Directory.DEPARTMENTS: lambda texts: self._organizations("department", texts),
            Directory.PROJECTS: lambda _texts: _by(self._projects, "title", _project),
        }

    def find(self, names: Iterable[Name]) -> Found:
        """Everything in the account that bears each of these names, or one much like it where nothing does.

        Raises: Denied, Unreachable.
        """
        asked: dict[Directory, set[str]] = {}
        for directory, text in names:
            asked.setdefault(directory, set()).add(text)
        found: dict[Name, Answer] = {}
        for directory, texts in asked.items():
            index = self._index[directory](texts)
            answers = _Answers(index, is_person=directory is Directory.PEOPLE, has_near=directory in _HAS_NEAR)
            found |= {(directory, text): answers.to(text) for text in texts}
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
            return {id_: _WITHIN.join(_path(self._tree, id_)) for id_ in ids}
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

    @cached_property
    def _groups(self) -> list[Record]:
        return read_list(self._client, GROUPS)

    @cached_property
    def _projects(self) -> list[Record]:
        return read_list(self._client, PROJECTS)

    @cached_property
    def _all_skills(self) -> list[Record]:
        return read_list(self._client, SKILLS)

    @cached_property
    def _external_ids(self) -> Index:
        """People by what other systems call them, of any service. Source: GET /users, include external_references."""
        index: Index = {}
        for user in read_list(self._client, USERS_WITH_REFERENCES, bring="external_references"):
            for reference in user["external_references"]:
                text = fold(str(reference.get("service_model_ref") or ""))
                if text:
                    index.setdefault(text, []).append(_person(user))
        return index

    def levels_of(self, skill_ids: Iterable[str]) -> dict[str, int]:
        """The highest level of each of these skills: 1 where it has no levels. What cannot be seen is left out.

        Raises: Denied, Unreachable.
        """
        ids = sorted(set(skill_ids))
        if "_all_skills" in self.__dict__:
            records = self._all_skills
        else:
            chunks = [ids[start : start + _CALLED_AT_ONCE] for start in range(0, len(ids), _CALLED_AT_ONCE)]
            records = [record for some in chunks for record in read_list(self._client, SKILLS, {"only": some})]
        levels = {str(record["id"]): str(record.get("max_level")) for record in records}
        return {id_: int(levels[id_]) for id_ in ids if levels.get(id_, "").isdecimal()}

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
        """Skills by name, by a category and a name where that tells namesakes apart, and by id."""
        skills = self._all_skills
        by_name = _by(skills, "name", _named)
        asked = {text: text.partition(_WITHIN) for text in texts if text not in by_name}
        several = any(len(by_name.get(name or text, ())) > 1 for text, (_, _, name) in asked.items())
        if not several and not any(len(by_name.get(text, ())) > 1 for text in texts):
            return by_name | self._skills_besides(asked, by_name)
        names = {str(each["id"]): str(each.get("name")) for each in read_list(self._client, SKILL_CATEGORIES)}
        by_name = _by(skills, "name", lambda skill: _skill(skill, names))
        index = by_name | self._skills_besides(asked, by_name)
        category_of = {str(skill["id"]): fold(names.get(str(skill.get("skill_category_id")), "")) for skill in skills}
        for text, (category, _, name) in asked.items():
            within = [each for each in by_name.get(name, ()) if category_of[each.id] == category]
            if len(within) == 1:
                index[text] = within
        return index

    def _skills_besides(self, asked: Mapping[str, tuple[str, str, str]], by_name: Index) -> Index:
        """For each text that is no skill's name: those of the name in it, or the skill whose id it is."""
        by_id = {str(skill["id"]): _named(skill) for skill in self._all_skills}
        found = {text: by_name.get(name, []) for text, (_, _, name) in asked.items()}
        return found | {text: [by_id[name or text]] for text, (_, _, name) in asked.items() if (name or text) in by_id}

    def _organizations(self, kind: str, texts: set[str]) -> Index:
        """Places of one tree by name, or by a path whose last name is theirs: `americas > united states`."""
        places = [id_ for id_, record in self._tree.items() if str(record.get("type")).lower() == kind]
        index: Index = {}
        paths = {id_: list(_path(self._tree, id_)) for id_ in places}
        for id_, path in paths.items():
            index.setdefault(fold(path[-1]), []).append(_place(path, id_))
        for text in texts:
            wanted = [fold(part) for part in text.split(">")]
            if len(wanted) > 1:
                below = [id_ for id_ in places if list(map(fold, paths[id_][-len(wanted) :])) == wanted]
                index.setdefault(text, []).extend(_place(paths[id_], id_) for id_ in below)
        return index


class _Answers:
    """What a name is found to be in one index."""

    def __init__(self, index: Index, *, is_person: bool, has_near: bool) -> None:
        self._index = index
        self._is_person = is_person
        self._has_near = has_near

    @cached_property
    def _without_accents(self) -> Index:
        found: Index = {}
        for text, candidates in self._index.items():
            found.setdefault(fold_accents(text), []).extend(candidates)
        return found

    def to(self, text: str) -> Answer:
        """The bearers of a name; where there is none, of one that differs in accents only; else those alike."""
        said = [text, turned(text)] if self._is_person else [text]
        for index, wanted in ((self._index, said), (self._without_accents, list(map(fold_accents, said)))):
            exact = next((index[each] for each in wanted if index.get(each)), ())
            if exact:
                return Answer(tuple(sorted(exact, key=_age)))
        return Answer((), self._near(said[-1]))

    def _near(self, text: str) -> tuple[Candidate, ...]:
        if not self._has_near:
            return ()
        from rapidfuzz import fuzz, process  # noqa: PLC0415  (only where something was not found)

        wanted = text.partition(_WITHIN)[2] or text
        alike = process.extract(wanted, self._index.keys(), scorer=fuzz.WRatio, limit=_NEAR, score_cutoff=_ALIKE)
        return tuple(candidate for key, _, _ in alike for candidate in self._index[key])[:_NEAR]


def _by(records: Iterable[Record], attribute: str, candidate: Callable[[Record], Candidate]) -> Index:
    index: Index = {}
    for record in records:
        name = fold(str(record.get(attribute) or ""))
        if name:
            index.setdefault(name, []).append(candidate(record))
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


def _place(path: Sequence[str], id_: str) -> Candidate:
    return Candidate(id_, f"{_WITHIN.join(path)}, id {id_}")


def _person(user: Record) -> Candidate:
    inactive = bool(user.get("disabled"))
    headline = f", {user['headline']}" if user.get("headline") else ""
    label = f"{user.get('full_name')}, {user.get('email_address')}{headline}, id {user['id']}"
    return Candidate(str(user["id"]), label + (", inactive" if inactive else ""), inactive)


def _skill(skill: Record, categories: Mapping[str, str]) -> Candidate:
    levels = "no levels" if str(skill.get("max_level")) == "1" else f"levels to {skill.get('max_level')}"
    category = categories.get(str(skill.get("skill_category_id")), "no category")
    return Candidate(str(skill["id"]), f"{skill.get('name')}, {category}, {levels}, id {skill['id']}")


def _age(candidate: Candidate) -> tuple[int, str]:
    """Ids grow with time: the order in which a person would name them."""
    return (len(candidate.id), candidate.id)


def _named(record: Record) -> Candidate:
    return Candidate(str(record["id"]), f"{record.get('name')}, id {record['id']}")


def _project(workspace: Record) -> Candidate:
    archived = ", archived" if workspace.get("archived") else ""
    return Candidate(str(workspace["id"]), f"{workspace.get('title')}, id {workspace['id']}{archived}")
