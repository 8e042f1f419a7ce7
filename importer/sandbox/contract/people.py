"""Users, their account memberships and roles; declared, not done."""

from importer.sandbox.contract.declare import (
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
    Verb,
    alphabetical,
    dates,
    external_reference_ids,
    external_references,
    pairs,
)
from importer.sandbox.sql import IN_VALUE, select

ACCOUNT_ID = 6_300_412

VISIBLE_PEOPLE = (
    "SELECT theirs.user_id FROM participations AS theirs JOIN participations AS mine"
    " ON mine.workspace_id = theirs.workspace_id WHERE mine.user_id = :me UNION SELECT :me"
)
VISIBLE_PROJECTS = "SELECT workspace_id FROM participations WHERE user_id = :me"

LEADERS = "'administrator', 'reports_viewer_with_cost', 'reports_viewer', 'project_lead'"
OF_THE_ACCOUNT = f"account_id = {ACCOUNT_ID}"


def _membership(column: str) -> str:
    return f"({select([column], 'account_memberships', ['account_memberships.user_id = users.id'])})"


def _members(condition: str) -> str:
    return f"id IN ({select(['user_id'], 'account_memberships', [condition])})"


def _participants(condition: str) -> str:
    return f"id IN ({select(['user_id'], 'participations', [condition])})"


def _with_skills(user: str) -> str:
    """The condition of with_skills for the user that the SQL `user` names.

    `:value` is {"wants": [[skill id, [levels]], ...], "need": how many of them}; no levels: any.
    """
    any_level = "json_array_length(wanted.value, '$[1]') = 0"
    named_level = "level IN (SELECT value FROM json_each(wanted.value, '$[1]'))"
    of_skill = "skill_id = json_extract(wanted.value, '$[0]')"
    held = select(["1"], "skill_memberships", [f"user_id = {user}", of_skill, f"{any_level} OR {named_level}"])
    found = select(["count(*)"], "json_each(:value, '$.wants') AS wanted", [f"EXISTS ({held})"])
    return f"({found}) >= json_extract(:value, '$.need')"


BELONGING = (
    "id IN (SELECT member_id FROM organization_memberships WHERE member_type = 'User'"
    " AND (json_array_length(:value, '$[0]') = 0"
    " OR geography_id IN (SELECT value FROM json_each(:value, '$[0]')))"
    " AND (json_array_length(:value, '$[1]') = 0"
    " OR department_id IN (SELECT value FROM json_each(:value, '$[1]'))))"
)
IN_ORGANIZATIONS = "id IN (SELECT member_id FROM organization_memberships WHERE member_type = '{}')"
ROLE_NAME = "(SELECT name FROM roles WHERE roles.id = {})"

CUSTOM_FIELDS = (
    *(
        Filter(f"by_custom_{kind}_value", Asked.TEXT, NOBODY)
        for kind in ("choice", "currency", "date", "number", "text")
    ),
    Filter("has_value_for_custom_field_ids", Asked.CSV, NOBODY),
)

