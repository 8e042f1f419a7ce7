"""Sheets that are laid out otherwise: turned, in pairs, several in a cell, a sheet a person, pivots, survey exports."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.gallery.draw import THIN, Book, Sheet, cell
from tests.gallery.expected import Expected, ExpectedSheet, Records
from tests.gallery.matrices import CENTRE, GREY, HEAD, PALE, TITLE
from tests.gallery.world import Levels, Person, World, levels

Rows = Sequence[Sequence[Any]]


def save_text(path: Path, rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> None:
    """Write the rows as a text file with the line ends of Excel."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\r\n").writerows(rows)


def draw_rows(sheet: Sheet, rows: Rows, header_row: int = 1) -> None:
    """Draw rows from the top, the header among them."""
    for number, row in enumerate(rows, 1):
        sheet.line(number, row, **(HEAD if number == header_row else THIN))


def count(held: Mapping[str, Mapping[str, Any]]) -> int:
    """How many records there are."""
    return sum(map(len, held.values()))


def pairs_of(held: Levels, people: Sequence[Person]) -> list[tuple[Person, str, int]]:
    """The records one by one."""
    return [(person, skill, level) for person in people for skill, level in held[person.email].items()]


def expect(
    file: str, draw: Any, layout: str, held: Records, header_row: int, sheet: str | None = None, **more: Any
) -> Expected:
    """What a file with one list is read as: each record is one of its rows, or of its cells."""
    aside, names = (
        more.pop("aside", ()),
        {key: more.pop(key) for key in ("people", "skills", "categories") if key in more},
    )
    sheets = [ExpectedSheet(sheet, header_row, count(held), **names, set_aside=aside)]
    return Expected(file, draw.__doc__ or "", layout, sheets, held, **more)


# ---- turned


def turned(folder: Path, world: World) -> Expected:
    """Skills down in their categories, people across, as a team lead keeps it on one printed page."""
    within = {"Data": ["SQL", "Power BI", "dbt", "Statistics"], "Cloud": ["AWS", "Docker", "Terraform"]}
    skills = [skill for some in within.values() for skill in some]
    people = world.people[290:299]
    held = levels("turned", people, skills)
    book = Book(folder / "team-page.xlsx")
    sheet = book.sheet("Team")
    sheet.put("A1", "Who can do what", **TITLE)
    sheet.line(3, ["Skill", *(person.name for person in people)], **HEAD)
    row = 4
    for category, some in within.items():
        sheet.put(f"A{row}", category, **PALE)
        for at, skill in enumerate(some, row + 1):
            sheet.line(at, [skill, *(held[person.email].get(skill) for person in people)], **CENTRE)
        row += 1 + len(some)
    sheet.widths(A=22, B_J=16)
    book.close()
    return expect(
        "team-page.xlsx", turned, "transposed", held, 3, "Team",
        people=9, skills=7, categories=2, aside=("Data", "Cloud"),
    )  # fmt: skip


def turned_in_french(folder: Path, world: World) -> Expected:
    """A French sheet, turned, saved as CSV by Excel for Windows: e-mail addresses across, commas for semicolons."""
    skills = ["Excel", "Project Management", "Negotiation", "Coaching"]
    people = world.people[299:305]
    held = levels("française", people, skills)
    rows: list[list[Any]] = [["Compétence", *(person.email for person in people)]]
    rows += [[skill, *(held[person.email].get(skill, "") for person in people)] for skill in skills]
    save_text(folder / "competences-equipe.csv", rows, "cp1252", ";")
    return expect("competences-equipe.csv", turned_in_french, "transposed", held, 1, people=6, skills=4, categories=0)


# ---- several records in a row


