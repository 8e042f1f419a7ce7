"""The fixture world: the same every time, and with every odd case that a client may trip over."""

import hashlib
import json
from pathlib import Path

import pytest
import requests

from importer.sandbox import Running, SandboxError, running

from .known import (
    AMINA,
    BARTHOLOMEW,
    DANA,
    GREGOR,
    INGRID,
    KWAME,
    MARIA,
    OTHER_MARIA,
    REPORT,
    TOMAS,
    WILHELMINA,
)

TABLES = (
    "users",
    "account_memberships",
    "skills",
    "skill_memberships",
    "user_group_memberships",
    "organization_memberships",
    "workspaces",
    "external_references",
)


# The first digits of a SHA-256 over the rows as JSON. People load files by these names and keep these ids.
ROWS = {
    "users": ("id, full_name, email_address, headline, disabled", "4999de7daa7cd5df"),
    "skill_categories": ("id, name", "2bdd3345c7f9c061"),
    "skills": ("id, name, description, max_level, skill_category_id", "ba782cbcd697c5e8"),
    "workspace_groups": ("id, name, company, website", "192e70629e4e7728"),
    "organizations": ("id, name, type, parent_id", "d8e8742c5c70ff87"),
    "workspaces": ("id, title, archived", "603a5918356a64cd"),
    "account_memberships": ("id, user_id, permission, manager_id, manager_can_edit_skills", "17329496db2b3527"),
    "participations": ("id, workspace_id, user_id", "202fde1addb402de"),
    "skill_memberships": ("id, user_id, skill_id, level, created_at", "77ee7ab69cb866c4"),
    "user_group_memberships": ("id, user_id, workspace_group_id, created_at", "8fb68be36e4579f6"),
    "organization_memberships": (
        "id, member_type, member_id, geography_id, department_id, is_primary, created_at",
        "51f52f5fb39b2e54",
    ),
    "external_references": ("id, subject_type, subject_id, service_name, service_model_ref", "d289cbaad584a4a6"),
}


def _one(sandbox: Running, sql: str, *values: object) -> object:
    return next(iter(sandbox.query(sql, *values)[0].values()))


def test_a_larger_world_begins_with_the_same_people_and_everything_about_them(sandbox: Running) -> None:
    with running(users=1_000) as larger:
        for table in TABLES:
            small = sandbox.query(f"SELECT * FROM {table} ORDER BY id")
            large = larger.query(f"SELECT * FROM {table} ORDER BY id")
            assert small == large[: len(small)], table
        assert _one(larger, "SELECT count(*) FROM users WHERE account_id = 6300412") == 1_000


@pytest.mark.parametrize("table", ROWS)
def test_names_and_ids_of_the_default_world_are_as_they_always_were(sandbox: Running, table: str) -> None:
    columns, digest = ROWS[table]
    rows = [list(row.values()) for row in sandbox.query(f"SELECT {columns} FROM {table} ORDER BY id")]
    assert hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16] == digest


def test_with_shifted_ids_it_is_the_same_world_in_another_account() -> None:
    with running() as plain, running(shift=5_000_000) as other:
        names = "SELECT id, full_name FROM users ORDER BY id"
        moved = [{"id": row["id"] + 5_000_000, "full_name": row["full_name"]} for row in plain.query(names)]
        assert other.query(names) == moved
        account = "SELECT DISTINCT account_id FROM users WHERE disabled = 1"
        assert other.query(account) == plain.query(account)


def test_an_account_without_skills_groups_and_places_has_its_people_and_projects_and_new_ids_are_new(
    sandbox: Running,
) -> None:
    with running(lacks=["skills", "groups", "organizations"]) as bare:
        emptied = {table for table in (*TABLES, *ROWS) if not bare.query(f"SELECT 1 FROM {table} LIMIT 1")}
        assert emptied == {
            "skills", "workspace_groups", "skill_memberships", "user_group_memberships", "organization_memberships",
        }  # fmt: skip
        roots = "SELECT id, type FROM organizations WHERE parent_id IS NULL ORDER BY id"
        assert bare.query("SELECT id, type FROM organizations ORDER BY id") == sandbox.query(roots)
        assert bare.query("SELECT DISTINCT subject_type FROM external_references") == [{"subject_type": "User"}]
        assert bare.query("SELECT * FROM users") == sandbox.query("SELECT * FROM users")

        made = bare.by_hand(
            do="insert", table="skills", values={"name": "Zymurgy", "max_level": 5, "skill_category_id": 3101}
        )
        assert made > max(row["id"] for row in sandbox.query("SELECT id FROM skills"))


