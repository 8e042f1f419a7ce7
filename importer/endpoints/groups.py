"""Groups: what people are sorted into, and the companies among them. Knows the declaration only."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from importer.endpoints.declare import Endpoint

_FLAG = {"kind": "choice", "API values": {"yes": True, "no": False}, "unset": "no"}


class Group(pa.DataFrameModel):
    """A group of people, or a company. Source: POST /workspace_groups, API reference 1.0.0."""

    name: Series[pd.StringDtype] = pa.Field(
        title="Name",
        description="The group's name. Two groups of an account may not differ in letter case alone.",
        metadata={"kind": "text", "example": "Delivery Europe", "also": ("group", "group name")},
    )
    company: Series[pd.StringDtype] = pa.Field(
        isin=["yes", "no"],
        nullable=True,
        title="Company",
        description="yes for a company, such as a client; no for a group of people.",
        metadata={**_FLAG, "example": "no"},
    )
    contact_name: Series[pd.StringDtype] = pa.Field(
        nullable=True,
        title="Contact name",
        description="Whom to ask there.",
        metadata={"kind": "text", "example": "Dana Reyes"},
    )
    contact_email: Series[pd.StringDtype] = pa.Field(
        nullable=True,
        title="Contact e-mail",
        description="The e-mail address of the contact.",
        metadata={"kind": "text", "example": "dana@example.com", "attribute": "email"},
    )
    phone_number: Series[pd.StringDtype] = pa.Field(
        nullable=True,
        title="Telephone",
        description="A telephone number.",
        metadata={"kind": "text", "example": "+1 555 0100"},
    )
    address: Series[pd.StringDtype] = pa.Field(
        nullable=True,
        title="Address",
        description="A postal address.",
        metadata={"kind": "text", "example": "1 Main Street, Springfield"},
    )
    website: Series[pd.StringDtype] = pa.Field(
        nullable=True,
        title="Website",
        description="The address of a website.",
        metadata={"kind": "text", "example": "https://www.example.com"},
    )
    notes: Series[pd.StringDtype] = pa.Field(
        nullable=True,
        title="Notes",
        description="Whatever else is worth knowing.",
        metadata={"kind": "text", "example": "Meets on Mondays"},
    )

    class Config:
        """A group stands once in an account."""

        unique = ["name"]  # noqa: RUF012  (pandera reads this list)


ENDPOINT = Endpoint(
    name="groups",
    title="Groups",
    path="/workspace_groups",
    singular="workspace_group",
    bulk_limit=1,
    bulk_limit_source="POST /workspace_groups creates one group; no bulk form is documented (API reference 1.0.0)",
    key=("name",),
    model=Group,
    includes=(),
    name_columns=(),
    owner=(),
    updates=("company", "contact_name", "contact_email", "phone_number", "address", "website", "notes"),
    order="created_at:asc",
    filters=("companies_only", "created_after", "created_before", "matching", "updated_after", "updated_before"),
    marks=("contact_name",),
    id_header="workspace_group_id",
    sources=("https://developer.kantata.com/kantata/specification/workspace-groups",),
)
