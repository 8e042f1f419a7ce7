"""Six habits of keeping a skill matrix: plain, with titles and totals, in words, by team, in sheets, with a filter."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.gallery.draw import THIN, Book, Look, Sheet, average, cell
from tests.gallery.expected import Expected, ExpectedSheet
from tests.gallery.world import Levels, Person, World, levels

HEAD: Look = {"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", **THIN}
PALE: Look = {"bold": True, "bg_color": "#D9E1F2", **THIN}
GREY: Look = {"italic": True, "font_color": "#7F7F7F"}
TITLE: Look = {"bold": True, "font_size": 16, "font_color": "#1F3864"}
UPRIGHT: Look = {"rotation": 60, "align": "center", "valign": "bottom"}
CENTRE: Look = {"align": "center", **THIN}
AVERAGE: Look = {"num_format": "0.0", "italic": True, "bg_color": "#F2F2F2", **CENTRE}


def fill(sheet: Sheet, row: int, column: int, held: dict[str, int], skills: Sequence[str]) -> None:
    """One person's levels, a blank where there is none."""
    for at, skill in enumerate(skills, column):
        sheet.put(cell(row, at), held.get(skill), **CENTRE)


def plain(folder: Path, world: World) -> Expected:
    """E-mail addresses down, skills across, and nothing else."""
    skills = [
        "Python",
        "R",
        "C",
        "Go",
        "NA",
        "SQL",
        "Excel",
        "Power BI",
        "Tableau",
        "Snowflake",
        "Data Modeling",
        "dbt",
    ]
    people = world.named("Jennifer Null", "Alain None", "Sukarti", "Siobhán O'Neill") + world.people[20:42]
    held = levels("plain", people, skills, 0.6)
    book = Book(folder / "plain.xlsx")
    sheet = book.sheet("Skills")
    sheet.line(1, ["E-mail", *skills], bold=True)
    sheet.widths(A=34, B_M=11)
    sheet.raw.freeze_panes(1, 1)
    for row, person in enumerate(people, 2):
        sheet.put(f"A{row}", person.email)
        fill(sheet, row, 1, held[person.email], skills)
    book.close()
    count = sum(map(len, held.values()))
    return Expected(
        "plain.xlsx",
        plain.__doc__ or "",
        "matrix",
        [ExpectedSheet("Skills", 1, count, len(people), len(skills), 0)],
        held,
        notes=[f'Sheet "Skills", header in row 1, {len(people)} people, {len(skills)} skills.'],
    )


