"""Each filter of an export, held against the sandbox's own database."""

import pytest

from importer.cli.export import export
from importer.endpoints import load
from importer.sandbox import Running
from tests.conftest import Importer
from tests.export.read_back import MEMBERSHIPS, PATHS, exported, ids

IN_GROUP = """m.user_id IN (SELECT user_id FROM user_group_memberships x JOIN workspace_groups g
    ON g.id = x.workspace_group_id WHERE g.name = 'Cloud Practice')"""
ACTIVE = "m.user_id IN (SELECT id FROM users WHERE disabled = 0)"
IN_PLACE = PATHS + "SELECT m.id FROM {} m WHERE {} IN (SELECT id FROM places WHERE path LIKE 'Company > Technology%')"
SKILLS, GROUPS, PLACES = "skill_memberships", "user_group_memberships", "organization_memberships"


@pytest.mark.parametrize(
    ("name", "options", "sql"),
    [
        (MEMBERSHIPS[0], ["--user", "kwame.mensah@example.com", "--user", "Wilhelmina Okonkwo"],
         (f"SELECT m.id FROM {SKILLS} m JOIN users u ON u.id = m.user_id "
         "WHERE u.full_name IN ('Kwame Mensah', 'Wilhelmina Okonkwo')")),
        (MEMBERSHIPS[0], ["--group", "Cloud Practice"], f"SELECT m.id FROM {SKILLS} m WHERE {IN_GROUP}"),
        (MEMBERSHIPS[0], ["--department", "Company > Technology"],
         (f"{PATHS} SELECT m.id FROM {SKILLS} m WHERE user_id IN (SELECT member_id FROM {PLACES} o JOIN places p "
         "ON p.id = o.department_id WHERE member_type = 'User' AND path LIKE 'Company > Technology%')")),
        (MEMBERSHIPS[0], ["--geography", "Europe"],
         (f"{PATHS} SELECT m.id FROM {SKILLS} m WHERE user_id IN (SELECT member_id FROM {PLACES} o JOIN places p "
         "ON p.id = o.geography_id WHERE member_type = 'User' AND path LIKE 'World > Europe%')")),
        (MEMBERSHIPS[0], ["--project", "Northwind Data Platform"],
         (f"SELECT m.id FROM {SKILLS} m WHERE user_id IN (SELECT user_id FROM participations p JOIN workspaces w "
         "ON w.id = p.workspace_id WHERE w.title = 'Northwind Data Platform')")),
        (MEMBERSHIPS[0], ["--skill", "Python", "--skill", "Kubernetes"],
         f"SELECT m.id FROM {SKILLS} m JOIN skills s ON s.id = m.skill_id WHERE s.name IN ('Python', 'Kubernetes')"),
        (MEMBERSHIPS[0], ["--category", "Skill"], (f"SELECT m.id FROM {SKILLS} m JOIN skills s ON s.id = m.skill_id "
         "JOIN skill_categories c ON c.id = s.skill_category_id WHERE c.name = 'Skill'")),
        (MEMBERSHIPS[0], ["--category", "Language", "--group", "Cloud Practice"], (f"SELECT m.id FROM {SKILLS} m "
         "JOIN skills s ON s.id = m.skill_id JOIN skill_categories c ON c.id = s.skill_category_id "
         f"WHERE c.name = 'Language' AND {IN_GROUP}")),
        (MEMBERSHIPS[0], ["--active-only"], f"SELECT m.id FROM {SKILLS} m WHERE {ACTIVE}"),
        (MEMBERSHIPS[0], ["--created-after", "2024-01-01", "--created-before", "2024-07-01T02:00:00+02:00"],
         (f"SELECT m.id FROM {SKILLS} m WHERE created_at > '2024-01-01T00:00:00.000000Z' "
         "AND created_at < '2024-07-01T00:00:00.000000Z'")),
        (MEMBERSHIPS[0], ["--updated-after", "2024-03-04T16:00:00Z"],
         f"SELECT m.id FROM {SKILLS} m WHERE updated_at > '2024-03-04T16:00:00.000000Z'"),
        (MEMBERSHIPS[0], ["--updated-before", "2024-01-01", "--group", "Cloud Practice", "--skill", "Python"],
         (f"SELECT m.id FROM {SKILLS} m JOIN skills s ON s.id = m.skill_id WHERE s.name = 'Python' AND {IN_GROUP} "
         "AND m.updated_at < '2024-01-01T00:00:00.000000Z'")),
        (MEMBERSHIPS[1], ["--group", "Cloud Practice"], (f"SELECT m.id FROM {GROUPS} m JOIN workspace_groups g "
         "ON g.id = m.workspace_group_id WHERE g.name = 'Cloud Practice'")),
        (MEMBERSHIPS[1], ["--user", "dana@example.com"],
         f"SELECT m.id FROM {GROUPS} m JOIN users u ON u.id = m.user_id WHERE u.full_name = 'Dana Reyes'"),
        (MEMBERSHIPS[1], ["--active-only", "--created-before", "2024-01-01"],
         f"SELECT m.id FROM {GROUPS} m WHERE {ACTIVE} AND created_at < '2024-01-01T00:00:00.000000Z'"),
        (MEMBERSHIPS[2], ["--department", "Company > Technology"], IN_PLACE.format(PLACES, "m.department_id")),
        (MEMBERSHIPS[2], ["--member-type", "workspace"], f"SELECT id FROM {PLACES} WHERE member_type = 'Workspace'"),
        (MEMBERSHIPS[2], ["--user", "kwame.mensah@example.com"],
         (f"SELECT m.id FROM {PLACES} m JOIN users u ON u.id = m.member_id AND m.member_type = 'User' "
         "WHERE u.full_name = 'Kwame Mensah'")),
        (MEMBERSHIPS[2], ["--project", "ERP Phase 1", "--project", "Northwind Data Platform"],
         (f"SELECT m.id FROM {PLACES} m JOIN workspaces w ON w.id = m.member_id AND m.member_type = 'Workspace' "
         "WHERE w.title IN ('ERP Phase 1', 'Northwind Data Platform')")),
        (MEMBERSHIPS[2], ["--group", "Cloud Practice"], (f"SELECT m.id FROM {PLACES} m WHERE member_type = 'User' "
         f"AND member_id IN (SELECT m.user_id FROM {GROUPS} m WHERE {IN_GROUP})")),
        (MEMBERSHIPS[2], ["--active-only"], (f"SELECT m.id FROM {PLACES} m LEFT JOIN users u ON u.id = m.member_id "
         "AND m.member_type = 'User' WHERE coalesce(u.disabled, 0) = 0")),
        (MEMBERSHIPS[2], ["--created-after", "2024-01-01"],
         f"SELECT id FROM {PLACES} WHERE created_at > '2024-01-01T00:00:00.000000Z'"),
    ],
)  # fmt: skip
def test_each_filter_leaves_what_the_database_says(
    importer: Importer, kantata: Running, name: str, options: list[str], sql: str
) -> None:
    rows = exported(importer, name, *options)

    wanted = {str(row["id"]) for row in kantata.query(sql)}
    assert wanted
    assert ids(rows) == wanted