def in_pairs(folder: Path, world: World) -> Expected:
    """A staffing list: three skills a person, each with its level beside it, and what else one knows of them."""
    skills = ["Salesforce", "HubSpot", "SAP S/4HANA", "NetSuite", "Pricing"]
    people = world.people[305:315]
    held = {who: dict(list(some.items())[:3]) for who, some in levels("pairs", people, skills, 0.5).items()}
    rows: list[list[Any]] = [
        ["Consultant", "Location", "Skill 1", "Level 1", "Skill 2", "Level 2", "Skill 3", "Level 3", "Available from"]
    ]
    for number, person in enumerate(people):
        some = [text for pair in held[person.email].items() for text in pair]
        rows.append(
            [person.name, ("Oslo", "Leeds")[number % 2], *some, *[""] * (6 - len(some)), f"{1 + number}.4.2026"]
        )
    save_text(folder / "staffing.csv", rows)
    return expect("staffing.csv", in_pairs, "paired-columns", held, 1, aside=("Location", "Available from"))


def main_and_second(folder: Path, world: World) -> Expected:
    """A personnel file with a main skill, a second and a third, and no level."""
    skills = ["UX Research", "Figma", "Visual Design", "Content Strategy", "Interaction Design"]
    people = world.people[315:325]
    held: dict[str, dict[str, int | None]] = {}
    book = Book(folder / "design-people.xlsx")
    sheet = book.sheet("People")
    rows: list[list[Any]] = [["Email", "Job title", "Primary skill", "Secondary skill", "Tertiary skill"]]
    for number, person in enumerate(people):
        some = [skills[(number + step) % 5] for step in range(1 + number % 3)]
        held[person.email] = dict.fromkeys(some)
        rows.append([person.email, person.headline, *some])
    draw_rows(sheet, rows)
    sheet.widths(A=34, B=26, C_E=20)
    book.close()
    return expect("design-people.xlsx", main_and_second, "paired-columns", held, 1, "People", aside=("Job title",))


def in_a_cell(folder: Path, world: World) -> Expected:
    """A project list: all that somebody can do in one cell, the level in brackets or behind a dash."""
    skills = ["Python", "Java", "Kotlin", "Swift", "Docker", "GraphQL"]
    people = world.people[325:335]
    held = levels("cells", people, skills, 0.5)
    rows: list[list[Any]] = [["Name", "Project", "Skills"]]
    for number, person in enumerate(people):
        some = held[person.email].items()
        told = [f"{skill} ({level})" if number % 2 else f"{skill} - {level}" for skill, level in some]
        rows.append([person.name, f"Project {number + 1}", ("; ", ", ")[number % 2].join(told)])
    save_text(folder / "projects.csv", rows)
    return expect("projects.csv", in_a_cell, "several-in-a-cell", held, 1, aside=("Project",))


def lines_in_a_cell(folder: Path, world: World) -> Expected:
    """Profiles, exported: one cell with a line for each skill, and bullets before them."""
    skills = ["Workday HCM", "Workday Financials", "Budgeting", "Cost Accounting", "Forecasting"]
    people = world.people[335:343]
    held = {who: dict.fromkeys(some) for who, some in levels("lines", people, skills, 0.6).items()}
    book = Book(folder / "profiles.xlsx")
    sheet = book.sheet("Profiles")
    bulleted = [[person.email, "\n".join(f"\u2022 {skill}" for skill in held[person.email])] for person in people]
    draw_rows(sheet, [["E-mail address", "Skill set"], *bulleted])
    sheet.widths(A=36, B=28)
    book.close()
    return expect("profiles.xlsx", lines_in_a_cell, "several-in-a-cell", held, 1, "Profiles")


# ---- a sheet a person, or a skill


def sheet_a_person(folder: Path, world: World) -> Expected:
    """A workbook in which each consultant has a sheet of their own, named after them."""
    skills = ["Facilitation", "Workshop Design", "Mentoring", "Storytelling"]
    people = world.people[343:347]
    held = levels("sheets", people, skills, 0.8)
    book = Book(folder / "self-assessment.xlsx")
    for person in people:
        sheet = book.sheet(person.name)
        draw_rows(sheet, [["Skill", "Level", "Last used"], *([*each, "2025"] for each in held[person.email].items())])
        sheet.widths(A=24, B=8, C=12)
    book.close()
    sheets = [ExpectedSheet(each.name, 1, len(held[each.email]), set_aside=("Last used",)) for each in people]
    return Expected("self-assessment.xlsx", sheet_a_person.__doc__ or "", "sheet-per-person", sheets, held)


