"""One question to a collection: who asks what, under which switches; and the SQL conditions it comes to.

Knows the contract and the rules for query parameters, and no row.
Source of the rules: mavenlink/brainstem, and API reference 1.0.0 where a filter is described.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from importer.sandbox.access import Caller
from importer.sandbox.answer import Refused, bad_request, error
from importer.sandbox.contract.declare import NOBODY, Asked, Collection, Filter
from importer.sandbox.params import Params
from importer.sandbox.sql import IN_VALUE
from importer.sandbox.store import fold
from importer.sandbox.world.dates import text as stamp

MOST_ADDRESSES = 200
STANDARD = frozenset(
    (
        *("include", "only", "order", "page", "per_page", "limit", "offset"),
        *("optional_fields", "apply_default_filters", "search"),
    )
)
TRUE, FALSE = {"true", "TRUE"}, {"false", "FALSE"}


@dataclass(frozen=True, slots=True)
class Ask:
    """A question; `number` is that of its request, `unseen` the ids that a lagging read does not see."""

    collection: Collection
    params: Params
    caller: Caller
    switches: Mapping[str, str]
    number: int = 0
    unseen: tuple[int, ...] = ()


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


def where(ask: Ask, *, one: bool) -> Where:
    """What holds for the rows of a list, or for those that get-one (`one`) may find.

    Raises: Refused for a value that cannot be read, or a parameter that the switches refuse.
    """
    found = Where(values={"me": ask.caller.user_id})
    if not ask.caller.administrator:
        found.add(NOBODY if ask.collection.administrators_only else ask.collection.visible)
    if ask.unseen:
        found.add(f"id NOT {IN_VALUE}", json.dumps(ask.unseen))
    defaults = _defaults_apply(ask)
    for each in ask.collection.filters:
        if not _has_feature(each, ask) or (each.scope and one):
            continue
        if each.name in ask.params.names():
            condition, value = _READERS[each.asked](each, ask)
        elif each.default and (defaults or each.scope) and not _given_up(each, ask):
            condition, value = _READERS[each.asked](each, _with_default(each, ask))
        else:
            continue
        if condition:
            found.add(condition, value)
    return found


def refuse_unknown(ask: Ask) -> None:
    """Raises: Refused if the switches say so and a parameter is none of the collection's."""
    if ask.switches["unknown_filter"] == "ignore":
        return
    known = STANDARD | {each.name for each in ask.collection.filters if _has_feature(each, ask)}
    unknown = sorted(ask.params.names() - known)
    if unknown:
        raise Refused(bad_request(f"{unknown[0]} is not a parameter of {ask.collection.name}"))


def searched(ask: Ask) -> Filter | None:
    """The filter `search` when it is in use; `only` and search do not combine, and only wins."""
    found = next((each for each in ask.collection.filters if each.asked is Asked.SEARCH), None)
    return found if found and ask.params.text(found.name) and not ask.params.text("only") else None


def _has_feature(each: Filter, ask: Ask) -> bool:
    return not each.feature or ask.switches[each.feature] != "off"


def _defaults_apply(ask: Ask) -> bool:
    asked_off = ask.params.text("apply_default_filters") in FALSE
    return not (asked_off and ask.switches["apply_default_filters"] == "honoured")


def _given_up(each: Filter, ask: Ask) -> bool:
    sent = ask.params.text(each.unless) if each.unless else ""
    return bool(sent) and sent not in FALSE


def _with_default(each: Filter, ask: Ask) -> Ask:
    params = Params({each.name: [each.default]})
    return Ask(ask.collection, params, ask.caller, ask.switches)


Read = tuple[str, object]


def integer(text: str) -> int:
    """The whole number that a text begins with, else 0: what Ruby's to_i says."""
    match = re.match(r"\s*[+-]?\d{1,18}", text)
    return int(match.group()) if match else 0


def _boolean(each: Filter, ask: Ask) -> Read:
    return (each.otherwise if ask.params.text(each.name) in FALSE else each.where), None


def _integer(each: Filter, ask: Ask) -> Read:
    return each.where, integer(ask.params.text(each.name))


def _text(each: Filter, ask: Ask) -> Read:
    return each.where, ask.params.text(each.name)


