"""Workbooks that know the account: what it holds now, laid out to be changed and loaded again. Sends no write.

Whatever names something in them is first looked up as the reading of the file will look it up, and taken only where
it names that thing and no other. So a workbook that is loaded unchanged asks for nothing.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from importer import endpoints, layouts
from importer.base import Base, Held, Scope, base_of, base_of_levels
from importer.endpoints.declare import WITHIN, Directory, Endpoint
from importer.endpoints.name_columns import within
from importer.export import listed_things
from importer.export.record_filters import ChosenPeople, Filters, choose_people, choose_skills
from importer.kantata.account_data import (
    HeldRecord,
    Person,
    Skill,
    find_unambiguous,
    named_records_of,
    people_of,
    read_by_owner,
    skills_of,
)
from importer.kantata.client import Client
from importer.kantata.connection import Access
from importer.kantata.directory import AccountDirectory
from importer.kantata.skill_levels import read_skill_levels
from importer.layouts import skill_headings
from importer.layouts.proposal import MATRIX_OF
from importer.messages import about_exports
from importer.messages.modes import MIRROR_MODE
from importer.model import Key
from importer.spreadsheet.write import atomic_write
from importer.spreadsheet.write.list_template import LiveList, write_live_list, write_template
from importer.spreadsheet.write.matrix_sheet import MatrixSheet, PersonRow, Shape, SkillColumn
from importer.spreadsheet.write.matrix_template import SHEET, LiveMatrix, write_blank_matrix, write_live_matrix
from importer.validation.cell import is_nothing

_MORE_PEOPLE = 200
_PARTIAL = f"It does not contain everything that these people have, so do not load it in {MIRROR_MODE}."
_KINDS = {
    "skill_id": Directory.SKILLS,
    "workspace_group_id": Directory.GROUPS,
    "geography_id": Directory.GEOGRAPHIES,
    "department_id": Directory.DEPARTMENTS,
}


@dataclass(frozen=True, slots=True)
class WrittenTemplate:
    """A workbook that was written: where, and sentences on what is in it."""

    path: Path
    notes: Sequence[str] = ()


def write_blank(name: str, path: Path, *, matrix: bool) -> WrittenTemplate:
    """Write the template of an endpoint, or of a matrix, that knows no account.

    Raises: Usage for a matrix of anything but skill memberships.
    """
    endpoint = endpoints.load(name)
    if matrix:
        _make_sure_that_it_is_of_skills(name)
    own_sheets = _own_sheets(endpoint)
    write = write_blank_matrix if matrix else partial(write_template, endpoint)
    return WrittenTemplate(atomic_write.put(path, partial(write, own_sheets=own_sheets)))


def _own_sheets(endpoint: Endpoint) -> Sequence[tuple[str, str, str]]:
    """The layouts in which a person's own sheet of skills may be: the name of each, headings, what it looks like."""
    if endpoint.name != MATRIX_OF:
        return ()
    return [(each.name, each.headings, each.described(endpoint)) for each in layouts.load_all()]


def write_live(name: str, path: Path, to: Access, filters: Filters, *, matrix: bool) -> WrittenTemplate:
    """Write the template of an endpoint, or of a matrix, with what the account holds of it.

    Raises: Usage for a filter that means nothing here or names nobody; Denied, Unreachable.
    """
    endpoint = endpoints.load(name)
    if matrix:
        _make_sure_that_it_is_of_skills(name)
    if endpoint.are_things:
        return _write_things(endpoint, path, to, filters)
    if filters.chooses_skills and name != MATRIX_OF:
        raise about_exports.no_skill_filters(name)
    directory = to.directory
    chosen = choose_people(to.client, directory, filters)
    if matrix:
        made = skill_matrix(to.client, directory, chosen, choose_skills(directory, filters))
        notes = [_counted(made), *_about(chosen, filters)]
        live = LiveMatrix(made, [_source(to), *notes], _now(), base_of_matrix(to, made))
        return WrittenTemplate(atomic_write.put(path, lambda file: write_live_matrix(file, live)), notes)
    records = _Records(to.client, directory, endpoint, chosen, filters)
    rows = records.rows()
    some = [_PARTIAL] if filters.chooses_skills else []
    notes = [_records_counted(rows), *_about(chosen, filters), *some]
    base = base_of(endpoint, to.account.key, dt.datetime.now(dt.UTC), records.held(rows), records.scope)
    listed = LiveList(endpoint, rows, records.choices(), [_source(to), *notes], _now(), base=base)
    return WrittenTemplate(atomic_write.put(path, lambda file: write_live_list(file, listed)), notes)


def _write_things(endpoint: Endpoint, path: Path, to: Access, filters: Filters) -> WrittenTemplate:
    """Write the list of all that the account has of one kind of thing, such as skills."""
    if str(filters):
        raise about_exports.template_has_all(endpoint.name)
    records = listed_things.read_things(to.client, endpoint)
    rows = listed_things.rows_of(endpoint, records)
    held = listed_things.held_by(endpoint, records)
    base = base_of(endpoint, to.account.key, dt.datetime.now(dt.UTC), held, {})
    notes = [_records_counted(rows)]
    listed = LiveList(endpoint, rows, {}, [_source(to), *notes], _now(), base=base)
    return WrittenTemplate(atomic_write.put(path, lambda file: write_live_list(file, listed)), notes)


