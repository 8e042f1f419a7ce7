"""The words in which a collection of the API is declared; knows no collection and runs no SQL.

SQL in a declaration names only columns and the parameters `:value` (what the caller sent) and `:me` (the caller's
user id). A list arrives in `:value` as JSON text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from importer.sandbox.contract.bodies import Body
from importer.sandbox.contract.records import Record


class Verb(StrEnum):
    """What can be done with a collection; `me` is the one extra read of users."""

    LIST = "list"
    GET = "get"
    ME = "me"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


READS = frozenset({Verb.LIST, Verb.GET})
WRITES = frozenset({Verb.CREATE, Verb.UPDATE, Verb.DELETE})


@dataclass(frozen=True, slots=True)
class Association:
    """A record or records of the collection `model` that `include` adds to the answer.

    To one: the row holds its id, unless `column` is the SQL of it. To many: `pairs` selects (owner id, associated id)
    for the owners in `:owners`.
    """

    name: str
    model: str
    column: str = ""
    pairs: str = ""

    @property
    def key(self) -> str:
        """The attribute with the id, or with the ids."""
        return f"{self.name.removesuffix('s')}_ids" if self.pairs else f"{self.name}_id"


class FilterKind(StrEnum):
    """How the value of a filter is read from the request; for the last three, `where` is the column."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    TEXT = "text"
    TIME = "time"
    IDS = "ids"  # comma separated ids or an array, by the switch `array_query`
    EMAILS = "emails"  # comma separated, 200 at most
    NAME = "name"  # compared as the switch `name_match` says


@dataclass(frozen=True, slots=True)
class Filter:
    """A query parameter that narrows a list: the condition `where` holds for the rows that stay.

    A boolean has `otherwise` for false. `default` counts when nothing is sent. `scope` marks a base list that is no
    default filter: get-one ignores it. A filter with a `feature` is unknown while that switch is off.
    """

    name: str
    kind: FilterKind
    where: str = ""
    otherwise: str = ""
    default: str = ""
    scope: bool = False
    feature: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """One kind of record of the API: what its answers hold, how a list can be narrowed, what can be written.

    `orders` maps sort names to SQL. `create` and `update` are the bodies of POST and PUT. `key` names the columns that
    make a membership unique. `rules` names functions of the writing rules, in their order. `dependents` are
    (collection, column) of rows that hang on this one. `visible` holds for what a caller may see who is no
    administrator, `disabled` for the row of a disabled person.
    """

    name: str
    record: type[Record]
    verbs: frozenset[Verb] = READS | WRITES
    associations: tuple[Association, ...] = ()
    filters: tuple[Filter, ...] = ()
    orders: Mapping[str, str] = field(default_factory=dict)
    default_order: str = ""  # none: by the first sort upwards, or by id if there is none
    create: type[Body] | None = None
    update: type[Body] | None = None
    bulk_limit: int = 0  # 0: no bulk form
    key: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    dependents: tuple[tuple[str, str], ...] = ()
    stamps: tuple[str, ...] = ("created_at", "updated_at")
    visible: str = ""
    disabled: str = ""
    administrators_only: bool = False

    @property
    def singular(self) -> str:
        """The key of one object in a body."""
        return self.name.removesuffix("ies") + "y" if self.name.endswith("ies") else self.name.removesuffix("s")

    @property
    def maps(self) -> tuple[str, ...]:
        """The top-level maps that an answer may hold, its own first."""
        return tuple(dict.fromkeys((self.name, *(each.model for each in self.associations))))
