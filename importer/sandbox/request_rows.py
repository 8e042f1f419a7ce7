"""What a POST or PUT wants to write: the rows of its body, read field by field; writes none.

A row that cannot be read keeps its refusals, and the next is read all the same.
Source of the body's shape: API reference 1.0.0, section Bulk Create of each tag.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from importer.sandbox import sql
from importer.sandbox.answer import Refusal, Refused, error, not_found
from importer.sandbox.contract import COLLECTIONS
from importer.sandbox.contract.bodies import MEMBERS, Body, Feature, Refers
from importer.sandbox.contract.declare import Collection, Verb
from importer.sandbox.query import Query
from importer.sandbox.store import Store


@dataclass(slots=True)
class RequestRow:
    """One object of the body: as sent, and the column values read from it so far.

    `max_level` is that of its skill. `same_as` is the id of a record that it repeats and that is answered in its
    place, `twin` the earlier row of the same request that it repeats.
    """

    index: int
    sent: Mapping[str, object]
    values: dict[str, object] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    max_level: int = 5
    same_as: int = 0
    twin: "RequestRow | None" = None

    @property
    def good(self) -> bool:
        """Whether it has not been refused."""
        return not self.refusals

    def refuse(self, name: str, message: str, *, missing: bool = False) -> None:
        """Note why the row cannot be written."""
        self.refusals.append(Refusal(name, message, self.index, missing))


@dataclass(frozen=True, slots=True)
class Write:
    """A POST, PUT or DELETE in progress: `record` is the row that it changes."""

    store: Store
    query: Query
    verb: Verb
    rows: list[RequestRow]
    record: Mapping[str, object] = field(default_factory=dict)

    @property
    def collection(self) -> Collection:
        """The collection that is written to."""
        return self.query.collection

    @property
    def switches(self) -> Mapping[str, str]:
        """The switches as they were when the request came."""
        return self.query.switches

    @property
    def good(self) -> list[RequestRow]:
        """The rows that have not been refused so far."""
        return [row for row in self.rows if row.good]

    def value(self, row: RequestRow, column: str) -> object:
        """What the column will hold: the new value, else the one that a PUT leaves alone."""
        return row.values.get(column, self.record.get(column))


def objects(query: Query, body: Mapping[str, object], verb: Verb) -> tuple[list[object], bool]:
    """The objects in a body, and whether they came as an array. Raises: Refused."""
    singular, plural = query.collection.singular, query.collection.name
    bulk = verb is Verb.CREATE and query.collection.bulk_limit > 0
    one, many = body.get(singular), body.get(plural) if bulk else None
    if isinstance(many, list):
        return _within_limit(query, many), True
    if isinstance(one, dict):
        return [one], False
    raise Refused(error(400, f"param is missing or the value is empty: {singular}", "syntax"))


def _within_limit(query: Query, many: list[object]) -> list[object]:
    limit, over = query.collection.bulk_limit, query.switches["over_limit"]
    if not many:
        raise Refused(not_found())
    if len(many) > limit and over == "truncate":
        return many[:limit]
    if len(many) > limit and over != "accept":
        raise Refused(error(int(over), f"At most {limit} objects can be created at once"))
    return many


def read_fields(write: Write) -> None:
    """Read every row: unknown names, what is missing, what has the wrong type, what does not exist."""
    model = write.collection.create if write.verb is Verb.CREATE else write.collection.update
    if model is None:
        return
    fields = {each.alias or name: each for name, each in model.model_fields.items() if _exists(each, write)}
    for row in write.rows:
        if write.switches["extra_fields"] == "422":
            for name in row.sent.keys() - fields.keys():
                row.refuse(name, f"{_title(name)} cannot be set")
        _read(row, model, {name: row.sent[name] for name in fields if name in row.sent}, write)
    for name, each in fields.items():
        if refers := next((mark for mark in each.metadata if isinstance(mark, Refers)), None):
            _check_references(write, name, refers)


def _exists(each: FieldInfo, write: Write) -> bool:
    """Whether the account has the feature that the field belongs to."""
    switches = (mark.switch for mark in each.metadata if isinstance(mark, Feature))
    return all(write.switches[switch] == "writable" for switch in switches)


def _read(row: RequestRow, model: type[Body], sent: Mapping[str, object], write: Write) -> None:
    try:
        found = model.model_validate(sent, context=write.switches)
    except ValidationError as invalid:
        for each in invalid.errors(include_url=False):
            name = str(each["loc"][0])
            why = "can't be blank" if each["type"] == "missing" else each["msg"]
            row.refuse(name, f"{_title(name)} {why}")
    else:
        row.values |= found.model_dump(exclude_unset=write.verb is Verb.UPDATE)


def _title(name: str) -> str:
    return name.removesuffix("_id").replace("_", " ").capitalize()


def _check_references(write: Write, name: str, refers: Refers) -> None:
    if refers.collection:
        _refer(write, write.good, name, refers.collection)
        return
    for kind, collection in MEMBERS.values():
        concerned = [row for row in write.good if row.values.get("member_type") == kind]
        _refer(write, concerned, name, collection)


def _refer(write: Write, rows: Sequence[RequestRow], name: str, collection: str) -> None:
    """Refuse the rows whose `name` is not the id of a record that the caller may see."""
    concerned = [row for row in rows if name in row.values]
    keys = json.dumps(sorted({int(str(row.values[name])) for row in concerned}))
    visible = "" if write.query.caller.administrator else COLLECTIONS[collection].visible
    statement = sql.select(["*"], collection, [f"id {sql.IN_KEYS}", visible])
    seen = {row["id"]: row for row in write.store.rows(statement, {"keys": keys, "me": write.query.caller.user_id})}
    for row in concerned:
        record = seen.get(row.values[name])
        if record is None:
            row.refuse(name, f"{_title(name)} must exist", missing=write.switches["bad_ref"] == "404")
        elif collection == "users" and record["disabled"] and write.switches["disabled_ref"] == "reject":
            row.refuse(name, f"{_title(name)} is disabled")
