"""The words in which a collection of the API is declared; knows no collection and runs no SQL.

The fragments of SQL in a declaration name only columns and the parameters `:value` (what the caller sent)
and `:me` (the caller's user id). A list or a structure arrives in `:value` as JSON text.
"""

from dataclasses import dataclass
from enum import StrEnum

from importer.sandbox.sql import IN_OWNERS, IN_VALUE, select


class Verb(StrEnum):
    """What can be done with a collection; `me` is the one extra read of users."""

    LIST = "list"
    GET = "get"
    ME = "me"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class Shown(StrEnum):
    """How the value of an attribute is put into JSON."""

    TEXT = "text"
    CONTACT = "contact"  # text; blank is null or "" by the switch `blank`
    INTEGER = "integer"
    BOOLEAN = "boolean"
    TIME = "time"
    ID = "id"  # a string, or null
    IDS = "ids"  # JSON text of numbers in the column, a list of strings in the answer
    MAX_LEVEL = "max_level"  # a string or a number by the switch `skill_max_level`
    GROUP_ID = "group_id"  # a number or a string by the switch `ugm_id_type`
    MEMBER_TYPE = "member_type"  # spelled by the switch `member_type_out`


class Asked(StrEnum):
    """How the value of a filter is read from the request."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    TEXT = "text"
    TIME = "time"
    CSV = "csv"  # comma separated ids
    IDS = "ids"  # comma separated ids or an array, by the switch `array_query`
    WORDS = "words"  # comma separated texts, 200 at most
    EMAIL = "email"
    EMAILS = "emails"  # comma separated or an array in the body, 200 at most
    NAME = "name"  # a text that is compared as the switch `name_match` says; `where` is the column
    CHOICE = "choice"
    PRESENCE = "presence"  # any value at all
    ORGANIZATIONS = "organizations"  # geo,geo;dept,dept
    SKILLS = "skills"  # JSON: skill ids, their levels, `operation`
    SEARCH = "search"  # a text; the answer comes by relevance; `where` is the columns searched


class Sent(StrEnum):
    """How a field of a request body is read."""

    REFERENCE = "reference"
    MEMBER = "member"  # a reference whose collection `member_type` tells
    MEMBER_TYPE = "member_type"
    LEVEL = "level"
    TEXT = "text"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    PROJECTS_ADDED = "projects_added"
    PROJECTS_REMOVED = "projects_removed"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One value of a record; `column` is its SQL where that is not the name itself."""

    name: str
    shown: Shown = Shown.TEXT
    column: str = ""
    optional: bool = False  # only when named in optional_fields
    restricted: bool = False  # only to administrators
    feature: str = ""  # hidden while the switch of this name is off

    @property
    def sql(self) -> str:
        """The SQL of the value."""
        return self.column or self.name


@dataclass(frozen=True, slots=True)
class Association:
    """A record or records that `include` puts beside the answer.

    To one: `column` is the SQL of its id, and `stored` says that the row holds that id, so that it may come
    without the include. To many: `pairs` selects (owner id, associated id) for the owners in `:owners`.
    A model without a collection here has no records: the map is there and empty.
    """

    name: str
    model: str
    key: str
    column: str = ""
    stored: bool = True
    pairs: str = ""

    @property
    def many(self) -> bool:
        """Whether a record may have several."""
        return bool(self.pairs)


