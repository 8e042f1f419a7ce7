"""Six more habits: ticks, two lines a person, German CSV, a list with totals, cells gone wrong, split names."""

import datetime as dt
from pathlib import Path

from tests.gallery.draw import THIN, Book, average, cell
from tests.gallery.expected import Expected, ExpectedSheet, Records
from tests.gallery.matrices import AVERAGE, CENTRE, GREY, HEAD, PALE, TITLE, UPRIGHT, fill
from tests.gallery.world import World, levels


def ticked(folder: Path, world: World) -> Expected:
    """Certificates, ticked where somebody has one, with their number to the right and below."""
    skills = ["PMP", "PRINCE2 Practitioner", "Certified ScrumMaster", "CBAP", "ITIL 4 Foundation", "TOGAF 9", "CKA",
              "CISSP", "CCNA", "First Aid at Work", "Driving Licence B"]  # fmt: skip
    people = world.people[184:204]
    some = levels("ticks", people, skills, 0.25)
    book = Book(folder / "certificates.xlsx")
    sheet = book.sheet("Certificates")
    sheet.put("A1", "Who has which certificate", **TITLE)
    sheet.line(2, ["Employee", "Mail"], **HEAD)
    sheet.line(2, skills, 2, **HEAD, **UPRIGHT)
    sheet.put(cell(2, 13), "Count", **HEAD)
    marks = {"x": 0, "\u2713": 0}
    for row, person in enumerate(people, 3):
        sheet.line(row, [person.name, person.email], **THIN)
        mark = "\u2713" if row > 18 else "x"
        for at, skill in enumerate(skills, 2):
            has = skill in some[person.email]
            marks[mark] += has
            sheet.put(cell(row, at), mark if has else None, **CENTRE)
        sheet.put(cell(row, 13), (f"=COUNTA({cell(row, 2)}:{cell(row, 12)})", len(some[person.email])), **AVERAGE)
    end = 3 + len(people)
    sheet.line(end, ["Holders", None], **PALE)
    for at, skill in enumerate(skills, 2):
        holders = sum(skill in of for of in some.values())
        sheet.put(cell(end, at), (f"=COUNTA({cell(3, at)}:{cell(end - 1, at)})", holders), **PALE)
    sheet.widths(A=26, B=34, C_M=5, N=8)
    sheet.raw.freeze_panes(2, 1)
    book.close()
    held: Records = {person: dict.fromkeys(of, 1) for person, of in some.items()}
    left = ("Holders", "Count")
    return Expected(
        "certificates.xlsx",
        ticked.__doc__ or "",
        "matrix",
        [ExpectedSheet("Certificates", 2, sum(marks.values()), len(people), len(skills), 0, left)],
        held,
        notes=[f'"{mark}" was read as 1 in {count} cells.' for mark, count in marks.items()],
    )


def two_lines(folder: Path, world: World) -> Expected:
    """Two lines for each person, whose name is one merged cell: the level that is, and the one to reach."""
    skills = ["Strategy", "Market Research", "Pricing", "Due Diligence", "Financial Modeling", "Storytelling"]
    people = world.people[204:216]
    held = levels("lines", people, skills, 0.8)
    book = Book(folder / "development-plan.xlsx")
    sheet = book.sheet("Plan 2026")
    sheet.put("A1", "Development plan 2026", **TITLE)
    sheet.line(3, ["Team member", "", *skills, "Next step"], **HEAD)
    steps = {1: "shadow a pricing project", 4: "course in May", 7: "mentor: Kwame Mensah"}
    for number, person in enumerate(people):
        row = 4 + 2 * number
        sheet.merge(f"A{row}:A{row + 1}", person.name, valign="vcenter", **THIN)
        sheet.put(f"B{row}", "Current", **THIN)
        sheet.put(f"B{row + 1}", "Target", **GREY, **THIN)
        fill(sheet, row, 2, held[person.email], skills)
        for at, skill in enumerate(skills, 2):
            level = held[person.email].get(skill)
            sheet.put(cell(row + 1, at), min(5, level + 1) if level else None, **GREY, **CENTRE)
        sheet.merge(f"{cell(row, 8)}:{cell(row + 1, 8)}", steps.get(number, ""), text_wrap=True, **THIN)
    sheet.widths(A=28, B=9, C_H=17, I=26)
    book.close()
    left = ("Target", "Current", "Next step")
    count = sum(map(len, held.values()))
    return Expected(
        "development-plan.xlsx",
        two_lines.__doc__ or "",
        "matrix",
        [ExpectedSheet("Plan 2026", 3, count, len(people), len(skills), 0, left)],
        held,
    )


