"""The page in a real Chromium: the whole way, with mouse and keys, and what a person sees on it."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from importer.sandbox import Running
from importer.web.browser import RedirectFile
from importer.web.server import ServedPage
from tests.conftest import SAMPLES
from tests.gate import Gate
from tests.loads import new_skills, write_list
from tests.web.steps import cell, check, load, outcomes, plan, send

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_the_file_that_opens_the_browser_leads_to_the_page(blank: "Page", served: ServedPage, tmp_path: Path) -> None:
    file = RedirectFile(tmp_path, served.address)

    blank.goto(file.path.as_uri())
    blank.wait_for_url(f"{served.root}/")

    assert blank.title() == "importer: choose a file"


@pytest.mark.parametrize("name", ["skill-memberships", "user-group-memberships", "organization-memberships"])
def test_the_whole_way_with_the_good_and_the_every_mistake_sample_of_an_endpoint(
    tab: "Page", kantata: Running, name: str
) -> None:
    table = name.replace("-", "_").replace("user_group", "user_group").removesuffix("s") + "s"
    before = kantata.query(f"SELECT count(*) n FROM {table}")[0]["n"]

    load(tab, SAMPLES / f"{name}.xlsx")
    good = outcomes(tab)
    check(tab, SAMPLES / f"{name}.xlsx")
    plan(tab)
    left = [tab.locator(f".counts .{action} strong").inner_text() for action in ("create", "update")]
    load(tab, SAMPLES / f"{name}-mistakes.xlsx")
    mistakes = outcomes(tab)

    after = kantata.query(f"SELECT count(*) n FROM {table}")[0]["n"]
    assert set(good) <= {"created", "updated", "unchanged", "duplicate"}
    assert left == ["0", "0"]  # the account holds what the file wants
    assert mistakes["invalid"] > 0
    assert after == before + good["created"] + mistakes.get("created", 0)


def test_two_cells_are_corrected_in_the_grid_with_the_keyboard_and_loaded(
    tab: "Page", kantata: Running, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 4)
    wrong = [(*rows[0][:2], "high"), rows[1], (*rows[2][:2], 9), rows[3]]
    check(tab, write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], wrong))
    assert tab.get_by_role("heading", name="2 problems").is_visible()

    tab.locator("#grid").focus()
    for level in (rows[0][2], rows[2][2]):  # only rows with problems are shown
        tab.keyboard.press("End")
        assert "Enter 0 to 5" in tab.locator("#grid-status").inner_text()
        tab.keyboard.press("Enter")
        tab.keyboard.press("Control+a")
        tab.keyboard.type(str(level))
        tab.keyboard.press("Enter")
        tab.get_by_text("1 cell changed.", exact=True).wait_for()
    tab.locator("#again button").click()
    tab.get_by_text("No problems.").wait_for()
    with tab.expect_download() as download:
        tab.get_by_role("link", name="Download the corrected file").click()
    corrected = download.value.path().read_text(encoding="utf-8-sig")
    plan(tab)
    send(tab)

    assert corrected.splitlines()[1] == ",".join(map(str, rows[0]))
    assert outcomes(tab) == {"created": 4}
    held = kantata.query("SELECT user_id, skill_id, level FROM skill_memberships")
    assert set(rows) <= {(row["user_id"], row["skill_id"], row["level"]) for row in held}


def test_several_files_are_dropped_anywhere_on_the_page_and_each_is_read(tab: "Page") -> None:
    tab.evaluate(
        """() => {
            const files = new DataTransfer();
            for (const name of ["a & b.csv", "c.csv"]) files.items.add(new File(["user_id,skill_id\\n1,2\\n"], name));
            document.querySelector("h1").dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true }));
        }"""
    )

    tab.get_by_role("link", name="c.csv").wait_for()
    tab.get_by_role("link", name="a & b.csv").click()
    tab.get_by_text("1 row of skill-memberships, 1 valid.").wait_for()
    assert "a & b.csv" in tab.locator("main").inner_text()


def test_a_problem_is_corrected_where_it_is_told(tab: "Page", kantata: Running, tmp_path: Path) -> None:
    user, skill, level = new_skills(kantata, 1)[0]
    check(tab, write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], [(user, skill, "high")]))

    tab.get_by_label("Enter instead").select_option(str(level))
    tab.get_by_role("button", name="Enter", exact=True).click()
    tab.get_by_text("changed, not checked yet").wait_for()
    cell(tab, "C2").filter(has_text=str(level)).wait_for()
    tab.locator("#again button").click()
    tab.get_by_text("No problems.").wait_for()

    assert tab.locator(".group").count() == 0


def test_a_run_goes_on_without_its_tab_is_found_again_stopped_and_gone_on_with(
    tab: "Page", kantata: Running, gate: Gate, tmp_path: Path
) -> None:
    rows = new_skills(kantata, 600)
    check(tab, write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], rows))
    plan(tab)
    batch = gate.hold("POST")
    tab.locator("#yes button").click()
    tab.wait_for_url("**/sending/*")
    other = tab.context.new_page()
    tab.close()
    other.goto(tab.url.split("/sending")[0])

    other.get_by_role("link", name="Watch it").click()
    assert other.get_by_role("progressbar").get_attribute("max") == "600"
    batch.wait()
    with other.expect_response("**/stop"):
        other.get_by_role("button", name="Stop").click()
    batch.release()
    other.wait_for_url("**/runs/*")
    stopped = outcomes(other)
    other.get_by_role("button", name="Finish this run").click()
    other.get_by_text("Verified").wait_for()

    assert sum(stopped.values()) == 600
    assert outcomes(other) == {"created": 600}
    held = kantata.query("SELECT user_id, skill_id, level FROM skill_memberships")
    assert set(rows) <= {(row["user_id"], row["skill_id"], row["level"]) for row in held}
    assert len(held) == len({(row["user_id"], row["skill_id"]) for row in held})


def test_a_long_sheet_scrolls_to_any_row_and_shows_it_in_its_place(tab: "Page", tmp_path: Path) -> None:
    rows = [(at, 271015, 3, f"row {at + 1}") for at in range(1, 20_001)]
    check(tab, write_list(tmp_path / "long.csv", ["user_id", "skill_id", "level", "note"], rows))

    for row in (12_345, 20_001, 2):
        tab.evaluate(f"document.getElementById('grid').scrollTop = {(row - 4) * 30}")
        here = cell(tab, f"D{row}")
        here.filter(has_text=f"row {row}").wait_for()

        grid, place = tab.locator("#grid").bounding_box(), here.bounding_box()
        assert grid is not None
        assert place is not None
        assert grid["y"] <= place["y"] <= grid["y"] + grid["height"]
    assert tab.locator("#grid .cell").count() <= 60 * 4


def test_the_arrows_go_through_the_whole_sheet_and_to_its_header(tab: "Page", tmp_path: Path) -> None:
    rows = [(at, 271015, 3) for at in range(1, 301)]
    check(tab, write_list(tmp_path / "long.csv", ["user_id", "skill_id", "level"], rows))

    def press(key: str, times: int, to: str) -> None:
        for _ in range(times):
            tab.keyboard.press(key)
        tab.locator(f"#grid .cell.active[data-at={to}]").wait_for()

    cell(tab, "B2").click()
    press("ArrowDown", 90, "B92")
    press("PageDown", 20, "B301")
    press("PageUp", 24, "B13")
    press("ArrowUp", 11, "B2")
    press("ArrowUp", 1, "B1")
    assert "B1, skill_id" in tab.locator("#grid-status").inner_text()


def test_the_whole_way_is_gone_with_the_keyboard_alone(tab: "Page", kantata: Running, tmp_path: Path) -> None:
    """From the file over what a word means and a wrong cell to the result."""
    first, second, third = new_skills(kantata, 3)
    rows = [(*first[:2], "high"), (*second[:2], 9), third]
    path = write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], rows)

    def tab_to(what: str) -> None:
        """Press Tab until something of this text, name or id has the keyboard."""
        for _ in range(80):
            tab.keyboard.press("Tab")
            here = tab.evaluate(
                "(({tagName, textContent, name, id}) => tagName == 'BODY' ? [] : [textContent, name, id])"
                "(document.activeElement)"
            )
            if any(what == each or (" " in what and what in (each or "")) for each in here):
                return
        raise AssertionError(f"no key leads to {what}")

    tab_to("file")
    tab.set_input_files("#file:focus", path)  # the dialog in between is the system's
    tab.get_by_role("button", name="Continue").wait_for()
    tab_to("level-0")
    tab.keyboard.type("4")
    tab_to("Read the levels like this")
    tab.keyboard.press("Enter")
    tab.get_by_text("3 rows of skill-memberships, 2 valid").wait_for()
    tab_to("Continue: 1 problem to look at")
    tab.keyboard.press("Enter")
    tab.locator("#grid .cell").first.wait_for()
    tab_to("grid")
    for key in ("Control+Home", "End", "Enter", "Control+a", "5", "Enter"):
        tab.keyboard.press(key)
    tab.get_by_text("1 cell changed.", exact=True).wait_for()
    tab_to("See what would change")
    tab.keyboard.press("Enter")
    tab.locator("#yes").wait_for()
    tab_to("Send 3 changes")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/runs/*")

    assert outcomes(tab) == {"created": 3}
    held = kantata.query("SELECT level FROM skill_memberships WHERE (user_id, skill_id) IN (VALUES (?, ?), (?, ?))",
                         *first[:2], *second[:2])  # fmt: skip
    assert sorted(row["level"] for row in held) == [4, 5]


def test_whose_account_it_is_stays_in_sight(tab: "Page") -> None:
    check(tab, SAMPLES / "skill-memberships-mistakes.xlsx")

    for width in (1280, 390):
        tab.set_viewport_size({"width": width, "height": 800})
        tab.evaluate("scrollTo(0, document.body.scrollHeight)")
        place = tab.locator(".account").bounding_box()

        assert place is not None
        assert 0 <= place["y"] < 200
