"""What the account holds now, by key. Knows how to ask for few records rather than all; knows no row."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import itemgetter

from importer.endpoints.declare import Endpoint
from importer.kantata.client import Client, NotAccepted
from importer.kantata.collections import USERS, Collection, of_endpoint
from importer.kantata.envelope import Record
from importer.kantata.listing import in_parallel, read_by_ids, read_kept
from importer.model import Key

_FEW_MEMBERS = 25
"""Up to so many members are asked for one by one where the list takes only one id; beyond, the list is read."""
_FEW_OTHERS = 4
"""Up to so many skills or groups, their records are fewer than those of many people."""
_MANY_PEOPLE = 20
_PEOPLE_AT_ONCE = 50
"""People whose records come along with them in one request: up to 10,000 records, where a page of the list has 200."""

Held = Mapping[Key, Sequence[Record]]
"""The records by key: their id, the fields that a load may change, and who made them when. More than one to a key is a
duplicate that the account has.
"""

_Pair = tuple[Key, Record]


def read_held(client: Client, endpoint: Endpoint, keys: Iterable[Key]) -> dict[Key, list[Record]]:
    """The records that stand in the account under these keys.

    Raises: Denied, Unreachable.
    """
    wanted = frozenset(keys)
    held: dict[Key, list[Record]] = {}
    if wanted:
        for key, record in _read_around(client, endpoint, wanted):
            held.setdefault(key, []).append(record)
    return held


def _keeper(endpoint: Endpoint, wanted: frozenset[Key]) -> Callable[[Record], _Pair | None]:
    """Keeps of a record under a wanted key what a plan and a receipt need: an account's records are many."""
    names = ("id", *endpoint.updates, "creator_id", "created_at")

    def keep(record: Record) -> _Pair | None:
        key = endpoint.key_of(record)
        if key not in wanted:
            return None
        kept = {name: record[name] for name in names if name in record}
        for name in ("creator_id", "created_at"):
            if isinstance(kept.get(name), str):
                kept[name] = sys.intern(kept[name])
        return key, kept

    return keep


def _read_around(client: Client, endpoint: Endpoint, wanted: frozenset[Key]) -> Iterable[_Pair]:
    """The records under the wanted keys, by the way that needs the fewest requests."""
    collection, keep = of_endpoint(endpoint), _keeper(endpoint, wanted)
    if not endpoint.read_by:
        lists = in_parallel(
            lambda filters: read_kept(client, collection, filters, keep), _filters(endpoint, wanted), client.workers
        )
        return (pair for pairs in lists for pair in pairs)
    ids = {field: sorted(set(map(itemgetter(endpoint.key.index(field)), wanted))) for field in endpoint.read_by}
    people = ids.get("user_id", [])
    others = min((len(values) for field, values in ids.items() if field != "user_id"), default=0)
    if endpoint.comes_with_users and len(people) > _MANY_PEOPLE and others > _FEW_OTHERS:
        return _through_people(client, endpoint, people, keep)
    field = min(ids, key=lambda name: len(ids[name]))
    return read_by_ids(client, collection, (field, endpoint.read_by[field]), ids[field], keep)


def _through_people(
    client: Client, endpoint: Endpoint, people: Sequence[str], keep: Callable[[Record], _Pair | None]
) -> list[_Pair]:
    """The records of many people, which come along with them; those of people who do not come are asked for by list."""
    chunks = [people[start : start + _PEOPLE_AT_ONCE] for start in range(0, len(people), _PEOPLE_AT_ONCE)]
    pairs: list[_Pair] = []
    left: list[str] = []
    for found, missing in in_parallel(partial(_with_people, client, endpoint, keep), chunks, client.workers):
        pairs += found
        left += missing
    if left:
        by = ("user_id", endpoint.read_by["user_id"])
        pairs += read_by_ids(client, of_endpoint(endpoint), by, left, keep)
    return pairs


def _with_people(
    client: Client, endpoint: Endpoint, keep: Callable[[Record], _Pair | None], people: Sequence[str]
) -> tuple[list[_Pair], Sequence[str]]:
    """What is kept of the records that come along with these people, and the people whose records do not all come."""
    collection = Collection(USERS.path, includes=(endpoint.plural,), filters=USERS.filters, always=USERS.always)
    try:
        page = client.page(collection, 1, {"only": people})
        records = page.included.get(endpoint.plural, {})
        told = {str(user["id"]) for user in page.records if _all_come(user, endpoint, records)}
        pairs = [pair for record in records.values() if (pair := keep(record)) is not None]
    except (KeyError, NotAccepted):  # records that come along do not tell their key, or nothing comes along
        return [], people
    position = endpoint.key.index("user_id")
    return [pair for pair in pairs if pair[0][position] in told], [id_ for id_ in people if id_ not in told]


def _all_come(user: Record, endpoint: Endpoint, records: Mapping[str, Record]) -> bool:
    """Whether every record that a person lists is among those that came along."""
    listed = user.get(f"{endpoint.singular}_ids")
    return isinstance(listed, list) and all(str(id_) in records for id_ in listed)


def _filters(endpoint: Endpoint, wanted: Iterable[Key]) -> list[dict[str, str]]:
    """Filters of one value each that together leave every record under these keys."""
    each = _distinct(endpoint, endpoint.read_one_by, wanted)
    if len(each) <= _FEW_MEMBERS:
        return each
    return _distinct(endpoint, tuple(endpoint.caseless), wanted)


def _distinct(endpoint: Endpoint, fields: Sequence[str], wanted: Iterable[Key]) -> list[dict[str, str]]:
    """The distinct values that the keys have in these fields."""
    positions = [endpoint.key.index(field) for field in fields]
    values = sorted({tuple(key[position] for position in positions) for key in wanted})
    return [dict(zip(fields, value, strict=True)) for value in values]
