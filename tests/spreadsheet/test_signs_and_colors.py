"""What a cell shows and does not say: signs of a font such as Wingdings, and colors."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill

from tests.conftest import Importer

PEOPLE = ("Dana Reyes", "Priya Raghunathan", "Kwame Mensah")


@pytest.fixture
def book() -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.active.append(["Name", "Python", "Java"])  # type: ignore[union-attr]
    for who in PEOPLE:
        made.active.append([who])  # type: ignore[union-attr]
    return made


def test_a_tick_that_is_only_a_letter_in_a_font_of_signs_is_a_problem_that_names_the_font(
    importer: Importer, book: openpyxl.Workbook, tmp_path: Path
) -> None:
    sheet = book.worksheets[0]
    for cell, text in (("B2", "\u00fc"), ("C3", "\u00fb"), ("B4", "P")):
        sheet[cell] = text
        sheet[cell].font = Font(name="Wingdings 2" if text == "P" else "Wingdings")
    sheet["C4"] = 3
    book.save(tmp_path / "signs.xlsx")

    ran = importer("check", tmp_path / "signs.xlsx", "--json")

    assert (ran.code, ran.json["valid"]) == (3, 1), ran.err
    assert [(each["cell"], each["code"]) for each in ran.json["problems"]] == [
        (c, "symbol") for c in ("B2", "C3", "B4")
    ]
    assert all("Wingdings" in each["message"] for each in ran.json["problems"])


@pytest.mark.parametrize(("color", "times"), [("00B050", 1), ("FFFFFF", 0)])
def test_a_matrix_of_colors_alone_is_said_to_be_one(
    importer: Importer, book: openpyxl.Workbook, tmp_path: Path, color: str, times: int
) -> None:
    for row in book.worksheets[0]["B2:C4"]:
        for cell in row:
            cell.fill = PatternFill("solid", fgColor=color)
    book.save(tmp_path / "colors.xlsx")

    ran = importer("check", tmp_path / "colors.xlsx", "--json")

    assert (ran.code, ran.json["rows"]) == (0, 0), ran.err
    note = "6 cells are colored and blank; colors are not read. Write a level in each."
    assert ran.json["notes"].count(note) == times
