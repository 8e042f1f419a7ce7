"""What an endpoint is: the words in which one kind of record is declared. Imports no third party, names no endpoint."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from operator import itemgetter
from typing import Any, Protocol

from importer.model import Change, Key, Value
from importer.remedies import Message


class Kind(StrEnum):
    """How the text of a cell becomes the value of a field."""

    ID = "id"
    LEVEL = "level"
    CHOICE = "choice"
    TEXT = "text"
    ACTION = "action"
    HINT = "hint"
    LAST_NAME = "last name"


class Directory(StrEnum):
    """What a name in a cell is looked up in, and how."""

    EMAILS = "people by e-mail"
    EXTERNAL_IDS = "people by external id"
    PEOPLE = "people by full name"
    SKILLS = "skills by name"
    GROUPS = "groups by name"
    GEOGRAPHIES = "geographies by name or path"
    DEPARTMENTS = "departments by name or path"
    PROJECTS = "projects by title"
    MEMBERS = "people by e-mail, or projects by title"


Name = tuple[Directory, str]
"""A folded name and where to look it up."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something in the account that bears a name: its id, and how to tell it from its namesakes."""

    id: str
    label: str
    is_inactive: bool = False
    name: str = ""
    """The name alone, as it is spelled; of a place the way down to it. Empty for people."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What bears a name in the account: one is an answer, none or several is not. `near` bear names much like it.

    `bearers` are those in the account whose place a person's choice has taken. `choose_in` is the workbook in which a
    person may choose one. `wrong` says why what they chose there means nobody. `may_be_hidden` tells that whoever asked
    may not see everything in the account.
    """

    exact: Sequence[Candidate] = ()
    near: Sequence[Candidate] = ()
    bearers: Sequence[Candidate] = ()
    choose_in: str = ""
    wrong: Message | None = None
    may_be_hidden: bool = False
    not_made: Message | None = None
    """Why nothing new was made for a name that nothing bears, where that was asked for."""


@dataclass(frozen=True, slots=True)
class NotMade:
    """Why nothing new was made for a name, and what in the account it may mean."""

    why: Message
    near: tuple[Candidate, ...] = ()


NameAnswers = Mapping[Name, Answer]
"""What each name was found to be."""


@dataclass(frozen=True, slots=True)
class Field:
    """One declared value of an endpoint, as its pandera model tells it."""

    name: str
    kind: Kind
    title: str
    description: str
    example: str
    required: bool
    also: tuple[str, ...]
    minimum: int | None
    maximum: int | None
    choices: tuple[str, ...]
    assumed: str = ""
    """The value where no column tells it and a person is named by e-mail or name."""
    unset: Value = None
    """What a record holds where this was never set; None where a record always has a value."""
    is_needed_to_create: bool = False
    """Whether a record cannot be made without it, though one that is there can be named without it."""
    attribute: str = ""
    """What the API calls it, where that is another name."""
    names_record_of: str = ""
    """The path of the list whose records it names, where the API wants the id of one: `/skill_categories`."""
    api_values: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What the API has for each choice, where that is no text: `{"yes": True, "no": False}`."""

    @property
    def accepted(self) -> str:
        """What may stand in a cell, for a person."""
        blank = "" if self.required else ", or leave the cell empty"
        if self.choices:
            *others, last = self.choices
            return f"{', '.join(others)}{' or ' if others else ''}{last}{blank}"
        if self.maximum is not None:
            return f"{self.minimum} to {self.maximum}{blank}"
        return f"a text{blank}" if self.kind is Kind.TEXT else "a whole number"


WITHIN = " > "
"""What stands between a category and the name of a skill in it, between a name and the id of the one it means, and
between the names on the way down a tree.
"""

REMOVE = "remove"
"""The word that takes one record away: as a level, or in the column `action`."""
NOT_HELD = "not held"
"""The action of a record whose cell says that the person does not have it; nobody types it."""

CATEGORY = Field(
    name="category",
    kind=Kind.HINT,
    title="Category",
    description="The skill's category, which tells skills of one name apart. Needed for nothing else.",
    example="Language",
    required=False,
    also=("skill category",),
    minimum=None,
    maximum=None,
    choices=(),
)
"""The column that a list of skills may have to tell those of one name apart."""

LAST_NAME = Field(
    name="last_name",
    kind=Kind.LAST_NAME,
    title="Last name",
    description="The person's last name, where the column user has only the first name.",
    example="Reyes",
    required=False,
    also=(),
    minimum=None,
    maximum=None,
    choices=(),
)
"""The column that a list may have where people's names stand in two columns."""

