"""Every collection of the API: its attributes, filters, sorts and writes. Declares them, and runs nothing.

Source: the tag of each in API reference 1.0.0; `primary` as in mavenlink/mavenlink_gem.
"""

from importer.sandbox.contract import bodies, records
from importer.sandbox.contract.declare import READS, Association, Collection, Filter, FilterKind, Verb
from importer.sandbox.sql import IN_OWNERS, select

ACCOUNT_ID = 6_300_412

VISIBLE_PEOPLE = (
    "SELECT theirs.user_id FROM participations AS theirs JOIN participations AS mine"
    " ON mine.workspace_id = theirs.workspace_id WHERE mine.user_id = :me UNION SELECT :me"
)
VISIBLE_PROJECTS = "SELECT workspace_id FROM participations WHERE user_id = :me"

BY_CREATION = {"created_at": "created_at"}
BY_NAME = {"alphabetical": "name COLLATE NOCASE"}

DATES = tuple(
    Filter(f"{stamp}_{side}", FilterKind.TIME, f"{stamp}_at {sign} :value")
    for stamp in ("created", "updated")
    for side, sign in (("after", ">"), ("before", "<"))
)
MATCHING = Filter("matching", FilterKind.NAME, "name")
USER_IDS = Filter("user_ids", FilterKind.IDS, "user_id")
USER = Association("user", "users")


def _participants(condition: str) -> str:
    return f"id IN ({select(['user_id'], 'participations', [condition])})"


def _owned(table: str, owner: str, where: str = "") -> str:
    """The SQL of a to-many association whose rows name their owner."""
    return select([owner, "id"], table, [where, f"{owner} {IN_OWNERS}"], "id")


SKILL_MEMBERSHIPS = Collection(
    name="skill_memberships",
    record=records.SkillMembership,
    associations=(
        Association("creator", "users"),
        Association("skill", "skills"),
        USER,
    ),
    filters=(
        Filter(
            "active_account_members_only",
            FilterKind.BOOLEAN,
            "user_id IN (SELECT user_id FROM account_memberships WHERE disabled_at IS NULL)",
            default="false",
        ),
        Filter("by_skill_id", FilterKind.INTEGER, "skill_id = :value"),
        Filter("by_skill_ids", FilterKind.IDS, "skill_id"),
        Filter("by_skill_name", FilterKind.NAME, "cached_skill_name"),
        Filter("by_user_name", FilterKind.NAME, "(SELECT full_name FROM users WHERE users.id = user_id)"),
        *DATES,
        USER_IDS,
        Filter(
            "workspace_id",
            FilterKind.INTEGER,
            "user_id IN (SELECT user_id FROM participations WHERE workspace_id = :value)",
        ),
    ),
    orders=BY_CREATION,
    default_order="created_at:desc",
    create=bodies.SkillMembershipCreate,
    update=bodies.SkillMembershipUpdate,
    bulk_limit=200,
    key=("user_id", "skill_id"),
    rules=("skill_facts", "levels", "repeats", "skills_of_a_user"),
    stamps=("created_at", "updated_at", "creator_id"),
    visible=f"user_id IN ({VISIBLE_PEOPLE})",
)

USER_GROUP_MEMBERSHIPS = Collection(
    name="user_group_memberships",
    record=records.UserGroupMembership,
    verbs=frozenset({Verb.LIST, Verb.CREATE, Verb.DELETE}),
    associations=(
        USER,
        Association("workspace_group", "workspace_groups"),
    ),
    filters=(
        Filter("group_ids", FilterKind.IDS, "workspace_group_id"),
        USER_IDS,
    ),
    orders=BY_CREATION,
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
    record=records.OrganizationMembership,
    associations=(
        Association("department", "organizations"),
        Association("geography", "organizations"),
    ),
    filters=(
        *DATES,
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
)

SKILLS = Collection(
    name="skills",
    record=records.Skill,
    associations=(Association("skill_category", "skill_categories"),),
    filters=(*DATES, MATCHING, Filter("skill_category_ids", FilterKind.IDS, "skill_category_id")),
    orders=BY_NAME,
    create=bodies.SkillCreate,
    update=bodies.SkillUpdate,
    bulk_limit=200,
    rules=("max_level_sent", "skill_names", "skills_of_the_account"),
    dependents=(("skill_memberships", "skill_id"),),
)

SKILL_CATEGORIES = Collection(
    name="skill_categories",
    record=records.SkillCategory,
    verbs=frozenset({Verb.LIST}),
    orders=BY_NAME,
)

WORKSPACE_GROUPS = Collection(
    name="workspace_groups",
    record=records.WorkspaceGroup,
    filters=(
        Filter("companies_only", FilterKind.BOOLEAN, "company = 1"),
        *DATES,
        MATCHING,
    ),
    orders={"name": "name COLLATE NOCASE"} | BY_CREATION,
    create=bodies.WorkspaceGroupBody,
    update=bodies.WorkspaceGroupBody,
    rules=("group_names",),
    dependents=(("user_group_memberships", "workspace_group_id"),),
)

ORGANIZATIONS = Collection(
    name="organizations",
    record=records.Organization,
    filters=(*DATES, MATCHING, Filter("type", FilterKind.TEXT, "type = :value COLLATE NOCASE")),
    orders=BY_NAME | BY_CREATION,
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
    record=records.Workspace,
    verbs=READS,
    filters=(
        *DATES,
        Filter("include_archived", FilterKind.BOOLEAN, "", "archived = 0", default="false"),
    ),
    orders=BY_CREATION | {"updated_at": "updated_at"},
    default_order="updated_at:desc",
    visible=f"id IN ({VISIBLE_PROJECTS})",
)

USERS = Collection(
    name="users",
    record=records.User,
    verbs=frozenset({*READS, Verb.ME}),
    associations=(
        Association(
            "account_membership",
            "account_memberships",
            column="(SELECT held.id FROM account_memberships AS held WHERE held.user_id = users.id)",
        ),
        Association(
            "external_references",
            "external_references",
            pairs=_owned("external_references", "subject_id", "subject_type = 'User'"),
        ),
        Association("skill_memberships", "skill_memberships", pairs=_owned("skill_memberships", "user_id")),
    ),
    filters=(
        Filter("by_email_addresses", FilterKind.EMAILS, "email_address"),
        *DATES,
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
    orders={"alphabetical": "full_name COLLATE NOCASE"},
    visible=f"id IN ({VISIBLE_PEOPLE})",
    disabled="disabled = 1",
)

ACCOUNT_MEMBERSHIPS = Collection(
    name="account_memberships",
    record=records.AccountMembership,
    verbs=frozenset(),
    visible=f"user_id IN ({VISIBLE_PEOPLE})",
    disabled="disabled_at IS NOT NULL",
)

EXTERNAL_REFERENCES = Collection(
    name="external_references",
    record=records.ExternalReference,
    verbs=frozenset(),
)
