"""The lists that can be read: their paths, their sort, what they bring along, their documented filters.

Knows facts of the API reference 1.0.0, and sends nothing. The filters matter: Kantata leaves an unknown filter
aside and answers with the whole list (read in the public server gem, mavenlink/brainstem), so that a typing
mistake here would load from the wrong records.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from importer.endpoints.declare import Endpoint

_DATES = ("created_after", "created_before", "updated_after", "updated_before")


@dataclass(frozen=True, slots=True)
class Collection:
    """One list of the API. `always` is sent with every read; `order` keeps new records off pages already read."""

    path: str
    order: str | None = None
    includes: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    always: Mapping[str, str] = field(default_factory=dict)

    @property
    def plural(self) -> str:
        """The key of its map in an answer."""
        return self.path.rsplit("/", 1)[-1]


USERS = Collection(
    "/users",
    filters=(
        *_DATES,
        "by_email_address",
        "by_email_addresses",
        "by_full_name",
        "matching",
        "on_my_account",
        "participant_in",
        "search",
        "show_disabled",
        "with_skills",
        "with_users",
        "without_users",
    ),
    # Without on_my_account only people in projects are listed; inactive ones are hidden without show_disabled.
    always={"on_my_account": "true", "show_disabled": "true"},
)
USERS_WITH_REFERENCES = Collection(USERS.path, USERS.order, ("external_references",), USERS.filters, USERS.always)
SKILLS = Collection("/skills", includes=("skill_category",), filters=(*_DATES, "matching", "skill_category_ids"))
SKILL_CATEGORIES = Collection("/skill_categories", filters=("matching",))
GROUPS = Collection("/workspace_groups", order="created_at:asc", filters=(*_DATES, "companies_only", "matching"))
ORGANIZATIONS = Collection("/organizations", order="created_at:asc", filters=(*_DATES, "matching", "type"))
PROJECTS = Collection(
    "/workspaces",
    order="created_at:asc",
    filters=(*_DATES, "archived", "include_archived", "matching", "on_my_account", "search", "workspace_groups"),
    # Archived projects keep their memberships, and are hidden without this.
    always={"include_archived": "true"},
)


def of_endpoint(endpoint: Endpoint) -> Collection:
    """The list of an endpoint's records."""
    return Collection(endpoint.path, endpoint.order, endpoint.includes, endpoint.filters)