USERS = Collection(
    name="users",
    singular="user",
    model="User",
    source="API reference 1.0.0, tag Users; account_id and disabled as in mavenlink/mavenlink_gem",
    verbs=frozenset({*READS, Verb.ME, Verb.UPDATE}),
    attributes=(
        Attribute("full_name"),
        Attribute("photo_path"),
        Attribute("email_address"),
        Attribute("headline"),
        Attribute("account_id", Shown.ID),
        Attribute("disabled", Shown.BOOLEAN),
        *(
            Attribute(name, optional=True)
            for name in (
                "abbreviated_timezone",
                "bio",
                "city",
                "classification",
                "country",
                "state",
                "website",
            )
        ),
        Attribute("last_site_activity", Shown.TIME, optional=True, restricted=True),
        ID,
    ),
    associations=(
        Association(
            "account_membership",
            "account_memberships",
            "account_membership_id",
            _membership("account_memberships.id"),
            stored=False,
        ),
        Association("custom_field_values", "custom_field_values", "custom_field_value_ids", pairs=NOBODY),
        external_reference_ids("User"),
        Association("manager", "users", "manager_id", _membership("manager_id"), stored=False),
        Association("role", "roles", "role_id", _membership("default_role_id"), stored=False),
        Association(
            "skill_memberships",
            "skill_memberships",
            "skill_membership_ids",
            pairs=pairs("skill_memberships", "user_id", "id"),
        ),
        Association("skills", "skills", "skill_ids", pairs=pairs("skill_memberships", "user_id", "skill_id")),
        Association("work_samples", "work_samples", "work_sample_ids", pairs=NOBODY),
    ),
    filters=(
        Filter("account_id", Asked.INTEGER, "account_id = :value"),
        Filter("account_role_ids", Asked.CSV, _members(f"default_role_id {IN_VALUE}")),
        Filter("all_contacts", Asked.BOOLEAN, EVERYBODY),
        Filter("assignable_to_resource", Asked.INTEGER, OF_THE_ACCOUNT),
        Filter("belonging_to_orgs", Asked.ORGANIZATIONS, BELONGING),
        *CUSTOM_FIELDS,
        Filter("by_email_address", Asked.EMAIL, "email_address"),
        Filter("by_email_addresses", Asked.EMAILS, "email_address"),
        Filter("by_full_name", Asked.TEXT, "contains(full_name, :value)"),
        Filter(
            "by_full_name_or_account_role",
            Asked.TEXT,
            "(contains(full_name, :value) OR contains("
            + ROLE_NAME.format(_membership("default_role_id"))
            + ", :value))",
        ),
        Filter("can_be_approver_in_workspace", Asked.INTEGER, _participants("workspace_id = :value")),
        Filter("can_view_reports", Asked.BOOLEAN, _members("can_view_reports = 1")),
        Filter("clients_only", Asked.BOOLEAN, _participants("role = 'buyer'")),
        Filter("consultants_only", Asked.BOOLEAN, _participants("role = 'maven'")),
        Filter("contacts_on_different_account", Asked.BOOLEAN, f"NOT {OF_THE_ACCOUNT}"),
        *dates("created", "updated"),
        *external_references("User"),
        Filter("is_project_lead", Asked.BOOLEAN, _members("is_project_lead = 1")),
        Filter(
            "managers",
            Asked.BOOLEAN,
            "id IN (SELECT manager_id FROM account_memberships)",
            default="false",
        ),
        Filter("matching", Asked.NAME, "full_name"),
        Filter("not_assigned_to", Asked.INTEGER, EVERYBODY),
        Filter("not_following", Asked.INTEGER, EVERYBODY),
        Filter("not_on_calendars", Asked.CSV, EVERYBODY),
        Filter("not_participant_in", Asked.INTEGER, f"NOT {_participants('workspace_id = :value')}"),
        Filter(
            "on_my_account",
            Asked.BOOLEAN,
            OF_THE_ACCOUNT,
            _participants("1"),
            default="false",
            unless="on_my_account_or_participant_in_workspace",
            scope=True,
        ),
        Filter(
            "on_my_account_or_participant_in_workspace",
            Asked.INTEGER,
            f"({OF_THE_ACCOUNT} OR {_participants('workspace_id = :value')})",
        ),
        Filter("only_possible_managees", Asked.BOOLEAN, _members("permission <> 'administrator'")),
        Filter("only_possible_managers", Asked.BOOLEAN, _members(f"permission IN ({LEADERS})")),
        Filter("participant_in", Asked.INTEGER, _participants("workspace_id = :value")),
        Filter("potential_followers_for_story", Asked.INTEGER, EVERYBODY),
        Filter("provider_leads_on_account_projects", Asked.BOOLEAN, _members("is_project_lead = 1")),
        Filter("search", Asked.SEARCH, "full_name || ' ' || email_address || ' ' || coalesce(headline, '')"),
        Filter("show_disabled", Asked.BOOLEAN, "", "disabled = 0", default="false"),
        Filter("show_users_in_insights_groups", Asked.BOOLEAN, EVERYBODY),
        Filter("with_created_estimates", Asked.BOOLEAN, NOBODY, default="false"),
        Filter(
            "with_organizations",
            Asked.BOOLEAN,
            IN_ORGANIZATIONS.format("User"),
            f"NOT {IN_ORGANIZATIONS.format('User')}",
        ),
        Filter("with_skills", Asked.SKILLS, _with_skills("users.id")),
        Filter("with_users", Asked.IDS, f"id {IN_VALUE}"),
        Filter(
            "without_skills",
            Asked.CSV,
            f"id NOT IN ({select(['user_id'], 'skill_memberships', [f'skill_id {IN_VALUE}'])})",
        ),
        Filter("without_timesheet_submission", Asked.TEXT, EVERYBODY),
        Filter("without_users", Asked.IDS, f"id NOT {IN_VALUE}"),
        Filter("write_access_in", Asked.INTEGER, _participants("workspace_id = :value")),
    ),
    orders=(alphabetical("full_name"),),
    default_order="alphabetical:asc",
    fields=(
        Field("full_name"),
        Field("headline"),
        Field("email_address"),
        Field("external_reference", Sent.EXTERNAL),
    ),
    rules=("not_blank",),
    visible=f"id IN ({VISIBLE_PEOPLE})",
    disabled="disabled = 1",
)