def german(folder: Path, world: World) -> Expected:
    """A German sheet saved as CSV: semicolons, decimal commas, letters of Windows, an average and a remark."""
    skills = ["SAP S/4HANA", "SAP FI/CO", "Oracle Fusion", "Procurement", "Inventory Planning", "German", "English"]
    people = world.named("Jonas Köhler", "Mia Weiß", "Lena Krüger") + world.people[216:230]
    people = [person for person in people if _fits(person.name, "cp1252")]
    held = levels("kompetenzen", people, skills)
    lines = [
        "Kompetenzmatrix Beratung Süd;" + ";" * len(skills) + ";",
        "Stand: 01.03.2026;" + ";" * len(skills) + ";",
        ";".join(["Mitarbeiter", *skills, "Durchschnitt", "Bemerkung"]),
    ]
    for number, person in enumerate(people):
        some = held[person.email]
        cells = [f"{some[skill]},0" if skill in some else "" for skill in skills]
        mean = f"{average(list(some.values())):.1f}".replace(".", ",")
        lines.append(";".join([person.name, *cells, mean, "möchte nach Köln wechseln" if number == 3 else ""]))
    means = [average([some[skill] for some in held.values() if skill in some]) for skill in skills]
    lines.append(";".join(["Durchschnitt", *(f"{mean:.1f}".replace(".", ",") for mean in means), "", ""]))
    text = "".join(f"{line}\r\n" for line in lines)
    (folder / "kompetenzen.csv").write_bytes(text.encode("cp1252"))
    count = sum(map(len, held.values()))
    left = ("Durchschnitt", "Durchschnitt", "Bemerkung")
    return Expected(
        "kompetenzen.csv",
        german.__doc__ or "",
        "matrix",
        [ExpectedSheet(None, 3, count, len(people), len(skills), 0, left)],
        held,
        notes=[
            "Columns are separated by a semicolon.",
            (
                'The file is not in UTF-8, so we read it as Windows-1252. Does "Kompetenzmatrix Beratung Süd" look '
                "right? If not, save it as CSV UTF-8. To name its encoding, add --encoding NAME."
            ),
        ],
    )


def _fits(text: str, encoding: str) -> bool:
    return text == text.encode(encoding, "ignore").decode(encoding)


def listed(folder: Path, world: World) -> Expected:
    """A list of a survey's answers: a title, other words in the header, levels as "3/5", a total, a remark below."""
    skills = ["Scala", "Kotlin", "Rust", "C++", "C#", "Ruby"]
    people = world.people[230:252]
    held = levels("survey", people, skills, 0.4)
    book = Book(folder / "skill-survey.xlsx")
    sheet = book.sheet("Answers")
    sheet.merge("A1:F1", "Skill survey, February 2026", **TITLE)
    sheet.line(3, ["Employee", "Mail", "Skill name", "Proficiency", "Answered on", "Comment"], **HEAD)
    row = 3
    for person in people:
        for number, (skill, level) in enumerate(held[person.email].items()):
            row += 1
            sheet.line(row, [person.name, person.email, skill, f"{level}/5"], **THIN)
            sheet.put(f"E{row}", dt.date(2026, 2, 2 + row % 20), **THIN)
            sheet.put(f"F{row}", "would like to teach it" if level == 5 and not number else None, **THIN)
        row += person is people[10]  # a blank row in the middle
    count = sum(map(len, held.values()))
    total = row + 2
    sheet.line(total, ["Total", None, None, (f"=COUNTA(D4:D{row})", count), None, None], **PALE)
    remark = "Please send corrections to People Operations before the end of March."
    sheet.put(f"A{total + 2}", remark, **GREY)
    sheet.widths(A=26, B=34, C=14, D=12, E=13, F=26)
    sheet.raw.autofilter(2, 0, row - 1, 5)
    book.close()
    of = {level: sum(some == level for held_ in held.values() for some in held_.values()) for level in range(1, 6)}
    left = ("Total", remark, "Answered on", "Comment")
    return Expected(
        "skill-survey.xlsx",
        listed.__doc__ or "",
        "list",
        [ExpectedSheet("Answers", 3, count, set_aside=left)],
        held,
        notes=[
            'Sheet "Answers", header in row 3.',
            f'"3/5" was read as 3 in {of[3]} cells.',
            'Columns "Answered on", "Comment" are not used.',
        ],
    )


