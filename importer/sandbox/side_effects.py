"""What a write changes apart from its own row: primary memberships, and names that are kept elsewhere.

Runs after the rows are written, inside their transaction. Knows no rule.
"""

from importer.sandbox.request_rows import RequestRow, Write


def write_side_effects(write: Write, row: RequestRow, key: int) -> int:
    """Write what follows from record `key` in other rows; returns how many rows count as written."""
    if write.collection.name == "organization_memberships" and row.values.get("is_primary"):
        return _only_primary(write, key)
    if write.collection.name == "skills" and write.record and "name" in row.values:
        _rename(write, key, row.values["name"])
    return 0


def _only_primary(write: Write, key: int) -> int:
    """A member has one primary membership: its others lose the mark."""
    return write.store.run(
        "UPDATE organization_memberships SET is_primary = 0 WHERE is_primary = 1 AND id <> :key AND"
        " (member_type, member_id) = (SELECT member_type, member_id FROM organization_memberships"
        " WHERE id = :key)",
        {"key": key},
    )


def _rename(write: Write, key: int, name: object) -> None:
    write.store.run("UPDATE skill_memberships SET cached_skill_name = ? WHERE skill_id = ?", (name, key))
