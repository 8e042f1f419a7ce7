"""Who and what the account has, by name. Reads each list at most once; leaves every decision to its caller."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TypeVar
from urllib.parse import quote

from importer.endpoints.declare import WITHIN, Answer, Candidate, Directory, Endpoint, Name, NameAnswers
from importer.kantata.candidates import (
    person_candidate,
    place_candidate,
    project_candidate,
    skill_candidate,
    thing_candidate,
)
from importer.kantata.client import Client, NotAccepted
from importer.kantata.name_search import Index, NameSearch
from importer.kantata.pagination import FilterIgnored, in_parallel, read_extracts, read_list
from importer.kantata.record_forms import new_form
from importer.kantata.resources import (
    GROUPS,
    ORGANIZATIONS,
    PROJECTS,
    SKILL_CATEGORIES,
    SKILLS,
    USERS,
    USERS_WITH_REFERENCES,
)
from importer.kantata.responses import Record
from importer.kantata.transport import LONGEST_URL
from importer.text import fold

Found = TypeVar("Found")

_NAME_SOURCES = {
    Directory.PEOPLE: (USERS, "full_name"),
    Directory.SKILLS: (SKILLS, "name"),
    Directory.GROUPS: (GROUPS, "name"),
    Directory.PROJECTS: (PROJECTS, "title"),
}
"""Where a thing of an id is read, and which attribute is its name."""
_IDS_AT_ONCE = 100
"""Ids in one request: their URL stays below what every server takes."""

_EMAILS_AT_ONCE, _EMAIL_REQUESTS = 200, 4
"""Addresses in one request, by the API reference; and requests up to which they cost less than the whole list."""


class AccountDirectory:
    """The account's people, skills, groups, organizations and projects, each list read when it is first needed.

    Names are compared folded: without regard to case, spaces and Unicode form. Only where none is the same so are
    accents left aside, and then the order of a person's given and family name. A name that is only similar is
    suggested, and never used.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._by_id: dict[Directory, dict[str, Record]] = {}
        self.other_roots: dict[str, str] = {}
        """What the roots of its trees are called elsewhere, with what they are called here, both folded."""
        self._index: dict[Directory, Callable[[set[str]], Index]] = {
            Directory.EMAILS: self._emails,
            Directory.EXTERNAL_IDS: lambda _texts: self._external_ids,
            Directory.PEOPLE: lambda _texts: _by(self._people, "full_name", person_candidate),
            Directory.SKILLS: self._skills,
            Directory.GROUPS: lambda _texts: _by(self._groups, "name", thing_candidate),
            Directory.GEOGRAPHIES: partial(self._organizations, _TREES[Directory.GEOGRAPHIES]),
            Directory.DEPARTMENTS: partial(self._organizations, _TREES[Directory.DEPARTMENTS]),
            Directory.PROJECTS: lambda _texts: _by(self._projects, "title", project_candidate),
        }

    def with_planned(
        self, planned: Mapping[Directory, Sequence[Record]], levels: Mapping[str, str] | None = None
    ) -> "AccountDirectory":
        """The same account with things that a plan makes: skills, groups, and places of either tree; `levels` are the
        highest levels that it gives to skills, by id.

        Raises: Denied, Unreachable while a list of it is read.
        """
        other = AccountDirectory(self._client)
        other.__dict__.update({name: value for name, value in self.__dict__.items() if name in _KEPT})
        other._by_id = self._by_id
        for of, records in planned.items():
            if of in _TREES:
                other.__dict__["_tree"] = {**other._tree, **{str(each["id"]): each for each in records}}
            else:
                other.__dict__[_WHOLE[of]] = [*getattr(other, _WHOLE[of]), *records]
        other.other_roots = self.other_roots
        if levels:
            other.__dict__["_all_skills"] = [
                {**skill, "max_level": levels[id_]} if (id_ := str(skill["id"])) in levels else skill
                for skill in other._all_skills
            ]
        return other

    def with_roots(self, roots: Mapping[str, str]) -> "AccountDirectory":
        """The same account, where the roots of its trees have other names as well, by which places are named."""
        other = self.with_planned({})
        other.other_roots = {**self.other_roots, **{fold(name): fold(root) for name, root in roots.items()}}
        return other

    def place_id(self, kind: str, path: str) -> str | None:
        """The id of the place at the end of this way down a tree (`Geography`); None where there is none."""
        there = (id_ for id_, names in self._paths(kind.lower()).items() if WITHIN.join(names) == path)
        return next(there, None)

    def find(self, names: Iterable[Name]) -> NameAnswers:
        """Everything in the account that bears each of these names, or one much like it where nothing does.

        Raises: Denied, Unreachable.
        """

        def answers_in(directory: Directory, texts: set[str]) -> dict[Name, Answer]:
            search = NameSearch(self._index[directory](texts), directory)
            return {(directory, text): search.to(text) for text in sorted(texts)}

        return self._look_up(names, answers_in)

    def known(self, names: Iterable[Name]) -> frozenset[Name]:
        """The names that somebody or something in the account bears.

        Raises: Denied, Unreachable.
        """

        def known_in(directory: Directory, texts: set[str]) -> dict[Name, bool]:
            search = NameSearch(self._index[directory](texts), directory)
            return {(directory, text): True for text in texts if search.exact(text)}

        return frozenset(self._look_up(names, known_in))

    def candidates_by_id(self, names: Iterable[Name]) -> dict[Name, Candidate]:
        """The person or thing of each of these ids, by the list that it stands in; what is not there is left out.

        Raises: Denied, Unreachable.
        """

        def candidates_in(directory: Directory, ids: set[str]) -> dict[Name, Candidate]:
            return {(directory, each.id): each for each in self._candidates_by_id(directory, ids)}

        return self._look_up(names, candidates_in)

    def _candidates_by_id(self, directory: Directory, ids: set[str]) -> Iterator[Candidate]:
        if directory in _TREES:
            paths = self._paths(_TREES[directory])
            return (place_candidate(paths[id_], id_) for id_ in ids if id_ in paths)
        candidate = _CANDIDATES[directory]
        if directory is Directory.SKILLS and "categories" in self.__dict__:
            candidate = partial(skill_candidate, categories=self.categories)
        return map(candidate, self._records(directory, ids))

    def inactive_among(self, ids: Iterable[str]) -> list[Candidate]:
        """The inactive people among these ids, as far as the list of people has been read; nothing is read for it."""
        wanted = set(ids) if "_people" in self.__dict__ else set()
        return [person_candidate(user) for user in self._people if str(user["id"]) in wanted] if wanted else []

    def names_by_id(self, names: Iterable[Name]) -> dict[Name, str]:
        """What the things of these ids are called, as a sheet would name them; what cannot be seen is left out.

        Raises: Denied, Unreachable.
        """

        def names_in(directory: Directory, ids: set[str]) -> dict[Name, str]:
            return {(directory, id_): name for id_, name in self._names_by_id(directory, ids).items() if name}

        return self._look_up(names, names_in)

    def _look_up(
        self, names: Iterable[Name], look: Callable[[Directory, set[str]], dict[Name, Found]]
    ) -> dict[Name, Found]:
        """What `look` finds in each directory. The lists of the account that it reads for that are read at once, but
        those of one kind of record one after the other, as each is spared what an earlier one has read.
        """
        wanted = _by_directory(names)
        by_list: dict[str, list[tuple[Directory, set[str]]]] = {}
        for directory, of in _LISTS.items():
            if directory in wanted:
                by_list.setdefault(of.path, []).append((directory, wanted[directory]))

        def found_in(some: Sequence[tuple[Directory, set[str]]]) -> dict[Name, Found]:
            return {name: each for directory, texts in some for name, each in look(directory, texts).items()}

        every = in_parallel(found_in, list(by_list.values()), self._client.workers)
        return {name: each for some in every for name, each in some.items()}

    def _names_by_id(self, directory: Directory, ids: set[str]) -> dict[str, str]:
        if directory in _TREES:
            return {id_: self.path(id_) for id_ in ids}
        _, attribute = _NAME_SOURCES[directory]
        return {str(each["id"]): str(each.get(attribute) or "") for each in self._records(directory, ids)}

    def _records(self, directory: Directory, ids: Iterable[str]) -> list[Record]:
        """What has these ids, from the whole list if that has been read, else asked for by them, each once."""
        wanted = sorted(set(ids))
        if _WHOLE[directory] in self.__dict__:
            whole: list[Record] = getattr(self, _WHOLE[directory])
            asked = set(wanted)
            return [record for record in whole if str(record["id"]) in asked]
        known = self._by_id.setdefault(directory, {})
        new = [id_ for id_ in wanted if id_ not in known]
        chunks = [new[start : start + _IDS_AT_ONCE] for start in range(0, len(new), _IDS_AT_ONCE)]
        read = partial(read_list, self._client, _NAME_SOURCES[directory][0])
        for records in in_parallel(read, [{"only": some} for some in chunks], self._client.workers):
            known.update((str(record["id"]), record) for record in records)
        return [known[id_] for id_ in wanted if id_ in known]

    def records(self, of: Directory) -> Sequence[Record]:
        """Every record that names of this kind are looked up in; those of one tree for geographies or departments.

        Raises: Denied, Unreachable.
        """
        if of in _TREES:
            return [record for record in self._tree.values() if str(record.get("type")).lower() == _TREES[of]]
        whole: list[Record] = getattr(self, _WHOLE.get(of, _WHOLE[Directory.PEOPLE]))
        return whole

    def things(self, endpoint: Endpoint) -> Sequence[Record]:
        """Every thing of this kind, told by the endpoint's fields.

        Raises: Denied, Unreachable.
        """
        whole = {SKILLS.path: "_all_skills", GROUPS.path: "_groups", ORGANIZATIONS.path: "_tree"}
        records = getattr(self, whole[endpoint.path])
        form = new_form(self._client, endpoint)
        return form.told(records.values() if endpoint.tree else records, are_all=True)

    def path(self, id_: str) -> str:
        """The names from the root of its tree down to this place: `Americas > United States`."""
        return WITHIN.join(_path(self._tree, id_))

    @cached_property
    def categories(self) -> dict[str, str]:
        """The names of the skill categories by id. Source: GET /skill_categories."""
        return {str(each["id"]): str(each.get("name")) for each in read_list(self._client, SKILL_CATEGORIES)}

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
        people = read_list(self._client, USERS_WITH_REFERENCES, bring="external_references")
        self.__dict__.setdefault("_people", people)  # the same people: no second pass over them for their names
        index: Index = {}
        for user in people:
            for reference in user["external_references"]:
                text = fold(str(reference.get("service_model_ref") or ""))
                if text:
                    index.setdefault(text, []).append(person_candidate(user))
        return index

    def levels_of(self, skill_ids: Iterable[str]) -> dict[str, int]:
        """The highest level of each of these skills: 1 where it has no levels. What cannot be seen is left out.

        Raises: Denied, Unreachable.
        """
        records = self._records(Directory.SKILLS, skill_ids)
        levels = {str(record["id"]): str(record.get("max_level")) for record in records}
        return {id_: int(level) for id_, level in levels.items() if level.isdecimal()}

    def _emails(self, texts: set[str]) -> Index:
        """People by e-mail. Some hundred addresses are asked for by a filter; whoever is not found so is looked for in
        the whole list, since the filter's letter case and what else it hides are not documented.
        """
        chunks = [] if "_people" in self.__dict__ else self._email_chunks(texts)
        if 0 < len(chunks) <= _EMAIL_REQUESTS:
            try:
                read = partial(self._by_addresses, texts)
                people = [user for some in in_parallel(read, chunks, self._client.workers) for user in some]
            except (FilterIgnored, NotAccepted):
                people = []
            index = _by(people, "email_address", person_candidate)
            if texts <= index.keys():
                return index
        return _by(self._people, "email_address", person_candidate)

    def _by_addresses(self, wanted: set[str], some: Sequence[str]) -> list[Record]:
        def is_wanted(user: Record) -> bool:
            return fold(str(user.get("email_address") or "")) in wanted

        return read_extracts(self._client, USERS, {"by_email_addresses": some}, lambda user: user, is_wanted)

    def _email_chunks(self, texts: set[str]) -> list[list[str]]:
        """The addresses in parts whose URL stays within `LONGEST_URL`."""
        room = LONGEST_URL - self._client.url_length(USERS, {"by_email_addresses": [""]})
        chunks: list[list[str]] = []
        left = 0
        for text in sorted(texts):
            length = len(quote(f"{text},", safe=""))
            if not chunks or length > left or len(chunks[-1]) == _EMAILS_AT_ONCE:
                chunks.append([])
                left = room
            chunks[-1].append(text)
            left -= length
        return chunks

    def _skills(self, texts: set[str]) -> Index:
        """Skills by name, by a category and a name where that tells namesakes apart, and by id."""
        skills = self._all_skills
        by_name = _by(skills, "name", thing_candidate)
        asked = {text: text.partition(WITHIN) for text in texts if text not in by_name}
        bearers = NameSearch(by_name, Directory.SKILLS).exact
        if any(len(bearers(text.partition(WITHIN)[2] or text)) > 1 for text in texts):
            names = self.categories
            by_name = _by(skills, "name", lambda skill: skill_candidate(skill, names))
            bearers = NameSearch(by_name, Directory.SKILLS).exact
            category_of = {str(each["id"]): fold(names.get(str(each.get("skill_category_id")), "")) for each in skills}
        by_id = {str(skill["id"]): [thing_candidate(skill)] for skill in skills}
        index = dict(by_name)
        for text, (category, _, name) in asked.items():
            found = (bearers(name) if name else ()) or by_id.get(name or text, ())
            within = [each for each in found if category_of[each.id] == category] if len(found) > 1 else []
            index[text] = within if len(within) == 1 else list(found)
        return index

    def _organizations(self, kind: str, texts: set[str]) -> Index:
        """Places of one tree by name, or by a path whose last name is theirs: `americas > united states`."""
        index: Index = {}
        paths = self._paths(kind)
        for id_, path in paths.items():
            index.setdefault(fold(path[-1]), []).append(place_candidate(path, id_))
        for text in texts:
            wanted = [fold(part) for part in text.split(">")]
            wanted[0] = self.other_roots.get(wanted[0], wanted[0])
            if len(wanted) > 1:
                below = [id_ for id_ in paths if list(map(fold, paths[id_][-len(wanted) :])) == wanted]
                index.setdefault(text, []).extend(place_candidate(paths[id_], id_) for id_ in below)
        return index

    def _paths(self, kind: str) -> dict[str, list[str]]:
        """The places of one tree by id, each with the names from the root down to it."""
        places = [id_ for id_, record in self._tree.items() if str(record.get("type")).lower() == kind]
        return {id_: list(_path(self._tree, id_)) for id_ in places}


