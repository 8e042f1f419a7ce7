"""No page breaks a rule of axe, or is too wide: in light and dark, on a phone, enlarged to twice its size, and with
wide spaces; and whatever has the focus is to be seen. docs/accessibility.md says which criterion each test stands for.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from importer import Account, web
from importer.sandbox import Running, running
from tests.gate import gate_before
from tests.loads import new_skills, write_list
from tests.web.steps import check, plan

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HEADERS = ["user_id", "skill_id", "level"]
LOOKS = {"light": (1280, 900), "dark": (1280, 900), "phone": (320, 640), "twice as large": (640, 450)}
RULES = {"rules": {"target-size": {"enabled": True}}}
"""All that axe looks for by itself, and the size of targets, for which it has to be asked."""
SPREAD = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""Sets the spaces that a reader may need, by WCAG 1.4.12."""
FOCUSED = """() => {
  const on = document.activeElement;
  if (!on || on === document.body) return null;
  const shown = on.closest('.drop') || on, box = on.getBoundingClientRect(), style = getComputedStyle(shown);
  const at = (share, from, size) => from + share * size;
  const isSeen = (x, y) => {
    const top = document.elementFromPoint(x, y);
    return top !== null && (shown.contains(top) || top.contains(shown));
  };
  const shares = [.1, .5, .9];
  return {
    what: on.outerHTML.slice(0, 120),
    seen: shares.some((x) => shares.some((y) => isSeen(at(x, box.left, box.width), at(y, box.top, box.height)))),
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
  };
}"""
"""What has the focus, whether any of it is to be seen, and whether it has an outline; null at the end of the page."""
CONTROLS = "a[href], button:enabled, input:not([type=hidden]):enabled, select:enabled, summary"
PAGES = (
    "start", "reading", "corrections", "plan", "plan filtered", "plan empty", "sending", "run", "undo", "failed",
    "help", "history", "export",
    "matrix", "report", "templates",
)  # fmt: skip


@pytest.fixture(scope="module")
def pages(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple["Page", dict[str, str]]]:
    """A tab of the page, and where each of its pages is once all are there; a run is held while it is sent."""
    folder = tmp_path_factory.mktemp("accessibility")
    with (
        running() as kantata,
        gate_before(kantata.url) as gate,
        pytest.MonkeyPatch.context() as environment,
        web.serve_in_background(lambda: _account(environment, kantata, gate.url, folder)) as served,
    ):
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.goto(served.address)
        page.get_by_text("As Dana Reyes").wait_for()
        at = {"start": served.root + "/"}
        _plan(page, write_list(folder / "sent.csv", HEADERS, new_skills(kantata, 3)))
        page.locator("#yes button").click()
        page.wait_for_url("**/runs/*")
        at["run"] = page.url
        page.get_by_role("button", name="Undo this run").click()
        page.get_by_role("button", name="Undo 3 changes").wait_for()
        at["undo"] = page.url
        _plan(page, write_list(folder / "team.csv", HEADERS, _every_kind(kantata)))
        at["plan"] = page.url
        at["reading"], at["corrections"] = (page.url.replace("/plan", path) for path in ("", "/problems"))
        at["plan filtered"] = f"{page.url}?show=with+problems&what=a"
        at["plan empty"] = f"{page.url}?show=create&who=nobody"
        for what in ("matrix", "report"):
            page.goto(served.root + "/export")
            page.get_by_label("What", exact=True).select_option(f"skill-{what}")
            page.get_by_role("button", name="Export").click()
            page.get_by_role("link", name="Download").wait_for()
            at[what] = page.url
        for name, path in (
            ("help", "help"),
            ("history", "runs"),
            ("export", "export"),
            ("templates", "templates"),
            ("failed", "none"),
        ):
            at[name] = f"{served.root}/{path}"
        _plan(page, write_list(folder / "held.csv", HEADERS, new_skills(kantata, 5)))
        batch = gate.hold("POST")
        page.locator("#yes button").click()
        page.wait_for_url("**/sending/*")
        at["sending"] = page.url
        batch.wait()
        yield page, at
        batch.release()
        page.close()


