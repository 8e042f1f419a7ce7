"""Skill memberships: who has which skill, and how well. Knows the declaration, and not how it is checked or sent."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from importer.endpoints.declare import CATEGORY, LAST_NAME, Endpoint
from importer.endpoints.name_columns import PERSON, SKILL


class SkillMembership(pa.DataFrameModel):
    """Who has which skill, and how well. Source: POST /skill_memberships, API reference 1.0.0."""

    user_id: Series[pd.Int64Dtype] = pa.Field(
        ge=1,
        title="User ID",
        description="The id of the person in Kantata.",
        metadata={"kind": "id", "example": "12345678"},
    )
    skill_id: Series[pd.Int64Dtype] = pa.Field(
        ge=1,
        title="Skill ID",
        description="The id of the skill in Kantata.",
        metadata={"kind": "id", "example": "456"},
    )
    level: Series[pd.Int64Dtype] = pa.Field(
        ge=0,
        le=5,
        nullable=True,
        title="Level",
        description="1 is beginner, 5 is expert; 0 means that no level was set. A blank leaves the level as it is.",
        metadata={"kind": "level", "example": "3", "also": ("proficiency", "rating")},
    )

    class Config:
        """One person holds a skill once."""

        unique = ["user_id", "skill_id"]  # noqa: RUF012  (pandera reads this list)


ENDPOINT = Endpoint(
    name="skill-memberships",
    title="Skill memberships",
    path="/skill_memberships",
    singular="skill_membership",
    bulk_limit=200,
    bulk_limit_source="POST /skill_memberships, Bulk Create: up to 200 objects (API reference 1.0.0)",
    key=("user_id", "skill_id"),
    model=SkillMembership,
    # Documented as needed for skill_id, user_id and creator_id to come back at all.
    includes=("creator", "skill", "user"),
    name_columns=(*PERSON, SKILL),
    hints=(CATEGORY, LAST_NAME),
    owner=("user_id",),
    # "Each user can have a maximum of 200 skills" stands under the tag Skills of the API reference 1.0.0.
    owner_limit=200,
    owner_has="skills",
    updates=("level",),
    order="created_at:asc",
    filters=(
        "active_account_members_only",
        "by_skill_id",
        "by_skill_ids",
        "by_skill_name",
        "by_user_name",
        "created_after",
        "created_before",
        "updated_after",
        "updated_before",
        "user_ids",
        "workspace_id",
    ),
    read_by={"user_id": "user_ids", "skill_id": "by_skill_ids"},
    comes_with_users=True,
    made_by={"skill_id": "skills"},
    sources=("https://developer.kantata.com/kantata/specification/skill-memberships",),
)
