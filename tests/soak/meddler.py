"""What others do in the account while a run of several stages is on its way, as one may who keeps Kantata's rules."""

from collections.abc import Callable, Sequence

from importer.sandbox import Running
from tests.soak.ledger import Ledger, Others
from tests.soak.schedule import BY_HAND, OTHER, TABLES, Key, Table
from tests.soak.staged_schedule import NAMED, PLACE_RECORDS, PLACES, SKILLS, WITHIN, Meddling, things_of


class Meddler:
    """Somebody else in the account; `others` notes what they wrote to."""

    def __init__(self, kantata: Running, ledger: Ledger, others: Others) -> None:
        self._kantata, self._ledger, self._others = kantata, ledger, others

    def do(self, wanted: Meddling) -> None:
        """Do what somebody else does, where it can be done: no rule of Kantata's is broken."""
        with self._kantata.sandbox.store.lock:
            deed: Callable[[Table, Key], bool] = getattr(self, f"_{wanted.do}")
            if deed(wanted.table, wanted.key):
                self._others.touch(wanted.table, wanted.key)

    def _make(self, table: Table, key: Key) -> bool:
        if self._ledger.ids(table, key) and table is not SKILLS:
            return False
        values: dict[str, object] = {"name": str(key[-1]).rpartition(WITHIN)[2], "updated_at": BY_HAND}
        if table is SKILLS:
            if self._kantata.query("SELECT 1 FROM skills WHERE name = ?", key[0]):
                return False
            (category,) = self._kantata.query("SELECT id FROM skill_categories WHERE name = 'Skill'")
            values |= {"max_level": 5, "skill_category_id": category["id"]}
        if table is PLACES:
            parent = self._ledger.ids(PLACES, (key[0], str(key[1]).rpartition(WITHIN)[0]))
            if not parent:
                return False
            values |= {"type": key[0], "parent_id": parent[0]}
        self._kantata.by_hand(do="insert", table=table.name, values=values)
        return True

    def _delete(self, table: Table, key: Key) -> bool:
        """Delete a thing and what hangs on it, as Kantata's pages do."""
        ids = self._ledger.ids(table, key)
        for id_ in ids:
            self._delete_record(table, id_)
        return bool(ids)

    def _delete_record(self, table: Table, id_: int) -> None:
        if table is PLACES:
            for row in self._kantata.query("SELECT id FROM organizations WHERE parent_id = ?", id_):
                self._note_and_delete(PLACES, row["id"])
        self._note_and_delete(table, id_)

    def _note_and_delete(self, table: Table, id_: int) -> None:
        hanging = {
            "skills": (("skill_memberships", "skill_id"),),
            "workspace_groups": (("user_group_memberships", "workspace_group_id"),),
            "organizations": (
                ("organization_memberships", "geography_id"),
                ("organization_memberships", "department_id"),
                ("organizations", "parent_id"),
            ),
        }.get(table.name, ())
        for name, column in hanging:
            of = next(each for each in (*TABLES, PLACES) if each.name == name)
            for row in self._kantata.query(f"SELECT id FROM {name} WHERE {column} = ?", id_):
                self._note_and_delete(of, row["id"])
        for key, some in self._ledger.told(table).now.items():
            if id_ in some:
                self._others.touched.add((table.name, key))
        self._others.deleted.add((table.name, id_))
        self._kantata.execute(f"DELETE FROM {table.name} WHERE id = ?", id_)

    def _join(self, table: Table, key: Key) -> bool:
        if self._ledger.ids(table, key):
            return False
        return self._insert_record(table, int(key[0]), things_of(table, key))

    def _insert_record(self, table: Table, person: int, things: Sequence[Key]) -> bool:
        """A record of a person that names these things, if they are there."""
        ids = [self._ledger.ids(NAMED[table.endpoint], thing) for thing in things]
        if not all(ids):
            return False
        values: dict[str, object] = dict(zip(table.key[-len(ids) :], (some[0] for some in ids), strict=True))
        values["member_id" if table is PLACE_RECORDS else "user_id"] = person
        values |= {"level": 2} if table.has_level else {}
        values |= {"creator_id": OTHER} if table.has_maker else {"member_type": "User", "updated_at": BY_HAND}
        self._kantata.by_hand(do="insert", table=table.name, values=values)
        return True

    def _quit(self, table: Table, key: Key) -> bool:
        ids = self._ledger.ids(table, key)
        for id_ in ids:
            self._note_and_delete(table, id_)
        return bool(ids)

    def _use(self, table: Table, key: Key) -> bool:
        """Somebody of whom the files tell nothing has it from now on; in a place, another place may lie."""
        if table is PLACES and int(str(key[-1])[-1]) % 2:
            return self._make(PLACES, (key[0], f"{key[1]}{WITHIN}Annex"))
        of = next(each for each in TABLES if NAMED[each.endpoint] is table)
        things = [key]
        if table is PLACES:
            other = "Department" if key[0] == "Geography" else "Geography"
            (root,) = self._kantata.query("SELECT name FROM organizations WHERE parent_id IS NULL AND type = ?", other)
            things = sorted([key, (other, root["name"])], key=lambda each: each[0] != "Geography")
        return self._insert_record(of, OTHER, things)

    def _edit(self, table: Table, key: Key) -> bool:
        if table is PLACES:
            return False
        column = "description" if table is SKILLS else "notes"
        ids = self._ledger.ids(table, key)
        for id_ in ids:
            self._kantata.execute(
                f"UPDATE {table.name} SET {column} = 'Of another person', updated_at = ? WHERE id = ?", BY_HAND, id_
            )
        return bool(ids)
