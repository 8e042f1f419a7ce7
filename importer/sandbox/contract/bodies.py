"""What the objects in the body of a POST or PUT may hold; knows how a value is read, and no row.

A model is validated with the switches as its context. The text of an error follows the name of its field: "User must
be an integer". Fields of an update that are not sent stay unset.
Source: API reference 1.0.0, section Bulk Create and the body of each operation.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

LARGEST_ID = 2**62  # beyond, SQLite has no integer
MEMBERS = {"user": ("User", "users"), "workspace": ("Workspace", "workspaces")}
NOT_SENT: Any = None


@dataclass(frozen=True, slots=True)
class Refers:
    """The collection in which the id must exist; for a member, `member_type` says which."""

    collection: str = ""


@dataclass(frozen=True, slots=True)
class Feature:
    """The field exists only while this switch is `writable`."""

    switch: str


def _wrong(text: str) -> PydanticCustomError:
    return PydanticCustomError("wrong", "{text}", {"text": text})


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _id(value: object, info: ValidationInfo[Mapping[str, str]]) -> int:
    if _is_blank(value):
        raise _wrong("can't be blank")
    texts_accepted = info.context["string_ids"] == "accept"
    if isinstance(value, str) and texts_accepted and re.fullmatch(r"\s*\d{1,18}\s*", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_ID:
        raise _wrong("must be an integer")
    return value


def _text(value: object) -> str | None:
    if isinstance(value, dict | list):
        raise _wrong("must be a text")
    return None if _is_blank(value) else str(value)


def _name(value: object) -> str:
    text = _text(value)
    if text is None:
        raise _wrong("can't be blank")
    return text


def _flag(value: object) -> int:
    return int(str(value).strip().lower() in {"true", "1"})


def _max_level(value: object) -> int | None:
    if _is_blank(value):
        return None
    if isinstance(value, bool) or str(value) not in {"1", "5"}:
        raise _wrong("must be 1 or 5")
    return int(str(value))


def _member_type(value: object, info: ValidationInfo[Mapping[str, str]]) -> str:
    spelled = str(value)
    kind, _ = MEMBERS.get(spelled.strip().lower(), ("", ""))
    accepted = {"any": spelled, "lower": kind.lower(), "Capital": kind}[info.context["member_type_in"]]
    if _is_blank(value):
        raise _wrong("can't be blank")
    if not kind or spelled != accepted:
        raise _wrong("is not included in the list")
    return kind


Id = Annotated[int, BeforeValidator(_id)]
Name = Annotated[str, BeforeValidator(_name)]
Text = Annotated[str | None, BeforeValidator(_text)]
Flag = Annotated[int, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
MaxLevel = Annotated[int | None, BeforeValidator(_max_level), WithJsonSchema({"type": "string", "enum": ["1", "5"]})]
MemberType = Annotated[
    str, BeforeValidator(_member_type), WithJsonSchema({"type": "string", "enum": ["User", "Workspace"]})
]
Level = Annotated[Any, WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 5})]
Organization = Annotated[Id, Refers("organizations")]
Category = Annotated[Id, Refers("skill_categories")]


class Body(BaseModel):
    """The object of a POST or PUT."""


def _update(created: type[Body], *fixed: str) -> type[Body]:
    """The object of a PUT: that of a POST, with nothing required and without what is fixed once a record is there."""
    fields: dict[str, Any] = {
        name: (Annotated[field.annotation, *field.metadata], NOT_SENT)
        if field.is_required()
        else (field.annotation, field)
        for name, field in created.model_fields.items()
        if name not in fixed
    }
    name = created.__name__.replace("Create", "Update")
    return create_model(name, __base__=Body, __doc__=f"What PUT changes. {created.__doc__}", **fields)


class SkillMembershipCreate(Body):
    """A skill membership. The rules read the level, which depends on the skill."""

    level: Level = Field(default=NOT_SENT, exclude=True, examples=[3])
    skill_id: Annotated[Id, Refers("skills")]
    user_id: Annotated[Id, Refers("users")]


class UserGroupMembershipCreate(Body):
    """A group membership."""

    user_id: Annotated[Id, Refers("users")]
    workspace_group_id: Annotated[Id, Refers("workspace_groups")]


class OrganizationMembershipCreate(Body):
    """An organization membership."""

    geography_id: Organization
    department_id: Organization
    is_primary: Annotated[Flag, Feature("primary")] = Field(default=0, alias="primary")
    member_type: MemberType
    member_id: Annotated[Id, Refers()]


class SkillCreate(Body):
    """A skill."""

    name: Name
    max_level: MaxLevel = None
    skill_category_id: Category
    description: Text = None


class WorkspaceGroupBody(Body):
    """A group, new or changed: its name is required for both."""

    name: Name
    company: Flag = 0
    contact_name: Text = None
    email: Text = None
    phone_number: Text = None
    address: Text = None
    website: Text = None
    notes: Text = None


class OrganizationCreate(Body):
    """An organization."""

    name: Name
    parent_id: Organization


SkillMembershipUpdate = _update(SkillMembershipCreate, "skill_id", "user_id")
OrganizationMembershipUpdate = _update(OrganizationMembershipCreate, "member_type", "member_id")
SkillUpdate = _update(SkillCreate)
OrganizationUpdate = _update(OrganizationCreate)
