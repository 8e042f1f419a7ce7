"""Groups, organizations and projects of the fixture world; plain data, in a fixed order."""

from dataclasses import dataclass

from importer.sandbox.world.ids import spaced

# (name, is it a company). The names of two differ by outer spaces only.
GROUPS = (
    ("Cloud Practice", False),
    ("Data & Analytics", False),
    ("Digital Experience", False),
    ("Cybersecurity", False),
    ("ERP Practice", False),
    ("CRM Practice", False),
    ("Change & Training", False),
    ("Project Management Office", False),
    ("Quality Guild", False),
    ("Architecture Board", False),
    ("Field Services", False),
    (" Field Services ", False),
    ("Mentors", False),
    ("New Starters", False),
    ("First Aiders", False),
    ("Proposal Reviewers", False),
    ("Bench", False),
    ("Contractors", False),
    ("Équipe Montréal", False),
    ("Équipe Paris", False),
    ("Alder & Finch Manufacturing", True),
    ("Northwind Traders", True),
    ("Meridian Health", True),
    ("Ciudad Verde, S.A.", True),
    ("Blue Lantern Insurance", True),
)

# name: the name of each child, and below it its own. Some names stand under several parents.
GEOGRAPHY = {
    "World": {
        "Americas": ("United States", "Canada", "Brazil", "Mexico", "Remote"),
        "Europe": ("United Kingdom", "Ireland", "Germany", "France", "Poland", "Remote"),
        "Middle East & Africa": ("Egypt", "Israel", "Kenya", "Nigeria", "South Africa"),
        "Asia Pacific": ("Australia", "India", "Japan", "Singapore", "South Korea", "Remote"),
    }
}
DEPARTMENT = {
    "Company": {
        "Consulting": ("Strategy", "Delivery", "Operations"),
        "Technology": ("Engineering", "Data", "Security", "Operations"),
        "Customer": ("Sales", "Customer Success", "Support"),
        "Corporate": ("Finance", "People", "Legal", "Operations"),
    }
}

# (title, archived). Two projects have the same title.
PROJECTS = (
    ("Alder & Finch: Plant Rollout", False),
    ("Northwind Data Platform", False),
    ("Meridian Patient Portal", False),
    ("Website Relaunch", False),
    ("Website Relaunch", False),
    ("Legacy CRM Shutdown", True),
    ("ERP Phase 1", False),
    ("ERP Phase 2", False),
    ("Cloud Landing Zone", False),
    ("Security Baseline", False),
    ("Claims Automation", False),
    ("Ciudad Verde: Movilidad", False),
    ("Retail Pricing Study", False),
    ("Warehouse Scanning", False),
    ("Mobile Banking App", False),
    ("HR Self-Service", False),
    ("Grid Outage Dashboard", False),
    ("Customer 360", False),
    ("Forecasting Model", False),
    ("Contact Centre Move", False),
    ("Research Repository", False),
    ("Fleet Telematics", False),
    ("Regulatory Reporting", False),
    ("Identity Consolidation", False),
    ("Campus Network", False),
    ("Field Service Tablet", False),
    ("Loyalty Programme", False),
    ("Internal: Bench Training", False),
    ("Internal: Hiring", False),
    ("Internal: Knowledge Base", False),
)


@dataclass(frozen=True, slots=True)
class Organization:
    """A node of one of the two trees; `depth` is 0 for the root."""

    id: int
    name: str
    type: str
    parent_id: int | None
    depth: int


def _tree(kind: str, nested: dict[str, dict[str, tuple[str, ...]]], first: int) -> list[Organization]:
    found: list[Organization] = []

    def add(name: str, parent: Organization | None) -> Organization:
        number = spaced("organizations", first + len(found))
        depth = parent.depth + 1 if parent else 0
        node = Organization(number, name, kind, parent.id if parent else None, depth)
        found.append(node)
        return node

    for root_name, branches in nested.items():
        root = add(root_name, None)
        for branch_name, leaves in branches.items():
            branch = add(branch_name, root)
            for leaf in leaves:
                add(leaf, branch)
    return found


_GEOGRAPHIES = _tree("Geography", GEOGRAPHY, 0)
_DEPARTMENTS = _tree("Department", DEPARTMENT, len(_GEOGRAPHIES))
ORGANIZATIONS = (*_GEOGRAPHIES, *_DEPARTMENTS)
GEOGRAPHY_IDS = tuple(each.id for each in _GEOGRAPHIES if each.depth == 2)
DEPARTMENT_IDS = tuple(each.id for each in _DEPARTMENTS if each.depth == 2)

GROUP_IDS = tuple(spaced("workspace_groups", number) for number in range(len(GROUPS)))
PROJECT_IDS = tuple(spaced("workspaces", number) for number in range(len(PROJECTS)))