@pytest.mark.parametrize("way", ["on", "off"])
def test_only_primary_memberships_where_the_account_has_such(importer: Importer, kantata: Running, way: str) -> None:
    kantata.set(primary="readable")

    rows = exported(importer, "organization-memberships", "--primary" if way == "on" else "--not-primary")

    wanted = kantata.query(f"SELECT id FROM {PLACES} WHERE is_primary = ?", int(way == "on"))
    assert ids(rows) == {str(row["id"]) for row in wanted}


@pytest.mark.parametrize(
    ("name", "head", "options", "sql"),
    [
        ("users", "user_id", ["--active-only", "--group", "Cloud Practice"],
         f"SELECT DISTINCT user_id AS id FROM {GROUPS} m WHERE {IN_GROUP} AND {ACTIVE}"),
        ("users", "user_id", ["--skill", "Python"],
         f"SELECT user_id AS id FROM {SKILLS} m JOIN skills s ON s.id = m.skill_id WHERE s.name = 'Python'"),
        ("users", "user_id", ["--created-after", "2024-06-01"],
         "SELECT id FROM users WHERE account_id = 6300412 AND created_at > '2024-06-01T00:00:00.000000Z'"),
        ("users", "user_id", ["--matching", "Maria Silva"], "SELECT id FROM users WHERE full_name = 'Maria Silva'"),
        ("skills", "skill_id", ["--category", "Language"],
         "SELECT s.id FROM skills s JOIN skill_categories c ON c.id = s.skill_category_id WHERE c.name = 'Language'"),
        ("skills", "skill_id", ["--updated-before", "2023-06-01"],
         "SELECT id FROM skills WHERE updated_at < '2023-06-01T00:00:00.000000Z'"),
        ("groups", "workspace_group_id", ["--companies-only"], "SELECT id FROM workspace_groups WHERE company = 1"),
        ("groups", "workspace_group_id", ["--group", "Bench"], "SELECT id FROM workspace_groups WHERE name = 'Bench'"),
        ("organizations", "organization_id", ["--tree", "geography"],
         "SELECT id FROM organizations WHERE type = 'Geography'"),
        ("organizations", "organization_id", ["--department", "Company > Technology"],
         f"{PATHS} SELECT id FROM places WHERE path LIKE 'Company > Technology%'"),
    ],
)  # fmt: skip
def test_each_filter_of_other_lists_leaves_what_the_database_says(
    importer: Importer, kantata: Running, name: str, head: str, options: list[str], sql: str
) -> None:
    rows = exported(importer, name, *options)

    wanted = {str(row["id"]) for row in kantata.query(sql)}
    assert wanted
    assert ids(rows, head) == wanted


def test_a_filter_has_one_name_everywhere_and_is_offered_where_it_means_something() -> None:
    offered = {name: {opt for each in command.params for opt in each.opts} for name, command in export.commands.items()}

    for name in MEMBERSHIPS:
        assert {"--user", "--group", "--department", "--geography", "--project", "--active-only"} <= offered[name]
        assert {"--created-after", "--created-before"} <= offered[name]
    assert {"--skill", "--category", "--updated-after"} <= offered["skill-memberships"]
    assert {"--member-type", "--primary"} <= offered["organization-memberships"]
    assert not {"--skill", "--category", "--updated-after", "--primary"} & offered["user-group-memberships"]
    assert not {"--user", "--group", "--active-only"} & offered["skills"]


OPTIONS = {
    "active_account_members_only": "--active-only", "by_skill_id": "--skill", "by_skill_ids": "--skill",
    "by_skill_name": "--skill", "by_user_name": "--user", "user_ids": "--user", "member_id": "--user",
    "workspace_id": "--project", "group_ids": "--group", "department_id": "--department",
    "geography_id": "--geography", "member_type": "--member-type", "primary": "--primary",
    "created_after": "--created-after", "created_before": "--created-before", "updated_after": "--updated-after",
    "updated_before": "--updated-before",
}  # fmt: skip


@pytest.mark.parametrize("name", MEMBERSHIPS)
def test_every_documented_filter_of_an_endpoint_is_an_option_of_its_list(name: str) -> None:
    offered = {option for each in export.commands[name].params for option in each.opts}

    assert {OPTIONS[documented] for documented in load(name).filters} <= offered
