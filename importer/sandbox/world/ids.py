"""Which range the ids of each table come from: far apart, so that a mix-up of ids never hits a record.

Users have eight digits as in Kantata; no range can grow into another at 100,000 users.
"""

from importer.sandbox.world.draw import draw

FIRST = {
    "skill_categories": 3_101,
    "organizations": 48_210,
    "skills": 271_015,
    "workspace_groups": 934_118,
    "organization_memberships": 5_300_871,
    "external_references": 7_204_416,
    "outsiders": 9_870_203,
    "users": 11_482_907,
    "account_memberships": 21_650_338,
    "user_group_memberships": 29_117_052,
    "workspaces": 38_402_661,
    "participations": 52_230_144,
    "skill_memberships": 61_005_480,
}

STEP = 37


def spaced(table: str, number: int) -> int:
    """The id of the `number`-th record (from 0) of a table: rising, with gaps of irregular size."""
    return FIRST[table] + number * STEP + (draw(table, number, STEP) if number else 0)


def counted(table: str, number: int) -> int:
    """The id of the `number`-th record of a table whose ids follow one another."""
    return FIRST[table] + number


def user_id(number: int) -> int:
    """The id of the `number`-th person of the account."""
    return spaced("users", number)
