"""Users, and what comes with them: account memberships and external references; declared, not done."""

from typing import Annotated

from importer.sandbox.contract.declare import (
    READS,
    Association,
    Collection,
    Column,
    Filter,
    FilterKind,
    Id,
    Record,
    StampedRecord,
    Time,
    Verb,
    alphabetical,
    dates,
    pairs,
)
from importer.sandbox.sql import select

ACCOUNT_ID = 6_300_412

VISIBLE_PEOPLE = (
    "SELECT theirs.user_id FROM participations AS theirs JOIN participations AS mine"
    " ON mine.workspace_id = theirs.workspace_id WHERE mine.user_id = :me UNION SELECT :me"
)
VISIBLE_PROJECTS = "SELECT workspace_id FROM participations WHERE user_id = :me"


def _participants(condition: str) -> str:
    return f"id IN ({select(['user_id'], 'participations', [condition])})"


class User(Record):
    """A person. Source: API reference 1.0.0; account_id and disabled as in mavenlink/mavenlink_gem."""

    full_name: str
    photo_path: str | None
    email_address: str
    headline: str | None
    account_id: Id
    disabled: bool


class AccountMembership(StampedRecord):
    """What a person may do in the account."""

    permission: str
    is_administrator: Annotated[bool, Column("permission = 'administrator'")]
    manager_can_edit_skills: bool
    disabled_at: Time


class ExternalReference(StampedRecord):
    """What another system calls a record."""

    service_name: str
    service_model: str
    service_model_ref: str
    status: str | None
    external_message: str | None
    external_link: str | None
    external_status: str | None
    locked: bool
    subject_type: str
    subject_id: Id


USERS = Collection(
    name="users",
    singular="user",
    source="API reference 1.0.0, tag Users; reads only",
    record=User,
    verbs=frozenset({*READS, Verb.ME}),
    associations=(
        Association(
            "account_membership",
            "account_memberships",
            "account_membership_id",
            "(SELECT held.id FROM account_memberships AS held WHERE held.user_id = users.id)",
            stored=False,
        ),
        Association(
            "external_references",
            "external_references",
            "external_reference_ids",
            pairs=pairs("external_references", "subject_id", "id", "subject_type = 'User'"),
        ),
        Association(
            "skill_memberships",
            "skill_memberships",
            "skill_membership_ids",
            pairs=pairs("skill_memberships", "user_id", "id"),
        ),
    ),
    filters=(
        Filter("by_email_addresses", FilterKind.EMAILS, "email_address"),
        *dates("created", "updated"),
        Filter(
            "on_my_account",
            FilterKind.BOOLEAN,
            f"account_id = {ACCOUNT_ID}",
            _participants("1"),
            default="false",
            scope=True,
        ),
        Filter("participant_in", FilterKind.INTEGER, _participants("workspace_id = :value")),
        Filter("show_disabled", FilterKind.BOOLEAN, "", "disabled = 0", default="false"),
    ),
    orders=(alphabetical("full_name"),),
    default_order="alphabetical:asc",
    visible=f"id IN ({VISIBLE_PEOPLE})",
    disabled="disabled = 1",
)

ACCOUNT_MEMBERSHIPS = Collection(
    name="account_memberships",
    singular="account_membership",
    source="API reference 1.0.0, tag Account Memberships; shown through includes only",
    record=AccountMembership,
    verbs=frozenset(),
    associations=(Association("manager", "users", "manager_id"), Association("user", "users", "user_id")),
    visible=f"user_id IN ({VISIBLE_PEOPLE})",
    disabled="disabled_at IS NOT NULL",
)

EXTERNAL_REFERENCES = Collection(
    name="external_references",
    singular="external_reference",
    source="API reference 1.0.0, tag External References; shown through includes only",
    record=ExternalReference,
    verbs=frozenset(),
)
