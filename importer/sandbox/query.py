"""One question to a collection: who asks what, under which switches; and the SQL conditions it comes to.

Knows the contract and the rules for query parameters, and no row.
Source of the rules: mavenlink/brainstem, and API reference 1.0.0 where a filter is described.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from importer.sandbox.access import Caller
from importer.sandbox.answer import Refused, error
from importer.sandbox.contract.declare import Collection, Filter, FilterKind
from importer.sandbox.params import Params
from importer.sandbox.sql import IN_VALUE
from importer.sandbox.store import fold
from importer.sandbox.world.dates import text as stamp

MOST_ADDRESSES = 200
STANDARD = frozenset(("include", "only", "order", "page", "per_page"))
FALSE = {"false", "FALSE"}


@dataclass(frozen=True, slots=True)
class Query:
    """A question; `number` is that of its request, `unseen` the ids that a lagging read does not see,
    by collection.
    """

    collection: Collection
    params: Params
    caller: Caller
    switches: Mapping[str, str]
    number: int = 0
    unseen: Mapping[str, frozenset[int]] = field(default_factory=dict)
    is_post: bool = False


@dataclass(slots=True)
class Where:
    """Conditions that all must hold, and the values of their parameters."""

    conditions: list[str] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)

    def add(self, condition: str, value: object = None) -> None:
        """Add a condition whose `:value` is `value`."""
        name = f"value_{len(self.conditions)}"
        if ":value" in condition:
            condition = re.sub(r":value\b", f":{name}", condition)
            self.values[name] = value
        self.conditions.append(condition)


def where(query: Query, *, one: bool) -> Where:
    """What holds for the rows of a list, or for those that get-one (`one`) may find.

    Raises: Refused for a value that cannot be read, or a parameter that the switches refuse.
    """
    found = Where(values={"me": query.caller.user_id})
    if not query.caller.administrator:
        found.add("0" if query.collection.administrators_only else query.collection.visible)
    if unseen := query.unseen.get(query.collection.name):
        found.add(f"id NOT {IN_VALUE}", json.dumps(sorted(unseen)))
    sent = query.params.names()
    for each in query.collection.filters:
        if not _has_feature(each, query) or (each.scope and one):
            continue
        if each.name in sent:
            condition, value = _condition(each, query)
        elif each.default:
            condition, value = each.where if each.default == "true" else each.otherwise, None
        else:
            continue
        if condition:
            found.add(condition, value)
    return found


def refuse_unknown(query: Query) -> None:
    """Raises: Refused for a parameter that the collection does not have, if the switches say so."""
    if query.switches["unknown_filter"] == "ignore":
        return
    known = STANDARD | {each.name for each in query.collection.filters if _has_feature(each, query)}
    unknown = sorted(query.params.names() - known)
    if unknown:
        raise Refused(error(400, f"{unknown[0]} is not a parameter of {query.collection.name}"))


def _has_feature(each: Filter, query: Query) -> bool:
    return not each.feature or query.switches[each.feature] != "off"


def integer(text: str) -> int:
    """The whole number that a text begins with, else 0: what Ruby's to_i says."""
    match = re.match(r"\s*[+-]?\d{1,18}", text)
    return int(match.group()) if match else 0


def _condition(each: Filter, query: Query) -> tuple[str, object]:
    """The condition that a filter comes to ("" for none), and its `:value`."""
    sent = query.params.text(each.name)
    condition: str = each.where
    value: object = sent
    match each.kind:
        case FilterKind.BOOLEAN:
            condition = each.otherwise if sent in FALSE else each.where
        case FilterKind.INTEGER:
            value = integer(sent)
        case FilterKind.TIME:
            value = _time(each.name, sent)
        case FilterKind.IDS:
            condition, value = _ids(each, query)
        case FilterKind.EMAILS:
            condition, value = _emails(each, query)
        case FilterKind.NAME:
            condition, value = _name(each.where, sent, query.switches["name_match"])
    return condition, value


def _time(name: str, sent: str) -> str:
    try:
        moment = datetime.fromisoformat(sent.strip().replace(" ", "+"))  # an unescaped + arrives as a blank
    except ValueError:
        raise Refused(error(400, f"{name} must be an ISO 8601 datetime")) from None
    return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _split(texts: list[str]) -> list[str]:
    return [word for text in texts for word in text.split(",") if word.strip()]


def _ids(each: Filter, query: Query) -> tuple[str, object]:
    form = query.switches["array_query"]
    arrays = query.params.array(each.name) if form != "csv" else []
    plain = query.params.getlist(each.name) if form != "brackets" else []
    if form == "csv":
        plain = plain[-1:]  # as Rails reads a repeated name
    words = arrays or _split(plain)
    return f"{each.where} {IN_VALUE}" if words else "", json.dumps([integer(word) for word in words])


def _emails(each: Filter, query: Query) -> tuple[str, object]:
    words = query.params.array(each.name) or _split(query.params.getlist(each.name))
    if len(words) > MOST_ADDRESSES and query.switches["email_over_200"] == "400":
        raise Refused(error(400, f"{each.name} takes {MOST_ADDRESSES} addresses at most"))
    column, wanted = each.where, [word.strip() for word in words[:MOST_ADDRESSES]]
    if query.switches["email_case"] == "insensitive":
        column, wanted = f"lower({column})", [word.lower() for word in wanted]
    return f"{column} {IN_VALUE}", json.dumps(wanted)


def _name(column: str, sent: str, match: str) -> tuple[str, object]:
    if match == "contains_ci":
        return f"contains({column}, :value)", sent
    if match == "exact_cs":
        return f"{column} = :value", sent
    return f"fold({column}) = :value", fold(sent)
