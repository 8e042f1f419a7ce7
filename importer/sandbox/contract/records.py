"""What the records of an answer hold: their names and types, and the columns they come from; knows no row.

Source: API reference 1.0.0; recorded traffic for times and blank fields.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel


class Form(StrEnum):
    """How a value that is more than its column is put into JSON."""

    CONTACT = "contact"  # text; blank is null or "" by the switch `blank`
    ID = "id"  # a string, or null
    MAX_LEVEL = "max_level"  # a string or a number by the switch `skill_max_level`
    GROUP_ID = "group_id"  # a number or a string by the switch `ugm_id_type`
    MEMBER_TYPE = "member_type"  # spelled by the switch `member_type_out`


@dataclass(frozen=True, slots=True)
class Column:
    """The SQL of an attribute that is not named as its column; hidden while the switch `feature` is off."""

    sql: str
    feature: str = ""


Id = Annotated[str | None, Form.ID]
Time = datetime | None
Contact = Annotated[str | None, Form.CONTACT]
GroupId = Annotated[int, Form.GROUP_ID]


class Record(BaseModel):
    """What every record of an answer has."""

    id: Id


class StampedRecord(Record):
    """A record that says when it was created and changed."""

    created_at: Time
    updated_at: Time


class User(Record):
    """A person. Source: API reference 1.0.0; account_id and disabled as in mavenlink/mavenlink_gem."""

    full_name: str
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
    subject_type: str
    subject_id: Id


class Skill(StampedRecord):
    """A skill of the library; its `max_level` is "1" where it has no levels, else "5"."""

    name: str
    description: str | None
    max_level: Annotated[str, Form.MAX_LEVEL]


class SkillCategory(Record):
    """One of the four kinds of skills."""

    name: str


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


class Workspace(StampedRecord):
    """A project."""

    title: str
    archived: bool
    account_id: int


class SkillMembership(StampedRecord):
    """A skill that a person has."""

    cached_skill_name: str
    level: int
    max_level: Annotated[int, Column("(SELECT skills.max_level FROM skills WHERE skills.id = skill_id)")]


class UserGroupMembership(Record):
    """A group that a person is in."""

    created_at: Time
    creator_id: int | None
    user_id: GroupId
    workspace_group_id: GroupId


class OrganizationMembership(StampedRecord):
    """A geography and a department that a person or a project belongs to."""

    member_id: Id
    member_type: Annotated[str, Form.MEMBER_TYPE]
    primary: Annotated[bool, Column("is_primary", feature="primary")]
