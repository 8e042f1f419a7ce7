"""What a file would change in the account, compared with the records that exist there. Pure: no request."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import repeat
from typing import TypeVar

from importer.base import Known
from importer.endpoints.declare import Endpoint
from importer.kantata.existing_records import ExistingRecords
from importer.kantata.responses import Record, age, find_by_id, oldest
from importer.messages import about_cells, about_merges
from importer.messages.modes import MIRROR_MODE
from importer.model import Action, CellRef, Change, Key, Mode, Outcome, Problem, Result, Value
from importer.sync.merge import NO_MERGE, Merge, MergedChanges
from importer.table import Arrangement, Table
from importer.validation.schema import CheckedTable

Item = TypeVar("Item")


@dataclass(frozen=True)
class Plan:
    """One change for each valid row, and a result for each other row.

    Shapes: every row of the checked table is a key of `changes` or of `results`, never of both. `changes` are in sheet
    order. Last come the removals of records that the file does not have; `other_removals` has their references, and
    those of such removals that are in conflict.
    """

    endpoint: Endpoint
    mode: Mode
    changes: Mapping[CellRef, Change]
    results: Mapping[CellRef, Result]
    notes: tuple[str, ...] = ()
    other_removals: tuple[CellRef, ...] = ()
    merge: Merge = NO_MERGE
    """With what the sheet was compared besides the account."""
    kept: frozenset[CellRef] = frozenset()
    """The rows that say what the account held when the file was written, and that it holds no longer."""
    conflicts: Mapping[CellRef, Change] = field(default_factory=dict)
    """What is not sent, because somebody else changed the record as well; each has its result in `results`."""
    was: Mapping[CellRef, Known] = field(default_factory=dict)
    """What the account held when the file was written, where it holds something else now, or the file tells not."""
    kept_besides: int = 0
    """How many records others made since that the file does not have."""

    @cached_property
    def counts(self) -> dict[Action, int]:
        """How many changes there are of each kind; every kind is a key."""
        counts = Counter(change.action for change in self.changes.values())
        return {action: counts[action] for action in Action}

    def of(self, action: Action) -> list[Change]:
        """The changes of one kind, in sheet order."""
        return [change for change in self.changes.values() if change.action is action]

    def batches(self) -> list[Sequence[Change]]:
        """The creates in sheet order, those of each depth split by the endpoint's bulk limit."""
        return list(split_creates(self.of(Action.CREATE), self.endpoint))

    def requests(self) -> dict[str, int]:
        """The number of requests by method, if Kantata refuses nothing."""
        counts = self.counts
        return {"POST": len(self.batches()), "PUT": counts[Action.UPDATE], "DELETE": counts[Action.REMOVE]}


def split_creates(creates: Iterable[Change], endpoint: Endpoint) -> Iterator[Sequence[Change]]:
    """The creates in batches within the endpoint's limit; what lies in another record comes in a batch after it."""
    of_depth: dict[int, list[Change]] = {}
    for change in creates:
        of_depth.setdefault(endpoint.depth(change.key), []).append(change)
    for depth in sorted(of_depth):
        yield from split(of_depth[depth], endpoint.bulk_limit)


def split(items: Sequence[Item], limit: int) -> Iterator[Sequence[Item]]:
    """Yield batches of at most `limit` items; joined back together they are `items`, in order.

    Shapes: `items` may be empty (no batch). No batch is empty.
    """
    for start in range(0, len(items), limit):
        yield items[start : start + limit]


