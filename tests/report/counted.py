"""The report's numbers once more, by SQL on the sandbox's own database: another way, by another hand."""

from collections.abc import Sequence
from typing import Any

from importer.sandbox import Running

ACCOUNT = 6300412
LEVELS = ("Not set", "Level 1", "Level 2", "Level 3", "Level 4", "Level 5", "No levels")

# Active people of the account, and what they hold: `rated` is a level that counts in an average.
BASE = f"""
WITH RECURSIVE people AS (SELECT * FROM users WHERE account_id = {ACCOUNT} AND disabled = 0),
held AS (
  SELECT m.user_id, m.skill_id, m.level, s.name skill, s.max_level, c.name category,
    CASE WHEN s.max_level > 1 AND m.level > 0 THEN m.level END rated
  FROM skill_memberships m JOIN skills s ON s.id = m.skill_id
  JOIN skill_categories c ON c.id = s.skill_category_id
  WHERE m.user_id IN (SELECT id FROM people)),
tree AS (
  SELECT id, id above, name path FROM organizations WHERE parent_id IS NULL
  UNION ALL SELECT o.id, o.id, t.path || ' > ' || o.name FROM organizations o JOIN tree t ON o.parent_id = t.id),
inside AS (
  SELECT id, id above FROM organizations
  UNION ALL SELECT i.id, o.parent_id FROM inside i JOIN organizations o ON o.id = i.above
  WHERE o.parent_id IS NOT NULL)
"""
TALLY = """
  count(h.skill_id) memberships, avg(h.rated) average, count(CASE WHEN h.rated >= 4 THEN 1 END) strong,
  count(CASE WHEN h.max_level > 1 AND h.level = 0 THEN 1 END) "Not set",
  count(CASE WHEN h.rated = 1 THEN 1 END) "Level 1",
  count(CASE WHEN h.rated = 2 THEN 1 END) "Level 2", count(CASE WHEN h.rated = 3 THEN 1 END) "Level 3",
  count(CASE WHEN h.rated = 4 THEN 1 END) "Level 4", count(CASE WHEN h.rated = 5 THEN 1 END) "Level 5",
  count(CASE WHEN h.max_level = 1 THEN 1 END) "No levels"
"""


def ask(kantata: Running, select: str, *values: object) -> list[dict[str, Any]]:
    """What a SELECT finds below `BASE`."""
    return kantata.query(BASE + select, *values)


def one(kantata: Running, select: str) -> Any:
    """The single value that a SELECT finds below `BASE`."""
    (row,) = ask(kantata, select)
    (value,) = row.values()
    return value


def comparable(rows: Sequence[dict[str, Any]], names: dict[str, str]) -> list[tuple[Any, ...]]:
    """The columns `names` of the rows, sorted, with averages to six digits; a zero of a count is a zero."""

    def plain(value: Any) -> Any:
        return round(value, 6) if isinstance(value, float) else value

    found = [tuple(plain(row[name]) for name in names) for row in rows]
    return sorted(found, key=lambda row: tuple((value is None, str(value)) for value in row))


def same(shown: Sequence[dict[str, Any]], counted: Sequence[dict[str, Any]], names: dict[str, str]) -> bool:
    """Whether the table shows what was counted; `names` gives for each header the name of the counted column."""
    mine = comparable(shown, names)
    theirs = comparable([{header: row[name] for header, name in names.items()} for row in counted], names)
    assert mine == theirs
    return len(mine) > 0


DISTRIBUTION = {name: name for name in LEVELS}
