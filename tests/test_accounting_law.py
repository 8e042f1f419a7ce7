"""Everything is accounted for: each filled cell is a header, part of a record, or set aside with a reason."""

import csv
import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Font

import importer
from importer import Ambiguous, InputTable, Unreadable
from tests.conftest import ROOT, SAMPLES
from tests.validation.test_matrix_law import PEOPLE, SKILLS, Row, kept

FILES = [path for folder in (SAMPLES, SAMPLES / "gallery") for path in sorted(folder.iterdir())]
SHEETS = [path for path in (*FILES, *sorted((ROOT / "templates").iterdir())) if path.suffix in (".xlsx", ".csv")]


def filled_cells(path: Path) -> Iterator[tuple[str | None, int]]:
    """Each sheet of a file, and how many of its cells are filled, as others count them."""
    if path.suffix == ".xlsx":
        for sheet in openpyxl.load_workbook(path).worksheets:
            yield sheet.title, sum(bool(cell.value) for row in sheet.iter_rows() for cell in row)
        return
    text = path.read_text(encoding="cp1252" if path.name == "kompetenzen.csv" else "utf-8-sig")
    delimiter = max(",;\t", key=text.splitlines()[-1].count)
    yield None, sum(bool(cell.strip()) for row in csv.reader(text.splitlines(), delimiter=delimiter) for cell in row)


def accounted_cells(table: InputTable) -> dict[str | None, int]:
    """Of each sheet how many cells went somewhere."""
    summaries = table.parsed.table.summaries
    aside = {each.sheet: sum(item.cells for item in table.set_aside if item.sheet == each.sheet) for each in summaries}
    return {each.sheet: each.header_cells + each.record_cells + aside[each.sheet] for each in summaries}


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_filled_cell_of_every_sheet_we_have_is_header_record_or_set_aside(path: Path) -> None:
    accounted = accounted_cells(importer.read(path))

    filled = dict(filled_cells(path))
    if path.name == "skill-memberships-mistakes.xlsx":
        filled["Autumn review"] += 1  # a formula that was never calculated, which openpyxl takes for a blank cell
    assert accounted == {sheet: filled[sheet] for sheet in accounted}
    assert sum(accounted.values()) > 0


@st.composite
def lists(draw: st.DrawFn) -> list[Row]:
    """The rows of a list with what people write around it."""
    others = draw(st.lists(st.sampled_from(["Remark", "Team", "", "2026"]), max_size=3))
    header = ["Name", "Skill", "Level", *others]
    rows: list[Row] = draw(st.lists(st.sampled_from([("Survey",), ("as of", "1 March"), ()]), max_size=2))
    rows = [*rows, header]
    for _ in range(draw(st.integers(1, 6))):
        beside = [draw(st.sampled_from(["", "x", "12", " "])) for _ in others]
        rows += [[draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(SKILLS)), draw(st.integers(1, 5)), *beside]]
        rows += draw(st.lists(st.sampled_from([(), header, ("Total", "", "17"), ("", "", "", "checked")]), max_size=1))
    return [*rows, *draw(st.lists(st.sampled_from([("Please send corrections to the people team.",)]), max_size=1))]


def write(folder: str, rows: Sequence[Row]) -> Path:
    path = Path(folder) / "sheet.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@given(kept().map(lambda pair: pair[0]) | lists())
def test_every_filled_cell_of_a_generated_sheet_is_header_record_or_set_aside(rows: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            table = importer.read(write(folder, rows))
        except (Ambiguous, Unreadable):  # nothing is read, so nothing is lost
            return

    filled = sum(bool(str(cell).strip()) for row in rows for cell in row)
    assert accounted_cells(table) == {None: filled}
    for each in table.set_aside:
        assert each.reason
        assert each.text or each.cells == 0


@dataclass(frozen=True, slots=True)
class OddCell:
    """What a workbook may hold in a cell besides a text or a number."""

    value: Any
    number_format: str = "General"
    is_struck: bool = False


ODD = {
    "error": OddCell("#N/A"),
    "error of a formula": OddCell("#REF!"),
    "date": OddCell(dt.date(2026, 3, 5)),
    "time": OddCell(dt.time(3, 5)),
    "percentage": OddCell(0.2, "0%"),
    "leading zeros": OddCell(7, "0000"),
    "long number": OddCell(1234567890123456789),
    "formula that was never calculated": OddCell("=1+2"),
    "sum that was never calculated": OddCell("=SUM(A1:C1)"),
    "struck-out number": OddCell(3, is_struck=True),
    "struck-out text": OddCell("Scrum", is_struck=True),
    "hidden number": OddCell(4, ";;;"),
    "hidden text": OddCell("x", ";;;"),
    "yes": OddCell(True),
}


def write_workbook(folder: str, rows: Sequence[Row]) -> Path:
    """A workbook with one sheet of these cells, of which some may be odd."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row, cells in enumerate(rows, 1):
        for column, value in enumerate(cells, 1):
            if isinstance(value, OddCell):
                cell = sheet.cell(row, column, value.value)
                if value.number_format != "General":
                    cell.number_format = value.number_format
                cell.font = Font(strike=value.is_struck)
            elif value not in ("", None):
                sheet.cell(row, column, value)
    book.save(Path(folder) / "sheet.xlsx")
    return Path(folder) / "sheet.xlsx"


@st.composite
def with_odd_cells(draw: st.DrawFn, sheets: st.SearchStrategy[list[Row]]) -> list[list[Any]]:
    """A sheet some of whose cells, filled or blank, hold something odd; seldom one of its header."""
    rows = [list(row) for row in draw(sheets)]
    rows = [*rows, []]
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(len(rows) // 3, len(rows) - 1))
        column = draw(st.integers(0, max(map(len, rows))))
        rows[at] += [""] * (column + 1 - len(rows[at]))
        rows[at][column] = ODD[draw(st.sampled_from(sorted(ODD)))]
    return rows


@given(with_odd_cells(kept().map(lambda pair: pair[0]) | lists()))
def test_every_cell_of_a_workbook_is_accounted_for_whatever_it_holds_besides_texts_and_numbers(
    rows: list[list[Any]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write_workbook(folder, rows)
        try:
            table = importer.read(path)
        except (Ambiguous, Unreadable):  # nothing is read, so nothing is lost
            return

    filled = sum(isinstance(cell, OddCell) or bool(str(cell).strip()) for row in rows for cell in row)
    assert accounted_cells(table) == {"Sheet": filled}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_cell_is_accounted_for_among_levels_beside_them_and_below_them(tmp_path: Path, kind: str) -> None:
    people = [[name, "Dana@example.com", 1, 2, 3, ""] for name in PEOPLE]
    matrix = [["Name", "E-mail", *SKILLS[:3], "Notes"], *people, [], ["", "", "", "", ""]]
    for row, column in ((2, 3), (4, 5), (9, 4), (9, 7)):
        matrix[row] += [""] * (column + 1 - len(matrix[row]))
        matrix[row][column] = ODD[kind]

    table = importer.read(write_workbook(str(tmp_path), matrix))

    filled = sum(isinstance(cell, OddCell) or bool(str(cell).strip()) for row in matrix for cell in row)
    assert accounted_cells(table) == {"Sheet": filled}