def _by_directory(names: Iterable[Name]) -> dict[Directory, set[str]]:
    """The texts or ids to look up in each directory."""
    wanted: dict[Directory, set[str]] = {}
    for directory, text in names:
        wanted.setdefault(directory, set()).add(text)
    return wanted


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


_TREES = {Directory.GEOGRAPHIES: "geography", Directory.DEPARTMENTS: "department"}
"""The type of the organizations in each tree."""
_LISTS = {
    Directory.EXTERNAL_IDS: USERS,
    Directory.PEOPLE: USERS,
    Directory.EMAILS: USERS,
    Directory.SKILLS: SKILLS,
    Directory.GROUPS: GROUPS,
    Directory.GEOGRAPHIES: ORGANIZATIONS,
    Directory.DEPARTMENTS: ORGANIZATIONS,
    Directory.PROJECTS: PROJECTS,
}
"""The list of the account in which names of each kind are looked up; what reads the whole of it comes first."""
_WHOLE = {
    Directory.PEOPLE: "_people",
    Directory.SKILLS: "_all_skills",
    Directory.GROUPS: "_groups",
    Directory.PROJECTS: "_projects",
}
"""Where `AccountDirectory` keeps each list once it has been read."""
_KEPT = frozenset({*_WHOLE.values(), "_tree", "categories", "_external_ids"})
"""The lists that another view of the same account has as well, once they have been read."""
_CANDIDATES: dict[Directory, Callable[[Record], Candidate]] = {
    Directory.PEOPLE: person_candidate,
    Directory.SKILLS: thing_candidate,
    Directory.GROUPS: thing_candidate,
    Directory.PROJECTS: project_candidate,
}
