"""Correcting a file on the page, in a real Chromium: the grid as people know it, and the problems beside it."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from importer.sandbox import Running
from tests.books import workbook
from tests.loads import new_skills, write_list
from tests.web.steps import cell, check, outcomes, plan, send

if TYPE_CHECKING:
    from playwright.sync_api import Page

HEADINGS = ["user_id", "skill_id", "level", "note"]


@pytest.fixture
def sheet(tab: "Page", kantata: Running, tmp_path: Path) -> "Page":
    """A list of twelve rows in the grid, all of them shown: `high` in three cells, 9 in one."""
    levels = ["high", 2, 3, "high", 9, 1, 2, 3, 4, 5, 1, "high"]
    rows = [
        [*row[:2], level, f"note {at}"]
        for at, (row, level) in enumerate(zip(new_skills(kantata, 12), levels, strict=True), 2)
    ]
    check(tab, write_list(tmp_path / "team.csv", HEADINGS, rows))
    tab.get_by_label("Show").select_option("all")
    cell(tab, "C3").wait_for()
    return tab


def _press(tab: "Page", *keys: str) -> None:
    """Press keys in the grid, and wait until it shows what came of them."""
    for key in keys:
        tab.keyboard.press(key)
    tab.locator("#grid-status").filter(has_text="chang").wait_for()


def _texts(tab: "Page", *addresses: str) -> list[str]:
    return [cell(tab, each).inner_text() for each in addresses]


def test_what_is_typed_into_a_wrong_cell_can_be_seen_on_a_desktop_and_on_a_phone(sheet: "Page") -> None:
    for width in (1280, 390):
        sheet.set_viewport_size({"width": width, "height": 800})
        sheet.locator("#grid").focus()
        sheet.keyboard.press("Control+Home")
        for key in ("ArrowRight", "ArrowRight", "Enter"):
            sheet.keyboard.press(key)
        sheet.keyboard.press("Control+a")
        sheet.keyboard.type("a long text that somebody types")
        editor = sheet.locator(".cell-editor")

        place = editor.bounding_box()
        assert place is not None
        assert place["width"] >= 200
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= width
        in_front = """(each) => {
            const at = each.getBoundingClientRect();
            return document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2) === each;
        }"""
        assert editor.evaluate(in_front)
        sheet.keyboard.press("Escape")
    assert _texts(sheet, "C2") == ["high"]


def test_a_block_is_copied_out_and_pasted_over_others_as_one_step_that_can_be_undone(sheet: "Page") -> None:
    cell(sheet, "C3").click()
    cell(sheet, "D4").click(modifiers=["Shift"])
    sheet.keyboard.press("Control+c")
    assert sheet.evaluate("navigator.clipboard.readText()") == "2\tnote 3\n3\tnote 4"

    sheet.evaluate("navigator.clipboard.writeText('5\\t\"two\\nlines\"\\r\\n4\\tplain\\r\\n')")
    cell(sheet, "C5").click()
    _press(sheet, "Control+v")

    assert _texts(sheet, "C5", "D5", "C6", "D6") == ["5", "two lines", "4", "plain"]
    _press(sheet, "Control+z")
    sheet.locator("#grid-status").filter(has_text="Undone: 4 cells changed back.").wait_for()
    assert _texts(sheet, "C5", "D5", "C6", "D6") == ["high", "note 5", "9", "note 6"]
    _press(sheet, "Control+y")
    sheet.locator("#grid-status").filter(has_text="Redone: 4 cells changed again.").wait_for()
    assert _texts(sheet, "C5", "D6") == ["5", "plain"]


def test_what_has_no_room_below_the_last_row_is_said(sheet: "Page") -> None:
    sheet.evaluate("navigator.clipboard.writeText('1\\n2\\n3')")
    cell(sheet, "C12").scroll_into_view_if_needed()
    cell(sheet, "C12").click()
    _press(sheet, "Control+v")

    assert "1 row did not fit below the last row." in sheet.locator("#grid-status").inner_text()


def test_one_text_fills_a_selection_down_and_delete_empties_it(sheet: "Page") -> None:
    cell(sheet, "C3").click()
    cell(sheet, "C6").click(modifiers=["Shift"])
    _press(sheet, "Control+d")
    assert _texts(sheet, "C3", "C4", "C5", "C6") == ["2", "2", "2", "2"]

    sheet.evaluate("navigator.clipboard.writeText('4')")
    sheet.keyboard.press("Control+v")
    cell(sheet, "C6").filter(has_text="4").wait_for()
    assert _texts(sheet, "C3", "C4", "C5", "C6") == ["4", "4", "4", "4"]

    sheet.keyboard.press("Delete")
    cell(sheet, "C6").filter(has_not_text="4").wait_for()
    assert _texts(sheet, "C3", "C6") == ["", ""]


def test_a_text_is_replaced_in_all_rows_that_are_shown(sheet: "Page") -> None:
    sheet.get_by_label("in", exact=True).select_option(label="C: level")
    sheet.get_by_text("Replace", exact=True).click()
    sheet.get_by_label("Find").fill("high")
    sheet.get_by_label("Replace with").fill("4")
    sheet.get_by_role("button", name="Replace in all rows shown").click()

    sheet.get_by_text("Replaced in 3 cells.").wait_for()
    assert _texts(sheet, "C2", "C5") == ["4", "4"]
    assert sheet.get_by_text("changed, not checked yet").count() == 1  # the problems say it, too


def test_rows_are_filtered_by_kind_of_problem_column_and_text_and_put_in_order(sheet: "Page") -> None:
    def expect(*wanted: int) -> None:
        """Wait until these are the first rows that are shown."""
        numbers = "[...document.querySelectorAll('#grid .body .number')].map((each) => Number(each.textContent))"
        sheet.wait_for_function(
            f"(wanted) => {numbers}.slice(0, wanted.length).join() === wanted.join()", arg=[*wanted]
        )

    sheet.get_by_label("Show").select_option(label="Not a level (3)")
    expect(2, 5, 13)
    assert sheet.locator("#grid .body .number").count() == 3
    sheet.get_by_label("Show").select_option("all")
    sheet.get_by_label("containing").fill("note 1")
    expect(10, 11, 12, 13)
    sheet.get_by_label("containing").fill("2")
    sheet.get_by_label("in", exact=True).select_option(label="C: level")
    expect(3, 8)
    sheet.get_by_label("containing").fill("")
    sheet.get_by_role("button", name="Sort by C").click()
    expect(7, 12, 3)
    sheet.get_by_role("button", name="Sort by C").click()
    expect(2, 5, 13)


def test_cells_that_are_wrong_alike_are_changed_alike_from_the_grid_and_from_the_problems(
    sheet: "Page",
) -> None:
    cell(sheet, "C2").dblclick()
    sheet.keyboard.type("4")
    sheet.keyboard.press("Enter")
    sheet.get_by_text("“high” stands in 2 more cells.").wait_for()
    sheet.get_by_role("button", name="Change them alike").click()
    sheet.get_by_text("2 cells changed.").wait_for()
    sheet.locator(".kind", has_text="Numbers too low or too high").locator("summary").click()
    group = sheet.locator(".group", has_text='"9"')
    group.locator(".alike select").select_option("5")
    group.get_by_role("button", name="Enter", exact=True).click()
    group.get_by_text("changed, not checked yet").wait_for()
    cell(sheet, "C6").filter(has_text="5").wait_for()  # the sheet is shown anew a moment later

    assert _texts(sheet, "C2", "C5", "C6") == ["4", "4", "5"]
    plan(sheet)  # with what was entered
    send(sheet)
    assert outcomes(sheet) == {"created": 12}


def test_problems_stand_by_kind_and_value_with_the_person_and_the_heading_and_lead_to_their_cells(
    tab: "Page", kantata: Running, tmp_path: Path
) -> None:
    people = kantata.query(
        "SELECT full_name name FROM users WHERE account_id = 6300412 AND disabled = 0 GROUP BY full_name "
        "HAVING count(*) = 1 ORDER BY full_name LIMIT 80"
    )
    rows = [[each["name"], "3+" if at % 2 else 3, 2] for at, each in enumerate(people)]
    check(tab, workbook(tmp_path / "team.xlsx", [["Name", "Python", "Java"], *rows]))

    kinds = tab.locator(".kind > summary").all_inner_texts()
    assert [" ".join(each.split()) for each in kinds] == ["40 Not a level"]
    assert tab.locator(".group").count() == 1
    first = tab.locator(".places button").first
    assert first.inner_text().split(" · ") == [people[1]["name"], "Python B3"]
    first.click()
    tab.locator("#grid .cell.active[data-at=B3]").wait_for()
    assert tab.get_by_role("button", name="See what would change").is_visible()


def test_one_click_takes_what_is_suggested_and_one_takes_all_of_a_kind(
    tab: "Page", kantata: Running, tmp_path: Path
) -> None:
    users = sorted({user for user, _, _ in new_skills(kantata, 40)})[:3]
    rows = [[user, skill, 3] for user in users for skill in ("Pythonn", "Kuberntes", "Terrafom", "Go")]
    check(tab, write_list(tmp_path / "team.csv", ["user_id", "skill", "level"], rows))

    tab.get_by_role("button", name="Use Python").click()
    tab.get_by_role("heading", name="6 problems").wait_for()
    tab.get_by_role("button", name="Accept all 2 suggestions").click()
    tab.get_by_text("No problems.").wait_for()

    assert tab.locator("#again").is_hidden()


def test_the_people_stay_in_view_in_a_sheet_of_any_width(tab: "Page", kantata: Running, tmp_path: Path) -> None:
    skills = [
        each["name"]
        for each in kantata.query("SELECT name FROM skills WHERE max_level = 5 AND name <> 'Scrum' LIMIT 120")
    ]
    people = kantata.query("SELECT email_address e FROM users WHERE account_id = 6300412 AND disabled = 0 LIMIT 30")
    rows = [[at, each["e"], *([3] * 120)] for at, each in enumerate(people, 1)]
    check(tab, workbook(tmp_path / "wide.xlsx", [["No.", "E-mail", *skills], *rows]))

    last = "DR3"  # of the 122nd column
    cell(tab, "B3").click()
    tab.keyboard.press("End")
    cell(tab, last).filter(has_text="3").wait_for()
    name, level = cell(tab, "B3").bounding_box(), cell(tab, last).bounding_box()
    grid = tab.locator("#grid").bounding_box()

    assert name is not None
    assert level is not None
    assert grid is not None
    assert cell(tab, "B3").inner_text() == people[1]["e"]
    assert grid["x"] < name["x"] < level["x"] < grid["x"] + grid["width"]