def titled(folder: Path, world: World) -> Expected:
    """A title, a date and a legend above, merged categories over the skills, averages and remarks around them."""
    within = {
        "Programming": ["Python", "Java", "TypeScript", "SQL"],
        "Cloud": ["AWS", "Microsoft Azure", "Kubernetes", "Terraform"],
        "Ways of working": ["Agile Coaching", "Facilitation", "Risk Management"],
    }
    skills = [skill for some in within.values() for skill in some]
    people = world.people[60:76]
    held = levels("titled", people, skills)
    book = Book(folder / "competence-matrix-2026.xlsx")
    sheet = book.sheet("Digital Delivery", colour="#1F3864")
    last = 3 + len(skills)
    sheet.merge(f"A1:{cell(1, last + 1)}", "Competence matrix - Digital Delivery", **TITLE)
    sheet.raw.set_row(0, 24)
    sheet.put("A2", "As of 1 March 2026, owner: People Operations", **GREY)
    sheet.put("A3", "Legend", bold=True)
    sheet.line(3, ["1 Beginner", "2 Basic", "3 Advanced", "4 Senior", "5 Expert"], 3, italic=True)
    at = 3
    for colour, (category, some) in zip(("#DDEBF7", "#E2EFDA", "#FCE4D6"), within.items(), strict=True):
        look = {"bold": True, "align": "center", "bg_color": colour, **THIN}
        sheet.merge(f"{cell(5, at)}:{cell(5, at + len(some) - 1)}", category, **look)
        at += len(some)
    sheet.line(6, ["Name", "Role", "Office"], **HEAD)
    sheet.line(6, skills, 3, **HEAD, **UPRIGHT)
    sheet.line(6, ["Average", "Comment"], last, **HEAD)
    remarks = {2: "on parental leave until June", 5: "wants to move towards cloud, see review", 9: "certified in 2025"}
    for row, person in enumerate(people, 7):
        sheet.line(row, [person.name, person.headline, ("Berlin", "Chicago", "Lyon")[row % 3]], **THIN)
        fill(sheet, row, 3, held[person.email], skills)
        mean = average(list(held[person.email].values()))
        sheet.put(cell(row, last), (f"=AVERAGE({cell(row, 3)}:{cell(row, last - 1)})", mean), **AVERAGE)
        sheet.put(cell(row, last + 1), remarks.get(row - 7), **GREY)
    end = 6 + len(people)
    for row, label in ((end + 2, "Average"), (end + 3, "Rated 4 or 5")):
        sheet.line(row, [label, None, None], **PALE)
        for at, skill in enumerate(skills, 3):
            of = [some[skill] for some in held.values() if skill in some]
            cells = f"{cell(7, at)}:{cell(end, at)}"
            told = (f"=AVERAGE({cells})", average(of)), (f'=COUNTIF({cells},">=4")', sum(each >= 4 for each in of))
            sheet.put(cell(row, at), told[row - end - 2], **AVERAGE)
    sheet.shade(f"{cell(7, 3)}:{cell(end, last - 1)}")
    sheet.widths(A=26, B=26, C=10, D_N=6, O=9, P=38)
    sheet.raw.freeze_panes(6, 1)
    book.close()
    left = ("Average", "Rated 4 or 5", "Role", "Office", "Average", "Comment")
    count = sum(map(len, held.values()))
    return Expected(
        "competence-matrix-2026.xlsx",
        titled.__doc__ or "",
        "matrix",
        [ExpectedSheet("Digital Delivery", 6, count, len(people), len(skills), 3, left)],
        held,
        notes=[
            f'Sheet "Digital Delivery", header in row 6, {len(people)} people, {len(skills)} skills in 3 categories.'
        ],
    )


def in_words(folder: Path, world: World) -> Expected:
    """People as "Last, First", levels as "3 - Advanced" or "Advanced", and a sheet that says what the words mean."""
    words = ["Novice", "Practitioner", "Advanced", "Senior", "Authority"]
    skills = ["Business Analysis", "Process Mapping", "Change Management", "Stakeholder Management", "Negotiation",
              "Project Management", "Kanban", "Mentoring"]  # fmt: skip
    people = sorted(world.people[76:98], key=lambda person: person.last_first)
    held = levels("words", people, skills)
    book = Book(folder / "consultants.xlsx")
    sheet = book.sheet("Consultants")
    sheet.line(1, ["Consultant", *skills], **HEAD)
    sheet.widths(A=30, B_I=24)
    counted: Counter[str] = Counter()
    for row, person in enumerate(people, 2):
        sheet.put(f"A{row}", person.last_first, **THIN)
        for at, skill in enumerate(skills, 1):
            level = held[person.email].get(skill)
            both = level and f"{level} - {words[level - 1]}"
            text = (words[level - 1] if (row + at) % 4 == 0 else both) if level else None
            counted.update([text] if text else [])
            sheet.put(cell(row, at), text, **THIN)
    sheet.raw.autofilter(0, 0, len(people), len(skills))
    key = book.sheet("Levels")
    key.line(1, ["Level", "Word", "What it means"], **PALE)
    meanings = ("has heard of it", "does it with help", "does it alone", "is asked by others", "sets the standard")
    for level, (word, meaning) in enumerate(zip(words, meanings, strict=True), 1):
        key.line(level + 1, [level, word, meaning], **THIN)
    key.widths(A=8, B=16, C=30)
    book.close()
    count = sum(map(len, held.values()))
    cells = {text: f"{number} cell{'s' if number > 1 else ''}" for text, number in counted.items()}
    return Expected(
        "consultants.xlsx",
        in_words.__doc__ or "",
        "matrix",
        [ExpectedSheet("Consultants", 1, count, len(people), len(skills), 0)],
        held,
        notes=[
            (
                'Sheet "Levels" says what levels mean: '
                "novice = 1, practitioner = 2, advanced = 3, senior = 4, authority = 5."
            ),
            f'"3 - Advanced" was read as 3 in {cells["3 - Advanced"]}.',
            f'"Senior" was read as 4 in {cells["Senior"]}.',
        ],
    )


