"""What lets a person be sure, in a real Chromium: drops anywhere, notices, names of any length, the keyboard alone."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from importer import Account, web
from importer.sandbox import Running
from importer.web.server import PageAddress
from tests.gate import Gate
from tests.loads import new_skills, write_list
from tests.web.steps import check, outcomes, plan

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HEADERS = ["user_id", "skill_id", "level"]


def _plan(tab: "Page", path: Path) -> None:
    check(tab, path)
    plan(tab)


def _drag(tab: "Page", *events: str) -> None:
    tab.evaluate(
        """(events) => {
            const files = new DataTransfer();
            files.items.add(new File(["user_id,skill_id\\n1,2\\n"], "dropped.csv"));
            for (const name of events)
                document.querySelector("h1").dispatchEvent(
                    new DragEvent(name, { dataTransfer: files, bubbles: true, cancelable: true }));
        }""",
        list(events),
    )


@pytest.mark.parametrize("page", ["History", "Export", "Templates"])
def test_a_file_that_is_let_go_on_any_page_is_taken(tab: "Page", page: str) -> None:
    tab.get_by_role("link", name=page, exact=True).click()
    tab.wait_for_load_state()

    _drag(tab, "dragenter", "dragover")
    assert tab.get_by_text("Drop the file to load it").is_visible()
    _drag(tab, "drop")

    tab.get_by_role("heading", name="dropped.csv").wait_for()


def test_a_text_that_is_dragged_over_a_page_is_no_file(tab: "Page") -> None:
    tab.evaluate(
        """() => {
            const text = new DataTransfer();
            text.setData("text/plain", "hello");
            window.dispatchEvent(new DragEvent("dragover", { dataTransfer: text, bubbles: true }));
        }"""
    )

    assert not tab.get_by_text("Drop the file to load it").is_visible()


def test_stop_is_not_offered_while_the_program_does_not_answer(
    browser: "Browser", kantata: Running, gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KANTATA_TOKEN", kantata.token)
    context = browser.new_context()
    with web.serve_in_background(lambda: Account(base_url=gate.url, folder=tmp_path / "state")) as served:
        page = context.new_page()
        page.goto(served.address)
        _plan(page, write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 3)))
        batch = gate.hold("POST")
        page.locator("#yes button").click()
        page.wait_for_url("**/sending/*")
        batch.wait()
        stop = page.get_by_role("button", name="Stop")
        was_enabled = stop.is_enabled()

        context.set_offline(True)
        page.get_by_text("The program does not answer").first.wait_for()
        away, said = stop.is_enabled(), page.locator("#live").inner_text()
        context.set_offline(False)
        page.locator("#live progress").wait_for()

        assert (was_enabled, away, stop.is_enabled()) == (True, False, True)
        assert "open History" in said
        batch.release()
        page.wait_for_url("**/runs/*")
    context.close()


def test_a_notice_is_shown_to_those_who_ask_for_it(
    browser: "Browser", served: PageAddress, kantata: Running, gate: Gate, tmp_path: Path
) -> None:
    context = browser.new_context()
    context.grant_permissions(["notifications"])
    page = context.new_page()
    page.add_init_script(
        """window.told = []; Object.defineProperty(Document.prototype, "hidden", { get: () => true });
        const Real = window.Notification;
        window.Notification = class { constructor(title) { sessionStorage.setItem("told", title); } };
        window.Notification.permission = "granted"; window.Notification.requestPermission = async () => "granted";"""
    )
    page.goto(served.address)
    _plan(page, write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 3)))
    batch = gate.hold("POST")
    page.locator("#yes button").click()
    batch.wait()

    page.get_by_role("button", name="Tell me when it is done").click()
    page.get_by_text("We tell you when it is done.").wait_for()
    batch.release()
    page.wait_for_url("**/runs/*")

    assert page.evaluate("sessionStorage.getItem('told')") == page.title() == "✓ Done: 3 created · team.csv"
    context.close()


def test_no_name_makes_a_page_wider_than_its_window(tab: "Page", tmp_path: Path) -> None:
    tab.set_viewport_size({"width": 390, "height": 800})
    name = "x" * 250
    rows = [[name, "Skill", "5", "y" * 3_000], ["Short", "Skill", "5", ""]]
    path = write_list(tmp_path / f"{'z' * 140}.csv", ["name", "category", "max_level", "description"], rows)

    def width() -> int:
        tab.wait_for_load_state()
        return int(tab.evaluate("document.documentElement.scrollWidth"))

    _plan(tab, path)
    widths = {"plan": width()}
    tab.locator("#yes button").click()
    tab.wait_for_url("**/runs/*")
    widths["run"] = width()
    tab.get_by_role("button", name="Undo this run").click()
    tab.get_by_role("button", name="Undo 2 changes").wait_for()
    widths["undo"] = width()
    for page in ("History", "Load", "Export", "Templates"):
        tab.get_by_role("link", name=page, exact=True).click()
        widths[page] = width()

    assert set(widths.values()) == {390}, widths


def test_in_a_low_window_the_header_leaves_room_for_the_page(tab: "Page") -> None:
    tab.set_viewport_size({"width": 320, "height": 256})

    tab.evaluate("scrollTo(0, document.body.scrollHeight)")

    place = tab.locator(".top").bounding_box()
    assert place is not None
    assert place["y"] + place["height"] <= 0


def test_plan_run_and_undo_are_gone_through_with_the_keyboard_alone(
    tab: "Page", kantata: Running, tmp_path: Path
) -> None:
    check(tab, write_list(tmp_path / "team.csv", HEADERS, new_skills(kantata, 2)))

    def go_to(text: str) -> None:
        """Press Tab until the keyboard is there, and see that it shows."""
        for _ in range(80):
            tab.keyboard.press("Tab")
            if text in tab.evaluate("document.activeElement.innerText ?? ''") and tab.evaluate(
                "document.activeElement.matches('a, button, summary')"
            ):
                assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
                return
        raise AssertionError(f"no key leads to {text}")

    go_to("See what would change")
    tab.keyboard.press("Enter")
    tab.locator("#yes").wait_for()
    go_to("What is this?")
    tab.keyboard.press("Enter")
    assert tab.get_by_text("The columns of each list").is_visible()
    go_to("create")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/plan?show=create*")
    assert tab.locator("table.changes tbody tr").count() == 2
    tab.locator("#who").focus()
    tab.keyboard.type("nobody of this name")
    tab.keyboard.press("Enter")
    tab.get_by_text("No line matches.").wait_for()
    tab.evaluate("document.activeElement.blur()")
    go_to("Send 2 changes")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/runs/*")
    go_to("Undo this run")
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="Undo 2 changes").wait_for()
    go_to("Undo 2 changes")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/runs/*")

    assert "removed" in tab.locator("table.bars").inner_text()


def test_a_double_click_on_send_is_one_run(tab: "Page", kantata: Running, tmp_path: Path) -> None:
    _plan(tab, write_list(tmp_path / "team.csv", ["user_id", "skill_id", "level"], new_skills(kantata, 3)))

    tab.locator("#yes button").dblclick()
    tab.wait_for_url("**/runs/*")
    first = outcomes(tab)
    tab.go_back()
    tab.locator("#yes button, table.bars").first.wait_for()
    if tab.locator("#yes button").count():  # as the browser had kept it
        tab.locator("#yes button").click()
    tab.wait_for_url("**/runs/*")

    assert first == outcomes(tab) == {"created": 3}
    assert len(kantata.query("SELECT 1 FROM requests WHERE method = 'POST'")) == 1