def _records_counted(rows: Sequence[object]) -> str:
    return f"{len(rows):,} record{'' if len(rows) == 1 else 's'}."


def _make_sure_that_it_is_of_skills(name: str) -> None:
    if name != MATRIX_OF:
        raise about_exports.no_matrix_of(name)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)  # the format wants it without a zone


def _source(to: Access) -> str:
    return f"What the account holds as {to.account} sees it, on {_now():%Y-%m-%d %H:%M} UTC."


def _about(chosen: ChosenPeople, filters: Filters) -> Iterator[str]:
    if str(filters):
        yield f"Only {filters}."
    if chosen.inactive and not filters.with_inactive:
        people = "1 inactive person is" if chosen.inactive == 1 else f"{chosen.inactive:,} inactive people are"
        yield f"{people} left out. Ask for inactive people to include them."


def _counted(made: MatrixSheet) -> str:
    people = f"{len(made.people):,} {'person' if len(made.people) == 1 else 'people'}"
    categories = len({skill.category for skill in made.skills})
    skills = f"{len(made.skills):,} skill{'' if len(made.skills) == 1 else 's'}"
    within = f" in {categories} categor{'y' if categories == 1 else 'ies'}"
    levels = sum(len(theirs) for theirs in made.levels.values())
    return f"{people}, {skills}{within}, {levels:,} level{'' if levels == 1 else 's'}."


# ---- the matrix


def skill_matrix(
    client: Client,
    directory: AccountDirectory,
    chosen: ChosenPeople,
    skills: Sequence[Skill],
    shape: Shape | None = None,
    watch: Callable[[int], None] = lambda _records: None,
) -> MatrixSheet:
    """The levels that these people hold of these skills; `watch` is called with how many were read so far.

    Raises: Usage where there is nobody, or no skill; Denied, Unreachable.
    """
    if not chosen.people or not skills:
        raise about_exports.nothing_left("skill" if chosen.people else "person")
    ids = [each.id for each in chosen.people], [each.id for each in skills]
    held = read_skill_levels(client, endpoints.load(MATRIX_OF), *ids, watch)
    shape = shape or Shape()
    return MatrixSheet(
        name=SHEET,
        people=[PersonRow(each.id, each.name, each.email, each.title) for each in chosen.people],
        skills=_headed(directory, skills, one_sheet=len(skills) + len(shape.who) <= shape.widest),
        # A skill without a level set is a skill all the same, and a blank cell would say that it is none.
        levels=dict(held.by_person(*ids)),
        more_people=_MORE_PEOPLE,
        shape=shape,
    )


def base_of_matrix(to: Access, matrix: MatrixSheet) -> Base:
    """What the account holds of the people and skills of a matrix, for its workbook to carry."""
    people, skills = [each.user_id for each in matrix.people], [each.id for each in matrix.skills]
    return base_of_levels(
        endpoints.load(MATRIX_OF), to.account.key, dt.datetime.now(dt.UTC), matrix.levels, (people, skills)
    )


def _headed(directory: AccountDirectory, skills: Sequence[Skill], *, one_sheet: bool) -> list[SkillColumn]:
    """The skills under headings that name each and no other: by name where that will do.

    What stands over them is read as their category where there are several; of several sheets each has one.
    """
    endpoint = endpoints.load(MATRIX_OF)
    categories = {skill.category for skill in skills if skill.category}
    is_read = (
        one_sheet and len(categories) > 1 and all(len(each) <= skill_headings.LONGEST_CATEGORY for each in categories)
    )

    def asked(skill: Skill, text: str) -> str:
        return within(skill.category if is_read else "", text)

    texts = {
        skill.id: [each for each in _texts_of(skill) if skill_headings.is_taken(each, endpoint)] for skill in skills
    }
    sure = find_unambiguous(
        directory,
        Directory.SKILLS,
        {skill.id: [asked(skill, text) for text in texts[skill.id]] for skill in skills},
    )
    columns = []
    for skill in skills:
        named = (text for text in texts[skill.id] if (skill.id, asked(skill, text)) in sure)
        head = next(named, skill.id)
        note = "" if head == skill.name else f"{skill.name}. Its name alone would not tell it from all others."
        columns.append(SkillColumn(skill.id, head, skill.category, skill.max_level, note))
    return columns


def _texts_of(skill: Skill) -> Iterator[str]:
    """What a skill may be called, the plainest first."""
    if not is_nothing(skill.name):
        yield skill.name
        if skill.category:
            yield f"{skill.category}{WITHIN}{skill.name}"
        yield f"{skill.name}{WITHIN}{skill.id}"
    yield skill.id


# ---- lists


