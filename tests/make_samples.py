"""Writes `sample_data/` and `templates/`. Run with `make samples` after a change to an endpoint or to the sandbox.

The good lists are drawn from the sandbox's own people; the lists with mistakes are written out here, each row with
the problems that it must yield, so that the expected lists are ours and not the program's.
"""

import csv
import datetime as dt
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from importer import endpoints, sandbox, write_template
from tests.gallery.write import write_gallery

ROOT = Path(__file__).resolve().parent.parent
SAMPLES, TEMPLATES = ROOT / "sample_data", ROOT / "templates"

Row = Sequence[Any]
Mistake = tuple[Row, Sequence[tuple[str, str]]]
"""The cells of a row, and for each problem that it must yield the header of its column and its code."""

SKILL_HEADERS = ("user_id", "E-mail", "Full name", "skill_id", "Skill name", " Level ", "Comment")
GROUP_HEADERS = ("user_id", "email", "user", "Workspace Group ID", "group")
ORGANIZATION_HEADERS = (
    "geography_id", "geography", "department_id", "department", "member_id", "member", "member_type", "primary",
)  # fmt: skip

# The things that memberships name; the same columns stand in the lists with mistakes, under the words of a person.
LIBRARY_HEADERS = ("Skill name", "Category", "Highest level", "Description", "Owner")
TEAM_HEADERS = ("Group name", "Company", "contact_name", "contact_email", "phone_number", "notes", "action")
PLACE_HEADERS = ("Tree", "Path", "Cost centre", "action")

# People and skills of the sandbox: the same at every start.
ANA, BOTH_MARIAS, FULL_PERSON = 11482969, "Maria Silva", 11483275
PYTHON, JAVA, GO = 271015, 271064, 271288


def skill_mistakes() -> list[Mistake]:
    """Every mistake a person makes in a skill list. The columns are `SKILL_HEADERS`."""
    formula = "=1+1"
    day = dt.date(1900, 1, 4)
    return [
        ((ANA, None, None, PYTHON, None, 3, "right"), ()),
        ((None, "MARIA.SILVA2@example.com", None, None, "  java ", "4.0", "right: letter case and spaces"), ()),
        ((None, None, None, PYTHON, None, 3, "nobody named"), [("user_id", "blank")]),
        ((ANA, None, None, None, None, 3, "no skill named"), [("skill_id", "blank")]),
        ((None, "nobody@example.com", None, PYTHON, None, 3, "unknown e-mail"), [("E-mail", "not-found")]),
        ((None, None, "Nobody Atall", PYTHON, None, 3, "unknown name"), [("Full name", "not-found")]),
        ((None, None, BOTH_MARIAS, PYTHON, None, 3, "two people of this name"), [("Full name", "ambiguous")]),
        ((ANA, "maria.silva@example.com", None, PYTHON, None, 3, "id of one, e-mail of another"),
         [("E-mail", "disagree")]),
        ((ANA, None, None, None, "Basket Weaving", 3, "no such skill"), [("Skill name", "not-found")]),
        ((ANA, None, None, None, "scrum", 3, "two skills that differ in letter case"), [("Skill name", "ambiguous")]),
        ((ANA, None, None, PYTHON, "Java", 3, "id of one skill, name of another"), [("Skill name", "disagree")]),
        ((ANA, None, None, JAVA, None, 6, "too high"), [("Level", "out-of-range")]),
        ((ANA, None, None, None, "PMP", 3, "a level for what has none"), [("Level", "above-highest")]),
        ((ANA, None, None, None, "Kanban", "x", "a tick for what has levels"), [("Level", "tick")]),
        ((ANA, None, None, JAVA, None, -1, "too low"), [("Level", "out-of-range")]),
        ((ANA, None, None, JAVA, None, "high", "a word"), [("Level", "not-whole")]),
        ((ANA, None, None, JAVA, None, 3.5, "a half"), [("Level", "not-whole")]),
        ((ANA, None, None, JAVA, None, "3 or 4", "cannot decide"), [("Level", "not-whole")]),
        ((ANA, None, None, JAVA, None, day, "Excel made it a date"), [("Level", "date")]),
        ((ANA, None, None, JAVA, None, "#N/A", "a formula that failed"), [("Level", "error-cell")]),
        ((ANA, None, None, JAVA, None, formula, "a formula never calculated"), [("Level", "no-value")]),
        (("Ana", None, None, JAVA, None, 3, "a name for an id"), [("user_id", "not-an-id")]),
        (("1.16E+20", None, None, JAVA, None, 3, "Excel shortened the id"), [("user_id", "shortened")]),
        ((1234567890123456789, None, None, JAVA, None, 3, "too long for Excel"), [("user_id", "shortened")]),
        (("0012345", None, None, JAVA, None, 3, "a personnel number"), [("user_id", "leading-zero")]),
        (("11,482,969", None, None, JAVA, None, 3, "thousands separated"), [("user_id", "not-an-id")]),
        ((0, None, None, JAVA, None, 3, "zero"), [("user_id", "not-an-id")]),
        (("Ana", None, None, "Java", None, "high", "three at once"),
         [("user_id", "not-an-id"), ("skill_id", "not-an-id"), ("Level", "not-whole")]),
        ((ANA, None, None, PYTHON, None, 3, "the first row again: a duplicate, no problem"), ()),
        ((ANA, None, None, GO, None, 2, "two rows that cannot both be right"), [("Level", "same-key")]),
        ((ANA, None, None, GO, None, 5, "the other of the two"), [("Level", "same-key")]),
        ((BOTH_MARIAS, None, None, GO, None, "n/a", "a name for an id, and a dash for a level"),
         [("user_id", "not-an-id")]),
        ((11483059, None, None, GO, None, "\u2013", "right: a dash is a blank"), ()),
    ]  # fmt: skip