def _account(environment: pytest.MonkeyPatch, kantata: Running, base_url: str, folder: Path) -> Account:
    environment.setenv("KANTATA_TOKEN", kantata.token)
    return Account(base_url=base_url, folder=folder / "state")


def _plan(page: "Page", path: Path) -> None:
    check(page, path)
    plan(page)


def _every_kind(kantata: Running) -> list[list[object]]:
    """A removal, an update, a new one, one that is there, one twice, and a mistake."""
    held = kantata.query(
        """SELECT m.user_id, m.skill_id, m.level FROM skill_memberships m JOIN users u ON u.id = m.user_id
        WHERE u.account_id = 6300412 AND u.disabled = 0 AND m.level BETWEEN 2 AND 4 ORDER BY m.id LIMIT 3"""
    )
    gone, other, same = ([row["user_id"], row["skill_id"], row["level"]] for row in held)
    new = list(new_skills(kantata, 1)[0])
    return [[*gone[:2], "remove"], [*other[:2], other[2] + 1], same, same, new, [*new[:2], "high"]]


def test_no_page_breaks_a_rule_of_axe_or_is_wider_than_its_window(pages: tuple["Page", dict[str, str]]) -> None:
    page, at = pages
    broken: list[tuple[str, str, str, list[str]]] = []
    wide: list[tuple[str, str]] = []
    for name in PAGES:
        page.goto(at[name])
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.locator("h1").count() == 1, name
        for look, (width, height) in LOOKS.items():
            page.emulate_media(color_scheme="dark" if look == "dark" else "light")
            page.set_viewport_size({"width": width, "height": height})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append((name, look))
            broken += [
                (name, look, each["id"], [node["html"][:200] for node in each["nodes"]])
                for each in Axe().run(page, options=RULES).response["violations"]
            ]
        page.set_viewport_size({"width": 320, "height": 640})
        page.evaluate(SPREAD)
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append((name, "wide spaces"))

    assert broken == []
    assert wide == []


@pytest.mark.parametrize(
    ("width", "height", "names"),
    [(1280, 700, ("start", "reading", "corrections", "plan", "export")), (320, 640, PAGES)],
)
def test_the_keyboard_gets_everywhere_and_what_has_the_focus_is_seen_and_outlined(
    pages: tuple["Page", dict[str, str]], width: int, height: int, names: tuple[str, ...]
) -> None:
    page, at = pages
    page.set_viewport_size({"width": width, "height": height})
    wrong: list[tuple[str, str, str]] = []
    for name in names:
        page.goto(at[name])
        controls = page.locator(CONTROLS).filter(visible=True).count()
        reached = 0
        while (focused := _next_focus(page)) is not None and reached < 3 * controls:
            reached += 1
            wrong += [(name, what, focused["what"]) for what in ("seen", "outlined") if not focused[what]]
        wrong += [(name, "reached", f"{reached} of {controls}")] if reached < controls - _radio_buttons(page) else []

    assert wrong == []


def _next_focus(page: "Page") -> dict[str, str] | None:
    page.keyboard.press("Tab")
    focused: dict[str, str] | None = page.evaluate(FOCUSED)
    return focused


def _radio_buttons(page: "Page") -> int:
    """How many radio buttons are reached by arrows alone, or lie outside the part of the grid that is shown."""
    return page.locator("input[type=radio], #grid button").filter(visible=True).count()


def test_the_help_of_a_page_stands_at_the_same_place_of_each(pages: tuple["Page", dict[str, str]]) -> None:
    page, at = pages
    before = set()
    for name in PAGES:
        page.goto(at[name])
        if page.locator("details.help").count():
            before.add(page.evaluate("document.querySelector('details.help').previousElementSibling.id"))

    assert before == {"drop-status"}
