"""What a caller sent: query, JSON or form body, as names and values; knows no collection.

Rails nesting is understood: `a[b]=c`, `a[]=1&a[]=2`, `as[][b]=1&as[][c]=2` (a name met again begins the next
object). Source: API reference 1.0.0, section Schema: requests may be JSON or form encoded.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

FORM = "application/x-www-form-urlencoded"


class BadBodyError(Exception):
    """The body is no JSON object and no form."""


@dataclass(frozen=True, slots=True)
class Params:
    """Top-level names with their values: `plain` as sent once or repeated, `arrays` as sent in brackets."""

    plain: dict[str, list[str]] = field(default_factory=dict)
    arrays: dict[str, list[str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The last plain value; a blank one, or none, is ""."""
        values = self.plain.get(name, [""])
        return values[-1] if values[-1].strip() else ""

    def names(self) -> set[str]:
        """Every name with a value that is not blank."""
        return {name for name in self.plain if self.text(name)} | {n for n, v in self.arrays.items() if v}


def from_query(query: str) -> Params:
    """The parameters of a query string."""
    found = Params()
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name.endswith("[]"):
            found.arrays.setdefault(name[:-2], []).append(value)
        else:
            found.plain.setdefault(name, []).append(value)
    return found


def with_body(query: Params, body: Mapping[str, object]) -> Params:
    """The parameters of the query together with the scalars and lists at the top of the body."""
    plain, arrays = dict(query.plain), dict(query.arrays)
    for name, value in body.items():
        if isinstance(value, list):
            if not any(isinstance(each, dict | list) for each in value):  # objects are what is to be written
                arrays[name] = [_text(each) for each in value]
        elif value is not None and not isinstance(value, dict):
            plain[name] = [_text(value)]
    return Params(plain, arrays)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def body_of(content_type: str, raw: bytes) -> dict[str, object]:
    """The body as a JSON object; {} for none. Raises: BadBodyError."""
    if not raw.strip():
        return {}
    try:
        text = raw.decode()
        if content_type.partition(";")[0].strip().lower() == FORM:
            return nested(parse_qsl(text, keep_blank_values=True))
        found = json.loads(text)
        if r"\ud" in text.lower():
            json.dumps(found, ensure_ascii=False).encode()  # half a character cannot be stored: UnicodeEncodeError
    except (ValueError, RecursionError) as error:
        raise BadBodyError from error
    return found if isinstance(found, dict) else {}


def nested(pairs: list[tuple[str, str]]) -> dict[str, object]:
    """The object that form pairs describe. Raises: BadBodyError if a name is used in two ways."""
    top: dict[str, object] = {}
    for name, value in pairs:
        match = re.match(r"[^\[\]]+", name)
        if match:
            _put(top, match.group(), re.findall(r"\[([^\[\]]*)\]", name[match.end() :]), value)
    return top


def _put(into: dict[str, object], name: str, rest: list[str], value: str) -> None:
    if not rest:
        into[name] = value
    elif rest[0]:
        inner = into.setdefault(name, {})
        if not isinstance(inner, dict):
            raise BadBodyError
        _put(inner, rest[0], rest[1:], value)
    else:
        items = into.setdefault(name, [])
        if not isinstance(items, list):
            raise BadBodyError
        _append(items, rest[1:], value)


def _append(items: list[object], rest: list[str], value: str) -> None:
    if not rest:
        items.append(value)
        return
    last = items[-1] if items else None
    if not isinstance(last, dict) or _holds(last, rest):
        last = {}
        items.append(last)
    _put(last, rest[0], rest[1:], value)


def _holds(item: Mapping[str, object], path: list[str]) -> bool:
    """Whether the object already has a value at this path, so that the pair begins the next object."""
    found: object = item
    for name in path:
        if not name:
            return False
        if not isinstance(found, dict) or name not in found:
            return False
        found = found[name]
    return True
