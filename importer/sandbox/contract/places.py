"""Groups, organizations and projects: where people stand; declared, not done."""

from importer.sandbox.contract.declare import (
    ALL_VERBS,
    EVERYBODY,
    ID,
    NOBODY,
    READS,
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
    alphabetical,
    dates,
    external_reference_ids,
    external_references,
    pairs,
)
from importer.sandbox.contract.people import (
    ACCOUNT_ID,
    CUSTOM_FIELDS,
    IN_ORGANIZATIONS,
    VISIBLE_PROJECTS,
)
from importer.sandbox.sql import IN_VALUE, select

_OF_GROUPS = f"workspace_group_id {IN_VALUE}"
CONTACTS = ("contact_name", "email", "phone_number", "address", "website")

WORKSPACE_GROUPS = Collection(
    name="workspace_groups",
    singular="workspace_group",
    model="WorkspaceGroup",
    source="API reference 1.0.0, tag Groups (workspace_groups)",
    verbs=ALL_VERBS,
    attributes=(
        Attribute("name"),
        Attribute("company", Shown.BOOLEAN),
        *(Attribute(name, Shown.CONTACT) for name in (*CONTACTS, "notes")),
        *STAMPS,
        ID,
    ),
    associations=(
        external_reference_ids("WorkspaceGroup"),
        Association("rate_card_sets", "rate_card_sets", "rate_card_set_ids", pairs=NOBODY),
        Association(
            "workspaces",
            "workspaces",
            "workspace_ids",
            pairs=pairs("workspace_group_workspaces", "workspace_group_id", "workspace_id"),
        ),
    ),
    filters=(
        *CUSTOM_FIELDS,
        Filter("companies_only", Asked.BOOLEAN, "company = 1"),
        *dates("created", "updated"),
        *external_references("WorkspaceGroup"),
        Filter("matching", Asked.NAME, "name"),
    ),
    orders=(
        Order("created_at", "created_at"),
        Order("name", "name COLLATE NOCASE"),
        Order("updated_at", "updated_at"),
    ),
    default_order="name:ASC",
    fields=(
        Field("name", required=True, required_on_update=True),
        Field("add_workspace_ids", Sent.PROJECTS_ADDED),
        Field("remove_workspace_ids", Sent.PROJECTS_REMOVED, on_create=False),
        Field("notes"),
        Field("company", Sent.BOOLEAN),
        *(Field(name) for name in CONTACTS),
        Field("external_reference", Sent.EXTERNAL),
    ),
    rules=("not_blank", "group_names"),
    dependents=(
        ("user_group_memberships", "workspace_group_id"),
        ("workspace_group_workspaces", "workspace_group_id"),
    ),
)

ANCESTORS = (
    "(WITH RECURSIVE above(id, parent_id, steps) AS ("
    "SELECT own.id, own.parent_id, 0 FROM organizations AS own WHERE own.id = organizations.parent_id"
    " UNION ALL SELECT up.id, up.parent_id, steps + 1 FROM organizations AS up"
    " JOIN above ON up.id = above.parent_id)"
    " SELECT json_group_array(id) FROM (SELECT id FROM above ORDER BY steps DESC))"
)

ORGANIZATIONS = Collection(
    name="organizations",
    singular="organization",
    model="Organization",
    source="API reference 1.0.0, tag Organizations",
    verbs=ALL_VERBS,
    attributes=(
        Attribute("name"),
        Attribute("type"),
        Attribute("parent_id", Shown.ID),
        Attribute("ancestor_ids", Shown.IDS, ANCESTORS),
        *STAMPS,
        ID,
    ),
    filters=(
        *dates("created", "updated"),
        Filter(
            "for_current_user",
            Asked.PRESENCE,
            "id IN (SELECT geography_id FROM organization_memberships WHERE member_type = 'User'"
            " AND member_id = :me UNION SELECT department_id FROM organization_memberships"
            " WHERE member_type = 'User' AND member_id = :me)",
        ),
        Filter("matching", Asked.NAME, "name"),
        Filter("type", Asked.TEXT, "type = :value COLLATE NOCASE"),
    ),
    orders=(alphabetical("name"), Order("created_at", "created_at")),
    default_order="alphabetical:asc",
    fields=(
        Field("name", required=True),
        Field("parent_id", Sent.REFERENCE, required=True, refers="organizations"),
    ),
    bulk_limit=100,
    rules=("not_blank", "tree_of_the_parent", "organization_names"),
    dependents=(
        ("organizations", "parent_id"),
        ("organization_memberships", "geography_id"),
        ("organization_memberships", "department_id"),
    ),
)