class _Records:
    """The records of one endpoint as rows of its list, and what the drop-downs below them offer."""

    def __init__(
        self,
        client: Client,
        directory: AccountDirectory,
        endpoint: Endpoint,
        chosen: ChosenPeople,
        filters: Filters,
    ) -> None:
        self._client = client
        self._directory = directory
        self._endpoint = endpoint
        self._people = chosen.people
        self._filters = filters
        self._names = {field: self._names_of(of) for field, of in _KINDS.items() if field in endpoint.key}
        takes_projects = "member_id" in endpoint.owner and not filters.chooses_people
        self._projects = named_records_of(directory, Directory.PROJECTS) if takes_projects else []

    def _names_of(self, of: Directory) -> Mapping[str, "_Name"]:
        """What each thing of a kind is called, by id."""
        if of is Directory.SKILLS:
            return self._named(of, {skill.id: list(_texts_of(skill)) for skill in skills_of(self._directory)})
        return self._named(of, {each.id: [each.name, each.path] for each in named_records_of(self._directory, of)})

    def _named(self, of: Directory, texts: Mapping[str, Sequence[str]]) -> dict[str, "_Name"]:
        """Of each thing the first of its texts that names it and nothing else; where none does, the last one."""
        texts = {id_: [text for text in some if text] for id_, some in texts.items()}
        sure = find_unambiguous(self._directory, of, texts)
        names = {}
        for id_, some in texts.items():
            text = next((text for text in some if (id_, text) in sure and not is_nothing(text)), None)
            names[id_] = _Name(text or (some[-1] if some else ""), is_sure=text is not None)
        return names

    def rows(self) -> list[Mapping[str, str | int]]:
        """The records by header, in the order of the people, then of what they hold."""
        owners = {self._owner_key(person.id, "user"): self._who(person) for person in self._people}
        owners |= {
            self._owner_key(each.id, "workspace"): {
                "member_id": each.id, "member": each.name, "member_type": "Workspace"
            }
            for each in self._projects
        }  # fmt: skip
        held = read_by_owner(self._client, self._endpoint, owners)
        chosen = self._filters.chooses_skills
        skills = {each.id for each in choose_skills(self._directory, self._filters)} if chosen else None
        rest = self._endpoint.thing
        order = {name: {id_: at for at, id_ in enumerate(things)} for name, things in self._names.items()}

        def place(of: Key) -> list[int]:
            return [order[name].get(id_, -1) for name, id_ in zip(rest, of, strict=True)]

        return [
            {**who, **self._what(rest, of, held[owner][of])}
            for owner, who in owners.items()
            for of in sorted(held.get(owner, ()), key=place)
            if skills is None or of[0] in skills
        ]

    def held(self, rows: Iterable[Mapping[str, str | int]]) -> Iterator[tuple[Key, Held]]:
        """The key of each of these records, and what it holds."""
        return ((self._endpoint.key_of(row), self._endpoint.updates_of(row)) for row in rows)

    @property
    def scope(self) -> Scope:
        """The ids within which these are all the records that there are."""
        owner = next(name for name in self._endpoint.owner if name not in self._endpoint.caseless)
        people, projects = (each.id for each in self._people), (each.id for each in self._projects)
        scope = {owner: frozenset((*people, *projects))}
        if self._filters.chooses_skills:
            skills = choose_skills(self._directory, self._filters)
            scope |= {self._endpoint.thing[0]: frozenset(each.id for each in skills)}
        return scope

    def _owner_key(self, id_: str, kind: str) -> Key:
        return (kind, id_) if "member_type" in self._endpoint.owner else (id_,)

    def _who(self, person: Person) -> dict[str, str]:
        if "member_id" in self._endpoint.owner:
            return {"member_id": person.id, "member": person.email, "member_type": "User"}
        return {"user_id": person.id, "email": person.email, "user": person.name}

    def _what(self, names: Sequence[str], of: Key, record: HeldRecord) -> dict[str, str | int]:
        cells: dict[str, str | int] = {}
        for name, id_ in zip(names, of, strict=True):
            (header,) = self._endpoint.usual_names(name)
            known = self._names[name].get(id_)
            cells |= {name: id_, header: known.text if known else ""}
        if record.level is not None:
            cells[self._endpoint.updates[0]] = record.level
        return cells

    def choices(self) -> dict[str, list[str]]:
        """What a drop-down offers under each header: what names one thing and no other."""
        active = [each for each in people_of(self._directory) if each.is_active]
        emails = self._named(Directory.EMAILS, {each.id: [each.email] for each in active})
        offered = {self._endpoint.usual_names(field)[0]: _sure(names) for field, names in self._names.items()}
        if "member_id" in self._endpoint.owner:
            titles = self._named(Directory.PROJECTS, {each.id: [each.name] for each in self._projects})
            return offered | {"member": _sure(emails) + _sure(titles)}
        names = self._named(Directory.PEOPLE, {each.id: [each.name] for each in active})
        return offered | {"email": _sure(emails), "user": _sure(names)}


@dataclass(frozen=True, slots=True)
class _Name:
    """What a thing is called, and whether that names it and nothing else."""

    text: str
    is_sure: bool


def _sure(names: Mapping[str, _Name]) -> list[str]:
    return [name.text for name in names.values() if name.is_sure]
