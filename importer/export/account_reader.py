"""How the memberships of an account are read with the fewest requests, and whether they moved meanwhile.

Knows ways and counts; what is kept of a record is told by who asks.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from importer.endpoints.declare import Endpoint
from importer.export.consistency import Counts, name_of, read_between_counts
from importer.export.disk_buffer import DiskBuffer, Row
from importer.kantata.client import PER_PAGE, Client
from importer.kantata.existing_records import RecordQuery, scan_existing
from importer.kantata.id_filters import read_by_ids
from importer.kantata.pagination import ListCounts, RecordHandling, read_into
from importer.kantata.resources import of_endpoint
from importer.kantata.responses import Record
from importer.model import Key

RECORDS_AT_ONCE = 2_000
"""So many records come along with people in one request, about. Of 400,000 records of 10,000 people, read from the
sandbox: 257 requests and a tenth of the time that the list takes with its 2,000; 1,000 are no faster, and 4,000 cost
a quarter more memory for nothing.
"""
_MOST_PEOPLE_AT_ONCE = 100
"""So many ids stay within a URL that every server takes."""
_FEW_THINGS = 50
"""The records of up to so many skills or groups are asked for by these; of more, the whole list is read."""

Keep = Callable[[Record], Row | None]
_Taken = tuple[str, Row | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which records of an endpoint are asked for; `keep` sees to it that no others are kept.

    `owners` are those whose records are meant, as parts of keys, None for all; `things` are the ids of what they have,
    by field, where some are meant; `filters` are the API's own. `people` are all people of the account.
    """

    endpoint: Endpoint
    people: Sequence[str]
    owners: Sequence[Key] | None = None
    things: tuple[str, Sequence[str]] | None = None
    filters: Mapping[str, str] = field(default_factory=dict)


def read_memberships(client: Client, choice: Choice, keep: Keep, into: DiskBuffer) -> Counts:
    """Read the records that are meant into the buffer, and return how their count moved; where only some owners or
    things are meant, how that of all records did.

    Raises: Denied, Unreachable.
    """
    endpoint = choice.endpoint
    if choice.filters:
        return {name_of(endpoint): read_into(into, client, of_endpoint(endpoint), choice.filters, RecordHandling(keep))}
    if some := _some(client, choice, keep):
        return read_between_counts(client, [endpoint], lambda: _take(into, some()), partly=True)[1]
    return {name_of(endpoint): _read_all(client, choice, keep, into)}


def _some(client: Client, choice: Choice, keep: Keep) -> Callable[[], Iterable[_Taken]] | None:
    """How the records of some owners or things are read; None where all are meant, or nearly all."""
    endpoint, owners = choice.endpoint, choice.owners
    if owners is not None:
        return lambda: _scan(client, endpoint, owners, keep)
    if choice.things and choice.things[0] in endpoint.read_by and len(choice.things[1]) <= _FEW_THINGS:
        name, ids = choice.things
        by = (name, endpoint.read_by[name])
        return lambda: read_by_ids(client, of_endpoint(endpoint), by, ids, _with_id(keep))
    return None


def _read_all(client: Client, choice: Choice, keep: Keep, into: DiskBuffer) -> ListCounts:
    """Read every record, along with people where that takes fewer requests, and see whether they are all."""
    collection, people = of_endpoint(choice.endpoint), choice.people
    if choice.endpoint.comes_with_users and people:
        first = client.page(collection, 1, {}).count
        at_once = min(max(RECORDS_AT_ONCE * len(people) // max(first, 1), 1), _MOST_PEOPLE_AT_ONCE)
        if len(people) / at_once < first / PER_PAGE:
            _take(into, _scan(client, choice.endpoint, [(id_,) for id_ in people], keep, at_once), first)
            last = client.page(collection, 1, {}).count
            if into.count() >= min(first, last):
                return ListCounts(first, last)
            # Records of people whom the list of people does not show; or some went and others came.
            into.begin_pass(keep_earlier=True)
    return read_into(into, client, collection, {}, RecordHandling(keep))


def _scan(
    client: Client, endpoint: Endpoint, owners: Sequence[Key], keep: Keep, at_once: int = _MOST_PEOPLE_AT_ONCE // 2
) -> Iterable[_Taken]:
    rest = ("",) * (len(endpoint.key) - len(endpoint.owner))
    wanted = RecordQuery(endpoint, [owner + rest for owner in owners], with_all_of_owners=True)
    with_id = _with_id(keep)
    return scan_existing(client, wanted, lambda _key, record: with_id(record), at_once)


def _with_id(keep: Keep) -> Callable[[Record], _Taken]:
    return lambda record: (str(record["id"]), keep(record))


def _take(into: DiskBuffer, records: Iterable[_Taken], count: int = 0) -> None:
    rest: Iterator[_Taken] = iter(records)
    while some := dict(islice(rest, RECORDS_AT_ONCE)):
        into.add(some, count)