def make_plan(checked: CheckedTable, existing: ExistingRecords, mode: Mode, merge: Merge = NO_MERGE) -> Plan:
    """The change for each valid row, and the result of every other row.

    `add` never changes a record that is there. A field that the row leaves blank is left as it is, except in `mirror`,
    which also removes what the owners of the rows hold and the file does not have. A column that the sheet does not
    have says nothing in any mode. A marked row removes its record. A row that says that somebody does not have
    something never creates it; in `mirror` it removes it, unless another row of that person has a problem.
    What `merge` tells decides over all that: a row that says what the account held changes nothing, and where both the
    row and the account changed, the row is in conflict.
    Shapes: `existing` has all that the owners hold in `mirror`.
    """
    endpoint, keys = checked.table.endpoint, checked.keys
    changes: dict[CellRef, Change] = {}
    duplicates = denied = 0
    spared, _ = _spared(checked)
    removal_refs, not_held = checked.removal_refs, checked.not_held
    for ref, key, fields in zip(checked.valid_refs, keys, _wanted(checked, mode), strict=True):
        there = existing.get(key)
        if ref in removal_refs:
            record = oldest(there or ())
            changes[ref] = _removal(ref, key, endpoint, record) if record else _nothing_there(ref, key)
            continue
        if ref in not_held:
            is_removed = mode is Mode.MIRROR and spared is not None and endpoint.owner_of(key) not in spared
            changes[ref] = _denial(ref, key, endpoint, there, is_removed=is_removed)
            denied += changes[ref].record_id is not None and not is_removed
            continue
        if not there:
            changes[ref] = Change(ref, key, Action.CREATE, fields)
            continue
        duplicates += len(there) > 1
        changes[ref] = _change(Change(ref, key, Action.LEAVE, fields), min(there, key=age), endpoint, mode)
    removals, notes_on_removals = _other_removals(checked, existing, mode, merge)
    merged = MergedChanges(endpoint, existing, merge)
    merged.take(changes, keys)
    merged.take_removals(removals.changes, removals.known)
    changes |= removals.changes
    notes = (
        [f"The account holds {duplicates:,} of these records more than once; the oldest of each counts."]
        if duplicates
        else []
    )
    if denied and mode is not Mode.MIRROR:
        notes.append(_denied_note(denied, checked.table.units))
    added = 0 if mode is Mode.MIRROR or checked.table.is_rest else _added(keys, existing, merge)
    notes += [*merged.notes(checked.table, removals.kept + added), *_cleared_note(checked.table, existing, merge)]
    return Plan(
        endpoint,
        mode,
        changes,
        {**_results(checked), **merged.results},
        (*notes, *notes_on_removals),
        tuple(removals.refs),
        merge,
        frozenset(merged.kept),
        merged.conflicts,
        merged.was,
        removals.kept + added,
    )


def _added(keys: Sequence[Key], existing: ExistingRecords, merge: Merge) -> int:
    """How many records others made, since the file was written, for people and things that it has."""
    if merge.base is None:
        return 0
    listed = frozenset(keys)
    others = [key for key in existing if key not in listed]
    return sum(known is None for known in merge.known(others))


def _cleared_note(table: Table, existing: ExistingRecords, merge: Merge) -> Iterator[str]:
    """What is said of records that the file had and has no longer, and that the account holds still."""
    still = sum(key in existing for key in merge.cleared)
    if still:
        say = about_merges.cleared_cells if table.is_matrix else about_merges.deleted_rows
        yield say(still, merge.since)


def cleared_keys(checked: CheckedTable, mode: Mode, merge: Merge) -> list[Key]:
    """The records that the file had when it was written and that it has no longer, of people who still stand in it and,
    in a matrix, under headings that do. In `mirror` they are removed; elsewhere they stay.

    Where rows cannot be read, it is not known what they say, so those people's records are left out.
    """
    base = merge.base
    if base is None or mode is Mode.MIRROR or checked.table.is_rest:
        return []
    endpoint, (spared, _) = checked.table.endpoint, _spared(checked)
    if spared is None:
        return []
    seen = (*checked.keys, *checked.outlined_keys.values())
    names = endpoint.key if checked.table.is_matrix else endpoint.owner
    within = {name: {key[endpoint.key.index(name)] for key in seen} for name in names}
    owners = set(map(endpoint.owner_of, seen)) - spared
    return [key for key in base.others(checked.keys, within) if endpoint.owner_of(key) in owners]


def _denial(ref: CellRef, key: Key, endpoint: Endpoint, there: Sequence[Record] | None, *, is_removed: bool) -> Change:
    """What a row asks for that says that its owner does not have this; what the account holds all the same stays
    unless it is removed.
    """
    record = oldest(there or ())
    if record is None:
        return _nothing_there(ref, key)
    removal = _removal(ref, key, endpoint, record)
    return removal if is_removed else removal._replace(action=Action.LEAVE, denies=True)


def _nothing_there(ref: CellRef, key: Key) -> Change:
    """What a row asks for that wants no record, where there is none."""
    return Change(ref, key, Action.LEAVE, {}, denies=True)


def _denied_note(count: int, units: str) -> str:
    says = f"1 {units.removesuffix('s')} says" if count == 1 else f"{count:,} {units} say"
    only = f"Only {MIRROR_MODE} removes such records."
    return f"{says} that somebody does not have what the account says they have. {only}"