def gone_wrong(folder: Path, world: World) -> Expected:
    """Dashes and "n/a" for nothing, levels that Excel made dates, formulas, errors, halves, and a level of 6."""
    skills = ["Docker", "Ansible", "Jenkins", "Redis", "MongoDB", "Apache Kafka", "Observability"]
    people = world.people[252:266]
    held: dict[str, dict[str, int | None]] = {
        person: dict(some) for person, some in levels("wrong", people, skills, 0.9).items()
    }
    book = Book(folder / "platform-team.xlsx")
    sheet = book.sheet("Platform")
    sheet.line(1, ["E-mail", *skills], **HEAD)
    # The row from 0, the skill, what stands there, and the problem, or the level that it is.
    odd = [
        (0, "Docker", "n/a", None), (0, "Redis", "-", None), (1, "Docker", "\u2013", None), (5, "Redis", "N/A", None),
        (2, "Ansible", dt.date(2026, 5, 3), "date"), (3, "Ansible", dt.date(2026, 5, 4), "date"),
        (4, "Jenkins", dt.date(1900, 1, 3), "date"), (5, "MongoDB", ("=VLOOKUP(A7,Old!A:C,3,0)", "#N/A"), "error-cell"),
        (6, "MongoDB", ("=Old!C9/Old!D9", "#DIV/0!"), "error-cell"), (7, "Apache Kafka", ("=MAX(2,3)", 3), 3),
        (8, "Apache Kafka", 3.5, "not-whole"), (9, "Observability", 6, "out-of-range"),
        (10, "Observability", "good", "not-whole"), (11, "Observability", "2-3", "not-whole"), (12, "Redis", "4.0", 4),
    ]  # fmt: skip
    places = {(row, skill): (value, means) for row, skill, value, means in odd}
    problems: list[tuple[str | None, str, str]] = []
    for row, person in enumerate(people):
        sheet.put(f"A{row + 2}", person.email, **THIN)
        for at, skill in enumerate(skills, 1):
            value, means = places.get((row, skill), (held[person.email].get(skill), held[person.email].get(skill)))
            sheet.put(cell(row + 2, at), value, **CENTRE)
            held[person.email].pop(skill, None)
            if isinstance(means, int):
                held[person.email][skill] = means
            elif means:
                problems.append(("Platform", cell(row + 2, at), means))
    old = book.sheet("Old")
    old.line(1, ["Imported from the wiki, for reference only"], **GREY)
    sheet.widths(A=34, B_H=13)
    old.widths(A=40)
    book.close()
    rows = sum(map(len, held.values())) + len(problems)
    return Expected(
        "platform-team.xlsx",
        gone_wrong.__doc__ or "",
        "matrix",
        [ExpectedSheet("Platform", 1, rows, len(people), len(skills), 0)],
        held,
        problems,
        notes=['Sheet "Old" is left out, because it has no table to load.'],
    )


def exported(folder: Path, world: World) -> Expected:
    """An export of a personnel system: numbers, first and last names in two columns, other numbers beside levels."""
    skills = [
        "Insurance",
        "Retail Banking",
        "Capital Markets",
        "Life Sciences",
        "Energy and Utilities",
        "Public Sector",
    ]
    people = world.people[266:290]
    held = levels("export", people, skills, 0.5)
    book = Book(folder / "hr-export.xlsx")
    sheet = book.sheet("Export")
    before = ["Personnel no.", "Last name", "First name", "FTE", "Grade", "Years of experience"]
    sheet.line(1, [*before, *skills, "Line manager", "Last review"], bold=True, bg_color="#EDEDED", **THIN)
    for row, person in enumerate(people, 2):
        numbers = [(1, 0.8, 0.5)[row % 3], 3 + row % 3, 1 + row % 6]
        sheet.line(row, [f"00{4100 + 7 * row}", person.last, person.first, *numbers], **THIN)
        fill(sheet, row, 6, held[person.email], skills)
        sheet.put(cell(row, 12), ("Rupert Hartley", "Zoltán Varga", "Aoife Brennan")[row % 3], **THIN)
        sheet.put(cell(row, 13), dt.date(2025, 11, 1 + row % 27), **THIN)
    sheet.widths(A=13, B=16, C=16, D=6, E=7, F=18, G_L=19, M=16, N=12)
    sheet.raw.freeze_panes(1, 3)
    book.close()
    left = ("Personnel no.", "FTE", "Grade", "Years of experience", "Line manager", "Last review")
    count = sum(map(len, held.values()))
    return Expected(
        "hr-export.xlsx",
        exported.__doc__ or "",
        "matrix",
        [ExpectedSheet("Export", 1, count, len(people), len(skills), 0, left)],
        held,
    )


OTHERS = (ticked, two_lines, german, listed, gone_wrong, exported)
