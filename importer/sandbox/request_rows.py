"""What a POST or PUT wants to write: the rows of its body, read field by field; writes none.

A row that cannot be read keeps its refusals, and the next is read all the same.
Source of the body's shape: API reference 1.0.0, section Bulk Create of each tag.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from importer.sandbox import sql
from importer.sandbox.answer import Refusal, Refused, bad_request, error, not_found, refused_rows
from importer.sandbox.contract import COLLECTIONS
from importer.sandbox.contract.declare import Collection, Field, Sent, Verb
from importer.sandbox.query import Ask
from importer.sandbox.store import Store

MEMBERS = {"user": ("User", "users"), "workspace": ("Workspace", "workspaces")}
LARGEST_ID = 2**62  # beyond, SQLite has no integer


@dataclass(slots=True)
class Draft:
    """One object of the body: as sent, and the column values read from it so far.

    `same_as` is the id of a record that it repeats and that is answered in its place, `twin` the earlier
    draft of the same request that it repeats.
    """

    index: int
    sent: Mapping[str, object]
    values: dict[str, object] = field(default_factory=dict)
    besides: dict[str, object] = field(default_factory=dict)  # what goes into other tables
    refusals: list[Refusal] = field(default_factory=list)
    same_as: int = 0
    twin: "Draft | None" = None

    @property
    def good(self) -> bool:
        """Whether nothing speaks against writing it."""
        return not self.refusals

    def refuse(self, name: str, message: str, *, missing: bool = False) -> None:
        """Note why the draft cannot be written."""
        self.refusals.append(Refusal(name, message, self.index, missing))


@dataclass(frozen=True, slots=True)
class Write:
    """A POST or PUT on its way: `record` is the row that a PUT changes; `as_text` says that it is a form."""

    store: Store
    ask: Ask
    verb: Verb
    drafts: list[Draft]
    record: Mapping[str, object] = field(default_factory=dict)
    as_text: bool = False

    @property
    def collection(self) -> Collection:
        """The collection that is written to."""
        return self.ask.collection

    @property
    def switches(self) -> Mapping[str, str]:
        """The switches as they were when the request came."""
        return self.ask.switches

    @property
    def good(self) -> list[Draft]:
        """The drafts that nothing speaks against so far."""
        return [draft for draft in self.drafts if draft.good]

    def value(self, draft: Draft, column: str) -> object:
        """What the column will hold: the new value, else the one that a PUT leaves alone."""
        return draft.values.get(column, self.record.get(column))


def objects(ask: Ask, body: Mapping[str, object], verb: Verb) -> tuple[list[object], bool]:
    """The objects in a body, and whether they came as an array. Raises: Refused."""
    singular, plural = ask.collection.singular, ask.collection.name
    bulk = verb is Verb.CREATE and ask.collection.bulk_limit > 0
    one, many = body.get(singular), body.get(plural) if bulk else None
    if isinstance(one, dict) and isinstance(many, list):
        if ask.switches["both_keys"] == "400":
            raise Refused(bad_request(f"Send either {singular} or {plural}"))
        many = None if ask.switches["both_keys"] == "singular" else many
    if isinstance(many, list):
        return _within_limit(ask, many), True
    if isinstance(one, dict):
        return [one], False
    status = int(ask.switches["no_root"])
    raise Refused(error(status, f"param is missing or the value is empty: {singular}", "syntax"))


def _within_limit(ask: Ask, many: list[object]) -> list[object]:
    limit, over = ask.collection.bulk_limit, ask.switches["over_limit"]
    if not many:
        _refuse_nothing(ask)
    if len(many) > limit and over == "truncate":
        return many[:limit]
    if len(many) > limit and over != "accept":
        raise Refused(error(int(over), f"At most {limit} objects can be created at once"))
    return many


def _refuse_nothing(ask: Ask) -> None:
    reply = ask.switches["empty_bulk"]
    if reply == "404":
        raise Refused(not_found())
    if reply == "400":
        raise Refused(bad_request("There is nothing to create"))
    if reply == "422":
        raise Refused(refused_rows([Refusal("base", "There is nothing to create")], ask.switches))


def read_fields(write: Write) -> None:
    """Read every draft: unknown names, what is missing, what has the wrong type, what does not exist."""
    fields = [each for each in write.collection.fields if _has(each, write)]
    names = {each.name for each in fields}
    for draft in write.drafts:
        if write.switches["extra_fields"] == "422":
            for name in draft.sent.keys() - names:
                draft.refuse(name, f"{_title(name)} cannot be set")
        for each in fields:
            _read(each, draft, write)
    for each in fields:
        if each.sent is Sent.REFERENCE:
            _refer(write, write.good, each.name, each.refers)
        elif each.sent is Sent.MEMBER:
            for kind, table in MEMBERS.values():
                concerned = [draft for draft in write.good if draft.values.get("member_type") == kind]
                _refer(write, concerned, each.name, table)


def _has(each: Field, write: Write) -> bool:
    on_verb = each.on_create if write.verb is Verb.CREATE else each.on_update
    return on_verb and (not each.feature or write.switches[each.feature] == "writable")


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _read(each: Field, draft: Draft, write: Write) -> None:
    value = draft.sent.get(each.name)
    if each.sent is Sent.LEVEL:
        return  # the rules know which levels the skill has
    creating = write.verb is Verb.CREATE
    if _is_blank(value):
        if each.required_on_update or (creating and each.required):
            draft.refuse(each.name, f"{_title(each.name)} can't be blank")
        elif each.name in draft.sent or creating:
            _READERS[each.sent](each, None, draft, write)
        return
    _READERS[each.sent](each, value, draft, write)


def _title(name: str) -> str:
    return name.removesuffix("_id").replace("_", " ").capitalize()


def _reference(each: Field, value: object, draft: Draft, write: Write) -> None:
    if value is None:
        draft.refuse(each.name, f"{_title(each.name)} can't be blank")
        return
    texts_taken = write.as_text or write.switches["string_ids"] == "accept"
    if isinstance(value, str) and texts_taken and re.fullmatch(r"\s*\d{1,18}\s*", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_ID:
        draft.refuse(each.name, f"{_title(each.name)} must be an integer")
    else:
        draft.values[each.name] = value


def _member_type(each: Field, value: object, draft: Draft, write: Write) -> None:
    spelled = str(value)
    kind, _ = MEMBERS.get(spelled.strip().lower(), ("", ""))
    form = write.switches["member_type_in"]
    wanted = {"any": spelled, "lower": kind.lower(), "Capital": kind}[form]
    if not kind or spelled != wanted:
        draft.refuse(each.name, f"{_title(each.name)} is not included in the list")
    else:
        draft.values[each.name] = kind


def _text(each: Field, value: object, draft: Draft, _: Write) -> None:
    if isinstance(value, dict | list):
        draft.refuse(each.name, f"{_title(each.name)} must be a text")
    else:
        draft.values[each.name] = None if value is None else str(value)


def _boolean(each: Field, value: object, draft: Draft, write: Write) -> None:
    column = "is_primary" if each.name == "primary" else each.name
    if value is None and write.verb is not Verb.CREATE:
        return
    draft.values[column] = int(str(value).strip().lower() in {"true", "1"})


def _choice(each: Field, value: object, draft: Draft, _: Write) -> None:
    if value is None:
        return
    if isinstance(value, bool) or str(value) not in each.choices:
        draft.refuse(each.name, f"{_title(each.name)} must be {' or '.join(each.choices)}")
    else:
        draft.values[each.name] = int(str(value))


def _projects(each: Field, value: object, draft: Draft, write: Write) -> None:
    sent = value if isinstance(value, list) else [] if value is None else str(value).split(",")
    keys = [int(str(key)) for key in sent if str(key).strip().isdigit()]
    seen = _visible(write, "workspaces", keys)
    if len(keys) != len(sent) or not seen.issuperset(keys):
        draft.refuse(each.name, "Workspace must exist")
    elif keys:
        draft.besides[each.name] = keys


EXTERNAL_REQUIRED = ("service_name", "service_model", "service_model_ref")
EXTERNAL_STATUSES = ("successful", "pending", "failed")


def _external(each: Field, value: object, draft: Draft, _: Write) -> None:
    if value is None:
        return
    if not isinstance(value, dict):
        draft.refuse(each.name, f"{_title(each.name)} must be an object")
        return
    missing = [name for name in EXTERNAL_REQUIRED if _is_blank(value.get(name))]
    if missing:
        draft.refuse(each.name, f"{_title(missing[0])} can't be blank")
    elif value.get("status") not in (None, *EXTERNAL_STATUSES):
        draft.refuse(each.name, f"Status must be {', '.join(EXTERNAL_STATUSES)}")
    else:
        draft.besides[each.name] = value


_READERS: dict[Sent, Callable[[Field, object, Draft, Write], None]] = {
    Sent.REFERENCE: _reference,
    Sent.MEMBER: _reference,
    Sent.MEMBER_TYPE: _member_type,
    Sent.TEXT: _text,
    Sent.BOOLEAN: _boolean,
    Sent.CHOICE: _choice,
    Sent.PROJECTS_ADDED: _projects,
    Sent.PROJECTS_REMOVED: _projects,
    Sent.EXTERNAL: _external,
}


def _visible(write: Write, table: str, keys: Sequence[int]) -> set[int]:
    """Those of the ids that exist and that the caller may see."""
    collection = COLLECTIONS[table]
    conditions = [f"id {sql.IN_KEYS}"]
    if not write.ask.caller.administrator:
        conditions.append(collection.visible)
    values = {"keys": json.dumps(sorted(set(keys))), "me": write.ask.caller.user_id}
    return {int(row[0]) for row in write.store.rows(sql.select(["id"], table, conditions), values)}


def _refer(write: Write, drafts: Sequence[Draft], name: str, table: str) -> None:
    """Refuse the drafts whose `name` is the id of no record of `table`."""
    concerned = [(draft, key) for draft in drafts if isinstance(key := draft.values.get(name), int)]
    keys = [key for _, key in concerned]
    seen = _visible(write, table, keys) if keys else set()
    disabled = _disabled(write, keys) if table == "users" and keys else set()
    for draft, key in concerned:
        if key not in seen:
            draft.refuse(name, f"{_title(name)} must exist", missing=write.switches["bad_ref"] == "404")
        elif key in disabled:
            draft.refuse(name, f"{_title(name)} is disabled")


def _disabled(write: Write, keys: Sequence[int]) -> set[int]:
    if write.switches["disabled_ref"] == "accept":
        return set()
    found = write.store.rows(
        "SELECT id FROM users WHERE disabled = 1 AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(set(keys))),),
    )
    return {int(row[0]) for row in found}
