"""User group memberships: who is in which group. Knows the declaration, and not how it is checked or sent."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from importer.endpoints.declare import LAST_NAME, Endpoint
from importer.endpoints.name_columns import GROUP, PERSON


class UserGroupMembership(pa.DataFrameModel):
    """Who is in which group. Source: POST /user_group_memberships, API reference 1.0.0."""

    user_id: Series[pd.Int64Dtype] = pa.Field(
        ge=1,
        title="User ID",
        description="The id of the person in Kantata.",
        metadata={"kind": "id", "example": "12345678"},
    )
    workspace_group_id: Series[pd.Int64Dtype] = pa.Field(
        ge=1,
        title="Group ID",
        description="The id of the group in Kantata.",
        metadata={"kind": "id", "example": "456", "also": ("group id",)},
    )

    class Config:
        """One person is in a group once."""

        unique = ["user_id", "workspace_group_id"]  # noqa: RUF012  (pandera reads this list)


ENDPOINT = Endpoint(
    name="user-group-memberships",
    title="User group memberships",
    path="/user_group_memberships",
    singular="user_group_membership",
    bulk_limit=100,
    bulk_limit_source="POST /user_group_memberships, Bulk Create: up to 100 objects (API reference 1.0.0)",
    key=("user_id", "workspace_group_id"),
    model=UserGroupMembership,
    includes=("user", "workspace_group"),
    name_columns=(*PERSON, GROUP),
    hints=(LAST_NAME,),
    owner=("user_id",),
    owner_has="groups",
    order="created_at:asc",
    filters=("group_ids", "user_ids"),
    read_by={"user_id": "user_ids", "workspace_group_id": "group_ids"},
    has_get=False,
    made_by={"workspace_group_id": "groups"},
    sources=("https://developer.kantata.com/kantata/specification/user-group-memberships",),
)
