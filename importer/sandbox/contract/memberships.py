"""Who has which skill, is in which group, belongs to which organizations; declared, not done."""

from importer.sandbox.contract.declare import (
    ALL_VERBS,
    ID,
    STAMPS,
    Asked,
    Association,
    Attribute,
    Collection,
    Field,
    Filter,
    Order,
    Sent,
    Shown,
    Verb,
    dates,
)
from importer.sandbox.contract.people import VISIBLE_PEOPLE, VISIBLE_PROJECTS
from importer.sandbox.sql import IN_VALUE, select

MAX_LEVEL = "(SELECT skills.max_level FROM skills WHERE skills.id = skill_id)"
FULL_NAME = "(SELECT users.full_name FROM users WHERE users.id = user_id)"

BY_SKILL = (
    Filter("by_skill_id", Asked.INTEGER, "skill_id = :value"),
    Filter("by_skill_ids", Asked.IDS, f"skill_id {IN_VALUE}"),
    Filter("by_skill_name", Asked.NAME, "cached_skill_name"),
)
BY_TIME = Order("created_at", "created_at")
BY_SKILL_NAME = Order("skill_name", "cached_skill_name COLLATE NOCASE")

SKILL_MEMBERSHIPS = Collection(
    name="skill_memberships",
    singular="skill_membership",
    model="SkillMembership",
    source="API reference 1.0.0, tag Skill Memberships",
    verbs=ALL_VERBS,
    attributes=(
        Attribute("cached_skill_name"),
        Attribute("level", Shown.INTEGER),
        Attribute("max_level", Shown.INTEGER, MAX_LEVEL),
        *STAMPS,
        ID,
    ),
    associations=(
        Association("creator", "users", "creator_id"),
        Association("skill", "skills", "skill_id"),
        Association("user", "users", "user_id"),
    ),
    filters=(
        Filter(
            "active_account_members_only",
            Asked.BOOLEAN,
            "user_id IN (SELECT user_id FROM account_memberships WHERE disabled_at IS NULL)",
            default="false",
        ),
        *BY_SKILL,
        Filter("by_user_name", Asked.NAME, FULL_NAME),
        *dates("created", "updated"),
        Filter("user_ids", Asked.IDS, f"user_id {IN_VALUE}"),
        Filter(
            "workspace_id",
            Asked.INTEGER,
            "user_id IN (SELECT user_id FROM participations WHERE workspace_id = :value)",
        ),
    ),
    orders=(BY_TIME, Order("full_name", f"{FULL_NAME} COLLATE NOCASE", ("",)), BY_SKILL_NAME),
    default_order="created_at:desc",
    fields=(
        Field("skill_id", Sent.REFERENCE, required=True, on_update=False, refers="skills"),
        Field("user_id", Sent.REFERENCE, required=True, on_update=False, refers="users"),
        Field("level", Sent.LEVEL),
    ),
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
    model="UserWorkspaceGroup",
    source="API reference 1.0.0, tag User Group Memberships",
    verbs=frozenset({Verb.LIST, Verb.CREATE, Verb.DELETE}),
    attributes=(
        Attribute("created_at", Shown.TIME),
        Attribute("creator_id", Shown.INTEGER),
        Attribute("user_id", Shown.GROUP_ID),
        Attribute("workspace_group_id", Shown.GROUP_ID),
        ID,
    ),
    associations=(
        Association("user", "users", "user_id"),
        Association("workspace_group", "workspace_groups", "workspace_group_id"),
    ),
    filters=(
        Filter("group_ids", Asked.IDS, f"workspace_group_id {IN_VALUE}"),
        Filter("user_ids", Asked.IDS, f"user_id {IN_VALUE}"),
    ),
    orders=(BY_TIME,),
    default_order="created_at:desc",
    fields=(
        Field("user_id", Sent.REFERENCE, required=True, refers="users"),
        Field("workspace_group_id", Sent.REFERENCE, required=True, refers="workspace_groups"),
    ),
    bulk_limit=100,
    key=("user_id", "workspace_group_id"),
    rules=("repeats",),
    stamps=("created_at", "creator_id"),
    administrators_only=True,
)