def test_a_file_remembers_what_its_account_lacks(tmp_path: Path) -> None:
    with running(db=tmp_path / "world.sqlite", lacks=["groups"]):
        pass
    with running(db=tmp_path / "world.sqlite") as again:
        again.by_hand(do="insert", table="workspace_groups", values={"name": "Alumni", "company": 0})
        again.reset()
        assert again.query("SELECT id FROM workspace_groups") == []


def test_others_add_no_membership_of_what_an_account_lacks() -> None:
    with running(lacks=["skills"], switches={"insert_during_list": "every 1 pages"}) as bare:
        answer = requests.get(f"{bare.url}/skill_memberships", headers={"Authorization": "Bearer demo"}, timeout=9)
        assert (answer.status_code, answer.json()["count"]) == (200, 0)


def test_what_no_account_can_lack_is_refused_with_a_sentence() -> None:
    said = "An account can lack skills, groups, organizations, not people."
    with pytest.raises(SandboxError, match=said), running(lacks=["people"]):
        pass


@pytest.mark.parametrize("users", [0, 59, 100_001])
def test_a_world_that_is_too_small_or_too_large_is_refused_with_a_sentence(users: int) -> None:
    with pytest.raises(SandboxError, match="The sandbox can hold 60 to 100,000 users"), running(users=users):
        pass


def test_the_tokens_belong_to_people_of_the_world(sandbox: Running) -> None:
    assert sandbox.query("SELECT full_name, email_address FROM users WHERE id = ?", DANA) == [
        {"full_name": "Dana Reyes", "email_address": "dana@example.com"}
    ]
    permissions = "SELECT permission FROM account_memberships WHERE user_id = ?"
    assert (_one(sandbox, permissions, DANA), _one(sandbox, permissions, TOMAS)) == ("administrator", "project_lead")


def test_only_two_people_share_a_name(sandbox: Running) -> None:
    shared = sandbox.query("SELECT full_name FROM users GROUP BY full_name HAVING count(*) > 1")
    assert shared == [{"full_name": "Maria Silva"}]
    rows = sandbox.query("SELECT id FROM users WHERE full_name = 'Maria Silva' ORDER BY id")
    assert [row["id"] for row in rows] == [MARIA, OTHER_MARIA]


def test_addresses_are_unique_whatever_their_case_and_one_is_in_mixed_case(sandbox: Running) -> None:
    assert _one(sandbox, "SELECT count(DISTINCT lower(email_address)) FROM users") == 453
    mixed = sandbox.query("SELECT id FROM users WHERE email_address <> lower(email_address)")
    assert mixed == [{"id": INGRID}]
    assert sandbox.query("SELECT id FROM users WHERE email_address NOT LIKE '%example.com'") == []


def test_one_known_person_is_disabled_and_one_is_in_no_project(sandbox: Running) -> None:
    assert _one(sandbox, "SELECT disabled FROM users WHERE id = ?", GREGOR) == 1
    assert _one(sandbox, "SELECT disabled_at IS NOT NULL FROM account_memberships WHERE user_id = ?", GREGOR) == 1
    assert _one(sandbox, "SELECT count(*) FROM participations WHERE user_id = ?", AMINA) == 0


def test_skills_have_1_or_5_levels_in_all_four_categories(sandbox: Running) -> None:
    rows = sandbox.query(
        "SELECT DISTINCT skill_categories.name, max_level FROM skills"
        " JOIN skill_categories ON skill_categories.id = skill_category_id"
    )
    assert {(row["name"], row["max_level"]) for row in rows} == {
        (name, levels) for name in ("Skill", "Language", "Certification", "Other") for levels in (1, 5)
    }