def group_mistakes() -> list[Mistake]:
    """Every mistake in a list of people and groups. The columns are `GROUP_HEADERS`."""
    return [
        ((ANA, None, None, 934185, None), ()),
        ((None, "ingrid.sorensen@example.com", None, None, "équipe montréal"), ()),
        ((None, None, None, 934185, None), [("user_id", "blank")]),
        ((ANA, None, None, None, None), [("Workspace Group ID", "blank")]),
        ((ANA, None, None, None, "field services"), [("group", "ambiguous")]),
        ((ANA, None, None, None, "Chess Club"), [("group", "not-found")]),
        ((ANA, None, None, 934185, "Mentors"), [("group", "disagree")]),
        ((None, None, BOTH_MARIAS, 934185, None), [("user", "ambiguous")]),
        ((None, "dana@example", None, 934185, None), [("email", "not-found")]),
        (("12.5", None, None, 934185, None), [("user_id", "not-an-id")]),
        ((ANA, None, None, "group 934185", None), [("Workspace Group ID", "not-an-id")]),
        ((-5, None, None, 934185, None), [("user_id", "not-an-id")]),
        (("#REF!", None, None, 934185, None), [("user_id", "error-cell")]),
        (("9.34E+05", None, None, 934185, None), [("user_id", "shortened")]),
        ((ANA, None, None, 934185, None), ()),
    ]


def organization_mistakes() -> list[Mistake]:
    """Every mistake in a list of places. The columns are `ORGANIZATION_HEADERS`."""
    return [
        ((None, "Europe > Germany", None, "Technology > Data", ANA, None, "user", None), ()),
        ((None, "Canada", None, "Engineering", None, "Northwind Data Platform", "WORKSPACE", None), ()),
        ((None, None, None, "Engineering", ANA, None, "User", None), [("geography_id", "blank")]),
        ((None, "Canada", None, None, ANA, None, "User", None), [("department_id", "blank")]),
        ((None, "Canada", None, "Engineering", None, None, "User", None), [("member_id", "blank")]),
        ((None, "Canada", None, "Engineering", ANA, None, None, None), [("member_type", "blank")]),
        ((None, "Canada", None, "Engineering", ANA, None, "Person", None), [("member_type", "not-a-choice")]),
        ((None, "Remote", None, "Engineering", ANA, None, "User", None), [("geography", "ambiguous")]),
        ((None, "Canada", None, "Operations", ANA, None, "User", None), [("department", "ambiguous")]),
        ((None, "Engineering", None, "Canada", ANA, None, "User", None),
         [("geography", "not-found"), ("department", "not-found")]),
        ((None, "Atlantis", None, "Engineering", ANA, None, "User", None), [("geography", "not-found")]),
        ((None, "Canada", None, "Engineering", None, "Website Relaunch", "Workspace", None), [("member", "ambiguous")]),
        ((None, "Canada", None, "Engineering", None, "No Such Project", "Workspace", None), [("member", "not-found")]),
        ((None, "Canada", None, "Engineering", None, "nobody@example.com", "User", None), [("member", "not-found")]),
        (("x", None, "y", None, "z", None, "User", None),
         [("geography_id", "not-an-id"), ("department_id", "not-an-id"), ("member_id", "not-an-id")]),
        ((None, "World > Europe > Germany", None, "Company > Technology > Data", ANA, None, "USER", None), ()),
    ]  # fmt: skip


