"""What one schedule does: a file, the ways of the API, what goes wrong at which request. Made from a seed alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from importer.sandbox import Running
from importer.sandbox.switches.board import read_all
from importer.sandbox.switches.declare import SWITCHES

Key = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Where an endpoint's records stand in the sandbox's database; `owner` is the column that says whose they are."""

    endpoint: str
    name: str
    key: tuple[str, ...]
    owner: str
    has_level: bool = False
    has_maker: bool = True


TABLES = (
    Table("skill-memberships", "skill_memberships", ("user_id", "skill_id"), "user_id", has_level=True),
    Table("user-group-memberships", "user_group_memberships", ("user_id", "workspace_group_id"), "user_id"),
    Table(
        "organization-memberships",
        "organization_memberships",
        ("member_type", "member_id", "geography_id", "department_id"),
        "member_id",
        has_maker=False,
    ),
)

THINGS = (
    Table("skills", "skills", ("name",), "", has_maker=False),
    Table("organizations", "organizations", ("type", "parent_id", "name"), "", has_maker=False),
    Table("groups", "workspace_groups", ("name",), "", has_maker=False),
)
"""What memberships name, in the order in which a run of several stages makes it."""

SETS = ("documented", "gem", "hostile", "strict")
FAULTS: Mapping[str, Mapping[str, object]] = {
    "429": {"fault": "429"},
    "429 in seconds": {"fault": "429", "retry_after": "3"},
    "429 until a date": {"fault": "429", "retry_after": "http-date"},
    "429 with 0": {"fault": "429", "retry_after": "0", "body": "html"},
    "429 with garbage": {"fault": "429", "retry_after": "garbage", "body": "empty"},
    "503 html": {"fault": "503", "body": "html"},
    "503 json after commit": {"fault": "503_after_commit", "body": "json"},
    "500": {"fault": "500"},
    "500 after commit": {"fault": "500_after_commit"},
    "502": {"fault": "502"},
    "504 after commit": {"fault": "504_after_commit"},
    "drop before commit": {"fault": "drop_before_commit"},
    "drop after commit": {"fault": "drop_after_commit"},
    "drop mid body": {"fault": "drop_mid_body"},
    "cut json": {"fault": "cut_json"},
    "html 200": {"fault": "html200"},
    "slow beyond the timeout": {"fault": "slow", "seconds": 1.3},
    "held, then closed": {"fault": "timeout", "seconds": 0.3},
    "late commit": {"fault": "late_commit", "seconds": 0.15},
    "late commit, 504": {"fault": "late_commit", "seconds": 0.1, "then": "504"},
    "revoke": {"fault": "revoke"},
    "appears": {"fault": "interfere"},
    "vanishes": {"fault": "interfere"},
    "differs": {"fault": "interfere"},
}
"""Every fault of the sandbox's script, in the forms that it has."""

_EXTRA: Mapping[str, Sequence[str]] = {
    "association_ids": ("always", "include_only"),
    "error_index": ("on", "off"),
    "errors_listed": ("all", "first"),
    "bulk": ("atomic", "partial"),
    "partial_reply": ("errors", "200 good rows", "200 with errors key"),
    "bulk_rows": ("page", "all", "first 20"),
    "bulk_timestamps": ("same", "distinct"),
    "duplicates": ("reject", "allow", "return_existing"),
    "validation_status": ("422", "400"),
    "bad_ref": ("422", "404"),
    "delete_missing": ("404", "204"),
    "member_type_in": ("any", "lower"),
    "member_type_out": ("Capital", "lower"),
    "om_order": ("id_asc", "updated_desc"),
    "ugm_id_type": ("integer", "string"),
    "array_query": ("both", "csv", "brackets"),
    "request_id": ("on", "off"),
    "tz": ("America/Los_Angeles", "UTC", "any"),
}
"""Ways that the documents leave open, and that no named set decides for good."""


class Kind(StrEnum):
    """What a row of the file is to the account."""

    NEW = "new"
    DIFFERS = "differs"
    SAME = "same"
    REMOVE = "remove"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file; `id` is the record that stood there before, if one did."""

    kind: Kind
    key: Key
    level: int | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Everything that one trial does. `others` are the keys that somebody else writes meanwhile, and `extra` the
    records that mirror mode removes besides the file's rows. `stops` and `breaks` are the events at which the run is
    asked to stop, or dies; None for never.
    """

    seed: int
    table: Table
    mode: str
    switches: Mapping[str, str]
    faults: Sequence[Mapping[str, object]]
    rows: Sequence[Row]
    extra: Mapping[int, Key]
    others: frozenset[Key]
    workers: int
    stops: int | None
    breaks: int | None

    def __str__(self) -> str:
        faults = ", ".join(
            f"{each['fault']} on {each['on']} {each.get('nth') or each.get('every')}" for each in self.faults
        )
        what = f"{self.table.endpoint}, {self.mode}, {len(self.rows)} rows"
        return f"seed {self.seed}: {what}, {dict(self.switches)}, {faults}"


