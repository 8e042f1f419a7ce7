"""The person's workbook, which another process marks while its rows are being sent."""

from pathlib import Path

import openpyxl
import pytest

from importer import Account, Begun, Event
from importer.sandbox import Running
from importer.spreadsheet.annotate.marking_process import mark_in_process
from importer.spreadsheet.annotate.workbook import OwnWorkbook, RowMarks
from importer.spreadsheet.annotate.xml_edit import NotKeptError
from importer.spreadsheet.write.palette import COLOURS
from tests.books import workbook
from tests.loads import new_skills
from tests.spreadsheet.rich import rich_workbook
from tests.spreadsheet.test_own_workbooks import MARKS, nothing_before, parts

ROWS = 2_050
"""Enough that marking begins before the rows are sent."""

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


@pytest.fixture
def rows(kantata: Running) -> list[tuple[int, int, int]]:
    return new_skills(kantata, ROWS)


@pytest.fixture
def path(tmp_path: Path, rows: list[tuple[int, int, int]]) -> Path:
    return workbook(tmp_path / "list.xlsx", [("user_id", "skill_id", "level"), *rows, (rows[0][0], rows[0][1], "high")])


def colours(written: Path) -> list[str]:
    """The colour of each level."""
    sheet = openpyxl.load_workbook(written)["S"]
    return [cell.fill.fgColor.rgb for (cell,) in sheet.iter_rows(min_row=2, min_col=3, max_col=3)]


def colour(outcome: str) -> str:
    return f"FF{COLOURS[outcome]['bg_color'][1:]}"


def test_a_workbook_marked_while_it_is_sent_is_the_one_that_is_marked_at_the_end(
    account: Account, path: Path, tmp_path: Path
) -> None:
    report = account.plan(path).apply()

    early, late = report.write(tmp_path / "early.xlsx"), report.write(tmp_path / "late.xlsx")

    assert report.early is not None
    assert report.counts["created"] == ROWS
    assert colours(early) == [colour("created")] * ROWS + [colour("invalid")]
    told, again = parts(early.read_bytes()), parts(late.read_bytes())
    assert list(told) == list(again)
    assert {name for name in told if told[name] != again[name]} <= {"xl/styles.xml"}


def test_a_row_that_ends_otherwise_than_it_was_hoped_has_its_own_colour(
    account: Account, path: Path, tmp_path: Path, rows: list[tuple[int, int, int]], kantata: Running
) -> None:
    lost = rows[7][1]

    def lose(event: Event) -> None:
        if isinstance(event, Begun):
            kantata.execute("DELETE FROM skills WHERE id = ?", lost)

    report = account.plan(path).apply(on_event=lose)

    refused = [colour("refused" if skill == lost else "created") for _, skill, _ in rows]
    assert report.counts["refused"] == sum(skill == lost for _, skill, _ in rows)
    assert colours(report.write(tmp_path / "r.xlsx")) == [*refused, colour("invalid")]


def test_another_process_changes_the_parts_that_this_one_would() -> None:
    data = rich_workbook()
    here = OwnWorkbook(data)
    covered = here.mark(MARKS, nothing_before)

    marked = mark_in_process(data, frozenset(), MARKS)
    there = OwnWorkbook(data, changed=marked.parts)

    assert marked.covered == covered
    assert there.changed_parts() == here.changed_parts()


def test_what_another_process_cannot_mark_is_said_here() -> None:
    with pytest.raises(NotKeptError):
        mark_in_process(b"no workbook", frozenset(), [RowMarks("S", [1], {0: "created"})])
