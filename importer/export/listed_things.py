"""The things of an account, such as its skills, as rows of their list. Reads each list whole; knows no sheet."""

from collections.abc import Iterator, Mapping, Sequence

from importer.base import Held
from importer.endpoints.declare import Endpoint
from importer.kantata.client import Client
from importer.kantata.pagination import read_list
from importer.kantata.record_forms import form_of
from importer.kantata.resources import of_endpoint
from importer.kantata.responses import Record, id_order
from importer.model import Key
from importer.text import fold

Row = Mapping[str, str | int]


def read_things(client: Client, endpoint: Endpoint) -> Sequence[Record]:
    """Every record of the endpoint, by the fields that make it itself; a place after what it lies in.

    Raises: Denied, Unreachable.
    """
    told = form_of(client, endpoint).told(read_list(client, of_endpoint(endpoint)), are_all=True)
    return sorted(told, key=lambda each: ([fold(text) for text in endpoint.key_of(each)], id_order(str(each["id"]))))


def rows_of(endpoint: Endpoint, records: Sequence[Record]) -> list[Row]:
    """A text for each field of these records, by header; the empty text for what is not set."""
    names = [field.name for field in endpoint.fields]
    return [{name: "" if record[name] is None else str(record[name]) for name in names} for record in records]


def held_by(endpoint: Endpoint, records: Sequence[Record]) -> Iterator[tuple[Key, Held]]:
    """The key of each of these records, and what it holds."""
    return ((endpoint.key_of(record), endpoint.updates_of(record)) for record in records)
