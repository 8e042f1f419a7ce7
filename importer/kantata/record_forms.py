"""How the records of an endpoint are told by its fields, and sent by the API's attributes. Knows no row and no plan.

Most records are told as they are. Some name another record by its name where the API has its id, and places are told
by the way down their tree where the API has the id of the place above.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from importer.endpoints.declare import WITHIN, Endpoint, Field, Tree
from importer.kantata.client import Client
from importer.kantata.pagination import read_list
from importer.kantata.resources import Collection, of_endpoint
from importer.kantata.responses import Record
from importer.model import Value

Fields = Mapping[str, Value]


class RecordForm(Protocol):
    """How the records of one endpoint are told and sent. Threads may share it."""

    def prepare(self) -> None:
        """Read what is needed to tell and to send records, if it has not been read.

        Raises: Denied, Unreachable.
        """

    def told(self, records: Iterable[Record], *, are_all: bool = False) -> Sequence[Record]:
        """The records of one answer with the endpoint's fields besides what the API calls them; `are_all` tells that
        they are all that the account has.

        Raises: Denied, Unreachable.
        """

    def sent(self, fields: Fields) -> Mapping[str, Any] | None:
        """The attributes that are sent for these fields; None where the record that one of them names is not there.

        Raises: Denied, Unreachable.
        """


class PlainForm:
    """Records whose fields are the API's own attributes."""

    def prepare(self) -> None:
        """There is nothing to read."""

    def told(self, records: Iterable[Record], *, are_all: bool = False) -> Sequence[Record]:  # noqa: ARG002
        """The records as they are."""
        return tuple(records)

    def sent(self, fields: Fields) -> Mapping[str, Any] | None:
        """The fields as they are."""
        return fields


@dataclass
class NamedForm:
    """Records whose fields have other names, other values or the names of other records."""

    client: Client
    endpoint: Endpoint
    _names: dict[str, dict[str, str]]
    """For each list whose records are named, their names by id; all forms of one client share it."""
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def prepare(self) -> None:
        """Read the lists whose records are named."""
        with self._guard:
            for each in self.endpoint.fields:
                if each.names_record_of and each.names_record_of not in self._names:
                    records = read_list(self.client, Collection(each.names_record_of))
                    self._names[each.names_record_of] = {
                        str(record["id"]): str(record.get("name")) for record in records
                    }

    def told(self, records: Iterable[Record], *, are_all: bool = False) -> Sequence[Record]:  # noqa: ARG002
        """The records with the endpoint's fields."""
        self.prepare()
        fields = self.endpoint.fields
        return [{**record, **{each.name: self._value(each, record.get(each.attribute)) for each in fields}}
                for record in records]  # fmt: skip

    def sent(self, fields: Fields) -> Mapping[str, Any] | None:
        """The attributes that are sent for these fields."""
        self.prepare()
        sent: dict[str, Any] = {}
        for name, value in fields.items():
            field_ = self.endpoint.field(name)
            if field_.names_record_of and value is not None:
                id_ = next(
                    (id_ for id_, called in self._names[field_.names_record_of].items() if called == value), None
                )
                if id_ is None:
                    return None
                sent[field_.attribute] = int(id_)
            else:
                sent[field_.attribute] = field_.api_values.get(str(value), value)
        return sent

    def _value(self, field_: Field, held: Any) -> Value:
        if held is None:
            return None
        if field_.names_record_of:
            return self._names[field_.names_record_of].get(str(held))
        return next((name for name, value in field_.api_values.items() if value == held), str(held))


@dataclass
class TreeForm:
    """Records that hang together as a tree: the field with the way down stands for a name and the one above."""

    client: Client
    endpoint: Endpoint
    tree: Tree
    _records: dict[str, Record] | None = None
    _guard: threading.RLock = field(default_factory=threading.RLock)

    def prepare(self) -> None:
        """Read the tree."""
        with self._guard:
            if self._records is None:
                self.told(read_list(self.client, of_endpoint(self.endpoint)), are_all=True)

    def told(self, records: Iterable[Record], *, are_all: bool = False) -> Sequence[Record]:
        """The records with their way down the tree; those above them are among them, or were told before."""
        if not are_all:
            self.prepare()
        with self._guard:
            known = self._records = {} if are_all or self._records is None else self._records
            new = {str(record["id"]): record for record in records}
            known.update(new)
            kind = self.endpoint.field(self.tree.kind)
            return [{**record, self.tree.kind: _choice(kind, record.get(kind.attribute)),
                     self.tree.path: WITHIN.join(self._way(id_))} for id_, record in new.items()]  # fmt: skip

    def sent(self, fields: Fields) -> Mapping[str, Any] | None:
        """The name and the id of the one above; None where that one is not there."""
        self.prepare()
        above, _, name = str(fields[self.tree.path]).rpartition(WITHIN)
        kind = str(fields[self.tree.kind]).lower()
        with self._guard:
            there = (
                id_ for id_, record in (self._records or {}).items()
                if str(record.get(self.endpoint.field(self.tree.kind).attribute)).lower() == kind
                and WITHIN.join(self._way(id_)) == above
            )  # fmt: skip
            parent = next(there, None)
        return None if parent is None else {"name": name, "parent_id": int(parent)}

    def _way(self, id_: str) -> Sequence[str]:
        """The names from the root down to this record."""
        return list(reversed(list(self._up(id_))))

    def _up(self, id_: str) -> Iterator[str]:
        records, seen = self._records or {}, set[str]()
        while id_ in records and id_ not in seen:
            seen.add(id_)
            yield str(records[id_].get("name") or "")
            id_ = str(records[id_].get("parent_id"))


PLAIN = PlainForm()


def form_of(client: Client, endpoint: Endpoint) -> RecordForm:
    """How records of this endpoint are told and sent in this account; what it has read stays with the client."""
    known: RecordForm = client.forms.setdefault(endpoint.name, new_form(client, endpoint))
    return known


def new_form(client: Client, endpoint: Endpoint) -> RecordForm:
    """The same, knowing nothing yet: for records that are not the account's as it is."""
    if not endpoint.are_things:
        return PLAIN
    if endpoint.tree:
        return TreeForm(client, endpoint, endpoint.tree)
    return NamedForm(client, endpoint, client.list_names)


def _choice(field_: Field, held: Any) -> str:
    return next((each for each in field_.choices if each.lower() == str(held).lower()), str(held))
