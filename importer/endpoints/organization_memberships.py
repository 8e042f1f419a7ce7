"""Organization memberships: the geography and department of people and projects. Knows the declaration only."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from importer.endpoints.declare import Endpoint
from importer.endpoints.name_columns import DEPARTMENT, GEOGRAPHY, MEMBER


class OrganizationMembership(pa.DataFrameModel):
    """Who or what belongs where. Source: POST /organization_memberships, API reference 1.0.0."""

    geography_id: Series[pd.Int64Dtype] = pa.Field(
        ge=1,
        title="Geography ID",
        description="The id of a place in the geography tree.",
        metadata={"kind": "id", "example": "123"},
    )
    department_id: Series[pd.Int64Dtype] = pa.Field(
        ge=1,
        title="Department ID",
        description="The id of a place in the department tree.",
        metadata={"kind": "id", "example": "456"},
    )
    member_id: Series[pd.Int64Dtype] = pa.Field(
        ge=1,
        title="Member ID",
        description="The id of the person or of the project.",
        metadata={"kind": "id", "example": "12345678"},
    )
    member_type: Series[pd.StringDtype] = pa.Field(
        isin=["User", "Workspace"],
        title="Member type",
        description="User for a person, Workspace for a project; in any letter case.",
        metadata={"kind": "choice", "example": "User", "assumed": "User"},
    )

    class Config:
        """A member stands once in each pair of geography and department."""

        unique = ["member_type", "member_id", "geography_id", "department_id"]  # noqa: RUF012  (pandera reads it)


ENDPOINT = Endpoint(
    name="organization-memberships",
    title="Organization memberships",
    path="/organization_memberships",
    singular="organization_membership",
    bulk_limit=100,
    bulk_limit_source="POST /organization_memberships, Bulk Create: up to 100 objects (API reference 1.0.0)",
    key=("member_type", "member_id", "geography_id", "department_id"),
    model=OrganizationMembership,
    includes=("department", "geography"),
    name_columns=(GEOGRAPHY, DEPARTMENT, MEMBER),
    # No sort is documented here; the server gem then sorts by id, so a new record comes last.
    filters=(
        "created_after",
        "created_before",
        "department_id",
        "geography_id",
        "member_id",
        "member_type",
        "primary",
        "updated_after",
        "updated_before",
    ),
    owner=("member_type", "member_id"),
    made_by={"geography_id": "organizations", "department_id": "organizations"},
    sources=("https://developer.kantata.com/kantata/specification/organization-memberships",),
)
