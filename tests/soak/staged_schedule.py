"""What one schedule of several stages does: lists of things and of records that name them, for an account that lacks
some, with what goes wrong and what others do meanwhile. Made from a seed alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from importer.sandbox import Running
from importer.sandbox.world.build import LACKING
from tests.soak.schedule import BY_HAND, FAULTS, TABLES, THINGS, Key, Kind, Row, Table, draw_switches

SKILLS, PLACES, GROUPS = THINGS
SKILL_RECORDS, GROUP_RECORDS, PLACE_RECORDS = TABLES
EVERY = (*THINGS, *TABLES)
NAMED = {"skill-memberships": SKILLS, "user-group-memberships": GROUPS, "organization-memberships": PLACES}
"""What the records of a table name."""
WITHIN = " > "
_INTERFERING = frozenset({"appears", "vanishes", "differs"})

_PEOPLE = """SELECT id FROM users u WHERE account_id = 6300412 AND disabled = 0
    AND id < (SELECT max(id) FROM users) - 100
    AND (SELECT count(*) FROM skill_memberships m WHERE m.user_id = u.id) < 20 ORDER BY id LIMIT 60"""
"""Whose records the files tell. The highest ids are left to those whom the sandbox invents."""


@dataclass(frozen=True, slots=True)
class Meddling:
    """What somebody else does just before our nth request: `make` a thing of this name, `delete` one, `join` (a record
    of the file), `quit`, or, once the run is at its end, `use` or `edit` what it made.
    """

    at: int
    do: str
    table: Table
    key: Key


@dataclass(frozen=True, slots=True)
class StagedSchedule:
    """Everything that one trial of several stages does.

    Keys are told as a sheet tells them: a thing by its name, a place by its tree and the way down, a record by whose it
    is and what it names. `lists` are the tables in the order in which they are given; `created` the kinds of things
    that may be made because they are named; `twins` the things that Kantata refuses, as it gets one of that name, in
    other letters, between plan and run; `room` how many more skills it takes. `stops` and `breaks` are the events at
    which each start is asked to stop, or dies; None for not at all.
    """

    seed: int
    mode: str
    lacks: frozenset[str]
    lists: Sequence[tuple[Table, Sequence[Row]]]
    created: frozenset[str]
    twins: Sequence[tuple[Table, Key]]
    room: int | None
    switches: Mapping[str, str]
    faults: Sequence[Mapping[str, object]]
    faults_of_undo: Sequence[Mapping[str, object]]
    meddling: Sequence[Meddling]
    afterwards: Sequence[Meddling]
    workers: int
    stops: Sequence[int | None]
    breaks: Sequence[int | None]
    recovers: bool
    """Whether it is found out what a run did that was left where it was, before it is resumed."""
    undoes: bool
    undoes_at_once: bool
    """Whether the run is undone where it stopped first, without being resumed."""
    redoes: bool = False
    """Whether its undo is undone as well."""

    @property
    def people(self) -> frozenset[int]:
        """Whose records the files tell."""
        return frozenset(int(owner_of(row.key)) for table, rows in self.lists if table in TABLES for row in rows)

    def __str__(self) -> str:
        faults = ", ".join(
            f"{each['fault']} on {each['on']} {each.get('path', '')} {each.get('nth') or each.get('every')}"
            for each in (*self.faults, *self.faults_of_undo)
        )
        lists = ", ".join(f"{len(rows)} {table.endpoint}" for table, rows in self.lists)
        others = ", ".join(f"{each.do} {each.key} at {each.at}" for each in (*self.meddling, *self.afterwards))
        what = f"{self.mode}, lacks {sorted(self.lacks)}, makes {sorted(self.created)}, {lists}"
        return f"staged seed {self.seed}: {what}, {dict(self.switches)}, {faults}; others {others}"


def owner_of(key: Key) -> int | str:
    """Whose a record is."""
    return key[0]


def things_of(table: Table, key: Key) -> list[Key]:
    """The keys of the things that a record names."""
    if table is PLACE_RECORDS:
        return [("Geography", key[1]), ("Department", key[2])]
    return [(key[1],)]


def above(key: Key) -> Key | None:
    """The key of the place in which a place lies; None for one in the root, and for what is no place."""
    if len(key) == 1 or str(key[1]).count(WITHIN) < 2:
        return None
    return key[0], str(key[1]).rpartition(WITHIN)[0]


def make(kantata: Running, seed: int, fault: str | None = None) -> StagedSchedule:
    """The schedule of this seed, for a sandbox as at its start, which then lacks what the schedule says; with this
    fault, where one is named.
    """
    random = Random(seed)
    lacks = frozenset(random.sample(sorted(LACKING), k=random.choice((0, 1, 2, 3, 3))))
    empty(kantata, lacks)
    mode = random.choice(("upsert", "upsert", "upsert", "add"))
    world = _World(kantata, random, mode)
    lists, created = _lists(random, world)
    new = [(table, row.key) for table, rows in lists for row in rows if table in THINGS and row.kind is Kind.NEW]
    new += [(table, key) for table, key in world.named if (table, key) not in new and table.endpoint in created]
    switches = draw_switches(random, None) | {"insert_during_list": "off"}
    twins = _twins(random, new) if random.random() < 0.25 else []
    room = None
    skills = sum(table is SKILLS for table, _ in new)
    if skills and random.random() < 0.15:
        room = max(skills - random.randint(1, 6), 0)
        (there,) = kantata.query("SELECT count(*) n FROM skills")
        switches["skill_limit"] = str(there["n"] + room)
    names = [fault] if fault else random.choices([*FAULTS], k=random.choice((0, 1, 2, 3, 4)))
    (category,) = kantata.query("SELECT id FROM skill_categories WHERE name = 'Skill'")
    draw_fault = partial(_fault, random, new=new, category=category["id"])
    faults = [draw_fault(name) for name in names]
    if fault and faults:
        faults[0] |= {"nth": 1}
        faults[0].pop("every", None)
        faults[0].pop("path", None)
    return StagedSchedule(
        seed=seed,
        mode=mode,
        lacks=lacks,
        lists=lists,
        created=created,
        twins=twins,
        room=room,
        switches=switches,
        faults=[each for each in faults if each],
        faults_of_undo=[
            each for name in random.choices([*FAULTS], k=random.choice((0, 0, 1, 2)))
            if name not in _INTERFERING and (each := draw_fault(name))
        ],
        meddling=_meddling(random, lists, new) if random.random() < 0.4 else [],
        afterwards=_afterwards(random, lists, new) if random.random() < 0.5 else [],
        workers=random.choice((1, 2, 4, 16)),
        stops=[random.choice((None, None, random.randint(1, 12))) for _ in range(3)],
        breaks=[random.choice((None, None, random.randint(1, 12))) for _ in range(3)],
        recovers=random.random() < 0.3,
        undoes=random.random() < 0.8,
        undoes_at_once=random.random() < 0.2,
        redoes=random.random() < 0.5 and len({table for table, _ in lists}) == len(lists),
    )  # fmt: skip


def empty(kantata: Running, lacks: Iterable[str]) -> None:
    """Let the account lack these kinds of things, and what hangs on them."""
    for each in lacks:
        for table, rows in LACKING[each].items():
            kantata.execute(f"DELETE FROM {table} WHERE {rows}")


class _World:
    """What the account holds, what is invented besides, and which things the lists have named so far."""

    def __init__(self, kantata: Running, random: Random, mode: str) -> None:
        self.kantata, self.random, self.mode = kantata, random, mode
        self.there = {
            SKILLS: _told_apart(kantata.query("SELECT name, max_level FROM skills ORDER BY id")),
            GROUPS: _told_apart(kantata.query("SELECT name, 5 AS max_level FROM workspace_groups ORDER BY id")),
            PLACES: sorted(key for key in paths(kantata).values() if WITHIN in str(key[1])),
        }
        self.people = [r["id"] for r in kantata.query(_PEOPLE)]
        self.roots = {key[0]: str(key[1]) for key in paths(kantata).values() if WITHIN not in str(key[1])}
        self.named: list[tuple[Table, Key]] = []
        self._number = random.randint(1, 9) * 10_000

    def invent(self, table: Table, count: int) -> list[Key]:
        """New things. Names with other numbers are never taken for each other."""
        if table is PLACES:
            return self._invent_places(count)
        return [(f"{'Talent' if table is SKILLS else 'Circle'} {self._next()}",) for _ in range(count)]

    def spare(self, of: Table, count: int) -> list[Key]:
        """Skills or groups that the account has and nothing uses, made by hand."""
        if of is PLACES:
            return []
        keys: list[Key] = [(f"Spare {self._next()}",) for _ in range(count)]
        for (name,) in keys:
            self.kantata.by_hand(do="insert", table=of.name, values={"name": name, **self._facts(of)})
        return keys

    def _facts(self, of: Table) -> dict[str, object]:
        """What a skill has besides its name."""
        (category,) = self.kantata.query("SELECT id FROM skill_categories WHERE name = 'Skill'")
        return {"max_level": 5, "skill_category_id": category["id"]} if of is SKILLS else {}

    def _invent_places(self, count: int) -> list[Key]:
        """New places in both trees, some within others, each after the one in which it lies."""
        made: list[Key] = []
        while len(made) < count:
            of = self.random.choice(("Geography", "Department"))
            inside = [str(key[1]) for key in made if key[0] == of and str(key[1]).count(WITHIN) < 4]
            parent = self.random.choice([self.roots[of], *inside[-6:]])
            made.append((of, f"{parent}{WITHIN}Place {self._next()}"))
        return made

    def _next(self) -> int:
        self._number += 1
        return self._number

    def record(self, table: Table, key: Key) -> dict[str, object] | None:
        """The one record that the account has of this key."""
        person = key[0]
        if table is SKILL_RECORDS:
            sql = (
                "SELECT m.id, level FROM skill_memberships m JOIN skills s ON s.id = skill_id"
                " WHERE user_id = ? AND name = ?"
            )
        else:
            sql = (
                "SELECT m.id FROM user_group_memberships m JOIN workspace_groups g ON g.id = workspace_group_id"
                " WHERE user_id = ? AND name = ?"
            )
        found = self.kantata.query(sql, person, key[1])
        return found[0] if found else None


def _told_apart(rows: Sequence[Mapping[str, Any]]) -> list[Key]:
    """What bears a name that nothing else bears, however it is spaced; of skills, those with levels."""
    alike = Counter(" ".join(row["name"].casefold().split()) for row in rows)
    return [
        (row["name"],) for row in rows
        if row["max_level"] == 5 and alike[" ".join(row["name"].casefold().split())] == 1
    ]  # fmt: skip


def paths(kantata: Running) -> dict[int, Key]:
    """Every place by id: its tree, and the way down to it."""
    rows = {r["id"]: r for r in kantata.query("SELECT id, name, type, parent_id FROM organizations")}

    def way(id_: int) -> str:
        row = rows[id_]
        return f"{way(row['parent_id'])}{WITHIN}{row['name']}" if row["parent_id"] in rows else str(row["name"])

    return {id_: (row["type"], way(id_)) for id_, row in rows.items()}


def _lists(random: Random, world: _World) -> tuple[list[tuple[Table, Sequence[Row]]], frozenset[str]]:
    """The files, and the kinds of things that may be made because they are named."""
    kinds = random.sample(THINGS, k=random.choice((1, 1, 2, 3)))
    lists: list[tuple[Table, Sequence[Row]]] = []
    created: set[str] = set()
    for of in kinds:
        size = random.choice((3, 8, 20) if of is GROUPS else (3, 8, 20, 35))
        if random.random() < 0.12:
            size = {SKILLS: 215, PLACES: 130, GROUPS: 30}[of]
        new = world.invent(of, size)
        is_listed, is_named = random.choice(((True, True), (False, True), (False, True), (True, False)))
        listed = new[: random.choice((len(new), len(new) // 2))] if is_listed and is_named else new if is_listed else []
        old = random.sample(world.there[of], k=min(len(world.there[of]), random.choice((0, 3, 8))))
        if listed:
            rows = [Row(Kind.NEW, key) for key in listed] + [_old_thing(random, of, key) for key in old]
            rows += [Row(Kind.REMOVE, key) for key in world.spare(of, random.choice((0, 0, 1, 3)))]
            random.shuffle(rows)
            lists.append((of, rows))
        if random.random() < (0.85 if is_named else 0.3):
            created.add(of.endpoint)
        if is_named:
            lists.append(_records(random, world, of, new, old))
    if len(lists) == 1 and lists[0][0] in THINGS:  # one stage is none of several
        lists.append(_records(random, world, kinds[0], [row.key for row in lists[0][1] if row.kind is Kind.NEW], []))
    if not any(table in THINGS for table, _ in lists) and not created:
        created.add(kinds[0].endpoint)
    if random.random() < 0.2:
        lists += [_again(random, table, rows) for table, rows in lists if table in TABLES]
    random.shuffle(lists)
    return lists, frozenset(created)


def _again(random: Random, table: Table, rows: Sequence[Row]) -> tuple[Table, Sequence[Row]]:
    """Another file that has some of the same records, perhaps with other levels."""
    new = [row for row in rows if row.kind is Kind.NEW]
    return table, [
        Row(Kind.DIFFERS, row.key, random.choice((row.level, 1, 5)) if table.has_level else None)
        for row in random.sample(new, k=min(len(new), random.choice((1, 4, 12))))
    ]


def _old_thing(random: Random, of: Table, key: Key) -> Row:
    """A row for a thing that the account has; of a skill or a group it may tell something else."""
    return Row(Kind.SAME if of is PLACES else random.choice((Kind.SAME, Kind.DIFFERS)), key)


def _records(
    random: Random, world: _World, of: Table, new: Sequence[Key], old: Sequence[Key]
) -> tuple[Table, Sequence[Row]]:
    """A list of records that name these things, each new one at least once."""
    table = next(each for each in TABLES if NAMED[each.endpoint] is of)
    keys: dict[Key, None] = {}
    wanted = [*new, *(random.choice([*new, *old]) for _ in range(random.choice((0, 5, 20))))]
    for thing in wanted:
        person = random.choice(world.people)
        if table is not PLACE_RECORDS:
            keys[(person, thing[0])] = None
            continue
        other = "Department" if thing[0] == "Geography" else "Geography"
        places = [key[1] for key in (*new, *old) if key[0] == other] or [world.roots[other]]
        pair = (thing[1], random.choice(places)) if thing[0] == "Geography" else (random.choice(places), thing[1])
        keys[(person, *pair)] = None
    rows = []
    for key in keys:
        there = None if table is PLACE_RECORDS or (key[1],) in new else world.record(table, key)
        level = random.randint(1, 5) if table.has_level else None
        if there is None:
            rows.append(Row(Kind.NEW, key, level))
        elif random.random() < 0.3:
            rows.append(Row(Kind.REMOVE, key, None, int(str(there["id"]))))
        elif table.has_level:
            kind = Kind.SAME if there["level"] == level else Kind.DIFFERS
            rows.append(Row(kind, key, level, int(str(there["id"]))))
        else:
            rows.append(Row(Kind.SAME, key, None, int(str(there["id"]))))
        for thing in things_of(table, key):
            if (
                thing[-1] not in world.roots.values()
                and thing not in world.there[of]
                and (of, thing) not in world.named
            ):
                world.named.append((of, thing))
    random.shuffle(rows)
    return table, rows


def _twins(random: Random, new: Sequence[tuple[Table, Key]]) -> list[tuple[Table, Key]]:
    """Things that Kantata refuses because it has one of that name in other letters; it compares skills to the letter.
    A place in a new one has no twin, as it would have nowhere to lie.
    """
    keys = {key for _, key in new}
    able = [(of, key) for of, key in new if of is GROUPS or (of is PLACES and above(key) not in keys)]
    return random.sample(able, k=min(len(able), random.choice((1, 2, 3))))


def _fault(random: Random, name: str, new: Sequence[tuple[Table, Key]], category: int) -> dict[str, object]:
    """One fault; somewhere in the run, or at a request of one stage. Empty where there is nothing for it to do."""
    found: dict[str, object] = dict(FAULTS[name])
    found["on"] = random.choice(("POST", "POST", "POST", "write", "any", "GET"))
    found["nth"] = random.randint(1, 6)
    if name in _INTERFERING:
        flat = [(of, key) for of, key in new if of is not PLACES]
        if not flat:
            return {}
        of, key = random.choice(flat)
        found["on"] = random.choice(("POST", "GET"))
        values = {"name": key[0], "updated_at": BY_HAND}
        if of is SKILLS:
            values |= {"max_level": 5, "skill_category_id": category}
        found["change"] = {"do": "insert", "table": of.name, "values": values}
        found |= {"path": of.name, "nth": 1}
    elif random.random() < 0.5:
        found |= {"path": random.choice([each.name for each in EVERY]), "nth": random.randint(1, 3)}
    elif random.random() < 0.15 and found["fault"] not in ("revoke", "slow") and found["on"] in ("POST", "GET"):
        found["every"] = random.randint(2, 4)
        del found["nth"]
    return found


def _meddling(
    random: Random, lists: Sequence[tuple[Table, Sequence[Row]]], new: Sequence[tuple[Table, Key]]
) -> list[Meddling]:
    """What others do while the run sends."""
    some = []
    for _ in range(random.choice((1, 1, 2, 4))):
        do = random.choice(("make", "delete", "join", "quit"))
        keys = new if do in ("make", "delete") else [
            (table, row.key) for table, rows in lists if table in TABLES for row in rows if row.kind is Kind.NEW
        ]  # fmt: skip
        if keys:
            some.append(Meddling(random.randint(1, 25), do, *random.choice(keys)))
    return some


def _afterwards(
    random: Random, lists: Sequence[tuple[Table, Sequence[Row]]], new: Sequence[tuple[Table, Key]]
) -> list[Meddling]:
    """What others do between the run and its undo."""
    some = []
    for _ in range(random.choice((1, 2, 4))):
        do = random.choice(("use", "use", "edit", "delete", "quit"))
        keys = new if do in ("use", "edit", "delete") else [
            (table, row.key) for table, rows in lists if table in TABLES for row in rows
        ]  # fmt: skip
        if keys:
            some.append(Meddling(0, do, *random.choice(keys)))
    return some