TEAMS = {
    "Data": ["Python", "SQL", "Snowflake", "Databricks", "Power BI", "Data Governance"],
    "Cloud": ["AWS", "Google Cloud", "Docker", "Kubernetes", "Terraform", "Python", "Linux Administration"],
    "Change": ["Change Management", "Facilitation", "Coaching", "Training Delivery"],
    "ERP": ["SAP S/4HANA", "SAP FI/CO", "Oracle Fusion", "NetSuite", "Procurement", "Cost Accounting"],
}


def in_sheets(folder: Path, world: World) -> Expected:
    """A sheet for each team, their headers in different rows, a list of absences, and last year's sheet hidden."""
    book = Book(folder / "teams.xlsx")
    held: Levels = {}
    sheets: list[ExpectedSheet] = []
    start = 98
    for number, (team, skills) in enumerate(TEAMS.items()):
        people = world.people[start : start + 9 + number]
        start += len(people)
        some = levels(team, people, skills, 0.8)
        held |= some
        header = 3 + number % 2
        _team_sheet(book, team, people, skills, some, header)
        left = ("Grade", "Manager")
        sheets.append(ExpectedSheet(team, header, sum(map(len, some.values())), len(people), len(skills), 0, left))
    absent = book.sheet("Absences")
    absent.line(1, ["Employee", "Days left", "From", "To"], **PALE)
    for row, person in enumerate(world.people[98:110], 2):
        absent.line(row, [person.name, 4 + row * 7 % 23, "01.07.2026", "14.07.2026"], **THIN)
    absent.widths(A=28, B_D=12)
    _team_sheet(
        book, "Data 2025", world.people[98:104], TEAMS["Data"], levels("2025", world.people[98:104], TEAMS["Data"]), 3
    )
    book.hide_last()
    book.close()
    return Expected(
        "teams.xlsx",
        in_sheets.__doc__ or "",
        "matrix",
        sheets,
        held,
        notes=[
            f'Sheet "{each.sheet}", header in row {each.header_row}, {each.people} people, {each.skills} skills.'
            for each in sheets
        ]
        + [
            'Sheet "Absences" is left out, because it has no table to load.',
            'Sheet "Data 2025" is hidden, so we left it out. Name a sheet to load it.',
        ],
    )


def _team_sheet(
    book: Book, team: str, people: Sequence[Person], skills: Sequence[str], held: Levels, header: int
) -> None:
    sheet = book.sheet(team)
    sheet.put("A1", f"Team {team}: skills", **TITLE)
    sheet.line(header, ["Grade", "Name", "Email", *skills, "Manager"], **HEAD, text_wrap=True)
    for row, person in enumerate(people, header + 1):
        sheet.line(row, [3 + row % 4, person.name, person.email], **THIN)
        fill(sheet, row, 3, held[person.email], skills)
        sheet.put(cell(row, 3 + len(skills)), ("Pooja Joshi", "Emma Coleman")[row % 2], **THIN)
    sheet.widths(A=7, B=26, C=34, D_J=13, K=16)


