"""What an export wrote, read back without our code, and what the sandbox's database says of the same."""

import csv
import datetime as dt
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq

from importer.sandbox import Running
from tests.conftest import Importer

Row = dict[str, Any]
MEMBERSHIPS = ("skill-memberships", "user-group-memberships", "organization-memberships")
PATHS = """WITH RECURSIVE places(id, path) AS (
    SELECT id, name FROM organizations WHERE parent_id IS NULL
    UNION ALL SELECT o.id, p.path || ' > ' || o.name FROM organizations o JOIN places p ON p.id = o.parent_id)
"""
SQL = {
    "skill-memberships": """SELECT u.full_name AS user, u.email_address AS email, s.name AS skill, c.name AS category,
        m.level, s.max_level, m.created_at, m.updated_at, by.full_name AS created_by, m.user_id, m.skill_id,
        m.creator_id AS created_by_id, m.id
        FROM skill_memberships m JOIN users u ON u.id = m.user_id JOIN skills s ON s.id = m.skill_id
        JOIN skill_categories c ON c.id = s.skill_category_id LEFT JOIN users by ON by.id = m.creator_id""",
    "user-group-memberships": """SELECT u.full_name AS user, u.email_address AS email, g.name AS "group", m.created_at,
        by.full_name AS created_by, m.user_id, m.workspace_group_id, m.creator_id AS created_by_id, m.id
        FROM user_group_memberships m JOIN users u ON u.id = m.user_id
        JOIN workspace_groups g ON g.id = m.workspace_group_id LEFT JOIN users by ON by.id = m.creator_id""",
    "organization-memberships": f"""{PATHS} SELECT coalesce(u.full_name, w.title) AS member_name,
        coalesce(u.email_address, w.title) AS member, m.member_type, g.path AS geography, d.path AS department,
        m.created_at, m.updated_at, m.member_id, m.geography_id, m.department_id, m.id
        FROM organization_memberships m JOIN places g ON g.id = m.geography_id JOIN places d ON d.id = m.department_id
        LEFT JOIN users u ON m.member_type = 'User' AND u.id = m.member_id
        LEFT JOIN workspaces w ON m.member_type = 'Workspace' AND w.id = m.member_id""",
    "users": """SELECT full_name AS user, email_address AS email, headline AS title, 1 - disabled AS active,
        id AS user_id FROM users WHERE account_id = 6300412""",
    "skills": """SELECT s.name AS skill, c.name AS category, s.max_level, s.description, s.created_at, s.updated_at,
        s.id AS skill_id FROM skills s JOIN skill_categories c ON c.id = s.skill_category_id""",
    "groups": """SELECT name AS "group", company, website, created_at, updated_at, id AS workspace_group_id
        FROM workspace_groups""",
    "organizations": f"""{PATHS} SELECT o.name AS organization, o.type, p.path, a.name AS parent, o.created_at,
        o.updated_at, o.id AS organization_id, o.parent_id FROM organizations o JOIN places p ON p.id = o.id
        LEFT JOIN organizations a ON a.id = o.parent_id""",
}  # fmt: skip


def from_csv(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def from_json_lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def from_parquet(path: Path) -> list[Row]:
    rows: list[Row] = pq.read_table(path).to_pylist()
    return rows


def from_workbook(path: Path) -> list[Row]:
    rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    header = [str(head).removesuffix(" (UTC)") for head in next(rows)]
    return [dict(zip(header, row, strict=True)) for row in rows]


READERS: dict[str, Callable[[Path], list[Row]]] = {
    "csv": from_csv,
    "jsonl": from_json_lines,
    "parquet": from_parquet,
    "xlsx": from_workbook,
}


def plain(header: str, value: object) -> object:
    """A value of a format, or of the database, as one text; a time to the second, in UTC."""
    if value is None or value == "":
        return ""
    if header.endswith("_at"):
        time = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        assert isinstance(time, dt.datetime)
        if time.tzinfo:
            time = time.astimezone(dt.UTC).replace(tzinfo=None)
        return time.replace(microsecond=0).isoformat()
    if header in ("active", "company", "primary"):
        return {"yes": "1", "no": "0", True: "1", False: "0"}[value]
    return str(value)


def told(rows: Sequence[Row], headers: Sequence[str]) -> list[tuple[object, ...]]:
    return sorted(tuple(plain(head, row[head]) for head in headers) for row in rows)


def exported(importer: Importer, name: str, *options: str) -> list[Row]:
    path = Path(f"{name}-{len(list(Path().glob('*.jsonl')))}.jsonl")
    ran = importer("export", name, "-o", path, *options)
    assert ran.code == 0, ran.err
    return from_json_lines(path)


def ids(rows: Sequence[Row], head: str = "id") -> set[str]:
    found = [str(row[head]) for row in rows]
    assert len(set(found)) == len(found)
    return set(found)


def hold_many(kantata: Running, skills: int) -> int:
    """Let everybody have the first so many skills; gives how many memberships there are then."""
    kantata.execute(
        "INSERT INTO skill_memberships (user_id, skill_id, level, cached_skill_name, created_at, updated_at) "
        "SELECT u.id, s.id, 3, s.name, '2024-01-01T00:00:00.000000Z', '2024-01-01T00:00:00.000000Z' FROM users u "
        "CROSS JOIN (SELECT * FROM skills ORDER BY id LIMIT ?) s WHERE u.account_id = 6300412 AND NOT EXISTS "
        "(SELECT 1 FROM skill_memberships m WHERE m.user_id = u.id AND m.skill_id = s.id)",
        skills,
    )
    return int(kantata.query("SELECT count(*) AS n FROM skill_memberships")[0]["n"])
