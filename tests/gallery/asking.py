"""Sheets that leave one thing open, which only their author knows: what words are worth, or which column counts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.gallery.draw import THIN, Book, cell
from tests.gallery.expected import Expected
from tests.gallery.matrices import CENTRE, GREY, HEAD, TITLE
from tests.gallery.other_layouts import draw_rows, expect, pairs_of, save_text
from tests.gallery.world import Levels, Person, World, levels


def _matrix(book: Book, title: str, heading: str, rated: tuple[Sequence[Person], Levels], signs: Sequence[str]) -> int:
    """A titled matrix in which these signs stand for 1 to 5; its number of skills."""
    people, held = rated
    skills = list(dict.fromkeys(skill for some in held.values() for skill in some))
    sheet = book.sheet(title)
    sheet.put("A1", title, **TITLE)
    sheet.line(2, [heading, *skills], **HEAD)
    for row, person in enumerate(people, 3):
        sheet.put(f"A{row}", person.name, **THIN)
        for at, skill in enumerate(skills, 1):
            level = held[person.email].get(skill)
            sheet.put(cell(row, at), level and signs[level - 1], **CENTRE)
    sheet.widths(A=28, B_H=18)
    return len(skills)


def _signed(folder: Path, world: World, draw: Any, file: str, start: int, *said: Any) -> Expected:
    """A workbook with such a matrix, and the question that it raises."""
    title, heading, signs, skills = said
    people = world.people[start : start + 8]
    held = levels(file, people, skills, 0.9)
    book = Book(folder / file)
    wide = _matrix(book, title, heading, (people, held), signs)
    book.close()
    return expect(file, draw, "matrix", held, 2, title, people=8, skills=wide, categories=0, question="levels")


def in_german_words(folder: Path, world: World) -> Expected:
    """A German matrix in words whose order everybody knows, without numbers."""
    words = ["Anfänger", "Grundkenntnisse", "Fortgeschritten", "Sehr gut", "Experte"]
    skills = ["SAP FI/CO", "Excel", "Budgeting", "Procurement"]
    return _signed(folder, world, in_german_words, "kenntnisse.xlsx", 20, "Kenntnisse", "Mitarbeiter/in", words, skills)


def in_letters(folder: Path, world: World) -> Expected:
    """A matrix of marks from A to E, which may run either way."""
    skills = ["Test Automation", "Performance Testing", "Release Management"]
    return _signed(folder, world, in_letters, "grades.xlsx", 30, "Grades", "Tester", "EDCBA", skills)


def in_balls(folder: Path, world: World) -> Expected:
    """A consultancy's matrix of balls that fill up."""
    skills = ["Strategy", "Pricing", "Due Diligence", "Market Research"]
    return _signed(folder, world, in_balls, "balls.xlsx", 40, "Practice", "Consultant", "○◔◑◕●", skills)


def listed_in_words(folder: Path, world: World) -> Expected:
    """A list with a word for each level, as a talent system exports it."""
    words = ["Beginner", "Basic", "Intermediate", "Advanced", "Expert"]
    people = world.people[50:60]
    held = levels("talent", people, ["Negotiation", "Mentoring", "Coaching", "Kanban"], 0.8)
    rows = [["Work Email", "Skill Name", "Proficiency Level", "Last Updated"]]
    rows += [[who.email, skill, words[level - 1], "03/02/2026"] for who, skill, level in pairs_of(held, people)]
    save_text(folder / "talent-export.csv", rows)
    return expect("talent-export.csv", listed_in_words, "list", held, 1, aside=("Last Updated",), question="levels")


def now_and_then(folder: Path, world: World) -> Expected:
    """A review with the level of today and the one to reach, side by side."""
    people = world.people[90:98]
    held = levels("review", people, ["Facilitation", "Coaching", "Storytelling"], 0.9)
    rows: list[list[Any]] = [["Employee", "Skill", "Current level", "Target level"]]
    rows += [[who.name, skill, level, min(5, level + 1)] for who, skill, level in pairs_of(held, people)]
    book = Book(folder / "review.xlsx")
    sheet = book.sheet("Review")
    draw_rows(sheet, rows)
    sheet.widths(A=26, B=18, C_D=14)
    book.close()
    return expect("review.xlsx", now_and_then, "list", held, 1, "Review", aside=("Target level",), question="columns")


def name_once(folder: Path, world: World) -> Expected:
    """A list in which each name stands once, above blank cells that are not merged."""
    people = world.people[98:106]
    held = levels("once", people, ["Docker", "Kubernetes", "Terraform", "AWS"], 0.9)
    rows: list[list[Any]] = [["Name", "Skill", "Level"]]
    last = None
    for person, skill, level in pairs_of(held, people):
        rows.append(["" if person is last else person.name, skill, level])
        last = person
    save_text(folder / "name-once.csv", rows, "utf-8", ";")
    return expect("name-once.csv", name_once, "list", held, 1, question="fill-down")


def out_of_ten(folder: Path, world: World) -> Expected:
    """A matrix of points up to ten, with a legend above that says so."""
    skills = ["Python", "Statistics", "Machine Learning"]
    people = world.people[106:114]
    held = levels("ten", people, skills, 0.9)
    book = Book(folder / "out-of-ten.xlsx")
    sheet = book.sheet("Points")
    sheet.line(1, ["2 = novice", "4 = basic", "6 = competent", "8 = strong", "10 = master"], **GREY)
    sheet.line(3, ["Analyst", *skills], **HEAD)
    for row, person in enumerate(people, 4):
        some = held[person.email]
        sheet.line(row, [person.name, *(some[skill] * 2 if skill in some else None for skill in skills)], **CENTRE)
    sheet.widths(A=28, B_E=18)
    book.close()
    return expect(
        "out-of-ten.xlsx", out_of_ten, "matrix", held, 3, "Points", people=8, skills=3, categories=0,
        aside=("2 = novice, 4 = basic, 6 = competent, 8 = strong, 10 = master",), question="levels",
    )  # fmt: skip


ASKING = (in_german_words, in_letters, in_balls, listed_in_words, now_and_then, name_once, out_of_ten)