ACTION = Field(
    name="action",
    kind=Kind.ACTION,
    title="Action",
    description="The word remove takes this one record out of the account. Blank: the record shall be there.",
    example=REMOVE,
    required=False,
    also=(),
    minimum=None,
    maximum=None,
    choices=(REMOVE,),
)
"""The column that every list may have besides its endpoint's own; it is no field of a record, and is not sent."""


@dataclass(frozen=True, slots=True)
class NameColumn:
    """A column that says in words what a field says as an id: `email` stands for `user_id`."""

    header: str
    field: str
    directory: Directory
    title: str
    description: str
    example: str
    also: tuple[str, ...] = ()
    is_rare: bool = False
    """Whether few sheets have it, so that a template does without."""


class PanderaModel(Protocol):
    """The little of a pandera `DataFrameModel` that is needed to read a declaration."""

    @classmethod
    def to_schema(cls) -> Any:
        """The schema; its type is pandera's, and this room imports no third party."""


@dataclass(frozen=True, slots=True)
class Tree:
    """How the records of an endpoint hang together: the field that says in which tree, and the one that is the way from
    its root down to the record, as `Americas > Canada`.

    To the API a record has a name and the id of the one above it.
    """

    kind: str
    path: str


@dataclass(frozen=True)
class Endpoint:
    """One kind of record that can be loaded.

    `path` is below the base URL and its last part is the plural key of envelopes and bulk bodies; `bulk_limit`
    counts records in one bulk create. `key` names the fields that make a record itself. `updates` names the
    fields that a PUT may change during a load. `owner` names those of the key that say whose the record is: they
    filter a list by one owner, and `read_by` gives, for a key field, the filter that takes many ids of it.
    `comes_with_users` tells that a list of people can bring their records along. `hints` are columns that tell
    namesakes apart or complete a name, and are no fields. `owner_limit` is how many records Kantata allows one owner,
    and `owner_has` what they are to a person. `order` is the sort under which a new record cannot push an old one to
    another page.

    The records of some endpoints are things that others name, such as skills. They belong to the account and to nobody
    in it (`owner` is empty), and are known by name: `tree` tells how such names are ways down a tree, `marks` are
    fields of which a sheet must have a column to be taken for a list of them, `id_header` is the header over their ids
    in what we export, and `account_limit` how many Kantata allows an account. `made_by` gives, for a field of the key,
    the endpoint whose records it names.
    """

    name: str
    title: str
    path: str
    singular: str
    bulk_limit: int
    bulk_limit_source: str
    key: tuple[str, ...]
    model: type[PanderaModel]
    includes: tuple[str, ...]
    name_columns: tuple[NameColumn, ...]
    owner: tuple[str, ...]
    hints: tuple[Field, ...] = ()
    owner_limit: int | None = None
    owner_has: str = "records"
    account_limit: int | None = None
    tree: Tree | None = None
    marks: tuple[str, ...] = ()
    id_header: str = "id"
    made_by: Mapping[str, str] = field(default_factory=dict)
    updates: tuple[str, ...] = ()
    order: str | None = None
    filters: tuple[str, ...] = ()
    read_by: Mapping[str, str] = field(default_factory=dict)
    comes_with_users: bool = False
    has_get: bool = True
    sources: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Callable[[str], "Endpoint"], tuple[str]]:
        """It is pickled by its name, and is the same one again."""
        return _load, (self.name,)

    @property
    def plural(self) -> str:
        """The top-level key of lists and bulk bodies: `skill_memberships`."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def are_things(self) -> bool:
        """Whether its records are things that others name, such as skills."""
        return not self.owner

    def depth(self, key: Key) -> int:
        """How deep in its tree the record of this key lies: 1 for one below the root, and for a record of no tree."""
        return key[self.key.index(self.tree.path)].count(WITHIN) if self.tree else 1

    def above(self, key: Key) -> str:
        """What the record of this key lies in, in words; the empty text for one that lies in nothing."""
        return key[self.key.index(self.tree.path)].rpartition(WITHIN)[0] if self.tree else ""

    @cached_property
    def thing(self) -> tuple[str, ...]:
        """The fields of the key that `owner` does not name: what its owner has by a record."""
        return tuple(name for name in self.key if name not in self.owner)

    @cached_property
    def directories(self) -> Mapping[str, Directory]:
        """For each field of the key that is named, the directory with its names; of several the last one declared."""
        return {column.field: column.directory for column in self.name_columns}

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The declared fields in the order of the model."""
        columns = self.model.to_schema().columns
        return tuple(_read_field(name, column) for name, column in columns.items())

    @cached_property
    def level(self) -> Field | None:
        """The field that is a level, if a record has one."""
        return next((each for each in self.fields if each.kind is Kind.LEVEL), None)

    def field(self, name: str) -> Field:
        """The declared field of that name."""
        return next(each for each in self.fields if each.name == name)

    def columns(self) -> Iterator[Field | NameColumn]:
        """Every column that a sheet may have, each field followed by the columns that may stand for it."""
        for each in self.fields:
            yield each
            yield from (column for column in self.name_columns if column.field == each.name)
        yield from self.hints
        yield ACTION

    def column(self, header: str) -> Field | NameColumn:
        """The column that is declared under this header, whatever its letter case."""
        name = header.lower()
        return next(each for each in self.columns() if name == (each.name if isinstance(each, Field) else each.header))

    def usual_columns(self) -> Iterator[Field | NameColumn]:
        """The columns of a template: without those that few sheets need."""
        for each in self.columns():
            is_rare = each.kind in (Kind.HINT, Kind.LAST_NAME) if isinstance(each, Field) else each.is_rare
            if not is_rare:
                yield each

    def usual_names(self, field: str) -> list[str]:
        """The headers of a template under which names may stand instead of this field."""
        return [each.header for each in self.name_columns if each.field == field and not each.is_rare]

    @cached_property
    def owner_of(self) -> Callable[[Key], Key]:
        """Whose the record of a key is: the part of the key that `owner` names, with which it begins."""
        return itemgetter(slice(len(self.owner)))

    @cached_property
    def thing_of(self) -> Callable[[Key], Key]:
        """What its owner has by the record of a key: the part of the key that `owner` does not name."""
        return itemgetter(slice(len(self.owner), None))

    def key_fields(self, key: Key) -> dict[str, Value]:
        """The fields of a record that this key names, as they are sent: ids as numbers, choices as declared."""
        return {name: sent(text) for (name, sent), text in zip(self._sent, key, strict=True)}

    def whole(self, change: Change) -> dict[str, Value]:
        """The record that a change asks for, with all its fields. Its key counts for more than they: those that an
        earlier version wrote down hold the fields of a key as well.
        """
        key = self.key_fields(change.key)
        return {**key, **change.fields, **key}

    @cached_property
    def _sent(self) -> tuple[tuple[str, Callable[[str], Value]], ...]:
        return tuple((name, _sending(self.field(name))) for name in self.key)

    def updates_of(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a record that an update may change; one that was never set, which may be null, as unset."""
        return {name: unset if (value := record.get(name)) is None else value for name, unset in self._unset}

    def unset(self, name: str) -> Value:
        """What a record holds in this field where it was never set."""
        return self.field(name).unset

    @cached_property
    def _unset(self) -> tuple[tuple[str, Value], ...]:
        return tuple((name, self.unset(name)) for name in self.updates)

    def key_of(self, record: Mapping[str, Any]) -> Key:
        """The key of a record that holds these fields; a letter case that Kantata may change does not count.

        Raises: KeyError when a field of the key is not there.
        """
        key = tuple(map(str, self._key_values(record)))
        if not self.caseless:
            return key
        return tuple([
            text.lower() if name in self.caseless else text for name, text in zip(self.key, key, strict=True)
        ])  # fmt: skip

    @cached_property
    def _key_values(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        if len(self.key) == 1:
            (name,) = self.key
            return lambda record: (record[name],)
        return itemgetter(*self.key)

    @cached_property
    def caseless(self) -> frozenset[str]:
        """Key fields whose letter case has no meaning, because Kantata may answer in another."""
        return frozenset(each.name for each in self.fields if each.kind is Kind.CHOICE and each.name in self.key)


_UNSET: Mapping[Kind, Value] = {Kind.LEVEL: 0, Kind.TEXT: ""}


def _sending(field: Field) -> Callable[[str], Value]:
    """What makes of the text of a field in a key what is sent."""
    if field.kind is Kind.ID:
        return int
    declared = {choice.lower(): choice for choice in field.choices}
    return lambda text: declared.get(text, text)


def _load(name: str) -> Endpoint:
    from importer import endpoints  # noqa: PLC0415  (which imports this module first)

    return endpoints.load(name)


def _read_field(name: str, column: Any) -> Field:
    facts: dict[str, Any] = {}
    for check in column.checks:
        facts |= check.statistics
    said = column.metadata or {}
    kind = Kind(said["kind"])
    return Field(
        name=name,
        kind=kind,
        title=column.title,
        description=column.description,
        example=said["example"],
        required=not column.nullable,
        also=tuple(said.get("also", ())),
        minimum=facts.get("min_value"),
        maximum=facts.get("max_value"),
        choices=tuple(facts.get("allowed_values", ())),
        assumed=said.get("assumed", ""),
        unset=said.get("unset", _UNSET.get(kind)),
        is_needed_to_create=said.get("needed to create", False),
        attribute=said.get("attribute", name),
        names_record_of=said.get("names a record of", ""),
        api_values=said.get("API values", {}),
    )
