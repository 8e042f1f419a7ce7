"""Every collection of the API: its attributes, filters, sorts and writes. Declares them, and runs nothing."""

from importer.sandbox.contract import bodies, records
from importer.sandbox.contract.declare import (
    ALL_VERBS,
    READS,
    Association,
    Collection,
    Filter,
    FilterKind,
    Verb,
    alphabetical,
    dates,
    pairs,
)
from importer.sandbox.sql import IN_VALUE, select

ACCOUNT_ID = 6_300_412

VISIBLE_PEOPLE = (
    "SELECT theirs.user_id FROM participations AS theirs JOIN participations AS mine"
    " ON mine.workspace_id = theirs.workspace_id WHERE mine.user_id = :me UNION SELECT :me"
)
VISIBLE_PROJECTS = "SELECT workspace_id FROM participations WHERE user_id = :me"


def _participants(condition: str) -> str:
    return f"id IN ({select(['user_id'], 'participations', [condition])})"


BY_CREATION = ("created_at", "created_at")


SKILL_MEMBERSHIPS = Collection(
    name="skill_memberships",
    singular="skill_membership",
    source="API reference 1.0.0, tag Skill Memberships",
    record=records.SkillMembership,
    verbs=ALL_VERBS,
    associations=(
        Association("creator", "users", "creator_id"),
        Association("skill", "skills", "skill_id"),
        Association("user", "users", "user_id"),
    ),
    filters=(
        Filter(
            "active_account_members_only",
            FilterKind.BOOLEAN,
            "user_id IN (SELECT user_id FROM account_memberships WHERE disabled_at IS NULL)",
            default="false",
        ),
        Filter("by_skill_id", FilterKind.INTEGER, "skill_id = :value"),
        Filter("by_skill_ids", FilterKind.IDS, f"skill_id {IN_VALUE}"),
        Filter("by_skill_name", FilterKind.NAME, "cached_skill_name"),
        Filter("by_user_name", FilterKind.NAME, "(SELECT full_name FROM users WHERE users.id = user_id)"),
        *dates("created", "updated"),
        Filter("user_ids", FilterKind.IDS, f"user_id {IN_VALUE}"),
        Filter(
            "workspace_id",
            FilterKind.INTEGER,
            "user_id IN (SELECT user_id FROM participations WHERE workspace_id = :value)",
        ),
    ),
    orders=(BY_CREATION,),
    default_order="created_at:desc",
    create=bodies.SkillMembershipCreate,
    update=bodies.SkillMembershipUpdate,
    bulk_limit=200,
    key=("user_id", "skill_id"),
    rules=("skill_facts", "levels", "repeats", "skills_of_a_user"),
    stamps=("created_at", "updated_at", "creator_id"),
    visible=f"user_id IN ({VISIBLE_PEOPLE})",
    written_by="members",
)

USER_GROUP_MEMBERSHIPS = Collection(
    name="user_group_memberships",
    singular="user_group_membership",
    source="API reference 1.0.0, tag User Group Memberships",
    record=records.UserGroupMembership,
    verbs=frozenset({Verb.LIST, Verb.CREATE, Verb.DELETE}),
    associations=(
        Association("user", "users", "user_id"),
        Association("workspace_group", "workspace_groups", "workspace_group_id"),
    ),
    filters=(
        Filter("group_ids", FilterKind.IDS, f"workspace_group_id {IN_VALUE}"),
        Filter("user_ids", FilterKind.IDS, f"user_id {IN_VALUE}"),
    ),
    orders=(BY_CREATION,),
    default_order="created_at:desc",
    create=bodies.UserGroupMembershipCreate,
    bulk_limit=100,
    key=("user_id", "workspace_group_id"),
    rules=("repeats",),
    stamps=("created_at", "creator_id"),
    administrators_only=True,
)

ORGANIZATION_MEMBERSHIPS = Collection(
    name="organization_memberships",
    singular="organization_membership",
    source="API reference 1.0.0, tag Organization Memberships; `primary` as in mavenlink/mavenlink_gem",
    record=records.OrganizationMembership,
    verbs=ALL_VERBS,
    associations=(
        Association("department", "organizations", "department_id"),
        Association("geography", "organizations", "geography_id"),
    ),
    filters=(
        *dates("created", "updated"),
        Filter("department_id", FilterKind.INTEGER, "department_id = :value"),
        Filter("geography_id", FilterKind.INTEGER, "geography_id = :value"),
        Filter("member_id", FilterKind.INTEGER, "member_id = :value"),
        Filter("member_type", FilterKind.TEXT, "member_type = :value COLLATE NOCASE"),
        Filter("primary", FilterKind.BOOLEAN, "is_primary = 1", "is_primary = 0", feature="primary"),
    ),
    create=bodies.OrganizationMembershipCreate,
    update=bodies.OrganizationMembershipUpdate,
    bulk_limit=100,
    key=("member_type", "member_id", "geography_id", "department_id"),
    rules=("trees", "repeats"),
    visible=(
        f"(member_type = 'User' AND member_id IN ({VISIBLE_PEOPLE})"
        f" OR member_type = 'Workspace' AND member_id IN ({VISIBLE_PROJECTS}))"
    ),
    written_by="members",
)