def in_spanish(folder: Path, world: World) -> Expected:
    """One person's form, in Spanish: the name stands above the list."""
    (person,) = world.people[347:348]
    held = levels("ficha", [person], ["Insurance", "Capital Markets", "Risk Management", "Data Governance"], 0.9)
    book = Book(folder / "ficha-de-competencias.xlsx")
    sheet = book.sheet("Ficha")
    sheet.put("A1", "Ficha de competencias", **TITLE)
    sheet.line(2, ["Nombre:", person.name])
    sheet.line(4, ["Competencia", "Nivel", "Comentario"], **HEAD)
    for row, each in enumerate(held[person.email].items(), 5):
        sheet.line(row, [*each, "de memoria" if row == 5 else None], **THIN)
    sheet.widths(A=24, B=18, C=18)
    book.close()
    return expect("ficha-de-competencias.xlsx", in_spanish, "sheet-per-person", held, 4, "Ficha", aside=("Comentario",))


def sheet_a_skill(folder: Path, world: World) -> Expected:
    """A workbook with a sheet for each practice's skill, and who has it below."""
    skills = ["Kubernetes", "Ansible", "Observability"]
    people = world.people[348:356]
    held = levels("skills", people, skills, 0.6)
    book = Book(folder / "practice.xlsx")
    sheets = []
    for skill in skills:
        some = [(person.name, held[person.email][skill]) for person in people if skill in held[person.email]]
        sheet = book.sheet(skill)
        draw_rows(sheet, [["Employee", "Proficiency"], *some])
        sheet.widths(A=28, B=12)
        sheets.append(ExpectedSheet(skill, 1, len(some)))
    book.close()
    return Expected("practice.xlsx", sheet_a_skill.__doc__ or "", "sheet-per-person", sheets, held)


# ---- what programs export


def survey(folder: Path, world: World) -> Expected:
    """Answers to an online form: a column for each line of its grid, with the question before it."""
    skills = ["React", "Angular", "Vue.js", "TypeScript", "Node.js"]
    people = world.people[356:366]
    held = levels("form", people, skills)
    question = "How well do you know these? (1 = a little, 5 = very well)"
    rows: list[list[Any]] = [
        ["Timestamp", "Email Address", *(f"{question} [{skill}]" for skill in skills), "Anything else?"]
    ]
    for number, person in enumerate(people):
        some = [held[person.email].get(skill, "") for skill in skills]
        rows.append(
            [f"2026/03/0{1 + number % 9} 10:{10 + number}:00", person.email, *some, "thanks!" if number == 2 else ""]
        )
    save_text(folder / "form-answers.csv", rows)
    return expect(
        "form-answers.csv", survey, "matrix", held, 1,
        people=10, skills=5, categories=0, aside=("Timestamp", "Anything else?"),
    )  # fmt: skip


def form_of_statements(folder: Path, world: World) -> Expected:
    """Answers to another form, as a workbook: number, times, address and name before the skills."""
    skills = ["Salesforce CPQ", "MuleSoft", "Boomi", "ServiceNow"]
    people = world.people[366:375]
    held = levels("statements", people, skills, 0.8)
    book = Book(folder / "form-export.xlsx")
    sheet = book.sheet("Sheet1")
    rows: list[list[Any]] = [["ID", "Start time", "Completion time", "Email", "Name", *skills]]
    for number, person in enumerate(people, 1):
        times = [f"2026-03-02 09:{10 + number}", f"2026-03-02 09:{30 + number}"]
        rows.append([number, *times, person.email, person.name, *(held[person.email].get(skill) for skill in skills)])
    draw_rows(sheet, rows)
    sheet.widths(A=6, B_C=18, D=34, E=24, F_I=16)
    book.close()
    return expect(
        "form-export.xlsx", form_of_statements, "matrix", held, 1, "Sheet1",
        people=9, skills=4, categories=0, aside=("ID", "Start time", "Completion time"),
    )  # fmt: skip