def _time(each: Filter, ask: Ask) -> Read:
    text = ask.params.text(each.name).strip().replace(" ", "+")  # an unescaped + arrives as a blank
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(bad_request(f"{each.name} must be an ISO 8601 datetime")) from None
    return each.where, stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _split(texts: list[str]) -> list[str]:
    return [word for text in texts for word in text.split(",") if word.strip()]


def _csv(each: Filter, ask: Ask) -> Read:
    words = ask.params.arrays.get(each.name) or _split(ask.params.plain.get(each.name, []))
    return each.where, json.dumps([integer(word) for word in words])


def _ids(each: Filter, ask: Ask) -> Read:
    form = ask.switches["array_query"]
    arrays = ask.params.arrays.get(each.name, []) if form != "csv" else []
    plain = ask.params.plain.get(each.name, []) if form != "brackets" else []
    if form == "csv":
        plain = plain[-1:]  # as Rails reads a repeated name
    words = arrays or _split(plain)
    return (each.where, json.dumps([integer(word) for word in words])) if words else ("", None)


def _words(each: Filter, ask: Ask) -> Read:
    words = ask.params.arrays.get(each.name) or _split(ask.params.plain.get(each.name, []))
    return each.where, json.dumps([word.strip() for word in words][:MOST_ADDRESSES])


def _addresses(column: str, words: list[str], ask: Ask) -> Read:
    wanted = [word.strip() for word in words]
    if ask.switches["email_case"] == "insensitive":
        column, wanted = f"lower({column})", [word.lower() for word in wanted]
    return f"{column} {IN_VALUE}", json.dumps(wanted)


def _email(each: Filter, ask: Ask) -> Read:
    return _addresses(each.where, [ask.params.text(each.name)], ask)


def _emails(each: Filter, ask: Ask) -> Read:
    words = ask.params.arrays.get(each.name) or _split(ask.params.plain.get(each.name, []))
    if len(words) > MOST_ADDRESSES and ask.switches["email_over_200"] == "400":
        raise Refused(bad_request(f"{each.name} takes {MOST_ADDRESSES} addresses at most"))
    return _addresses(each.where, words[:MOST_ADDRESSES], ask)


def _name(each: Filter, ask: Ask) -> Read:
    sent, match = ask.params.text(each.name), ask.switches["name_match"]
    if match == "contains_ci":
        return f"contains({each.where}, :value)", sent
    if match == "exact_cs":
        return f"{each.where} = :value", sent
    return f"fold({each.where}) = :value", fold(sent)


def _choice(each: Filter, ask: Ask) -> Read:
    return dict(each.choices).get(ask.params.text(each.name), ""), None


def _presence(each: Filter, _: Ask) -> Read:
    return each.where, None


def _organizations(each: Filter, ask: Ask) -> Read:
    geographies, _, departments = ask.params.text(each.name).partition(";")
    sides = [[integer(word) for word in _split([side])] for side in (geographies, departments)]
    return each.where, json.dumps(sides)


def _skills(each: Filter, ask: Ask) -> Read:
    try:
        sent = json.loads(ask.params.text(each.name))
    except ValueError:
        sent = None
    if not isinstance(sent, dict):
        raise Refused(bad_request(f"{each.name} must be a JSON object"))
    named = [key for key in sent if key.isdigit()] or [str(key) for key in sent.get("ids", [])]
    wants = [[integer(key), [integer(str(level)) for level in sent.get(key) or []]] for key in named]
    need = len(wants) if sent.get("operation") == "and" else 1
    return each.where, json.dumps({"wants": wants, "need": need})


def _search(each: Filter, ask: Ask) -> Read:
    if ask.switches["search"] == "off":
        raise Refused(error(503, "Search is currently unavailable"))
    if searched(ask) is None:
        return "", None
    return f"contains({each.where}, :value)", ask.params.text(each.name).strip()


_READERS: dict[Asked, Callable[[Filter, Ask], Read]] = {
    Asked.BOOLEAN: _boolean,
    Asked.INTEGER: _integer,
    Asked.TEXT: _text,
    Asked.TIME: _time,
    Asked.CSV: _csv,
    Asked.IDS: _ids,
    Asked.WORDS: _words,
    Asked.EMAIL: _email,
    Asked.EMAILS: _emails,
    Asked.NAME: _name,
    Asked.CHOICE: _choice,
    Asked.PRESENCE: _presence,
    Asked.ORGANIZATIONS: _organizations,
    Asked.SKILLS: _skills,
    Asked.SEARCH: _search,
}