def library_mistakes() -> list[Mistake]:
    """Every mistake in a list of skills. The columns are `LIBRARY_HEADERS`."""
    return [
        (("Service Design", "Skill", 5, "Designs services from end to end", "right"), ()),
        (("  Interim Management ", "skill", "5", None, "right: spaces and letter case"), ()),
        ((None, "Skill", 5, "Nobody knows which", "no name"), [("Skill name", "blank")]),
        (("Prompt Design", "Skil", 5, None, "a category that is none"), [("Category", "not-a-choice")]),
        (("Tax Law", "Legal", 5, None, "a category of one's own"), [("Category", "not-a-choice")]),
        (("Latin", "Language", 3, None, "a highest level that no skill has"), [("Highest level", "not-a-choice")]),
        (("Icelandic", "Language", "yes", None, "a word for a level"), [("Highest level", "not-a-choice")]),
        (("Estonian", "Language", dt.date(1900, 1, 5), None, "Excel made it a date"), [("Highest level", "date")]),
        (("Archery", "Sport", 0, None, "two at once"),
         [("Category", "not-a-choice"), ("Highest level", "not-a-choice")]),
        (("#NAME?", "Skill", 5, None, "a formula that failed"), [("Skill name", "error-cell")]),
        (("Quantum Computing", "Skill", "=1+4", None, "a formula never calculated"), [("Highest level", "no-value")]),
        (("Forklift Licence", "Certification", 1, "Renewed every five years", "two rows that differ"),
         [("Highest level", "same-key")]),
        (("Forklift Licence", "Certification", 5, "Renewed every five years", "the other of the two"),
         [("Highest level", "same-key")]),
        (("Service Design", "Skill", 5, "Designs services from end to end", "the first row again: no problem"), ()),
    ]  # fmt: skip


def team_mistakes() -> list[Mistake]:
    """Every mistake in a list of groups. The columns are `TEAM_HEADERS`."""
    return [
        (("Green Lake Energy", "Yes", "Ann Poole", "ann.poole@client.example.com", "+1 555 0161", None, None), ()),
        (("Grid Guild", "no", None, None, None, "Meets on Mondays", None), ()),
        (("Night Desk", None, None, None, None, None, None), ()),
        ((None, "yes", "Omar Reid", None, None, None, None), [("Group name", "blank")]),
        (("Bright Harbour Shipping", "perhaps", "Ida Lund", None, None, None, None), [("Company", "not-a-choice")]),
        (("Old Mill Foods", 2, "Per Vik", None, None, None, None), [("Company", "not-a-choice")]),
        (("Stone Arch Bank", "x", "Eva Roth", None, None, None, "delete"),
         [("Company", "not-a-choice"), ("action", "not-a-choice")]),
        (("Silver Birch Paper", "yes", "#REF!", None, None, None, None), [("contact_name", "error-cell")]),
        (("North Pier Media", "yes", "Lea Sand", None, None, "New client", None), [("notes", "same-key")]),
        (("North Pier Media", "yes", "Lea Sand", None, None, "Old client", None), [("notes", "same-key")]),
        (("Night Desk", None, None, None, None, None, None), ()),
    ]  # fmt: skip


