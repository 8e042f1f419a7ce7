"""What a write changes besides its own row: projects of a group, external references, names kept elsewhere.

Runs after the rows are written, inside their transaction. Knows no rule.
"""

from collections.abc import Mapping

from importer.sandbox.request_rows import Draft, Write

SUBJECTS = {"skills": "Skill", "users": "User", "workspace_groups": "WorkspaceGroup"}
OPTIONAL = ("status", "external_message", "external_link", "external_status")


def write_besides(write: Write, draft: Draft, key: int, now: str) -> int:
    """Write what belongs to record `key` in other tables; returns how many rows that were."""
    written = _projects(write, draft, key) + _external_reference(write, draft, key, now)
    if write.collection.name == "organization_memberships" and draft.values.get("is_primary"):
        written += _only_primary(write, key)
    if write.collection.name == "skills" and write.record and "name" in draft.values:
        _rename(write, key, draft.values["name"])
    return written


def _projects(write: Write, draft: Draft, key: int) -> int:
    added, removed = draft.besides.get("add_workspace_ids"), draft.besides.get("remove_workspace_ids")
    written = 0
    for project in added if isinstance(added, list) else []:
        statement = "INSERT OR IGNORE INTO workspace_group_workspaces VALUES (?, ?)"
        written += write.store.run(statement, (key, project))
    for project in removed if isinstance(removed, list) else []:
        statement = "DELETE FROM workspace_group_workspaces WHERE workspace_group_id = ? AND workspace_id = ?"
        written += write.store.run(statement, (key, project))
    return written


def _external_reference(write: Write, draft: Draft, key: int, now: str) -> int:
    """Replace the reference to the same service: on one record the service names must differ.

    Source: API reference 1.0.0, POST /skills, external_reference.
    """
    sent = draft.besides.get("external_reference")
    if not isinstance(sent, Mapping):
        return 0
    subject = SUBJECTS[write.collection.name]
    write.store.run(
        "DELETE FROM external_references WHERE subject_type = ? AND subject_id = ? AND service_name = ?",
        (subject, key, str(sent["service_name"])),
    )
    row: dict[str, object] = {
        "id": write.store.new_ids("external_references", 1)[0],
        "subject_type": subject,
        "subject_id": key,
        **{name: str(sent[name]) for name in ("service_name", "service_model", "service_model_ref")},
        **{name: None if sent.get(name) is None else str(sent[name]) for name in OPTIONAL},
        "locked": int(bool(sent.get("locked"))),
        "created_at": now,
        "updated_at": now,
    }
    write.store.insert("external_references", list(row), [row])
    return 1


def _only_primary(write: Write, key: int) -> int:
    """A member has one primary membership: the others of its member are none any more."""
    return write.store.run(
        "UPDATE organization_memberships SET is_primary = 0 WHERE is_primary = 1 AND id <> :key AND"
        " (member_type, member_id) = (SELECT member_type, member_id FROM organization_memberships"
        " WHERE id = :key)",
        {"key": key},
    )


def _rename(write: Write, key: int, name: object) -> None:
    for table in ("skill_memberships", "workspace_resource_skills"):
        write.store.run(f"UPDATE {table} SET cached_skill_name = ? WHERE skill_id = ?", (name, key))  # noqa: S608