def by_team(folder: Path, world: World) -> Expected:
    """One sheet with a line for each team, a blank row after it, its average below it, and everybody's points."""
    skills = ["UX Research", "Interaction Design", "Visual Design", "Figma", "Accessibility (WCAG)", "Content Strategy",
              "Technical Writing", "Storytelling"]  # fmt: skip
    teams = {
        "Studio North": world.people[140:147],
        "Studio South": world.people[147:155],
        "Freelancers": world.people[155:160],
    }
    held = levels("studios", [person for some in teams.values() for person in some], skills)
    book = Book(folder / "design-studios.xlsx")
    sheet = book.sheet("Design")
    sheet.put("A1", "Design studios, self-assessment Q1", **TITLE)
    sheet.line(3, ["Team / name", *skills, "Points"], **HEAD, text_wrap=True)
    start = 4
    lines = []
    for team, people in teams.items():
        sheet.line(start, [team] + [None] * (len(skills) + 1), **PALE)
        lines.append(team)
        first, end = start + 1, start + len(people)
        for row, person in enumerate(people, first):
            sheet.put(f"A{row}", person.name, indent=1, **THIN)
            fill(sheet, row, 1, held[person.email], skills)
            points = sum(held[person.email].values())
            sheet.put(cell(row, 9), (f"=SUM({cell(row, 1)}:{cell(row, 8)})", points), **AVERAGE)
        sheet.put(f"A{end + 1}", "Team average", **GREY)
        for at, skill in enumerate(skills, 1):
            of = [held[person.email][skill] for person in people if skill in held[person.email]]
            sheet.put(cell(end + 1, at), (f"=AVERAGE({cell(first, at)}:{cell(end, at)})", average(of)), **AVERAGE)
        start = end + 3
    sheet.put(f"A{start}", "Levels as agreed in the calibration of 12 February", **GREY)
    sheet.widths(A=28, B_J=14)
    sheet.raw.freeze_panes(3, 1)
    book.close()
    left = (*lines, "Team average", "Levels as agreed in the calibration of 12 February", "Points")
    people_ = sum(map(len, teams.values()))
    count = sum(map(len, held.values()))
    return Expected(
        "design-studios.xlsx",
        by_team.__doc__ or "",
        "matrix",
        [ExpectedSheet("Design", 3, count, people_, len(skills), 0, left)],
        held,
    )


def filtered(folder: Path, world: World) -> Expected:
    """An active filter that hides most people, and columns that somebody hid, the e-mail addresses among them."""
    skills = ["Salesforce", "Salesforce CPQ", "HubSpot", "ServiceNow", "MuleSoft", "Boomi", "Jira Administration"]
    people = world.people[160:184]
    held = levels("filter", people, skills)
    offices = ["Austin", "Dublin", "Singapore"]
    book = Book(folder / "crm-practice-filtered.xlsx")
    sheet = book.sheet("CRM practice", colour="#70AD47")
    sheet.line(1, ["Name", "E-mail", "Office", *skills], bold=True, bg_color="#E2EFDA", **THIN)
    hidden = []
    for row, person in enumerate(people, 2):
        office = offices[row % 3]
        sheet.line(row, [person.name, person.email, office], **THIN)
        fill(sheet, row, 3, held[person.email], skills)
        if office != "Dublin":
            sheet.raw.set_row(row - 1, None, None, {"hidden": True})
            hidden.append(row)
    sheet.raw.autofilter(0, 0, len(people), 2 + len(skills))
    sheet.raw.filter_column_list("C", ["Dublin"])
    sheet.widths(A=26, C=11, D_J=14)
    for column in ("B", "F"):
        sheet.raw.set_column(f"{column}:{column}", 20, None, {"hidden": True})
    book.close()
    ranges = ", ".join(f"{first} to {last}" for first, last in zip(hidden[:8:2], hidden[1:8:2], strict=True))
    count = sum(map(len, held.values()))
    return Expected(
        "crm-practice-filtered.xlsx",
        filtered.__doc__ or "",
        "matrix",
        [ExpectedSheet("CRM practice", 1, count, len(people), len(skills), 0, ("Office",))],
        held,
        notes=[
            f"Filtered or hidden rows ({ranges}, ...) were read like the others.",
            "Hidden columns (B, F) were read like the others.",
        ],
    )


MATRICES = (plain, titled, in_words, in_sheets, by_team, filtered)