WORKSPACES = Collection(
    name="workspaces",
    singular="workspace",
    model="Workspace",
    source="API reference 1.0.0, tag Workspaces; reads only, a subset of the filters",
    verbs=READS,
    attributes=(
        Attribute("title"),
        Attribute("archived", Shown.BOOLEAN),
        Attribute("account_id", Shown.INTEGER),
        *STAMPS,
        ID,
    ),
    associations=(
        Association("primary_workspace_group", "workspace_groups", "primary_workspace_group_id"),
        Association(
            "workspace_groups",
            "workspace_groups",
            "workspace_group_ids",
            pairs=pairs("workspace_group_workspaces", "workspace_id", "workspace_group_id"),
        ),
    ),
    filters=(
        Filter(
            "archived",
            Asked.CHOICE,
            choices=(("only", "archived = 1"), ("exclude", "archived = 0"), ("include", "")),
            default="exclude",
            unless="include_archived",
        ),
        *dates("created", "updated"),
        Filter("except", Asked.CSV, f"id NOT {IN_VALUE}"),
        *external_references("Workspace"),
        Filter(
            "has_participant",
            Asked.INTEGER,
            "id IN (SELECT workspace_id FROM participations WHERE user_id = :value)",
        ),
        Filter(
            "has_participation",
            Asked.BOOLEAN,
            f"id IN ({VISIBLE_PROJECTS})",
            f"id NOT IN ({VISIBLE_PROJECTS})",
        ),
        Filter("include_archived", Asked.BOOLEAN, EVERYBODY, EVERYBODY, default="false"),
        Filter("matching", Asked.TEXT, "begins_a_word(title, :value)"),
        Filter("on_my_account", Asked.BOOLEAN, f"account_id = {ACCOUNT_ID}"),
        Filter("search", Asked.SEARCH, "title"),
        Filter(
            "stage",
            Asked.CHOICE,
            choices=(("estimate", "stage = 'estimate'"), ("project", "stage = 'project'")),
        ),
        Filter(
            "with_organizations",
            Asked.BOOLEAN,
            IN_ORGANIZATIONS.format("Workspace"),
            f"NOT {IN_ORGANIZATIONS.format('Workspace')}",
        ),
        Filter(
            "workspace_groups",
            Asked.CSV,
            f"id IN ({select(['workspace_id'], 'workspace_group_workspaces', [_OF_GROUPS])})",
        ),
    ),
    orders=(
        Order("created_at", "created_at"),
        Order("title", "title COLLATE NOCASE"),
        Order("updated_at", "updated_at"),
    ),
    default_order="updated_at:desc",
    visible=f"id IN ({VISIBLE_PROJECTS})",
)

WORKSPACE_RESOURCES = Collection(
    name="workspace_resources",
    singular="workspace_resource",
    model="WorkspaceResource",
    source="API reference 1.0.0, tag Resources; shown through includes only",
    verbs=frozenset(),
    attributes=(Attribute("display_name"), *STAMPS, ID),
    associations=(
        Association("role", "roles", "role_id"),
        Association("user", "users", "user_id"),
        Association("workspace", "workspaces", "workspace_id"),
    ),
    visible=f"workspace_id IN ({VISIBLE_PROJECTS})",
)
