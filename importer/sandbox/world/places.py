"""Groups, organizations and projects of the fixture world, with their ids."""

from dataclasses import dataclass

from importer.sandbox.world.fixture import FIXTURE
from importer.sandbox.world.ids import spaced

COMPANIES = set(FIXTURE["companies"])
GROUPS = (*FIXTURE["groups"], *FIXTURE["companies"])
PROJECTS = tuple(FIXTURE["projects"])
ARCHIVED = set(FIXTURE["archived_projects"])
GROUP_IDS = tuple(spaced("workspace_groups", number) for number in range(len(GROUPS)))
PROJECT_IDS = tuple(spaced("workspaces", number) for number in range(len(PROJECTS)))


@dataclass(frozen=True, slots=True)
class Organization:
    """A node of one of the two trees; `depth` is 0 for the root."""

    id: int
    name: str
    type: str
    parent_id: int | None
    depth: int


def _trees() -> tuple[Organization, ...]:
    """Both trees, each parent before its children."""
    found: list[Organization] = []

    def add(kind: str, name: str, parent: Organization | None) -> Organization:
        depth = parent.depth + 1 if parent else 0
        key = spaced("organizations", len(found))
        node = Organization(key, name, kind, parent.id if parent else None, depth)
        found.append(node)
        return node

    for kind, tree in FIXTURE["trees"].items():
        for root_name, branches in tree.items():
            root = add(kind, root_name, None)
            for branch_name, leaves in branches.items():
                branch = add(kind, branch_name, root)
                for leaf in leaves:
                    add(kind, leaf, branch)
    return tuple(found)


ORGANIZATIONS = _trees()
GEOGRAPHY_IDS = tuple(each.id for each in ORGANIZATIONS if each.type == "Geography" and each.depth == 2)
DEPARTMENT_IDS = tuple(each.id for each in ORGANIZATIONS if each.type == "Department" and each.depth == 2)