def place_mistakes() -> list[Mistake]:
    """Every mistake in a list of places. The columns are `PLACE_HEADERS`."""
    return [
        (("Geography", "World > Europe > Austria", 4100, None), ()),
        (("department", "Company > Technology > Robotics", 7300, None), ()),
        ((None, "World > Europe > Belgium", 4101, None), [("Tree", "blank")]),
        (("Geography", None, 4102, None), [("Path", "blank")]),
        (("Region", "World > Europe > Croatia", 4103, None), [("Tree", "not-a-choice")]),
        (("Geographies", "World > Europe > Denmark", 4104, None), [("Tree", "not-a-choice")]),
        (("Geography", "#N/A", 4105, None), [("Path", "error-cell")]),
        (("Geography", "World > Europe > Estonia", 4106, "close"), [("action", "not-a-choice")]),
        (("Geography", "World > Europe > Austria", 4100, None), ()),
    ]


MISTAKES = {
    "skills": (LIBRARY_HEADERS, library_mistakes),
    "groups": (TEAM_HEADERS, team_mistakes),
    "organizations": (PLACE_HEADERS, place_mistakes),
    "skill-memberships": (SKILL_HEADERS, skill_mistakes),
    "user-group-memberships": (GROUP_HEADERS, group_mistakes),
    "organization-memberships": (ORGANIZATION_HEADERS, organization_mistakes),
}


def main() -> None:
    """Write every sample and every template."""
    SAMPLES.mkdir(exist_ok=True)
    TEMPLATES.mkdir(exist_ok=True)
    for old in TEMPLATES.iterdir():
        old.unlink()  # no workbook is written over another
    for endpoint in endpoints.load_all():
        write_template(endpoint.name, TEMPLATES / f"{endpoint.name}.xlsx", matrix=False)
    write_template("skill-memberships", TEMPLATES / "skill-matrix.xlsx", matrix=True)
    with sandbox.running() as running:
        _write_skills(running)
        _write_groups(running)
        _write_organizations(running)
        _write_targets()
        _write_things()
        write_gallery(SAMPLES / "gallery", running)
    for name, (headers, mistakes) in MISTAKES.items():
        _write_mistakes(name, headers, mistakes())


def _write_skills(running: sandbox.Running) -> None:
    """New skills for some people, levels that differ for others, and some that are as they are."""
    new = running.query(
        """select u.id user_id, u.email_address email, s.id skill_id, s.name skill, s.max_level
        from users u join skills s on (u.id + s.id) % 97 = 0
        where u.disabled = 0 and u.account_id = 6300412 and lower(s.name) <> 'scrum'
        and not exists (select 1 from skill_memberships m where m.user_id = u.id and m.skill_id = s.id)
        and (select count(*) from skill_memberships m where m.user_id = u.id) < 150 order by u.id, s.id limit 60"""
    )
    held = running.query(
        """select u.id user_id, u.email_address email, s.id skill_id, s.name skill, s.max_level, m.level
        from skill_memberships m join users u on u.id = m.user_id join skills s on s.id = m.skill_id
        where u.disabled = 0 and s.max_level = 5 and m.level between 1 and 4 and m.id % 50 = 0
        and lower(s.name) <> 'scrum' order by m.id limit 24"""
    )
    rows = [{**row, "level": 1 if row["max_level"] == 1 else 1 + (row["user_id"] + row["skill_id"]) % 5} for row in new]
    rows += [{**row, "level": row["level"] + 1} for row in held[:12]] + held[12:]
    _write_csv("skill-memberships", ("user_id", "skill_id", "level"), rows)
    _write_xlsx("skill-memberships", ("E-mail", "Skill", "Level"), [(r["email"], r["skill"], r["level"]) for r in rows])


def _write_groups(running: sandbox.Running) -> None:
    new = running.query(
        """select u.id user_id, u.email_address email, g.id workspace_group_id, g.name "group"
        from users u join workspace_groups g on (u.id + g.id) % 101 = 0
        where u.disabled = 0 and u.account_id = 6300412 and trim(g.name) <> 'Field Services'
        and not exists (select 1 from user_group_memberships m where m.user_id = u.id and m.workspace_group_id = g.id)
        order by u.id, g.id limit 40"""
    )
    held = running.query(
        """select u.id user_id, u.email_address email, g.id workspace_group_id, g.name "group"
        from user_group_memberships m join users u on u.id = m.user_id
        join workspace_groups g on g.id = m.workspace_group_id
        where u.disabled = 0 and trim(g.name) <> 'Field Services' order by m.id limit 8"""
    )
    rows = new + held
    _write_csv("user-group-memberships", ("user_id", "workspace_group_id"), rows)
    _write_xlsx("user-group-memberships", ("email", "Group name"), [(r["email"], r["group"]) for r in rows])


