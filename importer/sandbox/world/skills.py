"""The skill library of the fixture world: four categories, about 220 skills; plain data, in a fixed order.

More than 200, because one person holds 200 and must still be able to ask for one more.
Source of the categories and of max_level "1" or "5": API reference 1.0.0, tags Skill Categories and Skills.
"""

from dataclasses import dataclass
from itertools import count

from importer.sandbox.world.ids import counted, spaced

CATEGORIES = ("Skill", "Language", "Certification", "Other")
CATEGORY_ID = {name: counted("skill_categories", number) for number, name in enumerate(CATEGORIES)}


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill of the library; `max_level` 5 has levels, 1 has none."""

    id: int
    name: str
    category: str
    max_level: int
    description: str | None = None


_LEVELLED = """
Python|Java|JavaScript|TypeScript|C|C++|C#|Go|R|Rust|Ruby|PHP|Kotlin|Swift|Scala|SQL|COBOL|MATLAB|Bash
PowerShell|HTML and CSS|React|Angular|Vue.js|Node.js|.NET|Spring Boot|Django|Ruby on Rails|GraphQL
REST API Design|PostgreSQL|MySQL|Oracle Database|SQL Server|MongoDB|Redis|Snowflake|BigQuery|Databricks
Apache Spark|Apache Kafka|Airflow|dbt|Power BI|Tableau|Looker|Excel|Excel VBA|Machine Learning
Deep Learning|Natural Language Processing|Data Modeling|Data Governance|Data Migration|Statistics
Forecasting|A/B Testing|Geospatial Analysis|AWS|Microsoft Azure|Google Cloud|Docker|Kubernetes|Terraform
Ansible|Jenkins|GitHub Actions|Linux Administration|Windows Server|Active Directory|VMware
Networking (TCP/IP)|Firewalls|Identity and Access Management|Penetration Testing|Incident Response
Threat Modeling|Security Architecture|Observability|SAP S/4HANA|SAP FI/CO|Oracle Fusion|NetSuite
Microsoft Dynamics 365|Workday HCM|Workday Financials|Salesforce|Salesforce CPQ|HubSpot|ServiceNow
Jira Administration|SharePoint|MuleSoft|Boomi|Kantata OX|Business Analysis|Requirements Gathering
Process Mapping|Lean Six Sigma|Change Management|Stakeholder Management|Project Management
Program Management|Agile Coaching|Scrum|Kanban|SAFe|Risk Management|Vendor Management|Facilitation
Workshop Design|Executive Presentation|Storytelling|Negotiation|Conflict Resolution|Mentoring|Coaching
Strategy|Market Research|Pricing|Due Diligence|Financial Modeling|Budgeting|Cost Accounting
Revenue Recognition|Supply Chain|Procurement|Inventory Planning|Manufacturing|Retail Operations
Healthcare Operations|Public Sector|Energy and Utilities|Insurance|Retail Banking|Capital Markets
Telecommunications|Life Sciences|Higher Education|UX Research|Interaction Design|Visual Design|Figma
Accessibility (WCAG)|Content Strategy|Technical Writing|Test Automation|Performance Testing
Release Management|Training Delivery|Sales Engineering|Proposal Writing
"""
_LANGUAGES = """
English|Spanish|French|German|Portuguese|Italian|Dutch|Polish|Czech|Swedish|Norwegian|Danish|Finnish
Ukrainian|Greek|Turkish|Arabic|Hebrew|Hindi|Bengali|Tamil|Urdu|Mandarin Chinese|Cantonese|Japanese|Korean
Vietnamese|Thai|Indonesian|Tagalog|Swahili|Amharic|Yoruba|isiZulu|Te reo Māori|Español (México)
Français (Québec)
"""
_CERTIFICATIONS = """
PMP|PRINCE2 Practitioner|Certified ScrumMaster|CBAP|ITIL 4 Foundation|TOGAF 9
AWS Solutions Architect Associate|AWS Solutions Architect Professional|Azure Administrator (AZ-104)
Google Professional Data Engineer|CKA|CISSP|CISA|CompTIA Security+|CCNA|Salesforce Administrator
ServiceNow CSA|Six Sigma Black Belt|CPA|CFA Charterholder|Prosci Change Practitioner
ISO 27001 Lead Auditor
"""
_OTHER = """
Driving Licence B|First Aid at Work|Working at Height|Security Clearance (Secret)|Willing to Travel
Night Shifts
"""

_GRADED_CERTIFICATIONS = ("Cisco Specialist Track", "SAP Certified Development Associate")
_UNGRADED_SKILLS = ("On-call Rota", "Customer References")
_UNGRADED_LANGUAGES = ("Sign Language (BSL)", "Sign Language (ASL)")
_GRADED_OTHER = ("Public Speaking", "Photography")

# What files get wrong: a name that differs by case only, quotes and commas, words that look like values.
_ODD = (
    ("SCRUM", "Skill", 1, 'Differs from "Scrum" by case only'),
    ('Négociation "gagnant-gagnant", niveau avancé', "Skill", 5, "Comma, quotes and letters beyond ASCII"),
    ("NA", "Other", 5, "Network administration; looks like a missing value"),
    ("TRUE", "Other", 1, "A test framework; looks like a truth value"),
)


def _words(text: str) -> list[str]:
    return [name for line in text.strip().splitlines() for name in line.split("|")]


def _library() -> tuple[Skill, ...]:
    number = count()

    def made(name: str, category: str, max_level: int, description: str | None = None) -> Skill:
        return Skill(spaced("skills", next(number)), name, category, max_level, description)

    return (
        *(made(name, "Skill", 5) for name in _words(_LEVELLED)),
        *(made(name, "Skill", 1) for name in _UNGRADED_SKILLS),
        *(made(name, "Language", 5) for name in _words(_LANGUAGES)),
        *(made(name, "Language", 1) for name in _UNGRADED_LANGUAGES),
        *(made(name, "Certification", 1) for name in _words(_CERTIFICATIONS)),
        *(made(name, "Certification", 5) for name in _GRADED_CERTIFICATIONS),
        *(made(name, "Other", 1) for name in _words(_OTHER)),
        *(made(name, "Other", 5) for name in _GRADED_OTHER),
        *(made(*odd) for odd in _ODD),
    )


SKILLS = _library()