ORGANIZATION_MEMBERSHIPS = Collection(
    name="organization_memberships",
    singular="organization_membership",
    model="OrganizationMembership",
    source="API reference 1.0.0, tag Organization Memberships; `primary` as in mavenlink/mavenlink_gem",
    verbs=ALL_VERBS,
    attributes=(
        Attribute("member_id", Shown.ID),
        Attribute("member_type", Shown.MEMBER_TYPE),
        Attribute("primary", Shown.BOOLEAN, "is_primary", feature="primary"),
        *STAMPS,
        ID,
    ),
    associations=(
        Association("department", "organizations", "department_id"),
        Association("geography", "organizations", "geography_id"),
    ),
    filters=(
        *dates("created", "updated"),
        Filter("department_id", Asked.INTEGER, "department_id = :value"),
        Filter("geography_id", Asked.INTEGER, "geography_id = :value"),
        Filter("member_id", Asked.INTEGER, "member_id = :value"),
        Filter("member_type", Asked.TEXT, "member_type = :value COLLATE NOCASE"),
        Filter("primary", Asked.BOOLEAN, "is_primary = 1", "is_primary = 0", feature="primary"),
    ),
    fields=(
        Field("geography_id", Sent.REFERENCE, required=True, refers="organizations"),
        Field("department_id", Sent.REFERENCE, required=True, refers="organizations"),
        Field("member_type", Sent.MEMBER_TYPE, required=True, on_update=False),
        Field("member_id", Sent.MEMBER, required=True, on_update=False),
        Field("primary", Sent.BOOLEAN, feature="primary"),
    ),
    bulk_limit=100,
    key=("member_type", "member_id", "geography_id", "department_id"),
    rules=("trees", "repeats"),
    visible=(
        f"(member_type = 'User' AND member_id IN ({VISIBLE_PEOPLE})"
        f" OR member_type = 'Workspace' AND member_id IN ({VISIBLE_PROJECTS}))"
    ),
    written_by="members",
)

WORKSPACE_RESOURCE_SKILLS = Collection(
    name="workspace_resource_skills",
    singular="workspace_resource_skill",
    model="WorkspaceResourceSkill",
    source="API reference 1.0.0, tag Workspace Resource Skills",
    verbs=ALL_VERBS,
    attributes=(
        Attribute("cached_skill_name"),
        Attribute("level", Shown.INTEGER),
        Attribute("max_level", Shown.INTEGER, MAX_LEVEL),
        *STAMPS,
        ID,
    ),
    associations=(
        Association("creator", "users", "creator_id"),
        Association("skill", "skills", "skill_id"),
        Association("workspace_resource", "workspace_resources", "workspace_resource_id"),
    ),
    filters=(
        *BY_SKILL,
        Filter("workspace_resource_ids", Asked.IDS, f"workspace_resource_id {IN_VALUE}"),
    ),
    orders=(BY_TIME, BY_SKILL_NAME),
    default_order="created_at:desc",
    fields=(
        Field("skill_id", Sent.REFERENCE, required=True, on_update=False, refers="skills"),
        Field(
            "workspace_resource_id",
            Sent.REFERENCE,
            required=True,
            on_update=False,
            refers="workspace_resources",
        ),
        Field("level", Sent.LEVEL),
    ),
    key=("workspace_resource_id", "skill_id"),
    rules=("skill_facts", "levels", "repeats"),
    default_level=1,
    stamps=("created_at", "updated_at", "creator_id"),
    visible=(
        f"workspace_resource_id IN ({select(['id'], 'workspace_resources', [f'workspace_id IN ({VISIBLE_PROJECTS})'])})"
    ),
    written_by="members",
)
