"""Filters of a list that take many ids: how an account wants them written, and how much they bring. Knows no key."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from importer.kantata.client import Client, NotAccepted
from importer.kantata.pagination import (
    FilterIgnored,
    FirstPage,
    Keep,
    RecordHandling,
    in_parallel,
    read_extracts,
    read_first_page,
    read_with_handling,
)
from importer.kantata.resources import Collection
from importer.kantata.transport import LONGEST_URL

Extract = TypeVar("Extract")


@dataclass(frozen=True, slots=True)
class IdFilter:
    """A filter of many ids that the account understands: the field it is about, its written form, the ids in parts that
    fit a URL, and the first page for the first of them.
    """

    field: str
    name: str
    chunks: Sequence[Sequence[str]]
    first: FirstPage

    @property
    def requests(self) -> int:
        """How many requests read everything, if every part brings as much as the first one."""
        return self.first.pages * len(self.chunks)


def read_by_ids(
    client: Client, collection: Collection, by: tuple[str, str], ids: Sequence[str], keep: Keep[Extract]
) -> list[Extract]:
    """What is kept of every record whose field is one of the ids; `by` is the field, and the filter that takes its ids.

    Raises: Denied, Unreachable.
    """
    return read_with_filter(client, collection, open_id_filter(client, collection, by, ids), (by[0], ids), keep)


def open_id_filter(client: Client, collection: Collection, by: tuple[str, str], ids: Sequence[str]) -> IdFilter | None:
    """The filter for these ids, in the form that the account understands; None if it understands no form.

    The reference does not say how such a list is written in a URL, and Kantata leaves a filter that it does not
    understand aside and answers with everything. So the first answer is compared with what was asked for, and
    the other form is tried.
    Raises: Denied, Unreachable.
    """
    field, filter_name = by
    for name in _forms(client, filter_name):
        chunks = _chunks(client, collection, name, ids)
        try:
            first = read_first_page(client, collection, {name: chunks[0]})
        except NotAccepted:
            continue
        wanted = set(chunks[0])
        if all(str(record.get(field)) in wanted for record in first.page.records):
            client.understood_forms[filter_name] = name
            return IdFilter(field, name, chunks, first)
    return None


def read_with_filter(
    client: Client,
    collection: Collection,
    id_filter: IdFilter | None,
    wanted: tuple[str, Sequence[str]],
    keep: Keep[Extract],
) -> list[Extract]:
    """What is kept of every record that an opened filter leaves; `wanted` is the field, and the ids of all parts.

    Without a filter that the account understands, the whole list is read.
    Raises: Denied, Unreachable.
    """

    def read_chunk(filters: IdFilter, number: int) -> list[Extract]:
        chunk = filters.chunks[number]
        expected = set(chunk)
        first = filters.first if number == 0 else None
        handling = RecordHandling(keep, lambda record: str(record.get(filters.field)) in expected, first=first)
        return read_with_handling(client, collection, {filters.name: chunk}, handling)

    if id_filter is not None:
        try:
            read = partial(read_chunk, id_filter)
            chunks = in_parallel(read, range(len(id_filter.chunks)), client.workers)
            return [kept for some in chunks for kept in some]
        except (FilterIgnored, NotAccepted):
            pass  # not understood after all
    field, ids = wanted
    every = set(ids)
    return read_extracts(
        client, collection, {}, lambda record: keep(record) if str(record.get(field)) in every else None
    )


def count_id_chunks(client: Client, collection: Collection, filter_name: str, ids: Sequence[str]) -> int:
    """How many requests reading by so many ids takes at least."""
    return len(chunks_of_ids(client, collection, filter_name, ids))


def chunks_of_ids(client: Client, collection: Collection, filter_name: str, ids: Sequence[str]) -> list[Sequence[str]]:
    """The ids in the parts in which they would be asked for."""
    return _chunks(client, collection, _forms(client, filter_name)[0], ids)


def _forms(client: Client, filter_name: str) -> Sequence[str]:
    """How a list of ids may be written, the form that was understood before alone: `ids=1,2` or `ids[]=1&ids[]=2`."""
    known = client.understood_forms.get(filter_name)
    return (known,) if known else (filter_name, f"{filter_name}[]")


def _chunks(client: Client, collection: Collection, name: str, ids: Sequence[str]) -> list[Sequence[str]]:
    """The ids in parts whose URL stays within `LONGEST_URL`; at least one part."""
    room = LONGEST_URL - client.url_length(collection, {name: [""]})
    longest = max(map(len, ids), default=1)
    each = longest + (len(f"&{quote(name)}=") if name.endswith("[]") else len(","))
    size = max(1, room // each)
    return [ids[start : start + size] for start in range(0, max(len(ids), 1), size)]
