"""What an endpoint is: the words in which one kind of record is declared. Imports no third party, names no endpoint."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from operator import itemgetter
from typing import Any, Protocol

from importer.model import Key, Value
from importer.remedies import Message


class Kind(StrEnum):
    """How the text of a cell becomes the value of a field."""

    ID = "id"
    LEVEL = "level"
    CHOICE = "choice"
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

    @property
    def accepted(self) -> str:
        """What may stand in a cell, for a person."""
        blank = "" if self.required else ", or leave the cell empty"
        if self.choices:
            return f"{' or '.join(self.choices)}{blank}"
        if self.maximum is not None:
            return f"{self.minimum} to {self.maximum}{blank}"
        return "a whole number"


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
    updates: tuple[str, ...] = ()
    order: str | None = None
    filters: tuple[str, ...] = ()
    read_by: Mapping[str, str] = field(default_factory=dict)
    comes_with_users: bool = False
    has_get: bool = True
    sources: tuple[str, ...] = ()

    @property
    def plural(self) -> str:
        """The top-level key of lists and bulk bodies: `skill_memberships`."""
        return self.path.rsplit("/", 1)[-1]

    @cached_property
    def thing(self) -> tuple[str, ...]:
        """The fields of the key that `owner` does not name: what its owner has by a record."""
        return tuple(name for name in self.key if name not in self.owner)

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

    def owner_of(self, key: Key) -> Key:
        """Whose the record of this key is: the part of the key that `owner` names."""
        return tuple([key[at] for at in self._owner_positions])

    @cached_property
    def _owner_positions(self) -> tuple[int, ...]:
        return tuple(self.key.index(name) for name in self.owner)

    @cached_property
    def _thing_positions(self) -> tuple[int, ...]:
        return tuple(self.key.index(name) for name in self.thing)

    def thing_of(self, key: Key) -> Key:
        """What its owner has by the record of this key: the part of the key that `owner` does not name."""
        return tuple([key[at] for at in self._thing_positions])

    def key_fields(self, key: Key) -> dict[str, Value]:
        """The fields of a record that this key names, as they are sent: ids as numbers, choices as declared."""
        return {name: self._as_sent(self.field(name), text) for name, text in zip(self.key, key, strict=True)}

    def updates_of(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a record that an update may change; a level that was never set, which may be null, is 0."""
        return {name: record.get(name) or 0 for name in self.updates}

    @staticmethod
    def _as_sent(field: Field, text: str) -> Value:
        if field.kind is Kind.ID:
            return int(text)
        return next((choice for choice in field.choices if choice.lower() == text), text)

    def key_of(self, record: Mapping[str, Any]) -> Key:
        """The key of a record that holds these fields; a letter case that Kantata may change does not count.

        Raises: KeyError when a field of the key is not there.
        """
        key = tuple(map(str, self._key_values(record)))
        return tuple(map(str.lower, key)) if self.caseless else key

    @cached_property
    def _key_values(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        return itemgetter(*self.key)

    @cached_property
    def caseless(self) -> frozenset[str]:
        """Key fields whose letter case has no meaning, because Kantata may answer in another."""
        return frozenset(each.name for each in self.fields if each.kind is Kind.CHOICE)


def _read_field(name: str, column: Any) -> Field:
    facts: dict[str, Any] = {}
    for check in column.checks:
        facts |= check.statistics
    said = column.metadata or {}
    return Field(
        name=name,
        kind=Kind(said["kind"]),
        title=column.title,
        description=column.description,
        example=said["example"],
        required=not column.nullable,
        also=tuple(said.get("also", ())),
        minimum=facts.get("min_value"),
        maximum=facts.get("max_value"),
        choices=tuple(facts.get("allowed_values", ())),
        assumed=said.get("assumed", ""),
    )