def _wanted(checked: CheckedTable, mode: Mode) -> Iterator[Mapping[str, Value]]:
    """For each valid row the fields that it fills, besides those of its key; in `mirror`, a blank sets a field back
    where its sheet has a column for it. Rows that say the same share what they say: many do.
    """
    endpoint = checked.table.endpoint
    names = [field.name for field in endpoint.fields if field.name not in endpoint.key]
    columns = [checked.valid[name].to_numpy(dtype=object, na_value=None).tolist() for name in names]  # type: ignore[call-overload]  # stubs lack None
    rows = zip(*columns, strict=True) if names else repeat((), len(checked.valid_refs))
    erased = [_erased(checked, sheet) if mode is Mode.MIRROR else {} for sheet in range(len(checked.table.parts))]
    known: list[dict[tuple[Value, ...], Mapping[str, Value]]] = [{} for _ in erased]
    sheets = repeat(0) if len(known) == 1 else (ref.sheet for ref in checked.valid_refs)
    for sheet, values in zip(sheets, rows, strict=False):  # a single sheet is told without an end
        told = known[sheet]
        if values not in told:
            filled = {name: value for name, value in zip(names, values, strict=True) if value is not None}
            told[values] = {**erased[sheet], **filled}
        yield told[values]


def _erased(checked: CheckedTable, sheet: int) -> dict[str, Value]:
    """The fields that a blank of this sheet sets back in `mirror`: those for which the sheet has a column."""
    table, part = checked.table, checked.table.parts[sheet]
    fields = checked.table.endpoint.updates
    told = (field for field in fields if any(part.columns.get(name) is not None for name, _ in table.telling(field)))
    return {field: table.endpoint.unset(field) for field in told}


@dataclass(frozen=True, slots=True)
class _OtherRemovals:
    """Removals of records that are not in the file; what the account held of them when the file was written; and how
    many stay, because the account did not hold them then.
    """

    changes: dict[CellRef, Change]
    refs: Sequence[CellRef]
    known: Mapping[Key, Known]
    kept: int


def _other_removals(
    checked: CheckedTable, existing: ExistingRecords, mode: Mode, merge: Merge
) -> tuple[_OtherRemovals, list[str]]:
    """Removals of records that are not in the file, and notes on records that stay.

    These are what `mirror` removes, and duplicates of the record that a marked row removes. In a matrix, a removal has
    the reference of the blank cell of its person and skill; a record whose skill has no column stays. All other
    removals have row numbers after the table's last row.
    """
    endpoint = checked.table.endpoint
    listed = dict(zip(checked.keys, checked.valid_refs, strict=True)) if existing else {}
    spared, note = _spared(checked) if mode is Mode.MIRROR else (None, "")
    blanks = _Blanks.of(checked) if checked.table.is_matrix and spared is not None else None
    surplus: list[tuple[CellRef | None, Key, Record]] = []
    for key, records in existing.items():
        by_age = sorted(records, key=age)
        ref, is_spared = listed.get(key), spared is None or endpoint.owner_of(key) in spared
        if endpoint.are_things:
            continue  # of several with one name, only the oldest is meant
        if ref in checked.removal_refs or (ref in checked.not_held and not is_spared):
            surplus += [(None, key, record) for record in by_age[1:]]
        elif ref is None and not is_spared:
            cell = blanks.cell(key) if blanks else None
            if not blanks or cell is not None:
                surplus += [(cell if at == 0 else None, key, record) for at, record in enumerate(by_age)]
    if not surplus:
        return _OtherRemovals({}, [], {}, 0), [note] if note else []
    distinct = list(dict.fromkeys(key for _, key, _ in surplus))
    known = dict(zip(distinct, merge.known(distinct), strict=True))
    kept = sum(known[key] is None for _, key, _ in surplus)
    surplus = [each for each in surplus if known[each[1]] is not None]
    every = (*checked.keys, *checked.outlined_keys.values())
    owners = {endpoint.owner_of(key): at for at, key in reversed(list(enumerate(every)))}
    surplus.sort(key=lambda each: (each[0] or 0, owners[endpoint.owner_of(each[1])], age(each[2])))
    free_refs = iter(checked.table.refs_after(len(surplus)))
    removals = [(next(free_refs) if cell is None else cell, key, record) for cell, key, record in surplus]
    changes = {ref: _removal(ref, key, endpoint, record) for ref, key, record in removals}
    return _OtherRemovals(changes, list(changes), known, kept), [note] if note else []


