"""Rows that appear while others read: after a page of a list; and new rows that a read does not see yet."""

import re
from collections.abc import Callable, Mapping, Sequence

from importer.sandbox.manual_writes import Change, make
from importer.sandbox.store import Store

# For each kind of membership, a new one that does not exist yet: (columns, SQL of one row).
_NEXT: dict[str, tuple[tuple[str, ...], str]] = {
    "skill_memberships": (
        ("user_id", "skill_id"),
        (
            "SELECT id, (SELECT max(id) FROM skills) FROM users WHERE id NOT IN (SELECT user_id FROM"
            " skill_memberships WHERE skill_id = (SELECT max(id) FROM skills)) ORDER BY id DESC LIMIT 1"
        ),
    ),
    "user_group_memberships": (
        ("user_id", "workspace_group_id"),
        (
            "SELECT id, (SELECT max(id) FROM workspace_groups) FROM users WHERE id NOT IN (SELECT user_id FROM"
            " user_group_memberships WHERE workspace_group_id = (SELECT max(id) FROM workspace_groups))"
            " ORDER BY id DESC LIMIT 1"
        ),
    ),
    "organization_memberships": (
        ("member_type", "member_id", "geography_id", "department_id"),
        (
            "SELECT 'User', id, (SELECT max(id) FROM organizations WHERE type = 'Geography'),"
            " (SELECT max(id) FROM organizations WHERE type = 'Department') FROM users WHERE id NOT IN"
            " (SELECT member_id FROM organization_memberships WHERE member_type = 'User')"
            " ORDER BY id DESC LIMIT 1"
        ),
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
        columns, statement = _NEXT[table]
        found = self._store.rows(statement) if self._pages % every == 0 else []
        if found:
            values = dict(zip(columns, found[0], strict=True))
            make(self._store, Change(do="insert", table=table, values=values))

    def hide(self, table: str, keys: Sequence[int], switches: Mapping[str, str]) -> None:
        """Keep new rows from being read for as long as `lag` says."""
        if switches["lag"] != "0" and keys:
            until = self._time() + int(switches["lag"]) / 1000
            self._late.setdefault(table, []).extend((key, until) for key in keys)

    def unseen(self, table: str) -> tuple[int, ...]:
        """The ids that a read does not see yet."""
        if table not in self._late:
            return ()
        now = self._time()
        self._late[table] = [(key, until) for key, until in self._late[table] if until > now]
        return tuple(key for key, _ in self._late[table])