def pivoted(folder: Path, world: World) -> Expected:
    """A pivot table, pasted: the labels above, a total of each row and of each column."""
    skills = ["Inventory Planning", "Manufacturing", "Procurement", "Supply Chain"]
    people = sorted(world.people[375:384], key=lambda person: person.name)
    held = levels("pivot", people, skills)
    book = Book(folder / "pivot.xlsx")
    sheet = book.sheet("Pivot")
    sheet.line(3, ["Max of Level", "Column Labels"], **PALE)
    sheet.line(4, ["Row Labels", *skills, "Grand Total"], **PALE)
    for row, person in enumerate(people, 5):
        some = held[person.email]
        sheet.line(row, [person.name, *(some.get(skill) for skill in skills), max(some.values())], **CENTRE)
    most = [max(some[skill] for some in held.values() if skill in some) for skill in skills]
    sheet.line(5 + len(people), ["Grand Total", *most, max(most)], **PALE)
    sheet.widths(A=26, B_F=18)
    book.close()
    return expect(
        "pivot.xlsx", pivoted, "matrix", held, 4, "Pivot",
        people=9, skills=4, categories=0, aside=("Grand Total", "Grand Total"),
    )  # fmt: skip


def learning(folder: Path, world: World) -> Expected:
    """A report of a learning system: a title, names in two columns, and a footer that says who ran it."""
    skills = ["Penetration Testing", "Incident Response", "Threat Modeling", "Firewalls"]
    people = world.people[384:392]
    held = levels("learning", people, skills, 0.6)
    book = Book(folder / "learning-report.xlsx")
    sheet = book.sheet("Report")
    sheet.put("A1", "Skills achieved, all departments", **TITLE)
    sheet.line(3, ["First name", "Last name", "Skill name", "Proficiency level", "Date achieved"], **HEAD)
    found = pairs_of(held, people)
    for row, (person, skill, level) in enumerate(found, 4):
        sheet.line(row, [person.first, person.last, skill, level, f"2025-0{1 + row % 9}-15"], **THIN)
    sheet.put(f"A{5 + len(found)}", "Run by People Operations on 2 March 2026", **GREY)
    sheet.widths(A_B=18, C=24, D=16, E=14)
    book.close()
    return expect(
        "learning-report.xlsx", learning, "list", held, 3, "Report",
        aside=("Date achieved", "Run by People Operations on 2 March 2026"),
    )  # fmt: skip


def by_level(folder: Path, world: World) -> Expected:
    """A staffing overview: skills down, a column for each level, and the names of those who have it in the cells."""
    skills = ["Jenkins", "GitHub Actions", "Active Directory", "VMware", "Windows Server"]
    people = world.people[220:232]
    held = levels("overview", people, skills, 0.5)
    heads = ["1 - Beginner", "2 - Basic", "3 - Intermediate", "4 - Advanced", "5 - Expert"]
    book = Book(folder / "who-is-how-good.xlsx")
    sheet = book.sheet("Overview")
    sheet.put("A1", "Who is how good at what", **TITLE)
    sheet.line(3, ["Skill", *heads, "Total"], **HEAD)
    for row, skill in enumerate(skills, 4):
        who = [[each.name for each in people if held[each.email].get(skill) == level] for level in range(1, 6)]
        sheet.line(row, [skill, *("\n".join(some) or None for some in who), sum(map(len, who))], text_wrap=True, **THIN)
    sheet.line(4 + len(skills), ["Total", *[None] * 5, count(held)], **PALE)
    sheet.widths(A=20, B_F=24, G=8)
    book.close()
    return expect("who-is-how-good.xlsx", by_level, "column-per-level", held, 3, "Overview", aside=("Total", "Total"))


