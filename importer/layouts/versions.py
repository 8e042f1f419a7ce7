"""Whether sheets of one shape are versions of each other: of last year, a copy, a backup. Knows the table they make."""

import re
from collections.abc import Mapping
from itertools import combinations

from importer.endpoints.header import column_field
from importer.table import Table
from importer.text import fold

_VERSION = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:old|new|copy|backup|archive|archived|previous|draft|final|alt|neu|kopie|copie|copia|ancien)\b"
    r"|\bv\d+\b|\(\d+\)|\bq[1-4]\b|\bh[12]\b",
    re.IGNORECASE,
)
_SHARE = 0.5
"""So much of the smaller sheet stands in the other one, too."""

Values = Mapping[tuple[str, ...], str]
"""What a sheet says of each person and thing."""


def find_versions(table: Table) -> tuple[str, ...]:
    """The sheets that look like versions of each other, in their order; empty where each has records of its own."""
    sheets = [part.sheet or "" for part in table.parts]
    said = _values(table) if len(set(sheets)) > 1 else {}
    alike: set[str] = set()
    for one, other in combinations(said, 2):
        if _are_versions(one, other, said[one], said[other]):
            alike |= {one, other}
    return tuple(sheet for sheet in dict.fromkeys(sheets) if sheet in alike)


def _are_versions(one: str, other: str, values: Values, others: Values) -> bool:
    shared = values.keys() & others.keys()
    if not shared or len(shared) < _SHARE * min(len(values), len(others)):
        return False
    differs = any(values[key] != others[key] for key in shared)
    return differs or bool(_VERSION.search(one) or _VERSION.search(other))


def _values(table: Table) -> dict[str, dict[tuple[str, ...], str]]:
    """What each sheet says of each person and thing, as typed but for letter case."""
    key = [name for name, column in table.used.items() if column_field(column) in table.endpoint.key]
    rest = [name for name, column in table.used.items() if column_field(column) in table.endpoint.updates]
    keys = zip(*(map(fold, table.texts(name)) for name in key), strict=True)
    values = zip(*(table.texts(name) for name in rest), strict=True) if rest else [()] * len(table.frame)
    said: dict[str, dict[tuple[str, ...], str]] = {}
    for ref, texts, value in zip(table.refs, keys, values, strict=True):
        said.setdefault(table.parts[ref.sheet].sheet or "", {})[texts] = "".join(value)
    return said