@dataclass(frozen=True, slots=True)
class Filter:
    """A query parameter that narrows a list: the condition `where` holds for the rows that stay.

    A boolean has `otherwise` for false; a choice has `choices`. `default` is what counts when nothing is
    sent, unless the boolean filter `unless` is sent as true. `scope` marks a base list that is no default
    filter: get-one does not ask it, and apply_default_filters=false leaves it on.
    """

    name: str
    asked: Asked = Asked.TEXT
    where: str = ""
    otherwise: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    default: str = ""
    unless: str = ""
    scope: bool = False
    feature: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A sort name, its SQL, and the directions that the reference lists for it."""

    name: str
    sql: str
    listed: tuple[str, ...] = ("asc", "desc")


@dataclass(frozen=True, slots=True)
class Field:
    """A value that a POST or PUT may carry inside its object."""

    name: str
    sent: Sent = Sent.TEXT
    required: bool = False
    required_on_update: bool = False
    on_create: bool = True
    on_update: bool = True
    refers: str = ""
    choices: tuple[str, ...] = ()
    feature: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """One kind of record of the API: what its answers hold, what can be asked, what can be written."""

    name: str
    singular: str
    model: str
    source: str
    verbs: frozenset[Verb]
    attributes: tuple[Attribute, ...]
    associations: tuple[Association, ...] = ()
    filters: tuple[Filter, ...] = ()
    orders: tuple[Order, ...] = ()
    default_order: str = ""  # none: by id
    fields: tuple[Field, ...] = ()
    bulk_limit: int = 0  # 0: no bulk form
    key: tuple[str, ...] = ()  # the columns that make a membership itself and no other
    rules: tuple[str, ...] = ()  # names of functions in the writing rules, in this order
    default_level: int = 0
    dependents: tuple[tuple[str, str], ...] = ()  # (collection, column) of rows that hang on this one
    stamps: tuple[str, ...] = ("created_at", "updated_at")
    visible: str = ""  # the condition that holds for what someone who is no administrator may see
    disabled: str = ""  # the condition that holds for the row of a disabled person
    written_by: str = "administrator"  # or "members": see the switch `writes_need`
    administrators_only: bool = False

    def association(self, name: str) -> Association | None:
        """The include of this name, if there is one."""
        return next((each for each in self.associations if each.name == name), None)

    @property
    def maps(self) -> tuple[str, ...]:
        """The top-level maps that an answer may hold, its own first."""
        return tuple(dict.fromkeys((self.name, *(each.model for each in self.associations))))


READS = frozenset({Verb.LIST, Verb.GET})
ALL_VERBS = frozenset({Verb.LIST, Verb.GET, Verb.CREATE, Verb.UPDATE, Verb.DELETE})

NOBODY = "0"  # for filters over things of which the sandbox holds none: no row has them
EVERYBODY = "1"  # ... and every row lacks them

ID = Attribute("id", Shown.ID)
STAMPS = (Attribute("created_at", Shown.TIME), Attribute("updated_at", Shown.TIME))


def pairs(table: str, owner: str, target: str, where: str = "") -> str:
    """The SQL of a to-many association that is held in `table`."""
    return select([owner, target], table, [where, f"{owner} {IN_OWNERS}"], target)


def dates(*stamps: str) -> tuple[Filter, ...]:
    """The filters <stamp>_after and <stamp>_before."""
    return tuple(
        Filter(f"{stamp}_{side}", Asked.TIME, f"{stamp}_at {sign} :value")
        for stamp in stamps
        for side, sign in (("after", ">"), ("before", "<"))
    )


def alphabetical(column: str) -> Order:
    """Sorting by a name without regard to case."""
    return Order("alphabetical", f"{column} COLLATE NOCASE")


def external_references(subject: str) -> tuple[Filter, ...]:
    """The filters over the external references of one type of record."""

    def having(condition: str) -> str:
        of_subject = f"subject_type = '{subject}'"
        return f"id IN ({select(['subject_id'], 'external_references', [of_subject, condition])})"

    return (
        *(
            Filter(f"external_reference_{name}", Asked.TEXT, having(f"{name} = :value"))
            for name in (
                "external_message",
                "external_status",
                "service_model",
                "service_model_ref",
                "service_name",
                "status",
            )
        ),
        Filter("external_reference_service_model_refs", Asked.WORDS, having(f"service_model_ref {IN_VALUE}")),
        Filter("has_external_references", Asked.BOOLEAN, having("1"), f"NOT {having('1')}"),
        Filter("without_external_reference_service_name", Asked.TEXT, f"NOT {having('service_name = :value')}"),
    )


def external_reference_ids(subject: str) -> Association:
    """The include `external_references` of one type of record."""
    return Association(
        "external_references",
        "external_references",
        "external_reference_ids",
        pairs=pairs("external_references", "subject_id", "id", f"subject_type = '{subject}'"),
    )