def skills_by_level(folder: Path, world: World) -> Expected:
    """A pivot the other way: people down, a column for each level, and skills between commas in the cells."""
    skills = ["PHP", "Django", "MySQL", "MongoDB", "Redis"]
    people = world.people[232:240]
    held = levels("pivoted", people, skills, 0.7)
    rows: list[list[Any]] = [["Row Labels", *map(str, range(1, 6))]]
    for person in people:
        some = held[person.email]
        rows.append([person.name, *(", ".join(skill for skill in some if some[skill] == at) for at in range(1, 6))])
    save_text(folder / "skills-by-level.csv", rows)
    return expect("skills-by-level.csv", skills_by_level, "column-per-level", held, 1)


def ticked_form(folder: Path, world: World) -> Expected:
    """A form that each of a team filled in on a sheet of its own: an x below the level, the name above."""
    skills = ["HTML and CSS", "JavaScript", "Accessibility (WCAG)", "Performance Testing", "Figma"]
    people = world.people[240:244]
    held = levels("form to tick", people, skills, 0.8)
    book = Book(folder / "forms.xlsx")
    sheets = []
    for person in people:
        sheet = book.sheet(person.first)
        sheet.put("A1", "How well do you know this? Put an x.", **TITLE)
        sheet.line(2, ["Name:", person.name])
        sheet.line(4, ["Skill", *range(1, 6)], **HEAD)
        some = held[person.email]
        for row, skill in enumerate(skills, 5):
            sheet.line(row, [skill, *("x" if some.get(skill) == at else None for at in range(1, 6))], **CENTRE)
        sheet.widths(A=24, B_F=5)
        left = tuple(skill for skill in skills if skill not in some)
        sheets.append(ExpectedSheet(person.first, 4, len(some), set_aside=left))
    book.close()
    return Expected("forms.xlsx", ticked_form.__doc__ or "", "tick-per-level", sheets, held)


# ---- lists in other languages and files


def in_japanese(folder: Path, world: World) -> Expected:
    """A list in Japanese, as Excel saves "CSV UTF-8"."""
    people = world.people[392:398]
    held = levels("日本", people, ["Java", "SQL", "Linux Administration"])
    rows = [["氏名", "メールアドレス", "スキル", "レベル"]]
    rows += [[person.name, person.email, skill, str(level)] for person, skill, level in pairs_of(held, people)]
    save_text(folder / "skill-list-japanese.csv", rows, "utf-8-sig")
    return expect("skill-list-japanese.csv", in_japanese, "list", held, 1)


def in_dutch(folder: Path, world: World) -> Expected:
    """A list in Dutch as "Unicode Text": UTF-16 with tabs."""
    people = world.people[398:405]
    held = levels("vaardig", people, ["Scala", "Apache Kafka", "Airflow", "Redis"], 0.6)
    rows = [["Medewerker", "Vaardigheid", "Niveau", "Opmerking"]]
    rows += [[person.name, skill, str(level), ""] for person, skill, level in pairs_of(held, people)]
    save_text(folder / "vaardigheden.txt", rows, "utf-16", "\t")
    return expect("vaardigheden.txt", in_dutch, "list", held, 1, aside=("Opmerking",))


def merged_people(folder: Path, world: World) -> Expected:
    """A list in which each name is one merged cell beside all of its skills."""
    people = world.people[405:412]
    held = levels("merged", people, ["Scala", "Go", "Rust", "Ruby"], 0.8)
    book = Book(folder / "merged.xlsx")
    sheet = book.sheet("Skills")
    sheet.line(1, ["Team member", "Competency", "Rating"], **HEAD)
    row = 2
    for person in people:
        some = list(held[person.email].items())
        for at, each in enumerate(some, row):
            sheet.line(at, each, 1, **THIN)
        if len(some) > 1:
            sheet.merge(f"A{row}:A{row + len(some) - 1}", person.name, valign="vcenter", **THIN)
        else:
            sheet.put(f"A{row}", person.name, **THIN)
        row += len(some)
    sheet.widths(A=26, B=20, C=8)
    book.close()
    return expect("merged.xlsx", merged_people, "list", held, 1, "Skills")


