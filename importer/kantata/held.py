"""What the account holds now, by key. Knows how to ask for few records rather than all; knows no row."""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from importer.endpoints.declare import Endpoint
from importer.kantata.client import Client
from importer.kantata.collections import of_endpoint
from importer.kantata.envelope import Record
from importer.kantata.listing import in_parallel, read_by_ids, read_list
from importer.model import Key

_FEW_MEMBERS = 25
"""Up to so many members are asked for one by one where the list takes only one id; beyond, the list is read."""


Held = Mapping[Key, Sequence[Record]]
"""The records by key. More than one to a key is a duplicate that the account already has."""


def read_held(client: Client, endpoint: Endpoint, keys: Iterable[Key], workers: int) -> dict[Key, list[Record]]:
    """The records that stand in the account under these keys.

    Raises: Denied, Unreachable.
    """
    keys = list(keys)
    held: dict[Key, list[Record]] = {}
    if records := list(_read_around(client, endpoint, keys, workers)) if keys else []:
        wanted = frozenset(keys)
        for record in records:
            key = endpoint.key_of(record)
            if key in wanted:
                held.setdefault(key, []).append(record)
    return held


def _read_around(client: Client, endpoint: Endpoint, keys: Sequence[Key], workers: int) -> Iterable[Record]:
    """Records that include every one under these keys, by the filter that needs the fewest ids."""
    collection = of_endpoint(endpoint)
    if endpoint.read_by:
        ids = {field: sorted(set(map(itemgetter(endpoint.key.index(field)), keys))) for field in endpoint.read_by}
        field = min(ids, key=lambda name: len(ids[name]))
        return read_by_ids(client, collection, (field, endpoint.read_by[field]), ids[field], workers)
    lists = in_parallel(lambda filters: read_list(client, collection, filters), _filters(endpoint, keys), workers)
    return (record for records in lists for record in records)


def _filters(endpoint: Endpoint, keys: Sequence[Key]) -> list[dict[str, str]]:
    """Filters of one value each that together leave every record under these keys."""
    each = _distinct(endpoint, endpoint.read_one_by, keys)
    if len(each) <= _FEW_MEMBERS:
        return each
    return _distinct(endpoint, tuple(endpoint.caseless), keys)


def _distinct(endpoint: Endpoint, fields: Sequence[str], keys: Sequence[Key]) -> list[dict[str, str]]:
    """The distinct values that the keys have in these fields."""
    positions = [endpoint.key.index(field) for field in fields]
    values = sorted({tuple(key[position] for position in positions) for key in keys})
    return [dict(zip(fields, value, strict=True)) for value in values]
