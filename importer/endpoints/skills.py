"""Skills: what the account's people can have. Knows the declaration, and not how it is checked or sent."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from importer.endpoints.declare import Endpoint
from importer.endpoints.skill_categories import SKILL_CATEGORIES


class Skill(pa.DataFrameModel):
    """A skill of the account's library. Source: POST /skills and GET /skill_categories, API reference 1.0.0."""

    name: Series[pd.StringDtype] = pa.Field(
        title="Name",
        description="The skill's name. It is what makes the skill itself: another name is another skill.",
        metadata={"kind": "text", "example": "Python", "also": ("skill", "skill name")},
    )
    category: Series[pd.StringDtype] = pa.Field(
        isin=SKILL_CATEGORIES,
        nullable=True,
        title="Category",
        description="One of Kantata's four categories. A new skill needs one; a blank leaves that of a skill as it is.",
        metadata={
            "kind": "choice",
            "example": "Skill",
            "also": ("skill category",),
            "needed to create": True,
            "attribute": "skill_category_id",
            "names a record of": "/skill_categories",
        },
    )
    max_level: Series[pd.StringDtype] = pa.Field(
        isin=["1", "5"],
        nullable=True,
        title="Highest level",
        description="5 for a skill with levels, 1 for one without, such as a certificate. A new skill needs it.",
        metadata={"kind": "choice", "example": "5", "also": ("highest level", "max level"), "needed to create": True},
    )
    description: Series[pd.StringDtype] = pa.Field(
        nullable=True,
        title="Description",
        description="What the skill is, in a sentence. A blank leaves it as it is.",
        metadata={"kind": "text", "example": "Programs in Python, with tests"},
    )

    class Config:
        """A skill stands once in an account."""

        unique = ["name"]  # noqa: RUF012  (pandera reads this list)


ENDPOINT = Endpoint(
    name="skills",
    title="Skills",
    path="/skills",
    singular="skill",
    bulk_limit=200,
    bulk_limit_source="POST /skills, Bulk Create: up to 200 objects (API reference 1.0.0)",
    key=("name",),
    model=Skill,
    # Documented as needed for skill_category_id to come back at all.
    includes=("skill_category",),
    name_columns=(),
    owner=(),
    # "Each account can have a maximum of 5,000 skills" stands under the tag Skills of the API reference 1.0.0; older
    # copies of it say 3,000.
    account_limit=5000,
    updates=("category", "max_level", "description"),
    filters=("created_after", "created_before", "matching", "skill_category_ids", "updated_after", "updated_before"),
    marks=("max_level",),
    id_header="skill_id",
    sources=("https://developer.kantata.com/kantata/specification/skills",),
)