def make(kantata: Running, seed: int, of_set: str | None = None, fault: str | None = None) -> Schedule:
    """The schedule of this seed, for a sandbox as at its start; with this set and this fault, where they are named."""
    random = Random(seed)
    table = random.choice(TABLES)
    mode = random.choice(("upsert", "upsert", "add", "mirror"))
    rows, extra = _rows(kantata, random, table, mode)
    switches = draw_switches(random, of_set)
    names = [fault] if fault else []
    names += random.choices(list(FAULTS), k=random.choice((0, 1, 1, 2, 3)) if fault else random.choice((1, 2, 3, 4)))
    faults = [_fault(random, name, table, rows) for name in names]
    if fault:  # every file has a new row, so this one is met
        faults[0] |= {"nth": 1 if faults[0]["on"] in ("POST", "write") else random.randint(1, 3)}
        faults[0].pop("every", None)
    if _takes_no_doubles(switches):
        faults = list(_each_made_once(faults, table, rows))
    others = frozenset(key for found in faults for key in _keys_of(found, table, rows))
    return Schedule(
        seed=seed,
        table=table,
        mode=mode,
        switches=switches,
        faults=faults,
        rows=rows,
        extra=extra,
        others=others,
        workers=random.choice((1, 2, 4, 16)),
        stops=random.choice((None, None, None, random.randint(1, 8))),
        breaks=random.choice((None, None, None, random.randint(1, 8))),
    )


def draw_switches(random: Random, of_set: str | None) -> dict[str, str]:
    """A named set of switches and, unless one is asked for, other ways besides."""
    named = {"like": of_set or random.choice(SETS)}
    if named["like"] == "strict":
        return named
    some = random.sample(sorted(_EXTRA), k=random.randint(0, 6))
    extra = {name: random.choice(_EXTRA[name]) for name in some}
    return named if of_set else {**named, **extra}


def _takes_no_doubles(switches: Mapping[str, str]) -> bool:
    return read_all(switches).get("duplicates", SWITCHES["duplicates"].default) == "reject"


def _each_made_once(
    faults: Iterable[dict[str, object]], table: Table, rows: Sequence[Row]
) -> Iterator[dict[str, object]]:
    """The faults without what makes a record a second time: somebody else keeps the rules of the account as well."""
    made: set[Key] = set()
    for each in faults:
        change = each.get("change")
        keys = _keys_of(each, table, rows) if isinstance(change, dict) and change["do"] == "insert" else ()
        if made.isdisjoint(keys):
            made.update(keys)
            yield each


def _rows(kantata: Running, random: Random, table: Table, mode: str) -> tuple[list[Row], dict[int, Key]]:
    """The rows of the file, shuffled; and the records that mirror mode removes besides."""
    columns = ", ".join(("id", *table.key, *(("level",) if table.has_level else ())))
    levelled = "WHERE skill_id IN (SELECT id FROM skills WHERE max_level = 5)" if table.has_level else ""
    stored = kantata.query(f"SELECT {columns} FROM {table.name} {levelled} ORDER BY id")
    by_key: dict[Key, list[dict[str, int]]] = {}
    for record in stored:
        by_key.setdefault(tuple(record[name] for name in table.key), []).append(record)
    newest = invented(kantata, table)
    single = [key for key, records in by_key.items() if len(records) == 1 and key[-1] != newest]
    rows: list[Row] = []
    kinds = (Kind.SAME, Kind.DIFFERS, Kind.REMOVE) if table.has_level else (Kind.SAME, Kind.REMOVE)
    for key in random.sample(single, k=min(len(single), random.choice((0, 4, 12)))):
        record, kind = by_key[key][0], random.choice(kinds)
        level = None
        if table.has_level:
            other = random.choice([level for level in range(1, 6) if level != record["level"]])
            level = other if kind is Kind.DIFFERS else record["level"]
        rows.append(Row(kind, key, level, record["id"]))
    rows += [
        Row(Kind.NEW, key, random.randint(1, 5) if table.has_level else None)
        for key in _absent(kantata, random, table, set(by_key), random.choice((1, 5, 30, 99, 101, 230)))
    ]
    for at in range(random.choice((0, 0, 1, 3))):
        people = [row.key for row in rows if row.kind is Kind.NEW]
        rows.append(Row(Kind.BAD, (*random.choice(people)[:-1], 1_001 + at), 3 if table.has_level else None))
    random.shuffle(rows)
    owners = {_owner(table, row.key) for row in rows}
    listed = {row.key for row in rows}
    if levelled:  # records that no row can name are the file's business all the same, in mirror mode
        for record in kantata.query(
            f"SELECT {columns} FROM {table.name} WHERE NOT ({levelled.removeprefix('WHERE ')})"
        ):
            by_key.setdefault(tuple(record[name] for name in table.key), []).append(record)
    extra = {
        r["id"]: key for key, some in by_key.items() if key not in listed and _owner(table, key) in owners for r in some
    }
    return rows, extra if mode == "mirror" else {}


