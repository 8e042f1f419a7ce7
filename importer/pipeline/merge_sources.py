"""With what a table is compared besides the account: the base of its workbook, or the stamps of an exported list.

Knows where a file says so; what follows from it is told in `sync.merge`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from importer.base import Base
from importer.endpoints.declare import Directory, Endpoint, Field, Name
from importer.endpoints.header import column_field
from importer.kantata.client import Account
from importer.kantata.connection import Access
from importer.kantata.existing_records import ExistingRecords
from importer.kantata.responses import Record
from importer.messages import about_merges
from importer.model import CellRef
from importer.sync.merge import Merge, OnConflict, Stamp, conflict, time_of
from importer.sync.plan import Plan
from importer.table import Arrangement, Table
from importer.text import fold_header
from importer.validation.schema import CheckedTable

_WHO = frozenset(map(fold_header, ("user_id", "user", "email")))
"""The columns of an exported matrix that say who; a blank template has no ids."""
_ID = fold_header("id")
_CREATED = frozenset({fold_header("created_at"), fold_header("created_at (UTC)")})
_UPDATED = frozenset({fold_header("updated_at"), fold_header("updated_at (UTC)")})


def merge_of(checked: CheckedTable, account: Account, on_conflict: OnConflict) -> tuple[Merge, tuple[str, ...]]:
    """What the file tells of what this account held when it was written, and notes where it cannot be used.

    Where people and things are looked up by name, the file may come from another account, whose ids mean nothing here.
    """
    source, endpoint = checked.table.source, checked.table.endpoint
    own = next((each for each in source.bases if _is_of(each, endpoint) and each.account == account.key), None)
    other = next((each for each in source.bases if _is_of(each, endpoint) and each.account != account.key), None)
    goes_by_names = bool(source.read_as.get("match_names", False))
    notes = [about_merges.damaged_base()] if source.has_damaged_base else []
    if own is None and other is not None:
        notes.append(about_merges.base_of_another(other.account, account.key, goes_by_names=goes_by_names))
    if _has_lost_its_base(checked.table):
        notes.append(about_merges.lost_base())
    is_elsewhere = (own is None and other is not None) or goes_by_names
    stamps = {} if is_elsewhere else dict(_stamps(checked.table))
    return Merge(own, stamps, on_conflict), tuple(notes)


def _has_lost_its_base(table: Table) -> bool:
    """Whether this is a matrix that we exported, in a workbook that has no base: its columns say so."""
    if table.source.bases or table.source.sheet is None or table.arrangement is not Arrangement.CELLS:
        return False
    said = {fold_header(header) for part in table.parts for header in part.headers.values()}
    return said.issuperset(_WHO)


def _is_of(base: Base, endpoint: Endpoint) -> bool:
    return base.endpoint == endpoint.name and base.key == endpoint.key


def _stamps(table: Table) -> Iterator[tuple[CellRef, Stamp]]:
    """The id and the time of the record in each row of a list that was exported."""
    if not is_exported_list(table):
        return
    others = _others(table)
    updated = next((others[each] for each in _UPDATED if each in others), None)
    times = table.texts(updated) if updated else [""] * len(table.frame)
    for ref, id_, time in zip(table.refs, table.texts(others[_ID]), times, strict=True):
        if id_.strip().isdecimal():
            yield ref, Stamp(id_.strip(), _time(time))


def is_exported_list(table: Table) -> bool:
    """Whether a table is a list with the id and the times of each record, beside the ids of what makes it itself."""
    others = _others(table)
    told = {column_field(column) for column in table.used.values() if isinstance(column, Field)}
    is_exported = _ID in others and not _CREATED.isdisjoint(others) and told.issuperset(table.endpoint.key)
    return is_exported and table.arrangement is Arrangement.ROWS


def _others(table: Table) -> dict[str, str]:
    """The columns that tell no field of a record, by their headers as they are compared."""
    return {fold_header(each.header): each.name for each in table.columns if each.meaning is None}


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return time.replace(tzinfo=time.tzinfo or UTC)


def with_authors(plan: Plan, existing: ExistingRecords, access: Access) -> Plan:
    """The plan, of whose conflicts each says when the record was changed, and who made one that is new, where the
    account tells.

    Raises: Denied, Unreachable.
    """
    there = {ref: existing.get(change.key, ()) for ref, change in plan.conflicts.items()}
    records: Mapping[CellRef, Record] = {ref: some[0] for ref, some in there.items() if some}
    base = plan.merge.base
    creators: Mapping[CellRef, Name] = {
        ref: (Directory.PEOPLE, str(record["creator_id"]))
        for ref, record in records.items()
        if base is not None and _is_new(record, base) and record.get("creator_id")
    }
    names = access.directory.names_by_id(frozenset(creators.values())) if creators else {}
    results = dict(plan.results)
    known = plan.merge.known([change.key for change in plan.conflicts.values()])
    for (ref, change), was in zip(plan.conflicts.items(), known, strict=True):
        record = records.get(ref)
        who = names.get(creators[ref], "") if ref in creators else ""
        time = None if record is None else time_of(record, "created_at" if who else "updated_at")
        when = about_merges.changed(time, who)
        results[ref] = conflict(plan.endpoint, change, plan.results[ref].before, plan.merge.since, was, when)
    return replace(plan, results=results)


def _is_new(record: Record, base: Base) -> bool:
    created = time_of(record, "created_at")
    return created is not None and created > base.time
