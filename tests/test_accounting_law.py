"""Everything is accounted for: each filled cell is a header, part of a record, or set aside with a reason."""

import csv
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import importer
from importer import Ambiguous, InputTable, Unreadable
from tests.conftest import ROOT, SAMPLES
from tests.validation.test_matrix_law import PEOPLE, SKILLS, Row, kept

GOALS = SAMPLES / "targets.xlsx"
"""Says how many people a team needs, and has no records."""
FILES = [path for folder in (SAMPLES, SAMPLES / "gallery") for path in sorted(folder.iterdir()) if path != GOALS]
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
