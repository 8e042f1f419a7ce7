"""Kantata's answers as records and refusals. Knows JSON shapes, and neither requests nor endpoints."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests

from importer.kantata.transport import ERROR_NAMES, Response

Record = Mapping[str, Any]
"""One object of an answer. Its `id` is text; ids of other records in it come as text or as numbers."""


def find_by_id(records: Iterable[Record], record_id: str | None) -> Record | None:
    """The record of this id; None if it is not among them."""
    return next((record for record in records if str(record["id"]) == record_id), None)


def id_order(record_id: str) -> tuple[int, str]:
    """A sort key that puts older ids first: ids grow with time, so the shorter number is older."""
    return (len(record_id), record_id)


def age(record: Record) -> tuple[int, str]:
    """A sort key that puts older records first."""
    return id_order(str(record["id"]))


def oldest(records: Iterable[Record]) -> Record | None:
    """The oldest of these records, which counts where the account has several; None where there is none."""
    return min(records, key=age, default=None)


class Malformed(Exception):  # noqa: N818
    """The answer is JSON, and not in the form that the API documents."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, or the answer to a write. `count` is the size of the whole query, not of the page."""

    count: int
    records: tuple[Record, ...]
    included: Mapping[str, Mapping[str, Record]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One error of an answer, in Kantata's words. `index` is the row of the batch, where the answer gives it."""

    message: str
    kind: str = ""
    field: str | None = None
    index: int | None = None
    is_silent: bool = False
    """Whether Kantata gave no reason: the message is ours, or says no more than the status."""
    is_of_permission: bool = False
    """Whether it is the token's permission that was refused."""

    @property
    def is_of_account(self) -> bool:
        """Whether the account itself is refused, whatever is asked of it."""
        return self.kind == "system" and "cancel" in self.message.lower()


def read_page(answer: Response, plural: str) -> Page:
    """The records of an answer, in the order of its `results`; the maps may hold other records of the same type.

    Raises: Malformed. Source: API reference 1.0.0, Response Format.
    """
    data = answer.data
    if not isinstance(data, dict) or not isinstance(data.get("results"), list):
        raise Malformed('the answer has no "results"')
    maps = {name: value for name, value in data.items() if isinstance(value, dict) and name != "meta"}
    own = maps.get(plural, {})
    try:
        records = tuple([own[entry["id"]] for entry in data["results"] if entry["key"] == plural])
    except (KeyError, TypeError):
        records = ()
    if len(records) != len(data["results"]) or any(type(record) is not dict for record in records):
        records = tuple(_record(entry, maps, plural) for entry in data["results"])
    count = data.get("count")
    return Page(count if isinstance(count, int) else len(records), records, maps)


def _record(entry: Any, maps: Mapping[str, Mapping[str, Any]], plural: str) -> Record:
    """The record that an entry of `results` points to, whatever type its id came in."""
    if not isinstance(entry, dict) or "id" not in entry:
        raise Malformed("an entry of results has no id")
    id_ = str(entry["id"])
    found = maps.get(str(entry.get("key", plural)), {}).get(id_)
    if not isinstance(found, dict):
        raise Malformed(f"record {id_} is in results and nowhere else")
    return {**found, "id": id_}


def read_refusals(answer: Response) -> tuple[Refusal, ...]:
    """Every error that the answer names; one with a plain sentence where it names none.

    Errors come in `errors`, as objects or as plain texts. Old answers have `error_message`; others, such as the one to
    malformed JSON, have a text in `error` alone. Source: recorded answers of 2018 and the API reference 1.0.0.
    """
    data = answer.data if isinstance(answer.data, dict) else {}
    denied = answer.status == requests.codes.forbidden
    for name in ERROR_NAMES:
        errors = data.get(name)
        if isinstance(errors, str | dict):
            errors = [errors]
        if isinstance(errors, list) and any(errors):
            return tuple(_refusal(error, answer.status, denied=denied) for error in errors)
    return (Refusal(f"Kantata answered {answer.status} without saying why.", is_silent=True),)


def _refusal(error: Any, status: int | None, *, denied: bool) -> Refusal:
    if not isinstance(error, dict):
        text = str(error)
        return Refusal(text, is_silent=_repeats_status(text, status), is_of_permission=denied)
    index = error.get("index")
    field = error.get("field")
    return Refusal(
        message=str(error.get("message") or "Kantata gave no reason."),
        kind=str(error.get("type") or ""),
        field=str(field) if field is not None else None,
        index=index if isinstance(index, int) and not isinstance(index, bool) and index >= 0 else None,
        is_of_permission=denied,
    )


def _repeats_status(text: str, status: int | None) -> bool:
    """Whether the text only says what the status says already: `Forbidden` for 403."""
    return status in set(HTTPStatus) and text.strip().lower() == HTTPStatus(status).phrase.lower()
