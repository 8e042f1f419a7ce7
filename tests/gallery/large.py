"""The largest sheet of the gallery, 2,000 people by 300 skills, of whose 600,000 cells 500,000 are filled."""

from itertools import product
from pathlib import Path

from importer.sandbox import Running
from tests.gallery.draw import THIN, Book, cell
from tests.gallery.expected import Expected, ExpectedSheet
from tests.gallery.matrices import AVERAGE, CENTRE, HEAD, PALE, TITLE
from tests.gallery.world import World

USERS = 2_100
"""So many people a sandbox needs, some of whom are inactive or share a name."""
PEOPLE, SKILLS = 2_000, 300
_LEVELS = 6
"""Of six cells, one is blank and the others have each level once."""
_MARKETS = (
    "Retail|Banking|Insurance|Energy|Transport|Health|Media|Telecom|Education|Defence|Chemicals|Travel|Food|Mining"
)
_PRACTICES = "Analytics|Architecture|Compliance|Integration|Migration|Oversight|Reporting|Security|Strategy|Testing"


def add_skills(running: Running) -> list[str]:
    """The names of 300 skills with levels; those that the sandbox lacks are added to it."""
    told = "SELECT name FROM skills WHERE max_level = 5 AND lower(name) <> 'scrum' ORDER BY id"
    there = [str(row["name"]) for row in running.query(told)]
    (last,) = running.query("SELECT max(id) id, max(skill_category_id) category FROM skills")
    for number, pair in enumerate(product(_MARKETS.split("|"), _PRACTICES.split("|")), 1):
        if len(there) < SKILLS:
            there.append(" ".join(pair))
            running.execute(
                "INSERT INTO skills (id, name, max_level, skill_category_id, created_at, updated_at) "
                "SELECT ?, ?, 5, ?, created_at, updated_at FROM skills LIMIT 1",
                int(last["id"]) + number, there[-1], last["category"],
            )  # fmt: skip
    return there[:SKILLS]


def large(folder: Path, running: Running) -> Expected:
    """Everybody in one sheet, with a title, an average for each person and a count for each skill."""
    skills, people = add_skills(running), World(running).people[:PEOPLE]
    assert (len(skills), len(people)) == (SKILLS, PEOPLE)
    book = Book(folder / "everyone.xlsx", memory=False)
    sheet = book.sheet("Everyone")
    sheet.widths(A=28, B=36)
    sheet.put("A1", "Skills of the whole company", **TITLE)
    sheet.line(3, ["Name", "E-mail", *skills, "Average"], **HEAD)
    centre, first, last = book.look(**CENTRE), cell(4, 2)[:-1], cell(4, SKILLS + 1)[:-1]
    for number, person in enumerate(people):
        row = number + 4
        sheet.line(row, [person.name, person.email], **THIN)
        for at in range(SKILLS):
            level = (7 * number + 11 * at) % _LEVELS
            if level:
                sheet.raw.write_number(row - 1, at + 2, level, centre)
        sheet.put(cell(row, SKILLS + 2), (f"=AVERAGE({first}{row}:{last}{row})", 3.0), **AVERAGE)
    end = PEOPLE + 4
    sheet.line(end, ["People", None], **PALE)
    for at in range(SKILLS):
        of = cell(1, at + 2)[:-1]
        sheet.put(cell(end, at + 2), (f"=COUNT({of}4:{of}{end - 1})", PEOPLE * (_LEVELS - 1) // _LEVELS), **PALE)
    book.close()
    levels = PEOPLE * SKILLS * (_LEVELS - 1) // _LEVELS
    left = ("People", "Average")
    return Expected(
        "everyone.xlsx",
        large.__doc__ or "",
        "matrix",
        [ExpectedSheet("Everyone", 3, levels, PEOPLE, SKILLS, 0, left)],
        {},
    )