SKILLS = Collection(
    name="skills",
    singular="skill",
    source="API reference 1.0.0, tag Skills",
    record=records.Skill,
    verbs=ALL_VERBS,
    associations=(Association("skill_category", "skill_categories", "skill_category_id"),),
    filters=(*dates("created", "updated"), Filter("matching", FilterKind.NAME, "name")),
    orders=(alphabetical("name"),),
    default_order="alphabetical:asc",
    create=bodies.SkillCreate,
    update=bodies.SkillUpdate,
    bulk_limit=200,
    rules=("max_level_sent", "skill_names", "skills_of_the_account"),
    dependents=(("skill_memberships", "skill_id"),),
)

SKILL_CATEGORIES = Collection(
    name="skill_categories",
    singular="skill_category",
    source="API reference 1.0.0, tag Skill Categories",
    record=records.SkillCategory,
    verbs=frozenset({Verb.LIST}),
    orders=(alphabetical("name"),),
    default_order="alphabetical:asc",
    stamps=(),
)

WORKSPACE_GROUPS = Collection(
    name="workspace_groups",
    singular="workspace_group",
    source="API reference 1.0.0, tag Groups (workspace_groups)",
    record=records.WorkspaceGroup,
    verbs=ALL_VERBS,
    filters=(
        Filter("companies_only", FilterKind.BOOLEAN, "company = 1"),
        *dates("created", "updated"),
        Filter("matching", FilterKind.NAME, "name"),
    ),
    orders=(BY_CREATION, ("name", "name COLLATE NOCASE")),
    default_order="name:ASC",
    create=bodies.WorkspaceGroupBody,
    update=bodies.WorkspaceGroupBody,
    rules=("group_names",),
    dependents=(("user_group_memberships", "workspace_group_id"),),
)

ORGANIZATIONS = Collection(
    name="organizations",
    singular="organization",
    source="API reference 1.0.0, tag Organizations",
    record=records.Organization,
    verbs=ALL_VERBS,
    filters=(*dates("created", "updated"), Filter("matching", FilterKind.NAME, "name")),
    orders=(alphabetical("name"), BY_CREATION),
    default_order="alphabetical:asc",
    create=bodies.OrganizationCreate,
    update=bodies.OrganizationUpdate,
    bulk_limit=100,
    rules=("tree_of_the_parent", "organization_names"),
    dependents=(
        ("organizations", "parent_id"),
        ("organization_memberships", "geography_id"),
        ("organization_memberships", "department_id"),
    ),
)

WORKSPACES = Collection(
    name="workspaces",
    singular="workspace",
    source="API reference 1.0.0, tag Workspaces; reads only",
    record=records.Workspace,
    filters=(
        *dates("created", "updated"),
        Filter("include_archived", FilterKind.BOOLEAN, "", "archived = 0", default="false"),
    ),
    orders=(BY_CREATION, ("updated_at", "updated_at")),
    default_order="updated_at:desc",
    visible=f"id IN ({VISIBLE_PROJECTS})",
)

USERS = Collection(
    name="users",
    singular="user",
    source="API reference 1.0.0, tag Users; reads only",
    record=records.User,
    verbs=frozenset({*READS, Verb.ME}),
    associations=(
        Association(
            "account_membership",
            "account_memberships",
            "account_membership_id",
            "(SELECT held.id FROM account_memberships AS held WHERE held.user_id = users.id)",
            stored=False,
        ),
        Association(
            "external_references",
            "external_references",
            "external_reference_ids",
            pairs=pairs("external_references", "subject_id", "id", "subject_type = 'User'"),
        ),
        Association(
            "skill_memberships",
            "skill_memberships",
            "skill_membership_ids",
            pairs=pairs("skill_memberships", "user_id", "id"),
        ),
    ),
    filters=(
        Filter("by_email_addresses", FilterKind.EMAILS, "email_address"),
        *dates("created", "updated"),
        Filter("matching", FilterKind.NAME, "full_name"),
        Filter(
            "on_my_account",
            FilterKind.BOOLEAN,
            f"account_id = {ACCOUNT_ID}",
            _participants("1"),
            default="false",
            scope=True,
        ),
        Filter("participant_in", FilterKind.INTEGER, _participants("workspace_id = :value")),
        Filter("show_disabled", FilterKind.BOOLEAN, "", "disabled = 0", default="false"),
    ),
    orders=(alphabetical("full_name"),),
    default_order="alphabetical:asc",
    visible=f"id IN ({VISIBLE_PEOPLE})",
    disabled="disabled = 1",
)

ACCOUNT_MEMBERSHIPS = Collection(
    name="account_memberships",
    singular="account_membership",
    source="API reference 1.0.0, tag Account Memberships; shown through includes only",
    record=records.AccountMembership,
    verbs=frozenset(),
    visible=f"user_id IN ({VISIBLE_PEOPLE})",
    disabled="disabled_at IS NOT NULL",
)

EXTERNAL_REFERENCES = Collection(
    name="external_references",
    singular="external_reference",
    source="API reference 1.0.0, tag External References; shown through includes only",
    record=records.ExternalReference,
    verbs=frozenset(),
)
