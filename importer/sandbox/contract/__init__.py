"""The whole contract of the API as data: every collection by its name.

Source: Kantata OX API reference 1.0.0 (the OpenAPI files in api-evangelist/mavenlink), mavenlink/brainstem
and mavenlink/mavenlink_gem.
"""

from importer.sandbox.contract.declare import Collection
from importer.sandbox.contract.memberships import ORGANIZATION_MEMBERSHIPS, SKILL_MEMBERSHIPS, USER_GROUP_MEMBERSHIPS
from importer.sandbox.contract.people import ACCOUNT_MEMBERSHIPS, EXTERNAL_REFERENCES, USERS
from importer.sandbox.contract.places import ORGANIZATIONS, WORKSPACE_GROUPS, WORKSPACES
from importer.sandbox.contract.skills import SKILL_CATEGORIES, SKILLS

COLLECTIONS: dict[str, Collection] = {
    each.name: each
    for each in (
        SKILL_MEMBERSHIPS,
        USER_GROUP_MEMBERSHIPS,
        ORGANIZATION_MEMBERSHIPS,
        SKILLS,
        SKILL_CATEGORIES,
        USERS,
        WORKSPACE_GROUPS,
        ORGANIZATIONS,
        WORKSPACES,
        ACCOUNT_MEMBERSHIPS,
        EXTERNAL_REFERENCES,
    )
}

__all__ = ["COLLECTIONS"]
