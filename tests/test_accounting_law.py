"""Everything is accounted for: each filled cell is a header, part of a record, or set aside with a reason."""

import csv
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import importer
from importer import Account, Ambiguous, InputTable, Unreadable
from importer.sandbox import Running
from tests.conftest import ROOT, SAMPLES
from tests.loads import answered
from tests.odd_cells import ODD, OddCell, odd_workbook
from tests.validation.test_matrix_law import PEOPLE, SKILLS, Row, kept

FILES = [path for folder in (SAMPLES, SAMPLES / "gallery") for path in sorted(folder.iterdir())]
SHEETS = [
    path
    for path in (*FILES, *sorted((ROOT / "templates").iterdir()))
    if path.suffix in (".xlsx", ".csv") and path.name != "targets.xlsx"  # which is compared with, and not loaded
]


def filled_cells(path: Path) -> Iterator[tuple[str | None, int]]:
    """Each sheet of a file, and how many of its cells are filled, as others count them."""
    if path.suffix == ".xlsx":
        for sheet in openpyxl.load_workbook(path).worksheets:
            yield sheet.title, sum(cell.value not in (None, "") for row in sheet.iter_rows() for cell in row)
        return
    is_latin = path.name in ("kompetenzen.csv", "competences-equipe.csv")
    text = path.read_text(encoding="cp1252" if is_latin else "utf-8-sig")
    delimiter = max(",;\t", key=text.splitlines()[-1].count)
    yield None, sum(bool(cell.strip()) for row in csv.reader(text.splitlines(), delimiter=delimiter) for cell in row)


def accounted_cells(table: InputTable) -> dict[str | None, int]:
    """Of each sheet how many cells went somewhere."""
    summaries = table.parsed.table.summaries
    aside = {each.sheet: sum(item.cells for item in table.set_aside if item.sheet == each.sheet) for each in summaries}
    return {each.sheet: each.header_cells + each.record_cells + aside[each.sheet] for each in summaries}


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_filled_cell_of_every_sheet_we_have_is_header_record_or_set_aside(
    kantata: Running, tmp_path: Path, path: Path
) -> None:
    account = Account(kantata.token, base_url=kantata.url, folder=tmp_path)
    accounted = accounted_cells(answered(lambda **said: account.read(path, no_aliases=True, **said)))

    filled = dict(filled_cells(path))
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
        path = odd_workbook(Path(folder) / "sheet.xlsx", rows)
        try:
            table = importer.read(path)
        except (Ambiguous, Unreadable):  # nothing is read, so nothing is lost
            return

    filled = sum(isinstance(cell, OddCell) or bool(str(cell).strip()) for row in rows for cell in row)
    assert accounted_cells(table) == {"S": filled}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_cell_is_accounted_for_among_levels_beside_them_and_below_them(tmp_path: Path, kind: str) -> None:
    people: list[list[Any]] = [[name, "Dana@example.com", 1, 2, 3, ""] for name in PEOPLE]
    matrix: list[list[Any]] = [["Name", "E-mail", *SKILLS[:3], "Notes"], *people, [], ["", "", "", "", ""]]
    for row, column in ((2, 3), (4, 5), (9, 4), (9, 7)):
        matrix[row] += [""] * (column + 1 - len(matrix[row]))
        matrix[row][column] = ODD[kind]

    table = importer.read(odd_workbook(tmp_path / "sheet.xlsx", matrix))

    filled = sum(isinstance(cell, OddCell) or bool(str(cell).strip()) for row in matrix for cell in row)
    assert accounted_cells(table) == {"S": filled}
