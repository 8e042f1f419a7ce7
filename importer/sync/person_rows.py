"""Whose the rows of a run are: what they say about people, and which id was found for each. Pure.

Knows which columns of an endpoint say who; knows nobody whom to look for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from importer import endpoints
from importer.endpoints.declare import Directory, Endpoint, Kind, NameColumn
from importer.endpoints.header import Column, column_field, has_kind
from importer.model import Outcome
from importer.sync.identity import EXTERNAL_ID, ID, Mark, Traits, email_mark, traits
from importer.sync.stored_run import Packed, StoredRun

_PEOPLE = frozenset({Directory.EMAILS, Directory.EXTERNAL_IDS, Directory.PEOPLE, Directory.MEMBERS})
_PROJECT = "workspace"
"""The member type of what is no person, folded."""


@dataclass(frozen=True)
class PersonRows:
    """The rows of a run by what they say about people."""

    stored: StoredRun

    @cached_property
    def endpoint(self) -> Endpoint | None:
        """The endpoint; None for a run of several, which has no rows of its own."""
        name = self.stored.run.endpoint
        return endpoints.load(name) if name in endpoints.names() else None

    @property
    def has_table(self) -> bool:
        """Whether its input is a table in the form of today; else it is read for texts alone."""
        return "texts" in self.stored.run_input

    @cached_property
    def person_field(self) -> str | None:
        """The field of its records that says who."""
        columns = self.endpoint.name_columns if self.endpoint else ()
        return next((each.field for each in columns if each.directory in _PEOPLE), None)

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns that say who, by name."""
        endpoint = self.endpoint
        if endpoint is None or self.person_field is None or not self.has_table:
            return {}
        used = {name: endpoint.column(name) for name, _, is_used in self.stored.run_input["columns"] if is_used}
        return {name: column for name, column in used.items() if self._says_who(column)}

    def _says_who(self, column: Column) -> bool:
        return has_kind(column, Kind.LAST_NAME) or column_field(column) == self.person_field

    @cached_property
    def has_halves(self) -> bool:
        """Whether family names stand in a column of their own."""
        return any(has_kind(column, Kind.LAST_NAME) for column in self.columns.values())

    @cached_property
    def ids(self) -> dict[int, str]:
        """The id of the person of each change."""
        found = {}
        for packed in self.changes:
            if id_ := self.id_in(packed[1]):
                found[packed[0]] = id_
        return found

    @property
    def changes(self) -> Iterator[Packed]:
        """Every change, packed, in the order in which they were written."""
        return (each for part in sorted(self.stored.changes) for each in self.stored.changes[part])

    def id_in(self, key: Sequence[str]) -> str | None:
        """The id of the person in a key; None where it is a project's, or names no person."""
        if self.endpoint is None or self.person_field not in self.endpoint.key or _PROJECT in key:
            return None
        return key[self.endpoint.key.index(self.person_field)]

    @cached_property
    def invalid(self) -> frozenset[int]:
        """The rows that our check refused: what they say of a person may not agree."""
        last: dict[int, str] = {}
        for number in sorted(self.stored.results):
            last |= {int(ref): packed[0] for ref, packed in self.stored.results[number].items()}
        return frozenset(ref for ref, outcome in last.items() if outcome == Outcome.INVALID)

    def said(self) -> Iterator[tuple[int, dict[str, str]]]:
        """What each row of the table says in the columns that say who."""
        run_input = self.stored.run_input
        columns = {name: run_input["texts"][name] for name in self.columns}
        kinds = run_input["texts"].get("member_type") if columns else None
        for at, ref in enumerate(run_input["index"] if columns else ()):
            if kinds is not None and kinds[0][kinds[1][at]].strip().casefold() == _PROJECT:
                continue
            yield ref, {name: texts[codes[at]] for name, (texts, codes) in columns.items()}

    def traits(self, ref: int, said: Mapping[str, str], *, with_change: bool = True) -> Traits:
        """What a row says about whose it is."""
        account, marks, name = self.stored.run.account, [], []
        for column_name, text in said.items():
            column = self.columns[column_name]
            if not isinstance(column, NameColumn):
                is_id = column.kind is Kind.ID and not self._goes_by_names
                marks.append(Mark(ID, text.strip() if is_id else "", account))
                name += [text] if column.kind is Kind.LAST_NAME else []
            elif column.directory is Directory.EXTERNAL_IDS:
                marks.append(Mark(EXTERNAL_ID, text.strip(), account))
            elif email_mark(text).text:
                marks.append(email_mark(text))
            elif column.directory is Directory.PEOPLE:
                name.insert(0, text)
        if with_change:
            marks.append(Mark(ID, self.ids.get(ref, ""), account))
        return traits(" ".join(name), *marks)

    @property
    def _goes_by_names(self) -> bool:
        """Whether ids beside names were left aside: they are those of another account."""
        return bool(self.stored.run_input["read_as"].get("match_names"))


def people_in(stored: StoredRun) -> set[Traits]:
    """What a run tells of people: which ids, e-mail addresses and names go together."""
    rows = PersonRows(stored)
    found = {traits("", Mark(ID, id_, stored.run.account)) for id_ in rows.ids.values()}
    seen: set[tuple[object, ...]] = set()
    for ref, said in rows.said():
        key = (*said.values(), rows.ids.get(ref), ref in rows.invalid)
        if key in seen:
            continue
        seen.add(key)
        one = rows.traits(ref, said)
        if ref in rows.invalid:
            found |= {traits("", mark) for mark in one.marks} | {traits(one.name)}
        else:
            found.add(one)
    return found