def invented(kantata: Running, table: Table) -> int:
    """What the sandbox gives to people while a list is read: its newest skill, group or department."""
    of = {"skill_id": "skills", "workspace_group_id": "workspace_groups"}.get(table.key[-1], "organizations")
    where = "WHERE type = 'Department'" if of == "organizations" else ""
    return int(kantata.query(f"SELECT max(id) n FROM {of} {where}")[0]["n"])


def _owner(table: Table, key: Key) -> Key:
    return key[:2] if table.owner == "member_id" else key[:1]


def _absent(kantata: Running, random: Random, table: Table, taken: set[Key], wanted: int) -> list[Key]:
    """Keys that the account does not hold and takes. The highest ids are left to those whom the sandbox invents."""
    people = [row["id"] for row in kantata.query(
        "SELECT id FROM users WHERE account_id = 6300412 AND disabled = 0 AND id < (SELECT max(id) FROM users) - 40 "
        "AND (SELECT count(*) FROM skill_memberships m WHERE m.user_id = users.id) < 100 ORDER BY id")]  # fmt: skip
    people = random.sample(people, k=min(len(people), 60))
    if table.endpoint == "organization-memberships":
        places = {
            kind: [row["id"] for row in kantata.query(
                "SELECT id FROM organizations o WHERE type = ? AND id < "
                "(SELECT max(id) FROM organizations WHERE type = o.type)", kind)]
            for kind in ("Geography", "Department")
        }  # fmt: skip
        every: list[Key] = [
            ("User", p, g, d) for p in people for g in places["Geography"][:6] for d in places["Department"][:6]
        ]
    else:
        other = "skills" if table.has_level else "workspace_groups"
        rule = "WHERE max_level = 5 AND id < (SELECT max(id) FROM skills)" if table.has_level else (
            "WHERE id < (SELECT max(id) FROM workspace_groups)"
        )  # fmt: skip
        things = [row["id"] for row in kantata.query(f"SELECT id FROM {other} {rule} ORDER BY id")]
        every = [(p, t) for p in people for t in things[:40]]
    free = [key for key in every if key not in taken]
    return list(random.sample(free, k=min(len(free), wanted)))


def _fault(random: Random, name: str, table: Table, rows: Sequence[Row]) -> dict[str, object]:
    found: dict[str, object] = dict(FAULTS[name])
    found["on"] = random.choice(("POST", "POST", "write", "any", "GET"))
    found["nth"] = random.randint(1, 6)
    if found["fault"] == "interfere":
        found["change"] = _change(random, name, table, rows)
        found["on"] = random.choice(("POST", "GET", "any"))
    elif random.random() < 0.15 and found["fault"] not in ("revoke", "slow") and found["on"] in ("POST", "GET"):
        found["every"] = random.randint(2, 4)
        del found["nth"]
    return found


OTHER = 11486845
"""Another person of the account, who writes while we do."""
BY_HAND = "2001-02-03T04:05:06"
"""The mark of what is written by hand: nothing else was updated then."""


def _change(random: Random, name: str, table: Table, rows: Sequence[Row]) -> dict[str, object]:
    stood = [row for row in rows if row.id is not None]
    if name == "appears" or not stood:
        wanted = random.choice([row for row in rows if row.kind is Kind.NEW])
        values: dict[str, object] = dict(zip(table.key, wanted.key, strict=True))
        if table.has_level:
            values |= {"level": random.choice((wanted.level, 1, 5))}
        values |= {"creator_id": OTHER} if table.has_maker else {"updated_at": BY_HAND}
        return {"do": "insert", "table": table.name, "values": values}
    row = random.choice(stood)
    if name == "vanishes" or not table.has_level:
        return {"do": "delete", "table": table.name, "where": {"id": row.id}}
    level = random.choice((1, 2, 3, 4, 5))
    return {
        "do": "update",
        "table": table.name,
        "where": {"id": row.id},
        "values": {"level": level, "updated_at": BY_HAND},
    }


def _keys_of(fault: Mapping[str, object], table: Table, rows: Sequence[Row]) -> list[Key]:
    """The keys that a fault lets others write."""
    change = fault.get("change")
    if not isinstance(change, dict):
        return []
    if change["do"] == "insert":
        return [tuple(change["values"][name] for name in table.key)]
    return [row.key for row in rows if row.id == change["where"]["id"]]
