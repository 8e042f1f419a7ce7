"""What was ever in the account while a run of several stages was on its way, told as a sheet tells it.

Knows the sandbox's database, and what others did; knows no run.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from importer.sandbox import Running
from tests.soak import judge
from tests.soak.judge import Deed
from tests.soak.schedule import THINGS, Key, Table
from tests.soak.staged_schedule import (
    EVERY,
    GROUP_RECORDS,
    GROUPS,
    NAMED,
    PLACE_RECORDS,
    PLACES,
    SKILL_RECORDS,
    SKILLS,
    WITHIN,
    paths,
)

COLUMNS = {
    SKILL_RECORDS: ("skill_id",),
    GROUP_RECORDS: ("workspace_group_id",),
    PLACE_RECORDS: ("geography_id", "department_id"),
}
"""In which columns records name things."""
Picture = Counter[tuple[object, ...]]


def folded(key: Key) -> Key:
    """The key as names are compared."""
    return tuple(part.casefold() if isinstance(part, str) else part for part in key)


@dataclass
class Others:
    """What others did, of which the database does not tell who did it: deletions, and keys that they touched."""

    deleted: set[tuple[str, int]] = field(default_factory=set)
    touched: set[tuple[str, Key]] = field(default_factory=set)

    def touch(self, table: Table, key: Key) -> None:
        """Note that somebody else wrote to the record of this key."""
        self.touched.add((table.name, folded(key)))


class Ledger:
    """Everything that was ever in the account since `watch`, told as a sheet tells it."""

    def __init__(self, kantata: Running, me: int) -> None:
        self._kantata = kantata
        self._at_start = {table.name: rows_of(kantata, table) for table in EVERY}
        self.before = self.picture()
        self._known = {PLACES.name: {folded(key) for key in paths(kantata).values()}} | {
            of.name: {folded(key) for key in self._at_start[of.name].values()} for of in (SKILLS, GROUPS)
        }
        for table in EVERY:
            judge.watch(kantata, table, me, f"deeds_of_{table.name}")

    def deeds(self, table: Table) -> list[Deed]:
        """Every write to the table."""
        return judge.deeds(self._kantata, table, f"deeds_of_{table.name}")

    def names(self, table: Table) -> dict[int, Key]:
        """What each id ever was."""
        rows: dict[int, Key] = dict(self._at_start[table.name])
        rows.update({deed.id: deed.key for deed in self.deeds(table)})
        if table is not PLACES:
            return {id_: folded(key) for id_, key in rows.items()}

        def way(id_: int) -> str:
            _, parent, name = rows[id_]
            return f"{way(int(parent))}{WITHIN}{name}" if parent in rows else str(name)

        return {id_: folded((key[0], way(id_))) for id_, key in rows.items()}

    def told(self, table: Table) -> "Writes":
        """The writes to the table by key, and what stands there now."""
        names = self.names(table) if table in THINGS else None
        things = self.names(NAMED[table.endpoint]) if names is None else {}

        def key_of(id_: int, key: Key) -> Key:
            return names[id_] if names is not None else _record_key(table, key, things)

        done: dict[Key, list[Deed]] = defaultdict(list)
        for deed in self.deeds(table):
            done[key_of(deed.id, deed.key)].append(deed)
        now: dict[Key, list[int]] = defaultdict(list)
        for id_, key in self.rows(table).items():
            now[key_of(id_, key)].append(id_)
        before: dict[Key, list[int]] = defaultdict(list)
        for id_, key in self._at_start[table.name].items():
            before[key_of(id_, key)].append(id_)
        return Writes(done, now, before)

    def was_there(self, table: Table, key: Key) -> bool:
        """Whether the account had it at the start."""
        return folded(key) in self._known[table.name]

    def ids(self, table: Table, key: Key) -> list[int]:
        """The ids of what has this key now."""
        return self.told(table).now.get(folded(key), [])

    def rows(self, table: Table) -> dict[int, Key]:
        """What stands in the table now, by id, in the columns of its key."""
        return rows_of(self._kantata, table)

    def picture(self) -> Picture:
        """What the account holds, without ids: two accounts that look the same are the same."""
        skills = {id_: key[0] for id_, key in self.rows(SKILLS).items()}
        groups = {id_: key[0] for id_, key in self.rows(GROUPS).items()}
        shown: Picture = Counter()
        query = self._kantata.query
        for r in query("SELECT name, max_level, coalesce(description, '') d FROM skills"):
            shown["skill", r["name"], r["max_level"], r["d"]] += 1
        for r in query("SELECT name, company, coalesce(notes, '') n FROM workspace_groups"):
            shown["group", r["name"], r["company"], r["n"]] += 1
        places = paths(self._kantata)
        shown.update(("place", *key) for key in places.values())
        for r in query("SELECT user_id, skill_id, level FROM skill_memberships"):
            shown["has", r["user_id"], skills.get(r["skill_id"]), r["level"]] += 1
        for r in query("SELECT user_id, workspace_group_id g FROM user_group_memberships"):
            shown["is in", r["user_id"], groups.get(r["g"])] += 1
        for r in query("SELECT member_id, geography_id, department_id FROM organization_memberships"):
            at = places.get(r["geography_id"]), places.get(r["department_id"])
            shown["lies in", r["member_id"], *at] += 1
        return shown

    def differs_from(self, before: Picture) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
        """What is there besides what was there then, and what is missing."""
        now = self.picture()
        return list((now - before).elements()), list((before - now).elements())


@dataclass(frozen=True, slots=True)
class Writes:
    """The writes to one table by key, what stands there now, and what stood there at the start."""

    done: Mapping[Key, list[Deed]]
    now: Mapping[Key, list[int]]
    before: Mapping[Key, list[int]]


def rows_of(kantata: Running, table: Table) -> dict[int, Key]:
    return {
        r["id"]: tuple(r[name] for name in table.key)
        for r in kantata.query(f"SELECT id, {', '.join(table.key)} FROM {table.name} ORDER BY id")
    }


def _record_key(table: Table, key: Key, things: Mapping[int, Key]) -> Key:
    """The key of a record with the names of what it names."""
    if table is PLACE_RECORDS:
        _, member, *places = key
        return (member, *(things.get(int(each), ("", each))[-1] for each in places))
    return key[0], things.get(int(key[1]), (key[1],))[0]
