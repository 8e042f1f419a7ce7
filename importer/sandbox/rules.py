"""What must be true before a row is written: levels, repeats, limits, names, trees. Reads rows, writes none.

A rule looks at all the rows of a request at once and refuses some. A collection names its rules.
Source of the limits: API reference 1.0.0, tag Skills (200 skills a user, 5,000 an account).
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Hashable, Iterable

from importer.sandbox import sql
from importer.sandbox.access import forbidden
from importer.sandbox.answer import Refused
from importer.sandbox.contract.declare import Verb
from importer.sandbox.query import integer
from importer.sandbox.request_rows import RequestRow, Write
from importer.sandbox.store import fold

HIGHEST = 5
INT32 = 2**31 - 1  # levels are declared int32


def only_reports(write: Write) -> None:
    """Let a manager write for their reports. Raises: Refused if someone whose record is written is no such report."""
    query = write.query
    if query.caller.administrator or query.switches["writes_need"] != "manager":
        return
    editable = write.store.rows(
        "SELECT user_id FROM account_memberships WHERE manager_id = ? AND manager_can_edit_skills = 1",
        (query.caller.user_id,),
    )
    users = {write.record["user_id"]} if write.record else {row.values.get("user_id") for row in write.rows}
    if not users <= {row[0] for row in editable}:
        raise Refused(forbidden(query.switches))


def _records(write: Write, table: str, columns: Iterable[str]) -> dict[object, sqlite3.Row]:
    """The records of `table` that the rows name in some columns, by id."""
    keys = json.dumps(list({write.value(row, column) for row in write.good for column in columns}))
    return {row["id"]: row for row in write.store.rows(sql.select(["*"], table, [f"id {sql.IN_KEYS}"]), {"keys": keys})}


def _skill_facts(write: Write) -> None:
    """Tell each row the max_level of its skill, and a new one the name of its skill."""
    skills = _records(write, "skills", ["skill_id"])
    for row in write.good:
        skill = skills.get(write.value(row, "skill_id"))
        row.max_level = skill["max_level"] if skill else HIGHEST
        if skill and write.verb is Verb.CREATE:
            row.values["cached_skill_name"] = skill["name"]


def _levels(write: Write) -> None:
    """Read the levels; a new membership without one gets 0, and a PUT without one leaves it alone."""
    for row in write.good:
        if row.sent.get("level") not in (None, ""):
            _level(write, row, row.sent["level"])
        elif write.verb is Verb.CREATE:
            row.values["level"] = 0


def _whole(sent: object) -> int | None:
    """The level that was sent, if it is a whole number."""
    if isinstance(sent, bool):
        return None
    if isinstance(sent, int) or (isinstance(sent, float) and sent.is_integer()):
        return int(sent)
    return int(sent) if isinstance(sent, str) and re.fullmatch(r"\s*-?\d{1,9}\s*", sent) else None


def _level(write: Write, row: RequestRow, sent: object) -> None:
    level, switches = _whole(sent), write.switches
    if level is None or not 0 <= level <= HIGHEST:
        if switches["bad_level"] == "reject":
            row.refuse("level", f"Level must be a whole number from 0 to {HIGHEST}")
            return
        level = integer(str(sent)) if level is None else level
        if switches["bad_level"] == "store":
            row.values["level"] = min(max(level, -INT32), INT32)
            return
        level = min(max(level, 0), HIGHEST)
    if level == 0 and write.verb is Verb.UPDATE and switches["level_zero"] == "reject":
        row.refuse("level", "Level can't be set back to 0")
    elif _is_level_of(level, row.max_level, write, row):
        row.values["level"] = level


def _is_level_of(level: int, max_level: int, write: Write, row: RequestRow) -> bool:
    """Whether the skill has this level. If not, the row is refused, or gets the highest level of the skill."""
    allowed = write.switches["one_level"]
    if max_level == 1 and allowed == "any":
        return True
    if max_level == 1 and level <= 1 and str(level) not in allowed.split(","):
        row.refuse("level", f"Level must be {allowed} for a skill without levels")
        return False
    if level <= max_level or write.switches["level_vs_max"] == "store":
        return True
    if write.switches["level_vs_max"] == "clamp":
        row.values["level"] = max_level
    else:
        row.refuse("level", f"Level must be less than or equal to {max_level}")
    return False


def _repeats(write: Write) -> None:
    """Handle the rows whose key a record or an earlier row already has."""
    reply, creating = write.switches["duplicates"], write.verb is Verb.CREATE
    if reply == "allow":
        return
    existing, earlier = _existing(write), dict[Hashable, RequestRow]()
    for row in write.good:
        key = tuple(write.value(row, column) for column in write.collection.key)
        record, twin = existing.get(key, 0), earlier.setdefault(key, row)
        if not record and twin is row:
            continue
        if reply == "return_existing" and creating:
            row.same_as, row.twin = record, None if record else twin
        else:
            row.refuse("base", write.switches["dup_text"])


def _existing(write: Write) -> dict[Hashable, int]:
    """The ids of the records that the rows may repeat, by key; without that of the PUT's own record."""
    columns, own = write.collection.key, write.record.get("id", 0)
    first = "member_id" if "member_id" in columns else columns[0]
    keys = json.dumps(sorted({int(str(write.value(row, first))) for row in write.good}))
    among = f"{first} {sql.IN_KEYS}"
    statement = sql.select(["id", *columns], write.collection.name, [among], "id DESC")
    rows = write.store.rows(statement, {"keys": keys})
    return {tuple(row)[1:]: int(row["id"]) for row in rows if row["id"] != own}


