"""What a caller sent: the query as names and values, the body as a JSON object; knows no collection."""

import json

from starlette.datastructures import QueryParams


class Params(QueryParams):
    """The names of a query string with their values; a list is sent as `a=1,2`, `a=1&a=2` or `a[]=1&a[]=2`."""

    def text(self, name: str) -> str:
        """The last plain value; "" if it is blank or was not sent."""
        value = self.get(name, "")
        return value if value.strip() else ""

    def array(self, name: str) -> list[str]:
        """The values that were sent in brackets."""
        return self.getlist(f"{name}[]")

    def names(self) -> set[str]:
        """Every name with a value that is not blank."""
        return {name.removesuffix("[]") for name in self if name.endswith("[]") or self.text(name)}


def body_of(raw: bytes) -> dict[str, object]:
    """The body as a JSON object; {} for none. Raises: ValueError or RecursionError if it is not JSON."""
    if not raw.strip():
        return {}
    text = raw.decode()
    found = json.loads(text)
    if r"\ud" in text.lower():
        json.dumps(found, ensure_ascii=False).encode()  # half a character cannot be stored: UnicodeEncodeError
    return found if isinstance(found, dict) else {}