_MANAGEES = (
    "SELECT boss.id, report.user_id FROM account_memberships AS boss JOIN account_memberships AS report"
    " ON report.manager_id = boss.user_id WHERE boss.id IN (SELECT value FROM json_each(:owners))"
    " ORDER BY report.user_id"
)
_POSSIBLE = (
    "SELECT this.id, other.user_id FROM account_memberships AS this JOIN account_memberships AS other"
    " ON other.id <> this.id AND other.disabled_at IS NULL AND other.permission {}"
    " WHERE this.id IN (SELECT value FROM json_each(:owners)) ORDER BY other.user_id"
)
_SKILLS_HELD = (
    "SELECT held.id, skill_memberships.id FROM account_memberships AS held JOIN skill_memberships"
    " ON skill_memberships.user_id = held.user_id WHERE held.id IN (SELECT value FROM json_each(:owners))"
    " ORDER BY skill_memberships.id"
)
MEMBER_NAME = "(SELECT full_name FROM users WHERE users.id = account_memberships.user_id)"

ACCOUNT_MEMBERSHIPS = Collection(
    name="account_memberships",
    singular="account_membership",
    model="AccountMembership",
    source="API reference 1.0.0, tag Account Memberships; reads only",
    verbs=READS,
    attributes=(
        Attribute("permission"),
        Attribute("is_administrator", Shown.BOOLEAN, "permission = 'administrator'"),
        Attribute("is_owner", Shown.BOOLEAN),
        Attribute("is_project_lead", Shown.BOOLEAN),
        Attribute("is_backup_approver", Shown.BOOLEAN, "0"),
        Attribute("is_punch_clock_user", Shown.BOOLEAN, "permission = 'punch_clock'"),
        Attribute("can_create_workspace", Shown.BOOLEAN),
        Attribute("can_view_reports", Shown.BOOLEAN),
        Attribute("can_log_in", Shown.BOOLEAN, "disabled_at IS NULL", optional=True),
        Attribute(
            "non_participant",
            Shown.BOOLEAN,
            "user_id NOT IN (SELECT participations.user_id FROM participations)",
            optional=True,
            restricted=True,
        ),
        Attribute("collaborator_only_license", Shown.BOOLEAN, "permission = 'collaborator'", restricted=True),
        Attribute("default_read_only", Shown.BOOLEAN, "0"),
        Attribute("manager_can_approve", Shown.BOOLEAN),
        Attribute("manager_can_edit_skills", Shown.BOOLEAN),
        Attribute("should_show_alert_on_timesheet_submission", Shown.BOOLEAN, "0"),
        Attribute("bill_rate_in_cents", Shown.INTEGER, restricted=True),
        Attribute("cost_rate_in_cents", Shown.INTEGER, restricted=True),
        Attribute("billability_target", Shown.INTEGER, restricted=True),
        Attribute("disabled_at", Shown.TIME),
        *STAMPS,
        ID,
    ),
    associations=(
        Association(
            "backup_approver_associations",
            "backup_approver_associations",
            "backup_approver_association_ids",
            pairs=NOBODY,
        ),
        Association("cost_rates", "cost_rates", "cost_rate_ids", pairs=NOBODY),
        Association("default_role", "roles", "default_role_id"),
        Association("effective_workweek", "workweeks", "effective_workweek_id", "NULL", stored=False),
        Association(
            "future_billable_utilizations",
            "billable_utilizations",
            "future_billable_utilization_ids",
            pairs=NOBODY,
        ),
        Association("managees", "users", "managee_ids", pairs=_MANAGEES),
        Association("manager", "users", "manager_id"),
        Association(
            "possible_managees",
            "users",
            "possible_managee_ids",
            pairs=_POSSIBLE.format("<> 'administrator'"),
        ),
        Association("possible_managers", "users", "possible_manager_ids", pairs=_POSSIBLE.format(f"IN ({LEADERS})")),
        Association("skill_memberships", "skill_memberships", "skill_membership_ids", pairs=_SKILLS_HELD),
        Association("user", "users", "user_id"),
    ),
    filters=(
        Filter("by_full_name", Asked.TEXT, f"contains({MEMBER_NAME}, :value)"),
        Filter("by_user_id", Asked.INTEGER, "user_id = :value"),
        Filter("can_log_in", Asked.BOOLEAN, "disabled_at IS NULL", "disabled_at IS NOT NULL"),
        *dates("created", "updated"),
        Filter("only_active", Asked.BOOLEAN, "disabled_at IS NULL", default="true", unless="only_inactive"),
        Filter("only_inactive", Asked.BOOLEAN, "disabled_at IS NOT NULL"),
        Filter("search", Asked.SEARCH, MEMBER_NAME),
        Filter("with_skills", Asked.SKILLS, _with_skills("account_memberships.user_id")),
        Filter("with_user_ids", Asked.CSV, f"user_id {IN_VALUE}"),
    ),
    orders=(
        Order("bill_rate", "bill_rate_in_cents"),
        Order("cost_rate", "cost_rate_in_cents"),
        Order("created_at", "created_at"),
        Order("full_name", f"{MEMBER_NAME} COLLATE NOCASE"),
        Order("permission", "permission"),
        Order("role", ROLE_NAME.format("account_memberships.default_role_id")),
        Order("updated_at", "updated_at"),
    ),
    default_order="created_at:desc",
    visible=f"user_id IN ({VISIBLE_PEOPLE})",
    disabled="disabled_at IS NOT NULL",
)

ROLES = Collection(
    name="roles",
    singular="role",
    model="Role",
    source="API reference 1.0.0, tag Roles; reads only",
    verbs=READS,
    attributes=(Attribute("name"), Attribute("deleted_at", Shown.TIME), *STAMPS, ID),
    associations=(external_reference_ids("Role"),),
    filters=(
        *dates("created", "updated"),
        *external_references("Role"),
        *(
            Filter(name, Asked.INTEGER, NOBODY)
            for name in (
                "for_rate_card",
                "for_scenario_rate_card",
                "for_workspace",
                "for_workspace_rate_card",
            )
        ),
        Filter("matching", Asked.NAME, "name"),
        Filter("not_on_rate_card_set_version", Asked.INTEGER, EVERYBODY),
        Filter("only_active", Asked.BOOLEAN, "deleted_at IS NULL", default="true"),
    ),
    orders=(alphabetical("name"),),
    default_order="alphabetical:asc",
)
