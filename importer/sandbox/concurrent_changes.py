"""Rows that appear while others read: after a page of a list; and new rows that a read does not see yet."""

import re
from collections.abc import Callable, Mapping, Sequence

from importer.sandbox import sql
from importer.sandbox.manual_writes import Change, make
from importer.sandbox.store import Store


def _last_given(table: str, column: str, given: str) -> str:
    """The SQL of the newest record of `given`, and the newest of the people who do not have it."""
    last = f"({sql.select(['max(id)'], given)})"
    having = sql.select(["user_id"], table, [f"{column} = {last}"])
    wanted = [f"id NOT IN ({having})", f"{last} IS NOT NULL"]
    people = sql.select(["id AS user_id", f"{last} AS {column}"], "users", wanted, "id DESC")
    return f"{people} LIMIT 1"


# For each kind of membership, the SQL of a new one that does not exist yet.
_NEXT = {
    "skill_memberships": _last_given("skill_memberships", "skill_id", "skills"),
    "user_group_memberships": _last_given("user_group_memberships", "workspace_group_id", "workspace_groups"),
    "organization_memberships": (
        "SELECT 'User' AS member_type, id AS member_id,"
        " (SELECT max(id) FROM organizations WHERE type = 'Geography') AS geography_id,"
        " (SELECT max(id) FROM organizations WHERE type = 'Department') AS department_id FROM users WHERE id NOT IN"
        " (SELECT member_id FROM organization_memberships WHERE member_type = 'User') ORDER BY id DESC LIMIT 1"
    ),
}


class ConcurrentChanges:
    """What others do between two reads. `time` gives seconds that only rise."""

    def __init__(self, store: Store, time: Callable[[], float]) -> None:
        self._store = store
        self._time = time
        self._pages = 0
        self._late: dict[str, list[tuple[int, float]]] = {}

    def reset(self) -> None:
        """Forget the pages that were read and the rows that were hidden."""
        self._pages = 0
        self._late.clear()

    def after_page(self, table: str, switches: Mapping[str, str]) -> None:
        """Let a new membership appear after every N-th page of memberships, by insert_during_list."""
        if switches["insert_during_list"] == "off" or table not in _NEXT:
            return
        self._pages += 1
        every = int(re.sub(r"\D", "", switches["insert_during_list"]))
        found = self._store.rows(_NEXT[table]) if self._pages % every == 0 else []
        for values in found:
            make(self._store, Change(do="insert", table=table, values=dict(values)))

    def hide(self, table: str, keys: Sequence[int], switches: Mapping[str, str]) -> None:
        """Keep new rows from being read for as long as `lag` says."""
        if switches["lag"] != "0" and keys:
            until = self._time() + int(switches["lag"]) / 1000
            self._late.setdefault(table, []).extend((key, until) for key in keys)

    def unseen(self) -> Mapping[str, frozenset[int]]:
        """The ids that a read does not see yet, by table."""
        now = self._time()
        self._late = {table: [each for each in late if each[1] > now] for table, late in self._late.items()}
        return {table: frozenset(key for key, _ in late) for table, late in self._late.items() if late}