@dataclass(frozen=True, slots=True)
class _Blanks:
    """Finds the blank cell of a matrix for a person and a skill.

    `rows` gives for each owner the sheets and rows, `columns` for each thing (a skill) the sheets and columns; in a
    transposed one it is the other way round.
    """

    endpoint: Endpoint
    rows: Mapping[Key, Sequence[tuple[int, int]]]
    columns: Mapping[Key, Sequence[tuple[int, int]]]
    filled: frozenset[CellRef]
    is_transposed: bool = False

    @classmethod
    def of(cls, checked: CheckedTable) -> "_Blanks":
        """The blank cells of a checked matrix."""
        endpoint, is_transposed = checked.table.endpoint, checked.table.arrangement is Arrangement.TURNED_CELLS
        rows: dict[Key, dict[tuple[int, int], None]] = {}
        columns: dict[Key, dict[tuple[int, int], None]] = {}
        for ref, key in (*zip(checked.valid_refs, checked.keys, strict=True), *checked.outlined_keys.items()):
            owner, thing = endpoint.owner_of(key), endpoint.thing_of(key)
            rows.setdefault(thing if is_transposed else owner, {})[ref.sheet, ref.row] = None
            columns.setdefault(owner if is_transposed else thing, {})[ref.sheet, ref.column or 0] = None
        return cls(
            endpoint,
            {key: tuple(places) for key, places in rows.items()},
            {key: tuple(places) for key, places in columns.items()},
            frozenset(checked.table.refs),
            is_transposed,
        )

    def cell(self, key: Key) -> CellRef | None:
        """The blank cell for this record; None where the matrix has no such cell, or one of several is filled."""
        owner, thing = self.endpoint.owner_of(key), self.endpoint.thing_of(key)
        down, across = (thing, owner) if self.is_transposed else (owner, thing)
        cells = [
            CellRef.at(row, column, sheet)
            for sheet, row in self.rows.get(down, ())
            for other, column in self.columns.get(across, ())
            if other == sheet
        ]
        return None if any(cell in self.filled for cell in cells) else next(iter(cells), None)


def _spared(checked: CheckedTable) -> tuple[frozenset[Key] | None, str]:
    """The owners of rows with problems, whose records stay because such a row may mean any of them; and a note.

    None stands for all owners: a row does not even say whose it is.
    """
    if checked.doubtful.empty:
        return frozenset(), ""
    owner = list(checked.table.endpoint.owner)
    whose = checked.doubtful[owner]
    if whose.isna().any(axis=None):
        return None, "Nothing is removed that the file does not have, as rows with problems do not tell whose they are."
    caseless = checked.table.endpoint.caseless
    columns = [[str(v).lower() if name in caseless else str(v) for v in whose[name]] for name in owner]
    spared = frozenset(zip(*columns, strict=True))
    return spared, f"Nothing is removed from those whose rows have problems ({len(spared):,})."


def _removal(ref: CellRef, key: Key, endpoint: Endpoint, there: Record) -> Change:
    """The removal of a record; `before` has every field that creates it again."""
    before = {**endpoint.key_fields(key), **endpoint.updates_of(there)}
    return Change(ref, key, Action.REMOVE, {}, str(there["id"]), before)


def replan(endpoint: Endpoint, change: Change, existing: ExistingRecords, mode: Mode) -> Change | Result:
    """An unsent change compared with the account as it is now; a result if there is nothing left to do."""
    records = existing.get(change.key, ())
    if change.action is Action.REMOVE:
        is_there = find_by_id(records, change.record_id) is not None
        return change if is_there else Result(Outcome.UNCHANGED, change.record_id)
    if not records:
        return change._replace(action=Action.CREATE, record_id=None, before=None)
    decision = _change(change, min(records, key=age), endpoint, mode)
    return Result(Outcome.UNCHANGED, decision.record_id) if decision.action is Action.LEAVE else decision


def _change(change: Change, there: Record, endpoint: Endpoint, mode: Mode) -> Change:
    """The change of a row whose record exists: an update, or none."""
    before = endpoint.updates_of(there)
    differs = any(change.fields.get(name, value) != value for name, value in before.items())
    action = Action.UPDATE if differs and mode is not Mode.ADD else Action.LEAVE
    return change._replace(action=action, record_id=str(there["id"]), before=before)


def _results(checked: CheckedTable) -> dict[CellRef, Result]:
    """The results of rows that are invalid or duplicates."""
    results = {ref: Result(Outcome.INVALID, problems=tuple(problems)) for ref, problems in checked.invalid.items()}
    for ref, first in checked.duplicates.items():
        location, message = checked.table.location(ref), about_cells.duplicate(checked.table.describe([first]))
        problem = replace(Problem.of(message), row=location.row, cell=location.cell, sheet=location.sheet)
        results[ref] = Result(Outcome.DUPLICATE, problems=(problem,))
    return results
