"""Whether an account stood still while it was read: its counts, and a sentence. Knows no way to read anything else."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from importer.endpoints.declare import Endpoint
from importer.kantata.client import Client
from importer.kantata.pagination import ListCounts
from importer.kantata.resources import of_endpoint

Read = TypeVar("Read")
Counts = Mapping[str, ListCounts]
"""How the counts of lists moved, by what they list."""


def name_of(endpoint: Endpoint, *, partly: bool = False) -> str:
    """What a list of memberships lists; `partly` where only some of it was asked for, and all of it counted."""
    return f"{endpoint.title.lower()}{' in all' if partly else ''}"


def read_between_counts(
    client: Client, endpoint: Endpoint, read: Callable[[], Read], *, partly: bool = False
) -> tuple[Read, Counts]:
    """What `read` gives, and how many records the whole list held before it and after it; `partly` as `name_of`.

    Raises: Denied, Unreachable; whatever `read` raises.
    """
    collection = of_endpoint(endpoint)
    first = client.page(collection, 1, {}).count
    found = read()
    return found, {name_of(endpoint, partly=partly): ListCounts(first, client.page(collection, 1, {}).count)}


def are_still(counts: Counts) -> bool:
    """Whether no list moved."""
    return not any(counted.has_moved for counted in counts.values())


def count_note(counts: Counts) -> str:
    """That nothing moved, or what did."""
    if are_still(counts):
        return (
            f"Verified: the account counted {_all([f'{c.last:,} {of}' for of, c in counts.items()])}, before and after."
        )
    moved = _all([_moved(of, counted) for of, counted in counts.items() if counted.has_moved])
    return f"The account changed while it was read: {moved}. Export again for one moment's picture."


def _moved(of: str, counted: ListCounts) -> str:
    if counted.first == counted.last:
        return f"some of its {counted.last:,} {of} went and others came"
    return f"it held {counted.first:,} {of} as the reading began, and {counted.last:,} as it ended"


def _all(texts: Sequence[str]) -> str:
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)