def _write_organizations(running: sandbox.Running) -> None:
    places = {
        row["id"]: (row["name"], row["parent"], row["type"])
        for row in running.query(
            "select a.id, a.name, b.name parent, a.type from organizations a join organizations b on b.id = a.parent_id"
        )
    }
    geographies = [id_ for id_, (_, _, kind) in places.items() if kind == "Geography"]
    departments = [id_ for id_, (_, _, kind) in places.items() if kind == "Department"]
    members = [
        {"member_id": row["id"], "member": row["name"], "member_type": row["type"]}
        for row in running.query(
            """select id, email_address name, 'User' type from users u where disabled = 0 and account_id = 6300412
            and not exists (select 1 from organization_memberships m where m.member_id = u.id) limit 30"""
        )
        + running.query(
            """select id, title name, 'Workspace' type from workspaces where archived = 0
            and title not in (select title from workspaces group by title having count(*) > 1) limit 10"""
        )
    ]
    rows = [
        member | {"geography_id": geographies[at % 25], "department_id": departments[at * 7 % 18]}
        for at, member in enumerate(members)
    ]
    held = running.query(
        """select geography_id, department_id, member_id, member_type, u.email_address member
        from organization_memberships m join users u on u.id = m.member_id
        where member_type = 'User' and u.disabled = 0 order by m.id limit 6"""
    )
    rows += held
    _write_csv("organization-memberships", ("geography_id", "department_id", "member_id", "member_type"), rows)

    def path(id_: int) -> str:
        name, parent, _ = places[id_]
        return f"{parent} > {name}"

    table = [(path(r["geography_id"]), path(r["department_id"]), r["member"], r["member_type"]) for r in rows]
    _write_xlsx("organization-memberships", ("Geography", "Department", "Member", "Member type"), table)


def _write_targets() -> None:
    """What a manager may want of the sandbox's people: some of it is there, some is not."""
    rows: list[Row] = [
        ("Python", 3, 15, None),
        ("Python", 5, 3, None),
        ("Airflow", 3, 8, None),
        ("Penetration Testing", 4, 6, None),
        ("Risk Management", 3, 8, None),
        ("Data Modeling", 4, 10, None),
        ("German", 3, 6, "Language"),
        ("Mandarin Chinese", 3, 4, "Language"),
        ("Night Shifts", None, 12, None),
        ("Power BI", 4, 5, None),
    ]
    _write_xlsx("targets", ("Skill", "Level", "How many", "Category"), rows)


