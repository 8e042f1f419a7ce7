"""The truth of a trial, from the sandbox alone: what was written by whom, and what stands there now.

Knows no code of the importer's but the words for outcomes; what it expects is worked out from the schedule.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from importer.model import Outcome, Result
from importer.sandbox import Running
from tests.soak.schedule import BY_HAND, Key, Kind, Row, Schedule, Table, invented


@dataclass(frozen=True, slots=True)
class Deed:
    """One write to one record, in the order in which they happened; `level` is what it holds after it."""

    number: int
    do: str
    id: int
    key: Key
    level: int | None
    is_ours: bool


def watch(kantata: Running, table: Table, me: int, notes: str = "deeds") -> None:
    """Let the database itself note every write to the table from now on; `me` is who the token belongs to. `notes` is
    the table in which it does.
    """
    columns = ", ".join(table.key)
    level = "level" if table.has_level else "NULL"
    by_hand = f"{{0}}.creator_id IS NOT {me}" if table.has_maker else f"{{0}}.updated_at = '{BY_HAND}'"
    touched = f"{{0}}.updated_at = '{BY_HAND}'" if table.endpoint != "user-group-memberships" else "0"
    kantata.execute(
        f"CREATE TABLE {notes} (n INTEGER PRIMARY KEY, do TEXT, id INTEGER, {columns}, level, ours INTEGER)"
    )
    for do, row, hand in (("INSERT", "NEW", by_hand), ("UPDATE", "NEW", touched), ("DELETE", "OLD", "0")):
        keys = ", ".join(f"{row}.{name}" for name in table.key)
        kept = f"{row}.{level}" if table.has_level else level
        kantata.execute(
            f"CREATE TRIGGER {notes}_{do} AFTER {do} ON {table.name} BEGIN"
            f" INSERT INTO {notes} (do, id, {columns}, level, ours)"
            f" VALUES ('{do}', {row}.id, {keys}, {kept}, NOT ({hand.format(row)})); END"
        )


def deeds(kantata: Running, table: Table, notes: str = "deeds") -> list[Deed]:
    """Every write since `watch`. Who deleted a record is not known: those are told as ours."""
    return [
        Deed(r["n"], r["do"], r["id"], tuple(r[name] for name in table.key), r["level"], bool(r["ours"]))
        for r in kantata.query(f"SELECT * FROM {notes} ORDER BY n")
    ]


def standing(kantata: Running, table: Table) -> dict[Key, list[tuple[int, int | None]]]:
    """The records by key as they stand now: id and level."""
    level = ", level" if table.has_level else ""
    found: dict[Key, list[tuple[int, int | None]]] = defaultdict(list)
    for r in kantata.query(f"SELECT id, {', '.join(table.key)}{level} FROM {table.name} ORDER BY id"):
        found[tuple(r[name] for name in table.key)].append((r["id"], r.get("level")))
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """What a run says of a row in the end: its outcome and its record."""

    outcome: Outcome
    id: int | None

    @classmethod
    def of(cls, result: Result) -> "Told":
        """What a result says."""
        return cls(result.outcome, None if result.record_id is None else int(result.record_id))


def faults_of(
    kantata: Running,
    schedule: Schedule,
    told: Mapping[Row, Told],
    removed: Mapping[int, Told],
    over_at: Mapping[Key, int] | None = None,
) -> list[str]:
    """Everything that is not true of a trial that came to its end; none, if all is well.

    `told` is what is said of the file's rows, `removed` of the records that mirror mode removes besides, by id.
    `over_at` gives for each key of a list that was sent in stages the last write of all until its stage was over.
    """
    by_key: dict[Key, list[Deed]] = defaultdict(list)
    for deed in deeds(kantata, schedule.table):
        by_key[deed.key].append(deed)
    for deed in list(_without_effect(kantata, by_key)):
        by_key[deed.key].append(deed)
    now = standing(kantata, schedule.table)
    found: list[str] = []
    for row, said in told.items():
        done, stands = by_key[row.key], now[row.key]
        later = _made_later(done, (over_at or {}).get(row.key, sys.maxsize))
        stands = [each for each in stands if each[0] not in later]
        if row.key in schedule.others:
            wrong = _of_others(schedule, row, said, done, stands, is_believed=_is_believed(schedule, said, by_key))
        else:
            wrong = _of_ours(schedule, row, said, done, stands)
        found += [f"{row}, told {said}: {what}" for what in wrong]
    found += _extra(schedule, removed, now)
    found += _strangers(schedule, told, by_key, invented(kantata, schedule.table))
    return found


def _made_later(done: Iterable[Deed], over_at: int) -> set[int]:
    """The records that somebody else made when the stage of their key was over, so that it had been verified: they are
    as those that somebody makes after a run.
    """
    return {deed.id for deed in done if deed.do == "INSERT" and not deed.is_ours and deed.number > over_at}


def _is_believed(schedule: Schedule, said: Told, by_key: Mapping[Key, Sequence[Deed]]) -> bool:
    """Whether a row is told as created by an account that gives back what is there, of which nothing had shown until
    then whether it names us as the creator of what we make.
    """
    if schedule.switches.get("duplicates") != "return_existing":
        return False
    made = [deed for some in by_key.values() for deed in some if deed.do == "INSERT"]
    theirs = next((deed for deed in made if deed.id == said.id and not deed.is_ours), None)
    return theirs is not None and not any(deed.is_ours and deed.number < theirs.number for deed in made)


def _without_effect(kantata: Running, by_key: Mapping[Key, Iterable[Deed]]) -> Iterator[Deed]:
    """Updates of ours that were accepted, or not answered, and wrote nothing: somebody else had just set the record to
    the same level. Such a row says that it was updated (docs/exactly-once.md).
    """
    by_others = {
        (deed.id, deed.level): deed
        for some in by_key.values()
        for deed in some
        if deed.do == "UPDATE" and not deed.is_ours
    }
    for request in kantata.requests():
        if request["method"] == "PUT" and request["status"] in (200, None) and not request["rows_written"]:
            (fields,) = json.loads(request["body"]).values()
            theirs = by_others.get((int(request["path"].rpartition("/")[2]), fields.get("level")))
            if theirs is not None:
                yield replace(theirs, is_ours=True)


def _of_ours(
    schedule: Schedule, row: Row, said: Told, done: list[Deed], now: list[tuple[int, int | None]]
) -> list[str]:
    """What is not true of a row whose record nobody else touched: all of it is known beforehand."""
    writes = Counter(deed.do for deed in done)
    level = row.level
    wanted: dict[Kind, tuple[Outcome, list[tuple[int | None, int | None]], dict[str, int]]] = {
        Kind.NEW: (Outcome.CREATED, [(said.id, level)], {"INSERT": 1}),
        Kind.SAME: (Outcome.UNCHANGED, [(row.id, level)], {}),
        Kind.DIFFERS: (Outcome.UPDATED, [(row.id, level)], {"UPDATE": 1}),
        Kind.REMOVE: (Outcome.REMOVED, [], {"DELETE": 1}),
        Kind.BAD: (Outcome.REFUSED, [], {}),
    }
    outcome, stands, deeds_ = wanted[row.kind]
    if row.kind is Kind.DIFFERS and schedule.mode == "add":
        outcome, stands, deeds_ = Outcome.UNCHANGED, [(row.id, now[0][1] if now else None)], {}
    found = []
    if said.outcome is not outcome:
        found.append(f"the outcome is {outcome}")
    if now != stands:
        found.append(f"the account holds {now}, and should hold {stands}")
    # An update that was not answered may be sent again: it does the same twice.
    if writes != deeds_ and not (row.kind is Kind.DIFFERS and set(writes) == {"UPDATE"}):
        found.append(f"it was written {dict(writes)}, and should be {deeds_}")
    if row.kind not in (Kind.NEW, Kind.BAD) and said.id != row.id:
        found.append(f"its record is {row.id}")
    return found


def _of_others(
    schedule: Schedule,
    row: Row,
    said: Told,
    done: list[Deed],
    now: list[tuple[int, int | None]],
    *,
    is_believed: bool,
) -> list[str]:
    """What cannot be true of a row whose record somebody else wrote, too, at some instant nobody chose. `is_believed`
    tells that it may be told as created although it was there.
    """
    found = []
    ours = [deed for deed in done if deed.is_ours]
    inserted = [deed.id for deed in ours if deed.do == "INSERT"]
    ids = {deed.id for deed in done} | ({row.id} if row.id else set())
    # A record that does not tell its maker, and that another made in the seconds of our request, passes for ours.
    if said.outcome is Outcome.CREATED and said.id not in inserted and schedule.table.has_maker and not is_believed:
        found.append(f"we created {inserted}")
    if said.outcome is Outcome.UPDATED and (said.id, row.level) not in {
        (d.id, d.level) for d in ours if d.do == "UPDATE"
    }:
        found.append("we updated no such record to this level")
    if said.outcome is Outcome.REMOVED and said.id not in {deed.id for deed in done if deed.do == "DELETE"}:
        found.append("this record was never removed")
    if said.outcome is Outcome.UNCHANGED and said.id is not None and said.id not in ids:
        found.append("there never was such a record")
    if said.outcome in (Outcome.REFUSED, Outcome.INVALID, Outcome.CONFLICT, Outcome.DUPLICATE):
        found.append("nothing was wrong with it")
    if said.outcome is not Outcome.CREATED and set(inserted) & {id_ for id_, _ in now}:
        found.append(f"we created {inserted}, and do not say so")
    if len(now) > 1 and set(inserted) & {id_ for id_, _ in now}:
        found.append(f"the account holds it twice: {now}")
    gone = sum(deed.do == "DELETE" for deed in done)
    if len(inserted) > 1 + gone:
        found.append(f"we created it more than once: {inserted}")
    return found


def _extra(
    schedule: Schedule, removed: Mapping[int, Told], now: Mapping[Key, list[tuple[int, int | None]]]
) -> list[str]:
    """What is not true of the records that mirror mode had to remove besides the file's rows."""
    found = []
    left = {id_ for some in now.values() for id_, _ in some}
    for id_, key in schedule.extra.items():
        if key in schedule.others:
            continue
        if id_ in left:
            found.append(f"record {id_} of {key} should be gone")
        if id_ not in removed or removed[id_].outcome is not Outcome.REMOVED:
            found.append(f"record {id_} of {key} was removed, and is told as {removed.get(id_)}")
    return found


def _strangers(
    schedule: Schedule, told: Mapping[Row, Told], by_key: Mapping[Key, Iterable[Deed]], invented: int
) -> list[str]:
    """Writes of ours to records that are none of the file's business."""
    ours = {row.key for row in told} | set(schedule.extra.values()) | schedule.others
    return [
        f"{deed} is not of the file"
        for key, some in by_key.items()
        if key not in ours and key[-1] != invented
        for deed in some
        if deed.is_ours
    ]