def test_some_skill_names_are_odd(sandbox: Running) -> None:
    same = "SELECT count(*) FROM skills WHERE lower(name) = 'scrum'"
    assert _one(sandbox, same) == 2
    for name in ('Négociation "gagnant-gagnant", niveau avancé', "NA", "TRUE", "R", "C"):
        assert _one(sandbox, "SELECT count(*) FROM skills WHERE name = ?", name) == 1, name


def test_two_people_are_at_the_limit_of_skills_and_there_are_more_skills_to_give(sandbox: Running) -> None:
    held = "SELECT count(DISTINCT skill_id) FROM skill_memberships WHERE user_id = ?"
    assert (_one(sandbox, held, BARTHOLOMEW), _one(sandbox, held, WILHELMINA)) == (199, 200)
    assert _one(sandbox, "SELECT count(*) FROM skills") == 230


def test_no_membership_stands_twice_and_no_level_is_above_that_of_its_skill(sandbox: Running) -> None:
    for table, key in (
        ("skill_memberships", "user_id, skill_id"),
        ("user_group_memberships", "user_id, workspace_group_id"),
        ("organization_memberships", "member_type, member_id, geography_id, department_id"),
    ):
        assert sandbox.query(f"SELECT 1 FROM {table} GROUP BY {key} HAVING count(*) > 1") == []
    above = "SELECT count(*) FROM skill_memberships JOIN skills ON skills.id = skill_id WHERE level > max_level"
    assert _one(sandbox, above) == 0


def test_one_group_differs_from_another_by_outer_blanks_only(sandbox: Running) -> None:
    rows = sandbox.query("SELECT name FROM workspace_groups WHERE trim(name) = 'Field Services' ORDER BY id")
    assert [row["name"] for row in rows] == ["Field Services", " Field Services "]


def test_both_trees_are_three_deep_with_equal_names_under_different_parents(sandbox: Running) -> None:
    rows = sandbox.query(
        "SELECT leaf.type, leaf.name, count(*) AS n FROM organizations AS leaf"
        " JOIN organizations AS branch ON branch.id = leaf.parent_id"
        " JOIN organizations AS root ON root.id = branch.parent_id WHERE root.parent_id IS NULL"
        " GROUP BY leaf.type, leaf.name HAVING count(*) > 1 ORDER BY leaf.type"
    )
    assert rows == [
        {"type": "Department", "name": "Operations", "n": 3},
        {"type": "Geography", "name": "Remote", "n": 3},
    ]


def test_one_member_has_two_organization_memberships_of_which_one_is_primary(sandbox: Running) -> None:
    rows = sandbox.query("SELECT is_primary FROM organization_memberships WHERE member_id = ?", KWAME)
    assert [row["is_primary"] for row in rows] == [1, 0]
    assert _one(sandbox, "SELECT count(*) FROM organization_memberships WHERE member_type = 'Workspace'") == 6


def test_one_project_is_archived_and_two_projects_share_a_title(sandbox: Running) -> None:
    assert _one(sandbox, "SELECT count(*) FROM workspaces WHERE archived = 1") == 1
    assert sandbox.query("SELECT title FROM workspaces GROUP BY title HAVING count(*) > 1") == [
        {"title": "Website Relaunch"}
    ]


def test_hundreds_of_skill_memberships_were_created_at_the_same_moment(sandbox: Running) -> None:
    rows = sandbox.query("SELECT count(*) AS n FROM skill_memberships GROUP BY created_at ORDER BY n DESC LIMIT 1")
    assert rows == [{"n": 450}]


def test_no_id_is_used_in_two_tables(sandbox: Running) -> None:
    tables = [str(row["name"]) for row in sandbox.query("SELECT name FROM sqlite_sequence")]
    ids = [row["id"] for table in tables if table != "requests" for row in sandbox.query(f"SELECT id FROM {table}")]
    assert len(ids) == len(set(ids)) > 4_000


def test_a_manager_may_edit_the_skills_of_some_reports(sandbox: Running) -> None:
    rows = sandbox.query(
        "SELECT user_id FROM account_memberships WHERE manager_id = ? AND manager_can_edit_skills = 1", TOMAS
    )
    assert len(rows) == 4
    assert REPORT in {row["user_id"] for row in rows}
