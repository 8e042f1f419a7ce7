"""What in the account names a thing: who has a skill, who is in a group, what lies in a place. Reads; decides nothing.

Looked at are the records that can be loaded, and the places below a place. What else of Kantata may name a thing, such
as the skills that a project asks for, is not read.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from importer import endpoints
from importer.endpoints.declare import WITHIN, Endpoint
from importer.kantata.client import Client
from importer.kantata.existing_records import RecordQuery, read_existing
from importer.kantata.id_filters import read_by_ids
from importer.kantata.pagination import read_extracts, read_list
from importer.kantata.record_forms import form_of
from importer.kantata.resources import of_endpoint
from importer.kantata.responses import Record, age
from importer.planned_ids import Thing

Uses = Mapping[str, int]
"""How many records name a thing, by what they are called: `{"skill memberships": 3}`."""


def find_things(client: Client, things: Collection[Thing]) -> dict[Thing, str]:
    """Of these things those that the account has, with their ids; of several with one name the oldest.

    Raises: Denied, Unreachable.
    """
    found: dict[Thing, str] = {}
    for name in sorted({endpoint for endpoint, _ in things}):
        query = RecordQuery(endpoints.load(name), [key for endpoint, key in things if endpoint == name])
        for key, records in read_existing(client, query).items():
            found[name, key] = str(min(records, key=age)["id"])
    return found


def read_uses(client: Client, endpoint: Endpoint, ids: Collection[str], gone: Collection[str] = ()) -> dict[str, Uses]:
    """For each of these things that is in use, what names it; `gone` are ids of records that do not count, as they are
    to be removed, too.

    Raises: Denied, Unreachable.
    """
    wanted, found = frozenset(ids), dict[str, Counter[str]]()
    if wanted:
        for id_, what in _uses(client, endpoint, wanted, frozenset(gone)):
            found.setdefault(id_, Counter())[what] += 1
    return {id_: dict(counts) for id_, counts in found.items()}


def _uses(
    client: Client, endpoint: Endpoint, wanted: frozenset[str], gone: frozenset[str]
) -> Iterator[tuple[str, str]]:
    for other in endpoints.load_all():
        for name in (field for field, maker in other.made_by.items() if maker == endpoint.name):

            def keep(record: Record, name: str = name) -> tuple[str, str] | None:
                id_ = str(record.get(name))
                return (id_, str(record["id"])) if id_ in wanted else None

            collection = of_endpoint(other)
            if name in other.read_by:
                kept = read_by_ids(client, collection, (name, other.read_by[name]), sorted(wanted), keep)
            else:
                kept = read_extracts(client, collection, {}, keep)
            yield from ((id_, other.title.lower()) for id_, record_id in kept if record_id not in gone)
    if endpoint.tree:
        records = form_of(client, endpoint).told(read_list(client, of_endpoint(endpoint)), are_all=True)
        paths = {str(record["id"]): (record[endpoint.tree.kind], str(record[endpoint.tree.path])) for record in records}
        for id_ in wanted & paths.keys():
            kind, path = paths[id_]
            for other_id, (of, below) in paths.items():
                if other_id not in gone and other_id not in wanted and of == kind and below.startswith(path + WITHIN):
                    yield id_, "places below"
