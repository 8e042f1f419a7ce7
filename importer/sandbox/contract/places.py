"""Groups, organizations and projects: where people belong; declared, not done."""

from typing import Annotated

from importer.sandbox.contract.bodies import OrganizationCreate, OrganizationUpdate, WorkspaceGroupBody
from importer.sandbox.contract.declare import (
    ALL_VERBS,
    Collection,
    Column,
    Filter,
    FilterKind,
    Form,
    Id,
    StampedRecord,
    alphabetical,
    dates,
)
from importer.sandbox.contract.people import VISIBLE_PROJECTS

Contact = Annotated[str | None, Form.CONTACT]
BY_CREATION = ("created_at", "created_at")
ANCESTORS = (
    "(WITH RECURSIVE above(id, parent_id, steps) AS ("
    "SELECT own.id, own.parent_id, 0 FROM organizations AS own WHERE own.id = organizations.parent_id"
    " UNION ALL SELECT up.id, up.parent_id, steps + 1 FROM organizations AS up"
    " JOIN above ON up.id = above.parent_id)"
    " SELECT json_group_array(id) FROM (SELECT id FROM above ORDER BY steps DESC))"
)


class WorkspaceGroup(StampedRecord):
    """A group of people, or a company."""

    name: str
    company: bool
    contact_name: Contact
    email: Contact
    phone_number: Contact
    address: Contact
    website: Contact
    notes: Contact


class Organization(StampedRecord):
    """A geography or a department."""

    name: str
    type: str
    parent_id: Id
    ancestor_ids: Annotated[list[str], Form.IDS, Column(ANCESTORS)]


class Workspace(StampedRecord):
    """A project."""

    title: str
    archived: bool
    account_id: int


WORKSPACE_GROUPS = Collection(
    name="workspace_groups",
    singular="workspace_group",
    source="API reference 1.0.0, tag Groups (workspace_groups)",
    record=WorkspaceGroup,
    verbs=ALL_VERBS,
    filters=(
        Filter("companies_only", FilterKind.BOOLEAN, "company = 1"),
        *dates("created", "updated"),
        Filter("matching", FilterKind.NAME, "name"),
    ),
    orders=(BY_CREATION, ("name", "name COLLATE NOCASE")),
    default_order="name:ASC",
    create=WorkspaceGroupBody,
    update=WorkspaceGroupBody,
    rules=("group_names",),
    dependents=(("user_group_memberships", "workspace_group_id"),),
)

ORGANIZATIONS = Collection(
    name="organizations",
    singular="organization",
    source="API reference 1.0.0, tag Organizations",
    record=Organization,
    verbs=ALL_VERBS,
    filters=(*dates("created", "updated"), Filter("matching", FilterKind.NAME, "name")),
    orders=(alphabetical("name"), BY_CREATION),
    default_order="alphabetical:asc",
    create=OrganizationCreate,
    update=OrganizationUpdate,
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
    singular="workspace",
    source="API reference 1.0.0, tag Workspaces; reads only",
    record=Workspace,
    filters=(
        *dates("created", "updated"),
        Filter("include_archived", FilterKind.BOOLEAN, "", "archived = 0", default="false"),
    ),
    orders=(BY_CREATION, ("updated_at", "updated_at")),
    default_order="updated_at:desc",
    visible=f"id IN ({VISIBLE_PROJECTS})",
)
