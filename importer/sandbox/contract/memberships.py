"""Who has which skill, is in which group, belongs to which organizations; declared, not done."""

from typing import Annotated

from importer.sandbox.contract.bodies import (
    OrganizationMembershipCreate,
    OrganizationMembershipUpdate,
    SkillMembershipCreate,
    SkillMembershipUpdate,
    UserGroupMembershipCreate,
)
from importer.sandbox.contract.declare import (
    ALL_VERBS,
    Association,
    Collection,
    Column,
    Filter,
    FilterKind,
    Form,
    Id,
    Record,
    StampedRecord,
    Time,
    Verb,
    dates,
)
from importer.sandbox.contract.people import VISIBLE_PEOPLE, VISIBLE_PROJECTS
from importer.sandbox.sql import IN_VALUE

GroupId = Annotated[int, Form.GROUP_ID]
BY_CREATION = ("created_at", "created_at")


class SkillMembership(StampedRecord):
    """A skill that a person has."""

    cached_skill_name: str
    level: int
    max_level: Annotated[int, Column("(SELECT skills.max_level FROM skills WHERE skills.id = skill_id)")]


class UserGroupMembership(Record):
    """A group that a person is in."""

    created_at: Time
    creator_id: int | None
    user_id: GroupId
    workspace_group_id: GroupId


class OrganizationMembership(StampedRecord):
    """A geography and a department that a person or a project belongs to."""

    member_id: Id
    member_type: Annotated[str, Form.MEMBER_TYPE]
    primary: Annotated[bool, Column("is_primary", feature="primary")]


SKILL_MEMBERSHIPS = Collection(
    name="skill_memberships",
    singular="skill_membership",
    source="API reference 1.0.0, tag Skill Memberships",
    record=SkillMembership,
    verbs=ALL_VERBS,
    associations=(
        Association("creator", "users", "creator_id"),
        Association("skill", "skills", "skill_id"),
        Association("user", "users", "user_id"),
    ),
    filters=(
        Filter("by_skill_id", FilterKind.INTEGER, "skill_id = :value"),
        Filter("by_skill_ids", FilterKind.IDS, f"skill_id {IN_VALUE}"),
        *dates("created", "updated"),
        Filter("user_ids", FilterKind.IDS, f"user_id {IN_VALUE}"),
    ),
    orders=(BY_CREATION,),
    default_order="created_at:desc",
    create=SkillMembershipCreate,
    update=SkillMembershipUpdate,
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
    record=UserGroupMembership,
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
    create=UserGroupMembershipCreate,
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
    record=OrganizationMembership,
    verbs=ALL_VERBS,
    associations=(
        Association("department", "organizations", "department_id"),
        Association("geography", "organizations", "geography_id"),
    ),
    filters=(
        *dates("created", "updated"),
        Filter("member_id", FilterKind.INTEGER, "member_id = :value"),
        Filter("member_type", FilterKind.TEXT, "member_type = :value COLLATE NOCASE"),
        Filter("primary", FilterKind.BOOLEAN, "is_primary = 1", "is_primary = 0", feature="primary"),
    ),
    create=OrganizationMembershipCreate,
    update=OrganizationMembershipUpdate,
    bulk_limit=100,
    key=("member_type", "member_id", "geography_id", "department_id"),
    rules=("trees", "repeats"),
    visible=(
        f"(member_type = 'User' AND member_id IN ({VISIBLE_PEOPLE})"
        f" OR member_type = 'Workspace' AND member_id IN ({VISIBLE_PROJECTS}))"
    ),
    written_by="members",
)
