"""Which rows of a list are shown, and in what order; knows parameters, and no row.

Source: API reference 1.0.0, section Pagination; mavenlink/brainstem for what is out of range.
"""

import math
import re
from dataclasses import dataclass

from importer.sandbox.answer import Refused, error
from importer.sandbox.query import Query, integer

USUAL, MOST = 20, 200


@dataclass(frozen=True, slots=True)
class Page:
    """`limit` rows from `offset` on (None: all of them), and what `meta` says about it."""

    limit: int | None
    offset: int
    size: int
    number: int

    def meta(self, count: int) -> dict[str, int]:
        """The `meta` of a list that has `count` rows in all."""
        if not count:
            return {"count": 0, "page_count": 0, "page_number": 0, "page_size": self.size}
        pages = math.ceil(count / self.size)
        return {"count": count, "page_count": pages, "page_number": self.number, "page_size": self.size}


def page(query: Query) -> Page:
    """The page that the caller wants. Raises: Refused for per_page above 200 if the switches say so."""
    size, number = _size(query), integer(query.params.text("page") or "1")
    if query.params.text("only") and query.switches["only_paged"] == "off":
        return Page(None, 0, USUAL, number)
    offset = min(max((number - 1) * size, 0), 2**62)  # SQLite takes no more; beyond, there is nothing anyway
    return Page(size, offset, size, number)


def _size(query: Query) -> int:
    wanted = integer(query.params.text("per_page"))
    if wanted > MOST and query.switches["over_max"] == "400":
        raise Refused(error(400, f"per_page must not be above {MOST}"))
    return min(wanted, MOST) if wanted > 0 else USUAL


def everything(count: int) -> Page:
    """One page that holds all the rows."""
    return Page(None, 0, max(count, USUAL), 1)


def first() -> Page:
    """The first page of the usual size, whatever the caller wants."""
    return Page(USUAL, 0, USUAL, 1)


def only(query: Query) -> list[int] | None:
    """The ids that `only` names: digits count, the rest is dropped; None if it is not sent."""
    text = query.params.text("only")
    if not text:
        return None
    return list(dict.fromkeys(int(word) for word in text.split(",") if re.fullmatch(r"\d{1,18}", word)))


def order(query: Query) -> str:
    """The ORDER BY of a list; id ascending is always its last key. An unknown sort name counts as none."""
    sorts = query.collection.orders
    if not sorts:
        random = f"draw('page {query.number:d}', id, 1000000007), id"
        return {"id_asc": "id", "updated_desc": "updated_at DESC, id"}.get(query.switches["om_order"], random)
    default = query.collection.default_order or next(iter(sorts))
    name, _, direction = (query.params.text("order") or default).partition(":")
    if name not in sorts:
        name, _, direction = default.partition(":")
    return f"{sorts[name]} DESC, id" if direction == "desc" else f"{sorts[name]}, id"
