"""Groups, organizations, projects and roles of the fixture world; plain data, in a fixed order."""

from dataclasses import dataclass

from importer.sandbox.world.ids import spaced

ROLES = (
    "Consultant",
    "Senior Consultant",
    "Principal Consultant",
    "Business Analyst",
    "Solution Architect",
    "Software Engineer",
    "Data Engineer",
    "Cloud Engineer",
    "Security Consultant",
    "Quality Engineer",
    "UX Designer",
    "Project Manager",
    "Program Manager",
    "Change Manager",
    "Technical Writer",
    "Trainer",
    "Support Engineer",
)
DELETED_ROLE = "Webmaster"

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

# (title, archived, stage). Two projects have the same title.
PROJECTS = (
    ("Alder & Finch: Plant Rollout", False, "project"),
    ("Northwind Data Platform", False, "project"),
    ("Meridian Patient Portal", False, "project"),
    ("Website Relaunch", False, "project"),
    ("Website Relaunch", False, "project"),
    ("Legacy CRM Shutdown", True, "project"),
    ("ERP Phase 1", False, "project"),
    ("ERP Phase 2", False, "estimate"),
    ("Cloud Landing Zone", False, "project"),
    ("Security Baseline", False, "project"),
    ("Claims Automation", False, "project"),
    ("Ciudad Verde: Movilidad", False, "project"),
    ("Retail Pricing Study", False, "project"),
    ("Warehouse Scanning", False, "project"),
    ("Mobile Banking App", False, "project"),
    ("HR Self-Service", False, "project"),
    ("Grid Outage Dashboard", False, "project"),
    ("Customer 360", False, "project"),
    ("Forecasting Model", False, "project"),
    ("Contact Centre Move", False, "project"),
    ("Research Repository", False, "project"),
    ("Fleet Telematics", False, "project"),
    ("Regulatory Reporting", False, "project"),
    ("Identity Consolidation", False, "project"),
    ("Campus Network", False, "estimate"),
    ("Field Service Tablet", False, "project"),
    ("Loyalty Programme", False, "project"),
    ("Internal: Bench Training", False, "project"),
    ("Internal: Hiring", False, "project"),
    ("Internal: Knowledge Base", False, "project"),
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
ROLE_IDS = tuple(spaced("roles", number) for number in range(len(ROLES)))
DELETED_ROLE_ID = spaced("roles", len(ROLES))