def in_stars(folder: Path, world: World) -> Expected:
    """A matrix in Italian with stars for levels, five of them when somebody knows all."""
    skills = ["Machine Learning", "Deep Learning", "Forecasting", "BigQuery"]
    people = world.people[412:420]
    held = levels("stelle", people, skills)
    book = Book(folder / "stelle.xlsx")
    sheet = book.sheet("Competenze")
    sheet.put("A1", "Matrice delle competenze", **TITLE)
    sheet.line(2, ["Cognome e nome", *skills], **HEAD)
    for row, person in enumerate(people, 3):
        sheet.put(f"A{row}", f"{person.last} {person.first}", **THIN)
        for at, skill in enumerate(skills, 1):
            level = held[person.email].get(skill)
            sheet.put(cell(row, at), level and "\u2605" * level + "\u2606" * (5 - level), **CENTRE)
    sheet.widths(A=28, B_E=18)
    book.close()
    return expect("stelle.xlsx", in_stars, "matrix", held, 2, "Competenze", people=8, skills=4, categories=0)


def with_a_legend(folder: Path, world: World) -> Expected:
    """A matrix in the team's own words, and a block beside it that says which word is which level."""
    words = ["Curious", "Learning", "Doing", "Leading", "Inventing"]
    skills = ["Technical Writing", "Content Strategy", "Training Delivery"]
    people = world.people[420:427]
    held = levels("own words", people, skills, 0.9)
    book = Book(folder / "own-words.xlsx")
    sheet = book.sheet("Writers")
    sheet.line(1, ["Who", *skills], **HEAD)
    for row, person in enumerate(people, 2):
        some = held[person.email]
        told = [words[some[skill] - 1] if skill in some else None for skill in skills]
        sheet.line(row, [person.name, *told], **THIN)
    for row, word in enumerate(words, 2):
        sheet.line(row, [f"{row - 1} = {word}"], 5, **GREY)
    sheet.widths(A=26, B_D=18, F=16)
    book.close()
    return expect(
        "own-words.xlsx", with_a_legend, "matrix", held, 1, "Writers",
        people=7, skills=3, categories=0, aside=(", ".join(f"{at} = {word}" for at, word in enumerate(words, 1)),),
    )  # fmt: skip


def in_groups(folder: Path, world: World) -> Expected:
    """Who is in which circle, ticked: groups across, and no level anywhere."""
    groups = ["Mentors", "First Aiders", "Proposal Reviewers", "Quality Guild"]
    people = world.people[427:436]
    held = {who: dict.fromkeys(some) for who, some in levels("circles", people, groups, 0.4).items()}
    book = Book(folder / "circles.xlsx")
    sheet = book.sheet("Circles")
    ticks = [[person.name, *("x" if group in held[person.email] else None for group in groups)] for person in people]
    draw_rows(sheet, [["Colleague", *groups], *ticks])
    sheet.widths(A=26, B_E=18)
    book.close()
    return expect(
        "circles.xlsx", in_groups, "matrix", held, 1, "Circles",
        people=9, skills=4, categories=0, endpoint="user-group-memberships",
    )  # fmt: skip


OTHER_LAYOUTS = (
    in_groups,
    turned,
    turned_in_french,
    in_pairs,
    main_and_second,
    in_a_cell,
    lines_in_a_cell,
    sheet_a_person,
    in_spanish,
    sheet_a_skill,
    survey,
    form_of_statements,
    pivoted,
    by_level,
    skills_by_level,
    ticked_form,
    learning,
    in_japanese,
    in_dutch,
    merged_people,
    in_stars,
    with_a_legend,
)