SKILLS = [
    ("Service Design", "Skill", "5", "Designs services from end to end"),
    ("Prompt Design", "Skill", "5", "Writes and tests instructions for language models"),
    ("Interim Management", "Skill", "5", "Leads a client's team for a limited time"),
    ("Carbon Accounting", "Skill", "5", "Measures emissions by the GHG Protocol"),
    ("Process Mining", "Skill", "5", "Finds how work flows in the logs of systems"),
    ("Low-Code Development", "Skill", "5", "Builds applications with little code"),
    ("Rust for Embedded Systems", "Skill", "5", ""),
    ("Tax Law, cross-border", "Skill", "5", "VAT, withholding tax and transfer pricing"),
    ("Icelandic", "Language", "5", "Reads, writes and speaks Icelandic"),
    ("Română", "Language", "5", "Romanian"),
    ("Latin", "Language", "5", ""),
    ("FinOps Certified Practitioner", "Certification", "1", "FinOps Foundation"),
    ("Certified Kubernetes Security Specialist", "Certification", "1", "Valid for two years"),
    ("Certified Fraud Examiner", "Certification", "1", ""),
    ("Forklift Licence", "Other", "1", "Renewed every five years"),
    ("Drone Pilot Licence", "Other", "1", ""),
]
GROUPS = [
    ("Sustainability Practice", "no", "Kwame Mensah", "kwame.mensah@example.com", "+1 555 0142", "Meets on Mondays"),
    ("AI Guild", "no", "Maria Silva", "maria.silva@example.com", "", "Open to everybody"),
    ("Night Desk", "no", "", "", "+1 555 0143", "22:00 to 06:00 UTC"),
    ("Works Council", "no", "", "", "", ""),
    ("Alumni", "no", "", "", "", "Former colleagues"),
    ("Équipe Genève", "no", "Jean-Luc Béranger", "", "", ""),
    ("Green Lake Energy", "yes", "Ann Poole", "ann.poole@client.example.com", "+1 555 0161", "Client since 2021"),
    ("Bright Harbour Shipping", "yes", "Ida Lund", "ida.lund@client.example.com", "+1 555 0162", ""),
    ("Old Mill Foods", "yes", "Per Vik", "per.vik@client.example.com", "", "Invoices on paper"),
    ("Stone Arch Bank", "yes", "Eva Roth", "", "+1 555 0164", ""),
    ("Müller & Söhne GmbH", "yes", "Jörg Müller", "joerg.mueller@client.example.com", "", ""),
    ("North Pier Media", "yes", "", "", "", "Contract under review"),
]
PLACES = [
    ("Geography", "World > Europe > Nordics > Sweden"),  # before the places above it
    ("Geography", "World > Europe > Nordics > Finland"),
    ("Geography", "World > Europe > Nordics"),
    ("Geography", "World > Europe > Austria"),
    ("Geography", "World > Europe > Austria > Vienna"),
    ("Geography", "World > Americas > Canada > Québec"),
    ("Geography", "World > Antarctica"),
    ("Geography", "World > Asia Pacific > New Zealand"),
    ("Department", "Company > Technology > Robotics"),
    ("Department", "Company > Technology > Data > Machine Learning"),
    ("Department", "Company > Technology > Data > Reporting"),
    ("Department", "Company > Sustainability"),
    ("Department", "Company > Sustainability > Advisory"),
    ("Department", "Company > Corporate > Facilities"),
]
"""Skills, groups and places that the sandbox does not have."""


def _write_things() -> None:
    """A library of skills, groups and places that are all new."""
    _write_table("skills", ("name", "category", "max_level", "description"), SKILLS)
    _write_xlsx("skills", LIBRARY_HEADERS[:4], SKILLS)
    _write_table("groups", ("name", "company", "contact_name", "contact_email", "phone_number", "notes"), GROUPS)
    _write_xlsx("groups", TEAM_HEADERS[:6], GROUPS)
    _write_table("organizations", ("tree", "path"), PLACES)
    _write_xlsx("organizations", PLACE_HEADERS[:2], PLACES)


def _write_table(name: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    _write_csv(name, headers, [dict(zip(headers, row, strict=True)) for row in rows])


def _write_csv(name: str, headers: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    with (SAMPLES / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows([row[header] for header in headers] for row in rows)


def _write_xlsx(name: str, headers: Sequence[str], rows: Iterable[Row]) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "List"
    _fill(sheet, headers, rows, header_row=1)
    book.save(SAMPLES / f"{name}.xlsx")


def _write_mistakes(name: str, headers: Sequence[str], mistakes: Sequence[Mistake]) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Autumn review"
    sheet["A1"] = "Autumn review: please correct the rows that are commented"
    sheet["A1"].font = Font(bold=True, size=14)
    header_row, first = 3, 4
    _fill(sheet, headers, [cells for cells, _ in mistakes], header_row)
    sheet.row_dimensions[first].hidden = True
    book.save(SAMPLES / f"{name}-mistakes.xlsx")
    expected = []
    for row, (_, problems) in enumerate(mistakes, first):
        for header, code in problems:
            column = next(at for at, text in enumerate(headers, 1) if text.strip() == header)
            expected.append({"cell": f"{get_column_letter(column)}{row}", "column": header, "code": code})
    lines = ",\n".join(" " + json.dumps(each) for each in expected)
    (SAMPLES / f"{name}-mistakes.problems.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def _fill(sheet: Any, headers: Sequence[str], rows: Iterable[Row], header_row: int) -> None:
    for column, text in enumerate(headers, 1):
        cell = sheet.cell(header_row, column, text)
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = max(12, len(text) + 4)
    for row, cells in enumerate(rows, header_row + 1):
        for column, value in enumerate(cells, 1):
            if value is not None:
                cell = sheet.cell(row, column, value)
                if isinstance(value, str) and value.startswith("#"):
                    cell.data_type = "e"


if __name__ == "__main__":
    main()
