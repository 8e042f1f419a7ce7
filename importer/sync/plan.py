"""What a file would change, given what the account holds. Pure: reads nothing, sends nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from importer.endpoints.declare import Endpoint
from importer.kantata.existing_records import ExistingRecords
from importer.kantata.responses import Record
from importer.messages import about_cells
from importer.model import Action, CellRef, Change, Key, Mode, Outcome, Problem, Result, Value
from importer.table import Layout
from importer.validation.schema import CheckedTable

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Plan:
    """One change for each valid row, and the result of each row that asks for none.

    Shapes: every row of the checked table is a key of `changes` or of `settled`, never of both. `changes` are in
    sheet order; after those of the table's rows come the removals of records that it does not have, under row numbers
    beyond its last: `beyond`.
    """

    endpoint: Endpoint
    mode: Mode
    changes: Mapping[CellRef, Change]
    settled: Mapping[CellRef, Result]
    notes: tuple[str, ...] = ()
    beyond: tuple[CellRef, ...] = ()

    def counts(self) -> dict[Action, int]:
        """How many changes there are of each kind; every kind is a key."""
        counted = Counter(change.action for change in self.changes.values())
        return {action: counted[action] for action in Action}

    def of(self, action: Action) -> list[Change]:
        """The changes of one kind, in sheet order."""
        return [change for change in self.changes.values() if change.action is action]

    def batches(self) -> list[Sequence[Change]]:
        """The creates, in sheet order, as many at once as the endpoint takes."""
        return list(split(self.of(Action.CREATE), self.endpoint.bulk_limit))

    def requests(self) -> dict[str, int]:
        """The writes that the plan needs when nothing is refused, by method."""
        counts = self.counts()
        return {"POST": len(self.batches()), "PUT": counts[Action.UPDATE], "DELETE": counts[Action.REMOVE]}


def split(items: Sequence[Item], limit: int) -> Iterator[Sequence[Item]]:
    """Yield batches of at most `limit` items; joined back together they are `items`, in order.

    Shapes: `items` may be empty (no batch). No batch is empty.
    """
    for start in range(0, len(items), limit):
        yield items[start : start + limit]


def keys_of(checked: CheckedTable) -> list[Key]:
    """The key of each valid row, in the order of `checked.valid`."""
    endpoint = checked.table.endpoint
    columns = []
    for name in endpoint.key:
        values = checked.valid[name].to_list()
        texts = {value: str(value) for value in set(values)}
        if name in endpoint.caseless:
            texts = {value: text.lower() for value, text in texts.items()}
        columns.append([texts[value] for value in values])
    return list(zip(*columns, strict=True))


def make_plan(checked: CheckedTable, keys: Sequence[Key], held: ExistingRecords, mode: Mode) -> Plan:
    """The change that each row asks for, and the result of the rows that ask for none.

    `add` never changes a record that is there. A field that the row leaves blank is left as it is, except in `mirror`,
    which also removes what the owners of the rows hold and the file does not have. A marked row removes its record.
    Shapes: `keys` are those of `checked.valid`, in its order; `held` has all that the owners hold in `mirror`.
    """
    endpoint = checked.table.endpoint
    refs = map(CellRef, checked.valid.index.to_list())
    changes: dict[CellRef, Change] = {}
    twice = 0
    for ref, key, fields in zip(refs, keys, _wanted(checked, mode), strict=True):
        there = held.get(key)
        if ref in checked.marked:
            oldest = min(there, key=_age) if there else None
            changes[ref] = _removal(ref, key, endpoint, oldest) if oldest else Change(ref, key, Action.LEAVE, {})
            continue
        if not there:
            changes[ref] = Change(ref, key, Action.CREATE, fields)
            continue
        twice += len(there) > 1
        changes[ref] = _change(Change(ref, key, Action.LEAVE, fields), min(there, key=_age), endpoint, mode)
    beyond, kept = _beyond(checked, keys, held, mode)
    changes |= beyond
    notes = (
        [f"The account holds {twice:,} of these records more than once; the oldest of each counts."] if twice else []
    )
    return Plan(endpoint, mode, changes, _settled(checked), (*notes, *kept), tuple(beyond))


def _wanted(checked: CheckedTable, mode: Mode) -> Iterator[dict[str, Value]]:
    """For each valid row the fields that it fills; in `mirror`, a blank is the number 0."""
    endpoint = checked.table.endpoint
    names = [field.name for field in endpoint.fields]
    columns = [_shared(checked.valid[name].to_numpy(dtype=object, na_value=None)) for name in names]  # type: ignore[call-overload]  # stubs lack None
    blanks = any(checked.valid[name].hasnans for name in names)
    erased = dict.fromkeys(endpoint.updates, 0) if mode is Mode.MIRROR else {}
    for values in zip(*columns, strict=True):
        fields = dict(zip(names, values, strict=True))
        if blanks:
            yield {**erased, **{name: value for name, value in fields.items() if value is not None}}
        else:
            yield fields


def _shared(values: Iterable[Value]) -> list[Value]:
    """The values, equal ones being one object: a column of 100,000 often holds a few."""
    known: dict[Value, Value] = {}
    return [known.setdefault(value, value) for value in values]


def _beyond(
    checked: CheckedTable, keys: Sequence[Key], held: ExistingRecords, mode: Mode
) -> tuple[dict[CellRef, Change], list[str]]:
    """Removals of records that stand in no row, by the blank cell of a matrix that stands for them, else numbered on
    after the table's last row; and notes on what is kept.

    They are what `mirror` removes, and the second and third record under the key of a marked row. A matrix says
    nothing of what it has no column for: such a record stays.
    """
    endpoint = checked.table.endpoint
    listed = dict(zip(keys, map(CellRef, checked.valid.index.to_list()), strict=True))
    spared, note = _spared(checked) if mode is Mode.MIRROR else (None, "")
    blanks = _Blanks.of(checked, keys) if checked.table.layout is Layout.MATRIX and spared is not None else None
    found: list[tuple[CellRef | None, Key, Record]] = []
    for key, records in held.items():
        by_age = sorted(records, key=_age)
        if listed.get(key) in checked.marked:
            found += [(None, key, record) for record in by_age[1:]]
        elif key not in listed and spared is not None and endpoint.owner_of(key) not in spared:
            cell = blanks.cell(key) if blanks else None
            if not blanks or cell is not None:
                found += [(cell if at == 0 else None, key, record) for at, record in enumerate(by_age)]
    owners = {endpoint.owner_of(key): at for at, key in reversed(list(enumerate(keys)))}
    found.sort(key=lambda each: (each[0] or 0, owners[endpoint.owner_of(each[1])], _age(each[2])))
    numbers = iter(checked.table.refs_after(len(found)))
    removals = [(next(numbers) if cell is None else cell, key, record) for cell, key, record in found]
    return {ref: _removal(ref, key, endpoint, record) for ref, key, record in removals}, [note] if note else []


@dataclass(frozen=True, slots=True)
class _Blanks:
    """The cells of a matrix by whose row and which column they stand in: those of people and skills that it knows.

    `rows` gives for an owner the sheets and rows, `columns` for a thing the sheets and columns.
    """

    endpoint: Endpoint
    rows: Mapping[Key, Sequence[tuple[int, int]]]
    columns: Mapping[Key, Sequence[tuple[int, int]]]
    filled: frozenset[CellRef]

    @classmethod
    def of(cls, checked: CheckedTable, keys: Sequence[Key]) -> "_Blanks":
        """Those of a checked matrix; `keys` are those of `checked.valid`, in its order."""
        endpoint = checked.table.endpoint
        rows: dict[Key, dict[tuple[int, int], None]] = {}
        columns: dict[Key, dict[tuple[int, int], None]] = {}
        for key, ref in zip(keys, map(CellRef, checked.valid.index.to_list()), strict=True):
            rows.setdefault(endpoint.owner_of(key), {})[ref.sheet, ref.row] = None
            columns.setdefault(endpoint.thing_of(key), {})[ref.sheet, ref.column or 0] = None
        return cls(
            endpoint,
            {owner: tuple(places) for owner, places in rows.items()},
            {thing: tuple(places) for thing, places in columns.items()},
            frozenset(checked.table.refs),
        )

    def cell(self, key: Key) -> CellRef | None:
        """The blank cell that stands for this record; None where the matrix has none, or fills one of them."""
        cells = [
            CellRef.at(row, column, sheet)
            for sheet, row in self.rows.get(self.endpoint.owner_of(key), ())
            for other, column in self.columns.get(self.endpoint.thing_of(key), ())
            if other == sheet
        ]
        return None if any(cell in self.filled for cell in cells) else next(iter(cells), None)


def _spared(checked: CheckedTable) -> tuple[frozenset[Key] | None, str]:
    """The owners of rows with problems, whose records stay: what such a row means could be among the removals.

    None, for everybody, where a row does not even tell whose it is.
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
    return spared, f"Nothing is removed from the {len(spared):,} of whom rows have problems."