def _skills_of_a_user(write: Write) -> None:
    limit = write.switches["user_skill_limit"]
    if limit == "off" or write.verb is not Verb.CREATE:
        return
    users = json.dumps(sorted({int(str(row.values["user_id"])) for row in write.good}))
    rows = write.store.rows(
        "SELECT user_id, count(*) FROM skill_memberships"
        " WHERE user_id IN (SELECT value FROM json_each(?)) GROUP BY user_id",
        (users,),
    )
    counts = Counter({int(row[0]): int(row[1]) for row in rows})
    for row in write.good:
        if row.same_as or (row.twin and row.twin.good):
            continue
        user = int(str(row.values["user_id"]))
        counts[user] += 1
        if counts[user] > int(limit):
            counts[user] -= 1
            row.refuse("base", f"User cannot have more than {limit} skills")


def _skills_of_the_account(write: Write) -> None:
    limit = write.switches["skill_limit"]
    if limit == "off" or write.verb is not Verb.CREATE:
        return
    count = int(str(write.store.value("SELECT count(*) FROM skills")))
    for row in write.good:
        count += 1
        if count > int(limit):
            row.refuse("base", f"Account cannot have more than {limit} skills")


def _max_level_sent(write: Write) -> None:
    reply = write.switches["max_level_missing"]
    for row in write.good:
        if row.values.get("max_level") is not None:
            continue
        if write.verb is Verb.UPDATE:
            row.values.pop("max_level", None)
        elif reply == "422":
            row.refuse("max_level", "Max level can't be blank")
        else:
            row.values["max_level"] = int(reply)


def _unique(write: Write, columns: tuple[str, ...], compare: Callable[[object], str]) -> None:
    """Refuse the rows whose name, as `compare` has it, a record or an earlier row with the same `columns` has."""
    statement = sql.select(["id", "name", *columns], write.collection.name)
    rows = [tuple(row) for row in write.store.rows(statement)]
    taken = {(compare(name), *rest) for key, name, *rest in rows if key != write.record.get("id")}
    for row in write.good:
        mark = (compare(write.value(row, "name")), *(write.value(row, column) for column in columns))
        if mark in taken:
            row.refuse("name", "Name has already been taken")
        taken.add(mark)


def _skill_names(write: Write) -> None:
    scope = write.switches["skill_unique"]
    if scope != "off":
        _unique(write, ("skill_category_id",) if scope == "per_category" else (), str)


def _group_names(write: Write) -> None:
    _unique(write, (), fold)


def _organization_names(write: Write) -> None:
    scope = write.switches["org_unique"]
    if scope != "off":
        _unique(write, ("parent_id",) if scope == "per_parent" else ("type",), fold)


def _trees(write: Write) -> None:
    """A geography is a geography, a department is a department."""
    columns = {"geography_id": "Geography", "department_id": "Department"}
    found = _records(write, "organizations", columns)
    for row in write.good:
        for column, tree in columns.items():
            if column not in row.values:
                continue
            organization = found[row.values[column]]
            if organization["type"] != tree and write.switches["wrong_tree"] == "reject":
                row.refuse(column, f"{tree} must be a {tree.lower()}")
            elif organization["parent_id"] is None and write.switches["root_org"] == "reject":
                row.refuse(column, f"{tree} cannot be the root")


def _tree_of_the_parent(write: Write) -> None:
    """A new organization joins the tree of its parent; a moved one stays in its tree and out of itself."""
    found = _records(write, "organizations", ["parent_id"])
    for row in write.good:
        if "parent_id" not in row.values:
            continue
        parent = row.values["parent_id"]
        kind = found[parent]["type"]
        if write.verb is Verb.CREATE:
            row.values["type"] = kind
        elif kind != write.record["type"] or _is_below(write, parent):
            row.refuse("parent_id", "Parent must be elsewhere in the same tree")


def _is_below(write: Write, key: object) -> bool:
    """Whether the organization `key` is the PUT's own record, or below it."""
    while key is not None:
        if key == write.record["id"]:
            return True
        key = write.store.value("SELECT parent_id FROM organizations WHERE id = ?", (key,))
    return False


RULES: dict[str, Callable[[Write], None]] = {
    "skill_facts": _skill_facts,
    "levels": _levels,
    "repeats": _repeats,
    "skills_of_a_user": _skills_of_a_user,
    "skills_of_the_account": _skills_of_the_account,
    "max_level_sent": _max_level_sent,
    "skill_names": _skill_names,
    "group_names": _group_names,
    "organization_names": _organization_names,
    "trees": _trees,
    "tree_of_the_parent": _tree_of_the_parent,
}
