"""Organizations: the places of the geography and the department tree. Knows the declaration only."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from importer.endpoints.declare import Endpoint, Tree


class Organization(pa.DataFrameModel):
    """A place in one of the two trees. Source: POST /organizations, API reference 1.0.0."""

    tree: Series[pd.StringDtype] = pa.Field(
        isin=["Geography", "Department"],
        title="Tree",
        description="In which of Kantata's two trees the place lies.",
        metadata={"kind": "choice", "example": "Geography", "also": ("type",), "attribute": "type"},
    )
    path: Series[pd.StringDtype] = pa.Field(
        title="Path",
        description="The names from the root of the tree down to the place. The places above it come first, in this "
        "file or in the account.",
        metadata={"kind": "text", "example": "World > Americas > Canada"},
    )

    class Config:
        """A place stands once in its tree."""

        unique = ["tree", "path"]  # noqa: RUF012  (pandera reads this list)


ENDPOINT = Endpoint(
    name="organizations",
    title="Organizations",
    path="/organizations",
    singular="organization",
    bulk_limit=100,
    bulk_limit_source="POST /organizations, Bulk Create: up to 100 objects (API reference 1.0.0)",
    key=("tree", "path"),
    model=Organization,
    includes=(),
    name_columns=(),
    owner=(),
    # 400 by an older page of the knowledge base (115000256034); the API reference 1.0.0 names no limit.
    account_limit=400,
    order="created_at:asc",
    filters=("created_after", "created_before", "matching", "type", "updated_after", "updated_before"),
    tree=Tree(kind="tree", path="path"),
    marks=("tree", "path"),
    id_header="organization_id",
    sources=("https://developer.kantata.com/kantata/specification/organizations",),
)
