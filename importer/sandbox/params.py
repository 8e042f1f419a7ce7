"""What a caller sent: the query as names and values, the body as a JSON object; knows no collection."""

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qsl


class BadBodyError(Exception):
    """The body is not JSON."""


@dataclass(frozen=True, slots=True)
class Params:
    """The names of a query with their values: `plain` as sent once or repeated, `arrays` as sent in brackets."""

    plain: dict[str, list[str]] = field(default_factory=dict)
    arrays: dict[str, list[str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The last plain value; "" if it is blank or was not sent."""
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


def body_of(raw: bytes) -> dict[str, object]:
    """The body as a JSON object; {} for none. Raises: BadBodyError."""
    if not raw.strip():
        return {}
    try:
        text = raw.decode()
        found = json.loads(text)
        if r"\ud" in text.lower():
            json.dumps(found, ensure_ascii=False).encode()  # half a character cannot be stored: UnicodeEncodeError
    except (ValueError, RecursionError) as error:
        raise BadBodyError from error
    return found if isinstance(found, dict) else {}