def _removal(ref: CellRef, key: Key, endpoint: Endpoint, there: Record) -> Change:
    """The removal of a record; `before` is all that it takes to create it again."""
    before = {**endpoint.key_fields(key), **{name: there.get(name) or 0 for name in endpoint.updates}}
    return Change(ref, key, Action.REMOVE, {}, str(there["id"]), before)


def replan(endpoint: Endpoint, change: Change, held: ExistingRecords, mode: Mode) -> Change | Result:
    """What a change that was not sent asks of the account as it is by now; a result if it asks for nothing more."""
    records = held.get(change.key, ())
    if change.action is Action.REMOVE:
        there = next((record for record in records if str(record["id"]) == change.record_id), None)
        return change if there is not None else Result(Outcome.UNCHANGED, change.record_id)
    if not records:
        return change._replace(action=Action.CREATE, record_id=None, before=None)
    decided = _change(change, min(records, key=_age), endpoint, mode)
    return Result(Outcome.UNCHANGED, decided.record_id) if decided.action is Action.LEAVE else decided


def _change(change: Change, there: Record, endpoint: Endpoint, mode: Mode) -> Change:
    """What a row asks of a record that is there."""
    # A level that was never set comes back as 0 or as null.
    before = {name: there.get(name) or 0 for name in endpoint.updates}
    differs = any(change.fields.get(name, value) != value for name, value in before.items())
    action = Action.UPDATE if differs and mode is not Mode.ADD else Action.LEAVE
    return change._replace(action=action, record_id=str(there["id"]), before=before)


def _age(record: Record) -> tuple[int, str]:
    """Ids grow with time; the shorter number is the older."""
    id_ = str(record["id"])
    return (len(id_), id_)


def _settled(checked: CheckedTable) -> dict[CellRef, Result]:
    settled = {ref: Result(Outcome.INVALID, problems=tuple(found)) for ref, found in checked.invalid.items()}
    for ref, first in checked.duplicates.items():
        location, named = checked.table.location(ref), checked.table.describe([first])
        said = about_cells.duplicate(named)
        same = Problem(said.code, said.sentence, said.remedies, location.row, location.cell, sheet=location.sheet)
        settled[ref] = Result(Outcome.DUPLICATE, problems=(same,))
    return settled
