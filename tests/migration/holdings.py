"""What an account holds, by names instead of ids, straight from the database of a stand-in, to compare two of them."""

from collections import Counter
from collections.abc import Mapping

from importer.sandbox import Running

_PATHS = (
    "WITH RECURSIVE places(id, path, type) AS (SELECT id, name, type FROM organizations WHERE parent_id IS NULL "
    "UNION ALL SELECT o.id, places.path || ' > ' || o.name, o.type FROM organizations o "
    "JOIN places ON o.parent_id = places.id) "
)
QUERIES: Mapping[str, str] = {
    "skills": "SELECT s.name, c.name AS category, s.max_level, coalesce(s.description, '') AS description "
    "FROM skills s JOIN skill_categories c ON c.id = s.skill_category_id",
    "groups": "SELECT name, company, contact_name, email, phone_number, address, website, notes FROM workspace_groups",
    "organizations": f"{_PATHS} SELECT type, path FROM places",
    "skill memberships": "SELECT u.email_address AS who, s.name, m.level FROM skill_memberships m "
    "JOIN users u ON u.id = m.user_id JOIN skills s ON s.id = m.skill_id",
    "user group memberships": "SELECT u.email_address AS who, g.name FROM user_group_memberships m "
    "JOIN users u ON u.id = m.user_id JOIN workspace_groups g ON g.id = m.workspace_group_id",
    "organization memberships": f"{_PATHS} SELECT coalesce(u.email_address, w.title) AS who, m.member_type, "
    "g.path AS geography, d.path AS department FROM organization_memberships m "
    "LEFT JOIN users u ON u.id = m.member_id AND m.member_type = 'User' "
    "LEFT JOIN workspaces w ON w.id = m.member_id AND m.member_type = 'Workspace' "
    "JOIN places g ON g.id = m.geography_id JOIN places d ON d.id = m.department_id",
}
"""For each kind of record, all of them without an id; `who` is the person or the project that a membership is of."""

Holdings = Mapping[str, Counter[tuple[object, ...]]]


def holdings(kantata: Running) -> Holdings:
    """What an account holds; records that look the same are counted."""
    return {name: Counter(tuple(row.values()) for row in kantata.query(sql)) for name, sql in QUERIES.items()}


def tables(kantata: Running) -> Mapping[str, list[dict[str, object]]]:
    """The rows of every table that a load can change, with their ids."""
    names = ("skills", "workspace_groups", "organizations", *(f"{each}_memberships" for each in _MEMBERS))
    return {name: kantata.query(f"SELECT * FROM {name} ORDER BY id") for name in names}


_MEMBERS = ("skill", "user_group", "organization")
